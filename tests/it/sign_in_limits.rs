//! Wrong tries to sign in: counted for all processes, ever slower, no weapon against whoever works here; and nothing tells
//! whether there is an account.

use actix_web::test::{TestRequest, call_service, init_service};
use handover::{case::actor::Role, site::Site};
use reqwest::{Client, redirect::Policy};

use crate::helpers::{
    desk::{Desk, PASSWORD},
    statements::statements_of,
};

const FEW: &str = "desk.free_sign_in_tries = 3\nhttp.behind_proxy = true";

/// The status of a try from `network`, with this cookie, and the cookies of the answer.
async fn tries(desk: &Desk, network: &str, cookie: &str, email: &str, password: &str) -> (u16, String) {
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let request = client.post(format!("{}/desk/sign-in", desk.address));
    let request = request.form(&[("email", email), ("password", password)]);
    let request = request.header("sec-fetch-site", "same-origin").header("x-forwarded-for", network);
    let answer = request.header("cookie", cookie).send().await.unwrap();
    let set = answer.headers().get_all("set-cookie").iter().map(|one| one.to_str().unwrap().to_owned());
    let cookies: Vec<String> = set.map(|one| one.split(';').next().unwrap().to_owned()).collect();
    (answer.status().as_u16(), cookies.join("; "))
}

fn passes(desk: &Desk, seconds: i64) {
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_secs(seconds)));
}

#[actix_web::test]
async fn guessing_gets_slower_and_never_stops_the_owner_on_a_known_browser() {
    let desk = Desk::start_with(FEW).await;
    desk.staff("ann", Role::Agent).await;
    let email = "ann@reseller.example";
    let (status, known) = tries(&desk, "192.0.2.1", "", email, PASSWORD).await;
    assert_eq!(status, 303);
    assert!(known.contains("handover_device="), "{known}");
    // From ever another network, so that the account alone slows it.
    let mut network = 0;
    let mut guess = async |cookie: &str| {
        network += 1;
        tries(&desk, &format!("198.51.100.{network}"), cookie, email, "a wrong guess").await.0
    };
    for _ in 0..3 {
        assert_eq!(guess("").await, 422);
    }
    assert_eq!(guess("").await, 429);
    passes(&desk, 1);
    assert_eq!(guess("").await, 422);
    passes(&desk, 1);
    assert_eq!(guess("").await, 429, "twice as long as before");
    passes(&desk, 1);
    assert_eq!(guess("").await, 422);
    // The owner, where she has not been before, has to wait like everybody; where she has, not at all.
    assert_eq!(tries(&desk, "203.0.113.9", "", email, PASSWORD).await.0, 429);
    assert_eq!(tries(&desk, "192.0.2.1", &known, email, PASSWORD).await.0, 303);
    // A known browser is no key, and one that is not signed, or signed for somebody else, is none.
    let forged = known.replace("handover_device=", "handover_device=x");
    assert_eq!(guess(&forged).await, 429);
    for _ in 0..3 {
        assert_eq!(guess(&known).await, 422);
    }
    assert_eq!(guess(&known).await, 429, "who stole it gets as many guesses as anybody");
    desk.staff("ben", Role::Agent).await;
    let (_, bens) = tries(&desk, "192.0.2.7", "", "ben@reseller.example", PASSWORD).await;
    assert_eq!(guess(&bens).await, 429);
    desk.finish().await;
}

#[actix_web::test]
async fn a_network_that_goes_through_accounts_gets_slower_too_and_an_attack_is_shown() {
    let desk = Desk::start_with(FEW).await;
    let dora = desk.staff("dora", Role::Admin).await;
    for number in 0..6 {
        let email = format!("person{number}@reseller.example");
        assert_eq!(tries(&desk, "192.0.2.1", "", &email, "a wrong guess").await.0, 422);
    }
    assert_eq!(tries(&desk, "192.0.2.1", "", "dora@reseller.example", PASSWORD).await.0, 429);
    assert_eq!(tries(&desk, "192.0.2.2", "", "dora@reseller.example", PASSWORD).await.0, 303, "a neighbour");
    dora.get("/desk/cases").await.never_says("wrong tries to sign in");
    for network in 10..40 {
        let email = format!("other{network}@reseller.example");
        assert_eq!(tries(&desk, &format!("192.0.2.{network}"), "", &email, "a guess").await.0, 422);
    }
    dora.get("/desk/cases").await.says("36 wrong tries to sign in").says("networks: 31");
    passes(&desk, 16 * 60);
    dora.get("/desk/cases").await.never_says("wrong tries to sign in");
    // Neither address nor network stands in the table, and what is old goes.
    let rows: Vec<(i32, String)> = sqlx::query_as("select key, kind from sign_in_limits")
        .fetch_all(&desk.casework.app.pool)
        .await
        .unwrap();
    assert!(rows.iter().all(|(key, _)| (0..3 << 18).contains(key)), "{rows:?}");
    passes(&desk, 25 * 3600);
    for number in 0..20 {
        tries(&desk, "203.0.113.1", "", &format!("late{number}@reseller.example"), "x").await;
    }
    let old: i64 = sqlx::query_scalar("select count(*) from sign_in_limits where failed_at < $1")
        .bind(desk.now().after(-jiff::SignedDuration::from_hours(24)))
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    assert!(old < rows.len() as i64 - 20, "{old} of {}", rows.len());
    desk.finish().await;
}

/// All at once, none slips past: every try counts before its password is looked at.
#[actix_web::test]
async fn tries_at_the_same_moment_are_all_counted() {
    let desk = Desk::start_with(FEW).await;
    desk.staff("ann", Role::Agent).await;
    let answers = futures_util::future::join_all(
        (0..12).map(|_| tries(&desk, "192.0.2.1", "", "ann@reseller.example", "a wrong guess")),
    )
    .await;
    let looked_at = answers.iter().filter(|(status, _)| *status == 422).count();
    assert!(looked_at <= 3, "{answers:?}");
    desk.finish().await;
}

/// Counted instead of measured: the same statements and the same hashing, whether there is an account, one without a password, or
/// one that is deactivated.
#[actix_web::test]
async fn no_work_tells_whether_there_is_an_account() {
    let desk = Desk::start().await;
    for name in ["ann", "ben", "cal"] {
        desk.staff(name, Role::Agent).await;
    }
    desk.bars("ben@reseller.example").await.unwrap();
    sqlx::query("update staff set password_hash = null where name = 'cal'")
        .execute(&desk.casework.app.pool)
        .await
        .unwrap();
    let service = init_service(Site::new(desk.casework.clone()).service()).await;
    let work = async |path: &str, fields: Vec<(&str, &str)>| {
        let request = TestRequest::post().uri(path).insert_header(("sec-fetch-site", "same-origin"));
        let request = request.set_form(fields).to_request();
        let (statements, answer) = statements_of(call_service(&service, request)).await;
        (answer.status().as_u16(), statements)
    };
    let mut seen = Vec::new();
    for name in ["ann", "ann", "ben", "cal", "nobody"] {
        let email = format!("{name}@reseller.example");
        let signing_in =
            work("/desk/sign-in", vec![("email", &email), ("password", "a wrong guess of mine")]).await;
        let asking = work("/desk/password-resets", vec![("email", &email)]).await;
        seen.push((signing_in, asking));
    }
    // The first of all also prepares what the others find prepared.
    let expected = &seen[1];
    assert!(seen[1..].iter().all(|one| one == expected), "{seen:#?}");
    let hashed = expected.0.1.iter().filter(|one| *one == "a password is hashed").count();
    assert_eq!((expected.0.0, expected.1.0, hashed), (422, 200, 1), "{expected:#?}");
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

/// A sibling host can plant what only decodes to our name, or a second one; neither signs anybody in.
#[actix_web::test]
async fn a_planted_cookie_signs_nobody_in() {
    let desk = Desk::start_with("http.public_url = \"https://desk.reseller.example\"").await;
    desk.staff_without_browser("mallory", Role::Agent).await;
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let form = [("email", "mallory@reseller.example"), ("password", PASSWORD)];
    let request = client.post(format!("{}/desk/sign-in", desk.address)).form(&form);
    let answer = request.header("origin", "https://desk.reseller.example").send().await.unwrap();
    let set = answer.headers()["set-cookie"].to_str().unwrap();
    let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
    let opens = async |cookie: String| {
        let request = client.get(format!("{}/desk/cases", desk.address)).header("cookie", cookie);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(opens(format!("{name}={value}")).await, 200);
    for planted in [
        format!("__Host%2Dhandover_session={value}"),
        format!("__Host-handover%5Fsession={value}"),
        format!("handover_session={value}"),
        format!("{name}={value}; {name}=x"),
        format!("{name}=x; {name}={value}"),
        format!("{name}={value}; {name}={value}"),
        format!("{name}=%{:02X}{}", value.as_bytes()[0], &value[1..]),
    ] {
        assert_eq!(opens(planted.clone()).await, 303, "{planted}");
    }
    desk.finish().await;
}
