-- What each row of a case makes in the database (its words to search by, its digest) by functions in PL/pgSQL. They say the same as before; but
-- PostgreSQL plans a function in SQL anew in each transaction, and one in PL/pgSQL once on a connection.
create or replace function fold_text(given text) returns text language plpgsql stable strict set search_path from current as $$
begin
    return regexp_replace(lower(unaccent(normalize(given, nfkc))), '([aou])e', '\1', 'g');
end $$;
create or replace function find_words(given text) returns text[] language plpgsql stable set search_path from current as $$
begin
    return (select coalesce(array_agg(distinct left(word, 100)), '{}')
        from regexp_split_to_table(fold_text(left(given, 200000)),
            '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u303f]+') word
        where word <> '');
end $$;
create or replace function compact_number(given text) returns text language plpgsql stable set search_path from current as $$
declare
    folded text := left(regexp_replace(fold_text(given), '[^a-z0-9]', '', 'g'), 100);
begin
    return case when folded ~ '[0-9]' and length(folded) >= 4 then folded else '' end;
end $$;
create or replace function write_address(address text) returns text language plpgsql stable set search_path from current as $$
declare
    domain text := split_part(address, '@', 2);
begin
    return concat_ws(' ', address, nullif(domain_as_written(domain), lower(domain)));
end $$;
create or replace function keep_found(the_case uuid, the_source text, the_id uuid, given text, numbers text[], has_names boolean)
    returns void language plpgsql set search_path from current as $$
declare
    found_words text[] := find_words(given);
begin
    insert into case_search (case_id, source, source_id, words, names)
    values (the_case, the_source, the_id,
        array_to_tsvector(found_words || array(select number from unnest(numbers) number where number <> '')),
        case when has_names then array_to_string(found_words, ' ') else '' end)
    on conflict (case_id, source, source_id) do update set words = excluded.words, names = excluded.names;
end $$;
create or replace function digest_of(subject text, key text, plain jsonb, personal jsonb, salt bytea) returns bytea
    language plpgsql immutable parallel safe as $$
begin
    return sha256(convert_to(concat_ws(e'\n', subject, key, coalesce(plain::text, 'gone'),
        case when personal <> '{}' then encode(sha256(salt || convert_to(personal::text, 'UTF8')), 'hex') else '' end), 'UTF8'));
end $$;
