-- One Merkle log (RFC 9162, 2.1) over the ends of all chains: who keeps one of its signed heads need not trust this database.
create table log_keys (
    key_id bytea primary key constraint log_keys_id check (key_id = sha256(public_key)),
    public_key bytea not null constraint log_keys_public check (octet_length(public_key) = 32),
    since timestamptz not null,
    -- The key before, and its signature over this one; without it, the key before was lost, or somebody put this one in.
    previous_key_id bytea constraint log_keys_previous references log_keys (key_id),
    endorsement bytea constraint log_keys_endorsement check (octet_length(endorsement) = 64),
    constraint log_keys_whole check ((previous_key_id is null) = (endorsement is null))
);

-- Where a chain ended when it was logged. No content: a number, a count and a hash.
create table log_leaves (
    index bigint primary key constraint log_leaves_index check (index >= 0),
    at timestamptz not null,
    kind text not null constraint log_leaves_kind check (kind in ('case', 'administration')),
    -- The number of the case; '-' for the chain of administration.
    subject text not null constraint log_leaves_subject check (subject ~ '^HO-[0-9]{4}-[0-9]{5,}$' or (kind = 'administration' and subject = '-')),
    event_count bigint not null constraint log_leaves_count check (event_count > 0),
    event_hash bytea not null constraint log_leaves_event check (octet_length(event_hash) = 32),
    leaf_hash bytea not null constraint log_leaves_leaf check (octet_length(leaf_hash) = 32)
);
create index log_leaves_by_subject on log_leaves (kind, subject, index desc);

-- The hashes of full subtrees above the leaves, so that a root or a proof needs some dozens of rows.
create table log_nodes (
    level smallint not null constraint log_nodes_level check (level between 1 and 62),
    position bigint not null constraint log_nodes_position check (position >= 0),
    hash bytea not null constraint log_nodes_hash check (octet_length(hash) = 32),
    primary key (level, position)
);

create table log_heads (
    tree_size bigint primary key constraint log_heads_size check (tree_size > 0),
    root_hash bytea not null constraint log_heads_root check (octet_length(root_hash) = 32),
    at timestamptz not null,
    key_id bytea not null constraint log_heads_key references log_keys (key_id),
    signature bytea not null constraint log_heads_signature check (octet_length(signature) = 64)
);

-- What a time stamper (RFC 3161) answered about a head, as it came.
create table log_stamps (
    tree_size bigint primary key constraint log_stamps_head references log_heads (tree_size),
    -- When it came, and when the stamper says it was.
    at timestamptz not null,
    stamped_at timestamptz not null,
    response bytea not null constraint log_stamps_response check (octet_length(response) between 1 and 65536)
);

-- How large the log is; a single row, locked by whoever appends.
create table log_end (
    single boolean primary key default true constraint log_end_single check (single),
    tree_size bigint not null constraint log_end_size check (tree_size >= 0)
);
insert into log_end (tree_size) values (0);

-- Where heads are taken to, and how that goes.
create table log_outlets (
    name text primary key constraint log_outlets_name check (name in ('file', 'mail', 'time_stamper')),
    -- The last head that was taken there, and when.
    tree_size bigint not null default 0,
    done_at timestamptz,
    attempts integer not null default 0,
    next_attempt_at timestamptz not null default to_timestamp(0),
    failing_since timestamptz,
    last_error text
);
insert into log_outlets (name) values ('file'), ('mail'), ('time_stamper');

create trigger log_keys_append_only before update or delete on log_keys for each row execute function refuse_change();
create trigger log_keys_never_truncated before truncate on log_keys for each statement execute function refuse_change();
create trigger log_leaves_append_only before update or delete on log_leaves for each row execute function refuse_change();
create trigger log_leaves_never_truncated before truncate on log_leaves for each statement execute function refuse_change();
create trigger log_nodes_append_only before update or delete on log_nodes for each row execute function refuse_change();
create trigger log_nodes_never_truncated before truncate on log_nodes for each statement execute function refuse_change();
create trigger log_heads_append_only before update or delete on log_heads for each row execute function refuse_change();
create trigger log_heads_never_truncated before truncate on log_heads for each statement execute function refuse_change();
create trigger log_stamps_append_only before update or delete on log_stamps for each row execute function refuse_change();
create trigger log_stamps_never_truncated before truncate on log_stamps for each statement execute function refuse_change();
create trigger log_end_never_deleted before delete on log_end for each row execute function refuse_change();
create function grow_alone() returns trigger language plpgsql set search_path from current as $$
begin
    if new.tree_size < old.tree_size then
        raise exception 'the log only grows' using errcode = 'integrity_constraint_violation', constraint = 'log_end_grows';
    end if;
    return new;
end $$;
create trigger log_end_grows before update on log_end for each row execute function grow_alone();

-- Chains whose end is to be logged. A row for each change and none of its own for each chain: whoever changes a case waits for
-- nobody here, and what is seen was committed, so the end that is read after it is not an older one.
create table log_pending (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    kind text not null,
    subject text not null
);
create index log_pending_by_subject on log_pending (kind, subject);

create function await_the_log() returns trigger language plpgsql set search_path from current as $$
begin
    if tg_table_name = 'cases' then
        insert into log_pending (kind, subject) values ('case', new.number);
    else
        insert into log_pending (kind, subject) values ('administration', '-');
    end if;
    return null;
end $$;
create trigger cases_await_the_log_first after insert on cases for each row execute function await_the_log();
create trigger cases_await_the_log after update of event_hash on cases
    for each row when (old.event_hash is distinct from new.event_hash) execute function await_the_log();
create trigger administration_awaits_the_log after update of event_hash on administration_chain
    for each row when (old.event_hash is distinct from new.event_hash) execute function await_the_log();

-- What was there before the log.
insert into log_pending (kind, subject) select 'case', number from cases where event_count > 0 order by number;
insert into log_pending (kind, subject) select 'administration', '-' from administration_chain where event_count > 0;
