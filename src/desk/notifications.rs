//! `/desk/notifications`: what somebody at the desk is told by mail, how, and in which language.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, http::StatusCode};
use anyhow::Context as _;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use strum::VariantArray as _;

use crate::{
    case::{
        actor::{Role, StaffId},
        told_staff::{How, NoticeKind},
    },
    clock::Timestamp,
    desk::api::{answer, notifications::Notifications},
    lang::Language,
    staff::{members, session::SignedIn},
    web::{Fields, Reader, WebError, error::FieldError},
};

/// The page.
pub const PATH: &str = "/desk/notifications";
/// The field of the language, here and on the page of the account.
pub const LANGUAGE: &str = "language";

/// `desk/notifications.html`.
#[derive(Debug, Serialize)]
struct NotificationsView {
    /// By the name of the field: the word of a kind, or `language`.
    values: BTreeMap<&'static str, String>,
    errors: BTreeMap<&'static str, String>,
    error_list: Vec<FieldError>,
    kinds: Vec<NoticeKind>,
    address: String,
    digest_at: String,
    /// The last mail to this person did not arrive.
    failed_at: Option<Timestamp>,
}

/// `GET /desk/notifications`
pub async fn show(reader: Reader, staff: SignedIn) -> Result<HttpResponse, WebError> {
    let mut connection = reader.app.pool.acquire().await?;
    let mut values = list_chosen(&mut connection, staff.id).await?;
    let person = find_person(&mut connection, staff.id).await?;
    values.insert(LANGUAGE, person.language.clone());
    let view = view(&reader, &staff, person, (values, Vec::new()));
    reader.ok("desk/notifications.html", &view)
}

/// `POST /desk/notifications`: the word of each kind, and `language`.
pub async fn save(reader: Reader, staff: SignedIn, fields: Fields) -> Result<HttpResponse, WebError> {
    let kinds = kinds_for(staff.role);
    let mut wrong = Vec::new();
    let mut refuse = |field: &'static str| {
        wrong.push(FieldError { field: field.to_owned(), message: reader.language.text("desk-choose") });
    };
    let mut chosen = Vec::new();
    for kind in &kinds {
        match fields.get(kind.as_str()).parse::<How>() {
            Ok(how) => chosen.push((*kind, how)),
            Err(_) => refuse(kind.as_str()),
        }
    }
    if reader.is_api {
        // Nothing that a program sends is ignored.
        let unknown = NoticeKind::VARIANTS.iter().filter(|kind| !kinds.contains(kind));
        unknown.filter(|kind| fields.find(kind.as_str()).is_some()).for_each(|kind| refuse(kind.as_str()));
    }
    let language = Language::parse(fields.get(LANGUAGE));
    if language.is_none() {
        refuse(LANGUAGE);
    }
    if reader.is_api && !wrong.is_empty() {
        return Err(WebError::Invalid(wrong));
    }
    let (Some(language), true) = (language, chosen.len() == kinds.len()) else {
        let typed = kinds.iter().map(|kind| kind.as_str()).chain([LANGUAGE]);
        let values = typed.map(|name| (name, fields.get(name).to_owned())).collect();
        let mut connection = reader.app.pool.acquire().await?;
        let person = find_person(&mut connection, staff.id).await?;
        let view = view(&reader, &staff, person, (values, wrong));
        return reader.page(StatusCode::UNPROCESSABLE_ENTITY, "desk/notifications.html", &view);
    };
    store(&reader.app.pool, staff.id, &chosen, language).await?;
    if reader.is_api {
        return tell(reader, staff).await;
    }
    Ok(reader.see_other(PATH, "notice-notifications-saved"))
}

fn view(
    reader: &Reader,
    staff: &SignedIn,
    person: Person,
    (values, error_list): (BTreeMap<&'static str, String>, Vec<FieldError>),
) -> NotificationsView {
    let kinds = kinds_for(staff.role);
    let names = kinds.iter().map(|kind| kind.as_str()).chain([LANGUAGE]);
    let message =
        |name: &str| error_list.iter().find(|error| error.field == name).map(|error| error.message.clone());
    NotificationsView {
        errors: names.filter_map(|name| Some((name, message(name)?))).collect(),
        values,
        error_list,
        kinds,
        address: person.address,
        digest_at: reader.app.settings.desk.digest_at.join(", "),
        failed_at: person.failed_at,
    }
}

/// `GET /api/v1/notifications`: the same for programs, of the kinds that there are for their role.
pub async fn tell(reader: Reader, staff: SignedIn) -> Result<HttpResponse, WebError> {
    let mut connection = reader.app.pool.acquire().await?;
    let mut kinds = list_chosen(&mut connection, staff.id).await?;
    let person = find_person(&mut connection, staff.id).await?;
    drop(connection);
    let known = kinds_for(staff.role);
    kinds.retain(|word, _| known.iter().any(|kind| kind.as_str() == *word));
    let Person { address, language, failed_at } = person;
    Ok(answer::begin(StatusCode::OK).json(Notifications { kinds, language, address, failed_at }))
}

/// Whoever only reads is told only where a colleague names them.
fn kinds_for(role: Role) -> Vec<NoticeKind> {
    let concerns = |kind: &NoticeKind| match kind {
        NoticeKind::Mention => true,
        NoticeKind::ApprovalWanted => role >= Role::Approver,
        _ => role >= Role::Agent,
    };
    NoticeKind::VARIANTS.iter().copied().filter(concerns).collect()
}

/// What stands chosen for each kind, with the default where nothing was.
async fn list_chosen(
    connection: &mut PgConnection,
    staff: StaffId,
) -> anyhow::Result<BTreeMap<&'static str, String>> {
    let default = |kind: &NoticeKind| {
        let how: &str = kind.default_how().into();
        (kind.as_str(), how.to_owned())
    };
    let mut chosen: BTreeMap<&'static str, String> = NoticeKind::VARIANTS.iter().map(default).collect();
    let rows = sqlx::query!("select kind, how from staff_notice_settings where staff_id = $1", staff.0)
        .fetch_all(connection)
        .await
        .context("could not list what somebody is told")?;
    for row in rows {
        let kind: NoticeKind = row.kind.parse().context("an unknown kind of notice")?;
        chosen.insert(kind.as_str(), row.how);
    }
    Ok(chosen)
}

struct Person {
    address: String,
    language: String,
    failed_at: Option<Timestamp>,
}

async fn find_person(connection: &mut PgConnection, staff: StaffId) -> anyhow::Result<Person> {
    sqlx::query_as!(
        Person,
        r#"select s.email as address, s.language,
             (select case when e.state = 'failed' then e.settled_at end from emails e where e.id = (
                 select n.email_id from staff_notices n where n.staff_id = s.id and n.settled_at is not null
                     and n.email_id is not null order by n.settled_at desc, n.id desc limit 1)) as "failed_at: Timestamp"
         from staff s where s.id = $1"#,
        staff.0,
    )
    .fetch_one(connection)
    .await
    .context("could not look up a member of staff")
}

/// All of it or nothing.
async fn store(
    pool: &PgPool,
    staff: StaffId,
    chosen: &[(NoticeKind, How)],
    language: Language,
) -> anyhow::Result<()> {
    let (kinds, ways): (Vec<String>, Vec<String>) =
        chosen.iter().map(|(kind, how)| (kind.as_str().to_owned(), <&str>::from(*how).to_owned())).unzip();
    let mut transaction = pool.begin().await.context("could not begin a transaction")?;
    sqlx::query!(
        "insert into staff_notice_settings (staff_id, kind, how)
         select $1, kind, how from unnest($2::text[], $3::text[]) as chosen (kind, how) order by kind
         on conflict (staff_id, kind) do update set how = excluded.how",
        staff.0,
        &kinds,
        &ways,
    )
    .execute(&mut *transaction)
    .await
    .context("could not keep what somebody is told")?;
    members::choose_language(&mut transaction, staff, language).await?;
    transaction.commit().await.context("could not commit what somebody is told")
}
