-- Production must never run on customers, staff and passwords that a demo invented and printed: a database that holds them says so.
create table invented_data (
    single boolean primary key default true constraint invented_data_single_check check (single),
    seeded_at timestamptz not null
);
-- Demos from before this line are known by a customer that is always in them.
insert into invented_data (seeded_at)
select min(created_at) from customers
where number = 'K-10001' and name = 'Nordlicht Maschinenbau GmbH' having count(*) > 0;
