//! `doctor`: looks things over, tries what can be tried, and says in words what is wrong and how to mend it. Changes nothing.
//!
//! Peers are tried while the database is looked at; each has its time, so that one that stalls holds up no other.

mod desk;
mod ground;
mod peers;
mod report;

use std::process::ExitCode;

use anyhow::Context as _;
use sqlx::PgConnection;

use self::report::{Grade, PATIENCE, Section, conclude, within};
use crate::{
    app::App,
    boot::{Company, Database, Ground, refused},
    brand::Brand,
    casework::{Casework, Wave, quiet_letters},
    clock::{Clock, Timestamp},
    config::Settings,
    evidence::{rotation, scan},
    mail::{
        address::verify_signed_address,
        health::{self, Sending, SendingAlarm},
        incoming::quarantine,
        outgoing::listed,
    },
    shared_domains::SharedDomains,
    verification::domain_watch,
};

pub(super) async fn run(settings: Settings) -> anyhow::Result<ExitCode> {
    let refused = refused::list(&settings);
    let mut sections = vec![look_at_settings(&settings, &refused)];
    sections.extend(look_at_face(&settings));
    sections.push(ground::look_at_disk(&settings.data_dir));
    let (house, peers) = tokio::join!(look_at_house(&settings, refused.is_empty()), peers::look(&settings));
    sections.extend(house);
    sections.extend(peers);
    sections.iter().for_each(Section::say);
    Ok(conclude(&sections))
}

fn look_at_settings(settings: &Settings, refused: &[String]) -> Section {
    let mut section = if settings.is_demo() {
        let mut section = Section::new("mode", "demo: not for production. Before going there:");
        for problem in settings.production_problems() {
            section.add(Grade::Note, problem);
        }
        section
    } else {
        Section::new("mode", "production")
    };
    for complaint in refused {
        section.add(Grade::Settings, complaint);
    }
    section
}

/// What customers see, and what they miss. Nothing where it is refused, which is told with the other settings.
fn look_at_face(settings: &Settings) -> Option<Section> {
    let brand = Brand::try_new(settings).ok()?;
    let mut section = Section::new("face", brand.describe());
    let reseller = &settings.reseller;
    for (is_missing, words) in [
        (reseller.phone.is_empty(), "reseller.phone is empty: customers read no number to call"),
        (reseller.address.is_empty(), "reseller.address is empty: customers read nowhere to write to"),
        (
            reseller.logo.as_os_str().is_empty() && !settings.is_demo(),
            "reseller.logo is empty: customers see the first letter of the name",
        ),
    ] {
        if is_missing {
            section.add(Grade::Note, words);
        }
    }
    Some(section)
}

/// Everything that stands in the database, as far as it can be looked at.
async fn look_at_house(settings: &Settings, can_be_furnished: bool) -> Vec<Section> {
    let mut sections = Vec::new();
    // A private server may have to recover; nothing else takes long to connect to.
    let is_private = matches!(refused::find_address(settings), Ok(None));
    let opened = if is_private && !settings.is_demo() {
        Err(anyhow::anyhow!("database.url is not set"))
    } else if is_private {
        Database::open(settings, Company::Guest).await
    } else {
        within(PATIENCE, Database::open(settings, Company::Guest)).await
    };
    let looked = match opened {
        Ok(database) => look_into(database, settings, can_be_furnished, &mut sections).await,
        Err(error) => Err(error),
    };
    if let Err(error) = looked {
        sections.push(Section::failed("database", &error));
    }
    sections
}

async fn look_into(
    database: Database,
    settings: &Settings,
    can_be_furnished: bool,
    sections: &mut Vec<Section>,
) -> anyhow::Result<()> {
    let pool = database.pool.clone();
    let mut connection = within(PATIENCE, async { Ok(pool.acquire().await?) }).await?;
    sections.push(within(PATIENCE, ground::look_at_clock(&mut connection, &Clock::wall())).await?);
    sections.push(within(PATIENCE, ground::look_at_role(&mut connection, settings)).await?);
    sections.push(within(PATIENCE, ground::look_at_extensions(&mut connection)).await?);
    within(PATIENCE, database.look_at_schema(false)).await?;
    let version = sqlx::query_scalar!(r#"select current_setting('server_version') as "version!""#)
        .fetch_one(&mut *connection)
        .await?;
    let mut section = Section::new("database", format!("PostgreSQL {version}, schema up to date"));
    if !settings.is_demo() && database.is_invented().await? {
        section.add(Grade::Settings, "it holds the demo, which production refuses: give it an empty one");
    }
    sections.push(section);
    sections.push(within(PATIENCE, ground::look_at_files(&mut connection, settings)).await?);
    if !can_be_furnished {
        return Ok(());
    }
    let ground = Ground::furnish(settings.clone(), database)?;
    let app = &ground.casework.app;
    sections.extend(look_at_mail(&mut connection, app).await?);
    sections.push(look_at_secret(&mut connection, app).await?);
    sections.push(look_at_files(&ground.casework, &mut connection).await?);
    sections.push(look_at_domains(&mut connection, &ground.casework.rules.shared_domains).await?);
    sections.push(desk::look_at_webhooks(&mut connection, app).await?);
    sections.push(desk::look_at_log(&mut connection, app).await?);
    sections.push(desk::look_at_staff(&mut connection, app).await?);
    sections.push(desk::look_at_trails(&mut connection, app).await?);
    Ok(())
}

/// Whether the secret is still the one under which the last e-mail went out: under another one, answers and bounces are
/// no longer known as ours.
async fn look_at_secret(connection: &mut PgConnection, app: &App) -> anyhow::Result<Section> {
    let last = sqlx::query_scalar!(
        "select envelope_from from emails where audience <> 'staff' order by created_at desc, id desc limit 1"
    )
    .fetch_optional(connection)
    .await
    .context("could not look for the last e-mail")?;
    let Some(last) = last else { return Ok(Section::new("secret", "nothing was signed with it yet")) };
    if verify_signed_address(&last, &app.reply_signer).is_some() {
        return Ok(Section::new("secret", "is the one that the last e-mail went out under"));
    }
    let mut section = Section::new("secret", "is another one than the last e-mail went out under");
    section
        .add(Grade::Failure, "answers to earlier e-mails are not known as ours: set secrets.key as it was");
    Ok(section)
}

/// Says how mail stands. What merely waits for staff is no fault.
async fn look_at_mail(connection: &mut PgConnection, app: &App) -> anyhow::Result<Vec<Section>> {
    let (settings, now) = (&app.settings.mail, app.clock.now());
    let when = |at: Option<Timestamp>| at.map_or_else(|| "never yet".to_owned(), |at| at.to_string());

    let sending = Sending::read(connection, now, app.clock.for_leases()).await?;
    let last = when(sending.last_sent_at);
    let mut sent = Section::new(
        "sending",
        format!("{} queued, {} of them put off; last sent {last}", sending.queued, sending.deferred),
    );
    match sending.alarm(settings, now) {
        Some(SendingAlarm::PutOff { since, words }) => {
            sent.add(
                Grade::Failure,
                format!("the mail server takes nothing since {since}; it says: {words}"),
            );
        }
        Some(SendingAlarm::Failed { since, words }) => {
            sent.add(
                Grade::Failure,
                format!("one recipient after another fails since {since}; the mail server says: {words}"),
            );
        }
        Some(SendingAlarm::Stuck { since }) => {
            sent.add(Grade::Failure, format!("nobody sends what is due since {since}: is a worker running?"));
        }
        None => {}
    }
    let open = listed::count_open(connection, &quiet_letters()).await?;
    let mut letters = Section::new("letters", format!("{open} did not arrive without anybody having looked"));
    if open > 0 {
        letters.add(Grade::Warning, "look at them at the desk, under E-mails");
    }
    let wave = Wave::read(connection, now).await?;
    let mut forms = Section::new(
        "forms",
        format!("caused {} letters within an hour, {} held back", wave.letters, wave.held),
    );
    if wave.is_alarming(&app.settings.limits) {
        forms.add(Grade::Warning, "somebody may be using the form against others: look at the newest cases");
    }
    let mailbox = match health::collecting(connection, settings).await? {
        None => Section::new("mailbox", "none is collected (mail.imap.host)"),
        Some(mailbox) => {
            let last = when(mailbox.collected_at);
            let mut section = Section::new("mailbox", format!("{} last collected {last}", mailbox.name));
            if mailbox.is_alarming(settings, now) {
                let words = mailbox.last_error.unwrap_or_else(|| "is a worker running?".to_owned());
                section.add(Grade::Failure, format!("it is not collected now: {words}"));
            }
            section
        }
    };
    let (set_aside, parked) =
        (quarantine::count_set_aside(connection).await?, quarantine::count_parked(connection).await?);
    let mut incoming =
        Section::new("incoming", format!("{set_aside} in quarantine, {parked} of them unreadable"));
    if parked > 0 {
        incoming.add(Grade::Warning, "look at the unreadable ones at the desk, under Quarantine");
    }
    Ok([sent, letters, forms, mailbox, incoming].into())
}

/// More customers with a domain of no use are counted, not listed.
const MOST_LISTED: usize = 50;

/// Says whose domain on record stands for nobody. Their proof by domain is missing, which stops no case, so it is no fault.
async fn look_at_domains(connection: &mut PgConnection, shared: &SharedDomains) -> anyhow::Result<Section> {
    let rows = sqlx::query!(
        "select d.domain, c.number from customer_domains d join customers c on c.id = d.customer_id
         order by d.domain, c.number"
    )
    .fetch_all(&mut *connection)
    .await?;
    let useless: Vec<_> = rows.iter().filter(|row| shared.controlled(&row.domain).is_none()).collect();
    let mut section = Section::new(
        "domains",
        format!("{} on record, {} of them stand for nobody", rows.len(), useless.len()),
    );
    for row in useless.iter().take(MOST_LISTED) {
        let why = if shared.contains(&row.domain) {
            "names below it belong to different owners"
        } else {
            "anybody can register a name below it"
        };
        section.add(Grade::Note, format!("customer {}: {}: {why}", row.number, row.domain));
    }
    if useless.len() > MOST_LISTED {
        section.add(Grade::Note, format!("and {} more", useless.len().saturating_sub(MOST_LISTED)));
    }
    if !useless.is_empty() {
        section.add(Grade::Note, "give these customers' own domains in a domains column and import it");
    }
    let unclear = domain_watch::count_unclear(connection).await?;
    if unclear > 0 {
        section.add(
            Grade::Note,
            format!(
                "the resolvers do not agree on the servers of {unclear} of them, or do not answer: compare dns.resolvers"
            ),
        );
    }
    Ok(section)
}

/// Whether a configured key opens every evidence file, tried on one of each key.
async fn look_at_files(casework: &Casework, connection: &mut PgConnection) -> anyhow::Result<Section> {
    let cabinet = &casework.cabinet;
    let keys = rotation::list_keys(&casework.app.pool, cabinet).await?;
    let files: i64 = keys.iter().map(|key| key.files).sum();
    let failing = scan::count_failing(connection).await?;
    let mut section =
        Section::new("files", format!("{files} kept, {failing} that the scanner could not look at so far"));
    let first = cabinet.keyring.first().unwrap_or_default();
    for key in &keys {
        if !key.opens {
            let words = format!("no configured key opens {} files under {:?}", key.files, key.id);
            section.add(Grade::Failure, words);
        } else if key.id != first {
            section.add(
                Grade::Note,
                format!("{} files are still under {:?}: run `handover evidence rekey`", key.files, key.id),
            );
        }
    }
    Ok(section)
}
