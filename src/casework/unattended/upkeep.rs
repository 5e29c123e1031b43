//! What time, the register and the policy do to open cases while nobody acts on them.
//!
//! Each case knows when it is to be weighed next; an import of the register makes the checks due that may have rested on
//! what it changed, and the cases themselves, since it may say that two are about one licence; another list of shared domains those that may rest on one; another policy makes all open cases due. Deciding stays with the rules, and a case whose request has
//! reached Atlassian is left alone.

use std::collections::HashSet;

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    app::Step,
    case::{action::Action, actor::Actor, address::EmailAddress},
    casework::{ActError, Casework},
    clock::Timestamp,
    panics::caught_in,
    shared_domains::SharedDomains,
};

/// Whose checks are made due in one transaction.
const CASES_AT_ONCE: i64 = 100;

impl Casework {
    /// Follows the register, or weighs the next case whose time it is.
    pub async fn upkeep_step(&self) -> anyhow::Result<Step> {
        let now = self.app.clock.now();
        if self.follow_register(now).await? == Step::Did {
            return Ok(Step::Did);
        }
        let due = sqlx::query_scalar!(
            "select id from cases where weigh_at <= $1 order by weigh_at limit 1",
            now as Timestamp
        )
        .fetch_optional(&self.app.pool)
        .await
        .context("could not look for cases to be weighed")?;
        let Some(case) = due else { return Ok(Step::Idle) };
        if let Err(error) = caught_in(self.weigh(case, now)).await {
            tracing::error!(%case, error = format!("{error:#}"), "could not weigh a case anew");
            self.weigh_later(case, None, Some(now.after(jiff::SignedDuration::from_hours(1)))).await?;
        }
        Ok(Step::Did)
    }

    async fn weigh(&self, case: Uuid, now: Timestamp) -> anyhow::Result<()> {
        self.judge_claims(case).await?;
        let loaded = self.load(case).await?.context("the case is gone")?;
        match self.act(case, Actor::System, &Action::Reconsider, Some(loaded.version)).await {
            Ok(_) | Err(ActError::Stale { .. }) => Ok(()),
            // It stands as it stood.
            Err(ActError::Refused(_)) => {
                self.weigh_later(case, Some(loaded.version), loaded.case.weigh_at(now)).await
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn weigh_later(
        &self,
        case: Uuid,
        version: Option<i32>,
        at: Option<Timestamp>,
    ) -> anyhow::Result<()> {
        sqlx::query!(
            "update cases set weigh_at = $2 where id = $1 and version = coalesce($3, version)",
            case,
            at as Option<Timestamp>,
            version,
        )
        .execute(&self.app.pool)
        .await
        .context("could not put the weighing of a case off")?;
        Ok(())
    }

    /// Makes all open cases due to be weighed where the policy is not the one of the last time. Called when a process
    /// begins: two that run with different policies must not take turns.
    pub async fn follow_policy(&self) -> anyhow::Result<()> {
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        let digest = self.rules.policy.digest();
        let changed = sqlx::query!(
            "update upkeep set policy_digest = $1 where policy_digest is distinct from $1",
            digest.as_slice(),
        )
        .execute(&mut *transaction)
        .await
        .context("could not compare the policy")?;
        if changed.rows_affected() > 0 {
            sqlx::query!(
                "update cases set weigh_at = $1
                 where id in (select id from cases
                     where state in ('verifying', 'verified', 'awaiting_approval') and delivered_at is null
                     order by id for update)",
                self.app.clock.now() as Timestamp,
            )
            .execute(&mut *transaction)
            .await
            .context("could not make the open cases due")?;
        }
        transaction.commit().await.context("could not commit the new policy")
    }

    /// Makes the checks of open cases due that may rest on a domain where the list of shared parents is not that of the last
    /// time: a name that was found to be shared must not go on to speak for anybody. Called when a process begins.
    pub async fn follow_shared_domains(&self) -> anyhow::Result<()> {
        let digest = self.rules.shared_domains.digest();
        let last = sqlx::query_scalar!("select shared_domains_digest from upkeep")
            .fetch_one(&self.app.pool)
            .await
            .context("could not compare the list of shared domains")?;
        if last.as_deref() == Some(digest.as_slice()) {
            return Ok(());
        }
        self.wake_domain_checks(CASES_AT_ONCE).await?;
        // Only now: whoever was interrupted begins again.
        sqlx::query!("update upkeep set shared_domains_digest = $1", digest.as_slice())
            .execute(&self.app.pool)
            .await
            .context("could not keep the list of shared domains")?;
        Ok(())
    }

    /// Makes the checks of all open cases due that may rest on a domain, of so many cases in one transaction: nobody who works on
    /// one waits for all. A case is locked before its checks, like everywhere.
    pub async fn wake_domain_checks(&self, cases_at_once: i64) -> anyhow::Result<()> {
        let mut after = Uuid::nil();
        loop {
            let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
            let cases = sqlx::query_scalar!(
                "select id from cases c
                 where id > $1 and delivered_at is null
                     and state in ('verifying', 'verified', 'awaiting_approval', 'awaiting_customer', 'contested')
                     and exists (select from checks k where k.case_id = c.id
                         and k.kind in ('domain_register', 'domain_dns') and k.verdict not in ('pending', 'waived'))
                 order by id limit $2 for update",
                after,
                cases_at_once,
            )
            .fetch_all(&mut *transaction)
            .await
            .context("could not lock the cases that may rest on a domain")?;
            let Some(last) = cases.last() else { return Ok(()) };
            after = *last;
            sqlx::query!(
                "update checks set due_at = $1, attempts = 0
                 where case_id = any($2) and verdict not in ('pending', 'waived')
                     and (kind = 'domain_register'
                         or kind = 'domain_dns' and evidence ->> 'type' in ('challenge_seen', 'challenge_elsewhere'))",
                self.app.clock.now() as Timestamp,
                &cases,
            )
            .execute(&mut *transaction)
            .await
            .context("could not make the checks of domains due")?;
            transaction.commit().await.context("could not commit the checks that became due")?;
        }
    }

    /// The last import that open cases have followed.
    pub async fn followed_import(&self) -> anyhow::Result<i64> {
        sqlx::query_scalar!("select register_import from upkeep")
            .fetch_one(&self.app.pool)
            .await
            .context("could not look up the last import")
    }

    /// Makes the checks due that may have rested on what was imported since the last time. Whether an answer is another
    /// one now is for the check itself.
    async fn follow_register(&self, now: Timestamp) -> anyhow::Result<Step> {
        let newest = sqlx::query_scalar!("select max(id) from register_imports")
            .fetch_one(&self.app.pool)
            .await
            .context("could not look for imports of the register")?;
        if newest.unwrap_or_default() <= self.followed_import().await? {
            return Ok(Step::Idle);
        }
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        let last = sqlx::query_scalar!("select register_import from upkeep for update")
            .fetch_one(&mut *transaction)
            .await
            .context("could not look up the last import")?;
        let imported = sqlx::query!(
            r#"select coalesce(max(id), $1) as "last!",
                 array(select unnest(entitlements) from register_imports where id > $1) as "entitlements!",
                 array(select unnest(domains) from register_imports where id > $1) as "domains!"
             from register_imports where id > $1"#,
            last
        )
        .fetch_one(&mut *transaction)
        .await
        .context("could not read what was imported")?;
        let shared = &self.rules.shared_domains;
        let askers = list_askers(&mut transaction, shared, &imported.domains).await?;
        make_due(&mut transaction, &imported.entitlements, &askers, now).await?;
        sqlx::query!("update upkeep set register_import = $1", imported.last)
            .execute(&mut *transaction)
            .await
            .context("could not keep the last import")?;
        transaction.commit().await.context("could not commit the checks that became due")?;
        Ok(Step::Did)
    }
}

/// Open cases whose requester, or departed contact, has an address at one of these domains or below: a check may rest on
/// the one, a proof by DNS on the other.
async fn list_askers(
    connection: &mut PgConnection,
    shared: &SharedDomains,
    domains: &[String],
) -> anyhow::Result<Vec<Uuid>> {
    if domains.is_empty() {
        return Ok(Vec::new());
    }
    let domains: HashSet<&str> = domains.iter().map(String::as_str).collect();
    let rows = sqlx::query!(
        r#"select e.case_id, e.requester_email, coalesce((select email from address_corrections
                 where case_id = e.case_id and whose = 'departed' order by at desc, id desc limit 1),
                 e.departed_email) as "departed_email?"
         from escalations e join cases c on c.id = e.case_id
         where c.state not in ('unconfirmed', 'closed') and c.delivered_at is null"#
    )
    .fetch_all(connection)
    .await
    .context("could not list who asks")?;
    let is_at_one = |address: &str| {
        let address: Option<EmailAddress> = address.parse().ok();
        address
            .is_some_and(|address| shared.names(address.domain()).iter().any(|name| domains.contains(name)))
    };
    let ask = rows.into_iter().filter(|row| {
        is_at_one(&row.requester_email) || row.departed_email.as_deref().is_some_and(is_at_one)
    });
    Ok(ask.map(|row| row.case_id).collect())
}

/// Waits for whoever is changing one of these cases.
async fn make_due(
    connection: &mut PgConnection,
    entitlements: &[String],
    askers: &[Uuid],
    now: Timestamp,
) -> anyhow::Result<()> {
    let cases = sqlx::query_scalar!(
        "select id from cases
         where state in ('verifying', 'verified', 'awaiting_approval', 'awaiting_customer', 'contested')
             and delivered_at is null
             and (id = any($2) or id in (
                 select case_id from case_entitlements where value in (select unnest($1::text[]))))
         order by id for update",
        entitlements,
        askers,
    )
    .fetch_all(&mut *connection)
    .await
    .context("could not lock the cases that the register is about")?;
    sqlx::query!(
        "update checks set due_at = $2, attempts = 0
         where case_id = any($1) and verdict <> 'waived'
             and (kind in ('entitlement', 'recorded_contact', 'domain_register')
                 or kind = 'vouch' and evidence ->> 'type' in ('vouch_requested', 'vouched', 'nobody_to_ask')
                 or kind = 'callback' and verdict = 'passed' and evidence ->> 'type' = 'called'
                 or kind = 'domain_dns' and evidence ->> 'type' in ('challenge_seen', 'challenge_elsewhere'))",
        &cases,
        now as Timestamp,
    )
    .execute(&mut *connection)
    .await
    .context("could not make checks due")?;
    sqlx::query!(
        "update cases set weigh_at = $2 where id = any($1) and (weigh_at is null or weigh_at > $2)",
        &cases,
        now as Timestamp,
    )
    .execute(connection)
    .await
    .context("could not make the cases due")?;
    Ok(())
}
