# Accounts of staff: one's own, and those of others

account-title = Your account
account-more = Security and programs
account-password-current = Present password
account-password-new = New password
account-password-change = Change password
account-password-ends = All your other sessions end. You are told by e-mail.
account-password-factor-first = Before you change your password, please show your second factor.
account-password-none = Your account has no password; you sign in by other means.
account-password-wrong = This is not your present password.
account-sessions = Where you are signed in
account-session-this = This one
account-session-unknown = Unknown browser
account-session-since = since
account-session-seen = last seen
account-session-end = End
account-sessions-end = End all other sessions
account-session-with-password = Password
account-session-with-passkey = Passkey
account-session-with-provider = Company account
account-session-factor-totp = code from an app
account-session-factor-recovery_code = recovery code
account-session-factor-passkey = passkey
account-session-factor-provider = second factor of the company account
account-language = Language of the pages and e-mails
account-notifications = What you are told by e-mail
notice-password-changed = Your password is changed. All other sessions have ended.
notice-session-ended = The session has ended.
notice-sessions-ended = The sessions have ended.

## Passwords
password-hint = At least { $least } characters. Four or five words that have nothing to do with each other are good; names, rows of keys and the year are not.
password-too-short = The password needs at least { $number } characters.
password-too-long = The password is longer than { $number } bytes.
password-guessable = This password is easy to guess: it is made of common words or names, rows of keys or repetitions. Take some words that have nothing to do with each other.
reset-title = Set a new password
reset-text = Enter the address of your account. If there is one, you get an e-mail with a link.
reset-ask = Send the link
reset-asked = If there is an account with a password at this address, an e-mail with a link is on its way. The link works once, for an hour.
reset-no-mail = Nothing arrived? At most one e-mail every ten minutes is sent. Otherwise ask your administrators.
reset-whose = For the account { $address }. All its sessions end; a second factor stays as it is.
reset-set = Set the password
notice-password-set = Your password is set. Please sign in with it.
link-ended-title = This link does not work any more
link-ended-invitation = It was used, sent again, withdrawn, or is older than a week. Ask whoever invited you for a new one.
link-ended-reset = It was used or is too old. You can ask for a new one.

## Invitations
invitation-title = Your access to Handover
invitation-text = You are invited as { $address }. Your role:
invitation-name = Your name
invitation-name-hint = As colleagues and customers know you.
invitation-no-name = Enter your name: at most 100 characters, and none as in addresses (@ : / < >).
invitation-accept = Make the account
invitation-not-you = Is this not your address? Then please close this page; the invitation is not for you.
notice-account-made = Your account is there. Please sign in.

## Administration
administration-page-staff = Accounts
administration-page-staff-text = Who may sign in, with which role, and who is invited.
administration-state-staff = { $staff ->
    [one] one active account
   *[other] { $staff } active accounts
}, { $invitations ->
    [0] nobody invited
    [one] one invitation open
   *[other] { $invitations } invitations open
}
staff-lead = Every change stands in the trail, and all other administrators and auditors are told of it by e-mail.
staff-accounts = Accounts
staff-you = You
staff-deactivated = Deactivated
staff-last-signed-in = Last signed in
staff-never-signed-in = Never signed in
staff-no-password = no password
staff-sessions = { $count ->
    [0] no session
    [one] one session
   *[other] { $count } sessions
}
staff-cases = { $count ->
    [0] no open case
    [one] one open case
   *[other] { $count } open cases
}
staff-cases-left = { $count ->
    [one] One case not handed over
   *[other] { $count } cases not handed over
}
staff-open-cases = Open cases
staff-more-cases = { $count ->
    [one] and one more
   *[other] and { $count } more
}
staff-own = This is your own account. Your role and your access are changed by another administrator.
staff-role = Role
staff-role-agent = Works cases and writes drafts.
staff-role-approver = Also approves what others wrote.
staff-role-admin = Also manages accounts and text blocks.
staff-role-auditor = Reads everything, changes nothing.
staff-role-change = Change role
staff-role-ends-sessions = All sessions of this person end.
staff-others-told = All other administrators and auditors are told by e-mail.
staff-sessions-title = Sessions
staff-sign-out = Sign out everywhere
staff-deactivate = Deactivate
staff-deactivate-text = All sessions, links and the password end at once. The account stays, as cases and the trail name it.
staff-new-owner = { $count ->
    [one] Who gets the open case
   *[other] Who gets the { $count } open cases
}
staff-nobody = Nobody
staff-cases-nobodys = This person can work no cases any more; these count as nobody’s.
staff-hand-over = Hand over
staff-reactivate = Let in again
staff-reactivate-text = The person gets an e-mail with a link to set a new password. The role stays as it was.
staff-invite = Invite somebody
staff-invite-hint = The link goes there. Whoever has it gets the account.
staff-invite-language = Language of the invitation
staff-invite-send = Send invitation
staff-invite-address = This is not an e-mail address.
staff-invite-known = Somebody with this mailbox has an account already, perhaps a deactivated one.
staff-invite-invited = This address is invited already.
staff-invite-foreign = This address is on record at a customer, or belongs to Atlassian. Nobody there works for us.
staff-invite-too-many = There are 100 open invitations. Withdraw some first.
staff-invite-other-domain = No colleague has an address at this domain. Confirm it, if it is spelt correctly.
staff-invite-confirm-domain = The domain { $domain } is right.
staff-invitations = Invitations
staff-invitation-open = Open
staff-invitation-expired = Expired
staff-invitation-sent = sent
administration-page-services = Service accounts
administration-page-services-text = Which programs work with an account of their own, and what they may do.
administration-state-services = { $services ->
    [one] 1 active service account
   *[other] { $services } active service accounts
}
services-lead = Nobody signs in with a service account: programs work with it by tokens.
services-new = A new one is made with its first token.
services-none = There are no service accounts.
services-since = made
services-tokens = { $count ->
    [one] 1 token that works
   *[other] { $count } tokens that work
}
services-its-tokens = Tokens of this account
services-deactivate-text = All tokens of this account end at once and for good. The account stays, as cases and trail name it.
services-reactivate-text = The account can have tokens again. Tokens that ended do not come back; make a new one afterwards.
notice-service-deactivated = The service account is deactivated; its tokens do not work any more.
notice-service-reactivated = The service account is activated again. It has no token yet.
staff-refused-oneself = You can’t change your own role or access. Ask another administrator.
staff-refused-last-admin = This is the last active administrator. Make somebody else an administrator first.
notice-invited = The invitation is on its way.
notice-invited-just-now = The invitation was sent a moment ago. Please wait five minutes.
notice-invitation-withdrawn = The invitation is withdrawn; its link does not work any more.
notice-role-changed = The role is changed.
notice-deactivated = The account is deactivated. Cases that could not be handed over stand below.
notice-handed-over = The cases are handed over.
notice-reactivated = An e-mail with the link to set a password is on its way.
alarm-guessing = { $count } wrong tries to sign in within a quarter of an hour
alarm-guessing-text = Somebody may be guessing passwords. Accounts: { $accounts }; networks: { $networks }. Known browsers are not slowed down by it.

## E-mails
account-changed-invited = Somebody was invited.
account-changed-joined = An invitation was taken up.
account-changed-joined_by_provider = An account was made for somebody who came by an identity provider.
account-changed-identity_bound = An identity at a provider opens this account from now on.
account-changed-identity_unbound = The identity at a provider was taken from the account.
account-changed-service_added = A service account for programs was made.
account-changed-role_changed = The role was changed.
account-changed-deactivated = The account was deactivated.
account-changed-reactivated = The account was activated again.
account-changed-who = By: { $who }
account-changed-provider = By: identity provider { $provider }
account-changed-command-line = By: command line
account-changed-role = Role:
