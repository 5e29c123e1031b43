//! Files from a form, read while they come and never more of them than is allowed: one, or several one after another, of which
//! each has an answer of its own.
//!
//! Only so many files are in memory at once in the whole process; who comes later waits, unread. Staff wait in a queue of
//! their own, so that nobody outside can keep them waiting by sending slowly. Looks at no content: what a file is, is for
//! `evidence`.

use std::{fmt, sync::Arc, time::Duration};

use actix_multipart::{Field, Multipart, MultipartError};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

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

/// Files of one form are in memory one at a time, and no more of them are read.
const MOST_FILES: usize = 20;

/// A form with files on its way. Keeps its place until it is dropped.
pub struct Incoming {
    form: Multipart,
    pace: Pace,
    most: usize,
    /// Of all that comes.
    left: usize,
    seen: usize,
    until: Instant,
    over: bool,
    _slot: OwnedSemaphorePermit,
}

/// A file of several, or why it is none.
#[derive(Debug)]
pub struct Arrived {
    /// As it was sent; not to be trusted. Empty where that was not to be read any more.
    pub name: String,
    pub bytes: Result<Vec<u8>, NoUpload>,
}

/// Why there is no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoUpload {
    Missing,
    Several,
    TooLarge,
    BrokenOff,
    TooSlow,
    /// More came in one form than is read of it.
    TooMuch,
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

    /// Waits for a place, and gives back the files of the form one after another.
    ///
    /// # Errors
    /// The inner one for people, where no place became free in time.
    pub async fn begin(&self, queue: Queue, form: Multipart) -> Result<Result<Incoming, NoUpload>, WebError> {
        let until = Instant::now() + self.time;
        let waiting = self.slots(queue).clone().acquire_owned();
        let Ok(slot) = tokio::time::timeout_at(until, waiting).await else {
            return Ok(Err(NoUpload::TooSlow));
        };
        let slot = slot.map_err(anyhow::Error::from)?;
        Ok(Ok(Incoming {
            form,
            pace: Pace::begin(self.floor),
            most: self.most,
            left: self.most.saturating_mul(PATIENCE).saturating_add(fields::LIMIT),
            seen: 0,
            until,
            over: false,
            _slot: slot,
        }))
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

impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming").field("seen", &self.seen).finish_non_exhaustive()
    }
}

impl Incoming {
    /// The next file; `None` at the end. After what could not be read to its end, there is none.
    ///
    /// # Errors
    /// [`WebError::NotAForm`] for what is no such form at all, [`WebError::TooSlow`] for a sender who lets us wait before the first file.
    pub async fn next(&mut self) -> Result<Option<Arrived>, WebError> {
        if self.over {
            return Ok(None);
        }
        let until = self.until;
        let read = tokio::time::timeout_at(until, self.read_next()).await;
        let arrived = match read {
            Ok(Ok(arrived)) => arrived,
            Ok(Err(WebError::TooSlow)) if self.seen > 0 => Some(Arrived::cut(NoUpload::TooSlow)),
            Ok(Err(error)) => return Err(error),
            Err(_elapsed) => Some(Arrived::cut(NoUpload::TooSlow)),
        };
        self.over |= self.left == 0 || arrived.as_ref().is_none_or(Arrived::is_last);
        self.seen = self.seen.saturating_add(1);
        Ok(arrived)
    }

    async fn read_next(&mut self) -> Result<Option<Arrived>, WebError> {
        let Self { form, pace, most, left, seen, .. } = self;
        while let Some(field) = pace.next(form).await? {
            let mut field = match field {
                Ok(field) => field,
                Err(error) => return refuse(&error).map(|_| Some(Arrived::cut(NoUpload::BrokenOff))),
            };
            let is_file = field.name() == Some(FIELD);
            let name = field.content_disposition().and_then(|words| words.get_filename());
            let name = name.unwrap_or_default().to_owned();
            if is_file && *seen >= MOST_FILES {
                return Ok(Some(Arrived { name, bytes: Err(NoUpload::TooMuch) }));
            }
            let allowed = if is_file { *most } else { 0 };
            let bytes = match drain(&mut field, allowed, left, pace).await? {
                Ok(bytes) => bytes,
                Err(error) => {
                    return refuse(&error).map(|_| Some(Arrived { name, bytes: Err(NoUpload::BrokenOff) }));
                }
            };
            let spent = *left == 0;
            match bytes {
                // What browsers send where no file was chosen.
                Some(bytes) if is_file && bytes.is_empty() && name.is_empty() => {}
                Some(bytes) if is_file => return Ok(Some(Arrived { name, bytes: Ok(bytes) })),
                _ if spent && (*seen > 0 || !is_file) => {
                    return Ok(Some(Arrived { name, bytes: Err(NoUpload::TooMuch) }));
                }
                None if is_file => return Ok(Some(Arrived { name, bytes: Err(NoUpload::TooLarge) })),
                _ => {}
            }
        }
        Ok(None)
    }
}

impl Arrived {
    fn cut(why: NoUpload) -> Self {
        Self { name: String::new(), bytes: Err(why) }
    }

    /// Whether nothing can come after it.
    fn is_last(&self) -> bool {
        matches!(self.bytes, Err(NoUpload::BrokenOff | NoUpload::TooSlow | NoUpload::TooMuch))
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
