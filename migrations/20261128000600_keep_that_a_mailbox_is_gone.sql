-- Only a code that a report states about our recipient says that the mailbox is gone; codes about us, or inferred from words, never.
alter table bounces add column mailbox_gone boolean not null default false;
update bounces set mailbox_gone = about_recipient and not temporary
    and statuses && array['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1'];
alter table bounces add constraint bounces_gone_for_good check (not mailbox_gone or (about_recipient and not temporary));
