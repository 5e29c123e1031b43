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
intake-domain-copy = Kopieren
intake-domain-copy-name = Name kopieren
intake-domain-copy-text = Inhalt kopieren
intake-domain-copied = Kopiert
intake-domain-look = Jetzt prüfen
intake-domain-looked-shown = Der Eintrag ist da. Wir halten das in den nächsten Minuten fest.
intake-domain-looked-other = Unter diesem Namen gibt es einen Eintrag, aber mit anderem Inhalt. Bitte vergleichen Sie Zeichen für Zeichen.
intake-domain-looked-missing = Der Eintrag ist noch nicht da. Es kann bis zu einer Stunde dauern, bis ein neuer Eintrag überall sichtbar ist.
intake-domain-looked-unclear = Die Nameserver haben keine eindeutige Antwort gegeben. Bitte versuchen Sie es in einigen Minuten noch einmal; auch wir sehen weiter nach.
intake-domain-looked-later = Gerade wurde schon nachgesehen. Bitte warten Sie eine Minute; auch wir sehen weiter nach.
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
intake-vouched-text = Ihre Bestätigung ist bei uns angekommen. Mehr brauchen wir nicht von Ihnen: Wir schließen die Prüfung ab und bitten Atlassian um den Wechsel. Überlegen Sie es sich anders, antworten Sie auf unsere E-Mail.
