//! What the board offers besides: names by initials, swaps that cost nothing, helper pairs, two plans side by side.

use crate::browser::{Browser, key};
use crate::command::dataset;
use crate::service_client::Server;
use fenzu::plan::document::Document;
use serde_json::{Value, json};
use std::collections::BTreeSet;

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

/// Two kinds of six who are alike, in three groups; the first two must not meet.
fn alike(server: &Server) -> Value {
    let line = |at: usize| format!("{},学生{at},{}\n", at + 1, ["男,中等生,70", "女,优等生,90"][at / 6]);
    let rows: String = (0..12).map(line).collect();
    let list = server.list("alike.csv", format!("学号,姓名,性别,层次,数学\n{rows}").as_bytes());
    server.plan(&json!({"list": list, "groups": 3, "rules": {"apart": [["1", "2"]]}}))
}

/// What is told to be free is free by the price of `/moves`, and nothing that is free is left out.
#[test]
fn free_swaps_are_those_whose_price_is_nothing() {
    let server = Server::start();
    let plan = alike(&server);
    let base = format!("/v1/plans/{}", id(&plan));
    let document: Document = serde_json::from_value(plan["plan"].clone()).expect("a plan");
    let (mut free, mut dear, mut broken) = (0, 0, 0);
    for student in ["1", "2", "5", "12"] {
        let why = server.post(&format!("{base}/why"), &json!({ "student": student })).status(200).json();
        let told: BTreeSet<String> = why["free"]
            .as_array()
            .expect("swaps")
            .iter()
            .map(|free| free["swap"][1].as_str().expect("an id").to_owned())
            .collect();
        for group in document.groups.iter().filter(|group| !group.students.iter().any(|id| id == student)) {
            for other in &group.students {
                let moves = json!({"moves": [{"swap": [student, other]}]});
                let priced = server.post(&format!("{base}/moves"), &moves).status(200).json();
                let goals = priced["goals"].as_array().expect("goals");
                let same = goals.iter().all(|goal| goal["before_scaled"] == goal["after_scaled"]);
                let nothing = same && priced["broken"] == json!([]);
                assert_eq!(told.contains(other), nothing, "{student} and {other}: {priced:#}");
                free += usize::from(nothing);
                dear += usize::from(!same);
                broken += usize::from(same && !nothing);
            }
        }
    }
    assert!(free > 0 && dear > 0 && broken > 0, "{free} free, {dear} dear, {broken} against a rule");
}

#[test]
fn a_wish_is_granted_for_nothing() {
    let server = Server::start();
    let plan = alike(&server);
    let scaled = |plan: &Value| -> Vec<Value> {
        plan["plan"]["goals"].as_array().expect("goals").iter().map(|goal| goal["scaled"].clone()).collect()
    };
    let has_free = |student: &String| {
        let why = server.post(&format!("/v1/plans/{}/why", id(&plan)), &json!({ "student": student })).json();
        why["free"] != json!([])
    };
    let student = (1..=12).map(|at| at.to_string()).find(has_free).expect("somebody with a free swap");
    let Some(browser) = Browser::open(1200, 900) else { return };
    for (lang, words) in [("zh", "不影响任何目标"), ("en", "change no goal")] {
        browser.go(&format!("http://127.0.0.1:{}/plans/{}?lang={lang}", server.address.port(), id(&plan)));
        browser.click(&format!("[data-student='{student}']"));
        browser.find(".gift .chip");
        assert!(browser.told("return document.querySelector('.gift').innerText").contains(words));
        browser.click(".gift .chip");
        browser.until(&format!("document.getElementById('plan').dataset.plan !== '{}'", id(&plan)));
        let made = browser.told("return document.getElementById('plan').dataset.plan");
        let made = server.get(&format!("/v1/plans/{made}")).status(200).json();
        assert_eq!(scaled(&made), scaled(&plan));
        assert_ne!(made["plan"]["groups"], plan["plan"]["groups"]);
    }
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

/// A new plan after moves.
fn moved(server: &Server, plan: &Value, moves: &[Value]) -> String {
    let made = server.post(&format!("/v1/plans/{}/moves", id(plan)), &json!({"moves": moves, "apply": true}));
    made.status(201).json()["plan"].as_str().expect("an id").to_owned()
}

/// A plan whose groups only have other names is still the solver's; one with a change is the teacher's.
#[test]
fn a_name_is_no_change_by_hand() {
    let server = Server::start();
    let plan = sample(&server);
    let group = plan["plan"]["groups"][0]["id"].clone();
    let names = json!({"names": [{"group": group, "name": "启明组"}]});
    let named = server.post(&format!("/v1/plans/{}/names", id(&plan)), &names).status(201).json();
    let html = shown(&server, &format!("/plans/{}", named["plan"].as_str().expect("an id")), "zh");
    assert!(html.contains("启明组") && html.contains("已证明：") && !html.contains("手工调整"), "{html}");
    let student = |group: usize| plan["plan"]["groups"][group]["students"][0].clone();
    let changed = moved(&server, &plan, &[json!({"swap": [student(0), student(1)]})]);
    assert!(shown(&server, &format!("/plans/{changed}"), "zh").contains("手工调整"));
}

/// With very many groups, too, each finds the group that shares most students.
#[test]
fn many_groups_are_compared() {
    let server = Server::start();
    let rows: String = (1..=700).map(|n| format!("{n},学生{n},{}\n", 40 + 17 * n % 53)).collect();
    let list = server.list("many.csv", ("id,name,math\n".to_owned() + &rows).as_bytes());
    let plan = server.plan(&json!({"list": list, "groups": 350, "work": 1}));
    let group = |group: usize| plan["plan"]["groups"][group]["students"].clone();
    // Two groups change places, and two students of two others.
    let swap = |a: &Value, b: &Value| json!({"swap": [a, b]});
    let (first, last) = (group(0), group(349));
    let moves = [swap(&first[0], &last[0]), swap(&first[1], &last[1]), swap(&group(5)[0], &group(7)[0])];
    let other = moved(&server, &plan, &moves);
    let html = shown(&server, &format!("/plans/{}/compare/{other}", id(&plan)), "en");
    let rows = html.split("class=\"movers\"").nth(1).map_or(0, |table| table.matches("<tr>").count() - 1);
    assert_eq!(rows, 2, "{html}");
}

#[test]
fn two_plans_stand_side_by_side() {
    let server = Server::start();
    let plan = sample(&server);
    let student = |group: usize, at: usize| plan["plan"]["groups"][group]["students"][at].clone();
    let other = moved(&server, &plan, &[json!({"swap": [student(0, 0), student(1, 0)]})]);
    let rows = |html: &str| html.split("class=\"movers\"").nth(1).map_or(0, |table| table.matches("<tr>").count() - 1);
    for (lang, same, first, second) in [
        ("zh", "完全一样", "方案一更均衡", "方案二更均衡"),
        ("en", "the same in every goal", "Grouping 1 is fairer", "Grouping 2 is fairer"),
    ] {
        let html = shown(&server, &format!("/plans/{}/compare/{other}", id(&plan)), lang);
        assert!(html.contains(first) && !html.contains(second) && !html.contains(same), "{html}");
        assert!(html.contains("class=\"better\""));
        assert_eq!(rows(&html), 2, "{html}");
        let back = shown(&server, &format!("/plans/{other}/compare/{}", id(&plan)), lang);
        assert!(back.contains(second) && !back.contains(first));
        let itself = shown(&server, &format!("/plans/{0}/compare/{0}", id(&plan)), lang);
        assert!(itself.contains(same) && !itself.contains("class=\"better\""));
        assert_eq!(rows(&itself), 0);
    }
    // All of two groups change places: the groups are the same, only their numbers are not.
    let all: Vec<Value> = (0..10).map(|at| json!({"swap": [student(2, at), student(3, at)]})).collect();
    let renumbered = moved(&server, &plan, &all);
    let html = shown(&server, &format!("/plans/{}/compare/{renumbered}", id(&plan)), "zh");
    assert_eq!((rows(&html), html.matches("class=\"same\"").count()), (0, 2), "{html}");
    let nobody = "0190a000-0000-7000-8000-000000000000";
    server.get(&format!("/plans/{}/compare/{nobody}", id(&plan))).status(404);
    server.get(&format!("/plans/{}/compare/x", id(&plan))).status(404);
}

#[test]
fn plans_are_compared_from_the_history_and_the_board() {
    let server = Server::start();
    let plan = sample(&server);
    let student = |group: usize, at: usize| plan["plan"]["groups"][group]["students"][at].clone();
    let other = moved(&server, &plan, &[json!({"swap": [student(0, 0), student(1, 0)]})]);
    let Some(browser) = Browser::open(1200, 900) else { return };
    let home = format!("http://127.0.0.1:{}", server.address.port());
    browser.go(&format!("{home}/?lang=zh"));
    let kept = json!([{"id": other, "title": "后来", "at": 2}, {"id": id(&plan), "title": "起先", "at": 1}]);
    browser.script(&format!("localStorage.setItem('plans', JSON.stringify({kept}))"));
    browser.go(&format!("{home}/?lang=zh"));
    browser.click("#history li:nth-child(1) input");
    assert_eq!(browser.script("return document.getElementById('compare').disabled"), true);
    browser.click("#history li:nth-child(2) input");
    browser.click("#compare");
    browser.find("body.compare .versus .better");
    assert!(browser.address().contains(&format!("/plans/{}/compare/{other}", id(&plan))));
    assert!(browser.told("return document.querySelector('main').innerText").contains("方案一更均衡"));
    for (scheme, width) in [("light", 1200), ("dark", 360)] {
        browser.pretend(scheme, width);
        browser.until("document.documentElement.scrollWidth <= innerWidth");
    }
    browser.go(&format!("{home}/plans/{other}"));
    browser.click(".tools a[href*='/compare/']");
    browser.find("body.compare .versus");
    assert_eq!(browser.faults(), Vec::<String>::new());
}
