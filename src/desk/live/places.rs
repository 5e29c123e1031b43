//! Places for open pages: so many for all, so many for one person; and what needs that person, asked once for all of them. Knows
//! nothing of what is told.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

use crate::case::actor::StaffId;

/// Pages that one process tells of changes; beyond it they are told to come back.
pub(super) const MOST: usize = 500;
/// Of them by one person, who would else take everybody's places.
const MOST_OF_ONE: usize = 20;
/// Of them ask the database at the same time.
const AT_ONCE: usize = 3;

/// Places for open pages, shared by the workers of a process.
#[derive(Clone, Debug)]
pub struct Lines {
    places: Arc<Semaphore>,
    /// One change may concern all of them at once: they ask the database a few at a time, or whoever opens a page would wait.
    pub(super) asking: Arc<Semaphore>,
    people: Arc<Mutex<HashMap<StaffId, Person>>>,
}

/// Somebody with open pages.
#[derive(Clone, Copy, Debug, Default)]
struct Person {
    pages: usize,
    /// What needs them, and when that was asked: one answer for all their pages.
    needs: Option<(Instant, Option<i64>)>,
}

/// The place of one page, given back when it is gone.
pub(super) struct Place {
    staff: StaffId,
    people: Arc<Mutex<HashMap<StaffId, Person>>>,
    _permit: OwnedSemaphorePermit,
}

impl Default for Lines {
    fn default() -> Self {
        Self {
            places: Arc::new(Semaphore::new(MOST)),
            asking: Arc::new(Semaphore::new(AT_ONCE)),
            people: Arc::default(),
        }
    }
}

impl Lines {
    /// `None` where there is none left for this person.
    pub(super) fn take(&self, staff: StaffId) -> Option<Place> {
        let permit = self.places.clone().try_acquire_owned().ok()?;
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        let person = people.entry(staff).or_default();
        if person.pages >= MOST_OF_ONE {
            return None;
        }
        person.pages = person.pages.saturating_add(1);
        Some(Place { staff, people: self.people.clone(), _permit: permit })
    }
}

impl Place {
    /// What was asked since `heard`, or later.
    pub(super) fn needs_since(&self, heard: Instant) -> Option<Option<i64>> {
        let people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        let (asked, needs) = people.get(&self.staff)?.needs?;
        (asked >= heard).then_some(needs)
    }

    pub(super) fn keep_needs(&self, asked: Instant, needs: Option<i64>) {
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(person) = people.get_mut(&self.staff) {
            person.needs = Some((asked, needs));
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        let last = people.get_mut(&self.staff).is_none_or(|person| {
            person.pages = person.pages.saturating_sub(1);
            person.pages == 0
        });
        if last {
            people.remove(&self.staff);
        }
    }
}
