//! Mail to staff: finds whom there is something to tell, writes one mail at a time into the outbox, and says when a wait for us
//! is soon over.
//!
//! Mailboxes and laptops of staff are hostile: a mail holds numbers of cases and what happened, and links that lead nowhere
//! without signing in. It carries no signed address, so what comes back of it joins no case. Stops who floods staff through
//! a case: so many mails an hour, the rest waits for the summary.

mod notices;

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use self::notices::{Open, Person, collect, find_person, forget, list_open, settle};
use crate::{
    app::Step,
    case::{
        actor::StaffId,
        told_staff::{How, NoticeKind},
    },
    casework::{Casework, letters::rendering::Seal, told_staff},
    clock::Timestamp,
    config::Atlassian,
    mail::outgoing::{
        code::Stamp,
        compose::{Composed, Letter, Profile, Sender, compose},
        outbox,
    },
    panics::caught_in,
};

/// Cases that one mail lists; of the others it says how many.
const MOST_LISTED: usize = 50;
/// How long one person's mail is put off that could not be written.
const PUT_OFF: jiff::SignedDuration = jiff::SignedDuration::from_mins(10);

impl Casework {
    /// Tells of the next wait that is soon over, or writes the next mail.
    pub async fn staff_mail_step(&self) -> anyhow::Result<Step> {
        let now = self.app.clock.now();
        if self.tell_due_soon(now).await? == Step::Did {
            return Ok(Step::Did);
        }
        let next = sqlx::query_scalar!(
            "select staff_id from staff_notices where settled_at is null and due_at <= $1 order by due_at, id limit 1",
            now as Timestamp,
        )
        .fetch_optional(&self.app.pool)
        .await
        .context("could not look whom to tell")?;
        let Some(staff) = next else { return Ok(Step::Idle) };
        match caught_in(self.write_to_staff(staff, now)).await {
            Ok(step) => Ok(step),
            Err(error) => {
                tracing::error!(%staff, error = format!("{error:#}"), "could not write to a member of staff");
                self.put_off_staff_mail(staff, now).await?;
                Ok(Step::Did)
            }
        }
    }

    /// Once for each wait, however often its case changes.
    async fn tell_due_soon(&self, now: Timestamp) -> anyhow::Result<Step> {
        let soon = self.rules.calendar.add_hours(now, self.app.settings.desk.due_soon_business_hours);
        let case = sqlx::query_scalar!(
            "select id from cases where waiting_for = 'us' and due_at <= $1 and due_told_for is distinct from due_at
             order by due_at limit 1",
            soon as Timestamp,
        )
        .fetch_optional(&self.app.pool)
        .await
        .context("could not look for waits that are soon over")?;
        let Some(case) = case else { return Ok(Step::Idle) };
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        self.lock(&mut transaction, case).await?;
        let told = sqlx::query!(
            "update cases set due_told_for = due_at
             where id = $1 and waiting_for = 'us' and due_at <= $2 and due_told_for is distinct from due_at
             returning owner_id",
            case,
            soon as Timestamp,
        )
        .fetch_optional(&mut *transaction)
        .await
        .context("could not keep that somebody was told of a wait")?;
        // Somebody acted, or another worker was faster.
        if let Some(told) = told {
            let about = (case, told.owner_id.map(StaffId));
            told_staff::keep_of(&mut transaction, about, NoticeKind::DueSoon, now).await?;
        }
        transaction.commit().await.context("could not commit whom to tell")?;
        Ok(Step::Did)
    }

    /// Writes one mail to this person, if one is due, in one transaction with what it tells.
    async fn write_to_staff(&self, staff: Uuid, now: Timestamp) -> anyhow::Result<Step> {
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        // Two workers would each tell half, and each count too few mails.
        sqlx::query!(
            r#"select pg_advisory_xact_lock(hashtextextended('mail to ' || $1::text, 0)) as "locked: ()""#,
            staff.to_string(),
        )
        .fetch_one(&mut *transaction)
        .await
        .context("could not wait for another worker")?;
        let mut person = find_person(&mut transaction, staff).await?;
        if is_atlassians(&self.app.settings.atlassian, &person.address) {
            tracing::warn!(%staff, "nothing but approved messages goes to Atlassian: this member of staff is told nothing");
            person.is_there = false;
        }
        let open = list_open(&mut transaction, staff).await?;
        let mut sorted = self.sort(&person, open, now);
        if sorted.mail.is_some_and(|mail| mail == Mail::AtOnce)
            && self.has_enough(&mut transaction, staff, now).await?
        {
            let next = self.rules.calendar.next_of(&self.digest_at, now);
            sorted.collect.extend(sorted.now.drain(..).map(|notice| (notice.id, next)));
            sorted.mail = None;
        }
        let did = sorted.mail.is_some() || !sorted.over.is_empty() || !sorted.collect.is_empty();
        settle(&mut transaction, &sorted.over, None, now).await?;
        collect(&mut transaction, &sorted.collect).await?;
        if let Some(mail) = sorted.mail {
            let stamp = Stamp::new(&self.app.code_signer);
            let email = self.compose_for_staff((&person, &stamp), mail, &sorted.now, now)?;
            let email = outbox::enqueue_to_staff(&mut transaction, &stamp, &email, now).await?;
            let told: Vec<i64> = sorted.now.iter().map(|notice| notice.id).collect();
            settle(&mut transaction, &told, Some(email), now).await?;
            forget(&mut transaction, staff, now).await?;
        }
        transaction.commit().await.context("could not commit mail to staff")?;
        // What somebody else holds at this moment has its turn later.
        Ok(if did { Step::Did } else { Step::Idle })
    }

    /// What is to be done with each.
    fn sort(&self, person: &Person, open: Vec<Open>, now: Timestamp) -> Sorted {
        let calendar = &self.rules.calendar;
        let mut sorted = Sorted::default();
        let (mut collected, mut at_once) = (Vec::new(), Vec::new());
        for notice in open {
            let how = notice.kind.how(notice.chosen.unwrap_or(notice.kind.default_how()), notice.own);
            let due = notice.due_at <= now;
            if how == How::Off || !person.is_there || notice.is_over() {
                sorted.over.push(notice.id);
            } else if !notice.collected && how == How::Immediate {
                at_once.push(notice);
            } else if !notice.collected {
                sorted.collect.push((notice.id, calendar.next_of(&self.digest_at, notice.at)));
            } else if due && calendar.is_open(now) {
                collected.push(notice);
            } else if due {
                // The hour went by while nobody worked: nobody gets it at night.
                sorted.collect.push((notice.id, calendar.next_of(&self.digest_at, now)));
            }
        }
        if !collected.is_empty() {
            (sorted.mail, sorted.now) = (Some(Mail::Summary), collected);
        } else if let Some(case) =
            at_once.iter().find(|notice| notice.due_at <= now).map(|notice| notice.case)
        {
            at_once.retain(|notice| notice.case == case);
            (sorted.mail, sorted.now) = (Some(Mail::AtOnce), at_once);
        }
        sorted
    }

    /// Whether this person gets no more within the hour.
    async fn has_enough(
        &self,
        connection: &mut PgConnection,
        staff: Uuid,
        now: Timestamp,
    ) -> anyhow::Result<bool> {
        let mails = sqlx::query_scalar!(
            r#"select count(distinct email_id) as "count!" from staff_notices where staff_id = $1 and settled_at > $2"#,
            staff,
            now.after(-jiff::SignedDuration::from_hours(1)) as Timestamp,
        )
        .fetch_one(connection)
        .await
        .context("could not count mails to a member of staff")?;
        Ok(mails >= i64::from(self.app.settings.desk.staff_mails_per_hour))
    }

    fn compose_for_staff(
        &self,
        (person, stamp): (&Person, &Stamp),
        mail: Mail,
        notices: &[Open],
        now: Timestamp,
    ) -> anyhow::Result<Composed> {
        let settings = &self.app.settings;
        let mut cases: BTreeMap<&str, Vec<Item>> = BTreeMap::new();
        for notice in notices {
            let item = Item { kind: notice.kind, times: notice.times };
            cases.entry(&notice.number).or_default().push(item);
        }
        let count = cases.len();
        let listed = cases.into_iter().take(MOST_LISTED);
        let view = View {
            name: &person.name,
            summary: mail == Mail::Summary,
            count,
            cases: listed
                .map(|(number, items)| ViewCase {
                    number,
                    link: self.app.link(&format!("/desk/cases/{number}")),
                    items,
                })
                .collect(),
            more: count.saturating_sub(MOST_LISTED),
            settings: self.app.link("/desk/notifications"),
            queue: self.app.link("/desk/cases"),
            imprint: settings.mail.imprint.trim(),
            seal: Seal::new(&self.app, &stamp.code),
        };
        let language = person.language;
        let render = |part: &str| {
            let template = format!("emails/staff_news/{}.{part}", language.as_str());
            self.app.views.render(&template, language, &view)
        };
        let (subject, text) = (render("subject")?, render("txt")?);
        let from = settings.mail.from_address.as_str();
        let letter = Letter {
            to_name: &person.name,
            to_address: &person.address,
            reply_to: from,
            return_path: from,
            subject: subject.trim(),
            text: text.trim_end(),
            html: None,
            languages: &[language],
            thread: &[],
        };
        let sender = Sender { name: &settings.mail.from_name, address: from };
        self.dkim.sign(compose(sender, &letter, Profile::Automatic, now)?)
    }

    /// So that one who can't be written to holds up nobody.
    async fn put_off_staff_mail(&self, staff: Uuid, now: Timestamp) -> anyhow::Result<()> {
        sqlx::query!(
            "update staff_notices set due_at = $2 where staff_id = $1 and settled_at is null and due_at < $2",
            staff,
            now.after(PUT_OFF) as Timestamp,
        )
        .execute(&self.app.pool)
        .await
        .context("could not put a mail to staff off")?;
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mail {
    AtOnce,
    Summary,
}

#[derive(Default)]
struct Sorted {
    /// Nobody has to be told any more.
    over: Vec<i64>,
    /// To be told with the summary of this hour.
    collect: Vec<(i64, Timestamp)>,
    mail: Option<Mail>,
    /// What the mail tells.
    now: Vec<Open>,
}

/// `emails/staff_news`.
#[derive(Serialize)]
struct View<'a> {
    name: &'a str,
    summary: bool,
    count: usize,
    cases: Vec<ViewCase<'a>>,
    more: usize,
    settings: String,
    queue: String,
    imprint: &'a str,
    #[serde(flatten)]
    seal: Seal,
}

#[derive(Serialize)]
struct ViewCase<'a> {
    number: &'a str,
    link: String,
    items: Vec<Item>,
}

#[derive(Serialize)]
struct Item {
    kind: NoticeKind,
    times: i32,
}

/// Whoever can give a member of staff Atlassian's address must not have us write there.
pub(in crate::casework) fn is_atlassians(atlassian: &Atlassian, address: &str) -> bool {
    let at = |domain: &str| address.rsplit_once('@').is_some_and(|(_, own)| own.eq_ignore_ascii_case(domain));
    [&atlassian.data_center, &atlassian.cloud].iter().any(|recipient| recipient.eq_ignore_ascii_case(address))
        || atlassian.answer_domains.iter().any(|domain| at(domain))
}
