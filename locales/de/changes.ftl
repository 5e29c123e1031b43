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
changes-evidence_rekey_begun = verschlüsselt die Nachweise neu, mit dem Schlüssel „{ $key }“
changes-evidence_rekey_ended = hat die Nachweise neu verschlüsselt, mit dem Schlüssel „{ $key }“: { $files } fertig, { $failures } nicht lesbar
changes-unknown = hat etwas getan, das diese Fassung von Handover nicht kennt; die Angaben stehen in der Datei
changes-csv-cut = Es gibt ältere Einträge: ab Zeile { $line } in einer weiteren Datei.
