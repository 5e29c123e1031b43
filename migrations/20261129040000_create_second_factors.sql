-- What staff show beside their password, so that a stolen password opens nothing and a stolen session approves nothing.

-- Authenticator apps. The secret lies encrypted under a key that no backup holds, bound to its row.
create table totp_devices (
    id uuid primary key,
    staff_id uuid not null constraint totp_devices_staff references staff (id),
    name text not null constraint totp_devices_name_is_short check (char_length(name) between 1 and 60),
    sealed bytea not null constraint totp_devices_sealed_is_sealed check (octet_length(sealed) = 24 + 20 + 16),
    created_at timestamptz not null,
    -- When its first code was shown; before that it counts for nothing.
    confirmed_at timestamptz,
    -- The time step of the last code that was taken: only a later one is, so no code counts twice.
    last_step bigint not null default 0,
    last_used_at timestamptz
);
create index totp_devices_by_staff on totp_devices (staff_id);

-- A time step that was taken can't be taken back, by nobody.
create function keep_totp_steps() returns trigger language plpgsql as $$
begin
    if new.last_step < old.last_step or new.staff_id <> old.staff_id or new.sealed <> old.sealed
        or (old.confirmed_at is not null and new.confirmed_at is distinct from old.confirmed_at) then
        raise exception 'an authenticator app only goes forward'
            using errcode = 'integrity_constraint_violation', constraint = 'totp_devices_go_forward';
    end if;
    return new;
end $$;
create trigger totp_devices_keep before update on totp_devices for each row execute function keep_totp_steps();

-- Passkeys: the public key, and the counter against copies. Nothing here signs anybody in.
create table passkeys (
    id uuid primary key,
    staff_id uuid not null constraint passkeys_staff references staff (id),
    name text not null constraint passkeys_name_is_short check (char_length(name) between 1 and 60),
    credential_id bytea not null constraint passkeys_one_per_credential unique
        constraint passkeys_credential_id_is_short check (octet_length(credential_id) between 1 and 1023),
    credential jsonb not null,
    created_at timestamptz not null,
    last_used_at timestamptz,
    -- Its counter went back: there may be a copy, so it counts no more.
    refused_at timestamptz
);
create index passkeys_by_staff on passkeys (staff_id);

-- What a browser was asked to sign: short-lived, taken once, bound to the browser by a cookie of which only the hash is here.
create table passkey_ceremonies (
    token_hash bytea primary key constraint passkey_ceremonies_hash check (octet_length(token_hash) = 32),
    purpose text not null constraint passkey_ceremonies_purpose check (purpose in ('sign_in', 'step_up', 'enrolment')),
    -- Whose session asked; nobody's where it is to sign in.
    session_id uuid,
    state jsonb not null,
    expires_at timestamptz not null,
    constraint passkey_ceremonies_are_somebodys check ((purpose = 'sign_in') = (session_id is null))
);
create index passkey_ceremonies_by_end on passkey_ceremonies (expires_at);

-- For who has lost everything else. Keyed hashes: whoever reads the database can't even try.
create table recovery_codes (
    staff_id uuid not null constraint recovery_codes_staff references staff (id),
    tag text not null constraint recovery_codes_tag_is_a_tag check (char_length(tag) = 16),
    created_at timestamptz not null,
    used_at timestamptz,
    primary key (staff_id, tag)
);

-- Between password and second factor: no session, and good for nothing else.
create table pending_sign_ins (
    token_hash bytea primary key constraint pending_sign_ins_hash check (octet_length(token_hash) = 32),
    staff_id uuid not null constraint pending_sign_ins_staff references staff (id),
    began_with text not null constraint pending_sign_ins_begin_in_a_known_way check (began_with in ('password', 'provider')),
    -- Of the password that was right, so that a new one ends it.
    password_digest bytea,
    user_agent text not null,
    tries integer not null default 0,
    expires_at timestamptz not null
);
create index pending_sign_ins_by_staff on pending_sign_ins (staff_id);

-- Wrong codes, over all sessions and processes. What is old is forgotten, so that nobody is locked out for good.
create table second_factor_tries (
    id bigint generated always as identity primary key,
    staff_id uuid not null constraint second_factor_tries_staff references staff (id),
    at timestamptz not null,
    -- With this one the person was told.
    told boolean not null default false
);
create index second_factor_tries_by_staff on second_factor_tries (staff_id, at);

-- From when the days count in which somebody can do without; where it is null, from the beginning of the account.
alter table staff add second_factor_grace_from timestamptz;
update staff set second_factor_grace_from = now();

-- What the approver showed, and when. Null is from before; the trigger refuses it of a new one.
alter table approvals
    add second_factor text
        constraint approvals_second_factor_is_known
        check (second_factor in ('none', 'totp', 'recovery_code', 'passkey', 'provider')),
    add second_factor_at timestamptz,
    add constraint approvals_second_factor_has_a_time
        check ((second_factor is null or second_factor = 'none') = (second_factor_at is null));
alter table approvals alter second_factor set default 'none';

-- Who has a second factor approves with it, whatever the program believes; and with one shown lately.
create function approve_with_second_factor() returns trigger language plpgsql as $$
begin
    if new.second_factor is null then
        raise exception 'an approval says what second factor was shown'
            using errcode = 'integrity_constraint_violation', constraint = 'approvals_say_the_second_factor';
    end if;
    if new.second_factor = 'none'
        and (exists (select from totp_devices where staff_id = new.approved_by and confirmed_at is not null)
            or exists (select from passkeys where staff_id = new.approved_by and refused_at is null)) then
        raise exception 'the approver has a second factor and did not show it'
            using errcode = 'integrity_constraint_violation', constraint = 'approvals_need_the_second_factor';
    end if;
    if new.second_factor_at > new.approved_at or new.second_factor_at < new.approved_at - interval '1 hour' then
        raise exception 'the second factor was not shown lately'
            using errcode = 'integrity_constraint_violation', constraint = 'approvals_second_factor_is_fresh';
    end if;
    return new;
end $$;
create trigger approvals_with_second_factor before insert on approvals
    for each row execute function approve_with_second_factor();
