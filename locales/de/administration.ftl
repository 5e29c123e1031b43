# Die Seiten der Verwaltung

administration-title = Verwaltung
administration-crumbs = Sie sind hier
administration-look = Bitte ansehen
administration-next = Weitere
administration-more = und { $count } weitere
administration-csv-cut = … weitere Kunden fehlen: Es werden höchstens 5000 geschrieben.

administration-page-register = Register
administration-page-register-text = Kunden mit Lizenzen, Kontakten und Domains, durchsuchbar.
administration-page-health = Zustand des Registers
administration-page-health-text = Was den nächsten Wechsel schwer macht, solange es noch leicht zu beheben ist.
administration-page-imports = Importe
administration-page-imports-text = Welche Datei wann was geändert hat.
administration-page-policy = Geltende Regeln
administration-page-policy-text = Was geprüft wird, was genügt, welche Fristen und Grenzen gelten.
administration-page-mail = Zustand der E-Mail
administration-page-mail-text = Ob E-Mails hinausgehen und ankommen, und wie das eingerichtet ist.
administration-page-second_factors = Zweiter Faktor
administration-page-second_factors-text = Wer einen Passkey oder eine App hat, wem einer fehlt; zurücksetzen, wenn alles verloren ist.
administration-state-second_factors = { $missing ->
    [0] Niemandem fehlt einer
    [one] Einer Person fehlt einer
   *[other] { $missing } Personen fehlt einer
}
administration-page-text_blocks = Textbausteine
administration-page-text_blocks-text = Fragen, Absagen und Nachfragen, mit denen alle beginnen; in beiden Sprachen.
administration-page-trail = Änderungsprotokoll
administration-page-trail-text = Wer wann was geändert hat; jede Zeile ist mit der vorigen verkettet.
administration-page-log = Protokoll über alle Vorgänge
administration-page-log-text = Signierte Köpfe, mit denen sich nachrechnen lässt, dass nichts Früheres geändert wurde.
administration-page-persons = Rechte von Personen
administration-page-persons-text = Was über jemanden gespeichert ist: Auskunft, Kopie, Löschung mit Zustimmung von zwei Personen.
administration-page-webhooks = Webhooks
administration-page-webhooks-text = Welche Ihrer Programme erfahren, was mit Vorgängen geschieht.
administration-page-calendar = Kalender
administration-page-calendar-text = Arbeitstage, Feiertage und Zeiten, nach denen Fristen zählen.
administration-page-yearly = Jährliche Frage
administration-page-yearly-text = Ob die Kontakte im Register noch stimmen: gefragt, beantwortet, zurückgekommen.
administration-page-retention = Aufbewahrung
administration-page-retention-text = Was wann gelöscht wird, was zuletzt gelöscht wurde, was als Nächstes ansteht.

administration-state-register = { $customers ->
    [one] Ein Kunde
   *[other] { $customers } Kunden
}, { $licences ->
    [one] eine Lizenz
   *[other] { $licences } Lizenzen
}, { $contacts ->
    [one] eine Kontaktadresse
   *[other] { $contacts } Kontaktadressen
}
administration-state-imports = Zuletzt am { $at }
administration-state-no-imports = Noch kein Import verzeichnet
administration-state-health = { $customers ->
    [0] Nichts gefunden
    [one] Ein Kunde
   *[other] { $customers } Kunden
}{ $soon ->
    [0] {""}
    [one] , einer davon mit Verlängerung in den nächsten 30 Tagen
   *[other] , { $soon } davon mit Verlängerung in den nächsten 30 Tagen
}
administration-state-policy = { $changed ->
    [0] Alles wie ausgeliefert
    [one] Eine Einstellung weicht von der Vorgabe ab
   *[other] { $changed } Einstellungen weichen von der Vorgabe ab
}
administration-state-mail-fine = { $open ->
    [0] Keine Störung
    [one] Keine Störung; eine E-Mail kam nicht an
   *[other] Keine Störung; { $open } E-Mails kamen nicht an
}
administration-state-mail-alarm = { $open ->
    [0] Gestört
    [one] Gestört; eine E-Mail kam nicht an
   *[other] Gestört; { $open } E-Mails kamen nicht an
}
administration-state-text_blocks = { $blocks ->
    [one] ein Baustein wird angeboten
   *[other] { $blocks } Bausteine werden angeboten
}
administration-state-log = { $size ->
    [one] ein Eintrag
   *[other] { $size } Einträge
}
administration-state-trail = { $lines ->
    [one] eine Zeile
   *[other] { $lines } Zeilen
}
administration-state-persons = { $requests ->
    [0] Kein offener Löschantrag
    [one] Ein offener Löschantrag
   *[other] { $requests } offene Löschanträge
}
administration-state-webhooks = { $endpoints ->
    [0] Niemand wird benachrichtigt
    [one] Ein Programm wird benachrichtigt
   *[other] { $endpoints } Programme werden benachrichtigt
}
administration-state-calendar-open = Gerade ist jemand da
administration-state-calendar-closed = Gerade ist niemand da
administration-state-yearly = { $asked } gefragt, { $gone } nicht mehr zuständig
administration-state-no-yearly = Ausgeschaltet
administration-state-retention = Inhalte { $months } Monate nach dem Abschluss

## Register
administration-register-hint = Name, Kundennummer, Domain, SEN, Entitlement-Nummer, Cloud-Site, Name, Adresse oder Telefonnummer eines Kontakts
administration-register-total = { $count ->
    [one] Ein Kunde
   *[other] { $count } Kunden
}
administration-register-tolerant = So geschrieben steht es nirgends im Register. Das hier ist ähnlich geschrieben.
administration-register-no-match = Dazu steht nichts im Register.
administration-register-empty = Das Register ist leer. Eingelesen wird es auf der Kommandozeile mit „handover register import“.
administration-register-on-record = Im Register
administration-register-renewal = Nächste Verlängerung
administration-register-counts = { $licences ->
    [one] Eine Lizenz
   *[other] { $licences } Lizenzen
}, { $contacts ->
    [0] keine Kontaktadresse
    [one] eine Kontaktadresse
   *[other] { $contacts } Kontaktadressen
}
administration-found-customer = Kunde
administration-found-domain = Domain
administration-found-entitlement = Lizenz
administration-found-contact = Kontakt

## Kunde
administration-customer-updated = zuletzt geändert
administration-customer-weak = Was daran schwach ist
administration-customer-licences = Lizenzen
administration-customer-since = seit
administration-customer-primary = Hauptkontakt
administration-customer-no-phone = keine Telefonnummer
administration-customer-bounced = E-Mail kam zurück
administration-change-unconfirmed = Gewechselt, noch kein Import bestätigt es
administration-change-contradicted = Gewechselt, aber ein Import zeigt es nicht
administration-change-import = Import vom
administration-yearly-still = Stimmt noch
administration-yearly-gone = Nicht mehr zuständig
administration-yearly-asked = Gefragt am
administration-yearly-bounced = E-Mail kam zurück
administration-yearly-unsubscribed = Will nicht gefragt werden
administration-yearly-lead = Einmal im Jahr fragen wir die Kontakte im Register, ob sie noch die richtigen sind. Eine Antwort ist ein Hinweis und beweist nichts.
administration-yearly-on = Eingeschaltet, höchstens { $count } am Tag.
administration-yearly-off = Ausgeschaltet (yearly.enabled).
administration-yearly-figures = Zahlen
administration-yearly-asked-count = Gefragt
administration-yearly-whom = Kontakt
administration-yearly-answer = Antwort
administration-yearly-silent = Noch keine
administration-yearly-none = Noch niemand wurde gefragt.
administration-customer-no-contacts = Kein Kontakt im Register
administration-customer-no-licences = Keine Lizenz im Register
administration-customer-domains = Domains
administration-customer-no-domains = Keine Domain im Register
administration-customer-cases = Vorgänge zu diesen Lizenzen
administration-customer-no-cases = Kein Vorgang
administration-customer-more-cases = Weitere Vorgänge suchen
administration-customer-no-imports = Kein Import hat diesen Kunden berührt, seit Importe verzeichnet werden.
administration-domain-there = Vorhanden,
administration-domain-gone = Gibt es nicht
administration-domain-seen = nachgesehen am
administration-domain-unseen = Noch nicht nachgesehen
administration-domain-changed-name_servers = Andere Nameserver seit
administration-domain-changed-mail_servers = Andere Mailserver seit
administration-domain-changed-appeared = Erschienen
administration-domain-changed-vanished = Verschwunden
administration-domain-name-servers = Nameserver:
administration-domain-mail-servers = Mailserver:

## Importe
administration-imports-lead = Verzeichnet sind die Importe seit der Einführung dieser Seite. Importiert wird auf der Kommandozeile:
administration-imports-none = Noch ist kein Import verzeichnet.
administration-import-title = Import
administration-import-at = Wann
administration-import-file = Datei
administration-import-no-file = Name nicht bekannt
administration-import-by = Ausgeführt von
administration-import-nobody = Nicht bekannt
administration-import-did = Was er getan hat
administration-import-lines = Zeilen
administration-import-customers = Kunden
administration-import-contacts = Kontakte
administration-import-refused = Abgelehnt
administration-import-refused-lines = Abgelehnte Zeilen
administration-import-refused-hint = Was in der Zeile stand, wird nicht aufbewahrt; es steht in der Datei.
administration-import-counts = { $added } neu, { $changed } geändert, { $unchanged } unverändert
administration-import-contacts-counts = { $added } neu, { $changed } geändert, { $removed } entfernt
administration-import-came = { $added } hinzugekommen, { $removed } entfernt
administration-import-summary = Lizenzen: { $entitlements_added } neu, { $entitlements_changed } geändert · Kunden: { $customers_added } neu · Kontakte: { $contacts_added } neu, { $contacts_changed } geändert, { $contacts_removed } entfernt
administration-import-touched = Betroffene Kunden
administration-import-touched-nobody = Keine: Alle Angaben standen bereits so im Register.

## Zustand des Registers
administration-health-lead = Bei diesen Kunden wäre ein Kontaktwechsel heute schwer zu belegen oder leicht zu fälschen. Oben steht, wessen Lizenzen als Nächstes zu verlängern sind.
administration-health-findings = Befunde
administration-health-any-renewal = Alle
administration-health-found = Befund
administration-health-finding = Befund
administration-health-what = Worum es geht
administration-health-do = Was zu tun ist
administration-health-as-of = Stand: { $at }
administration-health-none = Hier ist nichts gefunden.
administration-health-count = { $count ->
    [one] Ein Kunde
   *[other] { $count } Kunden
}

finding-any = Alle Befunde
finding-bounced = E-Mail kam zurück
finding-bounced-why = Eine E-Mail an diesen Kontakt kam endgültig zurück: Wahrscheinlich ist er schon ausgeschieden, und die nächste Verlängerung erreicht niemanden.
finding-bounced-do = Fragen Sie beim Kunden an, wer nachfolgt, und lassen Sie es bei Atlassian eintragen.
finding-change_contradicted = Wechsel steht nicht im Register
finding-change_contradicted-why = Ein Vorgang von uns hat den Kontakt dieser Lizenz gewechselt, und ein späterer Import zeigt ihn nicht: Die Datei ist älter, die Änderung wurde rückgängig gemacht, oder der Vorgang war falsch.
finding-change_contradicted-do = Sehen Sie bei Atlassian nach, wer eingetragen ist, und importieren Sie einen neuen Stand.
finding-said_gone = Sagt, nicht mehr zuständig
finding-said_gone-why = Auf unsere jährliche Frage kam die Antwort, dass dieser Kontakt nicht mehr stimmt.
finding-said_gone-do = Fragen Sie beim Kunden an, wer nachfolgt; den Wechsel muss der Kunde selbst veranlassen.
finding-domain_gone = Domain gibt es nicht
finding-domain_gone-why = Eine Domain im Register gibt es nicht oder nicht mehr: Wer sie anmeldet, bekommt die E-Mails des Kunden.
finding-domain_gone-do = Klären Sie auf einem anderen Weg, welche Domain der Kunde jetzt nutzt, und berichtigen Sie Register und Kontakte.
finding-domain_moved = Domain umgezogen
finding-domain_moved-why = Für eine Domain im Register sind seit Kurzem andere Server zuständig: ein Wechsel des Anbieters, oder sie gehört jetzt jemand anderem.
finding-domain_moved-do = Fragen Sie den Kunden auf einem anderen Weg, ob er umgezogen ist.
finding-single_contact = Nur ein Kontakt
finding-single_contact-why = Scheidet diese eine Person aus, bleibt niemand im Register, der den Wechsel bestätigen könnte.
finding-single_contact-do = Bitten Sie den Kunden, bei Atlassian einen zweiten Kontakt einzutragen.
finding-same_person = Beide Rollen bei einer Person
finding-same_person-why = Technischer Kontakt und Abrechnungskontakt dieser Lizenz sind dieselbe Person, also gehen beide zugleich.
finding-same_person-do = Bitten Sie den Kunden, eine der Rollen jemand anderem zu geben.
finding-no_primary = Kein Hauptkontakt
finding-no_primary-why = Für diese Lizenz ist kein Hauptkontakt verzeichnet, also kann niemand sie ohne uns umtragen.
finding-no_primary-do = Sehen Sie bei Atlassian nach, wer es ist, und ergänzen Sie das Register; sonst lassen Sie jemanden benennen.
finding-no_phone = Keine Telefonnummer
finding-no_phone-why = Kein Kontakt dieses Kunden kann angerufen werden, und ohne Rückruf fehlt ein Beleg, der auf keiner Domain beruht.
finding-no_phone-do = Erfragen Sie eine Nummer, solange der Kontakt noch da ist, und nehmen Sie sie in Ihre Daten auf.
finding-public_mail = Kontakt bei öffentlichem Anbieter
finding-public_mail-why = Ein Postfach, das sich jeder anlegen kann, belegt nichts über das Unternehmen und geht mit der Person.
finding-public_mail-do = Bitten Sie den Kunden, eine Adresse des Unternehmens einzutragen, am besten eine Funktionsadresse.
finding-shared_contact = Kontakt mehrerer Kunden
finding-shared_contact-why = Diese Adresse steht bei mehreren Kunden: ein externer Dienstleister, der für alle zugleich ausfällt oder zu viel darf, oder ein Versehen.
finding-shared_contact-do = Klären Sie, ob das stimmt, und lassen Sie bei jedem Kunden auch jemanden aus dem eigenen Haus eintragen.

## Geltende Regeln
administration-policy-lead = So prüft dieses Handover, nach seinen Einstellungen. Warum es so ist, steht in docs/POLICY.md; geändert wird es in der Konfiguration.
policy-suffices = Was genügt
policy-required = Immer nötig:
policy-proofs = Belegen können, dass die anfragende Person für den Kunden spricht:
policy-roots = { $count ->
    [one] Eine einzige Sache in falscher Hand genügt, etwa eine Domain, um alle Belege zu fälschen.
   *[other] Um alle Belege zu fälschen, müsste jemand mindestens { $count } voneinander unabhängige Quellen in der Hand haben: Domain, Postfach, Telefonanschluss, Person, Briefpapier.
}
policy-outside-domain = { $count ->
    [0] Alle Belege dürfen auf einer Domain beruhen.
    [one] Mindestens ein Beleg darf nicht auf einer Domain beruhen.
   *[other] Mindestens { $count } Belege dürfen nicht auf einer Domain beruhen.
}
policy-from-others = { $count ->
    [0] Kein Beleg muss von jemand Drittem kommen.
    [one] Mindestens ein Beleg muss von jemandem kommen, der weder anfragt noch neuer Kontakt wird; es sei denn, die anfragende Person steht selbst im Register oder die freigebende Person verzichtet mit Begründung.
   *[other] Mindestens { $count } Belege müssen von Personen kommen, die weder anfragen noch neuer Kontakt werden; es sei denn, die anfragende Person steht selbst im Register oder die freigebende Person verzichtet mit Begründung.
}
policy-blocking = Misslingt eine dieser Prüfungen, geht es erst weiter, wenn jemand entscheidet:
policy-notify-affected = Benachrichtigt wird jeder Kontakt im Register, dessen Rolle die Änderung betrifft.
policy-notify-all = Benachrichtigt werden alle Kontakte der genannten Lizenzen.
policy-asks-voucher = Ein weiterer Kontakt im Register wird von selbst um Bestätigung gebeten.
policy-asks-no-voucher = Ein weiterer Kontakt im Register wird um Bestätigung gebeten, wenn Mitarbeitende es veranlassen.
policy-four-eyes = Jede E-Mail an Atlassian gibt jemand frei, der sie weder geschrieben noch eine Prüfung dazu entschieden hat. Das lässt sich nicht abschalten.
policy-one-root = Eine einzige Quelle genügt
policy-one-root-text = Wer eine Domain oder ein Postfach übernimmt, erreicht Atlassian im Namen des Kunden. Das ist so eingestellt.
policy-checks = Prüfungen
policy-is-proof = Beleg
policy-is-blocking = hält auf
policy-faked-by = Beruht auf einem davon:
policy-faked-by-anybody = Beruht auf Angaben, die jeder kennen kann.
policy-counts-for = gilt { $count ->
    [one] einen Tag
   *[other] { $count } Tage
}
policy-root-domain = die Domain des Kunden
policy-root-mailbox-requester = das Postfach der anfragenden Person
policy-root-mailbox-successor = das Postfach des neuen Kontakts
policy-root-mailbox-departed = das Postfach des bisherigen Kontakts
policy-root-mailbox-contact = das Postfach dieses Kontakts
policy-root-person-requester = die anfragende Person selbst
policy-root-person-successor = der neue Kontakt selbst
policy-root-person-departed = der bisherige Kontakt selbst
policy-root-person-contact = dieser Kontakt selbst
policy-root-line-requester = der Telefonanschluss der anfragenden Person
policy-root-line-successor = der Telefonanschluss des neuen Kontakts
policy-root-line-departed = der Telefonanschluss des bisherigen Kontakts
policy-root-line-contact = der Telefonanschluss dieses Kontakts
policy-root-paper = Briefkopf und Unterschrift
policy-root-staff = das Wort der Person, die entscheidet
policy-section-deadlines = Fristen und Benachrichtigungen
policy-section-limits = Grenzen
policy-section-retention = Aufbewahrung

policy-deadlines-confirmation_days = Eine nicht bestätigte Anfrage verfällt nach { $count } Tagen.
policy-deadlines-confirmation_reminder_days = { $count ->
    [0] An eine nicht bestätigte Anfrage erinnern wir nicht
    [one] Einen Tag bevor sie verfällt, erinnern wir einmal daran
   *[other] { $count } Tage bevor sie verfällt, erinnern wir einmal daran
}.
policy-deadlines-challenge_days = Einen erbetenen DNS-Eintrag suchen wir { $count } Tage lang.
policy-deadlines-domain_proof_days = Ein gesehener DNS-Eintrag gilt { $count } Tage.
policy-deadlines-notice_business_days = Der benachrichtigte Kontakt hat { $count } Arbeitstage für einen Einspruch.
policy-deadlines-returned_notice_business_days = Gibt es sein Postfach nicht mehr, { $count ->
    [one] bleibt davon ein Arbeitstag
   *[other] bleiben davon { $count } Arbeitstage
}.
policy-deadlines-notice_attempts = Dem benachrichtigten Kontakt schreiben wir in seiner Frist höchstens { $count ->
    [one] einmal
   *[other] { $count }-mal
}.
policy-deadlines-notice_interval_business_days = Zwischen zwei Schreiben an ihn { $count ->
    [one] liegt ein Arbeitstag
   *[other] liegen { $count } Arbeitstage
}.
policy-deadlines-our_business_hours = Für jeden eigenen Schritt nehmen wir uns { $count } Arbeitsstunden.
policy-deadlines-their_business_days = Auf die Antwort eines Kunden warten wir { $count } Arbeitstage, dann erinnern wir.
policy-deadlines-reminders = An dasselbe erinnern wir { $count ->
    [0] nicht
    [one] einmal
   *[other] { $count }-mal
}.
policy-limits-form_letters_per_network = Über das Formular gehen aus einem Netz am Tag höchstens { $count } Schreiben an dasselbe Postfach.
policy-limits-form_letters_per_mailbox = Insgesamt gehen über das Formular am Tag höchstens { $count } Schreiben an ein Postfach.
policy-limits-form_letters_per_domain = An alle Postfächer einer Domain zusammen gehen am Tag höchstens { $count } solche Schreiben; bei öffentlichen Anbietern zählt nur das Postfach.
policy-limits-confirmation_letters = Für eine Anfrage bitten wir höchstens { $count ->
    [one] einmal
   *[other] { $count }-mal
} per E-Mail um Bestätigung.
policy-limits-confirmation_minutes = Zwischen zwei solchen E-Mails { $count ->
    [one] liegt eine Minute
   *[other] liegen { $count } Minuten
}.
policy-limits-mended_addresses = Bis zur Bestätigung lässt sich ihre Adresse { $count ->
    [0] nicht
    [one] einmal
   *[other] { $count }-mal
} berichtigen.
policy-limits-form_letters_alarm = Ab { $count } solchen Schreiben in einer Stunde gibt es Alarm.
policy-limits-desk_letters_per_staff = Jede und jeder im Team schickt am Tag höchstens { $count } Schreiben an jemanden außerhalb der Vorgänge.
policy-limits-form_answer_days = Ein Postfach erhält innerhalb von { $count } Tagen nur einmal den Link zum Formular als Antwort.
policy-retention-evidence_days = Eingereichte Dateien werden { $count } Tage nach dem Abschluss gelöscht.
policy-retention-prepared_days = Was für Anrufende vorbereitet war, wird { $count } Tage nach seinem Ende vergessen.
policy-retention-unconfirmed_days = Anfragen, die nie bestätigt wurden, werden { $count } Tage nach ihrem Ende vollständig gelöscht.
policy-retention-content_months = Die Inhalte eines Vorgangs werden { $count } Monate nach dem Abschluss gelöscht.
policy-retention-letter_years = Der Schriftverkehr eines Vorgangs wird { $count } Jahre nach dem Ende des Kalenderjahrs gelöscht (§ 257 HGB, § 147 AO).
policy-retention-trail_years = Was von einem Vorgang bleibt, wird samt Protokoll { $count } Jahre nach dem Ende des Kalenderjahrs gelöscht, in dem zuletzt etwas geschah (§ 199 Abs. 3 BGB).
policy-retention-set_aside_days = Nachrichten, die zu keinem Vorgang gehören, werden { $count } Tage nach ihrer Erledigung gelöscht.
policy-retention-other_letter_days = An wen Schreiben ohne Vorgang gingen, wird nach { $count } Tagen gelöscht.
policy-retention-staff_letter_days = Welche E-Mail an wen im Team ging, wird nach { $count } Tagen gelöscht.
policy-retention-form_letter_days = Wie viele Schreiben das Formular an ein Postfach ausgelöst hat, wird { $count } Tage lang gezählt.
policy-retention-access_days = Sitzungen, Einladungen, Links für Passwörter und gezählte Fehlversuche werden { $count } Tage nach ihrem Ende gelöscht.
policy-retention-look_up_days = Auskünfte von Nameservern über Domains werden nach { $count } Tagen gelöscht.
retention-lead = Was seine Frist hinter sich hat, wird von selbst gelöscht. Offene und bestrittene Vorgänge und solche, bei denen das Löschen ausgesetzt ist, bleiben unberührt.
retention-cases = Vorgänge
retention-stays = Bis dahin bleiben Nummer, Verlauf und Protokoll eines Vorgangs: Sie enthalten nichts über Personen außer, wer im Team was entschieden hat.
retention-classes = Ohne Vorgang
retention-class = Was
retention-kept = Frist
retention-ran = Zuletzt durchgesehen
retention-days = { $count ->
    [one] ein Tag
   *[other] { $count } Tage
}
retention-held = Löschen ausgesetzt
retention-due = Als Nächstes fällig
retention-erased = Zuletzt gelöscht
retention-deleted = Zuletzt ganz gelöscht
retention-nothing = Nichts.
retention-rule-unconfirmed = nie bestätigt
retention-rule-content = Inhalte
retention-rule-correspondence = Schriftverkehr
retention-rule-trail = Protokoll des Vorgangs
retention-rule-request = Recht einer betroffenen Person
retention-scope-part = ein Teil
retention-scope-content = Inhalte ohne Schriftverkehr
retention-scope-everything = alle Inhalte
policy-changed = Abweichungen von der Vorgabe
policy-changed-hint = Schlüssel, Passwörter und Zugangsdaten stehen hier nie.
policy-changed-none = Keine: Alles ist wie ausgeliefert.
policy-changed-default = statt
policy-changed-hidden = gesetzt; wird hier nicht gezeigt

## Zustand der E-Mail
administration-mail-going = Wie es läuft
administration-mail-queued = Im Ausgang
administration-mail-queued-count = { $count }{ $deferred ->
    [0] {""}
   *[other] , davon { $deferred } schon vergeblich versucht
}
administration-mail-oldest = Überfällig seit
administration-mail-sent-today = Heute gesendet
administration-mail-put-off-today = Heute aufgeschoben
administration-mail-refused-today = Heute uns verweigert
administration-mail-failed-today = Heute endgültig abgelehnt
administration-mail-bounced-today = Heute zurückgekommen
administration-mail-last-bounce = Zuletzt zurückgekommen
administration-mail-received-today = Heute eingegangen
administration-mail-why = Warum E-Mails warten
administration-mail-setup = Wie es eingerichtet ist
administration-mail-smtp = E-Mails gehen über einen Mailserver hinaus (SMTP).
administration-mail-folder = E-Mails werden nur in einem Ordner abgelegt. Niemand bekommt sie.
administration-mail-dkim = Handover signiert E-Mails selbst (DKIM, { $keys }).
administration-mail-no-dkim = Handover signiert E-Mails nicht. Das muss der Mailserver tun, sonst landen sie leicht im Spam.
administration-mail-collects = Antworten werden aus einem Postfach abgeholt (IMAP).
administration-mail-collects-not = Es wird kein Postfach abgeholt. Antworten kommen nur herein, wenn der Mailserver sie übergibt.
administration-mail-authentication-header = Ob ein Absender echt ist, sagt Ihr Mailserver in jeder Nachricht.
administration-mail-authentication-own = Ob ein Absender echt ist, prüft Handover selbst (SPF, DKIM, DMARC).
administration-mail-authentication-nobody = Niemand prüft, ob ein Absender echt ist. Deshalb wartet jede Antwort in der Quarantäne auf Mitarbeitende.
administration-mail-no-imprint = Unter den E-Mails stehen keine Pflichtangaben (mail.imprint).
administration-mail-test = Eine Probe senden
administration-mail-test-text = Auf der Kommandozeile; die Antwort des Mailservers steht dann dort:

## Kalender
administration-calendar-hours = Wann jemand da ist
administration-calendar-days = Arbeitstage
administration-calendar-weekdays = Montag bis Freitag, außer an Feiertagen
administration-calendar-open = Zeiten
administration-calendar-from-to = { $opens } bis { $closes } Uhr
administration-calendar-zone = Zeitzone
administration-calendar-regions = Feiertage von
administration-calendar-no-regions = Keine Region eingestellt: Kein Feiertag zählt.
administration-calendar-examples = Wann eine Frist endet
administration-calendar-now = Beginnt sie jetzt,
administration-calendar-ours = Unser nächster Schritt
administration-calendar-theirs = Antwort des Kunden
administration-calendar-notice = Zeit für einen Einspruch
administration-calendar-atlassian = Antwort von Atlassian
administration-calendar-holidays = Feiertage { $year }
administration-calendar-counting = { $count } Arbeitstage
administration-calendar-no-holidays = Kein Feiertag

administration-wait-hours = { $count ->
    [one] eine Arbeitsstunde
   *[other] { $count } Arbeitsstunden
}
administration-wait-days = { $count ->
    [one] ein Arbeitstag
   *[other] { $count } Arbeitstage
}

holiday-new-year = Neujahr
holiday-berchtold = Berchtoldstag
holiday-epiphany = Heilige Drei Könige
holiday-women = Frauentag
holiday-joseph = Josefstag
holiday-labour = Tag der Arbeit
holiday-swiss-national-day = Bundesfeier
holiday-assumption = Mariä Himmelfahrt
holiday-children = Weltkindertag
holiday-german-unity = Tag der Deutschen Einheit
holiday-austrian-national-day = Nationalfeiertag
holiday-reformation = Reformationstag
holiday-all-saints = Allerheiligen
holiday-immaculate-conception = Mariä Empfängnis
holiday-christmas = Erster Weihnachtstag
holiday-stephen = Zweiter Weihnachtstag
holiday-good-friday = Karfreitag
holiday-easter = Ostersonntag
holiday-easter-monday = Ostermontag
holiday-ascension = Christi Himmelfahrt
holiday-whitsun = Pfingstsonntag
holiday-whit-monday = Pfingstmontag
holiday-corpus-christi = Fronleichnam
holiday-repentance = Buß- und Bettag
holiday-other = Feiertag der Region
