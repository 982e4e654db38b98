//! What is shipped beside the program: the image's own look at its health, and the example of a proxy.

use crate::command::Folder;
use crate::service_access::token;
use crate::service_client::Server;
use std::process::Command;

/// A file of the project.
fn project(name: &str) -> String {
    std::fs::read_to_string(format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))).expect("a file of the project")
}

/// The image says that it is well as long as the service does.
#[test]
fn the_image_looks_at_its_health() {
    let dockerfile = project("Dockerfile");
    let command = dockerfile.lines().find_map(|line| line.trim().strip_prefix("CMD [\"bash\"")).expect("a HEALTHCHECK");
    let words: Vec<String> = serde_json::from_str(&format!("[\"bash\"{command}")).expect("words");
    let mut server = Server::start();
    let port = server.address.port().to_string();
    let look = words[2].replace("8080", &port);
    let well = || Command::new(&words[0]).args([&words[1], &look]).output().is_ok_and(|looked| looked.status.success());
    assert!(well());
    server.end();
    assert!(!well());
}

/// Behind the proxy of the example a person logs in, also where it does not listen on the usual port.
#[test]
fn the_example_of_a_proxy_keeps_the_port() {
    let example = project("README.md");
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
