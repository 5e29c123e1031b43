//! THE route table: path → handler → who may. Nothing is reachable that does not stand here.
//!
//! `site` puts it to work; tests walk over it.

use actix_web::{Route, http::Method};

use crate::{
    case::actor::Role,
    demo::{mailbox, mails, time},
    desk::{
        self, account, actions,
        administration::{self, staff as accounts},
        api::operations::{self, Operation},
        second_factors,
    },
    intake, metrics, register,
    staff::session::oversees,
    web::{assets, face, health, language},
    yearly,
};

/// Who may ask for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anybody; what is secret about a case is guarded by a token in its path.
    Public,
    /// Staff with at least this role.
    Staff(Role),
    /// Auditors and administrators: what administrators do is no business of those who work cases.
    Overseers,
    /// Programs with a token for this operation, whose owner has at least this role.
    Token(&'static Operation, Role),
}

impl Who {
    /// Whether staff of this role may.
    pub fn admits(self, role: Role) -> bool {
        match self {
            Self::Public => true,
            Self::Staff(least) => role >= least,
            Self::Token(operation, least) => role >= least && (!operation.for_overseers || oversees(role)),
            Self::Overseers => oversees(role),
        }
    }
}

/// Among what a `POST` that anybody may send is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Public forms.
    Forms,
    /// What identity providers say of who signed out there.
    Logouts,
}

/// One line of the table.
#[derive(Clone, Debug)]
pub struct Entry {
    pub method: Method,
    pub path: &'static str,
    pub who: Who,
    /// Whether another site may show it in a frame, where the configuration names that site. Never what is behind a token or
    /// a session: whoever lays such a page under one of theirs lets people press our buttons without knowing.
    pub framed: bool,
    /// How often what anybody may send is taken.
    pub limit: Limit,
    /// Gives a route its handler.
    pub(crate) handler: fn(Route) -> Route,
}

impl Entry {
    fn framed(self) -> Self {
        Self { framed: true, ..self }
    }

    fn limited_as(self, limit: Limit) -> Self {
        Self { limit, ..self }
    }
}

fn get(path: &'static str, who: Who, handler: fn(Route) -> Route) -> Entry {
    Entry { method: Method::GET, path, who, framed: false, limit: Limit::Forms, handler }
}

fn post(path: &'static str, who: Who, handler: fn(Route) -> Route) -> Entry {
    Entry { method: Method::POST, path, who, framed: false, limit: Limit::Forms, handler }
}

/// For programs; of an operation that is no page's twin.
fn api(operation: &'static Operation, handler: fn(Route) -> Route) -> Entry {
    let who = Who::Token(operation, operation.least);
    Entry {
        method: operation.method.method(),
        path: operation.path,
        who,
        framed: false,
        limit: Limit::Forms,
        handler,
    }
}

/// The twin of a page's action: the same function with the same role, so that page and program can't differ.
fn twin(operation: &'static Operation, pages: &[Entry]) -> Option<Entry> {
    let path = operation.twin();
    let page = pages.iter().find(|page| page.method == Method::POST && page.path == path)?;
    let Who::Staff(least) = page.who else { return None };
    Some(Entry { path: operation.path, who: Who::Token(operation, least), framed: false, ..page.clone() })
}

/// Every route there is. A `GET` also answers `HEAD`. Each action of the desk has a twin for programs, but those that a test below names.
pub fn table() -> Vec<Entry> {
    let mut table = listed();
    let twins: Vec<Entry> = operations::twins().filter_map(|operation| twin(operation, &table)).collect();
    table.extend(twins);
    table
}

fn listed() -> Vec<Entry> {
    use Who::{Overseers, Public, Staff};
    vec![
        get("/static/{name}", Public, |route| route.to(assets::show)),
        get("/brand/{name}", Public, |route| route.to(face::show)),
        get("/health/live", Public, |route| route.to(health::live)),
        get("/health/ready", Public, |route| route.to(health::ready)),
        get("/metrics", Public, |route| route.to(metrics::show)),
        post("/language", Public, |route| route.to(language::choose)),
        get("/dev/mail", Public, |route| route.to(mailbox::list)),
        get("/dev/mail/{name}", Public, |route| route.to(mailbox::show)),
        get("/dev/mail/{name}/html", Public, |route| route.to(mailbox::html)),
        get(mails::PATH, Public, |route| route.to(mails::list)),
        get("/dev/mails/{name}", Public, |route| route.to(mails::show)),
        get("/dev/mails/{name}/html", Public, |route| route.to(mails::html)),
        get(time::PATH, Public, |route| route.to(time::show)),
        post(time::PATH, Public, |route| route.to(time::pass)),
        get("/", Public, |route| route.to(intake::home::show)).framed(),
        get("/mail-checks", Public, |route| route.to(intake::mail_checks::new)),
        post("/mail-checks", Public, |route| route.to(intake::mail_checks::create)),
        get("/guide", Public, |route| route.to(intake::guide::pages::ask)).framed(),
        get("/guide/thanks", Public, |route| route.to(intake::guide::pages::thanks)).framed(),
        get("/guide/{leaf}", Public, |route| route.to(intake::guide::pages::show)).framed(),
        post("/guide/{leaf}", Public, |route| route.to(intake::guide::pages::answer)).framed(),
        get("/escalations/new", Public, |route| route.to(intake::steps::new)).framed(),
        get(intake::steps::PATH, Public, |route| route.to(intake::steps::resume)).framed(),
        post(intake::steps::PATH, Public, |route| route.to(intake::steps::take)).framed(),
        post("/escalations", Public, |route| route.to(intake::escalations::create)).framed(),
        get("/escalations/sent", Public, |route| route.to(intake::sent::any)).framed(),
        get("/escalations/sent/{token}", Public, |route| route.to(intake::sent::show)),
        post("/escalations/sent/{token}/letter", Public, |route| route.to(intake::sent::send_again)),
        post("/escalations/sent/{token}/address", Public, |route| route.to(intake::sent::mend)),
        get("/prepared/{token}", Public, |route| route.to(intake::prepared::show)),
        post("/prepared/{token}", Public, |route| route.to(intake::prepared::create)),
        get("/confirmations/{token}", Public, |route| route.to(intake::confirmations::show)),
        post("/confirmations/{token}", Public, |route| route.to(intake::confirmations::create)),
        post("/confirmations/{token}/letter", Public, |route| route.to(intake::confirmations::ask_once_more)),
        get("/cases/{token}", Public, |route| route.to(intake::cases::show)),
        post("/cases/{token}/withdrawal", Public, |route| route.to(intake::cases::withdraw)),
        post("/cases/{token}/answer", Public, |route| route.to(intake::cases::answer)),
        post("/cases/{token}/access-confirmation", Public, |route| route.to(intake::cases::confirm_access)),
        post("/cases/{token}/domain-challenge", Public, |route| route.to(intake::challenges::create)),
        post("/cases/{token}/domain-look", Public, |route| route.to(intake::challenges::look)),
        post("/cases/{token}/addresses/{whose}", Public, |route| route.to(intake::corrections::create)),
        post("/cases/{token}/claims/{topic}", Public, |route| route.to(intake::claims::create)),
        get("/cases/{token}/authorisation-letter", Public, |route| route.to(intake::authorisation::show)),
        get("/cases/{token}/authorisation-letter.pdf", Public, |route| {
            route.to(intake::authorisation::download)
        }),
        post("/cases/{token}/evidence", Public, |route| route.to(intake::evidence::create)),
        post("/cases/{token}/evidence/{id}/removal", Public, |route| route.to(intake::evidence::remove)),
        get("/successors/{token}", Public, |route| route.to(intake::successors::show)),
        post("/successors/{token}", Public, |route| route.to(intake::successors::create)),
        post("/successors/{token}/access-confirmation", Public, |route| route.to(intake::access::create)),
        get("/objections/{token}", Public, |route| route.to(intake::objections::show)),
        post("/objections/{token}", Public, |route| route.to(intake::objections::create)),
        get("/vouchers/{token}", Public, |route| route.to(intake::vouchers::show)),
        post("/vouchers/{token}", Public, |route| route.to(intake::vouchers::create)),
        get("/contact-checks/{token}", Public, |route| route.to(yearly::pages::show)),
        post("/contact-checks/{token}", Public, |route| route.to(yearly::pages::answer)),
        get("/contact-checks/{token}/unsubscription", Public, |route| {
            route.to(yearly::pages::confirm_unsubscription)
        }),
        post("/contact-checks/{token}/unsubscription", Public, |route| route.to(yearly::pages::unsubscribe)),
        get(desk::sign_in::PATH, Public, |route| route.to(desk::sign_in::show)),
        post(desk::sign_in::PATH, Public, |route| route.to(desk::sign_in::submit)),
        get("/desk/invitations/{token}", Public, |route| route.to(account::invitations::show)),
        post("/desk/invitations/{token}", Public, |route| route.to(account::invitations::accept)),
        get(account::resets::PATH, Public, |route| route.to(account::resets::new)),
        post(account::resets::PATH, Public, |route| route.to(account::resets::create)),
        get("/desk/password-resets/{token}", Public, |route| route.to(account::resets::show)),
        post("/desk/password-resets/{token}", Public, |route| route.to(account::resets::set)),
        get(account::PATH, Staff(Role::Auditor), |route| route.to(account::show)),
        post("/desk/account/password", Staff(Role::Auditor), |route| route.to(account::change_password)),
        post("/desk/account/language", Staff(Role::Auditor), |route| route.to(account::choose_language)),
        post("/desk/account/sessions/ending", Staff(Role::Auditor), |route| {
            route.to(account::end_other_sessions)
        }),
        post("/desk/account/sessions/{id}/ending", Staff(Role::Auditor), |route| {
            route.to(account::end_session)
        }),
        get("/desk/sign-in/with/{provider}", Public, |route| route.to(desk::identities::begin)),
        get("/desk/sign-in/with/{provider}/callback", Public, |route| route.to(desk::identities::finish)),
        post("/desk/sign-in/with/{provider}/logout", Public, |route| route.to(desk::identities::sign_out))
            .limited_as(Limit::Logouts),
        get(second_factors::sign_in::PATH, Public, |route| route.to(second_factors::sign_in::show)),
        post(second_factors::sign_in::PATH, Public, |route| route.to(second_factors::sign_in::submit)),
        post(second_factors::sign_in::PASSKEY_PATH, Public, |route| {
            route.to(second_factors::sign_in::by_passkey)
        }),
        post("/desk/sign-in/passkey/challenge", Public, |route| route.to(second_factors::sign_in::challenge)),
        get("/desk/cases", Staff(Role::Auditor), |route| route.to(desk::queue::show)),
        get("/desk/cases.csv", Staff(Role::Auditor), |route| route.to(desk::queue::csv::show)),
        get("/desk/search", Staff(Role::Auditor), |route| route.to(desk::queue::search)),
        post("/desk/next", Staff(Role::Agent), |route| route.to(desk::queue::take_next)),
        post(desk::bulk::PATH, Staff(Role::Agent), |route| route.to(desk::bulk::run)),
        post("/desk/views", Staff(Role::Agent), |route| route.to(desk::queue::views::save)),
        post("/desk/views/{id}/deletion", Staff(Role::Agent), |route| route.to(desk::queue::views::delete)),
        get("/desk/cases/{number}", Staff(Role::Auditor), |route| route.to(desk::case_page::show)),
        get("/desk/cases/{number}/approval", Staff(Role::Auditor), |route| route.to(desk::approval::show)),
        get("/desk/cases/{number}/emails/{id}", Staff(Role::Auditor), |route| {
            route.to(desk::approval::show_email)
        }),
        post("/desk/cases/{number}/checks/{kind}", Staff(Role::Agent), |route| {
            route.to(actions::decide_check)
        }),
        post("/desk/cases/{number}/evidence", Staff(Role::Agent), |route| route.to(actions::add_evidence)),
        post("/desk/cases/{number}/evidence-removal", Staff(Role::Agent), |route| {
            route.to(actions::remove_evidence)
        }),
        get("/desk/cases/{number}/pack", Overseers, |route| route.to(desk::pack::download)),
        get("/desk/cases/{number}/evidence/{id}", Staff(Role::Auditor), |route| {
            route.to(desk::evidence::download)
        }),
        post("/desk/cases/{number}/vouch", Staff(Role::Agent), |route| route.to(actions::request_vouch)),
        post("/desk/cases/{number}/draft", Staff(Role::Agent), |route| route.to(actions::save)),
        post("/desk/cases/{number}/corrections", Staff(Role::Agent), |route| {
            route.to(actions::correct_facts)
        }),
        post("/desk/cases/{number}/draft/return", Staff(Role::Agent), |route| {
            route.to(actions::return_draft)
        }),
        post("/desk/cases/{number}/approval", Staff(Role::Approver), |route| route.to(actions::approve)),
        post("/desk/cases/{number}/recall", Staff(Role::Agent), |route| route.to(actions::recall)),
        post("/desk/cases/{number}/question", Staff(Role::Agent), |route| route.to(actions::ask)),
        post("/desk/cases/{number}/answer", Staff(Role::Agent), |route| route.to(actions::record_answer)),
        post("/desk/cases/{number}/rejection", Staff(Role::Agent), |route| route.to(actions::reject)),
        post("/desk/cases/{number}/closing", Staff(Role::Agent), |route| route.to(actions::close)),
        post("/desk/cases/{number}/reopening", Staff(Role::Approver), |route| route.to(actions::reopen)),
        post("/desk/cases/{number}/hold", Staff(Role::Approver), |route| route.to(actions::hold)),
        post("/desk/cases/{number}/hold-lifting", Staff(Role::Approver), |route| {
            route.to(actions::lift_hold)
        }),
        post("/desk/cases/{number}/objection", Staff(Role::Agent), |route| route.to(actions::object)),
        post("/desk/cases/{number}/assignment", Staff(Role::Agent), |route| route.to(actions::assign)),
        post("/desk/cases/{number}/reference", Staff(Role::Agent), |route| route.to(actions::refer)),
        post("/desk/cases/{number}/seen", Staff(Role::Agent), |route| route.to(actions::mark_seen)),
        post("/desk/cases/{number}/reminder", Staff(Role::Agent), |route| route.to(actions::remind)),
        post("/desk/cases/{number}/notes", Staff(Role::Agent), |route| route.to(actions::add_note)),
        post("/desk/cases/{number}/emails/{id}/retry", Staff(Role::Agent), |route| route.to(actions::retry)),
        post("/desk/cases/{number}/emails/{id}/replacement", Staff(Role::Agent), |route| {
            route.to(actions::replace)
        }),
        post("/desk/cases/{number}/emails/{id}/cancellation", Staff(Role::Agent), |route| {
            route.to(actions::cancel)
        }),
        post("/desk/cases/{number}/emails/{id}/settlement", Staff(Role::Agent), |route| {
            route.to(actions::settle)
        }),
        get("/desk/cases/{number}/blocks/{id}", Staff(Role::Agent), |route| {
            route.to(desk::case_page::show_block)
        }),
        get(administration::trail::PATH, Overseers, |route| route.to(administration::trail::show)),
        get(administration::log::PATH, Overseers, |route| route.to(administration::log::show)),
        get("/desk/administration/log/heads/{size}", Overseers, |route| {
            route.to(administration::log::download)
        }),
        get("/desk/administration/log/heads/{size}/stamp", Overseers, |route| {
            route.to(administration::log::download_stamp)
        }),
        get("/desk/administration/trail.csv", Overseers, |route| route.to(administration::trail::download)),
        get(administration::text_blocks::PATH, Staff(Role::Admin), |route| {
            route.to(administration::text_blocks::list)
        }),
        post(administration::text_blocks::PATH, Staff(Role::Admin), |route| {
            route.to(administration::text_blocks::create)
        }),
        get("/desk/administration/text_blocks/new", Staff(Role::Admin), |route| {
            route.to(administration::text_blocks::new)
        }),
        get("/desk/administration/text_blocks/{id}", Staff(Role::Admin), |route| {
            route.to(administration::text_blocks::show)
        }),
        post("/desk/administration/text_blocks/{id}", Staff(Role::Admin), |route| {
            route.to(administration::text_blocks::change)
        }),
        post("/desk/administration/text_blocks/{id}/retirement", Staff(Role::Admin), |route| {
            route.to(administration::text_blocks::retire)
        }),
        post("/desk/administration/text_blocks/{id}/restoration", Staff(Role::Admin), |route| {
            route.to(administration::text_blocks::restore)
        }),
        get(administration::persons::PATH, Staff(Role::Admin), |route| {
            route.to(administration::persons::show)
        }),
        post(administration::persons::PATH, Staff(Role::Admin), |route| {
            route.to(administration::persons::find)
        }),
        post("/desk/administration/persons/copy", Staff(Role::Admin), |route| {
            route.to(administration::persons::save)
        }),
        post("/desk/administration/persons/requests", Staff(Role::Admin), |route| {
            route.to(administration::persons::ask)
        }),
        post("/desk/administration/persons/requests/{id}/consent", Staff(Role::Admin), |route| {
            route.to(administration::persons::consent)
        }),
        post("/desk/administration/persons/requests/{id}/withdrawal", Staff(Role::Admin), |route| {
            route.to(administration::persons::withdraw)
        }),
        get(administration::webhooks::PATH, Staff(Role::Admin), |route| {
            route.to(administration::webhooks::list)
        }),
        post(administration::webhooks::PATH, Staff(Role::Admin), |route| {
            route.to(administration::webhooks::create)
        }),
        get("/desk/administration/webhooks/new", Staff(Role::Admin), |route| {
            route.to(administration::webhooks::new)
        }),
        get("/desk/administration/webhooks/{id}", Staff(Role::Admin), |route| {
            route.to(administration::webhooks::show)
        }),
        post("/desk/administration/webhooks/{id}", Staff(Role::Admin), |route| {
            route.to(administration::webhooks::change)
        }),
        post("/desk/administration/webhooks/{id}/rotation", Staff(Role::Admin), |route| {
            route.to(administration::webhooks::rotate)
        }),
        post("/desk/administration/webhooks/{id}/enabling", Staff(Role::Admin), |route| {
            route.to(administration::webhooks::enable)
        }),
        post("/desk/administration/webhooks/{id}/disabling", Staff(Role::Admin), |route| {
            route.to(administration::webhooks::disable)
        }),
        post("/desk/administration/webhooks/{id}/deletion", Staff(Role::Admin), |route| {
            route.to(administration::webhooks::delete)
        }),
        post("/desk/administration/webhooks/{id}/test", Staff(Role::Admin), |route| {
            route.to(administration::webhooks::test)
        }),
        post(
            "/desk/administration/webhooks/{id}/deliveries/{delivery}/repetition",
            Staff(Role::Admin),
            |route| route.to(administration::webhooks::repeat),
        ),
        get(administration::services::PATH, Overseers, |route| route.to(administration::services::list)),
        get("/desk/administration/services/{id}", Overseers, |route| {
            route.to(administration::services::show)
        }),
        post("/desk/administration/services/{id}/deactivation", Staff(Role::Admin), |route| {
            route.to(administration::services::deactivate)
        }),
        post("/desk/administration/services/{id}/reactivation", Staff(Role::Admin), |route| {
            route.to(administration::services::reactivate)
        }),
        get(accounts::PATH, Overseers, |route| route.to(accounts::list)),
        post("/desk/administration/staff/invitations", Staff(Role::Admin), |route| {
            route.to(accounts::invite)
        }),
        post("/desk/administration/staff/invitations/{id}/letter", Staff(Role::Admin), |route| {
            route.to(accounts::send_again)
        }),
        post("/desk/administration/staff/invitations/{id}/withdrawal", Staff(Role::Admin), |route| {
            route.to(accounts::withdraw)
        }),
        get("/desk/administration/staff/{id}", Overseers, |route| route.to(accounts::person::show)),
        post("/desk/administration/staff/{id}/role", Staff(Role::Admin), |route| {
            route.to(accounts::person::set_role)
        }),
        post("/desk/administration/staff/{id}/deactivation", Staff(Role::Admin), |route| {
            route.to(accounts::person::deactivate)
        }),
        post("/desk/administration/staff/{id}/hand-over", Staff(Role::Admin), |route| {
            route.to(accounts::person::hand_over)
        }),
        post("/desk/administration/staff/{id}/reactivation", Staff(Role::Admin), |route| {
            route.to(accounts::person::reactivate)
        }),
        post("/desk/administration/staff/{id}/sessions/ending", Staff(Role::Admin), |route| {
            route.to(accounts::person::end_sessions)
        }),
        post("/desk/administration/identities/{id}/unbinding", Staff(Role::Admin), |route| {
            route.to(desk::identities::unbind)
        }),
        get("/desk/mail", Staff(Role::Auditor), |route| route.to(desk::mail::show)),
        get(desk::overview::PATH, Staff(Role::Auditor), |route| route.to(desk::overview::show)),
        get("/desk/overview/{figure}.csv", Staff(Role::Auditor), |route| route.to(desk::overview::csv)),
        get("/desk/quarantine", Staff(Role::Auditor), |route| route.to(desk::quarantine::show)),
        get("/desk/inbound/{id}/original", Staff(Role::Auditor), |route| route.to(desk::inbound::original)),
        get("/desk/inbound/{id}/attachments/{part}", Staff(Role::Auditor), |route| {
            route.to(desk::inbound::attachment)
        }),
        post("/desk/quarantine/{id}/release", Staff(Role::Agent), |route| {
            route.to(desk::quarantine::release)
        }),
        post("/desk/quarantine/{id}/discard", Staff(Role::Agent), |route| {
            route.to(desk::quarantine::discard)
        }),
        get("/desk/quarantine/{id}/answer", Staff(Role::Agent), |route| route.to(desk::answer::show)),
        post("/desk/quarantine/{id}/answer", Staff(Role::Agent), |route| route.to(desk::answer::create)),
        get("/desk/prepared", Staff(Role::Auditor), |route| route.to(desk::prepared::show)),
        get("/desk/prepared/new", Staff(Role::Agent), |route| route.to(desk::prepared::form::new)),
        post("/desk/prepared", Staff(Role::Agent), |route| route.to(desk::prepared::form::create)),
        post("/desk/prepared/{id}/letter", Staff(Role::Agent), |route| route.to(desk::prepared::resend)),
        post("/desk/prepared/{id}/withdrawal", Staff(Role::Agent), |route| {
            route.to(desk::prepared::withdraw)
        }),
        get(administration::retention::PATH, Staff(Role::Auditor), |route| {
            route.to(administration::retention::show)
        }),
        get(administration::PATH, Staff(Role::Auditor), |route| route.to(administration::show)),
        get(administration::register::PATH, Staff(Role::Auditor), |route| {
            route.to(administration::register::show)
        }),
        get("/desk/administration/register/{id}", Staff(Role::Auditor), |route| {
            route.to(administration::customer::show)
        }),
        get(administration::imports::PATH, Staff(Role::Auditor), |route| {
            route.to(administration::imports::list)
        }),
        get("/desk/administration/imports/{id}", Staff(Role::Auditor), |route| {
            route.to(administration::imports::show)
        }),
        get(administration::health::PATH, Staff(Role::Auditor), |route| {
            route.to(administration::health::show)
        }),
        get("/desk/administration/health.csv", Overseers, |route| route.to(administration::health::csv)),
        get(administration::yearly::PATH, Staff(Role::Auditor), |route| {
            route.to(administration::yearly::show)
        }),
        get(administration::policy::PATH, Staff(Role::Auditor), |route| {
            route.to(administration::policy::show)
        }),
        get(administration::mail::PATH, Staff(Role::Auditor), |route| route.to(administration::mail::show)),
        get(administration::calendar::PATH, Staff(Role::Auditor), |route| {
            route.to(administration::calendar::show)
        }),
        get(desk::notifications::PATH, Staff(Role::Auditor), |route| route.to(desk::notifications::show)),
        post(desk::notifications::PATH, Staff(Role::Auditor), |route| route.to(desk::notifications::save)),
        get(second_factors::PATH, Staff(Role::Auditor), |route| route.to(second_factors::show)),
        post("/desk/account/second-factors/apps", Staff(Role::Auditor), |route| {
            route.to(second_factors::totp::begin)
        }),
        get("/desk/account/second-factors/apps/{id}", Staff(Role::Auditor), |route| {
            route.to(second_factors::totp::show)
        }),
        get("/desk/account/second-factors/apps/{id}/code.svg", Staff(Role::Auditor), |route| {
            route.to(second_factors::totp::picture)
        }),
        post("/desk/account/second-factors/apps/{id}", Staff(Role::Auditor), |route| {
            route.to(second_factors::totp::confirm)
        }),
        post("/desk/account/second-factors/apps/{id}/removal", Staff(Role::Auditor), |route| {
            route.to(second_factors::totp::remove)
        }),
        post("/desk/account/second-factors/challenge", Staff(Role::Auditor), |route| {
            route.to(second_factors::passkeys::challenge)
        }),
        post("/desk/account/second-factors/passkeys/enrolment", Staff(Role::Auditor), |route| {
            route.to(second_factors::passkeys::begin)
        }),
        post("/desk/account/second-factors/passkeys", Staff(Role::Auditor), |route| {
            route.to(second_factors::passkeys::create)
        }),
        post("/desk/account/second-factors/passkeys/{id}/removal", Staff(Role::Auditor), |route| {
            route.to(second_factors::passkeys::remove)
        }),
        post("/desk/account/second-factors/fresh", Staff(Role::Auditor), |route| {
            route.to(second_factors::show_fresh)
        }),
        post("/desk/account/second-factors/recovery-codes", Staff(Role::Auditor), |route| {
            route.to(second_factors::renew_codes)
        }),
        get(administration::second_factors::PATH, Staff(Role::Admin), |route| {
            route.to(administration::second_factors::show)
        }),
        post("/desk/administration/second-factors/{id}/reset", Staff(Role::Admin), |route| {
            route.to(administration::second_factors::reset)
        }),
        get(desk::live::PATH, Staff(Role::Auditor), |route| route.to(desk::live::show)),
        get(desk::tokens::PATH, Staff(Role::Auditor), |route| route.to(desk::tokens::show)),
        post(desk::tokens::PATH, Staff(Role::Auditor), |route| route.to(desk::tokens::create)),
        post("/desk/account/tokens/{id}/end", Staff(Role::Auditor), |route| route.to(desk::tokens::end)),
        post("/desk/sign-out", Staff(Role::Auditor), |route| route.to(desk::sign_in::sign_out)),
        get(desk::api::PATH, Public, |route| route.to(desk::api::reference::show)),
        get("/api/v1/openapi.json", Public, |route| route.to(desk::api::document::show)),
        get("/api/v1/viewer", Public, |route| route.to(desk::api::viewer::show)),
        get("/api/v1/viewer/{name}", Public, |route| route.to(desk::api::viewer::file)),
        api(&operations::LIST_CASES, |route| route.to(desk::api::cases::list)),
        api(&operations::READ_CASE, |route| route.to(desk::api::case::show)),
        api(&operations::READ_PACK, |route| route.to(desk::api::pack::download)),
        api(&operations::APPROVE, |route| route.to(desk::api::stay::approve)),
        api(&operations::LIST_VIEWS, |route| route.to(desk::queue::views::tell)),
        api(&operations::READ_NOTIFICATIONS, |route| route.to(desk::notifications::tell)),
        api(&operations::LIST_PREPARED, |route| route.to(desk::api::prepared::list)),
        api(&operations::LIST_QUARANTINE, |route| route.to(desk::api::quarantine::list)),
        api(&operations::READ_QUARANTINED, |route| route.to(desk::api::quarantine::show)),
        api(&operations::LIST_MAIL, |route| route.to(desk::api::mail::list)),
        api(&operations::LIST_BLOCKS, |route| route.to(desk::api::blocks::list)),
        api(&operations::READ_BLOCK, |route| route.to(desk::api::blocks::show)),
        api(&operations::LIST_CUSTOMERS, |route| route.to(desk::api::customers::list)),
        api(&operations::READ_CUSTOMER, |route| route.to(desk::api::customers::show)),
        api(&operations::IMPORT_REGISTER, |route| route.to(register::upload::create)),
        api(&operations::READ_REPORT, |route| route.to(desk::api::reports::show)),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_line_stands_twice() {
        let mut seen = HashSet::new();
        for entry in table() {
            assert!(seen.insert((entry.method.clone(), entry.path)), "{} {} twice", entry.method, entry.path);
        }
    }

    /// What people alone do, each with the reason: what stands here can't be done by a program. A new action of the desk has a twin,
    /// or somebody writes it down here and says why.
    const BY_PEOPLE_ALONE: [(&str, &str); 12] = [
        (
            "/desk/cases/{number}/approval",
            "decision 157: it has an address for programs, which says no and where",
        ),
        ("/desk/sign-in", "how people sign in; a token is no way to a session"),
        ("/desk/sign-out", "ends the session of a browser; a program has none"),
        ("/desk/invitations/", "opened with the link of a letter, by whoever has no account yet"),
        ("/desk/password-resets", "opened with the link of a letter, or asks for one"),
        (
            "/desk/account/",
            "passwords, sessions, second factors and tokens: who has a token must not make it last",
        ),
        (
            "/desk/administration/staff",
            "who may sign in, and as what: asks for a second factor, which no token has",
        ),
        (
            "/desk/administration/persons",
            "what is kept of somebody leaves the house or is erased: two people, with a second factor",
        ),
        ("/desk/administration/services", "whose tokens there are: asks for a second factor"),
        ("/desk/administration/second-factors/", "takes second factors away"),
        ("/desk/administration/identities/", "who may sign in by an identity provider"),
        ("/desk/administration/webhooks", "where data goes: shows a secret once, to a person"),
    ];

    /// No route for programs without a scope and a role, no operation without a route, no action of the desk without its twin: the same
    /// function with the same role.
    #[test]
    fn pages_and_programs_have_the_same_actions_with_the_same_functions() {
        let table = table();
        let for_programs: Vec<&Entry> = table
            .iter()
            .filter(|entry| entry.path.starts_with("/api/v1/") && !OPEN_TO_ALL.contains(&entry.path))
            .collect();
        assert_eq!(for_programs.len(), operations::all().count());
        for entry in &for_programs {
            let Who::Token(operation, least) = entry.who else { panic!("{} asks for no token", entry.path) };
            assert_eq!((operation.method.method(), operation.path), (entry.method.clone(), entry.path));
            // What is read is read by the same people, too.
            let page = table.iter().find(|page| page.method == entry.method && page.path == operation.twin());
            let Some(page) = page else {
                let alone = ["/api/v1/register/", "/api/v1/reports/", "/api/v1/views", "/api/v1/quarantine/"];
                assert!(alone.iter().any(|path| entry.path.starts_with(path)), "{} has no page", entry.path);
                continue;
            };
            let who = if operation.for_overseers { Who::Overseers } else { Who::Staff(least) };
            assert_eq!((page.who, operation.least), (who, least), "{}", entry.path);
            if entry.method == Method::POST && operation.id != "approve" {
                assert!(std::ptr::fn_addr_eq(page.handler, entry.handler), "{}", entry.path);
            }
        }
        let mut unused: HashSet<&str> = BY_PEOPLE_ALONE.iter().map(|(path, _)| *path).collect();
        for page in table.iter().filter(|page| page.method == Method::POST && page.path.starts_with("/desk/"))
        {
            let twin = for_programs.iter().find(|entry| {
                entry.method == Method::POST && entry.path.replacen("/api/v1", "/desk", 1) == page.path
            });
            let reason = BY_PEOPLE_ALONE.iter().find(|(path, _)| match path.strip_suffix('/') {
                Some(_) => page.path.starts_with(path),
                None => {
                    page.path == *path
                        || page.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
                }
            });
            let same = twin.is_some_and(|twin| std::ptr::fn_addr_eq(page.handler, twin.handler));
            assert!(same != reason.is_some(), "{} needs a twin, or a reason for having none", page.path);
            if let Some((path, _)) = reason {
                unused.remove(path);
            }
        }
        assert!(unused.is_empty(), "reasons for what is not there: {unused:?}");
    }

    /// What is the same for everybody, and of nobody.
    const OPEN_TO_ALL: [&str; 3] = ["/api/v1/openapi.json", "/api/v1/viewer", "/api/v1/viewer/{name}"];

    #[test]
    fn the_desk_is_for_staff() {
        for entry in table() {
            let open = [
                desk::sign_in::PATH,
                desk::api::PATH,
                "/desk/invitations/{token}",
                account::resets::PATH,
                "/desk/password-resets/{token}",
            ]
            .contains(&entry.path)
                || OPEN_TO_ALL.contains(&entry.path)
                // With an identity provider, too.
                || entry.path.starts_with(desk::sign_in::PATH);
            let of_the_desk = (entry.path.starts_with("/desk/") || entry.path.starts_with("/api/")) && !open;
            assert_eq!(of_the_desk, entry.who != Who::Public, "{} {}", entry.method, entry.path);
        }
    }
}
