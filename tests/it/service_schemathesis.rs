//! Schemathesis (PyPI) makes requests from the OpenAPI document, well and badly formed, and judges every answer by it.
//!
//! Skipped, with a message, where neither it nor the network is there. `make api` gives it five minutes; CI one.

use crate::python::programs;
use crate::service_client::Server;
use std::path::Path;
use std::process::Command;

const VERSION: &str = "schemathesis==4.32.5";

/// Nothing is found by any check.
#[test]
fn every_answer_is_as_the_document_says() {
    let Some(programs) = programs(VERSION) else { return };
    let usual = if std::env::var_os("CI").is_some() { "60" } else { "20" };
    // The usual run makes the same requests each time, so that what it finds can be found again; the long one makes new ones.
    let (seconds, seed) = match std::env::var("FENZU_API_SECONDS") {
        Ok(seconds) => (seconds, Vec::new()),
        Err(_) => (usual.to_owned(), vec!["--seed", "1"]),
    };
    let limits = [("requests_per_second", "100000"), ("burst", "100000"), ("plan_seconds", "1"), ("body_seconds", "5")];
    let server = Server::with(&[], &limits);
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemathesis.toml");
    let url = format!("http://127.0.0.1:{}/openapi.json", server.address.port());
    let ended = Command::new(programs.join("schemathesis"))
        .arg("--config-file")
        .arg(config)
        .args(["run", &url, "--checks", "all", "--max-time", &seconds, "--request-timeout", "30"])
        .args(seed)
        .args(["--suppress-health-check", "all", "--warnings", "off", "--no-color"])
        .current_dir(server.folder.path(""))
        .output()
        .expect("schemathesis runs");
    let told = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{told}\n{}", String::from_utf8_lossy(&ended.stderr));
    println!("{}", told.lines().rev().take(12).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("\n"));
}
