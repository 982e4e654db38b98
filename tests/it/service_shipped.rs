//! What is shipped beside the program: the systemd unit, the list of what it is made of, and the example of a proxy.

use crate::command::{Folder, fenzu};
use crate::service_access::token;
use crate::service_client::Server;
use serde_json::{Value, json};
use std::process::{Command, Output};

/// The place of a file of the project.
fn place(name: &str) -> String {
    format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// A file of the project.
fn project(name: &str) -> String {
    std::fs::read_to_string(place(name)).expect("a file of the project")
}

/// What a program of this machine says; none, with a message, where it is not there.
fn said(program: &str, args: &[&str]) -> Option<Output> {
    let output = Command::new(program).args(args).output();
    if output.is_err() {
        eprintln!("skipped: no {program} here");
    }
    output.ok()
}

/// As far as systemd can tell without running it, the unit lets the service do little beside its work.
#[test]
fn the_unit_is_closed() {
    let file = "docs/fenzu.service";
    let unit = project(file);
    for line in
        ["MemoryMax=4G", "OOMPolicy=continue", "ProtectSystem=strict", "CapabilityBoundingSet=", "DynamicUser=yes"]
    {
        assert!(unit.lines().any(|known| known == line), "{line}");
    }
    let args = ["security", "--offline=true", "--no-pager", "--threshold=25", &place(file)];
    let Some(judged) = said("systemd-analyze", &args) else { return };
    // The threshold is in tenths.
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stdout));
    let checked = said("systemd-analyze", &["verify", "--man=no", &place(file)]).expect("it is here");
    let told = String::from_utf8_lossy(&checked.stderr);
    let unknown = told.lines().find(|line| line.contains("fenzu.service") && !line.contains("is not executable"));
    assert_eq!(unknown, None, "{told}");
}

/// Under the unit's filter of system calls the service does all its work, and its solving processes have their limits.
#[test]
fn the_service_works_under_the_units_filter() {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) || said("systemd-analyze", &["--version"]).is_none() {
        return;
    }
    let folder = Folder::new();
    let database = format!("sqlite:{}", folder.path("fenzu.db"));
    let starter = ["python3", &place("tests/under_filter.py"), &place("docs/fenzu.service")];
    let (own, key) = (folder.path("own.crt"), folder.path("own.key"));
    let tls = ["--tls-self-signed", "--tls-certificate", &own, "--tls-key", &key];
    drop(Server::under(&starter, (Folder::new(), &database), &tls, &[]));
    let mut server = Server::under(&starter, (folder, &database), &[], &[]);
    let list = server.list("class50.csv", project("datasets/class50.csv").as_bytes());
    assert_eq!(server.plan(&json!({"list": list, "groups": 5}))["state"], "done");
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).expect("it runs");
    assert!(status.contains("Seccomp:\t2"), "{status}");
    server.delete("/v1/schools/me/data").status(200);
    assert!(!server.log().contains("is not limited"), "{}", server.log());
    assert_eq!(server.end(), Some(0));
}

/// What the program is made of may be used, comes from crates.io, and stands in a list.
#[test]
fn what_it_is_made_of_is_known() {
    if !said("python3", &["-c", "import tomllib"]).is_some_and(|said| said.status.success()) {
        eprintln!("skipped: no Python of 3.11 or later here");
        return;
    }
    let supply = place(".ci/supply.py");
    let checked = Command::new("python3").args([&supply, "check"]).output().expect("python3");
    assert!(
        checked.status.success(),
        "{}{}",
        String::from_utf8_lossy(&checked.stdout),
        String::from_utf8_lossy(&checked.stderr)
    );
    let folder = Folder::new();
    let file = folder.path("fenzu.cdx.json");
    let listed = Command::new("python3").args([&supply, "sbom", &file]).output().expect("python3");
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let list: Value = serde_json::from_slice(&std::fs::read(&file).expect("a list")).expect("JSON");
    assert_eq!((&list["bomFormat"], &list["specVersion"]), (&json!("CycloneDX"), &json!("1.5")));
    assert_eq!(list["metadata"]["component"]["name"], "fenzu");
    let components = list["components"].as_array().expect("components");
    for name in ["rustls", "sqlx", "axum", "HiGHS", "SQLite"] {
        let found = components.iter().find(|component| component["name"] == name).expect(name);
        assert!(found["version"].as_str().is_some_and(|version| version.contains('.')), "{found}");
        assert!(found["licenses"][0].is_object(), "{found}");
    }
    let locked = project("Cargo.lock");
    let rustls = components.iter().find(|component| component["name"] == "rustls").expect("rustls");
    assert!(locked.contains(rustls["hashes"][0]["content"].as_str().expect("a checksum")));
}

/// Machines of strangers are told that nothing is to be collected, and whom to tell of a weakness; no token is needed for that.
#[test]
fn strangers_are_told_what_they_look_for() {
    let folder = Folder::new();
    token(&folder, "一中");
    let database = format!("sqlite:{}", folder.path("fenzu.db"));
    let server = Server::on(folder, &database, &[], &[]);
    assert_eq!(server.get("/robots.txt").status(200).text(), "User-agent: *\nDisallow: /\n");
    server.get("/.well-known/security.txt").problem(404, "not_found");
    let told = Server::with(&["--security-contact", "mailto:it@school.example"], &[]);
    let security = told.get("/.well-known/security.txt").status(200);
    assert_eq!(security.header("content-type"), Some("text/plain; charset=utf-8"));
    let text = security.text();
    assert!(
        text.starts_with("Contact: mailto:it@school.example\nExpires: 20") && text.contains("Z\nPreferred"),
        "{text}"
    );
    let ended = fenzu(&["serve", "--listen", "127.0.0.1:0", "--security-contact", "the office"]).code(2);
    assert!(ended.err.contains("security_contact"), "{}", ended.err);
}

/// Behind the proxy of the example a person logs in, also where it does not listen on the usual port.
#[test]
fn the_example_of_a_proxy_keeps_the_port() {
    let example = project("docs/service.md");
    assert!(example.contains("proxy_set_header Host $http_host;") && example.contains("X-Forwarded-Proto $scheme"));
    let folder = Folder::new();
    let secret = token(&folder, "一中");
    let database = format!("sqlite:{}", folder.path("fenzu.db"));
    let server = Server::on(folder, &database, &["--trust-proxy"], &[]);
    // As nginx passes it on with these lines.
    let passed = [
        ("Host", "fenzu.school.example:8443"),
        ("Origin", "https://fenzu.school.example:8443"),
        ("Sec-Fetch-Site", "same-origin"),
        ("X-Forwarded-For", "192.0.2.7"),
        ("X-Forwarded-Proto", "https"),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ];
    let entered = server.ask("POST", "/enter", &passed, format!("token={secret}").as_bytes()).status(303);
    assert!(entered.header("set-cookie").is_some_and(|cookie| cookie.starts_with("__Host-token=")));
}

/// The table of findings names tests that are there.
#[test]
fn every_test_that_is_named_is_there() {
    let table = project("docs/security.md");
    let words = table.split('`').filter(|word| word.contains("::") && !word.contains(' '));
    let named: Vec<&str> = words.filter(|word| *word != "file::function").collect();
    assert!(named.len() > 50, "{named:?}");
    for name in named {
        let (file, function) = name.rsplit_once("::").expect("a name");
        let source = project(&format!("tests/it/{}.rs", file.replace("::", "/")));
        assert!(source.contains(&format!("fn {function}(")), "{name}");
    }
}
