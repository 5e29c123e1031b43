-- What mail servers sent back of ours, and what staff wrote when they discarded a message.
create table bounces (
    inbound_email_id uuid primary key references inbound_emails (id),
    email_id uuid not null references emails (id),
    -- The mail server is still trying.
    temporary boolean not null,
    -- The mailbox that was not reached is the one we wrote to, not one it forwards to.
    about_recipient boolean not null,
    -- Enhanced status codes (RFC 3463).
    statuses text[] not null,
    at timestamptz not null
);
create index bounces_by_email on bounces (email_id);

alter table inbound_emails add column note text;
