-- How somebody signed in, and with what second factor, so that each session can be listed, ended by itself and asked for more.
alter table sessions
    add id uuid not null default gen_random_uuid() constraint sessions_have_one_id unique,
    add signed_in_with text not null default 'password'
        constraint sessions_begin_in_a_known_way check (signed_in_with in ('password', 'passkey', 'provider')),
    add second_factor text
        constraint sessions_second_factor_is_known check (second_factor in ('totp', 'recovery_code', 'passkey', 'provider')),
    -- When it was last shown; what asks for a fresh one measures from here.
    add second_factor_at timestamptz,
    -- As the browser calls itself; for its owner to tell machines apart, believed by nobody.
    add user_agent text not null default '' constraint sessions_user_agent_is_short check (char_length(user_agent) <= 200),
    add constraint sessions_second_factor_has_a_time check ((second_factor is null) = (second_factor_at is null));

-- Who was invited, or comes by an identity provider or a passkey alone, has no password.
alter table staff alter password_hash drop not null;
