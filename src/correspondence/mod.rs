//! Inbound e-mail: understood, believed or not, and filed with its case or put into quarantine.
//!
//! Never changes what a case is or where it stands (law 5), never answers, and never touches the raw bytes. What no rule
//! can assign with certainty is for staff, with the reason in words (law 6).

mod belief;
mod marks;
mod reading;
mod suggestion;

use anyhow::Context as _;
use jiff::SignedDuration;
use sqlx::PgConnection;
use uuid::Uuid;

use self::belief::Finding;
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
};

/// Why a message is parked that took its workers with it.
const UNREADABLE: &str = "inbound-unreadable";
/// Until name servers that could not say anything are asked again.
const PAUSE: SignedDuration = SignedDuration::from_mins(10);

/// Settles the message that has waited longest. One that can't be settled is put off by its lease and parked in the
/// end; the others come before it.
pub async fn step(casework: &Casework) -> anyhow::Result<Step> {
    let app = &casework.app;
    let Some(claimed) = inbound::claim(&app.pool, &app.clock).await? else { return Ok(Step::Idle) };
    let understood = async {
        let understood = if claimed.hopeless { None } else { reading::understand(&claimed.raw).await };
        let finding = match &understood {
            Some(message) => belief::weigh(casework, &claimed, message).await?,
            None => Some(Finding::set_aside(InboundState::Parked, UNREADABLE, None)),
        };
        anyhow::Ok((understood, finding))
    };
    let Some(understood) = app.stop.unless_cut(understood).await else {
        inbound::postpone(&app.pool, &claimed, &app.clock, SignedDuration::ZERO).await?;
        return Ok(Step::Idle);
    };
    let (understood, finding) = understood?;
    let Some(finding) = finding else {
        inbound::postpone(&app.pool, &claimed, &app.clock, PAUSE).await?;
        tracing::info!(inbound_id = %claimed.id, "name servers could not say who wrote an inbound e-mail");
        return Ok(Step::Did);
    };
    settle(casework, &claimed, &finding, understood.as_ref()).await?;
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

/// The message and, where it belongs to a case, the line in the trail: one transaction.
async fn settle(
    casework: &Casework,
    claimed: &Claimed,
    finding: &Finding,
    understood: Option<&Understanding>,
) -> anyhow::Result<()> {
    let settlement = Settlement {
        state: finding.state,
        reason: finding.reason,
        correlation: finding.case,
        sender: finding.writer.map(Writer::as_str),
        suggestion: finding.suggestion.map(Into::into),
        answers: finding.answers,
        understood,
    };
    let mut transaction = casework.app.pool.begin().await.context("could not begin a transaction")?;
    if let (InboundState::Filed, Some(case)) = (finding.state, finding.case) {
        casework.lock(&mut transaction, case).await?;
    }
    let now = casework.app.clock.now();
    let ours = inbound::settle(&mut transaction, claimed, settlement, now).await?;
    let bounce = understood.and_then(|message| message.bounce.as_ref());
    if let (true, InboundState::Discarded, Some(email), Some(bounce)) =
        (ours, finding.state, finding.answers, bounce)
    {
        bounces::record(&mut transaction, claimed.id, email, bounce, now).await?;
    }
    if let (true, InboundState::Filed, Some(case), Some(writer)) =
        (ours, finding.state, finding.case, finding.writer)
    {
        let action = Action::FileMail {
            email: claimed.id,
            writer,
            ticket: finding.ticket.clone(),
            manner: manner(finding, understood),
        };
        let filed = casework.act_in(&mut transaction, case, Actor::System, &action, None).await;
        filed.map_err(anyhow::Error::from).context("could not file an inbound e-mail")?;
        if let (Some(email), Some(bounce)) = (finding.answers, bounce) {
            let unreachable = bounces::record(&mut transaction, claimed.id, email, bounce, now).await?;
            if unreachable && finding.returns_notice {
                look_again(casework, &mut transaction, case, now).await?;
            }
        }
    }
    transaction.commit().await.context("could not settle an inbound e-mail")?;
    let (inbound_id, state): (_, &str) = (claimed.id, finding.state.into());
    tracing::info!(%inbound_id, state, reason = finding.reason, ours, "inbound e-mail settled");
    Ok(())
}
