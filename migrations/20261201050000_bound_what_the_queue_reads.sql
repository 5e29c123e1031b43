-- The desk's queue costs the same however many cases there are: each filter begins an index, and whatever is counted is counted to a bound.
create index cases_by_state on cases (state, urgency, coalesce(due_at, 'infinity'), coalesce(renews_on, 'infinity'), number)
    where state <> 'closed';
create index cases_by_party on cases (waiting_for, urgency, coalesce(due_at, 'infinity'), coalesce(renews_on, 'infinity'), number)
    where state <> 'closed';
create index cases_by_owner on cases (owner_id, urgency, coalesce(due_at, 'infinity'), coalesce(renews_on, 'infinity'), number)
    where state <> 'closed' and owner_id is not null;
-- An index that begins with what is null gives no order.
create index cases_of_nobody on cases (urgency, coalesce(due_at, 'infinity'), coalesce(renews_on, 'infinity'), number)
    where state <> 'closed' and owner_id is null;
create index cases_ours_by_due on cases (due_at) where waiting_for = 'us' and due_at is not null;
create index cases_closed_by_owner on cases (owner_id, changed_at desc, number desc) where state = 'closed';

-- That a letter came back for good stands with it: what nobody has looked at is found without reading every bounce ever.
alter table emails add column returned boolean not null default false;
update emails set returned = true where id in (select email_id from bounces where not temporary);
create function mark_returned() returns trigger language plpgsql as $$
begin
    update emails set returned = true where id = new.email_id and not returned;
    return null;
end $$;
create trigger bounces_mark_returned after insert on bounces for each row when (not new.temporary) execute function mark_returned();
-- That the departed contact's mailbox is gone is no surprise.
create index emails_not_arrived on emails (correlation_id)
    where seen_at is null and (state = 'failed' or returned and notification <> 'departed_notice');
-- What somebody has to look at, and all that did not arrive, newest first. Requests that nobody confirmed and notices to who has left pile up.
create index emails_to_look_at on emails (id)
    where seen_at is null and audience <> 'staff' and (state = 'failed' and notification <> 'confirmation_request'
        or returned and notification not in ('confirmation_request', 'departed_notice')
        or state not in ('queued', 'sent', 'failed', 'cancelled'));
create index emails_dead on emails (id)
    where (state = 'failed' or returned or state not in ('queued', 'sent', 'failed', 'cancelled')) and audience <> 'staff';
drop index emails_failed_unseen;
drop index emails_unseen;

-- Requests that nobody confirmed are forgotten long before the rest, so they must not be looked for among it.
create index cases_unconfirmed_due_for_erasing on cases (closed_at, id)
    where state = 'closed' and coalesce(erased, 'part') = 'part' and confirmed_at is null;

-- What needs a member of staff, as before, but gathered from indexes, the most urgent `most` of each kind. An owner who is gone has no cases.
create index cases_ours on cases (coalesce(owner_id, '00000000-0000-0000-0000-000000000000'), urgency, coalesce(due_at, 'infinity'),
        coalesce(renews_on, 'infinity'), number)
    where waiting_for = 'us' and state not in ('closed', 'awaiting_approval');
create index cases_of_others_by_due on cases (coalesce(owner_id, '00000000-0000-0000-0000-000000000000'), due_at)
    where waiting_for <> 'us' and state not in ('closed', 'awaiting_approval');
drop index cases_waiting_for_us;

create function cases_that_need(person uuid, at timestamptz, most bigint) returns table (case_id uuid)
language sql stable as $$
    with me as (
        select id, role from staff where id = person and disabled_at is null and role <> 'auditor'),
    owners as (
        select '00000000-0000-0000-0000-000000000000'::uuid as id from me
        union all select id from me
        union all select o.id from staff o cross join me where o.id <> me.id and (o.disabled_at is not null or o.role = 'auditor')),
    -- The first `most` of those that wait for us.
    ours as (
        select c.id from owners cross join lateral (
            select id from cases
            where coalesce(owner_id, '00000000-0000-0000-0000-000000000000') = owners.id
                and waiting_for = 'us' and state not in ('closed', 'awaiting_approval')
            order by urgency, coalesce(due_at, 'infinity'), coalesce(renews_on, 'infinity'), number limit most) c),
    overdue as (
        select c.id from owners cross join lateral (
            select id from cases
            where coalesce(owner_id, '00000000-0000-0000-0000-000000000000') = owners.id
                and waiting_for <> 'us' and state not in ('closed', 'awaiting_approval') and due_at < at
            order by due_at limit most) c),
    -- Few, as somebody looks at them.
    fresh as (
        select c.id from cases c join owners on owners.id = coalesce(c.owner_id, '00000000-0000-0000-0000-000000000000')
        where c.news_since is not null and c.state <> 'closed' order by c.news_since limit most),
    to_approve as (
        select c.id from me cross join lateral (
            select c.id from cases c
            where me.role in ('approver', 'admin') and c.state = 'awaiting_approval'
                and not exists (select from drafts d where d.case_id = c.id and d.author_id = me.id)
                and not exists (select from case_events e where e.case_id = c.id and e.staff_id = me.id and e.kind in
                    ('called', 'check_decided', 'check_waived', 'objection_dismissed', 'facts_corrected', 'prepared'))
            order by c.urgency, coalesce(c.due_at, 'infinity'), coalesce(c.renews_on, 'infinity'), c.number limit most) c)
    select id from ours union select id from overdue union select id from fresh union select id from to_approve
$$;
create or replace function cases_that_need(person uuid, at timestamptz) returns table (case_id uuid)
language sql stable as $$ select case_id from cases_that_need(person, at, 9223372036854775807) $$;

-- The cases in which every word of `given` stands somewhere, as the beginning of a word, or that have it as a number. A word that stands in
-- more than `most` cases is no way to find them: one of the others leads, and each case that it finds is asked for the rest. `is_common`
-- where no word leads; `terms` are the words as cases are asked for them.
create function find_cases(given text, sources text[], most bigint, out is_common boolean, out cases uuid[], out terms text[])
    language plpgsql stable set search_path from current set enable_seqscan = off as $$
declare
    number text := compact_number(given);
    term text;
    numbered uuid[] := '{}';
    others text[] := '{}';
    -- Words that stand in very many rows, as the last `analyze` saw it: saves looking them up only to find that.
    everywhere text[];
begin
    terms := find_words(regexp_replace(given, 'https?://', '', 'i'));
    select array_agg(word) into everywhere
    from pg_stats s cross join pg_class c
        cross join unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) elem (word, share)
    where s.tablename = 'case_search' and s.attname = 'words' and s.schemaname = current_schema() and c.oid = 'case_search'::regclass
        and elem.share * c.reltuples > 8 * most;
    if number <> '' and not exists (select from unnest(everywhere) word where starts_with(word, number)) then
        numbered := array(select distinct case_id from (
            select s.case_id from case_search s where s.words @@ ('''' || number || ''':*')::tsquery
                and (sources is null or s.source = any(sources)) limit 2 * most + 1) f);
        -- Too many to be a number that somebody looks for.
        if cardinality(numbered) > most then
            numbered := '{}';
        end if;
    end if;
    -- The longest are the rarest, as a rule.
    foreach term in array array(select t from unnest(terms) t order by length(t) desc, t) loop
        if cases is not null or exists (select from unnest(everywhere) word where starts_with(word, term)) then
            others := others || term;
            continue;
        end if;
        -- A case may have a word in several places.
        cases := array(select distinct case_id from (
            select s.case_id from case_search s where s.words @@ ('''' || term || ''':*')::tsquery
                and (sources is null or s.source = any(sources)) limit 2 * most + 1) f);
        if cardinality(cases) > most then
            cases := null;
            others := others || term;
        end if;
    end loop;
    is_common := cases is null and terms <> '{}' and numbered = '{}';
    foreach term in array others loop
        exit when cases is null or cases = '{}';
        cases := array(select c from unnest(cases) c where exists (select from case_search s
            where s.case_id = c and s.words @@ ('''' || term || ''':*')::tsquery and (sources is null or s.source = any(sources))));
    end loop;
    cases := array(select unnest(coalesce(cases, '{}')) union select unnest(numbered));
end $$;
