# Nachweise: Dateien zum Vorgang, ihre Annahme, und die Prüfung eines Dokuments.
evidence-file = Datei
evidence-send = Datei hochladen
evidence-nameless = Datei ohne Namen
evidence-kind-pdf = PDF
evidence-kind-jpeg = Foto (JPEG)
evidence-kind-png = Bild (PNG)
evidence-not-scanned-yet = Diese Datei ist noch nicht auf Viren geprüft. Bitte versuchen Sie es in einigen Minuten noch einmal.
notice-evidence-added = Die Datei ist angekommen.
notice-evidence-several-added = Alle Dateien sind angekommen.
notice-evidence-removed = Die Datei ist entfernt.

## Warum eine Datei nicht angenommen wird
evidence-rejected-no-file = Bitte wählen Sie eine Datei aus, die nicht leer ist.
evidence-rejected-several-files = Bitte laden Sie die Dateien einzeln hoch, eine nach der anderen.
evidence-rejected-too-large = Die Datei ist größer als { $file_size }. Speichern Sie sie kleiner, zum Beispiel mit geringerer Auflösung, oder teilen Sie sie auf.
evidence-rejected-too-many = Zu diesem Vorgang gibt es schon { $files } Dateien; mehr nehmen wir nicht an. Bitte antworten Sie auf eine unserer E-Mails, wenn noch etwas fehlt.
evidence-rejected-case-full = Alle Dateien dieses Vorgangs dürfen zusammen { $case_size } groß sein. Bitte speichern Sie die Datei kleiner.
evidence-rejected-store-full = Zurzeit haben wir keinen Platz für weitere Dateien. Bitte antworten Sie auf eine unserer E-Mails, dann finden wir einen anderen Weg.
evidence-rejected-duplicate = Diese Datei liegt uns schon vor. Sie müssen sie nicht noch einmal hochladen.
evidence-rejected-broken-off = Die Übertragung ist abgebrochen. Bitte laden Sie die Datei noch einmal hoch.
evidence-rejected-too-slow = Die Übertragung hat zu lange gedauert. Bitte versuchen Sie es noch einmal, am besten über eine schnellere Verbindung oder mit einer kleineren Datei.
evidence-rejected-too-much-at-once = Das war mehr, als wir auf einmal annehmen. Was hier nicht als angekommen steht, ist nicht angekommen; senden Sie es bitte einzeln.
evidence-rejected-phone-photo = Das ist ein Foto im Format HEIC, wie iPhones es aufnehmen. Bitte senden Sie es als JPEG: Nehmen Sie es mit der Einstellung „Maximale Kompatibilität“ auf (Einstellungen, Kamera, Formate), oder machen Sie einen Screenshot davon.
evidence-rejected-unknown-type = Diese Datei ist kein PDF, JPEG oder PNG. Ein Word-Dokument speichern Sie bitte als PDF.
evidence-rejected-damaged = Die Datei ist beschädigt oder unvollständig. Bitte speichern Sie sie neu und laden Sie sie noch einmal hoch.
evidence-rejected-protected = Dieses PDF ist verschlüsselt oder mit einem Kennwort geschützt. Bitte speichern Sie es ohne Schutz. Schicken Sie uns kein Kennwort.
evidence-rejected-active-content = Dieses PDF enthält Skripte, Programme, weitere Dateien, Verweise darauf oder ein Formular, das Daten verschickt. Bitte drucken Sie es als neues PDF und laden Sie dieses hoch.
evidence-rejected-two-in-one = In der Datei steckt noch etwas anderes. Bitte öffnen Sie sie, speichern Sie sie als neue Datei und laden Sie diese hoch.
evidence-rejected-too-many-pixels = Das Bild hat zu viele Bildpunkte. Bitte speichern Sie es mit geringerer Auflösung.
evidence-rejected-off = Dateien nehmen wir hier zurzeit nicht an. Bitte antworten Sie auf eine unserer E-Mails, dann finden wir einen anderen Weg.

## Für die Kundin oder den Kunden
intake-evidence-title = Dateien hochladen
intake-evidence-what = Haben wir Sie um ein Dokument gebeten, laden Sie es bitte hier hoch, nicht als Anhang einer E-Mail. Gut geeignet ist ein unterschriebenes Schreiben auf Geschäftspapier, das die eingetragene und die neue Kontaktperson und die Lizenzen nennt.
intake-evidence-files = Dateien
intake-evidence-hint = PDF, JPEG oder PNG, höchstens { $most } je Datei. Sie können mehrere auswählen. Bitte keine Passwörter und keine Lizenzschlüssel.
intake-evidence-send = Dateien hochladen
intake-evidence-drop = Oder ziehen Sie Dateien hierher.
intake-evidence-some-refused = { $taken ->
    [0] Keine der Dateien wurde angenommen.
    [one] Eine Datei ist angekommen, die anderen wurden nicht angenommen.
   *[other] { $taken } Dateien sind angekommen, die anderen wurden nicht angenommen.
} Warum, steht unten bei jeder.
intake-evidence-results = Was aus Ihren Dateien geworden ist
intake-evidence-taken = angekommen
intake-evidence-refused = nicht angenommen
intake-evidence-sending = wird gesendet
intake-evidence-waits = wartet
intake-evidence-failed = Die Verbindung ist abgebrochen. Bitte senden Sie diese Datei noch einmal.
intake-evidence-converted = angekommen, in JPEG umgewandelt
intake-evidence-done = Fertig: { $taken } angekommen, { $refused } nicht angenommen.
intake-evidence-kept = Wir speichern Ihre Dateien verschlüsselt und löschen sie einige Zeit nach Abschluss des Vorgangs.
intake-evidence-is-waiting = wird geprüft
intake-evidence-is-received = angekommen
intake-evidence-is-infected = Schadsoftware, gelöscht
intake-evidence-is-deleted = gelöscht
intake-evidence-remove = Versehentlich hochgeladen?
intake-evidence-remove-text = Wir löschen den Inhalt dieser Datei sofort; zurückholen lässt er sich nicht. Dass es sie gab, steht weiter hier. Haben wir die Datei schon geprüft und darauf eine Entscheidung gestützt, bleibt sie.
intake-evidence-remove-button = Datei entfernen

## Für das Team
desk-evidence-hint = PDF, JPEG oder PNG, höchstens { $most }. Zum Beispiel, was per Post kam.
desk-evidence-clean = ohne Befund
desk-evidence-waiting = wird auf Viren geprüft
desk-evidence-unscanned = nicht auf Viren geprüft
desk-evidence-infected = Schadsoftware, gelöscht
desk-evidence-signature = Befund:
desk-evidence-deleted = gelöscht
desk-evidence-deleted-at = gelöscht
desk-evidence-reviewed = Grundlage der Prüfung
desk-evidence-opened = Geöffnet:
desk-evidence-remove-which = Welche Datei gehört nicht hierher?
desk-evidence-remove-hint = Der Inhalt wird sofort gelöscht; Name, Größe und Prüfsumme bleiben. Dateien, auf die sich je eine Entscheidung stützte, lassen sich nicht entfernen.
desk-document-no-file = Zu prüfen gibt es erst etwas, wenn eine Datei da ist, die man öffnen kann.
desk-document-files = Welche Dateien haben Sie geprüft?
desk-document-checklist = Was trifft zu?
desk-document-checklist-hint = Bestanden ist die Prüfung nur, wenn alles zutrifft.
checklist-yes = ja
checklist-no = nein
criterion-letterhead = Das Schreiben steht auf Geschäftspapier des Kunden.
criterion-signature = Unterschrieben hat jemand, der für das Unternehmen sprechen darf.
criterion-names = Es nennt die anfragende Person, den Lizenzkontakt laut Register, den neuen Kontakt und die Lizenzen.
criterion-date = Das Datum liegt höchstens einige Wochen zurück.
criterion-register = Anschrift und Domain im Briefkopf stimmen mit dem Register überein, nicht nur mit dem Formular.
criterion-short-letterhead = Geschäftspapier
criterion-short-signature = Unterschrift
criterion-short-names = Namen und Lizenzen
criterion-short-date = Datum
criterion-short-register = Abgleich mit dem Register
criterion-none = nichts
action-remove_evidence = Datei entfernen
evidence-document_reviewed = { $name } hat { $count ->
    [one] eine Datei
   *[other] { $count } Dateien
} geprüft. Trifft zu: { $met }. Trifft nicht zu oder ist offen: { $unmet }.
refusal-no-evidence-file = Bitte wählen Sie mindestens eine Datei dieses Vorgangs, die sich öffnen lässt.
refusal-checklist-not-met = Bestanden ist das Dokument nur, wenn jeder Punkt der Liste mit Ja beantwortet ist. Wählen Sie sonst „nicht bestanden“ oder „nicht eindeutig“.
refusal-decided-on = Auf diese Datei stützt sich eine Entscheidung. Deshalb bleibt sie beim Vorgang.
refusal-without-reason = Bitte geben Sie an, warum die Datei entfernt wird.
event-evidence_added = hat eine Datei hinzugefügt
event-evidence_removed = hat eine Datei entfernt
event-evidence_scanned = hat eine Datei auf Viren geprüft: { $result ->
    [clean] ohne Befund
    [infected] Schadsoftware, gelöscht
   *[unscanned] kein Virenscanner eingerichtet
}
event-evidence_deleted = hat eine Datei gelöscht, weil ihre Frist abgelaufen ist
event-content_erased = hat { $scope ->
    [part] einen Teil der Inhalte
    [content] die Inhalte
   *[everything] alle Inhalte samt Schriftverkehr
} gelöscht: { $rule ->
    [unconfirmed] die Anfrage wurde nie bestätigt
    [content] die Frist für Inhalte ist abgelaufen
    [correspondence] die Frist für Schriftverkehr ist abgelaufen
   *[request] eine betroffene Person hat ein Recht darauf
}
event-chained = hat unter die Prüfkette genommen, was seit der letzten Zeile hinzukam
