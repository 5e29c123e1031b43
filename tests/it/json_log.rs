//! The log that machines read: each line is JSON with numbers as numbers and each key once, one line per request, and nobody in it.

use std::{
    collections::BTreeSet,
    fmt,
    fs::{self, File},
    process::Stdio,
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use reqwest::{Client, Method, StatusCode, redirect::Policy};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use tempfile::TempDir;

use crate::helpers::{
    command::{free_port, production},
    postgres::Database,
    story::{REQUESTER, form},
};

/// Fails on an object that has a key twice, wherever it stands.
struct EachOnce;

impl<'de> Deserialize<'de> for EachOnce {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Looking;
        impl<'de> Visitor<'de> for Looking {
            type Value = EachOnce;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<EachOnce, A::Error> {
                let mut seen = BTreeSet::new();
                while let Some(key) = map.next_key::<String>()? {
                    map.next_value::<EachOnce>()?;
                    if !seen.insert(key.clone()) {
                        return Err(A::Error::custom(format!("{key} twice")));
                    }
                }
                Ok(EachOnce)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<EachOnce, A::Error> {
                while list.next_element::<EachOnce>()?.is_some() {}
                Ok(EachOnce)
            }
            fn visit_bool<E>(self, _: bool) -> Result<EachOnce, E> {
                Ok(EachOnce)
            }
            fn visit_i64<E>(self, _: i64) -> Result<EachOnce, E> {
                Ok(EachOnce)
            }
            fn visit_u64<E>(self, _: u64) -> Result<EachOnce, E> {
                Ok(EachOnce)
            }
            fn visit_f64<E>(self, _: f64) -> Result<EachOnce, E> {
                Ok(EachOnce)
            }
            fn visit_str<E>(self, _: &str) -> Result<EachOnce, E> {
                Ok(EachOnce)
            }
            fn visit_unit<E>(self) -> Result<EachOnce, E> {
                Ok(EachOnce)
            }
        }
        deserializer.deserialize_any(Looking)
    }
}

#[test]
fn a_key_that_stands_there_twice_is_found() {
    assert!(serde_json::from_str::<EachOnce>(r#"{"a":[{"b":1,"c":null},true],"b":"x"}"#).is_ok());
    assert!(serde_json::from_str::<EachOnce>(r#"{"a":[{"b":1,"b":1}]}"#).is_err());
}

#[actix_web::test]
async fn each_request_is_one_line_with_its_figures_as_numbers_and_nobody_in_it() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (database, data, port) = (Database::create().await, TempDir::new().unwrap(), free_port().to_string());
    let file = data.path().join("log");
    let mut child = production(data.path(), &database.url())
        .env("HANDOVER__HTTP__PORT", &port)
        .env("HANDOVER__MAIL__SMTP__PORT", free_port().to_string())
        .env("HANDOVER__MAIL__SMTP__TLS", "none")
        .arg("serve")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(&file).unwrap())
        .spawn()
        .unwrap();
    let client = Client::builder().redirect(Policy::none()).timeout(Duration::from_secs(60)).build().unwrap();
    let url = |path: &str| format!("http://127.0.0.1:{port}{path}");
    for _ in 0..1200 {
        let asked = client.get(url("/health/ready")).send().await;
        if asked.is_ok_and(|answer| answer.status() == StatusCode::OK) {
            break;
        }
        assert!(child.try_wait().unwrap().is_none(), "{}", fs::read_to_string(&file).unwrap());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let token = "pZ3kW8nR5tY2vB7xQ1mC4sF6hJ9dL0gA";
    let unknown = format!("/nothing/{token}?email={REQUESTER}");
    let cases = [
        (Method::GET, "/guide".to_owned(), None, 200, "/guide"),
        (Method::GET, format!("/confirmations/{token}"), None, 404, "/confirmations/{token}"),
        (Method::GET, unknown, None, 404, ""),
        (Method::from_bytes(b"SECRETWORD").unwrap(), "/guide".to_owned(), None, 405, "/guide"),
        (Method::POST, "/escalations".to_owned(), Some(form()), 303, "/escalations"),
        (
            Method::POST,
            "/desk/sign-in".to_owned(),
            Some(vec![
                ("email", "nobody@reseller.example".to_owned()),
                ("password", "a wrong one".to_owned()),
            ]),
            422,
            "/desk/sign-in",
        ),
    ];
    let mut wanted = Vec::new();
    for (method, path, fields, status, route) in &cases {
        let mut request = client.request(method.clone(), url(path)).header("traceparent", "00-0-0-01");
        if let Some(fields) = fields {
            request = request.form(fields);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), *status, "{method} {path}");
        let id = answer.headers().get("x-request-id").map(|id| id.to_str().unwrap().to_owned());
        wanted.push((id, u64::from(*status), *route));
    }
    // The worker has tried the letter: that is a line, too.
    for _ in 0..600 {
        if fs::read_to_string(&file).unwrap().contains("e-mail tried") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    kill(Pid::from_raw(child.id().try_into().unwrap()), Signal::SIGTERM).unwrap();
    assert!(child.wait().unwrap().success());
    let text = fs::read_to_string(&file).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| {
            serde_json::from_str::<EachOnce>(line).unwrap_or_else(|error| panic!("{line}: {error}"));
            serde_json::from_str(line).unwrap()
        })
        .collect();
    for line in &lines {
        for key in ["timestamp", "level", "target"] {
            assert!(line[key].is_string(), "{line}");
        }
        assert!(line["fields"]["message"].is_string() && line.get("spans").is_none(), "{line}");
        numbers_are_numbers(line);
    }
    let answered: Vec<&Value> = lines.iter().filter(|line| line["fields"]["message"] == "answered").collect();
    for line in &answered {
        assert!(line["fields"]["status"].is_u64() && line["fields"]["duration_ms"].is_u64(), "{line}");
        assert!(line["span"]["route"].is_string() && line["span"].get("status").is_none(), "{line}");
    }
    let ids: BTreeSet<&str> =
        answered.iter().map(|line| line["span"]["request_id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), answered.len(), "one line for each request");
    for (_, status, route) in &wanted {
        let of_it = answered
            .iter()
            .filter(|line| line["fields"]["status"] == *status && line["span"]["route"] == *route);
        assert_eq!(of_it.count(), 1, "{status} {route}: {text}");
    }
    let tried: Vec<&Value> =
        lines.iter().filter(|line| line["fields"]["message"] == "e-mail tried").collect();
    assert!(
        !tried.is_empty()
            && tried
                .iter()
                .all(|line| line["fields"]["attempt"].is_u64() || line["fields"]["attempt"].is_i64())
    );
    for secret in [token, "@", "nordlicht", "SECRETWORD", "a wrong one", "Petra"] {
        assert!(!text.contains(secret), "{secret} is in\n{text}");
    }
}

/// A text that is a number was one, and was written otherwise.
fn numbers_are_numbers(value: &Value) {
    match value {
        Value::Object(fields) => fields.values().for_each(numbers_are_numbers),
        Value::Array(values) => values.iter().for_each(numbers_are_numbers),
        Value::String(text) => assert!(text.is_empty() || text.parse::<f64>().is_err(), "{text:?} is a text"),
        _ => {}
    }
}
