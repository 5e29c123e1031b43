//! Where no mail server in front judges senders: our own SPF, DKIM and DMARC, with signed mails and a real name server.

use handover::{
    clock::Clock,
    config::Settings,
    lang::Language,
    mail::{
        address::signed_address,
        incoming::inbound,
        outgoing::{
            compose::{Letter, Profile, Sender, compose},
            dkim::Dkim,
        },
    },
    message::envelope::Envelope,
};
use jiff::SignedDuration;
use mail_auth::{
    common::{crypto::Ed25519Key, headers::HeaderWriter as _},
    dkim::{DkimSigner, Done},
};

use crate::helpers::{
    desk::Desk,
    inbound::{Fate, Mail, RECEIVER},
    story::{DEPARTED, REQUESTER, SUCCESSOR, form},
};

const OWN: &str = "mail.inbound.authentication = \"own\"\nmail.inbound.letters_per_hour = 1000\n\
                   mail.inbound.authserv_id = \"mx.reseller.example\"\n";
const DOMAIN: &str = "nordlicht.example";
const DMARC: &str = "_dmarc.nordlicht.example";

/// A confirmed case whose requester's domain signs with a key of the test's.
struct Story {
    desk: Desk,
    /// The signed address of the case.
    to: String,
    key: Vec<u8>,
}

impl Story {
    async fn start() -> Story {
        Self::start_with("").await
    }

    async fn start_with(more: &str) -> Story {
        let desk = Desk::start_with(&format!("{OWN}{more}")).await;
        desk.import_register().await;
        desk.confirmed_case(&desk.visitor("de"), &form()).await;
        let to = desk.take_letter(REQUESTER).return_path;
        desk.take_all_letters();
        let story = Story { desk, to, key: Ed25519Key::generate_pkcs8().unwrap() };
        for domain in [DOMAIN, "mail.nordlicht.example", "evil.example"] {
            story.publishes(&format!("s._domainkey.{domain}"), &story.key_record());
        }
        story
    }

    fn key(&self) -> Ed25519Key {
        Ed25519Key::from_pkcs8_maybe_unchecked_der(&self.key).unwrap()
    }

    fn key_record(&self) -> String {
        format!("v=DKIM1; k=ed25519; p={}", data_encoding::BASE64.encode(&self.key().public_key()))
    }

    fn publishes(&self, name: &str, text: &str) {
        for server in &self.desk.dns {
            server.removes(name);
            server.sets(name, &[text]);
        }
    }

    fn mail(&self) -> Mail {
        Mail::unauthentic(REQUESTER, &self.to)
    }

    fn signer(&self, domain: &str, headers: &[&str]) -> DkimSigner<Ed25519Key, Done> {
        let signer = DkimSigner::from_key(self.key()).domain(domain).selector("s");
        signer.headers(headers.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
    }

    fn signed_by(&self, domain: &str, raw: &[u8]) -> Vec<u8> {
        signed(&self.signer(domain, &["From", "To", "Subject", "Message-ID"]), raw)
    }

    fn signed(&self) -> Vec<u8> {
        self.signed_by(DOMAIN, &self.mail().raw())
    }

    async fn receives(&self, raw: &[u8]) -> Fate {
        self.desk.receives(raw).await
    }

    /// As a mail server hands it over that tells whom it got it from.
    async fn receives_from(&self, ip: &str, sender: &str, raw: &[u8]) -> Fate {
        let envelope = Envelope::told(Some(ip), Some("mail.nordlicht.example"), Some(sender));
        let mut connection = self.desk.casework.app.pool.acquire().await.unwrap();
        assert!(inbound::store_piped(&mut connection, raw, &envelope, self.desk.now()).await.unwrap());
        drop(connection);
        self.desk.work_until_idle().await;
        self.desk.fate_of_the_last().await
    }

    /// Time passes, so that the latest message is known by its time.
    fn a_moment_later(&self) {
        self.desk.clock.set(self.desk.now().after(SignedDuration::from_secs(1)));
    }
}

fn signed(signer: &DkimSigner<Ed25519Key, Done>, raw: &[u8]) -> Vec<u8> {
    let mut whole = signer.sign(raw).unwrap().to_header().into_bytes();
    whole.extend_from_slice(raw);
    whole
}

fn replaced(raw: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(raw.to_vec()).unwrap();
    assert!(text.contains(from), "{from:?} is in {text}");
    text.replacen(from, to, 1).into_bytes()
}

const NOT_GENUINE: &str = "inbound-not-genuine";

#[actix_web::test]
async fn a_signature_of_the_authors_domain_is_believed_and_no_other() {
    let story = Story::start().await;
    story.receives(&story.signed()).await.is_filed_from("requester");
    // Line ends that a pipe changed, a signature of a part of the organisation, and one of somebody else beside it.
    let unix = String::from_utf8(story.signed()).unwrap().replace("\r\n", "\n");
    story.receives(unix.as_bytes()).await.is_filed_from("requester");
    let mail = story.mail().raw();
    story.receives(&story.signed_by("mail.nordlicht.example", &mail)).await.is_filed_from("requester");
    let both = story.signed_by("evil.example", &story.signed());
    story.receives(&both).await.is_filed_from("requester");

    let only_subject = story.signer(DOMAIN, &["Subject", "To"]);
    let part_of_body = story.signer(DOMAIN, &["From", "To", "Subject"]).body_length(true);
    let unknown_key = DkimSigner::from_key(story.key()).domain(DOMAIN).selector("none").headers(["From"]);
    let forged = format!("{RECEIVER}; dkim=pass header.d={DOMAIN}; dmarc=pass header.from={DOMAIN}");
    let partly = [signed(&part_of_body, &story.mail().raw()), b"Pay Mallory.\r\n".to_vec()].concat();
    for (what, raw) in [
        ("no signature", story.mail().raw()),
        ("results that claim one", story.mail().on_top("Authentication-Results", &forged).raw()),
        ("a changed body", replaced(&story.signed(), "see below", "see above")),
        ("more of a body", [story.signed(), b"P.S.\r\n".to_vec()].concat()),
        ("a changed subject", replaced(&story.signed(), "Subject: Re:", "Subject: Fw:")),
        ("another organisation's", story.signed_by("evil.example", &story.mail().raw())),
        ("a key that nobody published", signed(&unknown_key, &story.mail().raw())),
        ("a signature that leaves the author out", signed(&only_subject, &story.mail().raw())),
        ("a signature over a part of the body", partly),
    ] {
        story.a_moment_later();
        let fate = story.receives(&raw).await;
        assert_eq!((fate.state.as_str(), fate.reason.as_str()), ("quarantined", NOT_GENUINE), "{what}");
    }
    story.a_moment_later();
    let two = [b"From: mallory@evil.example\r\n".to_vec(), story.signed()].concat();
    story.receives(&two).await.is_in_quarantine("inbound-no-author");
    story.a_moment_later();
    let stranger = Mail::unauthentic("mallory@evil.example", &story.to).raw();
    story
        .receives(&story.signed_by("evil.example", &stranger))
        .await
        .is_in_quarantine("inbound-unknown-sender");
    story.desk.finish().await;
}

/// By our clock, that of the moment in which the message came in: not by the machine's.
#[actix_web::test]
async fn a_signature_that_had_run_out_when_it_came_in_is_none() {
    let story = Story::start().await;
    let signed_for = |seconds: u64| {
        signed(&story.signer(DOMAIN, &["From", "To", "Subject"]).expiration(seconds), &story.mail().raw())
    };
    // It has run out by now, and had not when it came in.
    let raw = signed_for(1);
    let signed_at = Clock::wall().now();
    while Clock::wall().now() < signed_at.after(SignedDuration::from_secs(2)) {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    story.receives(&raw).await.is_filed_from("requester");

    // It has not run out by now, and had when it came in.
    let raw = signed_for(3600);
    story.desk.clock.set(signed_at.after(SignedDuration::from_hours(2)));
    story.receives(&raw).await.is_in_quarantine(NOT_GENUINE);
    story.a_moment_later();
    story.receives(&signed_for(3 * 3600)).await.is_filed_from("requester");
    story.desk.take_all_letters();
    story.desk.finish().await;
}

#[actix_web::test]
async fn a_policy_wants_a_pass_however_mild_it_is() {
    let story = Story::start().await;
    for policy in ["none", "quarantine", "reject"] {
        story.publishes(DMARC, &format!("v=DMARC1; p={policy}"));
        story.a_moment_later();
        story.receives(&story.mail().raw()).await.is_in_quarantine(NOT_GENUINE);
        story.a_moment_later();
        story.receives(&story.signed()).await.is_filed_from("requester");
        let subdomains = story.signed_by("mail.nordlicht.example", &story.mail().raw());
        story.a_moment_later();
        story.receives(&subdomains).await.is_filed_from("requester");
        story.publishes(DMARC, &format!("v=DMARC1; p={policy}; adkim=s"));
        let subdomains = story.signed_by("mail.nordlicht.example", &story.mail().raw());
        story.a_moment_later();
        story.receives(&subdomains).await.is_in_quarantine(NOT_GENUINE);
    }
    story.desk.finish().await;
}

#[actix_web::test]
async fn spf_counts_with_the_clients_address_and_the_authors_organisation() {
    let story = Story::start_with(&format!("mail.inbound.received_by = \"{RECEIVER}\"\n")).await;
    for domain in [DOMAIN, "mail.nordlicht.example"] {
        story.publishes(domain, "v=spf1 ip4:192.0.2.7 -all");
    }
    story.publishes("evil.example", "v=spf1 ip4:198.51.100.1 -all");
    let (right, wrong) = ("192.0.2.7", "198.51.100.1");
    for (ip, sender, passes) in [
        (right, REQUESTER, true),
        (right, "bounces@mail.nordlicht.example", true),
        // The null sender: the client's name is checked.
        (right, "", true),
        (wrong, REQUESTER, false),
        (wrong, "mallory@evil.example", false),
        (wrong, "", false),
        ("unknown", REQUESTER, false),
    ] {
        story.a_moment_later();
        let fate = story.receives_from(ip, sender, &story.mail().raw()).await;
        assert_eq!(fate.state == "filed", passes, "{ip} {sender}: {fate:?}");
    }
    // Strict alignment of the policy.
    story.publishes(DMARC, "v=DMARC1; p=none; aspf=s");
    story.a_moment_later();
    let fate = story.receives_from(right, "bounces@mail.nordlicht.example", &story.mail().raw()).await;
    fate.is_in_quarantine(NOT_GENUINE);

    // From the field that our mail server wrote, and not from the one that the sender put below it.
    let received = |ip: &str| format!("from mail.nordlicht.example (x [{ip}]) by {RECEIVER} with ESMTP; now");
    let traced = |top: &str, below: &str| {
        let mail = story.mail().on_top("Return-Path", &format!("<{REQUESTER}>"));
        mail.on_top("Received", &received(below)).on_top("Received", &received(top)).raw()
    };
    story.a_moment_later();
    story.receives(&traced(right, wrong)).await.is_filed_from("requester");
    story.a_moment_later();
    story.receives(&traced(wrong, right)).await.is_in_quarantine(NOT_GENUINE);
    story.desk.finish().await;
}

#[actix_web::test]
async fn while_name_servers_are_silent_a_message_waits_and_is_decided_later() {
    let story = Story::start().await;
    let [one, other] = &story.desk.dns;
    other.fails(true);
    let waiting = story.receives(&story.signed()).await;
    assert_eq!(waiting.state, "stored", "neither believed nor refused");
    story.desk.clock.set(story.desk.now().after(SignedDuration::from_mins(30)));
    story.desk.work_until_idle().await;
    assert_eq!(story.desk.fate_of_the_last().await.state, "stored");
    other.fails(false);
    story.desk.later(1).await;
    story.desk.fate_of_the_last().await.is_filed_from("requester");

    // One name server alone can vouch for nobody.
    let name = format!("s._domainkey.{DOMAIN}");
    one.removes(&name);
    story.a_moment_later();
    story.receives(&story.signed()).await.is_in_quarantine(NOT_GENUINE);
    one.sets(&name, &[&story.key_record()]);
    other.removes(&name);
    story.a_moment_later();
    story.receives(&story.signed()).await.is_in_quarantine(NOT_GENUINE);
    other.sets(&name, &[&story.key_record()]);

    // Not for ever: in the end people decide.
    one.fails(true);
    story.a_moment_later();
    assert_eq!(story.receives(&story.signed()).await.state, "stored");
    story.desk.later(5).await;
    story.desk.fate_of_the_last().await.is_in_quarantine("inbound-unclear");
    one.fails(false);
    story.desk.finish().await;
}

#[actix_web::test]
async fn letters_as_we_compose_and_sign_them_are_believed() {
    let story = Story::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key.pem");
    let base64 = data_encoding::BASE64.encode(&story.key);
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{base64}\n-----END PRIVATE KEY-----\n");
    handover::boot::write_private(&file, &pem).unwrap();
    let tag = story.to.split_once('+').unwrap().1.rsplit_once(".r.").unwrap().0.to_owned() + ".d";
    let departeds = signed_address("handover@reseller.example", &story.desk.casework.app.reply_signer, &tag);
    for (name, address, writer) in [
        ("Miriam Kessler", REQUESTER, "requester"),
        ("Tobias Rauch", SUCCESSOR, "successor"),
        ("Petra Abend", DEPARTED, "departed_contact"),
    ] {
        let text = format!(
            "mail.from_address = {address:?}\nmail.dkim.ed25519_selector = \"s\"\nmail.dkim.ed25519_key_file = {file:?}"
        );
        let dkim = Dkim::try_new(&Settings::with(&text).unwrap().mail).unwrap();
        let letter = Letter {
            to_name: "",
            to_address: if writer == "departed_contact" { &departeds } else { &story.to },
            reply_to: address,
            return_path: address,
            subject: "Aw: Ihr Vorgang – schöne Grüße",
            text: "Guten Tag,\n\n.alles in Ordnung.\n",
            html: Some("<p>Guten Tag,</p>\n<p>alles in Ordnung.</p>"),
            languages: &[Language::De],
            thread: &[],
            unsubscribe: None,
        };
        let composed =
            compose(Sender { name, address }, &letter, Profile::Personal, story.desk.now()).unwrap();
        let email = dkim.sign(composed).unwrap();
        story.a_moment_later();
        story.receives(&email.raw).await.is_filed_from(writer);
    }
    story.desk.finish().await;
}
