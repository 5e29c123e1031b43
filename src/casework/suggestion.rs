//! The text that the editor begins with: the English templates filled from the case. Composes and stores nothing.

use anyhow::Context as _;
use serde::Serialize;
use uuid::Uuid;

use super::{Casework, follow_up::Before, load::Loaded};
use crate::{
    case::{
        check::Verdict,
        correspondence::TicketKey,
        entitlement::EntitlementNumber,
        escalation::{ContactRole, Hosting},
        outcome::Notification,
    },
    lang::Language,
};

/// What the editor begins with. The recipient is configuration and can't be edited.
#[derive(Clone, Debug, Serialize)]
pub struct DraftText {
    pub recipient: String,
    pub subject: String,
    pub body: String,
}

impl Casework {
    /// The text that the English template makes of the case, to be edited by staff: the request or, where one has reached
    /// Atlassian, a follow-up to it.
    pub async fn suggest_draft(&self, case: Uuid, staff_name: &str) -> anyhow::Result<DraftText> {
        let loaded = self.load(case).await?.context("there is no such case")?;
        let before = self.before(&loaded).await?;
        let kind =
            if before.is_some() { Notification::AtlassianFollowUp } else { Notification::AtlassianRequest };
        let view = RequestView { before, ..self.request_view(&loaded, staff_name) };
        let render = |part: &str| {
            self.app.views.render(&format!("emails/{}/en.{part}", kind.as_str()), Language::En, &view)
        };
        Ok(DraftText {
            recipient: self.recipient(loaded.escalation.hosting).to_owned(),
            subject: with_ticket(loaded.ticket.as_ref(), render("subject")?.trim()),
            body: render("txt")?.trim().to_owned(),
        })
    }

    fn request_view(&self, loaded: &Loaded, staff_name: &str) -> RequestView {
        let escalation = &loaded.escalation;
        let atlassian = &self.app.settings.atlassian;
        RequestView {
            number: loaded.case.number.to_string(),
            hosting: escalation.hosting,
            entitlements: escalation.entitlements.clone(),
            company: escalation.company.clone(),
            customer_number: escalation.customer_number.clone().unwrap_or_default(),
            renews_on: loaded.renews_on.map(|day| day.to_string()).unwrap_or_default(),
            departed_name: escalation.departed.name.clone(),
            departed_email: escalation.departed.email.to_string(),
            departed_on: escalation.departed.on.map(|day| day.to_string()).unwrap_or_default(),
            contact_role: escalation.departed.role,
            successor_name: escalation.successor.name.clone(),
            successor_email: escalation.successor.email.to_string(),
            requester_name: escalation.requester.name.clone(),
            requester_position: escalation.requester.position.clone().unwrap_or_default(),
            requester_email: escalation.requester.email.to_string(),
            proofs: loaded
                .case
                .checks
                .iter()
                .filter(|check| check.verdict == Verdict::Passed && check.counts(self.app.clock.now()))
                .map(|check| Language::En.text(&format!("proof-{}", check.kind.as_str())))
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
    hosting: Hosting,
    entitlements: Vec<EntitlementNumber>,
    company: String,
    customer_number: String,
    renews_on: String,
    departed_name: String,
    departed_email: String,
    departed_on: String,
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
