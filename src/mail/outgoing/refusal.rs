//! Whether a mail server that says no for good refuses *us* or this one e-mail. Reads the answer alone and decides nothing
//! else.
//!
//! What is about us fails every e-mail alike: given up at the first no, letters would be lost for a password that had
//! run out. What is about the recipient or the message never gets better by waiting.

/// Where in the conversation the server said no (RFC 5321 §3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    SignIn,
    Sender,
    Recipient,
    /// `DATA`, or after the message.
    Message,
}

/// `answer`: a final refusal, with its code first.
pub fn is_of_us(stage: Stage, answer: &str) -> bool {
    let Some(code) = answer.get(..3).and_then(|code| code.parse::<u16>().ok()) else { return false };
    if !(500..600).contains(&code) {
        return false;
    }
    // RFC 4954 §6: a sign-in is wanted, too weak or wrong. 503: out of order, which no recipient causes.
    if code == 503 || is_of_sign_in(answer) || stage == Stage::SignIn {
        return true;
    }
    match enhanced(answer) {
        // The message is too big (RFC 3463 §3.4) or is not to be converted (§3.7).
        Some((3, 4) | (6, _)) => false,
        // The sender's address, which is ours (RFC 3463 §3.2).
        Some((1, 7 | 8)) => true,
        // Sign-in and its kind (RFC 4954 §6), signatures and senders' records (RFC 7372 §3), floods and the client's own
        // standing at Google and Microsoft.
        Some((7, 8 | 9 | 11 | 14 | 20..=30 | 57..=64 | 500..=999)) => true,
        // Our quota at Google; whom we may send as, at Microsoft.
        Some((4, 5) | (2, 252)) => true,
        // The server itself has a fault.
        Some((3, _)) => true,
        // Any other rule: before the message it is about who relays, after it about what the message says.
        Some((7, _)) => stage != Stage::Message,
        Some(_) => stage == Stage::Sender,
        None => match stage {
            Stage::Sender => code != 552,
            Stage::Recipient => answer.to_lowercase().contains("relay"),
            Stage::SignIn | Stage::Message => false,
        },
    }
}

/// Whether it is the sign-in that is refused (RFC 4954 §6): trying on and on would lock the account.
pub fn is_of_sign_in(answer: &str) -> bool {
    ["530", "534", "535", "538"].iter().any(|code| answer.starts_with(code))
}

/// Subject and detail of the enhanced code (RFC 3463 §2) right after the first one: `550 5.7.1 …`.
fn enhanced(answer: &str) -> Option<(u16, u16)> {
    let word = answer.get(3..)?.split([' ', '-']).find(|word| !word.is_empty())?;
    let mut parts = word.split('.');
    let class = parts.next()?;
    let (subject, detail) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    (class == "5" && parts.next().is_none()).then_some((subject, detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_about_us_is_told_from_what_is_about_the_recipient_or_the_message() {
        for (stage, answer, of_us) in [
            (Stage::SignIn, "535 5.7.8 wrong", true),
            (Stage::SignIn, "550 account locked", true),
            (Stage::Sender, "530 5.7.0 authentication required", true),
            (Stage::Sender, "550 5.7.1 sender address rejected: not owned by user", true),
            (Stage::Sender, "553 sorry, that sender is not allowed", true),
            (Stage::Sender, "550 5.1.8 <x@y>: domain not found", true),
            (Stage::Sender, "552 5.3.4 message size exceeds limit", false),
            (Stage::Sender, "552 message too big", false),
            (Stage::Recipient, "554 5.7.1 <a@b.example>: relay access denied", true),
            (Stage::Recipient, "550 relaying denied", true),
            (Stage::Recipient, "550 5.7.23 SPF validation failed", true),
            (Stage::Recipient, "503 5.5.1 no sender yet", true),
            (Stage::Recipient, "550 5.1.1 no such user", false),
            (Stage::Recipient, "550 no such user", false),
            (Stage::Recipient, "550-5.1.1 no such user", false),
            (Stage::Recipient, "552 5.2.2 mailbox full", false),
            (Stage::Recipient, "550 5.4.1 recipient address rejected: access denied", false),
            (Stage::Recipient, "553 5.1.3 that is no address", false),
            (Stage::Message, "550 5.7.1 looks like spam", false),
            (Stage::Message, "550 5.7.26 unauthenticated mail is not accepted", true),
            (Stage::Message, "550 5.4.5 daily sending quota exceeded", true),
            (Stage::Message, "554 5.2.252 SendAsDenied", true),
            (Stage::Message, "550 5.7.501 access denied, spam abuse detected", true),
            (Stage::Message, "554 5.6.0 broken message", false),
            (Stage::Message, "554 rejected", false),
            (Stage::Sender, "451 4.7.1 later", false),
            (Stage::SignIn, "no answer", false),
        ] {
            assert_eq!(is_of_us(stage, answer), of_us, "{stage:?} {answer}");
        }
    }
}
