//! What the pages of the desk read of a case at once is what each list reads alone, and what the tables hold, whatever is written there.

use handover::{
    case::actor::{Role, StaffId},
    casework::{
        find_live_draft, list_contacts, list_decided_on, list_events, list_notes, read_facts, read_licences,
        read_record,
    },
    clock::{Clock, Timestamp},
    desk::{alarms::AlarmsView, case_page::Material, needs, read_for_all::ReadForAll},
    evidence::files,
    mail::{about, outgoing::listed},
    staff::{members, session::SignedIn},
};
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

use crate::{
    helpers::{
        desk::{Desk, StaffVisitor},
        inbound::{BELIEVING, Mail},
        statements::statements_of,
        story::{REQUESTER, form, letter_as_pdf},
    },
    queries::talk,
};

/// What breaks what is put together by hand. U+0000 can't be stored.
const WORDS: &str =
    "„Grüße“ \"quoted\" 'single' \\ \\\\ \\u0041 \u{1f600} \u{2028} </script> {\"a\": null}\t[1,\n2]";
/// What no form takes and a table does.
const RAW: &str = "\u{1}\u{7f}\u{feff}\r\n\\\"\u{10ffff}";

async fn signed_in(desk: &Desk, reader: &StaffVisitor) -> SignedIn {
    let id = reader.actor().staff_id().unwrap();
    let now = desk.now();
    SignedIn {
        id,
        name: "Ann".to_owned(),
        role: Role::Agent,
        session: Uuid::nil(),
        second_factor: None,
        has_second_factor: false,
        grace_from: now,
        opened_at: now,
    }
}

/// A case with something of everything: a draft that waits, files, a question, answers, a message.
async fn told_case(desk: &Desk) -> (String, StaffVisitor) {
    let (question, answer) = ([("question", WORDS)], "Since October. \\ \"Grüße\"");
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let visitor = desk.visitor("de");
    let number = desk.verified_case(&visitor, &ann).await;
    ann.does(&number, "question", &question).await.went_well();
    desk.work_until_idle().await;
    let letter = desk.take_letter(REQUESTER);
    desk.receives(&Mail::authentic(REQUESTER, &letter.return_path).saying(answer).raw())
        .await
        .is_filed_from("requester");
    talk(desk, &number, ann.actor(), 2, WORDS).await;
    let facts =
        [("company", "Nordlicht \"Süd\" \\ GmbH"), ("departed_name", "Änne O'Hara"), ("reason", WORDS)];
    ann.does(&number, "corrections", &facts).await.went_well();
    let letter = letter_as_pdf("Vollmacht");
    ann.visitor.uploads(&format!("/desk/cases/{number}/evidence"), "Voll\"macht\\ Müller.pdf", &letter).await;
    desk.work_until_idle().await;
    ann.drafts(&number).await;
    ben.open(&number).await.is(200);
    (number, ann)
}

/// Rows that no form could have made, for as long as the transaction lasts.
async fn write_extremes(connection: &mut PgConnection, case: Uuid, staff: Uuid) {
    for statement in [
        "set local session_replication_role = replica",
        "set local timezone = 'Asia/Kathmandu'",
        "insert into case_notes (id, case_id, kind, staff_id, body, created_at) values
             (gen_random_uuid(), $1, 'note', $2, $3, '0001-01-01 00:00:00.000001+00'),
             (gen_random_uuid(), $1, 'note', null, $3, '1969-12-31 23:59:59.999999+00'),
             (gen_random_uuid(), $1, 'note', $2, $3, '9999-12-30 21:59:59.999999+00')",
        "insert into evidence_files (id, case_id, uploaded_by, name, kind, size, sha256, created_at, deleted_at, scan, scanned_at) values
             ('00000000-0000-0000-0000-000000000001', $1, $2, $3, 'pdf', 9223372036854775807, decode(repeat('ff', 32), 'hex'),
                 '2026-11-29 10:00:00.123457+00', now(), 'clean', now()),
             ('00000000-0000-0000-0000-000000000002', $1, null, null, 'png', 9007199254740993, decode(repeat('00', 32), 'hex'),
                 '2026-11-29 10:00:00.123456+00', now(), 'clean', now())",
        "insert into evidence_downloads (file_id, staff_id, at) select '00000000-0000-0000-0000-000000000001', $2, at
         from (values ('2026-11-29 10:00:00.000001+00'::timestamptz), ('2026-11-29 10:00:00.000002+00')) v (at)
         where $1::uuid is not null and $3::text is not null",
        "insert into inbound_emails (id, content_hash, source, received_at, raw, size, state, kind, subject, visible_text, correlation_id,
             settled_at, remarks, attachments)
         select gen_random_uuid(), sha256(raw), 'pipe', '2026-11-29 10:00:00.000003+00', raw, 9223372036854775807, 'filed', 'reply', $3,
             $3, $1, now(), array[$3, ''], jsonb_build_array(jsonb_build_object('part', 9007199254740993, 'name', $3::text, 'essence',
                 'text/plain', 'size', 9007199254740993))
         from (select convert_to($3 || $2::text, 'utf8') as raw) v",
        "insert into case_events (case_id, seq, version, at, actor, staff_id, kind, data, previous_hash, hash)
         select case_id, 2147483647, 2147483647, '2026-11-29 10:00:00.000009+00', 'system', null, kind,
             data || jsonb_build_object('unknown', $3::text, 'many', 9007199254740993), hash, hash
         from case_events where case_id = $1 and kind = 'confirmed' and $2::uuid is not null",
    ] {
        if statement.starts_with("set") {
            sqlx::query(statement).execute(&mut *connection).await.unwrap();
        } else {
            let query = sqlx::query(statement).bind(case).bind(staff).bind(RAW);
            assert_ne!(query.execute(&mut *connection).await.unwrap().rows_affected(), 0, "{statement}");
        }
    }
}

#[actix_web::test]
async fn what_a_page_reads_at_once_is_what_the_tables_hold() {
    let desk = Desk::start_with(BELIEVING).await;
    let (number, ann) = told_case(&desk).await;
    let (case, staff) = (desk.find_case(&number).await, ann.actor().staff_id().unwrap().0);
    let loaded = desk.load(&number).await;

    let mut transaction = desk.owner.begin().await.unwrap();
    let connection = &mut *transaction;
    write_extremes(connection, case, staff).await;

    let record = read_record(connection, case).await.unwrap();
    let alike = |one: &dyn std::fmt::Debug, other: &dyn std::fmt::Debug| {
        let one = format!("{one:#?}");
        assert!(one.len() > 40, "there is something to compare: {one}");
        assert_eq!(one, format!("{other:#?}"));
    };
    alike(&record.events, &list_events(connection, case).await.unwrap());
    alike(&record.notes, &list_notes(connection, case).await.unwrap());
    alike(&record.files, &files::list(connection, case).await.unwrap());
    alike(&record.draft, &find_live_draft(connection, case).await.unwrap().map(|live| live.draft));
    let mut decided_on = list_decided_on(connection, case).await.unwrap();
    let mut at_once = record.decided_on.clone();
    decided_on.sort();
    at_once.sort();
    assert_eq!(at_once, decided_on);

    let letters = about::read(connection, case, desk.casework.app.clock.for_leases()).await.unwrap();
    let leases = desk.casework.app.clock.for_leases();
    alike(&letters.emails, &listed::list_for(connection, case, leases).await.unwrap());
    let ids: Vec<Uuid> = letters.emails.iter().map(|email| email.id).collect();
    let mut happenings = listed::list_happenings(connection, &ids).await.unwrap();
    happenings.sort_by_key(|happening| (happening.at, happening.email));
    let mut together = letters.happenings.clone();
    assert!(together.is_sorted_by_key(|happening| happening.at));
    together.sort_by_key(|happening| (happening.at, happening.email));
    alike(&together, &happenings);

    // What nothing else reads, and the extremes, by the columns themselves.
    let micros = |at: &Timestamp| at.as_microsecond();
    let times: Vec<i64> = record.notes.iter().map(|note| micros(&note.created_at)).collect();
    let stored: Vec<i64> = sqlx::query_scalar(
        "select (extract(epoch from created_at) * 1000000)::bigint from case_notes where case_id = $1 order by created_at, id",
    )
    .bind(case)
    .fetch_all(&mut *connection)
    .await
    .unwrap();
    assert_eq!(times, stored);
    assert_eq!(
        (times.first(), times.last()),
        (Some(&-62_135_596_799_999_999), Some(&253_402_207_199_999_999))
    );
    let bodies = record.notes.iter().filter(|note| note.body == RAW).count();
    assert_eq!(bodies, 3, "no sign is lost");
    assert!(record.notes.iter().any(|note| note.body == WORDS));
    let sizes: Vec<u64> = record.files.iter().map(|file| file.size).collect();
    assert!(
        sizes.contains(&9_223_372_036_854_775_807) && sizes.contains(&9_007_199_254_740_993),
        "{sizes:?}"
    );
    assert!(record.files.iter().any(|file| file.sha256 == [255; 32] && file.name.as_deref() == Some(RAW)));
    assert_eq!(record.downloads.len(), 1, "the last time of each");
    assert_eq!(micros(&record.downloads[0].at) % 1_000_000, 2);
    let filed = &letters.filed[0];
    assert_eq!(
        (filed.size, filed.subject.as_deref(), filed.text.as_deref()),
        (i64::MAX, Some(RAW), Some(RAW))
    );
    assert_eq!(filed.remarks, [RAW, ""]);
    let kept = &filed.attachments[0];
    assert_eq!(
        (kept.part, kept.size, kept.name.as_deref()),
        (9_007_199_254_740_993, 9_007_199_254_740_993, Some(RAW))
    );
    let rows = sqlx::query("select id from inbound_emails where correlation_id = $1 and state = 'filed'");
    let rows: Vec<Uuid> =
        rows.bind(case).fetch_all(&mut *connection).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!(letters.filed.len(), rows.len());
    assert!(letters.filed.iter().all(|filed| rows.contains(&filed.id)));

    let since = "2020-01-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap().into();
    let licences = read_licences(connection, &loaded, since, 20).await.unwrap();
    alike(&licences.contacts, &list_contacts(connection, &loaded).await.unwrap());
    alike(&licences.letter_facts(&loaded, &record), &read_facts(connection, &loaded).await.unwrap());
    assert!(licences.found.iter().all(|found| !found.domains.is_empty()) && !licences.people.is_empty());
    let me = signed_in(&desk, &ann).await;
    let material = Material::read(connection, &desk.casework.app, loaded, &me).await.unwrap();
    alike(&material.around.members, &members::list_members(connection).await.unwrap());
    transaction.rollback().await.unwrap();
    desk.finish().await;
}

#[actix_web::test]
async fn an_empty_case_has_empty_lists_and_a_damaged_row_is_an_error_as_it_is_alone() {
    let desk = Desk::start().await;
    let visitor = desk.visitor("en");
    visitor.escalates(&form()).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    let case = desk.find_case(&desk.newest().await).await;
    let mut transaction = desk.owner.begin().await.unwrap();
    let connection = &mut *transaction;
    let record = read_record(connection, case).await.unwrap();
    assert_eq!((record.events.len(), record.notes.len(), record.files.len()), (1, 0, 0));
    assert!(record.draft.is_none() && record.sent.is_none() && record.corrections.is_empty());
    assert!(record.downloads.is_empty() && record.decided_on.is_empty());
    let letters = about::read(connection, case, None).await.unwrap();
    assert_eq!((letters.emails.len(), letters.filed.len(), letters.set_aside), (1, 0, 0));

    sqlx::raw_sql(
        "set local session_replication_role = replica;
         alter table case_notes drop constraint case_notes_kind_check;
         alter table evidence_files drop constraint evidence_files_kind_check",
    )
    .execute(&mut *connection)
    .await
    .unwrap();
    let note = "insert into case_notes (id, case_id, kind, body, created_at) values (gen_random_uuid(), $1, 'shout', 'x', now())";
    let file = "insert into evidence_files (id, case_id, kind, size, sha256, created_at, deleted_at, scan, scanned_at)
         values (gen_random_uuid(), $1, 'exe', 1, decode(repeat('ff', 32), 'hex'), now(), now(), 'clean', now())";
    for (damage, words) in [
        (note, "unknown kind of note"),
        (file, "unknown kind of file"),
        ("update case_events set data = data - 'to' where case_id = $1", "a line of the trail"),
        (
            "update case_events set data = data || '{\"type\": \"x\", \"event\": \"x\", \"kind\": \"x\"}' where case_id = $1",
            "is unknown",
        ),
    ] {
        sqlx::query("savepoint whole").execute(&mut *connection).await.unwrap();
        sqlx::query(damage).bind(case).execute(&mut *connection).await.unwrap();
        let error = format!("{:#}", read_record(connection, case).await.unwrap_err());
        assert!(error.contains(words), "{damage}: {error}");
        sqlx::query("rollback to savepoint whole").execute(&mut *connection).await.unwrap();
    }
    transaction.rollback().await.unwrap();
    desk.finish().await;
}

/// Nor is anybody shown what was counted for somebody else.
#[actix_web::test]
async fn what_needs_somebody_is_counted_once_in_two_seconds_for_each() {
    let desk = Desk::start().await;
    let mut app = desk.casework.app.clone();
    let kept = needs::Kept::default();
    let (ann, ben) = (StaffId(Uuid::from_u128(1)), StaffId(Uuid::from_u128(2)));
    let mut connection = app.pool.acquire().await.unwrap();
    let mut statements = async |app: &handover::app::App, whom: StaffId| {
        let counting = needs::count_again(&mut connection, app, &kept, whom);
        let (statements, counted) = statements_of(counting).await;
        assert_eq!(counted, Some(0));
        statements.len()
    };
    assert_eq!(
        (statements(&app, ann).await, statements(&app, ann).await),
        (1, 1),
        "by a clock that stands still"
    );
    app.clock = Clock::to_be_put_forward();
    assert_eq!((statements(&app, ann).await, statements(&app, ann).await), (1, 0));
    assert_eq!((statements(&app, ben).await, statements(&app, ben).await), (1, 0));
    app.announcements.note_own();
    assert_eq!((statements(&app, ann).await, statements(&app, ann).await), (1, 0), "what was changed here");
    app.clock.put_forward(jiff::SignedDuration::from_secs(3));
    assert_eq!(
        (statements(&app, ann).await, statements(&app, ann).await),
        (1, 0),
        "of two seconds ago, no older"
    );
    desk.finish().await;
}

#[actix_web::test]
async fn what_alarms_is_read_once_in_two_seconds_and_anew_after_every_announcement() {
    let desk = Desk::start().await;
    let mut app = desk.casework.app.clone();
    let kept = ReadForAll::<AlarmsView>::default();
    let mut connection = app.pool.acquire().await.unwrap();
    let mut statements = async |app: &handover::app::App| {
        let reading = kept.get(app, async || AlarmsView::read(&mut connection, app).await);
        let (statements, read) = statements_of(reading).await;
        read.unwrap();
        statements.len()
    };
    assert!(
        statements(&app).await > 4 && statements(&app).await > 4,
        "a clock that stands still keeps nothing"
    );
    app.clock = Clock::to_be_put_forward();
    assert!(statements(&app).await > 4);
    assert_eq!(statements(&app).await, 0);
    app.clock.put_forward(jiff::SignedDuration::from_secs(3));
    assert!(statements(&app).await > 4, "of two seconds ago, no older");
    assert_eq!(statements(&app).await, 0);
    app.announcements.note_own();
    assert!(statements(&app).await > 4, "what was changed here is never hidden");
    assert_eq!(statements(&app).await, 0);
    // The listener says that anything may have changed as soon as it listens.
    let mut heard = app.announcements.hear(&app.pool, &tokio_util::sync::CancellationToken::new());
    heard.next().await;
    assert!(statements(&app).await > 4, "what was announced is never hidden by what was read before");
    desk.finish().await;
}
