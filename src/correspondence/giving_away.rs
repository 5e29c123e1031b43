//! Which links of ours a message gives away, as far as the message tells. Ending them is for `casework`.

use uuid::Uuid;

use super::{belief::Finding, reading::Read};
use crate::{
    casework::Returned,
    message::{Automation, Understanding},
    token::Token,
};

/// What takes the place of a secret in a text that is shown.
const HIDDEN: &str = "…";

/// What stands in it, and the letter that may stand in it where it can't be searched: people send pictures and documents, and
/// a mail server that returns a letter for good leaves nobody who needs it.
pub(super) fn of(message: Uuid, finding: &Finding, Read { message: understood, held }: &Read) -> Returned {
    let tokens = held.candidates.iter().filter_map(|candidate| Token::parse(candidate)).collect();
    let Some(understood) = understood else {
        return Returned { message, tokens, letter: None, undeliverable: false };
    };
    let undeliverable = understood.bounce.as_ref().is_some_and(|bounce| !bounce.temporary);
    // A machine makes no picture of what it got.
    let may_hold = held.is_opaque && understood.automation == Automation::None && understood.bounce.is_none();
    let letter = finding.letter.clone().filter(|_| undeliverable || may_hold);
    Returned { message, tokens, letter, undeliverable }
}

/// Takes the secrets out of what is shown and searched. The bytes stay as they came; what stands there opens nothing any more.
pub(super) fn hide(message: &mut Understanding, secrets: &[Token]) {
    for text in [&mut message.visible_text, &mut message.own_text] {
        for secret in secrets {
            if text.contains(secret.reveal()) {
                *text = text.replace(secret.reveal(), HIDDEN);
            }
        }
    }
}
