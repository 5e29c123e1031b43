-- Personal content of a closed case is erased, and only that: to a fixed value, in one transaction with a line of its trail.

-- What was erased, of which case, by which line. Written first: it opens the guards below for the rest of its transaction.
create table case_erasures (
    case_id uuid not null,
    seq integer not null,
    -- 'part' of the content, all the 'content', or 'everything': the correspondence, too.
    scope text not null constraint case_erasures_scope check (scope in ('part', 'content', 'everything')),
    rule text not null,
    at timestamptz not null,
    transaction xid8 not null default pg_current_xact_id(),
    constraint case_erasures_one_per_line primary key (case_id, seq),
    constraint case_erasures_by_a_line foreign key (case_id, seq) references case_events deferrable initially deferred
);
create index case_erasures_lately on case_erasures (at desc, case_id);
create trigger case_erasures_append_only before update or delete on case_erasures
    for each row execute function refuse_change();
create trigger case_erasures_never_truncated before truncate on case_erasures
    for each statement execute function refuse_change();

-- Since when it is closed, and how much of it is erased: so that what is due is found by an index. What decides is the trail.
alter table cases add column closed_at timestamptz, add column erased text
    constraint cases_erased check (erased is null or (erased in ('part', 'content', 'everything') and state = 'closed'));
update cases c set closed_at = coalesce((select max(at) from case_events e where e.case_id = c.id
    and e.data ->> 'to' = 'closed' and e.data ->> 'from' is distinct from 'closed'), changed_at) where state = 'closed';
create index cases_due_for_erasing on cases (closed_at, id) where state = 'closed' and coalesce(erased, 'part') = 'part';
create index cases_due_for_erasing_letters on cases (closed_at, id) where erased = 'content';

create function keep_closing() returns trigger language plpgsql as $$
begin
    new.closed_at := case when new.state = 'closed' then new.changed_at end;
    return new;
end $$;
create trigger cases_closed_first before insert on cases for each row when (new.state = 'closed') execute function keep_closing();
create trigger cases_closed before update on cases for each row
    when (old.state is distinct from new.state) execute function keep_closing();

create function erase_lawfully() returns trigger language plpgsql as $$
begin
    if not exists (select from cases where id = new.case_id and state = 'closed') then
        raise exception 'only a closed case is erased'
            using errcode = 'integrity_constraint_violation', constraint = 'case_erasures_of_closed_cases';
    end if;
    if (select kind = 'held' from case_events where case_id = new.case_id and kind in ('held', 'hold_lifted')
            order by seq desc limit 1) then
        raise exception 'what is held is not erased'
            using errcode = 'integrity_constraint_violation', constraint = 'case_erasures_of_nothing_held';
    end if;
    -- More may be erased of a case than was, never less: it is not taken up again.
    update cases set erased = new.scope where id = new.case_id
        and array_position('{part,content,everything}', new.scope) > coalesce(array_position('{part,content,everything}', erased), 0);
    return new;
end $$;
create trigger case_erasures_lawful before insert on case_erasures for each row execute function erase_lawfully();

-- The line it names says the same.
create function erase_with_a_line() returns trigger language plpgsql as $$
begin
    if not exists (select from case_events where case_id = new.case_id and seq = new.seq and kind = 'content_erased'
        and data ->> 'scope' = new.scope and data ->> 'rule' = new.rule and at = new.at) then
        raise exception 'what is erased stands in the trail'
            using errcode = 'integrity_constraint_violation', constraint = 'case_erasures_say_what_the_line_says';
    end if;
    return null;
end $$;
create constraint trigger case_erasures_with_a_line after insert on case_erasures deferrable initially deferred
    for each row execute function erase_with_a_line();

-- What stands in place of what was erased of a row, by column: a dash, which reads the same in every language, or an address that
-- nobody can have; a column that was null stays null. What the program reads back of
-- them must still be what it takes for an address, a text, a verdict's evidence.
create function erased_columns(the_table text, the_row jsonb) returns jsonb language sql immutable as $$
    select case the_table
        when 'escalations' then jsonb_build_object('requester_name', '—', 'requester_email', 'erased@erased.invalid',
            'requester_phone', null, 'requester_position', null, 'company', '—', 'customer_number', null,
            'departed_name', '—', 'departed_email', 'erased@erased.invalid', 'departed_on', null,
            'successor_name', '—', 'successor_email', 'erased@erased.invalid', 'explanation', '—')
        when 'case_notes' then jsonb_build_object('body', '—')
        when 'checks' then jsonb_build_object('evidence', jsonb_build_object('type', 'none'))
        when 'corrections' then case the_row ->> 'what'
            -- Words of ours, about nobody.
            when 'hosting' then '{}'::jsonb
            when 'departed_role' then '{}'::jsonb
            when 'departed_email' then jsonb_build_object('value', 'erased@erased.invalid')
            else jsonb_build_object('value', '—') end
        when 'address_corrections' then jsonb_build_object('email', 'erased@erased.invalid')
        when 'contact_changes' then jsonb_build_object('old_email', 'erased@erased.invalid', 'new_name', '—',
            'new_email', 'erased@erased.invalid')
        when 'drafts' then jsonb_build_object('recipient', 'erased@erased.invalid', 'subject', '—', 'body', '—',
            'opening', '—', 'facts', '—', 'closing', '—', 'raw', ''::bytea)
        when 'emails' then jsonb_build_object('envelope_to', 'erased@erased.invalid', 'subject', '—', 'raw', null)
        when 'letter_texts' then jsonb_build_object('body', '—')
        when 'deliveries' then jsonb_build_object('response', '—')
        when 'inbound_emails' then jsonb_build_object('raw', ''::bytea, 'message_id', null, 'from_address', 'erased@erased.invalid',
            'subject', '—', 'visible_text', '—', 'note', '—', 'client_ip', null, 'helo', null,
            'envelope_from', null, 'attachments', '[]'::jsonb)
        else '{}'::jsonb end
$$;

-- Whether a change puts nothing but erased values in place of what was there.
create function only_erases(the_table text, before jsonb, after jsonb) returns boolean language sql immutable as $$
    select before - array(select jsonb_object_keys(e)) = after - array(select jsonb_object_keys(e))
        and not exists (select from jsonb_each(e) erased
            where after -> erased.key is distinct from before -> erased.key
                and (before -> erased.key = 'null' or after -> erased.key is distinct from erased.value))
    from erased_columns(the_table, before) e
$$;

-- Whether this transaction erases content of that case.
create function is_erasing(the_case uuid) returns boolean language sql as $$
    select exists (select from case_erasures where case_id = the_case and transaction = pg_current_xact_id())
$$;

-- For tables whose rows never change but by erasing; both arguments tell whose case a row is.
create function keep_until_erased() returns trigger language plpgsql as $$
declare
    the_case uuid := case when tg_argv[0] = 'email' then
        (select correlation_id from emails where id = (to_jsonb(new) ->> 'email_id')::uuid) else (to_jsonb(new) ->> 'case_id')::uuid end;
begin
    if is_erasing(the_case) and only_erases(tg_table_name, to_jsonb(old), to_jsonb(new)) then
        return new;
    end if;
    raise exception '% is append-only', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;

drop trigger escalations_never_change on escalations;
create trigger escalations_never_change before update on escalations for each row execute function keep_until_erased('case');
create trigger case_notes_never_change before update on case_notes for each row execute function keep_until_erased('case');
drop trigger address_corrections_never_change on address_corrections;
create trigger address_corrections_never_change before update on address_corrections
    for each row execute function keep_until_erased('case');
drop trigger contact_changes_keep on contact_changes;
create trigger contact_changes_keep before update on contact_changes for each row execute function keep_until_erased('case');
create trigger letter_texts_never_change before update on letter_texts for each row execute function keep_until_erased('email');
create trigger deliveries_never_change before update on deliveries for each row execute function keep_until_erased('email');
drop trigger corrections_lawful on corrections;
create trigger corrections_lawful before insert on corrections for each row execute function correct_lawfully();
create trigger corrections_never_change before update on corrections for each row execute function keep_until_erased('case');

alter table drafts drop constraint drafts_check,
    add constraint drafts_digest_of_bytes check (digest = sha256(raw) or raw = '');
create or replace function keep_draft() returns trigger language plpgsql as $$
begin
    if (old.voided_at is not null or new.voided_at is null
        or to_jsonb(new) - 'voided_at' <> to_jsonb(old) - 'voided_at')
        and not (is_erasing(new.case_id) and only_erases('drafts', to_jsonb(old), to_jsonb(new))) then
        raise exception 'a draft can only be voided' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
-- Empty bytes come into being by erasing alone.
create function begin_with_bytes() returns trigger language plpgsql as $$
begin
    raise exception '% begins with its bytes', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;
create trigger drafts_begin_with_bytes before insert on drafts for each row when (new.raw = '')
    execute function begin_with_bytes();

alter table emails drop constraint emails_forgotten_check,
    add constraint emails_forgotten_check check (raw is not null or state <> 'queued');
create or replace function keep_email() returns trigger language plpgsql as $$
begin
    if ((new.id, new.audience, new.notification, new.correlation_id, new.approval_id, new.message_id, new.envelope_from,
        new.envelope_to, new.subject, new.digest, new.not_after, new.code_tag) is distinct from (old.id, old.audience,
        old.notification, old.correlation_id, old.approval_id, old.message_id, old.envelope_from, old.envelope_to,
        old.subject, old.digest, old.not_after, old.code_tag)
        or (new.raw is not null and new.raw is distinct from old.raw)
        or (new.raw is null and old.raw is not null and new.audience = 'atlassian'))
        -- What is about no case has no trail.
        and not ((is_erasing(new.correlation_id) or (new.correlation_id is null and new.state <> 'queued'))
            and only_erases('emails', to_jsonb(old), to_jsonb(new))) then
        raise exception 'an e-mail in the outbox is frozen' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;

alter table inbound_emails drop constraint inbound_emails_check,
    add constraint inbound_emails_hash_of_bytes check (content_hash = sha256(raw) or (raw = '' and state <> 'stored'));
create or replace function keep_inbound_email() returns trigger language plpgsql as $$
begin
    if (new.id, new.content_hash, new.source, new.received_at, new.raw, new.size, new.client_ip, new.helo, new.envelope_from)
        is distinct from
        (old.id, old.content_hash, old.source, old.received_at, old.raw, old.size, old.client_ip, old.helo, old.envelope_from)
        and not ((is_erasing(new.correlation_id)
                -- What belongs to no case has no trail; nothing that somebody still has to look at.
                or (new.correlation_id is null and new.state in ('discarded', 'answered')))
            and only_erases('inbound_emails', to_jsonb(old), to_jsonb(new))) then
        raise exception 'an inbound e-mail is kept as it came' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger inbound_emails_begin_with_bytes before insert on inbound_emails for each row
    when (new.raw = '' and new.content_hash <> sha256(''))
    execute function begin_with_bytes();

-- Erases rows of a case, by their keys as the trail names them; all where `the_keys` is null. How many changed.
create function erase_rows(the_table text, the_case uuid, the_keys text[]) returns bigint language plpgsql
    set search_path from current as $$
declare
    columns text[] := (select array_agg(distinct key) from jsonb_object_keys(erased_columns(the_table, '{}')) key);
    is_its text := case the_table
        when 'emails' then 'r.correlation_id = $1'
        when 'inbound_emails' then 'r.correlation_id = $1'
        when 'letter_texts' then 'r.email_id in (select id from emails where correlation_id = $1)'
        when 'deliveries' then 'r.email_id in (select id from emails where correlation_id = $1)'
        else 'r.case_id = $1' end;
    its_key text := case the_table
        when 'escalations' then ''''''
        when 'checks' then 'r.kind'
        when 'letter_texts' then 'r.email_id::text'
        else 'r.id::text' end;
    changed bigint;
begin
    -- What is erased of a row depends on the row for corrections alone.
    execute format(
        'update %1$I r set (%2$s) = (select %3$s from erased_columns(%1$L, %4$s) e
             cross join lateral jsonb_populate_record(null::%1$I, e) gone)
         where %5$s and ($2 is null or %6$s = any($2))',
        the_table,
        (select string_agg(format('%I', name), ', ') from unnest(columns) name),
        (select string_agg(format('case when r.%1$I is not null and e ? %1$L then gone.%1$I else r.%1$I end', name), ', ')
            from unnest(columns) name),
        case the_table when 'corrections' then 'to_jsonb(r)' else quote_literal('{}') || '::jsonb' end,
        is_its, its_key)
        using the_case, the_keys;
    get diagnostics changed = row_count;
    return changed;
end $$;

-- What was found by the words that are gone is found by them no longer.
create trigger address_corrections_found_again after update on address_corrections
    for each row execute function find_corrected_address();
create trigger emails_found_again after update on emails for each row
    when ((old.subject, old.envelope_to) is distinct from (new.subject, new.envelope_to)) execute function find_letter();
create index webhook_deliveries_by_case on webhook_deliveries (case_id) where case_id is not null;
