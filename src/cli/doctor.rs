//! `doctor`: looks things over and says in words what is wrong and how to mend it. Changes nothing but the schema.

use std::process::ExitCode;

use sqlx::PgConnection;

use super::say;
use crate::{
    app::App,
    boot::{Company, Ground},
    casework::{Casework, Wave, quiet_letters, verify_trail},
    clock::Timestamp,
    config::Settings,
    evidence::{rotation, scan},
    mail::{
        health::{self, Sending, SendingAlarm},
        incoming::quarantine,
        outgoing::listed,
    },
    shared_domains::SharedDomains,
    verification::domain_watch,
};

pub(super) async fn run(settings: Settings) -> anyhow::Result<ExitCode> {
    let problems = settings.production_problems();
    if settings.is_demo() {
        say("mode      demo: not for production. Before going there:");
        for problem in &problems {
            say(format!("            - {problem}"));
        }
    } else {
        say("mode      production");
    }
    let ground = Ground::prepare(settings, Company::Guest).await?;
    let app = &ground.casework.app;
    let mut connection = app.pool.acquire().await?;
    let version = sqlx::query_scalar!(r#"select current_setting('server_version') as "version!""#)
        .fetch_one(&mut *connection)
        .await?;
    say(format!("database  PostgreSQL {version}, schema up to date"));
    let mail_is_well = look_at_mail(&mut connection, app).await?;
    let files_open = look_at_files(&ground.casework, &mut connection).await?;
    look_at_domains(&mut connection, &ground.casework.rules.shared_domains).await?;
    let staff = sqlx::query_scalar!(r#"select count(*) as "count!" from staff where disabled_at is null"#)
        .fetch_one(&mut *connection)
        .await?;
    say(format!("staff     {staff} can sign in"));
    let approvers = sqlx::query_scalar!(
        r#"select count(*) as "count!" from staff where disabled_at is null and role in ('approver', 'admin')"#
    )
    .fetch_one(&mut *connection)
    .await?;
    if approvers == 0 {
        say("            - nobody may approve: add an approver with `handover staff add`");
    }
    let (cases, broken) = verify_trail(&app.pool).await?;
    say(format!("trail     {cases} cases, {} broken", broken.len()));
    let healthy = mail_is_well && files_open && approvers > 0 && broken.is_empty();
    say(if healthy { "All is well." } else { "Something needs attention." });
    Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Says how mail stands, and whether somebody has to do something about it. What merely waits for staff is no fault.
async fn look_at_mail(connection: &mut PgConnection, app: &App) -> anyhow::Result<bool> {
    let (settings, now) = (&app.settings.mail, app.clock.now());
    let when = |at: Option<Timestamp>| at.map_or_else(|| "never yet".to_owned(), |at| at.to_string());
    let mut well = true;
    let mut warn = |words: String| {
        well = false;
        say(format!("            - {words}"));
    };

    let sending = Sending::read(connection, now).await?;
    let last = when(sending.last_sent_at);
    say(format!(
        "sending   {} queued, {} of them put off; last sent {last}",
        sending.queued, sending.deferred
    ));
    match sending.alarm(settings, now) {
        Some(SendingAlarm::PutOff { since, words }) => {
            warn(format!("the mail server takes nothing since {since}; it says: {words}"));
        }
        Some(SendingAlarm::Failed { since, words }) => {
            warn(format!("one recipient after another fails since {since}; the mail server says: {words}"));
        }
        Some(SendingAlarm::Stuck { since }) => {
            warn(format!("nobody sends what is due since {since}: is a worker running?"));
        }
        None => {}
    }
    let open = listed::count_open(connection, &quiet_letters()).await?;
    say(format!("letters   {open} did not arrive without anybody having looked"));
    if open > 0 {
        warn("look at them at the desk, under E-mails".to_owned());
    }
    let wave = Wave::read(connection, now).await?;
    say(format!("forms     caused {} letters within an hour, {} held back", wave.letters, wave.held));
    if wave.is_alarming(&app.settings.limits) {
        warn("somebody may be using the form against others: look at the newest cases".to_owned());
    }
    match health::collecting(connection, settings).await? {
        None => say("mailbox   none is collected (mail.imap.host)"),
        Some(mailbox) => {
            say(format!("mailbox   {} last collected {}", mailbox.name, when(mailbox.collected_at)));
            if mailbox.is_alarming(settings, now) {
                let words = mailbox.last_error.unwrap_or_else(|| "is a worker running?".to_owned());
                warn(format!("it is not collected now: {words}"));
            }
        }
    }
    let (set_aside, parked) =
        (quarantine::count_set_aside(connection).await?, quarantine::count_parked(connection).await?);
    say(format!("incoming  {set_aside} in quarantine, {parked} of them unreadable"));
    if parked > 0 {
        warn("look at the unreadable ones at the desk, under Quarantine".to_owned());
    }
    Ok(well)
}

/// More customers with a domain of no use are counted, not listed.
const MOST_LISTED: usize = 50;

/// Says whose domain on record stands for nobody. Their proof by domain is missing, which stops no case, so it is no fault.
async fn look_at_domains(connection: &mut PgConnection, shared: &SharedDomains) -> anyhow::Result<()> {
    let rows = sqlx::query!(
        "select d.domain, c.number from customer_domains d join customers c on c.id = d.customer_id
         order by d.domain, c.number"
    )
    .fetch_all(&mut *connection)
    .await?;
    let useless: Vec<_> = rows.iter().filter(|row| shared.controlled(&row.domain).is_none()).collect();
    say(format!("domains   {} on record, {} of them stand for nobody", rows.len(), useless.len()));
    for row in useless.iter().take(MOST_LISTED) {
        let why = if shared.contains(&row.domain) {
            "names below it belong to different owners"
        } else {
            "anybody can register a name below it"
        };
        say(format!("            - customer {}: {}: {why}", row.number, row.domain));
    }
    if useless.len() > MOST_LISTED {
        say(format!("            - and {} more", useless.len().saturating_sub(MOST_LISTED)));
    }
    if !useless.is_empty() {
        say("            - give these customers' own domains in a domains column and import it");
    }
    let unclear = domain_watch::count_unclear(connection).await?;
    if unclear > 0 {
        say(format!(
            "            - the resolvers do not agree on the servers of {unclear} of them, or do not answer: compare dns.resolvers"
        ));
    }
    Ok(())
}

/// Whether a configured key opens every evidence file.
async fn look_at_files(casework: &Casework, connection: &mut PgConnection) -> anyhow::Result<bool> {
    let cabinet = &casework.cabinet;
    let keys = rotation::list_keys(&casework.app.pool, cabinet).await?;
    let files: i64 = keys.iter().map(|key| key.files).sum();
    let failing = scan::count_failing(connection).await?;
    say(format!("files     {files} kept, {failing} that the scanner could not look at so far"));
    if !cabinet.scanner.is_configured() && cabinet.takes_files() {
        say("            - files are not scanned for viruses: set evidence.clamd");
    }
    let first = cabinet.keyring.first().unwrap_or_default();
    for key in &keys {
        if !key.opens {
            say(format!("            - no configured key opens {} files under {:?}", key.files, key.id));
        } else if key.id != first {
            say(format!(
                "            - {} files are still under {:?}: run `handover evidence rekey`",
                key.files, key.id
            ));
        }
    }
    Ok(keys.iter().all(|key| key.opens))
}
