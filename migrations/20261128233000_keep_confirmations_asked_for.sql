-- A letter that asks for confirmation and does not come is sent again, its address mended, its end announced: what of that happened.
create table confirmations (
    case_id uuid primary key constraint confirmations_of_a_case references cases (id),
    -- Letters that asked for it, sent or held back, without the reminder; and when the last of them was written.
    letters integer not null constraint confirmations_letters_counted check (letters > 0),
    asked_at timestamptz not null,
    -- How often the address had been mended before.
    mended integer not null constraint confirmations_mended_counted check (mended >= 0),
    -- The case that was opened in the place of this one, with the same answers: at another address, or after its end.
    replaced_by uuid constraint confirmations_replaced_by_a_case references cases (id)
        constraint confirmations_replace_one unique,
    -- When the requester is to be reminded, until that is settled; and when a reminder was written.
    remind_at timestamptz,
    reminded_at timestamptz,
    constraint confirmations_not_by_itself check (replaced_by <> case_id)
);
create index confirmations_to_remind on confirmations (remind_at) where remind_at is not null;

-- The page after the form: it sends again and mends the address, and confirms nothing.
alter table links drop constraint links_purpose_check;
alter table links add constraint links_purpose_check
    check (purpose in ('confirmation', 'status', 'successor', 'objection', 'voucher', 'sent'));

insert into confirmations (case_id, letters, asked_at, mended, remind_at)
-- Whose reminder would be due already gets none: an upgrade writes to nobody.
select id, 1, opened_at, 0, case when due_at - interval '2 days' > now() then due_at - interval '2 days' end
    from cases where state = 'unconfirmed';
