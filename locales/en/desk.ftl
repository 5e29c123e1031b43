# The staff side

desk-sign-in = Sign in
desk-sign-in-wrong = E-mail address or password is wrong.
desk-sign-in-who = Access is given by whoever runs this Handover, not by Atlassian.
desk-email = E-mail address
desk-password = Password

## The queue
desk-queue = Cases
desk-queue-open = { $count } open
desk-queue-late = { $count } overdue
desk-queue-closed = { $count } closed
desk-queue-empty = No case is open.
desk-queue-no-match = No case matches these filters.
desk-queue-among-closed = Search among closed cases
desk-undelivered = { $count ->
    [one] One e-mail could not be delivered
   *[other] { $count } e-mails could not be delivered
}
desk-filter-text = Search
desk-filter-text-hint = Number, company, person, licence
desk-filter-state = State
desk-filter-all-open = All open
desk-filter-owner = Owner
desk-filter-anybody = Anybody
desk-filter-me = Me
desk-filter-apply = Filter
desk-filter-reset = Reset
desk-filter-waiting = Who is being waited for
desk-tab-all = All
desk-tab-us = Us
desk-tab-customer = Customer
desk-tab-departed_contact = Present contact
desk-tab-atlassian = Atlassian
desk-nobody = nobody
desk-column-case = Case
desk-column-company = Company
desk-column-closed = Closed
desk-due = Due
desk-late = overdue
desk-renewal = Renewal
desk-failed-email = E-mail failed
desk-first = Back to the beginning
desk-next = More cases
desk-keys-move = up and down
desk-keys-open = open
desk-keys-search = search
desk-keys-letters = Letter keys

## A case
desk-crumbs = Path
desk-copy = Copy
desk-copied = Copied
desk-take = Take it
desk-save = Save
desk-decide = Decide
desk-choose = Please choose one of these.
desk-reason = Reason
desk-only-us = Only we see this
desk-actions = What you can do
desk-people = People
desk-phone-entered = from the form
desk-left-on = left on
desk-is-requester = is the requester
desk-facts = Details
desk-hosting = Hosting
desk-customer-number = Customer no.
desk-opened = Received
desk-language = Language
desk-explanation = Explanation
desk-register = Register
desk-register-expired = expired
desk-register-unknown = not in the register
desk-renews = until
desk-customer = Customer
desk-contact = Contact
desk-contact-departed = present contact

desk-contested-decide = The case stands still. Please decide whether the objection is justified.
desk-second-claim = Another case claims the same licence
desk-second-claim-other = Second claim: other case
desk-second-claim-same = from the same mailbox
desk-second-claim-text = Both cases stand still, and each is decided by itself. Neither side may learn of the other.
desk-claims-decide = Please look at both, then decide whether this one goes on.
cause-objection = Objection
cause-second_claim = Second claim
desk-contested-wait = The case stands still until an approver has decided.
desk-undeliverable = The letter to Atlassian could not be delivered
desk-undeliverable-text = You can send it again or take it back.
desk-to-letters = To the letters
desk-no-access = The customer reports: no access
desk-no-access-text = Atlassian confirmed the change, but the new contact does not get in. Write to Atlassian again.

desk-missing = What is missing
desk-missing-blocked = What holds up the case
desk-one-root = Under the configured policy a single proof is enough. Whoever can fake it reaches Atlassian in the customer’s name.
desk-waive-others = Go without somebody else’s word
desk-missing-nothing = All checked
desk-missing-nothing-text = The checks suffice. The letter to Atlassian can be drafted.
desk-checks = Checks
desk-check-by-staff = by us
desk-check-required = required
desk-check-on-record = On record:
desk-check-until = valid until
desk-check-expired = expired on
desk-check-again = Change the result
desk-check-result = Result
desk-check-note-callback = Whom did you reach, and what was said?
desk-check-number = Which number did you dial?
desk-check-number-hint = Only a number on record counts, never the one from the form.
desk-vouch-contact = Whom do we ask?
desk-vouch-send = Ask for confirmation
desk-check-note-document = Which document did you see, and how can you tell it is genuine?
desk-waive-hint = Stays in the history. Somebody else can approve afterwards; you can’t.

desk-letters = Letters
desk-letters-none = No e-mail yet.
delivery-queued = being sent
delivery-deferred = deferred after { $count ->
    [one] one try
   *[other] { $count } tries
}
delivery-next = next try
delivery-sent = handed over
delivery-failed = failed
delivery-cancelled = taken back
desk-trail = History

desk-answer-what = What did Atlassian answer?
desk-answer-note = The gist of the answer
desk-ruling = Decide whether the case goes on
desk-ruling-what = May the case go on?
ruling-dismissed = Yes, nothing of what stands against it is justified
ruling-upheld = No, the case is rejected
ruling-duplicate = No, it is a duplicate: the same requester asked twice
desk-ruling-hint = How did you find out? Only we see this. Whoever decides can’t approve any more.
desk-recall-hint = The letter will not go out any more. A new one can be drafted then.
desk-question = Question to { $name }
desk-question-hint-de = Goes out as an e-mail in German; please ask in German. The answer comes by way of the status page.
desk-question-hint-en = Goes out as an e-mail in English; the answer comes by way of the status page.
desk-question-send = Send question
desk-note = Note
desk-objection-note = Who objects, and why?
desk-objection-hint = For example when somebody called. The case then stands still until an approver decides.
desk-closing-outcome = How did the case end?
desk-close-case = Close the case
desk-rejection-hint = The customer learns that the case is rejected and reads this reason.
desk-reject-case = Reject the case

## Draft and approval
desk-subject = Subject
desk-subject-too-long = Please shorten the subject to 200 characters at most.
desk-draft-text = Text
desk-draft-hint = In English. A second person approves exactly this text.
desk-draft-configured = from the configuration
desk-draft-change = Change the draft
desk-draft-again = Write to Atlassian again
desk-draft-by = Draft by { $name }
desk-revision = Revision { $count }
desk-approval = Approval
desk-approval-title = Approve the letter to Atlassian
desk-approval-waits = A draft waits for approval
desk-approval-open = Read and approve
desk-approval-look = Look at the message
desk-approval-how = First read what Atlassian sees; beside it is the message byte for byte as it will be sent. Your approval holds for exactly these bytes and these checks. Any change to them voids it.
desk-approval-changed = The draft has changed since you opened the page before. Please read it anew.
desk-approval-evidence = What the letter rests on
desk-approve = Approve and send exactly this message
desk-approve-who = Whoever neither wrote the draft nor decided one of the checks may approve.
desk-return-hint = What should be changed? Only we see this.
desk-no-digest = It was not clear which message you meant to approve. Please open the approval again.
desk-message-read = As Atlassian reads it
desk-message-bytes = As it is sent
desk-message-size = { $count } bytes
desk-message-from = From
desk-message-reply-to = Reply to
desk-message-to = To

## Not done
desk-conflict = The case has changed in the meantime
desk-conflict-text = Your step was not taken, so that it overwrites nothing. Nothing is lost.
desk-conflict-changes = Since you opened the page
desk-conflict-typed = What you entered
desk-conflict-again = Do it all the same
desk-conflict-look = Show the case as it is now
desk-refused = This is not possible right now
desk-typed-subject = Subject
desk-typed-body = Text
desk-typed-question = Question
desk-typed-note = Note
desk-typed-reason = Reason
