-- The checks that an approved e-mail rests on grow old while it waits in the outbox: from then on it is not handed over.
alter table emails add column not_after timestamptz;
alter table emails add constraint emails_not_after_check check (not_after is null or audience = 'atlassian');

create or replace function keep_email() returns trigger language plpgsql as $$
begin
    if (new.id, new.audience, new.notification, new.correlation_id, new.approval_id, new.message_id, new.envelope_from,
        new.envelope_to, new.subject, new.digest, new.not_after) is distinct from (old.id, old.audience,
        old.notification, old.correlation_id, old.approval_id, old.message_id, old.envelope_from, old.envelope_to,
        old.subject, old.digest, old.not_after)
        or (new.raw is not null and new.raw is distinct from old.raw) then
        raise exception 'an e-mail in the outbox is frozen' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
