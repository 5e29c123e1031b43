-- Once a year, where the reseller wants it, whoever is on record is asked whether they still are the right one.
create table contact_questions (
    id uuid constraint contact_questions_pkey primary key,
    -- SHA-256 of the token in the address.
    token_hash bytea not null constraint contact_questions_hash check (octet_length(token_hash) = 32)
        constraint contact_questions_one_token unique,
    -- As the register had it then, in lower case.
    mailbox text not null constraint contact_questions_mailbox check (mailbox = lower(trim(mailbox)) and mailbox <> ''),
    email_id uuid not null constraint contact_questions_email references emails (id),
    asked_at timestamptz not null,
    answer text constraint contact_questions_answer check (answer in ('still', 'gone')),
    answered_at timestamptz,
    constraint contact_questions_answered check ((answer is null) = (answered_at is null))
);
create index contact_questions_by_mailbox on contact_questions (mailbox, asked_at desc);
create index contact_questions_by_time on contact_questions (asked_at desc, id desc);
create index contact_questions_by_email on contact_questions (email_id);
create trigger contact_questions_never_deleted before delete on contact_questions
    for each row execute function refuse_change();

-- What it was about.
create table contact_question_entitlements (
    question_id uuid not null constraint contact_question_entitlements_question references contact_questions (id),
    entitlement_id uuid not null constraint contact_question_entitlements_entitlement
        references entitlements (id) on delete cascade,
    constraint contact_question_entitlements_pkey primary key (question_id, entitlement_id)
);
create index contact_question_entitlements_by_entitlement on contact_question_entitlements (entitlement_id);

-- Who does not want to be asked. Not the address but its SHA-256, without a key: it must outlive every import, and a new key.
create table unsubscribed_mailboxes (
    mailbox_hash bytea constraint unsubscribed_mailboxes_pkey primary key
        constraint unsubscribed_mailboxes_hash check (octet_length(mailbox_hash) = 32),
    at timestamptz not null
);
create trigger unsubscribed_mailboxes_keep before update or delete on unsubscribed_mailboxes
    for each row execute function refuse_change();

-- When the next one may go; its lock lets one worker at a time look for it.
create table contact_question_pace (
    only_row boolean constraint contact_question_pace_pkey primary key default true
        constraint contact_question_pace_one check (only_row),
    next_at timestamptz not null
);
insert into contact_question_pace (next_at) values ('2000-01-01T00:00:00Z');

-- As before, with what stands against a case's outcome, and with whoever said that they are no longer the right one.
create or replace function register_findings(given_finding text, given_customers uuid[], public_domains text[], domains_since timestamptz)
    returns table (customer_id uuid, finding text, what text) language sql stable as $$
    with scope as (
        select e.id, e.customer_id, coalesce(e.sen, e.entitlement_number, e.site) as label from entitlements e
        where given_customers is null or e.customer_id = any(given_customers)),
    people as (
        select s.customer_id, s.id as entitlement_id, s.label, k.role, lower(k.email) as address, k.phone
        from scope s join contacts k on k.entitlement_id = s.id),
    domains as (
        select d.customer_id, d.domain from customer_domains d
        where given_customers is null or d.customer_id = any(given_customers))
    select p.customer_id, 'bounced', p.address from people p
    where (given_finding is null or given_finding = 'bounced') and p.address in (
        select lower(m.envelope_to) from bounces b join emails m on m.id = b.email_id
        where not b.temporary and b.about_recipient)
    union
    select d.customer_id, 'domain_gone', d.domain from domains d join watched_domains w on w.domain = d.domain
    where (given_finding is null or given_finding = 'domain_gone') and w.is_there = false
    union
    select d.customer_id, 'domain_moved', d.domain from domains d join domain_changes c on c.domain = d.domain
    where (given_finding is null or given_finding = 'domain_moved') and c.at >= domains_since and c.what <> 'vanished'
    union
    select p.customer_id, 'single_contact', min(p.address) from people p
    where given_finding is null or given_finding = 'single_contact'
    group by p.customer_id having min(p.address) = max(p.address)
    union
    select p.customer_id, 'same_person', p.label from people p
    where given_finding is null or given_finding = 'same_person'
    group by p.customer_id, p.entitlement_id, p.label
    having min(p.address) = max(p.address) and min(p.role) <> max(p.role)
    union
    select s.customer_id, 'no_primary', s.label from scope s
    where (given_finding is null or given_finding = 'no_primary')
        and not exists (select from contacts k where k.entitlement_id = s.id and k.is_primary)
    union
    select p.customer_id, 'no_phone', '' from people p
    where given_finding is null or given_finding = 'no_phone'
    group by p.customer_id having bool_and(coalesce(p.phone, '') = '')
    union
    select p.customer_id, 'public_mail', p.address from people p
    where (given_finding is null or given_finding = 'public_mail') and split_part(p.address, '@', 2) = any(public_domains)
    union
    select p.customer_id, 'shared_contact', p.address from people p
    where (given_finding is null or given_finding = 'shared_contact') and exists (
        select from contacts k join entitlements e on e.id = k.entitlement_id
        where lower(k.email) = p.address and e.customer_id <> p.customer_id)
    union
    select s.customer_id, 'change_contradicted', s.label from scope s join latest_contact_changes c on c.entitlement_id = s.id
    where (given_finding is null or given_finding = 'change_contradicted') and c.verdict = 'contradicted'
    union
    select p.customer_id, 'said_gone', p.address from people p
    where (given_finding is null or given_finding = 'said_gone') and p.address in (
        select distinct on (q.mailbox) case when q.answer = 'gone' then q.mailbox end from contact_questions q
        where q.answer is not null order by q.mailbox, q.asked_at desc)
$$;
