//! The letter to Atlassian as the English templates make it: what the editor begins with, and the facts between, which are
//! nobody's to write. Composes and stores nothing.

use anyhow::Context as _;
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    Casework,
    facts::read_facts,
    load::Loaded,
    unattended::follow_up::{Before, SentBefore, find_sent},
};
use crate::{
    case::{
        check::{Check, CheckKind, Evidence, Verdict},
        correspondence::TicketKey,
        entitlement::EntitlementNumber,
        escalation::{ContactRole, Hosting},
        facts::LetterFacts,
        outcome::Notification,
    },
    characters::write_in_one_line,
    clock::Day,
    lang::Language,
};

/// A letter as the templates make it of the case: what staff may write otherwise, and what they may not.
#[derive(Clone, Debug, Serialize)]
pub struct DraftText {
    /// By configuration and hosting; can't be edited. Empty where nobody knows the hosting: such a letter is not composed.
    pub recipient: String,
    pub subject: String,
    pub opening: String,
    /// As they will stand in the letter; can't be edited.
    pub facts: String,
    pub closing: String,
}

impl Casework {
    /// The text that the English templates make of the case: the request or, where one has reached Atlassian, a follow-up
    /// to it.
    pub async fn suggest_draft(&self, case: Uuid, staff_name: &str) -> anyhow::Result<DraftText> {
        let loaded = self.load(case).await?.context("there is no such case")?;
        let mut connection = self.app.pool.acquire().await?;
        let facts = read_facts(&mut connection, &loaded).await?;
        self.write_letter_text(&mut connection, &loaded, &facts, staff_name).await
    }

    /// As [`Casework::suggest_draft`], with what was read already. One query.
    pub async fn write_letter_text(
        &self,
        connection: &mut PgConnection,
        loaded: &Loaded,
        facts: &LetterFacts,
        staff_name: &str,
    ) -> anyhow::Result<DraftText> {
        let sent = find_sent(connection, loaded.case.id).await?;
        self.letter_text(loaded, facts, sent.as_ref(), staff_name)
    }

    /// As [`Casework::write_letter_text`], with what has reached Atlassian already.
    pub fn letter_text(
        &self,
        loaded: &Loaded,
        facts: &LetterFacts,
        sent: Option<&SentBefore>,
        staff_name: &str,
    ) -> anyhow::Result<DraftText> {
        let before = self.before(loaded, sent);
        let kind =
            if before.is_some() { Notification::AtlassianFollowUp } else { Notification::AtlassianRequest };
        let view = RequestView { before, ..self.request_view(loaded, facts, staff_name) };
        let render = |part: &str| {
            self.app.views.render(&format!("emails/{}/en.{part}", kind.as_str()), Language::En, &view)
        };
        Ok(DraftText {
            recipient: facts.hosting.map(|hosting| self.recipient(hosting).to_owned()).unwrap_or_default(),
            subject: with_ticket(loaded.ticket.as_ref(), render("subject")?.trim()),
            opening: render("opening.txt")?.trim().to_owned(),
            // Its lines are indented, the first one too.
            facts: render("facts.txt")?.trim_matches('\n').trim_end().to_owned(),
            closing: render("closing.txt")?.trim().to_owned(),
        })
    }

    /// Every value is one line in which nothing is hidden: none can look like a fact of its own.
    fn request_view(&self, loaded: &Loaded, facts: &LetterFacts, staff_name: &str) -> RequestView {
        let escalation = &loaded.escalation;
        let atlassian = &self.app.settings.atlassian;
        let line = |value: &str| write_in_one_line(value);
        RequestView {
            number: loaded.case.number.to_string(),
            hosting: facts.hosting,
            entitlements: escalation.entitlements.clone(),
            company: line(&facts.company),
            customer_number: line(facts.customer_number.as_deref().unwrap_or_default()),
            renews_on: facts.renews_on,
            departed_name: line(&facts.departed_name),
            departed_email: facts.departed_email.clone(),
            departed_on: escalation.departed.on,
            contact_role: facts.departed_role,
            successor_name: line(&escalation.successor.name),
            successor_email: escalation.successor.email.to_string(),
            requester_name: line(&escalation.requester.name),
            requester_position: line(escalation.requester.position.as_deref().unwrap_or_default()),
            requester_email: escalation.requester.email.to_string(),
            proofs: loaded
                .case
                .checks
                .iter()
                .filter(|check| check.verdict == Verdict::Passed && check.counts(self.app.clock.now()))
                .map(|check| Language::En.text(&format!("proof-{}", proof_of(check, &loaded.case.checks))))
                .collect(),
            reseller: atlassian.partner_name.clone(),
            partner_id: atlassian.partner_id.clone(),
            staff_name: staff_name.to_owned(),
            imprint: self.app.settings.mail.imprint.trim().to_owned(),
            before: None,
        }
    }
}

/// Atlassian's desk puts an e-mail to the matter whose key its subject names.
fn with_ticket(ticket: Option<&TicketKey>, subject: &str) -> String {
    match ticket {
        Some(key) if !subject.contains(key.as_str()) => format!("[{key}] {subject}"),
        _ => subject.to_owned(),
    }
}

/// What the template of the request knows.
#[derive(Debug, Serialize)]
struct RequestView {
    number: String,
    hosting: Option<Hosting>,
    entitlements: Vec<EntitlementNumber>,
    company: String,
    customer_number: String,
    renews_on: Option<Day>,
    departed_name: String,
    departed_email: Option<String>,
    departed_on: Option<Day>,
    contact_role: ContactRole,
    successor_name: String,
    successor_email: String,
    requester_name: String,
    requester_position: String,
    requester_email: String,
    proofs: Vec<String>,
    reseller: String,
    partner_id: String,
    staff_name: String,
    imprint: String,
    /// What was written before.
    before: Option<Before>,
}

/// The key of the sentence for a check that passed. Says only what was done: the departed contact is written to where the
/// register has them.
fn proof_of(check: &Check, checks: &[Check]) -> String {
    let kind = check.kind.as_str();
    let is_known =
        |other: &Check| other.kind == CheckKind::RecordedContact && other.verdict == Verdict::Passed;
    match (check.kind, &check.evidence) {
        (CheckKind::DepartedNotice, _) if !checks.iter().any(is_known) => format!("{kind}-others"),
        (CheckKind::DepartedNotice, Evidence::NoticeReturned { .. }) => format!("{kind}-returned"),
        _ => kind.to_owned(),
    }
}
