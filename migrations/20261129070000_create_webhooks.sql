-- Programs of the reseller's own are told what happens to a case: signed messages over HTTP, written in the transaction of the change.
create table webhook_endpoints (
    id uuid primary key,
    name text not null constraint webhook_endpoints_name check (name <> ''),
    -- The host alone, to show: the whole address often holds a secret (Slack's, Jira's), and is sealed.
    host text not null constraint webhook_endpoints_host check (host <> ''),
    address bytea not null,
    secret bytea not null,
    -- Signs beside the new one until the receiver knows that.
    old_secret bytea,
    old_secret_until timestamptz,
    kinds text[] not null constraint webhook_endpoints_kinds check (cardinality(kinds) > 0 and kinds <@ array['case_opened',
        'case_confirmed', 'case_state_changed', 'case_approval_wanted', 'case_sent', 'case_answered', 'case_contested',
        'case_closed']),
    -- Whether names and addresses of people go along.
    personal boolean not null,
    version integer not null constraint webhook_endpoints_version check (version > 0),
    created_at timestamptz not null,
    -- What the receiver did since it last took something.
    failing_since timestamptz,
    last_failure_at timestamptz,
    last_success_at timestamptz,
    -- It said that there is nothing any more (410).
    gone_at timestamptz,
    disabled_at timestamptz,
    disabled_why text constraint webhook_endpoints_why check (disabled_why in ('administrator', 'gone', 'failing')),
    constraint webhook_endpoints_rotated check ((old_secret is null) = (old_secret_until is null)),
    constraint webhook_endpoints_disabled check ((disabled_at is null) = (disabled_why is null))
);

create table webhook_deliveries (
    id bigint generated always as identity primary key,
    endpoint_id uuid not null constraint webhook_deliveries_endpoint references webhook_endpoints (id) on delete cascade,
    -- The same for every endpoint: what a receiver tells duplicates by.
    event_id uuid not null,
    kind text not null,
    case_id uuid constraint webhook_deliveries_case references cases (id),
    -- Frozen: every try sends the same.
    body bytea not null,
    state text not null constraint webhook_deliveries_state check (state in ('queued', 'delivered', 'dead', 'cancelled')),
    attempts integer not null default 0,
    next_attempt_at timestamptz not null,
    claimed_until timestamptz,
    created_at timestamptz not null,
    settled_at timestamptz,
    last_attempt_at timestamptz,
    status smallint,
    response text,
    constraint webhook_deliveries_settled check ((state = 'queued') = (settled_at is null)),
    constraint webhook_deliveries_once unique (endpoint_id, event_id)
);
create index webhook_deliveries_due on webhook_deliveries (endpoint_id, next_attempt_at, id) where state = 'queued';
create index webhook_deliveries_listed on webhook_deliveries (endpoint_id, id desc);
create index webhook_deliveries_old on webhook_deliveries (settled_at) where settled_at is not null;
-- Where a case is deleted, whoever does it must find what goes with it.
create index webhook_deliveries_of_case on webhook_deliveries (case_id) where case_id is not null;
