-- Open pages of the desk change when what they show does; and they say who else looks at a case.

-- Whoever changes what the desk shows need not know that anybody is looking. The payload is the case, or empty.
create function announce_case() returns trigger language plpgsql as $$
begin
    perform pg_notify('handover_changes', new.id::text);
    return null;
end $$;

create trigger cases_announce_insert after insert on cases
    for each row execute function announce_case();
create trigger cases_announce_update after update on cases
    for each row when (old.version is distinct from new.version) execute function announce_case();

create function announce_mail() returns trigger language plpgsql as $$
begin
    perform pg_notify('handover_changes', coalesce(new.correlation_id::text, ''));
    return null;
end $$;

create trigger emails_announce after update on emails
    for each row when (old.state is distinct from new.state) execute function announce_mail();
create trigger inbound_emails_announce after update on inbound_emails
    for each row when (old.state is distinct from new.state) execute function announce_mail();

-- One row for each open page; the time is the database's, as several processes write it.
create table case_watchers (
    page uuid primary key,
    case_id uuid not null constraint case_watchers_case references cases (id) on delete cascade,
    staff_id uuid not null constraint case_watchers_staff references staff (id),
    seen_until timestamptz not null
);
create index case_watchers_of_a_case on case_watchers (case_id, seen_until);
