-- A customer often knows neither the address that the contact was registered with nor where the products run, and says so instead of guessing.
alter table escalations alter column departed_email drop not null;
alter table escalations alter column hosting drop not null;
-- What is not known is null, never an empty word.
alter table escalations add constraint escalations_departed_email_said check (departed_email <> '');

-- The domain of an address that nobody knows is written as nothing.
alter function domain_as_written(text) strict;

alter table corrections drop constraint corrections_what_check;
alter table corrections add constraint corrections_what_check
    check (what in ('company', 'hosting', 'departed_name', 'departed_email', 'departed_role'));

-- Nobody puts another mailbox in the place of one that the customer stated.
create function correct_lawfully() returns trigger language plpgsql as $$
begin
    if new.what = 'departed_email'
        and not exists (select from escalations where case_id = new.case_id and departed_email is null) then
        raise exception 'the customer stated the address'
            using errcode = 'integrity_constraint_violation', constraint = 'corrections_keep_stated_address';
    end if;
    return new;
end $$;
create trigger corrections_lawful before insert or update on corrections for each row execute function correct_lawfully();
