//! Whose word on access closes a case, and that nobody's silence keeps it open.

use super::*;
use crate::case::{correspondence::AtlassianAnswer, news::News};

/// Atlassian says that it is done; the new contact is somebody else, who took it on.
fn asked(accepted: bool) -> Case {
    let checks = if accepted { super::accepted() } else { satisfied() };
    case(State::AwaitingConfirmation { since: now(), said_at: None }, checks)
}

fn next(case: &Case, actor: Actor, action: &Action) -> Case {
    let transition = case.decide(actor, action, now()).unwrap();
    Case { state: transition.next, ..case.clone() }
}

fn closed(case: &Case) -> bool {
    case.state.told() == State::Closed { outcome: Outcome::Completed }
}

#[test]
fn the_new_contacts_word_closes_it_and_the_requesters_waits_for_it() {
    assert!(closed(&next(&asked(true), Actor::Successor, &Action::ConfirmAccess)));
    let said = next(&asked(true), Actor::Requester, &Action::ConfirmAccess);
    assert_eq!(said.state, State::AwaitingConfirmation { since: now(), said_at: Some(now()) });
    assert_eq!(
        said.decide(Actor::Requester, &Action::ConfirmAccess, now()),
        Err(Refusal::NotNow),
        "once is enough"
    );
    assert!(closed(&next(&said, Actor::Successor, &Action::ConfirmAccess)));
}

#[test]
fn who_never_took_it_on_is_not_asked_and_decides_nothing() {
    let case = asked(false);
    assert!(closed(&next(&case, Actor::Requester, &Action::ConfirmAccess)));
    for action in [Action::ConfirmAccess, Action::ReportNoAccess { note: None }] {
        assert_eq!(case.decide(Actor::Successor, &action, now()), Err(Refusal::NotNow));
    }
    assert_eq!(case.unconfirmed_access(), [Notification::AccessConfirmationRequest]);
}

#[test]
fn a_no_of_either_takes_it_back_to_atlassian_also_after_a_yes() {
    let said = next(&asked(true), Actor::Requester, &Action::ConfirmAccess);
    for (case, actor) in [
        (asked(true), Actor::Requester),
        (asked(true), Actor::Successor),
        (said.clone(), Actor::Requester),
        (said, Actor::Successor),
    ] {
        let back = next(&case, actor, &Action::ReportNoAccess { note: None });
        assert_eq!(back.state, State::WithAtlassian { since: now(), no_access: true, silent: false });
        // The next time both are asked anew.
        let ann = Actor::Staff { id: SECOND, role: Role::Agent };
        let done = Action::RecordAtlassianAnswer { answer: AtlassianAnswer::Done, note: None };
        let transition = back.decide(ann, &done, now()).unwrap();
        assert_eq!(transition.next, State::AwaitingConfirmation { since: now(), said_at: None });
        for letter in [Notification::AccessConfirmationRequest, Notification::SuccessorAccessRequest] {
            assert!(transition.effects.contains(&Effect::Notify(letter)), "{letter:?}");
        }
    }
}

#[test]
fn silence_closes_it_on_the_requesters_word_alone() {
    let settle = |case: &Case| case.decide(Actor::System, &Action::SettleAccess, now());
    assert_eq!(settle(&asked(true)), Err(Refusal::NotNow), "nobody has said anything");
    let said = next(&asked(true), Actor::Requester, &Action::ConfirmAccess);
    assert!(closed(&next(&said, Actor::System, &Action::SettleAccess)));
    for actor in [Actor::Requester, Actor::Successor] {
        assert_eq!(said.decide(actor, &Action::SettleAccess, now()), Err(Refusal::NotYours));
    }
    // What came in meanwhile is looked at first.
    let unread = Case { news: Some(News { since: now(), needs_us: true }), ..said.clone() };
    assert_eq!(settle(&unread), Err(Refusal::NotNow));
    let objects = Action::Object { kind: CheckKind::DepartedNotice, contact: None, note: None };
    let contested = next(&said, Actor::DepartedContact, &objects);
    assert_eq!(contested.state.place(), Place::Contested);
    assert_eq!(settle(&contested), Err(Refusal::NotNow));
    assert_eq!(contested.state.told(), said.state, "the customer's side sees nothing of it");
}

#[test]
fn whose_word_is_missing_is_reminded() {
    let reminded =
        |case: &Case| -> Vec<Effect> { case.decide(Actor::System, &Action::Remind, now()).unwrap().effects };
    let both = [Notification::AccessConfirmationRequest, Notification::SuccessorAccessRequest];
    assert_eq!(reminded(&asked(true)), both.map(|letter| Effect::Remind(letter, None)));
    let said = next(&asked(true), Actor::Requester, &Action::ConfirmAccess);
    assert_eq!(reminded(&said), [Effect::Remind(Notification::SuccessorAccessRequest, None)]);
}
