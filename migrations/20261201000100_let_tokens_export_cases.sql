-- A pack holds more of a case than a program reads of it: messages, files, names of staff. So it has a scope of its own.
alter table staff_tokens
    drop constraint staff_tokens_scopes,
    add constraint staff_tokens_scopes check (cardinality(scopes) between 1 and 12
        and scopes <@ array['cases:read', 'cases:write', 'cases:export', 'register:read', 'register:import', 'reports:read', 'mail:read',
            'mail:write', 'blocks:read', 'blocks:write', 'settings:read', 'settings:write']);
