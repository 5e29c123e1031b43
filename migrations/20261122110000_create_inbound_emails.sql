-- What came in by mail: the bytes first, then what became of each message. And how far each mailbox has been read.
create table inbound_emails (
    id uuid primary key,
    -- The same bytes are the same message, however often they are collected.
    content_hash bytea not null unique,
    source text not null check (source in ('imap', 'pipe')),
    received_at timestamptz not null,
    -- Exactly as it came; of a message larger than we take, the header only.
    raw bytea not null check (content_hash = sha256(raw)),
    -- Of the whole message.
    size bigint not null,
    state text not null default 'stored' check (state in ('stored', 'filed', 'quarantined', 'discarded', 'parked')),
    -- Why it is not filed; a message key.
    reason text,
    -- What was understood of it. All of it is the message's own claim.
    kind text check (kind in ('reply', 'bounce', 'auto_reply', 'other')),
    message_id text,
    from_address text,
    subject text,
    visible_text text,
    -- What it is about, who wrote it and what it seems to say; opaque to the post office.
    correlation_id uuid,
    sender text,
    suggestion text,
    -- Our e-mail that it answers or sends back.
    answers_email_id uuid references emails (id),
    attempts integer not null default 0,
    -- The lease of the worker that is looking at it.
    claimed_until timestamptz,
    settled_at timestamptz,
    -- The member of staff who released or discarded it.
    settled_by uuid,
    check ((state = 'stored') = (settled_at is null)),
    check (state <> 'filed' or correlation_id is not null),
    check (state not in ('quarantined', 'discarded', 'parked') or reason is not null)
);
create index inbound_emails_waiting on inbound_emails (received_at) where state = 'stored';
create index inbound_emails_set_aside on inbound_emails (received_at) where state in ('quarantined', 'parked');
create index inbound_emails_by_correlation on inbound_emails (correlation_id, received_at) where correlation_id is not null;
create index inbound_emails_by_message_id on inbound_emails (message_id) where message_id is not null;

create function keep_inbound_email() returns trigger language plpgsql as $$
begin
    if (new.id, new.content_hash, new.source, new.received_at, new.raw, new.size) is distinct from
        (old.id, old.content_hash, old.source, old.received_at, old.raw, old.size) then
        raise exception 'an inbound e-mail is kept as it came' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger inbound_emails_keep before update on inbound_emails for each row execute function keep_inbound_email();

create table mailboxes (
    -- user@host:port/folder
    name text primary key,
    -- UIDs count only together with it (RFC 3501 §2.3.1.1); when it changes, everything is read again.
    uid_validity bigint,
    last_uid bigint not null default 0,
    -- The message that could not be fetched, and how often in a row.
    failing_uid bigint,
    failures integer not null default 0,
    -- When the mailbox was last read to its end.
    collected_at timestamptz,
    failing_since timestamptz,
    last_error text
);
