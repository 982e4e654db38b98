//! Pictures of every page in both languages, light and dark, on a telephone and on a wide screen: `make screenshots` writes them
//! into target/screenshots, to be looked at. No page may be wider than its screen.

use crate::browser::Browser;
use crate::command::dataset;
use crate::page_wait::waiting;
use crate::service_client::Server;
use serde_json::json;
use std::path::Path;

/// A page to take: name, address below the service's, and what to do before the picture.
type Page = (&'static str, String, &'static [&'static str]);

/// Every page, and the board in its states.
fn pages(server: &Server) -> Vec<Page> {
    let bytes = std::fs::read(dataset("class50_messy.xlsx")).expect("the sample class");
    let list = server.list("七（3）班.xlsx", &bytes);
    let plan = server.plan(&json!({"list": list, "groups": 5}))["id"].as_str().expect("an id").to_owned();
    let together = json!({"together": [["S001", "S002"]], "apart": [["S001", "S002"]]});
    let conflict = server.plan(&json!({"list": list, "groups": 5, "rules": together}));
    let conflict = conflict["id"].as_str().expect("an id").to_owned();
    let school: Vec<(String, Vec<u8>)> = (1..=6)
        .map(|n| {
            (
                format!("class{n:02}.csv"),
                std::fs::read(dataset(&format!("school/classes/class{n:02}.csv"))).expect("a class"),
            )
        })
        .collect();
    let staff = std::fs::read(dataset("school/staff.csv")).expect("the staff");
    let mut parts: Vec<(&str, &str, &[u8])> =
        school.iter().map(|(name, bytes)| ("lists", name.as_str(), bytes.as_slice())).collect();
    parts.push(("lists", "broken.csv", "姓名,数学\n甲,abc\n".as_bytes()));
    let with_staff = [parts.as_slice(), &[("staff", "staff.csv", staff.as_slice())]].concat();
    let sent = server.upload("/v1/batches", &with_staff);
    let sent = if sent.status == 202 { sent } else { server.upload("/v1/batches", &parts) };
    let batch = sent.status(202).json()["id"].as_str().expect("an id").to_owned();
    server.until(&format!("/v1/batches/{batch}"), |told| told["state"] == "done");
    vec![
        ("1-home", String::new(), &[]),
        ("2-list", format!("lists/{list}"), &[]),
        ("3-board", format!("plans/{plan}"), &[]),
        ("4-why", format!("plans/{plan}"), &[".student", ".panel .choice .shifts"]),
        ("5-print", format!("plans/{plan}/print"), &[]),
        ("6-sheet", format!("plans/{plan}/sheet"), &[]),
        ("7-conflict", format!("plans/{conflict}"), &[]),
        ("8-office", "office".to_owned(), &[]),
        ("9-school", format!("batches/{batch}"), &["#classes tr"]),
        ("10-privacy", "privacy".to_owned(), &[]),
        ("12-wait", format!("plans/{}", waiting(server)), &["#draft article"]),
        ("11-trouble", "plans/0190a000-0000-7000-8000-000000000000".to_owned(), &[]),
    ]
}

#[test]
#[ignore = "pictures for people: make screenshots"]
fn every_page_fits_its_screen() {
    let server = Server::with(&[], &[("plan_seconds", "600")]);
    let pages = pages(&server);
    let Some(browser) = Browser::open(1440, 900) else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/screenshots");
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut wide = Vec::new();
    for lang in ["zh", "en"] {
        for (scheme, width) in [("light", 1440), ("dark", 1440), ("light", 360), ("dark", 360)] {
            browser.pretend(scheme, width);
            for (name, path, steps) in &pages {
                browser.go(&format!("http://127.0.0.1:{}/{path}?lang={lang}", server.address.port()));
                browser.find("main h1");
                for (at, css) in steps.iter().enumerate() {
                    if at == 0 && *css == ".student" { browser.click(css) } else { drop(browser.find(css)) }
                }
                let file = format!("{name}-{lang}-{scheme}-{width}.png");
                if browser.script("return document.documentElement.scrollWidth <= innerWidth") != true {
                    wide.push(file.clone());
                }
                std::fs::write(folder.join(file), browser.picture()).expect("a file");
            }
        }
    }
    assert!(wide.is_empty(), "wider than the screen: {wide:?}");
}
