-- A case that ends well changes who the contact is. That stands beside what imports say, never in its place, until an import says it, too.
create table contact_changes (
    id bigint generated always as identity constraint contact_changes_pkey primary key,
    case_id uuid not null constraint contact_changes_of_a_case references cases (id),
    entitlement_id uuid not null constraint contact_changes_of_an_entitlement references entitlements (id) on delete cascade,
    role text not null constraint contact_changes_role check (role in ('technical', 'billing', 'both')),
    -- In lower case; null where nobody ever knew it.
    old_email text constraint contact_changes_old_folded check (old_email = lower(trim(old_email)) and old_email <> ''),
    new_name text not null,
    new_email text not null constraint contact_changes_new_folded check (new_email = lower(trim(new_email)) and new_email <> ''),
    at timestamptz not null
);
-- The latest of an entitlement is the one that counts.
create index contact_changes_by_entitlement on contact_changes (entitlement_id, id desc);
create index contact_changes_by_case on contact_changes (case_id);

-- What the last import that spoke of the entitlement's contacts said to it. Once confirmed, it stays so.
create table contact_change_verdicts (
    change_id bigint constraint contact_change_verdicts_pkey primary key
        constraint contact_change_verdicts_of_a_change references contact_changes (id) on delete cascade,
    verdict text not null constraint contact_change_verdicts_known check (verdict in ('confirmed', 'contradicted')),
    at timestamptz not null
);

-- A customer who is erased takes the line along; nobody else changes it.
create trigger contact_changes_keep before update on contact_changes for each row execute function refuse_change();
create trigger contact_changes_never_emptied before truncate on contact_changes
    for each statement execute function refuse_change();

create function keep_contact_change_verdict() returns trigger language plpgsql as $$
begin
    if old.verdict = 'confirmed' or new.change_id <> old.change_id then
        raise exception 'what an import confirmed stays confirmed' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger contact_change_verdicts_keep before update on contact_change_verdicts
    for each row execute function keep_contact_change_verdict();

-- Of each entitlement the latest change, with what an import said to it. A case that is taken up again has changed nothing until it
-- ends so once more.
create view latest_contact_changes as
    select distinct on (c.entitlement_id) c.id, c.case_id, c.entitlement_id, c.role, c.old_email, c.new_name, c.new_email, c.at,
        v.verdict, v.at as verdict_at
    from contact_changes c join cases k on k.id = c.case_id and k.outcome = 'completed'
    left join contact_change_verdicts v on v.change_id = c.id
    order by c.entitlement_id, c.id desc;
