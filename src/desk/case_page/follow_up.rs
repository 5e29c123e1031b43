//! Whether it is time to follow up with Atlassian, in which words.

use serde::Serialize;

use crate::{
    case::{Case, event::Event, state::State},
    casework::TrailLine,
    mail::incoming::quarantine::Filed,
};

#[derive(Debug, Serialize)]
pub struct FollowUpView {
    /// Messages since Atlassian last answered.
    asked: u32,
    /// `mail` came from Atlassian and is to be recorded first; `exhausted`: no use in writing once more; else `write`.
    advice: &'static str,
}

/// `None` unless Atlassian did not answer in time.
pub fn view(case: &Case, trail: &[TrailLine], inbound: &[Filed]) -> Option<FollowUpView> {
    let State::WithAtlassian { silent: true, .. } = case.state else { return None };
    let last = trail.iter().rfind(|line| matches!(line.event, Event::SilenceNoted { .. }))?;
    let Event::SilenceNoted { asked } = last.event else { return None };
    let sent_at = trail.iter().rfind(|line| line.event == Event::Delivered).map(|line| line.at);
    let by_mail = inbound.iter().any(|filed| {
        let is_answer = matches!(filed.kind.as_deref(), Some("reply" | "other"));
        filed.sender == "atlassian" && is_answer && sent_at.is_some_and(|sent| filed.received_at > sent)
    });
    let advice = if by_mail {
        "mail"
    } else if asked > case.rules.follow_ups {
        "exhausted"
    } else {
        "write"
    };
    Some(FollowUpView { asked, advice })
}
