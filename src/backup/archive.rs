//! The file: a tar of three parts in a fixed order, the dump, the manifest and its proof, so that `tar` and `pg_restore` read it where
//! Handover is not at hand.
//!
//! What is read has to be, byte for byte, what [`Draft`] writes around the parts: no other names, kinds or order, nothing before,
//! between and behind. So there is nothing to unpack anywhere, and nothing that grows when it is read.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek as _, SeekFrom, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::manifest::{self, Manifest, Part};

pub const DUMP: &str = "database.dump";
const MANIFEST: &str = "manifest.json";
const PROOF: &str = "proof.txt";
const BLOCK: usize = 512;
/// What is read at once.
pub const PIECE: usize = 1 << 18;

/// A file that is being written under another name beside; gone when dropped before [`Draft::publish`].
#[derive(Debug)]
pub struct Draft {
    file: File,
    path: PathBuf,
    target: PathBuf,
    hash: Sha256,
    bytes: u64,
    is_published: bool,
}

impl Draft {
    /// # Errors
    /// Where the file is there already, or none can be written beside it.
    pub fn begin(target: &Path) -> anyhow::Result<Self> {
        ensure!(
            target.symlink_metadata().is_err(),
            "{} is there already, and a backup never writes over one",
            target.display()
        );
        let name = target.file_name().context("a backup needs the name of a file")?;
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.partial", std::process::id()));
        let path = target.with_file_name(hidden);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .with_context(|| format!("could not create {}", path.display()))?;
        // The head of the dump follows once its size is known.
        let begun = file.write_all(&[0; BLOCK]);
        let draft = Self {
            file,
            path,
            target: target.to_owned(),
            hash: Sha256::new(),
            bytes: 0,
            is_published: false,
        };
        begun.map_err(|error| draft.no_room(&error))?;
        Ok(draft)
    }

    /// The folder that it lies in.
    pub fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    /// Where it lies until it is whole.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// More of the dump.
    pub fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        self.file.write_all(bytes).map_err(|error| self.no_room(&error))?;
        self.hash.update(bytes);
        self.bytes = self.bytes.saturating_add(bytes.len().try_into().unwrap_or_default());
        Ok(())
    }

    /// What was written of the dump.
    pub fn part(&self) -> Part {
        let sha256 = HEXLOWER.encode(&self.hash.clone().finalize());
        Part { name: DUMP.to_owned(), bytes: self.bytes, sha256 }
    }

    /// The rest, and the head of the dump; all of it on the disk.
    pub fn complete(&mut self, manifest: &[u8], code: &str) -> anyhow::Result<()> {
        let mut rest = padding(self.bytes);
        for (name, bytes) in [(MANIFEST, manifest), (PROOF, code.as_bytes())] {
            let size = u64::try_from(bytes.len()).unwrap_or_default();
            rest.extend(head(name, size));
            rest.extend(bytes);
            rest.extend(padding(size));
        }
        rest.extend([0; 2 * BLOCK]);
        let dump = head(DUMP, self.bytes);
        let written = self
            .file
            .write_all(&rest)
            .and_then(|()| self.file.seek(SeekFrom::Start(0)))
            .and_then(|_| self.file.write_all(&dump))
            .and_then(|()| self.file.sync_all());
        written.map_err(|error| self.no_room(&error))
    }

    /// Gives it its name, which nobody had.
    pub fn publish(mut self) -> anyhow::Result<()> {
        let target = &self.target;
        match fs::hard_link(&self.path, target) {
            Ok(()) => {
                fs::remove_file(&self.path).context("could not remove the name of the unfinished backup")?
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                bail!("{} came to be there meanwhile, and a backup never writes over one", target.display())
            }
            // A file system without hard links.
            Err(_) => {
                ensure!(
                    target.symlink_metadata().is_err(),
                    "{} came to be there meanwhile",
                    target.display()
                );
                fs::rename(&self.path, target)
                    .with_context(|| format!("could not give {} its name", target.display()))?;
            }
        }
        self.is_published = true;
        File::open(self.folder())
            .and_then(|folder| folder.sync_all())
            .context("could not write the folder of the backup to the disk")
    }

    fn no_room(&self, error: &io::Error) -> anyhow::Error {
        let place = self.folder().display();
        if matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
            return anyhow::anyhow!("the disk of {place} is full: there is no backup");
        }
        anyhow::anyhow!("could not write the backup into {place}: {error}")
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.is_published {
            // What went wrong before is said.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A backup that is whole, and not yet known to be ours.
#[derive(Debug)]
pub struct Opened {
    pub manifest: Manifest,
    pub manifest_bytes: Vec<u8>,
    /// The code over them.
    pub code: String,
    file: File,
    dump: Part,
}

impl Opened {
    pub fn dump_bytes(&self) -> u64 {
        self.dump.bytes
    }

    /// The dump once more, from its beginning.
    pub fn dump(&mut self) -> anyhow::Result<Dump<'_>> {
        self.file.seek(SeekFrom::Start(BLOCK as u64)).context("could not read the backup again")?;
        Ok(Dump { left: self.dump.bytes, hash: Sha256::new(), opened: self })
    }
}

/// Reads the dump, and knows in the end whether it still is what it was.
pub struct Dump<'o> {
    opened: &'o mut Opened,
    left: u64,
    hash: Sha256,
}

impl Dump<'_> {
    /// The next piece; `None` behind the last one.
    ///
    /// # Errors
    /// Where the file changed since it was opened: then the last piece is withheld.
    pub fn next(&mut self) -> anyhow::Result<Option<Vec<u8>>> {
        if self.left == 0 {
            return Ok(None);
        }
        let size = usize::try_from(self.left).map_or(PIECE, |left| left.min(PIECE));
        let mut piece = vec![0; size];
        self.opened.file.read_exact(&mut piece).context("the backup can't be read any more")?;
        self.hash.update(&piece);
        self.left = self.left.saturating_sub(size as u64);
        if self.left == 0 {
            let found = HEXLOWER.encode(&self.hash.clone().finalize());
            ensure!(found == self.opened.dump.sha256, "the backup changed while it was read");
        }
        Ok(Some(piece))
    }
}

/// Reads all of it once, and compares it with what its manifest says. `on` hears how many bytes more were read.
///
/// # Errors
/// In words for whatever is no whole backup.
pub fn open(path: &Path, mut on: impl FnMut(u64)) -> anyhow::Result<Opened> {
    let found = fs::metadata(path).with_context(|| format!("could not open {}", path.display()))?;
    // A pipe would be waited for, and can't be read twice.
    ensure!(found.is_file(), "{} is no file", path.display());
    let mut file = File::open(path).with_context(|| format!("could not open {}", path.display()))?;
    let read = read(&mut file, &mut on).with_context(|| format!("{} is no whole backup", path.display()));
    let (dump, manifest_bytes, code) = read?;
    let manifest = Manifest::read(&manifest_bytes)?;
    ensure!(
        manifest.parts == [dump.clone()],
        "{} is damaged: the dump is not what the backup says of it",
        path.display()
    );
    Ok(Opened { manifest, manifest_bytes, code, file, dump })
}

fn read(file: &mut File, on: &mut impl FnMut(u64)) -> anyhow::Result<(Part, Vec<u8>, String)> {
    let bytes = read_head(file, DUMP, u64::MAX)?;
    let (mut hash, mut left, mut piece) = (Sha256::new(), bytes, vec![0; PIECE]);
    while left > 0 {
        let size = usize::try_from(left).map_or(PIECE, |left| left.min(PIECE));
        let part = piece.get_mut(..size).unwrap_or_default();
        file.read_exact(part).context("it ends within the dump")?;
        hash.update(&part);
        left = left.saturating_sub(size as u64);
        on(size as u64);
    }
    read_padding(file, bytes)?;
    let manifest = read_part(file, MANIFEST, manifest::MOST)?;
    let code = read_part(file, PROOF, 256)?;
    let mut end = Vec::new();
    file.take(4 * BLOCK as u64).read_to_end(&mut end).context("its end can't be read")?;
    ensure!(end == [0; 2 * BLOCK], "it does not end as a backup does");
    let sha256 = HEXLOWER.encode(&hash.finalize());
    let code = String::from_utf8(code).context("its proof is none")?;
    Ok((Part { name: DUMP.to_owned(), bytes, sha256 }, manifest, code))
}

fn read_part(file: &mut File, name: &str, most: u64) -> anyhow::Result<Vec<u8>> {
    let size = read_head(file, name, most)?;
    let mut bytes = vec![0; usize::try_from(size)?];
    file.read_exact(&mut bytes).with_context(|| format!("it ends within {name}"))?;
    read_padding(file, size)?;
    Ok(bytes)
}

/// How large the part is that begins here.
fn read_head(file: &mut File, name: &str, most: u64) -> anyhow::Result<u64> {
    let mut found = [0; BLOCK];
    file.read_exact(&mut found).with_context(|| format!("it ends before {name}"))?;
    let size = read_size(&found).filter(|size| head(name, *size) == found);
    let size = size.with_context(|| format!("{name} does not stand where a backup has it"))?;
    ensure!(size <= most, "{name} is too large");
    Ok(size)
}

fn read_padding(file: &mut File, size: u64) -> anyhow::Result<()> {
    let wanted = padding(size);
    let mut found = vec![0; wanted.len()];
    file.read_exact(&mut found).context("it ends too early")?;
    ensure!(found == wanted, "there is something between its parts");
    Ok(())
}

fn padding(size: u64) -> Vec<u8> {
    vec![0; usize::try_from(size.next_multiple_of(BLOCK as u64).saturating_sub(size)).unwrap_or_default()]
}

/// What stands before a part (POSIX.1-1988, ustar), for nobody else to read, without time and owner.
fn head(name: &str, size: u64) -> [u8; BLOCK] {
    let mut head = [0; BLOCK];
    let mut put = |at: usize, bytes: &[u8]| {
        head.iter_mut().skip(at).zip(bytes).for_each(|(to, from)| *to = *from);
    };
    put(0, name.as_bytes());
    put(100, b"0000600\x000000000\x000000000\x00");
    put(124, &size_field(size));
    put(136, b"00000000000\x00        0");
    put(257, b"ustar\x0000");
    let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
    head.iter_mut().skip(148).zip(format!("{sum:06o}\0 ").bytes()).for_each(|(to, from)| *to = from);
    head
}

/// In octal; from eight GiB on as GNU's and BSD's `tar` have it.
fn size_field(size: u64) -> [u8; 12] {
    let mut field = [0; 12];
    if size < 1 << 33 {
        field.iter_mut().zip(format!("{size:011o}\0").bytes()).for_each(|(to, from)| *to = from);
    } else {
        field.iter_mut().skip(4).zip(size.to_be_bytes()).for_each(|(to, from)| *to = from);
        field.iter_mut().take(1).for_each(|first| *first = 0x80);
    }
    field
}

fn read_size(head: &[u8; BLOCK]) -> Option<u64> {
    let field = head.get(124..136)?;
    if field.first() == Some(&0x80) {
        return Some(u64::from_be_bytes(field.get(4..)?.try_into().ok()?));
    }
    u64::from_str_radix(std::str::from_utf8(field.get(..11)?).ok()?, 8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::manifest::tests::sample;

    /// A whole backup of `dump`, and where it lies.
    fn made(folder: &Path, dump: &[u8]) -> PathBuf {
        let target = folder.join("backup.tar");
        let mut draft = Draft::begin(&target).unwrap();
        draft.write(dump).unwrap();
        let manifest = Manifest { parts: vec![draft.part()], ..sample() };
        draft.complete(&manifest.write().unwrap(), "00ff").unwrap();
        draft.publish().unwrap();
        target
    }

    #[test]
    fn it_reads_back_and_tar_reads_it_too() {
        let folder = tempfile::tempdir().unwrap();
        for size in [0, 1, 511, 512, PIECE + 3] {
            let dump = vec![7; size];
            let file = made(folder.path(), &dump);
            let mut opened = open(&file, |_| ()).unwrap();
            assert_eq!((opened.code.as_str(), opened.manifest.cases), ("00ff", 3));
            let (mut again, mut reading) = (Vec::new(), opened.dump().unwrap());
            while let Some(piece) = reading.next().unwrap() {
                again.extend(piece);
            }
            assert_eq!(again, dump);
            let tar = std::process::Command::new("tar").arg("-tvf").arg(&file).output().unwrap();
            let listed = String::from_utf8(tar.stdout).unwrap();
            assert!(tar.status.success() && listed.contains("-rw-------"), "{listed}");
            let names: Vec<&str> = listed.lines().map(|line| line.rsplit(' ').next().unwrap()).collect();
            assert_eq!(names, [DUMP, MANIFEST, PROOF]);
            fs::remove_file(file).unwrap();
        }
    }

    #[test]
    fn nothing_is_written_over_and_nothing_half_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let file = made(folder.path(), b"dump");
        let mode = std::os::unix::fs::MetadataExt::mode(&fs::metadata(&file).unwrap());
        assert_eq!(mode & 0o777, 0o600);
        assert!(Draft::begin(&file).unwrap_err().to_string().contains("never writes over"));
        let dangling = folder.path().join("dangling");
        std::os::unix::fs::symlink("nowhere", &dangling).unwrap();
        assert!(Draft::begin(&dangling).is_err());
        drop(Draft::begin(&folder.path().join("other")).unwrap());
        // Somebody was quicker.
        let mut late = Draft::begin(&folder.path().join("late")).unwrap();
        fs::write(folder.path().join("late"), "theirs").unwrap();
        late.complete(b"", "").unwrap();
        assert!(late.publish().unwrap_err().to_string().contains("meanwhile"));
        assert_eq!(fs::read_to_string(folder.path().join("late")).unwrap(), "theirs");
        let mut left: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["backup.tar", "dangling", "late"]);
    }

    #[test]
    fn what_was_cut_or_changed_anywhere_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let whole = fs::read(made(folder.path(), b"the dump")).unwrap();
        let tried = folder.path().join("tried");
        let opens = |bytes: &[u8]| {
            fs::write(&tried, bytes).unwrap();
            open(&tried, |_| ()).map(|opened| (opened.manifest, opened.code))
        };
        let as_made = opens(&whole).unwrap();
        for end in (0..whole.len()).step_by(37).chain([whole.len() - 1]) {
            assert!(opens(&whole[..end]).is_err(), "cut at {end}");
        }
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            // That what it says and the proof of it fit each other, `proof` sees.
            assert!(opens(&changed).ok().as_ref() != Some(&as_made), "changed at {at}");
        }
        assert!(opens(&[&whole[..], b"more"].concat()).is_err());
        assert!(opens(&[&whole[..BLOCK], &whole[..]].concat()).is_err());
    }

    /// Names that lead elsewhere, links, and sizes that nobody has: the heads are not ours.
    #[test]
    fn no_other_archive_is_one() {
        let folder = tempfile::tempdir().unwrap();
        let whole = fs::read(made(folder.path(), b"the dump")).unwrap();
        let tried = folder.path().join("tried");
        for name in ["../../etc/passwd", "/etc/passwd", "database.dump/", "./database.dump", ""] {
            let mut other = whole.clone();
            other[..BLOCK].copy_from_slice(&head(name, 8));
            fs::write(&tried, &other).unwrap();
            assert!(open(&tried, |_| ()).is_err(), "{name}");
        }
        // A part that says it is larger than the disk ends too early; a manifest without end is not read.
        let mut endless = whole.clone();
        endless[..BLOCK].copy_from_slice(&head(DUMP, u64::MAX / 2));
        fs::write(&tried, &endless).unwrap();
        assert!(format!("{:#}", open(&tried, |_| ()).unwrap_err()).contains("ends within the dump"));
        let mut endless = whole[..2 * BLOCK].to_vec();
        endless.extend(head(MANIFEST, manifest::MOST + 1));
        fs::write(&tried, &endless).unwrap();
        assert!(format!("{:#}", open(&tried, |_| ()).unwrap_err()).contains("too large"));
        fs::write(&tried, b"PK\x03\x04").unwrap();
        assert!(open(&tried, |_| ()).is_err());
        assert!(open(folder.path(), |_| ()).is_err());
    }

    #[test]
    fn sizes_beyond_eight_gigabytes_are_written_as_gnu_has_it() {
        for size in [0, 8, (1 << 33) - 1, 1 << 33, u64::MAX / 2] {
            assert_eq!(read_size(&head(DUMP, size)), Some(size));
        }
        assert_eq!(size_field(1 << 33)[..5], [0x80, 0, 0, 0, 0]);
    }
}
