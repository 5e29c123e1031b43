-- Somebody asks to be forgotten: two administrators say so, and what was kept and why stays known without whom it was about.

-- As the program folds mailboxes (EmailAddress::mailbox): in lower case, without what follows a plus sign, without dots.
create function fold_mailbox(address text) returns text language sql immutable strict parallel safe as $$
    select replace(coalesce(nullif(split_part(local, '+', 1), ''), local), '.', '') || '@' || domain
    from (select substring(lower(trim(address)) from '^(.*)@[^@]*$') as local,
        substring(lower(trim(address)) from '@([^@]*)$') as domain) parts
$$;

create table erasure_requests (
    id uuid primary key,
    state text not null,
    -- Until it ends, and what was said of it.
    address text,
    reason text,
    asked_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    -- Once it is done: by which an import is noticed that brings them again.
    salt bytea,
    address_hash bytea,
    -- How many rows of which table went, and what stayed why.
    outcome jsonb,
    -- The last import that was looked through for them, and when one had brought them.
    looked_at_import bigint,
    returned_at timestamptz,
    constraint erasure_requests_state check (state in ('asked', 'done', 'withdrawn', 'expired')),
    constraint erasure_requests_open check ((state = 'asked') = (ended_at is null)
        and (state = 'asked') = (address is not null) and (state = 'asked') = (reason is not null)),
    constraint erasure_requests_done check ((state = 'done') = (address_hash is not null)
        and (state = 'done') = (salt is not null) and (state = 'done') = (outcome is not null)),
    constraint erasure_requests_hash check (octet_length(address_hash) = 32 and octet_length(salt) = 16),
    constraint erasure_requests_reason check (length(reason) between 1 and 500)
);
-- One mailbox is asked about once at a time.
create unique index erasure_requests_once on erasure_requests (fold_mailbox(address)) where state = 'asked';
create index erasure_requests_listed on erasure_requests (asked_at, id);

-- Who said yes: whoever asked at the desk, and another. What was asked by the command line names nobody, so it takes two others.
create table erasure_consents (
    request_id uuid not null constraint erasure_consents_request references erasure_requests (id),
    staff_id uuid not null constraint erasure_consents_staff references staff (id),
    at timestamptz not null,
    constraint erasure_consents_once primary key (request_id, staff_id)
);
create trigger erasure_consents_append_only before update or delete on erasure_consents
    for each row execute function refuse_change();

create function consent_lawfully() returns trigger language plpgsql as $$
begin
    if not exists (select from staff where id = new.staff_id and role = 'admin' and kind = 'person' and disabled_at is null) then
        raise exception 'only an administrator consents'
            using errcode = 'integrity_constraint_violation', constraint = 'erasure_consents_by_administrators';
    end if;
    return new;
end $$;
create trigger erasure_consents_lawful before insert on erasure_consents for each row execute function consent_lawfully();

-- Whose account was closed in between, or who is no administrator any more, has not consented.
create function erasure_consents_that_count(request uuid) returns bigint language sql stable as $$
    select count(*) from erasure_consents c join staff s on s.id = c.staff_id
    where c.request_id = request and s.role = 'admin' and s.kind = 'person' and s.disabled_at is null
$$;

create function erase_by_two() returns trigger language plpgsql as $$
begin
    if old.state <> 'asked' and (new.state, new.outcome, new.address_hash) is distinct from
        (old.state, old.outcome, old.address_hash) then
        raise exception 'what ended stays as it ended' using errcode = 'integrity_constraint_violation';
    end if;
    if new.state = 'done' and old.state = 'asked' and erasure_consents_that_count(new.id) < 2 then
        raise exception 'nobody is erased on the word of one'
            using errcode = 'integrity_constraint_violation', constraint = 'erasure_requests_by_two';
    end if;
    return new;
end $$;
create trigger erasure_requests_by_two before update on erasure_requests for each row execute function erase_by_two();
create trigger erasure_requests_never_deleted before delete on erasure_requests
    for each row execute function refuse_change();
