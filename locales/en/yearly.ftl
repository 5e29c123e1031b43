# The yearly question to a contact on record.

yearly-title = Are you still the right contact?
yearly-lead = At Atlassian, you are on record as a contact for these licences. Is that still right?
yearly-asked-at = Asked on
yearly-still = Yes, that is still me
yearly-gone = No, no longer in charge
yearly-choose = Please choose one of the two answers.
yearly-changes-nothing = Your answer changes nothing about the licences. It helps us ask in time. You can change it later.
yearly-over = This question has expired. Please use the link in our latest e-mail.
yearly-thanks-still = Thank you. We will not ask again for at least a year.
yearly-thanks-gone = Thank you for telling us. We will get in touch with the company.
yearly-follow = Should somebody else be on record?
yearly-follow-text = It is quickest while you can still sign in: add the new person yourself. Otherwise somebody at the company makes a request here.
yearly-follow-guide = To the self-check: how to do it without us
yearly-follow-form = Begin a request with these licences
yearly-unsubscribe = Unsubscribe from this yearly e-mail
yearly-unsubscribe-text = We will no longer ask this address whether the contact is still right.
yearly-unsubscribe-button = Unsubscribe
yearly-unsubscribed-title = Unsubscribed
yearly-unsubscribed = This address no longer gets the yearly question.
yearly-case-mail = You will still get e-mails about a request that is under way: in them you can object to a change.
