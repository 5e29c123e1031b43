-- The checks of a case that ended wait for nothing. As long as they stayed due, whoever looked for the next one went past those of all
-- cases that ever ended. When they were due stays known: a case that is opened again goes on where it was. In the database, since
-- an older program ends and reopens cases beside this one.
alter table checks add column due_at_if_reopened timestamptz;

create function rest_checks() returns trigger language plpgsql as $$
begin
    if new.state = 'closed' then
        update checks set due_at_if_reopened = due_at, due_at = null where case_id = new.id and due_at is not null;
    else
        update checks set due_at = coalesce(due_at, due_at_if_reopened), due_at_if_reopened = null
            where case_id = new.id and due_at_if_reopened is not null;
    end if;
    return null;
end $$;

create trigger checks_rest after update of state on cases for each row
    when ((old.state = 'closed') <> (new.state = 'closed')) execute function rest_checks();

update checks k set due_at_if_reopened = k.due_at, due_at = null
    from cases c where c.id = k.case_id and c.state = 'closed' and k.due_at is not null;
