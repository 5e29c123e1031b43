//! The time between a form and its confirmation, for somebody whose letter does not come: sent again, to a mended address, and asked
//! for once more after its end. The only writer of `confirmations`.
//!
//! An escalation never changes: with another address it is another one, of a case of its own, and the first case is withdrawn in the
//! same transaction, so that there are never two. Attackers: who has us write to many strangers is bounded by the letters and the
//! addresses of one request, and by what a network, a mailbox and a domain get in a day (`quota`); who wants a confirmation that
//! somebody else gave is too late. Whether anybody is known is not asked.

mod asking;
mod expired;

use std::net::IpAddr;

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    ActError, Casework,
    letters::{
        links::{self, Purpose},
        quota, thread,
    },
    load::Loaded,
    open::{Begun, find_replacement},
};
use crate::{
    case::{action::Action, actor::Actor, escalation::Escalation, state::State},
    clock::Timestamp,
    mail::outgoing::handling,
    token::Token,
};

/// How long the page after the form can do something.
const PAGE_HOURS: i64 = 24;
/// What stands with a letter whose request goes on at another address.
const MENDED: &str = "held back: the address was mended";

/// Why no letter goes out now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    Until(Timestamp),
    /// As many as there may be have gone out.
    Enough,
}

/// A request that waits for its confirmation, as the browser that sent it may see it.
#[derive(Clone, Debug)]
pub struct SentForm {
    pub case: Uuid,
    pub escalation: Escalation,
    /// The last letter was not sent, because its receiver gets too many.
    pub held: bool,
    /// Why it can't be sent again now.
    pub pause: Option<Pause>,
    pub may_mend: bool,
}

/// What came of asking for a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    Sent,
    NotNow(Pause),
    /// It is confirmed, or has ended.
    Over,
}

/// What is kept of a request.
struct Kept {
    letters: i64,
    asked_at: Timestamp,
    mended: i32,
    /// It began with what staff had prepared.
    prepared: bool,
    held: bool,
}

impl Casework {
    /// A way to the page after the form, for the browser that sent it.
    pub(super) async fn open_sent_page(
        &self,
        connection: &mut PgConnection,
        case: Uuid,
        now: Timestamp,
    ) -> anyhow::Result<Token> {
        let ends_at = now.after(jiff::SignedDuration::from_hours(PAGE_HOURS));
        links::issue(connection, case, (Purpose::Sent, None), now, ends_at).await
    }

    /// The request behind the page after the form; `None` once it is confirmed or over, and for a token that opens nothing.
    pub async fn find_sent(&self, token: &Token, client: IpAddr) -> anyhow::Result<Option<SentForm>> {
        let now = self.app.clock.now();
        let mut connection = self.app.pool.acquire().await?;
        let Some(case) = links::find_link(&mut connection, token, Purpose::Sent, now).await? else {
            return Ok(None);
        };
        let loaded = self.load_in(&mut connection, case, false).await?;
        let Some(loaded) = loaded.filter(|loaded| waits(loaded, now)) else { return Ok(None) };
        let kept = find_kept(&mut connection, case).await?;
        let pause = self.pause(&mut connection, &loaded, &kept, client, now).await?;
        let may_mend = self.may_mend(&kept);
        let escalation = loaded.escalation;
        Ok(Some(SentForm { case, escalation, held: kept.held, pause, may_mend }))
    }

    /// The letter once more, to the same address.
    ///
    /// # Errors
    /// When the database can't be asked; nothing has changed then.
    pub async fn send_again(&self, token: &Token, client: IpAddr) -> anyhow::Result<Asked> {
        let now = self.app.clock.now();
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        let Some(case) = links::find_link(&mut transaction, token, Purpose::Sent, now).await? else {
            return Ok(Asked::Over);
        };
        let loaded = self.load_in(&mut transaction, case, true).await?;
        let Some(loaded) = loaded.filter(|loaded| waits(loaded, now)) else { return Ok(Asked::Over) };
        let asked = self.ask_again(&mut transaction, &loaded, client, now).await?;
        transaction.commit().await.context("could not commit a letter")?;
        Ok(asked)
    }

    /// The request goes on at the address of `mended`, which is as `case` asked but for that: the case is withdrawn in favour of a
    /// new one, which asks there. Its links are void, and what waits for the first address is held back.
    ///
    /// # Errors
    /// [`ActError`] as `act`; nothing has changed then.
    pub async fn mend_address(
        &self,
        token: &Token,
        (case, mended): (Uuid, &Escalation),
        client: IpAddr,
    ) -> Result<Asked, ActError> {
        let now = self.app.clock.now();
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        // Pressed twice, it leads to the new case by now.
        let current = links::find_link(&mut transaction, token, Purpose::Sent, now).await?;
        if current != Some(case) {
            return Ok(Asked::Over);
        }
        let loaded = self.load_in(&mut transaction, case, true).await?;
        if !loaded.is_some_and(|loaded| waits(&loaded, now)) {
            return Ok(Asked::Over);
        }
        let kept = find_kept(&mut transaction, case).await?;
        if !self.may_mend(&kept) || find_replacement(&mut transaction, case).await? != case {
            return Ok(Asked::NotNow(Pause::Enough));
        }
        let to = &mended.requester.email;
        if let Some(at) = quota::free_from(&mut transaction, &self.app, to, client, now).await? {
            return Ok(Asked::NotNow(Pause::Until(at)));
        }
        self.act_in(&mut transaction, case, Actor::Requester, &Action::Withdraw, None).await?;
        self.hold_letters_back(&mut transaction, case, now).await?;
        let begun = self.replace(&mut transaction, case, mended, client, now).await?;
        sqlx::query!(
            "update confirmations set mended = $2 where case_id = $1",
            begun.id,
            kept.mended.saturating_add(1),
        )
        .execute(&mut *transaction)
        .await
        .context("could not note that an address was mended")?;
        links::redirect(&mut transaction, case, begun.id, Purpose::Sent).await?;
        transaction.commit().await.context("could not commit a mended address")?;
        Ok(Asked::Sent)
    }

    /// A new case with these answers, in the place of `case`, which is over.
    async fn replace(
        &self,
        connection: &mut PgConnection,
        case: Uuid,
        escalation: &Escalation,
        client: IpAddr,
        now: Timestamp,
    ) -> anyhow::Result<Begun> {
        let begun = self.begin_case_within(connection, escalation, None, now).await?;
        self.ask_to_confirm(connection, &begun, escalation, (client, None), now).await?;
        sqlx::query!(
            "insert into confirmations (case_id, letters, asked_at, mended, replaced_by) values ($1, 1, $3, 0, $2)
             on conflict (case_id) do update set replaced_by = excluded.replaced_by, remind_at = null",
            case,
            begun.id,
            now as Timestamp,
        )
        .execute(connection)
        .await
        .context("could not note what took the place of a request")?;
        Ok(begun)
    }

    /// One more letter for a request that waits, if there may be one now.
    async fn ask_again(
        &self,
        connection: &mut PgConnection,
        loaded: &Loaded,
        client: IpAddr,
        now: Timestamp,
    ) -> anyhow::Result<Asked> {
        let State::Unconfirmed { expires_at } = loaded.case.state else { return Ok(Asked::Over) };
        let kept = find_kept(connection, loaded.case.id).await?;
        if let Some(pause) = self.pause(connection, loaded, &kept, client, now).await? {
            return Ok(Asked::NotNow(pause));
        }
        let (id, number) = (loaded.case.id, loaded.case.number.clone());
        let to = loaded.escalation.requester.email.as_str();
        let conversation = thread::with_mailbox(connection, id, to).await?;
        let begun = Begun { id, number, expires_at, conversation };
        self.ask_to_confirm(connection, &begun, &loaded.escalation, (client, None), now).await?;
        Ok(Asked::Sent)
    }

    async fn pause(
        &self,
        connection: &mut PgConnection,
        loaded: &Loaded,
        kept: &Kept,
        client: IpAddr,
        now: Timestamp,
    ) -> anyhow::Result<Option<Pause>> {
        let limits = &self.app.settings.limits;
        if kept.letters >= i64::from(limits.confirmation_letters) {
            return Ok(Some(Pause::Enough));
        }
        let minutes = i64::from(limits.confirmation_minutes);
        let rested = kept.asked_at.after(jiff::SignedDuration::from_mins(minutes));
        let to = &loaded.escalation.requester.email;
        let free = quota::free_from(connection, &self.app, to, client, now).await?;
        Ok(Some(rested).filter(|rested| *rested > now).max(free).map(Pause::Until))
    }

    /// What staff prepared stays the case that they prepared, or they could approve it themselves; its customer fills in the form.
    fn may_mend(&self, kept: &Kept) -> bool {
        let most = i32::try_from(self.app.settings.limits.mended_addresses).unwrap_or(i32::MAX);
        kept.mended < most && !kept.prepared
    }

    async fn hold_letters_back(
        &self,
        connection: &mut PgConnection,
        case: Uuid,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let waiting = sqlx::query_scalar!(
            "select id from emails where correlation_id = $1 and audience = 'customer' and state = 'queued'",
            case
        )
        .fetch_all(&mut *connection)
        .await
        .context("could not list what waits for an address")?;
        for email in waiting {
            handling::cancel(connection, email, MENDED, now, self.app.clock.for_leases()).await?;
        }
        Ok(())
    }
}

fn waits(loaded: &Loaded, now: Timestamp) -> bool {
    matches!(loaded.case.state, State::Unconfirmed { expires_at } if now < expires_at)
}

async fn find_kept(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<Kept> {
    sqlx::query_as!(
        Kept,
        r#"select coalesce(k.letters, 1)::bigint as "letters!", coalesce(k.asked_at, c.opened_at) as "asked_at!",
             coalesce(k.mended, 0) as "mended!",
             exists (select from prepared_requests where case_id = c.id) as "prepared!",
             coalesce((select state = 'cancelled' from emails where correlation_id = c.id
                 order by created_at desc, id desc limit 1), false) as "held!"
         from cases c left join confirmations k on k.case_id = c.id where c.id = $1"#,
        case
    )
    .fetch_one(connection)
    .await
    .context("could not read what was asked of a requester")
}
