-- The bytes of a letter are forgotten once it is sent, because of the links in it. Whoever asks reads on the page of their case what
-- we wrote to them, also where the letter never arrived: so its words stay, without a link.
create table letter_texts (
    email_id uuid primary key references emails (id) on delete cascade,
    body text not null
);
