# Was an Formularen der Kundenseiten falsch sein kann. Jeder Satz sagt, wie es richtig wird.

intake-error-requester-name = Bitte geben Sie Ihren Vor- und Nachnamen an.
intake-error-requester-email = Bitte geben Sie Ihre geschäftliche E-Mail-Adresse an. Dorthin geht die Bestätigung.
intake-error-company = Bitte geben Sie den Namen des Unternehmens an, wie er auf der Lizenz oder Rechnung steht.
intake-error-hosting = Bitte wählen Sie, wie Sie Atlassian betreiben.
intake-error-departed-name = Bitte geben Sie den Namen der ausgeschiedenen Kontaktperson an.
intake-error-departed-email = Bitte geben Sie die E-Mail-Adresse an, die bei Atlassian für die ausgeschiedene Person hinterlegt ist.
intake-error-departed-email-both = Sie haben eine Adresse eingetragen und zugleich angekreuzt, dass Sie sie nicht kennen. Bitte löschen Sie die Adresse, oder entfernen Sie das Häkchen.
intake-error-contact-role = Bitte wählen Sie, wofür die Person Kontakt war. Wenn Sie es nicht wissen, wählen Sie „Beides“.
intake-error-successor-name = Bitte geben Sie den Namen der neuen Kontaktperson an, oder kreuzen Sie an, dass Sie es selbst werden.
intake-error-successor-email = Bitte geben Sie die E-Mail-Adresse der neuen Kontaktperson an, oder kreuzen Sie an, dass Sie es selbst werden.
intake-error-explanation = Bitte beschreiben Sie in ein, zwei Sätzen, was passiert ist und was Sie schon versucht haben.
intake-error-authority = Wir dürfen nur handeln, wenn Sie zu diesem Wechsel berechtigt sind. Bitte kreuzen Sie die Erklärung an.
intake-error-privacy = Bitte lesen Sie die Hinweise zum Datenschutz und kreuzen Sie das Feld an.

intake-error-line = Bitte schreiben Sie das in eine Zeile und nur mit sichtbaren Zeichen. Zeilenumbrüche und Steuerzeichen sind hier nicht möglich.
intake-error-hidden = Hier steht ein unsichtbares Zeichen ({ $character }). Bitte löschen Sie es und tippen Sie die Stelle neu ein, statt sie einzufügen.
intake-error-line-long = Das ist zu lang. Bitte kürzen Sie auf höchstens { $max } Zeichen.
intake-error-text-long = Das ist zu lang. Bitte kürzen Sie auf höchstens { $max } Zeichen.
intake-error-password = Hier scheint ein Passwort zu stehen. Bitte nehmen Sie es heraus: Wir brauchen es nicht, und in einem Vorgang darf kein Passwort aufbewahrt werden. Auch Atlassian braucht es nie.
intake-error-link = Hier steht ein persönlicher Link aus einer unserer E-Mails. Bitte nehmen Sie ihn heraus: Wer ihn liest, kann ihn benutzen.
intake-error-licence-key = Hier scheint ein Lizenzschlüssel zu stehen. Bitte nehmen Sie ihn heraus: Wer ihn hat, kann die Lizenz nutzen. Uns genügt die Nummer der Lizenz (SEN oder Entitlement-Nummer, E-…).
intake-error-email = Das ist keine vollständige E-Mail-Adresse. Bitte geben Sie nur die Adresse an, etwa name@firma.de.
intake-error-email-foreign = Diese Adresse gehört zu Atlassian oder zu uns. Bitte geben Sie eine Adresse Ihres eigenen Unternehmens an.
intake-error-address-taken = Diese Adresse gehört bereits jemand anderem in dieser Anfrage. Jede Person braucht ein eigenes Postfach.
intake-error-address-unchanged = Diese Adresse haben wir bereits.
intake-error-claim-atlassian = Bitte schreiben Sie, was Atlassian Ihnen mitgeteilt hat.
intake-error-claim-voucher = Bitte nennen Sie jemanden.

intake-error-entitlements = Bitte geben Sie mindestens eine Nummer oder Site an, eine pro Zeile: SEN-12345678, E-3W8-NHD-V5E-GM7 oder firma.atlassian.net.
intake-error-entitlements-many = Das sind mehr als { $max } Lizenzen. Bitte stellen Sie für je { $max } eine eigene Anfrage.
intake-error-entitlements-key = Das sieht nach einem Lizenzschlüssel aus. Bitte geben Sie nur die Nummer der Lizenz an, etwa SEN-12345678. Sie steht neben dem Schlüssel.
intake-error-entitlement = Zeile { $line }: „{ $text }“ erkennen wir nicht. Richtig wäre zum Beispiel SEN-12345678, E-3W8-NHD-V5E-GM7 oder firma.atlassian.net.
intake-error-entitlement-sen = Zeile { $line }: „{ $text }“ ist keine vollständige SEN. Auf SEN- folgen mindestens vier Ziffern und sonst nichts, zum Beispiel SEN-12345678.
intake-error-entitlement-number = Zeile { $line }: „{ $text }“ ist keine vollständige Entitlement-Nummer. Auf E- folgen vier Gruppen aus je drei Zeichen, zum Beispiel E-3W8-NHD-V5E-GM7.
intake-error-entitlement-site = Zeile { $line }: „{ $text }“ ist nicht die Adresse einer Cloud-Site. Sie endet auf .atlassian.net; bei Data Center geben Sie bitte die SEN an.
intake-error-entitlement-account = Zeile { $line }: „{ $text }“ ist die Nummer eines Abrechnungskontos. Bitte geben Sie die Nummer der Lizenz an, zum Beispiel SEN-12345678 oder E-3W8-NHD-V5E-GM7.
intake-error-entitlement-address = Zeile { $line }: „{ $text }“ ist eine E-Mail-Adresse. Hierher gehören nur Lizenznummern und Cloud-Sites.

intake-propose-entitlement = Zeile { $line }: Meinen Sie { $proposed }? Eingegeben war „{ $text }“. Stimmt der Vorschlag, bestätigen Sie ihn mit der Schaltfläche unten; sonst berichtigen Sie bitte die Zeile.
intake-propose-email = Meinen Sie { $proposed }? Stimmt der Vorschlag, bestätigen Sie ihn mit der Schaltfläche unten; sonst berichtigen Sie bitte die Adresse.
intake-propose-day = Sie haben nur den Monat genannt. Wir würden den { $day } vermerken. Ist das recht, bestätigen Sie es mit der Schaltfläche unten; sonst geben Sie bitte einen anderen Tag an.
intake-error-departed-is-requester = Das ist Ihre eigene Adresse. Wenn Sie dieses Postfach noch lesen, können Sie den Kontakt ohne uns ändern; die Startseite sagt, wie. Sonst geben Sie bitte die Adresse der ausgeschiedenen Person an.
intake-error-day = Bitte schreiben Sie den Tag wie 31.01.2026 oder den Monat wie Januar 2026, oder lassen Sie das Feld leer.
intake-error-day-future = Dieser Tag liegt noch in der Zukunft. Solange die Kontaktperson da ist, kann sie selbst übergeben; die Startseite sagt, wie.
intake-error-successor-is-departed = Das ist die Adresse der ausgeschiedenen Person. Bitte geben Sie die Adresse der neuen Kontaktperson an.
intake-error-successor-shares-mailbox = Das ist Ihre eigene Adresse. Kreuzen Sie an, dass Sie selbst die neue Kontaktperson werden, oder geben Sie deren persönliche Adresse an.
intake-error-request-id = Das Formular kam ohne gültige Kennung an und hat eine neue bekommen. Bitte senden Sie es noch einmal ab.

intake-error-answer = Bitte schreiben Sie eine Antwort.
intake-error-access = Bitte wählen Sie, ob der neue Kontakt Zugang hat.
intake-error-decision = Bitte wählen Sie eine der beiden Schaltflächen am Ende der Seite.

notice-answered = Danke, Ihre Antwort ist angekommen.
notice-access-confirmed = Danke für die Bestätigung. Der Vorgang ist abgeschlossen.
notice-access-said = Danke. Wir warten noch auf das Wort der neuen Kontaktperson.
notice-access-reported = Danke für den Hinweis. Wir haken nach.
notice-withdrawn = Ihre Anfrage ist zurückgezogen.
