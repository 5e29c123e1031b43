-- A person keeps the filters they use under a name, for themselves or for everybody.
create table saved_views (
    id uuid primary key,
    owner_id uuid not null references staff (id),
    name text not null,
    -- As the program writes it; read by the same filter as any address, and never shown as it stands.
    query text not null,
    shared boolean not null,
    created_at timestamptz not null,
    constraint saved_views_name_short check (name <> '' and length(name) <= 60),
    constraint saved_views_query_short check (length(query) <= 2000),
    constraint saved_views_name_once unique (owner_id, name)
);
create index saved_views_shared on saved_views (name) where shared;
