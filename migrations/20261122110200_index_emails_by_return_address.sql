-- Bounces come back to the address that an e-mail was sent from, in whatever case mail servers turn it to.
create index emails_by_return_address on emails (lower(envelope_from), created_at);
