-- What belongs to no case is forgotten, too, when its time is over: once a day, class by class, in small steps.

-- When the next run of a class is due, and what the one that is under way has forgotten so far.
create table retention_runs (
    class text constraint retention_runs_pkey primary key,
    due_at timestamptz not null,
    forgotten bigint not null default 0 constraint retention_runs_counted check (forgotten >= 0),
    -- When the last one ended.
    ran_at timestamptz
);

-- Letters about no case have no trail; their words are erased all the same, and nothing else happens to them.
create or replace function keep_until_erased() returns trigger language plpgsql as $$
declare
    the_case uuid := case when tg_argv[0] = 'case' then (to_jsonb(new) ->> 'case_id')::uuid end;
    is_open boolean;
begin
    if tg_argv[0] = 'email' then
        select is_erasing(correlation_id) or (correlation_id is null and state <> 'queued') into is_open
        from emails where id = (to_jsonb(new) ->> 'email_id')::uuid;
    else
        is_open := is_erasing(the_case);
    end if;
    if is_open and only_erases(tg_table_name, to_jsonb(old), to_jsonb(new)) then
        return new;
    end if;
    raise exception '% is append-only', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;

-- Whether somebody put off that a case is erased: the trail's last word on it counts.
create function is_held(the_case uuid) returns boolean language sql stable as $$
    select coalesce((select kind = 'held' from case_events where case_id = the_case and kind in ('held', 'hold_lifted')
        order by seq desc limit 1), false)
$$;
create index case_events_held on case_events (case_id, seq) where kind in ('held', 'hold_lifted');

-- Whether a case was closed before then, is not held, and nothing of it is under way: by its trail, whatever the columns say.
create function may_be_erased(the_case uuid, before timestamptz) returns boolean language sql stable as $$
    select not exists (select from case_events where case_id = the_case and at >= before
            and data ->> 'to' = 'closed' and data ->> 'from' is distinct from 'closed')
        and not is_held(the_case)
        and not exists (select from emails where correlation_id = the_case and state = 'queued')
        and not exists (select from inbound_emails where correlation_id = the_case and state = 'stored')
$$;

create index emails_about_no_case on emails (settled_at)
    where correlation_id is null and envelope_to <> 'erased@erased.invalid' and state <> 'queued';
create index inbound_emails_about_no_case on inbound_emails (settled_at)
    where correlation_id is null and state in ('discarded', 'answered') and raw <> '';
create index form_answers_by_age on form_answers (at) where mailbox <> 'erased@erased.invalid';
create index contact_questions_by_age on contact_questions (asked_at) where mailbox <> 'erased@erased.invalid';
create index mail_servers_by_age on mail_servers (asked_at);
create index sessions_by_end on sessions (expires_at);
create index staff_invitations_by_end on staff_invitations (coalesce(ended_at, expires_at));
create index password_resets_by_age on password_resets (asked_at);
create index pending_sign_ins_by_end on pending_sign_ins (expires_at);
create index second_factor_tries_by_age on second_factor_tries (at);
