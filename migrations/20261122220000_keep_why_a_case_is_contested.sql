-- A contested case knows why, and what it was about before. Of those contested until now only the objections are known;
-- after delivery they went back to Atlassian.
update cases c set state_data = c.state_data || jsonb_build_object(
    'causes', coalesce(
        (select jsonb_agg(jsonb_build_object('cause', 'objection', 'by',
             case when k.kind = 'vouch' then 'registered_contact' else 'departed_contact' end) order by k.decided_at)
         from checks k where k.case_id = c.id and k.evidence ->> 'type' in ('objected', 'vouch_refused')),
        '[{"cause": "objection", "by": "staff"}]'),
    'before', case when c.delivered_at is null then '{"place": "verifying"}'::jsonb
        else jsonb_build_object('place', 'with_atlassian', 'since', c.state_data -> 'since', 'no_access', false) end)
where c.state = 'contested' and not c.state_data ? 'causes';

alter table cases add constraint cases_contested_for_a_reason
    check (state <> 'contested' or jsonb_array_length(state_data -> 'causes') > 0);
