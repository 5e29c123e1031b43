# Die Spur dessen, was Administratoren ändern

changes-title = Änderungsprotokoll
changes-hint = Was Administratoren und die Befehlszeile geändert haben. Keine Zeile lässt sich ändern oder löschen; „handover audit verify“ rechnet die Kette nach.
changes-lines = Zeilen
changes-line = Zeile
changes-at = Wann
changes-who = Wer
changes-what = Was
changes-data = Angaben
changes-file = Als Datei
changes-none = Noch wurde nichts geändert.
changes-next = Ältere Zeilen
changes-actor-command_line = Befehlszeile
changes-actor-program = Handover
changes-block_created = hat den Textbaustein „{ $title }“ angelegt
changes-block_changed = hat den Textbaustein „{ $title }“ geändert (Fassung { $version })
changes-block_retired = bietet den Textbaustein „{ $title }“ nicht mehr an
changes-block_restored = bietet den Textbaustein „{ $title }“ wieder an
changes-staff_added = hat { $about } hinzugefügt ({ $role })
changes-staff_disabled = hat { $about } den Zugang entzogen
changes-staff_password_changed = hat das Passwort von { $about } geändert
changes-staff_password_reset = hat für { $about } über einen Link aus einer E-Mail ein neues Passwort gesetzt
changes-staff_role_changed = hat { $about } die Rolle { $role } gegeben
changes-staff_reactivated = hat { $about } wieder Zugang gegeben ({ $role })
changes-staff_sessions_ended = hat { $about } überall abgemeldet ({ $sessions ->
    [one] eine Sitzung
   *[other] { $sessions } Sitzungen
})
changes-staff_cases_handed_over = hat die offenen Vorgänge von { $about } übergeben: { $cases }
changes-staff_invited = hat jemanden eingeladen ({ $role })
changes-staff_invitation_sent_again = hat eine Einladung erneut gesendet
changes-staff_invitation_withdrawn = hat eine Einladung zurückgezogen
changes-staff_joined = hat eine Einladung angenommen ({ $role })
changes-service_added = hat das Dienstkonto { $about } angelegt ({ $role })
changes-token_created = hat ein Token für { $about } angelegt: { $scopes }
changes-token_ended = hat ein Token von { $about } beendet
changes-staff_joined_by_provider = hat ein Konto für { $about } angelegt ({ $role }; Anmeldung über „{ $provider }“)
changes-staff_role_by_provider = hat { $about } die Rolle { $role } gegeben, wie es die Gruppen bei „{ $provider }“ vorsehen
changes-identity_bound = hat { $about } mit einer Identität bei „{ $provider }“ verbunden
changes-identity_unbound = hat die Verbindung von { $about } mit „{ $provider }“ gelöst
changes-second_factor_added = hat für { $about } einen zweiten Faktor eingerichtet ({ $factor })
changes-second_factor_removed = hat einen zweiten Faktor von { $about } entfernt ({ $factor })
changes-passkey_refused = hat einen Passkey von { $about } gesperrt: vielleicht kopiert
changes-recovery_codes_renewed = hat die Wiederherstellungscodes von { $about } erneuert
changes-recovery_code_used = hat einen Wiederherstellungscode von { $about } benutzt
changes-second_factors_reset = hat den zweiten Faktor von { $about } zurückgesetzt
changes-customers_saved = hat eine Liste von { $customers ->
    [one] einem Kunden
   *[other] { $customers } Kunden
} gespeichert
changes-register_imported = hat eine Datei in das Register übernommen: { $lines } { $lines ->
    [one] Zeile
   *[other] Zeilen
} gelesen, { $refused } abgelehnt
changes-log_key_replaced = lässt Köpfe des Protokolls von einem Schlüssel signieren, den der verlorene davor nicht signiert hat: { $key }
changes-evidence_rekey_begun = verschlüsselt die Nachweise neu, mit dem Schlüssel „{ $key }“
changes-evidence_rekey_ended = hat die Nachweise neu verschlüsselt, mit dem Schlüssel „{ $key }“: { $files } fertig, { $failures } nicht lesbar
changes-webhook_created = { $personal ->
    [true] hat den Webhook „{ $about }“ angelegt, mit personenbezogenen Daten
   *[false] hat den Webhook „{ $about }“ angelegt
}
changes-webhook_changed = { $personal ->
    [true] hat den Webhook „{ $about }“ geändert, mit personenbezogenen Daten
   *[false] hat den Webhook „{ $about }“ geändert
}
changes-webhook_secret_changed = hat dem Webhook „{ $about }“ ein neues Geheimnis gegeben
changes-webhook_enabled = hat den Webhook „{ $about }“ eingeschaltet
changes-webhook_disabled = { $why ->
    [gone] hat den Webhook „{ $about }“ ausgeschaltet: Den Empfänger gibt es nicht mehr
    [failing] hat den Webhook „{ $about }“ ausgeschaltet: Er hat tagelang nichts angenommen
   *[administrator] hat den Webhook „{ $about }“ ausgeschaltet
}
changes-webhook_deleted = hat einen Webhook gelöscht
changes-person_exported = hat eine Auskunft über eine Person erstellt: { $rows ->
    [one] ein Datensatz
   *[other] { $rows } Datensätze
}
changes-erasure_asked = hat beantragt, eine Person zu löschen (Antrag { $request })
changes-erasure_consented = hat zugestimmt, eine Person zu löschen (Antrag { $request })
changes-erasure_withdrawn = hat einen Löschantrag zurückgezogen (Antrag { $request })
changes-erasure_expired = hat einen Löschantrag beendet, dem niemand zugestimmt hat (Antrag { $request })
changes-person_erased = hat eine Person gelöscht: { $rows ->
    [one] ein Datensatz
   *[other] { $rows } Datensätze
}, { $kept } aufbewahrt
changes-forgotten = hat gelöscht, was keine Frist mehr hat: { $class } ({ $rows })
changes-case_deleted = hat { $number } gelöscht; die Frist von { $years } Jahren war abgelaufen
retention-class-access = beendete Zugänge
retention-class-form_letters = Zählungen des Formulars
retention-class-staff_letters = E-Mails an das Team
retention-class-other_letters = Schreiben ohne Vorgang
retention-class-set_aside_mail = Nachrichten ohne Vorgang
retention-class-look_ups = Auskünfte über Domains
changes-unknown = hat etwas getan, das diese Fassung von Handover nicht kennt; die Angaben stehen in der Datei
changes-csv-cut = Es gibt ältere Einträge: ab Zeile { $line } in einer weiteren Datei.
