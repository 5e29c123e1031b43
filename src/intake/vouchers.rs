//! Another contact on record confirms that the change is right, or objects. Opening the page changes nothing.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;
use uuid::Uuid;

use super::{
    field_errors::{ErrorsView, Sentence},
    form::answers::Answers,
    links,
    message::MessageView,
    people::PeopleView,
};
use crate::{
    case::{
        action::{Action, ActionKind},
        actor::Actor,
        check::{CheckKind, Evidence},
        escalation::{ContactRole, Hosting},
        text::Note,
    },
    casework::{
        Casework, Loaded,
        links::{Purpose, find_voucher_link},
    },
    token::Token,
    web::{Fields, Reader, WebError, see_other},
};

/// What `intake/voucher.html` shows.
#[derive(Clone, Debug, Serialize)]
pub struct VoucherView {
    company: String,
    people: PeopleView,
    hosting: Option<Hosting>,
    contact_role: ContactRole,
    entitlements: Vec<String>,
    values: Fields,
    #[serde(flatten)]
    errors: ErrorsView,
}

impl VoucherView {
    fn new(loaded: &Loaded, values: Fields, errors: ErrorsView) -> Self {
        let escalation = &loaded.escalation;
        Self {
            company: escalation.company.clone(),
            people: PeopleView::of(escalation),
            hosting: escalation.hosting,
            contact_role: loaded.asked_role,
            entitlements: escalation.entitlements.iter().map(ToString::to_string).collect(),
            values,
            errors,
        }
    }
}

/// `GET /vouchers/{token}`: the question; once it is settled, how.
pub async fn show(
    reader: Reader,
    casework: web::Data<Casework>,
    token: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let Some(loaded) = find_case(&casework, &token).await? else {
        let ended = links::find_ended(&casework, &token, Purpose::Voucher).await?;
        return ended.map_or_else(
            || links::gone(&reader),
            |(loaded, contact, came_back)| {
                links::ended(&reader, came_back, no_longer_asked(&loaded, contact))
            },
        );
    };
    let now = casework.app.clock.now();
    if loaded.case.offers_one(Actor::RegisteredContact, ActionKind::Vouch, now) {
        let view = VoucherView::new(&loaded, Fields::default(), ErrorsView::default());
        return reader.ok("intake/voucher.html", &view);
    }
    let (tone, title, text) = settled(&loaded);
    reader.ok(MessageView::TEMPLATE, &MessageView::new(tone, reader.language, title, text))
}

/// `POST /vouchers/{token}`: field `decision` (`confirm` | `object`), and `note`, which may be missing.
pub async fn create(
    reader: Reader,
    casework: web::Data<Casework>,
    token: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let loaded = find_case(&casework, &token).await?.ok_or(WebError::NotFound)?;
    let mut answers = Answers::new(&fields);
    let confirms = match fields.get("decision") {
        "confirm" => Some(true),
        "object" => Some(false),
        _ => None,
    };
    if confirms.is_none() {
        answers.errors.push("decision", Sentence::new("intake-error-voucher"));
    }
    let note = answers.optional_text("note");
    let (Some(confirms), Some(note)) = (confirms, note) else {
        let errors = answers.errors.view(reader.language);
        if reader.wants_json {
            return Err(errors.into());
        }
        let view = VoucherView::new(&loaded, fields, errors);
        return reader.page(StatusCode::UNPROCESSABLE_ENTITY, "intake/voucher.html", &view);
    };
    let action = match confirms {
        true => Action::Vouch,
        false => Action::Object { kind: CheckKind::Vouch, contact: None, note: note.map(Note::new) },
    };
    casework.act(loaded.case.id, Actor::RegisteredContact, &action, None).await?;
    Ok(see_other(&format!("/vouchers/{token}")))
}

async fn find_case(casework: &Casework, token: &str) -> Result<Option<Loaded>, WebError> {
    let Some(token) = Token::parse(token) else { return Ok(None) };
    let mut connection = casework.app.pool.acquire().await?;
    let case = find_voucher_link(&mut connection, &token, casework.app.clock.now()).await?;
    drop(connection);
    match case {
        Some(case) => Ok(casework.load(case).await?),
        None => Ok(None),
    }
}

/// How it stands when there is nothing to decide (any more): tone and keys.
fn settled(loaded: &Loaded) -> (&'static str, &'static str, &'static str) {
    match loaded.case.check(CheckKind::Vouch).map(|check| &check.evidence) {
        Some(Evidence::Vouched { .. }) => ("ok", "intake-vouched-title", "intake-vouched-text"),
        Some(Evidence::VouchRefused { .. }) => ("ok", "intake-objected-title", "intake-objected-text"),
        _ if loaded.case.state.is_closed() => ("info", "intake-over-title", "intake-over-text"),
        _ => ("info", "intake-not-now-title", "intake-not-now-text"),
    }
}

/// A link that has expired, or whose contact is no longer asked: why is not said, since it may be the register's word or another
/// person's.
fn no_longer_asked(loaded: &Loaded, contact: Option<Uuid>) -> (&'static str, &'static str, &'static str) {
    let check = loaded.case.check(CheckKind::Vouch);
    let own = check.is_some_and(|check| contact.is_some() && check.evidence.contact() == contact);
    if own && check.is_some_and(|check| !matches!(check.evidence, Evidence::VouchRequested { .. })) {
        return settled(loaded);
    }
    ("info", "intake-not-needed-title", "intake-not-needed-text")
}
