-- The reseller's own customers, what they are licensed for, and whom Atlassian knows as their contacts.
create table customers (
    id uuid primary key,
    number text not null unique check (number <> ''),
    name text not null check (name <> ''),
    country text,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

create table customer_domains (
    customer_id uuid not null references customers (id) on delete cascade,
    -- Registrable domain, lower case, ASCII (punycode).
    domain text not null check (domain = lower(domain) and domain <> ''),
    primary key (customer_id, domain)
);
create index customer_domains_by_domain on customer_domains (domain);

create table entitlements (
    id uuid primary key,
    customer_id uuid not null references customers (id) on delete cascade,
    sen text unique check (sen ~ '^SEN-L?[0-9]+$'),
    entitlement_number text unique check (entitlement_number ~ '^E(-[0-9A-Z]{3}){4}$'),
    site text check (site = lower(site)),
    product text not null,
    hosting text not null check (hosting in ('data_center', 'cloud', 'cloud_partner_managed')),
    tier text,
    status text not null default 'active',
    starts_on date,
    renews_on date,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check (coalesce(sen, entitlement_number, site) is not null)
);
create index entitlements_by_customer on entitlements (customer_id);
create index entitlements_by_site on entitlements (site) where site is not null;

create table contacts (
    id uuid primary key,
    entitlement_id uuid not null references entitlements (id) on delete cascade,
    role text not null check (role in ('technical', 'billing')),
    name text not null,
    -- As imported; compared in lower case.
    email text not null check (email <> ''),
    phone text,
    is_primary boolean not null default false,
    updated_at timestamptz not null
);
create unique index contacts_once_per_role on contacts (entitlement_id, role, lower(email));
create index contacts_by_email on contacts (lower(email));
