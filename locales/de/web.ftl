# Antworten, die nein sagen, und kurze Sätze, nachdem etwas getan ist

error-sign-in = Anmelden
error-400-title = Wir konnten die Zeichen nicht lesen
error-400-text = Die Angaben kamen nicht in UTF-8 an. Mit einem Browser passiert das nicht; wenn ein Skript das Formular sendet, lassen Sie es bitte alle Felder in UTF-8 kodieren.
error-401-title = Sie sind nicht angemeldet
error-401-text = Ihre Sitzung ist beendet, deshalb wurde nichts gespeichert. Gehen Sie zurück, um Ihre Eingaben zu behalten, melden Sie sich in einem anderen Tab an und senden Sie das Formular erneut ab.
error-405-title = Das geht hier nicht
error-405-text = Diese Adresse lässt sich nur über ein Formular benutzen. Bitte beginnen Sie auf der Seite davor.
error-cross-site-title = Diese Anfrage kam von einer fremden Seite
error-cross-site-text = Zu Ihrem Schutz wurde nichts geändert. Bitte öffnen Sie Handover direkt und versuchen Sie es dort noch einmal.
error-stale-title = Inzwischen hat sich etwas geändert
error-stale-text = Die Seite war nicht mehr aktuell, deshalb wurde nichts geändert. Laden Sie sie neu und sehen Sie nach, bevor Sie es noch einmal versuchen.
notice-signed-out = Sie sind abgemeldet.
role-auditor = Revision
role-agent = Sachbearbeitung
role-approver = Freigabe
role-admin = Administration
