//! Writes the ZIP, one entry after the other, in constant memory beside the entry at hand: what is written can be taken away at any
//! time. The same entries make the same bytes: no time of day, no owner stands in it.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use anyhow::Context as _;
use zip::{
    CompressionMethod, DateTime, ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

use super::format::Entry;
use crate::{case::digest::Digest, token::sha256};

/// Where bytes wait until they are taken.
#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<Vec<u8>>>);

impl Shelf {
    fn with<T>(&self, act: impl FnOnce(&mut Vec<u8>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

impl Write for Shelf {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.with(|shelf| shelf.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub struct Archive {
    zip: ZipWriter<StreamWriter<Shelf>>,
    shelf: Shelf,
    pub entries: Vec<Entry>,
}

impl Archive {
    pub fn begin() -> Self {
        let shelf = Shelf::default();
        Self { zip: ZipWriter::new_stream(shelf.clone()), shelf, entries: Vec::new() }
    }

    /// # Errors
    /// Where the name stands there already.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        self.zip.start_file(name, options).with_context(|| format!("could not begin {name}"))?;
        self.zip.write_all(bytes).with_context(|| format!("could not write {name}"))?;
        let (size, sha256) = (u64::try_from(bytes.len())?, Digest(sha256(bytes)));
        self.entries.push(Entry { name: name.to_owned(), size, sha256 });
        Ok(())
    }

    /// What was written since the last time.
    pub fn take(&self) -> Vec<u8> {
        self.shelf.with(std::mem::take)
    }

    /// What is left, with the end.
    pub fn finish(self) -> anyhow::Result<Vec<u8>> {
        self.zip.finish().context("could not end the archive")?;
        Ok(self.shelf.with(std::mem::take))
    }
}
