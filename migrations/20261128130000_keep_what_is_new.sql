-- What came in and nobody of the staff has looked at marks its case, and a case can wait for another contact who was asked
-- to vouch.
alter table cases
    add column news_since timestamptz,
    add column news_needs_us boolean not null default false,
    -- Since when it waits for whom it waits for.
    add column waiting_since timestamptz,
    add constraint cases_news_since_something check (news_since is not null or not news_needs_us);
update cases set waiting_since = changed_at;
alter table cases alter column waiting_since set not null;
create index cases_with_news on cases (news_since) where news_since is not null;

alter table cases drop constraint cases_waiting_for_check;
alter table cases add constraint cases_waiting_for_check
    check (waiting_for in ('us', 'customer', 'departed_contact', 'voucher', 'atlassian', 'nobody'));
-- Nothing new that somebody has to look at waits for anybody else.
alter table cases add constraint cases_news_wait_for_us
    check (not news_needs_us or waiting_for in ('us', 'nobody'));

drop index cases_queue;
alter table cases drop column waiting_rank;
alter table cases add column waiting_rank smallint not null generated always as (
    case waiting_for when 'us' then 0 when 'customer' then 1 when 'departed_contact' then 2 when 'voucher' then 3
        when 'atlassian' then 4 else 5 end) stored;
create index cases_queue on cases (waiting_rank, coalesce(due_at, 'infinity'), coalesce(renews_on, 'infinity'), number)
    where state <> 'closed';

-- What the requester is told of a decision stands beside the reason, which is for colleagues.
alter table case_notes drop constraint case_notes_kind_check;
alter table case_notes add constraint case_notes_kind_check
    check (kind in ('note', 'question', 'answer', 'reason', 'told', 'objection', 'atlassian_answer'));
