# Inbound e-mail: what became of it, and why.
event-mail_filed = filed an e-mail with the case ({ $writer })
writer-requester = Requester
writer-successor = New contact
writer-departed_contact = Contact on record
writer-registered_contact = Another contact on record
writer-atlassian = Atlassian
writer-mail_server = Mail server
writer-other = somebody else

# Why a message is not filed.
inbound-too-large = It is larger than Handover accepts. Only its header was kept; the e-mail itself is in the mailbox, or went back to its sender.
inbound-unfetchable = The mail server kept breaking off while this e-mail was collected. Please look for it in the mailbox.
inbound-unreadable = It could not be read to the end. The original is kept.
inbound-erased = The content of the case that it belongs to is erased.
inbound-no-address = It was sent to our general address. A case number in the subject proves nothing.
inbound-contradiction = Its marks name different cases.
inbound-unknown-sender = The sender is not one of the people in the case.
inbound-other-party = It answers an e-mail that went to somebody else. The sender belongs to the case, but did not get this reply address from us.
inbound-atlassian-elsewhere = It comes from Atlassian, but answers no request of ours to Atlassian. Atlassian’s systems also write for other reasons, and this reply address was not meant for Atlassian.
inbound-no-author = It has no sender, or several: what is shown need not be what was checked.
inbound-not-configured = Checking senders is not set up. Please tell your administrator.
inbound-no-results = Our mail server did not say whether the sender is genuine.
inbound-unauthenticated = Our mail server could not confirm that the sender is genuine (SPF, DKIM, DMARC).
inbound-not-genuine = Our own check (SPF, DKIM, DMARC) could not confirm that the sender is genuine.
inbound-unclear = For hours the name servers could not say whether the sender is genuine.
inbound-too-many = Too much came from this sender, or about this e-mail, within an hour. A machine may be answering there.
inbound-foreign-bounce = A report about an e-mail that we did not send: it carries neither our Message-ID nor our return address.
inbound-staff-bounce = A report about an e-mail to one of us. It belongs to no case; whom it did not reach stands in the report.
inbound-caseless-bounce = A report about an e-mail to somebody outside all cases. It stands under “Prepared” as undeliverable.
inbound-shared-bounce = A report to a return address that several recipients know: it does not name the e-mail of ours that it is about.

inbound-kind-reply = Reply
inbound-kind-bounce = Undeliverable
inbound-kind-auto_reply = Automatic reply
inbound-kind-other = New e-mail

# What is to be known of a message beside its text.
inbound-remark-shortened = Quoted e-mails or the signature are left out here. The original is complete.
inbound-remark-uncut = What the sender wrote could not be separated from what is quoted. The text is shown uncut.
inbound-remark-cut_short = The e-mail is longer than what is shown here. The original is complete.
inbound-remark-signed = The e-mail is digitally signed (S/MIME) and wrapped in a way that Handover can’t read. Open the original in a mail program.
inbound-remark-encrypted = The e-mail is encrypted. Handover can’t read it; ask for an answer that is not.
inbound-remark-tnef = Outlook wrapped all or part of the e-mail into a file of its own (winmail.dat) that Handover can’t read. Open the original in Outlook.
inbound-remark-only_files = The e-mail has no text, only files.
inbound-remark-held_link = It contained a personal link, which no longer works; where it is still needed we send a new one, three a day at most.
inbound-remark-empty = The e-mail has no text.
inbound-files = Attachments and original
inbound-original = the e-mail as it came ({ $size } bytes)
inbound-file-kind-pdf = PDF
inbound-file-kind-image = picture
inbound-file-kind-media = sound or film
inbound-file-kind-document = document
inbound-file-kind-text = text
inbound-file-kind-message = e-mail
inbound-file-kind-report = delivery report
inbound-file-kind-calendar = calendar entry
inbound-file-kind-contact = business card
inbound-file-kind-archive = archive
inbound-file-kind-signature = digital signature
inbound-file-kind-sealed = signed or encrypted
inbound-file-kind-tnef = Outlook file
inbound-file-kind-other = file
inbound-file-infected = The virus scanner found something in this attachment. It is not handed out.
inbound-file-not-scanned = The virus scanner could not check this attachment. Please try again later.

quarantine-title = Quarantine
quarantine-open = Look at them
quarantine-count = { $count ->
    [0] No received e-mail without a case
    [one] One received e-mail without a case
   *[other] { $count } received e-mails without a case
}
quarantine-text = No rule could assign these e-mails with certainty. File an e-mail only if you are sure who wrote it.
quarantine-empty = No e-mail is waiting. What was received belongs to a case or was discarded.
quarantine-collecting = Collecting e-mail does not work
quarantine-no-subject = (no subject)
quarantine-from = From (not verified)
quarantine-kind = Kind
quarantine-source = Original
quarantine-message-text = Text
quarantine-case = Case number
quarantine-writer = Written by
quarantine-release = File with the case
quarantine-discard = Discard
quarantine-no-such-case = There is no case with this number.
quarantine-no-reason = Please say why, in a few words and without passwords.
notice-quarantine-released = The e-mail now belongs to the case.
notice-quarantine-discarded = The e-mail was discarded. Its original is kept.
notice-quarantine-gone = Somebody else has decided about this e-mail.

correspondence-released = filed by us
correspondence-delayed = delayed
correspondence-unreached = did not reach
correspondence-suggestion = Looks like:
answer-left = They are no longer with the company
answer-absent = They are away and will be back

evidence-notice_returned = The e-mail of { $sent_at } came back on { $returned_at }: the mailbox no longer exists.
delivery-bounced = came back
