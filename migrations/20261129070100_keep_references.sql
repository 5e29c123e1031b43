-- How the reseller's own system calls a case, so that it is found by that, too.
alter table cases add column reference text constraint cases_reference check (reference <> '');

create or replace function find_case() returns trigger language plpgsql set search_path from current as $$
begin
    perform keep_found(new.id, 'number', new.id, concat_ws(' ', new.number, new.atlassian_ticket, new.reference),
        array[compact_number(new.number), compact_number(new.atlassian_ticket), compact_number(new.reference),
            ltrim(split_part(new.number, '-', 3), '0')], false);
    return null;
end $$;
drop trigger cases_found_again on cases;
create trigger cases_found_again after update on cases for each row
    when ((old.number, old.atlassian_ticket, old.reference) is distinct from (new.number, new.atlassian_ticket, new.reference))
    execute function find_case();
