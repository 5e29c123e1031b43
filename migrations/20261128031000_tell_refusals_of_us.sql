-- A mail server that refuses us, not this one e-mail: the e-mail waits until somebody has mended it.
alter table deliveries drop constraint deliveries_outcome_check;
alter table deliveries add constraint deliveries_outcome_check
    check (outcome in ('sent', 'deferred', 'refused', 'failed', 'cancelled'));
