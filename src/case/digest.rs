//! A SHA-256 value as the rules keep it. What it is of is for its owner to say.

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use crate::token::Sha256Bytes;

/// A SHA-256 value, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(pub Sha256Bytes);

impl TryFrom<String> for Digest {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bytes = HEXLOWER.decode(text.as_bytes()).map_err(|_| "not hexadecimal")?;
        bytes.try_into().map(Self).map_err(|_| "not 32 bytes")
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        HEXLOWER.encode(&digest.0)
    }
}
