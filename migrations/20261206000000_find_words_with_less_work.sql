-- What is searched for is worked out for each row that is written, so it is worked out without a query of its own: by functions that
-- PL/pgSQL evaluates in place. The words are the same, in another order.

create or replace function fold_text(given text) returns text language plpgsql stable strict set search_path = '$user', public as $$
begin
    -- Letters without accents have no other form.
    if octet_length(given) = length(given) then
        return regexp_replace(lower(given), '([aou])e', '\1', 'g');
    end if;
    return regexp_replace(lower(unaccent(normalize(given, nfkc))), '([aou])e', '\1', 'g');
end $$;

create or replace function find_words(given text) returns text[] language plpgsql stable set search_path = '$user', public as $$
declare
    folded text := fold_text(left(given, 200000));
begin
    if folded is null then
        return '{}';
    end if;
    -- What is longer than anybody searches for.
    if length(folded) > 100 then
        folded := regexp_replace(folded,
            '([^\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u303f]{100})[^\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u303f]+',
            '\1', 'g');
    end if;
    -- As a vector and back: each once.
    return tsvector_to_array(array_to_tsvector(array_remove(string_to_array(regexp_replace(folded,
        '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u303f]+', ' ', 'g'), ' '), '')));
end $$;

create or replace function compact_number(given text) returns text language plpgsql stable set search_path = '$user', public as $$
declare
    folded text;
begin
    if given is null then
        return '';
    end if;
    folded := left(regexp_replace(fold_text(given), '[^a-z0-9]', '', 'g'), 100);
    return case when folded ~ '[0-9]' and length(folded) >= 4 then folded else '' end;
end $$;

create or replace function keep_found(the_case uuid, the_source text, the_id uuid, given text, numbers text[], has_names boolean)
returns void language plpgsql set search_path = '$user', public as $$
declare
    found_words text[] := find_words(given);
begin
    insert into case_search (case_id, source, source_id, words, names)
    values (the_case, the_source, the_id, array_to_tsvector(found_words || array_remove(numbers, '')),
        case when has_names then array_to_string(found_words, ' ') else '' end)
    on conflict (case_id, source, source_id) do update set words = excluded.words, names = excluded.names;
end $$;

create or replace function find_customers() returns trigger language plpgsql set search_path = '$user', public as $$
begin
    insert into customer_search (customer_id, source, source_id, words, names)
    select id, 'customer', id::text, array_to_tsvector(said || array_remove(array[compact_number(number)], '')), array_to_string(said, ' ')
    from (select f.*, find_words(concat_ws(' ', name, number, country)) as said from fresh f offset 0) f
    on conflict (customer_id, source, source_id) do update set words = excluded.words, names = excluded.names;
    return null;
end $$;

create or replace function find_customer_domains() returns trigger language plpgsql set search_path = '$user', public as $$
begin
    insert into customer_search (customer_id, source, source_id, words, names)
    select customer_id, 'domain', domain, array_to_tsvector(said), array_to_string(said, ' ')
    from (select f.*, find_words(concat_ws(' ', domain,
            case when domain like '%xn--%' then domain_as_written(domain) end)) as said from fresh f offset 0) f
    on conflict (customer_id, source, source_id) do nothing;
    return null;
end $$;

create or replace function find_entitlements() returns trigger language plpgsql set search_path = '$user', public as $$
begin
    insert into customer_search (customer_id, source, source_id, words, names)
    -- With and without the letters before it.
    select customer_id, 'entitlement', id::text,
        array_to_tsvector(said || array_remove(numbers || array[regexp_replace(numbers[1], '^senl?', ''), regexp_replace(numbers[2], '^e', '')], '')),
        array_to_string(said, ' ')
    from (select f.*, array[compact_number(sen), compact_number(entitlement_number), compact_number(site)] as numbers,
            find_words(concat_ws(' ', sen, entitlement_number, site, product)) as said
        from fresh f offset 0) f
    on conflict (customer_id, source, source_id) do update set words = excluded.words, names = excluded.names;
    if tg_op = 'UPDATE' then
        -- Its contacts move with it.
        update customer_search s set customer_id = f.customer_id
        from fresh f join contacts k on k.entitlement_id = f.id
        where s.source = 'contact' and s.source_id = k.id::text and s.customer_id <> f.customer_id;
    end if;
    return null;
end $$;

create or replace function find_contacts() returns trigger language plpgsql set search_path = '$user', public as $$
begin
    insert into customer_search (customer_id, source, source_id, words, names)
    -- With and without the country, as people at home write it.
    select customer_id, 'contact', id::text,
        array_to_tsvector(said || array_remove(array[called, regexp_replace(called, '^(0049|49)', '0')], '')), array_to_string(said, ' ')
    from (select f.id, e.customer_id, compact_number(f.phone) as called, find_words(concat_ws(' ', f.name,
            case when f.email like '%xn--%' then write_address(f.email) else f.email end)) as said
        from fresh f join entitlements e on e.id = f.entitlement_id offset 0) f
    on conflict (customer_id, source, source_id) do update set words = excluded.words, names = excluded.names;
    return null;
end $$;

create or replace function write_address(address text) returns text language plpgsql stable set search_path = '$user', public as $$
begin
    if position('xn--' in lower(address)) = 0 then
        return address;
    end if;
    return concat_ws(' ', address, nullif(domain_as_written(split_part(address, '@', 2)), lower(split_part(address, '@', 2))));
end $$;
