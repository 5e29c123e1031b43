//! Text blocks: administrators write them, staff begin with them, and nothing but the case's own values ever goes into them.

use handover::{administration::seeds, case::actor::Role};
use sqlx::PgPool;
use uuid::Uuid;

use crate::helpers::{
    browser::Browser,
    desk::{Answer, Desk, PASSWORD, StaffVisitor},
    story::{DEPARTED, REQUESTER, form_with},
};

const BLOCKS: &str = "/desk/administration/text_blocks";

fn fields<'a>(kind: &'a str, title: &'a str, de: &'a str, en: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("kind", kind), ("title_de", title), ("title_en", title), ("de", de), ("en", en)]
}

async fn latest(pool: &PgPool, title: &str) -> (Uuid, Uuid) {
    sqlx::query_as(
        "select block_id, id from text_block_versions where title_en = $1 order by version desc limit 1",
    )
    .bind(title)
    .fetch_one(pool)
    .await
    .unwrap()
}

/// Saves a block. Its id.
async fn writes(desk: &Desk, admin: &StaffVisitor, kind: &str, title: &str, texts: [&str; 2]) -> Uuid {
    admin.visitor.post(BLOCKS, &fields(kind, title, texts[0], texts[1])).await.went_well();
    latest(&desk.casework.app.pool, title).await.0
}

#[actix_web::test]
async fn a_block_is_written_looked_at_and_sent_in_the_language_of_the_customer() {
    for (language, deadline, reader, [preview, value, version, change]) in [
        (
            "de",
            "Montag, 8. Juni 2026",
            "de",
            [
                "mit erfundenen Angaben",
                "Bis Freitag, 4. Dezember 2026",
                "Fassung 2",
                "hat den Textbaustein „Kurz“ geändert (Fassung 2)",
            ],
        ),
        (
            "en",
            "Monday, 8 June 2026",
            "en",
            [
                "with invented values",
                "By Friday, 4 December 2026",
                "Version 2",
                "changed the text block “Kurz” (version 2)",
            ],
        ),
    ] {
        let desk = Desk::start().await;
        desk.import_register().await;
        let eva = desk.staff_reading("eva", Role::Admin, reader).await;
        let ann = desk.staff_reading("ann", Role::Agent, reader).await;
        let case_fields = form_with(&[("language", language), ("company", "{requester_name} & Söhne")]);
        let number = desk.confirmed_case(&desk.visitor(language), &case_fields).await;
        desk.take_all_letters();

        let texts = ["Bis {deadline} für {company}?", "By {deadline} for {company}?"];
        let block = writes(&desk, &eva, "question", "Kurz", texts).await;
        let path = format!("{BLOCKS}/{block}");
        // What it looks like, before it is saved: with invented values, or those of a case.
        let mut typed = fields(
            "question",
            "Kurz",
            "Bis {deadline}, bitte, für {company}?",
            "By {deadline}, please, for {company}?",
        );
        typed.push(("version", "1"));
        typed.push(("preview", "true"));
        eva.visitor.post(&path, &typed).await.is(200).says(preview).says(value);
        typed.push(("case", &number));
        eva.visitor
            .post(&path, &typed)
            .await
            .is(200)
            .says(&number)
            .says(deadline)
            .says("{requester_name} & Söhne");
        typed.pop();
        typed.push(("case", "HO-2026-99999"));
        let unknown = eva.visitor.post(&path, &typed).await.is(422);
        assert!(unknown.field("de").unwrap().contains("bitte, für"), "what was typed is there");
        assert_eq!(latest(&desk.casework.app.pool, "Kurz").await.0, block);
        typed.truncate(6);
        eva.visitor.post(&path, &typed).await.went_well();
        eva.get(&format!("{path}?version=2")).await.says(version).says("bitte, ");
        eva.get("/desk/administration/trail").await.says(change);

        // Without script: a link, and the words are in the field.
        let page = ann.open(&number).await;
        assert!(page.text.contains(&format!("/desk/cases/{number}?block={block}#question-question")));
        let page = ann.get(&format!("/desk/cases/{number}?block={block}")).await.is(200);
        let question = page.field("question").unwrap();
        assert!(question.contains(deadline), "{question}");
        assert!(question.contains("{requester_name} & Söhne"), "a value is never read again: {question}");
        let began = page.field("block").unwrap();
        assert_eq!(began, latest(&desk.casework.app.pool, "Kurz").await.1.to_string());
        ann.does(&number, "question", &[("question", &question), ("block", &began)]).await.went_well();
        desk.work_until_idle().await;
        let letter = desk.take_letter(REQUESTER);
        assert!(letter.text.contains(deadline), "{}", letter.text);
        let kept: Option<Uuid> =
            sqlx::query_scalar("select block_version_id from case_notes where kind = 'question'")
                .fetch_one(&desk.casework.app.pool)
                .await
                .unwrap();
        assert_eq!(kept.unwrap().to_string(), began, "which version it began with");
        desk.finish().await;
    }
}

#[actix_web::test]
async fn what_is_wrong_is_named_and_nothing_typed_is_lost() {
    let desk = Desk::start().await;
    let eva = desk.staff_reading("eva", Role::Admin, "de").await;
    let emil = desk.staff_reading("emil", Role::Admin, "en").await;
    let long = "x".repeat(100_000);
    let sends = async |who: &StaffVisitor, de: &str| -> Answer {
        who.visitor.post(BLOCKS, &fields("question", "Titel", de, "Which licence?")).await.is(422)
    };
    sends(&eva, "Guten Tag\n{requester},")
        .await
        .says("Zeile 2, Stelle 1: „requester“ gibt es hier nicht. Möglich sind {requester_name},");
    let page =
        sends(&emil, "Hello {{ company }}").await.says("Line 1, position 7: this brace belongs to no name");
    assert_eq!(page.field("de").unwrap(), "Hello {{ company }}");
    assert_eq!(page.field("en").unwrap(), "Which licence?");
    sends(&emil, "{% include \"secret\" %}").await.says("there is no “% include \"secret\" %” here");
    sends(&emil, "Your {ticket}").await.says("there is no “ticket” here");
    sends(&emil, &long).await.says("4000 characters");
    sends(&emil, "a\u{202e}b").await.says("U+202E");
    sends(&emil, "N\u{43e}rdlicht").await.says("mixes scripts");
    sends(&emil, "Passwort: geheim123").await.says("password");
    sends(&emil, "Siehe https://evil.example/x")
        .await
        .says("“https://evil.example/x” belongs neither to us nor to Atlassian");
    sends(&emil, "javascript:alert(1)").await.says("“javascript:” is not possible");
    sends(&emil, "").await.says("fill in this field");
    // Two texts too long at once weigh more than any form of ours.
    emil.visitor.post(BLOCKS, &fields("question", "Titel", &long, &long)).await.is(413);
    let title = "t".repeat(81);
    emil.visitor.post(BLOCKS, &fields("note", &title, "Text", "Text")).await.is(422).says("at most 80");
    emil.visitor.post(BLOCKS, &fields("letter", "Titel", "Text", "Text")).await.is(404);
    let stored: i64 = sqlx::query_scalar("select count(*) from text_blocks")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    assert_eq!(stored, 0);

    // What looks like markup is words, on every page and in every letter.
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form_with(&[])).await;
    desk.take_all_letters();
    let markup = "<b>Welche</b>\nSubject: x\n<script>1</script>";
    let block = writes(&desk, &emil, "question", "<i>Titel</i>", [markup, "Which?"]).await;
    for path in
        [BLOCKS.to_owned(), format!("{BLOCKS}/{block}"), format!("/desk/cases/{number}?block={block}")]
    {
        let page = emil.get(&path).await.is(200).text;
        assert!(
            !page.contains("<i>Titel") && !page.contains("<script>1") && !page.contains("<b>Welche"),
            "{path}"
        );
    }
    ann.does(&number, "question", &[("question", markup)]).await.went_well();
    desk.work_until_idle().await;
    let letter = desk.take_letter(REQUESTER);
    assert_eq!(letter.subject, format!("Rückfrage zu Ihrem Vorgang {number}"));
    let html = letter.html.unwrap();
    assert!(html.contains("&lt;script&gt;") && !html.contains("<script"), "{html}");
    desk.finish().await;
}

#[actix_web::test]
async fn of_two_who_change_a_block_at_once_the_second_sees_both_texts() {
    let desk = Desk::start().await;
    let eva = desk.staff_reading("eva", Role::Admin, "en").await;
    let emil = desk.staff_reading("emil", Role::Admin, "de").await;
    let block = writes(&desk, &eva, "note", "Call", ["Anruf.", "A call."]).await;
    let path = format!("{BLOCKS}/{block}");
    let with = |en: &'static str, version: &'static str| {
        let mut fields = fields("note", "Call", "Anruf.", en);
        fields.push(("version", version));
        fields
    };
    eva.visitor.post(&path, &with("A long call.", "1")).await.went_well();
    let stale = emil.visitor.post(&path, &with("A short call.", "1")).await.is(409);
    let stale = stale.says("Jemand hat diesen Baustein inzwischen geändert").says("eva").says("long");
    assert_eq!(stale.field("en").unwrap(), "A short call.", "what was typed");
    assert_eq!(stale.field("version").unwrap(), "2");
    emil.visitor.post(&path, &with("A short call.", "2")).await.went_well();
    let versions: Vec<String> =
        sqlx::query_scalar("select body_en from text_block_versions where block_id = $1 order by version")
            .bind(block)
            .fetch_all(&desk.casework.app.pool)
            .await
            .unwrap();
    assert_eq!(versions, ["A call.", "A long call.", "A short call."], "each is kept");
    // The same words again are no version; without a version nobody looked at one.
    emil.visitor.post(&path, &with("A short call.", "3")).await.went_well();
    emil.visitor.post(&path, &with("Else.", "")).await.is(409);
    // At the very same moment, one of them.
    let (one, other) = (with("One.", "3"), with("Other.", "3"));
    let (one, other) = tokio::join!(eva.visitor.post(&path, &one), emil.visitor.post(&path, &other));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    desk.finish().await;
}

#[actix_web::test]
async fn nobody_sends_a_gap() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let eva = desk.staff("eva", Role::Admin).await;
    let ann = desk.staff("ann", Role::Agent).await;
    let fields = form_with(&[("entitlements", "nordlicht.atlassian.net"), ("hosting", "cloud")]);
    let number = desk.confirmed_case(&desk.visitor("de"), &fields).await;
    desk.take_all_letters();
    // A site is no number, and its name is the customer's to choose.
    let block = writes(&desk, &eva, "question", "Which", ["Zu {licence}: wer?", "On {licence}: who?"]).await;
    let page = ann.get(&format!("/desk/cases/{number}?block={block}")).await.is(200);
    let question = page.field("question").unwrap();
    assert_eq!(question, "Zu [… Nummern der Lizenzen]: wer?");
    let asks = [("question", question.as_str())];
    let refused = ann.does(&number, "question", &asks).await.is(422).says("“[… Nummern der Lizenzen]”");
    assert_eq!(refused.field("question").unwrap(), question);
    let rejects = [("reason", "No."), ("told", "Bitte […] senden")];
    ann.does(&number, "rejection", &rejects).await.is(422).says("“[…]”");
    // Among staff a gap is only unfinished.
    ann.does(&number, "notes", &[("note", "Called […] back")]).await.went_well();
    assert_eq!(desk.state(&number).await, "verifying");
    desk.finish().await;
}

#[actix_web::test]
async fn a_block_that_is_retired_meanwhile_stops_nobody_and_is_offered_no_more() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let eva = desk.staff("eva", Role::Admin).await;
    let ann = desk.staff("ann", Role::Agent).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form_with(&[])).await;
    desk.take_all_letters();
    let block = writes(&desk, &eva, "rejection", "No", ["Leider nicht, {requester_name}.", "Sorry."]).await;
    let address = format!("/desk/cases/{number}?block={block}");
    let page = ann.get(&address).await.is(200);
    let (told, began) = (page.field("told").unwrap(), page.field("block"));
    assert_eq!(told, "Leider nicht, Miriam Kessler.");
    let script = format!("/desk/cases/{number}/blocks/{block}");
    let answer: serde_json::Value = serde_json::from_str(&ann.get(&script).await.is(200).text).unwrap();
    assert_eq!(answer["text"], told.as_str());
    let began = began
        .filter(|began| !began.is_empty())
        .unwrap_or_else(|| answer["version"].as_str().unwrap().to_owned());

    eva.visitor.post(&format!("{BLOCKS}/{block}/retirement"), &[]).await.went_well();
    eva.visitor.post(&format!("{BLOCKS}/{block}/retirement"), &[]).await.went_well();
    ann.get(&address).await.is(200).says("This text block no longer exists");
    ann.get(&script).await.is(404);
    for nonsense in ["x", "01900000-0000-7000-8000-000000000000", "%00"] {
        ann.get(&format!("/desk/cases/{number}?block={nonsense}")).await.is(200).says("no longer exists");
    }
    assert!(!ann.open(&number).await.text.contains(&block.to_string()));
    // Of another kind, or of none: the words count, and nothing is claimed of where they came from.
    let note = [("note", "Called."), ("block", began.as_str())];
    ann.does(&number, "notes", &note).await.went_well();
    let rejects = [("reason", "No customer."), ("told", told.as_str()), ("block", began.as_str())];
    // Somebody was faster: what the customer was to read is still there.
    let stale = [rejects.as_slice(), &[("version", "1")]].concat();
    let conflict = ann.visitor.post(&format!("/desk/cases/{number}/rejection"), &stale).await.is(409);
    conflict.says("To the customer").says("Leider nicht, Miriam Kessler.");
    ann.does(&number, "rejection", &rejects).await.went_well();
    let kept: Vec<(String, bool)> =
        sqlx::query_as("select kind, block_version_id is not null from case_notes where kind in ('note', 'told') order by kind")
            .fetch_all(&desk.casework.app.pool)
            .await
            .unwrap();
    assert_eq!(kept, [("note".to_owned(), false), ("told".to_owned(), true)]);
    desk.work_until_idle().await;
    assert!(desk.take_letter(REQUESTER).text.contains("Leider nicht, Miriam Kessler."));
    assert!(!desk.take_letter(DEPARTED).text.contains("Leider nicht"), "that is for the requester alone");
    eva.visitor.post(&format!("{BLOCKS}/{block}/restoration"), &[]).await.went_well();
    eva.get(&format!("{BLOCKS}/{block}")).await.never_says("no longer offered");
    desk.finish().await;
}

#[actix_web::test]
async fn a_follow_up_is_english_and_stands_below_the_opening() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let pool = &desk.casework.app.pool;
    seeds::plant(pool, desk.now()).await.unwrap();
    let (number, ann, _) = desk.submitted_case(&desk.visitor("de")).await;
    let (block, _) = latest(pool, "Ask where it stands").await;
    let address = format!("/desk/cases/{number}?block={block}");
    // Not before there is something to follow up.
    ann.get(&address).await.is(200).says("This text block no longer exists");
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.later(7 * 24).await;
    let proposed = ann.open(&number).await.says("Ask where it stands");
    let page = ann.get(&address).await.is(200);
    let opening = page.field("opening").unwrap();
    assert!(opening.starts_with(&proposed.field("opening").unwrap()), "{opening}");
    assert!(opening.contains("We wrote to you on 9 Jun 2026 about the contact of SEN-10000001"), "{opening}");
    for name in ["subject", "closing"] {
        assert_eq!(page.field(name), proposed.field(name), "{name}");
    }
    // Nobody told us Atlassian's number: it can't be put forward with the gap.
    let (block, _) = latest(pool, "Details supplied later").await;
    let page = ann.get(&format!("/desk/cases/{number}?block={block}")).await.is(200);
    let words = ["subject", "opening", "closing"].map(|name| (name, page.field(name).unwrap()));
    let words: Vec<(&str, &str)> = words.iter().map(|(name, value)| (*name, value.as_str())).collect();
    ann.does(&number, "draft", &words).await.is(422).says("“[… Atlassian’s ticket]”");
    // What is English only is asked for in English only.
    let eva = desk.staff("eva", Role::Admin).await;
    let fields =
        [("kind", "follow_up"), ("title_de", "Kurz"), ("title_en", "Short"), ("en", "Any news of {ticket}?")];
    eva.visitor.post(BLOCKS, &fields).await.went_well();
    desk.finish().await;
}

#[actix_web::test]
async fn there_are_only_so_many_blocks() {
    let desk = Desk::start().await;
    let eva = desk.staff("eva", Role::Admin).await;
    let fill = "insert into text_blocks (id, kind, created_at) select gen_random_uuid(), 'note', now() from generate_series(1, 300)";
    sqlx::query(fill).execute(&desk.casework.app.pool).await.unwrap();
    eva.visitor
        .submit(BLOCKS, &fields("note", "One more", "Text", "Text"))
        .await
        .says("There can be no more text blocks");
    let count: i64 = sqlx::query_scalar("select count(*) from text_blocks")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    assert_eq!(count, 300);
    desk.finish().await;
}

#[actix_web::test]
async fn with_script_a_block_goes_where_the_cursor_is() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let pool = &desk.casework.app.pool;
    seeds::plant(pool, desk.now()).await.unwrap();
    desk.staff("eva", Role::Admin).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form_with(&[])).await;
    desk.take_all_letters();
    let (block, version) = latest(pool, "Number of the licence").await;
    let browser = Browser::start(&desk.address, "en").await;
    browser.open("/desk/sign-in").await;
    browser.fill("email", "eva@reseller.example").await;
    browser.fill("password", PASSWORD).await;
    browser.submit("main form button").await;

    browser.open(BLOCKS).await;
    browser.judge("text-blocks").await;
    browser.open(&format!("{BLOCKS}/{block}")).await;
    browser.judge("text-block").await;
    browser.submit("button[name=preview]").await;
    browser.until_it_says("with invented values").await;
    browser.judge("text-block-preview").await;
    browser.open(&format!("{BLOCKS}/new?kind=question")).await;
    browser.submit("main form .button--primary").await;
    browser.judge("text-block-mistakes").await;
    browser.open("/desk/administration/trail").await;
    browser.judge("administration-trail").await;

    browser.open(&format!("/desk/cases/{number}")).await;
    let script = "const field = document.querySelector('#question-question');
        for (let outer = field; outer; outer = outer.parentElement) if (outer.tagName === 'DETAILS') outer.open = true;
        field.value = 'Guten Tag!  Danke.'; field.setSelectionRange(11, 11);
        field.closest('form').querySelector('.blocks').open = true;";
    browser.script(script, vec![]).await;
    browser.judge("case-blocks").await;
    browser.click(&format!("form[action$='/question'] a[href*='{block}']")).await;
    let value = "const field = document.querySelector('#question-question');
        return field.value + '|' + field.form.elements.block.value;";
    let mut inserted = String::new();
    for _ in 0..50 {
        inserted = browser.script(value, vec![]).await.as_str().unwrap().to_owned();
        if inserted.contains("SEN-") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(inserted.starts_with("Guten Tag! Mit den Angaben zur Lizenz"), "{inserted}");
    assert!(inserted.ends_with(&format!("keinen. Danke.|{version}")), "{inserted}");
    browser.quit().await;
    desk.finish().await;
}
