-- Programs are replaced one after the other: an older one that starts once more must know whether it works upon a newer schema.
create table schema_promise (
    -- There is one row, once a program has migrated.
    one boolean constraint schema_promise_pkey primary key default true constraint schema_promise_one check (one),
    -- The oldest schema, by its last migration, whose programs work upon this one.
    oldest bigint not null
);
