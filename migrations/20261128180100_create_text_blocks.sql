-- Staff write the same sentences again and again: text blocks in both languages. Every change is a new version; none is deleted.
create table text_blocks (
    id uuid primary key,
    kind text not null constraint text_blocks_kind check (kind in ('question', 'rejection', 'follow_up', 'note')),
    created_at timestamptz not null,
    -- No longer offered.
    retired_at timestamptz
);
create trigger text_blocks_never_deleted before delete on text_blocks
    for each row execute function refuse_change();

create table text_block_versions (
    id uuid primary key,
    block_id uuid not null constraint text_block_versions_block references text_blocks (id),
    version integer not null constraint text_block_versions_version check (version > 0),
    title_de text not null constraint text_block_versions_title_de check (title_de <> ''),
    title_en text not null constraint text_block_versions_title_en check (title_en <> ''),
    -- What goes to Atlassian is English only.
    body_de text constraint text_block_versions_body_de check (body_de <> ''),
    body_en text not null constraint text_block_versions_body_en check (body_en <> ''),
    author_id uuid constraint text_block_versions_author references staff (id),
    created_at timestamptz not null,
    constraint text_block_versions_once unique (block_id, version)
);
create trigger text_block_versions_append_only before update or delete on text_block_versions
    for each row execute function refuse_change();
create trigger text_block_versions_never_truncated before truncate on text_block_versions
    for each statement execute function refuse_change();

-- The version that a question, or what a requester was told of a rejection, began with.
alter table case_notes add column block_version_id uuid
    constraint case_notes_block_version references text_block_versions (id);
