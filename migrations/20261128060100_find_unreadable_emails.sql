-- An e-mail in a state that nobody knows lies on no shelf; this finds it without a look at all others.
create index emails_unreadable on emails (id) where state not in ('queued', 'sent', 'failed', 'cancelled');
