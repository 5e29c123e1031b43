-- What staff are to look at twice: who changed in the register and when, and which domains take no mail.

-- When an import last changed who the contacts of an entitlement are, or a customer's domains; null: never since they
-- came into the register. A row that is removed leaves no other trace.
alter table entitlements add column contacts_changed_at timestamptz;
alter table customers add column domains_changed_at timestamptz;

create table mail_servers (
    -- As behind the @ of an address: lower case, ASCII.
    domain text primary key check (domain = lower(domain) and domain <> ''),
    -- Null: not asked yet.
    answer text check (answer in ('named', 'none', 'refused', 'unknown')),
    asked_at timestamptz,
    attempts integer not null default 0,
    -- When the name servers are to be asked (again); null: settled.
    due_at timestamptz,
    check ((answer is null) = (asked_at is null))
);
create index mail_servers_due on mail_servers (due_at) where due_at is not null;

-- Who wrote from a domain or from below it: read from its end.
create index escalations_by_requester_domain
    on escalations (reverse(split_part(requester_email, '@', 2)) text_pattern_ops);
create index contacts_by_domain on contacts (reverse(lower(split_part(email, '@', 2))) text_pattern_ops);
