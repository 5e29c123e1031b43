//! Every operation for programs: its address, what a token needs for it, what it takes and gives. One table, from which the guard, the
//! document and the page are made.

mod blocks;
mod changes;
mod fields;
mod mail;
mod others;
mod readings;
#[cfg(test)]
mod tests;

use actix_web::http::Method;

pub use self::readings::{
    LIST_BLOCKS, LIST_CASES, LIST_CUSTOMERS, LIST_MAIL, LIST_PREPARED, LIST_QUARANTINE, LIST_VIEWS,
    READ_BLOCK, READ_CASE, READ_CUSTOMER, READ_NOTIFICATIONS, READ_PACK, READ_QUARANTINED, READ_REPORT,
};
use self::{
    blocks::BLOCKS,
    changes::CHANGES,
    fields::{text, word},
    mail::MAIL,
    others::{OTHERS, PREPARING},
};
use crate::{case::actor::Role, staff::tokens::Scope, web::json::Field};

#[derive(Debug, PartialEq, Eq)]
pub struct Operation {
    /// Stays, whatever becomes of the address.
    pub id: &'static str,
    pub method: Verb,
    pub path: &'static str,
    pub scope: Scope,
    /// The least role; of a twin of a page's action that page's.
    pub least: Role,
    /// A service account can't.
    pub by_people: bool,
    /// Of the least role upwards, auditors and administrators alone.
    pub for_overseers: bool,
    pub takes: Takes,
    /// Demands `If-Match` with the version of what is changed.
    pub asks_version: bool,
    pub gives: Gives,
    /// In English, for the reference.
    pub about: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Get,
    Post,
}

impl Verb {
    pub fn method(self) -> Method {
        match self {
            Self::Get => Method::GET,
            Self::Post => Method::POST,
        }
    }
}

/// What is sent along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Of the address alone: its parameters.
    Query(&'static [Field]),
    /// A JSON object.
    Fields(&'static [Field]),
    /// A file for the register; parameters beside it.
    Register(&'static [Field]),
    /// `multipart/form-data` with `file`.
    File,
}

/// What comes back where it went well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    Cases,
    Case,
    /// One case after something was done to it, which its trail tells of.
    Acted,
    Bulk,
    Views,
    View,
    Notifications,
    PreparedList,
    Prepared,
    Quarantine,
    Quarantined,
    Mail,
    /// Something that is over, and how.
    Settled,
    Blocks,
    Block,
    NewBlock,
    Customers,
    Customer,
    Imported,
    /// JSON, or CSV where that is asked for.
    Report,
    /// A ZIP.
    Pack,
    /// It never goes well.
    Nothing,
}

impl Gives {
    /// The status, and the name of the kind of answer.
    pub fn answer(self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::Cases => ("200", "Cases"),
            Self::Case => ("200", "CaseDocument"),
            Self::Acted => ("200", "Acted"),
            Self::Bulk => ("200", "Bulk"),
            Self::Views => ("200", "Views"),
            Self::View => ("200", "View"),
            Self::Notifications => ("200", "Notifications"),
            Self::PreparedList => ("200", "PreparedList"),
            Self::Prepared => ("201", "Prepared"),
            Self::Quarantine => ("200", "Quarantine"),
            Self::Quarantined => ("200", "QuarantinedMessage"),
            Self::Mail => ("200", "Mail"),
            Self::Settled => ("200", "Settled"),
            Self::Blocks => ("200", "Blocks"),
            Self::Block => ("200", "BlockDocument"),
            Self::NewBlock => ("201", "BlockDocument"),
            Self::Customers => ("200", "Customers"),
            Self::Customer => ("200", "CustomerDocument"),
            Self::Imported => ("200", "Imported"),
            Self::Report => ("200", "Report"),
            Self::Pack => ("200", "Pack"),
            Self::Nothing => return None,
        })
    }

    /// Whether it comes with the `ETag` of what it is about.
    pub fn has_version(self) -> bool {
        matches!(self, Self::Case | Self::Acted | Self::Block | Self::NewBlock)
    }
}

impl Operation {
    /// The action of the pages that it is the twin of, if it is one.
    pub fn twin(&self) -> String {
        self.path.replacen(super::PATH, "/desk", 1)
    }

    pub fn fields(&self) -> &'static [Field] {
        match self.takes {
            Takes::Query(fields) | Takes::Fields(fields) | Takes::Register(fields) => fields,
            Takes::File => &[],
        }
    }
}

/// A change of a case, by the handler of its page.
const fn change(
    id: &'static str,
    path: &'static str,
    fields: &'static [Field],
    about: &'static str,
) -> Operation {
    Operation {
        id,
        method: Verb::Post,
        path,
        scope: Scope::CasesWrite,
        least: Role::Agent,
        by_people: false,
        for_overseers: false,
        takes: Takes::Fields(fields),
        asks_version: true,
        gives: Gives::Acted,
        about,
    }
}

/// Something else that is done, to what has no version.
const fn doing(
    id: &'static str,
    path: &'static str,
    (scope, gives): (Scope, Gives),
    fields: &'static [Field],
    about: &'static str,
) -> Operation {
    Operation { scope, gives, asks_version: false, ..change(id, path, fields, about) }
}

pub static IMPORT_REGISTER: Operation = Operation {
    least: Role::Admin,
    takes: Takes::Register(&[
        word("preset", &["handover", "marketplace"], "Whose columns the file has"),
        word("dry_run", &["true", "false"], "Say what would change, and change nothing"),
    ]),
    ..doing(
        "import_register",
        "/api/v1/register/imports",
        (Scope::RegisterImport, Gives::Imported),
        &[],
        "Imports a CSV file, as `handover register import` does",
    )
};
pub static APPROVE: Operation = Operation {
    least: Role::Approver,
    gives: Gives::Nothing,
    ..change(
        "approve",
        "/api/v1/cases/{number}/approval",
        &[text("digest", "Of the bytes that were looked at")],
        "Never: approving needs a person who signed in. The answer names the page",
    )
};

/// Those that the handler of a page's action does: all changes but the two above.
pub fn twins() -> impl Iterator<Item = &'static Operation> {
    CHANGES.iter().chain(&OTHERS).chain(&PREPARING).chain(&MAIL).chain(&BLOCKS)
}

/// All of them, in the order of the reference.
pub fn all() -> impl Iterator<Item = &'static Operation> {
    [&LIST_CASES, &READ_CASE, &READ_PACK]
        .into_iter()
        .chain(&CHANGES)
        .chain([&APPROVE])
        .chain(&OTHERS)
        .chain([&LIST_VIEWS, &READ_NOTIFICATIONS, &LIST_PREPARED])
        .chain(&PREPARING)
        .chain([&LIST_QUARANTINE, &READ_QUARANTINED])
        .chain(&MAIL)
        .chain([&LIST_MAIL, &LIST_BLOCKS, &READ_BLOCK])
        .chain(&BLOCKS)
        .chain([&LIST_CUSTOMERS, &READ_CUSTOMER, &IMPORT_REGISTER, &READ_REPORT])
}
