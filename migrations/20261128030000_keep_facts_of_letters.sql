-- A letter to Atlassian is made of words of staff and of facts that nobody writes; what staff set right is theirs to answer for.
alter table drafts add column opening text;
alter table drafts add column facts text;
alter table drafts add column closing text;
-- Older drafts are one text.
alter table drafts add constraint drafts_parts_check
    check (num_nulls(opening, facts, closing) in (0, 3));

create table corrections (
    id uuid primary key,
    case_id uuid not null references cases (id),
    what text not null constraint corrections_what_check
        check (what in ('company', 'hosting', 'departed_name', 'departed_role')),
    value text not null constraint corrections_value_check check (value <> ''),
    staff_id uuid not null references staff (id),
    note_id uuid not null references case_notes (id),
    at timestamptz not null
);
create index corrections_by_case on corrections (case_id, what, at desc, id desc);

create or replace function approve_lawfully() returns trigger language plpgsql as $$
begin
    if not exists (select from cases where id = new.case_id and confirmed_at is not null
        and state = 'awaiting_approval') then
        raise exception 'only a confirmed case that awaits approval can be approved'
            using errcode = 'integrity_constraint_violation', constraint = 'approvals_need_awaiting_case';
    end if;
    if exists (select from drafts where id = new.draft_id and voided_at is not null) then
        raise exception 'the draft is void'
            using errcode = 'integrity_constraint_violation', constraint = 'approvals_need_live_draft';
    end if;
    if exists (select from checks where case_id = new.case_id and decided_by = new.approved_by)
        or exists (select from case_events where case_id = new.case_id and staff_id = new.approved_by
            and kind in ('called', 'check_decided', 'check_waived', 'objection_dismissed', 'facts_corrected')) then
        raise exception 'the approver decided a check of this case'
            using errcode = 'integrity_constraint_violation', constraint = 'approvals_four_eyes';
    end if;
    if exists (select from drafts where case_id = new.case_id and author_id = new.approved_by) then
        raise exception 'the approver wrote a draft of this case'
            using errcode = 'integrity_constraint_violation', constraint = 'approvals_four_eyes';
    end if;
    return new;
end $$;
