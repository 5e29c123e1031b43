-- Whoever got an e-mail can ask by the code in it whether it is ours. What is kept is a keyed hash of the code, which is made from
-- the id; e-mails from before have no code in their words, and none here.
alter table emails add column code_tag text;
alter table emails add constraint emails_code_tag_check check (code_tag is null or length(code_tag) = 16);
create unique index emails_by_code on emails (code_tag) where code_tag is not null;

create or replace function keep_email() returns trigger language plpgsql as $$
begin
    if (new.id, new.audience, new.notification, new.correlation_id, new.approval_id, new.message_id, new.envelope_from,
        new.envelope_to, new.subject, new.digest, new.not_after, new.code_tag) is distinct from (old.id, old.audience,
        old.notification, old.correlation_id, old.approval_id, old.message_id, old.envelope_from, old.envelope_to,
        old.subject, old.digest, old.not_after, old.code_tag)
        or (new.raw is not null and new.raw is distinct from old.raw) then
        raise exception 'an e-mail in the outbox is frozen' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
