# What the customer's side can do so that checking goes on. It reads the same whatever the register holds.
intake-next-title = What you can do

intake-next-successor = Tell { $successor } about it
intake-next-successor-text = We write to the address you gave us and ask for consent. Our e-mail sometimes ends up in the spam folder.
intake-next-address-link = Wrong address? Correct it
intake-next-successor-accepted = { $successor } has agreed
intake-next-successor-accepted-text = Nothing more is needed for this.
intake-next-successor-declined = { $successor } does not want to become the contact
intake-next-successor-declined-text = Please withdraw this request and send a new one that names somebody else.

intake-next-public-mail = Use a business address if you can
intake-next-public-mail-text = Anybody can get a mailbox at { $provider }, so this address does not show that you speak for your company. If you have a business address, it is best to withdraw this request and send it again from there.

intake-next-ways = How to speed this up
intake-next-proofs = { $count ->
    [one] We need one proof that the request comes from your company.
    [2] We need two independent proofs that the request comes from your company.
    [3] We need three independent proofs that the request comes from your company.
   *[other] We need { $count } independent proofs that the request comes from your company.
}{ $others ->
    [0] {""}
    [one] {" "}As a rule, one of them has to come from somebody who is neither the requester nor the new contact.
   *[other] {" "}As a rule, { $others } of them have to come from people who are neither the requester nor the new contact.
} We take care of most of it; these are the ways you can help.

intake-next-domain-offered = Have a DNS record set
intake-next-domain-offered-text = Your IT sets a record in the DNS of { $domain }. That is often the fastest way.
intake-next-domain-waiting = Have a DNS record set
intake-next-domain-waiting-text = Please pass the record on to your IT. We look for it regularly.
intake-next-domain-seen = The DNS record is there
intake-next-domain-seen-text = Please leave it in place until the case is closed.
intake-next-domain-link = To the DNS record

intake-next-callback = Expect a call from us
intake-next-callback-text = If we have a phone number of your company, we call it, and never one from the form. Tell whoever answers it that we may ask about this change.

intake-next-vouch = Let your colleagues know
intake-next-vouch-text = If somebody else at your company is on record with us, we may ask that person to confirm, too.
intake-next-vouch-link = Name somebody

intake-next-document = Have a signed letter ready
intake-next-document-text = On letterhead, signed by somebody who may represent your company. It supports the other proofs.
intake-next-document-link = Upload the letter

intake-next-waits = What we have to wait for
intake-next-notice = The time to object
intake-next-notice-text = The contact on record must have a chance to object. That takes some business days, even if everything else is done.
