-- One box at the desk finds a case by anything that is known of it: by words (full text) and, for names, with a slip of the
-- fingers (trigrams).
--
-- The index is kept by triggers on the tables that hold the text, so that it is never behind them: what is erased or changed
-- there, by whomever, is so here in the same transaction.
do $$
begin
    create extension if not exists pg_trgm;
    create extension if not exists unaccent;
exception when others then
    raise exception 'the search needs the extensions pg_trgm and unaccent of PostgreSQL, which could not be created: %', sqlerrm
        using hint = 'They come with PostgreSQL''s contrib modules (Debian: in the package of the server). The owner of the database may create them; else a superuser does: create extension pg_trgm; create extension unaccent;';
end $$;

-- As people type without care: no case, no accents, and ä, ae and a the same.
create function fold_text(given text) returns text language sql stable strict set search_path from current as $$
    select regexp_replace(lower(unaccent(normalize(given, nfkc))), '([aou])e', '\1', 'g')
$$;

-- The words of a text, folded, each once. The parser of the full text search would keep addresses and numbers with a hyphen
-- whole. Of a text beyond 200,000 characters, the beginning: no message may be too long to be kept for being found.
create function find_words(given text) returns text[] language sql stable set search_path from current as $$
    select coalesce(array_agg(distinct left(word, 100)), '{}')
    from regexp_split_to_table(fold_text(left(given, 200000)),
        '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u303f]+') word
    where word <> ''
$$;

-- A number without what people put between its parts; empty for what holds no digit.
create function compact_number(given text) returns text language sql stable set search_path from current as $$
    select case when folded ~ '[0-9]' and length(folded) >= 4 then folded else '' end
    from (select left(regexp_replace(fold_text(given), '[^a-z0-9]', '', 'g'), 100) as folded) f
$$;

-- A domain with the letters that people write (RFC 3492); a label that is no such writing stays as it is.
create function domain_as_written(domain text) returns text language plpgsql immutable as $$
declare
    label text;
    labels text[] := '{}';
    points integer[];
    rest text;
    cut integer;
    n integer; i integer; bias integer; before integer; w integer; k integer; t integer; digit integer; delta integer;
begin
    foreach label in array string_to_array(lower(domain), '.') loop
        begin
            if label like 'xn--%' then
                rest := substr(label, 5);
                cut := length(rest) - position('-' in reverse(rest)) + 1;
                points := '{}';
                if position('-' in rest) > 0 then
                    points := array(select ascii(c) from regexp_split_to_table(left(rest, cut - 1), '') with ordinality s(c, at)
                        where c <> '' order by at);
                    rest := substr(rest, cut + 1);
                end if;
                n := 128; i := 0; bias := 72;
                while rest <> '' loop
                    before := i; w := 1; k := 36;
                    loop
                        digit := ascii(rest);
                        digit := case when digit between 97 and 122 then digit - 97 when digit between 48 and 57 then digit - 22 end;
                        if digit is null then raise exception 'not a digit'; end if;
                        rest := substr(rest, 2);
                        i := i + digit * w;
                        t := least(greatest(k - bias, 1), 26);
                        exit when digit < t;
                        if rest = '' then raise exception 'cut short'; end if;
                        w := w * (36 - t);
                        k := k + 36;
                    end loop;
                    cut := cardinality(points) + 1;
                    delta := case when before = 0 then (i - before) / 700 else (i - before) / 2 end;
                    delta := delta + delta / cut;
                    k := 0;
                    while delta > 455 loop
                        delta := delta / 35;
                        k := k + 36;
                    end loop;
                    bias := k + 36 * delta / (delta + 38);
                    n := n + i / cut;
                    i := i % cut;
                    points := points[1:i] || n || points[i + 1:];
                    i := i + 1;
                end loop;
                label := (select string_agg(chr(p), '' order by at) from unnest(points) with ordinality u(p, at));
            end if;
        exception when others then
            null;
        end;
        labels := labels || label;
    end loop;
    return array_to_string(labels, '.');
end $$;

-- An address, and its domain as people write it where that is another.
create function write_address(address text) returns text language sql stable set search_path from current as $$
    select concat_ws(' ', address, nullif(domain_as_written(domain), lower(domain))) from split_part(address, '@', 2) domain
$$;

-- One row for each thing that can be found: where a word stands tells why a case was found.
create table case_search (
    case_id uuid not null,
    source text not null,
    -- The note or message; the case itself for what a case has once.
    source_id uuid not null,
    words tsvector not null,
    -- The same folded, of names and addresses only: for what is spelt a little otherwise.
    names text not null default '',
    primary key (case_id, source, source_id),
    constraint case_search_source_known check (source in ('number', 'customer', 'people', 'licence', 'correction', 'note',
        'inbound', 'letter'))
);
create index case_search_by_source on case_search (source_id);
-- Put in order at once: few rows are written, and a search need not read a list of what is still to be ordered.
create index case_search_words on case_search using gin (words) with (fastupdate = off);
create index case_search_names on case_search using gin (names gin_trgm_ops) with (fastupdate = off) where names <> '';

create function keep_found(the_case uuid, the_source text, the_id uuid, given text, numbers text[], has_names boolean)
    returns void language sql set search_path from current as $$
    insert into case_search (case_id, source, source_id, words, names)
    select the_case, the_source, the_id,
        array_to_tsvector(found || array(select number from unnest(numbers) number where number <> '')),
        case when has_names then array_to_string(found, ' ') else '' end
    from (select find_words(given) as found) f
    on conflict (case_id, source, source_id) do update set words = excluded.words, names = excluded.names
$$;

create function find_case() returns trigger language plpgsql set search_path from current as $$
begin
    perform keep_found(new.id, 'number', new.id, concat_ws(' ', new.number, new.atlassian_ticket),
        array[compact_number(new.number), compact_number(new.atlassian_ticket),
            ltrim(split_part(new.number, '-', 3), '0')], false);
    return null;
end $$;
create trigger cases_found after insert on cases for each row execute function find_case();
create trigger cases_found_again after update on cases for each row
    when (old.number is distinct from new.number or old.atlassian_ticket is distinct from new.atlassian_ticket)
    execute function find_case();

create function find_escalation() returns trigger language plpgsql set search_path from current as $$
begin
    if tg_op = 'DELETE' then
        delete from case_search where case_id = old.case_id and source in ('customer', 'people');
        return null;
    end if;
    perform keep_found(new.case_id, 'customer', new.case_id, concat_ws(' ', new.company, new.customer_number),
        array[compact_number(new.customer_number)], true);
    perform keep_found(new.case_id, 'people', new.case_id,
        concat_ws(' ', new.requester_name, write_address(new.requester_email), new.requester_position, new.departed_name,
            write_address(new.departed_email), new.successor_name, write_address(new.successor_email)),
        array[compact_number(new.requester_phone), compact_number(regexp_replace(new.requester_phone, '^\+49|^0049', '0'))],
        true);
    perform keep_found(new.case_id, 'note', new.case_id, new.explanation, '{}', false);
    return null;
end $$;
create trigger escalations_found after insert or update or delete on escalations for each row execute function find_escalation();

create function find_licences() returns trigger language plpgsql set search_path from current as $$
declare
    the_case uuid := case when tg_op = 'DELETE' then old.case_id else new.case_id end;
    found text[] := array(select value from case_entitlements where case_id = the_case);
begin
    if found = '{}' then
        delete from case_search where case_id = the_case and source = 'licence';
    else
        -- With and without the letters before it.
        perform keep_found(the_case, 'licence', the_case, array_to_string(found, ' '),
            array(select compact_number(value) from unnest(found) value
                union select compact_number(regexp_replace(value, '^(SEN-?L?|E-)', '')) from unnest(found) value), true);
    end if;
    return null;
end $$;
create trigger case_entitlements_found after insert or update or delete on case_entitlements
    for each row execute function find_licences();

create function find_correction() returns trigger language plpgsql set search_path from current as $$
begin
    if tg_op <> 'INSERT' then
        delete from case_search where source_id = old.id and source = 'correction';
    end if;
    if tg_op <> 'DELETE' then
        perform keep_found(new.case_id, 'correction', new.id, new.value, '{}', true);
    end if;
    return null;
end $$;
create trigger corrections_found after insert or update or delete on corrections for each row execute function find_correction();

create function find_note() returns trigger language plpgsql set search_path from current as $$
begin
    if tg_op <> 'INSERT' then
        delete from case_search where source_id = old.id and source = 'note';
    end if;
    if tg_op <> 'DELETE' then
        perform keep_found(new.case_id, 'note', new.id, new.body, '{}', false);
    end if;
    return null;
end $$;
create trigger case_notes_found after insert or update or delete on case_notes for each row execute function find_note();

-- A message counts for the case it is filed with; one that is set aside belongs to none.
create function find_inbound() returns trigger language plpgsql set search_path from current as $$
begin
    if tg_op <> 'INSERT' then
        delete from case_search where source_id = old.id and source = 'inbound';
    end if;
    if tg_op <> 'DELETE' then
        if new.state = 'filed' then
            perform keep_found(new.correlation_id, 'inbound', new.id,
                concat_ws(' ', new.subject, write_address(new.from_address), new.visible_text), '{}', false);
        end if;
    end if;
    return null;
end $$;
create trigger inbound_emails_found after insert or delete on inbound_emails for each row execute function find_inbound();
create trigger inbound_emails_found_again after update on inbound_emails for each row
    when ((old.state, old.correlation_id, old.subject, old.from_address, old.visible_text)
        is distinct from (new.state, new.correlation_id, new.subject, new.from_address, new.visible_text))
    execute function find_inbound();

-- The subject of our own; what they say else is in the case already, or is forgotten once sent.
create function find_letter() returns trigger language plpgsql set search_path from current as $$
begin
    if new.correlation_id is not null then
        perform keep_found(new.correlation_id, 'letter', new.id, concat_ws(' ', new.subject, write_address(new.envelope_to)),
            '{}', false);
    end if;
    return null;
end $$;
create trigger emails_found after insert on emails for each row execute function find_letter();

-- The cases in which every word of `given` stands somewhere, as the beginning of a word, or that have it as a number. With
-- `sources`, only there; `tolerant`, also what is spelt like a name. How rare a word is, the planner can't know; without its
-- last setting it sometimes reads the whole table.
create function search_cases(given text, sources text[], tolerant boolean) returns setof uuid language sql stable
    set search_path from current set pg_trgm.word_similarity_threshold = 0.4 set enable_seqscan = off as $$
    with asked as materialized (select find_words(regexp_replace(given, 'https?://', '', 'i')) as terms,
        compact_number(given) as number)
    select found.case_id
    from (select * from asked, unnest(asked.terms) with ordinality t(term, place)) asking cross join lateral (
        select s.case_id from case_search s
        where s.words @@ ('''' || asking.term || ''':*')::tsquery and (sources is null or s.source = any(sources))
        union all
        select s.case_id from case_search s
        where tolerant and length(asking.term) >= 4 and s.names <> '' and s.names %> asking.term
            and (sources is null or s.source = any(sources))) found
    group by found.case_id
    having count(distinct asking.place) = (select cardinality(terms) from asked)
    union
    select s.case_id from asked join case_search s on s.words @@ ('''' || asked.number || ''':*')::tsquery
    where asked.number <> '' and (sources is null or s.source = any(sources))
$$;

-- What is there already.
insert into case_search (case_id, source, source_id, words)
select id, 'number', id, array_to_tsvector(find_words(concat_ws(' ', number, atlassian_ticket)) || array(
    select n from unnest(array[compact_number(number), compact_number(atlassian_ticket),
        ltrim(split_part(number, '-', 3), '0')]) n where n <> ''))
from cases;
do $$
begin
    perform keep_found(case_id, 'customer', case_id, concat_ws(' ', company, customer_number),
            array[compact_number(customer_number)], true),
        keep_found(case_id, 'people', case_id,
            concat_ws(' ', requester_name, write_address(requester_email), requester_position, departed_name,
                write_address(departed_email), successor_name, write_address(successor_email)),
            array[compact_number(requester_phone), compact_number(regexp_replace(requester_phone, '^\+49|^0049', '0'))], true),
        keep_found(case_id, 'note', case_id, explanation, '{}', false)
    from escalations;
    perform keep_found(case_id, 'licence', case_id, string_agg(value, ' '),
            array_agg(compact_number(value)) || array_agg(compact_number(regexp_replace(value, '^(SEN-?L?|E-)', ''))), true)
    from case_entitlements group by case_id;
    perform keep_found(case_id, 'correction', id, value, '{}', true) from corrections;
    perform keep_found(case_id, 'note', id, body, '{}', false) from case_notes;
    perform keep_found(correlation_id, 'inbound', id, concat_ws(' ', subject, write_address(from_address), visible_text), '{}', false)
    from inbound_emails where state = 'filed';
    perform keep_found(correlation_id, 'letter', id, concat_ws(' ', subject, write_address(envelope_to)), '{}', false)
    from emails where correlation_id is not null;
end $$;
