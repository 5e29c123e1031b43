# Die Seite der Mitarbeitenden

desk-sign-in = Anmelden
desk-sign-in-wrong = E-Mail-Adresse oder Passwort stimmen nicht.
desk-sign-in-who = Den Zugang vergibt, wer dieses Handover betreibt, nicht Atlassian.
desk-email = E-Mail-Adresse
desk-password = Passwort

## Liste der Vorgänge
desk-queue = Vorgänge
desk-queue-open = { $count } offen
desk-queue-late = { $count } überfällig
desk-queue-closed = { $count } abgeschlossen
desk-queue-empty = Kein Vorgang ist offen.
desk-queue-no-match = Kein Vorgang passt zu diesen Filtern.
desk-queue-among-closed = Unter abgeschlossenen Vorgängen suchen
desk-undelivered = { $count ->
    [one] Eine E-Mail konnte nicht zugestellt werden
   *[other] { $count } E-Mails konnten nicht zugestellt werden
}
desk-stuck = Der Versand steht still
desk-stuck-since = Die älteste E-Mail wartet seit
desk-filter-text = Suche
desk-filter-text-hint = Nummer, Unternehmen, Person, Lizenz
desk-filter-state = Stand
desk-filter-all-open = Alle offenen
desk-filter-owner = Bearbeitung
desk-filter-anybody = Alle
desk-filter-me = Ich
desk-filter-apply = Filtern
desk-filter-reset = Zurücksetzen
desk-filter-waiting = Auf wen gewartet wird
desk-tab-all = Alle
desk-tab-us = Wir
desk-tab-customer = Kunde
desk-tab-departed_contact = Bisheriger Kontakt
desk-tab-atlassian = Atlassian
desk-nobody = niemand
desk-column-case = Vorgang
desk-column-company = Unternehmen
desk-column-closed = Geschlossen
desk-due = Fällig
desk-late = überfällig
desk-renewal = Verlängerung
desk-failed-email = E-Mail gescheitert
desk-first = Zum Anfang
desk-next = Weitere Vorgänge
desk-keys-move = auf und ab
desk-keys-open = öffnen
desk-keys-search = suchen
desk-keys-letters = Buchstabentasten
