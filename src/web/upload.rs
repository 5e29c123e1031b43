//! One file from a form, read while it comes and never more of it than is allowed.
//!
//! Only so many files are in memory at once in the whole process; who comes later waits, unread. Staff wait in a queue of
//! their own, so that nobody outside can keep them waiting by sending slowly. Looks at no content: what a file is, is for
//! `evidence`.

use std::{sync::Arc, time::Duration};

use actix_multipart::{Field, Multipart, MultipartError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    error::WebError,
    fields,
    pace::{Floor, Pace, TooSlow},
};

/// The name of the form's file field.
const FIELD: &str = "file";
/// What is too large is read on to this multiple, and thrown away, so that the browser gets to see why.
const PATIENCE: usize = 4;

/// One for the whole process, shared by its workers.
#[derive(Clone, Debug)]
pub struct Uploads {
    public: Arc<Semaphore>,
    desk: Arc<Semaphore>,
    /// Bytes of one file.
    most: usize,
    time: Duration,
    floor: Floor,
}

/// Who sends a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    Public,
    Desk,
}

/// A file that was read whole. Keeps its place until it is dropped.
#[derive(Debug)]
pub struct Upload {
    /// As it was sent; not to be trusted.
    pub name: String,
    pub bytes: Vec<u8>,
    _slot: OwnedSemaphorePermit,
}

/// Why there is no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoUpload {
    Missing,
    Several,
    TooLarge,
    BrokenOff,
    TooSlow,
}

impl Uploads {
    /// `at_once` files of each queue, of `most` bytes each, not slower than `floor`.
    pub fn new(at_once: usize, most: usize, time: Duration, floor: Floor) -> Self {
        let slots = || Arc::new(Semaphore::new(at_once.max(1)));
        Self { public: slots(), desk: slots(), most, time, floor }
    }

    /// Reads the file of a form; other fields are passed over.
    ///
    /// # Errors
    /// [`WebError::NotAForm`] for what is no such form at all, [`WebError::TooSlow`] for a sender who lets us wait; the inner
    /// one for people.
    pub async fn read(&self, queue: Queue, form: Multipart) -> Result<Result<Upload, NoUpload>, WebError> {
        match tokio::time::timeout(self.time, self.read_in_turn(queue, form)).await {
            Ok(read) => read,
            Err(_) => Ok(Err(NoUpload::TooSlow)),
        }
    }

    fn slots(&self, queue: Queue) -> &Arc<Semaphore> {
        match queue {
            Queue::Public => &self.public,
            Queue::Desk => &self.desk,
        }
    }

    async fn read_in_turn(
        &self,
        queue: Queue,
        mut form: Multipart,
    ) -> Result<Result<Upload, NoUpload>, WebError> {
        let slot = self.slots(queue).clone().acquire_owned().await.map_err(anyhow::Error::from)?;
        let mut pace = Pace::begin(self.floor);
        let mut found: Option<(String, Vec<u8>)> = None;
        // Of all that comes, the file and the other fields.
        let mut left = self.most.saturating_mul(PATIENCE).saturating_add(fields::LIMIT);
        let mut problem = None;
        while let Some(field) = pace.next(&mut form).await? {
            let mut field = match field {
                Ok(field) => field,
                Err(error) => return refuse(&error),
            };
            let is_file = field.name() == Some(FIELD);
            let name = field.content_disposition().and_then(|words| words.get_filename());
            let name = name.unwrap_or_default().to_owned();
            let most = if is_file && problem.is_none() { self.most } else { 0 };
            match drain(&mut field, most, &mut left, &mut pace).await? {
                Ok(bytes) if is_file => match (bytes, &found) {
                    (None, _) => problem = problem.or(Some(NoUpload::TooLarge)),
                    (Some(bytes), None) if !bytes.is_empty() => found = Some((name, bytes)),
                    (Some(bytes), Some(_)) if !bytes.is_empty() => problem = Some(NoUpload::Several),
                    _ => {}
                },
                Ok(_) => {}
                Err(error) => return refuse(&error),
            }
            if left == 0 {
                return Ok(Err(NoUpload::TooLarge));
            }
        }
        Ok(match (problem, found) {
            (Some(problem), _) => Err(problem),
            (None, Some((name, bytes))) => Ok(Upload { name, bytes, _slot: slot }),
            (None, None) => Err(NoUpload::Missing),
        })
    }
}

/// Reads a field to its end, or until nothing is `left` of what may come; `None` where it is larger than `most`.
async fn drain(
    field: &mut Field,
    most: usize,
    left: &mut usize,
    pace: &mut Pace,
) -> Result<Result<Option<Vec<u8>>, MultipartError>, TooSlow> {
    let mut kept = Some(Vec::new());
    while let Some(chunk) = pace.next(field).await? {
        let chunk = match chunk {
            Ok(chunk) => chunk,
            Err(error) => return Ok(Err(error)),
        };
        pace.count(chunk.len())?;
        *left = left.saturating_sub(chunk.len());
        if *left == 0 {
            return Ok(Ok(None));
        }
        if let Some(bytes) = kept.as_mut()
            && bytes.len().saturating_add(chunk.len()) <= most
        {
            bytes.extend_from_slice(&chunk);
        } else {
            kept = None;
        }
    }
    Ok(Ok(kept))
}

impl From<TooSlow> for WebError {
    fn from(TooSlow: TooSlow) -> Self {
        Self::TooSlow
    }
}

fn refuse(error: &MultipartError) -> Result<Result<Upload, NoUpload>, WebError> {
    match error {
        MultipartError::ContentTypeMissing
        | MultipartError::ContentTypeParse
        | MultipartError::ContentTypeIncompatible
        | MultipartError::BoundaryMissing => Err(WebError::NotAForm),
        _ => Ok(Err(NoUpload::BrokenOff)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_sends_slowly_from_outside_keeps_no_staff_waiting() {
        let floor = Floor { silence: Duration::from_secs(10), bytes_per_second: 1 };
        let uploads = Uploads::new(1, 10, Duration::from_secs(60), floor);
        let slow = uploads.slots(Queue::Public).clone().acquire_owned().await.unwrap();
        assert!(uploads.slots(Queue::Public).try_acquire().is_err());
        assert!(uploads.slots(Queue::Desk).try_acquire().is_ok());
        drop(slow);
        assert!(uploads.slots(Queue::Public).try_acquire().is_ok());
    }
}
