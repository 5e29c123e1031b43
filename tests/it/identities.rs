//! Signing in with an identity provider: with a real one, and with one that lies, stalls and dies.

mod accounts;
mod anew;
mod lies;
mod logout;
mod real;
mod told;
mod ways;

use handover::case::actor::Role;
use reqwest::Url;
use serde_json::{Value, json};

use crate::helpers::{
    desk::{Answer, Desk, StaffVisitor, Visitor},
    liar::{CLIENT, Liar},
};

/// Groups, and what they give.
const ROLES: &str = ", roles = { clerks = \"agent\", chiefs = \"admin\", deciders = \"approver\" }";

/// A Handover with one provider.
async fn desk_of(liar: &Liar, more: &str) -> Desk {
    Desk::start_with(&format!("desk.providers = [{}]\n", liar.setting("liar", more))).await
}

/// What went to the provider with a browser.
struct Sent {
    state: String,
    nonce: String,
    url: Url,
}

async fn sets_out(visitor: &Visitor, provider: &str, return_to: &str) -> Sent {
    let begun =
        visitor.get(&format!("/desk/sign-in/with/{provider}?return_to={return_to}")).await.went_well();
    let url = Url::parse(&begun.location.unwrap()).unwrap();
    let value = |name: &str| url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    Sent { state: value("state"), nonce: value("nonce"), url: url.clone() }
}

async fn comes_back(visitor: &Visitor, provider: &str, state: &str) -> Answer {
    visitor.get(&format!("/desk/sign-in/with/{provider}/callback?code=a-code&state={state}")).await
}

/// True claims about `who` for this sign-in.
fn claims(desk: &Desk, liar: &Liar, who: &str, nonce: &str) -> Value {
    let now = desk.now().as_second();
    json!({
        "iss": liar.address, "sub": format!("{who}-1"), "aud": CLIENT, "exp": now + 60, "iat": now, "nonce": nonce,
        "email": format!("{who}@reseller.example"), "email_verified": true, "name": who,
    })
}

/// Somebody signs in with true claims, changed by `change`.
async fn signs_in(
    desk: &Desk,
    liar: &Liar,
    visitor: &Visitor,
    who: &str,
    change: impl FnOnce(&mut Value),
) -> Answer {
    let sent = sets_out(visitor, "liar", "/desk/mail").await;
    let mut claims = claims(desk, liar, who, &sent.nonce);
    change(&mut claims);
    liar.hands_out(&liar.key.signs(&claims));
    comes_back(visitor, "liar", &sent.state).await
}

/// The end of a story. What a provider makes of an account is told by mail, which `accounts` looks at.
async fn ends(desk: Desk) {
    desk.work_until_idle().await;
    for letter in desk.take_all_letters() {
        assert!(letter.subject.contains("Handover"), "{}", letter.subject);
    }
    desk.finish().await;
}

/// Whether this browser is signed in.
async fn is_in(visitor: &Visitor) -> bool {
    visitor.get("/desk/notifications").await.status == 200
}

/// Somebody who has an account, and whose browser is at the beginning.
async fn invited(desk: &Desk, name: &str, role: Role) -> StaffVisitor {
    let staff = desk.staff(name, role).await;
    staff.visitor.post("/desk/sign-out", &[]).await.went_well();
    staff
}

/// The lines of the trail of administration, by kind.
async fn trail(desk: &Desk) -> Vec<String> {
    sqlx::query_scalar("select kind from administration_events order by seq")
        .fetch_all(&desk.casework.app.pool)
        .await
        .unwrap()
}
