-- A file that a decision was made on keeps its bytes as long as its case is open: a forger takes out nothing that was believed.
create function keep_file_decided_on() returns trigger language plpgsql as $$
begin
    -- What a scanner finds is deleted all the same; what a closed case keeps ends with its time.
    if old.content is not null and new.content is null and new.scan <> 'infected'
        and exists (select from cases where id = new.case_id and state <> 'closed')
        and exists (select from case_events where case_id = new.case_id and kind = 'check_decided'
            and data -> 'files' @> jsonb_build_array(jsonb_build_object('file', new.id))) then
        raise exception 'a decision rests on this evidence file' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger evidence_files_keep_decided_on before update on evidence_files
    for each row execute function keep_file_decided_on();
