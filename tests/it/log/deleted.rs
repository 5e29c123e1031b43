//! A case whose time is over goes altogether, by one door: what the services can't do by it, and that whatever a superuser does
//! instead shows.

use handover::administration::trail::{self, Change, Doer};

use super::{
    attacks::{keep, kinds, put_back},
    *,
};

/// A young case's trail and row go.
const REMOVED: &str =
    "delete from case_events e using cases c where c.id = e.case_id and c.number = '{young}';
    delete from cases where number = '{young}'";
/// They go, and what the door would have left is put there.
const BURIED: &str = "insert into case_tombstones (number, event_count, event_hash, at, rule, years)
        select number, event_count, event_hash, '{now}', 'trail', 10 from cases where number = '{young}';
    delete from case_events e using cases c where c.id = e.case_id and c.number = '{young}';
    delete from cases where number = '{young}'";

/// Lets the years go by, for the program and for its database.
async fn until(desk: &Desk, at: &str) {
    let then: jiff::Timestamp = at.parse().unwrap();
    let sql = format!(
        "create or replace function time_of_deleting() returns timestamptz language sql stable as $$ select '{at}'::timestamptz $$"
    );
    sqlx::query(AssertSqlSafe(sql)).execute(&desk.owner).await.unwrap();
    desk.later(then.duration_since(*desk.now()).as_hours()).await;
    desk.take_all_letters();
}

/// A request that nobody confirmed: its number.
async fn asked(desk: &Desk, sen: &str) -> String {
    let fields = form_with(&[("entitlements", sen)]);
    desk.visitor("de").escalates(&fields).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.newest().await
}

async fn is_there(desk: &Desk, number: &str) -> bool {
    sqlx::query_scalar("select exists (select from cases where number = $1)")
        .bind(number)
        .fetch_one(&desk.owner)
        .await
        .unwrap()
}

/// One that is gone, and one that is closed and erased and has years to go.
async fn old_and_young() -> (Desk, String, String) {
    let desk = Desk::start_with(AT_ONCE).await;
    desk.import_register().await;
    let old = asked(&desk, "SEN-10000001").await;
    // It is closed in that year, since nobody confirmed it.
    until(&desk, "2026-12-20T12:00:00Z").await;
    until(&desk, "2036-12-20T12:00:00Z").await;
    assert!(is_there(&desk, &old).await, "until the end of the tenth year");
    let young = asked(&desk, "SEN-10000002").await;
    until(&desk, "2037-02-10T12:00:00Z").await;
    assert!(!is_there(&desk, &old).await);
    until(&desk, "2037-06-01T12:00:00Z").await;
    assert!(is_there(&desk, &young).await);
    (desk, old, young)
}

#[actix_web::test]
async fn what_a_superuser_makes_of_a_deletion_shows() {
    let (desk, old, young) = old_and_young().await;
    let pool = &desk.owner;
    let honest = verified(pool, &[]).await;
    assert_eq!((honest.findings.as_slice(), honest.deleted), (&[][..], 1));
    keep(pool).await;
    let now = desk.now().to_string();
    let words = |sql: &str| sql.replace("{young}", &young).replace("{old}", &old).replace("{now}", &now);
    for (what, attack, shown) in [
        (
            "what is left is removed, too",
            "delete from case_tombstones",
            &["Gone", "NoCase", "TombstoneGone"][..],
        ),
        (
            "another end",
            "update case_tombstones set event_hash = sha256(event_hash)",
            &["DeletedUntold", "Tombstone"],
        ),
        (
            "fewer lines",
            "update case_tombstones set event_count = event_count - 1",
            &["DeletedUntold", "Gone", "Tombstone"],
        ),
        (
            "another day",
            "update case_tombstones set at = at - interval '1 year'",
            &["DeletedEarly", "DeletedUntold", "TombstoneGone"],
        ),
        ("another rule", "update case_tombstones set years = 9", &["DeletedUntold"]),
        (
            "another number",
            "update case_tombstones set number = 'HO-2026-09999'",
            &["DeletedUntold", "Gone", "NoCase", "Tombstone", "TombstoneGone"],
        ),
        ("a case goes, and nothing is left", REMOVED, &["Gone", "NoCase"]),
        ("it leaves something", BURIED, &["DeletedEarly", "DeletedUntold"]),
        (
            "a case takes the number of one that is gone",
            "update cases set number = '{old}' where number = '{young}'",
            &["Chain", "Gone", "NoCase", "NotLogged", "Risen"],
        ),
    ] {
        overwrite(pool, &words(attack)).await;
        assert_eq!(kinds(&findings(pool, &[]).await), shown, "{what}");
        put_back(pool).await;
        assert_eq!(findings(pool, &[]).await, [], "{what}: put back");
    }

    // With the line that the program would have written, and all of it logged: the signed heads say how old the case is.
    let (lines, hash): (i32, Vec<u8>) =
        sqlx::query_as("select event_count, event_hash from cases where number = $1")
            .bind(&young)
            .fetch_one(pool)
            .await
            .unwrap();
    overwrite(pool, &words(BURIED)).await;
    let change = Change::CaseDeleted {
        number: young.clone(),
        lines,
        hash: data_encoding::HEXLOWER.encode(&hash),
        rule: "trail".to_owned(),
        years: 10,
    };
    let mut connection = pool.acquire().await.unwrap();
    trail::append(&mut connection, Doer::Program, &change, desk.now()).await.unwrap();
    drop(connection);
    log_all(&desk.casework.app).await;
    assert_eq!(findings(pool, &[]).await, [Finding::DeletedEarly(young)]);
}

/// Whoever has taken over the services has their rights, and the door.
#[actix_web::test]
async fn the_door_lets_nothing_go_before_its_time() {
    let (desk, old, young) = old_and_young().await;
    let (services, owner) = (&desk.casework.app.pool, &desk.owner);
    let case = desk.find_case(&young).await;
    let door = |years: i32| format!("select * from delete_case('{case}', {years}::smallint)");
    let refused = async |pool: &PgPool, sql: String, why: &str| {
        let error = sqlx::raw_sql(AssertSqlSafe(sql.clone())).execute(pool).await.unwrap_err().to_string();
        assert!(error.contains(why), "{sql}: {error}");
    };
    for table in ["cases", "case_events", "case_digests", "emails", "links", "case_tombstones"] {
        refused(services, format!("delete from {table}"), "permission denied").await;
    }
    let by_hand = format!("insert into case_tombstones (number, event_count, event_hash, at, rule, years)
        select number, event_count, event_hash, time_of_deleting(), 'trail', 6 from cases where number = '{young}'");
    refused(services, by_hand.clone(), "permission denied").await;
    // Not even the owner, as long as the guards stand.
    refused(owner, by_hand, "the time of this case is not over").await;
    refused(owner, "delete from cases".to_owned(), "append-only").await;
    refused(owner, "delete from case_events".to_owned(), "append-only").await;
    refused(owner, "delete from case_tombstones".to_owned(), "append-only").await;
    for years in [10, 6, 5, 0, -1, 101] {
        refused(services, door(years), "").await;
    }
    refused(services, door(6), "the time of this case is not over").await;
    refused(
        services,
        format!("select * from delete_case('{}', 6::smallint)", uuid::Uuid::nil()),
        "no such case",
    )
    .await;

    // A clock that the services turn themselves is nobody's here; a closing with an old date is none.
    overwrite(
        owner,
        &format!(
            "update case_events set at = '2001-01-01' where seq > 1 and case_id = '{case}';
            update cases set closed_at = '2001-01-01' where id = '{case}'"
        ),
    )
    .await;
    refused(services, door(6), "the time of this case is not over").await;
    // As old as they want it, and nothing in the log says so.
    overwrite(owner, &format!("update case_events set at = '2001-01-01' where case_id = '{case}'")).await;
    refused(services, door(6), "the time of this case is not over").await;

    // Over, by now; but the administrators' trail has to say so, and just that.
    let very_young = asked(&desk, "SEN-10000001").await;
    let sql = "create or replace function time_of_deleting() returns timestamptz language sql stable as $$ select '2060-02-01'::timestamptz $$";
    sqlx::query(sql).execute(owner).await.unwrap();
    let mut transaction = services.begin().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(door(10))).execute(&mut *transaction).await.unwrap();
    // The guards are open for that case alone.
    let other = sqlx::query("delete from case_events").execute(&mut *transaction).await.unwrap_err();
    assert!(other.to_string().contains("permission denied"));
    drop(transaction);
    for lies in [false, true] {
        let mut transaction = services.begin().await.unwrap();
        let (number, lines, hash, at): (String, i32, Vec<u8>, handover::clock::Timestamp) =
            sqlx::query_as(AssertSqlSafe(door(10))).fetch_one(&mut *transaction).await.unwrap();
        if lies {
            let hash = data_encoding::HEXLOWER.encode(&hash);
            let change = Change::CaseDeleted {
                number: very_young.clone(),
                lines,
                hash,
                rule: "trail".to_owned(),
                years: 10,
            };
            trail::append(&mut transaction, Doer::Program, &change, at).await.unwrap();
        }
        assert_eq!(number, young);
        let error = transaction.commit().await.unwrap_err().to_string();
        assert!(error.contains("stands in the trail of administration"), "{error}");
    }
    assert!(
        is_there(&desk, &young).await && is_there(&desk, &very_young).await && !is_there(&desk, &old).await
    );
    desk.take_all_letters();
}
