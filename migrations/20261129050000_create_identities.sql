-- Staff sign in with an identity provider: who is whom there, sign-ins under way, and which sessions end when the provider says so.
create table identities (
    id uuid primary key,
    staff_id uuid not null constraint identities_staff references staff (id) on delete cascade,
    -- The word of the configuration, for people; what counts is the issuer.
    provider text not null,
    issuer text not null,
    -- The provider's own name for somebody, which never changes: an address may be given to somebody else.
    subject text not null constraint identities_subject_is_short check (char_length(subject) between 1 and 255),
    bound_at timestamptz not null,
    last_used_at timestamptz not null,
    -- Tokens that were issued before open nothing any more.
    signed_out_at timestamptz,
    -- The role that the provider's groups say, where it was not taken, as nobody else would administer.
    refused_role text constraint identities_refused_role check (refused_role in ('auditor', 'agent', 'approver')),
    constraint identities_one_account unique (issuer, subject),
    constraint identities_one_for_each_issuer unique (staff_id, issuer)
);
create index identities_refused on identities (id) where refused_role is not null;

-- A sign-in that was begun: taken out when it comes back, once.
create table provider_sign_ins (
    -- SHA-256 of what travels by the provider, and of what the browser keeps: a stolen table finishes no sign-in.
    state_hash bytea primary key constraint provider_sign_ins_state_hash check (octet_length(state_hash) = 32),
    browser_hash bytea not null constraint provider_sign_ins_browser_hash check (octet_length(browser_hash) = 32),
    provider text not null,
    nonce text not null,
    verifier text not null,
    return_to text not null constraint provider_sign_ins_return_to_is_short check (char_length(return_to) <= 2000),
    expires_at timestamptz not null
);
create index provider_sign_ins_by_end on provider_sign_ins (expires_at);

-- Which sessions came by which identity, and what the provider calls its own session.
-- When the provider last asked somebody who they are; what asks for a fresh factor measures from here.
alter table sessions add authenticated_at timestamptz;

create table provider_sessions (
    session_id uuid primary key constraint provider_sessions_session references sessions (id) on delete cascade,
    identity_id uuid not null constraint provider_sessions_identity references identities (id) on delete cascade,
    provider_session text constraint provider_sessions_is_short check (char_length(provider_session) <= 255)
);
create index provider_sessions_by_identity on provider_sessions (identity_id);
create index provider_sessions_by_provider_session on provider_sessions (provider_session);

-- Logout tokens that were used, until they are too old to be believed.
create table used_logout_tokens (
    issuer text not null,
    token_id text not null constraint used_logout_tokens_is_short check (char_length(token_id) <= 255),
    expires_at timestamptz not null,
    constraint used_logout_tokens_once primary key (issuer, token_id)
);
create index used_logout_tokens_by_end on used_logout_tokens (expires_at);
