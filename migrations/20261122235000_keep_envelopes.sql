-- Who handed a message to our mail server: what SPF is checked by, where we check senders ourselves.
alter table inbound_emails
    add column client_ip text,
    add column helo text,
    add column envelope_from text;

create or replace function keep_inbound_email() returns trigger language plpgsql as $$
begin
    if (new.id, new.content_hash, new.source, new.received_at, new.raw, new.size, new.client_ip, new.helo, new.envelope_from)
        is distinct from
        (old.id, old.content_hash, old.source, old.received_at, old.raw, old.size, old.client_ip, old.helo, old.envelope_from)
    then
        raise exception 'an inbound e-mail is kept as it came' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;

-- How many letters of one author were filed lately.
create index inbound_emails_by_author on inbound_emails (lower(from_address), received_at) where state = 'filed';

-- How many letters one mailbox got lately.
create index emails_by_recipient on emails (lower(envelope_to), next_attempt_at) where audience = 'customer';
