# What stands around every e-mail to customers (templates/emails/layout.*).
email-greeting = Hello { $name },
email-greeting-nameless = Hello,
email-reminds = This is a reminder: you have not answered yet.
email-closing = Kind regards
email-naked-link = If the button does not work, please copy this address into your browser:
email-about = Case { $number } · Questions? { $address }
email-about-number = Case { $number }
email-about-questions = Questions? Write to us:
email-code = Verification code of this e-mail: { $code }
email-code-check = Is this e-mail really from us? You can check here:
email-privacy = How we handle your data:
email-below = English version below.
email-day-in-full = { $weekday ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
}, { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }

# E-mails to staff (templates/emails/staff_news).
staff-news-case = News of case { $number }
staff-news-summary = { $count ->
    [one] Summary: one case
   *[other] Summary: { $count } cases
}
staff-news-more = { $count ->
    [one] One more case stands in the queue:
   *[other] { $count } more cases stand in the queue:
}
staff-news-approval_wanted = A draft waits for your approval.
staff-news-returned = Your draft was returned.
staff-news-objection = Somebody objects, or claims the same.
staff-news-answer = { $count ->
    [one] An answer, a letter or a file came in.
   *[other] { $count } answers, letters or files came in.
}
staff-news-failing_mail = { $count ->
    [one] An e-mail of ours did not arrive.
   *[other] { $count } e-mails of ours did not arrive.
}
staff-news-mention = { $count ->
    [one] A note names you.
   *[other] { $count } notes name you.
}
staff-news-due_soon = The case waits for us, and its time is soon over, or over already.
staff-news-assigned = The case was given to you.

# What we tell Atlassian we have verified.
proof-requester_email = The requester confirmed their mailbox through a link we sent there.
proof-entitlement = The entitlements are in our customer register as this customer's.
proof-recorded_contact = The departed person is the contact we have on record.
proof-domain_register = The requester writes from the customer's e-mail domain on record.
proof-domain_dns = The customer published a token of ours in their domain's DNS.
proof-departed_notice-others = We wrote to the contacts on record whose role changes; no objection came in the time given.
proof-departed_notice-returned = We wrote to the departed person; the mailbox no longer exists.
proof-departed_notice = We wrote to the departed person; no objection came in the time given.
proof-successor = The new contact confirmed their mailbox and takes on the role.
proof-vouch = Another contact on record at the customer confirmed the change.
proof-callback = We called the number on record; the customer confirmed the change.
proof-document = We reviewed a signed document from the customer.
