-- What else programs can do has scopes of its own, so that no token of before can do more than it could.
alter table staff_tokens
    drop constraint staff_tokens_scopes,
    add constraint staff_tokens_scopes check (cardinality(scopes) between 1 and 11
        and scopes <@ array['cases:read', 'cases:write', 'register:read', 'register:import', 'reports:read', 'mail:read',
            'mail:write', 'blocks:read', 'blocks:write', 'settings:read', 'settings:write']);

-- Who decided about a message that no rule could assign is named in its case's trail where it has one. One that was discarded or
-- answered has none: here it is told by which of their tokens somebody did it.
alter table inbound_emails add column settled_with uuid constraint inbound_emails_settled_with references staff_tokens (id);
