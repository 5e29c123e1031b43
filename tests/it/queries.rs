//! How many statements a page of the desk takes: as many for a full house as for a single case, so none in a loop.

use actix_web::test::{TestRequest, call_service, init_service};
use handover::{
    administration::{blocks, trail::Doer, variables::Kind, webhooks, words::Words},
    case::{
        action::Action,
        actor::{Actor, Role},
        prepared::PreparedWords,
        text::{Note, Text},
    },
    casework::NewPrepared,
    lang::Language,
    site::Site,
    webhooks::{EventKind, Target, outbox},
};
use uuid::Uuid;

use crate::helpers::{
    desk::{Desk, PASSWORD},
    statements::statements_of,
    story::form_with,
};

const WORDS: &str = "Please look at this.";

/// So many cases of as many people, each about a licence of its own.
pub async fn escalate(desk: &Desk, people: std::ops::Range<usize>) {
    let visitor = desk.visitor("en");
    for n in people {
        let (requester, licence) =
            (format!("person-{n}@nordlicht.example"), format!("SEN-{}", 10_000_001 + n));
        // One mailbox gets only so many letters within an hour.
        let successor = format!("successor-{n}@nordlicht.example");
        let fields = form_with(&[
            ("requester_email", &requester),
            ("successor_email", &successor),
            ("entitlements", &licence),
        ]);
        visitor.escalates(&fields).await.went_well();
    }
    desk.work_until_idle().await;
    for letter in desk.take_all_letters() {
        visitor.post(&letter.link("confirmations"), &[]).await.went_well();
    }
    desk.work_until_idle().await;
    desk.take_all_letters();
}

/// Requests prepared for as many callers.
async fn prepare(desk: &Desk, ann: Actor, people: std::ops::Range<usize>) {
    for n in people {
        let email = format!("caller-{n}@nordlicht.example");
        let typed = |name: &str| if name == "requester_email" { email.clone() } else { String::new() };
        let words = PreparedWords::parse(typed, &[]).unwrap();
        let new = NewPrepared { id: Uuid::new_v4(), language: Language::De, words, message: None };
        desk.casework.prepare(ann, &new).await.unwrap();
    }
    desk.work_until_idle().await;
    desk.take_all_letters();
}

/// Questions with their letters, answers, and notes among staff.
pub async fn talk(desk: &Desk, number: &str, ann: Actor, times: usize, words: &str) {
    let case = desk.find_case(number).await;
    let note = || Note::new(Text::parse(words).unwrap());
    for _ in 0..times {
        for (actor, action) in [
            (ann, Action::AskCustomer { question: note() }),
            (Actor::Requester, Action::Answer { answer: note() }),
            (ann, Action::AddNote { note: note() }),
        ] {
            desk.casework.act(case, actor, &action, None).await.unwrap();
        }
    }
    desk.work_until_idle().await;
    desk.take_all_letters();
}

fn words(text: &str) -> Words {
    let text = text.to_owned();
    Words { title_de: text.clone(), title_en: text.clone(), de: Some(text.clone()), en: text }
}

async fn write_block(desk: &Desk, by: Actor) -> Uuid {
    let doer = Doer::Staff(by.staff_id().unwrap());
    let block = (Uuid::now_v7(), Kind::Question, &words("For {company}"));
    blocks::create(&desk.casework.app.pool, doer, block, desk.now()).await.unwrap().unwrap()
}

/// An endpoint, and so many messages for one.
async fn hook(desk: &Desk, by: Actor) -> Uuid {
    let (pool, hooks) = (&desk.casework.app.pool, &desk.casework.webhooks);
    let written = webhooks::Written {
        name: "Jira".to_owned(),
        target: Some(Target::parse("https://hooks.reseller.example/x", &hooks.reach).unwrap()),
        kinds: vec![EventKind::CaseSent],
        personal: false,
    };
    let doer = Doer::Staff(by.staff_id().unwrap());
    webhooks::create(pool, hooks, doer, &written, desk.now()).await.unwrap().unwrap().0
}

async fn tell(desk: &Desk, hook: Uuid, messages: usize) {
    let mut connection = desk.casework.app.pool.acquire().await.unwrap();
    for _ in 0..messages {
        outbox::test(&mut connection, hook, "https://handover.example/", desk.now()).await.unwrap().unwrap();
    }
}

#[actix_web::test]
async fn pages_of_the_desk_take_as_many_statements_for_fifty_as_for_one() {
    let desk = Desk::start().await;
    desk.import_register().await;
    // Who may see every page.
    let ann = desk.staff("ann", Role::Admin).await.actor();
    let eve = desk.staff("eve", Role::Agent).await;
    let waits = desk.verified_case_of(&desk.visitor("en"), &eve).await;
    eve.drafts(&waits).await;
    let service = init_service(Site::new(desk.casework.clone()).service()).await;
    let request = TestRequest::post().uri("/desk/sign-in").insert_header(("sec-fetch-site", "same-origin"));
    let request = request.set_form([("email", "ann@reseller.example"), ("password", PASSWORD)]).to_request();
    let signed_in = call_service(&service, request).await;
    let cookies = signed_in.headers().get_all("set-cookie").map(|cookie| cookie.to_str().unwrap());
    let cookies: Vec<&str> = cookies.map(|cookie| cookie.split(';').next().unwrap()).collect();
    let cookie = cookies.join("; ");
    let statements_for = async |path: &str| {
        let request = TestRequest::get().uri(path).insert_header(("cookie", cookie.as_str())).to_request();
        let (statements, response) = statements_of(call_service(&service, request)).await;
        assert_eq!(response.status().as_u16(), 200, "{path}");
        assert!(statements.len() > 2, "the statements are heard: {statements:#?}");
        statements
    };

    // A message that waits for approval: its page, and that of its case, which shows it in short.
    for path in [format!("/desk/cases/{waits}/approval"), format!("/desk/cases/{waits}")] {
        statements_for(&path).await;
        let statements = statements_for(&path).await;
        assert_eq!(statements.len(), 8, "{path}: {statements:#?}");
    }

    escalate(&desk, 0..1).await;
    let number = desk.newest().await;
    talk(&desk, &number, ann, 1, WORDS).await;
    prepare(&desk, ann, 0..1).await;
    let page = format!("/desk/cases/{number}");
    // Once before counting: what is made once is not counted.
    let fail = "update emails set state = 'failed', settled_at = coalesce(settled_at, now())";
    let pool = &desk.casework.app.pool;
    sqlx::query(fail).execute(pool).await.unwrap();
    let from_a_list = format!("{page}?from=sort%3Ddue%26text%3Dnordlicht");
    let block = write_block(&desk, ann).await;
    let (with_a_block, block_page) =
        (format!("{page}?block={block}"), format!("/desk/administration/text_blocks/{block}?version=1"));
    let hooked = hook(&desk, ann).await;
    tell(&desk, hooked, 1).await;
    let hook_page = format!("/desk/administration/webhooks/{hooked}");
    let paths = [
        "/desk/cases",
        "/desk/cases?view=needs_me&sort=changed",
        "/desk/cases?text=nordlicht",
        "/desk/cases.csv",
        &page,
        &from_a_list,
        &with_a_block,
        "/desk/mail",
        "/desk/notifications",
        "/desk/overview",
        "/desk/overview/workload.csv?from=1930-01-01",
        "/desk/prepared",
        "/desk/account/second-factors",
        "/desk/administration/second-factors",
        "/desk/administration/trail",
        "/desk/administration/trail.csv",
        "/desk/administration/text_blocks",
        &block_page,
        "/desk/administration/webhooks",
        &hook_page,
    ];
    let statements = async || {
        let mut counted = Vec::new();
        for path in paths {
            counted.push(statements_for(path).await);
        }
        counted
    };
    statements().await;
    let few = statements().await;
    // One for who reads, one for what needs them, one for the case, and one for each owner of what is shown beside it. Of those
    // of the queue, ten are what is everybody's (alarms, counts, colleagues), which a clock that does not stand still reads once in two seconds.
    for (path, most) in [(page.as_str(), 8), (&with_a_block, 9), (&from_a_list, 10), ("/desk/cases", 15)] {
        let statements = &few[paths.iter().position(|one| *one == path).unwrap()];
        assert_eq!(statements.len(), most, "{path}: {statements:#?}");
    }
    escalate(&desk, 1..51).await;
    talk(&desk, &number, ann, 50, WORDS).await;
    prepare(&desk, ann, 1..40).await;
    tell(&desk, hooked, 60).await;
    for _ in 0..10 {
        hook(&desk, ann).await;
    }
    for _ in 0..50 {
        write_block(&desk, ann).await;
    }
    for version in 1..50 {
        let (doer, words) = (Doer::Staff(ann.staff_id().unwrap()), words(&format!("Text {version}")));
        blocks::change(pool, doer, (block, version), &words, desk.now()).await.unwrap();
    }
    sqlx::query(fail).execute(pool).await.unwrap();
    // What changed is read once, all at once, and known from then on.
    let is_load =
        |statement: &&String| statement.starts_with("select c.id, c.number, c.version, c.state_data");
    for loads in [1, 0] {
        let queue = statements_for("/desk/cases").await;
        assert_eq!(queue.iter().filter(is_load).count(), loads, "{queue:#?}");
    }
    statements().await;
    let many = statements().await;
    // What fills more than a page is counted besides, once; where cases were looked up first, a page of them is chosen with it, so that the
    // list asks for those alone.
    let is_count = |statement: &String| {
        statement.starts_with("select (select count(*) from (select from cases c where")
            || statement.starts_with("select count(*), count(*) filter (where c.state <> 'closed'")
            || statement.starts_with("with found as materialized (select c.id, c.state, c.urgency")
            || statement.starts_with("with still_open as materialized (select c.id, c.state, c.urgency")
    };
    let columns = |statement: String| match statement.split_once(" from cases c join escalations e on") {
        Some((columns, _)) => columns.to_owned(),
        None => statement,
    };
    for ((path, few), mut many) in paths.iter().zip(few).zip(many) {
        let counts = many.iter().filter(|statement| is_count(statement)).count();
        assert!(counts <= 1, "{path}");
        many.retain(|statement| !is_count(statement));
        if path.starts_with(&page) {
            let loads = many.iter().filter(is_load);
            let by_number = |statement: &String| statement.starts_with("select id from cases where number");
            assert_eq!(loads.count(), 1, "the case is read with its checks, and once: {many:#?}");
            assert!(!many.iter().any(by_number), "and not looked for before: {many:#?}");
        }
        let [few, many] = [few, many].map(|all| all.into_iter().map(columns).collect::<Vec<_>>());
        assert_eq!(few, many, "{path}");
    }
    desk.finish().await;
}
