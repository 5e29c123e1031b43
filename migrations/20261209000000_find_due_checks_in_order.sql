-- The check that has been due longest is found without putting all that are due in order: an import makes those of every open case due
-- at one moment. Apart for those that name servers answer. The index by time alone goes, or it would be taken for this.
create index checks_due_in_order on checks ((kind = 'domain_dns'), due_at, case_id) where due_at is not null;
drop index checks_due;
