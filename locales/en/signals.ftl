# What staff should look at twice. Each stands for itself; none decides anything.
desk-signals = Worth a second look
desk-signals-hint = Facts to weigh. They decide nothing.

signal-whose-requester = Requester
signal-whose-successor = New contact
signal-whose-departed = Contact on record
signal-whose-record = On record

signal-look_alike = Domain easily confused with another
signal-look_alike-text = These two domains are easily taken for each other, but they are not the same.
likeness-other_suffix = The same name with another ending.
likeness-characters = Characters of another script that look the same.
likeness-shapes = Characters that look alike: rn for m, vv for w, 0 for o or 1 for l.
likeness-spelling = The same but for accents, or for how umlauts are written.
likeness-hyphens = The same but for hyphens.
likeness-one_letter = One letter more, less or other, or two that changed places.
likeness-in_front = The known name only stands in front of a foreign domain.
likeness-extra_word = One name is part of the other.

signal-mixed_scripts = Domain mixes scripts
signal-mixed_scripts-text = One name holds characters of different scripts, such as Latin and Cyrillic. Real companies hardly ever do that.

signal-internationalised = Domain with characters beyond a to z
signal-internationalised-text = It is not on record. Please compare both spellings character by character.

signal-public_mail = Address at a public provider
signal-public_mail-text = { $kind ->
    [disposable] Anybody can make throw-away addresses there.
   *[free] Anybody can get a mailbox there.
} The domain says nothing about the company.

signal-rejected_before = Rejected before
signal-rejected_before-text = { $count ->
    [one] An earlier request from the same direction was rejected.
   *[other] { $count } earlier requests from the same direction were rejected.
}

signal-contact_changed = Contact changed before
signal-contact_changed-text = { $named ->
    [new] The person said to have left only became the contact through an earlier case.
    [old] The person said to have left was already replaced by an earlier case.
   *[other] An earlier case has already changed the contact of this licence.
} No import has confirmed it yet, and no proof rests on it. Please find out whether both cases can be true.

signal-other_claims = Other open cases of this customer
signal-other_claims-text = { $count ->
    [one] Another case is about the same customer or the same licences.
   *[other] { $count } other cases are about the same customer or the same licences.
} The requesters do not know of each other, and that is how it should stay.

signal-other_domain = No domain in common
signal-other_domain-text = The requester and the contact on record have addresses of different domains, and the requester’s is not on record.

signal-successor_elsewhere = New contact from elsewhere
signal-successor_elsewhere-text = This domain is neither on record nor the requester’s. The new contact will receive licence keys and security advisories.

signal-first_contact = First contact from this domain
signal-first_contact-text = No earlier case came from here, and nobody on record has such an address.

signal-register_changed = Register changed recently
signal-register_changed-text = Proofs from the register are only as good as these changes. Please find out who made them.
signal-changed-domains = Domains of the customer, { $at }
signal-changed-contacts = Contacts of { $entitlement }, { $at }
signal-changed-entitlement = Entry of { $entitlement }, { $at }

signal-domain_moved = Domain on record moved
signal-domain_moved-text = { $what ->
    [mail_servers] Other servers take its mail than before
   *[name_servers] Other name servers answer for it than before
}, seen { $days ->
    [0] today
    [one] yesterday
   *[other] { $days } days ago
}, on { $on }. Companies change providers; so does a domain that somebody else took over. Please ask by another way.

signal-domain_new = Domain on record lapsed
signal-domain_new-text = { $what ->
    [vanished] It does not exist any more, seen
   *[appeared] It had ceased to exist and is there again, seen
} { $days ->
    [0] today
    [one] yesterday
   *[other] { $days } days ago
}, on { $on }. Whoever registers a lapsed domain receives its mail, and need not be the customer.

signal-differs_from_register = Form and register contradict each other
signal-differs_from_register-text = { $what }: the e-mail says what the register says, unless somebody corrected it.
signal-differs-form = Request: { $value }
signal-differs-record = Register: { $value }
fact-company = Company
fact-customer_number = Customer number
fact-hosting = Hosting
fact-licences = Licences
fact-renewal = Renewal
fact-departed_name = Name of the contact on record
fact-departed_email = Address of the contact on record
fact-departed_role = Role of the contact on record
fact-requester = Requester
fact-successor = New contact

signal-no_mail = Domain without a mail server
signal-no_mail-text = { $refused ->
    [yes] Its DNS says that this domain takes no mail.
   *[no] Its DNS names no mail server (MX). Companies nearly always have one.
}

signal-mail_unknown = Mail server unknown
signal-mail_unknown-text = Whether this domain takes mail is not known: the name servers disagreed or did not answer.

signal-notice_unread = Notice did not arrive
signal-notice_unread-text = The contact on record could not read our e-mail. That nobody objects means little then.

signal-said_absent = Away, not gone
signal-said_absent-text = The mailbox of the contact on record answers automatically that they are away and will be back. Stop here, and find out whether they have really left the company.

signal-said_left = Mailbox says they have left
signal-said_left-text = The mailbox of the contact on record answers automatically that they are no longer with the company. Whoever manages the mailbox can change this text.

signal-renewal_near = Time pressure from the renewal
signal-renewal_near-text = { $when ->
    [past] It was due { $days ->
        [one] yesterday, on { $on }.
       *[other] { $days } days ago, on { $on }.
    }
   *[ahead] It is due { $days ->
        [0] today, { $on }.
        [one] tomorrow, on { $on }.
       *[other] in { $days } days, on { $on }.
    }
} Haste is no reason to leave out a check.

signal-like_mailbox = Two addresses most likely lead to one mailbox
signal-like_mailbox-text = It is about: { $one } and { $other }. Their addresses differ only by dots, or something added, in front of the @. With many providers that is the same mailbox; then one person agrees for both.
signal-requester_is_successor = Requester is to be the contact
signal-requester_is_successor-text = That is common. But then nobody else’s consent supports the request.
