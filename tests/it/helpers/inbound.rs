//! Mail that comes in, as strangers, customers and mail servers write it.

use handover::mail::incoming::inbound::{self, Source};
use uuid::Uuid;

use super::desk::Desk;

/// The mail server whose word about senders counts in these stories.
pub const RECEIVER: &str = "mx.reseller.example";
/// The settings that make it so.
pub const BELIEVING: &str = "mail.inbound.authserv_id = \"mx.reseller.example\"\n";

/// A message under way to us.
#[derive(Clone)]
pub struct Mail {
    headers: Vec<(String, String)>,
    body: String,
}

impl Mail {
    /// As our mail server hands it on that found nothing wrong with it.
    pub fn authentic(from: &str, to: &str) -> Mail {
        let domain = from.rsplit_once('@').unwrap().1;
        Mail::unauthentic(from, to)
            .on_top("Authentication-Results", &format!("{RECEIVER}; dmarc=pass header.from={domain}"))
    }

    pub fn unauthentic(from: &str, to: &str) -> Mail {
        let id = format!("<{}@{}>", Uuid::new_v4(), from.rsplit_once('@').unwrap().1);
        let headers = [("From", from), ("To", to), ("Message-ID", &id), ("Subject", "Re: your request")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Mail { headers, body: "Hello,\n\nsee below.\n".to_owned() }
    }

    /// With this field in place of what it was.
    pub fn with(mut self, name: &str, value: &str) -> Mail {
        self.headers.retain(|(field, _)| field != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn on_top(mut self, name: &str, value: &str) -> Mail {
        self.headers.insert(0, (name.to_owned(), value.to_owned()));
        self
    }

    pub fn saying(mut self, body: &str) -> Mail {
        self.body = body.to_owned();
        self
    }

    pub fn header(&self, name: &str) -> String {
        self.headers.iter().find(|(field, _)| field == name).unwrap().1.clone()
    }

    pub fn raw(&self) -> Vec<u8> {
        let headers: String = self.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        format!("{headers}\n{}", self.body).replace('\n', "\r\n").into_bytes()
    }
}

/// A report of a mail server that `recipient` does not exist (RFC 3464), sent to `to`.
pub fn bounce(to: &str, recipient: &str, message_id: Option<&str>) -> Vec<u8> {
    let returned =
        message_id.map(|id| format!("--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{id}>\n"));
    let returned = returned.unwrap_or_default();
    format!(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.elsewhere.example\nTo: {to}\nSubject: Undelivered Mail Returned to \
         Sender\nMessage-ID: <{}@mx.elsewhere.example>\nAuto-Submitted: auto-replied\nContent-Type: multipart/report; \
         report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nYour message could not be \
         delivered.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.elsewhere.example\n\n\
         Final-Recipient: rfc822; {recipient}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such \
         user\n{returned}--b--\n",
        Uuid::new_v4()
    )
    .replace('\n', "\r\n")
    .into_bytes()
}

/// What became of a message.
#[derive(Debug, PartialEq, Eq)]
pub struct Fate {
    pub state: String,
    pub reason: String,
    pub writer: String,
    pub case: Option<Uuid>,
}

impl Desk {
    /// A message comes in and is dealt with.
    pub async fn receives(&self, raw: &[u8]) -> Fate {
        let pool = &self.casework.app.pool;
        let mut connection = pool.acquire().await.unwrap();
        assert!(inbound::store(&mut connection, Source::Pipe, raw, self.now()).await.unwrap(), "it is new");
        drop(connection);
        self.work_until_idle().await;
        self.fate_of_the_last().await
    }

    pub async fn fate_of_the_last(&self) -> Fate {
        let row = sqlx::query!(
            "select state, reason, sender, correlation_id from inbound_emails order by received_at desc, id desc limit 1"
        )
        .fetch_one(&self.casework.app.pool)
        .await
        .unwrap();
        Fate {
            state: row.state,
            reason: row.reason.unwrap_or_default(),
            writer: row.sender.unwrap_or_default(),
            case: row.correlation_id,
        }
    }
}

impl Fate {
    #[track_caller]
    pub fn is_filed_from(&self, writer: &str) {
        assert_eq!((self.state.as_str(), self.writer.as_str()), ("filed", writer), "{self:?}");
    }

    #[track_caller]
    pub fn is_in_quarantine(&self, reason: &str) {
        assert_eq!((self.state.as_str(), self.reason.as_str()), ("quarantined", reason), "{self:?}");
    }
}
