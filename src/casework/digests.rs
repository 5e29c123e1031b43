//! Which rows lie under the chain: one entry for each table, with the columns that count and those that are about somebody.
//!
//! The digests themselves are made by triggers (`cover_rows` in migrations/20261130000000_chain_what_decides.sql), so that no writer
//! can forget one; a line of the trail takes those that wait for one. How they are made, and what does not lie under the chain and
//! why: docs/AUDIT.md. Whether they hold is for `trail::verify` to find.

use anyhow::Context as _;
use data_encoding::HEXLOWER;
use sqlx::{AssertSqlSafe, PgConnection, Row as _};
use uuid::Uuid;

use crate::token::{Sha256Bytes, sha256};

/// A table whose rows lie under the chain. In the expressions, `r` is the row.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    pub table: &'static str,
    /// Changes with a line of the trail, or not at all; the rest may wait for the next line.
    pub decides: bool,
    /// Which case it belongs to.
    case: &'static str,
    /// What is joined to find that out.
    join: &'static str,
    key: &'static str,
    pub plain: &'static [&'static str],
    /// Columns that are about somebody: their digest is salted, and they can be erased.
    pub personal: &'static [&'static str],
}

const fn of_case(
    table: &'static str,
    key: &'static str,
    plain: &'static [&'static str],
    personal: &'static [&'static str],
) -> Subject {
    Subject { table, decides: true, case: "r.case_id", join: "", key, plain, personal }
}

const fn beside(subject: Subject) -> Subject {
    Subject { decides: false, ..subject }
}

const fn joined(case: &'static str, join: &'static str, subject: Subject) -> Subject {
    Subject { decides: false, case, join, ..subject }
}

pub const SUBJECTS: [Subject; 21] = [
    Subject {
        case: "r.id",
        ..of_case(
            "cases",
            "''",
            &[
                "id",
                "number",
                "request_id",
                "version",
                "state",
                "state_data",
                "waiting_for",
                "outcome",
                "owner_id",
                "opened_at",
                "confirmed_at",
                "delivered_at",
                "changed_at",
                "atlassian_ticket",
                "reference",
            ],
            &[],
        )
    },
    of_case(
        "escalations",
        "''",
        &["language", "hosting", "contact_role", "successor_is_requester"],
        &[
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
        ],
    ),
    of_case("case_entitlements", "r.position::text", &["kind", "value"], &[]),
    of_case("case_notes", "r.id::text", &["kind", "staff_id", "created_at", "block_version_id"], &["body"]),
    of_case("checks", "r.kind", &["verdict", "decided_by", "decided_at", "expires_at"], &["evidence"]),
    of_case("corrections", "r.id::text", &["what", "staff_id", "note_id", "at"], &["value"]),
    of_case("address_corrections", "r.id::text", &["whose", "at"], &["email"]),
    of_case(
        "drafts",
        "r.id::text",
        &["revision", "author_id", "message_id", "digest", "evidence_digest", "created_at", "voided_at"],
        &["recipient", "subject", "body", "opening", "facts", "closing"],
    ),
    of_case(
        "approvals",
        "r.id::text",
        &[
            "draft_id",
            "digest",
            "evidence_digest",
            "drafted_by",
            "approved_by",
            "approved_at",
            "second_factor",
            "second_factor_at",
        ],
        &[],
    ),
    beside(of_case(
        "evidence_files",
        "r.id::text",
        &[
            "uploaded_by",
            "kind",
            "size",
            "sha256",
            "created_at",
            "deleted_at",
            "scan",
            "signature",
            "scanned_at",
        ],
        &["name"],
    )),
    beside(of_case(
        "links",
        "encode(r.token_hash, 'hex')",
        &["purpose", "created_at", "expires_at", "contact_id"],
        &[],
    )),
    joined(
        "r.correlation_id",
        "",
        of_case(
            "emails",
            "r.id::text",
            &[
                "audience",
                "notification",
                "approval_id",
                "message_id",
                "envelope_from",
                "language",
                "digest",
                "created_at",
                "not_after",
                "code_tag",
            ],
            &["envelope_to", "subject"],
        ),
    ),
    joined(
        "e.correlation_id",
        "join emails e on e.id = r.email_id",
        of_case("letter_texts", "r.email_id::text", &[], &["body"]),
    ),
    joined(
        "e.correlation_id",
        "join emails e on e.id = r.email_id and e.approval_id is not null",
        of_case("deliveries", "r.id::text", &["email_id", "attempt", "at", "outcome"], &["response"]),
    ),
    joined(
        "r.correlation_id",
        "",
        of_case(
            "inbound_emails",
            "r.id::text",
            &[
                "content_hash",
                "source",
                "received_at",
                "size",
                "state",
                "kind",
                "sender",
                "answers_email_id",
                "settled_at",
                "settled_by",
            ],
            &["client_ip", "helo", "envelope_from", "note"],
        ),
    ),
    joined(
        "e.correlation_id",
        "join emails e on e.id = r.email_id",
        of_case(
            "bounces",
            "concat(r.inbound_email_id, ' ', r.email_id)",
            &["temporary", "about_recipient", "statuses", "at", "mailbox_gone"],
            &[],
        ),
    ),
    beside(of_case(
        "contact_changes",
        "r.id::text",
        &["entitlement_id", "role", "at"],
        &["old_email", "new_name", "new_email"],
    )),
    beside(of_case(
        "prepared_requests",
        "r.id::text",
        &[
            "prepared_by",
            "prepared_at",
            "language",
            "inbound_email_id",
            "completed_by",
            "completed_at",
            "erased_at",
        ],
        &["requester_email", "fields"],
    )),
    joined(
        "f.case_id",
        "join evidence_files f on f.id = r.file_id",
        of_case("evidence_downloads", "r.id::text", &["file_id", "staff_id", "at"], &[]),
    ),
    joined(
        "i.correlation_id",
        "join inbound_emails i on i.id = r.inbound_email_id",
        of_case("inbound_downloads", "r.id::text", &["inbound_email_id", "part", "staff_id", "at"], &[]),
    ),
    beside(of_case("case_exports", "r.id::text", &["staff_id", "at", "redacted", "with_files"], &[])),
];

/// A row as it stands there, in the form that its digest is made of.
#[derive(Clone, Debug)]
pub struct Record {
    pub case: Uuid,
    pub key: String,
    /// The columns as PostgreSQL writes them (`jsonb`), without those that are null.
    pub plain: String,
    pub personal: String,
}

impl Subject {
    pub fn find(table: &str) -> Option<&'static Self> {
        SUBJECTS.iter().find(|subject| subject.table == table)
    }

    /// The rows of these cases. One query.
    pub async fn list(&self, connection: &mut PgConnection, cases: &[Uuid]) -> anyhow::Result<Vec<Record>> {
        let sql = format!(
            "select {case} as case_id, {key} as key, {plain}::text as plain, {personal}::text as personal
             from {table} r {join} where {case} = any($1)",
            case = self.case,
            key = self.key,
            table = self.table,
            join = self.join,
            plain = columns(self.plain),
            personal = columns(self.personal),
        );
        // The words are ours, above.
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(cases)
            .fetch_all(connection)
            .await
            .with_context(|| format!("could not read {} to verify them", self.table))?;
        rows.iter()
            .map(|row| {
                Ok(Record {
                    case: row.try_get("case_id")?,
                    key: row.try_get("key")?,
                    plain: row.try_get("plain")?,
                    personal: row.try_get("personal")?,
                })
            })
            .collect()
    }
}

/// What `present_columns` of the migration says, as a query over the fields: so either is held against the other.
fn columns(names: &[&str]) -> String {
    if names.is_empty() {
        return "'{}'".to_owned();
    }
    let listed: Vec<String> = names.iter().map(|name| format!("'{name}', r.{name}")).collect();
    format!(
        "(select coalesce(jsonb_object_agg(e.key, e.value), '{{}}') from jsonb_each(jsonb_build_object({})) e where e.value <> 'null')",
        listed.join(", ")
    )
}

impl Record {
    /// As `digest_of` of the migration makes it.
    pub fn digest(&self, table: &str, salt: Option<&[u8]>) -> Sha256Bytes {
        // Words that came without a salt are not those that were there.
        let personal = match self.personal.as_str() {
            "{}" => String::new(),
            words => HEXLOWER.encode(&sha256(&[salt.unwrap_or_default(), words.as_bytes()].concat())),
        };
        sha256(format!("{table}\n{}\n{}\n{personal}", self.key, self.plain).as_bytes())
    }
}

/// The digest of a row that is no longer there.
pub fn digest_of_nothing(table: &str, key: &str) -> Sha256Bytes {
    sha256(format!("{table}\n{key}\ngone\n").as_bytes())
}

/// How a line names a row.
pub fn name(table: &str, key: &str) -> String {
    if key.is_empty() { table.to_owned() } else { format!("{table} {key}") }
}

/// What a line says that it rests on: a digest and the name of its row, as `sha256sum` writes them.
pub fn said(digest: &[u8], name: &str) -> String {
    format!("{} {name}", HEXLOWER.encode(digest))
}

/// The other way round.
pub fn read_said(said: &str) -> (&str, &str) {
    let (digest, name) = said.split_once(' ').unwrap_or((said, ""));
    (name, digest)
}

/// The digests that wait for a line, as it says them, by the names of their rows; from here on, that is line `seq`.
pub(super) async fn take(connection: &mut PgConnection, case: Uuid, seq: i32) -> anyhow::Result<Vec<String>> {
    let taken = sqlx::query!(
        "update case_digests set seq = $2 where case_id = $1 and seq is null returning subject, key, digest",
        case,
        seq,
    )
    .fetch_all(connection)
    .await
    .context("could not take the digests of what changed")?;
    let mut taken: Vec<(String, Vec<u8>)> =
        taken.into_iter().map(|row| (name(&row.subject, &row.key), row.digest)).collect();
    taken.sort();
    Ok(taken.iter().map(|(name, digest)| said(digest, name)).collect())
}
