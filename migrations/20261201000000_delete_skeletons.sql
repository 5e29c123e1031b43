-- A case of which nothing personal is left goes altogether when its time is over, by one door, and leaves a tombstone.

-- What is left of a case: that it was there, and where its trail ended, so that the log over all cases still holds. Nothing of anybody.
create table case_tombstones (
    number text constraint case_tombstones_pkey primary key constraint case_tombstones_number check (number ~ '^HO-[0-9]{4}-[0-9]{5,}$'),
    event_count integer not null constraint case_tombstones_count check (event_count > 0),
    event_hash bytea not null constraint case_tombstones_event check (octet_length(event_hash) = 32),
    at timestamptz not null,
    -- By which rule, and how many years it said.
    rule text not null constraint case_tombstones_rule check (rule = 'trail'),
    years smallint not null constraint case_tombstones_years check (years between 6 and 100),
    -- Opens the guards for the rest of this one.
    transaction xid8 not null default pg_current_xact_id()
);
create index case_tombstones_lately on case_tombstones (at desc, number);
create trigger case_tombstones_append_only before update or delete on case_tombstones
    for each row execute function refuse_change();
create trigger case_tombstones_never_truncated before truncate on case_tombstones
    for each statement execute function refuse_change();

create index cases_due_for_deleting on cases (closed_at, id) where erased = 'everything';
create index inbound_emails_by_answered on inbound_emails (answers_email_id) where answers_email_id is not null;
create index emails_by_replacement on emails (replaced_by) where replaced_by is not null;
create index prepared_letters_by_email on prepared_letters (email_id);
create index form_answers_by_email on form_answers (email_id);
create index staff_notices_by_case on staff_notices (case_id);
create index staff_notices_by_email on staff_notices (email_id) where email_id is not null;
create index staff_invitations_by_email on staff_invitations (email_id);

-- What time it is for whoever wants something gone: the server's, whatever a service says. A function of its own, so that a test, as
-- the owner, can let years go by.
create function time_of_deleting() returns timestamptz language sql stable as $$ select now() $$;

-- Whether the time of all of a case is over that was closed before then: by its trail and by the log, whatever its columns say.
create function may_be_deleted(the_case uuid, before timestamptz, the_years integer) returns boolean language sql stable as $$
    select c.state = 'closed' and c.erased = 'everything' and may_be_erased(c.id, before)
        -- Never before the law's six full years are over, whatever is asked for; half a day more for the time zone of the year's end.
        and the_years >= 6
        and before <= date_trunc('year', time_of_deleting() + interval '14 hours', 'UTC') - make_interval(years => the_years) + interval '14 hours'
        -- Nothing happened since but forgetting: a line that was put in with an old date makes nothing due.
        and not exists (select from case_events e where e.case_id = c.id and e.at >= before
            and e.kind not in ('content_erased', 'chained', 'evidence_deleted'))
        and not exists (select from case_digests d where d.case_id = c.id and d.seq is null)
        -- The log knew the case then, and knows its end.
        and exists (select from log_leaves l where l.kind = 'case' and l.subject = c.number and l.at < before)
        and (select (l.event_count, l.event_hash) = (c.event_count, c.event_hash) from log_leaves l
            where l.kind = 'case' and l.subject = c.number order by l.index desc limit 1)
        -- What lies under the chain of another case waits for that one.
        and not exists (select from inbound_emails i join emails e on e.id = i.answers_email_id
            where e.correlation_id = c.id and i.correlation_id <> c.id)
        and not exists (select from bounces b join inbound_emails i on i.id = b.inbound_email_id join emails e on e.id = b.email_id
            where i.correlation_id = c.id and e.correlation_id <> c.id)
        and not exists (select from prepared_requests p join inbound_emails i on i.id = p.inbound_email_id
            where i.correlation_id = c.id and (p.case_id <> c.id or p.case_id is null and p.erased_at is null))
    from cases c where c.id = the_case
$$;

create function delete_lawfully() returns trigger language plpgsql as $$
declare
    its cases;
begin
    select * into its from cases where number = new.number for update;
    if not found or not coalesce(may_be_deleted(its.id, make_timestamptz(
        extract(year from time_of_deleting() + interval '14 hours')::integer - new.years, 1, 1, 0, 0, 0, 'UTC') + interval '14 hours', new.years), false)
        or (new.event_count, new.event_hash, new.at, new.transaction)
            is distinct from (its.event_count, its.event_hash, time_of_deleting(), pg_current_xact_id()) then
        raise exception 'the time of this case is not over'
            using errcode = 'integrity_constraint_violation', constraint = 'case_tombstones_of_what_is_over';
    end if;
    return new;
end $$;
create trigger case_tombstones_lawful before insert on case_tombstones for each row execute function delete_lawfully();

-- The administrators' trail says the same.
create function delete_with_a_line() returns trigger language plpgsql as $$
begin
    if not exists (select from administration_events where kind = 'case_deleted' and at = new.at and data ->> 'number' = new.number
        and data ->> 'lines' = new.event_count::text and data ->> 'hash' = encode(new.event_hash, 'hex')
        and data ->> 'rule' = new.rule and data ->> 'years' = new.years::text) then
        raise exception 'what is deleted stands in the trail of administration'
            using errcode = 'integrity_constraint_violation', constraint = 'case_tombstones_say_what_the_line_says';
    end if;
    if exists (select from cases where number = new.number) then
        raise exception 'what has a tombstone is gone'
            using errcode = 'integrity_constraint_violation', constraint = 'case_tombstones_of_what_is_gone';
    end if;
    return null;
end $$;
create constraint trigger case_tombstones_with_a_line after insert on case_tombstones deferrable initially deferred
    for each row execute function delete_with_a_line();

-- Whether this transaction deletes that case.
create function is_deleting(the_case uuid) returns boolean language sql as $$
    select exists (select from cases c join case_tombstones t on t.number = c.number
        where c.id = the_case and t.transaction = pg_current_xact_id())
$$;

-- For tables of which a row goes with its case alone; the argument tells whose case it is.
create function go_with_the_case() returns trigger language plpgsql as $$
declare
    gone jsonb := to_jsonb(old);
begin
    if is_deleting(case tg_argv[0]
        when 'own' then (gone ->> 'id')::uuid
        when 'correlation' then (gone ->> 'correlation_id')::uuid
        when 'file' then (select case_id from evidence_files where id = (gone ->> 'file_id')::uuid)
        when 'inbound' then (select correlation_id from inbound_emails where id = (gone ->> 'inbound_email_id')::uuid)
        when 'prepared' then (select coalesce(p.case_id, i.correlation_id) from prepared_requests p
            left join inbound_emails i on i.id = p.inbound_email_id
            where p.id = coalesce(gone ->> 'prepared_id', gone ->> 'id')::uuid)
        else (gone ->> 'case_id')::uuid end) then
        return old;
    end if;
    raise exception '% is append-only', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;

-- Triggers that refused changes and deletions alike refuse changes; deletions have a guard of their own.
do $$
declare
    guard record;
begin
    for guard in select * from (values
        ('approvals', 'approvals_append_only', true, 'case'),
        ('case_erasures', 'case_erasures_append_only', true, 'case'),
        ('case_events', 'case_events_append_only', true, 'case'),
        ('case_exports', 'case_exports_append_only', true, 'case'),
        ('drafts', 'drafts_never_deleted', false, 'case'),
        ('emails', 'emails_never_deleted', false, 'correlation'),
        ('evidence_downloads', 'evidence_downloads_append_only', true, 'file'),
        ('evidence_files', 'evidence_files_never_deleted', false, 'case'),
        ('inbound_downloads', 'inbound_downloads_append_only', true, 'inbound'),
        ('prepared_letters', 'prepared_letters_append_only', true, 'prepared'),
        ('prepared_requests', 'prepared_requests_never_deleted', false, 'prepared'),
        ('returned_links', 'returned_links_append_only', true, 'inbound')) g (its_table, name, refuses_changes, belongs)
    loop
        execute format('drop trigger %I on %I', guard.name, guard.its_table);
        if guard.refuses_changes then
            execute format('create trigger %I before update on %I for each row execute function refuse_change()',
                guard.name, guard.its_table);
        end if;
        execute format('create trigger %I before delete on %I for each row execute function go_with_the_case(%L)',
            guard.its_table || '_go_with_the_case', guard.its_table, guard.belongs);
    end loop;
end $$;
create trigger cases_go_by_the_door before delete on cases for each row execute function go_with_the_case('own');

-- The door: the only function that has its owner's rights, so that whoever takes over the services can delete nothing but this way, and
-- nothing whose time is not over. The line of the administrators' trail has to come in the same transaction.
create function delete_case(the_case uuid, the_years smallint)
    returns table (number text, event_count integer, event_hash bytea, at timestamptz) language plpgsql security definer as $$
#variable_conflict use_column
declare
    the_emails uuid[];
    the_messages uuid[];
    the_prepared uuid[];
    the_number text;
begin
    insert into case_tombstones (number, event_count, event_hash, at, rule, years)
        select c.number, c.event_count, c.event_hash, time_of_deleting(), 'trail', the_years from cases c where c.id = the_case
        returning number into the_number;
    if the_number is null then
        raise exception 'there is no such case' using errcode = 'integrity_constraint_violation';
    end if;
    the_emails := array(select id from emails where correlation_id = the_case);
    the_messages := array(select id from inbound_emails where correlation_id = the_case);
    -- With those that were prepared in answer to a message of the case and never became one.
    the_prepared := array(select id from prepared_requests where case_id = the_case or inbound_email_id = any (the_messages));

    delete from staff_notices where case_id = the_case;
    update staff_notices set email_id = null where email_id = any (the_emails);
    delete from case_waits where case_id = the_case;
    delete from case_watchers where case_id = the_case;
    delete from webhook_deliveries where case_id = the_case;
    delete from confirmations where case_id = the_case;
    update confirmations set replaced_by = null where replaced_by = the_case;
    delete from case_exports where case_id = the_case;
    delete from corrections where case_id = the_case;
    delete from case_notes where case_id = the_case;
    delete from address_corrections where case_id = the_case;
    delete from checks where case_id = the_case;
    delete from contact_changes where case_id = the_case;
    delete from escalations where case_id = the_case;
    delete from case_entitlements where case_id = the_case;

    delete from bounces where email_id = any (the_emails) or inbound_email_id = any (the_messages);
    delete from returned_links where inbound_email_id = any (the_messages);
    delete from inbound_downloads where inbound_email_id = any (the_messages);
    delete from form_answers where inbound_email_id = any (the_messages) or email_id = any (the_emails);
    -- At once, as each names the other; the letters first, whose guard asks whose the request is.
    with gone as (delete from prepared_requests where id = any (the_prepared))
    delete from prepared_letters where prepared_id = any (the_prepared);
    -- Messages of no case that answered a letter of this one.
    update inbound_emails set answers_email_id = null where answers_email_id = any (the_emails) and correlation_id is null;
    delete from inbound_emails where id = any (the_messages);
    update emails set replaced_by = null where replaced_by = any (the_emails) and correlation_id is distinct from the_case;
    delete from letter_texts where email_id = any (the_emails);
    delete from deliveries where email_id = any (the_emails);
    delete from emails where id = any (the_emails);
    delete from approvals where case_id = the_case;
    delete from drafts where case_id = the_case;
    delete from evidence_downloads where file_id in (select id from evidence_files where case_id = the_case);
    delete from evidence_files where case_id = the_case;
    delete from links where case_id = the_case;

    delete from case_search where case_id = the_case;
    delete from case_erasures where case_id = the_case;
    delete from case_digests where case_id = the_case;
    delete from case_events where case_id = the_case;
    delete from cases where id = the_case;
    return query select t.number, t.event_count, t.event_hash, t.at from case_tombstones t where t.number = the_number;
end $$;
revoke execute on function delete_case(uuid, smallint) from public;
-- What is temporary stands first in every path that does not name it.
do $$ begin execute format('alter function delete_case(uuid, smallint) set search_path = %I, pg_temp', current_schema()); end $$;
