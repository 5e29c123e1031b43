//! A case as it would be that was erased, or that closed before lines rested on anything: by the owner of the database, since no
//! program does either here.

use std::collections::BTreeMap;

use handover::{
    case::{actor::Role, digest::Digest},
    pack::format::{Chain, Line},
};
use serde_json::Value;
use uuid::Uuid;

use super::{pack_of, remade::Remade};
use crate::helpers::desk::Desk;

/// Makes `lines` the trail of the case, hashed anew; the log forgets it.
async fn put_lines(desk: &Desk, case: Uuid, number: &str, lines: &mut [Line]) {
    let mut transaction = desk.owner.begin().await.unwrap();
    sqlx::raw_sql("set local session_replication_role = replica").execute(&mut *transaction).await.unwrap();
    let mut previous = Digest([0; 32]);
    sqlx::query("delete from case_events where case_id = $1")
        .bind(case)
        .execute(&mut *transaction)
        .await
        .unwrap();
    for line in lines.iter_mut() {
        line.previous = previous;
        line.hash = line.hash(case);
        previous = line.hash;
        sqlx::query(
            "insert into case_events (case_id, seq, version, at, actor, staff_id, kind, data, previous_hash, hash)
             values ($1, $2, $3, to_timestamp($4::numeric / 1000000), $5, $6, $7, $8::jsonb, $9, $10)",
        )
        .bind(case)
        .bind(line.seq)
        .bind(line.version)
        .bind(line.at)
        .bind(&line.actor)
        .bind(line.staff)
        .bind(&line.kind)
        .bind(&line.data)
        .bind(line.previous.0.as_slice())
        .bind(line.hash.0.as_slice())
        .execute(&mut *transaction)
        .await
        .unwrap();
    }
    let count = i32::try_from(lines.len()).unwrap();
    sqlx::query("update cases set event_count = $2, event_hash = $3 where id = $1")
        .bind(case)
        .bind(count)
        .bind(previous.0.as_slice())
        .execute(&mut *transaction)
        .await
        .unwrap();
    sqlx::query("delete from log_leaves where subject = $1")
        .bind(number)
        .execute(&mut *transaction)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
}

async fn lines_of(desk: &Desk, number: &str) -> Vec<Line> {
    let auditor = desk.staff("olga", Role::Auditor).await;
    let pack = Remade::of(&pack_of(&auditor, number, "redacted").await);
    let chain: Chain = serde_json::from_value(pack.json("chain.json")).unwrap();
    chain.lines
}

/// As erasure does it: the words go, the row gets another digest, and a line takes it.
pub async fn erase(desk: &Desk, number: &str) {
    let case = desk.find_case(number).await;
    let mut lines = lines_of(desk, number).await;
    let pool = &desk.owner;
    let mut transaction = pool.begin().await.unwrap();
    sqlx::raw_sql("set local session_replication_role = replica").execute(&mut *transaction).await.unwrap();
    for column in ["requester_name", "departed_name", "successor_name", "explanation", "company"] {
        let sql = format!("update escalations set {column} = '[erased]' where case_id = $1");
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(case).execute(&mut *transaction).await.unwrap();
    }
    // What the table's trigger would have done.
    let digest = "set local timezone = 'UTC'; set local bytea_output = 'hex';
         call cover_rows('escalations', 'r.case_id', '''''', array['language', 'hosting', 'contact_role', 'successor_is_requester'],
             array['requester_name', 'requester_email', 'requester_phone', 'requester_position', 'company', 'customer_number',
                 'departed_name', 'departed_email', 'departed_on', 'successor_name', 'successor_email', 'explanation']);";
    sqlx::raw_sql(digest).execute(&mut *transaction).await.unwrap();
    let seq = i32::try_from(lines.len()).unwrap() + 1;
    let digest: String = sqlx::query_scalar(
        "update case_digests set seq = $2 where case_id = $1 and subject = 'escalations' and seq is null
         returning encode(digest, 'hex')",
    )
    .bind(case)
    .bind(seq)
    .fetch_one(&mut *transaction)
    .await
    .unwrap();
    transaction.commit().await.unwrap();
    let mut line = lines.last().unwrap().clone();
    line.seq = seq;
    line.kind = "erased".to_owned();
    line.data =
        format!(r#"{{"from":"closed","kind":"erased","rests_on":["{digest} escalations"],"to":"closed"}}"#);
    lines.push(line);
    put_lines(desk, case, number, &mut lines).await;
}

/// As the case would be that closed before there were digests: the migration gives it some, and no line has heard of them.
pub async fn make_old(desk: &Desk, number: &str) {
    let case = desk.find_case(number).await;
    let mut lines = lines_of(desk, number).await;
    lines.retain(|line| line.kind != "erased");
    for line in &mut lines {
        let mut data: BTreeMap<String, Value> = serde_json::from_str(&line.data).unwrap();
        data.remove("rests_on");
        line.data = serde_json::to_string(&data).unwrap();
    }
    put_lines(desk, case, number, &mut lines).await;
    sqlx::raw_sql("set session_replication_role = replica; update case_digests set seq = null; reset session_replication_role")
        .execute(&desk.owner)
        .await
        .unwrap();
}
