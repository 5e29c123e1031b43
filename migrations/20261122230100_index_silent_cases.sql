-- The worker looks for cases in which Atlassian is due to have answered.
create index cases_awaiting_atlassian on cases (due_at) where state = 'with_atlassian' and waiting_for = 'atlassian';
