-- What administrators change is recorded as what happens to a case is: appended, chained, never rewritten.
create table administration_events (
    seq bigint primary key constraint administration_events_seq check (seq > 0),
    at timestamptz not null,
    -- The program itself writes the first text blocks.
    actor text not null constraint administration_events_actor check (actor in ('staff', 'command_line', 'program')),
    staff_id uuid constraint administration_events_staff references staff (id),
    kind text not null,
    -- Ids, versions, digests and counts: nothing personal.
    data jsonb not null,
    previous_hash bytea not null constraint administration_events_previous check (octet_length(previous_hash) = 32),
    hash bytea not null constraint administration_events_hash check (octet_length(hash) = 32),
    constraint administration_events_who check ((actor = 'staff') = (staff_id is not null))
);
create trigger administration_events_append_only before update or delete on administration_events
    for each row execute function refuse_change();
create trigger administration_events_never_truncated before truncate on administration_events
    for each statement execute function refuse_change();

-- Where the chain ends, so that a cut-off end shows; a single row, locked by whoever appends.
create table administration_chain (
    single boolean primary key default true constraint administration_chain_single check (single),
    event_count bigint not null,
    event_hash bytea not null constraint administration_chain_hash check (octet_length(event_hash) = 32)
);
insert into administration_chain (event_count, event_hash) values (0, decode(repeat('00', 32), 'hex'));
