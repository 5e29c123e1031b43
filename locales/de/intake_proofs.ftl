# Was die Kundenseite zum Nachweis beitragen kann: der DNS-Eintrag und das Wort eines weiteren Kontakts.
intake-domain-title = Nachweis über die Domain { $domain }
intake-domain-offer = Schneller geht die Prüfung, wenn Ihre IT einen Eintrag im DNS von { $domain } setzt. Er zeigt uns, dass die Anfrage aus Ihrem Unternehmen kommt. Das ist freiwillig; wir prüfen auch auf anderen Wegen.
intake-domain-start = Eintrag anzeigen
intake-domain-waiting = Bitte geben Sie diesen Eintrag an Ihre IT weiter. Wir sehen regelmäßig nach, anfangs alle paar Minuten.
intake-domain-seen = Der Eintrag ist da, vielen Dank. Bitte lassen Sie ihn stehen, bis der Vorgang abgeschlossen ist.
intake-domain-record-type = Art
intake-domain-record-name = Name
intake-domain-record-text = Inhalt
intake-domain-record-since = Angefordert
intake-domain-help = So setzt Ihre IT den Eintrag
intake-domain-help-where = Der Eintrag gehört in die DNS-Zone von { $domain }, beim Anbieter der Domain oder auf Ihren Nameservern.
intake-domain-help-name = Viele Oberflächen hängen die Domain selbst an den Namen an. Geben Sie dort nur „_handover-challenge“ ein.
intake-domain-help-check = Ob er sichtbar ist, zeigt dieser Befehl:
intake-domain-help-harmless = Auf E-Mail und Website hat der Eintrag keinen Einfluss. Er enthält nichts Geheimes.
intake-domain-help-keep = Ist der Vorgang abgeschlossen, können Sie ihn löschen.

notice-challenge-started = Den Eintrag für Ihre IT finden Sie unten auf dieser Seite.

## Bestätigung durch einen weiteren Kontakt
intake-voucher-title = Ist dieser Kontaktwechsel richtig?
intake-voucher-lead = Für die Atlassian-Lizenzen von { $company } soll jemand anderes Kontaktperson werden. Sie sind bei uns als weitere Kontaktperson eingetragen; deshalb fragen wir Sie.
intake-voucher-why = Wir bitten Atlassian erst um den Wechsel, wenn wir sicher sind, dass er im Sinne des Unternehmens ist.
intake-voucher-self-dc = Oft geht es auch ohne uns: Wer bei Atlassian als weiterer technischer Kontakt (Technical Contact) oder Abrechnungskontakt (Billing Contact) der Lizenz eingetragen ist, kann auf my.atlassian.com häufig selbst neue Kontakte eintragen und den Hauptkontakt ändern.
intake-voucher-self-cloud = Oft geht es auch ohne uns: Wer bei Atlassian als Billing Admin eingetragen ist, kann auf admin.atlassian.com unter „Billing“ häufig selbst weitere Billing Admins hinzufügen.
intake-voucher-decision = Ihre Antwort
intake-voucher-decision-hint = Antworten Sie nur, wenn Sie es wissen. Fragen Sie sonst im Unternehmen nach.
intake-voucher-confirm = Ja, der Wechsel ist richtig
intake-voucher-confirm-hint = Die eingetragene Kontaktperson ist nicht mehr zuständig, und die neue soll es werden.
intake-voucher-object = Nein, ich widerspreche
intake-voucher-object-hint = Der Vorgang ruht, bis wir das geklärt haben.
intake-voucher-note = Was sollten wir wissen?
intake-voucher-note-hint = Ein Satz genügt. Bitte keine Passwörter.
intake-voucher-send = Antwort senden
intake-voucher-silence = Wenn Sie nicht antworten, gilt das weder als Zustimmung noch als Widerspruch.
intake-error-voucher = Bitte wählen Sie, ob der Wechsel richtig ist.
intake-vouched-title = Vielen Dank
intake-vouched-text = Ihre Bestätigung ist bei uns angekommen. Mehr brauchen wir nicht von Ihnen.

## Die Vollmacht für Briefpapier und Unterschrift
intake-letter-link = Vorlage für ein Schreiben auf Ihrem Briefpapier
intake-letter-back = Zurück zum Vorgang
intake-letter-lead = Drucken Sie dieses Schreiben auf Ihr Briefpapier, lassen Sie es von einer vertretungsberechtigten Person unterschreiben, und laden Sie es eingescannt auf der Seite Ihres Vorgangs hoch. Es enthält nur, was Sie selbst angegeben haben.
intake-letter-pdf = Als PDF herunterladen
intake-letter-print = Oder drucken Sie diese Seite mit der Druckfunktion Ihres Browsers.
intake-letter-no-pdf-title = Bitte drucken Sie diese Seite
intake-letter-no-pdf = Ein Name enthält ein Schriftzeichen, das wir in einem PDF nicht darstellen können. Nutzen Sie deshalb die Druckfunktion Ihres Browsers; gedruckt wird nur das Schreiben.
intake-letter-file = Vollmacht
intake-letter-title = Wechsel der Atlassian-Kontaktperson
intake-letter-reference = An { $reseller }, Vorgang { $number }
intake-letter-statement = { $departed } ist bei { $company } nicht mehr für die unten genannten Atlassian-Lizenzen zuständig. Wir bitten { $reseller }, den Wechsel der Kontaktperson für uns zu veranlassen.
intake-letter-company = Unternehmen
intake-letter-licences = Lizenzen
intake-letter-departed = Bisherige Kontaktperson
intake-letter-successor = Neue Kontaktperson
intake-letter-requester = Anfrage gestellt von
intake-letter-requester-may = { $requester } hat die Anfrage in unserem Namen gestellt.
intake-letter-authority = Wer hier unterschreibt, ist berechtigt, diese Erklärung für das Unternehmen abzugeben.
intake-letter-line-place-date = Ort, Datum
intake-letter-line-signature = Unterschrift
intake-letter-line-name = Name und Funktion in Druckbuchstaben
intake-letter-line-stamp = Firmenstempel, falls vorhanden
notice-letter-as-page = Ein Name enthält ein Schriftzeichen, das wir in einem PDF nicht darstellen können. Bitte drucken Sie diese Seite.
