-- What stands against a case has a limit: fifty other cases, and each kind of objector once. The trail keeps all that was told.
update cases c set state_data = jsonb_set(c.state_data, '{causes}', (
    select jsonb_agg(cause order by at) from (
        select cause, min(at) as at,
            row_number() over (partition by cause ->> 'cause' order by min(at)) as nth
        from jsonb_array_elements(c.state_data -> 'causes') with ordinality as told (cause, at)
        group by cause) as each_once
    where cause ->> 'cause' = 'objection' or nth <= 50))
where c.state = 'contested' and jsonb_array_length(c.state_data -> 'causes') > 3;

alter table cases add constraint cases_contested_within_bounds
    check (state <> 'contested' or jsonb_array_length(state_data -> 'causes') <= 53);
