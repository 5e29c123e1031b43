-- What needs somebody was planned anew for each page of the desk (1.2 ms, PostgreSQL 15), since a plan for this very moment always looks cheaper than one for any.
-- The moment now comes out of a subquery, which is not weighed, so one plan is made on a connection and kept.
--
-- And whoever approves read all events there ever were for the list of what needs them (3 s of a million cases).

create or replace function cases_that_need(person uuid, at timestamptz, most bigint) returns table (case_id uuid) language sql stable as $$
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
                and waiting_for <> 'us' and state not in ('closed', 'awaiting_approval') and due_at < (select at)
            order by due_at limit most) c),
    fresh as (
        select c.id from owners cross join lateral (
            select id from cases
            where coalesce(owner_id, '00000000-0000-0000-0000-000000000000') = owners.id
                and news_since is not null and state <> 'closed'
            order by news_since limit most) c),
    to_approve as (
        select c.id from me cross join lateral (
            select c.id from cases c
            where me.role in ('approver', 'admin') and c.state = 'awaiting_approval'
                -- As one value each, which is asked of one case after the other until there are enough. As conditions, for a long list, they
                -- are joined, and all events there ever were are read for it.
                and coalesce((select false from drafts d where d.case_id = c.id and d.author_id = me.id limit 1), true)
                and coalesce((select false from case_events e where e.case_id = c.id and e.staff_id = me.id and e.kind in
                    ('called', 'check_decided', 'check_waived', 'objection_dismissed', 'facts_corrected', 'prepared') limit 1), true)
            order by c.urgency, coalesce(c.due_at, 'infinity'), coalesce(c.renews_on, 'infinity'), c.number limit most) c)
    select id from ours union select id from overdue union select id from fresh union select id from to_approve
$$;
