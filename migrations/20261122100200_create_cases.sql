-- The aggregate: a case with its escalation, checks, drafts, approvals and its append-only trail.
create table case_numbers (
    year integer primary key,
    last integer not null
);

create table cases (
    id uuid primary key,
    number text not null unique check (number ~ '^HO-[0-9]{4}-[0-9]{5,}$'),
    -- The form's own key: a double submission finds the case it made.
    request_id uuid not null unique,
    -- Grows by one with each change; what a page was built from is checked against it.
    version integer not null check (version > 0),
    state text not null check (state in ('unconfirmed', 'verifying', 'awaiting_customer', 'contested', 'verified',
        'awaiting_approval', 'submitted', 'with_atlassian', 'awaiting_confirmation', 'closed')),
    -- The state with the data of that place, as the code writes it.
    state_data jsonb not null check (state_data ->> 'state' = state),
    waiting_for text not null check (waiting_for in ('us', 'customer', 'departed_contact', 'atlassian', 'nobody')),
    outcome text check (outcome in ('completed', 'self_service', 'rejected', 'withdrawn', 'expired', 'duplicate',
        'declined_by_atlassian')),
    owner_id uuid references staff (id),
    due_at timestamptz,
    renews_on date,
    opened_at timestamptz not null,
    confirmed_at timestamptz,
    -- When a request of this case first reached Atlassian.
    delivered_at timestamptz,
    changed_at timestamptz not null,
    -- The end of the trail, so that a cut-off tail shows.
    event_count integer not null,
    event_hash bytea not null check (octet_length(event_hash) = 32),
    check ((state = 'closed') = (outcome is not null)),
    check ((state = 'closed') = (waiting_for = 'nobody')),
    -- Nothing goes on without the requester's confirmation, except an end.
    check (confirmed_at is not null or state in ('unconfirmed', 'closed'))
);
create index cases_queue on cases (due_at nulls last, number) where state <> 'closed';
create index cases_expiring on cases (due_at) where state = 'unconfirmed';

create table escalations (
    case_id uuid primary key references cases (id),
    language text not null check (language in ('de', 'en')),
    requester_name text not null,
    requester_email text not null,
    requester_phone text,
    requester_position text,
    company text not null,
    customer_number text,
    hosting text not null check (hosting in ('data_center', 'cloud', 'cloud_partner_managed')),
    departed_name text not null,
    departed_email text not null,
    departed_on date,
    contact_role text not null check (contact_role in ('technical', 'billing', 'both')),
    successor_is_requester boolean not null,
    successor_name text not null,
    successor_email text not null,
    explanation text not null
);
create index escalations_by_requester on escalations (lower(requester_email));

create table case_entitlements (
    case_id uuid not null references cases (id),
    position smallint not null,
    kind text not null check (kind in ('sen', 'entitlement_number', 'site')),
    value text not null,
    primary key (case_id, position),
    unique (case_id, value)
);
create index case_entitlements_by_value on case_entitlements (value);

create table case_notes (
    id uuid primary key,
    case_id uuid not null references cases (id),
    kind text not null check (kind in ('note', 'question', 'answer', 'reason', 'objection', 'atlassian_answer')),
    staff_id uuid references staff (id),
    body text not null check (body <> ''),
    created_at timestamptz not null
);
create index case_notes_by_case on case_notes (case_id, created_at);

create table checks (
    case_id uuid not null references cases (id),
    kind text not null check (kind in ('requester_email', 'entitlement', 'recorded_contact', 'domain_register',
        'domain_dns', 'departed_notice', 'successor', 'vouch', 'callback', 'document')),
    verdict text not null check (verdict in ('pending', 'passed', 'failed', 'inconclusive', 'waived')),
    evidence jsonb not null,
    decided_by uuid references staff (id),
    decided_at timestamptz,
    expires_at timestamptz,
    -- When the check is to be run (again) by itself.
    due_at timestamptz,
    attempts integer not null default 0,
    primary key (case_id, kind),
    check ((verdict = 'pending') = (decided_at is null)),
    check (verdict <> 'waived' or decided_by is not null),
    check (kind not in ('callback', 'document') or verdict = 'pending' or decided_by is not null)
);
create index checks_due on checks (due_at) where due_at is not null;

create table links (
    -- SHA-256 of the token in the address.
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    case_id uuid not null references cases (id),
    purpose text not null check (purpose in ('confirmation', 'status', 'successor', 'objection')),
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index links_by_case on links (case_id);

create table drafts (
    id uuid primary key,
    case_id uuid not null references cases (id),
    revision integer not null check (revision > 0),
    author_id uuid not null references staff (id),
    recipient text not null,
    subject text not null,
    body text not null,
    message_id text not null unique,
    -- The whole message as it would go out, composed once.
    raw bytea not null,
    digest bytea not null check (digest = sha256(raw)),
    -- Digest over the checks the draft rests on.
    evidence_digest bytea not null check (octet_length(evidence_digest) = 32),
    created_at timestamptz not null,
    voided_at timestamptz,
    unique (case_id, revision),
    unique (id, case_id, digest, evidence_digest, author_id)
);
create unique index drafts_one_live_per_case on drafts (case_id) where voided_at is null;

-- Four eyes, said again by the database: the approver neither wrote the draft nor decided a check of the case.
create table approvals (
    id uuid primary key,
    case_id uuid not null references cases (id),
    draft_id uuid not null unique,
    digest bytea not null,
    evidence_digest bytea not null,
    drafted_by uuid not null references staff (id),
    approved_by uuid not null references staff (id),
    approved_at timestamptz not null,
    constraint approvals_four_eyes check (approved_by <> drafted_by),
    foreign key (draft_id, case_id, digest, evidence_digest, drafted_by)
        references drafts (id, case_id, digest, evidence_digest, author_id),
    unique (id, digest)
);

create table case_events (
    case_id uuid not null references cases (id),
    seq integer not null check (seq > 0),
    -- The version of the case that this event made.
    version integer not null,
    at timestamptz not null,
    actor text not null check (actor in ('requester', 'successor', 'departed_contact', 'registered_contact', 'staff',
        'atlassian', 'system')),
    staff_id uuid references staff (id),
    kind text not null,
    data jsonb not null,
    previous_hash bytea not null check (octet_length(previous_hash) = 32),
    hash bytea not null check (octet_length(hash) = 32),
    primary key (case_id, seq),
    check ((actor = 'staff') = (staff_id is not null))
);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;

create trigger case_events_append_only before update or delete on case_events
    for each row execute function refuse_change();
create trigger case_events_never_truncated before truncate on case_events
    for each statement execute function refuse_change();
create trigger escalations_never_change before update on escalations
    for each row execute function refuse_change();
create trigger approvals_append_only before update or delete on approvals
    for each row execute function refuse_change();

-- A draft's words never change; it can only be voided, once.
create function keep_draft() returns trigger language plpgsql as $$
begin
    if old.voided_at is not null or new.voided_at is null
        or to_jsonb(new) - 'voided_at' <> to_jsonb(old) - 'voided_at' then
        raise exception 'a draft can only be voided' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger drafts_keep before update on drafts for each row execute function keep_draft();
create trigger drafts_never_deleted before delete on drafts for each row execute function refuse_change();

create function approve_lawfully() returns trigger language plpgsql as $$
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
    if exists (select from checks where case_id = new.case_id and decided_by = new.approved_by) then
        raise exception 'the approver decided a check of this case'
            using errcode = 'integrity_constraint_violation', constraint = 'approvals_four_eyes';
    end if;
    return new;
end $$;
create trigger approvals_lawful before insert on approvals for each row execute function approve_lawfully();
