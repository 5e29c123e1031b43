# What the customer’s side can contribute to the proof: the DNS record and the word of another contact.
intake-domain-title = Proof through the domain { $domain }
intake-domain-offer = Checking is quicker if your IT sets a record in the DNS of { $domain }. It shows us that the request comes from your company. This is optional; we check in other ways, too.
intake-domain-start = Show the record
intake-domain-waiting = Please pass this record on to your IT. We look for it regularly, every few minutes at first.
intake-domain-seen = The record is there, thank you. Please leave it in place until the case is closed.
intake-domain-record-type = Type
intake-domain-record-name = Name
intake-domain-record-text = Content
intake-domain-record-since = Requested
intake-domain-help = How your IT sets the record
intake-domain-help-where = The record belongs in the DNS zone of { $domain }, at the domain’s provider or on your name servers.
intake-domain-help-name = Many control panels append the domain to the name themselves. There, enter only “_handover-challenge”.
intake-domain-help-check = This command shows whether it is visible:
intake-domain-help-harmless = The record does not affect e-mail or website. It contains nothing secret.
intake-domain-help-keep = Once the case is closed, you can delete it.

notice-challenge-started = You will find the record for your IT further down this page.

## Word of another contact
intake-voucher-title = Is this contact change right?
intake-voucher-lead = Somebody else is to become the contact for the Atlassian licences of { $company }. You are on record with us as another contact; that is why we ask you.
intake-voucher-why = We ask Atlassian for the change only once we are sure that the company wants it.
intake-voucher-self-dc = Often you can do this without us: another technical or billing contact of the licence at Atlassian can frequently add contacts and change the primary one on my.atlassian.com.
intake-voucher-self-cloud = Often you can do this without us: a billing admin at Atlassian can frequently add further billing admins on admin.atlassian.com, under “Billing”.
intake-voucher-decision = Your answer
intake-voucher-decision-hint = Answer only if you know. Otherwise please ask in your company.
intake-voucher-confirm = Yes, the change is right
intake-voucher-confirm-hint = The contact on record is no longer responsible, and the new one should be.
intake-voucher-object = No, I object
intake-voucher-object-hint = The case is on hold until we have cleared this up.
intake-voucher-note = What should we know?
intake-voucher-note-hint = One sentence is enough. No passwords, please.
intake-voucher-send = Send answer
intake-voucher-silence = If you do not answer, we take that neither as consent nor as an objection.
intake-error-voucher = Please choose whether the change is right.
intake-vouched-title = Thank you
intake-vouched-text = We have received your confirmation. We need nothing more from you.

## The letter for letterhead and signature
intake-letter-link = Template for a letter on your letterhead
intake-letter-back = Back to the case
intake-letter-lead = Print this letter on your letterhead, have it signed by somebody who may sign for the company, scan it and upload it on the page of your case. It contains only what you told us yourself.
intake-letter-pdf = Download as PDF
intake-letter-print = Or print this page with your browser.
intake-letter-no-pdf-title = Please print this page
intake-letter-no-pdf = A name contains a character that we can’t show in a PDF. So please print with your browser; only the letter is printed.
intake-letter-file = authorisation
intake-letter-title = Change of the Atlassian contact
intake-letter-reference = To { $reseller }, case { $number }
intake-letter-statement = { $departed } is no longer responsible for the Atlassian licences of { $company } named below. We ask { $reseller } to arrange the change of contact for us.
intake-letter-company = Company
intake-letter-licences = Licences
intake-letter-departed = Contact so far
intake-letter-successor = New contact
intake-letter-requester = Requested by
intake-letter-requester-may = { $requester } made the request on our behalf.
intake-letter-authority = Whoever signs here is entitled to make this statement for the company.
intake-letter-line-place-date = Place, date
intake-letter-line-signature = Signature
intake-letter-line-name = Name and position in block letters
intake-letter-line-stamp = Company stamp, if there is one
notice-letter-as-page = A name contains a character that we can’t show in a PDF. Please print this page.
