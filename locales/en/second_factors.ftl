# Second factor: what staff show beside their password

second-factors-title = Second factor
second-factors-what = A stolen password opens nothing if you show something else when you sign in: a passkey, or a code of an authenticator app. A passkey is safer: it works on the real address of Handover alone. A code can be caught by a page that looks like ours and used at once.
second-factors-yours = Your passkeys and apps
second-factors-none = None yet.
second-factor-must = Set up a second factor
second-factor-must-text = Your role demands one, and the time for it is over. Until you have set one up, nothing else can be done in Handover.
second-factor-missing = You have no second factor
second-factor-missing-text = The role demands one. Without it, nothing else can be done from:
second-factor-kind-totp = Authenticator app
second-factor-kind-passkey = Passkey
second-factor-refused = Refused: maybe copied
second-factor-since = Since
second-factor-used = last used
second-factor-remove = Remove
second-factor-cancel = Cancel
second-factor-name = Name (optional)
second-factor-password = Your password
second-factor-code = Code
second-factor-code-hint = Six digits of your app, or one of your recovery codes.
second-factor-fresh-first = First show the second factor that you have already; that counts for { $minutes } minutes.
second-factor-wrong = This code is wrong, or was used already. Wait for the next one, and check the clock of your device.
second-factor-password-wrong = This password is wrong.
second-factor-too-often = Too many wrong entries. Try again in { $minutes ->
    [one] a minute
   *[other] { $minutes } minutes
}, or use a passkey or a recovery code.
second-factor-too-many = You have as many of these as Handover allows, or this one already. Remove one first.
second-factor-own-reset = Nobody resets their own second factor. Another administrator can.
second-factor-add-passkey = Add a passkey
second-factor-passkey-what = A passkey lies on your device or on a security key. You confirm it with finger, face or PIN; to sign in with it you need no password.
second-factor-passkey-name-hint = To know it again, for example “laptop”.
second-factor-passkey-needs-script = Passkeys need JavaScript and a current browser. A code of an app works without.
second-factor-passkey-no-domain = Passkeys can't be used at this address: browsers allow them for a name, not for an IP address.
second-factor-passkey-failed = The passkey was not used. Try again, or take a code.
second-factor-passkey-over = That took too long, or came from another window. Please try again.
second-factor-passkey-unknown = This passkey belongs to no account that gets you on here.
second-factor-passkey-wrong = This passkey could not be verified. Please try again.
second-factor-passkey-copied = This passkey is refused from now on: its counter went back, so there may be a copy. We have written to you about it.
second-factor-by-passkey = Use a passkey
second-factor-sign-in-by-passkey = Sign in with a passkey
second-factor-add-totp = Add an authenticator app
second-factor-totp-what = The app shows a new code of six digits every 30 seconds.
second-factor-totp-name-hint = To know it again, for example “work phone”.
second-factor-totp-scan = Scan this picture with your authenticator app.
second-factor-totp-picture = QR code for the authenticator app; the key stands below as text.
second-factor-totp-type = Or type this key:
second-factor-totp-open = Open in an app on this device
second-factor-totp-confirm = Confirm the app
second-factor-totp-confirm-hint = The six digits that the app shows now. Only then it counts.
recovery-codes-title = Recovery codes
recovery-codes-once = You see these codes this once. Print them, or put them into your password manager.
recovery-codes-how = Each is good once, in place of a code of the app, if you lose your device. We write to you whenever one is used.
recovery-codes-kept = I have kept them
recovery-codes-left = { $count ->
    [0] You have no unused recovery code left.
    [one] You have one unused recovery code left.
   *[other] You have { $count } unused recovery codes left.
}
recovery-codes-renew = Make ten new ones
step-up-title-code = Show your second factor
step-up-text-code = It has to be fresh for this step. What you typed is kept.
step-up-title-password = Enter your password
step-up-text-password = We ask for it once more for this step. What you typed is kept.
step-up-text-before = It has to be fresh for this step. You enter the passwords again after that: we do not keep them.
step-up-title-provider = Sign in once more
step-up-text-provider = This step wants { $label } to have asked you just now who you are. You come back here afterwards and can take the step.
step-up-go-there = Sign in anew at { $label }
second-factors-elsewhere = You have no password here. So before you set up a second factor, { $label } asks once more who you are. You have { $minutes } minutes after that.
step-up-go-on = Continue
second-step-title = Second step of signing in
second-step-text = Your password is right. Now show your second factor.
second-step-again = Sign in from the beginning
second-step-lost = Lost everything, even the recovery codes? An administrator can reset your second factor.
notice-second-step-over = Signing in took too long, or does not count any more. Please begin again.
notice-second-factor-added = The second factor is set up. All your other sessions have ended.
notice-second-factor-removed = The second factor is removed. All your other sessions have ended.
notice-second-factors-reset = The second factor is reset. The person is signed out everywhere and gets an e-mail.
second-factors-people = People
second-factors-has = { $apps ->
    [0] no app
    [one] one app
   *[other] { $apps } apps
}, { $passkeys ->
    [0] no passkey
    [one] one passkey
   *[other] { $passkeys } passkeys
}
second-factors-reset = Reset second factor
second-factors-reset-hint = A reset is for somebody who has lost everything. Make sure first that it is really this person who asks, best in person or by the telephone number you know. Their password is then enough to set up a new factor. The person gets an e-mail, the trail of changes a line.
second-factor-news-subject = Your second factor in Handover
second-factor-news-totp_added = An authenticator app was set up for your account: { $device }.
second-factor-news-passkey_added = A passkey was set up for your account: { $device }.
second-factor-news-totp_removed = An authenticator app was removed from your account: { $device }.
second-factor-news-passkey_removed = A passkey was removed from your account: { $device }.
second-factor-news-passkey_refused = A passkey of your account is refused: { $device }. Its counter went back, so there may be a copy. All your sessions have ended.
second-factor-news-recovery_code_used = One of your recovery codes was used for your account. Unused ones left: { $left }.
second-factor-news-recovery_codes_renewed = Your recovery codes were replaced with new ones.
second-factor-news-wrong_codes = Somebody entered a wrong code for your account several times in a row. For that one has to know your password or be in your session.
second-factor-news-reset = An administrator has reset your second factor. All your sessions have ended. Set up a new one when you sign in next.
