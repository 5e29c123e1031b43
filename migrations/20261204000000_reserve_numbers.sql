-- A number is given to a request before the case's own transaction begins, so that forms do not come in one after the other: a number
-- whose case is not there yet, or never came to be, says so here.
create table reserved_numbers (
    year integer not null,
    running integer not null constraint reserved_numbers_running check (running > 0),
    -- The request that has it: sent once more, it gets the same number.
    request_id uuid not null,
    at timestamptz not null default now(),
    constraint reserved_numbers_pkey primary key (year, running),
    constraint reserved_numbers_of_a_request unique (request_id, year)
);
