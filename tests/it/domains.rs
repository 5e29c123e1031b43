//! Domains as proof: what of a requester's address counts against what the register holds.

use handover::{
    case::check::{CheckKind, Evidence, Verdict},
    register::import::{Mapping, MappingChoice, import},
};

use crate::helpers::{desk::Desk, story::form_with};

const HEADER: &str =
    "customer_number,customer_name,domains,sen,product,hosting,technical_name,technical_email";

/// A register in which Nordlicht has two domains, one of them with an umlaut, and shares a third with its sister.
async fn import_domains(desk: &Desk) {
    let rows = [
        "K-1,Nordlicht,nordlicht.example Nordbüro.example konzern.example,SEN-10000001,Jira,data_center,Petra,petra.abend@nordlicht.example",
        "K-2,Südlicht,suedlicht.example konzern.example,SEN-10000009,Jira,data_center,Paul,paul@suedlicht.example",
    ];
    let file = format!("{HEADER}\n{}\n", rows.join("\n"));
    let mapping = Mapping::load(&MappingChoice::default()).unwrap();
    let pool = &desk.casework.app.pool;
    let report = import(pool, desk.now(), file.as_bytes(), &mapping, false).await.unwrap();
    assert!(report.refused.is_empty(), "{report:?}");
}

#[actix_web::test]
async fn a_domain_counts_as_a_whole_in_either_form_and_for_one_customer_alone() {
    let desk = Desk::start().await;
    import_domains(&desk).await;
    let table = [
        ("m@nordlicht.example", Verdict::Passed, Evidence::DomainMatches),
        ("m@mail.berlin.NORDLICHT.example", Verdict::Passed, Evidence::DomainMatches),
        ("m@nordbüro.example", Verdict::Passed, Evidence::DomainMatches),
        ("m@xn--nordbro-r2a.example", Verdict::Passed, Evidence::DomainMatches),
        ("m@konzern.example", Verdict::Inconclusive, Evidence::DomainShared),
        ("m@suedlicht.example", Verdict::Failed, Evidence::DomainDiffers),
        ("m@nordlicht.example.elsewhere.example", Verdict::Failed, Evidence::DomainDiffers),
        ("m@nordlicht-gmbh.example", Verdict::Failed, Evidence::DomainDiffers),
        ("m@gmx.de", Verdict::Inconclusive, Evidence::FreeMailDomain),
        ("m@inbox.mailinator.com", Verdict::Inconclusive, Evidence::DisposableDomain),
    ];
    for (requester, verdict, evidence) in table {
        let requester_in_ascii: handover::case::address::EmailAddress = requester.parse().unwrap();
        let fields = form_with(&[("entitlements", "SEN-10000001"), ("requester_email", requester)]);
        desk.visitor("de").escalates(&fields).await.went_well();
        desk.work_until_idle().await;
        let link = desk.take_letter(requester_in_ascii.as_str()).link("confirmations");
        desk.visitor("de").post(&link, &[]).await.went_well();
        desk.work_until_idle().await;
        desk.take_all_letters();
        let loaded = desk.load(&desk.newest().await).await;
        let check = loaded.case.check(CheckKind::DomainRegister).unwrap();
        assert_eq!((check.verdict, &check.evidence), (verdict, &evidence), "{requester}");
        desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(1)));
    }
    desk.finish().await;
}

/// A register may name such a domain all the same: written by hand, or before the list knew it.
#[actix_web::test]
async fn a_public_provider_counts_not_even_where_it_is_on_record() {
    let desk = Desk::start().await;
    desk.import_register().await;
    sqlx::query(
        "insert into customer_domains select id, 'mailinator.com' from customers where number = 'K-1'",
    )
    .execute(&desk.casework.app.pool)
    .await
    .unwrap();
    let fields =
        form_with(&[("requester_email", "m@mailinator.com"), ("departed_email", "petra@mailinator.com")]);
    let number = desk.confirmed_case(&desk.visitor("en"), &fields).await;
    let loaded = desk.load(&number).await;
    let check = loaded.case.check(CheckKind::DomainRegister).unwrap();
    assert_eq!((check.verdict, &check.evidence), (Verdict::Inconclusive, &Evidence::DisposableDomain));
    assert_eq!(loaded.escalation.challenge_domain(), None, "its name servers speak for nobody either");
    desk.take_all_letters();
    desk.finish().await;
}
