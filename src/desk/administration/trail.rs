//! `GET /desk/administration/trail`: what administrators changed, the latest first; and the same as a file.
//!
//! Changes nothing. One query for a full page as for an empty one. Nothing in a cell of the file is ever a formula.

use actix_web::{HttpResponse, http::header, web};
use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use crate::{
    administration::trail::{self, Change, Entry},
    clock::Timestamp,
    desk::queue::csv::safe,
    lang::{Arguments, Language},
    web::{Reader, WebError},
};

pub const PATH: &str = "/desk/administration/trail";
const PAGE_SIZE: i64 = 50;
/// Lines of one file; `?before=` goes on where one ended.
const MOST: i64 = 10_000;

/// What of the address counts; nonsense is ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    before: String,
}

impl Query {
    fn before(&self) -> Option<i64> {
        self.before.parse().ok()
    }
}

/// `desk/administration/trail.html`.
#[derive(Debug, Serialize)]
struct TrailView {
    lines: Vec<LineView>,
    file: String,
    next: Option<String>,
    first: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct LineView {
    seq: i64,
    at: Timestamp,
    who: String,
    what: String,
}

pub async fn show(reader: Reader, query: web::Query<Query>) -> Result<HttpResponse, WebError> {
    let before = query.before();
    let mut connection = reader.app.pool.acquire().await?;
    let mut entries = trail::list(&mut connection, before, PAGE_SIZE.saturating_add(1)).await?;
    drop(connection);
    let more = i64::try_from(entries.len()).is_ok_and(|count| count > PAGE_SIZE);
    entries.truncate(usize::try_from(PAGE_SIZE).unwrap_or(usize::MAX));
    let address = |path: &str, before: i64| format!("{path}?before={before}");
    let file = format!("{PATH}.csv");
    let view = TrailView {
        next: entries.last().filter(|_| more).map(|last| address(PATH, last.seq)),
        first: before.map(|_| PATH),
        file: before.map_or_else(|| file.clone(), |before| address(&file, before)),
        lines: entries.iter().map(|entry| LineView::new(entry, reader.language)).collect(),
    };
    reader.ok("desk/administration/trail.html", &view)
}

/// `GET /desk/administration/trail.csv`
pub async fn download(reader: Reader, query: web::Query<Query>) -> Result<HttpResponse, WebError> {
    let mut connection = reader.app.pool.acquire().await?;
    let mut entries = trail::list(&mut connection, query.before(), MOST.saturating_add(1)).await?;
    drop(connection);
    let more = i64::try_from(entries.len()).is_ok_and(|count| count > MOST);
    entries.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
    let body = write((&entries, more), reader.language, &reader.app.zone)
        .context("could not write the trail as CSV")?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"administration.csv\""))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body))
}

fn write(
    (entries, more): (&[Entry], bool),
    language: Language,
    zone: &jiff::tz::TimeZone,
) -> anyhow::Result<Vec<u8>> {
    // As in the file of the queue: a German spreadsheet takes the comma for the decimal sign.
    let delimiter = if language == Language::De { b';' } else { b',' };
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(Vec::new());
    writer.write_record(
        ["changes-line", "changes-at", "changes-who", "changes-what", "changes-data"]
            .map(|key| language.text(key)),
    )?;
    for entry in entries {
        let line = LineView::new(entry, language);
        writer.write_record([
            line.seq.to_string(),
            zone.to_datetime(*line.at).strftime("%Y-%m-%d %H:%M:%S").to_string(),
            safe(&line.who),
            safe(&line.what),
            safe(&entry.data.to_string()),
        ])?;
    }
    if let Some(last) = entries.last().filter(|_| more) {
        let arguments: Arguments<'_> = [("line".into(), last.seq.into())].into();
        writer.write_record([language.text_with("changes-csv-cut", &arguments)])?;
    }
    let mut body = "\u{feff}".as_bytes().to_vec();
    body.extend(writer.into_inner().map_err(|error| error.into_error())?);
    Ok(body)
}

impl LineView {
    fn new(entry: &Entry, language: Language) -> Self {
        let who = match &entry.staff_name {
            Some(name) => name.clone(),
            None => language.text(&format!("changes-actor-{}", entry.actor)),
        };
        Self { seq: entry.seq, at: entry.at, who, what: sentence(entry, language) }
    }
}

fn sentence(entry: &Entry, language: Language) -> String {
    let Some(change) = &entry.change else { return language.text("changes-unknown") };
    let kind: &str = change.into();
    let title = entry.title.as_ref().map(|(german, english)| match language {
        Language::De => german.clone(),
        Language::En => english.clone(),
    });
    let mut arguments: Arguments<'_> = [
        ("title".into(), title.unwrap_or_default().into()),
        ("about".into(), entry.about.clone().unwrap_or_default().into()),
    ]
    .into();
    match change {
        Change::BlockCreated { version, .. } | Change::BlockChanged { version, .. } => {
            arguments.insert("version".into(), (*version).into());
        }
        Change::TokenCreated { scopes, .. } => {
            arguments.insert("scopes".into(), scopes.join(", ").into());
        }
        Change::StaffAdded { role, .. }
        | Change::StaffRoleChanged { role, .. }
        | Change::StaffReactivated { role, .. }
        | Change::StaffInvited { role, .. }
        | Change::StaffJoined { role, .. }
        | Change::ServiceAdded { role, .. } => {
            let role: &str = role.into();
            arguments.insert("role".into(), language.text(&format!("role-{role}")).into());
        }
        Change::StaffSessionsEnded { sessions, .. } => {
            arguments.insert("sessions".into(), (*sessions).into());
        }
        Change::StaffCasesHandedOver { cases, .. } => {
            arguments.insert("cases".into(), (*cases).into());
        }
        Change::StaffJoinedByProvider { role, provider, .. }
        | Change::StaffRoleByProvider { role, provider, .. } => {
            let role: &str = role.into();
            arguments.insert("role".into(), language.text(&format!("role-{role}")).into());
            arguments.insert("provider".into(), provider.clone().into());
        }
        Change::IdentityBound { provider, .. } | Change::IdentityUnbound { provider, .. } => {
            arguments.insert("provider".into(), provider.clone().into());
        }
        Change::SecondFactorAdded { factor, .. } | Change::SecondFactorRemoved { factor, .. } => {
            let word: &str = factor.into();
            arguments.insert("factor".into(), language.text(&format!("second-factor-kind-{word}")).into());
        }
        Change::Forgotten { class, rows } => {
            arguments.insert("class".into(), language.text(&format!("retention-class-{class}")).into());
            arguments.insert("rows".into(), (*rows).into());
        }
        Change::CaseDeleted { number, years, .. } => {
            arguments.insert("number".into(), number.clone().into());
            arguments.insert("years".into(), (*years).into());
        }
        Change::CustomersSaved { customers } => {
            arguments.insert("customers".into(), (*customers).into());
        }
        Change::RegisterImported { lines, refused, .. } => {
            arguments.insert("lines".into(), (*lines).into());
            arguments.insert("refused".into(), (*refused).into());
        }
        Change::EvidenceRekeyBegun { key } | Change::LogKeyReplaced { key } => {
            arguments.insert("key".into(), key.clone().into());
        }
        Change::EvidenceRekeyEnded { key, files, failures } => {
            arguments.insert("key".into(), key.clone().into());
            arguments.insert("files".into(), (*files).into());
            arguments.insert("failures".into(), (*failures).into());
        }
        Change::WebhookCreated { personal, .. } | Change::WebhookChanged { personal, .. } => {
            arguments.insert("personal".into(), personal.to_string().into());
        }
        Change::WebhookDisabled { why, .. } => {
            arguments.insert("why".into(), why.clone().into());
        }
        Change::PersonExported { rows, .. } => {
            arguments.insert("rows".into(), (*rows).into());
        }
        Change::PersonErased { rows, kept, .. } => {
            arguments.insert("rows".into(), (*rows).into());
            arguments.insert("kept".into(), (*kept).into());
        }
        Change::ErasureAsked { request }
        | Change::ErasureConsented { request }
        | Change::ErasureWithdrawn { request }
        | Change::ErasureExpired { request } => {
            arguments.insert("request".into(), request.to_string().into());
        }
        Change::BlockRetired { .. }
        | Change::WebhookSecretChanged { .. }
        | Change::WebhookEnabled { .. }
        | Change::WebhookDeleted { .. }
        | Change::BlockRestored { .. }
        | Change::StaffDisabled { .. }
        | Change::TokenEnded { .. }
        | Change::StaffPasswordChanged { .. }
        | Change::StaffPasswordReset { .. }
        | Change::StaffInvitationSentAgain { .. }
        | Change::StaffInvitationWithdrawn { .. }
        | Change::PasskeyRefused { .. }
        | Change::RecoveryCodesRenewed { .. }
        | Change::RecoveryCodeUsed { .. }
        | Change::SecondFactorsReset { .. } => {}
    }
    language.text_with(&format!("changes-{kind}"), &arguments)
}
