# Rahmen aller Seiten, Formulare allgemein, Fehlerseiten

layout-skip = Zum Inhalt
layout-tagline = Kontaktwechsel für Atlassian-Lizenzen
layout-nav = Hauptnavigation
layout-cases = Vorgänge
layout-needs-me = Für mich
layout-needs-count = { $count ->
    [one] ein Vorgang
   *[other] { $count } Vorgänge
}
layout-sign-out = Abmelden
layout-sign-out-everywhere = Auf allen Geräten abmelden
layout-foot = Wir fragen nie nach Passwörtern oder Lizenzschlüsseln – weder hier noch per E-Mail oder Telefon.
layout-foot-desk = Handover speichert keine Atlassian-Zugangsdaten. Jede Änderung an einem Vorgang wird protokolliert.
layout-phone = Telefon:
layout-privacy = Datenschutz
layout-imprint = Impressum
layout-demo = Vorführbetrieb mit erfundenen Daten – nicht für den Echtbetrieb.
layout-demo-time = Zeit vergehen lassen
layout-demo-mail = Ausgegangene E-Mails ansehen

form-optional = (freiwillig)
form-error-prefix = Fehler:
form-error-title = { $count ->
    [one] Bitte prüfen Sie eine Angabe
   *[other] Bitte prüfen Sie { $count } Angaben
}

error-request-id = Kennung dieser Anfrage: { $id }
error-home = Zur Startseite
error-403-title = Dafür fehlt Ihnen die Berechtigung
error-403-text = Ihre Rolle erlaubt diesen Schritt nicht. Bitten Sie eine Kollegin oder einen Kollegen mit der passenden Rolle.
error-404-title = Diese Seite gibt es nicht
error-404-text = Vielleicht ist der Link unvollständig oder nicht mehr gültig. Wenn er aus einer E-Mail stammt, kopieren Sie ihn bitte ganz – er darf keinen Zeilenumbruch enthalten.
error-409-title = Das geht gerade nicht
error-409-text = Inzwischen hat sich etwas geändert. Laden Sie die Seite neu, um den aktuellen Stand zu sehen.
error-413-title = Das ist zu viel auf einmal
error-413-text = Ihre Eingabe ist größer, als wir annehmen können. Bitte kürzen Sie sie.
error-422-title = Das haben wir nicht verstanden
error-422-text = Die Anfrage war unvollständig. Bitte gehen Sie zurück und versuchen Sie es noch einmal.
error-429-title = Zu viele Anfragen
error-429-text = Von Ihrem Anschluss kamen in kurzer Zeit sehr viele Anfragen. Bitte versuchen Sie es in ein paar Minuten noch einmal.
error-500-title = Bei uns ist etwas schiefgegangen
error-500-text = Der Fehler liegt bei uns, nicht bei Ihnen, und ist bereits aufgezeichnet. Bitte versuchen Sie es in einigen Minuten noch einmal. Wenn Sie sich an uns wenden, nennen Sie bitte die Kennung.
error-503-title = Gerade nicht erreichbar
error-503-text = Wir können Ihre Anfrage im Moment nicht bearbeiten. Bitte versuchen Sie es in einer Minute noch einmal.

## Tastatur
keys-title = Tastenkürzel
keys-ctrl = Strg
keys-palette = Befehle und Suche
keys-palette-hint = Wohin, oder was tun?
keys-palette-none = Nichts gefunden
keys-palette-search = Suchen nach:
keys-palette-open = Vorgang öffnen:
keys-move = auf und ab; im Vorgang: nächster, voriger
keys-step = einen der nächsten Schritte öffnen
keys-letters-hint = Die einzelnen Buchstaben lassen sich abschalten, wenn ein Vorleseprogramm oder eine Spracheingabe sie braucht.
keys-close = Schließen
typed-restored = Ihre letzte Eingabe ist wiederhergestellt. Sie wurde noch nicht gesendet.

live-changed = Die Seite hat sich aktualisiert.
live-held = Hier hat sich gerade etwas geändert. Was Sie eingegeben haben, bleibt stehen.
live-update = Jetzt anzeigen
live-stale = Die Verbindung ist unterbrochen. Diese Seite zeigt vielleicht nicht den neuesten Stand.
