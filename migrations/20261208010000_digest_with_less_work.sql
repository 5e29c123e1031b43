-- The digests as before, to the byte, with less work: what a row has is put together without a query, where it was one over the fields
-- for each row that is written; and a digest that may be there is looked for together with its case. One filing writes seven of them.

-- The columns of a row that have a value, as an object. What `jsonb_strip_nulls` does goes deeper than the row, so columns that hold
-- objects are put in by themselves.
create function present_columns(the_table text, the_row text, columns text[]) returns text language sql as $$
    with named as (
        select c.name, c.position, a.atttypid in ('jsonb'::regtype, 'json'::regtype) as is_object
        from unnest(columns) with ordinality c (name, position)
        join pg_attribute a on a.attrelid = the_table::regclass and a.attname = c.name)
    select coalesce(nullif(concat_ws(' || ',
        (select format('jsonb_strip_nulls(jsonb_build_object(%s))',
                string_agg(format('%L, %s.%I', name, the_row, name), ', ' order by position))
         from named where not is_object having count(*) > 0),
        (select string_agg(format('case when coalesce(%1$s.%2$I, ''null'') = ''null'' then ''{}'' else jsonb_build_object(%2$L, %1$s.%2$I) end',
                the_row, name), ' || ' order by position)
         from named where is_object)), ''), '''{}''::jsonb')
$$;

-- What there is of the kind is written anew; rows keep the digests they have.
do $$
declare
    digester regproc;
    definition text;
    named text;
    columns text[];
begin
    for digester in select distinct tgfoid from pg_trigger where tgname like '%\_digested' loop
        definition := pg_get_functiondef(digester);
        for named in select m[1] from regexp_matches(definition, 'jsonb_each\(jsonb_build_object\((.*?)\)\) e where', 'g') m loop
            columns := array(select m[1] from regexp_matches(named, '''(\w+)'', r\.', 'g') m);
            definition := replace(definition,
                format('(select coalesce(jsonb_object_agg(e.key, e.value), ''{}'') from jsonb_each(jsonb_build_object(%s)) e where e.value <> ''null'')',
                    named),
                present_columns(substr(digester::text, length('digest_') + 1), 'r', columns));
        end loop;
        execute definition;
    end loop;
end $$;

create or replace procedure cover_rows(the_table text, the_case text, the_key text, plain text[], personal text[]) language plpgsql as $$
declare
    o_case text := replace(the_case, 'r.', 'o.');
    plain_r text := present_columns(the_table, 'r', plain);
    personal_r text := present_columns(the_table, 'r', personal);
    -- Also where the row goes over to another case.
    covered text := (select string_agg(format('old.%1$I is distinct from new.%1$I', name), ' or ')
        from unnest(plain || personal || array_remove(array[substring(the_case from '^r\.(\w+)$')], null)) name);
begin
    execute format($f$
        create or replace function %1$I() returns trigger language plpgsql set timezone = 'UTC' set bytea_output = 'hex' as $b$
        declare
            r %2$I%%rowtype;
            o %2$I%%rowtype;
            its_case uuid;
            old_case uuid;
        begin
            if tg_op = 'DELETE' then r := old; else r := new; end if;
            its_case := %3$s;
            if tg_op = 'UPDATE' then
                o := old;
                old_case := %4$s;
                if old_case is distinct from its_case and old_case is not null then
                    perform put_case_digest(old_case, %2$L, %5$s, null, '{}');
                end if;
            end if;
            if its_case is null then
                return null;
            elsif tg_op = 'DELETE' then
                perform put_case_digest(its_case, %2$L, %5$s, null, '{}');
            else
                perform put_case_digest(its_case, %2$L, %5$s, %6$s, %7$s);
            end if;
            return null;
        end $b$
        $f$, 'digest_' || the_table, the_table, the_case, o_case, the_key, plain_r, personal_r);
    execute format('create or replace trigger %I after insert or delete on %I for each row execute function %I()',
        the_table || '_digested', the_table, 'digest_' || the_table);
    execute format('create or replace trigger %I after update on %I for each row when (%s) execute function %I()',
        the_table || '_digested_again', the_table, covered, 'digest_' || the_table);
    execute format('select put_case_digest(%s, %L, %s, %s, %s) from %I r where %s is not null',
        the_case, the_table, the_key, plain_r, personal_r, the_table, the_case);
end $$;

-- Only migrations ever called it.
-- contract: unused since 20261201050000
drop function columns_expression(text, text[]);

create or replace function put_case_digest(the_case uuid, the_subject text, the_key text, plain jsonb, personal jsonb)
    returns void language plpgsql as $$
declare
    held case_digests;
    new_salt bytea;
begin
    select d.* into held from cases c
        left join case_digests d on d.case_id = c.id and d.subject = the_subject and d.key = the_key
    where c.id = the_case;
    -- The row outlives its case for the moment in which both are deleted.
    if not found or held.digest = digest_of(the_subject, the_key, plain, personal, held.salt) then
        return;
    end if;
    if personal <> '{}' then
        new_salt := uuid_send(gen_random_uuid());
    end if;
    insert into case_digests (case_id, subject, key, salt, digest)
    values (the_case, the_subject, the_key, new_salt, digest_of(the_subject, the_key, plain, personal, new_salt))
    on conflict (case_id, subject, key) do update
        set salt = excluded.salt, digest = excluded.digest, seq = null, since = excluded.since;
end $$;
