-- Letters that strangers cause are counted over all kinds, by mailbox and by domain, and also where they were held back: a
-- wave of them is to be seen.
alter table form_letters alter column network drop not null;
-- A keyed hash; null at public mail providers.
alter table form_letters add column domain text;
alter table form_letters add column held boolean not null default false;
alter table form_letters alter column held drop default;
create index form_letters_by_domain on form_letters (domain) where domain is not null;
