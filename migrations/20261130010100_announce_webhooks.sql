-- Open pages of webhooks change when an endpoint or what becomes of its messages does.
create function announce_webhooks() returns trigger language plpgsql as $$
begin
    -- One word for all that a transaction changes: equal ones are told once.
    perform pg_notify('handover_changes', '');
    return null;
end $$;

create trigger webhook_endpoints_announce after insert or update or delete on webhook_endpoints
    for each statement execute function announce_webhooks();
create trigger webhook_deliveries_announce after update on webhook_deliveries
    for each row when (old.state is distinct from new.state or old.attempts is distinct from new.attempts)
    execute function announce_webhooks();
