-- The register can be looked through at the desk by anything that is on record, as cases can, and lists what makes it weak.
--
-- Kept by triggers, in the transaction of whatever changes the register. One row for each thing that can be found: a customer, a
-- domain of theirs, an entitlement, a contact.
create table customer_search (
    customer_id uuid not null constraint customer_search_of_a_customer references customers (id) on delete cascade,
    source text not null constraint customer_search_source_known check (source in ('customer', 'domain', 'entitlement', 'contact')),
    -- The id of the customer, entitlement or contact; of a domain, the domain.
    source_id text not null,
    words tsvector not null,
    -- The same folded, without numbers: for what is spelt a little otherwise.
    names text not null,
    constraint customer_search_pkey primary key (customer_id, source, source_id)
);
create index customer_search_by_source on customer_search (source_id);
create index customer_search_words on customer_search using gin (words);
create index customer_search_names on customer_search using gin (names gin_trgm_ops);

-- By statement, not by row: an import of 100,000 contacts is a few statements, and the functions that fold texts are planned
-- once for each of them.
create function find_customers() returns trigger language plpgsql set search_path from current as $$
begin
    insert into customer_search (customer_id, source, source_id, words, names)
    select id, 'customer', id::text, array_to_tsvector(said || array(select n from unnest(array[compact_number(number)]) n where n <> '')),
        array_to_string(said, ' ')
    from (select f.*, find_words(concat_ws(' ', name, number, country)) as said from fresh f) f
    on conflict (customer_id, source, source_id) do update set words = excluded.words, names = excluded.names;
    return null;
end $$;
create trigger customers_found after insert on customers referencing new table as fresh
    for each statement execute function find_customers();
create trigger customers_found_again after update on customers referencing new table as fresh
    for each statement execute function find_customers();

create function find_customer_domains() returns trigger language plpgsql set search_path from current as $$
begin
    insert into customer_search (customer_id, source, source_id, words, names)
    select customer_id, 'domain', domain, array_to_tsvector(said), array_to_string(said, ' ')
    from (select f.*, find_words(concat_ws(' ', domain,
            case when domain like '%xn--%' then domain_as_written(domain) end)) as said from fresh f) f
    on conflict (customer_id, source, source_id) do nothing;
    return null;
end $$;
create function forget_customer_domains() returns trigger language plpgsql set search_path from current as $$
begin
    delete from customer_search s using gone
    where s.customer_id = gone.customer_id and s.source = 'domain' and s.source_id = gone.domain;
    return null;
end $$;
create trigger customer_domains_found after insert on customer_domains referencing new table as fresh
    for each statement execute function find_customer_domains();
create trigger customer_domains_forgotten after delete on customer_domains referencing old table as gone
    for each statement execute function forget_customer_domains();

create function find_entitlements() returns trigger language plpgsql set search_path from current as $$
begin
    insert into customer_search (customer_id, source, source_id, words, names)
    -- With and without the letters before it.
    select customer_id, 'entitlement', id::text, array_to_tsvector(said || array(
            select n from unnest(numbers || array[regexp_replace(numbers[1], '^senl?', ''), regexp_replace(numbers[2], '^e', '')]) n
            where n <> '')),
        array_to_string(said, ' ')
    from (select f.*, array[compact_number(sen), compact_number(entitlement_number), compact_number(site)] as numbers,
            find_words(concat_ws(' ', sen, entitlement_number, site, product)) as said
        from fresh f) f
    on conflict (customer_id, source, source_id) do update set words = excluded.words, names = excluded.names;
    -- Its contacts move with it.
    update customer_search s set customer_id = f.customer_id
    from fresh f join contacts k on k.entitlement_id = f.id
    where s.source = 'contact' and s.source_id = k.id::text and s.customer_id <> f.customer_id;
    return null;
end $$;
create function forget_entitlements() returns trigger language plpgsql set search_path from current as $$
begin
    delete from customer_search s using gone where s.source = 'entitlement' and s.source_id = gone.id::text;
    return null;
end $$;
create trigger entitlements_found after insert on entitlements referencing new table as fresh
    for each statement execute function find_entitlements();
create trigger entitlements_forgotten after delete on entitlements referencing old table as gone
    for each statement execute function forget_entitlements();
-- In the order of their names.
create trigger entitlements_changed_1 after update on entitlements referencing old table as gone
    for each statement execute function forget_entitlements();
create trigger entitlements_changed_2 after update on entitlements referencing new table as fresh
    for each statement execute function find_entitlements();

create function find_contacts() returns trigger language plpgsql set search_path from current as $$
begin
    insert into customer_search (customer_id, source, source_id, words, names)
    -- With and without the country, as people at home write it.
    select customer_id, 'contact', id::text,
        array_to_tsvector(said || array(select n from unnest(array[called, regexp_replace(called, '^(0049|49)', '0')]) n where n <> '')),
        array_to_string(said, ' ')
    from (select f.id, e.customer_id, compact_number(f.phone) as called, find_words(concat_ws(' ', f.name,
            case when f.email like '%xn--%' then write_address(f.email) else f.email end)) as said
        from fresh f join entitlements e on e.id = f.entitlement_id) f
    on conflict (customer_id, source, source_id) do update set words = excluded.words, names = excluded.names;
    return null;
end $$;
create function forget_contacts() returns trigger language plpgsql set search_path from current as $$
begin
    delete from customer_search s using gone where s.source = 'contact' and s.source_id = gone.id::text;
    return null;
end $$;
create trigger contacts_found after insert on contacts referencing new table as fresh
    for each statement execute function find_contacts();
create trigger contacts_forgotten after delete on contacts referencing old table as gone
    for each statement execute function forget_contacts();
create trigger contacts_changed_1 after update on contacts referencing old table as gone
    for each statement execute function forget_contacts();
create trigger contacts_changed_2 after update on contacts referencing new table as fresh
    for each statement execute function find_contacts();

-- The customers of whom every word of `given` stands somewhere, as the beginning of a word, or that have it as a number;
-- `tolerant`, also what is spelt like it. As `search_cases` does.
create function search_customers(given text, tolerant boolean) returns setof uuid language sql stable
    set search_path from current set pg_trgm.word_similarity_threshold = 0.45 set enable_seqscan = off as $$
    with asked as materialized (select find_words(regexp_replace(given, 'https?://', '', 'i')) as terms,
        compact_number(given) as number)
    select found.customer_id
    from (select * from asked, unnest(asked.terms) with ordinality t(term, place)) asking cross join lateral (
        select s.customer_id from customer_search s where s.words @@ ('''' || asking.term || ''':*')::tsquery
        union all
        select s.customer_id from customer_search s
        where tolerant and length(asking.term) >= 4 and s.names %> asking.term) found
    group by found.customer_id
    having count(distinct asking.place) = (select cardinality(terms) from asked)
    union
    select s.customer_id from asked join customer_search s on s.words @@ ('''' || asked.number || ''':*')::tsquery
    where asked.number <> ''
$$;

-- In the order of the list.
create index customers_by_name on customers (lower(name), number);
create index entitlements_in_order on entitlements (customer_id, coalesce(sen, entitlement_number, site), id);
create index entitlements_by_renewal on entitlements (renews_on, customer_id) where renews_on is not null;

-- What makes the register weak, by customer: one row for each thing found. With `given_finding`, only those; with
-- `given_customers`, only theirs. Which mail domains are public is not known here, nor since when a change of a domain counts.
create function register_findings(given_finding text, given_customers uuid[], public_domains text[], domains_since timestamptz)
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
$$;

-- What is there already.
update customers set id = id;
update entitlements set id = id;
update contacts set id = id;
insert into customer_search (customer_id, source, source_id, words, names)
select customer_id, 'domain', domain, array_to_tsvector(said), array_to_string(said, ' ')
from (select d.*, find_words(concat_ws(' ', domain, case when domain like '%xn--%' then domain_as_written(domain) end)) as said
    from customer_domains d) d;
