//! What a text block is for, and the values that may go into it: a fixed list for each kind. Knows no words of a block.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::{characters::write_in_one_line, lang::Language};

/// What a block is for.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    IntoStaticStr,
    EnumString,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// To the customer, in their language.
    Question,
    /// What the requester reads beside the rejection, in their language.
    Rejection,
    /// To Atlassian, in English.
    FollowUp,
    /// Among staff, in the language of whoever writes it.
    Note,
}

/// What can stand in a block in place of a value of the case.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    IntoStaticStr,
    EnumString,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Variable {
    RequesterName,
    CaseNumber,
    Company,
    DepartedName,
    SuccessorName,
    /// The numbers that the case is about.
    Licence,
    /// The day until which we wait for an answer to a question.
    Deadline,
    /// Atlassian's own number for it.
    Ticket,
    /// The day on which our request reached Atlassian.
    RequestedOn,
    StaffName,
    Reseller,
    DeskAddress,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether it goes out in English only.
    pub fn is_english(self) -> bool {
        self == Self::FollowUp
    }

    /// What of a case may stand in a block of this kind. For the customer's side, nothing that only the register knows.
    pub fn variables(self) -> &'static [Variable] {
        use Variable::{
            CaseNumber, Company, Deadline, DepartedName, DeskAddress, Licence, RequestedOn, RequesterName,
            Reseller, StaffName, SuccessorName, Ticket,
        };
        match self {
            Self::Question => &[
                RequesterName,
                CaseNumber,
                Company,
                DepartedName,
                SuccessorName,
                Licence,
                Deadline,
                StaffName,
                Reseller,
                DeskAddress,
            ],
            Self::Rejection => {
                &[RequesterName, CaseNumber, Company, DepartedName, Licence, StaffName, Reseller, DeskAddress]
            }
            Self::FollowUp => &[
                CaseNumber,
                Company,
                DepartedName,
                SuccessorName,
                Licence,
                Ticket,
                RequestedOn,
                StaffName,
                Reseller,
            ],
            Self::Note => &[
                RequesterName,
                CaseNumber,
                Company,
                DepartedName,
                SuccessorName,
                Licence,
                Ticket,
                RequestedOn,
                StaffName,
            ],
        }
    }
}

impl Variable {
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// What it is, in words.
    pub fn label(self, language: Language) -> String {
        language.text(&format!("block-variable-{}", self.as_str()))
    }
}

/// The values of one case, each in one line in which nothing is hidden.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values(BTreeMap<Variable, String>);

impl Values {
    /// An empty value is none.
    pub fn set(&mut self, variable: Variable, value: &str) {
        let value = write_in_one_line(value);
        if !value.is_empty() {
            self.0.insert(variable, value);
        }
    }
    pub fn get(&self, variable: Variable) -> Option<&str> {
        self.0.get(&variable).map(String::as_str)
    }
}
