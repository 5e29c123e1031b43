-- Who took a case out of the house as an evidence pack, and when: noted before they get it.
create table case_exports (
    id bigint generated always as identity primary key,
    case_id uuid not null constraint case_exports_case references cases (id),
    -- Null for the command line, which knows no member of staff.
    staff_id uuid constraint case_exports_staff references staff (id),
    at timestamptz not null,
    -- Without what is somebody's.
    redacted boolean not null,
    -- With the evidence files.
    with_files boolean not null
);
create index case_exports_by_case on case_exports (case_id, at);
create trigger case_exports_append_only before update or delete on case_exports for each row execute function refuse_change();
create trigger case_exports_never_truncated before truncate on case_exports for each statement execute function refuse_change();

call cover_rows('case_exports', 'r.case_id', 'r.id::text', array['staff_id', 'at', 'redacted', 'with_files'], '{}');
