//! Which case a message belongs to, if that is certain. Fails closed: every doubt has its reason, and staff decide.
//!
//! A bounce counts with our Message-ID or a signed return address. Anything else needs all of these: a signed address,
//! an author who is known to the case, and authentication by our own mail server.

use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    marks::{self, Marks},
    suggestion::{self, Suggestion},
};
use crate::{
    case::{
        address::registrable_domain,
        correspondence::{TicketKey, Writer},
        outcome::Notification,
    },
    casework::{Casework, Loaded, links::was_asked},
    config::Atlassian,
    mail::{
        answered::{self, OurEmail},
        authentication::{Doubt, authenticate},
        inbound::InboundState,
        parse::{Bounce, Kind, Understanding},
    },
};

/// Where a message belongs, or why that is not certain.
#[derive(Debug)]
pub(super) struct Finding {
    pub state: InboundState,
    /// A message key.
    pub reason: Option<&'static str>,
    /// Of a message that is not filed: the case it might be about.
    pub case: Option<Uuid>,
    pub writer: Option<Writer>,
    /// Our e-mail that it answers or sends back.
    pub answers: Option<Uuid>,
    /// It sends the notice to the departed contact back.
    pub returns_notice: bool,
    pub suggestion: Option<Suggestion>,
    pub ticket: Option<TicketKey>,
}

impl Finding {
    pub(super) fn set_aside(state: InboundState, reason: &'static str, case: Option<Uuid>) -> Self {
        let reason = Some(reason);
        Self {
            state,
            reason,
            case,
            writer: None,
            answers: None,
            returns_notice: false,
            suggestion: None,
            ticket: None,
        }
    }

    fn doubtful(reason: &'static str, case: Option<Uuid>) -> Self {
        Self::set_aside(InboundState::Quarantined, reason, case)
    }

    fn filed(case: Uuid, writer: Writer, answers: Option<Uuid>) -> Self {
        Self {
            state: InboundState::Filed,
            reason: None,
            case: Some(case),
            writer: Some(writer),
            answers,
            returns_notice: false,
            suggestion: None,
            ticket: None,
        }
    }
}

pub(super) async fn weigh(casework: &Casework, message: &Understanding) -> anyhow::Result<Finding> {
    let mut connection = casework.app.pool.acquire().await?;
    let marks = Marks::find(&casework.app, &mut connection, message).await?;
    let cases = marks.all_cases();
    if cases.len() > 1 {
        return Ok(Finding::doubtful("inbound-contradiction", None));
    }
    let finding = match &message.bounce {
        Some(bounce) => weigh_bounce(&mut connection, &marks, bounce).await?,
        None => weigh_letter(casework, &mut connection, &marks, message).await?,
    };
    if finding.state == InboundState::Quarantined && finding.case.is_none() {
        let guess = match cases.first() {
            Some(case) => Some(*case),
            None => marks::guess(&mut connection, message.subject.as_deref().unwrap_or_default()).await?,
        };
        return Ok(Finding { case: guess, ..finding });
    }
    Ok(finding)
}

async fn weigh_bounce(
    connection: &mut PgConnection,
    marks: &Marks,
    bounce: &Bounce,
) -> anyhow::Result<Finding> {
    let returned = match marks.referred.first() {
        Some(email) => Some(email.clone()),
        None => {
            let sent = answered::list_by_return_address(connection, &marks.addresses).await?;
            // Of several e-mails to one person the last is meant, as far as anybody can tell.
            sent.iter().find(|email| names(bounce, email)).or(sent.first()).cloned()
        }
    };
    Ok(match returned.as_ref().and_then(|email| Some((email, email.correlation?))) {
        Some((email, case)) => Finding {
            returns_notice: email.notification == Notification::DepartedNotice.as_str(),
            ..Finding::filed(case, Writer::MailServer, Some(email.id))
        },
        None => Finding::doubtful("inbound-foreign-bounce", None),
    })
}

fn names(bounce: &Bounce, email: &OurEmail) -> bool {
    bounce.recipients.iter().any(|recipient| recipient.eq_ignore_ascii_case(&email.envelope_to))
}

async fn weigh_letter(
    casework: &Casework,
    connection: &mut PgConnection,
    marks: &Marks,
    message: &Understanding,
) -> anyhow::Result<Finding> {
    let Some(case) = marks.cases.first().copied() else {
        return Ok(Finding::doubtful("inbound-no-address", None));
    };
    let doubtful = |reason| Ok(Finding::doubtful(reason, Some(case)));
    let Some(loaded) = casework.load(case).await? else { return doubtful("inbound-no-address") };
    let settings = &casework.app.settings;
    if let Err(doubt) = authenticate(message, &settings.mail.inbound.authserv_id) {
        return doubtful(match doubt {
            Doubt::NotConfigured => "inbound-not-configured",
            Doubt::NoResults => "inbound-no-results",
            Doubt::NoAuthor => "inbound-no-author",
            Doubt::NotPassed => "inbound-unauthenticated",
        });
    }
    let author = message.from.as_ref().and_then(|from| from.address.as_deref()).unwrap_or_default();
    let writer = match find_writer(&loaded, &settings.atlassian, author) {
        None if was_asked(connection, case, author).await? => Writer::RegisteredContact,
        None => return doubtful("inbound-unknown-sender"),
        Some(writer) => writer,
    };
    if is_filed(connection, case, message).await? {
        return Ok(Finding::set_aside(InboundState::Discarded, "inbound-duplicate", Some(case)));
    }
    let from_atlassian = writer == Writer::Atlassian;
    let is_written = matches!(message.kind, Kind::Reply | Kind::Other);
    Ok(Finding {
        suggestion: (from_atlassian && is_written).then(|| suggestion::of(&message.visible_text)),
        ticket: message.subject.as_deref().filter(|_| from_atlassian).and_then(TicketKey::find_in),
        ..Finding::filed(case, writer, marks.referred.first().map(|email| email.id))
    })
}

/// Whom of the case's people the author is.
fn find_writer(loaded: &Loaded, atlassian: &Atlassian, author: &str) -> Option<Writer> {
    let escalation = &loaded.escalation;
    if escalation.requester.email.same_mailbox(author) {
        return Some(Writer::Requester);
    }
    if escalation.successor.email.same_mailbox(author) {
        return Some(Writer::Successor);
    }
    if escalation.departed.email.same_mailbox(author) {
        return Some(Writer::DepartedContact);
    }
    let domain = author.rsplit_once('@')?.1.to_ascii_lowercase();
    let organisation = registrable_domain(&domain)?;
    let recipients = [&atlassian.data_center, &atlassian.cloud, &atlassian.cloud_partner_managed];
    let known =
        recipients.into_iter().filter_map(|address| address.rsplit_once('@')).map(|(_, domain)| domain);
    known
        .chain(atlassian.answer_domains.iter().map(String::as_str))
        .any(|domain| {
            registrable_domain(domain).is_some_and(|known| known.eq_ignore_ascii_case(organisation))
        })
        .then_some(Writer::Atlassian)
}

/// Whether the same message came before by another way, as to two of our addresses.
async fn is_filed(
    connection: &mut PgConnection,
    case: Uuid,
    message: &Understanding,
) -> anyhow::Result<bool> {
    let Some(message_id) = &message.message_id else { return Ok(false) };
    let filed = sqlx::query_scalar!(
        r#"select exists(select from inbound_emails where message_id = $1 and correlation_id = $2
             and state = 'filed' and visible_text = $3) as "filed!""#,
        message_id,
        case,
        message.visible_text,
    )
    .fetch_one(connection)
    .await?;
    Ok(filed)
}
