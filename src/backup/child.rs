//! One of PostgreSQL's programs as a child: how it reaches the database, and how it ended.
//!
//! The password is in its environment, which only the same account reads, never on its command line, which everybody does; what it says
//! is told without it. A child ends with whoever waits for it.

use std::process::Stdio;

use anyhow::{Context as _, bail};
use data_encoding::HEXUPPER_PERMISSIVE;
use sqlx::{
    ConnectOptions as _,
    postgres::{PgConnectOptions, PgSslMode},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _},
    process::{self, ChildStdin, ChildStdout, Command},
    task::JoinHandle,
};

use super::tools::Tools;

/// The most that is kept of what it complains about.
const MOST_SAID: usize = 4096;
/// Where distributions keep the certificates that everybody trusts, for programs that do not look there.
const TRUSTED: [&str; 3] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/// How the programs reach the database.
#[derive(Clone)]
pub struct Access {
    variables: Vec<(&'static str, String)>,
    password: Option<String>,
}

impl Access {
    pub fn new(options: &PgConnectOptions, tools: &Tools) -> Self {
        // What the driver does not tell otherwise stands in its address.
        let address = options.to_url_lossy();
        let parameter = |name: &str| {
            address.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        let socket = options.get_socket().map(|folder| folder.display().to_string());
        let mut variables = vec![
            ("PGHOST", socket.unwrap_or_else(|| options.get_host().to_owned())),
            ("PGPORT", options.get_port().to_string()),
            ("PGUSER", options.get_username().to_owned()),
            ("PGDATABASE", options.get_database().unwrap_or_else(|| options.get_username()).to_owned()),
            ("PGAPPNAME", "handover backup".to_owned()),
            ("PGCONNECT_TIMEOUT", "10".to_owned()),
            ("LC_ALL", "C".to_owned()),
        ];
        variables.extend(parameter("sslmode").map(|mode| ("PGSSLMODE", mode)));
        for (variable, name) in
            [("PGSSLROOTCERT", "sslrootcert"), ("PGSSLCERT", "sslcert"), ("PGSSLKEY", "sslkey")]
        {
            // As the driver writes a file; what stands in the address itself, these programs can't take.
            let file = parameter(name).and_then(|value| Some(value.strip_prefix("file: ")?.to_owned()));
            variables.extend(file.map(|file| (variable, file)));
        }
        let verifies = matches!(options.get_ssl_mode(), PgSslMode::VerifyCa | PgSslMode::VerifyFull);
        if verifies && parameter("sslrootcert").is_none() {
            // We trust what everybody trusts; theirs trusts nobody unless told.
            let trusted = if tools.major >= 16 {
                Some("system")
            } else {
                TRUSTED.into_iter().find(|file| std::path::Path::new(file).is_file())
            };
            variables.extend(trusted.map(|trusted| ("PGSSLROOTCERT", trusted.to_owned())));
        }
        variables.extend(options.get_options().map(|options| ("PGOPTIONS", options.to_owned())));
        Self { variables, password: address.password().map(decoded) }
    }

    /// What was said, without the password.
    fn masked(&self, text: &str) -> String {
        match &self.password {
            Some(password) if !password.is_empty() => text.replace(password, "…"),
            _ => text.to_owned(),
        }
    }
}

/// What the driver wrote with a percent sign before each byte that is no letter and no digit.
fn decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (code, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        bytes.extend(HEXUPPER_PERMISSIVE.decode(code.as_bytes()).unwrap_or_default());
        bytes.extend(rest.as_bytes());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What the child reads and writes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    Out,
    In,
}

pub struct Child {
    name: &'static str,
    child: process::Child,
    said: JoinHandle<String>,
    access: Access,
}

impl Child {
    /// In a group of its own, so that a Ctrl-C at the terminal reaches us and not it.
    pub fn spawn(
        (tools, access): (&Tools, &Access),
        name: &'static str,
        arguments: &[String],
        flow: Flow,
    ) -> anyhow::Result<Self> {
        let piped = |wanted: bool| if wanted { Stdio::piped() } else { Stdio::null() };
        let mut command = Command::new(tools.folder.join(name));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"PG")) {
            command.env_remove(name);
        }
        command.args(arguments).envs(access.variables.iter().map(|(name, value)| (name, value)));
        if let Some(password) = &access.password {
            command.env("PGPASSWORD", password);
        }
        command.stdin(piped(flow == Flow::In)).stdout(piped(flow == Flow::Out)).stderr(Stdio::piped());
        command.process_group(0).kill_on_drop(true);
        let mut child = command.spawn().with_context(|| format!("could not start {name}"))?;
        let said = tokio::spawn(listen(child.stderr.take()));
        Ok(Self { name, child, said, access: access.clone() })
    }

    pub fn output(&mut self) -> anyhow::Result<ChildStdout> {
        self.child.stdout.take().with_context(|| format!("{} has no output", self.name))
    }

    pub fn input(&mut self) -> anyhow::Result<ChildStdin> {
        self.child.stdin.take().with_context(|| format!("{} has no input", self.name))
    }

    /// Waits for its end. What it said although all went well.
    ///
    /// # Errors
    /// Where it says that it failed, in its words.
    pub async fn end(mut self) -> anyhow::Result<String> {
        let ended = self.child.wait().await.with_context(|| format!("could not wait for {}", self.name))?;
        let said = self.said.await.unwrap_or_default();
        let said = self.access.masked(said.trim());
        if !ended.success() {
            bail!(
                "{} failed ({ended}): {}",
                self.name,
                if said.is_empty() { "it said nothing" } else { &said }
            );
        }
        Ok(said)
    }
}

/// The end of what it says, however much that is.
async fn listen(output: Option<impl AsyncRead + Unpin>) -> String {
    let Some(mut output) = output else { return String::new() };
    let (mut kept, mut piece) = (Vec::new(), [0; 1024]);
    while let Ok(size) = output.read(&mut piece).await
        && size > 0
    {
        kept.extend(piece.get(..size).unwrap_or_default());
        let over = kept.len().saturating_sub(MOST_SAID);
        kept.drain(..over);
    }
    String::from_utf8_lossy(&kept).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_told_what_the_address_says_and_never_shows_the_password() {
        let of = |address: &str, major| {
            let tools = Tools { folder: "/usr/bin".into(), major };
            Access::new(&address.parse().unwrap(), &tools)
        };
        let access = of(
            "postgres://o%40wner:p%25s%20w+%2Frd%C3%A4@db.example:6432/hand%2Dover?sslmode=verify-full",
            16,
        );
        assert_eq!(access.password.as_deref(), Some("p%s w+/rdä"));
        let value = |access: &Access, name| {
            access.variables.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone())
        };
        for (name, wanted) in [
            ("PGHOST", "db.example"),
            ("PGPORT", "6432"),
            ("PGUSER", "o@wner"),
            ("PGDATABASE", "hand-over"),
            ("PGSSLMODE", "verify-full"),
            ("PGSSLROOTCERT", "system"),
        ] {
            assert_eq!(value(&access, name).as_deref(), Some(wanted), "{name}");
        }
        assert!(access.variables.iter().all(|(_, value)| !value.contains("p%s w+/rdä")));
        assert_eq!(access.masked("no: p%s w+/rdä!"), "no: …!");
        let local = of("postgres://owner@localhost/x?host=/run/postgresql", 15);
        assert_eq!((value(&local, "PGHOST").as_deref(), local.password), (Some("/run/postgresql"), None));
        let own = of("postgres://owner@db.example/x?sslmode=verify-ca&sslrootcert=/etc/own.pem", 15);
        assert_eq!(value(&own, "PGSSLROOTCERT").as_deref(), Some("/etc/own.pem"));
    }
}
