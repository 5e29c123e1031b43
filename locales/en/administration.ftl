# The pages of the administration

administration-title = Administration
administration-crumbs = You are here
administration-look = Please look
administration-next = More
administration-more = and { $count } more
administration-csv-cut = … more customers are missing: at most 5000 are written.

administration-page-register = Register
administration-page-register-text = Customers with their licences, contacts and domains, to look through.
administration-page-health = Register health
administration-page-health-text = What will make the next change hard, while it is still easy to mend.
administration-page-imports = Imports
administration-page-imports-text = Which file changed what, and when.
administration-page-policy = Policy in force
administration-page-policy-text = What is checked, what suffices, which deadlines and limits hold.
administration-page-mail = Mail health
administration-page-mail-text = Whether e-mails go out and arrive, and how that is set up.
administration-page-second_factors = Second factor
administration-page-second_factors-text = Who has a passkey or an app, and who has none; reset when all is lost.
administration-state-second_factors = { $missing ->
    [0] Nobody lacks one
    [one] One person lacks one
   *[other] { $missing } people lack one
}
administration-page-text_blocks = Text blocks
administration-page-text_blocks-text = Questions, rejections and follow-ups that everybody begins with, in both languages.
administration-page-trail = Changes by administrators
administration-page-trail-text = Who changed what and when, in an unbroken chain.
administration-page-log = Log over all cases
administration-page-log-text = Signed heads, by which anybody can compute that nothing before them was changed.
administration-page-persons = Rights of persons
administration-page-persons-text = What is kept of somebody: a copy for them, and erasure that two people consent to.
administration-page-webhooks = Webhooks
administration-page-webhooks-text = Which programs of your own are told what happens to cases.
administration-page-calendar = Calendar
administration-page-calendar-text = Business days, holidays and hours that deadlines are counted by.
administration-page-yearly = Yearly question
administration-page-yearly-text = Whether the contacts in the register are still right: asked, answered, sent back.
administration-page-retention = Retention
administration-page-retention-text = What is erased when, what was erased lately, what is due next.

administration-state-register = { $customers ->
    [one] One customer
   *[other] { $customers } customers
}, { $licences ->
    [one] one licence
   *[other] { $licences } licences
}, { $contacts ->
    [one] one contact address
   *[other] { $contacts } contact addresses
}
administration-state-imports = Last on { $at }
administration-state-no-imports = No import on record yet
administration-state-health = { $customers ->
    [0] Nothing found
    [one] One customer
   *[other] { $customers } customers
}{ $soon ->
    [0] {""}
    [one] , one of them with a renewal within 30 days
   *[other] , { $soon } of them with a renewal within 30 days
}
administration-state-policy = { $changed ->
    [0] All as it comes
    [one] One setting differs from the default
   *[other] { $changed } settings differ from the default
}
administration-state-mail-fine = { $open ->
    [0] No disturbance
    [one] No disturbance; one e-mail did not arrive
   *[other] No disturbance; { $open } e-mails did not arrive
}
administration-state-mail-alarm = { $open ->
    [0] Disturbed
    [one] Disturbed; one e-mail did not arrive
   *[other] Disturbed; { $open } e-mails did not arrive
}
administration-state-text_blocks = { $blocks ->
    [one] one block is offered
   *[other] { $blocks } blocks are offered
}
administration-state-log = { $size ->
    [one] one entry
   *[other] { $size } entries
}
administration-state-trail = { $lines ->
    [one] one line
   *[other] { $lines } lines
}
administration-state-persons = { $requests ->
    [0] No open request to erase somebody
    [one] One open request to erase somebody
   *[other] { $requests } open requests to erase somebody
}
administration-state-webhooks = { $endpoints ->
    [0] Nobody is told
    [one] One program is told
   *[other] { $endpoints } programs are told
}
administration-state-calendar-open = Somebody is there now
administration-state-calendar-closed = Nobody is there now
administration-state-yearly = { $asked } asked, { $gone } no longer in charge
administration-state-no-yearly = Switched off
administration-state-retention = Content { $months } months after the closing

## Register
administration-register-hint = Name, customer number, domain, SEN, entitlement number, cloud site, a contact’s name, address or telephone number
administration-register-total = { $count ->
    [one] One customer
   *[other] { $count } customers
}
administration-register-tolerant = Nothing in the register is written like that. These are spelt alike.
administration-register-no-match = The register has nothing like that.
administration-register-empty = The register is empty. It is read in on the command line with “handover register import”.
administration-register-on-record = On record
administration-register-renewal = Next renewal
administration-register-counts = { $licences ->
    [one] One licence
   *[other] { $licences } licences
}, { $contacts ->
    [0] no contact address
    [one] one contact address
   *[other] { $contacts } contact addresses
}
administration-found-customer = Customer
administration-found-domain = Domain
administration-found-entitlement = Licence
administration-found-contact = Contact

## Customer
administration-customer-updated = last changed
administration-customer-weak = What is weak about it
administration-customer-licences = Licences
administration-customer-since = since
administration-customer-primary = primary contact
administration-customer-no-phone = no telephone number
administration-customer-bounced = mail came back
administration-change-unconfirmed = Changed, not yet confirmed by an import
administration-change-contradicted = Changed, but an import does not show it
administration-change-import = Import of
administration-yearly-still = Still right
administration-yearly-gone = No longer in charge
administration-yearly-asked = Asked on
administration-yearly-bounced = Mail came back
administration-yearly-unsubscribed = Does not want to be asked
administration-yearly-lead = Once a year we ask the contacts in the register whether they are still the right ones. An answer is a hint and proves nothing.
administration-yearly-on = Switched on, at most { $count } a day.
administration-yearly-off = Switched off (yearly.enabled).
administration-yearly-figures = Figures
administration-yearly-asked-count = Asked
administration-yearly-whom = Contact
administration-yearly-answer = Answer
administration-yearly-silent = None yet
administration-yearly-none = Nobody has been asked yet.
administration-customer-no-contacts = No contact on record
administration-customer-no-licences = No licence on record
administration-customer-domains = Domains
administration-customer-no-domains = No domain on record
administration-customer-cases = Cases about these licences
administration-customer-no-cases = No case
administration-customer-more-cases = Look for more cases
administration-customer-no-imports = No import touched this customer since imports are kept on record.
administration-domain-there = There,
administration-domain-gone = Does not exist
administration-domain-seen = looked at on
administration-domain-unseen = Not looked at yet
administration-domain-changed-name_servers = Other name servers since
administration-domain-changed-mail_servers = Other mail servers since
administration-domain-changed-appeared = Appeared
administration-domain-changed-vanished = Vanished
administration-domain-name-servers = Name servers:
administration-domain-mail-servers = Mail servers:

## Imports
administration-imports-lead = On record are the imports since this page came. Importing is done on the command line:
administration-imports-none = No import is on record yet.
administration-import-title = Import
administration-import-at = When
administration-import-file = File
administration-import-no-file = Name not known
administration-import-by = Run by
administration-import-nobody = Not known
administration-import-did = What it did
administration-import-lines = Lines
administration-import-customers = Customers
administration-import-contacts = Contacts
administration-import-refused = Refused
administration-import-refused-lines = Refused lines
administration-import-refused-hint = What stood in the line is not kept; the file says it.
administration-import-counts = { $added } added, { $changed } changed, { $unchanged } unchanged
administration-import-contacts-counts = { $added } added, { $changed } changed, { $removed } removed
administration-import-came = { $added } added, { $removed } removed
administration-import-summary = Licences: { $entitlements_added } added, { $entitlements_changed } changed · Customers: { $customers_added } added · Contacts: { $contacts_added } added, { $contacts_changed } changed, { $contacts_removed } removed
administration-import-touched = Whose entries it touched
administration-import-touched-nobody = Nobody’s: all of it was in the register already.

## Register health
administration-health-lead = Each entry here is a case that will one day be hard to prove, or that somebody else could win. Who renews first stands first.
administration-health-findings = Findings
administration-health-any-renewal = All
administration-health-found = Finding
administration-health-finding = Finding
administration-health-what = What it is about
administration-health-do = What to do
administration-health-as-of = as of { $at }
administration-health-none = Nothing is found here.
administration-health-count = { $count ->
    [one] One customer
   *[other] { $count } customers
}

finding-any = All findings
finding-bounced = Mail came back
finding-bounced-why = An e-mail to this contact came back for good: they have probably left already, and the next renewal reaches nobody.
finding-bounced-do = Ask the customer who follows, and have that put on record at Atlassian.
finding-change_contradicted = Change not in the register
finding-change_contradicted-why = A case of ours changed the contact of this licence, and a later import does not show it: the file is older, the change was undone, or the case was wrong.
finding-change_contradicted-do = Look up at Atlassian who is on record, and import a fresh file.
finding-said_gone = Says no longer in charge
finding-said_gone-why = Our yearly question was answered: this contact is no longer the right one.
finding-said_gone-do = Ask the customer who follows; only the customer can have it changed.
finding-domain_gone = Domain does not exist
finding-domain_gone-why = A domain on record does not exist, or no longer: whoever registers it receives the customer’s mail.
finding-domain_gone-do = Find out by another way which domain the customer uses now, and correct register and contacts.
finding-domain_moved = Domain moved
finding-domain_moved-why = Other servers answer for a domain on record since recently: a change of provider, or it belongs to somebody else now.
finding-domain_moved-do = Ask the customer by another way whether they have moved.
finding-single_contact = One contact only
finding-single_contact-why = If this one person leaves, nobody is left on record who could confirm the change.
finding-single_contact-do = Ask the customer to add a second contact at Atlassian.
finding-same_person = Both roles with one person
finding-same_person-why = Technical and billing contact of this licence are the same person, so both leave at once.
finding-same_person-do = Ask the customer to give one of the roles to somebody else.
finding-no_primary = No primary contact
finding-no_primary-why = No primary contact is on record for this licence, so nobody can change it without us.
finding-no_primary-do = Look at Atlassian who it is and complete the register; else have somebody named.
finding-no_phone = No telephone number
finding-no_phone-why = No contact of this customer can be called, and without a callback one proof is missing that rests on no domain.
finding-no_phone-do = Ask for a number while the contact is still there, and add it to your records.
finding-public_mail = Contact at a public mail provider
finding-public_mail-why = A mailbox that anybody can have proves nothing about the company, and leaves with the person.
finding-public_mail-do = Ask the customer for an address of the company, best of a function.
finding-shared_contact = Contact of several customers
finding-shared_contact-why = This address stands with several customers: an outside service that fails for all at once or may do too much, or a mistake.
finding-shared_contact-do = Find out whether that is right, and have each customer name somebody of their own as well.

## Policy in force
administration-policy-lead = This is how this Handover checks, by its settings. Why it is so stands in docs/POLICY.md; it is changed in the configuration.
policy-suffices = What suffices
policy-required = Always needed:
policy-proofs = Can prove that the requester speaks for the customer:
policy-roots = { $count ->
    [one] Whoever owns a single thing, say a domain, can fake all proofs.
   *[other] To fake all proofs, somebody would have to own at least { $count } different things: domain, mailbox, telephone line, person, paper.
}
policy-outside-domain = { $count ->
    [0] All proofs may rest on a domain.
    [one] At least one proof must not rest on a domain.
   *[other] At least { $count } proofs must not rest on a domain.
}
policy-from-others = { $count ->
    [0] No proof has to come from a third person.
    [one] At least one proof must come from somebody who is neither the requester nor the new contact, unless the requester is a contact on record, or the approver goes without and says why.
   *[other] At least { $count } proofs must come from people who are neither the requester nor the new contact, unless the requester is a contact on record, or the approver goes without and says why.
}
policy-blocking = If one of these checks fails, nothing goes on until somebody decides:
policy-notify-affected = Every contact on record whose role the change affects is notified.
policy-notify-all = All contacts of the licences named are notified.
policy-asks-voucher = Another contact on record is asked to confirm without anybody’s doing.
policy-asks-no-voucher = Another contact on record is asked to confirm when staff say so.
policy-four-eyes = Every e-mail to Atlassian is approved by somebody who neither wrote it nor decided a check of it. That can’t be switched off.
policy-one-root = A single thing suffices
policy-one-root-text = Whoever takes over a domain or a mailbox reaches Atlassian in the customer’s name. It is set so.
policy-checks = Checks
policy-is-proof = proof
policy-is-blocking = blocks
policy-faked-by = Rests on any of:
policy-faked-by-anybody = Rests on what anybody may know.
policy-counts-for = counts for { $count ->
    [one] one day
   *[other] { $count } days
}
policy-root-domain = the customer’s domain
policy-root-mailbox-requester = the mailbox of the requester
policy-root-mailbox-successor = the mailbox of the new contact
policy-root-mailbox-departed = the mailbox of the departed contact
policy-root-mailbox-contact = the mailbox of that contact
policy-root-person-requester = the requester in person
policy-root-person-successor = the new contact in person
policy-root-person-departed = the departed contact in person
policy-root-person-contact = that contact in person
policy-root-line-requester = the telephone line of the requester
policy-root-line-successor = the telephone line of the new contact
policy-root-line-departed = the telephone line of the departed contact
policy-root-line-contact = the telephone line of that contact
policy-root-paper = letterhead and signature
policy-root-staff = the word of who decides
policy-section-deadlines = Deadlines and notices
policy-section-limits = Limits
policy-section-retention = Retention

policy-deadlines-confirmation_days = A request that is not confirmed expires after { $count } days.
policy-deadlines-confirmation_reminder_days = { $count ->
    [0] Of a request that is not confirmed we do not remind
    [one] One day before it expires, we remind of it once
   *[other] { $count } days before it expires, we remind of it once
}.
policy-deadlines-challenge_days = We look for a DNS record that we asked for during { $count } days.
policy-deadlines-domain_proof_days = A DNS record that we saw counts for { $count } days.
policy-deadlines-notice_business_days = A contact who is notified has { $count } business days to object.
policy-deadlines-returned_notice_business_days = If their mailbox is gone, { $count ->
    [one] one business day of it is left
   *[other] { $count } business days of it are left
}.
policy-deadlines-notice_attempts = Within their time to object we write to them { $count ->
    [one] once
   *[other] { $count } times
} at most.
policy-deadlines-notice_interval_business_days = Between two letters to them lie { $count ->
    [one] one business day
   *[other] { $count } business days
}.
policy-deadlines-our_business_hours = For each step of ours we give ourselves { $count } business hours.
policy-deadlines-their_business_days = We wait { $count } business days for a customer’s answer, then remind.
policy-deadlines-reminders = We remind of the same thing { $count ->
    [0] never
    [one] once
   *[other] { $count } times
}.
policy-limits-form_letters_per_network = From one network, the form sends at most { $count } letters a day to the same mailbox.
policy-limits-form_letters_per_mailbox = In all, the form sends at most { $count } letters a day to one mailbox.
policy-limits-form_letters_per_domain = To all mailboxes of one domain together go at most { $count } such letters a day; at public providers only the mailbox counts.
policy-limits-confirmation_letters = For one request we ask for confirmation by e-mail { $count ->
    [one] once
   *[other] { $count } times
} at most.
policy-limits-confirmation_minutes = Between two such e-mails lie { $count ->
    [one] one minute
   *[other] { $count } minutes
}.
policy-limits-mended_addresses = Until it is confirmed, its address can be corrected { $count ->
    [0] never
    [one] once
   *[other] { $count } times
}.
policy-limits-form_letters_alarm = From { $count } such letters an hour on, the alarm is raised.
policy-limits-desk_letters_per_staff = Each member of staff sends at most { $count } letters a day to somebody outside every case.
policy-limits-form_answer_days = Within { $count } days a mailbox is answered with the link to the form only once.
policy-retention-evidence_days = Files that were handed in are deleted { $count } days after the closing.
policy-retention-prepared_days = What was prepared for a caller is forgotten { $count } days after its end.
policy-retention-unconfirmed_days = Requests that were never confirmed are erased altogether { $count } days after their end.
policy-retention-content_months = The content of a case is erased { $count } months after the closing.
policy-retention-letter_years = The correspondence of a case is erased { $count } years after the end of the calendar year (§ 257 HGB, § 147 AO).
policy-retention-trail_years = The skeleton of a case, its trail included, is deleted { $count } years after the end of the calendar year in which anything last happened to it (§ 199 (3) BGB).
policy-retention-set_aside_days = Messages that belong to no case are erased { $count } days after they were settled.
policy-retention-other_letter_days = Whom letters about no case went to is erased after { $count } days.
policy-retention-staff_letter_days = Which e-mail went to whom of the staff is erased after { $count } days.
policy-retention-form_letter_days = How many letters of the form went to a mailbox is counted for { $count } days.
policy-retention-access_days = Sessions, invitations, links to passwords and counted wrong tries are forgotten { $count } days after their end.
policy-retention-look_up_days = What name servers said of domains is forgotten after { $count } days.
retention-lead = What is over is erased by itself. Cases that are open or contested, and those for which erasing is put off, are left alone.
retention-cases = Cases
retention-stays = Until then number, way and trail of a case stay: they hold nothing about people but who of the staff decided what.
retention-classes = About no case
retention-class = What
retention-kept = Kept for
retention-ran = Last looked at
retention-days = { $count ->
    [one] one day
   *[other] { $count } days
}
retention-held = Erasing put off
retention-due = Due next
retention-erased = Erased lately
retention-deleted = Deleted lately
retention-nothing = Nothing.
retention-rule-unconfirmed = never confirmed
retention-rule-content = content
retention-rule-correspondence = correspondence
retention-rule-trail = trail of the case
retention-rule-request = right of a person concerned
retention-scope-part = a part
retention-scope-content = content without correspondence
retention-scope-everything = all content
policy-changed = What differs from the defaults
policy-changed-hint = Keys, passwords and accounts never stand here.
policy-changed-none = Nothing: all is as it comes.
policy-changed-default = instead of
policy-changed-hidden = set; not shown here

## Mail health
administration-mail-going = How it goes
administration-mail-queued = Waiting to go out
administration-mail-queued-count = { $count }{ $deferred ->
    [0] {""}
   *[other] , { $deferred } of them tried before
}
administration-mail-oldest = Overdue since
administration-mail-sent-today = Sent today
administration-mail-put-off-today = Put off today
administration-mail-refused-today = Refused to us today
administration-mail-failed-today = Failed for good today
administration-mail-bounced-today = Came back today
administration-mail-last-bounce = Last came back
administration-mail-received-today = Came in today
administration-mail-why = Why e-mails wait
administration-mail-setup = How it is set up
administration-mail-smtp = E-mails go out through a mail server (SMTP).
administration-mail-folder = E-mails are only put into a folder. Nobody gets them.
administration-mail-dkim = Handover signs e-mails itself (DKIM, { $keys }).
administration-mail-no-dkim = Handover does not sign e-mails. The mail server has to, or they are easily taken for spam.
administration-mail-collects = Answers are collected from a mailbox (IMAP).
administration-mail-collects-not = No mailbox is collected. Answers come in only where the mail server hands them over.
administration-mail-authentication-header = Your mail server says in each message whether its author is genuine.
administration-mail-authentication-own = Handover itself checks whether an author is genuine (SPF, DKIM, DMARC).
administration-mail-authentication-nobody = Nobody checks whether an author is genuine. So every answer waits for staff in quarantine.
administration-mail-no-imprint = The e-mails do not say what the law wants below a business letter (mail.imprint).
administration-mail-test = To send a test
administration-mail-test-text = On the command line; what the mail server answers stands there then:

## Calendar
administration-calendar-hours = When somebody is there
administration-calendar-days = Business days
administration-calendar-weekdays = Monday to Friday, except on holidays
administration-calendar-open = Hours
administration-calendar-from-to = { $opens } to { $closes }
administration-calendar-zone = Time zone
administration-calendar-regions = Holidays of
administration-calendar-no-regions = No region is set: no holiday counts.
administration-calendar-examples = When a deadline ends
administration-calendar-now = If it begins now,
administration-calendar-ours = Our next step
administration-calendar-theirs = The customer’s answer
administration-calendar-notice = Time to object
administration-calendar-atlassian = Atlassian’s answer
administration-calendar-holidays = Holidays { $year }
administration-calendar-counting = { $count } business days
administration-calendar-no-holidays = No holiday

administration-wait-hours = { $count ->
    [one] one business hour
   *[other] { $count } business hours
}
administration-wait-days = { $count ->
    [one] one business day
   *[other] { $count } business days
}

holiday-new-year = New Year’s Day
holiday-berchtold = Berchtold’s Day
holiday-epiphany = Epiphany
holiday-women = Women’s Day
holiday-joseph = Saint Joseph’s Day
holiday-labour = Labour Day
holiday-swiss-national-day = Swiss National Day
holiday-assumption = Assumption Day
holiday-children = World Children’s Day
holiday-german-unity = Day of German Unity
holiday-austrian-national-day = Austrian National Day
holiday-reformation = Reformation Day
holiday-all-saints = All Saints’ Day
holiday-immaculate-conception = Immaculate Conception
holiday-christmas = Christmas Day
holiday-stephen = Saint Stephen’s Day
holiday-good-friday = Good Friday
holiday-easter = Easter Sunday
holiday-easter-monday = Easter Monday
holiday-ascension = Ascension Day
holiday-whitsun = Whit Sunday
holiday-whit-monday = Whit Monday
holiday-corpus-christi = Corpus Christi
holiday-repentance = Day of Repentance and Prayer
holiday-other = Holiday of the region
