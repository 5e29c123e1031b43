# The evidence pack of a case: its case file, and the buttons that make it.

pack-title = Case file { $number }
pack-intro = Everything in this file is taken from the records of the case. Each of them is bound by the audit trail; “handover audit check” verifies the pack as a whole, and docs/EVIDENCE.md describes how to do that without us.
pack-intro-settings = The names of staff and the policy are those at the time of export. The audit trail does not bind them.
pack-intro-redacted = This is the redacted version: whatever is about people is left out, and its digest is in its place. Staff appear by their ids.
pack-left-out = left out

pack-about = About this file
pack-number = Case
pack-state = Status
pack-lines = Lines of the trail
pack-made = Exported
pack-zone = Time zone of all times
pack-program = Version of Handover
pack-log = Log of all cases
pack-head = Head with { $size } leaves of { $at }, signed by the key { $key }
pack-head-none = Not logged yet

pack-request = Who asked for what
pack-field-company = Company
pack-field-customer_number = Customer number
pack-field-requester_name = Requester
pack-field-requester_email = E-mail
pack-field-requester_phone = Phone, as entered
pack-field-requester_position = Position
pack-field-departed_name = Contact who left
pack-field-departed_email = E-mail of that contact
pack-field-departed_on = Left on
pack-field-successor_name = New contact
pack-field-successor_email = E-mail of the new contact
pack-field-contact_role = Role
pack-field-hosting = Hosting
pack-field-language = Language
pack-field-explanation = What happened
pack-licences = Licences
pack-corrected = Corrected

pack-checks = Checks
pack-decided-by = Decided by { $name }
pack-decided-at = Decided on { $at }
pack-expires-at = Counts until { $at }
pack-decisions = Approvals
pack-drafted-by = Written by { $name }
pack-approved-by = Approved by { $name }
pack-approved-bytes = SHA-256 of the message: { $digest }
pack-approved-checks = SHA-256 of the checks: { $digest }
pack-objections = Objections and rulings
pack-messages = E-mails to Atlassian and their delivery
pack-to = To
pack-subject = Subject
pack-delivery = Delivery
pack-answers = Answers
pack-letters = E-mails we sent
pack-files = Files
pack-trail = Audit trail

## On the case page
desk-pack = Evidence pack
desk-pack-text = All of the case as one ZIP that proves by itself that nothing was changed. We record who downloads it.
desk-pack-whole = Download with files
desk-pack-without-files = Without files
desk-pack-redacted = Without personal data
