//! Prints how many e-mails a second leave the outbox of a database of your own, beside a bare client that does nothing but talk to
//! the same mail server over as many connections.
//!
//! `cargo run --release --example mail_bench -- URL PORT [MAILS [CONNECTIONS]]`, by default 3000 and 8. `URL` leads to an empty
//! database, whose schema it makes; `PORT` is a mail server on this machine that throws away what it gets, such as
//! `aiosmtpd -n -l 127.0.0.1:PORT -c aiosmtpd.handlers.Sink`. It asserts nothing: a rate is true of one machine.

#![expect(clippy::print_stdout, reason = "printing is what a measurement does")]

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use handover::{
    clock::Clock,
    config::Settings,
    lang::Language,
    mail::outgoing::{
        code::Stamp,
        compose::{Composed, Letter, Profile, Sender, compose},
        deliver::{self, Office},
        outbox,
        transport::Transport,
    },
    meters::Meters,
    migrations::MIGRATIONS,
    stop::Stop,
    telemetry::Telemetry,
    token::Signer,
};
use secrecy::SecretString;
use sqlx::PgPool;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};

const ROUNDS: usize = 3;

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().context("the address of an empty database")?;
    let port: u16 = arguments.next().context("the port of a mail server")?.parse()?;
    let mut number = |usual: usize| arguments.next().map_or(Ok(usual), |text| text.parse());
    let (mails, connections) = (number(3000)?, number(8)?);
    let pool = PgPool::connect(&url).await?;
    MIGRATIONS.run(&pool).await?;
    let there: i64 = sqlx::query_scalar("select count(*) from emails").fetch_one(&pool).await?;
    ensure!(there == 0, "the outbox holds {there} e-mails already");
    let settings = format!(
        "[mail]\ntransport = \"smtp\"\nsmtp.host = \"127.0.0.1\"\nsmtp.port = {port}\nsmtp.tls = \"none\"
         smtp.connections = {connections}"
    );
    let settings = Settings::with(&settings)?.mail;
    let (transport, clock) = (Transport::try_new(&settings, "unused".as_ref())?, Clock::wall());
    let (telemetry, meters) = (Telemetry::default(), Meters::try_new()?);
    let office = Office {
        telemetry: &telemetry,
        meters: &meters,
        pool: &pool,
        transport: &transport,
        clock: &clock,
        settings: &settings,
    };

    println!("{mails} e-mails over {connections} connections");
    println!("{:>14} {:>14} {:>7}", "bare client", "outbox", "ratio");
    for _ in 0..ROUNDS {
        let letters = fill(office, mails).await?;
        let bare = rate(mails, talk(port, &letters, connections)).await?;
        let ours = rate(mails, async {
            deliver::deliver_due(office, &Stop::default()).await?;
            Ok(())
        })
        .await?;
        let left: i64 =
            sqlx::query_scalar("select count(*) from emails where state <> 'sent'").fetch_one(&pool).await?;
        ensure!(left == 0, "{left} e-mails did not leave");
        println!("{:>12.0}/s {:>12.0}/s {:>7.2}", bare, ours, ours / bare);
    }
    Ok(())
}

async fn rate(mails: usize, work: impl Future<Output = Result<()>>) -> Result<f64> {
    let start = Instant::now();
    work.await?;
    let per_second = u32::try_from(mails).map_or(0.0, f64::from) / start.elapsed().as_secs_f64();
    // What either has left to be done must not burden the other.
    tokio::time::sleep(Duration::from_millis(500)).await;
    Ok(per_second)
}

/// Puts letters into the outbox; no mailbox gets more than a few.
async fn fill(office: Office<'_>, mails: usize) -> Result<Vec<Composed>> {
    let secret = SecretString::from("a secret that is long enough to be one");
    let signer = Signer::new(&secret, "mail codes");
    let mut letters = Vec::with_capacity(mails);
    let mut transaction = office.pool.begin().await?;
    for number in 0..mails {
        let stamp = Stamp::new(&signer);
        let to_address = format!("{}@customer.example", stamp.id.simple());
        let text = format!("Letter {number}\n\n{}", "Bitte bestätigen Sie Ihre Anfrage.\n".repeat(40));
        let letter = Letter {
            to_name: "Zoë Čapek",
            to_address: &to_address,
            reply_to: "handover+case.r.signature@reseller.example",
            return_path: "handover+case.b.signature@reseller.example",
            subject: "Bitte bestätigen Sie Ihre Anfrage",
            text: &text,
            html: None,
            languages: &[Language::De],
            thread: &[],
            unsubscribe: None,
        };
        let sender = Sender { name: &office.settings.from_name, address: &office.settings.from_address };
        let now = office.clock.now();
        let email = compose(sender, &letter, Profile::Automatic, now)?;
        outbox::enqueue_to_customer(&mut transaction, &stamp, "confirmation", None, &email, now).await?;
        letters.push(email);
    }
    transaction.commit().await?;
    sqlx::query("vacuum analyze emails").execute(office.pool).await?;
    Ok(letters)
}

/// The bare client: each connection has its share of the letters, and nothing is written down.
async fn talk(port: u16, letters: &[Composed], connections: usize) -> Result<()> {
    let share = letters.len().div_ceil(connections).max(1);
    let talks = letters.chunks(share).map(|letters| async move {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        let mut stream = BufReader::new(stream);
        answer(&mut stream, "220").await?;
        say(&mut stream, b"EHLO bare.example\r\n", "250").await?;
        for letter in letters {
            let from = format!("MAIL FROM:<{}>\r\n", letter.envelope_from);
            say(&mut stream, from.as_bytes(), "250").await?;
            say(&mut stream, format!("RCPT TO:<{}>\r\n", letter.envelope_to).as_bytes(), "250").await?;
            say(&mut stream, b"DATA\r\n", "354").await?;
            say(&mut stream, &[letter.raw.as_slice(), b".\r\n"].concat(), "250").await?;
        }
        say(&mut stream, b"QUIT\r\n", "221").await
    });
    futures_util::future::try_join_all(talks).await.map(drop)
}

async fn say(stream: &mut BufReader<TcpStream>, words: &[u8], expected: &str) -> Result<()> {
    stream.write_all(words).await?;
    answer(stream, expected).await
}

async fn answer(stream: &mut BufReader<TcpStream>, expected: &str) -> Result<()> {
    loop {
        let mut line = String::new();
        ensure!(stream.read_line(&mut line).await? > 0, "the mail server hung up");
        ensure!(line.starts_with(expected), "the mail server said {line:?}");
        if line.get(3..4) != Some("-") {
            return Ok(());
        }
    }
}
