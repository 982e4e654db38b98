//! TLS of the service's own: the certificate that is shown, made or given, its renewal, and what comes with it.

use crate::browser::{Browser, key};
use crate::certificates::Authority;
use crate::command::{Folder, fenzu};
use crate::service_access::token;
use crate::service_client::{Answer, Server, head, read};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// Asks over TLS, trusting this certificate alone; the answer, and SHA-256 of the certificate that was shown.
fn asked(server: &Server, trusted: &str, name: &str, request: &[u8]) -> std::io::Result<(Answer, String)> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(trusted.as_bytes()).expect("a certificate")).expect("an authority");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(name.to_owned()).expect("a name");
    let client = ClientConnection::new(Arc::new(config), name).expect("a client");
    let mut stream = StreamOwned::new(client, server.connect());
    stream.write_all(request)?;
    let answer = read(&mut stream)?;
    let shown = stream.conn.peer_certificates().and_then(|chain| chain.first()).expect("a certificate");
    Ok((answer, fingerprint(shown)))
}

fn fingerprint(certificate: &[u8]) -> String {
    Sha256::digest(certificate).iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}

fn of_pem(pem: &str) -> String {
    fingerprint(&CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate"))
}

fn get(path: &str) -> Vec<u8> {
    head("GET", path, &[("Host", "localhost"), ("Accept-Language", "en")], 0)
}

/// The fingerprint that the service has told when it began.
fn told(server: &Server) -> String {
    let line = "SHA-256 fingerprint of its certificate: ";
    let begun = Instant::now();
    loop {
        if let Some((_, rest)) = server.log().split_once(line) {
            return rest.lines().next().expect("a line").to_owned();
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "no fingerprint");
    }
}

fn read_file(path: &str) -> String {
    std::fs::read_to_string(path).expect(path)
}

/// A service on a folder's database that makes its certificate in that folder.
fn self_signed(folder: Folder) -> Server {
    let database = format!("sqlite:{}", folder.path("fenzu.db"));
    let (certificate, key) = (folder.path("own.crt"), folder.path("own.key"));
    let args = ["--tls-self-signed", "--tls-certificate", &certificate, "--tls-key", &key];
    Server::on(folder, &database, &args, &[])
}

#[test]
fn a_certificate_of_its_own_is_known_by_its_fingerprint() {
    let mut server = self_signed(Folder::new());
    let fingerprint = told(&server);
    let certificate = read_file(&server.folder.path("own.crt"));
    for name in ["localhost", "127.0.0.1"] {
        let (answer, shown) = asked(&server, &certificate, name, &get("/")).expect("it is trusted");
        assert!(answer.status(200).text().contains("<main"), "a page");
        assert_eq!((shown.as_str(), of_pem(&certificate)), (fingerprint.as_str(), fingerprint.clone()));
    }
    assert!(asked(&server, &certificate, "evil.example", &get("/")).is_err(), "another name");
    assert!(asked(&server, &Authority::new().pem(), "localhost", &get("/")).is_err(), "nobody else vouches for it");
    #[cfg(unix)]
    for file in ["own.key", "own.crt"] {
        let data = std::fs::metadata(server.folder.path(file)).expect("a file");
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&data.permissions()) & 0o077, 0, "{file}");
    }
    // The same one the next time.
    server.end();
    let again = self_signed(std::mem::replace(&mut server.folder, Folder::new()));
    assert_eq!(told(&again), fingerprint);
}

#[test]
fn what_comes_over_tls_stays_there() {
    let server = self_signed(Folder::new());
    let certificate = read_file(&server.folder.path("own.crt"));
    let answers = ["/", "/healthz", "/v1/models", "/nowhere"]
        .map(|path| asked(&server, &certificate, "localhost", &get(path)).expect("an answer").0);
    for answer in answers {
        assert_eq!(answer.header("strict-transport-security"), Some("max-age=31536000"));
    }
    assert_eq!(Server::start().get("/").header("strict-transport-security"), None, "not without TLS");
}

/// Whoever speaks plain HTTP there is told, at once, and hears to the end.
#[test]
fn plain_http_is_told_to_come_over_tls() {
    let server = self_signed(Folder::new());
    for body in [0, 3 << 20] {
        let mut stream = server.connect();
        stream.write_all(&head("POST", "/v1/lists", &[("Host", "localhost")], body)).expect("sent");
        stream.write_all(&vec![b'x'; body]).expect("all of it is taken");
        let problem = read(&mut stream).expect("an answer");
        assert_eq!(problem.header("x-content-type-options"), Some("nosniff"));
        let problem = problem.problem(400, "tls_expected");
        assert!(problem["detail"].as_str().expect("words").contains("https://"), "{problem}");
    }
}

/// Connections that say nothing, or break off, hold no seat for longer than a head may take.
#[test]
fn whoever_opens_no_tls_is_let_go() {
    let folder = Folder::new();
    let database = format!("sqlite:{}", folder.path("fenzu.db"));
    let (own, key) = (folder.path("own.crt"), folder.path("own.key"));
    let args = ["--tls-self-signed", "--tls-certificate", &own, "--tls-key", &key];
    let settings = [("head_seconds", "1"), ("connections", "4")];
    let server = Server::on(folder, &database, &args, &settings);
    let silent: Vec<TcpStream> = (0..4).map(|_| server.connect()).collect();
    let mut half = server.connect();
    half.write_all(&[22, 3, 1, 2, 0]).expect("the beginning of a handshake");
    let begun = Instant::now();
    let (answer, _) = asked(&server, &read_file(&own), "localhost", &get("/healthz")).expect("an answer");
    answer.status(200);
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    drop(silent);
}

#[test]
fn given_files_are_shown_and_renewed_without_a_restart() {
    let (authority, folder) = (Authority::new(), Folder::new());
    let (first, first_key) = authority.vouches(&["localhost"]);
    let (certificate, key) = (folder.write("full.pem", &first), folder.write("key.pem", &first_key));
    let database = format!("sqlite:{}", folder.path("fenzu.db"));
    let server = Server::on(folder, &database, &["--tls-certificate", &certificate, "--tls-key", &key], &[]);
    assert_eq!(told(&server), of_pem(&first));
    let shown = || asked(&server, &authority.pem(), "localhost", &get("/healthz")).expect("it is trusted").1;
    assert_eq!(shown(), of_pem(&first));
    let until = |done: &dyn Fn() -> bool| {
        let begun = Instant::now();
        while !done() {
            assert!(begun.elapsed() < Duration::from_secs(20), "{}", server.log());
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    // Half of a pair changes nothing.
    let (second, second_key) = authority.vouches(&["localhost"]);
    std::fs::write(&certificate, &second).expect("written");
    until(&|| server.log().contains("was not renewed"));
    assert_eq!(shown(), of_pem(&first));
    std::fs::write(&key, &second_key).expect("written");
    until(&|| shown() == of_pem(&second));
}

#[test]
fn files_that_are_no_pair_are_refused() {
    let (authority, folder) = (Authority::new(), Folder::new());
    let ((one, _), (_, other)) = (authority.vouches(&["localhost"]), authority.vouches(&["localhost"]));
    let (one, other) = (folder.write("one.pem", one), folder.write("other.pem", other));
    let (text, missing) = (folder.write("text.pem", "no certificate"), folder.path("missing.pem"));
    let database = format!("sqlite:{}", folder.path("fenzu.db"));
    let cases = [
        (&one, &other, "other.pem: found the key of another certificate"),
        (&text, &other, "text.pem: found no PEM data"),
        (&one, &text, "text.pem: found no PEM data"),
        (&one, &missing, "missing.pem: found an error on reading"),
    ];
    for (certificate, key, found) in cases {
        let args = ["serve", "--listen", "127.0.0.1:0", "--database", &database];
        let ended = fenzu(&[&args[..], &["--tls-certificate", certificate, "--tls-key", key]].concat()).code(2);
        assert!(ended.err.contains(found), "{}", ended.err);
    }
    assert!(fenzu(&["serve", "--tls-certificate", &one]).code(2).err.contains("--tls-key"));
}

/// A browser logs in over TLS; its cookie is one that no other host and no plain page can put there.
#[test]
fn a_browser_logs_in_over_tls() {
    let folder = Folder::new();
    let secret = token(&folder, "一中");
    let server = self_signed(folder);
    let Some(browser) = Browser::open_trusting(1000, 800) else { return };
    browser.go(&format!("https://localhost:{}/", server.address.port()));
    browser.until("location.pathname === '/enter'");
    browser.write("#token", &secret);
    browser.press(&[key::ENTER]);
    browser.until("location.pathname === '/'");
    let cookies = browser.cookies();
    assert!(cookies.contains("__Host-token") && cookies.contains("\"secure\":true"), "{cookies}");
}
