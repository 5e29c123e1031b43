-- Evidence files that customers and staff put to a case. Their bytes lie here encrypted, in one backup with the case.
create table evidence_files (
    id uuid primary key,
    case_id uuid not null references cases (id),
    -- The member of staff who brought it; null for the requester.
    uploaded_by uuid references staff (id),
    -- As the sender called it, cleaned; gone with the bytes when their time is over.
    name text check (char_length(name) between 1 and 120),
    kind text not null check (kind in ('pdf', 'jpeg', 'png')),
    size bigint not null check (size > 0),
    -- Of the plain bytes; stays when they are deleted.
    sha256 bytea not null check (octet_length(sha256) = 32),
    created_at timestamptz not null,
    -- XChaCha20-Poly1305 with its tag, bound to file and case; the key of this name is in the configuration.
    key_id text,
    nonce bytea check (octet_length(nonce) = 24),
    content bytea,
    deleted_at timestamptz,
    scan text not null check (scan in ('waiting', 'clean', 'infected', 'unscanned')),
    -- What the scanner calls it.
    signature text,
    scanned_at timestamptz,
    scan_attempts integer not null default 0,
    scan_due_at timestamptz,
    check ((content is null) = (deleted_at is not null)),
    check ((content is null) = (key_id is null) and (content is null) = (nonce is null)),
    check (content is null or octet_length(content) = size + 16),
    check ((scan = 'infected') = (signature is not null)),
    check (scan <> 'infected' or content is null),
    check ((scan = 'waiting') = (scanned_at is null)),
    check ((scan = 'waiting' and content is not null) = (scan_due_at is not null))
);
-- Ciphertext does not compress.
alter table evidence_files alter column content set storage external;
create index evidence_files_by_case on evidence_files (case_id, created_at);
create index evidence_files_scan_due on evidence_files (scan_due_at) where scan_due_at is not null;
create index evidence_files_by_key on evidence_files (key_id, id) where content is not null;

-- Who looked at which file. Not in the case's trail: reading changes no case.
create table evidence_downloads (
    id bigint generated always as identity primary key,
    file_id uuid not null references evidence_files (id),
    staff_id uuid not null references staff (id),
    at timestamptz not null
);
create index evidence_downloads_by_file on evidence_downloads (file_id, at);

-- What a file is never changes. Its bytes can be encrypted anew and, once, deleted; a scan has one result.
create function keep_evidence_file() returns trigger language plpgsql as $$
begin
    if (new.id, new.case_id, new.uploaded_by, new.kind, new.size, new.sha256, new.created_at) is distinct from
        (old.id, old.case_id, old.uploaded_by, old.kind, old.size, old.sha256, old.created_at)
        or (new.name is not null and new.name is distinct from old.name)
        or (old.content is null and new.content is not null)
        or (old.scan <> 'waiting' and (new.scan, new.signature, new.scanned_at) is distinct from
            (old.scan, old.signature, old.scanned_at)) then
        raise exception 'an evidence file is kept as it came' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger evidence_files_keep before update on evidence_files for each row execute function keep_evidence_file();
create trigger evidence_files_never_deleted before delete on evidence_files for each row execute function refuse_change();
create trigger evidence_downloads_append_only before update or delete on evidence_downloads
    for each row execute function refuse_change();
