//! Prints how many escalations a second are filed in a database of your own, beside the same rows written by one statement each over as
//! many connections, and what either costs.
//!
//! `cargo run --release --example intake_bench -- URL [CASES [CLIENTS]]`, by default 1000 and 8. `URL` leads to an empty database on this
//! machine, whose schema it makes and whose cases it leaves behind. Nothing takes the letters: what leaves is measured by `mail_bench`.
//! It asserts nothing: a rate is true of one machine.

#![expect(clippy::print_stdout, reason = "printing is what a measurement does")]

use std::{
    net::{IpAddr, Ipv4Addr},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use handover::{
    app::App,
    case::{
        entitlement::EntitlementNumber,
        escalation::{ContactRole, Departed, DepartedAddress, Escalation, Hosting, Requester, Successor},
        text::Text,
    },
    casework::Casework,
    clock::Clock,
    config::Settings,
    lang::Language,
    migrations::MIGRATIONS,
};
use sqlx::{PgPool, postgres::PgPoolOptions};
use uuid::Uuid;

use self::measured::processor_time;

#[path = "measured/processor_time.rs"]
mod measured;

const ROUNDS: usize = 3;
/// One mailbox or domain gets only so many letters a day.
const LIMITS: &str = "[limits]\nform_letters_per_domain = 1000000\nform_letters_per_network = 1000000";
const CLIENT: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().context("the address of an empty database")?;
    let mut number = |usual: u32| arguments.next().map_or(Ok(usual), |text| text.parse());
    let (cases, clients) = (number(1000)?, number(8)?);
    let pool = PgPoolOptions::new().max_connections(clients).min_connections(clients).connect(&url).await?;
    MIGRATIONS.run(&pool).await?;
    let there: i64 = sqlx::query_scalar("select count(*) from cases").fetch_one(&pool).await?;
    ensure!(there == 0, "the database holds {there} cases already");
    let app = App::try_new(pool.clone(), Settings::with(LIMITS)?, Clock::wall(), &"k".repeat(40).into())?;
    let bench = Bench { casework: Casework::try_new(app)?, pool, clients: usize::try_from(clients)? };

    // Each connection knows its statements, and the server its plans, before anything counts.
    bench.all(Way::Program, 0..clients.saturating_mul(20)).await?;
    sqlx::raw_sql(ONE_STATEMENT).execute(&bench.pool).await?;
    bench.all(Way::Statement, 0..clients.saturating_mul(20)).await?;
    sqlx::query("vacuum analyze").execute(&bench.pool).await?;
    println!("{cases} escalations, {clients} at once; CPU for one of them");
    println!(
        "{:>12} {:>13} {:>6} {:>12} {:>12} {:>12}",
        "program", "one statement", "ratio", "its process", "its backends", "the other's"
    );
    for round in 1..=ROUNDS {
        let from = u32::try_from(round)?.saturating_mul(1_000_000);
        let numbers = from..from.saturating_add(cases);
        let ours = bench.measure(Way::Program, numbers.clone()).await?;
        let best = bench.measure(Way::Statement, numbers).await?;
        println!(
            "{:>10.0}/s {:>11.0}/s {:>6.2} {:>9.2} ms {:>9.2} ms {:>9.2} ms",
            ours.rate,
            best.rate,
            ours.rate / best.rate,
            ours.process,
            ours.backends,
            best.process + best.backends
        );
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Way {
    Program,
    Statement,
}

struct Bench {
    casework: Casework,
    pool: PgPool,
    clients: usize,
}

/// Of one case: how many a second, and CPU in milliseconds.
struct Measured {
    rate: f64,
    process: f64,
    backends: f64,
}

impl Bench {
    async fn measure(&self, way: Way, numbers: std::ops::Range<u32>) -> Result<Measured> {
        // What was left to be done before must not burden this.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let backends: Vec<i32> = sqlx::query_scalar(
            "select pid from pg_stat_activity where datname = current_database() and backend_type = 'client backend'",
        )
        .fetch_all(&self.pool)
        .await?;
        let cpu = || -> Result<(f64, f64)> {
            let of_backends =
                backends.iter().map(|pid| processor_time(&pid.to_string())).sum::<Result<f64>>()?;
            Ok((processor_time("self")?, of_backends))
        };
        let many = f64::from(u32::try_from(numbers.len())?);
        let (before, start) = (cpu()?, Instant::now());
        self.all(way, numbers).await?;
        let (rate, after) = (many / start.elapsed().as_secs_f64(), cpu()?);
        Ok(Measured { rate, process: (after.0 - before.0) / many, backends: (after.1 - before.1) / many })
    }

    async fn all(&self, way: Way, numbers: std::ops::Range<u32>) -> Result<()> {
        stream::iter(numbers)
            .map(|number| {
                let (casework, pool) = (self.casework.clone(), self.pool.clone());
                let one = async move {
                    match way {
                        Way::Program => {
                            let opened = casework.open(Uuid::new_v4(), &escalation(number)?, CLIENT).await?;
                            ensure!(opened.new, "{} was there already", opened.number);
                        }
                        Way::Statement => write(&pool, number).await?,
                    }
                    Ok(())
                };
                async { tokio::spawn(one).await? }
            })
            .buffer_unordered(self.clients)
            .try_collect::<()>()
            .await
    }
}

fn escalation(number: u32) -> Result<Escalation> {
    let mailbox = format!("miriam.kessler.{number}@nordlicht.example");
    Ok(Escalation {
        language: Language::De,
        requester: Requester {
            name: "Miriam Kessler".to_owned(),
            email: mailbox.parse()?,
            phone: Some("+49 40 1234567".to_owned()),
            position: Some("IT".to_owned()),
        },
        company: "Nordlicht GmbH".to_owned(),
        customer_number: None,
        hosting: Some(Hosting::Cloud),
        entitlements: vec![EntitlementNumber::Sen(format!("SEN-{}", 10_000_000_u32.saturating_add(number)))],
        departed: Departed {
            name: "Dora Meier".to_owned(),
            email: DepartedAddress::Stated("dora.meier@nordlicht.example".parse()?),
            on: None,
            role: ContactRole::Both,
        },
        successor: Successor {
            name: "Miriam Kessler".to_owned(),
            email: mailbox.parse()?,
            is_requester: true,
        },
        explanation: Text::parse(
            "Frau Meier hat das Unternehmen verlassen, niemand liest ihr Postfach mehr.",
        )
        .ok()
        .context("a text")?,
    })
}

/// The rows of one filing, without the program: one statement, whose values need no thinking.
async fn write(pool: &PgPool, number: u32) -> Result<()> {
    sqlx::query("select file_at_once($1, $2)")
        .bind(Uuid::now_v7())
        .bind(i32::try_from(number)?)
        .execute(pool)
        .await?;
    Ok(())
}

/// As the program writes them, with a letter and its words as long as one that it wrote. The row that all of them meet in is last.
const ONE_STATEMENT: &str = r#"
create table a_letter as select length(e.raw) as raw, length(t.body) as words, e.subject
    from emails e join letter_texts t on t.email_id = e.id limit 1;
create function file_at_once(the_case uuid, n integer) returns void language plpgsql as $$
declare
    email uuid := gen_random_uuid();
    number text := 'HO-2000-' || lpad(n::text, 9, '0');
    mailbox text := 'miriam.kessler.' || n || '@nordlicht.example';
    who text := md5(mailbox);
    t timestamptz := clock_timestamp();
    long a_letter;
    raw bytea;
    rests_on text[];
    end_of_chain bytea;
begin
    select * into long from a_letter;
    insert into cases (id, number, request_id, version, state, state_data, waiting_for, due_at, opened_at, changed_at, waiting_since,
        event_count, event_hash)
    values (the_case, number, gen_random_uuid(), 1, 'unconfirmed', jsonb_build_object('state', 'unconfirmed', 'expires_at', t), 'customer',
        t + interval '7 days', t, t, t, 1, sha256(''));
    insert into case_waits (case_id, version, party, state, since, due_at)
    values (the_case, 1, 'customer', 'unconfirmed', t, t + interval '7 days');
    insert into escalations (case_id, language, requester_name, requester_email, requester_phone, requester_position, company, hosting,
        departed_name, departed_email, contact_role, successor_is_requester, successor_name, successor_email, explanation)
    values (the_case, 'de', 'Miriam Kessler', mailbox, '+49 40 1234567', 'IT', 'Nordlicht GmbH', 'cloud', 'Dora Meier',
        'dora.meier@nordlicht.example', 'both', true, 'Miriam Kessler', mailbox,
        'Frau Meier hat das Unternehmen verlassen, niemand liest ihr Postfach mehr.');
    insert into case_entitlements (case_id, position, kind, value) values (the_case, 1, 'sen', 'SEN-' || 10000000 + n);
    insert into links (token_hash, case_id, purpose, created_at, expires_at)
    values (sha256(uuid_send(email)), the_case, 'confirmation', t, t + interval '7 days'),
        (sha256(uuid_send(the_case)), the_case, 'sent', t, t + interval '1 day');
    insert into confirmations (case_id, letters, asked_at, mended, remind_at) values (the_case, 1, t, 0, t + interval '3 days');
    insert into form_letters (mailbox, network, domain, at, held) values (who, who, who, t, false);
    with taken as (update case_digests set seq = 1 where case_id = the_case and seq is null returning subject, key, digest)
    select array_agg(encode(digest, 'hex') || ' ' || subject || key order by subject, key) into rests_on from taken;
    end_of_chain := sha256(convert_to(rests_on::text, 'UTF8'));
    insert into case_events (case_id, seq, version, at, actor, kind, data, previous_hash, hash)
    values (the_case, 1, 1, t, 'requester', 'opened', jsonb_build_object('kind', 'opened', 'from', null, 'to', 'unconfirmed',
        'rests_on', rests_on), sha256(''), end_of_chain);
    update cases set event_count = 1, event_hash = end_of_chain where id = the_case;
    raw := convert_to(rpad(number, long.raw, who || e'\n'), 'UTF8');
    insert into emails (id, audience, notification, correlation_id, message_id, envelope_from, envelope_to, subject, language, raw, digest,
        next_attempt_at, created_at, code_tag)
    values (email, 'customer', 'confirmation_request', the_case, '<' || email || '@reseller.example>',
        'handover+' || lower(number) || '.r.0123456789abcdef@reseller.example', mailbox, long.subject, 'de', raw, sha256(raw), t, t,
        left(md5(email::text), 16));
    insert into letter_texts (email_id, body) values (email, rpad('', long.words, 'Bitte bestätigen Sie Ihre Anfrage. '));
    perform pg_notify('work', 'opened'), pg_notify('work', 'outbox');
    insert into case_numbers (year, last) values (2000, 1) on conflict (year) do update set last = case_numbers.last + 1;
end $$;
"#;
