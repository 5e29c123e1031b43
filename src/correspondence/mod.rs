//! Inbound e-mail: understood, believed or not, and filed with its case or put into quarantine.
//!
//! Never changes what a case is or where it stands (law 5), never answers, and never touches the raw bytes. What no rule
//! can assign with certainty is for staff, with the reason in words (law 6).

mod belief;
mod giving_away;
mod marks;
mod reading;
mod suggestion;

use anyhow::Context as _;
use jiff::SignedDuration;
use sqlx::PgConnection;
use uuid::Uuid;

use self::{belief::Finding, reading::Read};
use crate::{
    app::Step,
    case::{
        action::Action,
        actor::Actor,
        check::CheckKind,
        correspondence::{Manner, Writer},
    },
    casework::{ActError, Casework},
    clock::Timestamp,
    mail::incoming::{
        bounces,
        inbound::{self, Claimed, InboundState, Settlement},
    },
    message::{Kind, Understanding},
    staff,
};

/// Why a message is parked that took its workers with it.
const UNREADABLE: &str = "inbound-unreadable";
/// Why a message is set aside whose case is erased.
const ERASED: &str = "inbound-erased";
/// Until name servers that could not say anything are asked again.
const PAUSE: SignedDuration = SignedDuration::from_mins(10);

/// Settles the message that has waited longest. One that can't be settled is put off by its lease and parked in the
/// end; the others come before it.
pub async fn step(casework: &Casework) -> anyhow::Result<Step> {
    let app = &casework.app;
    let Some(claimed) = inbound::claim(&app.pool, &app.clock).await? else { return Ok(Step::Idle) };
    let understood = async {
        let read = reading::read(&claimed.raw, claimed.hopeless).await;
        let finding = match &read.message {
            Some(message) => belief::weigh(casework, &claimed, message).await?,
            None => Some(Finding::set_aside(InboundState::Parked, UNREADABLE, None)),
        };
        anyhow::Ok((read, finding))
    };
    let Some(understood) = app.stop.unless_cut(understood).await else {
        inbound::postpone(&app.pool, &claimed, &app.clock, SignedDuration::ZERO).await?;
        return Ok(Step::Idle);
    };
    let (read, finding) = understood?;
    let Some(finding) = finding else {
        inbound::postpone(&app.pool, &claimed, &app.clock, PAUSE).await?;
        tracing::info!(inbound_id = %claimed.id, "name servers could not say who wrote an inbound e-mail");
        return Ok(Step::Did);
    };
    settle(casework, &claimed, &finding, read).await?;
    Ok(Step::Did)
}

/// The notice to the departed contact came back: its check is due now, whatever was planned. What the bounce means is for
/// the check to say.
async fn look_again(
    casework: &Casework,
    connection: &mut PgConnection,
    case: Uuid,
    now: Timestamp,
) -> anyhow::Result<()> {
    let action = Action::PostponeCheck { kind: CheckKind::DepartedNotice, due_at: now };
    match casework.act_in(connection, case, Actor::System, &action, None).await {
        // Decided meanwhile, or not the time for checks.
        Ok(_) | Err(ActError::Refused(_)) => Ok(()),
        Err(error) => Err(anyhow::Error::from(error).context("could not look at the notice again")),
    }
}

/// What the message is to staff.
fn manner(finding: &Finding, understood: Option<&Understanding>) -> Manner {
    match understood.map(|message| (message.kind, &message.bounce)) {
        Some((Kind::Bounce, Some(bounce))) if bounce.temporary => Manner::Automatic,
        Some((Kind::Bounce, _)) if finding.returns_notice => Manner::ReturnedNotice,
        Some((Kind::Bounce, _)) => Manner::Returned,
        // Atlassian's people answer through a ticket system, whose mail looks like a machine's.
        Some((Kind::AutoReply, _)) if finding.writer != Some(Writer::Atlassian) => Manner::Automatic,
        _ => Manner::Written,
    }
}

/// The message and, where it belongs to a case, the line in the trail, and the end of the links that stand in it, before anybody
/// can read it: one transaction.
async fn settle(casework: &Casework, claimed: &Claimed, finding: &Finding, read: Read) -> anyhow::Result<()> {
    let returned = giving_away::of(claimed.id, finding, &read);
    let mut understood = read.message;
    let mut transaction = casework.app.pool.begin().await.context("could not begin a transaction")?;
    let filed = finding.case.filter(|_| finding.state == InboundState::Filed);
    let ours = casework.lock_returned(&mut transaction, &returned, filed).await?;
    // Nothing comes to a case again whose content is erased: it would stay, and nobody would look for it there.
    let to_erased = match filed {
        Some(case) => casework.is_erased(&mut transaction, case).await?,
        None => false,
    };
    let erased = Finding::set_aside(InboundState::Quarantined, ERASED, None);
    let finding = if to_erased { &erased } else { finding };
    let now = casework.app.clock.now();
    // Also where this message is settled already: it ends what staff could use, and nothing else.
    let of_accounts = staff::returned::end(&mut transaction, &returned.tokens, now).await?;
    if let Some(message) = &mut understood {
        giving_away::hide(message, &ours.secrets);
        giving_away::hide(message, &of_accounts);
    }
    let understood = understood.as_ref();
    let settlement = Settlement {
        state: finding.state,
        reason: finding.reason,
        correlation: finding.case,
        sender: finding.writer.map(Writer::as_str),
        suggestion: finding.suggestion.map(Into::into),
        answers: finding.answers,
        held_link: !ours.secrets.is_empty() || !of_accounts.is_empty(),
        understood,
    };
    if inbound::settle(&mut transaction, claimed, settlement, now).await? {
        file(casework, &mut transaction, claimed.id, finding, understood, now).await?;
        casework.end_returned(&mut transaction, &returned, &ours, now).await?;
    }
    transaction.commit().await.context("could not settle an inbound e-mail")?;
    let (inbound_id, state): (_, &str) = (claimed.id, finding.state.into());
    tracing::info!(%inbound_id, state, reason = finding.reason, "inbound e-mail settled");
    casework.app.meters.settled_inbound(state);
    Ok(())
}

/// What follows from the message for the case that it belongs to, and for the letter that it sends back.
async fn file(
    casework: &Casework,
    connection: &mut PgConnection,
    message: Uuid,
    finding: &Finding,
    understood: Option<&Understanding>,
    now: Timestamp,
) -> anyhow::Result<()> {
    let bounce = understood.and_then(|message| message.bounce.as_ref());
    match (finding.state, finding.case, finding.writer) {
        (InboundState::Discarded, ..) => {
            if let (Some(email), Some(bounce)) = (finding.answers, bounce) {
                bounces::record(connection, message, email, bounce, now).await?;
            }
        }
        (InboundState::Filed, Some(case), Some(writer)) => {
            let action = Action::FileMail {
                email: message,
                writer,
                ticket: finding.ticket.clone(),
                manner: manner(finding, understood),
            };
            let filed = casework.act_in(connection, case, Actor::System, &action, None).await;
            filed.map_err(anyhow::Error::from).context("could not file an inbound e-mail")?;
            if let (Some(email), Some(bounce)) = (finding.answers, bounce) {
                let unreachable = bounces::record(connection, message, email, bounce, now).await?;
                if unreachable && finding.returns_notice {
                    look_again(casework, connection, case, now).await?;
                }
            }
        }
        _ => {}
    }
    Ok(())
}
