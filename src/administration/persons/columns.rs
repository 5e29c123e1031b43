//! Which columns can hold what is about somebody: one entry for each table and each column of text, JSON, bytes or words of it.
//!
//! A test holds this against the schema: a column without an entry is one that nobody would look at for whoever asks what is kept of
//! them. What a column holds says how it is searched, what of it goes into a copy, and what is other people's in it.

/// What a column holds of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// Words of ours, numbers, digests, secrets, names of companies, domains and licences: nobody is found by it.
    Nobody,
    /// An address alone. Searched as each spelling of a mailbox.
    Address,
    /// Prose, names, numbers: may mention anybody. Searched.
    Words,
    /// JSON that may mention anybody. Searched as text.
    Json,
    /// The bytes of an e-mail. Searched as they are and with every part decoded.
    Message,
    /// Bytes that are text. Searched.
    Bytes,
    /// Is about whom the row belongs to and names nobody: found by the row.
    Own,
    /// Encrypted, or the bytes of a file: found by the row that it stands in, searched by nobody.
    Sealed,
    /// Made of other columns by triggers: goes with them.
    Derived,
    /// A hash of a mailbox: compared.
    Hash,
}

/// One person of several that a row may be about: what says who, and what else in the row is about them.
#[derive(Clone, Copy, Debug)]
pub struct Somebody {
    pub address: &'static str,
    pub name: Option<&'static str>,
    pub phone: Option<&'static str>,
    pub more: &'static [&'static str],
}

/// What a row belongs to that names nobody itself.
#[derive(Clone, Copy, Debug)]
pub struct Tie {
    pub column: &'static str,
    pub table: &'static str,
    /// There.
    pub key: &'static str,
}

#[derive(Clone, Copy, Debug)]
pub struct Table {
    pub name: &'static str,
    /// The row's key as text; `r` is the row.
    pub key: &'static str,
    /// Which case the row belongs to, if it does.
    pub case: Option<&'static str>,
    pub columns: &'static [(&'static str, Held)],
    pub people: &'static [Somebody],
    pub tie: Option<Tie>,
}

use Held::{Address, Bytes, Derived, Hash, Json, Message, Nobody, Own, Sealed, Words};

const fn table(name: &'static str, columns: &'static [(&'static str, Held)]) -> Table {
    Table { name, key: "r.id::text", case: None, columns, people: &[], tie: None }
}

const fn of_case(table: Table) -> Table {
    Table { case: Some("r.case_id"), ..table }
}

const fn keyed(key: &'static str, table: Table) -> Table {
    Table { key, ..table }
}

const fn about(people: &'static [Somebody], table: Table) -> Table {
    Table { people, ..table }
}

const fn tied(column: &'static str, to: &'static str, key: &'static str, table: Table) -> Table {
    Table { tie: Some(Tie { column, table: to, key }), ..table }
}

const fn of_letter(table: Table) -> Table {
    Table {
        case: Some("(select e.correlation_id from emails e where e.id = r.email_id)"),
        tie: Some(Tie { column: "email_id", table: "emails", key: "id" }),
        ..table
    }
}

const fn who(address: &'static str) -> Somebody {
    Somebody { address, name: None, phone: None, more: &[] }
}

const fn called(name: &'static str, somebody: Somebody) -> Somebody {
    Somebody { name: Some(name), ..somebody }
}

/// Where somebody can stand.
pub const TABLES: &[Table] = &[
    keyed(
        "r.case_id::text",
        of_case(about(
            &[
                Somebody {
                    address: "requester_email",
                    name: Some("requester_name"),
                    phone: Some("requester_phone"),
                    more: &["requester_position"],
                },
                Somebody { more: &["departed_on"], ..called("departed_name", who("departed_email")) },
                called("successor_name", who("successor_email")),
            ],
            table(
                "escalations",
                &[
                    ("language", Nobody),
                    ("requester_name", Words),
                    ("requester_email", Address),
                    ("requester_phone", Words),
                    ("requester_position", Words),
                    ("company", Words),
                    ("customer_number", Words),
                    ("hosting", Nobody),
                    ("departed_name", Words),
                    ("departed_email", Address),
                    ("contact_role", Nobody),
                    ("successor_name", Words),
                    ("successor_email", Address),
                    ("explanation", Words),
                ],
            ),
        )),
    ),
    // Without its case, a row says little: when it was opened, how it stands.
    Table {
        case: Some("r.id"),
        ..tied(
            "id",
            "escalations",
            "case_id",
            table(
                "cases",
                &[
                    ("number", Nobody),
                    ("state", Nobody),
                    ("state_data", Nobody),
                    ("waiting_for", Nobody),
                    ("outcome", Nobody),
                    ("event_hash", Nobody),
                    ("atlassian_ticket", Nobody),
                    ("reference", Nobody),
                    ("erased", Nobody),
                ],
            ),
        )
    },
    of_case(about(&[who("email")], table("address_corrections", &[("whose", Nobody), ("email", Address)]))),
    of_case(table("corrections", &[("what", Nobody), ("value", Words)])),
    of_case(table("case_notes", &[("kind", Nobody), ("body", Words)])),
    keyed(
        "concat(r.case_id, ' ', r.kind)",
        of_case(table("checks", &[("kind", Nobody), ("verdict", Nobody), ("evidence", Json)])),
    ),
    of_case(table(
        "drafts",
        &[
            ("recipient", Words),
            ("subject", Words),
            ("body", Words),
            ("message_id", Nobody),
            ("raw", Message),
            ("digest", Nobody),
            ("evidence_digest", Nobody),
            ("opening", Words),
            ("facts", Words),
            ("closing", Words),
        ],
    )),
    of_case(tied(
        "case_id",
        "escalations",
        "case_id",
        table(
            "evidence_files",
            &[
                ("name", Words),
                ("kind", Nobody),
                ("sha256", Nobody),
                ("key_id", Nobody),
                ("nonce", Nobody),
                ("content", Sealed),
                ("scan", Nobody),
                ("signature", Nobody),
            ],
        ),
    )),
    Table {
        case: Some("r.correlation_id"),
        ..about(
            &[who("envelope_to")],
            table(
                "emails",
                &[
                    ("audience", Nobody),
                    ("traceparent", Nobody),
                    ("notification", Nobody),
                    ("message_id", Nobody),
                    // Ours, with the id of the e-mail.
                    ("envelope_from", Nobody),
                    ("envelope_to", Address),
                    ("subject", Words),
                    ("language", Nobody),
                    ("raw", Message),
                    ("digest", Nobody),
                    ("state", Nobody),
                    ("code_tag", Nobody),
                ],
            ),
        )
    },
    keyed("r.email_id::text", of_letter(table("letter_texts", &[("body", Words)]))),
    // Mail servers repeat the address.
    of_letter(table("deliveries", &[("outcome", Nobody), ("response", Words)])),
    Table {
        case: Some("r.correlation_id"),
        ..about(
            &[Somebody {
                more: &["client_ip", "helo", "envelope_from", "message_id"],
                ..who("from_address")
            }],
            table(
                "inbound_emails",
                &[
                    ("content_hash", Nobody),
                    ("source", Nobody),
                    ("raw", Message),
                    ("state", Nobody),
                    ("reason", Nobody),
                    ("kind", Nobody),
                    ("message_id", Words),
                    ("from_address", Address),
                    ("subject", Words),
                    ("visible_text", Words),
                    ("sender", Nobody),
                    ("suggestion", Nobody),
                    ("note", Words),
                    ("client_ip", Own),
                    ("helo", Words),
                    ("envelope_from", Address),
                    ("remarks", Nobody),
                    ("attachments", Json),
                ],
            ),
        )
    },
    about(
        &[Somebody { phone: Some("phone"), ..called("name", who("email")) }],
        table("contacts", &[("role", Nobody), ("name", Words), ("email", Address), ("phone", Words)]),
    ),
    of_case(about(
        &[who("old_email"), called("new_name", who("new_email"))],
        table(
            "contact_changes",
            &[("role", Nobody), ("old_email", Address), ("new_name", Words), ("new_email", Address)],
        ),
    )),
    about(
        &[who("mailbox")],
        table("contact_questions", &[("token_hash", Nobody), ("mailbox", Address), ("answer", Nobody)]),
    ),
    keyed("encode(r.mailbox_hash, 'hex')", table("unsubscribed_mailboxes", &[("mailbox_hash", Hash)])),
    Table {
        case: Some("r.case_id"),
        ..about(
            &[who("requester_email")],
            table(
                "prepared_requests",
                &[
                    ("language", Nobody),
                    ("requester_email", Address),
                    ("fields", Json),
                    ("completed_by", Nobody),
                ],
            ),
        )
    },
    about(
        &[called("name", who("email"))],
        table(
            "staff",
            &[
                ("email", Address),
                ("name", Words),
                ("role", Nobody),
                ("password_hash", Nobody),
                ("language", Nobody),
                ("kind", Nobody),
            ],
        ),
    ),
    about(
        &[who("email")],
        table(
            "staff_invitations",
            &[("email", Address), ("role", Nobody), ("language", Nobody), ("token_hash", Nobody)],
        ),
    ),
    about(&[who("email")], table("password_resets", &[("email", Address), ("token_hash", Nobody)])),
    tied(
        "staff_id",
        "staff",
        "id",
        table(
            "sessions",
            &[
                ("token_hash", Nobody),
                ("signed_in_with", Nobody),
                ("second_factor", Nobody),
                ("user_agent", Own),
            ],
        ),
    ),
    tied(
        "staff_id",
        "staff",
        "id",
        table(
            "identities",
            &[("provider", Nobody), ("issuer", Nobody), ("subject", Own), ("refused_role", Nobody)],
        ),
    ),
    tied(
        "staff_id",
        "staff",
        "id",
        table("passkeys", &[("name", Own), ("credential_id", Nobody), ("credential", Nobody)]),
    ),
    tied("staff_id", "staff", "id", table("totp_devices", &[("name", Own), ("sealed", Sealed)])),
    tied(
        "staff_id",
        "staff",
        "id",
        table("staff_tokens", &[("name", Words), ("token_hash", Nobody), ("scopes", Nobody)]),
    ),
    tied("owner_id", "staff", "id", table("saved_views", &[("name", Words), ("query", Words)])),
    keyed(
        "encode(r.token_hash, 'hex')",
        tied(
            "staff_id",
            "staff",
            "id",
            table(
                "pending_sign_ins",
                &[
                    ("token_hash", Nobody),
                    ("began_with", Nobody),
                    ("password_digest", Nobody),
                    ("user_agent", Own),
                ],
            ),
        ),
    ),
    table(
        "text_block_versions",
        &[("title_de", Words), ("title_en", Words), ("body_de", Words), ("body_en", Words)],
    ),
    // Of lines that were refused, where and why, never what stood there.
    table(
        "import_reports",
        &[("ran_by", Words), ("file_name", Words), ("file_digest", Nobody), ("refusals", Nobody)],
    ),
    table(
        "token_requests",
        &[
            ("key_hash", Nobody),
            ("digest", Nobody),
            ("content_type", Nobody),
            ("etag", Nobody),
            ("location", Nobody),
            ("body", Bytes),
        ],
    ),
    of_case(table(
        "webhook_deliveries",
        &[("kind", Nobody), ("body", Bytes), ("state", Nobody), ("response", Words)],
    )),
    table(
        "webhook_endpoints",
        &[
            ("name", Words),
            ("host", Nobody),
            ("address", Sealed),
            ("secret", Sealed),
            ("old_secret", Sealed),
            ("kinds", Nobody),
            ("disabled_why", Nobody),
        ],
    ),
    // Until it is done; then a salted hash.
    about(
        &[who("address")],
        table(
            "erasure_requests",
            &[
                ("state", Nobody),
                ("address", Address),
                ("salt", Nobody),
                ("address_hash", Nobody),
                ("reason", Words),
                ("outcome", Nobody),
            ],
        ),
    ),
];

/// Where nobody stands in clear: tables with the columns that a reader might doubt.
pub const NOBODY_IN: &[(&str, &[(&str, Held)])] = &[
    ("_sqlx_migrations", &[("description", Nobody), ("checksum", Nobody)]),
    ("administration_chain", &[("event_hash", Nobody)]),
    // Ids and digests.
    (
        "administration_events",
        &[("actor", Nobody), ("kind", Nobody), ("data", Nobody), ("previous_hash", Nobody), ("hash", Nobody)],
    ),
    ("approvals", &[("digest", Nobody), ("evidence_digest", Nobody), ("second_factor", Nobody)]),
    ("bounces", &[("statuses", Nobody)]),
    ("case_erasures", &[("scope", Nobody), ("rule", Nobody)]),
    ("case_tombstones", &[("number", Nobody), ("event_hash", Nobody), ("rule", Nobody)]),
    ("case_digests", &[("subject", Nobody), ("key", Nobody), ("salt", Nobody), ("digest", Nobody)]),
    // Numbers and sites of licences.
    ("case_entitlements", &[("kind", Nobody), ("value", Nobody)]),
    (
        "case_events",
        &[("actor", Nobody), ("kind", Nobody), ("data", Nobody), ("previous_hash", Nobody), ("hash", Nobody)],
    ),
    ("case_search", &[("source", Nobody), ("words", Derived), ("names", Derived)]),
    ("case_waits", &[("party", Nobody), ("state", Nobody)]),
    ("contact_change_verdicts", &[("verdict", Nobody)]),
    ("customer_domains", &[("domain", Nobody)]),
    ("customer_search", &[("source", Nobody), ("source_id", Nobody), ("words", Derived), ("names", Derived)]),
    ("customers", &[("number", Nobody), ("name", Nobody), ("country", Nobody)]),
    ("domain_changes", &[("domain", Nobody), ("what", Nobody), ("before", Nobody), ("after", Nobody)]),
    (
        "entitlements",
        &[
            ("sen", Nobody),
            ("entitlement_number", Nobody),
            ("site", Nobody),
            ("product", Nobody),
            ("hosting", Nobody),
            ("tier", Nobody),
            ("status", Nobody),
        ],
    ),
    // Keyed hashes.
    ("form_answers", &[("mailbox", Nobody)]),
    // For a day.
    ("form_letters", &[("mailbox", Nobody), ("network", Nobody), ("domain", Nobody)]),
    ("guide_answers", &[("leaf", Nobody), ("answer", Nobody)]),
    ("links", &[("token_hash", Nobody), ("purpose", Nobody)]),
    ("log_heads", &[("root_hash", Nobody), ("key_id", Nobody), ("signature", Nobody)]),
    (
        "log_keys",
        &[("key_id", Nobody), ("public_key", Nobody), ("previous_key_id", Nobody), ("endorsement", Nobody)],
    ),
    ("log_leaves", &[("kind", Nobody), ("subject", Nobody), ("event_hash", Nobody), ("leaf_hash", Nobody)]),
    ("log_nodes", &[("hash", Nobody)]),
    ("log_outlets", &[("name", Nobody), ("last_error", Nobody)]),
    ("log_pending", &[("kind", Nobody), ("subject", Nobody)]),
    ("log_stamps", &[("response", Nobody)]),
    ("mail_servers", &[("domain", Nobody), ("answer", Nobody)]),
    // Our own.
    ("mailboxes", &[("name", Nobody), ("last_error", Nobody)]),
    // For minutes, and no reader finds out whose.
    ("passkey_ceremonies", &[("token_hash", Nobody), ("purpose", Nobody), ("state", Nobody)]),
    ("prepared_letters", &[("token_hash", Nobody)]),
    ("provider_sessions", &[("provider_session", Nobody)]),
    (
        "provider_sign_ins",
        &[
            ("state_hash", Nobody),
            ("browser_hash", Nobody),
            ("provider", Nobody),
            ("nonce", Nobody),
            ("verifier", Nobody),
            ("return_to", Nobody),
        ],
    ),
    ("recovery_codes", &[("tag", Nobody)]),
    ("register_imports", &[("entitlements", Nobody), ("domains", Nobody)]),
    ("retention_runs", &[("class", Nobody)]),
    ("returned_links", &[("token_hash", Nobody)]),
    ("sign_in_limits", &[("kind", Nobody)]),
    ("staff_notice_settings", &[("kind", Nobody), ("how", Nobody)]),
    ("staff_notices", &[("kind", Nobody)]),
    ("text_blocks", &[("kind", Nobody)]),
    ("unfetched_messages", &[("mailbox", Nobody)]),
    ("upkeep", &[("policy_digest", Nobody), ("shared_domains_digest", Nobody)]),
    ("used_logout_tokens", &[("issuer", Nobody), ("token_id", Nobody)]),
    ("watched_domains", &[("domain", Nobody), ("name_servers", Nobody), ("mail_servers", Nobody)]),
];

impl Table {
    /// The columns that are searched as text.
    pub(super) fn texts(&self) -> impl Iterator<Item = &'static str> {
        self.columns.iter().filter(|(_, held)| matches!(held, Address | Words | Json)).map(|(name, _)| *name)
    }

    pub(super) fn that_hold(&self, what: Held) -> impl Iterator<Item = &'static str> {
        self.columns.iter().filter(move |(_, held)| *held == what).map(|(name, _)| *name)
    }

    pub(super) fn held(&self, column: &str) -> Option<Held> {
        self.columns.iter().find(|(name, _)| *name == column).map(|(_, held)| *held)
    }
}
