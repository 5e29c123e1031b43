//! One case of the demo, from the escalation to where its story ends, told under a clock of its own.

use std::{net::Ipv4Addr, sync::Arc};

use anyhow::Context as _;
use serde::Deserialize;
use sqlx::PgPool;
use strum::VariantArray as _;
use uuid::Uuid;

use crate::{
    case::{
        action::Action,
        actor::{Actor, Role, StaffId},
        check::{CheckKind, Verdict},
        correspondence::AtlassianAnswer,
        document::Criterion,
        entitlement::EntitlementNumber,
        escalation::{ContactRole, Departed, DepartedAddress, Escalation, Requester, Successor},
        root,
        state::Place,
        text::{Note, Text},
    },
    casework::{Casework, Written, find_by_number, list_contacts},
    clock::{Clock, Timestamp},
    config::Settings,
    demo::register::NamedCustomer,
    evidence::files,
    lang::Language,
    mail::outgoing::transport::{Folder, Transport},
    work::Worker,
};

/// What a customer sends where nobody else is on record.
const LETTER: &[u8] = include_bytes!("../../demo/letter.pdf");

/// What `demo/cases.toml` says of one case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    pub customer: String,
    pub days_ago: i64,
    pub until: Place,
    pub language: Language,
    pub requester_name: String,
    pub requester_email: String,
    pub requester_position: String,
    pub requester_phone: Option<String>,
    pub successor_name: Option<String>,
    pub successor_email: Option<String>,
    pub explanation: String,
    pub question: Option<String>,
    pub objection: Option<String>,
    /// What came of calling the number on record; none: nobody has called yet.
    pub note: Option<String>,
}

/// Plays stories that begin on the same day, moving its own clock towards the present.
pub struct Teller {
    casework: Casework,
    worker: Worker,
    clock: Clock,
    agent: Actor,
    approver: Actor,
    /// Somebody else who may approve.
    second_approver: Actor,
}

impl Teller {
    pub async fn try_new(casework: &Casework, days_ago: i64) -> anyhow::Result<Self> {
        let begin = casework.app.clock.now().after(-jiff::SignedDuration::from_hours(days_ago * 24 + 1));
        let clock = Clock::stopped(begin);
        let mut casework = casework.clone();
        casework.app.clock = clock.clone();
        // Nor are name servers asked about invented domains.
        let mut settings = Settings::clone(&casework.app.settings);
        settings.dns.ask_for_mail_servers = false;
        // What this story tells is younger. Older cases that are there already are not its business: nothing of them is forgotten in passing.
        let retention = &mut settings.retention;
        (retention.content_months, retention.letter_years, retention.trail_years) = (1_200, 100, 100);
        (retention.unconfirmed_days, retention.evidence_days) = (36_500, 36_500);
        casework.app.settings = Arc::new(settings);
        let settings = &casework.app.settings;
        // Past e-mails to invented people: never to a mail server, whatever the settings say.
        let transport = Transport::Folder(Folder::try_new(settings.data_dir.join("mail"))?);
        let worker = Worker::new(casework.clone(), transport);
        let (agent, approver, second_approver) = (
            find_staff(&casework.app.pool, Role::Agent, 0).await?,
            find_staff(&casework.app.pool, Role::Approver, 0).await?,
            find_staff(&casework.app.pool, Role::Approver, 1).await?,
        );
        Ok(Self { casework, worker, clock, agent, approver, second_approver })
    }

    pub async fn tell(&self, story: &Story, customer: &NamedCustomer) -> anyhow::Result<()> {
        self.tell_together(&[(story, customer)]).await?;
        Ok(())
    }

    /// Several stories that begin at the same time, step by step beside each other: what is due is done once for all of them. The
    /// cases in their order.
    pub async fn tell_together(&self, stories: &[(&Story, &NamedCustomer)]) -> anyhow::Result<Vec<Uuid>> {
        let mut told = Vec::with_capacity(stories.len());
        for (story, customer) in stories {
            told.push((self.open(story, customer).await?, *story));
        }
        let cases = told.iter().map(|(case, _)| *case).collect();
        self.go_on(told).await?;
        Ok(cases)
    }

    async fn go_on(&self, mut told: Vec<(Uuid, &Story)>) -> anyhow::Result<()> {
        self.later(0).await;
        told.retain(|(_, story)| story.until != Place::Unconfirmed);
        // Where no story goes on, no time passes either: the clock may be at the present already.
        if told.is_empty() {
            return Ok(());
        }
        self.later(2).await;
        for (case, _) in &told {
            self.act(*case, Actor::Requester, Action::Confirm).await?;
        }
        self.later(1).await;
        let mut going_on = Vec::with_capacity(told.len());
        for (case, story) in told {
            if !self.turns_aside(case, story).await? {
                going_on.push((case, story));
            }
        }
        self.later(0).await;
        if going_on.is_empty() {
            return Ok(());
        }
        for (case, story) in &going_on {
            if story.successor_email.is_some() {
                self.act(*case, Actor::Successor, Action::AcceptSuccession).await?;
            }
        }
        self.later(20).await;
        going_on.retain(|(_, story)| story.note.is_some());
        if going_on.is_empty() {
            return Ok(());
        }
        self.prove(&going_on).await?;
        going_on.retain(|(_, story)| story.until != Place::Verifying);
        if going_on.is_empty() {
            return Ok(());
        }
        self.later(9 * 24).await;
        self.go_to_atlassian(going_on).await
    }

    async fn open(&self, story: &Story, customer: &NamedCustomer) -> anyhow::Result<Uuid> {
        let escalation = escalation(story, customer)?;
        let opened = self.casework.open(Uuid::new_v4(), &escalation, Ipv4Addr::LOCALHOST.into()).await?;
        let mut connection = self.casework.app.pool.acquire().await?;
        find_by_number(&mut connection, &opened.number).await?.context("the demo case is gone")
    }

    /// By a call to somebody on record who is still there; where there is nobody, as small customers do it: a letter is reviewed,
    /// and an approver goes without somebody else's word.
    async fn prove(&self, cases: &[(Uuid, &Story)]) -> anyhow::Result<()> {
        let mut by_letter = Vec::new();
        for (case, story) in cases {
            let note = note(story.note.as_deref().unwrap_or_default())?;
            self.act(*case, self.agent, Action::Assign { owner: self.agent.staff_id() }).await?;
            match self.find_number(*case).await? {
                Some(number) => {
                    let found = (Verdict::Passed, &note);
                    self.casework.decide_callback(*case, self.agent, &number, found, None).await?;
                }
                None => {
                    self.casework.add_evidence(*case, self.agent, "letter.pdf", LETTER.to_vec()).await?;
                    by_letter.push((*case, note));
                }
            }
        }
        self.later(1).await;
        for (case, note) in by_letter {
            self.review_letter(case, note).await?;
        }
        Ok(())
    }

    async fn find_number(&self, case: Uuid) -> anyhow::Result<Option<String>> {
        let loaded = self.casework.load(case).await?.context("the demo case is gone")?;
        let mut connection = self.casework.app.pool.acquire().await?;
        let contacts = list_contacts(&mut connection, &loaded).await?;
        Ok(contacts
            .into_iter()
            .filter(|contact| contact.person(&loaded.escalation) != root::Person::Departed)
            .find_map(|contact| contact.phones.into_iter().next()))
    }

    async fn review_letter(&self, case: Uuid, note: Note) -> anyhow::Result<()> {
        let mut connection = self.casework.app.pool.acquire().await?;
        let files: Vec<Uuid> =
            files::list(&mut connection, case).await?.into_iter().map(|file| file.id).collect();
        drop(connection);
        let answers = Criterion::VARIANTS.iter().map(|criterion| (*criterion, true)).collect();
        let (review, found) = ((files.as_slice(), &answers), (Verdict::Passed, &note));
        self.casework.decide_document(case, self.agent, review, found, None).await?;
        let reason = Note::new(note.text.clone());
        self.act(case, self.second_approver, Action::WaiveCheck { kind: CheckKind::Vouch, reason }).await
    }

    /// Stories that end in a question or an objection.
    async fn turns_aside(&self, case: Uuid, story: &Story) -> anyhow::Result<bool> {
        if let Some(question) = &story.question {
            self.act(case, self.agent, Action::AskCustomer { question: note(question)? }).await?;
        } else if let Some(objection) = &story.objection {
            self.act(
                case,
                Actor::DepartedContact,
                Action::Object {
                    kind: CheckKind::DepartedNotice,
                    contact: None,
                    note: Some(note(objection)?),
                },
            )
            .await?;
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    async fn go_to_atlassian(&self, mut cases: Vec<(Uuid, &Story)>) -> anyhow::Result<()> {
        cases.retain(|(_, story)| story.until != Place::Verified);
        let author = self.agent.staff_id().context("the agent is staff")?;
        let name = sqlx::query_scalar!("select name from staff where id = $1", author.0)
            .fetch_one(&self.casework.app.pool)
            .await?;
        for (case, _) in &cases {
            let text = self.casework.suggest_draft(*case, &name).await?;
            let written = Written { subject: &text.subject, opening: &text.opening, closing: &text.closing };
            self.casework.save_draft(*case, self.agent, &written, None).await?;
        }
        cases.retain(|(_, story)| story.until != Place::AwaitingApproval);
        if cases.is_empty() {
            return Ok(());
        }
        self.later(3).await;
        for (case, _) in &cases {
            let mut connection = self.casework.app.pool.acquire().await?;
            let draft = crate::casework::find_live_draft(&mut connection, *case).await?;
            drop(connection);
            let digest = draft.context("the draft is gone")?.digest;
            self.casework.approve(*case, (self.approver, None), digest, None).await?;
        }
        self.later(1).await;
        cases.retain(|(_, story)| matches!(story.until, Place::AwaitingConfirmation | Place::Closed));
        if cases.is_empty() {
            return Ok(());
        }
        self.later(48).await;
        for (case, _) in &cases {
            let action = Action::RecordAtlassianAnswer { answer: AtlassianAnswer::Done, note: None };
            self.act(*case, self.agent, action).await?;
        }
        self.later(0).await;
        cases.retain(|(_, story)| story.until == Place::Closed);
        if cases.is_empty() {
            return Ok(());
        }
        self.later(5).await;
        for (case, _) in &cases {
            self.act(*case, Actor::Requester, Action::ConfirmAccess).await?;
            if self.casework.load(*case).await?.is_some_and(|loaded| !loaded.case.state.is_closed()) {
                self.act(*case, Actor::Successor, Action::ConfirmAccess).await?;
            }
        }
        self.later(0).await;
        Ok(())
    }

    async fn act(&self, case: Uuid, actor: Actor, action: Action) -> anyhow::Result<()> {
        self.casework.act(case, actor, &action, None).await?;
        Ok(())
    }

    /// Lets `hours` pass, then everything that is due happens.
    pub async fn later(&self, hours: i64) {
        let now: Timestamp = self.clock.now();
        self.clock.set(now.after(jiff::SignedDuration::from_hours(hours)));
        self.worker.run_until_idle().await;
    }
}

/// The one who comes after `others` by name.
async fn find_staff(pool: &PgPool, role: Role, others: i64) -> anyhow::Result<Actor> {
    let word: &str = role.into();
    let id = sqlx::query_scalar!(
        "select id from staff where role = $1 order by name offset $2 limit 1",
        word,
        others
    )
    .fetch_one(pool)
    .await
    .with_context(|| format!("the demo has no {word}"))?;
    Ok(Actor::Staff { id: StaffId(id), role })
}

fn note(text: &str) -> anyhow::Result<Note> {
    Text::parse(text).map(Note::new).map_err(|reason| anyhow::anyhow!("a demo text is {reason:?}"))
}

fn escalation(story: &Story, customer: &NamedCustomer) -> anyhow::Result<Escalation> {
    let entitlements = customer
        .entitlements
        .iter()
        .filter_map(|entitlement| {
            [&entitlement.sen, &entitlement.entitlement_number, &entitlement.site]
                .into_iter()
                .find(|value| !value.is_empty())
        })
        .map(|value| EntitlementNumber::parse(value))
        .collect::<Result<Vec<_>, _>>()?;
    let hosting = customer.entitlements.first().context("a demo customer without entitlements")?.hosting;
    // The primary contact: who else has left changes nothing that only they can do.
    let (departed, role) = match customer.primary.as_str() {
        "billing" => (&customer.billing, ContactRole::Billing),
        _ => (&customer.technical, ContactRole::Technical),
    };
    let requester_email: crate::case::address::EmailAddress = story.requester_email.parse()?;
    Ok(Escalation {
        language: story.language,
        requester: Requester {
            name: story.requester_name.clone(),
            email: requester_email.clone(),
            phone: story.requester_phone.clone(),
            position: Some(story.requester_position.clone()),
        },
        company: customer.name.clone(),
        customer_number: Some(customer.number.clone()),
        hosting: Some(hosting),
        entitlements,
        departed: Departed {
            name: departed.name.clone(),
            email: DepartedAddress::Stated(departed.email.parse()?),
            on: None,
            role,
        },
        successor: Successor {
            name: story.successor_name.clone().unwrap_or_else(|| story.requester_name.clone()),
            email: story.successor_email.as_ref().map_or(Ok(requester_email), |email| email.parse())?,
            is_requester: story.successor_email.is_none(),
        },
        explanation: note(&story.explanation)?.text,
    })
}
