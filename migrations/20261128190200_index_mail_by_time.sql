-- The figures of a day are read at the desk, however many days there were.
create index deliveries_by_time on deliveries (at);
create index bounces_by_time on bounces (at);
