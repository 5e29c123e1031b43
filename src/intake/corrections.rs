//! An address of the request that the requester sets right, on the page of their case.
//!
//! Only before the request is sent, and only a few times; what falls with the old one is for the rules.

use actix_web::{HttpResponse, web};

use super::{cases, field_errors::Sentence, form::answers::Answers, links, offered::field};
use crate::{
    case::{address::EmailAddress, escalation::Addressed, prepared::is_below, refusal::Refusal},
    casework::{ActError, Casework, Loaded, foreign_domains, links::Purpose},
    web::{Fields, Reader, WebError},
};

/// `POST /cases/{token}/addresses/{whose}`: field `successor_email` or `departed_email`.
pub async fn create(
    reader: Reader,
    casework: web::Data<Casework>,
    path: web::Path<(String, String)>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let (token, whose) = path.into_inner();
    let loaded = links::open(&casework, &token, Purpose::Status).await?;
    let whose: Addressed = whose.parse().map_err(|_| WebError::NotFound)?;
    let field = field(whose);
    let mut answers = Answers::new(&fields);
    let address = answers.email(field, "intake-error-email");
    if let Some(address) = &address
        && let Some(key) = wrong(&casework, &loaded, whose, address)
    {
        answers.errors.push(field, Sentence::new(key));
    }
    let errors = answers.errors;
    let Some(address) = address.filter(|_| errors.is_empty()) else {
        return cases::again(&reader, &casework, &token, &loaded, fields, &errors).await;
    };
    match casework.correct_address(loaded.case.id, whose, &address).await {
        Ok(_) => {}
        // Somebody changed the other address meanwhile.
        Err(ActError::Refused(Refusal::AddressTaken)) => {
            let mut errors = errors;
            errors.push(field, Sentence::new("intake-error-address-taken"));
            return cases::again(&reader, &casework, &token, &loaded, fields, &errors).await;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(reader.see_other(&cases::address(&token), "notice-address-corrected"))
}

/// What the form would say to it.
fn wrong(
    casework: &Casework,
    loaded: &Loaded,
    whose: Addressed,
    address: &EmailAddress,
) -> Option<&'static str> {
    let foreign = foreign_domains(&casework.app.settings);
    if whose == Addressed::Successor && foreign.iter().any(|domain| is_below(address.domain(), domain)) {
        return Some("intake-error-email-foreign");
    }
    match loaded.escalation.admits(whose, address) {
        Err(Refusal::NothingCorrected) => Some("intake-error-address-unchanged"),
        Err(_) => Some("intake-error-address-taken"),
        Ok(()) => None,
    }
}
