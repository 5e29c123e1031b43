//! Signed out by the provider: who has left there is out here at once, and nobody else can do that.

use handover::case::actor::Role;
use serde_json::{Value, json};

use super::{desk_of, ends, invited, is_in, sets_out, signs_in};
use crate::helpers::{
    desk::{Desk, Visitor},
    liar::{Key, Liar, SECRET, signed_with_secret, unsigned},
};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

fn logout(desk: &Desk, liar: &Liar, id: &str) -> Value {
    let now = desk.now().as_second();
    json!({ "iss": liar.address, "aud": "handover", "iat": now, "exp": now + 120, "jti": id, "sub": "ann-1", "events": { EVENT: {} } })
}

/// As a provider sends it: a program, without cookies.
async fn says(desk: &Desk, token: &str) -> u16 {
    let request = reqwest::Client::new().post(format!("{}/desk/sign-in/with/liar/logout", desk.address));
    request.form(&[("logout_token", token)]).send().await.unwrap().status().as_u16()
}

async fn two_browsers(desk: &Desk, liar: &Liar) -> [Visitor; 2] {
    let visitors = [desk.visitor("en"), desk.visitor("en")];
    for (visitor, session) in visitors.iter().zip(["s-1", "s-2"]) {
        signs_in(desk, liar, visitor, "ann", |claims| claims["sid"] = json!(session)).await.went_well();
    }
    visitors
}

#[actix_web::test]
async fn whoever_left_there_is_out_here() {
    let liar = Liar::start().await;
    let desk = desk_of(&liar, "").await;
    invited(&desk, "ann", Role::Agent).await;
    let ben = invited(&desk, "ben", Role::Agent).await.visitor;
    signs_in(&desk, &liar, &ben, "ben", |_| ()).await.went_well();
    // One session there, one here.
    let [one, other] = two_browsers(&desk, &liar).await;
    let mut token = logout(&desk, &liar, "a");
    token["sid"] = json!("s-1");
    assert_eq!(
        says(
            &desk,
            &liar.key.signs_with(json!({ "alg": "EdDSA", "kid": "one", "typ": "logout+jwt" }), &token)
        )
        .await,
        200
    );
    assert!(!is_in(&one).await && is_in(&other).await);
    // By the session alone, and everything of one person.
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_secs(5)));
    let mut token = logout(&desk, &liar, "b");
    token.as_object_mut().unwrap().remove("sub");
    token["sid"] = json!("s-2");
    assert_eq!(says(&desk, &liar.key.signs(&token)).await, 200);
    assert!(!is_in(&other).await && is_in(&ben).await);
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_secs(5)));
    let [one, other] = two_browsers(&desk, &liar).await;
    let token = liar.key.signs(&logout(&desk, &liar, "c"));
    assert_eq!(says(&desk, &token).await, 200);
    assert!(!is_in(&one).await && !is_in(&other).await && is_in(&ben).await);
    // Used before: somebody kept it to sign others out with.
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_secs(5)));
    let [one, _] = two_browsers(&desk, &liar).await;
    assert_eq!(says(&desk, &token).await, 400);
    assert!(is_in(&one).await);
    // On the way back with a token from before.
    let sent = sets_out(&one, "liar", "/desk/mail").await;
    let before = super::claims(&desk, &liar, "ann", &sent.nonce);
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_secs(5)));
    assert_eq!(says(&desk, &liar.key.signs(&logout(&desk, &liar, "d"))).await, 200);
    liar.hands_out(&liar.key.signs(&before));
    super::comes_back(&one, "liar", &sent.state).await.is(403).says("signed you out in the meantime");
    assert!(!is_in(&one).await);
    ends(desk).await;
}

#[actix_web::test]
async fn a_logout_token_that_lies_ends_nothing() {
    let liar = Liar::start().await;
    let desk = desk_of(&liar, "").await;
    let ann = invited(&desk, "ann", Role::Agent).await.visitor;
    signs_in(&desk, &liar, &ann, "ann", |_| ()).await.went_well();
    let now = desk.now().as_second();
    let mut tokens: Vec<(String, String)> = Vec::new();
    for (claim, value) in [
        ("iss", json!("https://evil.example")),
        ("iss", Value::Null),
        ("aud", json!("another-client")),
        ("aud", json!(["handover", "another-client"])),
        ("aud", json!([])),
        ("iat", json!(now + 61)),
        ("iat", json!(now - 601)),
        ("iat", Value::Null),
        ("exp", json!(now - 61)),
        ("exp", json!("soon")),
        ("jti", Value::Null),
        ("sub", Value::Null),
        ("events", json!({})),
        ("events", json!({ EVENT: true })),
        ("events", Value::Null),
        ("nonce", json!("n")),
    ] {
        let mut token = logout(&desk, &liar, "x");
        match &value {
            Value::Null => drop(token.as_object_mut().unwrap().remove(claim)),
            value => token[claim] = value.clone(),
        }
        tokens.push((format!("{claim} = {value}"), liar.key.signs(&token)));
    }
    let good = logout(&desk, &liar, "y");
    tokens.push(("unsigned".into(), format!("{}.", unsigned(&json!({ "alg": "none" }), &good))));
    tokens.push(("a secret".into(), signed_with_secret(SECRET.as_bytes(), &good)));
    tokens.push(("an unknown key".into(), Key::new("two").signs(&good)));
    tokens.push(("another key".into(), Key::new("one").signs(&good)));
    tokens.push(("an ID token".into(), liar.key.signs(&super::claims(&desk, &liar, "ann", "n"))));
    let strange = json!({ "alg": "EdDSA", "kid": "one", "typ": "at+jwt" });
    tokens.push(("another kind".into(), liar.key.signs_with(strange, &good)));
    tokens.push(("nothing".into(), String::new()));
    tokens.push(("garbage".into(), "a.b.c.d".into()));
    tokens.push(("a book".into(), "a".repeat(70_000)));
    for (name, token) in tokens {
        assert_eq!(says(&desk, &token).await, 400, "{name}");
        assert!(is_in(&ann).await, "{name}");
    }
    // The way out there is offered to whoever came by it.
    let out = ann.post("/desk/sign-out", &[]).await.went_well().location.unwrap();
    let page = ann.get(&out).await.is(200).says("Sign out at Liar, too");
    let link = format!("{}/end?client_id=handover&amp;post_logout_redirect_uri=", liar.address);
    assert!(page.text.contains(&link), "{}", page.text);
    ann.get("/desk/sign-in?left=nobody").await.is(200).never_says("Sign out at");
    ends(desk).await;
}

/// A whole desk is signed out there at once; that is no form that people send, and still has an end.
#[actix_web::test]
async fn many_are_signed_out_at_once_and_forgers_are_bounded() {
    let liar = Liar::start().await;
    let desk = Desk::start_with(&format!(
        "desk.providers = [{}]\nhttp.forms_burst = 3\nhttp.forms_per_minute = 1",
        liar.setting("liar", "")
    ))
    .await;
    let all = (0..60).map(|at| {
        let token = liar.key.signs(&logout(&desk, &liar, &format!("at once {at}")));
        let desk = &desk;
        async move { says(desk, &token).await }
    });
    assert_eq!(futures_util::future::join_all(all).await, vec![200; 60]);
    // What people send is counted by itself.
    desk.visitor("en").get("/desk/sign-in/with/liar").await.went_well();
    let client = reqwest::Client::new();
    let path = format!("{}/desk/sign-in/with/liar/logout", desk.address);
    let mut refused = 0;
    for _ in 0..640 {
        let answer =
            client.post(&path).form(&[("logout_token", "x")]).send().await.unwrap().status().as_u16();
        assert!([400, 429].contains(&answer), "{answer}");
        refused += usize::from(answer == 429);
    }
    assert!(refused > 0, "nobody is turned away");
    ends(desk).await;
}
