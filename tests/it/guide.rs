//! The guide for customers: from the start page by a few questions to steps, a plain no, or the form with what was answered. All of it
//! without JavaScript, as every visitor here has none.

use handover::{case::actor::Role, intake::guide::leaf::Leaf};
use strum::VariantArray as _;

use crate::helpers::desk::{Answer, Desk, Visitor};

/// The addresses of all links of a page.
fn links(page: &Answer) -> Vec<String> {
    let document = scraper::Html::parse_document(&page.text);
    let link = scraper::Selector::parse("main a[href]").unwrap();
    document.select(&link).map(|link| link.value().attr("href").unwrap().to_owned()).collect()
}

/// Chooses an answer and sends the form as a browser does: what is hidden in it first, then the choice.
async fn answers(visitor: &Visitor, page: &Answer, name: &str, value: &str) -> Answer {
    let document = scraper::Html::parse_document(&page.text);
    let hidden = scraper::Selector::parse("main form input[type=hidden]").unwrap();
    let choice =
        scraper::Selector::parse(&format!("main input[type=radio][name={name}][value={value}]")).unwrap();
    assert_eq!(document.select(&choice).count(), 1, "{name}={value} can't be chosen in {}", page.text);
    let field = |input: scraper::ElementRef<'_>| {
        let value = |name| input.value().attr(name).unwrap().to_owned();
        format!("{}={}", value("name"), value("value"))
    };
    let mut fields: Vec<String> = document.select(&hidden).map(field).collect();
    fields.push(format!("{name}={value}"));
    let answer = visitor.get(&format!("/guide?{}", fields.join("&"))).await;
    match answer.location.clone() {
        Some(leaf) => visitor.get(&leaf).await.is(200),
        None => answer.is(200),
    }
}

async fn counted(desk: &Desk) -> Vec<(String, String, String, i64)> {
    let sql = "select day::text, leaf, answer, times from guide_answers order by 1, 2, 3";
    sqlx::query_as(sql).fetch_all(&desk.casework.app.pool).await.unwrap()
}

#[actix_web::test]
async fn the_old_mailbox_solves_it() {
    let desk = Desk::start().await;
    let visitor = desk.visitor("de");
    let home = visitor.get("/").await.is(200).says("Können Sie Ihren Atlassian-Kontakt noch erreichen?");
    assert!(links(&home).contains(&"/guide".to_owned()));
    let first =
        visitor.get("/guide").await.is(200).says("Wie betreiben Sie Atlassian?").says("Das weiß ich nicht");
    let second = answers(&visitor, &first, "hosting", "cloud").await.says("Wer kann noch etwas tun?");
    assert!(links(&second).contains(&"/guide".to_owned()), "back, and the first answer can be changed");
    let leaf = answers(&visitor, &second, "acts", "mailbox").await;
    let leaf = leaf
        .says("Über das alte Postfach kommen Sie an das Atlassian-Konto")
        .says("Stand: 26.9.2025")
        .says("Zwei-Faktor-Anmeldung")
        .says("Betriebsrats")
        .says("Ihre Antworten")
        .says("Cloud, kostenpflichtig")
        .says("Hat Ihnen das geholfen?");
    let links = links(&leaf);
    for link in [
        "https://id.atlassian.com/login/resetpassword",
        "https://admin.atlassian.com/billing",
        "/guide?acts=mailbox",
        "/guide?hosting=cloud",
    ] {
        assert!(links.contains(&link.to_owned()), "{link} is not in {links:?}");
    }
    let thanks = visitor.post("/guide/cloud-mailbox?hosting=cloud&acts=mailbox", &[("solved", "yes")]).await;
    assert_eq!(thanks.went_well().location.unwrap(), "/guide/thanks");
    visitor.get("/guide/thanks").await.is(200).says("Schön, dass es geklappt hat");
    let row = ("2026-06-01".to_owned(), "cloud-mailbox".to_owned(), "solved".to_owned(), 1);
    assert_eq!(counted(&desk).await, [row]);
    desk.finish().await;
}

#[actix_web::test]
async fn who_is_not_helped_goes_on_to_the_form_with_what_they_said() {
    let desk = Desk::start().await;
    let visitor = desk.visitor("en");
    let page = visitor.get("/guide").await.is(200);
    let page = answers(&visitor, &page, "hosting", "unknown").await.says("end with .atlassian.net?");
    let page = answers(&visitor, &page, "site", "no").await.says("Who can still act?");
    let page = answers(&visitor, &page, "acts", "organisation_admin").await.says("Which e-mail address");
    let leaf = answers(&visitor, &page, "address", "company").await;
    let leaf = leaf.says("Your organisation admin can open the old account again").says("Did this solve it?");
    assert!(
        leaf.text.contains("hosting=unknown&amp;site=no&amp;acts=organisation_admin&amp;address=company")
    );
    let on = visitor.post("/guide/data-center-managed-account", &[("solved", "no")]).await.went_well();
    let on = on.location.unwrap();
    assert_eq!(on, "/escalations/new?hosting=data_center&guide=data-center-managed-account");
    let form = visitor.get(&on).await.is(200).says("Taken over from the self-check");
    assert!(
        form.field("explanation")
            .unwrap()
            .starts_with("According to the self-check we have an organisation admin")
    );
    assert_eq!(form.field("hosting").as_deref(), Some("data_center"));
    // Two steps on, it is chosen.
    let fields = [("step", "you"), ("hosting", "data_center"), ("go", "company")];
    let form = visitor.post("/escalations/steps", &fields).await.is(200);
    assert!(form.text.contains("value=\"data_center\" checked"));
    assert!(!form.text.contains("value=\"cloud\" checked"));

    // For us from the beginning: straight on, and nothing is counted as solved.
    let page = visitor.get("/guide").await;
    let leaf = answers(&visitor, &page, "hosting", "cloud_partner_managed")
        .await
        .says("We enter this contact for you");
    let form = "/escalations/new?hosting=cloud_partner_managed&guide=partner-managed".to_owned();
    assert!(links(&leaf).contains(&form), "{:?}", links(&leaf));
    visitor.post("/guide/partner-managed", &[("solved", "yes")]).await.went_well();
    assert_eq!(counted(&desk).await.len(), 1);

    // A leaf for both: the form gets the hosting that was said.
    let query = "hosting=data_center&acts=organisation_admin&address=private";
    visitor.get(&format!("/guide/private-address?{query}")).await.is(200).says("may refuse a transfer");
    let on = visitor.post(&format!("/guide/private-address?{query}"), &[("solved", "no")]).await.went_well();
    assert_eq!(on.location.unwrap(), "/escalations/new?hosting=data_center&guide=private-address");
    // Where nothing is known of a refusal, nobody is turned away.
    let request = "/guide?hosting=data_center&acts=nobody&address=private";
    let leaf = visitor.get(request).await.went_well().location.unwrap();
    assert!(leaf.starts_with("/guide/request-data-center"), "{leaf}");
    desk.finish().await;
}

#[actix_web::test]
async fn yes_on_the_start_page_leaves_one_question() {
    let desk = Desk::start().await;
    let visitor = desk.visitor("de");
    let page = visitor.get("/guide?acts=contact").await.is(200).says("Wie betreiben Sie Atlassian?");
    answers(&visitor, &page, "hosting", "data_center")
        .await
        .says("Ihre Kontaktperson kann den Wechsel selbst eintragen");
    let free = answers(&visitor, &page, "hosting", "free").await;
    free.says("Ein Organisations-Admin kann weitere hinzufügen");
    desk.finish().await;
}

#[actix_web::test]
async fn a_plain_no_says_why() {
    let desk = Desk::start().await;
    let visitor = desk.visitor("de");
    let page = visitor.get("/guide/free-plan").await.is(200);
    let page = page.says("Atlassian überträgt kostenlose Sites nicht").says("Stand: 8/2025");
    page.says("Atlassian-Mitarbeiter in der Community").never_says("Ändern");
    let page = visitor.get("/guide/private-address").await.is(200);
    page.says("nicht Atlassian selbst").says("Atlassians eigenes Wort dazu haben wir nicht gefunden");
    desk.finish().await;
}

#[actix_web::test]
async fn nobody_falls_off_the_guide() {
    let desk = Desk::start().await;
    let visitor = desk.visitor("en");
    let long = "x".repeat(10_000);
    for (query, question) in [
        ("hosting=mainframe".to_owned(), "How do you run Atlassian?"),
        (format!("hosting={long}&acts={long}"), "How do you run Atlassian?"),
        (format!("{long}={long}"), "How do you run Atlassian?"),
        ("hosting=%FF%FE".to_owned(), "How do you run Atlassian?"),
        ("hosting=%3Cscript%3Ealert(1)%3C/script%3E".to_owned(), "How do you run Atlassian?"),
        ("hosting=data_center&acts=billing_admin".to_owned(), "Who can still act?"),
        ("hosting=free&acts=organisation_admin".to_owned(), "Who can still act?"),
        ("hosting=cloud&acts=nobody&address=office".to_owned(), "Which e-mail address"),
    ] {
        let page = visitor.get(&format!("/guide?{query}")).await.is(200).says(question);
        assert!(!page.text.contains("alert(1)</script>") && !page.text.contains("value=\"xxx"), "{query}");
    }
    // Answers that lead elsewhere do not count on a leaf's own page.
    let page = visitor.get("/guide/cloud-mailbox?hosting=data_center&acts=mailbox").await.is(200);
    page.never_says("Change");
    // A leaf that is not there any more has a way on, for reading and for answering.
    for gone in ["/guide/server-contact", "/guide/CLOUD-MAILBOX", "/guide/..%2Fdesk"] {
        let page = visitor.get(gone).await.is(404).says("The self-check has no such page");
        assert!(links(&page).contains(&"/guide".to_owned()));
        visitor.post(gone, &[("solved", "yes")]).await.is(404);
    }
    // Nonsense answers count nothing.
    for answer in ["", "maybe", "solved", "YES"] {
        let back = visitor.post("/guide/cloud-mailbox", &[("solved", answer)]).await.went_well();
        assert_eq!(back.location.unwrap(), "/guide/cloud-mailbox");
    }
    assert_eq!(counted(&desk).await, []);
    desk.finish().await;
}

#[actix_web::test]
async fn the_form_takes_only_words_of_ours() {
    let desk = Desk::start().await;
    let visitor = desk.visitor("en");
    for query in [
        "hosting=mainframe&guide=server-contact",
        "explanation=Please+call+0900&requester_email=mallory@mallory.example&authority=true&privacy=true",
        "hosting=%22%3E%3Cscript%3E&guide=%22%3E%3Cscript%3E",
    ] {
        let form = visitor.get(&format!("/escalations/new?{query}")).await.is(200);
        let form = form.never_says("Taken over from the self-check").never_says("0900");
        assert_eq!(form.field("explanation"), None, "{query}");
        assert_eq!(form.field("hosting"), None, "{query}");
        assert_eq!(form.field("requester_email").unwrap(), "", "{query}");
        assert!(!form.text.contains(" checked") && !form.text.contains("\"><script>"), "{query}");
    }
    desk.finish().await;
}

/// A crawler that presses every button costs a row a day and leaf, and is slowed down like at any other form.
#[actix_web::test]
async fn pressing_again_makes_no_new_rows_and_is_limited() {
    let desk = Desk::start_with("http.forms_per_minute = 1\nhttp.forms_burst = 5\n").await;
    let visitor = desk.visitor("en");
    for _ in 0..5 {
        visitor.post("/guide/free-plan", &[("solved", "yes")]).await.went_well();
    }
    visitor.post("/guide/free-plan", &[("solved", "yes")]).await.is(429);
    assert_eq!(counted(&desk).await, [("2026-06-01".into(), "free-plan".into(), "solved".into(), 5)]);
    desk.finish().await;
}

/// Nobody is kept from going on because we could not count.
#[actix_web::test]
async fn an_answer_that_can_not_be_counted_leads_on() {
    let desk = Desk::start().await;
    let visitor = desk.visitor("en");
    sqlx::query("alter table guide_answers rename to elsewhere").execute(&desk.owner).await.unwrap();
    let on = visitor.post("/guide/cloud-mailbox", &[("solved", "no")]).await.went_well();
    assert_eq!(on.location.unwrap(), "/escalations/new?hosting=cloud&guide=cloud-mailbox");
    visitor.post("/guide/cloud-mailbox", &[("solved", "yes")]).await.went_well();
    desk.finish().await;
}

#[actix_web::test]
async fn the_overview_says_what_was_solved_without_us() {
    let desk = Desk::start().await;
    let visitor = desk.visitor("en");
    for answer in ["yes", "yes", "no"] {
        visitor.post("/guide/cloud-contact", &[("solved", answer)]).await.went_well();
    }
    desk.later(8 * 24).await;
    visitor.post("/guide/data-center-mailbox", &[("solved", "yes")]).await.went_well();
    let ann = desk.staff("ann", Role::Agent).await;
    let file = ann.get("/desk/overview/self_service.csv?from=2026-06-01&to=2026-06-14").await.is(200);
    let lines: Vec<&str> = file.text.lines().collect();
    assert!(lines[0].ends_with(",Solved by the self-check"), "{lines:?}");
    let solved: Vec<&str> = lines[1..].iter().map(|line| line.rsplit(',').next().unwrap()).collect();
    assert_eq!(solved, ["2", "1"]);
    // Before and after, nothing.
    let file = ann.get("/desk/overview/self_service.csv?from=2026-06-02&to=2026-06-08").await.is(200);
    assert!(file.text.lines().skip(1).all(|line| line.ends_with(",0")), "{}", file.text);
    desk.finish().await;
}

#[actix_web::test]
async fn every_page_is_light_and_brings_nothing_along() {
    let desk = Desk::start().await;
    for language in ["de", "en"] {
        let visitor = desk.visitor(language);
        let leaves = Leaf::VARIANTS.iter().map(|leaf| format!("/guide/{}", leaf.word()));
        for path in leaves.chain(["/", "/guide", "/guide?hosting=cloud", "/guide/thanks"].map(str::to_owned))
        {
            let response = reqwest::Client::new()
                .get(format!("{}{path}", desk.address))
                .header("accept-language", language)
                .send()
                .await
                .unwrap();
            assert!(!response.headers().contains_key("set-cookie"), "{path} sets a cookie");
            let page = visitor.get(&path).await.is(200);
            assert!(page.text.len() < 40_000, "{path} weighs {}", page.text.len());
            let document = scraper::Html::parse_document(&page.text);
            let loaded = scraper::Selector::parse("[src], link[href]").unwrap();
            for element in document.select(&loaded) {
                let from = element.value().attr("src").or(element.value().attr("href")).unwrap();
                assert!(from.starts_with("/static/") || from.starts_with("/brand/"), "{path} loads {from}");
            }
        }
    }
    desk.finish().await;
}
