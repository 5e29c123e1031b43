-- Who may work the desk, and their signed-in browsers.
create table staff (
    id uuid primary key,
    email text not null check (email = lower(email)),
    name text not null check (name <> ''),
    role text not null check (role in ('auditor', 'agent', 'approver', 'admin')),
    -- Argon2id, PHC string.
    password_hash text not null check (password_hash like '$argon2id$%'),
    language text not null default 'de' check (language in ('de', 'en')),
    created_at timestamptz not null,
    disabled_at timestamptz
);
create unique index staff_by_email on staff (email);

create table sessions (
    -- SHA-256 of the cookie's token: a stolen table opens no session.
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    staff_id uuid not null references staff (id) on delete cascade,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at timestamptz not null
);
create index sessions_by_staff on sessions (staff_id);
