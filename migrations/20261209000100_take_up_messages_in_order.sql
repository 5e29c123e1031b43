-- However many messages wait to be read, the next one is found without putting them in order.
create index inbound_emails_to_read on inbound_emails (attempts, received_at, id) where state = 'stored';
