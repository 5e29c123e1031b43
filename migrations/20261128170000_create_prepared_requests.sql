-- Staff write down what a caller says, and the customer completes and sends it: until then it is no case, only a row of its own.
create table prepared_requests (
    id uuid primary key,
    prepared_by uuid not null constraint prepared_requests_prepared_by references staff (id),
    prepared_at timestamptz not null,
    language text not null constraint prepared_requests_language check (language in ('de', 'en')),
    -- Whom the letters go to, and what staff wrote, by the fields of the form; forgotten some time after the end.
    requester_email text,
    fields jsonb,
    -- The message it was prepared from.
    inbound_email_id uuid constraint prepared_requests_inbound references inbound_emails (id),
    expires_at timestamptz not null,
    withdrawn_at timestamptz,
    withdrawn_by uuid constraint prepared_requests_withdrawn_by references staff (id),
    -- The link by which the customer sent it, and the case that this made.
    completed_by bytea,
    completed_at timestamptz,
    case_id uuid constraint prepared_requests_case references cases (id),
    erased_at timestamptz,
    constraint prepared_requests_one_case unique (case_id),
    constraint prepared_requests_withdrawn check ((withdrawn_at is null) = (withdrawn_by is null)),
    -- A case comes of it by a link alone, once, in time, and not after it was withdrawn.
    constraint prepared_requests_completed check ((case_id is null) = (completed_by is null)
        and (case_id is null) = (completed_at is null) and (case_id is null or withdrawn_at is null)
        and completed_at < expires_at),
    constraint prepared_requests_erased check ((erased_at is not null) = (requester_email is null)
        and (erased_at is not null) = (fields is null))
);
create index prepared_requests_by_time on prepared_requests (prepared_at desc, id desc);
create index prepared_requests_kept on prepared_requests (expires_at) where erased_at is null;
create index prepared_requests_by_inbound on prepared_requests (inbound_email_id) where inbound_email_id is not null;

-- Each letter carries a link of its own. Staff never see one: the bytes of a letter are forgotten once it is sent.
create table prepared_letters (
    -- SHA-256 of the token in the address.
    token_hash bytea primary key constraint prepared_letters_hash check (octet_length(token_hash) = 32),
    prepared_id uuid not null constraint prepared_letters_request references prepared_requests (id),
    email_id uuid not null constraint prepared_letters_email references emails (id),
    sent_by uuid not null constraint prepared_letters_sent_by references staff (id),
    at timestamptz not null,
    constraint prepared_letters_of_request unique (token_hash, prepared_id)
);
create index prepared_letters_by_request on prepared_letters (prepared_id, at desc);
create index prepared_letters_by_staff on prepared_letters (sent_by, at);
alter table prepared_requests add constraint prepared_requests_completed_by_link
    foreign key (completed_by, id) references prepared_letters (token_hash, prepared_id);

-- What staff wrote stays as it was, or is forgotten; what ended does not begin again; and whoever prepared it is a hand in the case.
create function keep_prepared_request() returns trigger language plpgsql as $$
begin
    if (new.id, new.prepared_by, new.prepared_at, new.language, new.inbound_email_id) is distinct from
        (old.id, old.prepared_by, old.prepared_at, old.language, old.inbound_email_id)
        or (new.fields is not null and new.fields is distinct from old.fields)
        or (new.requester_email is not null and new.requester_email is distinct from old.requester_email)
        or (old.case_id is not null and (new.case_id, new.completed_by, new.completed_at, new.expires_at)
            is distinct from (old.case_id, old.completed_by, old.completed_at, old.expires_at))
        or (old.withdrawn_at is not null and (new.withdrawn_at, new.expires_at)
            is distinct from (old.withdrawn_at, old.expires_at)) then
        raise exception 'what was prepared stays as it was' using errcode = 'integrity_constraint_violation';
    end if;
    if new.case_id is not null and not exists (select from case_events where case_id = new.case_id
        and kind = 'prepared' and staff_id = new.prepared_by) then
        raise exception 'the trail does not say who prepared the case'
            using errcode = 'integrity_constraint_violation', constraint = 'prepared_requests_in_trail';
    end if;
    return new;
end $$;
create trigger prepared_requests_keep before update on prepared_requests
    for each row execute function keep_prepared_request();
create trigger prepared_requests_never_deleted before delete on prepared_requests
    for each row execute function refuse_change();
create trigger prepared_letters_append_only before update or delete on prepared_letters
    for each row execute function refuse_change();

-- An inbound message that belongs to no case, answered with the way to the form: once per message. Whom it went to is a keyed
-- hash, to be told once within some days.
create table form_answers (
    inbound_email_id uuid primary key constraint form_answers_inbound references inbound_emails (id),
    mailbox text not null,
    email_id uuid not null constraint form_answers_email references emails (id),
    staff_id uuid not null constraint form_answers_staff references staff (id),
    at timestamptz not null
);
create index form_answers_by_mailbox on form_answers (mailbox, at);
create index form_answers_by_staff on form_answers (staff_id, at);
create index form_answers_by_time on form_answers (at desc);

alter table inbound_emails drop constraint inbound_emails_state_check;
alter table inbound_emails add constraint inbound_emails_state_check
    check (state in ('stored', 'filed', 'quarantined', 'discarded', 'parked', 'answered'));

-- Whoever wrote the request down is a hand in the case, like whoever set a fact right.
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
            and kind in ('called', 'check_decided', 'check_waived', 'objection_dismissed', 'facts_corrected', 'prepared')) then
        raise exception 'the approver decided a check of this case'
            using errcode = 'integrity_constraint_violation', constraint = 'approvals_four_eyes';
    end if;
    if exists (select from drafts where case_id = new.case_id and author_id = new.approved_by) then
        raise exception 'the approver wrote a draft of this case'
            using errcode = 'integrity_constraint_violation', constraint = 'approvals_four_eyes';
    end if;
    return new;
end $$;

-- As in the migration before, with that hand.
create or replace function cases_that_need(person uuid, at timestamptz) returns table (case_id uuid)
language sql stable as $$
    select c.id from cases c cross join staff me
    where me.id = person and me.disabled_at is null and me.role <> 'auditor' and c.state <> 'closed'
        and ((c.owner_id is null or c.owner_id = me.id
                or exists (select from staff o where o.id = c.owner_id and (o.disabled_at is not null or o.role = 'auditor')))
                and (c.news_since is not null
                    or c.state <> 'awaiting_approval' and (c.waiting_for = 'us' or c.due_at < at))
            or c.state = 'awaiting_approval' and me.role in ('approver', 'admin')
                and not exists (select from drafts d where d.case_id = c.id and d.author_id = me.id)
                and not exists (select from case_events e where e.case_id = c.id and e.staff_id = me.id and e.kind in
                    ('called', 'check_decided', 'check_waived', 'objection_dismissed', 'facts_corrected', 'prepared')))
$$;
