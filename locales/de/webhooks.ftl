# Was Programme des Resellers erfahren

webhooks-lead = Ihr Ticketsystem, Ihr Chat oder ein anderes Programm kann über HTTPS erfahren, wenn mit einem Vorgang etwas geschieht. Jede Meldung ist nach Standard Webhooks signiert und enthält Nummer, Stand und einen Link zum Desk.
webhooks-endpoints = Empfänger
webhooks-new = Webhook anlegen
webhooks-none = Noch erfährt kein Programm etwas.

webhook-last-success = zuletzt angenommen
webhook-never = noch nichts angenommen
webhook-failing = nimmt nichts an
webhook-with-people = mit personenbezogenen Daten
webhook-disabled-administrator = ausgeschaltet
webhook-disabled-gone = ausgeschaltet: Den Empfänger gibt es nicht mehr (410)
webhook-mail-failing = { $days ->
    [one] Der Empfänger hat seit einem Tag keine Nachricht mehr angenommen.
   *[other] Der Empfänger hat seit { $days } Tagen keine Nachricht mehr angenommen.
}
webhook-disabled-failing = ausgeschaltet: hat tagelang nichts angenommen

webhook-name = Name
webhook-name-hint = Wie das Programm bei Ihnen heißt.
webhook-address = Adresse
webhook-address-hint = Beginnt mit https://. Sie wird verschlüsselt aufbewahrt und nicht wieder angezeigt, denn viele solche Adressen enthalten ein Geheimnis.
webhook-address-kept = Ist hinterlegt und wird nicht angezeigt. Lassen Sie das Feld leer oder geben Sie eine andere ein.
webhook-kinds = Was gemeldet wird
webhook-kind-case_opened = Ein Formular ist eingegangen (absenden kann es jeder)
webhook-kind-case_confirmed = Die anfragende Person hat ihr Postfach bestätigt
webhook-kind-case_state_changed = Der Stand hat sich geändert, gleich welcher
webhook-kind-case_approval_wanted = Eine Nachricht an Atlassian wartet auf Freigabe
webhook-kind-case_sent = Die Anfrage ging an Atlassian
webhook-kind-case_answered = Eine Antwort von Atlassian wurde festgehalten
webhook-kind-case_contested = Jemand hat widersprochen (die Kundenseite erfährt davon nie)
webhook-kind-case_closed = Der Vorgang wurde geschlossen
webhook-kind-webhook_test = Test
webhook-personal = Mit personenbezogenen Daten
webhook-personal-hint = Firma, Name und Adresse der anfragenden Person werden mitgeschickt. Nur für Programme, in denen Sie sie speichern dürfen.
webhook-save = Speichern

webhook-secret-once = Das Geheimnis: nur dieses eine Mal zu sehen
webhook-secret-text = Hinterlegen Sie es im empfangenden Programm; daran erkennt es unsere Meldungen. Geht es verloren, erzeugen Sie ein neues.
webhook-stale = Jemand hat diesen Webhook inzwischen geändert. Ihre Eingaben stehen noch hier; speichern Sie erneut, um sie zu übernehmen.

webhook-messages = Meldungen
webhook-messages-none = Noch keine Meldungen.
webhook-test = Test senden
webhook-repeat = Erneut senden
webhook-tries = { $count ->
    [0] noch nicht versucht
    [one] ein Versuch
   *[other] { $count } Versuche
}
webhook-next = nächster
webhook-state-queued = wartet
webhook-state-delivered = angenommen
webhook-state-dead = aufgegeben
webhook-state-cancelled = nicht gesendet

webhook-manage = Geheimnis und Ende
webhook-rotate = Neues Geheimnis erzeugen
webhook-rotate-hint = 48 Stunden lang tragen die Meldungen auch die Signatur des bisherigen.
webhook-overlap = Das bisherige gilt noch bis
webhook-enable = Einschalten
webhook-disable = Ausschalten
webhook-disable-hint = Was wartet, wird nicht mehr gesendet; neue Meldungen entstehen nicht.
webhook-delete = Löschen
webhook-delete-hint = Mit allen Meldungen.

webhook-wrong-name = Bitte geben Sie einen Namen mit höchstens { $most } Zeichen ein.
webhook-wrong-kinds = Bitte wählen Sie mindestens eines aus.
webhook-wrong-address = Bitte geben Sie eine vollständige Adresse ein, die mit https:// beginnt.
webhook-wrong-scheme = Die Adresse muss mit https:// beginnen.
webhook-wrong-user = Bitte lassen Sie Benutzernamen und Passwort weg (den Teil vor „@“).
webhook-wrong-port = Diesen Port benutzt kein Webserver.
webhook-wrong-host = Bitte schreiben Sie den vollständigen Namen des Servers oder seine IP-Adresse in der üblichen Form.
webhook-wrong-inside = Diese Adresse liegt nicht im öffentlichen Internet. Eigene Netze müssen in der Konfiguration erlaubt sein (webhooks.allowed_networks).

notice-webhook-saved = Der Webhook ist gespeichert.
notice-webhook-enabled = Der Webhook ist eingeschaltet.
notice-webhook-disabled = Der Webhook ist ausgeschaltet.
notice-webhook-deleted = Der Webhook ist gelöscht.
notice-webhook-queued = Die Meldung ist unterwegs. Sehen Sie gleich noch einmal nach.
notice-webhook-waits = Die Meldung wartet bereits auf den Versand.
notice-webhook-too-many = Es kann keine weiteren Webhooks geben. Löschen Sie einen, der nicht gebraucht wird.
