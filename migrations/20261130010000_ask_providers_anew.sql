-- Whoever comes by a provider and has nothing else is asked there anew before they set a factor up; a token looks whether a factor was shown there.
alter table provider_sign_ins
    -- From this moment on the provider has to have asked who it is; null where it need not ask anew.
    add asked_anew_at timestamptz;

alter table identities
    -- When a second factor was last shown there; null where the last sign-in was without.
    add second_factor_at timestamptz;

-- Sessions that stand say it of those who are signed in now; everybody else says it with their next sign-in.
update identities i set second_factor_at = i.last_used_at
where exists (select from provider_sessions p join sessions s on s.id = p.session_id
    where p.identity_id = i.id and s.second_factor = 'provider');
