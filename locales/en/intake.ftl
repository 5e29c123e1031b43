# Customer pages: start, form, confirmation, status, new contact, objection

intake-case = Case

## Start page
intake-home-title = Has your Atlassian contact left the company?
intake-home-lead = Then renewals, security advisories and licence keys go to a mailbox that nobody reads any more. We verify your request and ask Atlassian to put a new contact on record.
intake-home-start = Request a contact change
intake-home-start-time = about five minutes, no account needed
intake-home-reach-title = Can you get in touch with your Atlassian contact?
intake-home-reach-text = A short self-check of at most four questions shows you the quickest way. Often you can change the contact yourself, even today.
intake-home-reach-yes = Yes
intake-home-reach-no = No, or not sure
intake-home-ask-title = Or go straight to the form
intake-home-ask-text = You know already that nobody has access any more? Then ask us to arrange the change. Have your entitlement numbers or the address of your cloud site ready.
intake-home-path-title = How it works
intake-home-path-ask = You send a request
intake-home-path-ask-text = You fill in the form and confirm your e-mail address.
intake-home-path-check = We check
intake-home-path-check-text = Does the licence belong to your company? Does the new contact agree? The contact on record is notified, too.
intake-home-path-approve = A second person approves
intake-home-path-approve-text = No e-mail to Atlassian leaves us before a second person has checked it (four-eyes principle).
intake-home-path-atlassian = Atlassian changes the contact
intake-home-path-atlassian-text = We write to Atlassian and keep you posted.
intake-home-path-done = You log in
intake-home-path-done-text = The case is closed only once the new contact has access.
intake-home-why-title = Why we cannot simply change it
intake-home-why-text = Under Atlassian’s security rules only you, the customer, may start a contact change. We have no access to your contacts. What we may do is make sure who is asking, and then ask Atlassian for the change.
intake-home-mail-check = You can check whether an e-mail is really from us.
intake-home-mail-check-link = Check an e-mail

## Form
intake-form-title = Request a contact change
intake-form-not-sent-title = Your request has not been sent yet
intake-form-not-sent-text = Our form is not available at the moment. What you entered is unchanged below. Please send the form again in a minute.
intake-form-lead = We use your answers to verify the request. You need your entitlement numbers or the address of your cloud site; both are on the invoice.
intake-form-secrets-title = No passwords and no licence keys, please
intake-form-secrets-text = We do not need them and do not accept them. The number of a licence (SEN or entitlement number, E-…) is not a key and is welcome here.
intake-form-send = Send request
intake-step-of = Step { $number } of { $steps }
intake-step-next = Continue
intake-step-back = Back
intake-step-to-review = Continue to check your answers
intake-step-nothing-sent = Nothing is sent yet. At the end you see all your answers and can change them.
intake-kept-restored = We have put back what you last entered here. It is kept in this browser tab only.
intake-kept-forget = Discard it and start again
intake-review-title = Check your answers
intake-review-lead = This is how we understood your answers. If everything is right, send the request.
intake-review-change = Change
intake-review-none = Not given
intake-review-successor = New contact
intake-review-yourself = Yourself
intake-review-authority = Authority to request the change
intake-review-privacy = Privacy information
intake-review-confirmed = Confirmed
intake-review-month = You named only the month. We note this day. If you know the exact one, please change it.
intake-review-free-mail = Anybody can get an address at { $domain }. It does not show that someone belongs to the company, so we need more evidence. If there is an address at the company, it is better to give that one.
intake-review-disposable = { $domain } provides throw-away addresses. Our e-mails easily get lost there, and the address does not show that someone belongs to the company. It is better to give an address at the company.
intake-review-role-address = This looks like a shared mailbox. For the verification we need an address that only one person reads; Atlassian usually rejects shared mailboxes. If it is a personal address, all is well.
intake-form-after = You will get an e-mail right away. We start checking once you have confirmed the link in it.

intake-section-requester = About you
intake-section-requester-why = Who requests the change on behalf of the company. The new contact may be somebody else.
intake-requester-name = Full name
intake-requester-email = Business e-mail address
intake-requester-email-hint = Your personal address at the company, not a shared mailbox and not a private one. We will write to you there.
intake-requester-position = Your position in the company
intake-requester-position-hint = For example: head of IT operations
intake-requester-phone = Phone
intake-requester-phone-hint = Only for questions. To verify you, we call numbers that we already know and no others.

intake-section-company = Company and licences
intake-section-company-why = Which licences this is about. Several at once are fine if they have the same contact.
intake-company = Company name
intake-company-hint = As it appears on the licence or invoice
intake-customer-number = Your customer number with us
intake-customer-number-hint = At the top of our invoice
intake-hosting = How do you run Atlassian?
intake-hosting-data-center = Data Center
intake-hosting-data-center-hint = On your own servers or at a hosting provider
intake-hosting-cloud = Cloud
intake-hosting-cloud-hint = At an address like company.atlassian.net, billed by Atlassian or a partner
intake-hosting-partner-managed = Cloud, managed by us
intake-hosting-partner-managed-hint = Bought from us; we manage the subscription as your partner
intake-hosting-unknown = I don’t know
intake-hosting-unknown-hint = We find out before we write to Atlassian.
intake-entitlements = Entitlement numbers or cloud sites
intake-entitlements-hint = One per line, for example SEN-12345678, E-3W8-NHD-V5E-GM7 or company.atlassian.net
intake-entitlements-paste = You can also paste whole lines from an invoice or spreadsheet. At most { $max } licences.
intake-entitlements-where = Where do I find these numbers?
intake-entitlements-where-invoice = On every invoice or order confirmation, from us or from Atlassian: “SEN” or “Entitlement number”.
intake-entitlements-where-product = In Jira and Confluence under Administration, section “Versions & licences” or “Licence details”.
intake-entitlements-where-site = For Cloud, the address you work at is enough. It ends in .atlassian.net.

intake-section-departed = Contact on record
intake-section-departed-why = Who is still on record with Atlassian. We write to this address and give the person a chance to object.
intake-departed-name = Full name
intake-departed-email = E-mail address on record
intake-departed-email-hint = The address that Atlassian has, even if nobody reads it any more
intake-departed-email-unknown = I don’t know the address
intake-departed-email-unknown-hint = Then we notify everybody on record for the licences concerned and find out the address. That can take a little longer.
intake-address-unknown = address not known
intake-departed-on = Left on
intake-departed-on-hint = A day such as 31.10.2026, or just the month, such as October 2026. An approximate date is fine.
intake-contact-role = What was this person’s role?
intake-contact-role-hint = If you do not know, choose “Both”.
intake-contact-role-technical = Technical contact
intake-contact-role-billing = Billing contact
intake-contact-role-both = Both

intake-section-successor = New contact
intake-section-successor-why = Will receive renewals, security advisories and licence keys from now on, and has to agree to the change.
intake-successor-is-requester = I will be the new contact myself
intake-successor-is-requester-hint = Then we take your name and address from above.
intake-successor-name = Full name
intake-successor-email = Business e-mail address
intake-successor-email-hint = A personal address at the company. Atlassian usually declines mailing lists and private addresses.

intake-section-explanation = Background and declarations
intake-section-explanation-why = So that we and Atlassian understand why the usual way is not open to you.
intake-explanation = What happened, and what have you tried?
intake-explanation-hint = For example: “Ms Berger left at the end of January. Her mailbox was deleted, and there was never a second contact.”
intake-explanation-limit = At most { $max } characters.
intake-authority = I am authorised to request this change on behalf of the company.
intake-authority-hint = We check this and may ask for proof.
intake-privacy = I have read the privacy information.
intake-privacy-read = Read the privacy information (opens a new tab)
intake-privacy-hint = We use what you enter for this case only. Atlassian receives what the change requires.

## After sending
intake-sent-title = Check your inbox
intake-sent-lead = We have sent you an e-mail with a link. We go on once you have confirmed.
intake-sent-open = Open the e-mail
intake-sent-open-text = { $days ->
    [one] It arrives within a few minutes. The link in it is valid for one day.
   *[other] It arrives within a few minutes. The link in it is valid for { $days } days.
}
intake-sent-confirm = Confirm your request
intake-sent-confirm-text = The link leads to a page with a button. Only pressing that button counts.
intake-sent-then = We check
intake-sent-then-text = Your own status page shows you at any time where your request stands.
intake-sent-nothing = Nothing there?
intake-sent-nothing-wait = Wait a few minutes; some mail servers take their time.
intake-sent-nothing-spam = Check your spam folder.
intake-sent-nothing-again = If the address was misspelt, simply fill in the form again. Requests that nobody confirms expire by themselves.
intake-sent-to = The e-mail goes to
intake-sent-held-title = We could not send this e-mail
intake-sent-held = So that nobody is bothered with e-mails from us, only so many go to one address a day. Your request is saved, and our team sees it. You can send the e-mail again from here later.
intake-sent-again = Send again
intake-sent-mend = Correct the address
intake-sent-mend-hint = Your request stays as you filled it in. From now on we write to this address only; the link in the first e-mail stops working.
intake-sent-mend-button = Send to this address
intake-sent-mend-not = The address can’t be changed from here any more. If it was wrong, please fill in the form again; requests that nobody confirms expire by themselves.
intake-pause-minutes = You can send it again { $count ->
    [one] in one minute
   *[other] in { $count } minutes
}.
intake-pause-hours = You can send it again { $count ->
    [one] in one hour
   *[other] in { $count } hours
}.
intake-pause-enough = We have written as often as we do for one request. If nothing arrives, please check the address.
intake-pause-reload = Reload the page
intake-error-address-same = We have written to this address already. Change it, or send the e-mail again.
intake-error-address-departed = This is the address of the person who has left. Please enter your own.
intake-error-address-successor = This is the new contact’s address. Please enter your own. If you will be the contact yourself, fill in the form again.
intake-error-address-busy = We can’t send another e-mail to this address at present. { $pause }
notice-confirmation-sent = The e-mail is on its way again.
notice-address-mended = The address is changed. The e-mail now goes there.

## Confirmation
intake-confirmation-title = Confirm your request
intake-confirmation-lead = By confirming you show us that you read this mailbox. Then we start checking.
intake-confirmation-button = Yes, this is my request
intake-own-case-title = You already have a case about this: { $number }
intake-own-case-text = It was opened with the same e-mail address and is about at least one of these licences. A second one will not speed anything up. If you continue with the existing one, we withdraw this request.
intake-own-case-go-on = Continue with { $number }
intake-own-case-file = Send a new request all the same
intake-confirmation-not-you = You did not request anything? Then simply close this page. Nothing happens without confirmation.

intake-confirmed-title = Thank you, your request is confirmed
intake-confirmed-text = We are now verifying your request. Another e-mail is on its way to you: the link in it leads to a page that shows you at any time where your request stands. If we need anything, we will write to you.

intake-gone-title = This link no longer works
intake-gone-text = { $days ->
    [one] Perhaps it was not copied completely, or it has expired: requests that nobody confirms expire after one day. The latest e-mail we sent you has a link that works. Otherwise, simply send a new request.
   *[other] Perhaps it was not copied completely, or it has expired: requests that nobody confirms expire after { $days } days. The latest e-mail we sent you has a link that works. Otherwise, simply send a new request.
}

## Links that worked once
intake-replaced-title = This link no longer works
intake-replaced-text = It was contained in an e-mail to us. To protect you we replaced it: the valid link is in our latest e-mail to you. If you can’t find one, just reply to an older one.
intake-expired-title = This link has expired
intake-expired-confirmation = The request was not confirmed in time.
intake-expired-offer = There is nothing to fill in again: we send a new link to the address that this one went to.
intake-expired-button = Send a new link
intake-expired-other = You no longer read that mailbox? Then please send a new request.
intake-expired-renewal = This request is confirmed already. The latest e-mail we sent you has the link that works.
intake-expired-status = The latest e-mail we sent you has the link that works. If you can’t find it, just reply to an older one, and we will write to you.
intake-expired-successor = If you want to accept or decline, please reply to our e-mail, and we will send you a new link. Nothing changes for you without your consent.
intake-expired-objection = You can still object: please reply to our e-mail. Somebody on our team will look at it.
intake-not-needed-title = Your confirmation is no longer needed
intake-not-needed-text = There is nothing for you to do. If you do not agree with the change, or know nothing about it, please reply to our e-mail. Somebody on our team will look at it.

intake-fact-requester = Requested by
intake-fact-company = Company
intake-fact-entitlements = Licences
intake-fact-departed = Contact on record
intake-fact-successor = New contact
intake-fact-role = Role
intake-role-both = Technical and billing contact
intake-fact-asked-at = Requested on

## Status
intake-status-title = Contact change for { $company }
intake-status-waiting = What we are waiting for
intake-status-since = Since
intake-status-who = Waiting for
intake-party-customer = you
intake-party-us = us
intake-party-atlassian = Atlassian
intake-status-until = Until
intake-status-then = Next
intake-status-expected = How long it takes
intake-progress = Step { $step } of { $steps }

intake-until-unconfirmed = Please confirm by { $day }. After that the request expires.
intake-until-successor = We hope to hear from { $successor } by { $day }, and send a reminder if we do not.
intake-until-checking = { $day }: until then, as a rule, the contact on record may object. It cannot go to Atlassian sooner.
intake-until-question = Please answer by { $day }. If we hear nothing, we remind you.
intake-until-writing = We want to send the request by { $day }.
intake-until-again = We want to write to Atlassian again by { $day }.
intake-until-licensing = { $day }. If nothing has happened by then, we ask our licensing desk.
intake-until-atlassian = { $day }. If Atlassian has not answered by then, we ask again.
intake-until-access = Please tell us by { $day }. If we hear nothing, we remind you.
intake-until-access-said = If we hear nothing from the new contact by { $day }, we close the case on your word.
intake-until-late = We are later than we want to be. Your case is in line and has not been forgotten.

intake-then-unconfirmed = We check your request.
intake-then-confirm-again = We go on with your case where it stands.
intake-then-successor = We write the request to Atlassian; a second person approves it.
intake-then-checking = We write the request to Atlassian; a second person approves it.
intake-then-question = We go on checking.
intake-then-writing = Atlassian receives our request, and you get an e-mail.
intake-then-again = Atlassian receives another request, and you get an e-mail.
intake-then-licensing = Our licensing desk makes the change. Then we ask you whether it worked.
intake-then-atlassian = Atlassian makes the change. Then we ask you whether it worked.
intake-then-access = We close the case once you have confirmed.
intake-then-access-said = As soon as { $successor } confirms the access, we close the case. If something is missing, we ask Atlassian again.

intake-expected-sent = { $half ->
    [one] Of the last requests, half were sent within one business day
   *[other] Of the last requests, half were sent within { $half } business days
}{ $most ->
    [one] {" "}of being confirmed, nine out of ten too.
   *[other] {" "}of being confirmed, nine out of ten within { $most }.
}
intake-expected-atlassian = { $half ->
    [one] Of the last requests, half were with Atlassian for up to one business day,
   *[other] Of the last requests, half were with Atlassian for up to { $half } business days,
}{ $most ->
    [one] {" "}nine out of ten too.
   *[other] {" "}nine out of ten for up to { $most }.
}
intake-expected-licensing = { $half ->
    [one] Of the last requests, our licensing desk dealt with half within one business day,
   *[other] Of the last requests, our licensing desk dealt with half within { $half } business days,
}{ $most ->
    [one] {" "}with nine out of ten too.
   *[other] {" "}with nine out of ten within { $most }.
}
intake-ahead-fewer = Fewer than { $count } requests are waiting for us before yours.
intake-ahead-about = About { $count } requests are waiting for us before yours.

intake-go-title = What you can do now
intake-go-answer = Answer our question
intake-go-confirm_access = Say whether it worked
intake-go-start_domain_challenge = DNS record
intake-go-add_evidence = Upload a document
intake-go-correct_address = Correct an address
intake-go-tell = Tell us something
intake-go-withdraw = Withdraw

intake-history-title = What happened
intake-history-opened = You sent the request.
intake-history-confirmed = You confirmed your e-mail address.
intake-history-confirmed-again = You confirmed your e-mail address again.
intake-history-domain = You asked for a DNS record.
intake-history-accepted = The new contact agreed.
intake-history-declined = The new contact declined.
intake-history-asked = We asked you a question.
intake-history-answered = You answered our question.
intake-history-told-atlassian = You told us that Atlassian wrote to you.
intake-history-told-voucher = You named somebody who could confirm the change.
intake-history-address-successor = You corrected the address of the new contact.
intake-history-address-departed = You corrected the address of the contact on record.
intake-history-file = You sent a file.
intake-history-file-removed = You removed a file.
intake-history-verified = Checking was complete.
intake-history-approved = A second person approved the request to Atlassian.
intake-history-sent = The request was sent.
intake-history-atlassian-done = We heard that the change has been made.
intake-history-atlassian-question = Atlassian had a question.
intake-history-atlassian-declined = Atlassian declined the change.
intake-history-access = You confirmed that it worked.
intake-history-access-successor = The new contact confirmed the access.
intake-history-no-access = You told us that something is missing.
intake-history-no-access-successor = The new contact told us that something is missing.
intake-history-withdrawn = The request was withdrawn.
intake-history-expired = The request expired.
intake-history-rejected = We could not pass on the request.
intake-history-completed = The case was closed as completed.
intake-history-closed = The case was closed.
intake-history-reopened = The case was opened again.

intake-letters-title = Our e-mails to you
intake-letters-text = The newest ones. Links are left out here, because whoever has them can act in your name.
intake-letter-read = Read
intake-letter-is-waiting = will be sent
intake-letter-is-sent = sent
intake-letter-is-returned = came back
intake-letter-is-failed = could not be sent
intake-letter-is-held = not sent

intake-contact-title = Questions?
intake-contact-text = Reply to one of our e-mails, or write to us and mention { $number }:

intake-addresses-title = Correct an e-mail address
intake-addresses-text = You can do this until the request has been sent. What rested on the old address no longer counts, and everybody concerned is asked again; so the case takes longer.
intake-addresses-successor = New contact, { $name }:
intake-addresses-departed = Contact on record, { $name }:
intake-addresses-new-successor = Correct address of the new contact
intake-addresses-new-departed = Correct address of the contact on record
intake-addresses-send-successor = Correct address and ask the new contact again
intake-addresses-send-departed = Correct address and check again
notice-address-corrected = The address has been corrected. What rested on the old one is being checked again.

intake-claims-atlassian-title = Has Atlassian written to you directly?
intake-claims-atlassian = What did Atlassian write?
intake-claims-atlassian-hint = Somebody on our team reads it. No passwords and no licence keys, please.
intake-claims-atlassian-send = Send to our team
intake-claims-voucher-title = Who else could confirm the change?
intake-claims-voucher = Who at your company could confirm the change?
intake-claims-voucher-hint = Name and role are enough. We only ask people who are on record with us.
intake-claims-voucher-send = Send name
notice-told = Thank you. Somebody on our team reads it.
intake-status-asked = Your request
intake-status-path = Progress
intake-now-unconfirmed-title = We are waiting for your confirmation
intake-now-unconfirmed-text = Please open the e-mail that we sent you and confirm your request.
intake-now-checking-title = We are checking your request
intake-now-checking-text = We compare your answers with our records, ask the new contact to agree, and give the contact on record time to object. If we need anything from you, we will write to you.
intake-now-confirm-again-title = Please confirm your e-mail address again
intake-now-confirm-again-text = Your first confirmation was so long ago that it no longer counts. We have sent you an e-mail with a new link; once you have confirmed, we go on.
intake-now-successor-title = We are waiting for the new contact
intake-now-successor-text = Everything else has been checked. Only the consent of { $successor } is missing.
intake-now-question-title = We are waiting for your answer
intake-now-question-text = Please answer our question below. Until then your case is on hold.
intake-now-writing-title = We are preparing the change
intake-now-writing-text = Your answers have been checked. We are writing the request, a second person approves it, and then we send it. You do not need to do anything.
intake-now-atlassian-title = Atlassian has our request
intake-now-atlassian-text = We have asked Atlassian to put { $successor } on record as the new contact. That can take a few business days. We follow up and will let you know.
intake-now-licensing-title = Our licensing desk is making the change
intake-now-licensing-text = The subscription is managed by us, so our licensing desk puts { $successor } on record as the new contact. We will let you know as soon as that is done.
intake-now-again-title = We are following up
intake-now-again-text = Thank you for telling us that something is still missing. We are looking into it and will write to you.
intake-now-again-successor-text = The new contact has told us that something is still missing. We are looking into it and will write to you.
intake-now-access-title = Please check whether it worked
intake-now-access-text = We were told that { $successor } is the new contact now. The case is closed only once you have confirmed that.
intake-now-access-said-title = Thank you. We are waiting for the new contact
intake-now-access-said-text = You have confirmed that it worked. { $successor } knows best; we have asked there, too.
intake-end-completed-title = Done: the new contact has access
intake-end-completed-text = Our advice: put a second contact on record right away, with a personal address. Then nobody is locked out when somebody leaves.
intake-end-self-service-title = You were able to change the contact yourself
intake-end-self-service-text = Your case is done. If something does not work after all, just reply to one of our e-mails.
intake-end-rejected-title = We could not pass on your request
intake-end-rejected-text = The contact on record stays as it is. If you have further proof, or think that the decision is wrong, please reply to one of our e-mails.
intake-end-withdrawn-title = The request has been withdrawn
intake-end-withdrawn-text = The case is closed and we do nothing more. If you still need the change, please send a new request.
intake-end-expired-title = The request has expired
intake-end-expired-text = Nobody confirmed it in time, so nothing was changed. If you still need the change, please send a new request.
intake-end-duplicate-title = We are dealing with this already
intake-end-duplicate-text = Your request is part of another case, so this one is closed. If you do not know of any other, please reply to one of our e-mails.
intake-end-declined-title = Atlassian has declined the change
intake-end-declined-text = We are sorry. Often another way helps: your IT reopens or redirects the old mailbox and resets the password of the old Atlassian account. We are happy to advise you; just reply to one of our e-mails.
intake-step-received = Request and confirmation
intake-step-received-text = Your mailbox is confirmed and the case is open.
intake-step-verified = Checking your answers
intake-step-verified-text = Licence, company and new contact; the contact on record may object.
intake-step-approved = Approval by a second person
intake-step-approved-text = Somebody else checks the e-mail before we send it.
intake-step-atlassian = Change by Atlassian
intake-step-atlassian-text = Atlassian puts the new contact on record.
intake-step-licensing = Change by our licensing desk
intake-step-licensing-text = Our licensing desk puts the new contact on record.
intake-step-completed = Access
intake-step-completed-text = The new contact can log in, and you confirm it.
intake-step-is-done = done
intake-step-is-now = in progress
intake-step-is-todo = still to come
intake-step-is-stopped = ended here
intake-question-title = We have a question for you
intake-answer = Your answer
intake-answer-hint = No passwords and no licence keys, please
intake-answer-send = Send answer
intake-access-title = Did it work?
intake-access = Does the new contact have access?
intake-access-hint = Please check on my.atlassian.com (Data Center) or admin.atlassian.com (Cloud).
intake-access-yes = Yes, the new contact is on record and can log in
intake-access-yes-hint = We close the case.
intake-access-no = No, something is missing
intake-access-no-hint = We ask Atlassian again.
intake-access-note = What do you see, and what is missing?
intake-access-note-hint = This helps us when we follow up
intake-access-send = Send reply

intake-own-access-title = Do you have access now?
intake-own-access-lead = As far as we know, the change has been made. You know best whether it works: please sign in at Atlassian and tell us what you see.
intake-own-access = Are you on record, and can you sign in?
intake-own-access-hint-data_center = Sign in at my.atlassian.com and expand the licence: are you listed there?
intake-own-access-hint-cloud = Sign in at admin.atlassian.com and open “Billing”: do you see the subscriptions?
intake-own-access-hint-cloud_partner_managed = Sign in at admin.atlassian.com/partner-managed-subscriptions: do you see the subscriptions?
intake-own-access-hint-unknown = Sign in at my.atlassian.com for Data Center, or at admin.atlassian.com for Cloud. Do you see the licences or subscriptions there?
intake-own-access-yes = Yes, I have access
intake-own-access-no = No, not yet
intake-own-done-title = You are now the contact
intake-own-done-lead = The case is complete. From now on, Atlassian’s e-mails about renewals and security go to you.
intake-second-title = Our advice: a second contact
intake-second-why = Add a second person right away. Then nobody is locked out the next time somebody leaves.
intake-withdraw-title = Withdraw the request
intake-withdraw-text = We close the case and do nothing more. If our request has already reached Atlassian, the change may still be made.
intake-withdraw-button = Withdraw the request for good

## New contact
intake-successor-page-title = Would you like to take over the Atlassian licences?
intake-successor-page-lead = { $requester } has named you as the new contact for the Atlassian licences of { $company }. We need your consent for that.
intake-successor-page-duties = What this means
intake-successor-page-duty-mail = Renewals, security advisories and licence keys will come to your e-mail address.
intake-successor-page-duty-manage = You can manage licences and add further contacts. It is wise to add a second one straight away.
intake-successor-page-duty-account = You need an Atlassian account with this address. If you have none, Atlassian will invite you.
intake-successor-page-accept = Yes, I accept
intake-successor-page-decline = No, I decline
intake-successor-page-not-you = Didn’t expect this? Then please decline. Nothing is changed without your consent.
intake-accepted-title = Thank you for agreeing
intake-accepted-text = You do not need to do anything now. We finish checking and ask Atlassian for the change. As soon as you are on record as the new contact, you can log in at Atlassian with this e-mail address; if you have no account yet, Atlassian will invite you.
intake-again-title = Thank you for telling us. We are following up
intake-again-text = Something is still missing, and we are taking it up with Atlassian. We will ask you again once it is said to be done.
intake-declined-title = You have declined
intake-declined-text = You will not become the contact, and nothing changes for you. The person who named you sees this on the page of their case and can name somebody else. You will not hear from us about it again.
intake-not-now-title = There is nothing to decide at present
intake-not-now-text = We are reviewing the case. If your consent is needed later, we will write to you again.
intake-over-title = This case is closed
intake-over-text = There is nothing left to decide.

## Objection by the present contact
intake-objection-title = Are you still the contact?
intake-objection-lead = We were told that you no longer work at { $company }, and that somebody else should therefore be the contact for the company’s Atlassian licences.
intake-objection-other-title = Is this change of contact right?
intake-objection-other-lead = You are on record as a contact for the Atlassian licences of { $company }. Somebody has asked to change a contact there; a role that you have would be affected.
intake-objection-other-agree = If that is fine, you do not need to do anything.
intake-objection-other-disagree = If it is not, or if you know nothing about it, please object here. We wait for your answer until
intake-objection-agree = If that is right, you do not need to do anything.
intake-objection-disagree = If it is not, please object here. We wait for your answer until
intake-objection-late = If it is not, please object here. The date we named has passed, but as long as the case is open your objection counts.
intake-objection-reason = Why do you object?
intake-objection-reason-hint = One sentence is enough. No passwords, please.
intake-objection-button = I object to the change
intake-objection-after = After an objection the case is on hold until somebody on our team has looked at it.
intake-objected-title = Your objection has arrived
intake-objected-text = The case is on hold until somebody on our team has looked at it. Until then nothing is sent to Atlassian. If we have a question, we will write to this address.
intake-over-objection-text = If you do not agree with the outcome, or something was changed against your will, please reply to our e-mail. Somebody on our team will look at it.
