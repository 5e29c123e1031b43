mailbox-title = Gesendete E-Mails
mailbox-demo-only = Diese Seite gibt es nur im Vorführbetrieb. Die E-Mails liegen als Dateien im Datenverzeichnis und wurden nicht wirklich versendet.
mailbox-empty = Noch ist keine E-Mail gesendet worden.
mailbox-to = an { $address }
mailbox-path = Pfad
mailbox-message = E-Mail
mailbox-from = Von
mailbox-recipient = An
mailbox-date = Datum
mailbox-html = HTML-Fassung

mails-title = Alle E-Mails
mails-demo-only = Diese Seite gibt es nur im Vorführbetrieb. Sie zeigt jede E-Mail, die Handover schreibt, mit erfundenen Angaben. Die Links darin führen ins Leere.
mails-text = Textfassung

time-title = Zeit vergehen lassen
time-text = In der Demo können Sie die Uhr vorstellen und sehen, was dann von selbst geschieht: Fristen enden, Erinnerungen gehen hinaus, Antworten werden überfällig.
time-now = In der Demo ist es jetzt
time-ahead = { $days ->
    [one] einen Tag voraus
   *[other] { $days } Tage voraus
}
time-hour = Eine Stunde weiter
time-day = Einen Tag weiter
time-week = Eine Woche weiter
time-hint = Zurück geht es nicht. Nach dem Vorstellen dauert es einige Sekunden, bis alles Fällige geschehen ist.
