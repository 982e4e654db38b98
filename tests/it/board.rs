//! What the board offers besides: names by initials, helper pairs.

use crate::browser::{Browser, key};
use crate::command::dataset;
use crate::service_client::Server;
use fenzu::plan::document::Document;
use serde_json::{Value, json};

fn id(plan: &Value) -> &str {
    plan["id"].as_str().expect("an id")
}

fn sample(server: &Server) -> Value {
    let bytes = std::fs::read(dataset("class50_messy.xlsx")).expect("the sample class");
    let list = server.list("class50_messy.xlsx", &bytes);
    server.plan(&json!({"list": list, "groups": 5}))
}

fn shown(server: &Server, path: &str, lang: &str) -> String {
    server.ask("GET", path, &[("Cookie", &format!("lang={lang}"))], b"").status(200).text()
}

const NAMES: [&str; 8] = ["林紫萱", "李泽轩", "曾玥", "单雄信", "乐嘉", "Li Ming", "欧阳娜娜", "王五"];

fn named(server: &Server) -> String {
    let line = |(at, name): (usize, &&str)| format!("{},{name},{}\n", at + 1, 60 + at);
    let rows: String = NAMES.iter().enumerate().map(line).collect();
    server.list("names.csv", format!("学号,姓名,数学\n{rows}").as_bytes())
}

/// The initials stand beside each name, surnames by their own reading too.
#[test]
fn names_carry_their_initials() {
    let server = Server::start();
    let html = shown(&server, &format!("/lists/{}", named(&server)), "zh");
    let told = |name: &str| {
        let (_, rest) = html.split_once(&format!("<option value=\"{name}\"")).expect("an option");
        let (_, rest) = rest.split_once("data-initials=\"").expect("initials");
        rest.split('"').next().expect("an end").split(' ').map(str::to_owned).collect::<Vec<_>>()
    };
    let wanted: [&[&str]; 8] =
        [&["lzx"], &["lzx"], &["cy", "zy"], &["dxx", "sxx"], &["lj", "yj"], &["lm"], &["oynn"], &["ww"]];
    for (name, wanted) in NAMES.iter().zip(wanted) {
        assert_eq!(told(name), wanted, "{name}");
    }
}

#[test]
fn a_name_is_found_by_its_initials() {
    let server = Server::start();
    let Some(browser) = Browser::open(1200, 900) else { return };
    browser.go(&format!("http://127.0.0.1:{}/lists/{}?lang=zh", server.address.port(), named(&server)));
    let chosen =
        || browser.script("return [...document.querySelectorAll('#chosen bdi')].map(name => name.textContent)");
    browser.write("#who", "sxx");
    browser.press(&[key::ENTER]);
    browser.until("document.querySelectorAll('#chosen bdi').length === 1");
    assert_eq!(chosen(), json!(["单雄信"]));
    // Two are called so: one is chosen from those who come up.
    browser.write("#who", "lzx");
    browser.press(&[key::ENTER]);
    browser.until("document.querySelectorAll('#hits button').length === 2");
    assert_eq!(chosen(), json!(["单雄信"]));
    browser.click("#hits button:first-child");
    browser.until("document.querySelectorAll('#chosen bdi').length === 2");
    assert_eq!(chosen(), json!(["单雄信", "林紫萱"]));
    assert_eq!(browser.script("return document.querySelectorAll('#hits button').length"), 0);
    browser.write("#who", "lzy");
    browser.press(&[key::ENTER]);
    browser.until("document.getElementById('who').validationMessage.includes('没有')");
    assert_eq!(chosen(), json!(["单雄信", "林紫萱"]));
    assert_eq!(browser.faults(), Vec::<String>::new());
}

/// Every pair stands in its group's column on the teacher's page, and nowhere on what is put up.
#[test]
fn helper_pairs_are_for_teachers_only() {
    let server = Server::start();
    let plan = sample(&server);
    let members = server.get(&format!("/v1/plans/{}/export?format=csv", id(&plan))).text();
    let name = |id: &String| {
        let row = members.lines().find(|line| line.trim_start_matches('\u{feff}').starts_with(&format!("{id},")));
        row.and_then(|row| row.split(',').nth(1)).expect("a name").to_owned()
    };
    let document: Document = serde_json::from_value(plan["plan"].clone()).expect("a plan");
    assert!(document.groups.iter().any(|group| !group.helpers.is_empty()));
    for (lang, word, heading) in [("zh", "帮", "结对帮扶"), ("en", "helps", "Paired help")] {
        let board = shown(&server, &format!("/plans/{}", id(&plan)), lang);
        let between = format!("</bdi> {word} <bdi>");
        let columns: Vec<&str> = board.split("<article").skip(1).collect();
        for (group, column) in document.groups.iter().zip(columns) {
            let column = column.split("</article>").next().expect("a column");
            assert_eq!(column.contains(heading), !group.helpers.is_empty());
            assert_eq!(column.matches(&between).count(), group.helpers.len());
            for [weak, strong] in &group.helpers {
                // Two of one name are told apart by digits behind it.
                let (_, behind) = column.split_once("class=\"mates secret\"").expect("pairs");
                let pair = behind.split("<span>").any(|pair| {
                    let named = |side: &str, id| side.contains(&name(id));
                    pair.split_once(&between)
                        .is_some_and(|(helper, helped)| named(helper, strong) && named(helped, weak))
                });
                assert!(pair, "{weak} and {strong}: {behind}");
            }
        }
        let register = shown(&server, &format!("/plans/{}/sheet", id(&plan)), lang);
        let pairs = document.groups.iter().map(|group| group.helpers.len()).sum::<usize>();
        assert!(register.contains(heading) && register.matches("class=\"arrow\"").count() == pairs);
        for path in ["print", "export?format=html&public=true", "export?format=csv&public=true"] {
            let base = if path == "print" { "/plans" } else { "/v1/plans" };
            let sheet = shown(&server, &format!("{base}/{}/{path}", id(&plan)), lang);
            for told in ["mates", "帮", "helps", "help", "←", "→"] {
                let main = sheet.split_once("<body").map_or(sheet.as_str(), |(_, body)| body);
                assert!(!main.contains(told), "{path}: {told}");
            }
        }
    }
}
