# Das Beweispaket eines Vorgangs: seine Akte, und die Schaltflächen, die es erstellen.

pack-title = Akte { $number }
pack-intro = Alles in dieser Akte stammt aus den Aufzeichnungen des Vorgangs. Jede davon ist durch das Protokoll gebunden; „handover audit check“ prüft das ganze Paket, und docs/EVIDENCE.md beschreibt, wie Sie das ohne uns tun.
pack-intro-settings = Die Namen der Mitarbeitenden und die Richtlinie sind die zum Zeitpunkt des Exports. Das Protokoll bindet sie nicht.
pack-intro-redacted = Dies ist die geschwärzte Fassung: Angaben über Personen fehlen, an ihrer Stelle steht ihre Prüfsumme. Mitarbeitende erscheinen mit ihrer Kennung.
pack-left-out = geschwärzt

pack-about = Über diese Akte
pack-number = Vorgang
pack-state = Stand
pack-lines = Zeilen im Protokoll
pack-made = Exportiert
pack-zone = Zeitzone aller Zeiten
pack-program = Version von Handover
pack-log = Verzeichnis aller Vorgänge
pack-head = Stand mit { $size } Einträgen vom { $at }, signiert mit dem Schlüssel { $key }
pack-head-none = Noch nicht eingetragen

pack-request = Wer was beantragt hat
pack-field-company = Firma
pack-field-customer_number = Kundennummer
pack-field-requester_name = Anfragende Person
pack-field-requester_email = E-Mail
pack-field-requester_phone = Telefon laut Eingabe
pack-field-requester_position = Position
pack-field-departed_name = Ausgeschiedener Kontakt
pack-field-departed_email = E-Mail des ausgeschiedenen Kontakts
pack-field-departed_on = Ausgeschieden am
pack-field-successor_name = Neuer Kontakt
pack-field-successor_email = E-Mail des neuen Kontakts
pack-field-contact_role = Rolle
pack-field-hosting = Betrieb
pack-field-language = Sprache
pack-field-explanation = Was geschehen ist
pack-licences = Lizenzen
pack-corrected = Berichtigt

pack-checks = Prüfungen
pack-decided-by = Entschieden von { $name }
pack-decided-at = Entschieden am { $at }
pack-expires-at = Gilt bis { $at }
pack-decisions = Freigaben
pack-drafted-by = Geschrieben von { $name }
pack-approved-by = Freigegeben von { $name }
pack-approved-bytes = SHA-256 der Nachricht: { $digest }
pack-approved-checks = SHA-256 der Prüfungen: { $digest }
pack-objections = Widersprüche und Entscheidungen
pack-messages = E-Mails an Atlassian und ihre Zustellung
pack-to = An
pack-subject = Betreff
pack-delivery = Zustellung
pack-answers = Antworten
pack-letters = E-Mails von uns
pack-files = Dateien
pack-trail = Protokoll

## Auf der Seite des Vorgangs
desk-pack = Beweispaket
desk-pack-text = Der ganze Vorgang als eine ZIP-Datei, die selbst beweist, dass nichts verändert wurde. Wir halten fest, wer sie herunterlädt.
desk-pack-whole = Mit Dateien herunterladen
desk-pack-without-files = Ohne Dateien
desk-pack-redacted = Ohne personenbezogene Daten
