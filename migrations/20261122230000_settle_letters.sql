-- Letters that did not arrive are looked at by somebody, once: seen, and perhaps written anew.
alter table emails
    -- Who of staff has seen that it did not arrive, and when; they need not hear of it again.
    add column seen_at timestamptz,
    add column seen_by uuid references staff (id),
    -- The letter that was written in its place.
    add column replaced_by uuid references emails (id),
    add check ((seen_at is null) = (seen_by is null)),
    add check (seen_at is null or state <> 'queued');
create index emails_unseen on emails (id) where state = 'failed' and seen_at is null;
create index emails_waiting on emails (id) where state = 'queued';
create index bounces_for_good on bounces (email_id) where not temporary;
