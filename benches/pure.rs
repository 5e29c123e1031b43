//! Times the parts that need no database, over and over with the same input: `cargo bench`.
//!
//! It measures and judges nothing. What talks with a database, a mail server or a browser is measured by the examples whose names
//! end in `_bench`, beside another way to do the same work.

#![expect(clippy::unwrap_used, reason = "what can't be measured has no figure")]

use std::{fs, hint::black_box, time::Duration};

use criterion::{BatchSize, Criterion, Throughput};
use handover::{
    brand::Brand,
    case::{
        check::{Check, CheckKind, Evidence, Verdict},
        policy::{Policy, evaluate},
        root::Homes,
    },
    clock::Timestamp,
    config::Settings,
    lang::Language,
    message::understand,
    token::{Sha256Bytes, Signer, Token, sha256},
    transparency::tree::{Edge, consistency, leaf_hash, verify_consistency},
    view::Views,
};
use secrecy::SecretString;
use strum::VariantArray as _;

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(30)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    mails(&mut criterion);
    policy(&mut criterion);
    log(&mut criterion);
    tokens(&mut criterion);
    pages(&mut criterion);
    criterion.final_summary();
}

/// Every mail of the folder that the tests understand, too.
fn mails(criterion: &mut Criterion) {
    let folder = fs::read_dir("tests/mails").unwrap().map(|entry| entry.unwrap().path());
    let mails: Vec<Vec<u8>> =
        folder.filter(|path| path.is_file()).map(|path| fs::read(path).unwrap()).collect();
    let bytes: usize = mails.iter().map(Vec::len).sum();
    let mut group = criterion.benchmark_group("message");
    group.throughput(Throughput::Bytes(u64::try_from(bytes).unwrap()));
    group.bench_function(format!("understand {} mails", mails.len()), |bencher| {
        bencher
            .iter(|| mails.iter().map(|mail| understand(black_box(mail))).for_each(|it| drop(black_box(it))));
    });
    // Deeply quoted, as threads of months are.
    let mut quoted =
        b"From: a@customer.example\r\nTo: b@desk.example\r\nSubject: Re: Re\r\n\r\nYes.\r\n".to_vec();
    for depth in 1..400 {
        quoted.extend_from_slice(">".repeat(depth % 60).as_bytes());
        quoted.extend_from_slice(b" On Monday somebody wrote a line of some length about a licence.\r\n");
    }
    group.throughput(Throughput::Bytes(u64::try_from(quoted.len()).unwrap()));
    group.bench_function("understand a deep quotation", |bencher| {
        bencher.iter(|| understand(black_box(&quoted)));
    });
    group.finish();
}

fn policy(criterion: &mut Criterion) {
    let policy = Policy::try_new(&Settings::with("").unwrap().policy).unwrap();
    let now = Timestamp::from("2026-06-01T10:00:00Z".parse::<jiff::Timestamp>().unwrap());
    let checks: Vec<Check> = CheckKind::VARIANTS
        .iter()
        .map(|kind| Check {
            kind: *kind,
            verdict: Verdict::Passed,
            evidence: Evidence::None,
            decided_by: None,
            decided_at: Some(now),
            expires_at: Some(now.after(jiff::SignedDuration::from_hours(24))),
            due_at: None,
        })
        .collect();
    let homes = Homes::default();
    criterion.bench_function("policy/evaluate all checks", |bencher| {
        bencher.iter(|| evaluate(&policy, black_box(&checks), &homes, now));
    });
}

fn log(criterion: &mut Criterion) {
    const LEAVES: u64 = 10_000;
    let mut group = criterion.benchmark_group("log");
    let leaves: Vec<Sha256Bytes> = (0..LEAVES).map(|index| leaf_hash(&index.to_be_bytes())).collect();
    group.throughput(Throughput::Elements(LEAVES));
    group.bench_function("take leaves in", |bencher| {
        bencher.iter(|| {
            let mut edge = Edge::default();
            leaves.iter().for_each(|leaf| drop(edge.push(*leaf)));
            edge.root()
        });
    });
    // That a log of 10,000 begins with the one of 7,777, as `audit verify --since` asks.
    let mut known = std::collections::BTreeMap::new();
    let (mut edge, mut first_root) = (Edge::default(), None);
    for (index, leaf) in (0..).zip(&leaves) {
        known.insert((0, index), *leaf);
        known.extend(edge.push(*leaf).into_iter().map(|(node, hash)| ((node.level, node.position), hash)));
        if edge.size() == 7_777 {
            first_root = Some(edge.root());
        }
    }
    let (first_root, root) = (first_root.unwrap(), edge.root());
    let proof: Vec<Sha256Bytes> = consistency(7_777, LEAVES)
        .unwrap()
        .into_iter()
        .map(|range| range.hash(|node| known.get(&(node.level, node.position)).copied()).unwrap())
        .collect();
    assert!(verify_consistency((7_777, &first_root), (LEAVES, &root), &proof), "the proof is one");
    group.throughput(Throughput::Elements(1));
    group.bench_function("verify that it grew", |bencher| {
        bencher.iter(|| verify_consistency((7_777, &first_root), (LEAVES, &root), black_box(&proof)));
    });
    group.finish();
}

fn tokens(criterion: &mut Criterion) {
    let signer = Signer::new(&SecretString::from("a secret of thirty-two characters"), "measuring");
    let signature = signer.sign("HO-2026-00001");
    let mut group = criterion.benchmark_group("token");
    group.bench_function("hash a link", |bencher| {
        bencher.iter_batched(Token::random, |token| token.hash(), BatchSize::SmallInput);
    });
    group.bench_function("verify an address of ours", |bencher| {
        bencher.iter(|| signer.verify(black_box("HO-2026-00001"), &signature));
    });
    group.bench_function("hash a letter of 10 kB", |bencher| {
        let letter = vec![b'a'; 10_240];
        bencher.iter(|| sha256(black_box(&letter)));
    });
    group.finish();
}

fn pages(criterion: &mut Criterion) {
    let settings = Settings::with("").unwrap();
    let views = Views::try_new(settings.zone().unwrap(), &Brand::try_new(&settings).unwrap()).unwrap();
    let mut group = criterion.benchmark_group("page");
    for language in Language::ALL {
        group.bench_function(format!("render the front page in {}", language.as_str()), |bencher| {
            bencher.iter(|| {
                views.render("intake/home.html", language, black_box(&serde_json::json!({}))).unwrap()
            });
        });
    }
    group.finish();
}
