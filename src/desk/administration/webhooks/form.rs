//! The form of an endpoint: read with all that is wrong at once, in the reader's words.

use std::collections::BTreeMap;

use crate::{
    administration::webhooks::Written,
    case::{characters::find_hidden, facts::Line},
    lang::{Arguments, Language},
    web::Fields,
    webhooks::{EventKind, Reach, Target, WrongTarget, endpoints::Endpoint},
};

/// The most characters of a name: it stands in a list beside others.
const LONGEST_NAME: usize = 80;
/// Every field that can be wrong, in the order of the page; of the events, the first box stands for all.
pub const FIELDS: [&str; 3] = ["name", "address", FIRST_KIND];
pub const FIRST_KIND: &str = "kind_case_opened";

/// What is wrong, by field.
pub type Errors = BTreeMap<&'static str, String>;

pub fn field_of(kind: EventKind) -> String {
    format!("kind_{}", kind.as_str())
}

/// Without an address, one that is there keeps its own (`is_new` is false).
///
/// # Errors
/// All that is wrong, at once.
pub fn read(fields: &Fields, is_new: bool, reach: &Reach, language: Language) -> Result<Written, Errors> {
    let mut errors = Errors::new();
    let name = read_name(fields.get("name"), language).unwrap_or_else(|sentence| {
        errors.insert("name", sentence);
        String::new()
    });
    let target = match fields.find("address") {
        None if !is_new => None,
        typed => match Target::parse(typed.unwrap_or_default(), reach) {
            Ok(target) => Some(target),
            Err(wrong) => {
                errors.insert("address", language.text(key(wrong)));
                None
            }
        },
    };
    let kinds: Vec<EventKind> =
        EventKind::choices().filter(|kind| fields.is_ticked(&field_of(*kind))).collect();
    if kinds.is_empty() {
        errors.insert(FIRST_KIND, language.text("webhook-wrong-kinds"));
    }
    let personal = fields.is_ticked("personal");
    if errors.is_empty() { Ok(Written { name, target, kinds, personal }) } else { Err(errors) }
}

fn read_name(typed: &str, language: Language) -> Result<String, String> {
    let with = |key: &str, name: &'static str, value: String| {
        let arguments: Arguments<'_> = [(name.into(), value.into())].into();
        language.text_with(key, &arguments)
    };
    if let Some(hidden) = find_hidden(typed) {
        return Err(with("desk-hidden-character", "character", hidden.to_string()));
    }
    match Line::parse(typed) {
        Some(line) if line.as_str().chars().count() <= LONGEST_NAME => Ok(line.as_str().to_owned()),
        _ => Err(with("webhook-wrong-name", "most", LONGEST_NAME.to_string())),
    }
}

fn key(wrong: WrongTarget) -> &'static str {
    match wrong {
        WrongTarget::Unreadable => "webhook-wrong-address",
        WrongTarget::Scheme => "webhook-wrong-scheme",
        WrongTarget::UserInfo => "webhook-wrong-user",
        WrongTarget::Port => "webhook-wrong-port",
        WrongTarget::Host => "webhook-wrong-host",
        WrongTarget::Inside => "webhook-wrong-inside",
    }
}

/// The fields as they would come from the form; the address is never shown again.
pub fn as_typed(endpoint: &Endpoint) -> Fields {
    let mut fields = Fields::default();
    fields.set("name", &endpoint.name);
    fields.set("version", &endpoint.version.to_string());
    for kind in &endpoint.kinds {
        fields.set(&format!("kind_{kind}"), "true");
    }
    if endpoint.personal {
        fields.set("personal", "true");
    }
    fields
}
