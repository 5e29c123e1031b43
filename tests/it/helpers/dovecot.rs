//! A real mail server for a test: Dovecot, unprivileged, on free ports, with all it keeps below a temporary folder.
//!
//! Mail goes in by LMTP as from a mail server in front, and out by IMAP; by its submission service it takes mail from
//! programs. Needs the Debian packages dovecot-imapd, dovecot-lmtpd, dovecot-submissiond.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::{Gid, Group, Pid, Uid, User, chown, getegid, geteuid},
};
use tempfile::TempDir;

pub const USER: &str = "handover";
pub const PASSWORD: &str = "secret";

pub struct Dovecot {
    pub imap: u16,
    pub imaps: u16,
    pub lmtp: u16,
    /// Open only where [`Dovecot::start_submitting`] started it.
    pub submission: u16,
    process: Child,
    folder: TempDir,
}

impl Dovecot {
    /// Starts it; it answers when this returns.
    pub fn start() -> Dovecot {
        Self::start_with(|_folder| String::new())
    }

    /// With the submission service, which hands on what it takes to an SMTP server on `relay_port`.
    pub fn start_submitting(relay_port: u16) -> Dovecot {
        let [submission] = free_ports();
        let mut server = Self::start_with(|_folder| {
            format!(
                "protocols = imap lmtp submission
submission_relay_host = 127.0.0.1
submission_relay_port = {relay_port}
service submission-login {{
  chroot =
  inet_listener submission {{
    port = {submission}
  }}
}}
"
            )
        });
        server.submission = submission;
        server.wait_for_greeting(submission);
        server
    }

    /// With settings of a test's own after the others; they are told where its files lie.
    pub fn start_with(more: impl Fn(&Path) -> String) -> Dovecot {
        let folder = tempfile::Builder::new().prefix("dovecot").tempdir().unwrap();
        let (uid, gid) = unprivileged();
        let ports = free_ports();
        let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        fs::write(folder.path().join("cert.pem"), certified.cert.pem()).unwrap();
        fs::write(folder.path().join("key.pem"), certified.signing_key.serialize_pem()).unwrap();
        let settings = configuration(folder.path(), uid, gid, ports) + more(folder.path()).as_str();
        fs::write(folder.path().join("dovecot.conf"), settings).unwrap();
        give_away(folder.path(), uid, gid);

        let log = fs::File::create(folder.path().join("out")).unwrap();
        let mut command = command(uid, gid);
        command.arg("-F").arg("-c").arg(folder.path().join("dovecot.conf"));
        let process =
            command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        let [imap, imaps, lmtp] = ports;
        let mut server = Dovecot { imap, imaps, lmtp, submission: 0, process, folder };
        for port in ports {
            if port != imaps {
                server.wait_for_greeting(port);
            }
        }
        server
    }

    /// The authority behind its certificate for `localhost`.
    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    /// Puts a message into the mailbox, as the mail server in front does.
    pub fn deliver(&self, message: &[u8]) {
        let stream = TcpStream::connect(("127.0.0.1", self.lmtp)).unwrap();
        let mut answers = BufReader::new(stream.try_clone().unwrap());
        let mut stream = stream;
        let mut expect = |code: &str| loop {
            let mut line = String::new();
            answers.read_line(&mut line).unwrap();
            assert!(line.starts_with(code), "LMTP said {line:?} and not {code}");
            if line.as_bytes()[3] == b' ' {
                return;
            }
        };
        expect("220");
        for (line, code) in [
            ("LHLO mx.reseller.example".to_owned(), "250"),
            ("MAIL FROM:<>".to_owned(), "250"),
            (format!("RCPT TO:<{USER}>"), "250"),
            ("DATA".to_owned(), "354"),
        ] {
            write!(stream, "{line}\r\n").unwrap();
            expect(code);
        }
        let text = String::from_utf8_lossy(message).replace("\r\n", "\n").replace('\n', "\r\n");
        let stuffed = text.trim_end_matches("\r\n").replace("\r\n.", "\r\n..");
        stream.write_all(format!("{stuffed}\r\n.\r\nQUIT\r\n").as_bytes()).unwrap();
        expect("250");
    }

    /// As after a restored backup: the same messages, but none of the UIDs of before counts any more.
    pub fn change_uid_validity(&self) {
        let maildir = self.maildir();
        let list = maildir.join("dovecot-uidlist");
        let text = fs::read_to_string(&list).unwrap();
        let (header, rest) = text.split_once('\n').unwrap();
        let words: Vec<String> = header
            .split(' ')
            .map(|word| match word.strip_prefix('V') {
                Some(validity) => format!("V{}", validity.parse::<u32>().unwrap() + 7),
                None => word.to_owned(),
            })
            .collect();
        fs::write(&list, format!("{}\n{rest}", words.join(" "))).unwrap();
        for entry in fs::read_dir(&maildir).unwrap().flatten() {
            if entry.file_name().to_string_lossy().starts_with("dovecot.index") {
                fs::remove_file(entry.path()).unwrap();
            }
        }
        let (uid, gid) = unprivileged();
        give_away(self.folder.path(), uid, gid);
    }

    /// The flags of the messages, as their file names show them: empty while nobody has read anything.
    pub fn flags(&self) -> String {
        let seen = fs::read_dir(self.maildir().join("cur")).unwrap().flatten();
        let names = seen.map(|entry| entry.file_name().into_string().unwrap());
        names.filter_map(|name| name.split_once(":2,").map(|(_, flags)| flags.to_owned())).collect()
    }

    fn maildir(&self) -> PathBuf {
        self.folder.path().join("mail").join(USER)
    }

    fn wait_for_greeting(&mut self, port: u16) {
        for _ in 0..600 {
            if let Ok(stream) = TcpStream::connect(("127.0.0.1", port)) {
                let mut line = String::new();
                if BufReader::new(stream).read_line(&mut line).is_ok_and(|length| length > 0) {
                    return;
                }
            }
            if let Some(status) = self.process.try_wait().unwrap() {
                panic!("dovecot ended with {status}: {}", self.log());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("dovecot does not answer: {}", self.log());
    }

    fn log(&self) -> String {
        let read = |name: &str| fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
        format!("{}{}", read("out"), read("log"))
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        let _ = kill(Pid::from_raw(self.process.id().cast_signed()), Signal::SIGTERM);
        let _ = self.process.wait();
    }
}

/// Dovecot refuses to run as root.
fn unprivileged() -> (Uid, Gid) {
    if !geteuid().is_root() {
        return (geteuid(), getegid());
    }
    let nobody = User::from_name("nobody").unwrap().expect("there is a user nobody");
    (nobody.uid, nobody.gid)
}

fn command(uid: Uid, gid: Gid) -> Command {
    if !geteuid().is_root() {
        return Command::new("dovecot");
    }
    let mut command = Command::new("setpriv");
    command.args([format!("--reuid={uid}"), format!("--regid={gid}"), "--clear-groups".to_owned()]);
    command.arg("/usr/sbin/dovecot");
    command
}

fn give_away(folder: &Path, uid: Uid, gid: Gid) {
    chown(folder, Some(uid), Some(gid)).unwrap();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            give_away(&entry.path(), uid, gid);
        } else if kind.is_file() {
            chown(&entry.path(), Some(uid), Some(gid)).unwrap();
            fs::set_permissions(entry.path(), fs::Permissions::from_mode(0o600)).unwrap();
        }
    }
}

fn free_ports<const N: usize>() -> [u16; N] {
    let listeners: [TcpListener; N] = std::array::from_fn(|_| TcpListener::bind("127.0.0.1:0").unwrap());
    listeners.map(|listener| listener.local_addr().unwrap().port())
}

fn configuration(folder: &Path, uid: Uid, gid: Gid, [imap, imaps, lmtp]: [u16; 3]) -> String {
    let user = User::from_uid(uid).unwrap().expect("the user has a name").name;
    let group = Group::from_gid(gid).unwrap().expect("the group has a name").name;
    let folder = folder.display();
    // Without `chroot`, which needs root; without waiting after bad passwords.
    format!(
        "base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  chroot =
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
"
    )
}
