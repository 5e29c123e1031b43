-- What passed by a domain is asked anew once the list of parents that strangers share is another one: by an upgrade, or by
-- the configuration. Null: never compared, as after this migration.
alter table upkeep add column shared_domains_digest bytea;
