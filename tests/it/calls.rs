//! What a call wakes: the work that it is about, and no other.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use handover::{
    lang::Language,
    mail::outgoing::{code::Stamp, compose::Composed, outbox, transport::Transport},
    token::sha256,
    work::{Kind, Worker},
};
use strum::VariantArray as _;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::helpers::{desk::Desk, statements::statements_of};

/// Works until `story` is over, and notes the kinds of the steps.
async fn working(desk: &Desk, steps: &Arc<Mutex<Vec<Kind>>>, story: impl Future<Output = ()>) {
    let (stop, noted) = (CancellationToken::new(), steps.clone());
    let settings = &desk.casework.app.settings;
    let transport = Transport::try_new(&settings.mail, &settings.data_dir).unwrap();
    let worker = Worker::new(desk.casework.clone(), transport)
        .before_each_step(move |kind| noted.lock().unwrap().push(kind));
    let story = async {
        story.await;
        stop.cancel();
    };
    let (ended, ()) = tokio::join!(worker.run(&stop), story);
    ended.unwrap();
}

async fn until(what: &str, mut it: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !it() {
        assert!(Instant::now() < deadline, "still not: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Waits until everything was looked for at the beginning, and again when the worker began to listen, and nothing is done.
async fn until_quiet(steps: &Arc<Mutex<Vec<Kind>>>) {
    until("everything was looked for", || {
        let steps = steps.lock().unwrap();
        Kind::VARIANTS.iter().all(|kind| steps.iter().filter(|step| *step == kind).count() >= 2)
    })
    .await;
    let mut before = 0;
    loop {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let now = steps.lock().unwrap().len();
        if now == before {
            return;
        }
        before = now;
    }
}

/// Writes a letter and waits until it is there.
async fn send(desk: &Desk, case: Option<Uuid>) {
    let before = desk.smtp.received().len();
    let stamp = Stamp::new(&desk.casework.app.code_signer);
    let raw = format!("Message-ID: <{}@reseller.example>\r\n\r\nHello\r\n", stamp.id).into_bytes();
    let email = Composed {
        message_id: format!("{}@reseller.example", stamp.id),
        envelope_from: "handover@reseller.example".to_owned(),
        envelope_to: format!("{}@customer.example", stamp.id.simple()),
        subject: "Hello".to_owned(),
        language: Language::En,
        digest: sha256(&raw),
        raw,
    };
    let mut connection = desk.casework.app.pool.acquire().await.unwrap();
    outbox::enqueue_to_customer(&mut connection, &stamp, "question", case, &email, desk.now()).await.unwrap();
    until("the letter arrived", || desk.smtp.received().len() > before).await;
}

#[actix_web::test]
async fn a_letter_wakes_who_delivers_it_alone() {
    let desk = Desk::start().await;
    let steps = Arc::<Mutex<Vec<Kind>>>::default();
    working(&desk, &steps, async {
        until_quiet(&steps).await;
        // From time to time everything is looked for: that may be just then, but not each time.
        for time in 0.. {
            steps.lock().unwrap().clear();
            send(&desk, None).await;
            let woken: BTreeSet<Kind> = steps.lock().unwrap().iter().copied().collect();
            if woken == BTreeSet::from([Kind::Deliveries]) {
                break;
            }
            assert!(time < 3, "{woken:?}");
        }
    })
    .await;
    desk.take_all_letters();
}

/// They were about 36: a word without a topic woke seven loops for each letter, and each asked for all of its kinds.
#[actix_web::test]
async fn a_letter_about_a_case_takes_few_statements_of_the_whole_worker() {
    const LETTERS: usize = 20;
    let desk = Desk::start().await;
    let steps = Arc::<Mutex<Vec<Kind>>>::default();
    let (statements, ()) = statements_of(working(&desk, &steps, async {
        until_quiet(&steps).await;
        for _ in 0..LETTERS {
            send(&desk, Some(Uuid::now_v7())).await;
        }
        until_quiet(&steps).await;
    }))
    .await;
    let steps = steps.lock().unwrap().len();
    // Beginning, listening and resting look for everything, a statement or two for each kind.
    let looks = 4 * 2 * Kind::VARIANTS.len();
    assert!(statements.len() > 5 * LETTERS, "the statements are heard: {statements:#?}");
    assert!(statements.len() < 9 * LETTERS + looks, "{} statements, {steps} steps", statements.len());
    desk.take_all_letters();
}
