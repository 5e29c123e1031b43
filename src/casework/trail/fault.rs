//! What does not hold of a case's trail, in words.

use std::fmt;

/// Where a trail, or what it rests on, does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    pub number: String,
    pub fault: Fault,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The first line that is wrong or missing.
    Line(i32),
    /// A row is not what the line says.
    Changed { row: String, line: i32 },
    /// A row that a line speaks of is not there.
    Gone { row: String, line: i32 },
    /// A row that no line speaks of.
    Unheard { row: String },
    /// The bytes beside a digest are not those that it is of.
    Bytes { row: String },
    /// Something that decides came under the chain without a line that says why.
    Slipped { row: String, line: i32 },
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = &self.number;
        match &self.fault {
            Fault::Line(line) => write!(f, "{number}: the trail does not hold from line {line} on"),
            Fault::Changed { row, line } => write!(f, "{number}: {row} is not what line {line} rests on"),
            Fault::Gone { row, line } => write!(f, "{number}: {row} is gone, line {line} rests on it"),
            Fault::Unheard { row } => write!(f, "{number}: no line of the trail speaks of {row}"),
            Fault::Bytes { row } => write!(f, "{number}: the bytes of {row} are not those of its digest"),
            Fault::Slipped { row, line } => {
                write!(f, "{number}: {row} came into line {line}, which is not about it")
            }
        }
    }
}
