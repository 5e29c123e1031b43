-- Of thousands of cases that a search found, the open ones are picked out without reading those that were closed over the years.
create index cases_open_by_id on cases (id) where state <> 'closed';
