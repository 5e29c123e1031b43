-- A newcomer walks a demo case to its end in five minutes: the demo's clock can be put forward, and stays so over a restart.
create table demo_time (
    single boolean primary key default true constraint demo_time_single_check check (single),
    ahead_seconds bigint not null constraint demo_time_forward_check check (ahead_seconds between 0 and 315360000)
);
