-- Staff are told by mail of what concerns them: kept with the change that caused it, so that nothing is lost with a process.
create table staff_notices (
    id bigint generated always as identity primary key,
    staff_id uuid not null constraint staff_notices_staff references staff (id),
    case_id uuid not null constraint staff_notices_case references cases (id),
    kind text not null constraint staff_notices_kind check (kind in ('approval_wanted', 'returned', 'objection', 'answer',
        'failing_mail', 'mention', 'due_soon', 'assigned')),
    -- Told as the one whom it concerns, not as one of all because nobody has the case.
    own boolean not null,
    -- The line of the trail that caused it; none where the case itself did not change.
    event_seq integer,
    -- How often it happened before it was told: one row for each person, case and kind, so that a flood stays small.
    times integer not null default 1 constraint staff_notices_times check (times > 0),
    at timestamptz not null,
    -- When it is looked at next.
    due_at timestamptz not null,
    -- It waits for the summary.
    collected boolean not null default false,
    settled_at timestamptz,
    -- The mail that tells it; none where nobody had to be told any more.
    email_id uuid constraint staff_notices_email references emails (id),
    constraint staff_notices_told check (email_id is null or settled_at is not null)
);
create unique index staff_notices_open on staff_notices (staff_id, case_id, kind) where settled_at is null;
create index staff_notices_due on staff_notices (due_at) where settled_at is null;
create index staff_notices_told on staff_notices (staff_id, settled_at) where settled_at is not null;

create table staff_notice_settings (
    staff_id uuid not null constraint staff_notice_settings_staff references staff (id) on delete cascade,
    kind text not null constraint staff_notice_settings_kind check (kind in ('approval_wanted', 'returned', 'objection',
        'answer', 'failing_mail', 'mention', 'due_soon', 'assigned')),
    how text not null constraint staff_notice_settings_how check (how in ('off', 'immediate', 'digest')),
    primary key (staff_id, kind)
);

-- The end of the wait of which somebody was told that it comes soon.
alter table cases add column due_told_for timestamptz;
create index cases_due_untold on cases (due_at) where waiting_for = 'us' and due_told_for is distinct from due_at;

-- Mail to staff is about no case: it stands in no timeline, and what comes back of it proves nothing.
alter table emails drop constraint emails_audience_check;
alter table emails add constraint emails_audience_check check (audience in ('customer', 'atlassian', 'staff'));
alter table emails add constraint emails_staff_about_no_case check (audience <> 'staff' or correlation_id is null);
alter table emails drop constraint emails_check3;
alter table emails add constraint emails_forgotten_check
    check (raw is not null or (audience <> 'atlassian' and state <> 'queued'));
