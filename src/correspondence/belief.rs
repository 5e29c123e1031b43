//! Which case a message belongs to, if that is certain. Fails closed: every doubt has its reason, and staff decide.
//!
//! A bounce counts with our Message-ID or a signed return address. Anything else needs all of these: a signed address or
//! the Message-ID of a letter of ours that it answers (both are known only to who got the letter), an author who is known
//! to the case and who may have got that letter, and authentication by our own mail server or ourselves.

use jiff::SignedDuration;
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
    casework::{Casework, Loaded, caseless_letters, links::was_asked},
    config::Atlassian,
    mail::incoming::{
        answered::{self, OurEmail},
        authentication::Doubt,
        bounces,
        genuine::{authenticate, in_words},
        inbound::{self, Claimed, InboundState},
    },
    message::{Kind, Understanding, said},
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
    /// The letter of ours that it refers to or sends back, whatever is believed of it.
    pub letter: Option<OurEmail>,
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
            letter: None,
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
            letter: None,
        }
    }
}

/// How long a message waits for name servers that can't say whether its author is genuine, before it waits for staff.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(4);
/// What is counted so that no machine keeps us busy.
const WINDOW: SignedDuration = SignedDuration::from_hours(1);

/// `None` where nobody can say now, and it should be weighed again later.
pub(super) async fn weigh(
    casework: &Casework,
    claimed: &Claimed,
    message: &Understanding,
) -> anyhow::Result<Option<Finding>> {
    let mut connection = casework.app.pool.acquire().await?;
    let marks = Marks::find(&casework.app, &mut connection, message).await?;
    let cases = marks.all_cases();
    let letter = find_letter(&mut connection, &marks).await?;
    if cases.len() > 1 {
        return Ok(Some(Finding { letter, ..Finding::doubtful("inbound-contradiction", None) }));
    }
    let finding = match &message.bounce {
        Some(_) => weigh_bounce(casework, &mut connection, &marks).await?,
        None => {
            // Not held while name servers are asked.
            drop(connection);
            let weighed = weigh_letter(casework, claimed, &marks, message).await?;
            connection = casework.app.pool.acquire().await?;
            let Some(finding) = weighed else { return Ok(None) };
            finding
        }
    };
    if finding.state == InboundState::Quarantined && finding.case.is_none() {
        let guess = match cases.first() {
            Some(case) => Some(*case),
            None => marks::guess(&mut connection, message.subject.as_deref().unwrap_or_default()).await?,
        };
        return Ok(Some(Finding { case: guess, letter, ..finding }));
    }
    Ok(Some(Finding { letter, ..finding }))
}

/// The letter that a message answers or sends back, by its Message-ID or, of a letter about no case, by its return address.
async fn find_letter(connection: &mut PgConnection, marks: &Marks) -> anyhow::Result<Option<OurEmail>> {
    Ok(match marks.referred.first() {
        Some(email) => Some(email.clone()),
        None => answered::list_by_return_address(connection, &marks.addresses).await?.into_iter().next(),
    })
}

async fn weigh_bounce(
    casework: &Casework,
    connection: &mut PgConnection,
    marks: &Marks,
) -> anyhow::Result<Finding> {
    let returned = match marks.referred.first() {
        Some(email) => Some(email.clone()),
        None => {
            let sent = answered::list_by_return_address(connection, &marks.addresses).await?;
            // Whoever got one of them knows the address, and nobody shows that a mail server wrote the report: it must not
            // speak of a mailbox that is somebody else's.
            if sent.iter().any(|email| !is_same_mailbox(email, sent.first())) {
                return Ok(Finding::doubtful("inbound-shared-bounce", None));
            }
            // Of several e-mails to one person the last is meant, as far as anybody can tell.
            sent.first().cloned()
        }
    };
    Ok(match returned.as_ref().and_then(|email| Some((email, email.correlation?))) {
        Some((email, case)) if is_flooded(casework, connection, email).await? => {
            Finding::doubtful("inbound-too-many", Some(case))
        }
        Some((email, case)) => Finding {
            returns_notice: email.notification == Notification::DepartedNotice.as_str(),
            ..Finding::filed(case, Writer::MailServer, Some(email.id))
        },
        // Mail to staff is about no case: whoever's machine sends it back says nothing about one. What went to a caller is about
        // none yet.
        None => match returned {
            Some(email) if caseless_letters().contains(&email.notification.as_str()) => {
                if is_flooded(casework, connection, &email).await? {
                    return Ok(Finding::doubtful("inbound-too-many", None));
                }
                // Shown where the letter is.
                let finding = Finding::set_aside(InboundState::Discarded, "inbound-caseless-bounce", None);
                Finding { answers: Some(email.id), ..finding }
            }
            Some(_) => Finding::doubtful("inbound-staff-bounce", None),
            None => Finding::doubtful("inbound-foreign-bounce", None),
        },
    })
}

fn is_same_mailbox(email: &OurEmail, other: Option<&OurEmail>) -> bool {
    other.is_some_and(|other| other.envelope_to.eq_ignore_ascii_case(&email.envelope_to))
}

async fn weigh_letter(
    casework: &Casework,
    claimed: &Claimed,
    marks: &Marks,
    message: &Understanding,
) -> anyhow::Result<Option<Finding>> {
    let Some(case) = marks.all_cases().first().copied() else {
        return Ok(Some(Finding::doubtful("inbound-no-address", None)));
    };
    let doubtful = |reason| Ok(Some(Finding::doubtful(reason, Some(case))));
    let Some(loaded) = casework.load(case).await? else { return doubtful("inbound-no-address") };
    let settings = &casework.app.settings;
    let now = casework.app.clock.now();
    let (raw, envelope) = (&claimed.raw, &claimed.envelope);
    if let Err(doubt) = authenticate(settings, raw, envelope, claimed.received_at, message).await {
        if doubt == Doubt::Unclear && now < claimed.received_at.after(LONGEST_WAIT) {
            return Ok(None);
        }
        return doubtful(in_words(doubt, settings.mail.inbound.authentication));
    }
    let author = message.from.as_ref().and_then(|from| from.address.as_deref()).unwrap_or_default();
    let mut connection = casework.app.pool.acquire().await?;
    let writer = match find_writer(&loaded, &settings.atlassian, author) {
        None if was_asked(&mut connection, case, author).await? => Writer::RegisteredContact,
        None => return doubtful("inbound-unknown-sender"),
        Some(writer) => writer,
    };
    if !marks.parties.iter().any(|party| party.is_answered_by(writer)) {
        // Atlassian's machines write to whoever has an account there, also about other matters.
        return doubtful(if writer == Writer::Atlassian {
            "inbound-atlassian-elsewhere"
        } else {
            "inbound-other-party"
        });
    }
    if is_filed(&mut connection, case, message).await? {
        return Ok(Some(Finding::set_aside(InboundState::Discarded, "inbound-duplicate", Some(case))));
    }
    let from_atlassian = writer == Writer::Atlassian;
    // Its ticket system writes about all cases from one address.
    let counted = from_atlassian.then_some(case);
    let filed = inbound::count_filed_from(&mut connection, author, counted, now.after(-WINDOW)).await?;
    if filed >= settings.mail.inbound.letters_per_hour.into() {
        return doubtful("inbound-too-many");
    }
    let is_written = matches!(message.kind, Kind::Reply | Kind::Other);
    let suggestion = match writer {
        Writer::Atlassian if is_written => Some(suggestion::of(&message.own_text)),
        // A machine's word about the mailbox of whom the notice went to. What a person writes is for people to read.
        Writer::DepartedContact if message.kind == Kind::AutoReply => said(message).map(Into::into),
        _ => None,
    };
    Ok(Some(Finding {
        suggestion,
        ticket: message.subject.as_deref().filter(|_| from_atlassian).and_then(TicketKey::find_in),
        ..Finding::filed(case, writer, marks.referred.first().map(|email| email.id))
    }))
}

/// Whether one e-mail of ours comes back again and again.
async fn is_flooded(
    casework: &Casework,
    connection: &mut PgConnection,
    email: &OurEmail,
) -> anyhow::Result<bool> {
    let since = casework.app.clock.now().after(-WINDOW);
    let most = casework.app.settings.mail.inbound.letters_per_hour;
    Ok(bounces::count_of(connection, email.id, since).await? >= most.into())
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
