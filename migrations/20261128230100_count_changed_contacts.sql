-- A contact whose name or telephone number an import changed is whom staff call: the history tells how many. Null where nobody counted.
alter table import_reports add column contacts_changed integer;
