use std::collections::HashSet;

use strum::VariantArray;

use super::{fields::*, *};
use crate::{
    administration::variables,
    case::{
        correspondence::Writer,
        document::Criterion,
        escalation::{ContactRole, Hosting},
        state::{Party, Place},
        told_staff::{How, NoticeKind},
    },
    mail::outgoing::listed::Shelf,
};

fn words<T: VariantArray + Copy + Into<&'static str>>() -> Vec<&'static str> {
    T::VARIANTS.iter().map(|variant| (*variant).into()).collect()
}

#[test]
fn words_are_those_of_the_rules() {
    assert_eq!(PLACES, words::<Place>());
    assert_eq!(HOSTINGS, words::<Hosting>());
    assert_eq!(ROLES, words::<ContactRole>());
    assert_eq!(WRITERS, words::<Writer>());
    assert_eq!(SHELVES, words::<Shelf>());
    assert_eq!(HOWS, words::<How>());
    assert_eq!(BLOCK_KINDS, words::<variables::Kind>());
    assert_eq!(PARTIES, &words::<Party>()[..5]);
    let criteria: Vec<&str> = Criterion::VARIANTS.iter().map(|criterion| criterion.as_str()).collect();
    assert_eq!(CRITERIA.to_vec(), criteria);
    let told = OTHERS.iter().find(|operation| operation.id == "choose_notifications").unwrap();
    let told: Vec<&str> = told.fields().iter().map(|field| field.name).collect();
    assert_eq!(told[..told.len() - 1], words::<NoticeKind>());
}

#[test]
fn no_operation_stands_twice_and_each_is_below_the_path() {
    let mut seen = HashSet::new();
    for operation in all() {
        assert!(seen.insert((operation.method.method(), operation.path)), "{}", operation.path);
        assert!(seen.insert((Method::TRACE, operation.id)), "{}", operation.id);
        assert!(operation.path.starts_with("/api/v1/"));
        let changes = operation.method == Verb::Post;
        assert_eq!(changes, matches!(operation.takes, Takes::Fields(_) | Takes::Register(_) | Takes::File));
    }
    assert!(twins().all(|twin| all().any(|one| std::ptr::eq(one, twin))));
}

/// What four eyes count, what decides about mail that nobody could assign, and the words of letters: never by a service account.
#[test]
fn a_service_account_has_no_hands() {
    let of_people: Vec<&str> =
        all().filter(|operation| operation.by_people).map(|operation| operation.id).collect();
    assert_eq!(
        of_people,
        [
            "take_next",
            "choose_notifications",
            "read_notifications",
            "prepare",
            "resend_prepared",
            "withdraw_prepared",
            "release_message",
            "discard_message",
            "answer_message",
            "create_block",
            "change_block",
            "retire_block",
            "restore_block",
        ]
    );
}
