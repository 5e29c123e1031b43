# Konten der Mitarbeitenden: das eigene und die der anderen

account-title = Ihr Konto
account-more = Sicherheit und Programme
account-password-current = Bisheriges Passwort
account-password-new = Neues Passwort
account-password-change = Passwort ändern
account-password-ends = Alle Ihre anderen Sitzungen werden beendet. Sie erhalten eine E-Mail darüber.
account-password-factor-first = Bevor Sie Ihr Passwort ändern, zeigen Sie bitte Ihren zweiten Faktor.
account-password-none = Ihr Konto hat kein Passwort; Sie melden sich auf anderem Weg an.
account-password-wrong = Das ist nicht Ihr bisheriges Passwort.
account-sessions = Wo Sie angemeldet sind
account-session-this = Diese hier
account-session-unknown = Unbekannter Browser
account-session-since = seit
account-session-seen = zuletzt aktiv
account-session-end = Beenden
account-sessions-end = Alle anderen Sitzungen beenden
account-session-with-password = Passwort
account-session-with-passkey = Passkey
account-session-with-provider = Firmenkonto
account-session-factor-totp = Code aus einer App
account-session-factor-recovery_code = Wiederherstellungscode
account-session-factor-passkey = Passkey
account-session-factor-provider = zweiter Faktor des Firmenkontos
account-language = Sprache der Seiten und E-Mails
account-notifications = Worüber Sie E-Mails erhalten
notice-password-changed = Ihr Passwort ist geändert. Alle anderen Sitzungen sind beendet.
notice-session-ended = Die Sitzung ist beendet.
notice-sessions-ended = Die Sitzungen sind beendet.

## Passwörter
password-hint = Mindestens { $least } Zeichen. Gut sind vier oder fünf Wörter, die nichts miteinander zu tun haben; Namen, Tastenreihen und das Jahr sind es nicht.
password-too-short = Das Passwort braucht mindestens { $number } Zeichen.
password-too-long = Das Passwort ist länger als { $number } Byte.
password-guessable = Dieses Passwort ist leicht zu erraten: Es besteht aus häufigen Wörtern oder Namen, Tastenreihen oder Wiederholungen. Nehmen Sie einige Wörter, die nichts miteinander zu tun haben.
reset-title = Neues Passwort setzen
reset-text = Geben Sie die Adresse Ihres Kontos ein. Gibt es eines, erhalten Sie eine E-Mail mit einem Link.
reset-ask = Link senden
reset-asked = Wenn es unter dieser Adresse ein Konto mit Passwort gibt, ist eine E-Mail mit einem Link unterwegs. Der Link gilt einmal und eine Stunde lang.
reset-no-mail = Nichts angekommen? Höchstens alle zehn Minuten wird eine E-Mail gesendet. Sonst fragen Sie bitte Ihre Administration.
reset-whose = Für das Konto { $address }. Alle Sitzungen werden beendet; ein zweiter Faktor bleibt, wie er ist.
reset-set = Passwort setzen
notice-password-set = Ihr Passwort ist gesetzt. Bitte melden Sie sich damit an.
link-ended-title = Dieser Link gilt nicht mehr
link-ended-invitation = Er wurde benutzt, erneut gesendet oder zurückgezogen, oder er ist älter als eine Woche. Bitten Sie die Person, die Sie eingeladen hat, um einen neuen.
link-ended-reset = Er wurde benutzt oder ist zu alt. Sie können einen neuen anfordern.

## Einladungen
invitation-title = Ihr Zugang zu Handover
invitation-text = Sie sind als { $address } eingeladen. Ihre Rolle:
invitation-name = Ihr Name
invitation-name-hint = So, wie Kolleginnen, Kollegen und Kunden Sie kennen.
invitation-no-name = Geben Sie Ihren Namen an: höchstens 100 Zeichen und keine wie in Adressen (@ : / < >).
invitation-accept = Konto anlegen
invitation-not-you = Das ist nicht Ihre Adresse? Dann schließen Sie bitte diese Seite; die Einladung ist nicht für Sie.
notice-account-made = Ihr Konto ist angelegt. Bitte melden Sie sich an.

## Verwaltung
administration-page-staff = Konten
administration-page-staff-text = Wer sich mit welcher Rolle anmelden darf und wer eingeladen ist.
administration-state-staff = { $staff ->
    [one] ein aktives Konto
   *[other] { $staff } aktive Konten
}, { $invitations ->
    [0] niemand eingeladen
    [one] eine Einladung offen
   *[other] { $invitations } Einladungen offen
}
staff-lead = Jede Änderung steht im Änderungsprotokoll, und alle anderen mit den Rollen Administration und Revision erfahren sie per E-Mail.
staff-accounts = Konten
staff-you = Sie
staff-deactivated = Deaktiviert
staff-last-signed-in = Zuletzt angemeldet
staff-never-signed-in = Noch nie angemeldet
staff-no-password = kein Passwort
staff-sessions = { $count ->
    [0] keine Sitzung
    [one] eine Sitzung
   *[other] { $count } Sitzungen
}
staff-cases = { $count ->
    [0] kein offener Vorgang
    [one] ein offener Vorgang
   *[other] { $count } offene Vorgänge
}
staff-cases-left = { $count ->
    [one] Ein Vorgang nicht übergeben
   *[other] { $count } Vorgänge nicht übergeben
}
staff-open-cases = Offene Vorgänge
staff-more-cases = { $count ->
    [one] und ein weiterer
   *[other] und { $count } weitere
}
staff-own = Das ist Ihr eigenes Konto. Ihre Rolle und Ihren Zugang ändert eine andere Person mit der Rolle Administration.
staff-role = Rolle
staff-role-agent = Bearbeitet Vorgänge und schreibt Entwürfe.
staff-role-approver = Gibt außerdem frei, was andere geschrieben haben.
staff-role-admin = Verwaltet außerdem Konten und Textbausteine.
staff-role-auditor = Liest alles, ändert nichts.
staff-role-change = Rolle ändern
staff-role-ends-sessions = Alle Sitzungen dieser Person werden beendet.
staff-others-told = Alle anderen mit den Rollen Administration und Revision erfahren davon per E-Mail.
staff-sessions-title = Sitzungen
staff-sign-out = Überall abmelden
staff-deactivate = Deaktivieren
staff-deactivate-text = Alle Sitzungen, Links und das Passwort enden sofort. Das Konto bleibt, weil Vorgänge und Protokoll es nennen.
staff-new-owner = { $count ->
    [one] Wer den offenen Vorgang bekommt
   *[other] Wer die { $count } offenen Vorgänge bekommt
}
staff-nobody = Niemand
staff-cases-nobodys = Diese Person kann keine Vorgänge mehr bearbeiten; diese hier gelten als frei.
staff-hand-over = Übergeben
staff-reactivate = Wieder zulassen
staff-reactivate-text = Die Person erhält eine E-Mail mit einem Link, um ein neues Passwort zu setzen. Die Rolle bleibt, wie sie war.
staff-invite = Jemanden einladen
staff-invite-hint = Dorthin geht der Link. Wer ihn hat, bekommt das Konto.
staff-invite-language = Sprache der Einladung
staff-invite-send = Einladung senden
staff-invite-address = Das ist keine E-Mail-Adresse.
staff-invite-known = Zu diesem Postfach gibt es schon ein Konto, vielleicht ein deaktiviertes.
staff-invite-invited = Diese Adresse ist schon eingeladen.
staff-invite-foreign = Diese Adresse ist bei einem Kunden hinterlegt oder gehört zu Atlassian. Von dort arbeitet niemand für uns.
staff-invite-too-many = Es gibt 100 offene Einladungen. Ziehen Sie zuerst einige zurück.
staff-invite-other-domain = Niemand bei uns hat eine Adresse unter dieser Domain. Bestätigen Sie sie, wenn sie richtig geschrieben ist.
staff-invite-confirm-domain = Die Domain { $domain } ist richtig.
staff-invitations = Einladungen
staff-invitation-open = Offen
staff-invitation-expired = Abgelaufen
staff-invitation-sent = gesendet
administration-page-services = Dienstkonten
administration-page-services-text = Welche Programme mit eigenem Konto arbeiten und was sie dürfen.
administration-state-services = { $services ->
    [one] 1 aktives Dienstkonto
   *[other] { $services } aktive Dienstkonten
}
services-lead = Mit einem Dienstkonto meldet sich niemand an: Programme arbeiten damit über Token.
services-new = Ein neues entsteht mit seinem ersten Token.
services-none = Es gibt keine Dienstkonten.
services-since = angelegt
services-tokens = { $count ->
    [one] 1 gültiges Token
   *[other] { $count } gültige Token
}
services-its-tokens = Token dieses Kontos
services-deactivate-text = Alle Token dieses Kontos enden sofort und endgültig. Das Konto bleibt, weil Vorgänge und Protokoll es nennen.
services-reactivate-text = Das Konto kann wieder Token erhalten. Beendete Token gelten nicht wieder; legen Sie danach ein neues an.
notice-service-deactivated = Das Dienstkonto ist deaktiviert; seine Token gelten nicht mehr.
notice-service-reactivated = Das Dienstkonto ist wieder zugelassen. Es hat noch kein Token.
staff-refused-oneself = Ihre eigene Rolle und Ihren eigenen Zugang können Sie nicht ändern. Bitten Sie eine andere Person mit der Rolle Administration.
staff-refused-last-admin = Das ist das letzte aktive Konto mit der Rolle Administration. Geben Sie die Rolle zuerst jemand anderem.
notice-invited = Die Einladung ist unterwegs.
notice-invited-just-now = Die Einladung wurde gerade erst gesendet. Bitte warten Sie fünf Minuten.
notice-invitation-withdrawn = Die Einladung ist zurückgezogen; ihr Link gilt nicht mehr.
notice-role-changed = Die Rolle ist geändert.
notice-deactivated = Das Konto ist deaktiviert. Vorgänge, die nicht übergeben werden konnten, stehen unten.
notice-handed-over = Die Vorgänge sind übergeben.
notice-reactivated = Eine E-Mail mit dem Link für ein neues Passwort ist unterwegs.
alarm-guessing = { $count } falsche Anmeldeversuche binnen einer Viertelstunde
alarm-guessing-text = Vielleicht probiert jemand Passwörter aus. Konten: { $accounts }; Netze: { $networks }. Bekannte Browser bremst das nicht.

## E-Mails
account-changed-invited = Jemand wurde eingeladen.
account-changed-joined = Eine Einladung wurde angenommen.
account-changed-joined_by_provider = Für jemanden, der sich über einen Anmeldedienst angemeldet hat, wurde ein Konto angelegt.
account-changed-identity_bound = Eine Identität bei einem Anmeldedienst öffnet ab jetzt dieses Konto.
account-changed-identity_unbound = Die Identität bei einem Anmeldedienst wurde vom Konto gelöst.
account-changed-service_added = Ein Dienstkonto für Programme wurde angelegt.
account-changed-role_changed = Die Rolle wurde geändert.
account-changed-deactivated = Das Konto wurde deaktiviert.
account-changed-reactivated = Das Konto ist wieder zugelassen.
account-changed-who = Durch: { $who }
account-changed-provider = Durch: Anmeldedienst { $provider }
account-changed-command-line = Durch: Kommandozeile
account-changed-role = Rolle:
