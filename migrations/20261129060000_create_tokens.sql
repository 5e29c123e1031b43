-- Scripts act for people, or for service accounts that can't sign in, with tokens that end; what they ask is answered once.

-- A service account is a member of staff so that the trail can name it. It has no password, and nobody signs in as it.
alter table staff
    add kind text not null default 'person' constraint staff_kind check (kind in ('person', 'service')),
    add constraint staff_service_has_no_password check (kind = 'person' or password_hash is null),
    -- What an approver decides needs a person.
    add constraint staff_service_never_approves check (kind = 'person' or role <> 'approver');

create table staff_tokens (
    id uuid primary key,
    staff_id uuid not null constraint staff_tokens_staff references staff (id),
    -- As whoever made it calls it.
    name text not null constraint staff_tokens_name check (name <> '' and char_length(name) <= 60),
    -- SHA-256 of the token: a stolen table opens nothing.
    token_hash bytea not null constraint staff_tokens_hash check (octet_length(token_hash) = 32),
    scopes text[] not null constraint staff_tokens_scopes check (cardinality(scopes) between 1 and 5
        and scopes <@ array['cases:read', 'cases:write', 'register:read', 'register:import', 'reports:read']),
    created_by uuid not null constraint staff_tokens_created_by references staff (id),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    last_used_at timestamptz,
    ended_at timestamptz,
    -- A year and a day, whatever the time zone.
    constraint staff_tokens_expire check (expires_at > created_at and expires_at <= created_at + interval '367 days')
);
create unique index staff_tokens_by_hash on staff_tokens (token_hash);
create index staff_tokens_by_staff on staff_tokens (staff_id, id desc);
create index staff_tokens_alive on staff_tokens (id desc) where ended_at is null;

-- What a token asked under a key, and what it was answered: asked again, the same is answered and nothing is done twice.
create table token_requests (
    id uuid primary key,
    token_id uuid not null constraint token_requests_token references staff_tokens (id),
    -- SHA-256 of the key: it is the sender's, and may hold anything.
    key_hash bytea not null constraint token_requests_key check (octet_length(key_hash) = 32),
    -- Of method, path, condition and body.
    digest bytea not null constraint token_requests_digest check (octet_length(digest) = 32),
    begun_at timestamptz not null,
    -- Whoever does it says so until then; by the clock of the database.
    leased_until timestamptz not null,
    status smallint constraint token_requests_status check (status between 200 and 499),
    content_type text,
    etag text,
    location text,
    body bytea,
    constraint token_requests_answered check ((status is null) = (body is null))
);
create unique index token_requests_by_key on token_requests (token_id, key_hash);
create index token_requests_by_age on token_requests (begun_at);

-- The trail says which request of a token a line is of: where a process died before it could keep its answer, nothing is done
-- twice. One request makes one line in a case.
create unique index case_events_by_request on case_events ((data ->> 'request'), case_id) where data ? 'request';

-- The request that nobody can approve with a token, said once more: an approval is a person's.
create function approve_as_person() returns trigger language plpgsql as $$
begin
    if exists (select from staff where id in (new.approved_by, new.drafted_by) and kind <> 'person') then
        raise exception 'only people draft and approve' using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger approvals_by_people before insert on approvals for each row execute function approve_as_person();

-- A service account lets nobody in: the last administrator is the last person who is one.
create or replace function keep_an_admin() returns trigger language plpgsql as $$
begin
    if old.kind = 'person' and old.role = 'admin' and old.disabled_at is null
        and (tg_op = 'DELETE' or new.role <> 'admin' or new.disabled_at is not null) then
        -- Two who demote each other wait here, so that the second sees what the first did.
        perform pg_advisory_xact_lock(hashtextextended('the last administrator', 0));
        if not exists (select from staff
            where kind = 'person' and role = 'admin' and disabled_at is null and id <> old.id) then
            raise exception 'the last administrator stays'
                using errcode = 'check_violation', constraint = 'staff_keep_an_admin';
        end if;
    end if;
    if tg_op = 'DELETE' then
        return old;
    end if;
    return new;
end
$$;
