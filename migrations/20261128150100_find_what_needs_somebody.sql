-- What needs a member of staff is counted on every page and listed in the queue: said once, so that both always agree.
create index cases_waiting_for_us on cases (id) where waiting_for = 'us';

-- What waits for us, is overdue or is new, and is theirs or nobody's; and drafts that they may approve. Whoever is gone has no
-- cases. An auditor has nothing to do. What comes into a closed case stands in the view of what is new.
create function cases_that_need(person uuid, at timestamptz) returns table (case_id uuid)
language sql stable as $$
    select c.id from cases c cross join staff me
    where me.id = person and me.disabled_at is null and me.role <> 'auditor' and c.state <> 'closed'
        and ((c.owner_id is null or c.owner_id = me.id
                or exists (select from staff o where o.id = c.owner_id and (o.disabled_at is not null or o.role = 'auditor')))
                and (c.news_since is not null
                    or c.state <> 'awaiting_approval' and (c.waiting_for = 'us' or c.due_at < at))
            or c.state = 'awaiting_approval' and me.role in ('approver', 'admin')
                and not exists (select from drafts d where d.case_id = c.id and d.author_id = me.id)
                and not exists (select from case_events e where e.case_id = c.id and e.staff_id = me.id and e.kind in
                    ('called', 'check_decided', 'check_waived', 'objection_dismissed', 'facts_corrected')))
$$;
