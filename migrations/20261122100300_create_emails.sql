-- The outbox: e-mails frozen in the transaction that caused them, and what happened to each.
create table emails (
    id uuid primary key,
    audience text not null check (audience in ('customer', 'atlassian')),
    notification text not null,
    -- What the e-mail is about; opaque to the post office.
    correlation_id uuid,
    approval_id uuid unique,
    message_id text not null unique,
    envelope_from text not null,
    envelope_to text not null,
    subject text not null,
    language text not null check (language in ('de', 'en')),
    -- The exact bytes. A customer's are forgotten once settled: they hold a secret link.
    raw bytea,
    digest bytea not null check (raw is null or digest = sha256(raw)),
    state text not null default 'queued' check (state in ('queued', 'sent', 'failed', 'cancelled')),
    attempts integer not null default 0,
    next_attempt_at timestamptz not null,
    -- The lease of the worker that is handing it over.
    claimed_until timestamptz,
    created_at timestamptz not null,
    settled_at timestamptz,
    -- When the settling was passed on to the case.
    noticed_at timestamptz,
    -- Nothing goes to Atlassian without an approval, and only the very bytes that were approved.
    check ((audience = 'atlassian') = (approval_id is not null)),
    check ((state = 'queued') = (settled_at is null)),
    check (raw is not null or (audience = 'customer' and state <> 'queued')),
    foreign key (approval_id, digest) references approvals (id, digest)
);
create index emails_due on emails (next_attempt_at) where state = 'queued';
create index emails_unnoticed on emails (settled_at) where settled_at is not null and noticed_at is null;
create index emails_by_correlation on emails (correlation_id, created_at);
create index emails_failed on emails (settled_at) where state = 'failed';

create function keep_email() returns trigger language plpgsql as $$
begin
    if (new.id, new.audience, new.notification, new.correlation_id, new.approval_id, new.message_id, new.envelope_from,
        new.envelope_to, new.subject, new.digest) is distinct from (old.id, old.audience, old.notification,
        old.correlation_id, old.approval_id, old.message_id, old.envelope_from, old.envelope_to, old.subject, old.digest)
        or (new.raw is not null and new.raw is distinct from old.raw) then
        raise exception 'an e-mail in the outbox is frozen' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger emails_keep before update on emails for each row execute function keep_email();
create trigger emails_never_deleted before delete on emails for each row execute function refuse_change();

create table deliveries (
    id bigint generated always as identity primary key,
    email_id uuid not null references emails (id),
    attempt integer not null,
    at timestamptz not null,
    outcome text not null check (outcome in ('sent', 'deferred', 'failed', 'cancelled')),
    -- The mail server's words.
    response text not null
);
create index deliveries_by_email on deliveries (email_id, id);
