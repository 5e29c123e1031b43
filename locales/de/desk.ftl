# Die Seite der Mitarbeitenden

desk-sign-in = Anmelden
desk-sign-in-wrong = E-Mail-Adresse oder Passwort stimmen nicht.
desk-sign-in-who = Den Zugang vergibt, wer dieses Handover betreibt, nicht Atlassian.
desk-email = E-Mail-Adresse
desk-password = Passwort
