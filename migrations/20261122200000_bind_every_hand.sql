-- Four eyes count every hand that was ever in a case, and a delivery that can't be passed on waits its turn.
alter table emails add column notice_after timestamptz;

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
            and kind in ('called', 'check_decided', 'check_waived', 'objection_dismissed')) then
        raise exception 'the approver decided a check of this case'
            using errcode = 'integrity_constraint_violation', constraint = 'approvals_four_eyes';
    end if;
    if exists (select from drafts where case_id = new.case_id and author_id = new.approved_by) then
        raise exception 'the approver wrote a draft of this case'
            using errcode = 'integrity_constraint_violation', constraint = 'approvals_four_eyes';
    end if;
    return new;
end $$;
