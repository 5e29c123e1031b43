-- What an import makes findable, in less than half the time. The inner questions stand for themselves (`offset 0`): drawn into the outer
-- ones, each of their values was worked out wherever it is named, three times and more. And contacts move with an entitlement only
-- where it was there before. What is found is the same.
create or replace function find_entitlements() returns trigger language plpgsql set search_path to '$user', 'public' as $$
begin
    insert into customer_search (customer_id, source, source_id, words, names)
    -- With and without the letters before it.
    select customer_id, 'entitlement', id::text, array_to_tsvector(said || array(
            select n from unnest(numbers || array[regexp_replace(numbers[1], '^senl?', ''), regexp_replace(numbers[2], '^e', '')]) n
            where n <> '')),
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
create or replace function find_contacts() returns trigger language plpgsql set search_path to '$user', 'public' as $$
begin
    insert into customer_search (customer_id, source, source_id, words, names)
    -- With and without the country, as people at home write it.
    select customer_id, 'contact', id::text,
        array_to_tsvector(said || array(select n from unnest(array[called, regexp_replace(called, '^(0049|49)', '0')]) n where n <> '')),
        array_to_string(said, ' ')
    from (select f.id, e.customer_id, compact_number(f.phone) as called, find_words(concat_ws(' ', f.name,
            case when f.email like '%xn--%' then write_address(f.email) else f.email end)) as said
        from fresh f join entitlements e on e.id = f.entitlement_id offset 0) f
    on conflict (customer_id, source, source_id) do update set words = excluded.words, names = excluded.names;
    return null;
end $$;
