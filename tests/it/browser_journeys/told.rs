//! That somebody objected is told to nobody who asked (`State::told`): two cases that differ in nothing but an objection look the
//! same to the requester and to the new contact, page by page and letter by letter, at every hour.

use handover::case::actor::Role;

use crate::helpers::{
    desk::{Desk, StaffVisitor, Visitor},
    letter::Letter,
    story::{ATLASSIAN, DEPARTED, REQUESTER, SUCCESSOR, form},
};

/// What the two see at one moment.
type Sight = (&'static str, Vec<String>);

/// Without what is drawn by lot for each case and each letter: links, codes, and the port.
fn without_lots(text: &str, desk: &Desk) -> String {
    let text = text.replace(&desk.address, "…");
    let is_code =
        |word: &str| word.len() == 11 && word.as_bytes()[5] == b'-' && !word.contains(char::is_lowercase);
    let is_lot = |word: &str| word.len() == 43 || is_code(word);
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let mut kept = String::new();
    for part in text.split_inclusive(|c| !is_part(c)) {
        let word = part.trim_end_matches(|c| !is_part(c));
        kept.push_str(if is_lot(word) { "…" } else { word });
        kept.push_str(&part[word.len()..]);
    }
    kept
}

struct Two<'a> {
    desk: &'a Desk,
    visitor: Visitor,
    status: String,
    invitation: String,
    seen: Vec<Sight>,
}

impl Two<'_> {
    /// The pages of both as they are now, and what they were written.
    async fn look(&mut self, when: &'static str) {
        self.desk.work_until_idle().await;
        let mut sight = Vec::new();
        for page in [&self.status, &self.invitation] {
            sight.push(without_lots(&self.visitor.get(page).await.text, self.desk));
        }
        for address in [REQUESTER, SUCCESSOR] {
            for Letter { to, subject, text, .. } in self.desk.take_letters(address) {
                sight.push(without_lots(&format!("{to}: {subject}\n{text}"), self.desk));
            }
        }
        self.seen.push((when, sight));
    }
}

/// How a case ends that differs from another in an objection alone.
#[derive(Clone, Copy, PartialEq)]
enum End {
    /// The objection is dismissed, and the change goes on to its end.
    Changed,
    /// The objection is upheld; without one, staff turn the request down.
    TurnedDown,
    /// Whoever asked withdraws, while nobody has ruled on the objection.
    Withdrawn,
}

/// A case from its confirmation to its end, with an objection or without.
async fn lives(objected: bool, end: End) -> Vec<Sight> {
    let desk = Desk::start().await;
    desk.import_register().await;
    // Whoever dismisses an objection approves nothing of that case.
    let cora = desk.staff("cora", Role::Approver).await;
    let visitor = desk.visitor("de");
    let number = desk.confirmed_case(&visitor, &form()).await;
    let (told, invited) = (desk.take_letter(REQUESTER), desk.take_letter(SUCCESSOR));
    let objection = desk.take_letter(DEPARTED).link("objections");
    let (status, invitation) = (told.link("cases"), invited.link("successors"));
    let mut two = Two { desk: &desk, visitor: desk.visitor("de"), status, invitation, seen: Vec::new() };

    two.look("before").await;
    if objected {
        visitor.submit(&objection, &[("note", "Ich bin noch da.")]).await;
        assert_eq!(desk.state(&number).await, "contested");
        two.desk.work_until_idle().await;
        desk.take_letter(DEPARTED);
    }
    two.look("objected").await;
    desk.later(30).await;
    two.look("a day later").await;
    visitor.submit(&two.invitation.clone(), &[("decision", "accept")]).await;
    two.look("accepted").await;
    match (objected, end) {
        (_, End::Withdrawn) => {
            let withdrawal = format!("{}/withdrawal", two.status);
            two.visitor.post(&withdrawal, &[]).await.went_well();
        }
        (true, End::Changed) => ruled(&cora, &number, "dismissed").await,
        (true, End::TurnedDown) => ruled(&cora, &number, "upheld").await,
        (false, End::TurnedDown) => {
            cora.does(&number, "rejection", &[("reason", "A colleague doubts it.")]).await.went_well();
        }
        (false, End::Changed) => {}
    }
    two.look("ruled").await;
    if end == End::Changed {
        goes_on(&mut two, &number).await;
    }
    assert_eq!(desk.state(&number).await, "closed");
    let seen = two.seen;
    desk.take_all_letters();
    desk.finish().await;
    seen
}

async fn ruled(cora: &StaffVisitor, number: &str, ruling: &str) {
    cora.does(number, "objection", &[("ruling", ruling), ("reason", "Asked both.")]).await.went_well();
}

/// As far as the closed case.
async fn goes_on(two: &mut Two<'_>, number: &str) {
    let desk = two.desk;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    ann.calls_back(number).await;
    two.look("called").await;
    for _ in 0..4 {
        desk.later(48).await;
        two.look("two days later").await;
    }
    assert_eq!(desk.state(number).await, "verified");
    ann.drafts(number).await;
    ben.approves(number).await.went_well();
    two.look("with Atlassian").await;
    desk.take_letter(ATLASSIAN);
    ann.does(number, "answer", &[("answer", "done"), ("note", "Done.")]).await.went_well();
    two.look("answered").await;
    // Where the requester's word alone closes nothing, the new contact's does.
    for page in [two.status.clone(), two.invitation.clone()] {
        if desk.state(number).await != "closed" {
            let access = format!("{page}/access-confirmation");
            two.visitor.post(&access, &[("access", "yes")]).await.went_well();
            two.look("confirmed").await;
        }
    }
}

#[actix_web::test]
async fn an_objection_is_seen_by_nobody_who_asked() {
    for end in [End::Changed, End::TurnedDown, End::Withdrawn] {
        let (objected, quiet) = (lives(true, end).await, lives(false, end).await);
        assert_eq!(objected.len(), quiet.len());
        for ((when, objected), (_, quiet)) in objected.iter().zip(&quiet) {
            assert_eq!(objected.len(), quiet.len(), "{when}: {objected:#?} {quiet:#?}");
            for (objected, quiet) in objected.iter().zip(quiet) {
                expect_the_same(when, objected, quiet);
            }
        }
        let letters = quiet.iter().map(|(_, sight)| sight.len() - 2).sum::<usize>();
        assert!(letters >= 2, "{letters} letters were compared");
    }
}

/// Says where the two differ, not all that they are.
#[track_caller]
fn expect_the_same(when: &str, one: &str, other: &str) {
    for (one, other) in one.lines().zip(other.lines()) {
        assert_eq!(one, other, "{when}");
    }
    assert_eq!(one.lines().count(), other.lines().count(), "{when}");
}
