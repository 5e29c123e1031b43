//! Keeps what staff are to be told of, in the transaction of the change. Sends nothing: `unattended::staff_mail` does.
//!
//! One row for each person, case and kind until it is told, however often it happens.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::load::Loaded;
use crate::{
    case::{
        actor::{Actor, StaffId},
        outcome::{Effect, Transition},
        state::State,
        text::NoteKind,
        told_staff::{Colleague, Happened, NoticeKind, Told, tell_one},
    },
    clock::Timestamp,
};

/// What happens to one case within this time becomes one mail.
pub(super) const GATHERED: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);

/// Keeps who is told of `transition`, which is made. Most of them concern nobody and cost no statement.
pub(super) async fn keep(
    connection: &mut PgConnection,
    loaded: &Loaded,
    (actor, before): (Actor, &State),
    transition: &Transition,
    now: Timestamp,
) -> anyhow::Result<()> {
    let happened = Happened {
        event: &transition.event,
        by: actor,
        before,
        owner: loaded.owner,
        hands: &loaded.case.hands,
        note: actor.staff_id().and_then(|_| note_of(transition)),
    };
    if !happened.concerns_staff() {
        return Ok(());
    }
    let told = happened.tell(&list_colleagues(connection).await?);
    insert(connection, (loaded.case.id, Some(loaded.event_count)), &told, now).await
}

/// Keeps that `case` is to be told of as `kind`, though nothing in it changed.
pub(super) async fn keep_of(
    connection: &mut PgConnection,
    (case, owner): (Uuid, Option<StaffId>),
    kind: NoticeKind,
    now: Timestamp,
) -> anyhow::Result<()> {
    let told = tell_one(kind, owner, &list_colleagues(connection).await?);
    insert(connection, (case, None), &[told], now).await
}

/// What staff wrote for colleagues.
fn note_of(transition: &Transition) -> Option<&str> {
    transition.effects.iter().find_map(|effect| match effect {
        Effect::KeepNote(NoteKind::Note | NoteKind::Reason, note) => Some(note.text.as_str()),
        _ => None,
    })
}

/// Everybody who is there.
async fn list_colleagues(connection: &mut PgConnection) -> anyhow::Result<Vec<Colleague>> {
    let rows = sqlx::query!(
        "select id, role, name, email from staff where disabled_at is null and kind = 'person' order by id"
    )
    .fetch_all(connection)
    .await
    .context("could not list who is at the desk")?;
    rows.into_iter()
        .map(|row| {
            let role =
                row.role.parse().with_context(|| format!("a member of staff has the role {:?}", row.role))?;
            Ok(Colleague { id: StaffId(row.id), role, name: row.name, address: row.email })
        })
        .collect()
}

async fn insert(
    connection: &mut PgConnection,
    (case, seq): (Uuid, Option<i32>),
    told: &[Told],
    now: Timestamp,
) -> anyhow::Result<()> {
    for Told { kind, to, own } in told {
        let to: Vec<Uuid> = to.iter().map(|staff| staff.0).collect();
        sqlx::query!(
            "insert into staff_notices (staff_id, case_id, kind, own, event_seq, at, due_at)
             select person, $2, $3, $4, $5, $6, $7 from unnest($1::uuid[]) as person order by person
             on conflict (staff_id, case_id, kind) where settled_at is null
             do update set times = staff_notices.times + 1, own = staff_notices.own or excluded.own",
            &to,
            case,
            kind.as_str(),
            own,
            seq,
            now as Timestamp,
            now.after(GATHERED) as Timestamp,
        )
        .execute(&mut *connection)
        .await
        .context("could not keep whom to tell")?;
    }
    Ok(())
}
