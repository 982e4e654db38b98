//! The OpenAPI document is known to be usable: a typed client is generated from it, and does a class teacher's work with it.

use crate::command::Folder;
use crate::python::programs;
use crate::service_client::Server;
use std::process::Command;

const GENERATOR: &str = "openapi-python-client==0.29.1";

/// No formatter is needed for what nobody reads; a zip is bytes.
const CONFIG: &str = "post_hooks: []\ncontent_type_overrides:\n  application/zip: application/octet-stream\n";

fn run(command: &mut Command) {
    let ended = command.output().expect("it starts");
    let told = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(ended.status.success(), "{}\n{}", told(&ended.stdout), told(&ended.stderr));
}

#[test]
fn a_generated_client_does_a_teachers_work() {
    let Some(programs) = programs(GENERATOR) else { return };
    let folder = Folder::new();
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/models/openapi.json");
    let config = folder.write("config.yml", CONFIG);
    run(Command::new(programs.join("openapi-python-client"))
        .args(["generate", "--meta", "none", "--path", document, "--config", &config, "--output-path"])
        .arg(folder.path("fenzu_client")));
    let server = Server::start();
    run(Command::new(programs.join("python3"))
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/typed_client.py"))
        .arg(format!("http://{}", server.address))
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/class50_messy.xlsx"))
        .env("PYTHONPATH", folder.path("")));
}
