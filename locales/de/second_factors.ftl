# Zweiter Faktor: was Bearbeiter neben dem Passwort zeigen

second-factors-title = Zweiter Faktor
second-factors-what = Ein gestohlenes Passwort öffnet nichts, wenn Sie bei der Anmeldung noch etwas anderes zeigen: einen Passkey oder einen Code aus einer Authenticator-App. Ein Passkey ist sicherer: Er funktioniert nur auf der echten Adresse von Handover. Einen Code kann eine nachgemachte Seite abfangen und sofort weiterverwenden.
second-factors-yours = Ihre Passkeys und Apps
second-factors-none = Noch keine.
second-factor-must = Richten Sie einen zweiten Faktor ein
second-factor-must-text = Ihre Rolle verlangt ihn, und die Frist ist abgelaufen. Bis Sie einen eingerichtet haben, ist in Handover nichts anderes möglich.
second-factor-missing = Ihnen fehlt ein zweiter Faktor
second-factor-missing-text = Die Rolle verlangt ihn. Ohne ihn ist nichts anderes mehr möglich ab:
second-factor-kind-totp = Authenticator-App
second-factor-kind-passkey = Passkey
second-factor-refused = Gesperrt: vielleicht kopiert
second-factor-since = Seit
second-factor-used = zuletzt benutzt
second-factor-remove = Entfernen
second-factor-cancel = Abbrechen
second-factor-name = Bezeichnung (freiwillig)
second-factor-password = Ihr Passwort
second-factor-code = Code
second-factor-code-hint = Sechs Ziffern aus Ihrer App oder einer Ihrer Wiederherstellungscodes.
second-factor-fresh-first = Zeigen Sie zuerst den zweiten Faktor, den Sie schon haben; das gilt dann { $minutes } Minuten lang.
second-factor-wrong = Dieser Code stimmt nicht oder wurde schon benutzt. Warten Sie auf den nächsten, und prüfen Sie die Uhr Ihres Geräts.
second-factor-password-wrong = Dieses Passwort stimmt nicht.
second-factor-too-often = Zu viele falsche Eingaben. Versuchen Sie es in { $minutes ->
    [one] einer Minute
   *[other] { $minutes } Minuten
} noch einmal, oder verwenden Sie einen Passkey oder einen Wiederherstellungscode.
second-factor-too-many = Sie haben schon so viele davon, wie Handover zulässt, oder diesen hier bereits. Entfernen Sie zuerst einen.
second-factor-own-reset = Den eigenen zweiten Faktor setzt niemand selbst zurück. Das kann jemand anderes aus der Administration.
second-factor-add-passkey = Passkey hinzufügen
second-factor-passkey-what = Ein Passkey liegt auf Ihrem Gerät oder einem Sicherheitsschlüssel. Sie bestätigen ihn mit Finger, Gesicht oder PIN; ein Passwort brauchen Sie damit bei der Anmeldung nicht.
second-factor-passkey-name-hint = Damit Sie ihn wiedererkennen, zum Beispiel „Laptop“.
second-factor-passkey-needs-script = Passkeys brauchen JavaScript und einen aktuellen Browser. Mit einem Code aus einer App geht es auch ohne.
second-factor-passkey-no-domain = Unter dieser Adresse sind keine Passkeys möglich: Browser erlauben sie nur für einen Namen, nicht für eine IP-Adresse.
second-factor-passkey-failed = Der Passkey wurde nicht verwendet. Versuchen Sie es noch einmal, oder nehmen Sie einen Code.
second-factor-passkey-over = Das hat zu lange gedauert oder kam aus einem anderen Fenster. Bitte versuchen Sie es noch einmal.
second-factor-passkey-unknown = Dieser Passkey gehört nicht zu einem Zugang, mit dem Sie hier weiterkommen.
second-factor-passkey-wrong = Dieser Passkey konnte nicht geprüft werden. Bitte versuchen Sie es noch einmal.
second-factor-passkey-copied = Dieser Passkey ist ab jetzt gesperrt: Sein Zähler ging zurück, es könnte also eine Kopie geben. Wir haben Ihnen dazu geschrieben.
second-factor-by-passkey = Passkey verwenden
second-factor-sign-in-by-passkey = Mit Passkey anmelden
second-factor-add-totp = Authenticator-App hinzufügen
second-factor-totp-what = Die App zeigt alle 30 Sekunden einen neuen Code aus sechs Ziffern.
second-factor-totp-name-hint = Damit Sie sie wiedererkennen, zum Beispiel „Diensttelefon“.
second-factor-totp-scan = Scannen Sie dieses Bild mit Ihrer Authenticator-App.
second-factor-totp-picture = QR-Code für die Authenticator-App; der Schlüssel steht darunter als Text.
second-factor-totp-type = Oder tippen Sie diesen Schlüssel ein:
second-factor-totp-open = In einer App auf diesem Gerät öffnen
second-factor-totp-confirm = App bestätigen
second-factor-totp-confirm-hint = Die sechs Ziffern, die die App jetzt zeigt. Erst danach zählt sie.
recovery-codes-title = Wiederherstellungscodes
recovery-codes-once = Diese Codes sehen Sie nur dieses eine Mal. Drucken Sie sie aus, oder legen Sie sie in Ihren Passwort-Manager.
recovery-codes-how = Jeder gilt einmal, anstelle eines Codes aus der App, falls Sie Ihr Gerät verlieren. Bei jeder Verwendung schreiben wir Ihnen.
recovery-codes-kept = Ich habe sie aufbewahrt
recovery-codes-left = { $count ->
    [0] Sie haben keinen unbenutzten Wiederherstellungscode mehr.
    [one] Sie haben noch einen unbenutzten Wiederherstellungscode.
   *[other] Sie haben noch { $count } unbenutzte Wiederherstellungscodes.
}
recovery-codes-renew = Zehn neue erzeugen
step-up-title-code = Zeigen Sie Ihren zweiten Faktor
step-up-text-code = Für diesen Schritt muss er frisch sein. Was Sie eingegeben haben, bleibt erhalten.
step-up-title-password = Geben Sie Ihr Passwort ein
step-up-text-password = Für diesen Schritt fragen wir noch einmal danach. Was Sie eingegeben haben, bleibt erhalten.
step-up-text-before = Für diesen Schritt muss er frisch sein. Danach geben Sie die Passwörter noch einmal ein: Wir behalten sie nicht.
step-up-title-provider = Melden Sie sich noch einmal an
step-up-text-provider = Dieser Schritt verlangt, dass { $label } Sie gerade eben nach Ihrer Anmeldung gefragt hat. Danach kommen Sie hierher zurück und können den Schritt ausführen.
step-up-go-there = Bei { $label } neu anmelden
second-factors-elsewhere = Sie haben hier kein Passwort. Bevor Sie einen zweiten Faktor einrichten, fragt { $label } deshalb noch einmal, wer Sie sind. Danach haben Sie { $minutes } Minuten Zeit.
step-up-go-on = Weiter
second-step-title = Zweiter Schritt der Anmeldung
second-step-text = Ihr Passwort stimmt. Zeigen Sie jetzt Ihren zweiten Faktor.
second-step-again = Von vorn anmelden
second-step-lost = Alles verloren, auch die Wiederherstellungscodes? Die Administration kann Ihren zweiten Faktor zurücksetzen.
notice-second-step-over = Die Anmeldung hat zu lange gedauert oder gilt nicht mehr. Bitte beginnen Sie von vorn.
notice-second-factor-added = Der zweite Faktor ist eingerichtet. Alle Ihre anderen Sitzungen sind beendet.
notice-second-factor-removed = Der zweite Faktor ist entfernt. Alle Ihre anderen Sitzungen sind beendet.
notice-second-factors-reset = Der zweite Faktor ist zurückgesetzt. Die Person ist überall abgemeldet und bekommt eine E-Mail.
second-factors-people = Personen
second-factors-has = { $apps ->
    [0] keine App
    [one] eine App
   *[other] { $apps } Apps
}, { $passkeys ->
    [0] kein Passkey
    [one] ein Passkey
   *[other] { $passkeys } Passkeys
}
second-factors-reset = Zweiten Faktor zurücksetzen
second-factors-reset-hint = Zurücksetzen ist für den Fall, dass jemand alles verloren hat. Vergewissern Sie sich vorher, dass wirklich diese Person fragt, am besten persönlich oder unter ihrer bekannten Telefonnummer. Danach genügt ihr Passwort, um einen neuen Faktor einzurichten. Die Person bekommt eine E-Mail, das Änderungsprotokoll eine Zeile.
second-factor-news-subject = Ihr zweiter Faktor in Handover
second-factor-news-totp_added = Für Ihren Zugang wurde eine Authenticator-App eingerichtet: { $device }.
second-factor-news-passkey_added = Für Ihren Zugang wurde ein Passkey eingerichtet: { $device }.
second-factor-news-totp_removed = Eine Authenticator-App wurde von Ihrem Zugang entfernt: { $device }.
second-factor-news-passkey_removed = Ein Passkey wurde von Ihrem Zugang entfernt: { $device }.
second-factor-news-passkey_refused = Ein Passkey Ihres Zugangs ist gesperrt: { $device }. Sein Zähler ging zurück, es könnte also eine Kopie geben. Alle Ihre Sitzungen sind beendet.
second-factor-news-recovery_code_used = Mit einem Ihrer Wiederherstellungscodes wurde Ihr Zugang benutzt. Unbenutzt sind noch: { $left }.
second-factor-news-recovery_codes_renewed = Ihre Wiederherstellungscodes wurden durch neue ersetzt.
second-factor-news-wrong_codes = Jemand hat mehrmals hintereinander einen falschen Code für Ihren Zugang eingegeben. Dazu muss man Ihr Passwort kennen oder in Ihrer Sitzung sein.
second-factor-news-reset = Die Administration hat Ihren zweiten Faktor zurückgesetzt. Alle Ihre Sitzungen sind beendet. Richten Sie bei der nächsten Anmeldung einen neuen ein.
