-- A link that stands in a message that came in is known to whoever reads the message: it opens nothing any more.
create table returned_links (
    -- Of a link into a case, or of a letter with what was prepared.
    token_hash bytea primary key constraint returned_links_hash check (octet_length(token_hash) = 32),
    -- The message it came back in.
    inbound_email_id uuid not null constraint returned_links_inbound references inbound_emails (id),
    at timestamptz not null
);
create index returned_links_by_message on returned_links (inbound_email_id);
create trigger returned_links_append_only before update or delete on returned_links
    for each row execute function refuse_change();

-- No case comes of what was prepared by a link that others could read.
create function complete_by_secret_link() returns trigger language plpgsql as $$
begin
    if new.completed_by is not null and old.completed_by is null
        and exists (select from returned_links where token_hash = new.completed_by) then
        raise exception 'the link came back to us' using errcode = 'integrity_constraint_violation',
            constraint = 'prepared_requests_completed_by_secret';
    end if;
    return new;
end $$;
create trigger prepared_requests_complete_by_secret before update on prepared_requests
    for each row execute function complete_by_secret_link();

-- Nor is such a link given more time, whatever writes it.
create function keep_returned_link_ended() returns trigger language plpgsql as $$
begin
    if new.expires_at > old.expires_at and exists (select from returned_links where token_hash = new.token_hash) then
        raise exception 'the link came back to us' using errcode = 'integrity_constraint_violation',
            constraint = 'links_returned_stay_ended';
    end if;
    return new;
end $$;
create trigger links_returned_stay_ended before update on links
    for each row execute function keep_returned_link_ended();
