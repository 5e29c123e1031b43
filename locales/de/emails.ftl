# What stands around every e-mail to customers (templates/emails/layout.*).
email-greeting = Guten Tag { $name },
email-greeting-nameless = Guten Tag,
email-reminds = Das ist eine Erinnerung: Sie haben noch nicht geantwortet.
email-closing = Freundliche Grüße
email-naked-link = Falls die Schaltfläche nicht funktioniert, kopieren Sie bitte diese Adresse in Ihren Browser:
email-about = Vorgang { $number } · Fragen? { $address }
email-about-number = Vorgang { $number }
email-about-questions = Fragen? Schreiben Sie uns:
email-code = Prüfcode dieser E-Mail: { $code }
email-code-check = Ist diese E-Mail wirklich von uns? Hier können Sie es prüfen:
email-privacy = Wie wir mit Ihren Daten umgehen:
email-below = Auf Deutsch weiter unten.
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

# E-Mails an Mitarbeitende (templates/emails/staff_news).
staff-news-case = Neues zum Vorgang { $number }
staff-news-summary = { $count ->
    [one] Zusammenfassung: ein Vorgang
   *[other] Zusammenfassung: { $count } Vorgänge
}
staff-news-more = { $count ->
    [one] Ein weiterer Vorgang steht in der Übersicht:
   *[other] { $count } weitere Vorgänge stehen in der Übersicht:
}
staff-news-approval_wanted = Ein Entwurf wartet auf Ihre Freigabe.
staff-news-returned = Ihr Entwurf wurde zurückgegeben.
staff-news-objection = Jemand widerspricht oder beansprucht dasselbe.
staff-news-answer = { $count ->
    [one] Eine Antwort, ein Schreiben oder eine Datei ist eingegangen.
   *[other] { $count } Antworten, Schreiben oder Dateien sind eingegangen.
}
staff-news-failing_mail = { $count ->
    [one] Eine E-Mail von uns kam nicht an.
   *[other] { $count } E-Mails von uns kamen nicht an.
}
staff-news-mention = { $count ->
    [one] Eine Notiz nennt Sie.
   *[other] { $count } Notizen nennen Sie.
}
staff-news-due_soon = Der Vorgang wartet auf uns, und seine Frist läuft bald ab oder ist schon vorbei.
staff-news-assigned = Der Vorgang wurde Ihnen zugewiesen.

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
