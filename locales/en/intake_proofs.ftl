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
intake-domain-copy = Copy
intake-domain-copy-name = Copy the name
intake-domain-copy-text = Copy the content
intake-domain-copied = Copied
intake-domain-look = Check now
intake-domain-looked-shown = The record is there. We note it within the next few minutes.
intake-domain-looked-other = There is a record under this name, but its content is different. Please compare it character by character.
intake-domain-looked-missing = The record is not there yet. It can take up to an hour until a new record is visible everywhere.
intake-domain-looked-unclear = The name servers gave no clear answer. Please try again in a few minutes; we keep looking, too.
intake-domain-looked-later = Somebody has just checked. Please wait a minute; we keep looking, too.
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
intake-vouched-text = We have received your confirmation. We need nothing more from you: we finish checking and ask Atlassian for the change. If you change your mind, reply to our e-mail.
