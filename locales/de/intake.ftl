# Kundenseiten: Startseite, Formular, Bestätigung, Stand, neuer Kontakt, Widerspruch

intake-case = Vorgang

## Startseite
intake-home-title = Ihr Atlassian‑Kontakt hat das Unternehmen verlassen?
intake-home-lead = Dann gehen Verlängerungen, Sicherheitshinweise und Lizenzschlüssel an ein Postfach, das niemand mehr liest. Wir prüfen Ihre Anfrage und bitten Atlassian, einen neuen Kontakt einzutragen.
intake-home-start = Kontaktwechsel anfragen
intake-home-start-time = etwa fünf Minuten, ohne Anmeldung
intake-home-reach-title = Können Sie Ihren Atlassian-Kontakt noch erreichen?
intake-home-reach-text = Ein kurzer Selbstcheck mit höchstens vier Fragen zeigt Ihnen den schnellsten Weg. Oft können Sie den Kontakt selbst ändern, manchmal noch heute.
intake-home-reach-yes = Ja
intake-home-reach-no = Nein oder unsicher
intake-home-ask-title = Oder gleich zum Formular
intake-home-ask-text = Sie wissen schon, dass niemand mehr Zugang hat? Dann fragen Sie den Wechsel bei uns an. Halten Sie Ihre Lizenznummern oder die Adresse Ihrer Cloud-Site bereit.
intake-home-path-title = So läuft es ab
intake-home-path-ask = Sie fragen an
intake-home-path-ask-text = Sie füllen das Formular aus und bestätigen Ihre E-Mail-Adresse.
intake-home-path-check = Wir prüfen
intake-home-path-check-text = Gehört die Lizenz zu Ihrem Unternehmen? Stimmt der neue Kontakt zu? Auch die eingetragene Kontaktperson wird benachrichtigt.
intake-home-path-approve = Eine zweite Person gibt frei
intake-home-path-approve-text = Keine E-Mail geht an Atlassian, bevor eine zweite Person sie geprüft hat (Vier-Augen-Prinzip).
intake-home-path-atlassian = Atlassian ändert den Kontakt
intake-home-path-atlassian-text = Wir schreiben Atlassian und halten Sie auf dem Laufenden.
intake-home-path-done = Sie melden sich an
intake-home-path-done-text = Der Vorgang ist erst beendet, wenn der neue Kontakt Zugang hat.
intake-home-why-title = Warum wir das nicht einfach ändern
intake-home-why-text = Nach den Sicherheitsregeln von Atlassian dürfen nur Sie als Kunde einen Kontaktwechsel veranlassen. Wir haben keinen Zugriff auf Ihre Kontakte. Was wir dürfen: uns vergewissern, wer fragt, und Atlassian dann um die Änderung bitten.
intake-home-mail-check = Ob eine E-Mail wirklich von uns ist, können Sie prüfen.
intake-home-mail-check-link = E-Mail prüfen

## Formular
intake-form-title = Kontaktwechsel anfragen
intake-form-not-sent-title = Ihre Anfrage ist noch nicht gesendet
intake-form-not-sent-text = Unser Formular ist im Moment nicht erreichbar. Ihre Angaben stehen unverändert unten. Bitte senden Sie das Formular in einer Minute noch einmal ab.
intake-form-lead = Anhand dieser Angaben prüfen wir Ihre Anfrage. Sie brauchen Ihre Lizenznummern oder die Adresse Ihrer Cloud-Site; beides steht auf der Rechnung.
intake-form-secrets-title = Bitte keine Passwörter und keine Lizenzschlüssel
intake-form-secrets-text = Wir brauchen sie nicht und nehmen sie nicht an. Die Nummer einer Lizenz (SEN oder Entitlement-Nummer, E-…) ist kein Schlüssel und darf hier stehen.
intake-form-send = Anfrage absenden
intake-step-of = Schritt { $number } von { $steps }
intake-step-next = Weiter
intake-step-back = Zurück
intake-step-to-review = Weiter zur Übersicht
intake-step-nothing-sent = Noch wird nichts gesendet. Am Ende sehen Sie alle Angaben und können sie ändern.
intake-kept-restored = Wir haben wieder eingesetzt, was Sie hier zuletzt eingegeben haben. Es liegt nur in diesem Browser-Tab.
intake-kept-forget = Verwerfen und neu beginnen
intake-review-title = Bitte prüfen Sie Ihre Angaben
intake-review-lead = So haben wir Ihre Angaben verstanden. Stimmt alles, senden Sie die Anfrage ab.
intake-review-change = Ändern
intake-review-none = Keine Angabe
intake-review-successor = Neuer Kontakt
intake-review-yourself = Sie selbst
intake-review-authority = Berechtigung zum Wechsel
intake-review-privacy = Hinweise zum Datenschutz
intake-review-confirmed = Bestätigt
intake-review-month = Sie haben nur den Monat genannt. Wir vermerken diesen Tag. Kennen Sie den genauen, ändern Sie ihn bitte.
intake-review-free-mail = Bei { $domain } kann sich jeder eine Adresse anlegen. Sie zeigt deshalb nicht, dass jemand zum Unternehmen gehört, und wir brauchen mehr Nachweise. Gibt es eine Adresse beim Unternehmen, geben Sie besser diese an.
intake-review-disposable = { $domain } ist ein Anbieter für Wegwerfadressen. Unsere E-Mails gehen dort leicht verloren, und die Adresse zeigt nicht, dass jemand zum Unternehmen gehört. Bitte geben Sie besser eine Adresse beim Unternehmen an.
intake-review-role-address = Das sieht nach einem Sammelpostfach aus. Für die Prüfung brauchen wir eine Adresse, die nur eine Person liest; Atlassian lehnt Sammelpostfächer meist ab. Ist es eine persönliche Adresse, ist alles in Ordnung.
intake-form-after = Sie erhalten gleich eine E-Mail. Erst wenn Sie den Link darin bestätigen, beginnen wir mit der Prüfung.

intake-section-requester = Über Sie
intake-section-requester-why = Wer den Wechsel im Namen des Unternehmens anfragt. Der neue Kontakt kann auch jemand anderes sein.
intake-requester-name = Vor- und Nachname
intake-requester-email = Geschäftliche E-Mail-Adresse
intake-requester-email-hint = Ihre persönliche Adresse beim Unternehmen, kein Sammelpostfach und keine private Adresse. Dorthin schreiben wir Ihnen.
intake-requester-position = Ihre Funktion im Unternehmen
intake-requester-position-hint = Zum Beispiel: Leiterin IT-Betrieb
intake-requester-phone = Telefon
intake-requester-phone-hint = Nur für Rückfragen. Zur Prüfung rufen wir ausschließlich Nummern an, die uns schon bekannt sind.

intake-section-company = Unternehmen und Lizenzen
intake-section-company-why = Um welche Lizenzen es geht. Mehrere auf einmal sind möglich, wenn sie denselben Kontakt haben.
intake-company = Name des Unternehmens
intake-company-hint = So, wie er auf der Lizenz oder Rechnung steht
intake-customer-number = Ihre Kundennummer bei uns
intake-customer-number-hint = Steht oben auf unserer Rechnung
intake-hosting = Wie betreiben Sie Atlassian?
intake-hosting-data-center = Data Center
intake-hosting-data-center-hint = Auf eigenen Servern oder bei einem Hoster
intake-hosting-cloud = Cloud
intake-hosting-cloud-hint = Unter einer Adresse wie firma.atlassian.net, Abrechnung durch Atlassian oder einen Partner
intake-hosting-partner-managed = Cloud, von uns verwaltet
intake-hosting-partner-managed-hint = Über uns gekauft; das Abonnement verwalten wir als Partner
intake-hosting-unknown = Das weiß ich nicht
intake-hosting-unknown-hint = Wir klären es, bevor wir Atlassian schreiben.
intake-entitlements = Lizenznummern oder Cloud-Sites
intake-entitlements-hint = Eine pro Zeile, zum Beispiel SEN-12345678, E-3W8-NHD-V5E-GM7 oder firma.atlassian.net
intake-entitlements-paste = Sie können auch ganze Zeilen aus einer Rechnung oder Tabelle einfügen. Höchstens { $max } Lizenzen.
intake-entitlements-where = Wo finde ich diese Nummern?
intake-entitlements-where-invoice = Auf jeder Rechnung oder Auftragsbestätigung, bei uns wie bei Atlassian: „SEN“ oder „Entitlement Number“.
intake-entitlements-where-product = In Jira und Confluence unter Administration, Abschnitt „Versionen & Lizenzen“ oder „Lizenzdetails“.
intake-entitlements-where-site = Bei Cloud genügt die Adresse, unter der Sie arbeiten. Sie endet auf .atlassian.net.

intake-section-departed = Eingetragene Kontaktperson
intake-section-departed-why = Wer bei Atlassian noch eingetragen ist. Wir schreiben an diese Adresse und geben Gelegenheit zum Widerspruch.
intake-departed-name = Vor- und Nachname
intake-departed-email = Eingetragene E-Mail-Adresse
intake-departed-email-hint = Die Adresse, die bei Atlassian hinterlegt ist, auch wenn sie nicht mehr gelesen wird
intake-departed-email-unknown = Ich kenne die Adresse nicht
intake-departed-email-unknown-hint = Wir benachrichtigen dann alle, die im betroffenen Lizenzvertrag eingetragen sind, und klären die Adresse. Das kann etwas länger dauern.
intake-address-unknown = Adresse nicht bekannt
intake-departed-on = Ausgeschieden am
intake-departed-on-hint = Ein Tag wie 31.10.2026 oder nur der Monat, zum Beispiel Oktober 2026. Ungefähr genügt.
intake-contact-role = Welche Rolle hatte die Person?
intake-contact-role-hint = Wenn Sie es nicht wissen, wählen Sie „Beides“.
intake-contact-role-technical = Technischer Kontakt (Technical Contact)
intake-contact-role-billing = Abrechnungskontakt (Billing Contact)
intake-contact-role-both = Beides

intake-section-successor = Neue Kontaktperson
intake-section-successor-why = Sie erhält künftig Verlängerungen, Sicherheitshinweise und Lizenzschlüssel und muss dem Wechsel zustimmen.
intake-successor-is-requester = Ich selbst werde die neue Kontaktperson
intake-successor-is-requester-hint = Dann übernehmen wir Ihren Namen und Ihre Adresse von oben.
intake-successor-name = Vor- und Nachname
intake-successor-email = Geschäftliche E-Mail-Adresse
intake-successor-email-hint = Eine persönliche Adresse beim Unternehmen. Verteiler und private Adressen lehnt Atlassian meist ab.

intake-section-explanation = Hintergrund und Erklärungen
intake-section-explanation-why = Damit wir und Atlassian verstehen, warum der übliche Weg nicht geht.
intake-explanation = Was ist passiert, und was haben Sie schon versucht?
intake-explanation-hint = Zum Beispiel: „Frau Berger ist Ende Januar ausgeschieden. Ihr Postfach wurde gelöscht, ein zweiter Kontakt war nie eingetragen.“
intake-explanation-limit = Höchstens { $max } Zeichen.
intake-authority = Ich bin berechtigt, diesen Wechsel für das Unternehmen zu veranlassen.
intake-authority-hint = Wir prüfen das und können einen Nachweis verlangen.
intake-privacy = Ich habe die Hinweise zum Datenschutz gelesen.
intake-privacy-read = Hinweise zum Datenschutz lesen (öffnet einen neuen Tab)
intake-privacy-hint = Wir verwenden Ihre Angaben nur für diesen Vorgang. Atlassian erhält davon, was für den Wechsel nötig ist.

## Nach dem Absenden
intake-sent-title = Bitte prüfen Sie Ihr Postfach
intake-sent-lead = Wir haben Ihnen eine E-Mail mit einem Link geschickt. Erst mit Ihrer Bestätigung geht es weiter.
intake-sent-open = E-Mail öffnen
intake-sent-open-text = { $days ->
    [one] Sie kommt in den nächsten Minuten an. Der Link darin gilt einen Tag.
   *[other] Sie kommt in den nächsten Minuten an. Der Link darin gilt { $days } Tage.
}
intake-sent-confirm = Anfrage bestätigen
intake-sent-confirm-text = Der Link führt zu einer Seite mit einer Schaltfläche. Erst der Klick darauf zählt.
intake-sent-then = Wir prüfen
intake-sent-then-text = Auf einer eigenen Seite sehen Sie jederzeit, wie weit Ihre Anfrage ist.
intake-sent-nothing = Nichts angekommen?
intake-sent-nothing-wait = Warten Sie einige Minuten; manche Mailserver stellen verzögert zu.
intake-sent-nothing-spam = Prüfen Sie auch den Spam-Ordner.
intake-sent-nothing-again = War die Adresse falsch geschrieben, füllen Sie das Formular einfach noch einmal aus. Unbestätigte Anfragen verfallen von selbst.
intake-sent-to = Die E-Mail geht an
intake-sent-held-title = Diese E-Mail konnten wir nicht senden
intake-sent-held = Damit niemand mit unseren E-Mails belästigt wird, gehen an eine Adresse nur so viele am Tag. Ihre Anfrage ist gespeichert, und unser Team sieht sie. Sie können die E-Mail von hier aus später noch einmal senden.
intake-sent-again = Noch einmal senden
intake-sent-mend = Adresse berichtigen
intake-sent-mend-hint = Ihre Anfrage bleibt, wie Sie sie ausgefüllt haben. Wir schreiben nur noch an diese Adresse; der Link in der ersten E-Mail gilt dann nicht mehr.
intake-sent-mend-button = An diese Adresse senden
intake-sent-mend-not = Die Adresse lässt sich von hier aus nicht mehr ändern. War sie falsch, füllen Sie bitte das Formular noch einmal aus; unbestätigte Anfragen verfallen von selbst.
intake-pause-minutes = Noch einmal senden können Sie { $count ->
    [one] in einer Minute
   *[other] in { $count } Minuten
}.
intake-pause-hours = Noch einmal senden können Sie { $count ->
    [one] in einer Stunde
   *[other] in { $count } Stunden
}.
intake-pause-enough = Wir haben so oft geschrieben, wie wir es für eine Anfrage tun. Kommt nichts an, prüfen Sie bitte die Adresse.
intake-pause-reload = Seite neu laden
intake-error-address-same = An diese Adresse haben wir schon geschrieben. Ändern Sie sie, oder senden Sie die E-Mail noch einmal.
intake-error-address-departed = Das ist die Adresse der Person, die ausgeschieden ist. Geben Sie bitte Ihre eigene an.
intake-error-address-successor = Das ist die Adresse der neuen Kontaktperson. Geben Sie bitte Ihre eigene an. Möchten Sie selbst Kontakt werden, füllen Sie das Formular noch einmal aus.
intake-error-address-busy = An diese Adresse können wir gerade keine weitere E-Mail senden. { $pause }
notice-confirmation-sent = Die E-Mail ist noch einmal unterwegs.
notice-address-mended = Die Adresse ist geändert. Die E-Mail geht jetzt dorthin.

## Bestätigung
intake-confirmation-title = Bestätigen Sie Ihre Anfrage
intake-confirmation-lead = Mit der Bestätigung zeigen Sie uns, dass Sie dieses Postfach lesen. Danach beginnen wir mit der Prüfung.
intake-confirmation-button = Ja, das ist meine Anfrage
intake-own-case-title = Dazu haben Sie schon einen Vorgang: { $number }
intake-own-case-text = Er wurde mit derselben E-Mail-Adresse angelegt und betrifft mindestens eine dieser Lizenzen. Ein zweiter beschleunigt nichts. Setzen Sie den bestehenden fort, ziehen wir diese Anfrage zurück.
intake-own-case-go-on = Mit { $number } weitermachen
intake-own-case-file = Trotzdem neu anfragen
intake-confirmation-not-you = Sie haben nichts angefragt? Dann schließen Sie diese Seite einfach. Ohne Bestätigung geschieht nichts.

intake-confirmed-title = Danke, Ihre Anfrage ist bestätigt
intake-confirmed-text = Wir beginnen jetzt mit der Prüfung. Eine weitere E-Mail ist unterwegs zu Ihnen: Der Link darin führt zu einer Seite, auf der Sie jederzeit sehen, wie weit Ihre Anfrage ist. Brauchen wir etwas von Ihnen, schreiben wir Ihnen.

intake-gone-title = Dieser Link gilt nicht mehr
intake-gone-text = { $days ->
    [one] Vielleicht wurde er nicht ganz kopiert, oder er ist abgelaufen: Anfragen, die niemand bestätigt, verfallen nach einem Tag. In unserer letzten E-Mail an Sie steht ein gültiger Link. Sonst stellen Sie einfach eine neue Anfrage.
   *[other] Vielleicht wurde er nicht ganz kopiert, oder er ist abgelaufen: Anfragen, die niemand bestätigt, verfallen nach { $days } Tagen. In unserer letzten E-Mail an Sie steht ein gültiger Link. Sonst stellen Sie einfach eine neue Anfrage.
}

## Links, die einmal galten
intake-replaced-title = Dieser Link gilt nicht mehr
intake-replaced-text = Er stand in einer E-Mail an uns. Zu Ihrem Schutz haben wir ihn ersetzt: Der gültige Link steht in unserer neuesten E-Mail an Sie. Finden Sie keine, antworten Sie bitte auf eine ältere.
intake-expired-title = Dieser Link ist abgelaufen
intake-expired-confirmation = Die Anfrage wurde nicht rechtzeitig bestätigt.
intake-expired-offer = Sie müssen nichts noch einmal ausfüllen: Wir senden einen neuen Link an die Adresse, an die auch dieser ging.
intake-expired-button = Neuen Link senden
intake-expired-other = Lesen Sie dieses Postfach nicht mehr? Dann stellen Sie bitte eine neue Anfrage.
intake-expired-renewal = Diese Anfrage ist schon bestätigt. Der gültige Link steht in unserer letzten E-Mail an Sie.
intake-expired-status = Der gültige Link steht in unserer letzten E-Mail an Sie. Finden Sie sie nicht, antworten Sie einfach auf eine ältere; dann schreiben wir Ihnen.
intake-expired-successor = Möchten Sie die Lizenzen übernehmen oder ablehnen, antworten Sie bitte auf unsere E-Mail. Dann senden wir Ihnen einen neuen Link. Ohne Ihre Zustimmung ändert sich für Sie nichts.
intake-expired-objection = Widersprechen können Sie trotzdem: Antworten Sie bitte auf unsere E-Mail. Jemand aus unserem Team sieht sich das an.
intake-not-needed-title = Ihre Bestätigung wird nicht mehr gebraucht
intake-not-needed-text = Sie müssen nichts tun. Sind Sie mit dem Wechsel nicht einverstanden oder wissen Sie nichts davon, antworten Sie bitte auf unsere E-Mail. Jemand aus unserem Team sieht sich das an.

intake-fact-requester = Angefragt von
intake-fact-company = Unternehmen
intake-fact-entitlements = Lizenzen
intake-fact-departed = Eingetragener Kontakt
intake-fact-successor = Neuer Kontakt
intake-fact-role = Rolle
intake-role-both = Technischer Kontakt und Abrechnungskontakt
intake-fact-asked-at = Angefragt am

## Stand des Vorgangs
intake-status-title = Kontaktwechsel für { $company }
intake-status-waiting = Worauf wir gerade warten
intake-status-since = Stand seit
intake-status-who = Am Zug
intake-party-customer = Sie
intake-party-us = wir
intake-party-atlassian = Atlassian
intake-status-until = Bis
intake-status-then = Danach
intake-status-expected = So lange dauert es
intake-progress = Schritt { $step } von { $steps }

intake-until-unconfirmed = Bitte bestätigen Sie bis { $day }. Danach verfällt die Anfrage.
intake-until-successor = Wir rechnen bis { $day } mit einer Antwort von { $successor }; sonst erinnern wir.
intake-until-checking = { $day }: Bis dahin kann der eingetragene Kontakt in der Regel widersprechen. Früher kann die Anfrage nicht an Atlassian gehen.
intake-until-question = Bitte antworten Sie bis { $day }. Hören wir nichts, erinnern wir Sie.
intake-until-writing = Wir wollen die Anfrage bis { $day } absenden.
intake-until-again = Wir wollen Atlassian bis { $day } noch einmal schreiben.
intake-until-licensing = { $day }. Ist bis dahin nichts geschehen, fragen wir bei unserer Lizenzabteilung nach.
intake-until-atlassian = { $day }. Hat Atlassian bis dahin nicht geantwortet, fragen wir nach.
intake-until-access = Bitte geben Sie uns bis { $day } Bescheid. Hören wir nichts, erinnern wir Sie.
intake-until-access-said = Hören wir von der neuen Kontaktperson bis { $day } nichts, schließen wir den Vorgang mit Ihrer Bestätigung.
intake-until-late = Wir sind später dran, als wir wollten. Ihr Vorgang ist an der Reihe und nicht vergessen.

intake-then-unconfirmed = Wir prüfen Ihre Anfrage.
intake-then-confirm-again = Wir machen dort weiter, wo Ihr Vorgang steht.
intake-then-successor = Wir schreiben die Anfrage an Atlassian; eine zweite Person gibt sie frei.
intake-then-checking = Wir schreiben die Anfrage an Atlassian; eine zweite Person gibt sie frei.
intake-then-question = Wir prüfen weiter.
intake-then-writing = Atlassian erhält unsere Anfrage, und Sie bekommen eine E-Mail.
intake-then-again = Atlassian erhält eine weitere Anfrage, und Sie bekommen eine E-Mail.
intake-then-licensing = Unsere Lizenzabteilung nimmt die Änderung vor. Dann fragen wir Sie, ob es geklappt hat.
intake-then-atlassian = Atlassian nimmt die Änderung vor. Dann fragen wir Sie, ob es geklappt hat.
intake-then-access = Sobald Sie bestätigt haben, schließen wir den Vorgang.
intake-then-access-said = Sobald { $successor } den Zugang bestätigt, schließen wir den Vorgang. Fehlt noch etwas, fragen wir bei Atlassian nach.

intake-expected-sent = { $half ->
    [one] Von den letzten Anfragen ging die Hälfte innerhalb eines Werktags nach der Bestätigung hinaus,
   *[other] Von den letzten Anfragen ging die Hälfte innerhalb von { $half } Werktagen nach der Bestätigung hinaus,
}{ $most ->
    [one] {" "}neun von zehn ebenfalls.
   *[other] {" "}neun von zehn innerhalb von { $most }.
}
intake-expected-atlassian = { $half ->
    [one] Von den letzten Anfragen lag die Hälfte höchstens einen Werktag bei Atlassian,
   *[other] Von den letzten Anfragen lag die Hälfte höchstens { $half } Werktage bei Atlassian,
}{ $most ->
    [one] {" "}neun von zehn ebenfalls.
   *[other] {" "}neun von zehn höchstens { $most }.
}
intake-expected-licensing = { $half ->
    [one] Von den letzten Anfragen hat unsere Lizenzabteilung die Hälfte innerhalb eines Werktags erledigt,
   *[other] Von den letzten Anfragen hat unsere Lizenzabteilung die Hälfte innerhalb von { $half } Werktagen erledigt,
}{ $most ->
    [one] {" "}neun von zehn ebenfalls.
   *[other] {" "}neun von zehn innerhalb von { $most }.
}
intake-ahead-fewer = Weniger als { $count } Anfragen warten vor Ihrer auf uns.
intake-ahead-about = Etwa { $count } Anfragen warten vor Ihrer auf uns.

intake-go-title = Das können Sie jetzt tun
intake-go-answer = Rückfrage beantworten
intake-go-confirm_access = Sagen, ob es geklappt hat
intake-go-start_domain_challenge = DNS-Eintrag
intake-go-add_evidence = Dokument hochladen
intake-go-correct_address = Adresse berichtigen
intake-go-tell = Uns etwas mitteilen
intake-go-withdraw = Zurückziehen

intake-history-title = Was bisher geschah
intake-history-opened = Sie haben die Anfrage gesendet.
intake-history-confirmed = Sie haben Ihre E-Mail-Adresse bestätigt.
intake-history-confirmed-again = Sie haben Ihre E-Mail-Adresse erneut bestätigt.
intake-history-domain = Sie haben einen DNS-Eintrag angefordert.
intake-history-accepted = Der neue Kontakt hat zugestimmt.
intake-history-declined = Der neue Kontakt hat abgelehnt.
intake-history-asked = Wir haben Ihnen eine Frage gestellt.
intake-history-answered = Sie haben unsere Frage beantwortet.
intake-history-told-atlassian = Sie haben uns mitgeteilt, dass Atlassian Ihnen geschrieben hat.
intake-history-told-voucher = Sie haben jemanden genannt, der den Wechsel bestätigen könnte.
intake-history-address-successor = Sie haben die Adresse des neuen Kontakts berichtigt.
intake-history-address-departed = Sie haben die Adresse des eingetragenen Kontakts berichtigt.
intake-history-file = Sie haben eine Datei gesendet.
intake-history-file-removed = Sie haben eine Datei entfernt.
intake-history-verified = Die Prüfung war abgeschlossen.
intake-history-approved = Eine zweite Person hat die Anfrage an Atlassian freigegeben.
intake-history-sent = Die Anfrage wurde gesendet.
intake-history-atlassian-done = Wir haben erfahren, dass die Änderung vorgenommen wurde.
intake-history-atlassian-question = Atlassian hatte eine Rückfrage.
intake-history-atlassian-declined = Atlassian hat die Änderung abgelehnt.
intake-history-access = Sie haben bestätigt, dass es geklappt hat.
intake-history-access-successor = Die neue Kontaktperson hat den Zugang bestätigt.
intake-history-no-access = Sie haben uns gemeldet, dass etwas fehlt.
intake-history-no-access-successor = Die neue Kontaktperson hat gemeldet, dass etwas fehlt.
intake-history-withdrawn = Die Anfrage wurde zurückgezogen.
intake-history-expired = Die Anfrage ist verfallen.
intake-history-rejected = Wir konnten die Anfrage nicht weitergeben.
intake-history-completed = Der Vorgang wurde erfolgreich abgeschlossen.
intake-history-closed = Der Vorgang wurde geschlossen.
intake-history-reopened = Der Vorgang wurde wieder geöffnet.

intake-letters-title = Unsere E-Mails an Sie
intake-letters-text = Die neuesten. Links sind hier weggelassen, denn wer sie hat, kann in Ihrem Namen handeln.
intake-letter-read = Lesen
intake-letter-is-waiting = wird gesendet
intake-letter-is-sent = gesendet
intake-letter-is-returned = kam zurück
intake-letter-is-failed = nicht zustellbar
intake-letter-is-held = nicht gesendet

intake-contact-title = Fragen?
intake-contact-text = Antworten Sie auf eine unserer E-Mails, oder schreiben Sie uns und nennen Sie dabei { $number }:

intake-addresses-title = E-Mail-Adresse berichtigen
intake-addresses-text = Das geht, bis die Anfrage gesendet ist. Was auf der alten Adresse beruht, zählt dann nicht mehr, und alle Beteiligten werden erneut gefragt; dadurch dauert es länger.
intake-addresses-successor = Neuer Kontakt, { $name }:
intake-addresses-departed = Eingetragener Kontakt, { $name }:
intake-addresses-new-successor = Richtige Adresse des neuen Kontakts
intake-addresses-new-departed = Richtige Adresse des eingetragenen Kontakts
intake-addresses-send-successor = Berichtigen und den neuen Kontakt erneut fragen
intake-addresses-send-departed = Berichtigen und erneut prüfen
notice-address-corrected = Die Adresse ist berichtigt. Was auf der alten beruhte, prüfen wir erneut.

intake-claims-atlassian-title = Hat Atlassian Ihnen direkt geschrieben?
intake-claims-atlassian = Was hat Atlassian geschrieben?
intake-claims-atlassian-hint = Jemand aus unserem Team liest es. Bitte keine Passwörter und keine Lizenzschlüssel.
intake-claims-atlassian-send = An unser Team senden
intake-claims-voucher-title = Wer könnte den Wechsel noch bestätigen?
intake-claims-voucher = Wer in Ihrem Unternehmen könnte den Wechsel bestätigen?
intake-claims-voucher-hint = Name und Funktion genügen. Wir fragen nur Personen, die bei uns eingetragen sind.
intake-claims-voucher-send = Namen senden
notice-told = Vielen Dank. Jemand aus unserem Team liest es.
intake-status-asked = Ihre Anfrage
intake-status-path = So weit sind wir
intake-now-unconfirmed-title = Wir warten auf Ihre Bestätigung
intake-now-unconfirmed-text = Bitte öffnen Sie die E-Mail, die wir Ihnen geschickt haben, und bestätigen Sie Ihre Anfrage.
intake-now-checking-title = Wir prüfen Ihre Anfrage
intake-now-checking-text = Wir gleichen Ihre Angaben mit unseren Unterlagen ab, bitten die neue Kontaktperson um Zustimmung und geben der eingetragenen Zeit für einen Widerspruch. Brauchen wir etwas von Ihnen, schreiben wir Ihnen.
intake-now-confirm-again-title = Bitte bestätigen Sie Ihre E-Mail-Adresse noch einmal
intake-now-confirm-again-text = Ihre erste Bestätigung liegt so lange zurück, dass sie nicht mehr zählt. Wir haben Ihnen eine E-Mail mit einem neuen Link geschickt; mit Ihrer Bestätigung machen wir weiter.
intake-now-successor-title = Wir warten auf die neue Kontaktperson
intake-now-successor-text = Alles andere ist geprüft. Es fehlt nur noch die Zustimmung von { $successor }.
intake-now-question-title = Wir warten auf Ihre Antwort
intake-now-question-text = Bitte beantworten Sie unten unsere Frage. So lange ruht Ihr Vorgang.
intake-now-writing-title = Wir bereiten die Änderung vor
intake-now-writing-text = Ihre Angaben sind geprüft. Wir formulieren die Bitte um Änderung, eine zweite Person gibt sie frei, dann senden wir sie. Sie müssen nichts tun.
intake-now-atlassian-title = Unsere Bitte liegt bei Atlassian
intake-now-atlassian-text = Wir haben Atlassian gebeten, { $successor } als neuen Kontakt einzutragen. Das kann einige Werktage dauern. Wir bleiben dran und melden uns bei Ihnen.
intake-now-licensing-title = Unsere Lizenzabteilung nimmt die Änderung vor
intake-now-licensing-text = Das Abonnement verwalten wir, deshalb trägt unsere Lizenzabteilung { $successor } als neuen Kontakt ein. Sobald das geschehen ist, melden wir uns bei Ihnen.
intake-now-again-title = Wir haken nach
intake-now-again-text = Danke für den Hinweis, dass noch etwas fehlt. Wir klären das und schreiben Ihnen.
intake-now-again-successor-text = Die neue Kontaktperson hat gemeldet, dass noch etwas fehlt. Wir klären das und schreiben Ihnen.
intake-now-access-title = Bitte prüfen Sie, ob es geklappt hat
intake-now-access-text = Nach unserer Kenntnis ist { $successor } jetzt als Kontakt eingetragen. Der Vorgang ist erst beendet, wenn Sie das bestätigt haben.
intake-now-access-said-title = Danke. Wir warten noch auf die neue Kontaktperson
intake-now-access-said-text = Sie haben bestätigt, dass es geklappt hat. Am besten weiß das { $successor }; wir haben auch dort nachgefragt.
intake-end-completed-title = Geschafft: Der neue Kontakt hat Zugang
intake-end-completed-text = Unser Rat: Tragen Sie gleich einen zweiten Kontakt mit persönlicher Adresse ein. Dann steht niemand vor verschlossener Tür, wenn jemand das Unternehmen verlässt.
intake-end-self-service-title = Sie konnten den Kontakt selbst ändern
intake-end-self-service-text = Damit ist Ihr Vorgang erledigt. Klappt doch noch etwas nicht, antworten Sie einfach auf eine unserer E-Mails.
intake-end-rejected-title = Wir konnten Ihre Bitte nicht weitergeben
intake-end-rejected-text = Der eingetragene Kontakt bleibt unverändert. Haben Sie weitere Nachweise oder halten Sie die Entscheidung für falsch, antworten Sie bitte auf eine unserer E-Mails.
intake-end-withdrawn-title = Die Anfrage ist zurückgezogen
intake-end-withdrawn-text = Der Vorgang ist geschlossen, wir unternehmen nichts weiter. Brauchen Sie die Änderung doch noch, stellen Sie bitte eine neue Anfrage.
intake-end-expired-title = Die Anfrage ist verfallen
intake-end-expired-text = Sie wurde nicht rechtzeitig bestätigt; geändert wurde nichts. Brauchen Sie die Änderung noch, stellen Sie bitte eine neue Anfrage.
intake-end-duplicate-title = Wir kümmern uns bereits darum
intake-end-duplicate-text = Ihre Anfrage gehört zu einem anderen Vorgang, deshalb ist dieser geschlossen. Wissen Sie von keinem anderen, antworten Sie bitte auf eine unserer E-Mails.
intake-end-declined-title = Atlassian hat die Änderung abgelehnt
intake-end-declined-text = Das tut uns leid. Oft hilft ein anderer Weg: Ihre IT öffnet das alte Postfach wieder oder leitet es um und setzt das Passwort des alten Atlassian-Kontos zurück. Wir beraten Sie gern; antworten Sie einfach auf eine unserer E-Mails.
intake-step-received = Anfrage und Bestätigung
intake-step-received-text = Ihr Postfach ist bestätigt, der Vorgang ist eröffnet.
intake-step-verified = Prüfung Ihrer Angaben
intake-step-verified-text = Lizenz, Unternehmen und neuer Kontakt; die eingetragene Kontaktperson kann widersprechen.
intake-step-approved = Freigabe durch eine zweite Person
intake-step-approved-text = Jemand anderes prüft die E-Mail, bevor wir sie senden.
intake-step-atlassian = Änderung durch Atlassian
intake-step-atlassian-text = Atlassian trägt den neuen Kontakt ein.
intake-step-licensing = Änderung durch unsere Lizenzabteilung
intake-step-licensing-text = Unsere Lizenzabteilung trägt den neuen Kontakt ein.
intake-step-completed = Zugang
intake-step-completed-text = Der neue Kontakt kann sich anmelden, und Sie bestätigen es.
intake-step-is-done = erledigt
intake-step-is-now = läuft
intake-step-is-todo = kommt noch
intake-step-is-stopped = hier beendet
intake-question-title = Wir haben eine Frage an Sie
intake-answer = Ihre Antwort
intake-answer-hint = Bitte keine Passwörter und keine Lizenzschlüssel
intake-answer-send = Antwort senden
intake-access-title = Hat es geklappt?
intake-access = Hat der neue Kontakt Zugang?
intake-access-hint = Bitte prüfen Sie es auf my.atlassian.com (Data Center) oder admin.atlassian.com (Cloud).
intake-access-yes = Ja, der neue Kontakt ist eingetragen und kann sich anmelden
intake-access-yes-hint = Wir schließen den Vorgang ab.
intake-access-no = Nein, etwas fehlt noch
intake-access-no-hint = Wir fragen bei Atlassian nach.
intake-access-note = Was sehen Sie, was fehlt?
intake-access-note-hint = Hilft uns beim Nachfragen
intake-access-send = Rückmeldung senden

intake-own-access-title = Haben Sie jetzt Zugang?
intake-own-access-lead = Die Änderung ist nach unserer Kenntnis erledigt. Ob es klappt, wissen Sie am besten: Bitte melden Sie sich bei Atlassian an und sagen Sie uns, was Sie sehen.
intake-own-access = Sind Sie eingetragen, und können Sie sich anmelden?
intake-own-access-hint-data_center = Auf my.atlassian.com anmelden und die Lizenz aufklappen: Stehen Sie dort?
intake-own-access-hint-cloud = Auf admin.atlassian.com anmelden und „Billing“ öffnen: Sehen Sie die Abonnements?
intake-own-access-hint-cloud_partner_managed = Auf admin.atlassian.com/partner-managed-subscriptions anmelden: Sehen Sie die Abonnements?
intake-own-access-hint-unknown = Bei Data Center auf my.atlassian.com anmelden, bei Cloud auf admin.atlassian.com. Sehen Sie dort die Lizenzen oder Abonnements?
intake-own-access-yes = Ja, ich habe Zugang
intake-own-access-no = Nein, noch nicht
intake-own-done-title = Sie sind jetzt Kontaktperson
intake-own-done-lead = Der Vorgang ist abgeschlossen. Von Atlassian bekommen Sie künftig E-Mails zu Verlängerungen und Sicherheitshinweise.
intake-second-title = Unser Rat: eine zweite Kontaktperson
intake-second-why = Tragen Sie gleich eine zweite Person ein. Dann steht niemand vor verschlossener Tür, wenn jemand das Unternehmen verlässt.
intake-withdraw-title = Anfrage zurückziehen
intake-withdraw-text = Wir schließen den Vorgang und unternehmen nichts weiter. Liegt unsere Bitte schon bei Atlassian, kann die Änderung trotzdem noch vorgenommen werden.
intake-withdraw-button = Anfrage endgültig zurückziehen

## Neuer Kontakt
intake-successor-page-title = Möchten Sie die Atlassian-Lizenzen übernehmen?
intake-successor-page-lead = { $requester } hat Sie als neue Kontaktperson für die Atlassian-Lizenzen von { $company } genannt. Dafür brauchen wir Ihre Zustimmung.
intake-successor-page-duties = Was das bedeutet
intake-successor-page-duty-mail = Verlängerungen, Sicherheitshinweise und Lizenzschlüssel kommen an Ihre E-Mail-Adresse.
intake-successor-page-duty-manage = Sie können Lizenzen verwalten und weitere Kontakte eintragen. Tragen Sie am besten gleich einen zweiten ein.
intake-successor-page-duty-account = Sie brauchen ein Atlassian-Konto mit dieser Adresse. Haben Sie noch keines, lädt Atlassian Sie ein.
intake-successor-page-accept = Ja, ich übernehme
intake-successor-page-decline = Nein, ich lehne ab
intake-successor-page-not-you = Sie wissen nichts davon? Dann lehnen Sie bitte ab. Ohne Ihre Zustimmung wird nichts geändert.
intake-accepted-title = Danke für Ihre Zustimmung
intake-accepted-text = Sie müssen jetzt nichts weiter tun. Wir schließen die Prüfung ab und bitten Atlassian um den Wechsel. Sobald Sie als neuer Kontakt eingetragen sind, können Sie sich mit dieser E-Mail-Adresse bei Atlassian anmelden; haben Sie noch kein Konto, lädt Atlassian Sie ein.
intake-again-title = Danke für den Hinweis. Wir haken nach
intake-again-text = Es fehlt noch etwas, und wir klären das mit Atlassian. Sobald es erledigt sein soll, fragen wir Sie noch einmal.
intake-declined-title = Sie haben abgelehnt
intake-declined-text = Sie werden nicht Kontaktperson, und für Sie ändert sich nichts. Wer Sie genannt hat, sieht das auf der Seite des Vorgangs und kann jemand anderen nennen. Von uns hören Sie dazu nichts mehr.
intake-not-now-title = Im Moment gibt es nichts zu entscheiden
intake-not-now-text = Wir prüfen den Vorgang. Brauchen wir später Ihre Zustimmung, schreiben wir Ihnen noch einmal.
intake-over-title = Dieser Vorgang ist geschlossen
intake-over-text = Es gibt nichts mehr zu entscheiden.

## Widerspruch der bisherigen Kontaktperson
intake-objection-title = Sind Sie noch Kontaktperson?
intake-objection-lead = Uns wurde mitgeteilt, dass Sie nicht mehr bei { $company } tätig sind. Für die Atlassian-Lizenzen des Unternehmens soll deshalb jemand anderes als Kontakt eingetragen werden.
intake-objection-other-title = Ist dieser Kontaktwechsel richtig?
intake-objection-other-lead = Sie sind als Kontakt für die Atlassian-Lizenzen von { $company } eingetragen. Jemand möchte dort einen Kontakt ändern lassen; davon wäre auch eine Rolle betroffen, die Sie haben.
intake-objection-other-agree = Ist das in Ordnung, müssen Sie nichts tun.
intake-objection-other-disagree = Ist es das nicht oder wissen Sie nichts davon, widersprechen Sie bitte hier. Wir warten auf Ihre Antwort bis
intake-objection-agree = Stimmt das, müssen Sie nichts tun.
intake-objection-disagree = Stimmt es nicht, widersprechen Sie bitte hier. Wir warten auf Ihre Antwort bis
intake-objection-late = Stimmt es nicht, widersprechen Sie bitte hier. Der genannte Termin ist zwar vorbei, aber solange der Vorgang offen ist, zählt Ihr Widerspruch.
intake-objection-reason = Warum widersprechen Sie?
intake-objection-reason-hint = Ein Satz genügt. Bitte keine Passwörter.
intake-objection-button = Ich widerspreche dem Wechsel
intake-objection-after = Nach einem Widerspruch ruht der Vorgang, bis ihn jemand aus unserem Team geprüft hat.
intake-objected-title = Ihr Widerspruch ist angekommen
intake-objected-text = Der Vorgang ruht, bis ihn jemand aus unserem Team geprüft hat. Bis dahin geht nichts an Atlassian. Haben wir eine Frage, schreiben wir an diese Adresse.
intake-over-objection-text = Sind Sie mit dem Ergebnis nicht einverstanden oder wurde etwas gegen Ihren Willen geändert, antworten Sie bitte auf unsere E-Mail. Jemand aus unserem Team sieht sich das an.
