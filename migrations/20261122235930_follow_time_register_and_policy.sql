-- Open cases are weighed anew when a verdict expires, when the register changes and when the policy does.
alter table cases add column weigh_at timestamptz;
update cases set weigh_at = now() where state in ('verified', 'awaiting_approval') and delivered_at is null;
create index cases_to_weigh on cases (weigh_at) where weigh_at is not null;

-- What each import changed: by what entitlements are or were found, and registrable domains.
create table register_imports (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    entitlements text[] not null,
    domains text[] not null
);

-- How far open cases have followed; a single row.
create table upkeep (
    single boolean primary key default true check (single),
    register_import bigint not null default 0,
    policy_digest bytea check (octet_length(policy_digest) = 32)
);
insert into upkeep default values;
