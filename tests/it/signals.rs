//! What staff are shown as worth a second look, and where it comes from.

use handover::{
    case::actor::Role,
    register::import::{Mapping, MappingChoice, import},
};

use crate::helpers::{
    desk::{Answer, Desk, StaffVisitor},
    story::{form, form_with},
};

/// The part of a page that holds the signals, in words.
async fn signals(staff: &StaffVisitor, page: &str) -> Answer {
    staff.get(page).await.is(200)
}

async fn mail_servers(desk: &Desk, domain: &str) -> Option<String> {
    sqlx::query_scalar::<_, Option<String>>("select answer from mail_servers where domain = $1")
        .bind(domain)
        .fetch_optional(&desk.casework.app.pool)
        .await
        .unwrap()
        .flatten()
}

fn name_mail_servers(desk: &Desk, domains: &[&str]) {
    for server in &desk.dns {
        for domain in domains {
            server.names_mail_server(domain, "mx.host.example.");
        }
    }
}

#[actix_web::test]
async fn a_request_from_the_house_is_shown_without_remarks() {
    let desk = Desk::start_with("signals.renewal_days = 29\n").await;
    desk.import_register().await;
    name_mail_servers(&desk, &["nordlicht.example"]);
    let ann = desk.staff("ann", Role::Auditor).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    let page = signals(&ann, &format!("/desk/cases/{number}")).await;
    assert!(!page.text.contains("id=\"signals\""), "what is empty takes no room");
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn a_look_alike_is_shown_in_both_forms_with_the_reason_and_without_a_link() {
    let desk = Desk::start().await;
    desk.import_register().await;
    name_mail_servers(&desk, &["nordlicht.example"]);
    let ann = desk.staff("ann", Role::Agent).await;
    let fields = form_with(&[("requester_email", "miriam@xn--nrdlicht-nbh.example")]);
    let number = desk.confirmed_case(&desk.visitor("de"), &fields).await;
    let page = signals(&ann, &format!("/desk/cases/{number}")).await;
    let page = page
        .says("Domain easily confused with another")
        .says("Characters of another script that look the same.")
        .says("n \u{43e} rdlicht.example xn--nrdlicht-nbh.example")
        .says("Domain mixes scripts")
        .says("First contact from this domain")
        .says("Its DNS names no mail server")
        .says("It is due in 30 days");
    let links = scraper::Html::parse_document(&page.text);
    let anywhere = scraper::Selector::parse("[href]").unwrap();
    let to_it = links.select(&anywhere).filter(|link| link.attr("href").unwrap().contains("rdlicht")).count();
    assert_eq!(to_it, 0, "no domain is a link");
    // Nothing follows from it: the check says what the register says, the case goes on.
    assert_eq!(desk.state(&number).await, "verifying");
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn other_claims_and_earlier_rejections_are_linked_for_staff_alone() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let customer = desk.visitor("en");
    let stranger = |entitlement: &'static str| {
        form_with(&[("requester_email", "somebody@elsewhere.example"), ("entitlements", entitlement)])
    };
    let first = desk.confirmed_case(&customer, &stranger("SEN-10000001")).await;
    desk.take_all_letters();
    ann.does(&first, "rejection", &[("reason", "Nobody knows them.")]).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(5)));
    let second = desk.confirmed_case(&customer, &stranger("SEN-10000001")).await;
    let status = desk.take_letter("somebody@elsewhere.example").link("cases");
    desk.take_all_letters();
    // About another licence of the same customer, by somebody else.
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(5)));
    let third = desk.confirmed_case(&customer, &form_with(&[("entitlements", "SEN-10000002")])).await;
    desk.take_all_letters();

    let page = signals(&ann, &format!("/desk/cases/{second}")).await;
    let page = page.says("Rejected before").says("Other open cases of this customer");
    assert!(page.text.contains(&format!("href=\"/desk/cases/{first}\"")), "the rejected one");
    assert!(page.text.contains(&format!("href=\"/desk/cases/{third}\"")), "the open one");
    assert!(!page.words().contains("First contact"), "somebody wrote from there before");
    let page = signals(&ann, &format!("/desk/cases/{third}")).await.says("Other open cases of this customer");
    assert!(page.text.contains(&format!("href=\"/desk/cases/{second}\"")));
    assert!(!page.words().contains("Rejected before"));

    let theirs = customer.get(&status).await.is(200);
    assert!(
        !theirs.text.contains(&third) && !theirs.words().contains("Other open"),
        "they learn nothing of it"
    );
    desk.finish().await;
}

const HEADER: &str =
    "customer_number,customer_name,domains,sen,product,hosting,technical_name,technical_email";

async fn import_line(desk: &Desk, line: &str) {
    let mapping = Mapping::load(&MappingChoice::default()).unwrap();
    let file = format!("{HEADER}\n{line}\n");
    let pool = &desk.casework.app.pool;
    let report =
        import(pool, desk.now(), file.as_bytes(), &mapping, &desk.casework.rules.shared_domains, false)
            .await
            .unwrap();
    assert!(report.refused.is_empty(), "{report:?}");
}

#[actix_web::test]
async fn a_register_that_changed_lately_is_told_with_what_and_when() {
    let desk = Desk::start().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let before =
        "K-1,Nordlicht,nordlicht.example,SEN-10000001,Jira,data_center,Petra,petra.abend@nordlicht.example";
    import_line(&desk, before).await;
    let fields = form_with(&[("entitlements", "SEN-10000001")]);
    let number = desk.confirmed_case(&desk.visitor("de"), &fields).await;
    desk.take_all_letters();
    let page = format!("/desk/cases/{number}");
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(5)));
    // The same file again changes nothing.
    import_line(&desk, before).await;
    assert!(
        !signals(&ann, &page).await.words().contains("Register changed"),
        "it came in, and did not change"
    );

    let contact = before.replace("Petra,petra.abend", "Paul,paul");
    import_line(&desk, &contact).await;
    let told = signals(&ann, &page)
        .await
        .says("Register changed recently")
        .says("Contacts of SEN-10000001, 1 Jun 2026");
    assert!(!told.words().contains("Domains of the customer"));
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(5)));
    import_line(&desk, &contact.replace("nordlicht.example,SEN", "nordlicht.example nord.example,SEN")).await;
    signals(&ann, &page).await.says("Domains of the customer, 1 Jun 2026").says("Contacts of SEN-10000001");
    import_line(&desk, &contact.replace("Jira", "Confluence")).await;
    signals(&ann, &page).await.says("Entry of SEN-10000001");

    desk.later(31 * 24).await;
    desk.take_all_letters();
    ann.signs_in().await;
    assert!(!signals(&ann, &page).await.words().contains("Register changed"), "that is long ago");
    desk.finish().await;
}

#[actix_web::test]
async fn name_servers_are_asked_in_the_background_and_again_when_they_can_not_say() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let [one, other] = &desk.dns;
    for server in [one, other] {
        server.names_mail_server("nordlicht.example", ".");
        server.names_mail_server("elsewhere.example", "mx.elsewhere.example.");
    }
    // One of the two is of another opinion about the third.
    one.names_mail_server("divided.example", "mx.divided.example.");
    let fields =
        form_with(&[("requester_email", "m@elsewhere.example"), ("successor_email", "t@divided.example")]);
    let number = desk.confirmed_case(&desk.visitor("de"), &fields).await;
    desk.take_all_letters();
    assert_eq!(mail_servers(&desk, "elsewhere.example").await.as_deref(), Some("named"));
    assert_eq!(mail_servers(&desk, "nordlicht.example").await.as_deref(), Some("refused"));
    assert_eq!(mail_servers(&desk, "divided.example").await.as_deref(), Some("unknown"));

    let asked = one.asked() + other.asked();
    let page = format!("/desk/cases/{number}");
    let shown = signals(&ann, &page).await.says("Its DNS says that this domain takes no mail.");
    shown.says("Mail server unknown").says("divided.example");
    assert_eq!(one.asked() + other.asked(), asked, "a page asks nobody");

    other.names_mail_server("divided.example", "mx.divided.example.");
    desk.later(1).await;
    assert_eq!(mail_servers(&desk, "divided.example").await.as_deref(), Some("named"));
    assert!(!signals(&ann, &page).await.words().contains("Mail server unknown"));
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn a_name_server_that_never_answers_is_left_alone_at_last() {
    let desk = Desk::start().await;
    desk.import_register().await;
    for server in &desk.dns {
        server.fails(true);
    }
    desk.confirmed_case(&desk.visitor("de"), &form()).await;
    for _ in 0..12 {
        desk.later(12).await;
    }
    desk.take_all_letters();
    let due: i64 = sqlx::query_scalar("select count(*) from mail_servers where due_at is not null")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    assert_eq!((due, mail_servers(&desk, "nordlicht.example").await.as_deref()), (0, Some("unknown")));
    desk.finish().await;
}

#[actix_web::test]
async fn nobody_is_asked_where_the_settings_say_so() {
    let desk = Desk::start_with("dns.ask_for_mail_servers = false\n").await;
    desk.import_register().await;
    desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    assert_eq!(desk.dns[0].asked() + desk.dns[1].asked(), 0);
    assert_eq!(mail_servers(&desk, "nordlicht.example").await, None);
    desk.finish().await;
}

#[actix_web::test]
async fn whoever_approves_sees_them_too() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let number = desk.verified_case(&desk.visitor("de"), &ann).await;
    ann.drafts(&number).await;
    let page = format!("/desk/cases/{number}/approval");
    signals(&ben, &page).await.says("Worth a second look").says("Time pressure from the renewal");
    desk.take_all_letters();
    desk.finish().await;
}
