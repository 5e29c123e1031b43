//! With `oidc-provider`, which is certified by the OpenID Foundation, as its own program: signing in, groups, consent, and signing
//! out there.

use std::{
    io::{BufRead as _, BufReader, Lines},
    process::{Child, ChildStdout, Command, Stdio},
};

use handover::{case::actor::Role, clock::Clock};

use super::{ROLES, ends, invited, is_in};
use crate::helpers::{
    desk::{Answer, Desk, Visitor},
    liar::{CLIENT, SECRET},
};

/// The program; it ends with the test.
struct Real {
    address: String,
    child: Child,
    /// What it says goes on; nobody there to read it would end it.
    _lines: Lines<BufReader<ChildStdout>>,
}

impl Drop for Real {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Real {
    fn start(port: u16, handover: &str) -> Self {
        let root = env!("CARGO_MANIFEST_DIR");
        let mut child = Command::new("node")
            .arg(format!("{root}/tests/it/helpers/provider.mjs"))
            .args([&port.to_string(), &format!("{root}/target/browser/node_modules"), handover])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node was not found: bin/setup installs it");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines.any(|line| line.is_ok_and(|line| line == "ready"));
        assert!(ready, "oidc-provider does not start: bin/setup installs it");
        Self { address: format!("http://127.0.0.1:{port}"), child, _lines: lines }
    }

    /// Follows the browser through the provider as `who`; the answer of Handover.
    async fn lets_in(&self, desk: &Desk, visitor: &Visitor, who: &str) -> Answer {
        self.lets_in_by(desk, visitor, who, "return_to=/desk/mail").await.0
    }

    /// As [`Self::lets_in`]; also whether it asked who it is.
    async fn lets_in_by(&self, desk: &Desk, visitor: &Visitor, who: &str, query: &str) -> (Answer, bool) {
        let begun = visitor.get(&format!("/desk/sign-in/with/real?{query}")).await.went_well();
        let (mut next, mut asked_who) = (begun.location.unwrap(), false);
        for _ in 0..10 {
            if next.starts_with(&desk.address) {
                return (visitor.get(&next).await, asked_who);
            }
            let here = if next.starts_with('/') { format!("{}{next}", self.address) } else { next.clone() };
            asked_who |= here.contains("/interaction/");
            let asked = if here.contains("/interaction/") { format!("{here}?as={who}") } else { here };
            let answer = visitor.get(&asked).await;
            next = answer.location.unwrap_or_else(|| panic!("{asked}: {}", answer.text));
        }
        panic!("the provider sends the browser round and round: {next}");
    }
}

#[actix_web::test]
async fn a_real_provider_signs_people_in_and_out() {
    let port = free_port();
    let setting = format!(
        "{{ name = \"real\", label = \"Real\", issuer = \"http://127.0.0.1:{port}\", client_id = \"{CLIENT}\", \
         client_secret = \"{SECRET}\", accounts = \"just_in_time\"{ROLES} }}"
    );
    let desk = Desk::start_with(&format!("desk.providers = [{setting}]\n")).await;
    desk.clock.set(Clock::wall().now());
    let real = Real::start(port, &desk.address);
    invited(&desk, "ann", Role::Agent).await;
    let (ann, ben, visitor) = (desk.visitor("en"), desk.visitor("en"), desk.visitor("en"));
    // An account that was there, with the role of the group; and one that is made.
    let answer = real.lets_in(&desk, &ann, "ann").await.went_well();
    assert_eq!(answer.location.as_deref(), Some("/desk/mail"));
    ann.get("/desk/administration/trail").await.is(200).says("gave ann the role Administrator");
    real.lets_in(&desk, &ben, "ben").await.went_well();
    ben.get("/desk/cases").await.is(200).says("Ben");
    ben.get("/desk/administration/trail").await.is(403);
    // Nobody whose address is not verified, who has no group, or who is refused there.
    real.lets_in(&desk, &visitor, "carl").await.is(403).says("does not confirm");
    let visitor = desk.visitor("en");
    real.lets_in(&desk, &visitor, "dora").await.is(403).says("None of your groups");
    let visitor = desk.visitor("en");
    real.lets_in(&desk, &visitor, "nobody").await.is(403).says("was cancelled or refused there");
    assert!(!is_in(&visitor).await);
    // Once more, without typing anything: the session there lives.
    ben.post("/desk/sign-out", &[]).await.went_well();
    let begun = ben.get("/desk/sign-in/with/real").await.went_well();
    let back = ben.get(&begun.location.unwrap()).await.location.unwrap();
    assert!(back.starts_with(&desk.address), "{back}");
    ben.get(&back).await.went_well();
    // Asked anew, whatever it knows; and it says so.
    let anew = "anew=true&return_to=/desk/account/second-factors";
    let (back, asked_who) = real.lets_in_by(&desk, &ben, "ben", anew).await;
    assert_eq!(back.went_well().location.as_deref(), Some("/desk/account/second-factors"));
    assert!(asked_who, "it let him in without asking");
    ben.post("/desk/account/second-factors/apps", &[("name", "Phone")]).await.went_well();
    // Ben signs out there: his session here ends by the back channel.
    assert!(is_in(&ben).await && is_in(&ann).await);
    let end = format!("{}/session/end", real.address);
    let page = ben.get(&format!("{end}?client_id={CLIENT}")).await.is(200);
    let token = page.field("xsrf").unwrap();
    ben.post(&format!("{end}/confirm"), &[("xsrf", &token), ("logout", "yes")]).await;
    assert!(!is_in(&ben).await && is_in(&ann).await);
    ends(desk).await;
}
