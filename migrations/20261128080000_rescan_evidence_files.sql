-- A file that came before there was a scanner waits for one that came later: the one way back that a scan's result has.
create or replace function keep_evidence_file() returns trigger language plpgsql as $$
begin
    if (new.id, new.case_id, new.uploaded_by, new.kind, new.size, new.sha256, new.created_at) is distinct from
        (old.id, old.case_id, old.uploaded_by, old.kind, old.size, old.sha256, old.created_at)
        or (new.name is not null and new.name is distinct from old.name)
        or (old.content is null and new.content is not null)
        or (old.scan <> 'waiting' and (new.scan, new.signature, new.scanned_at) is distinct from
                (old.scan, old.signature, old.scanned_at)
            and not (old.scan = 'unscanned' and new.scan = 'waiting')) then
        raise exception 'an evidence file is kept as it came' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
