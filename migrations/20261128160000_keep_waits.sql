-- A case knows whom it waits for now; how long everybody had it before, and whether each time was kept, is asked afterwards. So
-- each wait is kept, in the transaction of the change that begins or ends it.
create table case_waits (
    case_id uuid not null references cases (id),
    -- The version of the case that began it.
    version integer not null,
    party text not null,
    state text not null,
    since timestamptz not null,
    -- Nothing while it goes on.
    until timestamptz,
    -- Its target as it was when it began; reminders and what is put off do not move it. Nothing where there is none, or it is unknown.
    due_at timestamptz,
    primary key (case_id, version),
    constraint case_waits_party_known check (party in ('us', 'customer', 'departed_contact', 'voucher', 'atlassian', 'nobody')),
    constraint case_waits_end_with_the_case check ((state = 'closed') = (party = 'nobody')),
    -- A machine's clock that goes back must not stop a case: what would end before it began ends where it began.
    constraint case_waits_in_order check (until >= since)
);
create unique index case_waits_running on case_waits (case_id) where until is null;
-- Whether a target was met is known when the wait ends, or when its time is over: whichever comes first.
create index case_waits_by_target on case_waits (least(until, due_at)) where due_at is not null;
create index case_waits_closings on case_waits (since) where state = 'closed';
create index case_waits_reopenings on case_waits (until) where state = 'closed' and until is not null;
create index cases_by_opening on cases (opened_at);
create index cases_open_by_age on cases (state, opened_at) where state <> 'closed';
create index case_events_verdicts on case_events (at) where kind in ('confirmed', 'check_recorded', 'called', 'check_decided',
    'check_waived', 'succession_accepted', 'succession_declined', 'vouched', 'objected');

-- Business time from the beginning of the calendar to an instant: the calendar as arrays, a row for each business day in order, with
-- the seconds of all days before it. The first row lies before everything. What lies between two instants is the difference.
create function business_seconds(at timestamptz, opens timestamptz[], closes timestamptz[], before bigint[]) returns bigint
language sql immutable as $$
    select before[width_bucket(at, opens)]
        + date_part('epoch', least(at, closes[width_bucket(at, opens)]) - opens[width_bucket(at, opens)])::bigint
$$;

-- What there is already: the trail tells when a case came to a state, and most states say who is waited for. Who it was while checks
-- ran, and what the targets were, nobody can tell any more, so that time counts for nobody.
with moves as (
    select e.case_id, e.version, e.seq, e.at, e.data ->> 'to' as state, case
            when e.data ->> 'to' in ('unconfirmed', 'awaiting_customer', 'awaiting_confirmation') then 'customer'
            when e.data ->> 'to' in ('contested', 'verified', 'awaiting_approval', 'submitted') then 'us'
            when e.data ->> 'to' = 'with_atlassian' and e.kind in ('silence_noted', 'no_access_reported') then 'us'
            when e.data ->> 'to' = 'with_atlassian' then 'atlassian'
            when e.data ->> 'to' = 'closed' then 'nobody'
        end as party
    from case_events e
    where e.data ->> 'from' is distinct from e.data ->> 'to' or e.kind in ('silence_noted', 'no_access_reported')
), stays as (
    select *, lead(at) over (partition by case_id order by seq) as next_at from moves
)
insert into case_waits (case_id, version, party, state, since, until)
-- The last stay goes on: `greatest` alone would take no end for an end at once.
select case_id, version, party, state, at, case when next_at is not null then greatest(at, next_at) end
from stays where party is not null;

-- How a case stands now it says itself, as of when it began to wait so.
delete from case_waits w using cases c
    where c.id = w.case_id and w.until is null and (w.state, w.party) <> (c.state, c.waiting_for) and w.since >= c.waiting_since;
update case_waits w set until = c.waiting_since from cases c
    where c.id = w.case_id and w.until is null and (w.state, w.party) <> (c.state, c.waiting_for);
insert into case_waits (case_id, version, party, state, since, due_at)
select c.id, c.version, c.waiting_for, c.state, c.waiting_since, case when c.reminded = 0 then c.due_at end
from cases c where not exists (select from case_waits w where w.case_id = c.id and w.until is null)
on conflict (case_id, version) do update
    set party = excluded.party, state = excluded.state, since = excluded.since, until = null, due_at = excluded.due_at;
update case_waits w set due_at = c.due_at from cases c
    where c.id = w.case_id and w.until is null and w.due_at is null and c.reminded = 0;
