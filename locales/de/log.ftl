# Das Protokoll über alle Vorgänge: sein Kopf, seine Schlüssel, wohin es gelangt

log-hint = Jede Änderung an einem Vorgang wird mit einem Hashwert in ein einziges Protokoll eingetragen, das nur wächst. Wer einen älteren Kopf aufbewahrt hat, kann nachrechnen, dass seither nichts Früheres geändert wurde, ohne uns zu vertrauen.
log-present = Aktueller Kopf
log-size = Einträge
log-at = Stand
log-file = Als Datei
log-keep = Bewahren Sie Köpfe dort auf, wo niemand herankommt, der diesen Rechner betreibt. Geprüft wird mit der Datei dahinter:
log-none = Noch wurde nichts eingetragen.
log-behind = Das Protokoll hinkt hinterher
log-behind-text = Änderungen warten schon länger darauf, eingetragen zu werden. Läuft der Worker, und hat er den Schlüssel? „handover doctor“ sagt mehr.
log-elsewhere = Wohin Köpfe gelangen
log-nowhere = Köpfe verlassen diesen Rechner nicht von selbst. Wie Sie das einrichten, steht in docs/OPERATIONS.md.
log-outlet-file = In eine Datei an anderem Ort
log-outlet-mail = Täglich per E-Mail
log-outlet-time_stamper = Zum Zeitstempeldienst
log-outlet-done = Zuletzt der Kopf mit { $size } { $size ->
    [one] Eintrag
   *[other] Einträgen
},
log-outlet-never = Noch keiner.
log-outlet-failing = Gelingt nicht, seit
log-keys = Schlüssel
log-keys-text = Vergleichen Sie die Kennung mit der, die Sie auf anderem Weg bekommen haben. Jeder neue Schlüssel ist vom vorigen signiert.
log-key-since = Seit
log-key-signs = signiert jetzt
log-key-unsigned = vom vorigen nicht signiert
log-key-public = Öffentlicher Schlüssel
log-heads = Alle Köpfe
log-head = { $size ->
    [one] Kopf mit einem Eintrag
   *[other] Kopf mit { $size } Einträgen
}
log-stamp = Zeitstempel
