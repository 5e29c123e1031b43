# What stands around every e-mail to customers (templates/emails/layout.*).
email-greeting = Hello { $name },
email-greeting-nameless = Hello,
email-closing = Kind regards
email-naked-link = If the button does not work, please copy this address into your browser:
email-about = Case { $number } · Questions? { $address }
email-about-number = Case { $number }
email-about-questions = Questions? Write to us:
