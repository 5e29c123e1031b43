# Inbound e-mail: what became of it, and why.
event-mail_filed = filed an e-mail with the case ({ $writer })
writer-requester = Requester
writer-successor = New contact
writer-departed_contact = Present contact
writer-registered_contact = Contact on record
writer-atlassian = Atlassian
writer-mail_server = Mail server
writer-other = somebody else

# Why a message is not filed.
inbound-too-large = It is larger than Handover takes in. Only its header was kept; the message itself lies in the mailbox, or went back to its sender.
inbound-unfetchable = The mail server broke off again and again when this message was fetched. Please look for it in the mailbox.
inbound-unreadable = It could not be read to its end. Its bytes are kept.
inbound-no-address = It was not sent to a signed reply address of a case. Anybody can write a case number.
inbound-contradiction = Its marks name different cases.
inbound-unknown-sender = The sender is nobody whom the case knows.
inbound-other-party = It answers a letter that went to somebody else. The sender belongs to the case, but did not have this reply address from us.
inbound-atlassian-elsewhere = It comes from Atlassian, but answers no request of ours to Atlassian. Atlassian’s systems also write for other reasons, and this reply address was not meant for Atlassian.
inbound-no-author = It has no sender, or several: what is shown need not be what was checked.
inbound-not-configured = No mail server of ours is configured whose word about senders counts (mail.inbound.authserv_id).
inbound-no-results = Our mail server did not say whether the sender is genuine.
inbound-unauthenticated = Our mail server could not confirm that the sender is genuine (SPF, DKIM, DMARC).
inbound-not-genuine = Our own check (SPF, DKIM, DMARC) could not confirm that the sender is genuine.
inbound-unclear = For hours the name servers could not say whether the sender is genuine.
inbound-too-many = Too much came from this sender, or about this e-mail, within an hour. A machine may be answering there.
inbound-foreign-bounce = A report about an e-mail that we did not send: it carries neither our Message-ID nor our return address.
inbound-staff-bounce = A report about an e-mail to one of us. It belongs to no case; whom it did not reach stands in the report.
inbound-shared-bounce = A report to a return address that several recipients know: it does not name the e-mail of ours that it is about.

inbound-kind-reply = Reply
inbound-kind-bounce = Undeliverable
inbound-kind-auto_reply = Automatic reply
inbound-kind-other = New message

# What is to be known of a message beside its text.
inbound-remark-shortened = Quoted messages or the signature are left out here. The original is complete.
inbound-remark-uncut = What the sender wrote could not be told from what is quoted. The text is shown uncut.
inbound-remark-cut_short = The message is longer than what is shown here. The original is complete.
inbound-remark-signed = The message is digitally signed (S/MIME) and wrapped in a way that Handover can’t read. Open the original in a mail program.
inbound-remark-encrypted = The message is encrypted. Handover can’t read it; ask for an answer that is not.
inbound-remark-tnef = Outlook wrapped all or some of the message into a file of its own (winmail.dat) that Handover can’t read. Open the original in Outlook.
inbound-remark-only_files = The message has no text, only files.
inbound-remark-empty = The message has no text.
inbound-files = Attachments and original
inbound-original = the message as it came ({ $size } bytes)
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
    [0] No message waits for a decision
    [one] One message waits for a decision
   *[other] { $count } messages wait for a decision
}
quarantine-text = No rule could assign these messages with certainty. Release a message only if you are sure who wrote it.
quarantine-empty = Nothing here. What came in belongs to a case or was discarded.
quarantine-collecting = Collecting mail does not work
quarantine-no-subject = (no subject)
quarantine-from = From, as it says
quarantine-kind = Kind
quarantine-source = Original
quarantine-message-text = Text
quarantine-case = Case number
quarantine-writer = Written by
quarantine-release = Release to the case
quarantine-discard = Discard
quarantine-no-such-case = There is no case with this number.
quarantine-no-reason = Please say why, in a few words and without passwords.
notice-quarantine-released = The message now belongs to the case.
notice-quarantine-discarded = The message was discarded. Its original is kept.
notice-quarantine-gone = Somebody else has decided about this message.

correspondence-released = released by us
correspondence-delayed = delayed
correspondence-unreached = did not reach
correspondence-suggestion = Looks like:
answer-left = They are no longer with the company
answer-absent = They are away and will be back

evidence-notice_returned = The letter of { $sent_at } came back on { $returned_at }: there is no such mailbox any more.
delivery-bounced = came back
