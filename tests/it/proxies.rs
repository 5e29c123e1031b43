//! Behind nginx and behind Caddy, each with the very file that is shipped (`packaging/proxy`): who came by HTTP is sent to HTTPS,
//! addresses can't be forged, files get through as far as Handover takes them, and open pages hear at once.
//!
//! Names, ports and the certificate are the test's; nothing else is changed. Needs the Debian packages nginx and caddy.

use std::{
    fs,
    net::{IpAddr, Ipv4Addr, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use handover::case::actor::Role;
use reqwest::{Client, ClientBuilder, StatusCode, header, redirect::Policy};
use tempfile::TempDir;

use crate::helpers::{
    command::free_port,
    desk::{Desk, PASSWORD},
    story::{REQUESTER, form, letter_as_pdf},
};

const NGINX: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/packaging/proxy/nginx.conf"));
const CADDY: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/packaging/proxy/Caddyfile"));

/// A proxy on loopback; ended when dropped.
struct Proxy {
    process: Child,
    /// Its files, and the certificate that it shows.
    _folder: TempDir,
    certificate: reqwest::Certificate,
    plain: u16,
    tls: u16,
}

impl Proxy {
    fn start(name: &str, tls: u16, handover: &str) -> Self {
        let (folder, plain) = (tempfile::Builder::new().prefix("proxy").tempdir().unwrap(), free_port());
        let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let path = folder.path();
        fs::write(path.join("fullchain.pem"), certified.cert.pem()).unwrap();
        fs::write(path.join("privkey.pem"), certified.signing_key.serialize_pem()).unwrap();
        let mut command = match name {
            "nginx" => nginx(path, plain, tls, handover),
            _ => caddy(path, plain, tls, handover),
        };
        let log = fs::File::create(path.join("log")).unwrap();
        let process = command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log).spawn();
        let mut process = process.unwrap_or_else(|_| panic!("{name} is missing: run bin/setup"));
        for _ in 0..500 {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, tls)).is_ok() {
                break;
            }
            let log = || fs::read_to_string(path.join("log")).unwrap();
            assert!(process.try_wait().unwrap().is_none(), "{name} ended: {}", log());
            std::thread::sleep(Duration::from_millis(20));
        }
        let certificate = reqwest::Certificate::from_pem(certified.cert.pem().as_bytes()).unwrap();
        Self { process, _folder: folder, certificate, plain, tls }
    }

    fn client(&self) -> ClientBuilder {
        let client = Client::builder().tls_certs_only([self.certificate.clone()]).cookie_store(true);
        client.redirect(Policy::none()).timeout(Duration::from_secs(30))
    }

    fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.tls)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let pid = nix::unistd::Pid::from_raw(self.process.id().try_into().unwrap());
        // nginx ends its workers on this, too.
        let _ = nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM);
        let _ = self.process.wait();
    }
}

/// Each of `changes` has to be there.
fn adapted(text: &str, changes: &[(&str, String)]) -> String {
    changes.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

fn nginx(folder: &Path, plain: u16, tls: u16, handover: &str) -> Command {
    let site = adapted(
        NGINX,
        &[
            ("127.0.0.1:8080", handover.to_owned()),
            ("listen 80;", format!("listen 127.0.0.1:{plain};")),
            ("    listen [::]:80;\n", String::new()),
            ("listen 443 ssl http2;", format!("listen 127.0.0.1:{tls} ssl http2;")),
            ("    listen [::]:443 ssl http2;\n", String::new()),
            ("/etc/letsencrypt/live/handover.your-company.example", folder.display().to_string()),
            ("handover.your-company.example", "localhost".to_owned()),
            ("/var/log/nginx/handover.error.log", folder.join("error.log").display().to_string()),
        ],
    );
    let own = folder.display();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|kind| format!("{kind}_temp_path {own}/{kind};\n"))
        .collect();
    let is_root = nix::unistd::geteuid().is_root();
    let user = if is_root { "user root;\n" } else { "" };
    fs::write(
        folder.join("nginx.conf"),
        format!("{user}pid {own}/pid;\nevents {{}}\nhttp {{\n{temporary}access_log off;\n{site}}}\n"),
    )
    .unwrap();
    let mut command = Command::new("/usr/sbin/nginx");
    command.arg("-p").arg(folder).arg("-c").arg(folder.join("nginx.conf")).args([
        "-e",
        "stderr",
        "-g",
        "daemon off;",
    ]);
    command
}

fn caddy(folder: &Path, plain: u16, tls: u16, handover: &str) -> Command {
    let own = folder.display();
    let file = adapted(
        CADDY,
        &[
            ("127.0.0.1:8080", handover.to_owned()),
            (
                "\n{\n",
                format!(
                    "\n{{\n\tadmin off\n\thttp_port {plain}\n\thttps_port {tls}\n\tdefault_bind 127.0.0.1\n"
                ),
            ),
            // Elsewhere Caddy asks for a certificate.
            (
                "handover.your-company.example {\n",
                format!("localhost {{\n\ttls {own}/fullchain.pem {own}/privkey.pem\n"),
            ),
        ],
    );
    fs::write(folder.join("Caddyfile"), file).unwrap();
    let mut command = Command::new("/usr/bin/caddy");
    command.env_clear().env("HOME", folder).arg("run").arg("--config").arg(folder.join("Caddyfile"));
    command.args(["--adapter", "caddyfile"]);
    command
}

/// A form with one file.
fn upload(name: &str, file: &[u8]) -> Vec<u8> {
    let head = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/pdf\r\n\r\n"
    );
    [head.as_bytes(), file, b"\r\n--edge--\r\n"].concat()
}

/// The next event about it comes sooner than the sign of life, which could push out what was kept back.
async fn hears_of_the_case(name: &str, live: &mut reqwest::Response) {
    let heard = tokio::time::timeout(Duration::from_secs(8), async {
        let mut text = String::new();
        while !text.contains("event: case\n") {
            let chunk = live.chunk().await.unwrap().unwrap_or_else(|| panic!("{name} ended it: {text}"));
            text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    });
    assert!(heard.await.is_ok(), "{name} keeps back what an open page is told");
}

async fn behind(name: &str) {
    let tls = free_port();
    let desk = Desk::start_with(&format!(
        "http.behind_proxy = true\nhttp.public_url = \"https://localhost:{tls}\"\nhttp.forms_per_minute = 1\n\
         http.forms_burst = 20\n"
    ))
    .await;
    desk.import_register().await;
    let visitor = desk.visitor("en");
    let number = desk.confirmed_case(&visitor, &form()).await;
    let status = desk.take_letter(REQUESTER).link("cases");
    let status = &status[status.find("/cases/").unwrap()..];
    desk.take_all_letters();
    desk.staff("ann", Role::Agent).await;
    let proxy = Proxy::start(name, tls, desk.address.trim_start_matches("http://"));
    let client = proxy.client().build().unwrap();

    // By HTTP nothing is shown, whatever name is asked for.
    let plain = Client::builder().redirect(Policy::none()).build().unwrap();
    let sent = plain.get(format!("http://localhost:{}/guide?language=en", proxy.plain)).send().await.unwrap();
    assert!(sent.status().is_redirection(), "{name}: {}", sent.status());
    let to = sent.headers()[header::LOCATION].to_str().unwrap().to_owned();
    assert!(to.starts_with("https://localhost") && to.ends_with("/guide?language=en"), "{name}: {to}");
    let page = client.get(proxy.url("/guide?language=en")).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.headers().contains_key(header::STRICT_TRANSPORT_SECURITY), "{name}");

    // A file just below the limit is taken. One above it, and one beyond what is read at all, get Handover's own words.
    let most = 10 << 20;
    for (size, says) in [(most - 200, "The file has arrived."), (most + 1000, "10 MB"), (6 * most, "10 MB")] {
        let file = upload("letter.pdf", &letter_as_pdf(&"x".repeat(size)));
        let request =
            client.post(proxy.url(&format!("{status}/evidence"))).header("sec-fetch-site", "same-origin");
        let request = request.header("accept", "text/html").header("accept-language", "en");
        let answer =
            request.header("content-type", "multipart/form-data; boundary=edge").body(file).send().await;
        let answer = answer.unwrap_or_else(|error| panic!("{name}, {size} bytes: {error:?}"));
        let to = answer.headers().get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
        let text = match to {
            Some(to) => {
                let to = if to.starts_with('/') { proxy.url(&to) } else { to };
                client.get(to).header("accept-language", "en").send().await.unwrap().text().await.unwrap()
            }
            None => answer.text().await.unwrap(),
        };
        assert!(text.contains(says), "{name}, {size} bytes: {text}");
    }

    // What changes is told at once: nothing is collected on the way.
    let sign_in = [("email", "ann@reseller.example"), ("password", PASSWORD)];
    let request = client.post(proxy.url("/desk/sign-in")).header("sec-fetch-site", "same-origin");
    assert_eq!(request.form(&sign_in).send().await.unwrap().status(), StatusCode::SEE_OTHER, "{name}");
    let live = client.get(proxy.url(&format!("/desk/live?case={number}")));
    let mut live = live.header("accept", "text/event-stream").send().await.unwrap();
    assert_eq!(
        (live.status(), &live.headers()["content-type"]),
        (StatusCode::OK, &header::HeaderValue::from_static("text/event-stream"))
    );
    hears_of_the_case(name, &mut live).await;
    let note = client.post(proxy.url(&format!("/desk/cases/{number}/notes")));
    let note = note.header("sec-fetch-site", "same-origin").form(&[("note", "Ich rufe morgen an.")]);
    assert_eq!(note.send().await.unwrap().status(), StatusCode::SEE_OTHER, "{name}");
    hears_of_the_case(name, &mut live).await;
    drop(live);

    // Whoever invents addresses is counted by the one they have; somebody else is not counted with them.
    let mut refused = None;
    for invented in 1..=40 {
        let request = client.post(proxy.url("/escalations")).header("sec-fetch-site", "same-origin");
        let request = request.header("x-forwarded-for", format!("192.0.2.{invented}, 198.51.{invented}.1"));
        let request =
            request.header("forwarded", format!("for=203.0.{invented}.1")).header("x-real-ip", "192.0.2.1");
        if request.form(&[("language", "en")]).send().await.unwrap().status() == StatusCode::TOO_MANY_REQUESTS
        {
            refused = Some(invented);
            break;
        }
    }
    assert!(refused.is_some(), "{name}: invented addresses are counted as if they were true");
    let other = proxy.client().local_address(IpAddr::V4(Ipv4Addr::new(127, 7, 7, 7))).build().unwrap();
    let request = other.post(proxy.url("/escalations")).header("sec-fetch-site", "same-origin");
    let answer = request.form(&[("language", "en")]).send().await.unwrap().status();
    assert_ne!(answer, StatusCode::TOO_MANY_REQUESTS, "{name} counts everybody as one");
    drop(proxy);
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn behind_nginx_people_files_and_open_pages_are_as_without_it() {
    behind("nginx").await;
}

#[actix_web::test]
async fn behind_caddy_people_files_and_open_pages_are_as_without_it() {
    behind("caddy").await;
}
