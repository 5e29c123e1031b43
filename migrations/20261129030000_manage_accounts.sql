-- Administrators manage accounts at the desk: whom they invited, who forgot a password, and that there is always one of them.
alter table staff add last_signed_in_at timestamptz;

create table staff_invitations (
    id uuid primary key,
    email text not null constraint staff_invitations_email check (email = lower(email)),
    role text not null constraint staff_invitations_role check (role in ('auditor', 'agent', 'approver', 'admin')),
    language text not null constraint staff_invitations_language check (language in ('de', 'en')),
    -- SHA-256 of the secret of the link: a stolen table lets nobody in. Sent again, another one takes its place.
    token_hash bytea not null constraint staff_invitations_token check (octet_length(token_hash) = 32)
        constraint staff_invitations_one_token unique,
    -- None, where the command line invited.
    invited_by uuid constraint staff_invitations_inviter references staff (id),
    created_at timestamptz not null,
    sent_at timestamptz not null,
    -- The mail that carries the link.
    email_id uuid constraint staff_invitations_mail references emails (id),
    expires_at timestamptz not null,
    ended_at timestamptz,
    -- Who came of it; none where it was withdrawn.
    staff_id uuid constraint staff_invitations_staff references staff (id),
    constraint staff_invitations_end check (staff_id is null or ended_at is not null)
);
create unique index staff_invitations_open on staff_invitations (email) where ended_at is null;

create table password_resets (
    id uuid primary key,
    -- As it was typed, until the worker has looked whose it is: whoever asks learns nothing, not even by the time it takes.
    email text,
    -- Where it was asked for, hashed under our secret and cut short.
    network integer not null,
    asked_at timestamptz not null,
    staff_id uuid constraint password_resets_staff references staff (id) on delete cascade,
    token_hash bytea constraint password_resets_token check (octet_length(token_hash) = 32)
        constraint password_resets_one_token unique,
    expires_at timestamptz,
    used_at timestamptz,
    constraint password_resets_state check ((email is null) = (token_hash is not null)),
    constraint password_resets_whole check ((token_hash is null) = (expires_at is null) and (token_hash is null) = (staff_id is null))
);
create index staff_by_name on staff ((disabled_at is not null), name, id);
create index staff_invitations_by_time on staff_invitations (created_at, id) where ended_at is null;
create index password_resets_by_network on password_resets (network, asked_at);
create index password_resets_open on password_resets (asked_at) where email is not null;
create index password_resets_by_staff on password_resets (staff_id, asked_at);

-- Wrong tries to sign in, for all processes and beyond their end.
create table sign_in_limits (
    -- What is counted by, hashed under our secret and cut to 18 bits: neither address nor network can be read from it, and the
    -- table can't grow beyond three times 2^18 rows, whoever tries.
    key integer primary key,
    kind text not null constraint sign_in_limits_kind check (kind in ('account', 'network', 'device')),
    failures integer not null constraint sign_in_limits_failures check (failures > 0),
    failed_at timestamptz not null,
    -- No try before.
    free_at timestamptz not null
);
create index sign_in_limits_by_time on sign_in_limits (failed_at);

-- One is forgotten every quarter of an hour, of a network, where many people mistype, every minute.
create function tries_remembered(kind text, failures integer, failed_at timestamptz, at timestamptz) returns integer
    language sql immutable parallel safe as $$
    select greatest(0, failures - floor(greatest(0, extract(epoch from at - failed_at)) / case kind when 'network' then 60 else 900 end))::integer
$$;

-- At any time after the first few, then a second later, and twice as long with each, up to a quarter of an hour. "At any time" is
-- no moment: of tries at once, the clock of one is behind that of another.
create function free_after_tries(kind text, failures integer, free integer, at timestamptz) returns timestamptz
    language sql immutable parallel safe as $$
    select case when failures < f.most then '-infinity'::timestamptz
        else at + make_interval(secs => least(900, power(2, least(failures - f.most, 20)))) end
    from (select case kind when 'network' then 2 * free else free end as most) f
$$;

create function keep_an_admin() returns trigger language plpgsql as $$
begin
    if old.role = 'admin' and old.disabled_at is null
        and (tg_op = 'DELETE' or new.role <> 'admin' or new.disabled_at is not null) then
        -- Two who demote each other wait here, so that the second sees what the first did.
        perform pg_advisory_xact_lock(hashtextextended('the last administrator', 0));
        if not exists (select from staff where role = 'admin' and disabled_at is null and id <> old.id) then
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
create trigger staff_keep_an_admin before update of role, disabled_at or delete on staff
    for each row execute function keep_an_admin();
