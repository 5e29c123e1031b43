-- Whose clock is five minutes ahead asked about what another one was asking about: a claim is measured by the database's clock.

alter table mail_servers add column claimed_until timestamptz;
alter table watched_domains add column claimed_until timestamptz;
