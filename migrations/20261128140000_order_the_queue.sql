-- The desk sorts its queue by urgency (what is contested first), by due date, renewal, waiting and change, page by page; each
-- order is an index of the open cases, who are few however many are closed.
drop index cases_queue;
alter table cases drop column waiting_rank;
alter table cases add column urgency smallint not null generated always as (
    case when state = 'contested' then 0
        else case waiting_for when 'us' then 1 when 'customer' then 2 when 'departed_contact' then 3 when 'voucher' then 4
            when 'atlassian' then 5 else 6 end
    end) stored;
create index cases_by_urgency on cases (urgency, coalesce(due_at, 'infinity'), coalesce(renews_on, 'infinity'), number)
    where state <> 'closed';
create index cases_by_due on cases (coalesce(due_at, 'infinity'), number) where state <> 'closed';
create index cases_by_renewal on cases (coalesce(renews_on, 'infinity'), number) where state <> 'closed';
create index cases_by_waiting on cases (waiting_since, number) where state <> 'closed';
create index cases_by_change on cases (changed_at desc, number desc) where state <> 'closed';
-- What a letter that did not arrive marks: the few that nobody has looked at.
create index emails_failed_unseen on emails (correlation_id) where state = 'failed' and seen_at is null;
