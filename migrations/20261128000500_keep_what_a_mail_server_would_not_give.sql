-- A message that the mail server refuses again and again must not hold up those behind it, nor be lost: it is asked for again.
create table unfetched_messages (
    -- As mailboxes.name.
    mailbox text not null,
    uid_validity bigint not null,
    uid bigint not null,
    failures integer not null default 0,
    next_try_at timestamptz not null,
    primary key (mailbox, uid_validity, uid)
);
