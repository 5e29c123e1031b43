-- Everything that decides lies under the chain: each line of a case's trail carries salted digests of the rows that it rests on.

-- The digest of a row as it stands now. The salt keeps what is personal from being guessed by it, and is overwritten with the row's next
-- digest: once the words are gone, nothing tells any more what they were.
create table case_digests (
    case_id uuid not null constraint case_digests_case references cases (id),
    -- The table, and the row's key in it.
    subject text not null,
    key text not null,
    salt bytea constraint case_digests_salt check (octet_length(salt) = 16),
    digest bytea not null constraint case_digests_digest check (octet_length(digest) = 32),
    -- The line that carries it; null while none does.
    seq integer constraint case_digests_seq check (seq > 0),
    -- Since when it waits for one.
    since timestamptz not null default now(),
    constraint case_digests_one_per_row primary key (case_id, subject, key)
);
create index case_digests_waiting on case_digests (since, case_id) where seq is null;

-- SHA-256 over subject, key, the columns that are nobody's, and the salted digest of those that are somebody's, each on a line.
-- A row that is gone has no columns.
create function digest_of(subject text, key text, plain jsonb, personal jsonb, salt bytea) returns bytea
    language sql immutable parallel safe as $$
    select sha256(convert_to(concat_ws(e'\n', subject, key, coalesce(plain::text, 'gone'),
        case when personal <> '{}' then encode(sha256(salt || convert_to(personal::text, 'UTF8')), 'hex') else '' end), 'UTF8'))
$$;

create function put_case_digest(the_case uuid, the_subject text, the_key text, plain jsonb, personal jsonb) returns void
    language plpgsql as $$
declare
    held case_digests;
    new_salt bytea;
begin
    if not exists (select from cases where id = the_case) then
        return;
    end if;
    select * into held from case_digests where case_id = the_case and subject = the_subject and key = the_key;
    if found and held.digest = digest_of(the_subject, the_key, plain, personal, held.salt) then
        return;
    end if;
    if personal <> '{}' then
        new_salt := uuid_send(gen_random_uuid());
    end if;
    insert into case_digests (case_id, subject, key, salt, digest)
    values (the_case, the_subject, the_key, new_salt, digest_of(the_subject, the_key, plain, personal, new_salt))
    on conflict (case_id, subject, key) do update
        set salt = excluded.salt, digest = excluded.digest, seq = null, since = excluded.since;
end $$;

-- Columns as JSON, without those that are null: so a column that is added later changes no digest.
create function columns_expression(the_row text, columns text[]) returns text language sql as $$
    select case when cardinality(columns) = 0 then '''{}''::jsonb' else format(
        '(select coalesce(jsonb_object_agg(e.key, e.value), ''{}'') from jsonb_each(jsonb_build_object(%s)) e where e.value <> ''null'')',
        (select string_agg(format('%L, %s.%I', name, the_row, name), ', ') from unnest(columns) name)) end
$$;

-- Covers a table: whatever comes to stand in those columns gets a digest, and so does what stands there now. Both expressions speak of
-- `r`. Called again with more columns, it covers those, too; docs/AUDIT.md and src/casework/digests.rs say the same and must.
create procedure cover_rows(the_table text, the_case text, the_key text, plain text[], personal text[]) language plpgsql as $$
declare
    o_case text := replace(the_case, 'r.', 'o.');
    plain_r text := columns_expression('r', plain);
    personal_r text := columns_expression('r', personal);
    -- Also where the row goes over to another case.
    covered text := (select string_agg(format('old.%1$I is distinct from new.%1$I', name), ' or ')
        from unnest(plain || personal || array_remove(array[substring(the_case from '^r\.(\w+)$')], null)) name);
begin
    execute format($f$
        create or replace function %1$I() returns trigger language plpgsql set timezone = 'UTC' set bytea_output = 'hex' as $b$
        declare
            r %2$I%%rowtype;
            o %2$I%%rowtype;
            its_case uuid;
            old_case uuid;
        begin
            if tg_op = 'DELETE' then r := old; else r := new; end if;
            its_case := %3$s;
            if tg_op = 'UPDATE' then
                o := old;
                old_case := %4$s;
                if old_case is distinct from its_case and old_case is not null then
                    perform put_case_digest(old_case, %2$L, %5$s, null, '{}');
                end if;
            end if;
            if its_case is null then
                return null;
            elsif tg_op = 'DELETE' then
                perform put_case_digest(its_case, %2$L, %5$s, null, '{}');
            else
                perform put_case_digest(its_case, %2$L, %5$s, %6$s, %7$s);
            end if;
            return null;
        end $b$
        $f$, 'digest_' || the_table, the_table, the_case, o_case, the_key, plain_r, personal_r);
    execute format('create or replace trigger %I after insert or delete on %I for each row execute function %I()',
        the_table || '_digested', the_table, 'digest_' || the_table);
    execute format('create or replace trigger %I after update on %I for each row when (%s) execute function %I()',
        the_table || '_digested_again', the_table, covered, 'digest_' || the_table);
    execute format('select put_case_digest(%s, %L, %s, %s, %s) from %I r where %s is not null',
        the_case, the_table, the_key, plain_r, personal_r, the_table, the_case);
end $$;

set local timezone = 'UTC';
set local bytea_output = 'hex';

call cover_rows('cases', 'r.id', '''''', array['id', 'number', 'request_id', 'version', 'state', 'state_data', 'waiting_for', 'outcome',
    'owner_id', 'opened_at', 'confirmed_at', 'delivered_at', 'changed_at', 'atlassian_ticket', 'reference'], '{}');
call cover_rows('escalations', 'r.case_id', '''''', array['language', 'hosting', 'contact_role', 'successor_is_requester'],
    array['requester_name', 'requester_email', 'requester_phone', 'requester_position', 'company', 'customer_number', 'departed_name',
    'departed_email', 'departed_on', 'successor_name', 'successor_email', 'explanation']);
call cover_rows('case_entitlements', 'r.case_id', 'r.position::text', array['kind', 'value'], '{}');
call cover_rows('case_notes', 'r.case_id', 'r.id::text', array['kind', 'staff_id', 'created_at', 'block_version_id'], array['body']);
call cover_rows('checks', 'r.case_id', 'r.kind', array['verdict', 'decided_by', 'decided_at', 'expires_at'], array['evidence']);
call cover_rows('corrections', 'r.case_id', 'r.id::text', array['what', 'staff_id', 'note_id', 'at'], array['value']);
call cover_rows('address_corrections', 'r.case_id', 'r.id::text', array['whose', 'at'], array['email']);
call cover_rows('drafts', 'r.case_id', 'r.id::text', array['revision', 'author_id', 'message_id', 'digest', 'evidence_digest', 'created_at',
    'voided_at'], array['recipient', 'subject', 'body', 'opening', 'facts', 'closing']);
call cover_rows('approvals', 'r.case_id', 'r.id::text', array['draft_id', 'digest', 'evidence_digest', 'drafted_by', 'approved_by',
    'approved_at', 'second_factor', 'second_factor_at'], '{}');
call cover_rows('evidence_files', 'r.case_id', 'r.id::text', array['uploaded_by', 'kind', 'size', 'sha256', 'created_at', 'deleted_at', 'scan',
    'signature', 'scanned_at'], array['name']);
call cover_rows('links', 'r.case_id', 'encode(r.token_hash, ''hex'')', array['purpose', 'created_at', 'expires_at', 'contact_id'], '{}');
call cover_rows('emails', 'r.correlation_id', 'r.id::text', array['audience', 'notification', 'approval_id', 'message_id', 'envelope_from',
    'language', 'digest', 'created_at', 'not_after', 'code_tag'], array['envelope_to', 'subject']);
call cover_rows('letter_texts', '(select e.correlation_id from emails e where e.id = r.email_id)', 'r.email_id::text', '{}', array['body']);
-- What became of a message to Atlassian; that of a letter decides nothing.
call cover_rows('deliveries', '(select e.correlation_id from emails e where e.id = r.email_id and e.approval_id is not null)', 'r.id::text',
    array['email_id', 'attempt', 'at', 'outcome'], array['response']);
-- As it came, and what was made of it. What is read out of its bytes can be read again.
call cover_rows('inbound_emails', 'r.correlation_id', 'r.id::text', array['content_hash', 'source', 'received_at', 'size', 'state', 'kind',
    'sender', 'answers_email_id', 'settled_at', 'settled_by'], array['client_ip', 'helo', 'envelope_from', 'note']);
call cover_rows('bounces', '(select e.correlation_id from emails e where e.id = r.email_id)', 'concat(r.inbound_email_id, '' '', r.email_id)',
    array['temporary', 'about_recipient', 'statuses', 'at', 'mailbox_gone'], '{}');
call cover_rows('contact_changes', 'r.case_id', 'r.id::text', array['entitlement_id', 'role', 'at'], array['old_email', 'new_name', 'new_email']);
call cover_rows('prepared_requests', 'r.case_id', 'r.id::text', array['prepared_by', 'prepared_at', 'language', 'inbound_email_id', 'completed_by',
    'completed_at', 'erased_at'], array['requester_email', 'fields']);
call cover_rows('evidence_downloads', '(select f.case_id from evidence_files f where f.id = r.file_id)', 'r.id::text',
    array['file_id', 'staff_id', 'at'], '{}');
call cover_rows('inbound_downloads', '(select i.correlation_id from inbound_emails i where i.id = r.inbound_email_id)', 'r.id::text',
    array['inbound_email_id', 'part', 'staff_id', 'at'], '{}');
-- A case from before this gets a line of its own for all that stands there by now, at once.
update case_digests set since = '-infinity';

-- What decides changes with a line of the trail, or not at all. The rest may come to lie under the next one.
create function rest_on_a_line() returns trigger language plpgsql as $$
begin
    if exists (select from case_digests where case_id = new.case_id and subject = new.subject and key = new.key and seq is null) then
        raise exception 'what decides changes with a line of the trail: % %', new.subject, new.key
            using errcode = 'integrity_constraint_violation', constraint = 'case_digests_rest_on_a_line';
    end if;
    return null;
end $$;
create constraint trigger case_digests_rest_on_a_line after insert or update on case_digests
    deferrable initially deferred for each row
    when (new.seq is null and new.subject in ('cases', 'escalations', 'case_entitlements', 'case_notes', 'checks', 'corrections',
        'address_corrections', 'drafts', 'approvals'))
    execute function rest_on_a_line();
