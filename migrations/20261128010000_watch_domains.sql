-- A domain has a past: whoever registers a lapsed one of a customer receives its mail. So we remember what its servers were.

create table watched_domains (
    -- As on record, lower case, ASCII.
    domain text not null
        constraint watched_domains_domain_is_canonical check (domain = lower(domain) and domain <> ''),
    -- When the resolvers first agreed on an answer; null: not yet.
    first_seen_at timestamptz,
    -- When they last did.
    answered_at timestamptz,
    -- When they were last asked, whatever they said.
    asked_at timestamptz,
    due_at timestamptz not null,
    -- Since the last clear answer.
    attempts integer not null default 0,
    -- Whether it existed then.
    is_there boolean,
    -- Sorted, as last seen while it existed; null: never seen. One that is gone keeps those of its last look.
    name_servers text[],
    mail_servers text[],
    constraint watched_domains_pkey primary key (domain),
    constraint watched_domains_answered_or_not check (
        (first_seen_at is null) = (answered_at is null) and (answered_at is null) = (is_there is null)
        and (is_there is not true or (name_servers is not null and mail_servers is not null)))
);
create index watched_domains_due on watched_domains (due_at);
create index watched_domains_asked on watched_domains (asked_at);

create table domain_changes (
    id bigint generated always as identity constraint domain_changes_pkey primary key,
    domain text not null constraint domain_changes_of_a_watched_domain references watched_domains (domain),
    -- When it was noticed.
    at timestamptz not null,
    what text not null constraint domain_changes_known
        check (what in ('name_servers', 'mail_servers', 'appeared', 'vanished')),
    -- The servers; name servers where it appeared or vanished.
    before text[] not null,
    after text[] not null
);
create index domain_changes_by_domain on domain_changes (domain, at);
