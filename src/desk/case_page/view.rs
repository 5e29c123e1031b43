//! The page, put together out of what was read. Asks the database nothing and knows no rule: what is offered says `case`.

use std::collections::BTreeMap;

use serde::Serialize;
use strum::VariantArray as _;
use uuid::Uuid;

use super::{
    approvals::{self, ApprovalView},
    blocks::{self, BlocksView},
    checks::{self, CheckView},
    contest::{self, ContestView},
    editor::{self, EditorView},
    evidence::{self, EvidenceView},
    follow_up::{self, FollowUpView},
    material::Material,
    missing::{self, MissingView},
    next::{self, Means, NextView, StageView},
    offers::{self, Offer},
    people::{self, FactsView},
    quoted::Quoted,
    register::RegisterView,
    timeline::{self, Filter, InboundView, Parts, TimelineView},
    trail::ErasedView,
    typed::Typed,
    vouchers::{self, VoucherView},
    words::Words,
};
use crate::{
    administration::blocks::Block,
    case::{
        action::ActionKind,
        correspondence::AtlassianAnswer,
        draft::facts_digest,
        escalation::{ContactRole, Hosting},
        state::{Outcome, Party, Place, State},
    },
    casework::{CaseRecord, Casework, quiet_letters},
    clock::{Day, Timestamp},
    desk::{inbound::FileView, letters::LetterView, queue::CaseNav, signals::SignalView, watchers},
    mail::about::Mail,
    staff::{members::Member, session::SignedIn},
    web::{Reader, WebError},
};

/// `desk/case.html`.
#[derive(Debug, Serialize)]
pub(super) struct CaseView {
    number: String,
    /// What the page is built from; every form sends it back.
    version: i32,
    company: String,
    state: Place,
    outcome: Option<Outcome>,
    waiting_for: Party,
    waiting_since: Timestamp,
    due_at: Option<Timestamp>,
    late: bool,
    /// What is left of our time, in words; empty where others are waited for.
    time_left: String,
    next: NextView,
    path: Vec<StageView>,
    /// Who else looks at the case, as a sentence; empty where nobody does.
    watchers: String,
    /// Something came in that nobody has looked at.
    has_news: bool,
    /// So many messages in quarantine name the case. They move nothing: anybody can write them.
    set_aside: i64,
    renews_on: Option<Day>,
    reference: ReferenceView,
    owner_id: Option<Uuid>,
    owner: Option<String>,
    /// The mail server refused the request for good.
    undeliverable: bool,
    /// The customer says that access is missing.
    no_access: bool,
    follow_up: Option<FollowUpView>,
    contest: Option<ContestView>,
    erased: Option<ErasedView>,
    held: bool,
    /// How many e-mails of the case did not arrive without anybody having looked.
    open_emails: usize,
    missing: MissingView,
    checks: Vec<CheckView>,
    signals: Vec<SignalView>,
    approval: Option<ApprovalView>,
    editor: Option<EditorView>,
    blocks: BlocksView,
    evidence: EvidenceView,
    /// What Atlassian wrote last, beside the forms that answer it.
    quoted: Option<Quoted>,
    timeline: TimelineView,
    facts: FactsView,
    letter: LetterFactsView,
    register: RegisterView,
    /// Whom on record the reader could ask to vouch.
    vouchers: Vec<VoucherView>,
    /// Every action by name: whether the reader could do it now.
    may: BTreeMap<&'static str, bool>,
    outcomes: Vec<Outcome>,
    answers: &'static [AtlassianAnswer],
    colleagues: Vec<Member>,
    /// What was typed into a form that was sent back.
    typed: Typed,
    nav: CaseNav,
    /// Whether the reader may take the case out of the house.
    may_export: bool,
    /// Where the forms lead that the reader could send; for programs.
    #[serde(skip)]
    pub(super) offers: Vec<Offer>,
}

/// What the letter says now, of what staff can set right.
#[derive(Debug, Serialize)]
struct LetterFactsView {
    company: String,
    /// `unknown` where nobody knows it, so that no letter can state it.
    hosting: &'static str,
    /// Null likewise.
    departed_email: Option<String>,
    /// The customer does not know it: staff can say it.
    may_find_address: bool,
    departed_name: String,
    departed_role: ContactRole,
    hostings: &'static [Hosting],
    roles: &'static [ContactRole],
}

/// What the page shows beside the case's own material.
#[derive(Default)]
pub(super) struct Beside {
    pub signals: Vec<SignalView>,
    pub nav: CaseNav,
    /// The text block that the address asks for; inner `None` where it is not offered.
    pub block: Option<Option<Block>>,
    /// What was typed into a form that was sent back.
    pub typed: Typed,
    /// Which of the timeline, and how many of its oldest.
    pub shown: (Filter, Option<usize>),
}

pub(super) fn assemble(
    reader: &Reader,
    casework: &Casework,
    reading: &SignedIn,
    material: Material,
    Beside { signals, nav, block, mut typed, shown }: Beside,
) -> Result<CaseView, WebError> {
    let (actor, now) = (reading.actor(), casework.app.clock.now());
    let Material { loaded, record, mail, around, licences, register, letter } = material;
    let words = Words::new(&casework.app, reader.language, &around.members, &record.notes)
        .with_people(&loaded.escalation, &register);
    let vouchers = vouchers::list(&loaded, &licences.contacts, actor, now);
    let editor = editor::view(casework, (&loaded, &letter), reading, (&record, &words), now)?;
    let approval = match record.draft.as_ref().filter(|draft| !draft.void) {
        None => None,
        Some(draft) => {
            let text = casework.letter_text(&loaded, &letter, record.sent.as_ref(), "")?;
            let facts = facts_digest(&text.facts);
            Some(approvals::view(&loaded.case, actor, (draft, facts), &around.members, now))
        }
    };
    let mut blocks = blocks::view(around.blocks, &loaded, reading, reader.language, now);
    match block {
        None => {}
        Some(None) => blocks.gone = true,
        Some(Some(block)) => {
            let to = (reading, reader.language);
            typed = blocks::typed(casework, &block, (&loaded, &letter), to, editor.as_ref(), now);
        }
    }
    let CaseRecord { events, files, downloads, decided_on, .. } = record;
    let Mail { emails, happenings, filed: inbound, set_aside } = mail;
    let number = loaded.case.number.to_string();
    let case = &loaded.case;
    let follow_up = follow_up::view(case, &events, &inbound);
    let quiet = quiet_letters();
    let letters: Vec<LetterView> = emails
        .into_iter()
        .rev()
        .map(|email| LetterView::new(case, actor, email, &happenings, &quiet, now))
        .collect();
    let open_emails = letters.iter().filter(|letter| letter.open).count();
    let evidence = evidence::view(
        casework,
        case,
        actor,
        (files, &downloads, &decided_on),
        (&words, reader.language),
        now,
    );
    let quoted = Quoted::of(&inbound).filter(|_| !case.state.is_closed());
    let inbound = inbound
        .into_iter()
        .map(|letter| InboundView { files: FileView::list(&letter.attachments, reader.language), letter })
        .collect();
    let checks = checks::view(case, actor, &register, &words, now);
    let may =
        ActionKind::VARIANTS.iter().map(|kind| (kind.as_str(), case.offers_one(actor, *kind, now))).collect();
    let outcomes = case.offered_outcomes(actor, now);
    let means = Means {
        may: &may,
        checks: &checks,
        vouchers: &vouchers,
        has_editor: editor.is_some(),
        has_outcomes: !outcomes.is_empty(),
        may_add_files: evidence.may_add(),
        may_remove_files: evidence.may_remove(),
        any_readable: evidence.any_readable(),
        unknown: &letter.unknown(),
    };
    let may_approve = approval.as_ref().is_some_and(ApprovalView::may_approve);
    let offers = offers::list(&means, (&may, &letters), may_approve);
    let timeline = timeline::view(
        Parts { trail: &events, letters, inbound, files: evidence.files().to_vec(), news: case.news },
        shown,
        &words,
    );
    let left = loaded.due_at.filter(|due| *due > now && loaded.waiting_for == Party::Us);
    Ok(CaseView {
        next: next::view(case, &means, &words, now),
        path: next::path(&loaded, &words, now),
        watchers: watchers::in_words(&around.watching, reader.language),
        has_news: case.news.is_some(),
        set_aside,
        time_left: left
            .map(|due| words.time_left(case.rules.calendar.time_between(now, due)))
            .unwrap_or_default(),
        waiting_since: loaded.waiting_since,
        number,
        version: loaded.version,
        company: loaded.escalation.company.clone(),
        state: case.state.place(),
        outcome: outcome_of(&case.state),
        waiting_for: loaded.waiting_for,
        due_at: loaded.due_at,
        late: loaded.due_at.is_some_and(|due| due < now),
        renews_on: loaded.renews_on,
        reference: ReferenceView {
            address: loaded
                .reference
                .as_ref()
                .zip(casework.reference_pattern.as_ref())
                .map(|(reference, pattern)| pattern.address(reference)),
            text: loaded.reference.as_ref().map(ToString::to_string),
        },
        owner_id: loaded.owner.map(|owner| owner.0),
        owner: loaded.owner.map(|owner| words.name_of(owner)),
        undeliverable: matches!(case.state, State::Submitted { undeliverable: true, .. }),
        no_access: matches!(case.state, State::WithAtlassian { no_access: true, .. }),
        follow_up,
        contest: contest::view(case, actor, &events, &words, now),
        held: case.held,
        erased: ErasedView::of(case.erased, &events, &words),
        open_emails,
        missing: missing::view(case, &letter.unknown(), &words, now),
        checks,
        signals,
        approval,
        editor,
        blocks,
        evidence,
        quoted,
        timeline,
        facts: people::view(&loaded),
        letter: LetterFactsView {
            company: letter.company,
            hosting: letter.hosting.map_or("unknown", Into::into),
            departed_email: letter.departed_email,
            may_find_address: loaded.escalation.departed.email.stated().is_none(),
            departed_name: letter.departed_name,
            departed_role: letter.departed_role,
            hostings: Hosting::VARIANTS,
            roles: ContactRole::VARIANTS,
        },
        register,
        vouchers,
        may,
        outcomes,
        answers: AtlassianAnswer::VARIANTS,
        colleagues: around.members.into_iter().filter(|member| member.works_cases).collect(),
        typed,
        nav,
        may_export: reading.oversees(),
        offers,
    })
}

/// How the reseller's own system calls the case, and where that leads.
#[derive(Debug, Serialize)]
struct ReferenceView {
    text: Option<String>,
    address: Option<String>,
}

fn outcome_of(state: &State) -> Option<Outcome> {
    match state {
        State::Closed { outcome } => Some(*outcome),
        _ => None,
    }
}
