//! Nothing that a provider makes of an account happens in silence, and no name that it gives could not be typed.

use handover::case::actor::Role;
use serde_json::json;

use super::{ROLES, desk_of, ends, invited, signs_in};
use crate::helpers::liar::Liar;

/// Whoever administers the provider, or took it over, makes nobody a colleague, an administrator or somebody else in silence.
#[actix_web::test]
async fn what_a_provider_makes_of_an_account_is_told_to_those_who_oversee_and_to_whom_it_is_about() {
    let liar = Liar::start().await;
    let desk = desk_of(&liar, &format!("{ROLES}, accounts = \"just_in_time\"")).await;
    let (eva, ada) = (desk.staff("eva", Role::Admin).await, desk.staff("ada", Role::Auditor).await);
    let ann = invited(&desk, "ann", Role::Agent).await;
    let come = async |who: &str, groups: &[&str]| {
        signs_in(&desk, &liar, &desk.visitor("en"), who, |claims| claims["groups"] = json!(groups))
            .await
            .went_well();
        desk.work_until_idle().await;
    };
    let told = |address: &str, words: &[&str]| {
        let letter = desk.take_letter(address);
        for words in words {
            assert!(letter.text.contains(words), "{words}: {}", letter.text);
        }
        letter
    };
    let (ann_s, nora_s) = ("ann@reseller.example", "nora@reseller.example");
    come("ann", &["clerks"]).await;
    let bound = "Eine Identität bei einem Anmeldedienst öffnet ab jetzt dieses Konto.";
    for overseer in [&eva.email, &ada.email] {
        told(overseer, &[bound, "Durch: Anmeldedienst Liar", ann_s, "/desk/administration/staff"]);
    }
    let own = told(
        ann_s,
        &[bound, "Durch: Anmeldedienst Liar", "sagen Sie bitte sofort der Administration Bescheid"],
    );
    assert_eq!(own.subject, "Ihr Konto in Handover wurde geändert");
    // Once: who comes again is news to nobody.
    come("ann", &["clerks"]).await;
    desk.expect_all_taken();
    come("ann", &["deciders"]).await;
    for address in [&eva.email, &ada.email, &ann.email] {
        told(address, &["Die Rolle wurde geändert.", "Durch: Anmeldedienst Liar", "Freigabe"]);
    }
    // One letter for an account that is made, and not another for what belongs to it.
    come("nora", &["clerks"]).await;
    for address in [eva.email.as_str(), &ada.email, nora_s] {
        told(address, &["wurde ein Konto angelegt", "Durch: Anmeldedienst Liar", nora_s]);
    }
    // What an administrator takes away is told as well.
    let id: uuid::Uuid = sqlx::query_scalar("select id from identities where subject = 'nora-1'")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    eva.visitor.post(&format!("/desk/administration/identities/{id}/unbinding"), &[]).await.went_well();
    desk.work_until_idle().await;
    for address in [ada.email.as_str(), nora_s] {
        told(address, &["wurde vom Konto gelöst", "Durch: eva"]);
    }
    desk.finish().await;
}

#[actix_web::test]
async fn a_provider_gives_nobody_a_name_that_could_not_be_typed() {
    let liar = Liar::start().await;
    let desk = desk_of(&liar, &format!("{ROLES}, accounts = \"just_in_time\"")).await;
    for (who, says, expected) in [
        ("nora", "Nora Neu", "Nora Neu"),
        ("olga", "https://evil.example/desk", "olga"),
        ("pia", "Handover <security@reseller.example>", "pia"),
        ("rita", "\u{202e}atiR", "atiR"),
        ("sina", "\u{200b}", "sina"),
    ] {
        signs_in(&desk, &liar, &desk.visitor("en"), who, |claims| {
            claims["groups"] = json!(["clerks"]);
            claims["name"] = json!(says);
        })
        .await
        .went_well();
        let name: String = sqlx::query_scalar("select name from staff where email = $1")
            .bind(format!("{who}@reseller.example"))
            .fetch_one(&desk.casework.app.pool)
            .await
            .unwrap();
        assert_eq!(name, expected, "{says:?}");
    }
    ends(desk).await;
}
