//! Whoever comes by a provider that shows no second factor, and knows no password of ours, sets one up here: after the provider has
//! asked them anew, which it has to say.

use handover::case::actor::Role;
use serde_json::{Value, json};

use super::{ROLES, claims, comes_back, desk_of, ends, invited, is_in, signs_in};
use crate::{
    helpers::{
        desk::{Answer, Desk, Visitor},
        liar::Liar,
        script::ALL,
    },
    second_factors::Phone,
};

const PAGE: &str = "/desk/account/second-factors";

/// Goes where the page says, and comes back with what the provider says of when it asked.
async fn signs_in_anew(
    desk: &Desk,
    liar: &Liar,
    visitor: &Visitor,
    who: &str,
    asked_at: Option<i64>,
) -> Answer {
    let begun = visitor.get(&format!("/desk/sign-in/with/liar?anew=true&return_to={PAGE}")).await.went_well();
    let url = reqwest::Url::parse(&begun.location.unwrap()).unwrap();
    let of = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    assert_eq!((of("prompt").as_deref(), of("max_age").as_deref()), (Some("login"), Some("0")));
    let mut claims = claims(desk, liar, who, &of("nonce").unwrap());
    claims["groups"] = json!(["clerks"]);
    if let Some(asked_at) = asked_at {
        claims["auth_time"] = json!(asked_at);
    }
    liar.hands_out(&liar.key.signs(&claims));
    comes_back(visitor, "liar", &of("state").unwrap()).await
}

#[actix_web::test]
async fn a_factor_of_ours_is_set_up_after_the_provider_has_asked_anew() {
    let liar = Liar::start().await;
    let desk = desk_of(&liar, &format!("{ROLES}, accounts = \"just_in_time\"")).await;
    let nora = desk.visitor("en");
    let long_ago = desk.now().as_second() - 7200;
    let clerk = |claims: &mut Value| {
        claims["groups"] = json!(["clerks"]);
        claims["auth_time"] = json!(long_ago);
    };
    signs_in(&desk, &liar, &nora, "nora", clerk).await.went_well();
    // The provider knew the browser: whoever sits there now may be anybody.
    let page = nora.get(PAGE).await.is(200).says("Sign in anew at Liar").never_says("Set up an app");
    assert!(page.text.contains("/desk/sign-in/with/liar?anew=true&amp;return_to="), "{}", page.text);
    let asked = nora.post(&format!("{PAGE}/apps"), &[("name", "Phone")]).await.is(403);
    asked.says("Sign in anew at Liar").never_says("Enter your password");
    // A provider that does not ask, or does not say so, is believed nothing; the session from before stays what it was.
    for asked_at in [None, Some(long_ago), Some(desk.now().as_second() - 61)] {
        signs_in_anew(&desk, &liar, &nora, "nora", asked_at).await.is(403).says("signed in anew just now");
        nora.post(&format!("{PAGE}/apps"), &[("name", "Phone")]).await.is(403);
    }
    assert!(is_in(&nora).await);
    let now = desk.now().as_second();
    let back = signs_in_anew(&desk, &liar, &nora, "nora", Some(now)).await.went_well();
    assert_eq!(back.location.as_deref(), Some(PAGE));
    nora.get(PAGE).await.is(200).never_says("Sign in anew at Liar");
    // For minutes.
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(16)));
    nora.post(&format!("{PAGE}/apps"), &[("name", "Phone")]).await.is(403);
    signs_in_anew(&desk, &liar, &nora, "nora", Some(desk.now().as_second())).await.went_well();
    let begun = nora.post(&format!("{PAGE}/apps"), &[("name", "Phone")]).await.went_well();
    let page = begun.location.unwrap();
    let phone = Phone::scans(&nora.get(&page).await.is(200));
    nora.post(&page, &[("code", &phone.code(&desk, 0))]).await.is(200).says("Recovery codes");
    // From then on it is asked for, whatever the provider says.
    let other = desk.visitor("en");
    signs_in(&desk, &liar, &other, "nora", clerk).await.went_well();
    other.post("/desk/account/tokens", &[]).await.is(403);
    ends(desk).await;
}

#[actix_web::test]
async fn a_factor_shown_there_keeps_the_tokens_of_who_must_have_one() {
    let liar = Liar::start().await;
    let desk = Desk::start_with(&format!(
        "desk.providers = [{}]\ndesk.second_factor.demand_in_demo = true\n\
         desk.second_factor.required_for = [\"agent\"]\ndesk.second_factor.grace_days = 1\n",
        liar.setting("liar", ", second_factor_amr = [\"mfa\"]")
    ))
    .await;
    let ann = invited(&desk, "ann", Role::Agent).await;
    let shown = |claims: &mut Value| {
        claims["amr"] = json!(["mfa"]);
        claims["auth_time"] = claims["iat"].clone();
    };
    signs_in(&desk, &liar, &ann.visitor, "ann", shown).await.went_well();
    let script = desk.script(&ann, &ALL).await;
    desk.later(25).await;
    script.get("/api/v1/cases").await.is(200);
    // Signed in there without one: they are led to set one up here, and so are their programs.
    signs_in(&desk, &liar, &ann.visitor, "ann", |_| ()).await.went_well();
    script.get("/api/v1/cases").await.tells(403, "factor-needed");
    signs_in(&desk, &liar, &ann.visitor, "ann", shown).await.went_well();
    script.get("/api/v1/cases").await.is(200);
    ends(desk).await;
}
