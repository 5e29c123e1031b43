-- Whether a database takes writes can only be told by writing: /health/ready writes this one row anew.
create table probes (
    only_row boolean primary key default true constraint probes_are_one_row check (only_row),
    at timestamptz not null
);
insert into probes (at) values (now());
