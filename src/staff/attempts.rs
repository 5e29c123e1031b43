//! Wrong tries to sign in: counted in the database, for all processes, beyond their end.
//!
//! Whoever guesses waits ever longer, by the account and by the network they come from; nobody is locked out. A browser that
//! somebody has signed in with before ([`super::devices`]) is counted by itself, so that guessing at an account from elsewhere
//! does not slow its owner down: a stop for the account would be a weapon against whoever works here. What is counted by is
//! hashed and cut short, so the table tells nobody's address and has an end; two accounts that share a place there by chance
//! wait together.
//!
//! How long is said in the database (`wait_after_tries`, `tries_remembered`): the first few are free, then it is a second, and
//! twice as long with each, up to a quarter of an hour; one is forgotten every quarter of an hour. Whoever goes on guessing at
//! one account so gets about a hundred tries a day, and against a password of fifteen characters that is nothing.

use std::{net::IpAddr, time::Duration};

use anyhow::Context as _;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use strum::IntoStaticStr;

use crate::{
    app::App,
    clock::Timestamp,
    token::{Signer, sha256},
    web::limit::{network, subscriber},
};

/// Within this time, wrong tries are an attack that goes on.
const LATELY: jiff::SignedDuration = jiff::SignedDuration::from_mins(15);
/// So many of them: no desk mistypes that often.
const MANY: i64 = 30;
/// Places for each kind of key.
const PLACES: u32 = 1 << 18;

#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
enum Kind {
    Account = 0,
    Network = 1,
    Device = 2,
}

impl Kind {
    fn key(self, signer: &Signer, of: &str) -> i32 {
        let word: &str = self.into();
        let [a, b, c, d, ..] = sha256(signer.sign(&format!("{word}\n{of}")).as_bytes());
        let place = u32::from_be_bytes([a, b, c, d]) % PLACES + PLACES * self as u32;
        i32::try_from(place).unwrap_or_default()
    }
}

/// Who tries.
#[derive(Clone, Copy, Debug)]
pub struct Trying<'a> {
    pub address: IpAddr,
    /// The account as it was typed.
    pub account: &'a str,
    /// The browser, where it is one that this account was signed in with before.
    pub device: Option<&'a str>,
}

/// A try that counts as wrong until [`forgive`]: tries at the same time can't slip past the limit.
#[derive(Debug)]
#[must_use]
pub struct Attempt(Vec<i32>);

/// What requests from one network are counted by.
pub(super) fn network_key(signer: &Signer, address: IpAddr) -> i32 {
    Kind::Network.key(signer, &network(address).to_string())
}

/// Counts a try. One statement, the same for accounts that exist and for others. `Err` is how long to wait.
pub async fn begin(
    app: &App,
    trying: &Trying<'_>,
    now: Timestamp,
) -> anyhow::Result<Result<Attempt, Duration>> {
    let signer = &app.sign_in_signer;
    let keys: Vec<(i32, &str)> = match trying.device {
        Some(device) => vec![(Kind::Device.key(signer, device), Kind::Device.into())],
        None => vec![
            (Kind::Account.key(signer, &trying.account.to_lowercase()), Kind::Account.into()),
            (Kind::Network.key(signer, &subscriber(trying.address).to_string()), Kind::Network.into()),
        ],
    };
    let (keys, kinds): (Vec<i32>, Vec<String>) =
        keys.into_iter().map(|(key, kind)| (key, kind.to_owned())).unzip();
    let asked = keys.len();
    let row = sqlx::query!(
        r#"with asked as (
             select key, kind from unnest($1::integer[], $2::text[]) as asked (key, kind)
         ), waiting as (
             select max(l.free_at) as until from sign_in_limits l join asked using (key) where l.free_at > $3
         ), forgotten as (
             delete from sign_in_limits where key in (
                 select key from sign_in_limits where failed_at < $3::timestamptz - interval '1 day' and not key = any($1)
                 order by failed_at limit 5 for update skip locked)
         ), counted as (
             insert into sign_in_limits as l (key, kind, failures, failed_at, free_at)
             select key, kind, 1, $3, free_after_tries(kind, 1, $4, $3) from asked
             where (select until from waiting) is null order by key
             on conflict (key) do update set failed_at = $3,
                 failures = tries_remembered(l.kind, l.failures, l.failed_at, $3) + 1,
                 free_at = free_after_tries(l.kind, tries_remembered(l.kind, l.failures, l.failed_at, $3) + 1, $4, $3)
             where l.free_at <= $3
             returning key
         )
         select (select until from waiting) as "until: Timestamp", (select count(*) from counted) as "counted!""#,
        &keys,
        &kinds,
        now as Timestamp,
        i32::try_from(app.settings.desk.free_sign_in_tries).unwrap_or(i32::MAX / 2),
    )
    .fetch_one(&app.pool)
    .await
    .context("could not count a try to sign in")?;
    if let Some(until) = row.until {
        return Ok(Err(Duration::try_from(until.duration_since(*now)).unwrap_or_default()));
    }
    // Another one at the same moment took the last that was free.
    if usize::try_from(row.counted).is_ok_and(|counted| counted < asked) {
        return Ok(Err(Duration::from_secs(1)));
    }
    Ok(Ok(Attempt(keys)))
}

/// The password was right, or none was looked at: the try does not count.
pub async fn forgive(pool: &PgPool, Attempt(keys): Attempt, now: Timestamp) -> anyhow::Result<()> {
    sqlx::query!(
        "with over as (delete from sign_in_limits where key = any($1) and failures <= 1)
         update sign_in_limits set failures = failures - 1, free_at = least(free_at, $2)
         where key = any($1) and failures > 1",
        &keys,
        now as Timestamp,
    )
    .execute(pool)
    .await
    .context("could not take a try to sign in back")?;
    Ok(())
}

/// Wrong tries of late, at all accounts together, by whoever is not known as one of us.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Guessing {
    pub tries: i64,
    pub accounts: i64,
    pub networks: i64,
}

impl Guessing {
    pub async fn read(connection: &mut PgConnection, now: Timestamp) -> anyhow::Result<Self> {
        sqlx::query_as!(
            Self,
            r#"select coalesce(sum(tries_remembered(kind, failures, failed_at, $2)) filter (where kind = 'account'), 0) as "tries!",
                 count(*) filter (where kind = 'account') as "accounts!", count(*) filter (where kind = 'network') as "networks!"
             from (select kind, failures, failed_at from sign_in_limits where failed_at > $1
                 order by failed_at desc limit 10000) lately"#,
            now.after(-LATELY) as Timestamp,
            now as Timestamp,
        )
        .fetch_one(connection)
        .await
        .context("could not count wrong tries to sign in")
    }

    /// Somebody goes through passwords or accounts.
    pub fn is_alarming(&self) -> bool {
        self.tries >= MANY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_never_share_a_place_and_case_does_not_matter() {
        let signer = Signer::new(&"k".repeat(40).into(), "sign-ins");
        let key = |kind: Kind| kind.key(&signer, "ann@reseller.example");
        let (account, network, device) = (key(Kind::Account), key(Kind::Network), key(Kind::Device));
        assert!(account < 1 << 18 && (1 << 18..2 << 18).contains(&network) && device >= 2 << 18);
        assert_eq!(account, key(Kind::Account));
        let other = Signer::new(&"x".repeat(40).into(), "sign-ins");
        assert_ne!(account, Kind::Account.key(&other, "ann@reseller.example"));
    }

    #[test]
    fn a_few_mistakes_are_no_attack() {
        let tries = |tries| Guessing { tries, accounts: 1, networks: 1 }.is_alarming();
        assert!(!tries(29) && tries(30));
    }
}
