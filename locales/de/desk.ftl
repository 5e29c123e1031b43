# Die Seite der Mitarbeitenden

desk-sign-in = Anmelden
desk-sign-in-wrong = E-Mail-Adresse oder Passwort stimmen nicht.
desk-sign-in-who = Den Zugang vergibt, wer dieses Handover administriert, nicht Atlassian.
desk-sign-in-forgotten = Passwort vergessen?
provider-with = Mit { $label } anmelden
provider-or = Oder mit Ihrem Passwort für Handover:
provider-left = Hier sind Sie abgemeldet, bei { $label } sind Sie noch angemeldet.
provider-left-link = Auch bei { $label } abmelden
provider-denied-title = Sie sind nicht angemeldet
provider-denied-stale = Diese Anmeldung hat zu lange gedauert, ist bereits abgeschlossen oder wurde in einem anderen Browser begonnen. Bitte beginnen Sie noch einmal.
provider-denied-declined = Die Anmeldung bei { $label } wurde dort abgebrochen oder abgelehnt.
provider-denied-away = { $label } antwortet zurzeit nicht. Bitte versuchen Sie es in einigen Minuten noch einmal. Wenn Sie hier ein Passwort haben, können Sie dieses verwenden.
provider-denied-unproved = Die Antwort von { $label } ließ sich nicht prüfen. Deshalb wurde niemand angemeldet. Wenn das wieder geschieht, wenden Sie sich bitte an die Administration dieses Handover.
provider-denied-unverified = { $label } bestätigt nicht, dass eine E-Mail-Adresse Ihnen gehört. Bitte fragen Sie dort die Administration.
provider-denied-domain = Mit E-Mail-Adressen dieser Domain kann man sich hier nicht anmelden.
provider-denied-no_account = Sie haben hier keinen Zugang. Den Zugang vergibt die Administration dieses Handover.
provider-denied-no_role = Keine Ihrer Gruppen bei { $label } hat hier Zugang. Bitte fragen Sie dort die Administration.
provider-denied-bound_otherwise = Ihr Konto hier ist mit einem anderen Konto bei { $label } verbunden. Die Administration dieses Handover kann die Verbindung lösen.
provider-denied-second_factor = Für den Zugang brauchen Sie bei { $label } einen zweiten Faktor; es wurde keiner verwendet. Bitte richten Sie dort einen ein und melden Sie sich noch einmal an.
provider-denied-not_anew = { $label } hat nicht bestätigt, dass Sie sich gerade eben neu angemeldet haben. Das ist nötig, bevor Sie hier einen zweiten Faktor einrichten. Bitte versuchen Sie es noch einmal; wenn das wieder geschieht, wenden Sie sich an die Administration dieses Handover.
provider-denied-signed_out = { $label } hat Sie in der Zwischenzeit abgemeldet. Bitte beginnen Sie noch einmal.
provider-again = Zur Anmeldung

desk-email = E-Mail-Adresse
desk-password = Passwort

## Konten bei Identitätsanbietern
identities-title = Verbundene Konten
identities-none = Dieses Konto ist mit keinem Identitätsanbieter verbunden.
identities-subject = Kennung dort: { $subject }
identities-bound = verbunden
identities-used = zuletzt verwendet
identities-unbind = Verbindung mit { $provider } lösen
identities-unbind-hint = Beendet die Sitzungen, die darüber begonnen wurden. Bei der nächsten Anmeldung dort entscheidet wieder die E-Mail-Adresse, zu welchem Konto sie gehört.

## Liste der Vorgänge
desk-queue = Vorgänge
desk-queue-open = { $count } offen
desk-queue-late = { $count } überfällig
desk-queue-closed = { $count } abgeschlossen
desk-queue-found = { $count } gefunden
desk-queue-over = über { $count }
desk-queue-cut = Das steht in sehr vielen Vorgängen. Hier stehen nur die ersten davon, und von den abgeschlossenen womöglich keine: Geben Sie ein weiteres Wort ein.
desk-queue-empty = Hier ist nichts offen.
desk-queue-no-match = Kein Vorgang passt zu diesen Filtern.
desk-undelivered = { $count ->
    [one] Eine E-Mail konnte nicht zugestellt werden
   *[other] { $count } E-Mails konnten nicht zugestellt werden
}
desk-filter-text = Suche
desk-filter-text-hint = Nummer, Unternehmen, Person, Adresse, Lizenz, Ticket, Wörter aus Notizen und E-Mails
desk-filter-fold = Suchen und filtern
desk-filter-search = Suchen
desk-filter-state = Stand
desk-filter-all-open = Alle
desk-filter-owner = Zuständig
desk-filter-anybody = Alle
desk-filter-me = Ich
desk-filter-more = Weitere Filter
desk-filter-any = Beliebig
desk-filter-customer = Kunde (Name oder Nummer)
desk-filter-apply = Anwenden
desk-filter-reset = Zurücksetzen
desk-filter-waiting = Wartet auf
desk-filter-due-overdue = überfällig
desk-filter-due-today = bis heute Abend
desk-filter-due-week = innerhalb von 7 Tagen
desk-filter-renewal-within = innerhalb von { $days } Tagen
desk-sort = Reihenfolge
desk-sort-urgency = Dringlichkeit
desk-sort-due = Fälligkeit
desk-sort-renewal = Verlängerung
desk-sort-waiting = wartet am längsten
desk-sort-changed = zuletzt geändert
desk-views = Ansichten
desk-view-all = Alle offenen
desk-view-needs_me = Für mich
desk-view-mine = Mir zugewiesen
desk-view-unassigned = Nicht zugewiesen
desk-view-new = Neu eingegangen
desk-view-us = Bei uns
desk-view-customer = Beim Kunden
desk-view-departed_contact = Beim Lizenzkontakt
desk-view-voucher = Beim angefragten Kontakt
desk-view-atlassian = Bei Atlassian
desk-view-contested = Strittig
desk-view-failing_mail = E-Mail gescheitert
desk-view-due_today = Heute fällig
desk-view-closed = Abgeschlossen
desk-saved-views = Gespeicherte Ansichten
desk-saved-by = von { $name }
desk-view-save = Diese Ansicht speichern
desk-view-save-button = Speichern
desk-view-name = Name
desk-view-shared = Für alle sichtbar
desk-view-delete = Ansicht { $name } löschen
desk-csv = Liste als CSV
desk-csv-cut = … weitere Vorgänge fehlen: Es werden höchstens 5000 ausgegeben.
desk-next-case = Nächster Vorgang
desk-search-results = Suchergebnisse
desk-search-tolerant = Genau so steht das nirgends. Diese Vorgänge klingen ähnlich.
desk-found-number = Nummer
desk-found-customer = Kunde
desk-found-people = Personen
desk-found-licence = Lizenz
desk-found-correction = Berichtigt
desk-found-note = Text
desk-found-inbound = Eingegangene E-Mail
desk-found-letter = Unsere E-Mail
desk-nav-previous = Voriger
desk-nav-next = Nächster
desk-nav-position = { $position } von { $total }
missing-confirmation = Anfrage noch unbestätigt
missing-access = Zugang noch unbestätigt
missing-ruling = Über Widerspruch entscheiden
missing-blocked = Nicht bestanden: { $what }
missing-check = Zu klären: { $what }
missing-proof = Unabhängiger Beleg fehlt
missing-draft = E-Mail vorlegen
missing-approval = Freigabe fehlt
missing-undeliverable = E-Mail nicht zustellbar
missing-follow_up = Bei Atlassian nachfassen
missing-no_access = Kunde ohne Zugang
missing-customer = Antwort des Kunden
missing-departed_contact = Widerspruchsfrist läuft
missing-voucher = Bestätigung steht aus
missing-atlassian = Antwort von Atlassian
missing-nobody = Prüfung läuft
missing-closed = { "" }
desk-nobody = nicht zugewiesen
desk-column-case = Vorgang
desk-column-company = Unternehmen
desk-column-closed = Geschlossen
desk-column-missing = Was fehlt
desk-column-since = Wartet seit
desk-column-new = Neu
desk-column-changed = Geändert
desk-due = Fällig
desk-renewal = Verlängerung
desk-named-in-quarantine = E-Mail in Quarantäne
desk-failed-email = E-Mail nicht angekommen
desk-first = Zum Anfang
desk-next = Weitere Vorgänge
desk-keys-move = auf und ab
desk-keys-open = öffnen
desk-keys-search = suchen
desk-keys-letters = Buchstabentasten

## Was Mitarbeitende per E-Mail erfahren
notifications-title = E-Mails an Sie
notifications-where = Was Sie betrifft, melden wir Ihnen an { $address }. Eine Meldung nennt nur die Nummer des Vorgangs und was geschehen ist; alles Weitere sehen Sie nach dem Anmelden. Was Sie selbst tun, wird Ihnen nicht gemeldet.
notifications-when = Die Zusammenfassung kommt an Arbeitstagen um diese Uhrzeiten: { $times }.
notifications-failed = Die letzte E-Mail an Sie konnte nicht zugestellt werden:
notifications-approval_wanted = Ein Entwurf wartet auf Ihre Freigabe
notifications-returned = Ihr Entwurf wurde zurückgegeben
notifications-objection = Jemand widerspricht oder beansprucht dasselbe
notifications-answer = Eine Antwort, ein Schreiben oder eine Datei ist eingegangen
notifications-failing_mail = Eine E-Mail von uns kam nicht an
notifications-mention = Jemand nennt Sie in einer Notiz (@Name)
notifications-due_soon = Eine Frist läuft bald ab, und der Vorgang wartet auf uns
notifications-assigned = Jemand gibt Ihnen einen Vorgang
notifications-how-immediate = Sofort
notifications-how-digest = In der Zusammenfassung
notifications-how-off = Gar nicht
notifications-language = Sprache dieser E-Mails
notifications-save = Speichern
notifications-nobodys = Eingänge, unzustellbare E-Mails und Fristen von Vorgängen, die niemand bearbeitet, erfahren alle, und zwar immer in der Zusammenfassung. Kommt binnen einer Stunde sehr viel zusammen, steht auch der Rest dort.
notice-notifications-saved = Ihre Auswahl ist gespeichert.

## Vorgang
desk-crumbs = Pfad
desk-copy = Kopieren
desk-copied = Kopiert
desk-take = Übernehmen
desk-decide = Entscheidung festhalten
desk-choose = Bitte wählen Sie eine der Möglichkeiten.
desk-reference = Eigenes Zeichen
desk-reference-hint = Ihre eigene Nummer oder Ihr Kürzel für den Vorgang, etwa SALES-4711. Nur Ihr Team sieht es. Leer nimmt es weg.
desk-reference-wrong = Bitte geben Sie höchstens 40 einfache Buchstaben, Ziffern und die Zeichen - _ . / # : ohne Leerzeichen ein.
desk-reason = Begründung
desk-only-us = Nur für uns sichtbar
desk-phone-entered = laut Formular
desk-left-on = ausgeschieden am
desk-address-found = von uns ermittelt
desk-address-unknown = nicht bekannt
desk-address-unknown-follows = Benachrichtigt werden alle im Register, deren Rolle wechseln würde. Die E-Mail an Atlassian kann erst geschrieben werden, wenn die Adresse nachgetragen ist.
desk-is-requester = ist die anfragende Person
desk-facts = Angaben
desk-hosting = Hosting
desk-customer-number = Kundennr.
desk-opened = Eingang
desk-language = Sprache
desk-explanation = Erklärung
desk-register-expired = abgelaufen
desk-register-unknown = nicht im Register
desk-renews = bis
desk-customer = Kunde
desk-contact-departed = Lizenzkontakt

desk-contested-decide = Der Vorgang ruht. Bitte entscheiden Sie, ob der Widerspruch berechtigt ist.
desk-second-claim = Ein anderer Vorgang betrifft dieselbe Lizenz
desk-second-claim-other = Zweiter Anspruch: anderer Vorgang
desk-second-claim-same = vom selben Postfach
desk-second-claim-more = Mehr Vorgänge nennen wir hier nicht. Jeder weitere ruht ebenfalls und nennt diesen.
desk-second-claim-text = Beide Vorgänge ruhen, über jeden wird für sich entschieden. Keine Seite darf von der anderen erfahren.
desk-claims-decide = Bitte sehen Sie sich beide an und entscheiden Sie, ob dieser weitergeht.
cause-objection = Widerspruch
cause-second_claim = Zweiter Anspruch
desk-contested-wait = Der Vorgang ruht, bis eine Person mit Freigaberecht entschieden hat.
desk-undeliverable = Die E-Mail an Atlassian konnte nicht zugestellt werden
desk-undeliverable-text = Sie können sie noch einmal senden oder zurückziehen.
desk-to-letters = Zu den E-Mails
desk-no-access = Der Kunde meldet: kein Zugang
desk-no-access-text = Atlassian hat die Änderung bestätigt, aber die neue Kontaktperson kann sich nicht anmelden. Schreiben Sie Atlassian noch einmal.

desk-missing = Was noch fehlt
desk-missing-blocked = Was den Vorgang aufhält
desk-one-root = Nach der eingestellten Regel genügt ein einziger Nachweis. Wer diesen vortäuschen kann, erreicht Atlassian im Namen des Kunden.
deleted-case-title = { $number } ist gelöscht
deleted-case-when = Gelöscht am
deleted-case-left = Geblieben sind die Nummer und der Hashwert, mit dem sein Protokoll endete, damit das Verzeichnis über alle Vorgänge weiterhin stimmt.
deleted-rule-trail = Seine Frist war abgelaufen: { $years } Jahre nach dem Ende des Kalenderjahrs.
desk-erased-part = Ein Teil der Inhalte ist gelöscht.
desk-erased-content = Die Inhalte sind gelöscht. Der Schriftverkehr ist noch aufbewahrt, weil das Gesetz es verlangt.
desk-erased-everything = Alle Inhalte sind gelöscht.
desk-waive-others = Auf die Bestätigung durch andere verzichten
desk-missing-nothing = Prüfungen ausreichend
desk-check-by-staff = durch uns
desk-check-required = nötig
desk-check-on-record = Laut Register:
desk-check-until = gilt bis
desk-check-expired = abgelaufen am
desk-check-result = Ergebnis
desk-check-note-callback = Wen haben Sie erreicht, und was wurde gesagt?
desk-check-number = Welche Nummer haben Sie gewählt?
desk-check-number-hint = Es zählt nur eine Nummer aus dem Register, nie die aus dem Formular.
desk-vouch-contact = Wen fragen wir?
desk-vouch-send = Um Bestätigung bitten
desk-check-note-document = Welches Dokument haben Sie gesehen, und woran erkennen Sie, dass es echt ist?
desk-waive-hint = Bleibt im Verlauf stehen. Danach können Sie diesen Vorgang nicht mehr freigeben (Vier-Augen-Prinzip).

desk-letters = E-Mails
delivery-queued = wird gesendet
delivery-deferred = aufgeschoben nach { $count ->
    [one] einem Versuch
   *[other] { $count } Versuchen
}
delivery-next = nächster Versuch
delivery-sent = gesendet
delivery-failed = nicht zugestellt
delivery-unreadable = in einem Zustand, den Handover nicht kennt
delivery-cancelled = zurückgezogen
desk-trail = Verlauf

desk-answer-what = Was hat Atlassian geantwortet?
desk-answer-note = Das Wichtigste aus der Antwort
desk-ruling-what = Wie entscheiden Sie?
ruling-dismissed = Zurückweisen – der Vorgang geht weiter
ruling-upheld = Stattgeben – Vorgang ablehnen, Kunde wird benachrichtigt
ruling-duplicate = Duplikat – dieselbe Person hat zweimal angefragt, Vorgang schließen
desk-ruling-hint = Wie haben Sie das festgestellt? Nur für uns sichtbar. Danach können Sie diesen Vorgang nicht mehr freigeben (Vier-Augen-Prinzip).
desk-recall-hint = Die E-Mail wird nicht gesendet. Danach können Sie eine neue entwerfen.
desk-question = Frage an { $name }
desk-question-hint-de = Geht als E-Mail auf Deutsch hinaus; die Antwort kommt über die Statusseite.
desk-question-hint-en = Geht als E-Mail auf Englisch hinaus; bitte fragen Sie auf Englisch. Die Antwort kommt über die Statusseite.
desk-reminder-hint = Das unbeantwortete Schreiben geht noch einmal hinaus, mit neuem Link.
desk-question-send = Frage senden
desk-blocks = Textbaustein einfügen
desk-blocks-replace = Was Sie in ein Feld getippt und noch nicht gesendet haben, geht dabei verloren.
desk-block-gone = Diesen Textbaustein gibt es nicht mehr, oder er passt nicht zum nächsten Schritt. Die angebotenen stehen bei den Formularen.
desk-text-gap = Hier fehlt noch etwas: „{ $gap }“. Bitte schreiben Sie es hinein oder nehmen Sie die Stelle heraus.
desk-note-hint = Nur für uns sichtbar. Mit @Vorname wird jemand aus dem Team benachrichtigt.
desk-note = Notiz
desk-objection-note = Wer widerspricht, und warum?
desk-objection-hint = Etwa, wenn jemand angerufen hat. Der Vorgang ruht danach, bis jemand mit Freigaberecht entscheidet.
desk-closing-outcome = Wie ist der Vorgang ausgegangen?
desk-close-case = Vorgang schließen
desk-rejection-reason = Warum lehnen Sie ab?
desk-rejection-told = Was erfährt der Kunde außer der Entscheidung?
desk-question-hint-plain-de = Geht auf Deutsch hinaus. Schreiben Sie nichts über andere Personen oder Vorgänge.
desk-question-hint-plain-en = Geht auf Englisch hinaus. Schreiben Sie nichts über andere Personen oder Vorgänge.
desk-reject-case = Vorgang ablehnen

## Vorgang: der nächste Schritt
desk-next-step = Nächster Schritt:
desk-watchers = { $count ->
    [one] { $names } sieht sich diesen Vorgang gerade an
   *[other] { $names } sehen sich diesen Vorgang gerade an
}
desk-since = seit
desk-until = bis
desk-late-since = überfällig seit
desk-time-left = noch { $hours ->
    [0] { $minutes } min
   *[other] { $hours } h { $minutes } min
}
desk-unassigned = nicht zugewiesen
desk-newest = Zuletzt:
desk-news = { $count ->
    [one] Es ist etwas eingegangen, das noch niemand angesehen hat.
   *[other] Es sind { $count } Dinge eingegangen, die noch niemand angesehen hat.
}
desk-quoted = Atlassian schrieb
desk-set-aside = { $count ->
    [one] Eine E-Mail in der Quarantäne nennt diesen Vorgang. Von wem sie ist, steht nicht fest.
   *[other] { $count } E-Mails in der Quarantäne nennen diesen Vorgang. Von wem sie sind, steht nicht fest.
}
desk-set-aside-look = Ansehen und zuordnen
desk-news-read = Lesen
desk-more = Weitere Schritte
desk-how-sure = Wie sicher sind wir?
desk-who-asks = Wer bittet um was
desk-asks = Bittet
desk-on-record-now = Laut Register
desk-shall-be = Soll werden
desk-licences = Lizenzen
desk-contacts-on-record = Kontakte laut Register
desk-path = Stand
desk-answer-record = Antwort festhalten
desk-note-keep = Notiz festhalten
desk-objection-keep = Widerspruch festhalten und Vorgang anhalten
desk-callback-keep = Anruf festhalten
desk-callback-ask = Fragen Sie: Ist { $departed } ausgeschieden? Soll { $successor } Lizenzkontakt werden? Wer hat das veranlasst?
desk-document-keep = Prüfung des Dokuments festhalten
callback-passed = bestätigt alles
callback-failed = widerspricht
callback-inconclusive = nicht erreicht oder unklar
answer-does-done = Die Änderung ist gemacht – der Kunde wird gebeten, den Zugang zu prüfen
answer-does-told_customer = Atlassian hat dem Kunden direkt geantwortet – der Kunde wird gebeten, den Zugang zu prüfen
answer-does-question = Atlassian fragt etwas – danach schreiben Sie die Antwort
answer-does-declined = Atlassian lehnt ab – der Vorgang wird geschlossen und der Kunde benachrichtigt

next-ruling = über den Widerspruch entscheiden
next-ruling-text = Der Vorgang ruht, bis jemand mit Freigaberecht entschieden hat.
next-blocked = „{ $what }“ ist nicht bestanden
next-blocked-text = Das hält den Vorgang auf. Klären Sie es mit dem Kunden, oder eine Person mit Freigaberecht verzichtet mit Begründung auf die Prüfung.
next-check = „{ $what }“ klären
next-check-text = Die Prüfung ist nicht bestanden, abgelaufen oder nicht eindeutig. Lassen Sie sie wiederholen, fragen Sie den Kunden, oder berichtigen Sie die Angaben.
next-facts-unknown = fehlende Angaben nachtragen
next-facts-unknown-text = Der Kunde kennt die Adresse des Lizenzkontakts oder das Hosting nicht. Sehen Sie im Register nach, oder fragen Sie, und berichtigen Sie dann die Angaben.
next-proof = ein unabhängiger Nachweis
next-proof-text = Rufen Sie jemanden an, der im Register steht, bitten Sie einen weiteren Kontakt um Bestätigung, oder prüfen Sie ein Dokument.
next-draft = E-Mail an Atlassian vorlegen
next-draft-text = Die Prüfungen reichen aus. Lesen Sie den Vorschlag, und legen Sie ihn einer zweiten Person zur Freigabe vor.
next-approval = Freigabe durch eine zweite Person
next-approval-text = Freigeben darf, wer den Entwurf nicht geschrieben und keine der Prüfungen entschieden hat.
next-undeliverable = die E-Mail an Atlassian ist nicht angekommen
next-undeliverable-text = Senden Sie sie noch einmal, oder ziehen Sie sie zurück und legen Sie eine neue vor.
next-follow_up = bei Atlassian nachfassen
next-follow_up-text = Atlassian hat nicht in der erwarteten Zeit geantwortet.
next-no_access = Atlassian noch einmal schreiben
next-no_access-text = Der Kunde hat keinen Zugang, obwohl Atlassian die Änderung gemeldet hat.
next-wait-us = prüfen
next-wait-us-text = { "" }
next-wait-customer = der Kunde ist am Zug
next-wait-customer-text = Wir haben gefragt und warten auf die Antwort.
next-wait-departed_contact = die Widerspruchsfrist läuft
next-wait-departed_contact-text = Alles andere ist beisammen. Wir warten, ob der Kontakt laut Register widerspricht.
next-wait-voucher = ein weiterer Kontakt ist gefragt
next-wait-voucher-text = Bestätigt er, reicht das. Antwortet er nicht, hilft ein Anruf oder ein Dokument.
next-wait-atlassian = Atlassian ist am Zug
next-wait-atlassian-text = Halten Sie die Antwort fest, sobald sie da ist.
next-wait-nobody = Handover arbeitet
next-wait-nobody-text = Das dauert meist nur Sekunden. Laden Sie die Seite neu.
next-closed = keiner, der Vorgang ist abgeschlossen
next-closed-text = { "" }

form-answer = Antwort von Atlassian festhalten
form-ruling = Entscheiden, ob der Vorgang weitergeht
form-draft = E-Mail an Atlassian schreiben
form-callback = Anrufen und festhalten
form-vouch = Einen weiteren Kontakt um Bestätigung bitten
form-document = Ein Dokument prüfen
form-again = Erneut prüfen
form-waive = Auf die Prüfung verzichten
form-question = Den Kunden etwas fragen
form-corrections = Angaben berichtigen
form-reminder = An die offene Frage erinnern
form-note = Notiz schreiben
form-evidence = Datei hinzufügen
form-assignment = Zuweisen
form-reference = Eigenes Zeichen
form-reopening = Wieder öffnen
form-hold = Löschen aussetzen
form-hold-lifting = Löschen wieder zulassen
desk-hold-hint = Zum Beispiel ein Rechtsstreit oder die Anfrage einer Behörde. Nur für uns sichtbar.
desk-hold-lifting-hint = Was seine Frist hinter sich hat, wird danach gelöscht. Nur für uns sichtbar.
desk-held = Löschen ausgesetzt
form-removal = Datei entfernen
form-recall = E-Mail an Atlassian zurückziehen
form-objection = Widerspruch festhalten
form-closing = Vorgang schließen
form-rejection = Vorgang ablehnen

stage-confirmation = Angefragt und bestätigt
stage-record = Lizenz und Kontakt laut Register
stage-consent = Neuer Kontakt stimmt zu
stage-proof = Unabhängiger Nachweis
stage-objections = Widerspruchsfrist
stage-draft = Entwurf
stage-approval = Freigabe (Vier-Augen-Prinzip)
stage-atlassian = Atlassian
stage-access = Zugang bestätigt
stage-blocked = hält auf
stage-who-us = wir
stage-who-approver = zweite Person
stage-who-customer = Kunde
stage-who-departed_contact = Kontakt laut Register
stage-who-voucher = weiterer Kontakt
stage-who-atlassian = Atlassian
stage-who-nobody = läuft
progress-done = erledigt
progress-ours = bei uns
progress-waits = wird erwartet
progress-blocked = hält auf
progress-later = später

timeline-filter = Was gezeigt wird
timeline-all = Alles
timeline-mail = E-Mails
timeline-notes = Notizen
timeline-checks = Prüfungen
timeline-none = Hier ist noch nichts geschehen.
timeline-older = { $count ->
    [one] Einen älteren Eintrag zeigen
   *[other] { $count } ältere Einträge zeigen
}
timeline-latest = Zu den neuesten Einträgen
timeline-rest = { $count ->
    [one] Ein weiterer, älterer Eintrag
   *[other] { $count } weitere, ältere Einträge
}
timeline-new = NEU
timeline-passed = { $count ->
    [one] hat geprüft – bestanden:
   *[other] hat { $count } Prüfungen ausgeführt – bestanden:
}
timeline-mentions = erwähnt { $names }
timeline-wrote = hat geschrieben
timeline-added = hat eine Datei hinzugefügt:

## Entwurf und Freigabe
desk-subject = Betreff
desk-subject-too-long = Bitte kürzen Sie den Betreff auf höchstens 200 Zeichen.
desk-draft-opening = Einleitung
desk-draft-closing = Schluss
desk-draft-facts = Angaben
desk-draft-facts-hint = So stehen sie zwischen Einleitung und Schluss. Sie kommen aus dem Vorgang und dem Register und lassen sich hier nicht ändern.
desk-draft-hint = Auf Englisch. Eine zweite Person gibt genau diesen Text frei und sieht, was Sie am Vorschlag geändert haben.
desk-draft-configured = aus der Konfiguration
desk-hidden-character = Hier steht ein unsichtbares Zeichen ({ $character }). Bitte löschen Sie es und tippen Sie die Stelle neu ein, statt sie einzufügen.
desk-no-name = Bitte geben Sie einen Namen in einer Zeile mit höchstens 200 Zeichen ein.
desk-corrections-hint = Nur ausfüllen, was falsch ist. Ein wartender Entwurf wird ungültig, und wer hier berichtigt, kann die E-Mail nicht freigeben. Adressen kann nur der Kunde ändern, mit einer neuen Anfrage.
desk-corrections-now = In der E-Mail steht: { $value }
desk-corrections-address = Der Kunde kennt sie nicht. In der E-Mail steht: { $value }. Das Register wird danach gefragt; der Kunde erfährt sie nicht.
desk-corrections-none = bleibt, wie es ist
desk-corrections-reason = Woher wissen Sie das? Wer freigibt, liest Ihre Begründung.
desk-not-on-record = steht nicht im Register
desk-draft-by = Entwurf von { $name }
desk-revision = { $count }. Fassung
desk-approval = Freigabe
desk-approval-title = E-Mail an Atlassian freigeben
desk-approval-open = Lesen und freigeben
desk-approval-look = E-Mail ansehen
desk-approval-by = Freigeben können: { $names }.
desk-approval-by-nobody = Niemand am Desk kann das freigeben: Alle mit Freigaberecht haben selbst mitgewirkt.
desk-approval-how = Zuerst steht, wen die E-Mail zum Kontakt macht, dann ihre Angaben neben denen im Register und der Wortlaut, zuletzt die E-Mail, wie Atlassian sie liest, und ihre technische Fassung. Ihre Freigabe gilt nur für genau diesen Wortlaut, diese Angaben und diesen Stand der Prüfungen. Jede Änderung daran macht sie ungültig.
desk-approval-changed = Der Entwurf hat sich geändert, seit Sie die vorige Seite geöffnet haben. Bitte lesen Sie ihn neu.
approval-new-contact = Neuer Kontakt
approval-new-contact-hint = wie vom Kunden angefragt
approval-warning-foreign = Die E-Mail nennt Unbekannte
approval-warning-foreign-text = Diese Adressen, Domains oder Links gehören nicht zum Vorgang. Bitte klären Sie, warum sie in der E-Mail stehen.
approval-warning-scripts = Gemischte Schriften
approval-warning-scripts-text = Hier stehen Zeichen verschiedener Schriften nebeneinander, etwa lateinische und kyrillische. Bitte vergleichen Sie Zeichen für Zeichen.
approval-facts = Angaben
approval-facts-hint = aus Vorgang und Register, nicht aus dem Entwurf
approval-fact = Angabe
approval-in-letter = In der E-Mail
approval-in-register = Im Register
approval-in-form = Im Formular:
approval-corrected = berichtigt von { $name }
approval-no-word = keine Angabe
approval-differs = weicht ab
approval-changes = Wortlaut gegenüber dem Vorschlag
approval-changes-hint = Hinzugefügtes ist unterstrichen, Gestrichenes durchgestrichen
approval-unchanged = wie vorgeschlagen
approval-said = Was eingewandt, geantwortet und notiert wurde
approval-said-nothing = Niemand hat etwas geschrieben.
desk-approval-evidence = Worauf sich die E-Mail stützt
desk-approve = Genau diese E-Mail freigeben und senden
desk-approve-who = Freigeben darf, wer den Entwurf nicht geschrieben und keine der Prüfungen entschieden hat.
desk-return-hint = Was soll geändert werden? Nur für uns sichtbar.
desk-no-digest = Es war nicht zu erkennen, welche E-Mail Sie freigeben wollten. Bitte öffnen Sie die Freigabe noch einmal.
desk-message-read = Wie Atlassian es liest
desk-message-bytes = Technische Fassung (zum Nachprüfen)
desk-message-size = { $count } Bytes
desk-message-from = Von
desk-message-reply-to = Antwort an
desk-message-to = An

## Vor dem Senden
review-title = Das wird gesendet
review-title-ends = Soll der Vorgang wirklich enden?
review-ends = Damit ist der Vorgang abgeschlossen
review-ends-text = Wieder öffnen kann ihn nur eine Person mit Freigaberecht.
review-held-back = Diese E-Mail wird zurückgehalten: Das Postfach bekommt schon zu viele.
review-links = Die Links in dieser Ansicht führen noch nirgendwohin.
review-send = { $count ->
    [one] Genau so senden
   *[other] Alle { $count } E-Mails so senden
}
review-send-and-close = So senden und Vorgang schließen
review-close = Vorgang schließen
review-back = Zurück, noch etwas ändern

## Nicht ausgeführt
desk-conflict = Inzwischen hat sich der Vorgang geändert
desk-conflict-text = Ihr Schritt wurde nicht ausgeführt, damit er nichts überschreibt. Es ist nichts verloren.
desk-conflict-changes = Seit Sie die Seite geöffnet haben
desk-conflict-differences = Unterschied zum jetzigen Stand
desk-conflict-differences-hint = Durchgestrichen: was jetzt dort steht. Unterstrichen: was Sie geschrieben haben.
desk-conflict-typed = Was Sie eingegeben hatten
desk-conflict-again = Trotzdem ausführen
desk-conflict-look = Zum aktuellen Stand
desk-refused = Das geht gerade nicht
desk-typed-subject = Betreff
desk-typed-opening = Einleitung
desk-typed-closing = Schluss
desk-typed-company = Firma
desk-typed-departed_name = Name des Lizenzkontakts
desk-typed-question = Frage
desk-typed-note = Notiz
desk-typed-reason = Begründung
desk-typed-told = An den Kunden

# Mehrere Vorgänge auf einmal
bulk-title = Mehrere Vorgänge auf einmal
bulk-select = { $number } auswählen
bulk-what = Was soll geschehen?
bulk-assign = Zuweisen
bulk-remind = An die offene Frage erinnern
bulk-close = Schließen
bulk-to = An
bulk-outcome = Geschlossen als
bulk-reason = Grund (nur für uns, beim Schließen)
bulk-preview = Vorschau
bulk-hint = Zuerst zeigen wir, was geschehen würde und was nicht geht.
bulk-preview-title = Das würde geschehen
bulk-preview-text = { $possible ->
    [0] Bei keinem der { $all } gewählten Vorgänge ist das möglich.
    [one] Bei einem von { $all } gewählten Vorgängen ist das möglich. Noch ist nichts geschehen.
   *[other] Bei { $possible } von { $all } gewählten Vorgängen ist das möglich. Noch ist nichts geschehen.
}
bulk-done-title = Ergebnis
bulk-done-text = { $done ->
    [0] Kein Vorgang wurde geändert.
    [one] Ein Vorgang von { $all } wurde geändert.
   *[other] { $done } von { $all } Vorgängen wurden geändert.
}
bulk-possible = möglich
bulk-impossible = nicht möglich
bulk-did = erledigt
bulk-did-not = nicht geändert
bulk-letters = { $count ->
    [one] eine E-Mail
   *[other] { $count } E-Mails
}
bulk-failed = Das ist wegen eines Fehlers bei uns nicht gelungen. Der Fehler ist festgehalten.
bulk-stale = Jemand hat den Vorgang inzwischen geändert.
bulk-confirm-assign = { $count ->
    [one] Einen Vorgang zuweisen
   *[other] { $count } Vorgänge zuweisen
}
bulk-confirm-remind = { $count ->
    [one] Eine Erinnerung senden
   *[other] { $count } Erinnerungen senden
}
bulk-confirm-close = { $count ->
    [one] Einen Vorgang schließen und benachrichtigen
   *[other] { $count } Vorgänge schließen und benachrichtigen
}
bulk-none = Bitte wählen Sie in der Liste mindestens einen Vorgang aus.
bulk-too-many = Auf einmal gehen höchstens { $most } Vorgänge.
bulk-back = Zurück zur Liste
bulk-column-effect = Was geschieht
