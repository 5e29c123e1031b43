//! The fuzzing target's property on a bounded number of messages, without a fuzzer: mails of a folder, damaged by chance. For
//! machines that have no nightly compiler; it follows no coverage, so it finds less.
//!
//! `bounded FOLDER COUNT SEED`

mod property;

use std::{env, fs, panic, process::ExitCode, time::Instant};

/// Bytes of one message.
const LONGEST: usize = 64 * 1024;
/// What one message may take; understanding is linear, so a slow machine is far from it.
const LONGEST_MILLISECONDS: u128 = 10_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().collect();
    let [_, folder, count, seed] = arguments.as_slice() else {
        eprintln!("bounded FOLDER COUNT SEED");
        return ExitCode::from(2);
    };
    let (count, seed): (u64, u64) = (count.parse().expect("a count"), seed.parse().expect("a seed"));
    let files = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = files.filter(|file| file.is_file()).collect();
    files.sort();
    let mails: Vec<Vec<u8>> = files.into_iter().map(|file| fs::read(file).expect("a mail")).collect();
    let mut chance = Chance(seed | 1);
    for number in 0..count {
        let mail = damaged(&mails, &mut chance);
        let begun = Instant::now();
        let held = panic::catch_unwind(|| property::holds(&mail)).is_ok();
        if !held || begun.elapsed().as_millis() > LONGEST_MILLISECONDS {
            eprintln!("message {number} of seed {seed} did it:\n{}", mail.escape_ascii());
            return ExitCode::FAILURE;
        }
    }
    println!("{count} damaged messages understood, seed {seed}");
    ExitCode::SUCCESS
}

/// xorshift64*: different is enough.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(number).unwrap_or_default() % end.max(1)
    }
}

fn damaged(mails: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut mail = mails[chance.below(mails.len())].clone();
    for _ in 0..=chance.below(16) {
        let at = chance.below(mail.len() + 1);
        let to = (at + chance.below(400)).min(mail.len());
        match chance.below(6) {
            0 => mail.truncate(at),
            1 => drop(mail.drain(at..to)),
            2 => {
                let again = mail[at..to].repeat(1 + chance.below(30));
                drop(mail.splice(at..at, again));
            }
            3 => {
                let other = &mails[chance.below(mails.len())];
                let from = chance.below(other.len() + 1);
                drop(mail.splice(at..to, other[from..].iter().copied()));
            }
            4 => mail.iter_mut().skip(at).take(1).for_each(|byte| *byte = chance.below(256) as u8),
            _ => mail.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << chance.below(8)),
        }
        mail.truncate(LONGEST);
    }
    mail
}
