# The staff side

desk-sign-in = Sign in
desk-sign-in-wrong = E-mail address or password is wrong.
desk-sign-in-who = Access is given by whoever runs this Handover, not by Atlassian.
desk-sign-in-forgotten = Forgot your password?
desk-email = E-mail address
provider-with = Sign in with { $label }
provider-or = Or with your password here:
provider-left = You are signed out here, and still signed in at { $label }.
provider-left-link = Sign out at { $label }, too
provider-denied-title = You are not signed in
provider-denied-stale = This sign-in took too long, was already finished or was started in another browser. Please start again.
provider-denied-declined = The sign-in at { $label } was cancelled or refused there.
provider-denied-away = { $label } is not answering at the moment. Please try again in a few minutes. If you have a password here, you can use that.
provider-denied-unproved = The answer from { $label } could not be verified, so nobody was signed in. If this happens again, please tell whoever runs this Handover.
provider-denied-unverified = { $label } does not confirm that an e-mail address is yours. Please ask whoever administers your account there.
provider-denied-domain = E-mail addresses of this domain may not sign in here.
provider-denied-no_account = You have no access here. Access is given by whoever administers this Handover.
provider-denied-no_role = None of your groups at { $label } has access here. Please ask whoever administers your account there.
provider-denied-bound_otherwise = Your account here is connected to a different account at { $label }. Whoever administers this Handover can disconnect it.
provider-denied-second_factor = Access here needs a second factor at { $label }, and none was used. Please set one up there and sign in again.
provider-denied-not_anew = { $label } did not confirm that you have signed in anew just now. That is needed before you set up a second factor here. Please try again; if this happens again, tell whoever runs this Handover.
provider-denied-signed_out = { $label } has signed you out in the meantime. Please start again.
provider-again = To sign-in
desk-password = Password

## Accounts at identity providers
identities-title = Connected accounts
identities-none = This account is not connected to any identity provider.
identities-subject = Identifier there: { $subject }
identities-bound = connected
identities-used = last used
identities-unbind = Disconnect from { $provider }
identities-unbind-hint = Ends the sessions that were started with it. At the next sign-in there, the e-mail address decides again which account it belongs to.

## The queue
desk-queue = Cases
desk-queue-open = { $count } open
desk-queue-late = { $count } overdue
desk-queue-closed = { $count } closed
desk-queue-found = { $count } found
desk-queue-over = over { $count }
desk-queue-cut = Very many cases have this. Only the first of them are here, and perhaps none of the closed ones: add another word.
desk-queue-empty = Nothing is open here.
desk-queue-no-match = No case matches these filters.
desk-undelivered = { $count ->
    [one] One e-mail could not be delivered
   *[other] { $count } e-mails could not be delivered
}
desk-filter-text = Search
desk-filter-text-hint = Number, company, person, address, licence, ticket, words of notes and e-mails
desk-filter-fold = Search and filter
desk-filter-search = Search
desk-filter-state = State
desk-filter-all-open = All
desk-filter-owner = Assigned to
desk-filter-anybody = Anybody
desk-filter-me = Me
desk-filter-more = More filters
desk-filter-any = Any
desk-filter-customer = Customer (name or number)
desk-filter-apply = Apply
desk-filter-reset = Reset
desk-filter-waiting = Waiting for
desk-filter-due-overdue = overdue
desk-filter-due-today = by tonight
desk-filter-due-week = within 7 days
desk-filter-renewal-within = within { $days } days
desk-sort = Order
desk-sort-urgency = urgency
desk-sort-due = due date
desk-sort-renewal = renewal
desk-sort-waiting = longest wait
desk-sort-changed = last change
desk-views = Views
desk-view-all = All open
desk-view-needs_me = Needs me
desk-view-mine = Assigned to me
desk-view-unassigned = Unassigned
desk-view-new = New
desk-view-us = With us
desk-view-customer = With the customer
desk-view-departed_contact = With the contact on record
desk-view-voucher = With the contact we asked
desk-view-atlassian = With Atlassian
desk-view-contested = Contested
desk-view-failing_mail = Failed mail
desk-view-due_today = Due today
desk-view-closed = Closed
desk-saved-views = Saved views
desk-saved-by = by { $name }
desk-view-save = Save this view
desk-view-save-button = Save
desk-view-name = Name
desk-view-shared = Everybody can see it
desk-view-delete = Delete the view { $name }
desk-csv = List as CSV
desk-csv-cut = … more cases are missing: at most 5000 are written.
desk-next-case = Next case
desk-search-results = Search results
desk-search-tolerant = Nothing is written exactly like this. These cases are spelt similarly.
desk-found-number = Number
desk-found-customer = Customer
desk-found-people = People
desk-found-licence = Licence
desk-found-correction = Corrected
desk-found-note = Text
desk-found-inbound = E-mail received
desk-found-letter = Our e-mail
desk-nav-previous = Previous
desk-nav-next = Next
desk-nav-position = { $position } of { $total }
missing-confirmation = Request not confirmed
missing-access = Access not confirmed
missing-ruling = Rule on the objection
missing-blocked = Failed: { $what }
missing-check = To be settled: { $what }
missing-proof = Independent proof missing
missing-draft = Draft the e-mail
missing-approval = Approval missing
missing-undeliverable = E-mail undeliverable
missing-follow_up = Follow up with Atlassian
missing-no_access = Customer without access
missing-customer = The customer's answer
missing-departed_contact = Time to object
missing-voucher = Confirmation outstanding
missing-atlassian = Atlassian's answer
missing-nobody = Checks are running
missing-closed = { "" }
desk-nobody = unassigned
desk-column-case = Case
desk-column-company = Company
desk-column-closed = Closed
desk-column-missing = What is missing
desk-column-since = Waiting since
desk-column-new = New
desk-column-changed = Changed
desk-due = Due
desk-renewal = Renewal
desk-named-in-quarantine = e-mail in quarantine
desk-failed-email = E-mail not delivered
desk-first = Back to the beginning
desk-next = More cases
desk-keys-move = up and down
desk-keys-open = open
desk-keys-search = search
desk-keys-letters = Letter keys

## What staff are told by mail
notifications-title = E-mails to you
notifications-where = What concerns you is sent to { $address }. A mail names only the number of the case and what happened; all else you see once you have signed in. You are not told of what you do yourself.
notifications-when = The summary comes on business days at these times: { $times }.
notifications-failed = The last e-mail to you could not be delivered:
notifications-approval_wanted = A draft waits for your approval
notifications-returned = Your draft was returned
notifications-objection = Somebody objects, or claims the same
notifications-answer = An answer, a letter or a file came in
notifications-failing_mail = An e-mail of ours did not arrive
notifications-mention = Somebody names you in a note (@name)
notifications-due_soon = A wait is soon over, and the case waits for us
notifications-assigned = Somebody gives you a case
notifications-how-immediate = At once
notifications-how-digest = In the summary
notifications-how-off = Not at all
notifications-language = Language of these e-mails
notifications-save = Save
notifications-nobodys = What comes into cases that nobody has, e-mails of theirs that fail and waits that end are told to everybody, always in the summary. Where very much comes together within an hour, the rest stands there, too.
notice-notifications-saved = Your choice is saved.

## A case
desk-crumbs = Path
desk-copy = Copy
desk-copied = Copied
desk-take = Assign to me
desk-decide = Record the decision
desk-choose = Please choose one of these.
desk-reference = Your own reference
desk-reference-hint = Your own number or key for the case, such as SALES-4711. Only staff see it. Empty takes it away.
desk-reference-wrong = Please enter at most 40 plain letters, digits and the signs - _ . / # : without spaces.
desk-reason = Reason
desk-only-us = Only we see this
desk-phone-entered = from the form
desk-left-on = left on
desk-address-found = found by us
desk-address-unknown = not known
desk-address-unknown-follows = Everybody on record whose role would change is notified. The e-mail to Atlassian can be written only once the address has been entered.
desk-is-requester = is the requester
desk-facts = Details
desk-hosting = Hosting
desk-customer-number = Customer no.
desk-opened = Received
desk-language = Language
desk-explanation = Explanation
desk-register-expired = expired
desk-register-unknown = not in the register
desk-renews = until
desk-customer = Customer
desk-contact-departed = contact on record

desk-contested-decide = The case is on hold. Please decide whether the objection is justified.
desk-second-claim = Another case claims the same licence
desk-second-claim-other = Second claim: other case
desk-second-claim-same = from the same mailbox
desk-second-claim-more = No more cases are named here. Each further one is on hold as well, and names this one.
desk-second-claim-text = Both cases are on hold, and each is decided separately. Neither side may learn of the other.
desk-claims-decide = Please look at both, then decide whether this one goes on.
cause-objection = Objection
cause-second_claim = Second claim
desk-contested-wait = The case is on hold until an approver has decided.
desk-undeliverable = The e-mail to Atlassian could not be delivered
desk-undeliverable-text = You can send it again or recall it.
desk-to-letters = To the e-mails
desk-no-access = The customer reports: no access
desk-no-access-text = Atlassian confirmed the change, but the new contact cannot log in. Write to Atlassian again.

desk-missing = What is missing
desk-missing-blocked = What holds up the case
desk-one-root = Under the configured policy a single proof is enough. Whoever can fake it reaches Atlassian in the customer’s name.
deleted-case-title = { $number } is deleted
deleted-case-when = Deleted on
deleted-case-left = Left are the number and the hash of where its trail ended, so that the log over all cases still holds.
deleted-rule-trail = Its time was over: { $years } years after the end of the calendar year.
desk-erased-part = A part of its content is erased.
desk-erased-content = Its content is erased. The correspondence is still kept, because the law demands it.
desk-erased-everything = All content is erased.
desk-waive-others = Waive confirmation by others
desk-missing-nothing = Checks sufficient
desk-check-by-staff = by us
desk-check-required = required
desk-check-on-record = On record:
desk-check-until = valid until
desk-check-expired = expired on
desk-check-result = Result
desk-check-note-callback = Whom did you reach, and what was said?
desk-check-number = Which number did you dial?
desk-check-number-hint = Only a number on record counts, never the one from the form.
desk-vouch-contact = Whom do we ask?
desk-vouch-send = Ask for confirmation
desk-check-note-document = Which document did you see, and how can you tell it is genuine?
desk-waive-hint = Stays in the history. Afterwards you can no longer approve this case (four-eyes principle).

desk-letters = E-mails
delivery-queued = being sent
delivery-deferred = deferred after { $count ->
    [one] one try
   *[other] { $count } tries
}
delivery-next = next try
delivery-sent = sent
delivery-failed = not delivered
delivery-unreadable = in a state that Handover does not know
delivery-cancelled = recalled
desk-trail = History

desk-answer-what = What did Atlassian answer?
desk-answer-note = The gist of the answer
desk-ruling-what = What do you decide?
ruling-dismissed = Dismiss – the case goes on
ruling-upheld = Uphold – reject the case, the customer is told
ruling-duplicate = Duplicate – the same requester asked twice, close the case
desk-ruling-hint = How did you find out? Only we see this. Afterwards you can no longer approve this case (four-eyes principle).
desk-recall-hint = The e-mail will not be sent. You can then draft a new one.
desk-question = Question to { $name }
desk-question-hint-de = Goes out as an e-mail in German; please ask in German. The answer comes through the status page.
desk-question-hint-en = Goes out as an e-mail in English; the answer comes through the status page.
desk-reminder-hint = The letter that was not answered goes out once more, with a fresh link.
desk-question-send = Send question
desk-blocks = Insert a text block
desk-blocks-replace = Anything you have typed into a field and not sent yet will be lost.
desk-block-gone = This text block no longer exists, or does not fit the next step. Those on offer are beside the forms.
desk-text-gap = Something is still missing here: “{ $gap }”. Please write it in or take it out.
desk-note-hint = Visible to us only. Use @FirstName to notify somebody on the team.
desk-note = Note
desk-objection-note = Who objects, and why?
desk-objection-hint = For example when somebody called. The case is then on hold until an approver decides.
desk-closing-outcome = How did the case end?
desk-close-case = Close the case
desk-rejection-reason = Why do you reject it?
desk-rejection-told = What is the customer told besides the decision?
desk-question-hint-plain-de = Goes out in German. Write nothing about other people or cases.
desk-question-hint-plain-en = Goes out in English. Write nothing about other people or cases.
desk-reject-case = Reject the case

## The case: the next step
desk-next-step = Next step:
desk-watchers = { $count ->
    [one] { $names } is looking at this case
   *[other] { $names } are looking at this case
}
desk-since = since
desk-until = until
desk-late-since = overdue since
desk-time-left = { $hours ->
    [0] { $minutes } min left
   *[other] { $hours } h { $minutes } min left
}
desk-unassigned = unassigned
desk-newest = Latest:
desk-news = { $count ->
    [one] Something was received that nobody has looked at.
   *[other] { $count } things were received that nobody has looked at.
}
desk-quoted = Atlassian wrote
desk-set-aside = { $count ->
    [one] An e-mail in quarantine names this case. Who wrote it is not certain.
   *[other] { $count } e-mails in quarantine name this case. Who wrote them is not certain.
}
desk-set-aside-look = Look and file
desk-news-read = Read
desk-more = Other steps
desk-how-sure = How sure are we?
desk-who-asks = Who asks for what
desk-asks = Asks
desk-on-record-now = On record
desk-shall-be = To become
desk-licences = Licences
desk-contacts-on-record = Contacts on record
desk-path = Progress
desk-answer-record = Record the answer
desk-note-keep = Record the note
desk-objection-keep = Record the objection and put the case on hold
desk-callback-keep = Record the call
desk-callback-ask = Ask: Has { $departed } left? Is { $successor } to become the licence contact? Who decided that?
desk-document-keep = Record the review
callback-passed = confirms everything
callback-failed = objects
callback-inconclusive = not reached, or unclear
answer-does-done = The change is made – the customer is asked to check the access
answer-does-told_customer = Atlassian answered the customer directly – the customer is asked to check the access
answer-does-question = Atlassian asks something – you write the answer next
answer-does-declined = Atlassian declines – the case is closed and the customer is told

next-ruling = rule on the objection
next-ruling-text = The case is on hold until somebody who may approve has decided.
next-blocked = “{ $what }” has failed
next-blocked-text = This holds up the case. Clear it up with the customer, or somebody who may approve waives the check with a reason.
next-check = clear up “{ $what }”
next-check-text = The check failed, has expired or is inconclusive. Have it run again, ask the customer, or correct the facts.
next-facts-unknown = enter what is not known
next-facts-unknown-text = The customer does not know the address of the contact on record, or the hosting. Look in the register, or ask, and then correct the facts.
next-proof = independent proof
next-proof-text = Call somebody on record, ask another contact for confirmation, or review a document.
next-draft = put the e-mail to Atlassian forward
next-draft-text = The checks are sufficient. Read the proposed text and put it forward for a second person's approval.
next-approval = approval by a second person
next-approval-text = Whoever neither wrote the draft nor decided a check may approve.
next-undeliverable = the e-mail to Atlassian did not arrive
next-undeliverable-text = Send it again, or recall it and put a new one forward.
next-follow_up = follow up with Atlassian
next-follow_up-text = Atlassian has not answered in the expected time.
next-no_access = write to Atlassian again
next-no_access-text = The customer has no access although Atlassian reported the change.
next-wait-us = check
next-wait-us-text = { "" }
next-wait-customer = it is the customer's turn
next-wait-customer-text = We asked and are waiting for the answer.
next-wait-departed_contact = the objection period is running
next-wait-departed_contact-text = Everything else is in place. We are waiting to see whether the contact on record objects.
next-wait-voucher = another contact was asked
next-wait-voucher-text = A confirmation would suffice. Without an answer, a call or a document helps.
next-wait-atlassian = it is Atlassian's turn
next-wait-atlassian-text = Record the answer as soon as it is there.
next-wait-nobody = Handover is working
next-wait-nobody-text = This usually takes seconds. Reload the page.
next-closed = none, the case is closed
next-closed-text = { "" }

form-answer = Record Atlassian's answer
form-ruling = Decide whether the case goes on
form-draft = Write the e-mail to Atlassian
form-callback = Call and record
form-vouch = Ask another contact for confirmation
form-document = Review a document
form-again = Check again
form-waive = Waive the check
form-question = Ask the customer something
form-corrections = Correct the facts
form-reminder = Remind of the open question
form-note = Write a note
form-evidence = Add a file
form-assignment = Assign
form-reference = Your own reference
form-reopening = Reopen
form-hold = Put off erasing
form-hold-lifting = Allow erasing again
desk-hold-hint = Such as a dispute in court, or an authority that asks. Only we see it.
desk-hold-lifting-hint = What is over is erased after that. Only we see it.
desk-held = Erasing put off
form-removal = Remove a file
form-recall = Recall the e-mail to Atlassian
form-objection = Record an objection
form-closing = Close the case
form-rejection = Reject the case

stage-confirmation = Requested and confirmed
stage-record = Licence and contact on record
stage-consent = New contact agrees
stage-proof = Independent proof
stage-objections = Objection period
stage-draft = Draft
stage-approval = Approval (four-eyes principle)
stage-atlassian = Atlassian
stage-access = Access confirmed
stage-blocked = holds up
stage-who-us = us
stage-who-approver = second person
stage-who-customer = customer
stage-who-departed_contact = contact on record
stage-who-voucher = another contact
stage-who-atlassian = Atlassian
stage-who-nobody = running
progress-done = done
progress-ours = with us
progress-waits = awaited
progress-blocked = holds up
progress-later = later

timeline-filter = What is shown
timeline-all = All
timeline-mail = E-mails
timeline-notes = Notes
timeline-checks = Checks
timeline-none = Nothing has happened here yet.
timeline-older = { $count ->
    [one] Show one older entry
   *[other] Show { $count } older entries
}
timeline-latest = To the latest entries
timeline-rest = { $count ->
    [one] One more, older entry
   *[other] { $count } more, older entries
}
timeline-new = NEW
timeline-passed = { $count ->
    [one] checked – passed:
   *[other] ran { $count } checks – passed:
}
timeline-mentions = mentions { $names }
timeline-wrote = wrote
timeline-added = added a file:

## Draft and approval
desk-subject = Subject
desk-subject-too-long = Please shorten the subject to 200 characters at most.
desk-draft-opening = Opening
desk-draft-closing = Closing
desk-draft-facts = Facts
desk-draft-facts-hint = This is how they appear between opening and closing. They come from the case and the register and can’t be changed here.
desk-draft-hint = In English. A second person approves exactly this text and sees what you changed in the proposal.
desk-draft-configured = from the configuration
desk-hidden-character = There is an invisible character here ({ $character }). Please delete it and type the passage instead of pasting it.
desk-no-name = Please enter a name in one line of at most 200 characters.
desk-corrections-hint = Fill in only what is wrong. A waiting draft becomes void, and whoever corrects facts can’t approve the e-mail. Only the customer can change addresses, with a new request.
desk-corrections-now = The e-mail says: { $value }
desk-corrections-address = The customer does not know it. The e-mail says: { $value }. The register is asked about it; the customer is not told.
desk-corrections-none = stays as it is
desk-corrections-reason = How do you know? Whoever approves reads your reason.
desk-not-on-record = not in the register
desk-draft-by = Draft by { $name }
desk-revision = Revision { $count }
desk-approval = Approval
desk-approval-title = Approve the e-mail to Atlassian
desk-approval-open = Read and approve
desk-approval-look = Look at the e-mail
desk-approval-by = Who may approve: { $names }.
desk-approval-by-nobody = Nobody at the desk can approve this: everybody who may approve had a hand in it.
desk-approval-how = First comes whom the e-mail makes the contact, then its facts beside those in the register and its wording, last the e-mail as Atlassian reads it and its technical form. Your approval holds only for exactly this wording, these facts and the checks as they stand. Any change to them makes it void.
desk-approval-changed = The draft has changed since you opened the previous page. Please read it again.
approval-new-contact = New contact
approval-new-contact-hint = as the customer asked
approval-warning-foreign = The e-mail names strangers
approval-warning-foreign-text = These addresses, domains or links do not belong to the case. Please find out why they are in the e-mail.
approval-warning-scripts = Mixed scripts
approval-warning-scripts-text = Characters of different scripts stand side by side, such as Latin and Cyrillic. Please compare letter by letter.
approval-facts = Facts
approval-facts-hint = from case and register, not from the draft
approval-fact = Fact
approval-in-letter = In the e-mail
approval-in-register = In the register
approval-in-form = In the form:
approval-corrected = corrected by { $name }
approval-no-word = says nothing
approval-differs = differs
approval-changes = Wording against the proposal
approval-changes-hint = What was added is underlined, what was removed is struck out
approval-unchanged = as proposed
approval-said = What was objected, answered and noted
approval-said-nothing = Nobody wrote anything.
desk-approval-evidence = What the e-mail rests on
desk-approve = Approve and send exactly this e-mail
desk-approve-who = Whoever neither wrote the draft nor decided one of the checks may approve.
desk-return-hint = What should be changed? Only we see this.
desk-no-digest = It was not clear which e-mail you meant to approve. Please open the approval again.
desk-message-read = As Atlassian reads it
desk-message-bytes = Technical form (for verification)
desk-message-size = { $count } bytes
desk-message-from = From
desk-message-reply-to = Reply to
desk-message-to = To

## Before it is sent
review-title = This is what goes out
review-title-ends = Should the case really end?
review-ends = This closes the case
review-ends-text = Only somebody who may approve can reopen it.
review-held-back = This e-mail is held back: the mailbox gets too many already.
review-links = The links in this view do not lead anywhere yet.
review-send = { $count ->
    [one] Send exactly this
   *[other] Send all { $count } e-mails like this
}
review-send-and-close = Send this and close the case
review-close = Close the case
review-back = Back to change something

## Not done
desk-conflict = The case has changed in the meantime
desk-conflict-text = Your step was not taken, so that it overwrites nothing. Nothing is lost.
desk-conflict-changes = Since you opened the page
desk-conflict-differences = How it differs from what is there now
desk-conflict-differences-hint = Struck through: what is there now. Underlined: what you wrote.
desk-conflict-typed = What you entered
desk-conflict-again = Do it all the same
desk-conflict-look = Show the case as it is now
desk-refused = This is not possible right now
desk-typed-subject = Subject
desk-typed-opening = Opening
desk-typed-closing = Closing
desk-typed-company = Company
desk-typed-departed_name = Name of the contact on record
desk-typed-question = Question
desk-typed-note = Note
desk-typed-reason = Reason
desk-typed-told = To the customer

# Several cases at once
bulk-title = Several cases at once
bulk-select = Select { $number }
bulk-what = What shall happen?
bulk-assign = Assign
bulk-remind = Remind of the open question
bulk-close = Close
bulk-to = To
bulk-outcome = Closed as
bulk-reason = Reason (for us only, when closing)
bulk-preview = Preview
bulk-hint = First we show what would happen, and what is not possible.
bulk-preview-title = What would happen
bulk-preview-text = { $possible ->
    [0] This is possible for none of the { $all } selected cases.
    [one] This is possible for one of { $all } selected cases. Nothing has happened yet.
   *[other] This is possible for { $possible } of { $all } selected cases. Nothing has happened yet.
}
bulk-done-title = Result
bulk-done-text = { $done ->
    [0] No case was changed.
    [one] One case of { $all } was changed.
   *[other] { $done } of { $all } cases were changed.
}
bulk-possible = possible
bulk-impossible = not possible
bulk-did = done
bulk-did-not = not changed
bulk-letters = { $count ->
    [one] one e-mail
   *[other] { $count } e-mails
}
bulk-failed = This failed because of a mistake on our side, which has been recorded.
bulk-stale = Somebody has changed the case in the meantime.
bulk-confirm-assign = { $count ->
    [one] Assign one case
   *[other] Assign { $count } cases
}
bulk-confirm-remind = { $count ->
    [one] Send one reminder
   *[other] Send { $count } reminders
}
bulk-confirm-close = { $count ->
    [one] Close one case and notify
   *[other] Close { $count } cases and notify
}
bulk-none = Please select at least one case in the list.
bulk-too-many = At most { $most } cases at once.
bulk-back = Back to the list
bulk-column-effect = What happens
