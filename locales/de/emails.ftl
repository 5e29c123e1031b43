# What stands around every e-mail to customers (templates/emails/layout.*).
email-greeting = Guten Tag { $name },
email-greeting-nameless = Guten Tag,
email-closing = Freundliche Grüße
email-naked-link = Falls die Schaltfläche nicht funktioniert, kopieren Sie bitte diese Adresse in Ihren Browser:
email-about = Vorgang { $number } · Fragen? { $address }
email-about-number = Vorgang { $number }
email-about-questions = Fragen? Schreiben Sie uns:
email-day-in-full = { $weekday ->
    [1] Montag
    [2] Dienstag
    [3] Mittwoch
    [4] Donnerstag
    [5] Freitag
    [6] Samstag
   *[7] Sonntag
}, { $day }. { $month ->
    [1] Januar
    [2] Februar
    [3] März
    [4] April
    [5] Mai
    [6] Juni
    [7] Juli
    [8] August
    [9] September
    [10] Oktober
    [11] November
   *[12] Dezember
} { $year }

# Was wir Atlassian gegenüber als geprüft angeben; verwendet wird die englische Fassung.
proof-requester_email = Die anfragende Person hat ihr Postfach über einen Link bestätigt, den wir dorthin geschickt haben.
proof-entitlement = Die Lizenzen stehen in unserem Kundenverzeichnis und gehören diesem Kunden.
proof-recorded_contact = Die ausgeschiedene Person ist der Kontakt, den wir dafür verzeichnet haben.
proof-domain_register = Die anfragende Person schreibt von der E-Mail-Domain des Kunden, die wir verzeichnet haben.
proof-domain_dns = Der Kunde hat ein Kennzeichen von uns im DNS seiner Domain veröffentlicht.
proof-departed_notice-others = Wir haben den eingetragenen Kontakten geschrieben, deren Rolle sich ändert; in der Frist kam kein Widerspruch.
proof-departed_notice-returned = Wir haben der ausgeschiedenen Person geschrieben; das Postfach gibt es nicht mehr.
proof-departed_notice = Wir haben der ausgeschiedenen Person geschrieben; in der Frist kam kein Widerspruch.
proof-successor = Die neue Kontaktperson hat ihr Postfach bestätigt und übernimmt die Aufgabe.
proof-vouch = Ein weiterer verzeichneter Kontakt des Kunden hat die Änderung bestätigt.
proof-callback = Wir haben die verzeichnete Nummer angerufen; der Kunde hat die Änderung bestätigt.
proof-document = Wir haben ein unterschriebenes Dokument des Kunden geprüft.
