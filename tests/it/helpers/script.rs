//! A program of somebody's that works at the desk with a token.

use reqwest::{Client, Method, RequestBuilder, StatusCode, header::HeaderMap};
use serde_json::Value;

use super::desk::{Answer, Desk, StaffVisitor};

pub const ALL: [&str; 12] = [
    "cases:read",
    "cases:write",
    "cases:export",
    "register:read",
    "register:import",
    "reports:read",
    "mail:read",
    "mail:write",
    "blocks:read",
    "blocks:write",
    "settings:read",
    "settings:write",
];

pub struct Script {
    pub address: String,
    pub token: String,
    client: Client,
}

/// What a program is answered.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Reply {
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{} {:?}", self.text, self.headers);
        self
    }

    /// Fails unless it is this problem, told as problems are.
    #[track_caller]
    pub fn tells(self, status: u16, code: &str) -> Self {
        let reply = self.is(status);
        let problem = reply.json();
        assert_eq!(problem["code"], code, "{}", reply.text);
        assert_eq!(problem["status"], status);
        assert_eq!(reply.header("content-type"), "application/problem+json");
        for member in ["type", "title", "detail", "instance", "request_id"] {
            assert!(!problem[member].as_str().unwrap_or_default().is_empty(), "no {member}: {}", reply.text);
        }
        reply
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Script {
    pub fn new(address: &str, token: &str) -> Self {
        Self { address: address.to_owned(), token: token.to_owned(), client: Client::new() }
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.without_token(method, path).bearer_auth(&self.token)
    }

    pub fn without_token(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.address))
    }

    pub async fn send(&self, request: RequestBuilder) -> Reply {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        Reply { status, headers, text: response.text().await.unwrap() }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path)).await
    }

    /// Something is done to the case as it is now.
    pub async fn does(&self, number: &str, what: &str, body: Value) -> Reply {
        let tag = self.get(&format!("/api/v1/cases/{number}")).await.is(200).header("etag").to_owned();
        self.does_at(number, what, &tag, body).await
    }

    pub async fn does_at(&self, number: &str, what: &str, tag: &str, body: Value) -> Reply {
        self.send(self.change(number, what, body).header("if-match", tag)).await
    }

    pub fn change(&self, number: &str, what: &str, body: Value) -> RequestBuilder {
        self.request(Method::POST, &format!("/api/v1/cases/{number}/{what}")).json(&body)
    }
}

/// The fields of the form for a token.
pub fn asking_for<'a>(scopes: &[&str]) -> Vec<(String, &'a str)> {
    let mut fields = vec![("name".to_owned(), "Dashboard"), ("until".to_owned(), "2027-02-01")];
    fields.extend(scopes.iter().map(|scope| (format!("scope-{}", scope.replace(':', "-")), "true")));
    fields
}

impl StaffVisitor {
    pub async fn asks_for_token(&self, fields: &[(String, &str)]) -> Answer {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        self.visitor.post("/desk/account/tokens", &fields).await
    }
}

impl Desk {
    /// A program with a token that somebody made on their page.
    pub async fn script(&self, staff: &StaffVisitor, scopes: &[&str]) -> Script {
        let page = staff.asks_for_token(&asking_for(scopes)).await.is(200);
        Script::new(&self.address, &shown(&page))
    }

    /// A program of a new service account.
    pub async fn service(&self, admin: &StaffVisitor, role: &str, scopes: &[&str]) -> Script {
        let mut fields = asking_for(scopes);
        fields.push(("service".to_owned(), "Nightly run"));
        fields.push(("role".to_owned(), role));
        Script::new(&self.address, &shown(&admin.asks_for_token(&fields).await.is(200)))
    }
}

/// The token that the page shows.
pub fn shown(page: &Answer) -> String {
    let start = page.text.find("hvr_").expect("the page shows no token");
    page.text[start..].chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect()
}
