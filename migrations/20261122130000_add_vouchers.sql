-- Another contact on record can be asked to vouch: their link names them, and stops working with their entry.
alter table links add column contact_id uuid;
alter table links drop constraint links_purpose_check;
alter table links add constraint links_purpose_check
    check (purpose in ('confirmation', 'status', 'successor', 'objection', 'voucher'));
alter table links add constraint links_voucher_is_somebody check ((purpose = 'voucher') = (contact_id is not null));
