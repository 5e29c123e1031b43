-- What is in an inbound e-mail beside its text, what its reader should know of the text, and who saved any of it.
alter table inbound_emails
    -- Words of the reader's: shortened, uncut, encrypted …
    add column remarks text[] not null default '{}',
    -- Parts that are no text: place, name, type, size. Their bytes stay where they are, in `raw`.
    add column attachments jsonb not null default '[]',
    add constraint inbound_emails_attachments_are_a_list check (jsonb_typeof(attachments) = 'array');

-- Not in the trail of a case: reading changes none.
create table inbound_downloads (
    id bigint generated always as identity primary key,
    inbound_email_id uuid not null references inbound_emails (id),
    -- The place of the attachment; null for the whole message.
    part integer,
    staff_id uuid not null references staff (id),
    at timestamptz not null
);
create index inbound_downloads_by_message on inbound_downloads (inbound_email_id, at);
create trigger inbound_downloads_append_only before update or delete on inbound_downloads
    for each row execute function refuse_change();
