-- Who had us write to which mailbox by the public form lately, so that nobody is flooded and nobody shut out. Keyed
-- hashes, kept for a day.
create table form_letters (
    mailbox text not null,
    network text not null,
    at timestamptz not null
);
create index form_letters_by_mailbox on form_letters (mailbox);
create index form_letters_by_age on form_letters (at);
