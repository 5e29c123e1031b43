//! Times pages of the desk of a demo that runs, asked for by one reader, then by eight at once: processor time of the program and of its
//! database for a page, and pages a second.
//!
//! `handover demo --cases 100000` fills the demo, `handover serve --without-worker` serves it; then
//! `cargo run --release --example pages_bench -- URL DATA_DIR PID [WORD]...`, where `PID` is that server, and each word is looked for.
//! It asserts nothing: a rate is true of one machine.

#![expect(clippy::print_stdout, reason = "printing is what a measurement does")]

use std::{
    collections::BTreeSet,
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use reqwest::{Client, StatusCode, header, redirect::Policy};
use serde::Deserialize;

use self::measured::processor_time;

#[path = "measured/processor_time.rs"]
mod measured;

const CLIENTS: usize = 8;
/// Before anything counts, each connection knows its statements and has its plans.
const WARMING_UP: usize = 300;
const PAGES: usize = 300;
const AT_ONCE_FOR: Duration = Duration::from_secs(4);

#[derive(Deserialize)]
struct Credentials {
    email: String,
    password: String,
}

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut next = |what: &'static str| arguments.next().context(what);
    let url = next("the address of the server")?.trim_end_matches('/').to_owned();
    let (data_dir, server) = (PathBuf::from(next("its data directory")?), next("its process")?);
    let words: Vec<String> = arguments.collect();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let people: Vec<Credentials> =
        serde_json::from_str(&fs::read_to_string(data_dir.join("demo-credentials.json"))?)?;
    let mut readers = Vec::new();
    for person in people.iter().cycle().take(CLIENTS) {
        readers.push(sign_in(&url, person).await?);
    }
    let first = readers.first().context("nobody works at this demo")?;
    let queue = get(first, &format!("{url}/desk/cases")).await?;
    let numbers: BTreeSet<&str> = queue
        .split("/desk/cases/")
        .skip(1)
        .filter_map(|rest| rest.split(['"', '?', '/']).next())
        .filter(|number| number.starts_with("HO-"))
        .collect();
    ensure!(!numbers.is_empty(), "no case is open");
    let of_each = |start: &str| numbers.iter().map(|number| format!("{url}{start}{number}")).collect();
    let mut kinds: Vec<(String, Vec<String>)> = vec![
        ("queue".to_owned(), vec![format!("{url}/desk/cases")]),
        ("case".to_owned(), of_each("/desk/cases/")),
        ("a number".to_owned(), of_each("/desk/cases?text=")),
    ];
    for word in words {
        kinds.push((word.clone(), vec![format!("{url}/desk/cases?text={word}")]));
    }
    println!("CPU ms for a page of one reader; of {CLIENTS} readers, pages a second");
    println!(
        "{:>20} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}",
        "", "program", "database", "together", "median", "p99", "rate"
    );
    let bench = Bench { server, data_dir, readers };
    for (kind, addresses) in &kinds {
        bench.measure(kind, addresses).await?;
    }
    Ok(())
}

struct Bench {
    server: String,
    data_dir: PathBuf,
    readers: Vec<Client>,
}

impl Bench {
    async fn measure(&self, kind: &str, addresses: &[String]) -> Result<()> {
        let first = self.readers.first().context("nobody reads")?;
        for address in addresses.iter().cycle().take(WARMING_UP) {
            get(first, address).await?;
        }
        let (program, database) = (processor_time(&self.server)?, self.of_database()?);
        let mut took = Vec::new();
        for address in addresses.iter().cycle().take(PAGES) {
            let asked = Instant::now();
            get(first, address).await?;
            took.push(asked.elapsed().as_secs_f64() * 1000.0);
        }
        let pages = f64::from(u32::try_from(PAGES)?);
        let program = (processor_time(&self.server)? - program) / pages;
        let database = (self.of_database()? - database) / pages;
        took.sort_by(f64::total_cmp);
        let at = |share: usize| took.get(took.len().saturating_mul(share) / 100).copied().unwrap_or_default();
        println!(
            "{kind:>20} {program:>8.2} {database:>8.2} {:>8.2} {:>8.1} {:>8.1} {:>6.0}/s",
            program + database,
            at(50),
            at(99),
            self.at_once(addresses).await?
        );
        Ok(())
    }

    async fn at_once(&self, addresses: &[String]) -> Result<f64> {
        let begun = Instant::now();
        let read = self.readers.iter().enumerate().map(|(place, reader)| {
            let (reader, addresses) = (reader.clone(), addresses.to_vec());
            tokio::spawn(async move {
                let mut pages = 0_u32;
                for address in addresses.iter().cycle().skip(place) {
                    if begun.elapsed() > AT_ONCE_FOR {
                        break;
                    }
                    get(&reader, address).await?;
                    pages = pages.saturating_add(1);
                }
                anyhow::Ok(pages)
            })
        });
        let mut pages = 0.0;
        for reader in read.collect::<Vec<_>>() {
            pages += f64::from(reader.await??);
        }
        Ok(pages / begun.elapsed().as_secs_f64())
    }

    /// The private server of the demo: what it computed itself, and what its children do.
    fn of_database(&self) -> Result<f64> {
        let file = fs::read_to_string(self.data_dir.join("postgres/postmaster.pid"))?;
        let server = file.lines().next().context("no process stands in postmaster.pid")?;
        let mut spent = processor_time(server)?;
        for entry in fs::read_dir("/proc")? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            // A process may end while it is looked at.
            let Ok(stat) = fs::read_to_string(format!("/proc/{name}/stat")) else { continue };
            let parent = stat.rsplit_once(')').and_then(|(_, fields)| fields.split_whitespace().nth(1));
            if name.starts_with(|c: char| c.is_ascii_digit()) && parent == Some(server) {
                spent += processor_time(&name).unwrap_or_default();
            }
        }
        Ok(spent)
    }
}

async fn sign_in(url: &str, person: &Credentials) -> Result<Client> {
    let client = Client::builder().cookie_store(true).redirect(Policy::none()).build()?;
    let fields =
        [("email", person.email.as_str()), ("password", person.password.as_str()), ("return_to", "")];
    let request = client.post(format!("{url}/desk/sign-in")).header(header::ORIGIN, url).form(&fields);
    let status = request.send().await?.status();
    ensure!(status == StatusCode::SEE_OTHER, "{} could not sign in: {status}", person.email);
    Ok(client)
}

async fn get(reader: &Client, address: &str) -> Result<String> {
    let answer = reader.get(address).send().await?;
    ensure!(answer.status() == StatusCode::OK, "{address}: {}", answer.status());
    Ok(answer.text().await?)
}
