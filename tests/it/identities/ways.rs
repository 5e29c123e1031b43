//! The way there and back: begun and finished in one browser, once, within its time, at one provider; and where it ends.

use handover::case::actor::Role;
use reqwest::Client;

use super::{claims, comes_back, desk_of, ends, invited, is_in, sets_out, signs_in, trail};
use crate::helpers::{
    desk::Desk,
    liar::{Liar, SECRET},
};

const STALE: &str = "started in another browser";

#[actix_web::test]
async fn the_way_there_says_what_it_must_and_no_more() {
    let liar = Liar::start().await;
    let desk = desk_of(&liar, ", second_factor_acr = [\"gold\"]").await;
    let ann = invited(&desk, "ann", Role::Agent).await;
    let page = desk.visitor("de").get("/desk/sign-in?return_to=/desk/mail").await.is(200);
    assert!(page.text.contains("href=\"/desk/sign-in/with/liar?return_to=%2Fdesk%2Fmail\""), "{}", page.text);
    let sent = sets_out(&ann.visitor, "liar", "/desk/mail").await;
    let query: std::collections::BTreeMap<String, String> = sent.url.query_pairs().into_owned().collect();
    let of = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    assert!(sent.url.as_str().starts_with(&format!("{}/auth?", liar.address)));
    assert_eq!(
        (of("response_type"), of("client_id"), of("code_challenge_method")),
        ("code", "handover", "S256")
    );
    assert_eq!(of("redirect_uri"), format!("{}/desk/sign-in/with/liar/callback", desk.address));
    assert_eq!((of("scope"), of("acr_values")), ("openid email profile", "gold"));
    assert!(of("state").len() >= 43 && of("nonce").len() >= 43 && of("code_challenge").len() == 43);
    liar.hands_out(&liar.key.signs(&claims(&desk, &liar, "ann", &sent.nonce)));
    comes_back(&ann.visitor, "liar", &sent.state).await.went_well();
    let form = liar.said.lock().unwrap().forms.pop().unwrap();
    assert!(
        form.contains("code_verifier=") && form.contains("code=a-code") && !form.contains(SECRET),
        "{form}"
    );
    assert!(is_in(&ann.visitor).await);
    // Nobody is sent to another site, and a long address breaks nothing.
    for there in [
        "https://evil.example/",
        "//evil.example",
        "/desk/../../evil",
        "/escalations",
        &format!("/desk/{}", "x".repeat(9000)),
    ] {
        let sent = sets_out(&ann.visitor, "liar", &there.replace('/', "%2F")).await;
        liar.hands_out(&liar.key.signs(&claims(&desk, &liar, "ann", &sent.nonce)));
        let to = comes_back(&ann.visitor, "liar", &sent.state).await.went_well().location.unwrap();
        assert!(to.starts_with("/desk/") && !to.contains("evil.example"), "{to}");
    }
    ann.visitor.get("/desk/sign-in/with/nobody").await.is(404);
    ann.visitor.get("/desk/sign-in/with/nobody/callback").await.is(404);
    ends(desk).await;
}

#[actix_web::test]
async fn what_comes_back_counts_once_in_the_browser_that_began_it() {
    let (liar, second) = (Liar::start().await, Liar::start().await);
    let settings =
        format!("desk.providers = [{}, {}]\n", liar.setting("liar", ""), second.setting("second", ""));
    let desk = Desk::start_with(&settings).await;
    invited(&desk, "ann", Role::Agent).await;
    let (mallory, ann) = (desk.visitor("en"), desk.visitor("en"));
    let state_of = async |visitor: &_| {
        let sent = sets_out(visitor, "liar", "/desk/mail").await;
        for one in [&liar, &second] {
            let claims = claims(&desk, one, "ann", &sent.nonce);
            one.hands_out(&one.key.signs(&claims));
        }
        sent.state
    };
    // Mallory begins, and has Ann's browser finish: she would work in an account of his.
    let his = state_of(&mallory).await;
    comes_back(&ann, "liar", &his).await.is(400).says(STALE);
    state_of(&ann).await;
    comes_back(&ann, "liar", &his).await.is(400).says(STALE);
    // Sent to another provider, which so learns the code; it is gone then.
    let state = state_of(&ann).await;
    comes_back(&ann, "second", &state).await.is(400).says(STALE);
    comes_back(&ann, "liar", &state).await.is(400).says(STALE);
    // Garbage, nothing, and what nobody began.
    for state in ["", "x", &"A".repeat(43), "%00", "%ff"] {
        comes_back(&ann, "liar", state).await.is(400).says(STALE);
    }
    ann.get("/desk/sign-in/with/liar/callback").await.is(400).says(STALE);
    // Refused there; the state is used up all the same.
    let state = state_of(&ann).await;
    let refused = format!(
        "/desk/sign-in/with/liar/callback?error=access_denied&error_description=<b>x</b>&state={state}"
    );
    ann.get(&refused).await.is(403).says("was cancelled or refused there").never_says("<b>");
    comes_back(&ann, "liar", &state).await.is(400).says(STALE);
    // No code, and an answer in another provider's name (RFC 9207).
    let state = state_of(&ann).await;
    ann.get(&format!("/desk/sign-in/with/liar/callback?state={state}")).await.is(403);
    let state = state_of(&ann).await;
    comes_back(&ann, "liar", &format!("{state}&iss=https://evil.example"))
        .await
        .is(403)
        .says("could not be verified");
    // Too late.
    let state = state_of(&ann).await;
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(10)));
    comes_back(&ann, "liar", &state).await.is(400).says(STALE);
    // Two at once: one of them counts.
    let state = state_of(&ann).await;
    let (one, other) = tokio::join!(comes_back(&ann, "liar", &state), comes_back(&ann, "liar", &state));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 400]);
    assert!(is_in(&ann).await && !is_in(&mallory).await);
    assert_eq!(trail(&desk).await, ["staff_added", "identity_bound"]);
    ends(desk).await;
}

#[actix_web::test]
async fn a_provider_that_announces_to_name_itself_has_to() {
    let liar = Liar::start().await;
    liar.says(|said| said.announces["authorization_response_iss_parameter_supported"] = true.into());
    let desk = desk_of(&liar, "").await;
    let ann = invited(&desk, "ann", Role::Agent).await;
    signs_in(&desk, &liar, &ann.visitor, "ann", |_| ()).await.is(403);
    let sent = sets_out(&ann.visitor, "liar", "/desk/mail").await;
    liar.hands_out(&liar.key.signs(&claims(&desk, &liar, "ann", &sent.nonce)));
    comes_back(&ann.visitor, "liar", &format!("{}&iss={}", sent.state, liar.address)).await.went_well();
    ends(desk).await;
}

#[actix_web::test]
async fn another_site_begins_nothing_and_cookies_are_guarded() {
    let liar = Liar::start().await;
    let desk = desk_of(&liar, ", session_minutes = 30").await;
    invited(&desk, "ann", Role::Agent).await;
    let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let begin = format!("{}/desk/sign-in/with/liar", desk.address);
    let lured = client.get(&begin).header("sec-fetch-site", "cross-site").send().await.unwrap();
    assert_eq!(lured.headers()["location"], "/desk/sign-in?return_to=%2Fdesk%2Fcases");
    assert!(lured.headers().get("set-cookie").is_none());
    let begun = client.get(&begin).header("sec-fetch-site", "same-origin").send().await.unwrap();
    let cookie = begun.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(
        cookie.starts_with("handover_provider=")
            && cookie.contains("HttpOnly")
            && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    // The session that comes of it ends by itself, used or not.
    let ann = desk.visitor("en");
    signs_in(&desk, &liar, &ann, "ann", |_| ()).await.went_well();
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(29)));
    assert!(is_in(&ann).await);
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(1)));
    assert!(!is_in(&ann).await);
    // Not more of them than a form may be sent.
    ends(desk).await;
    let desk = Desk::start_with(&format!(
        "desk.providers = [{}]\nhttp.forms_burst = 3\nhttp.forms_per_minute = 1",
        liar.setting("liar", "")
    ))
    .await;
    let visitor = desk.visitor("en");
    for _ in 0..3 {
        visitor.get("/desk/sign-in/with/liar").await.went_well();
    }
    visitor.get("/desk/sign-in/with/liar").await.is(429);
    ends(desk).await;
}
