//! Restoring a backup into a database that holds nothing, or is told to forget what it holds. All of the dump comes in one transaction,
//! below a mark that goes last: whoever breaks it off leaves a database that serves nobody.

use anyhow::{Context as _, bail, ensure};
use sqlx::PgPool;

use super::{
    archive::Opened,
    child::{Access, Child, Flow},
    found::Found,
    keys::{self, Own},
    mark,
    proof::{Proven, judge},
    take::feed,
    target::{self, Erased, State},
    tools,
};
use crate::{boot::owner::Owner, config::Settings, migrations, privileges};

/// What whoever restores has said.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// What the database holds may go.
    pub replaces: bool,
    /// That nobody can tell whose backup it is, they know.
    pub accepts_unproven: bool,
}

/// A database that holds what the backup held, and still serves nobody.
pub struct Restored {
    owner: Owner,
    /// What was granted to the services; `None` where nobody was named.
    pub granted: Option<Vec<String>>,
    /// What `pg_restore` said although it ended well.
    pub warnings: String,
    /// What the configuration lacks, a sentence each.
    pub missing: Vec<String>,
    /// E-mails that go out again as soon as a worker runs.
    pub queued: i64,
    /// Whose erasing the backup does not know, and where they are again.
    pub erased: Vec<(Erased, Vec<String>, i64)>,
}

impl Restored {
    pub fn pool(&self) -> &PgPool {
        &self.owner.pool
    }

    /// From here on it can be served.
    pub async fn end(&self) -> anyhow::Result<()> {
        let mut connection = self.owner.pool.acquire().await.context("could not connect to the database")?;
        mark::end(&mut connection).await
    }
}

/// # Errors
/// In words for whoever operates Handover. Until the first of them that is about the dump itself, nothing was touched.
pub async fn restore(
    settings: &Settings,
    mut opened: Opened,
    wanted: Wanted,
    on: &mut dyn FnMut(&str, Option<u64>, u64),
) -> anyhow::Result<Restored> {
    let own = Own::find(settings)?;
    match judge(&opened, &own)? {
        Proven::Ours => {}
        Proven::Forged => bail!("somebody changed the backup: its proof is not by the key that it names"),
        Proven::OtherKey => ensure!(
            wanted.accepts_unproven,
            "the backup was made under another secrets.key than the one configured here, so nobody can tell whether it is yours: configure that key, or, where it is lost and you know the file, say --accept-unproven"
        ),
    }
    opened.manifest.must_be_known()?;
    let owner = Owner::sign_in(settings).await?;
    let mut connection = owner.pool.acquire().await.context("could not connect to the database")?;
    let state = target::look(&mut connection, &opened.manifest).await?;
    ensure!(
        state != State::Used || wanted.replaces,
        "the database is not empty: restore into a new one, or say --replace, and all that it holds is gone"
    );
    let tools = tools::find(
        &settings.database.bin_dir,
        tools::server(&mut connection).await?.max(opened.manifest.tools),
    )?;
    let erased = if state == State::Used {
        target::must_be_unused(&mut connection).await?;
        target::list_erased(&mut connection, opened.manifest.made_at).await
    } else {
        Vec::new()
    };

    mark::begin(&mut connection, state != State::Empty).await?;
    let arguments = [
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        "--no-comments",
        "--single-transaction",
        "--exit-on-error",
        "--no-password",
        "--dbname=",
    ]
    .map(ToOwned::to_owned);
    let mut child =
        Child::spawn((&tools, &Access::new(&owner.options, &tools)), "pg_restore", &arguments, Flow::In)?;
    let total = opened.dump_bytes();
    feed(&mut child, &mut opened, &mut |more| on("restoring", Some(total), more)).await?;
    let warnings =
        child.end().await.context("the database was not restored, and says so to whoever would serve it")?;
    let differs = Found::look(&mut connection).await?.differs(&opened.manifest);
    ensure!(
        differs.is_empty(),
        "what was restored is not what was kept, and the database says so to whoever would serve it: {}",
        differs.join("; ")
    );
    migrations::apply(&mut connection).await?;
    let granted = match &owner.services {
        Some(role) => Some(privileges::grant(&mut connection, role).await?),
        None => None,
    };
    let queued = sqlx::query_scalar!(r#"select count(*) as "queued!" from emails where state = 'queued'"#)
        .fetch_one(&mut *connection)
        .await
        .context("could not count what waits to be sent")?;
    let mut again = Vec::new();
    for one in erased {
        let (cases, contacts) = target::find_again(&mut connection, &one).await?;
        again.push((one, cases, contacts));
    }
    drop(connection);
    let missing = keys::list_missing(&opened.manifest.keys, &own)?;
    Ok(Restored { owner, granted, warnings, missing, queued, erased: again })
}
