-- How often somebody on the customer's side was reminded of what is asked now.
alter table cases add column reminded smallint not null default 0,
    add constraint cases_reminded_counts check (reminded >= 0);
create index cases_to_be_reminded on cases (due_at) where waiting_for in ('customer', 'voucher') and state <> 'unconfirmed';
