//! What the page of a case is made of, read in one statement for each owner: what is kept with the case, its mail, what the
//! register has under its licences, and who and what is at the desk.
//!
//! Reads and judges nothing; programs get their case from the same. A case is loaded before, which is one statement more.

use anyhow::Context as _;
use serde::Deserialize;
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::register::RegisterView;
use crate::{
    administration::blocks::Offered,
    app::App,
    case::{actor::StaffId, facts::LetterFacts},
    casework::{CaseRecord, Licences, Loaded, read_licences, read_record},
    desk::signals,
    mail::about::{self, Mail},
    staff::{members::Member, session::SignedIn},
};

/// What the page is made of.
#[derive(Debug)]
pub struct Material {
    pub loaded: Loaded,
    pub record: CaseRecord,
    pub mail: Mail,
    pub around: Around,
    pub licences: Licences,
    pub register: RegisterView,
    pub letter: LetterFacts,
}

impl Material {
    /// Four queries, whatever there is.
    pub async fn read(
        connection: &mut PgConnection,
        app: &App,
        loaded: Loaded,
        reading: &SignedIn,
    ) -> anyhow::Result<Self> {
        let case = loaded.case.id;
        let record = read_record(connection, case).await?;
        let mail = about::read(connection, case, app.clock.for_leases()).await?;
        let around = Around::read(connection, case, reading.id).await?;
        let (since, most) = signals::bounds(app);
        let licences = read_licences(connection, &loaded, since, most).await?;
        let register = RegisterView::of(&licences, &loaded.escalation);
        let letter = licences.letter_facts(&loaded, &record);
        Ok(Self { loaded, record, mail, around, licences, register, letter })
    }
}

/// Who and what is at the desk.
#[derive(Debug)]
pub struct Around {
    /// Everybody who is or ever was there, by name.
    pub members: Vec<Member>,
    /// The names of others who look at the case.
    pub watching: Vec<String>,
    /// Text blocks that are not retired, without their words.
    pub blocks: Vec<Offered>,
}

#[derive(Debug, Deserialize)]
struct BlockRow {
    id: Uuid,
    kind: String,
    title_de: String,
    title_en: String,
}

impl Around {
    /// As `members`, `watchers` and `blocks` read each of it alone. One query.
    async fn read(connection: &mut PgConnection, case: Uuid, me: StaffId) -> anyhow::Result<Self> {
        let row = sqlx::query!(
            r#"select
                 (select coalesce(json_agg(m order by m.name, m.id), '[]') from (
                     select id, name, email, disabled_at is null and role <> 'auditor' and kind = 'person' as works_cases,
                         disabled_at is null and role in ('approver', 'admin') and kind = 'person' as approves
                     from staff) m) as "members!: Json<Vec<Member>>",
                 array(select distinct s.name from case_watchers w join staff s on s.id = w.staff_id
                     where w.case_id = $1 and w.staff_id <> $2 and w.seen_until > now() order by s.name limit 10) as "watching!",
                 (select coalesce(json_agg(b order by b.created_at, b.id), '[]') from (
                     select b.id, b.kind, v.title_de, v.title_en, b.created_at from text_blocks b
                     cross join lateral (select title_de, title_en from text_block_versions where block_id = b.id
                         order by version desc limit 1) v
                     where b.retired_at is null) b) as "blocks!: Json<Vec<BlockRow>>""#,
            case,
            me.0,
        )
        .fetch_one(connection)
        .await
        .context("could not read who and what is at the desk")?;
        let blocks = row.blocks.0.into_iter().map(|row| {
            let kind = row.kind.parse().context("an unknown kind of text block")?;
            Ok(Offered { id: row.id, kind, title_de: row.title_de, title_en: row.title_en })
        });
        Ok(Self {
            members: row.members.0,
            watching: row.watching,
            blocks: blocks.collect::<anyhow::Result<_>>()?,
        })
    }
}
