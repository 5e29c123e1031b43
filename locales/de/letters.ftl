# Unsere E-Mails: was aus ihnen wurde und was man mit ihnen tun kann

mail-title = E-Mails
mail-last-sent = Zuletzt gesendet
mail-last-collected = Zuletzt abgeholt
mail-never = noch nie
mail-shelves = Welche E-Mails
mail-shelf-open = Nicht angekommen
mail-shelf-waiting = Noch zu senden
mail-shelf-dead = Nicht angekommen, auch erledigte
mail-none-open = Hier ist nichts zu tun: Was nicht angekommen ist, hat jemand gesehen.
mail-none-waiting = Es wartet keine E-Mail.
mail-none-dead = Bisher ist jede E-Mail angekommen, soweit wir wissen.
mail-unreadable-case = Vorgang nicht lesbar
mail-next = Ältere E-Mails

alarm-since = Seit
alarm-database = Die eigene Datenbank ist abgestürzt und wurde neu gestartet
alarm-database-text = Was bestätigt war, ist erhalten. Geschieht das wieder, fehlt dem Rechner vielleicht Arbeitsspeicher; der Grund steht im Protokoll.
alarm-wave = Ungewöhnlich viele Schreiben durch das Formular: { $count } binnen einer Stunde
alarm-wave-text = Vielleicht benutzt jemand das Formular gegen andere. Bitte sehen Sie sich die neuesten Vorgänge an. Zurückgehalten, weil ein Empfänger zu viele bekam: { $held }.
alarm-sending-put_off = Der Mailserver nimmt keine E-Mails an
alarm-sending-failed = Eine E-Mail nach der anderen an verschiedene Empfänger wird abgewiesen
alarm-sending-stuck = Der Versand steht still: Fällige E-Mails sendet niemand
alarm-collected = zuletzt abgeholt
alarm-never-collected = noch nie abgeholt

letters-happenings = Verlauf des Versands ({ $count })
happening-sent = übergeben
happening-deferred = aufgeschoben
happening-refused = Mailserver weist uns ab
happening-failed = abgelehnt
happening-cancelled = zurückgehalten
happening-delayed = unterwegs verzögert
happening-bounced = zurückgekommen
delivery-leased = wird gerade übergeben
delivery-replaced = durch ein neues ersetzt
delivery-seen = zur Kenntnis genommen

action-resend_letter = Neu schreiben und senden
action-cancel_letter = Nicht senden
action-settle_letter = Zur Kenntnis genommen
event-letter_resent = hat ein Schreiben neu auf den Weg gegeben
event-letter_cancelled = hat ein Schreiben zurückgehalten
event-letter_settled = hat gesehen, dass eine E-Mail nicht angekommen ist
refusal-letter-awaited = Auf dieses Schreiben wartet der Vorgang. Soll es nicht hinaus, beenden Sie den Schritt, zu dem es gehört.
refusal-already-handed-over = Die E-Mail ist schon hinaus oder wird gerade übergeben.
notice-email-replaced = Ein neues Schreiben ist auf dem Weg.
notice-email-cancelled = Das Schreiben wird nicht gesendet.
notice-email-settled = Als gesehen vermerkt.

event-silence_noted = sieht { $count ->
    [one] ein Schreiben
   *[other] { $count } Schreiben
} ohne Antwort von Atlassian
intake-now-reminded = Am { $on } haben wir noch einmal nachgefragt.
notification-atlassian_follow_up = Nachfrage bei Atlassian

follow-up-title = { $count ->
    [one] Atlassian hat nicht geantwortet
   *[other] Atlassian hat auf { $count } Schreiben nicht geantwortet
}
follow-up-write = Die Frist ist um. Eine Nachfrage ist vorbereitet: Bitte lesen Sie sie und geben Sie sie zur Freigabe.
follow-up-to-draft = Zur Nachfrage
follow-up-mail = Per E-Mail ist inzwischen etwas von Atlassian eingegangen. Bitte lesen Sie es und halten Sie fest, was Atlassian geantwortet hat.
follow-up-exhausted = Noch ein Schreiben hilft wohl nicht. Bitte fragen Sie auf anderem Weg nach, etwa bei Ihrer Ansprechperson oder über das Partnerportal, und halten Sie die Antwort hier fest.
follow-up-chip = Nachfassen
