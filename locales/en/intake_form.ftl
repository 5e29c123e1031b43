# What can be wrong with a form on customer pages. Each sentence says how to mend it.

intake-error-requester-name = Please enter your full name.
intake-error-requester-email = Please enter your business e-mail address. We send the confirmation there.
intake-error-company = Please enter the company’s name as it appears on the licence or invoice.
intake-error-hosting = Please choose how you run Atlassian.
intake-error-departed-name = Please enter the name of the contact who has left.
intake-error-departed-email = Please enter the e-mail address that Atlassian has for the contact who has left.
intake-error-departed-email-both = You entered an address and also ticked that you don’t know it. Please delete the address or remove the tick.
intake-error-contact-role = Please choose which role the person had. If you do not know, choose “Both”.
intake-error-successor-name = Please enter the name of the new contact, or tick that you will be the contact yourself.
intake-error-successor-email = Please enter the e-mail address of the new contact, or tick that you will be the contact yourself.
intake-error-explanation = Please describe in a sentence or two what happened and what you have tried.
intake-error-authority = We can only act if you are authorised to request this change. Please tick the box to say so.
intake-error-privacy = Please read the privacy information and tick the box.

intake-error-line = Please write this in one line of plain characters. Line breaks and invisible characters are not possible here.
intake-error-hidden = There is an invisible character here ({ $character }). Please delete it and type the passage instead of pasting it.
intake-error-line-long = This is too long. Please shorten it to at most { $max } characters.
intake-error-text-long = This is too long. Please shorten it to at most { $max } characters.
intake-error-password = This seems to contain a password. Please remove it: we do not need it, and passwords must not be kept in a case. Atlassian never needs it either.
intake-error-link = This contains a personal link from one of our e-mails. Please remove it: whoever reads it can use it.
intake-error-licence-key = This seems to contain a licence key. Please remove it: whoever has the key can use the licence. Its number (SEN or entitlement number, E-…) is all we need.
intake-error-email = This is not a complete e-mail address. Please enter just the address, such as name@company.com.
intake-error-email-foreign = This address belongs to Atlassian or to us. Please enter an address of your own company.
intake-error-address-taken = This is the address of somebody else in this request. Each person needs a mailbox of their own.
intake-error-address-unchanged = This is the address that we have already.
intake-error-claim-atlassian = Please write what Atlassian told you.
intake-error-claim-voucher = Please name somebody.

intake-error-entitlements = Please enter at least one number or site, one per line: SEN-12345678, E-3W8-NHD-V5E-GM7 or company.atlassian.net.
intake-error-entitlements-many = That is more than { $max } licences. Please send one request for every { $max }.
intake-error-entitlements-key = This looks like a licence key. Please enter only the number of the licence, such as SEN-12345678. You find it next to the key.
intake-error-entitlement = Line { $line }: we do not recognise “{ $text }”. It should look like SEN-12345678, E-3W8-NHD-V5E-GM7 or company.atlassian.net.
intake-error-entitlement-sen = Line { $line }: “{ $text }” is not a complete SEN. SEN- is followed by at least four digits and nothing else, such as SEN-12345678.
intake-error-entitlement-number = Line { $line }: “{ $text }” is not a complete entitlement number. E- is followed by four groups of three characters, such as E-3W8-NHD-V5E-GM7.
intake-error-entitlement-site = Line { $line }: “{ $text }” is not the address of a cloud site. It ends in .atlassian.net; if you run Data Center, enter the SEN instead.
intake-error-entitlement-account = Line { $line }: “{ $text }” is the number of a billing account. Please enter the number of the licence, such as SEN-12345678 or E-3W8-NHD-V5E-GM7.
intake-error-entitlement-address = Line { $line }: “{ $text }” is an e-mail address. Only licence numbers and cloud sites belong here.

intake-propose-entitlement = Line { $line }: did you mean { $proposed }? You entered “{ $text }”. If the suggestion is right, confirm it with the button below; otherwise please correct the line.
intake-propose-email = Did you mean { $proposed }? If the suggestion is right, confirm it with the button below; otherwise please correct the address.
intake-propose-day = You named only the month. We would note { $day }. If that is fine, confirm it with the button below; otherwise please give another day.
intake-error-departed-is-requester = This is your own address. If you can still read this mailbox, you can change the contact without us; the start page says how. Otherwise, enter the address of the person who has left.
intake-error-day = Please write the day like 31.01.2026 or the month like January 2026, or leave the field empty.
intake-error-day-future = This day is in the future. As long as the contact is still there, they can hand over themselves; the start page says how.
intake-error-successor-is-departed = This is the address of the contact who has left. Please enter that of the new contact.
intake-error-successor-shares-mailbox = This is your own address. Tick that you will be the contact yourself, or enter the new contact’s personal address.
intake-error-request-id = The form arrived without a valid identifier and has been given a new one. Please send it again.

intake-error-answer = Please write an answer.
intake-error-access = Please choose whether the new contact has access.
intake-error-decision = Please choose one of the two buttons at the end of the page.

notice-answered = Thank you, your answer has arrived.
notice-access-confirmed = Thank you. The case is closed.
notice-access-said = Thank you. We are still waiting for the new contact’s word.
notice-access-reported = Thank you for telling us. We are following up.
notice-withdrawn = Your request is withdrawn.
