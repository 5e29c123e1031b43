-- Who asks why a customer's contacts are what they are must find which file said so: what each import did is kept, from now on.
--
-- `register_imports` holds what claims may have rested on, for those who compare; an import that changed nothing is not in it.
create table import_reports (
    id bigint generated always as identity constraint import_reports_pkey primary key,
    at timestamptz not null,
    -- The account of the operating system that ran it; empty where nobody said.
    ran_by text not null,
    -- Without its folder; empty where nobody said.
    file_name text not null,
    file_digest bytea not null constraint import_reports_digest_is_sha256 check (octet_length(file_digest) = 32),
    lines integer not null,
    customers_added integer not null,
    customers_changed integer not null,
    customers_unchanged integer not null,
    entitlements_added integer not null,
    entitlements_changed integer not null,
    entitlements_unchanged integer not null,
    contacts_added integer not null,
    contacts_removed integer not null,
    domains_added integer not null,
    domains_removed integer not null,
    refused integer not null,
    -- The first of the lines that were refused, [{line, key, …}]: where and why, never what stood there.
    refusals jsonb not null constraint import_reports_refusals_are_a_list check (jsonb_typeof(refusals) = 'array')
);

-- Whose customer, entitlements or contacts it added or changed.
create table import_customers (
    import_id bigint not null constraint import_customers_of_a_report references import_reports (id),
    customer_id uuid not null constraint import_customers_of_a_customer references customers (id) on delete cascade,
    constraint import_customers_pkey primary key (customer_id, import_id)
);
create index import_customers_by_import on import_customers (import_id, customer_id);

create trigger import_reports_append_only before update or delete on import_reports
    for each row execute function refuse_change();
create trigger import_reports_never_emptied before truncate on import_reports
    for each statement execute function refuse_change();
-- A customer who is erased takes the line along; nobody else does, and it is put on nobody else's account.
create trigger import_customers_keep before update on import_customers
    for each row execute function refuse_change();
create trigger import_customers_never_emptied before truncate on import_customers
    for each statement execute function refuse_change();
