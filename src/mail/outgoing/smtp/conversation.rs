//! One e-mail over one connection, from MAIL to the answer after the message, and what its answers are to us. Keeps nothing.

use lettre::{
    Address,
    transport::smtp::{
        Error,
        client::AsyncSmtpConnection,
        commands::{Data, Mail as MailFrom, Rcpt},
        response::Response,
    },
};

use super::{Step, Watch};
use crate::mail::outgoing::{
    receipt::Receipt,
    refusal::{self, Stage},
};

/// What a server said to one command.
pub type Answer = Result<Response, Error>;

/// From MAIL, unless it was answered before, to the answer after the message, which is pure ASCII: no extension is needed.
pub async fn converse(
    connection: &mut AsyncSmtpConnection,
    begun: Option<Answer>,
    (from, to): (Address, Address),
    raw: &[u8],
    watch: Watch<'_>,
) -> Result<Response, (Stage, Error)> {
    let at = |stage: Stage| move |error: Error| (stage, error);
    let taken = match begun {
        Some(answer) => answer,
        None => connection.command(sender(&from)).await,
    };
    watch(Step::SenderAccepted(spoken(&taken.map_err(at(Stage::Sender))?)));
    let taken = connection.command(Rcpt::new(to, Vec::new())).await.map_err(at(Stage::Recipient))?;
    watch(Step::RecipientAccepted(spoken(&taken)));
    connection.command(Data).await.map_err(at(Stage::Message))?;
    let answer = match std::str::from_utf8(raw) {
        Ok(text) => connection.command(Whole(text)).await,
        // lettre ends a message with CRLF "." CRLF; that first CRLF is the end of our last line (RFC 5321 §4.1.1.4).
        Err(_) => connection.message(raw.strip_suffix(b"\r\n").unwrap_or(raw)).await,
    };
    answer.map_err(at(Stage::Message))
}

pub fn sender(from: &Address) -> MailFrom {
    MailFrom::new(Some(from.clone()), Vec::new())
}

/// A message with its end, dots before it doubled (RFC 5321 §4.5.2).
struct Whole<'a>(&'a str);

impl std::fmt::Display for Whole<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for line in self.0.split_inclusive("\r\n") {
            f.write_str(if line.starts_with('.') { "." } else { "" })?;
            f.write_str(line)?;
        }
        f.write_str(if self.0.ends_with("\r\n") { ".\r\n" } else { "\r\n.\r\n" })
    }
}

pub fn receipt(stage: Stage, error: &Error) -> Receipt {
    let response = words(error);
    if !error.is_permanent() {
        Receipt::Deferred { response }
    } else if refusal::is_of_us(stage, &response) {
        Receipt::Refused { response }
    } else {
        Receipt::Rejected { response }
    }
}

/// The server's words where it said any, with its code before them.
pub fn words(error: &Error) -> String {
    match (error.status(), std::error::Error::source(error)) {
        (Some(code), Some(text)) => format!("{code} {text}"),
        (Some(code), None) => code.to_string(),
        (None, _) => error.to_string(),
    }
}

pub fn spoken(response: &Response) -> String {
    format!("{} {}", response.code(), response.message().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_ends_once_and_its_dots_are_doubled() {
        for (text, sent) in [
            ("a\r\n", "a\r\n.\r\n"),
            ("a", "a\r\n.\r\n"),
            (".\r\n..a\r\n.b.\r\n", "..\r\n...a\r\n..b.\r\n.\r\n"),
            ("a\r\n.", "a\r\n..\r\n.\r\n"),
        ] {
            assert_eq!(Whole(text).to_string(), sent, "{text:?}");
        }
    }
}
