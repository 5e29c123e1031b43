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

## Vorgang
desk-crumbs = Pfad
desk-copy = Kopieren
desk-copied = Kopiert
desk-take = Übernehmen
desk-save = Speichern
desk-decide = Entscheiden
desk-choose = Bitte wählen Sie eine der Möglichkeiten.
desk-reason = Begründung
desk-only-us = Nur für uns sichtbar
desk-actions = Was Sie tun können
desk-people = Beteiligte
desk-phone-entered = laut Formular
desk-left-on = ausgeschieden am
desk-is-requester = ist die anfragende Person
desk-facts = Angaben
desk-hosting = Betrieb
desk-customer-number = Kundennr.
desk-opened = Eingang
desk-language = Sprache
desk-explanation = Erklärung
desk-register = Register
desk-register-expired = abgelaufen
desk-register-unknown = nicht im Register
desk-renews = bis
desk-customer = Kunde
desk-contact = Kontakt
desk-contact-departed = bisheriger Kontakt

desk-contested-decide = Der Vorgang steht still. Bitte entscheiden Sie, ob der Widerspruch berechtigt ist.
desk-second-claim = Ein anderer Vorgang betrifft dieselbe Lizenz
desk-second-claim-other = Zweiter Anspruch: anderer Vorgang
desk-second-claim-same = vom selben Postfach
desk-second-claim-text = Beide Vorgänge stehen still, über jeden wird für sich entschieden. Keine Seite darf von der anderen erfahren.
desk-claims-decide = Bitte sehen Sie sich beide an und entscheiden Sie, ob dieser weitergeht.
cause-objection = Widerspruch
cause-second_claim = Zweiter Anspruch
desk-contested-wait = Der Vorgang steht still, bis eine Person mit Freigaberecht entschieden hat.
desk-undeliverable = Das Schreiben an Atlassian konnte nicht zugestellt werden
desk-undeliverable-text = Sie können es noch einmal senden oder zurückziehen.
desk-to-letters = Zu den Schreiben
desk-no-access = Der Kunde meldet: kein Zugang
desk-no-access-text = Atlassian hat die Änderung bestätigt, aber die neue Kontaktperson kommt nicht hinein. Schreiben Sie Atlassian noch einmal.

desk-missing = Was noch fehlt
desk-missing-blocked = Was den Vorgang aufhält
desk-one-root = Nach der eingestellten Regel genügt ein einziger Nachweis. Wer diesen vortäuschen kann, erreicht Atlassian im Namen des Kunden.
desk-waive-others = Auf die Bestätigung durch andere verzichten
desk-missing-nothing = Alles geprüft
desk-missing-nothing-text = Die Prüfungen reichen aus. Das Schreiben an Atlassian kann entworfen werden.
desk-checks = Prüfungen
desk-check-by-staff = durch uns
desk-check-required = nötig
desk-check-on-record = Laut Register:
desk-check-until = gilt bis
desk-check-expired = abgelaufen am
desk-check-again = Ergebnis ändern
desk-check-result = Ergebnis
desk-check-note-callback = Wen haben Sie erreicht, und was wurde gesagt?
desk-check-number = Welche Nummer haben Sie gewählt?
desk-check-number-hint = Es zählt nur eine Nummer aus dem Register, nie die aus dem Formular.
desk-vouch-contact = Wen fragen wir?
desk-vouch-send = Um Bestätigung bitten
desk-check-note-document = Welches Dokument haben Sie gesehen, und woran erkennen Sie, dass es echt ist?
desk-waive-hint = Bleibt im Verlauf stehen. Danach kann jemand anderes freigeben, Sie nicht.

desk-letters = Schreiben
desk-letters-none = Noch keine E-Mail.
delivery-queued = wird gesendet
delivery-deferred = aufgeschoben nach { $count ->
    [one] einem Versuch
   *[other] { $count } Versuchen
}
delivery-next = nächster Versuch
delivery-sent = übergeben
delivery-failed = gescheitert
delivery-cancelled = zurückgezogen
desk-trail = Verlauf

desk-answer-what = Was hat Atlassian geantwortet?
desk-answer-note = Das Wichtigste aus der Antwort
desk-ruling = Entscheiden, ob der Vorgang weitergeht
desk-ruling-what = Darf der Vorgang weitergehen?
ruling-dismissed = Ja, nichts von dem, was dagegensteht, ist berechtigt
ruling-upheld = Nein, der Vorgang wird abgelehnt
ruling-duplicate = Nein, er ist ein Duplikat: Dieselbe Person hat zweimal gefragt
desk-ruling-hint = Wie haben Sie das festgestellt? Nur für uns sichtbar. Wer entscheidet, kann nicht mehr freigeben.
desk-recall-hint = Das Schreiben geht nicht mehr hinaus. Danach kann ein neues entworfen werden.
desk-question = Frage an { $name }
desk-question-hint-de = Geht als E-Mail auf Deutsch hinaus; die Antwort kommt über die Statusseite.
desk-question-hint-en = Geht als E-Mail auf Englisch hinaus; bitte fragen Sie auf Englisch. Die Antwort kommt über die Statusseite.
desk-question-send = Frage senden
desk-note = Notiz
desk-objection-note = Wer widerspricht, und warum?
desk-objection-hint = Etwa, wenn jemand angerufen hat. Der Vorgang steht danach still, bis jemand mit Freigaberecht entscheidet.
desk-closing-outcome = Wie ist der Vorgang ausgegangen?
desk-close-case = Vorgang schließen
desk-rejection-hint = Der Kunde erfährt, dass der Vorgang abgelehnt ist, und liest diese Begründung.
desk-reject-case = Vorgang ablehnen

## Entwurf und Freigabe
desk-subject = Betreff
desk-subject-too-long = Bitte kürzen Sie den Betreff auf höchstens 200 Zeichen.
desk-draft-text = Text
desk-draft-hint = Auf Englisch. Eine zweite Person gibt genau diesen Text frei.
desk-draft-configured = aus der Konfiguration
desk-draft-change = Entwurf ändern
desk-draft-again = Noch einmal an Atlassian schreiben
desk-draft-by = Entwurf von { $name }
desk-revision = { $count }. Fassung
desk-approval = Freigabe
desk-approval-title = Schreiben an Atlassian freigeben
desk-approval-waits = Ein Entwurf wartet auf die Freigabe
desk-approval-open = Lesen und freigeben
desk-approval-look = Nachricht ansehen
desk-approval-how = Zuerst lesen Sie, was Atlassian sieht; daneben steht die Nachricht Byte für Byte, wie sie versendet wird. Ihre Freigabe gilt genau für diese Bytes und diese Prüfungen. Jede Änderung daran macht sie ungültig.
desk-approval-changed = Der Entwurf hat sich geändert, seit Sie die Seite davor geöffnet haben. Bitte lesen Sie ihn neu.
desk-approval-evidence = Worauf sich das Schreiben stützt
desk-approve = Genau diese Nachricht freigeben und senden
desk-approve-who = Freigeben darf, wer den Entwurf nicht geschrieben und keine der Prüfungen entschieden hat.
desk-return-hint = Was soll geändert werden? Nur für uns sichtbar.
desk-no-digest = Es war nicht zu erkennen, welche Nachricht Sie freigeben wollten. Bitte öffnen Sie die Freigabe noch einmal.
desk-message-read = Wie Atlassian es liest
desk-message-bytes = Wie es versendet wird
desk-message-size = { $count } Bytes
desk-message-from = Von
desk-message-reply-to = Antwort an
desk-message-to = An

## Nicht ausgeführt
desk-conflict = Inzwischen hat sich der Vorgang geändert
desk-conflict-text = Ihr Schritt wurde nicht ausgeführt, damit er nichts überschreibt. Es ist nichts verloren.
desk-conflict-changes = Seit Sie die Seite geöffnet haben
desk-conflict-typed = Was Sie eingegeben hatten
desk-conflict-again = Trotzdem ausführen
desk-conflict-look = Zum aktuellen Stand
desk-refused = Das geht gerade nicht
desk-typed-subject = Betreff
desk-typed-body = Text
desk-typed-question = Frage
desk-typed-note = Notiz
desk-typed-reason = Begründung
