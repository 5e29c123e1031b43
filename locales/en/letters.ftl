# Our e-mails: what became of them and what can be done with them

mail-title = E-mails
mail-last-sent = Last sent
mail-last-collected = Last collected
mail-never = never
mail-shelves = Which e-mails
mail-shelf-open = Not arrived
mail-shelf-waiting = Still to be sent
mail-shelf-dead = All undeliverable
mail-none-open = No undeliverable e-mail is open.
mail-none-waiting = No e-mail is waiting.
mail-none-dead = So far every e-mail has arrived, as far as we know.
mail-unreadable-case = case can’t be read
mail-next = Older e-mails

alarm-since = Since
alarm-database = The private database crashed and was restarted
alarm-database-text = What had been confirmed is kept. If it happens again, the machine may be short of memory; the log gives the reason.
alarm-wave = Unusually many e-mails because of the form: { $count } within an hour
alarm-wave-text = Somebody may be using the form against others. Please look at the newest cases. Held back because a recipient got too many: { $held }.
alarm-webhooks = { $count ->
    [one] A program takes no messages (webhook)
   *[other] { $count } programs take no messages (webhooks)
}
alarm-webhooks-text = It is behind on what happens to cases. Administrators find out more under Administration, Webhooks.
alarm-log-behind = Changes of cases do not get into the log
alarm-log-outlets = Heads of the log do not get to where they are kept
alarm-log-text = What happens is kept, but is harder to prove later. Administrators and auditors find out more under Administration, Log over all cases.
alarm-refused-role = The groups at the identity provider leave nobody to administer
alarm-refused-role-text = By their groups, the last administrator would have lost that role, and keeps it for this reason. Please give somebody the administrators’ group there, or the role here.
alarm-sending-put_off = The mail server accepts no e-mails
alarm-sending-failed = One e-mail after another to different recipients is refused
alarm-sending-stuck = Sending stands still: nobody sends e-mails that are due
alarm-collected = last collected
alarm-never-collected = never collected

letters-happenings = Delivery history ({ $count })
happening-sent = sent
happening-deferred = deferred
happening-refused = the mail server refuses us
happening-failed = refused
happening-cancelled = held back
happening-delayed = delayed on the way
happening-bounced = came back
delivery-leased = being sent
delivery-replaced = replaced by a new one
delivery-seen = seen

action-resend_letter = Send again with a new link
action-cancel_letter = Do not send
action-settle_letter = Mark as seen
event-link_ended = ended a link that stood in an e-mail we received
event-letter_resent = sent an e-mail again with a new link
event-letter_cancelled = held an e-mail back
event-letter_settled = has seen that an e-mail did not arrive
refusal-letter-awaited = The case is waiting for this e-mail. To stop it, end the step that it belongs to.
refusal-already-handed-over = The e-mail has been sent already, or is being sent.
notice-email-replaced = A new e-mail is on its way.
notice-email-cancelled = The e-mail will not be sent.
notice-email-settled = Marked as seen.

event-silence_noted = finds { $count ->
    [one] one e-mail
   *[other] { $count } e-mails
} unanswered by Atlassian
intake-now-reminded = On { $on } we asked again.
notification-atlassian_follow_up = Further e-mail to Atlassian

follow-up-title = { $count ->
    [one] Atlassian has not answered
   *[other] Atlassian has not answered { $count } e-mails
}
follow-up-write = Time is up. A follow-up is prepared: please read it and put it forward for approval.
follow-up-to-draft = To the follow-up
follow-up-mail = Meanwhile something has come from Atlassian by e-mail. Please read it and record what Atlassian answered.
follow-up-exhausted = Another e-mail will hardly help. Please ask in another way, for example through your contact person or the partner portal, and record the answer here.
follow-up-chip = Follow up
