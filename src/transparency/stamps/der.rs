//! What goes to a time stamper and what comes back (RFC 3161, 2.4; RFC 5652 around it), as far as it must be read: status, what was
//! stamped, the nonce, the time. Pure.

use anyhow::{Context as _, bail, ensure};
use der::{
    Decode as _, Encode as _, Reader as _, Sequence, SliceReader, Tag, Tagged as _,
    asn1::{AnyRef, Null, ObjectIdentifier, OctetStringRef, UintRef},
};

use crate::{clock::Timestamp, token::Sha256Bytes};

const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
/// "granted" and "granted with modifications"; everything above is a refusal.
const GRANTED: u8 = 1;

#[derive(Sequence)]
struct Request<'a> {
    version: u8,
    imprint: Imprint<'a>,
    nonce: UintRef<'a>,
    with_certificates: bool,
}

#[derive(Sequence)]
struct Imprint<'a> {
    algorithm: Algorithm,
    hashed: &'a OctetStringRef,
}

#[derive(Sequence)]
struct Algorithm {
    id: ObjectIdentifier,
    /// Some leave it out.
    #[asn1(optional = "true")]
    parameters: Option<Null>,
}

/// What we ask, and hold the answer against.
pub(super) struct Question {
    imprint: Sha256Bytes,
    nonce: [u8; 16],
}

impl Question {
    pub(super) fn new(imprint: Sha256Bytes) -> Self {
        let mut nonce: [u8; 16] = rand::random();
        // A number is written without zeros in front, and above this it would need one.
        nonce[0] = nonce[0] & 0x3f | 0x40;
        Self { imprint, nonce }
    }

    pub(super) fn encode(&self) -> anyhow::Result<Vec<u8>> {
        let request = Request {
            version: 1,
            imprint: Imprint {
                algorithm: Algorithm { id: SHA256, parameters: Some(Null) },
                hashed: OctetStringRef::new(&self.imprint)?,
            },
            nonce: UintRef::new(&self.nonce)?,
            with_certificates: true,
        };
        request.to_der().context("the question to the stamper can't be written")
    }

    /// When the stamper says that it stamped what we asked about.
    ///
    /// # Errors
    /// Where it refuses, or answers something else than it was asked.
    pub(super) fn judge(&self, answer: &[u8]) -> anyhow::Result<Timestamp> {
        let said = read_answer(answer).context("the stamper's answer is none")?;
        ensure!(said.status <= GRANTED, "the stamper refuses, with status {}", said.status);
        let token = said.token.context("the stamper grants and stamps nothing")?;
        let stamped = read_token(token).context("the stamper's stamp can't be read")?;
        ensure!(stamped.algorithm == SHA256, "the stamp is of another kind of hash than was asked");
        ensure!(stamped.hashed == self.imprint, "the stamp is of something else than was asked");
        ensure!(
            stamped.nonce == Some(&self.nonce),
            "the stamp answers another question: its nonce is not ours"
        );
        Ok(stamped.at)
    }
}

struct Said<'a> {
    status: u8,
    token: Option<AnyRef<'a>>,
}

fn read_answer(answer: &[u8]) -> anyhow::Result<Said<'_>> {
    let mut answer = inside(AnyRef::from_der(answer)?, Tag::Sequence)?;
    let mut status = inside(answer.decode()?, Tag::Sequence)?;
    Ok(Said {
        status: status.decode()?,
        token: if answer.is_finished() { None } else { Some(answer.decode()?) },
    })
}

struct Stamped<'a> {
    algorithm: ObjectIdentifier,
    hashed: &'a [u8],
    nonce: Option<&'a [u8]>,
    at: Timestamp,
}

/// A `ContentInfo` with `SignedData` with a `TSTInfo`.
fn read_token(token: AnyRef<'_>) -> anyhow::Result<Stamped<'_>> {
    let mut content = inside(token, Tag::Sequence)?;
    ensure!(content.decode::<ObjectIdentifier>()? == SIGNED_DATA, "it is no signed data");
    let mut signed = inside(explicit(content.decode()?)?, Tag::Sequence)?;
    let _version: u8 = signed.decode()?;
    let _algorithms: AnyRef<'_> = signed.decode()?;
    let mut encapsulated = inside(signed.decode()?, Tag::Sequence)?;
    ensure!(encapsulated.decode::<ObjectIdentifier>()? == TST_INFO, "what it signs is no stamp");
    let info = explicit(encapsulated.decode()?)?;
    ensure!(info.tag() == Tag::OctetString, "what it signs is not there");
    let mut info = inside(AnyRef::from_der(info.value())?, Tag::Sequence)?;
    let _version: u8 = info.decode()?;
    let _policy: ObjectIdentifier = info.decode()?;
    let mut imprint = inside(info.decode()?, Tag::Sequence)?;
    let mut algorithm = inside(imprint.decode()?, Tag::Sequence)?;
    let hashed: AnyRef<'_> = imprint.decode()?;
    ensure!(hashed.tag() == Tag::OctetString, "what was stamped is no hash");
    let _serial: AnyRef<'_> = info.decode()?;
    let at = read_time(info.decode()?)?;
    let mut nonce = None;
    // Accuracy, order, the stamper's name and more: nothing that we go by, each with a tag of its own.
    while !info.is_finished() {
        let next: AnyRef<'_> = info.decode()?;
        if next.tag() == Tag::Integer {
            ensure!(nonce.is_none(), "it has two nonces");
            nonce = Some(next.value());
        }
    }
    Ok(Stamped { algorithm: algorithm.decode()?, hashed: hashed.value(), nonce, at })
}

fn inside<'a>(any: AnyRef<'a>, tag: Tag) -> anyhow::Result<SliceReader<'a>> {
    ensure!(any.tag() == tag, "{tag} is wanted, and there is {}", any.tag());
    Ok(SliceReader::new(any.value())?)
}

/// What stands within `[0]`.
fn explicit(any: AnyRef<'_>) -> anyhow::Result<AnyRef<'_>> {
    let Tag::ContextSpecific { constructed: true, number } = any.tag() else { bail!("[0] is wanted") };
    ensure!(number.value() == 0, "[0] is wanted");
    Ok(AnyRef::from_der(any.value())?)
}

/// `20261128200000Z`, perhaps with a fraction, which `der` does not read.
fn read_time(any: AnyRef<'_>) -> anyhow::Result<Timestamp> {
    ensure!(any.tag() == Tag::GeneralizedTime, "it has no time");
    let text = std::str::from_utf8(any.value()).context("the time is no text")?;
    let whole = text.strip_suffix('Z').context("the time is not in UTC")?;
    let time = jiff::civil::DateTime::strptime("%Y%m%d%H%M%S%.f", whole).context("the time is none")?;
    Ok(time.to_zoned(jiff::tz::TimeZone::UTC).context("the time is none")?.timestamp().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `openssl ts -query -sha256 -cert` writes it, beside its nonce.
    #[test]
    fn a_question_is_written_as_others_write_it() {
        let question = Question { imprint: [0xab; 32], nonce: [0x41; 16] };
        let mut expected = vec![0x30, 75, 2, 1, 1, 0x30, 49, 0x30, 13, 6, 9];
        expected.extend([0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 32]);
        expected.extend([0xab; 32]);
        expected.extend([2, 16]);
        expected.extend([0x41; 16]);
        expected.extend([1, 1, 0xff]);
        assert_eq!(question.encode().unwrap(), expected);
    }

    #[test]
    fn times_are_read_with_and_without_a_fraction() {
        let read = |text: &[u8]| {
            let bytes = [&[0x18, u8::try_from(text.len()).unwrap()], text].concat();
            read_time(AnyRef::from_der(&bytes).unwrap()).map(|at| at.to_string())
        };
        assert_eq!(read(b"20261128200102Z").unwrap(), "2026-11-28T20:01:02Z");
        assert_eq!(read(b"20261128200102.25Z").unwrap(), "2026-11-28T20:01:02.25Z");
        for wrong in ["20261128200102", "20261328200102Z", "Z", "20261128200102+0100", "x20261128200102Z"] {
            assert!(read(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn nothing_that_is_no_answer_is_taken_for_one() {
        let question = Question::new([0xab; 32]);
        let refused = [0x30, 5, 0x30, 3, 2, 1, 2];
        assert!(format!("{:#}", question.judge(&refused).unwrap_err()).contains("refuses, with status 2"));
        let granted_nothing = [0x30, 5, 0x30, 3, 2, 1, 0];
        assert!(format!("{:#}", question.judge(&granted_nothing).unwrap_err()).contains("stamps nothing"));
        for garbage in [
            &b""[..],
            b"<html>",
            &[0x30],
            &[0x30, 0x80, 0, 0],
            &[0x30, 0xff, 0xff],
            &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
        ] {
            assert!(question.judge(garbage).is_err(), "{garbage:?}");
        }
        assert_ne!(question.nonce, Question::new([0xab; 32]).nonce);
    }
}
