//! Ten codes for who has lost telephone and passkeys: shown once, each good once.
//!
//! 80 random bits, kept as a keyed hash: whoever reads the database can't try codes against it, and nobody finds one by
//! trying at the door.

use anyhow::Context as _;
use data_encoding::BASE32_NOPAD;
use sqlx::PgConnection;

use super::news::{News, tell};
use crate::{
    administration::trail::{Change, Doer},
    app::App,
    case::actor::StaffId,
    casework::Casework,
    clock::Timestamp,
    staff::session::SignedIn,
};

/// So many at a time.
const CODES: usize = 10;
/// Characters of one, without the hyphens.
pub(super) const LENGTH: usize = 16;

/// As `abcd-efgh-jkmn-pqrs`.
fn make() -> String {
    let text = BASE32_NOPAD.encode(&rand::random::<[u8; 10]>()).to_lowercase();
    let mut code = String::new();
    for (place, character) in text.chars().enumerate() {
        if place > 0 && place.is_multiple_of(4) {
            code.push('-');
        }
        code.push(character);
    }
    code
}

/// What was typed, as codes are compared: 0, 1 and 8 are no letters of ours, so they are slips for O, I and B.
pub(super) fn normalise(typed: &str) -> String {
    let folded = typed.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| match c {
        '0' => 'o',
        '1' => 'i',
        '8' => 'b',
        other => other.to_ascii_lowercase(),
    });
    folded.collect()
}

fn tag(app: &App, staff: StaffId, code: &str) -> String {
    app.recovery_signer.sign(&format!("{staff} {}", normalise(code)))
}

/// Writes ten new ones in the place of all there were.
async fn replace(
    connection: &mut PgConnection,
    app: &App,
    staff: StaffId,
    now: Timestamp,
) -> anyhow::Result<Vec<String>> {
    let codes: Vec<String> = std::iter::repeat_with(make).take(CODES).collect();
    let tags: Vec<String> = codes.iter().map(|code| tag(app, staff, code)).collect();
    sqlx::query!("delete from recovery_codes where staff_id = $1", staff.0)
        .execute(&mut *connection)
        .await
        .context("could not forget recovery codes")?;
    sqlx::query!(
        "insert into recovery_codes (staff_id, tag, created_at) select $1, tag, $3 from unnest($2::text[]) as made (tag)",
        staff.0,
        &tags,
        now as Timestamp,
    )
    .execute(connection)
    .await
    .context("could not keep recovery codes")?;
    Ok(codes)
}

/// With the first factor come the first codes; none where there are some.
pub(super) async fn make_first(
    connection: &mut PgConnection,
    app: &App,
    staff: StaffId,
    now: Timestamp,
) -> anyhow::Result<Vec<String>> {
    let any = sqlx::query_scalar!(
        r#"select exists (select from recovery_codes where staff_id = $1) as "any!""#,
        staff.0
    )
    .fetch_one(&mut *connection)
    .await
    .context("could not look for recovery codes")?;
    if any { Ok(Vec::new()) } else { replace(connection, app, staff, now).await }
}

/// Ten new ones; the old ones are good for nothing.
pub async fn renew(casework: &Casework, staff: &SignedIn, now: Timestamp) -> anyhow::Result<Vec<String>> {
    let mut transaction = casework.app.pool.begin().await.context("could not begin a transaction")?;
    let codes = replace(&mut transaction, &casework.app, staff.id, now).await?;
    let change = Change::RecoveryCodesRenewed { staff: staff.id.0 };
    let doer = Doer::Staff(staff.id);
    tell(casework, &mut transaction, staff.id, &News::RecoveryCodesRenewed, Some((doer, &change)), now)
        .await?;
    transaction.commit().await.context("could not commit recovery codes")?;
    Ok(codes)
}

/// Takes one: whether it is the person's and was not used. They are told by mail, as it may have been somebody else.
pub(super) async fn take(
    casework: &Casework,
    staff: StaffId,
    code: &str,
    now: Timestamp,
) -> anyhow::Result<bool> {
    let mut transaction = casework.app.pool.begin().await.context("could not begin a transaction")?;
    let used = sqlx::query!(
        "update recovery_codes set used_at = $3 where staff_id = $1 and tag = $2 and used_at is null",
        staff.0,
        tag(&casework.app, staff, code),
        now as Timestamp,
    )
    .execute(&mut *transaction)
    .await
    .context("could not take a recovery code")?;
    if used.rows_affected() != 1 {
        return Ok(false);
    }
    let left = sqlx::query_scalar!(
        r#"select count(*) as "left!" from recovery_codes where staff_id = $1 and used_at is null"#,
        staff.0
    )
    .fetch_one(&mut *transaction)
    .await
    .context("could not count recovery codes")?;
    let change = Change::RecoveryCodeUsed { staff: staff.0 };
    let news = News::RecoveryCodeUsed { left };
    tell(casework, &mut transaction, staff, &news, Some((Doer::Staff(staff), &change)), now).await?;
    transaction.commit().await.context("could not commit a recovery code")?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_differ_and_are_read_however_they_are_typed() {
        let (one, other) = (make(), make());
        assert_ne!(one, other);
        assert_eq!(one.len(), 19, "{one}");
        assert_eq!(normalise(&one).len(), LENGTH);
        assert_eq!(normalise(&one), normalise(&one.to_uppercase().replace('-', " ")));
        assert_eq!(normalise("ABCD-0180-wxyz-2345"), "abcdoibowxyz2345");
    }
}
