# What stands around every e-mail to customers (templates/emails/layout.*).
email-greeting = Guten Tag { $name },
email-greeting-nameless = Guten Tag,
email-closing = Freundliche Grüße
email-naked-link = Falls die Schaltfläche nicht funktioniert, kopieren Sie bitte diese Adresse in Ihren Browser:
email-about = Vorgang { $number } · Fragen? { $address }
email-about-number = Vorgang { $number }
email-about-questions = Fragen? Schreiben Sie uns:
