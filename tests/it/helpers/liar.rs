//! An identity provider that says what a test wants: the truth, lies, nothing, or too much.

use std::{
    collections::BTreeMap,
    process::Command,
    sync::{Arc, Mutex},
    time::Duration,
};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, dev::ServerHandle, web};
use data_encoding::BASE64URL_NOPAD;
use openidconnect::{
    JsonWebKeyId, PrivateSigningKey as _,
    core::{CoreEdDsaPrivateSigningKey, CoreHmacKey, CoreJwsSigningAlgorithm},
};
use serde_json::{Value, json};

pub const CLIENT: &str = "handover";
pub const SECRET: &str = "a-secret-of-the-tests-alone";

/// How an address answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    Well,
    Elsewhere,
    Never,
    Fails,
    Garbage,
    Endless,
}

#[derive(Debug)]
pub struct Said {
    pub announces: Value,
    pub keys: Value,
    pub discovery: Answers,
    pub tokens: Answers,
    pub token: Value,
    /// What is handed out for one code, where that is said.
    pub for_code: BTreeMap<String, Value>,
    /// How often it was asked for what it announces.
    pub asked: usize,
    /// The forms that came in exchange for a code.
    pub forms: Vec<String>,
}

/// Signs as whoever has the key.
pub struct Key {
    key: CoreEdDsaPrivateSigningKey,
    kid: String,
}

impl Key {
    pub fn new(kid: &str) -> Self {
        let made = Command::new("openssl").args(["genpkey", "-algorithm", "ed25519"]).output().unwrap();
        let pem = String::from_utf8(made.stdout).unwrap();
        let id = JsonWebKeyId::new(kid.to_owned());
        Self {
            key: CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(id)).unwrap(),
            kid: kid.to_owned(),
        }
    }

    pub fn public(&self) -> Value {
        serde_json::to_value(self.key.as_verification_key()).unwrap()
    }

    pub fn signs(&self, claims: &Value) -> String {
        self.signs_with(json!({ "alg": "EdDSA", "kid": self.kid }), claims)
    }

    pub fn signs_with(&self, header: Value, claims: &Value) -> String {
        let text = unsigned(&header, claims);
        let signature = self.key.sign(&CoreJwsSigningAlgorithm::EdDsa, text.as_bytes()).unwrap();
        format!("{text}.{}", BASE64URL_NOPAD.encode(&signature))
    }
}

/// Head and claims of a token.
pub fn unsigned(header: &Value, claims: &Value) -> String {
    let encode = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    format!("{}.{}", encode(header), encode(claims))
}

/// Signed with a secret, as if a public key were one.
pub fn signed_with_secret(secret: &[u8], claims: &Value) -> String {
    let text = unsigned(&json!({ "alg": "HS256", "kid": "one" }), claims);
    let key = CoreHmacKey::new(secret.to_vec());
    let signature = key.sign(&CoreJwsSigningAlgorithm::HmacSha256, text.as_bytes()).unwrap();
    format!("{text}.{}", BASE64URL_NOPAD.encode(&signature))
}

pub struct Liar {
    pub address: String,
    pub key: Key,
    pub said: Arc<Mutex<Said>>,
    handle: ServerHandle,
}

impl Liar {
    pub async fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let key = Key::new("one");
        let said = Arc::new(Mutex::new(Said {
            announces: json!({
                "issuer": address, "authorization_endpoint": format!("{address}/auth"),
                "token_endpoint": format!("{address}/token"), "jwks_uri": format!("{address}/keys"),
                "end_session_endpoint": format!("{address}/end"),
                "response_types_supported": ["code"], "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["EdDSA"],
            }),
            keys: json!({ "keys": [key.public()] }),
            discovery: Answers::Well,
            tokens: Answers::Well,
            token: Value::Null,
            for_code: BTreeMap::new(),
            asked: 0,
            forms: Vec::new(),
        }));
        let shared = web::Data::from(Arc::clone(&said));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(shared.clone())
                .route("/.well-known/openid-configuration", web::get().to(discovery))
                .route("/keys", web::get().to(keys))
                .route("/moved", web::route().to(moved))
                .route("/token", web::post().to(token))
        });
        let server = server.workers(1).listen(listener).unwrap().disable_signals().run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { address, key, said, handle }
    }

    /// The setting for it, with what a test adds, as a table in a row.
    pub fn setting(&self, name: &str, more: &str) -> String {
        format!(
            "{{ name = \"{name}\", label = \"Liar\", issuer = \"{}\", client_id = \"{CLIENT}\", client_secret = \"{SECRET}\", timeout_seconds = 1{more} }}",
            self.address
        )
    }

    pub fn says(&self, change: impl FnOnce(&mut Said)) {
        change(&mut self.said.lock().unwrap());
    }

    /// From now on, whoever comes with a code gets this ID token.
    pub fn hands_out(&self, id_token: &str) {
        let token = given(id_token);
        self.says(|said| said.token = token);
    }

    /// The same for one code alone.
    pub fn hands_out_for(&self, code: &str, id_token: &str) {
        let token = given(id_token);
        self.says(|said| drop(said.for_code.insert(code.to_owned(), token)));
    }

    pub async fn dies(&self) {
        self.handle.stop(false).await;
    }
}

fn given(id_token: &str) -> Value {
    json!({ "access_token": "an-access-token", "token_type": "Bearer", "expires_in": 60, "id_token": id_token })
}

async fn discovery(said: web::Data<Mutex<Said>>, request: HttpRequest) -> HttpResponse {
    let (how, answer) = {
        let mut said = said.lock().unwrap();
        said.asked += 1;
        (said.discovery, said.announces.clone())
    };
    give(how, &answer, &request).await
}

async fn keys(said: web::Data<Mutex<Said>>) -> HttpResponse {
    HttpResponse::Ok().json(&said.lock().unwrap().keys)
}

/// Where a redirect leads: all would be well there.
async fn moved(said: web::Data<Mutex<Said>>, request: HttpRequest) -> HttpResponse {
    let said = said.lock().unwrap();
    let is_token = request.method() == actix_web::http::Method::POST;
    HttpResponse::Ok().json(if is_token { &said.token } else { &said.announces })
}

async fn token(said: web::Data<Mutex<Said>>, request: HttpRequest, form: String) -> HttpResponse {
    let (how, answer) = {
        let mut said = said.lock().unwrap();
        let code = form.split('&').find_map(|pair| pair.strip_prefix("code=")).unwrap_or_default();
        let token = said.for_code.get(code).unwrap_or(&said.token).clone();
        said.forms.push(form);
        (said.tokens, token)
    };
    give(how, &answer, &request).await
}

async fn give(how: Answers, answer: &Value, request: &HttpRequest) -> HttpResponse {
    match how {
        Answers::Well => HttpResponse::Ok().json(answer),
        Answers::Elsewhere => {
            let host = request.connection_info().host().to_owned();
            HttpResponse::TemporaryRedirect()
                .insert_header(("location", format!("http://{host}/moved")))
                .finish()
        }
        Answers::Never => {
            tokio::time::sleep(Duration::from_secs(20)).await;
            HttpResponse::Ok().finish()
        }
        Answers::Fails => HttpResponse::InternalServerError().body("code=4711 is wrong"),
        Answers::Garbage => HttpResponse::Ok().content_type("application/json").body("{\"issuer\": [\u{0}"),
        Answers::Endless => {
            let parts = futures_util::stream::repeat_with(|| {
                Ok::<_, actix_web::Error>(web::Bytes::from_static(&[b' '; 8192]))
            });
            HttpResponse::Ok().content_type("application/json").streaming(parts)
        }
    }
}
