-- Whoever looks for files whose time is over goes past those that are still there, and no longer past all that ever were.
create index evidence_files_kept on evidence_files (case_id) where content is not null or name is not null;
