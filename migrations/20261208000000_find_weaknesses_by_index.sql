-- As before, in one pass over licences and contacts; and of a few customers without reading all bounces, all changed contacts and
-- the contacts of everybody else. Addresses are compared by their bytes, which is what being the same means. What counts as bounced
-- are letters to customers.
create or replace function register_findings(given_finding text, given_customers uuid[], public_domains text[], domains_since timestamptz)
    returns table (customer_id uuid, finding text, what text) language sql stable as $$
    with licences as (
        select e.id, e.customer_id, coalesce(e.sen, e.entitlement_number, e.site) as label, count(k.id) > 0 as has_people,
            min(lower(k.email) collate "C") as lowest, max(lower(k.email) collate "C") as highest,
            min(k.role collate "C") <> max(k.role collate "C") as has_both_roles,
            coalesce(bool_or(k.is_primary), false) as has_primary, bool_and(coalesce(k.phone, '') = '') as has_no_phone
        from entitlements e left join contacts k on k.entitlement_id = e.id
        where given_customers is null or e.customer_id = any(given_customers)
        group by e.id),
    customers as (
        select l.customer_id, min(l.lowest) as lowest, max(l.highest) as highest, bool_and(l.has_no_phone) as has_no_phone
        from licences l where l.has_people group by l.customer_id),
    people as (
        select distinct e.customer_id, lower(k.email) as address
        from entitlements e join contacts k on k.entitlement_id = e.id
        where given_customers is null or e.customer_id = any(given_customers)),
    domains as (
        select d.customer_id, d.domain from customer_domains d
        where given_customers is null or d.customer_id = any(given_customers))
    select p.customer_id, 'bounced', p.address from people p
    where (given_finding is null or given_finding = 'bounced') and exists (
        select from emails m join bounces b on b.email_id = m.id
        where lower(m.envelope_to) = p.address and m.audience = 'customer' and not b.temporary and b.about_recipient)
    union
    select d.customer_id, 'domain_gone', d.domain from domains d join watched_domains w on w.domain = d.domain
    where (given_finding is null or given_finding = 'domain_gone') and w.is_there = false
    union
    select d.customer_id, 'domain_moved', d.domain from domains d join domain_changes c on c.domain = d.domain
    where (given_finding is null or given_finding = 'domain_moved') and c.at >= domains_since and c.what <> 'vanished'
    union
    select c.customer_id, 'single_contact', c.lowest from customers c
    where (given_finding is null or given_finding = 'single_contact') and c.lowest = c.highest
    union
    select l.customer_id, 'same_person', l.label from licences l
    where (given_finding is null or given_finding = 'same_person') and l.lowest = l.highest and l.has_both_roles
    union
    select l.customer_id, 'no_primary', l.label from licences l
    where (given_finding is null or given_finding = 'no_primary') and not l.has_primary
    union
    select c.customer_id, 'no_phone', '' from customers c
    where (given_finding is null or given_finding = 'no_phone') and c.has_no_phone
    union
    select p.customer_id, 'public_mail', p.address from people p
    where (given_finding is null or given_finding = 'public_mail') and split_part(p.address, '@', 2) = any(public_domains)
    union
    select p.customer_id, 'shared_contact', p.address from people p
    where (given_finding is null or given_finding = 'shared_contact') and exists (
        select from contacts k join entitlements e on e.id = k.entitlement_id
        where lower(k.email) = p.address and e.customer_id <> p.customer_id)
    union
    select l.customer_id, 'change_contradicted', l.label
    from licences l join contact_changes c on c.entitlement_id = l.id
        join contact_change_verdicts v on v.change_id = c.id and v.verdict = 'contradicted'
        join cases k on k.id = c.case_id and k.outcome = 'completed'
    where (given_finding is null or given_finding = 'change_contradicted') and not exists (
        select from contact_changes n join cases o on o.id = n.case_id and o.outcome = 'completed'
        where n.entitlement_id = c.entitlement_id and n.id > c.id)
    union
    select p.customer_id, 'said_gone', p.address from people p join contact_questions q on q.mailbox = p.address
    where (given_finding is null or given_finding = 'said_gone') and q.answer = 'gone' and not exists (
        select from contact_questions n where n.mailbox = q.mailbox and n.answer is not null and n.asked_at > q.asked_at)
$$;
