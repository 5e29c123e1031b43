//! Opens a pack that anybody may have made: within bounded memory, without writing anything, and nothing but what a pack may hold.
//!
//! The attackers send bombs, names that lead out of a folder, two entries of one name (one for us, one for the reader's program),
//! bytes before, between or behind the entries, and archives that end too early. Entries are looked at one after the other; only
//! the texts that are verified further are kept.

use std::{
    collections::BTreeMap,
    io::{self, BufReader, Read, Seek, SeekFrom},
};

use anyhow::{Context as _, bail, ensure};
use sha2::{Digest as _, Sha256};
use zip::ZipArchive;

use crate::{
    case::digest::Digest,
    pack::format::{
        CASE_HTML, CASE_JSON, CASE_PDF, CHAIN, Entry, FILES, MAILS, MANIFEST, PROOF, RECORDS, SETTINGS,
        SIGNATURE,
    },
};

/// Of the archive, of all that is in it, of one entry, and of the texts that are kept.
const MOST_PACKED: u64 = 2 << 30;
const MOST_TOTAL: u64 = 2 << 30;
const MOST_ENTRY: u64 = 256 << 20;
const MOST_KEPT: u64 = 128 << 20;
const MOST_ENTRIES: u16 = 10_000;
/// The central directory, which is read at once.
const MOST_DIRECTORY: u64 = 4 << 20;
/// The end of an archive without a comment.
const END: u64 = 22;
/// What may stand behind the bytes of an entry: its sizes once more.
const DESCRIPTOR: u64 = 24;

/// In this order, with mails and files before the last two.
const FIXED: [&str; 9] =
    [CHAIN, RECORDS, SETTINGS, PROOF, CASE_JSON, CASE_HTML, CASE_PDF, MANIFEST, SIGNATURE];

/// A pack whose entries were all read once.
pub struct Opened {
    /// As they are.
    pub entries: Vec<Entry>,
    kept: BTreeMap<String, Vec<u8>>,
}

impl Opened {
    pub fn part(&self, name: &str) -> &[u8] {
        self.kept.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Those of a folder, by what their names are without it and the ending.
    pub fn folder<'o>(&'o self, folder: &'o str) -> impl Iterator<Item = (&'o str, &'o Entry)> {
        self.entries.iter().filter_map(move |entry| {
            let name = entry.name.strip_prefix(folder)?;
            Some((name.split_once('.')?.0, entry))
        })
    }
}

/// # Errors
/// For whatever is no pack: nothing of it was believed.
pub fn open(mut reader: impl Read + Seek) -> anyhow::Result<Opened> {
    let entries = look_at_end(&mut reader)?;
    let mut archive =
        ZipArchive::new(BufReader::new(reader)).context("this is no archive that can be read")?;
    ensure!(
        archive.offset() == 0 && archive.comment().is_empty(),
        "there is more in the file than the archive"
    );
    ensure!(archive.len() == usize::from(entries), "two entries have one name");
    let names = look_at_names(&mut archive)?;
    let mut opened = Opened { entries: Vec::new(), kept: BTreeMap::new() };
    let mut end = 0_u64;
    for (index, name) in names.into_iter().enumerate() {
        let mut file = archive.by_index(index).with_context(|| format!("{name} can't be read"))?;
        let gap = file.header_start().checked_sub(end);
        ensure!(
            gap.is_some_and(|gap| gap == 0 || (index > 0 && gap <= DESCRIPTOR)),
            "there is something before {name}"
        );
        let start = file.data_start().context("an entry has no place")?;
        end = start.saturating_add(file.compressed_size());
        let said = file.size();
        let mut taking = Taking { hash: Sha256::new(), text: is_kept(&name).then(Vec::new) };
        // Whatever the header says, no more than that comes out.
        let size = io::copy(&mut (&mut file).take(said.saturating_add(1)), &mut taking)
            .with_context(|| format!("{name} is damaged"))?;
        ensure!(size == said, "{name} has another size than it says");
        if let Some(text) = taking.text {
            opened.kept.insert(name.clone(), text);
        }
        opened.entries.push(Entry { name, size, sha256: Digest(taking.hash.finalize().into()) });
    }
    let gap = archive.central_directory_start().checked_sub(end);
    ensure!(gap.is_some_and(|gap| gap <= DESCRIPTOR), "there is something behind the entries");
    Ok(opened)
}

fn is_kept(name: &str) -> bool {
    FIXED.contains(&name) && name != CASE_PDF
}

/// What the entries are called and how large they say they are, before any of them is read.
fn look_at_names<R: Read + Seek>(archive: &mut ZipArchive<R>) -> anyhow::Result<Vec<String>> {
    let (mut names, mut total, mut kept) = (Vec::new(), 0_u64, 0_u64);
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index).with_context(|| format!("entry {index} can't be read"))?;
        let name = String::from_utf8(file.name_raw().to_vec()).context("the name of an entry is no text")?;
        ensure!(is_known(&name), "{} does not belong into a pack", name.escape_debug());
        let said = file.size();
        ensure!(said <= MOST_ENTRY, "{name} is too large");
        total = total.saturating_add(said);
        ensure!(total <= MOST_TOTAL, "all entries together are too large");
        kept = kept.saturating_add(if is_kept(&name) { said } else { 0 });
        ensure!(kept <= MOST_KEPT, "the texts of the pack are too large");
        names.push(name);
    }
    in_order(&names)?;
    Ok(names)
}

/// Hashes what it is given, and keeps it where it is told to.
struct Taking {
    hash: Sha256,
    text: Option<Vec<u8>>,
}

impl io::Write for Taking {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.hash.update(bytes);
        if let Some(text) = &mut self.text {
            text.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The archive ends with the file, and says how many entries it has before any of them is believed.
fn look_at_end(reader: &mut (impl Read + Seek)) -> anyhow::Result<u16> {
    let length = reader.seek(SeekFrom::End(0)).context("the file can't be read")?;
    ensure!((END..=MOST_PACKED).contains(&length), "this is no pack: it has {length} bytes");
    reader.seek(SeekFrom::Start(length.saturating_sub(END)))?;
    let mut end = [0; END as usize];
    reader.read_exact(&mut end).context("the file can't be read")?;
    reader.seek(SeekFrom::Start(0))?;
    let [b'P', b'K', 5, 6, 0, 0, 0, 0, here @ .., 0, 0] = end else {
        bail!("this is no pack: it does not end as an archive does")
    };
    let [a, b, c, d, s0, s1, s2, s3, o0, o1, o2, o3] = here;
    let (entries, all) = (u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d]));
    let size = u64::from(u32::from_le_bytes([s0, s1, s2, s3]));
    let offset = u64::from(u32::from_le_bytes([o0, o1, o2, o3]));
    ensure!(entries == all && entries <= MOST_ENTRIES, "the archive has too many entries");
    ensure!(size <= MOST_DIRECTORY, "the directory of the archive is too large");
    ensure!(offset.saturating_add(size).saturating_add(END) == length, "the archive is torn");
    Ok(entries)
}

/// A name that we would have given. No name is ever used as a path.
fn is_known(name: &str) -> bool {
    let in_folder = [MAILS, FILES].iter().find_map(|folder| name.strip_prefix(folder));
    let is_word = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    FIXED.contains(&name)
        || in_folder
            .and_then(|rest| rest.split_once('.'))
            .is_some_and(|(id, ending)| is_word(id) && is_word(ending))
}

fn in_order(names: &[String]) -> anyhow::Result<()> {
    let (first, last) = FIXED.split_at(FIXED.len().saturating_sub(2));
    let count = names
        .len()
        .checked_sub(FIXED.len())
        .context("the entries are not those of a pack, in their order")?;
    let (begin, rest) = names.split_at(first.len());
    let (middle, end) = rest.split_at(count);
    let in_order = begin == first && end == last && !middle.iter().any(|name| FIXED.contains(&name.as_str()));
    ensure!(in_order, "the entries are not those of a pack, in their order");
    Ok(())
}
