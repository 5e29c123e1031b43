-- The order of the desk's queue, as an index: who is waited for, due, renewal, number.
alter table cases add column waiting_rank smallint not null generated always as (
    case waiting_for when 'us' then 0 when 'customer' then 1 when 'departed_contact' then 2 when 'atlassian' then 3
        else 4 end
) stored;

drop index cases_queue;
create index cases_queue on cases (waiting_rank, coalesce(due_at, 'infinity'), coalesce(renews_on, 'infinity'), number)
    where state <> 'closed';
create index cases_closed on cases (changed_at desc, number desc) where state = 'closed';
