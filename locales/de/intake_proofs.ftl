# Was die Kundenseite zum Nachweis beitragen kann: der DNS-Eintrag.
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
