//! Every page in both languages: each template is rendered with real data, says no bare key, and leaves none out.

use std::collections::BTreeSet;

use handover::{case::actor::Role, intake::guide::leaf::Leaf, lang::Language};
use strum::VariantArray as _;

use crate::{
    helpers::{
        desk::{Answer, Desk, PASSWORD, StaffVisitor},
        inbound::Mail,
        letter::{Letter, views_with},
        measure::{Assets, validate},
        script::asking_for,
        story::{DEPARTED, REQUESTER, SUCCESSOR, VOUCHER, form, form_with},
    },
    queries::talk,
    queue::plenty,
    second_factors::Phone,
};

/// Which page shows which template. What is no page of its own is rendered with one; letters have tests of their own.
struct Tour {
    seen: BTreeSet<&'static str>,
    /// Every page shown, with its name.
    pages: Vec<(String, String)>,
}

impl Tour {
    #[track_caller]
    fn shows(&mut self, template: &'static str, page: &Answer) {
        self.seen.insert(template);
        self.pages.push((template.to_owned(), page.text.clone()));
        let words = page.words();
        let title = page.text.split_once("</title>").unwrap().0;
        assert!(title.ends_with(" · Beispiel Software Partner GmbH"), "{template}: {title}");
        let (above, rest) = page.text.split_once("<main").unwrap();
        let (_, below) = rest.split_once("<footer").unwrap();
        assert!(
            above.contains("<span class=\"brand__name\">Beispiel Software Partner GmbH</span>"),
            "{template}"
        );
        assert!(above.contains("<img class=\"brand__logo\" src=\"/brand/logo-"), "{template}");
        for said in [
            "<b>Beispiel Software Partner GmbH</b>",
            "href=\"tel:+493023125100\"",
            "17:00",
            "href=\"https://www.reseller.example/privacy\"",
            "href=\"https://www.reseller.example/imprint\"",
        ] {
            assert!(below.contains(said), "{template} does not say {said} below");
        }
        // Whom customers deal with is no program.
        assert!(!template.starts_with("intake/") || !words.contains("Handover"), "{template}: {words}");
        // A missing sentence shows its key: three or more words joined by hyphens, beginning with a room's name.
        for word in words.split_whitespace() {
            let family = [
                "intake-",
                "guide-",
                "desk-",
                "mail-",
                "alarm-",
                "answer-",
                "prepared-",
                "provider-",
                "identities-",
                "block-",
                "blocks-",
                "changes-",
                "delivery-",
                "happening-",
                "layout-",
                "mailbox-",
                "notifications-",
                "second-",
                "recovery-",
                "step-up-",
                "administration-",
                "finding-",
                "policy-",
                "retention-",
                "holiday-",
                "overview-",
                "error-",
                "check-",
                "event-",
                "evidence-",
                "state-",
            ];
            let is_key = family.iter().any(|family| word.starts_with(family)) && !word.contains('.');
            assert!(!is_key, "{template} says {word}");
        }
    }
}

#[actix_web::test]
async fn privacy_and_imprint_are_linked_where_they_are_set() {
    const CONSENT: &str = "/escalations/new?step=explanation";
    const PRIVACY: &str = "https://customer-name.test/privacy?a&b";
    let desk = Desk::start_with("http.privacy_url = \"\"\nhttp.imprint_url = \"\"").await;
    let form = desk.visitor("de").get(CONSENT).await.is(200).never_says("Hinweise zum Datenschutz lesen");
    form.never_says("Impressum");
    desk.finish().await;

    let settings =
        format!("http.privacy_url = {PRIVACY:?}\nhttp.imprint_url = \"https://customer-name.test/imprint\"");
    let desk = Desk::start_with(&settings).await;
    let visitor = desk.visitor("de");
    let links = |page: &Answer, url: &str| {
        let selector = scraper::Selector::parse("a").unwrap();
        let page = scraper::Html::parse_document(&page.text);
        page.select(&selector).filter(|link| link.value().attr("href") == Some(url)).count()
    };
    let form = visitor.get(CONSENT).await.is(200).says("Hinweise zum Datenschutz lesen");
    assert_eq!(links(&form, PRIVACY), 2, "in the form and at the foot");
    for path in ["/", "/nowhere", "/desk/sign-in"] {
        let page = visitor.get(path).await;
        assert_eq!(links(&page, PRIVACY), 1, "{path}");
        assert_eq!(links(&page, "https://customer-name.test/imprint"), 1, "{path}");
    }
    desk.finish().await;
}

#[actix_web::test]
async fn every_page_in_both_languages() {
    let mut tour = Tour { seen: BTreeSet::new(), pages: Vec::new() };
    let mut letters = Vec::new();
    for language in Language::ALL {
        let language = language.as_str();
        let data = tempfile::TempDir::new().unwrap();
        let provider = "{ name = \"pages\", label = \"Pages\", issuer = \"http://127.0.0.1:9\", client_id = \"c\", client_secret = \"s\" }";
        let settings = format!("data_dir = {:?}\ndesk.providers = [{provider}]\n", data.path());
        let desk = Desk::start_with(&settings).await;
        desk.import_register().await;
        let visitor = desk.visitor(language);

        tour.shows("intake/home.html", &visitor.get("/").await.is(200));
        tour.shows("intake/question.html", &visitor.get("/guide").await.is(200));
        tour.shows("intake/question.html", &visitor.get("/guide?hosting=cloud&acts=nobody").await.is(200));
        for leaf in Leaf::VARIANTS {
            let page = visitor.get(&format!("/guide/{}", leaf.word())).await.is(200);
            tour.shows("intake/leaf.html", &page);
        }
        tour.shows("intake/message.html", &visitor.get("/guide/thanks").await.is(200));
        for step in ["you", "company", "departed", "successor", "explanation"] {
            let page = visitor.get(&format!("/escalations/new?step={step}")).await.is(200);
            tour.shows("intake/step.html", &page);
            let wrong = visitor.post("/escalations/steps", &[("step", step)]).await.is(422);
            tour.shows("intake/step.html", &wrong);
        }
        for mail in [REQUESTER, "info@nordlicht.example", "miriam@gmx.de"] {
            let mut fields = form_with(&[("requester_email", mail), ("departed_on", "05/2026")]);
            fields.push(("step", "explanation".to_owned()));
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            tour.shows("intake/review.html", &visitor.post("/escalations/steps", &fields).await.is(200));
        }
        tour.shows("intake/form.html", &visitor.escalates(&[]).await.is(422));
        let pasted = form_with(&[("entitlements", "10000001"), ("requester_email", "m at x.example")]);
        tour.shows("intake/form.html", &visitor.escalates(&pasted).await.is(422));
        let lapsed = visitor.post(&format!("/prepared/{}", "a".repeat(43)), &[]).await.is(404);
        tour.shows("intake/form.html", &lapsed);
        tour.shows("intake/mail_check.html", &visitor.get("/mail-checks").await.is(200));
        let asked = [("code", "K7QMA-2RTX9"), ("address", REQUESTER)];
        tour.shows("intake/mail_check.html", &visitor.post("/mail-checks", &asked).await.is(200));
        tour.shows("error.html", &visitor.get("/nowhere").await.is(404));
        let first = form_with(&[("entitlements", "SEN-10000001")]);
        let sent = visitor.escalates(&first).await.went_well().location.unwrap();
        tour.shows("intake/sent.html", &visitor.get(&sent).await.is(200));
        desk.work_until_idle().await;
        let link = desk.take_letter(REQUESTER).link("confirmations");
        tour.shows("intake/confirmation.html", &visitor.get(&link).await.is(200));
        tour.shows("intake/message.html", &visitor.submit(&link, &[]).await);
        desk.work_until_idle().await;
        let link = desk.take_letter(SUCCESSOR).link("successors");
        tour.shows("intake/successor.html", &visitor.get(&link).await.is(200));
        let link = desk.take_letter(DEPARTED).link("objections");
        tour.shows("intake/objection.html", &visitor.get(&link).await.is(200));
        let link = desk.take_letter(REQUESTER).link("cases");
        tour.shows("intake/status.html", &visitor.get(&link).await.is(200));
        let letter = visitor.get(&format!("{link}/authorisation-letter")).await.is(200);
        tour.shows("intake/authorisation_letter.html", &letter);

        tour.shows("desk/sign_in.html", &visitor.get("/desk/sign-in").await.is(200));
        let denied = visitor.get("/desk/sign-in/with/pages/callback").await.is(400);
        tour.shows("desk/sign_in_denied.html", &denied);
        let ann = desk.staff_reading("ann", Role::Agent, language).await;
        let ben = desk.staff_reading("ben", Role::Approver, language).await;
        let number = desk.newest().await;
        tour.shows("desk/queue.html", &ann.get("/desk/cases").await.is(200));
        tour.shows("desk/mail.html", &ann.get("/desk/mail?shelf=waiting").await.is(200));
        tour.shows("desk/quarantine.html", &ann.get("/desk/quarantine").await.is(200));
        tour.shows("desk/overview.html", &ann.get("/desk/overview").await.is(200));
        tour.shows("desk/overview.html", &ann.get("/desk/overview?from=soon").await.is(422));
        let nothing = ann.visitor.post("/desk/prepared", &[("review", "true")]).await.is(422);
        tour.shows("desk/prepared_form.html", &nothing);
        let called = [("language", language), ("requester_email", REQUESTER), ("hosting", "cloud")];
        let looks = [called[0], called[1], called[2], ("review", "true")];
        let letter = ann.visitor.post("/desk/prepared", &looks).await.is(200);
        tour.shows("desk/prepared_review.html", &letter);
        ann.visitor.post("/desk/prepared", &called).await.went_well();
        desk.work_until_idle().await;
        tour.shows(
            "intake/form.html",
            &visitor.get(&desk.take_letter(REQUESTER).link("prepared")).await.is(200),
        );
        tour.shows("desk/prepared.html", &ann.get("/desk/prepared").await.is(200));
        let mail = Mail::unauthentic("erika@firma.example", "handover@reseller.example");
        desk.receives(&mail.raw()).await.is_in_quarantine("inbound-no-address");
        tour.shows("desk/quarantine.html", &ann.get("/desk/quarantine").await.is(200));
        let message: uuid::Uuid = sqlx::query_scalar("select id from inbound_emails")
            .fetch_one(&desk.casework.app.pool)
            .await
            .unwrap();
        let answer = format!("/desk/quarantine/{message}/answer");
        tour.shows("desk/answer.html", &ann.get(&answer).await.is(200));
        ann.visitor.post(&answer, &[("language", language)]).await.went_well();
        desk.work_until_idle().await;
        desk.take_letter("erika@firma.example");
        tour.shows("desk/prepared.html", &ann.get("/desk/prepared").await.is(200));
        tour.shows("desk/notifications.html", &ann.get("/desk/notifications").await.is(200));
        tour.shows(
            "desk/account/tokens.html",
            &ann.asks_for_token(&asking_for(&["cases:read"])).await.is(200),
        );
        tour.shows("desk/account/tokens.html", &ann.asks_for_token(&[]).await.is(422));
        tour.shows("desk/api/reference.html", &visitor.get("/api/v1").await.is(200));
        tour.shows("desk/api/viewer.html", &visitor.get("/api/v1/viewer").await.is(200));
        show_administration(&mut tour, &desk, &ann).await;
        let eva = desk.staff_reading("eva", Role::Admin, language).await;
        handover::administration::seeds::plant(&desk.casework.app.pool, desk.now()).await.unwrap();
        let blocks = "/desk/administration/text_blocks";
        tour.shows("desk/administration/trail.html", &eva.get("/desk/administration/trail").await.is(200));
        tour.shows("desk/administration/text_blocks.html", &eva.get(blocks).await.is(200));
        let block: uuid::Uuid =
            sqlx::query_scalar("select id from text_blocks where kind = 'question' limit 1")
                .fetch_one(&desk.casework.app.pool)
                .await
                .unwrap();
        let page = eva.get(&format!("{blocks}/{block}?version=1")).await.is(200);
        tour.shows("desk/administration/text_block.html", &page);
        let wrong = eva.visitor.post(blocks, &[("kind", "note"), ("en", "{nobody}")]).await.is(422);
        tour.shows("desk/administration/text_block.html", &wrong);
        let hooks = "/desk/administration/webhooks";
        tour.shows("desk/administration/webhook.html", &eva.get(&format!("{hooks}/new")).await.is(200));
        let fields =
            [("name", "Jira"), ("address", "https://hooks.reseller.example/x"), ("kind_case_sent", "true")];
        let created = eva.visitor.post(hooks, &fields).await.is(200);
        tour.shows("desk/administration/webhook.html", &created);
        tour.shows("desk/administration/webhook.html", &eva.visitor.post(hooks, &[]).await.is(422));
        tour.shows("desk/administration/webhooks.html", &eva.get(hooks).await.is(200));
        show_second_factors(&mut tour, &desk, &eva, language).await;
        let nothing = ann.visitor.post("/desk/notifications", &[]).await.is(422);
        tour.shows("desk/notifications.html", &nothing);
        tour.shows("desk/case.html", &ann.open(&number).await);
        let voucher = ann.open(&number).await.field("contact").unwrap();
        ann.does(&number, "vouch", &[("contact", &voucher)]).await.went_well();
        desk.work_until_idle().await;
        let link = desk.take_letter(VOUCHER).link("vouchers");
        tour.shows("intake/voucher.html", &visitor.get(&link).await.is(200));
        let stale = [("version", "1"), ("question", "Which?")];
        let conflict = ann.visitor.post(&format!("/desk/cases/{number}/question"), &stale).await.is(409);
        tour.shows("desk/conflict.html", &conflict);
        let looks = [("question", "Which?"), ("review", "true")];
        tour.shows("desk/review.html", &ann.does(&number, "question", &looks).await.is(200));
        let case = format!("case-{number}");
        let version = desk.load(&number).await.version.to_string();
        for owner in ["me", "somebody"] {
            let fields = [("what", "assign"), ("owner", owner), (case.as_str(), version.as_str())];
            tour.shows("desk/bulk.html", &ann.visitor.post("/desk/bulk", &fields).await);
        }
        let second = desk.verified_case_of(&visitor, &ann).await;
        ann.drafts(&second).await;
        let approval = format!("/desk/cases/{second}/approval");
        tour.shows("desk/approval.html", &ben.get(&approval).await.is(200));
        ben.approves(&second).await.went_well();
        desk.work_until_idle().await;
        desk.take_all_letters();
        let email: uuid::Uuid = sqlx::query_scalar("select id from emails where audience = 'atlassian'")
            .fetch_one(&desk.casework.app.pool)
            .await
            .unwrap();
        tour.shows(
            "desk/email.html",
            &ben.get(&format!("/desk/cases/{second}/emails/{email}")).await.is(200),
        );
        tour.shows("desk/case.html", &ben.open(&second).await);
        ann.does(&second, "answer", &[("answer", "done"), ("note", "Done.")]).await.went_well();
        desk.work_until_idle().await;
        let asked = desk.take_letter(SUCCESSOR).link("successors");
        let status = desk.take_letter(REQUESTER).link("cases");
        let access = format!("{asked}/access-confirmation");
        tour.shows("intake/successor_access.html", &visitor.get(&asked).await.is(200));
        tour.shows("intake/successor_access.html", &visitor.post(&access, &[]).await.is(422));
        tour.shows("intake/successor_access.html", &visitor.submit(&access, &[("access", "yes")]).await);
        tour.shows("intake/status.html", &visitor.get(&status).await.is(200));
        desk.work_until_idle().await;
        desk.take_all_letters();
        let assets = Assets::weigh(&desk.address).await;
        for (at, received) in desk.smtp.received().iter().enumerate() {
            let letter = Letter::read(at, received);
            // Those to Atlassian are text alone, of which the reader makes HTML.
            let html = letter.html.filter(|html| html.starts_with("<!doctype"));
            letters.extend(html.map(|html| (format!("{language}-{at}.html"), html)));
        }
        desk.finish().await;

        show_mailbox(&mut tour, language).await;
        show_accounts(&mut tour, language).await;
        show_expired(&mut tour, language).await;
        show_yearly(&mut tour, language).await;
        for (name, html) in &tour.pages {
            assets.judge(name, html);
        }
    }
    validate("html-validate.json", &tour.pages);
    assert!(letters.len() > 16, "letters have HTML");
    validate("html-validate-letters.json", &letters);
    let views = views_with("");
    let is_page = |name: &String| {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates").join(name);
        std::fs::read_to_string(file).unwrap().contains("{% extends \"layout.html\" %}")
    };
    let pages: BTreeSet<String> = views.names().into_iter().filter(is_page).collect();
    let seen: BTreeSet<String> = tour.seen.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(pages.difference(&seen).collect::<Vec<_>>(), Vec::<&String>::new(), "nobody looked at these");
}

/// The question to a contact on record, in all its stages.
async fn show_yearly(tour: &mut Tour, language: &str) {
    let desk = Desk::start_with("yearly.enabled = true\nyearly.letters_per_day = 24\n").await;
    desk.import_register().await;
    desk.work_until_idle().await;
    let (visitor, ann) = (desk.visitor(language), desk.staff_reading("ann", Role::Agent, language).await);
    let link = desk.take_letter(DEPARTED).link("contact-checks");
    let ends = format!("{link}/unsubscription");
    tour.shows("yearly/question.html", &visitor.get(&link).await.is(200));
    tour.shows("yearly/question.html", &visitor.post(&link, &[]).await.is(422));
    tour.shows("yearly/question.html", &visitor.submit(&link, &[("answer", "still")]).await);
    tour.shows("yearly/question.html", &visitor.submit(&link, &[("answer", "gone")]).await);
    tour.shows("yearly/unsubscription.html", &visitor.get(&ends).await.is(200));
    tour.shows("yearly/unsubscription.html", &visitor.post(&ends, &[]).await.is(200));
    tour.shows("desk/administration/yearly.html", &ann.get("/desk/administration/yearly").await.is(200));
    let id: uuid::Uuid = sqlx::query_scalar("select id from customers where number = 'K-1'")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    let page = ann.get(&format!("/desk/administration/register/{id}")).await.is(200);
    tour.shows("desk/administration/customer.html", &page);
    desk.finish().await;
}

/// A link to confirm whose request has ended.
async fn show_expired(tour: &mut Tour, language: &str) {
    let desk = Desk::start().await;
    let visitor = desk.visitor(language);
    visitor.escalates(&form()).await.went_well();
    desk.work_until_idle().await;
    let link = desk.take_letter(REQUESTER).link("confirmations");
    desk.later(8 * 24).await;
    desk.take_all_letters();
    tour.shows("intake/expired.html", &visitor.get(&link).await.is(410));
    desk.finish().await;
}

async fn show_accounts(tour: &mut Tour, language: &str) {
    let desk = Desk::start().await;
    desk.import_register().await;
    let visitor = desk.visitor(language);
    let dora = desk.staff_reading("dora", Role::Admin, language).await;
    let ann = desk.staff_reading("ann", Role::Agent, language).await;
    tour.shows("desk/account.html", &ann.get("/desk/account").await.is(200));
    let wrong = ann.visitor.post("/desk/account/password", &[("current_password", PASSWORD)]).await.is(422);
    tour.shows("desk/account.html", &wrong);
    let staff = "/desk/administration/staff";
    let invitations = format!("{staff}/invitations");
    tour.shows("desk/administration/staff.html", &dora.visitor.post(&invitations, &[]).await.is(422));
    let mut fields = vec![("email", "finn@partner.example"), ("role", "agent"), ("language", language)];
    tour.shows("desk/administration/staff.html", &dora.visitor.post(&invitations, &fields).await.is(422));
    fields.push(("other_domain", "true"));
    dora.visitor.post(&invitations, &fields).await.went_well();
    tour.shows("desk/administration/staff.html", &dora.get(staff).await.is(200));
    let number = desk.confirmed_case(&visitor, &form()).await;
    ann.does(&number, "assignment", &[("owner", "me")]).await.went_well();
    let of_ann = format!("{staff}/{}", ann.id);
    tour.shows("desk/administration/person.html", &dora.get(&of_ann).await.is(200));
    tour.shows("desk/administration/log.html", &dora.get("/desk/administration/log").await.is(200));
    let persons = "/desk/administration/persons";
    tour.shows("desk/administration/persons.html", &dora.get(persons).await.is(200));
    let services = "/desk/administration/services";
    tour.shows("desk/administration/services.html", &dora.get(services).await.is(200));
    desk.service(&dora, "agent", &["cases:read"]).await;
    tour.shows("desk/administration/services.html", &dora.get(services).await.is(200));
    let service: uuid::Uuid = sqlx::query_scalar("select id from staff where kind = 'service'")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    let service = format!("{services}/{service}");
    tour.shows("desk/administration/service.html", &dora.get(&service).await.is(200));
    dora.visitor.post(&format!("{service}/deactivation"), &[]).await.went_well();
    tour.shows("desk/administration/service.html", &dora.get(&service).await.is(200));
    visitor.post("/desk/password-resets", &[("email", &ann.email)]).await.is(200);
    desk.work_until_idle().await;
    let link = desk.take_letter("finn@partner.example").link("desk/invitations");
    tour.shows("desk/account/invitation.html", &visitor.get(&link).await.is(200));
    tour.shows("desk/account/invitation.html", &visitor.post(&link, &[]).await.is(422));
    tour.shows("desk/account/reset.html", &visitor.get("/desk/password-resets").await.is(200));
    let asked = visitor.post("/desk/password-resets", &[("email", "nobody@reseller.example")]).await;
    tour.shows("desk/account/reset.html", &asked.is(200));
    let link = desk.take_letters(&ann.email)[0].link("desk/password-resets");
    tour.shows("desk/account/new_password.html", &visitor.get(&link).await.is(200));
    tour.shows("desk/account/new_password.html", &visitor.post(&link, &[]).await.is(422));
    desk.bars(&ann.email).await.unwrap();
    tour.shows("desk/account/ended.html", &visitor.get(&link).await.is(410));
    tour.shows("desk/administration/person.html", &dora.get(&of_ann).await.is(200));
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

async fn show_second_factors(tour: &mut Tour, desk: &Desk, eva: &StaffVisitor, language: &str) {
    let page = "/desk/account/second-factors";
    tour.shows("desk/second_factors/index.html", &eva.get(page).await.is(200));
    let apps = format!("{page}/apps");
    tour.shows("desk/second_factors/step_up.html", &eva.visitor.post(&apps, &[("name", "x")]).await.is(403));
    let begun = eva.visitor.post(&apps, &[("name", "x"), ("current_password", PASSWORD)]).await.went_well();
    let begun = begun.location.unwrap();
    let setup = eva.visitor.get(&begun).await.is(200);
    tour.shows("desk/second_factors/totp.html", &setup);
    let wrong = eva.visitor.post(&begun, &[("code", "x")]).await.is(422);
    tour.shows("desk/second_factors/totp.html", &wrong);
    let code = Phone::scans(&setup).code(desk, 0);
    let codes = eva.visitor.post(&begun, &[("code", &code)]).await.is(200);
    tour.shows("desk/second_factors/recovery_codes.html", &codes);
    tour.shows("desk/second_factors/index.html", &eva.get(page).await.is(200));
    desk.work_until_idle().await;
    desk.take_letter(&eva.email);
    let visitor = desk.visitor(language);
    let sign_in = [("email", eva.email.as_str()), ("password", PASSWORD)];
    visitor.post("/desk/sign-in", &sign_in).await.went_well();
    let second = "/desk/sign-in/second-factor";
    tour.shows("desk/second_factors/sign_in.html", &visitor.get(second).await.is(200));
    tour.shows("desk/second_factors/sign_in.html", &visitor.post(second, &[("code", "x")]).await.is(422));
    let refused = visitor.post("/desk/sign-in/passkey", &[]).await.is(422);
    tour.shows("desk/second_factors/refused.html", &refused);
    let people = eva.get("/desk/administration/second-factors").await.is(200);
    tour.shows("desk/administration/second_factors.html", &people);
}

async fn show_administration(tour: &mut Tour, desk: &Desk, ann: &StaffVisitor) {
    let id: uuid::Uuid = sqlx::query_scalar("select id from customers where number = 'K-2'")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    let customer = format!("register/{id}");
    for (template, path) in [
        ("desk/administration/index.html", ""),
        ("desk/administration/register.html", "register?text=almrausch"),
        ("desk/administration/customer.html", customer.as_str()),
        ("desk/administration/health.html", "health?finding=same_person"),
        ("desk/administration/imports.html", "imports"),
        ("desk/administration/import.html", "imports/1"),
        ("desk/administration/policy.html", "policy"),
        ("desk/administration/retention.html", "retention"),
        ("desk/administration/mail.html", "mail"),
        ("desk/administration/calendar.html", "calendar"),
    ] {
        let path = format!("/desk/administration/{path}");
        tour.shows(template, &ann.get(path.trim_end_matches('/')).await.is(200));
    }
    // One whose time was over years ago.
    let gone = "set session_replication_role = replica;
        insert into case_tombstones (number, event_count, event_hash, at, rule, years)
            values ('HO-2015-00001', 9, sha256('x'), '2026-01-01', 'trail', 10) on conflict do nothing;
        set session_replication_role = origin";
    sqlx::raw_sql(gone).execute(&desk.owner).await.unwrap();
    tour.shows("desk/deleted_case.html", &ann.get("/desk/cases/HO-2015-00001").await.is(410));
}

/// The mailbox is there with mail in a folder only.
async fn show_mailbox(tour: &mut Tour, language: &str) {
    let data = tempfile::TempDir::new().unwrap();
    let desk =
        Desk::start_with(&format!("data_dir = {:?}\nmail.transport = \"folder\"\n", data.path())).await;
    let visitor = desk.visitor(language);
    tour.shows("mailbox/time.html", &visitor.get("/dev/time").await.is(200));
    tour.shows("mailbox/mails.html", &visitor.get("/dev/mails").await.is(200));
    tour.shows("mailbox/mails_show.html", &visitor.get("/dev/mails/question.0.de").await.is(200));
    let session = desk.staff("ann", Role::Agent).await;
    session.visitor.post("/dev/time", &[("by", "day")]).await.went_well();
    session.visitor.post("/dev/time", &[("by", "year")]).await.is(422);
    tour.shows("mailbox/time.html", &visitor.get("/dev/time").await.is(200));
    tour.shows("mailbox/list.html", &visitor.get("/dev/mail").await.is(200));
    visitor.escalates(&form()).await.went_well();
    desk.work_until_idle().await;
    let list = visitor.get("/dev/mail").await.is(200);
    let start = list.text.find("/dev/mail/").unwrap();
    let path: String = list.text[start..].chars().take_while(|c| *c != '"').collect();
    tour.shows("mailbox/show.html", &visitor.get(&path).await.is(200).says("/confirmations/"));
    visitor.get(&format!("{path}/html")).await.is(200);
    visitor.get("/dev/mail/..%2Fsecret").await.is(404);
    desk.finish().await;
}

#[actix_web::test]
async fn pages_stay_light_and_valid_in_a_full_house() {
    let long = |of: usize| "Donaudampfschifffahrtsgesellschaft".chars().cycle().take(of).collect::<String>();
    let desk = Desk::start().await;
    let head = include_str!("helpers/register.csv").lines().next().unwrap();
    let customers = (100..160).map(|n| {
        let (name, person) = (long(150), long(60));
        format!(
            "K-{n},{name} {n},DE,k{n}.example,SEN-2000{n}000,,,Jira,cloud,50 Users,active,2025-07-01,2026-07-01,\
             {person},{person}@k{n}.example,+49 30 23125 101,{person},b@k{n}.example,,technical\n"
        )
    });
    desk.import(&format!("{head}\n{}", customers.collect::<String>())).await;
    desk.import_register().await;
    let ann = desk.staff_reading("ann", Role::Agent, "de").await;
    let pool = &desk.owner;
    plenty(pool, 60).await;
    // Out of the way of the numbers to come, and older than what comes.
    sqlx::query("update cases set number = replace(number, '-000', '-900'), opened_at = '2026-05-01'")
        .execute(pool)
        .await
        .unwrap();
    // Long names, behind the back of what keeps them from being changed.
    sqlx::query("alter table escalations disable trigger user").execute(pool).await.unwrap();
    sqlx::query("update escalations set company = $1, requester_name = $2")
        .bind(long(60))
        .bind(long(40))
        .execute(pool)
        .await
        .unwrap();
    sqlx::query("alter table escalations enable trigger user").execute(pool).await.unwrap();
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    talk(&desk, &number, ann.actor(), 40, &long(500)).await;

    let assets = Assets::weigh(&desk.address).await;
    let mut pages = Vec::new();
    let case = format!("/desk/cases/{number}");
    for path in [
        "/desk/cases",
        "/desk/cases?text=firma",
        case.as_str(),
        "/desk/mail",
        "/desk/quarantine",
        "/desk/overview",
        "/desk/administration/register",
        "/desk/administration/health",
    ] {
        let page = ann.get(path).await.is(200);
        assets.judge(path, &page.text);
        pages.push((format!("{}.html", path.trim_start_matches('/').replace('?', "-")), page.text));
    }
    validate("html-validate.json", &pages);

    // What is older stands on the next page, and on the one after it, down to the beginning.
    let older = scraper::Selector::parse(".timeline__turn a[href*='past=']").unwrap();
    let (mut path, mut turned, mut begun) = (case, 0, 0);
    let last = loop {
        let page = ann.get(&path).await.is(200);
        assets.judge(&path, &page.text);
        begun += page.words().matches("hat den Vorgang eröffnet").count();
        let next = scraper::Html::parse_document(&page.text);
        let Some(next) = next.select(&older).next().and_then(|link| link.attr("href")) else { break page };
        path = next.to_owned();
        turned += 1;
    };
    assert!(turned > 2, "{turned} pages");
    assert_eq!(begun, 1, "it stands on one of them");
    last.says("Zu den neuesten Einträgen");
}

#[actix_web::test]
async fn the_mailbox_does_not_exist_where_mail_is_really_sent() {
    let desk = Desk::start().await;
    desk.visitor("en").get("/dev/mail").await.is(404);
    desk.finish().await;
}
