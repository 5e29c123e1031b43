-- Whoever has a role that a request would change gets a notice: a link to object may name a contact on record, too.
alter table links drop constraint links_voucher_is_somebody;
alter table links add constraint links_voucher_is_somebody check (
    case purpose when 'voucher' then contact_id is not null when 'objection' then true else contact_id is null end);
