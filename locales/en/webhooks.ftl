# What programs of the reseller's are told

webhooks-lead = Your ticket system, chat or another program can be told over HTTPS when something happens to a case. Every message is signed after Standard Webhooks and holds the number, the state and a link to the desk.
webhooks-endpoints = Endpoints
webhooks-new = Add a webhook
webhooks-none = No program is told anything yet.

webhook-last-success = last taken
webhook-never = nothing taken yet
webhook-failing = takes nothing
webhook-with-people = with personal data
webhook-disabled-administrator = switched off
webhook-disabled-gone = switched off: the receiver no longer exists (410)
webhook-mail-failing = { $days ->
    [one] The receiver has taken no message for a day.
   *[other] The receiver has taken no message for { $days } days.
}
webhook-disabled-failing = switched off: took nothing for days

webhook-name = Name
webhook-name-hint = As your colleagues know the program.
webhook-address = Address
webhook-address-hint = Begins with https://. It is kept encrypted and not shown again, for many such addresses hold a secret.
webhook-address-kept = Is kept and not shown. Leave it empty, or enter another one.
webhook-kinds = What it is told of
webhook-kind-case_opened = A form came in (anybody can send one)
webhook-kind-case_confirmed = The requester confirmed the mailbox
webhook-kind-case_state_changed = The state changed, whichever
webhook-kind-case_approval_wanted = A message to Atlassian waits for approval
webhook-kind-case_sent = The request was sent to Atlassian
webhook-kind-case_answered = An answer from Atlassian was recorded
webhook-kind-case_contested = Somebody objected (the customer’s side never learns of that)
webhook-kind-case_closed = The case was closed
webhook-kind-webhook_test = Test
webhook-personal = With personal data
webhook-personal-hint = Company, name and address of the requester go along. Only for programs in which you may keep them.
webhook-save = Save

webhook-secret-once = The secret: shown this once
webhook-secret-text = Enter it in the receiving program, which tells our messages by it. If it gets lost, make a new one.
webhook-stale = Somebody else changed this webhook meanwhile. What you typed is still here; save again to put it in its place.

webhook-messages = Messages
webhook-messages-none = No messages yet.
webhook-test = Send a test
webhook-repeat = Send again
webhook-tries = { $count ->
    [0] not tried yet
    [one] one try
   *[other] { $count } tries
}
webhook-next = next
webhook-state-queued = waits
webhook-state-delivered = taken
webhook-state-dead = given up
webhook-state-cancelled = not sent

webhook-manage = Secret and end
webhook-rotate = Make a new secret
webhook-rotate-hint = For 48 hours messages carry the signature of the older secret as well.
webhook-overlap = The older one signs, too, until
webhook-enable = Switch on
webhook-disable = Switch off
webhook-disable-hint = What waits is not sent any more; new messages are not written.
webhook-delete = Delete
webhook-delete-hint = With all its messages.

webhook-wrong-name = Please enter a name of at most { $most } characters.
webhook-wrong-kinds = Please choose at least one.
webhook-wrong-address = Please enter a whole address that begins with https://.
webhook-wrong-scheme = The address must begin with https://.
webhook-wrong-user = Please leave out the user name and the password (the part before “@”).
webhook-wrong-port = A web server does not use this port.
webhook-wrong-host = Please write the whole name of the server, or its IP address in the usual form.
webhook-wrong-inside = This address is not on the public internet. Networks of your own must be allowed in the configuration (webhooks.allowed_networks).

notice-webhook-saved = The webhook is saved.
notice-webhook-enabled = The webhook is switched on.
notice-webhook-disabled = The webhook is switched off.
notice-webhook-deleted = The webhook is deleted.
notice-webhook-queued = The message is on its way. Look again in a moment.
notice-webhook-waits = The message waits to be sent already.
notice-webhook-too-many = There can be no more webhooks. Delete one that is not needed.
