//! Tokens and answers that are not what they seem: each is refused with a page, and opens no session.

use handover::{app::App, case::actor::Role, casework::Casework, clock::Clock, config::Settings, site::Site};
use reqwest::Url;
use serde_json::{Value, json};

use super::{claims, comes_back, desk_of, ends, invited, is_in, sets_out};
use crate::{
    helpers::{
        desk::{Answer, BEGINNING, Desk},
        liar::{Answers, CLIENT, Key, Liar, SECRET, signed_with_secret, unsigned},
        listening::listening,
        postgres::Database,
    },
    web::Lines,
};

const UNPROVED: &str = "could not be verified";
const AWAY: &str = "is not answering at the moment";

/// One way to lie in a token: its name, and the token for these claims.
type Lie = (&'static str, Box<dyn Fn(&Liar, Value) -> String>);

/// A claim that is another, or none.
fn claim(name: &'static str, claim: &'static str, value: fn(i64) -> Value) -> Lie {
    let sign = move |liar: &Liar, mut claims: Value| {
        let now = claims["iat"].as_i64().unwrap();
        match value(now) {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(claim)),
            value => claims[claim] = value,
        }
        liar.key.signs(&claims)
    };
    (name, Box::new(sign))
}

fn signed(name: &'static str, sign: impl Fn(&Liar, Value) -> String + 'static) -> Lie {
    (name, Box::new(sign))
}

fn lies() -> Vec<Lie> {
    let (stranger, other) = (Key::new("two"), Key::new("one"));
    vec![
        claim("another issuer", "iss", |_| json!("https://evil.example")),
        claim("no issuer", "iss", |_| Value::Null),
        claim("another audience", "aud", |_| json!("another-client")),
        claim("a second audience", "aud", |_| json!(["handover", "another-client"])),
        claim("no audience", "aud", |_| Value::Null),
        claim("another authorised party", "azp", |_| json!("another-client")),
        claim("another nonce", "nonce", |_| json!("of-another-sign-in")),
        claim("no nonce", "nonce", |_| Value::Null),
        claim("expired", "exp", |now| json!(now - 61)),
        claim("no end", "exp", |_| Value::Null),
        claim("issued in the future", "iat", |now| json!(now + 61)),
        claim("issued long ago", "iat", |now| json!(now - 601)),
        claim("never issued", "iat", |_| Value::Null),
        claim("another access token", "at_hash", |_| json!("AAAAAAAAAAAAAAAAAAAAAA")),
        claim("nobody", "sub", |_| Value::Null),
        claim("an empty name", "sub", |_| json!("")),
        claim("a very long name", "sub", |_| json!("x".repeat(300))),
        signed("an unknown key", move |_, claims| stranger.signs(&claims)),
        signed("another key of that name", move |_, claims| other.signs(&claims)),
        signed("unsigned", |_, claims| format!("{}.", unsigned(&json!({ "alg": "none" }), &claims))),
        signed("unsigned with a signature", |_, claims| {
            format!("{}.AAAA", unsigned(&json!({ "alg": "none" }), &claims))
        }),
        signed("a public key as secret", |liar, claims| {
            let x = liar.key.public()["x"].as_str().unwrap().to_owned();
            signed_with_secret(&data_encoding::BASE64URL_NOPAD.decode(x.as_bytes()).unwrap(), &claims)
        }),
        signed("the client's secret", |_, claims| signed_with_secret(SECRET.as_bytes(), &claims)),
        signed("changed behind the signature", |liar, claims| {
            let (mut changed, whole) = (claims.clone(), liar.key.signs(&claims));
            changed["sub"] = json!("somebody-else");
            let signature = whole.rsplit_once('.').unwrap().1.to_owned();
            format!("{}.{signature}", unsigned(&json!({ "alg": "EdDSA", "kid": "one" }), &changed))
        }),
        signed("what must be understood", |liar, claims| {
            liar.key.signs_with(json!({ "alg": "EdDSA", "kid": "one", "crit": ["exp"] }), &claims)
        }),
        signed("a logout token's kind", |liar, claims| {
            liar.key.signs_with(json!({ "alg": "EdDSA", "kid": "one", "typ": "logout+jwt" }), &claims)
        }),
        signed("no token", |_, _| "garbage".to_owned()),
    ]
}

async fn no_session(desk: &Desk) {
    let sessions = "select count(*) from provider_sessions";
    let open: i64 = sqlx::query_scalar(sessions).fetch_one(&desk.casework.app.pool).await.unwrap();
    assert_eq!(open, 0);
}

#[actix_web::test]
async fn a_token_that_lies_opens_nothing() {
    let liar = Liar::start().await;
    let desk = desk_of(&liar, "").await;
    invited(&desk, "ann", Role::Agent).await;
    for (name, sign) in lies() {
        let visitor = desk.visitor("en");
        let sent = sets_out(&visitor, "liar", "/desk/mail").await;
        liar.hands_out(&sign(&liar, claims(&desk, &liar, "ann", &sent.nonce)));
        let answer = comes_back(&visitor, "liar", &sent.state).await;
        let words = answer.words();
        assert!(
            words.contains(UNPROVED)
                || (name == "no token"
                    || name.starts_with("no ")
                    || name.starts_with("never")
                    || name == "nobody")
                    && words.contains(AWAY),
            "{name}: {words}"
        );
        assert!(matches!(answer.status.as_u16(), 403 | 503), "{name}");
        assert!(!is_in(&visitor).await, "{name}");
        no_session(&desk).await;
    }
    // Unknown keys made it ask anew, but not each time.
    assert!(liar.said.lock().unwrap().asked <= 2);
    // The truth works, also after a change of keys that was announced meanwhile.
    let fresh = Key::new("three");
    liar.says(|said| said.keys = json!({ "keys": [fresh.public()] }));
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_secs(61)));
    let visitor = desk.visitor("en");
    let sent = sets_out(&visitor, "liar", "/desk/mail").await;
    let mut claims = claims(&desk, &liar, "ann", &sent.nonce);
    claims["azp"] = json!("handover");
    liar.hands_out(&fresh.signs(&claims));
    let answer = comes_back(&visitor, "liar", &sent.state).await.went_well();
    assert_eq!(answer.location.as_deref(), Some("/desk/mail"));
    assert!(is_in(&visitor).await);
    ends(desk).await;
}

fn away(answer: Answer) {
    answer.is(503).says(AWAY);
}

/// On one connection: whoever waits for the provider must not hold it.
#[actix_web::test]
async fn a_provider_that_is_not_well_gives_a_page() {
    let liar = Liar::start().await;
    let desk =
        Desk::start_on_one_connection(&format!("desk.providers = [{}]\n", liar.setting("liar", ""))).await;
    let visitor = desk.visitor("en");
    let later = || desk.clock.set(desk.now().after(jiff::SignedDuration::from_secs(6)));
    for how in [Answers::Elsewhere, Answers::Never, Answers::Fails, Answers::Garbage, Answers::Endless] {
        liar.says(|said| said.discovery = how);
        let (begun, other) = tokio::join!(visitor.get("/desk/sign-in/with/liar"), async {
            desk.visitor("de").get("/desk/sign-in").await
        });
        away(begun);
        other.is(200).says("Mit Liar anmelden");
        later();
    }
    // What it announces leads elsewhere.
    liar.says(|said| said.discovery = Answers::Well);
    let truth = liar.said.lock().unwrap().announces.clone();
    for (key, value) in [
        ("issuer", "https://evil.example"),
        ("jwks_uri", "http://169.254.169.254/keys"),
        ("jwks_uri", "http://127.0.0.1:1/keys"),
        ("jwks_uri", "file:///etc/passwd"),
        ("token_endpoint", "https://evil.example/token"),
        ("authorization_endpoint", "javascript:alert(1)"),
        ("authorization_endpoint", "https://evil.example/auth"),
    ] {
        liar.says(|said| said.announces[key] = json!(value));
        away(visitor.get("/desk/sign-in/with/liar").await);
        liar.says(|said| said.announces = truth.clone());
        later();
    }
    // The same where the code is exchanged.
    for how in [Answers::Elsewhere, Answers::Never, Answers::Fails, Answers::Garbage, Answers::Endless] {
        let sent = sets_out(&visitor, "liar", "/desk/mail").await;
        liar.says(|said| said.tokens = how);
        let (back, other) = tokio::join!(comes_back(&visitor, "liar", &sent.state), async {
            desk.visitor("de").get("/desk/sign-in").await
        });
        away(back);
        other.is(200);
        assert!(!is_in(&visitor).await, "{how:?}");
    }
    // Dead, but what it announced is still known: the way there stays, and back comes nobody.
    liar.says(|said| said.tokens = Answers::Well);
    let sent = sets_out(&visitor, "liar", "/desk/mail").await;
    liar.dies().await;
    away(comes_back(&visitor, "liar", &sent.state).await);
    ends(desk).await;
}

/// Whoever reads the log learns why, and neither how to come in nor who wanted to.
#[actix_web::test]
async fn the_log_says_why_and_holds_no_secret() {
    let (lines, log) = Lines::new();
    let _guard = listening(tracing_subscriber::fmt().json().with_writer(lines).finish());
    let (liar, database) = (Liar::start().await, Database::create().await);
    let now = BEGINNING.parse::<jiff::Timestamp>().unwrap();
    let settings = Settings::with(&format!("desk.providers = [{}]", liar.setting("liar", ""))).unwrap();
    let app = App::try_new(
        database.service_pool().await,
        settings,
        Clock::stopped(now.into()),
        &"k".repeat(32).into(),
    );
    let site = Site::new(Casework::try_new(app.unwrap()).unwrap());
    let service = actix_web::test::init_service(site.service()).await;
    let get =
        |path: &str| actix_web::test::TestRequest::get().uri(path).peer_addr("127.0.0.1:9".parse().unwrap());
    let begun = actix_web::test::call_service(&service, get("/desk/sign-in/with/liar").to_request()).await;
    let there = Url::parse(begun.headers().get("location").unwrap().to_str().unwrap()).unwrap();
    let value = |name: &str| there.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    let (state, nonce) = (value("state"), value("nonce"));
    let cookie = begun.response().cookies().next().unwrap().into_owned();
    let token = liar.key.signs(&json!({
        "iss": liar.address, "sub": "ann-1", "aud": ["of-others", CLIENT], "exp": now.as_second() + 60, "iat": now.as_second(),
        "nonce": nonce, "email": "ann@reseller.example", "email_verified": true,
    }));
    liar.hands_out(&token);
    let back = format!("/desk/sign-in/with/liar/callback?code=a-secret-code&state={state}");
    let answer =
        actix_web::test::call_service(&service, get(&back).cookie(cookie.clone()).to_request()).await;
    assert_eq!(answer.status().as_u16(), 403);
    let said = String::from_utf8(log.lock().unwrap().clone()).unwrap();
    assert!(said.contains("it is for somebody else") && said.contains("unproved"), "{said}");
    let form = liar.said.lock().unwrap().forms.pop().unwrap();
    let verifier = form.split('&').find_map(|pair| pair.strip_prefix("code_verifier=")).unwrap().to_owned();
    for secret in
        ["a-secret-code", &state, &nonce, &token, cookie.value(), &verifier, SECRET, "ann", "an-access-token"]
    {
        assert!(!said.contains(secret), "{secret} in {said}");
    }
}
