//! Evidence files looked at for viruses, one after another; what was found is a change of the case.

use anyhow::Context as _;

use crate::{
    app::Step,
    case::{action::Action, actor::Actor, document::ScanResult},
    casework::Casework,
    evidence::{
        scan::{self, Claimed},
        scanner::Finding,
        vault::Owner,
    },
};

impl Casework {
    /// Where there is a scanner now, has it look at what came before there was one. What was decided on a file stays.
    pub async fn follow_scanner(&self) -> anyhow::Result<()> {
        if self.cabinet.scanner.is_configured() {
            let files = scan::make_up_for(&self.app.pool, self.app.clock.now()).await?;
            if files > 0 {
                tracing::info!(files, "files from before there was a scanner are scanned now");
            }
        }
        Ok(())
    }

    /// Has the next file looked at. A failure leaves it to a later try.
    pub async fn scan_step(&self) -> anyhow::Result<Step> {
        // Within the lease a try has ended, one way or the other.
        let lease_seconds = self.cabinet.scanner.timeout().as_secs_f64() * 2.0;
        let Some(Claimed { owner, sealed }) =
            scan::claim(&self.app.pool, lease_seconds, &self.app.clock).await?
        else {
            return Ok(Step::Idle);
        };
        let cabinet = self.cabinet.clone();
        let opened = tokio::task::spawn_blocking(move || cabinet.keyring.open(owner, sealed)).await;
        let found = match opened.context("the decryption was interrupted")? {
            Ok(plain) => match self.app.stop.unless_cut(self.cabinet.scanner.scan(&plain)).await {
                Some(found) => found,
                None => {
                    scan::give_back(&self.app.pool, owner.file, &self.app.clock).await?;
                    return Ok(Step::Idle);
                }
            },
            Err(error) => Err(error.into()),
        };
        match found {
            Ok(finding) => self.settle_scan(owner, &finding).await?,
            Err(error) => {
                tracing::warn!(file = %owner.file, error = format!("{error:#}"), "could not scan a file");
            }
        }
        Ok(Step::Did)
    }

    async fn settle_scan(&self, owner: Owner, finding: &Finding) -> anyhow::Result<()> {
        let result = match finding {
            Finding::Clean => ScanResult::Clean,
            Finding::Infected(_) => ScanResult::Infected,
            Finding::Unscanned => ScanResult::Unscanned,
        };
        let action = Action::RecordScan { file: owner.file, result };
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        self.lock(&mut transaction, owner.case).await?;
        if scan::settle(&mut transaction, owner.file, finding, self.app.clock.now()).await? {
            self.act_in(&mut transaction, owner.case, Actor::System, &action, None).await?;
            transaction.commit().await.context("could not commit a scan")?;
        }
        Ok(())
    }
}
