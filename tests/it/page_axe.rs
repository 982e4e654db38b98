//! axe-core over every page, light and dark, in both languages: nothing serious, nothing critical. `.ci/setup` fetches it where
//! there is npm.

use crate::browser::Browser;
use crate::command::dataset;
use crate::page_wait::waiting;
use crate::service_client::Server;
use serde_json::{Value, json};
use std::path::Path;

fn axe() -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(".tools/axe.min.js");
    let found = std::fs::read_to_string(&path).ok();
    if found.is_none() {
        println!("skipped: no {}; npm is missing", path.display());
    }
    found
}

/// What axe holds to be serious or critical.
fn faults(browser: &Browser, axe: &str) -> Vec<String> {
    browser.script(axe);
    let told = browser.later(
        "axe.run(document, {resultTypes: ['violations']}).then(told => done(told.violations\
         .filter(fault => ['serious', 'critical'].includes(fault.impact))\
         .map(fault => `${fault.id}: ${fault.nodes.map(node => node.target + ' ' + (node.any[0]?.message ?? '')).slice(0, 4).join(' | ')}`)),\
         error => done([String(error)]))",
    );
    told.as_array().expect("faults").iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[test]
fn no_page_has_a_serious_fault() {
    let Some(axe) = axe() else { return };
    let server = Server::with(&[], &[("plan_seconds", "600")]);
    let Some(browser) = Browser::open(1440, 900) else { return };
    let bytes = std::fs::read(dataset("class50_messy.xlsx")).expect("the sample class");
    let list = server.list("class50_messy.xlsx", &bytes);
    let plan = server.plan(&json!({"list": list, "groups": 5}))["id"].as_str().expect("an id").to_owned();
    let ids = server.get(&format!("/v1/plans/{plan}")).status(200).json();
    let of_group = |g: usize| ids["plan"]["groups"][g]["students"][0].clone();
    let swap = json!({"moves": [{"swap": [of_group(0), of_group(1)]}], "apply": true});
    let other = server.post(&format!("/v1/plans/{plan}/moves"), &swap).status(201).json();
    let other = other["plan"].as_str().expect("an id").to_owned();
    let batch = server.upload("/v1/batches", &[("lists", "class50_messy.xlsx", &bytes)]).status(202).json();
    let batch = batch["id"].as_str().expect("an id").to_owned();
    server.until(&format!("/v1/batches/{batch}"), |told| told["state"] == "done");
    let waiting = waiting(&server);
    let pages = [
        "".to_owned(),
        format!("lists/{list}"),
        format!("lists/{list}?from={plan}&edited"),
        format!("plans/{plan}"),
        format!("plans/{waiting}"),
        format!("plans/{plan}/print"),
        format!("plans/{plan}/sheet"),
        format!("plans/{plan}/compare/{other}"),
        "office".to_owned(),
        format!("batches/{batch}"),
        "privacy".to_owned(),
        "plans/0190a000-0000-7000-8000-000000000000".to_owned(),
    ];
    let mut found = Vec::new();
    for (lang, scheme, width) in
        [("zh", "light", 1440), ("zh", "dark", 360), ("en", "dark", 1440), ("en", "light", 360)]
    {
        for page in &pages {
            browser.pretend(scheme, width);
            let address = format!("http://127.0.0.1:{}", server.address.port());
            browser.go(&format!("{address}/privacy?lang={lang}"));
            browser.go(&format!("{address}/{page}"));
            browser.find("main h1");
            if page.ends_with(&waiting) {
                browser.find("#draft article");
            }
            if page.starts_with("plans") && page.ends_with(&plan) {
                // With the panel open and all that is folded unfolded.
                browser.click(".student");
                browser.find(".panel .choice");
                browser.script("document.querySelectorAll('details').forEach(one => one.open = true)");
            }
            let told = faults(&browser, &axe);
            found.extend(told.into_iter().map(|fault| format!("/{page} {lang} {scheme} {width}: {fault}")));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
