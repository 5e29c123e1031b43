//! What the services write: THE list, a line for each table. Whoever adds a table, or a statement that writes other columns,
//! says so here; `tests/it/privileges.rs` holds the list against the catalog and against every statement of the program.
//!
//! A table that is only ever added to, and a column that is not named, is out of reach for whoever takes over the services.
//! Reading is allowed everywhere.

/// What may be done to one table, besides reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Writes {
    pub inserts: bool,
    pub updates: Columns,
    pub deletes: bool,
}

/// Which columns may be changed. With one of them rows can be locked, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    None,
    Named(&'static [&'static str]),
    All,
}

/// Nothing but reading.
const READ: Writes = Writes { inserts: false, updates: Columns::None, deletes: false };
/// Rows come and stay as they are.
const GROWS: Writes = Writes { inserts: true, ..READ };
/// Rows come, change and stay.
const KEPT: Writes = Writes { updates: Columns::All, ..GROWS };
/// Rows come and go as they are.
const PASSES: Writes = Writes { deletes: true, ..GROWS };
/// Rows come, change and go: what the program only notes for itself, or takes from elsewhere.
const WORKING: Writes = Writes { deletes: true, ..KEPT };

impl Writes {
    /// Of what is there these columns alone may be changed.
    const fn changing(self, columns: &'static [&'static str]) -> Self {
        Self { updates: Columns::Named(columns), ..self }
    }
}

/// Functions that do with their owner's rights (`security definer`) what the services may not do themselves, each through one
/// narrow door, and that the services call by name. What triggers call needs no entry.
pub const DOORS: &[&str] = &["delete_case"];

/// Every table, beneath whose writer it is.
pub const TABLES: &[(&str, Writes)] = &[
    // administration
    ("administration_events", GROWS),
    ("administration_chain", READ.changing(&["event_count", "event_hash"])),
    ("text_blocks", GROWS.changing(&["retired_at"])),
    ("text_block_versions", GROWS),
    (
        "erasure_requests",
        GROWS.changing(&[
            "state",
            "address",
            "reason",
            "ended_at",
            "salt",
            "address_hash",
            "outcome",
            "looked_at_import",
            "returned_at",
        ]),
    ),
    ("erasure_consents", GROWS),
    ("retention_runs", GROWS.changing(&["due_at", "forgotten", "ran_at"])),
    // casework: the case
    ("case_numbers", GROWS.changing(&["last"])),
    ("reserved_numbers", PASSES),
    (
        "cases",
        GROWS.changing(&[
            "version",
            "state",
            "state_data",
            "waiting_for",
            "waiting_since",
            "outcome",
            "owner_id",
            "due_at",
            "due_told_for",
            "renews_on",
            "confirmed_at",
            "delivered_at",
            "changed_at",
            "event_count",
            "event_hash",
            "atlassian_ticket",
            "reference",
            "news_since",
            "news_needs_us",
            "reminded",
            "weigh_at",
            "erased",
        ]),
    ),
    ("case_events", GROWS),
    // By triggers; the next line of the trail takes them.
    ("case_digests", GROWS.changing(&["salt", "digest", "seq", "since"])),
    ("case_waits", GROWS.changing(&["due_at", "until"])),
    ("case_notes", GROWS.changing(&["body"])),
    ("case_entitlements", GROWS),
    // By triggers alone; whatever stands in it can be made anew.
    ("case_search", WORKING),
    (
        "escalations",
        GROWS.changing(&[
            "requester_name",
            "requester_email",
            "requester_phone",
            "requester_position",
            "company",
            "customer_number",
            "departed_name",
            "departed_email",
            "departed_on",
            "successor_name",
            "successor_email",
            "explanation",
        ]),
    ),
    ("address_corrections", GROWS.changing(&["email"])),
    ("corrections", GROWS.changing(&["value"])),
    (
        "checks",
        GROWS.changing(&[
            "verdict",
            "evidence",
            "decided_by",
            "decided_at",
            "expires_at",
            "due_at",
            "due_at_if_reopened",
            "attempts",
        ]),
    ),
    ("contact_changes", GROWS.changing(&["old_email", "new_name", "new_email"])),
    // What is personal of a case changes to erased values, and only once a line says so: triggers see to it.
    ("case_erasures", GROWS),
    // By the door alone.
    ("case_tombstones", READ),
    // casework: the way to Atlassian
    (
        "drafts",
        GROWS.changing(&["voided_at", "recipient", "subject", "body", "opening", "facts", "closing", "raw"]),
    ),
    ("approvals", GROWS),
    ("letter_texts", PASSES.changing(&["body"])),
    // casework: the customer's side
    ("links", GROWS.changing(&["case_id", "expires_at"])),
    ("returned_links", GROWS),
    (
        "confirmations",
        GROWS.changing(&["letters", "asked_at", "mended", "remind_at", "reminded_at", "replaced_by"]),
    ),
    (
        "prepared_requests",
        GROWS.changing(&[
            "case_id",
            "completed_at",
            "completed_by",
            "withdrawn_at",
            "withdrawn_by",
            "expires_at",
            "erased_at",
            "fields",
            "requester_email",
        ]),
    ),
    ("prepared_letters", GROWS),
    ("form_answers", GROWS.changing(&["mailbox"])),
    ("form_letters", WORKING),
    // casework: what runs by itself
    ("upkeep", READ.changing(&["policy_digest", "register_import", "shared_domains_digest"])),
    ("staff_notices", WORKING),
    // mail
    (
        "emails",
        GROWS.changing(&[
            "state",
            "attempts",
            "next_attempt_at",
            "claimed_until",
            "settled_at",
            "noticed_at",
            "notice_after",
            "raw",
            "seen_at",
            "seen_by",
            "replaced_by",
            "envelope_to",
            "subject",
            // Marked by a bounce.
            "returned",
        ]),
    ),
    ("deliveries", GROWS.changing(&["response"])),
    ("bounces", GROWS),
    (
        "inbound_emails",
        GROWS.changing(&[
            "state",
            "attempts",
            "claimed_until",
            "settled_at",
            "settled_by",
            "settled_with",
            "kind",
            "reason",
            "note",
            "sender",
            "suggestion",
            "correlation_id",
            "answers_email_id",
            "message_id",
            "from_address",
            "subject",
            "visible_text",
            "remarks",
            "attachments",
            "raw",
            "client_ip",
            "helo",
            "envelope_from",
        ]),
    ),
    ("inbound_downloads", GROWS),
    ("mailboxes", KEPT),
    ("unfetched_messages", WORKING),
    // migrations
    ("schema_promise", READ),
    // intake, demo, web
    ("guide_answers", GROWS.changing(&["times"])),
    ("invented_data", GROWS),
    ("demo_time", GROWS.changing(&["ahead_seconds"])),
    ("probes", READ.changing(&["at"])),
    // staff: who somebody is never changes
    ("staff", GROWS.changing(&["role", "password_hash", "language", "disabled_at", "last_signed_in_at"])),
    (
        "staff_invitations",
        PASSES.changing(&[
            "token_hash",
            "sent_at",
            "expires_at",
            "email_id",
            "ended_at",
            "staff_id",
            "email",
        ]),
    ),
    ("staff_tokens", GROWS.changing(&["last_used_at", "ended_at"])),
    ("token_requests", WORKING),
    ("identities", PASSES.changing(&["last_used_at", "refused_role", "second_factor_at", "signed_out_at"])),
    ("totp_devices", PASSES.changing(&["confirmed_at", "last_step", "last_used_at"])),
    ("passkeys", PASSES.changing(&["credential", "last_used_at", "refused_at"])),
    ("passkey_ceremonies", PASSES),
    ("recovery_codes", PASSES.changing(&["used_at"])),
    ("second_factor_tries", PASSES.changing(&["told"])),
    ("sessions", WORKING),
    ("pending_sign_ins", WORKING),
    ("password_resets", WORKING),
    ("sign_in_limits", WORKING),
    ("provider_sign_ins", PASSES),
    ("provider_sessions", GROWS),
    ("used_logout_tokens", PASSES),
    // desk
    ("staff_notice_settings", KEPT),
    ("saved_views", WORKING),
    ("case_watchers", WORKING),
    // register: a copy of what is kept elsewhere, and what each import did to it
    ("customers", KEPT),
    ("customer_domains", PASSES),
    ("entitlements", KEPT),
    ("contacts", WORKING),
    ("register_imports", GROWS),
    ("import_reports", GROWS),
    ("import_customers", GROWS),
    ("contact_change_verdicts", GROWS.changing(&["verdict", "at"])),
    ("customer_search", WORKING),
    // verification
    ("mail_servers", WORKING),
    ("watched_domains", KEPT),
    ("domain_changes", GROWS),
    // yearly
    ("contact_questions", GROWS.changing(&["answer", "answered_at", "mailbox"])),
    ("contact_question_entitlements", GROWS),
    ("contact_question_pace", READ.changing(&["next_at"])),
    ("unsubscribed_mailboxes", GROWS),
    // transparency: the log over the ends of all chains
    ("log_keys", GROWS),
    ("log_leaves", GROWS),
    ("log_nodes", GROWS),
    ("log_heads", GROWS),
    ("log_stamps", GROWS),
    ("log_end", READ.changing(&["tree_size"])),
    (
        "log_outlets",
        READ.changing(&[
            "tree_size",
            "done_at",
            "attempts",
            "next_attempt_at",
            "failing_since",
            "last_error",
        ]),
    ),
    // By triggers, as chains grow.
    ("log_pending", PASSES.changing(&["at"])),
    // evidence
    (
        "evidence_files",
        GROWS.changing(&[
            "name",
            "key_id",
            "nonce",
            "content",
            "deleted_at",
            "scan",
            "signature",
            "scanned_at",
            "scan_attempts",
            "scan_due_at",
        ]),
    ),
    ("evidence_downloads", GROWS),
    ("case_exports", GROWS),
    // webhooks
    ("webhook_endpoints", WORKING),
    ("webhook_deliveries", WORKING),
];
