-- Atlassian's own key for the matter, learnt from its answers and used in the subjects of follow-ups.
alter table cases add column atlassian_ticket text check (atlassian_ticket ~ '^[A-Z][A-Z0-9]{1,9}-[0-9]{1,10}$');
