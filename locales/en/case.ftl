# The words of the rules: states, parties, checks, events, refusals. The keys follow the program's own words.

## Where the case is
state-unconfirmed = Unconfirmed
state-verifying = Verifying
state-awaiting_customer = Question open
state-contested = Contested
state-verified = Verified
state-awaiting_approval = For approval
state-submitted = Being sent
state-with_atlassian = With Atlassian
state-awaiting_confirmation = Checking access
state-closed = Closed

outcome-completed = Completed
outcome-self_service = Solved without us
outcome-rejected = Rejected
outcome-withdrawn = Withdrawn
outcome-expired = Expired
outcome-duplicate = Duplicate
outcome-declined_by_atlassian = Declined by Atlassian

## Who is being waited for
party-us = Waiting for us
party-customer = Waiting for the customer
party-departed_contact = Waiting for the contact on record
party-voucher = Waiting for another contact
party-atlassian = Waiting for Atlassian
party-nobody = Waiting for nobody

## Who acts
actor-requester = Requester
actor-successor = New contact
actor-departed_contact = Contact on record
actor-registered_contact = Another contact on record
actor-atlassian = Atlassian
actor-system = Handover
actor-staff = Staff

## Facts
hosting-data_center = Data Center
hosting-cloud = Cloud
hosting-cloud_partner_managed = Cloud, managed by us
hosting-unknown = not known to the customer
contact-role-technical = technical contact
contact-role-billing = billing contact
contact-role-both = technical and billing contact
language-de = German
language-en = English

## Checks
check-requester_email = Requester’s mailbox
check-entitlement = Licence in the register
check-recorded_contact = Contact on record
check-domain_register = Domain in the register
check-domain_dns = DNS record
check-departed_notice = Notice to the contact on record
check-successor = New contact’s consent
check-vouch = Confirmation by another contact
check-callback = Callback
check-document = Document

verdict-pending = pending
verdict-passed = passed
verdict-failed = failed
verdict-inconclusive = inconclusive
verdict-waived = waived

evidence-none = No result yet.
evidence-link_used = The link sent to this mailbox was used.
evidence-in_register = All licences named belong to one customer in the register.
evidence-not_in_register = { $asked ->
    [one] The licence named is not in the register.
   *[other] The register has { $found ->
        [0] none
        [one] one
       *[other] { $found }
    } of the { $asked } licences named.
}
evidence-several_customers = The licences named belong to different customers in the register.
evidence-contact_on_record = The address is on record as a contact of all licences named, in the role that is to change.
evidence-contact_in_other_role = The address is on record, but not in the role that is to change. Somebody else has that role there.
evidence-contact_not_primary = The address is on record in this role, but somebody else is the primary contact there. A primary contact can usually make the change themselves.
evidence-contact_not_on_record = The register names another contact.
evidence-entitlement_unknown = This can’t be checked without a licence in the register.
evidence-contact_address_unknown = The customer does not know under which address the contact is on record. So everybody on record whose role would change is notified.
evidence-domain_matches = The requester’s domain is on record for this customer.
evidence-domain_differs = This customer has other domains on record, or none.
evidence-free_mail_domain = Anybody can get an address at this provider.
evidence-disposable_domain = This provider hands out throw-away addresses to anybody.
evidence-domain_shared = Several customers share this domain.
evidence-notice_sent = { $times ->
    [one] Notified on { $sent_at }.
   *[other] Notified since { $sent_at }, { $times } times so far.
} An objection is possible until { $window_ends_at }.
evidence-no_objection = { $times ->
    [one] After one e-mail
   *[other] After { $times } e-mails
} no objection until { $window_ends_at }. That is not consent.
evidence-said_left = On { $said_at } the mailbox answered automatically that its owner has left. Whoever manages the mailbox can write that there.
evidence-contact_away = On { $said_at } the mailbox answered automatically that its owner is away and will be back. Find out first whether they have really left.
evidence-notice_undeliverable = The e-mail of { $sent_at } could not be delivered.
evidence-nobody_to_notify = The register has no contact that could be notified.
evidence-objected = There is an objection.
evidence-invitation_sent = Asked for consent on { $sent_at }.
evidence-accepted = Accepted through the link.
evidence-declined = Declined through the link.
evidence-same_as_requester = Is the requester, whose mailbox is confirmed.
evidence-challenge_set = The DNS record has been requested; nobody shows it yet.
evidence-challenge_unclear = The DNS servers we asked do not agree, or one does not answer. We keep asking.
evidence-challenge_seen = All DNS servers we asked show our token; the domain is on record for this customer only.
evidence-challenge_elsewhere = The DNS record is there, but the domain is not on record for this customer alone.
evidence-challenge_not_seen = The DNS record was not set in time, or was removed again.
evidence-vouch_requested = Another contact on record was asked to confirm on { $sent_at }.
evidence-vouched = Another contact on record confirmed.
evidence-vouch_refused = Another contact on record objected.
evidence-no_longer_on_record = The contact this rested on is no longer on record.
evidence-nobody_to_ask = The register has no other contact who is not involved in this case.
evidence-called = { $name } called { $whose } at the number on record. { $who ->
    [requester] This is the requester, and nobody else.
    [successor] This is the person who is to become the new contact.
   *[contact] This is not the contact who is to be replaced.
}
evidence-without_others = { $name } decided that nobody but the people asking needs to be heard.
evidence-staff_decision = Decided by { $name }.

## What is missing
gap-requester_email = The requester has not confirmed their mailbox yet.
gap-entitlement = The licence has not been found in the register yet.
gap-recorded_contact = The contact on record has not been compared with the register yet.
gap-domain_register = The domain has not been compared with the register yet.
gap-domain_dns = The DNS record is still missing.
gap-departed_notice = The time in which the contact on record may object is not over yet.
gap-window = The contact on record may still object until { $ends_at }.
gap-successor = The new contact has not accepted yet.
gap-vouch = The confirmation by another contact is still missing.
gap-callback = The callback is still to be made.
gap-document = The document has not been reviewed yet.
gap-unclear = “{ $check }” has not passed. An approver can waive it.
gap-expired = “{ $check }” has expired and no longer counts.
gap-unknown-hosting = Nobody knows whether the products run in the Cloud or on Data Center. It decides whom the e-mail goes to. Ask the customer or look at their invoices, and then correct the facts.
gap-unknown-departed_email = Nobody knows under which address the contact is on record. Everybody on record whose role would change has been notified. Until it is clear which of them has left, nobody on record can speak for the request. Compare the name with the register, ask the customer if in doubt, and then correct the facts.
gap-roots = { $count ->
    [one] One more proof is missing that whoever holds what the others rest on can’t fake
   *[other] { $count } proofs are missing that no one person can fake alone
}: { $checks }.
gap-outside_domain = { $count ->
    [one] One more proof is missing that does not rest on a domain
   *[other] { $count } more proofs are missing that do not rest on a domain
}: { $checks }.
gap-from_others = { $count ->
    [one] Nobody but the people asking has been heard yet
   *[other] { $count } more proofs are missing from people who do not ask themselves
}: { $checks }. If nobody is on record for that, a reviewed document is left; an approver can then waive confirmation by others, with a reason.
gap-blocked = “{ $check }” has failed and holds up the case.
gap-or = { " " }or { "" }

## What a proof rests on
root-domain = the domain { $name }
root-mailbox = the mailbox of { $name }
root-person = { $name } in person
root-line = the telephone line of { $name }
root-paper = letterhead and signature
root-staff = the word of { $name }
roots-one = Everything so far rests on one thing: { $root }.
roots-several = To fake everything so far, somebody would have to control { $count } things: { $roots }.
roots-check = Rests on { $roots }.

## What happened: after the name of whoever did it
event-opened = opened the case
event-prepared = prepared the request after a call or an e-mail; the customer completed and sent it
event-confirmed = confirmed the request
event-expired = closed the case: not confirmed in time
event-withdrawn = withdrew the request
event-check_recorded = checked: { $check } – { $verdict }
event-confirmed_again = confirmed the mailbox again
event-check_requested = requested another check: { $check }
event-reconsidered = reassessed the case: a check has expired, or the policy has changed
event-contact_gone = noticed that the contact is no longer on record: { $check }
event-check_postponed = will try again later: { $check }
event-domain_challenge_started = started the proof by DNS
event-departed_contact_notified = notified the contact on record; objection possible until { $window_ends_at }
event-successor_invited = asked the new contact for consent
event-vouch_requested = asked another contact on record to confirm
event-vouched = confirmed
event-called = called the number on record: { $verdict }
event-check_decided = decided: { $check } – { $verdict }
event-check_waived = waived the check: { $check }
event-succession_accepted = accepted
event-succession_declined = declined
event-objected = objected
event-second_claim_recorded = noticed a second claim to the same licence: { $other }
event-objection_dismissed = dismissed the objection
event-objection_upheld = upheld the objection
event-customer_asked = asked the customer
event-answered = answered the question
event-customer_told = { $topic ->
    [voucher] named somebody who could confirm the change
   *[other] says that Atlassian wrote to them directly
}
event-address_corrected = { $whose ->
    [departed] corrected the address of the contact on record; what rested on the old one is checked again
   *[other] corrected the address of the new contact; what rested on the old one is checked again
}
event-drafted = put a draft forward for approval
event-draft_returned = returned the draft
event-facts_corrected = corrected: { $what }
event-approved = approved the e-mail to Atlassian
event-delivered = sent the e-mail to Atlassian
event-delivery_failed = could not deliver the e-mail to Atlassian
event-recalled = recalled the e-mail to Atlassian
event-atlassian_answered = recorded Atlassian’s answer: { $answer }
event-access_confirmed = confirmed access
event-access_reported = said that the access works
event-no_access_reported = reported that access is still missing
event-rejected = rejected the case
event-closed = closed the case: { $outcome }
event-reopened = reopened the case
event-held = put off that it is erased
event-hold_lifted = allowed again that it is erased
event-assigned = { $mode ->
    [taken] took on the case
    [given] assigned the case to { $owner }
   *[dropped] unassigned the case
}
event-referred = { $given ->
    [true] entered your own reference
   *[false] removed your own reference
}
event-note_added = wrote a note
event-seen = looked at what had been received
event-reminded = sent a reminder
event-email_retried = sent an e-mail again

answer-done = The change is made
answer-told_customer = Atlassian answered the customer directly
answer-question = Atlassian has a question
answer-declined = Atlassian declines

## What staff can do
action-check_again = Check again
action-waive_check = Waive the check
action-save_draft = Put forward for approval
action-correct_facts = Correct facts
action-return_draft = Return the draft
action-recall = Recall the e-mail
action-reopen = Reopen
action-assign = Assign
action-refer = Save the reference
action-retry_email = Send the e-mail again
action-remind = Send reminder
action-mark_seen = Mark as seen

## Letters
notification-confirmation_request = Request to confirm
notification-prepared_request = Prepared form
notification-form_link = Link to the form
notification-confirmation_reminder = Reminder to confirm
notification-confirmation_renewal = Request to confirm again
notification-case_confirmed = Acknowledgement
notification-successor_invitation = Request for consent
notification-departed_notice = Notice to the contact on record
notification-contact_notice = Notice to another contact on record
notification-vouch_request = Request to another contact to confirm
notification-question = Question
notification-request_submitted = Update: with Atlassian
notification-access_confirmation_request = Request to check access
notification-contact_question = Yearly question to a contact on record
notification-successor_access_request = Request to the new contact to check access
notification-case_closed = Case closed
notification-case_reopened = Case reopened
notification-objection_answered = Answer to the objection
notification-link_replaced = New link
notification-files_received = Receipt of files
notification-proofs_complete = Notice: nothing is missing any more
notification-successor_briefing = Notice to the new contact: Atlassian was asked
notification-successor_outcome = Close, to the new contact
notification-objection_received = Receipt of an objection
notification-contact_outcome = Close, to a contact who was notified
notification-staff_news = News for the team
notification-delivery_test = Test of sending e-mail
notification-atlassian_request = E-mail to Atlassian

## Why not
refusal-not-yours = This is not yours to decide.
refusal-role-too-low = Your role does not allow this. Ask somebody who may approve.
refusal-not-now = This is not possible while the case is in this state.
refusal-closed = The case is closed.
refusal-erased = The content of this case is erased. It is not taken up again.
refusal-already-held = Erasing is put off for this case already.
refusal-not-held = Erasing is not put off for this case.
refusal-own-draft = You wrote this draft. A second person has to approve it (four-eyes principle).
refusal-own-check = You decided a check of this case, corrected facts or prepared the request. Somebody else has to approve (four-eyes principle).
refusal-second-factor-not-fresh = Please show your second factor once more: it has to be fresh to approve. Who signs in by an identity provider signs in anew.
refusal-second-factor-missing = Your role demands a second factor. Set one up first, under “Second factor” at the foot of each page.
refusal-second-factor-not-shown = You have a second factor and have not shown it in this session. You can do that under “Second factor” at the foot of each page.
refusal-draft-changed = The draft is no longer the one you saw. Please read it again.
refusal-evidence-changed = A check has changed since the draft was written. Please put it forward for approval again.
refusal-facts-changed = The facts have changed since the draft was written, for example by an import. Please put it forward for approval again.
refusal-nothing-corrected = Please enter at least one fact that is wrong.
refusal-policy-not-satisfied = The checks do not suffice, or no longer do.
refusal-already-decided = This has been decided already.
refusal-not-decided-by-staff = This check is not for staff to decide.
refusal-no-voucher = This person is not on record as a contact for these licences, or is involved in the case.
refusal-departed-number = On record, only the contact who is said to have left has this number. Whoever answers there proves nothing. Call somebody else.
refusal-departed-unknown = Nobody knows yet which contact on record has left. It could be this person. First enter the address of the contact who has left, under “Correct facts”.
refusal-address-stated = The customer gave this address. Only they can change it, with a new request.
refusal-address-involved = This is the address of the requester or of the new contact. It can’t be that of the contact who has left, too.
refusal-facts-unknown = The e-mail would have to claim what nobody knows: the address of the contact on record, or the hosting. Correct the facts first.
refusal-not-on-record = This number is not on record. Only a call to a number that we already knew counts.
refusal-too-early = It is too early for that.
refusal-nobody-to-remind = Nobody on the customer's side has been asked anything at the moment.
refusal-reminded-enough = As many reminders were sent as the settings allow.
refusal-nothing-new = Nothing new has been received, or somebody has seen it already.
refusal-too-many-claims = So many other cases stand against this one that no more are added. It is on hold all the same.
refusal-nothing-sent = Nothing has been sent to Atlassian yet, so there is no answer.
refusal-address-taken = This is the address of somebody else in this request. Each person needs a mailbox of their own.
refusal-corrected-enough = Addresses of this request have been corrected several times already. Please withdraw it and send a new one.
refusal-told-enough = You have told us a lot already. Please wait until somebody on our team has read it.

## Free text
text-empty = Please fill in this field.
text-too-long = Please shorten the text to { $most } characters at most.
text-holds-password = The text seems to contain a password. We do not accept passwords: we do not need them and do not want to keep them. Please remove it – and change it, if you have ever sent it to anybody.
text-holds-link = The text contains a personal link from one of our e-mails. Whoever reads it can use it. Please remove it.
text-holds-licence-key = The text seems to contain a licence key. We only need the number of the licence (SEN or entitlement number, E-…), never the key. Please remove it.
