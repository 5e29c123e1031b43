//! Proof by exhaustion: every state that a bounded world can reach through the real [`Case::decide`], and in each of
//! them every move of everybody. No path may hand an e-mail to Atlassian without laws 1 and 2 of the design.
//!
//! Beside the walks of the rules stand those of attackers who own one thing each ([`attackers`]).
//!
//! The judge ([`oracle`]) keeps its own memory of what happened and its own arithmetic of the policy; it never asks
//! `policy::evaluate` or `FourEyes`. What is modelled, what is left out, and which guard's removal which walk notices
//! stands in docs/PROOF.md. An action, effect, event or state that the model does not know does not compile.

mod attackers;
mod carry;
mod lens;
mod local;
mod moves;
mod oracle;
mod policies;
mod walk;
mod world;

use std::collections::BTreeSet;

use strum::VariantArray as _;

use crate::case::{action::ActionKind, state::Place};

/// Every lens at once, each in a thread of its own: their coverage is weighed together.
#[test]
#[expect(clippy::print_stdout, reason = "the size of the walks is part of what they say")]
fn no_path_leads_past_the_laws() {
    let walked: Vec<(&lens::Lens, Result<walk::Walked, String>)> = std::thread::scope(|scope| {
        let walks: Vec<_> =
            lens::LENSES.iter().map(|lens| (lens, scope.spawn(|| walk::Walk::through(lens)))).collect();
        walks.into_iter().map(|(lens, walk)| (lens, walk.join().unwrap())).collect()
    });
    let (mut places, mut accepted) = (BTreeSet::new(), BTreeSet::new());
    let mut broken = String::new();
    for (lens, result) in walked {
        match result {
            Err(path) => broken.push_str(&format!("\nlens {:?}: {path}\n", lens.name)),
            Ok(walked) => {
                println!(
                    "lens {:?}: {} states, {} moves, {} of them made, {} hand-overs to Atlassian",
                    lens.name, walked.states, walked.tried, walked.made, walked.handed_over
                );
                // A walk that hands nothing over would prove nothing.
                assert!(
                    walked.handed_over > 0 && walked.delivered > 0,
                    "lens {:?} never delivers",
                    lens.name
                );
                places.extend(walked.places);
                accepted.extend(walked.accepted);
            }
        }
    }
    assert!(broken.is_empty(), "{broken}");
    let missing: Vec<_> = Place::VARIANTS.iter().filter(|place| !places.contains(*place)).collect();
    assert!(missing.is_empty(), "never reached: {missing:?}");
    let missing: Vec<_> = ActionKind::VARIANTS.iter().filter(|kind| !accepted.contains(*kind)).collect();
    assert!(missing.is_empty(), "never accepted: {missing:?}");
}
