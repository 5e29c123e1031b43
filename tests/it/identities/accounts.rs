//! Whose account it is, and with which role: by the provider's name for somebody, and what happens as groups and addresses change.

use handover::{case::actor::Role, lang::Language};
use serde_json::{Value, json};

use super::{ROLES, desk_of, ends, invited, is_in, signs_in, trail};
use crate::helpers::{
    desk::{Desk, Visitor},
    letter::views_with,
    liar::Liar,
};

async fn role_of(desk: &Desk, name: &str) -> Option<String> {
    let role = "select role from staff where email = $1";
    sqlx::query_scalar(role)
        .bind(format!("{name}@reseller.example"))
        .fetch_optional(&desk.casework.app.pool)
        .await
        .unwrap()
}

async fn account_of(desk: &Desk, subject: &str) -> Option<String> {
    let email = "select s.email from identities i join staff s on s.id = i.staff_id where i.subject = $1";
    sqlx::query_scalar(email).bind(subject).fetch_optional(&desk.casework.app.pool).await.unwrap()
}

fn in_groups<'g>(groups: &'g [&'g str]) -> impl FnOnce(&mut Value) + 'g {
    move |claims| claims["groups"] = json!(groups)
}

async fn disable(desk: &Desk, name: &str) {
    desk.bars(&format!("{name}@reseller.example")).await.unwrap();
    // Who oversees is told.
    desk.work_until_idle().await;
    desk.take_all_letters();
}

#[actix_web::test]
async fn an_account_is_bound_once_by_its_address_and_found_by_the_subject_from_then_on() {
    let liar = Liar::start().await;
    let desk = desk_of(&liar, ", email_domains = [\"reseller.example\"]").await;
    let (ann, eva) = (invited(&desk, "ann", Role::Agent).await, invited(&desk, "eva", Role::Admin).await);
    let (ann, eva) = (&ann.visitor, &eva.visitor);
    signs_in(&desk, &liar, ann, "ann", |claims| claims["email"] = json!("Ann@Reseller.Example"))
        .await
        .went_well();
    signs_in(&desk, &liar, eva, "eva", |_| ()).await.went_well();
    // Whoever administers the provider gives Ann the address of an administrator here: she stays Ann.
    let eva_s = |claims: &mut Value| claims["email"] = json!("eva@reseller.example");
    signs_in(&desk, &liar, ann, "ann", eva_s).await.went_well();
    assert_eq!(account_of(&desk, "ann-1").await.as_deref(), Some("ann@reseller.example"));
    // Without any address, too.
    signs_in(&desk, &liar, ann, "ann", |claims| drop(claims.as_object_mut().unwrap().remove("email")))
        .await
        .went_well();
    // And a new identity with that address gets no bound account.
    let mallory = desk.visitor("en");
    signs_in(&desk, &liar, &mallory, "mallory", eva_s).await.is(403).says("connected to a different account");
    for (change, says) in [
        (json!({ "email_verified": false }), "does not confirm"),
        (json!({ "email_verified": null }), "does not confirm"),
        (json!({ "email": "mallory@evil.example" }), "of this domain"),
        (json!({}), "You have no access here"),
    ] {
        let answer = signs_in(&desk, &liar, &mallory, "mallory", |claims| {
            for (name, value) in change.as_object().unwrap() {
                claims[name] = value.clone();
            }
        });
        answer.await.is(403).says(says).never_says("mallory");
        assert!(!is_in(&mallory).await);
    }
    assert_eq!(role_of(&desk, "mallory").await, None);
    assert_eq!(trail(&desk).await, ["staff_added", "staff_added", "identity_bound", "identity_bound"]);
    // Who is barred stays out, and what holds them out can't be taken away.
    disable(&desk, "ann").await;
    assert!(!is_in(ann).await);
    signs_in(&desk, &liar, ann, "ann", |_| ()).await.is(403).says("You have no access here");
    signs_in(&desk, &liar, ann, "other", |claims| claims["email"] = json!("ann@reseller.example"))
        .await
        .is(403);
    let id: uuid::Uuid = sqlx::query_scalar("select id from identities where subject = 'ann-1'")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    eva.post(&format!("/desk/administration/identities/{id}/unbinding"), &[]).await.is(404);
    ends(desk).await;
}

#[actix_web::test]
async fn groups_give_the_role_at_each_sign_in() {
    let liar = Liar::start().await;
    let desk = desk_of(&liar, ROLES).await;
    invited(&desk, "ann", Role::Agent).await;
    let (eva, second) = (desk.staff("eva", Role::Admin).await, desk.visitor("en"));
    let ann = desk.visitor("en");
    let come = async |visitor: &Visitor, who: &str, groups: &[&str]| {
        signs_in(&desk, &liar, visitor, who, in_groups(groups)).await.status.as_u16()
    };
    assert_eq!(come(&ann, "ann", &["clerks"]).await, 303);
    assert_eq!(role_of(&desk, "ann").await.as_deref(), Some("agent"));
    // Another role, more or less: what is open ends, on every machine.
    assert_eq!(come(&second, "ann", &["clerks", "chiefs"]).await, 303);
    assert_eq!(role_of(&desk, "ann").await.as_deref(), Some("admin"));
    assert!(!is_in(&ann).await && is_in(&second).await);
    assert_eq!(come(&second, "ann", &["deciders"]).await, 303);
    assert_eq!(role_of(&desk, "ann").await.as_deref(), Some("approver"));
    assert!(!is_in(&ann).await && is_in(&second).await);
    // None: nothing, and what came by the provider ends.
    assert_eq!(come(&ann, "ann", &["choir"]).await, 403);
    assert!(!is_in(&second).await);
    signs_in(&desk, &liar, &ann, "ann", |_| ()).await.is(403).says("None of your groups");
    assert_eq!(role_of(&desk, "ann").await.as_deref(), Some("approver"));
    // The last administrator stays one, and everybody sees why.
    eva.get("/desk/mail").await.is(200).never_says("leave nobody to administer");
    assert_eq!(come(&second, "eva", &["clerks"]).await, 303);
    assert_eq!(role_of(&desk, "eva").await.as_deref(), Some("admin"));
    eva.get("/desk/mail").await.is(200).says("leave nobody to administer");
    // With a second one, the groups count again.
    assert_eq!(come(&ann, "ann", &["chiefs"]).await, 303);
    assert_eq!(come(&second, "eva", &["clerks"]).await, 303);
    assert_eq!(role_of(&desk, "eva").await.as_deref(), Some("agent"));
    assert!(is_in(&second).await && !is_in(&eva.visitor).await);
    ann.get("/desk/mail").await.is(200).never_says("leave nobody to administer");
    // Both lose it at once: one of them stays.
    assert_eq!(come(&second, "eva", &["chiefs"]).await, 303);
    let (one, other) =
        (sets_out_in(&desk, &liar, &ann, "ann").await, sets_out_in(&desk, &liar, &second, "eva").await);
    let (one, other) = tokio::join!(ann.get(&one), second.get(&other));
    assert_eq!((one.status.as_u16(), other.status.as_u16()), (303, 303));
    let admins = "select count(*) from staff where role = 'admin' and disabled_at is null";
    let admins: i64 = sqlx::query_scalar(admins).fetch_one(&desk.casework.app.pool).await.unwrap();
    assert_eq!(admins, 1);
    let kinds = trail(&desk).await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "staff_role_by_provider").count(), 6, "{kinds:?}");
    ends(desk).await;
}

/// Sets out, and comes to have a token as clerk ready there: the address that the browser is sent back to.
async fn sets_out_in(desk: &Desk, liar: &Liar, visitor: &Visitor, who: &str) -> String {
    let sent = super::sets_out(visitor, "liar", "/desk/mail").await;
    let mut claims = super::claims(desk, liar, who, &sent.nonce);
    claims["groups"] = json!(["clerks"]);
    liar.hands_out_for(who, &liar.key.signs(&claims));
    format!("/desk/sign-in/with/liar/callback?code={who}&state={}", sent.state)
}

#[actix_web::test]
async fn an_account_is_made_just_in_time_and_never_brought_back() {
    let liar = Liar::start().await;
    let desk = desk_of(&liar, &format!("{ROLES}, accounts = \"just_in_time\"")).await;
    let nora = desk.visitor("en");
    signs_in(&desk, &liar, &nora, "nora", |_| ()).await.is(403).says("None of your groups");
    signs_in(&desk, &liar, &nora, "nora", |claims| {
        claims["groups"] = json!(["clerks"]);
        claims["email_verified"] = json!(false);
    })
    .await
    .is(403);
    assert_eq!(role_of(&desk, "nora").await, None);
    signs_in(&desk, &liar, &nora, "nora", in_groups(&["clerks"])).await.went_well();
    assert_eq!(role_of(&desk, "nora").await.as_deref(), Some("agent"));
    nora.get("/desk/cases").await.is(200).says("nora");
    // There is no password to sign in with.
    let typed = [("email", "nora@reseller.example"), ("password", "")];
    desk.visitor("en").post("/desk/sign-in", &typed).await.is(422);
    disable(&desk, "nora").await;
    assert!(!is_in(&nora).await);
    for change in [json!({}), json!({ "sub": "nora-2" }), json!({ "email": "nora.new@reseller.example" })] {
        let answer = signs_in(&desk, &liar, &nora, "nora", |claims| {
            claims["groups"] = json!(["chiefs"]);
            for (name, value) in change.as_object().unwrap() {
                claims[name] = value.clone();
            }
        });
        answer.await.is(403).says("You have no access here");
    }
    let accounts: i64 =
        sqlx::query_scalar("select count(*) from staff").fetch_one(&desk.casework.app.pool).await.unwrap();
    assert_eq!(accounts, 1);
    assert_eq!(trail(&desk).await, ["staff_joined_by_provider", "identity_bound", "staff_disabled"]);
    ends(desk).await;
}

#[actix_web::test]
async fn a_second_factor_that_was_shown_there_counts_here() {
    let liar = Liar::start().await;
    let desk = desk_of(&liar, ", second_factor_amr = [\"mfa\"], require_second_factor = true").await;
    let ann = invited(&desk, "ann", Role::Agent).await.visitor;
    signs_in(&desk, &liar, &ann, "ann", |claims| claims["amr"] = json!(["pwd"]))
        .await
        .is(403)
        .says("second factor");
    assert!(!is_in(&ann).await);
    signs_in(&desk, &liar, &ann, "ann", |claims| claims["amr"] = json!(["pwd", "mfa"])).await.went_well();
    let kept: (String, Option<String>) = sqlx::query_as("select signed_in_with, second_factor from sessions")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    assert_eq!(kept, ("provider".to_owned(), Some("provider".to_owned())));
    // It is as old as the provider says, and never fresh where it does not say: whoever presses the button at a machine that was
    // left open was asked for nothing.
    let age = async || {
        let age = "select extract(epoch from created_at - second_factor_at)::bigint from sessions order by created_at desc limit 1";
        sqlx::query_scalar::<_, i64>(age).fetch_one(&desk.casework.app.pool).await.unwrap()
    };
    assert!(age().await > 300 * 24 * 60 * 60);
    let now = desk.now().as_second();
    for (asked_at, expected) in [(now - 3000, 3000), (now + 3000, 0)] {
        let says = |claims: &mut Value| {
            claims["amr"] = json!(["mfa"]);
            claims["auth_time"] = json!(asked_at);
        };
        signs_in(&desk, &liar, &ann, "ann", says).await.went_well();
        assert!((age().await - expected).abs() <= 1, "{asked_at}");
    }
    ends(desk).await;
}

#[actix_web::test]
async fn an_administrator_takes_an_identity_away() {
    let liar = Liar::start().await;
    let desk = desk_of(&liar, "").await;
    let ann = invited(&desk, "ann", Role::Agent).await;
    let eva = desk.staff("eva", Role::Admin).await;
    signs_in(&desk, &liar, &ann.visitor, "ann", |_| ()).await.went_well();
    let mut connection = desk.casework.app.pool.acquire().await.unwrap();
    let listed = handover::staff::identities::list_of(&mut connection, ann.id).await.unwrap();
    drop(connection);
    assert_eq!((listed.len(), listed[0].provider.as_str(), listed[0].subject.as_str()), (1, "liar", "ann-1"));
    let path = format!("/desk/administration/identities/{}/unbinding", listed[0].id);
    let views = views_with("");
    for (language, button) in [(Language::De, "Verbindung mit"), (Language::En, "Disconnect from")] {
        let render = |page: Value| views.render("desk/account/identities.html", language, &page).unwrap();
        let page = render(json!({ "identities": listed, "may_unbind": true, "return_to": "/desk/account" }));
        assert!(page.contains(button) && page.contains("ann-1") && page.contains(&path), "{page}");
        let page = render(json!({ "identities": listed, "may_unbind": false, "return_to": "/desk/account" }));
        assert!(!page.contains("<form"), "{page}");
        render(json!({ "identities": [], "may_unbind": true, "return_to": "/desk/account" }));
    }
    ann.visitor.post(&path, &[]).await.is(403);
    assert!(is_in(&ann.visitor).await);
    let back = eva.visitor.post(&path, &[("return_to", "https://evil.example/")]).await.went_well();
    assert_eq!(back.location.as_deref(), Some("/desk/cases"));
    assert!(!is_in(&ann.visitor).await);
    eva.visitor.post(&path, &[]).await.is(404);
    assert_eq!(trail(&desk).await.last().unwrap(), "identity_unbound");
    eva.get("/desk/administration/trail").await.is(200).says("took the identity at “liar” from ann");
    ends(desk).await;
}
