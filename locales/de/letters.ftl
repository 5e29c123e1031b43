# Unsere E-Mails: was aus ihnen wurde und was man mit ihnen tun kann

mail-title = E-Mails
mail-last-sent = Zuletzt gesendet
mail-last-collected = Zuletzt abgeholt
mail-never = noch nie
mail-shelves = Welche E-Mails
mail-shelf-open = Nicht angekommen
mail-shelf-waiting = Noch zu senden
mail-shelf-dead = Alle Unzustellbaren
mail-none-open = Keine unzustellbare E-Mail ist offen.
mail-none-waiting = Es wartet keine E-Mail.
mail-none-dead = Bisher ist jede E-Mail angekommen, soweit wir wissen.
mail-unreadable-case = Vorgang nicht lesbar
mail-next = Ältere E-Mails

alarm-since = Seit
alarm-database = Die eigene Datenbank ist abgestürzt und wurde neu gestartet
alarm-database-text = Was bestätigt war, ist erhalten. Geschieht das wieder, fehlt dem Rechner vielleicht Arbeitsspeicher; der Grund steht im Protokoll.
alarm-wave = Ungewöhnlich viele E-Mails durch das Formular: { $count } binnen einer Stunde
alarm-wave-text = Vielleicht benutzt jemand das Formular gegen andere. Bitte sehen Sie sich die neuesten Vorgänge an. Zurückgehalten, weil ein Empfänger zu viele bekam: { $held }.
alarm-webhooks = { $count ->
    [one] Ein Programm nimmt keine Meldungen an (Webhook)
   *[other] { $count } Programme nehmen keine Meldungen an (Webhooks)
}
alarm-webhooks-text = Es erfährt nicht mehr, was mit Vorgängen geschieht. Administratoren finden mehr dazu unter Verwaltung, Webhooks.
alarm-log-behind = Änderungen an Vorgängen gelangen nicht in das Protokoll
alarm-log-outlets = Köpfe des Protokolls gelangen nicht dorthin, wo sie aufbewahrt werden
alarm-log-text = Was geschieht, ist erhalten, lässt sich aber später nicht so gut beweisen. Mehr dazu finden Administratoren und Revision unter Verwaltung, Protokoll über alle Vorgänge.
alarm-refused-role = Die Gruppen beim Identitätsanbieter lassen keine Administration übrig
alarm-refused-role-text = Die letzte Person mit der Rolle Administration hätte sie nach ihren Gruppen verloren und behält sie deshalb. Bitte geben Sie dort jemandem die Gruppe der Administration, oder hier jemandem die Rolle.
alarm-sending-put_off = Der Mailserver nimmt keine E-Mails an
alarm-sending-failed = Eine E-Mail nach der anderen an verschiedene Empfänger wird abgewiesen
alarm-sending-stuck = Der Versand steht still: Fällige E-Mails sendet niemand
alarm-collected = zuletzt abgeholt
alarm-never-collected = noch nie abgeholt

letters-happenings = Verlauf des Versands ({ $count })
happening-sent = gesendet
happening-deferred = aufgeschoben
happening-refused = Mailserver weist uns ab
happening-failed = abgelehnt
happening-cancelled = zurückgehalten
happening-delayed = unterwegs verzögert
happening-bounced = zurückgekommen
delivery-leased = wird gerade gesendet
delivery-replaced = durch eine neue ersetzt
delivery-seen = zur Kenntnis genommen

action-resend_letter = Mit neuem Link erneut senden
action-cancel_letter = Nicht senden
action-settle_letter = Zur Kenntnis genommen
event-link_ended = hat einen Link beendet, der in einer eingegangenen E-Mail stand
event-letter_resent = hat eine E-Mail mit neuem Link erneut gesendet
event-letter_cancelled = hat eine E-Mail zurückgehalten
event-letter_settled = hat gesehen, dass eine E-Mail nicht angekommen ist
refusal-letter-awaited = Auf diese E-Mail wartet der Vorgang. Soll sie nicht gesendet werden, beenden Sie den Schritt, zu dem sie gehört.
refusal-already-handed-over = Die E-Mail ist schon gesendet oder wird gerade gesendet.
notice-email-replaced = Eine neue E-Mail ist auf dem Weg.
notice-email-cancelled = Die E-Mail wird nicht gesendet.
notice-email-settled = Als gesehen vermerkt.

event-silence_noted = sieht { $count ->
    [one] eine E-Mail
   *[other] { $count } E-Mails
} ohne Antwort von Atlassian
intake-now-reminded = Am { $on } haben wir noch einmal nachgefragt.
notification-atlassian_follow_up = Weitere E-Mail an Atlassian

follow-up-title = { $count ->
    [one] Atlassian hat nicht geantwortet
   *[other] Atlassian hat auf { $count } E-Mails nicht geantwortet
}
follow-up-write = Die Frist ist um. Eine Nachfrage ist vorbereitet: Bitte lesen Sie sie und legen Sie sie zur Freigabe vor.
follow-up-to-draft = Zur Nachfrage
follow-up-mail = Per E-Mail ist inzwischen etwas von Atlassian eingegangen. Bitte lesen Sie es und halten Sie fest, was Atlassian geantwortet hat.
follow-up-exhausted = Eine weitere E-Mail hilft wohl nicht. Bitte fragen Sie auf anderem Weg nach, etwa bei Ihrer Ansprechperson oder über das Partnerportal, und halten Sie die Antwort hier fest.
follow-up-chip = Nachfassen
