-- A customer who mistyped an address sets it right in the same case, and everybody who heard of the old one is asked anew. The
-- request stays as it was sent: the last of these holds.
create table address_corrections (
    id uuid primary key,
    case_id uuid not null references cases (id),
    whose text not null constraint address_corrections_whose_check check (whose in ('successor', 'departed')),
    email text not null constraint address_corrections_email_check check (email like '%_@_%'),
    at timestamptz not null
);
create index address_corrections_by_case on address_corrections (case_id, whose, at desc, id desc);

create trigger address_corrections_never_change before update on address_corrections
    for each row execute function refuse_change();

-- What was sent is under way in the name of the address of then: no other comes beside it, whatever a program believes.
create function correct_address_lawfully() returns trigger language plpgsql set search_path from current as $$
begin
    if exists (select from cases where id = new.case_id and (delivered_at is not null or confirmed_at is null
        or state in ('unconfirmed', 'submitted', 'with_atlassian', 'awaiting_confirmation', 'closed'))) then
        raise exception 'an address is set right only before the request is sent'
            using errcode = 'integrity_constraint_violation', constraint = 'address_corrections_before_delivery';
    end if;
    return new;
end $$;
create trigger address_corrections_lawful before insert on address_corrections
    for each row execute function correct_address_lawfully();

create function find_corrected_address() returns trigger language plpgsql set search_path from current as $$
begin
    if tg_op = 'DELETE' then
        delete from case_search where source_id = old.id and source = 'correction';
    else
        perform keep_found(new.case_id, 'correction', new.id, write_address(new.email), '{}', true);
    end if;
    return null;
end $$;
create trigger address_corrections_found after insert or delete on address_corrections
    for each row execute function find_corrected_address();

-- What the customer states later counts, too: staff find out nothing in its place.
create or replace function correct_lawfully() returns trigger language plpgsql as $$
begin
    if new.what = 'departed_email'
        and (not exists (select from escalations where case_id = new.case_id and departed_email is null)
            or exists (select from address_corrections where case_id = new.case_id and whose = 'departed')) then
        raise exception 'the customer stated the address'
            using errcode = 'integrity_constraint_violation', constraint = 'corrections_keep_stated_address';
    end if;
    return new;
end $$;
