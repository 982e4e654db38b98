//! The pages as bytes: what the public sheet carries, the policy, the weight, the door for browsers with tokens.

use crate::command::{Folder, dataset};
use crate::service_access::{on, token};
use crate::service_client::Server;
use fenzu::plan::document::Document;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn sample(server: &Server) -> (String, Value) {
    let bytes = std::fs::read(dataset("class50_messy.xlsx")).expect("the sample class");
    let list = server.list("class50_messy.xlsx", &bytes);
    (list.clone(), server.plan(&json!({"list": list, "groups": 5})))
}

/// Every text between tags.
fn texts(html: &str) -> Vec<String> {
    let main = html.split("<main").nth(1).expect("a main part");
    let parts = main.split('<').filter_map(|part| part.split_once('>'));
    parts.map(|(_, text)| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
}

/// Every text of the sheet is a name, a group or the title: nothing else can be in it.
#[test]
fn the_sheet_to_put_up_holds_names_and_groups_only() {
    let server = Server::start();
    let (_, plan) = sample(&server);
    let document: Document = serde_json::from_value(plan["plan"].clone()).expect("a plan");
    let members = server.get(&format!("/v1/plans/{}/export?format=csv", plan["id"].as_str().expect("an id"))).text();
    let names: BTreeSet<String> =
        members.lines().skip(1).filter_map(|line| line.split(',').nth(1)).map(str::to_owned).collect();
    assert!(names.len() > 40, "{members}");
    for (lang, title) in [("zh", "分组名单"), ("en", "Groups")] {
        let path = format!("/plans/{}/print", plan["id"].as_str().expect("an id"));
        let answer = server.ask("GET", &path, &[("Cookie", &format!("lang={lang}"))], b"").status(200);
        let html = answer.text();
        let mut seen = 0;
        for text in texts(&html) {
            let plain = text.split(" (").next().expect("a name");
            if names.contains(plain) || names.iter().any(|name| name.trim_start_matches('\u{feff}') == plain) {
                seen += 1;
                continue;
            }
            let heading = text.starts_with('第') || text.starts_with("Group ") || text == title || text == "七（3）班";
            assert!(heading, "“{text}” is neither name nor group");
        }
        assert_eq!(seen, 50, "{html}");
        for word in
            ["优", "待进", "学困", "Struggling", "▲", "●", "■", "data-", "tier", "score", "rank", "分数", "名次"]
        {
            assert!(!html.split("<main").nth(1).expect("main").contains(word), "{word}");
        }
        let ids = document.groups.iter().flat_map(|group| &group.students).filter(|id| id.len() > 2);
        assert!(ids.clone().count() > 0);
        ids.for_each(|id| assert!(!html.contains(&format!(">{id}<")), "{id}"));
    }
}

#[test]
fn every_page_is_strict_and_light() {
    let server = Server::start();
    let (list, plan) = sample(&server);
    let plan = plan["id"].as_str().expect("an id");
    let pages = [
        "/".to_owned(),
        "/privacy".to_owned(),
        format!("/lists/{list}"),
        format!("/plans/{plan}"),
        format!("/plans/{plan}/print"),
        format!("/plans/{plan}/sheet"),
        "/office".to_owned(),
    ];
    for page in pages {
        let answer = server.get(&page).status(200);
        let policy = answer.header("content-security-policy").expect("a policy").to_owned();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let html = answer.text();
        assert!(!html.contains(" style=") && !html.contains("<style"), "{page} has a style inside");
        let handler = |tag: &str| tag.split_whitespace().any(|part| part.starts_with("on") && part.contains('='));
        assert!(
            !html.split('<').any(|tag| handler(tag.split('>').next().unwrap_or_default())),
            "{page} has a handler inside"
        );
        let mut weight = html.len();
        for part in html.split(['"']).filter(|part| part.starts_with("/assets/")) {
            let asset = server.get(part).status(200);
            let tag = asset.header("etag").expect("a tag").to_owned();
            assert_eq!(server.ask("GET", part, &[("If-None-Match", &tag)], b"").status, 304);
            weight += asset.body.len();
        }
        // Modules that others import.
        let modules = ["core", "extras", "history", "names", "order", "price"];
        weight +=
            modules.map(|name| server.get(&format!("/assets/{name}.js")).status(200).body.len()).iter().sum::<usize>();
        assert!(weight <= 300_000, "{page}: {weight} bytes");
        assert!(!html.contains("http://") && !html.contains("https://"), "{page} names another place");
    }
}

#[test]
fn the_language_is_chosen_and_kept() {
    let server = Server::start();
    assert!(server.get("/").text().contains("lang=\"en\""), "as the browser asks");
    let chosen = server.get("/?lang=zh").status(303);
    assert_eq!(chosen.header("location"), Some("/"));
    let cookie = chosen.header("set-cookie").expect("a cookie").split(';').next().expect("a pair").to_owned();
    assert!(server.ask("GET", "/", &[("Cookie", &cookie)], b"").text().contains("lang=\"zh-CN\""));
    let missing =
        server.ask("GET", "/lists/0190a000-0000-7000-8000-000000000000", &[("Cookie", &cookie)], b"").status(404);
    assert_eq!(missing.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(missing.text().contains("找不到"));
    assert!(server.get("/?lang=xx").status(200).header("set-cookie").is_none());
}

/// The price of a drop comes at once.
#[test]
fn a_price_is_told_fast() {
    let server = Server::start();
    let (_, plan) = sample(&server);
    let student = |group: usize, at: usize| plan["plan"]["groups"][group]["students"][at].clone();
    let path = format!("/v1/plans/{}/moves", plan["id"].as_str().expect("an id"));
    let mut times: Vec<f64> = (0..40)
        .map(|n| {
            let start = std::time::Instant::now();
            let told = server
                .post(&path, &json!({"moves": [{"swap": [student(n % 5, n % 10), student((n + 1) % 5, n % 9)]}]}));
            let took = start.elapsed().as_secs_f64();
            assert!(!told.status(200).json()["balance"].as_array().expect("columns").is_empty());
            took
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("price of a drop: median {:.1} ms, p95 {:.1} ms", times[20] * 1e3, times[37] * 1e3);
    // 50 ms on a free machine; the test machine is shared, so only the median is held to it, generously.
    assert!(times[20] < 0.25, "{times:?}");
}

/// Why somebody is where they are: alternatives keep the rules, come best first, and cost what the moves cost.
#[test]
fn alternatives_are_true() {
    let server = Server::start();
    let (_, plan) = sample(&server);
    let base = format!("/v1/plans/{}", plan["id"].as_str().expect("an id"));
    let student = &plan["plan"]["groups"][1]["students"][4];
    let why = server.post(&format!("{base}/why"), &json!({ "student": student })).status(200).json();
    let alternatives = why["alternatives"].as_array().expect("alternatives");
    assert!(!alternatives.is_empty() && why["reason"].as_str().is_some_and(|reason| !reason.is_empty()));
    let values = |answer: &Value| -> Vec<i64> {
        answer["goals"].as_array().expect("goals").iter().filter_map(|goal| goal["after_scaled"].as_i64()).collect()
    };
    for pair in alternatives.windows(2) {
        assert!(values(&pair[0]) <= values(&pair[1]), "the best comes first");
    }
    for other in alternatives {
        let priced = server.post(&format!("{base}/moves"), &json!({"moves": other["moves"]})).status(200).json();
        assert_eq!((&priced["goals"], &priced["broken"]), (&other["goals"], &json!([])));
    }
    server.post(&format!("{base}/why"), &json!({"student": "nobody"})).problem(422, "unknown_student");
}

#[test]
fn a_browser_gives_its_token_once() {
    let folder = Folder::new();
    let token = token(&folder, "一中");
    let server = on(folder);
    let asked = server.get("/").status(303);
    assert_eq!(asked.header("location"), Some("/enter"));
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    assert_eq!(server.ask("POST", "/enter", &form, b"token=wrong").status, 403);
    let entered = server.ask("POST", "/enter", &form, format!("token={token}").as_bytes()).status(303);
    let cookie = entered.header("set-cookie").expect("a cookie").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let cookie = cookie.split(';').next().expect("a pair").to_owned();
    server.ask("GET", "/", &[("Cookie", &cookie)], b"").status(200);
    server.ask("GET", "/v1/models", &[("Cookie", &cookie)], b"").status(200);
    // Another page's script cannot ride on it.
    let foreign = [("Cookie", cookie.as_str()), ("Origin", "http://evil.example")];
    server.ask("DELETE", "/v1/schools/me/data", &foreign, b"").problem(403, "foreign_origin");
}

/// A teacher knows students by their names, also where rules cannot hold.
#[test]
fn conflicts_are_told_by_names() {
    let server = Server::start();
    let bytes = std::fs::read(dataset("class50_messy.xlsx")).expect("the sample class");
    let list = server.list("class50_messy.xlsx", &bytes);
    let both = json!([["S001", "S002"]]);
    let plan = server.plan(&json!({"list": list, "groups": 5, "rules": {"together": both, "apart": both}}));
    assert_eq!(plan["plan"]["status"], "infeasible");
    let page = server.get(&format!("/plans/{}", plan["id"].as_str().expect("an id"))).status(200).text();
    let told = page.split("class=\"facts\"").nth(1).and_then(|rest| rest.split("</ul>").next()).expect("the reasons");
    assert!(told.contains("林晨曦") && told.contains("高晓彤") && !told.contains("S00"), "{told}");
}

/// A file is called by its class where it is saved; its name goes through the header whole.
#[test]
fn files_are_called_by_their_class() {
    let server = Server::start();
    let (_, plan) = sample(&server);
    let path = format!("/v1/plans/{}/export?format=csv", plan["id"].as_str().expect("an id"));
    let chinese = server.ask("GET", &path, &[("Accept-Language", "zh")], b"").status(200);
    let told = chinese.header("content-disposition").expect("a name");
    // “七（3）班 分组”.
    assert!(
        told.ends_with("filename*=UTF-8''%E4%B8%83%EF%BC%883%EF%BC%89%E7%8F%AD%20%E5%88%86%E7%BB%84.csv"),
        "{told}"
    );
    let public = server.get(&format!("{path}&public=true")).status(200);
    assert!(public.header("content-disposition").expect("a name").ends_with("%20groups%20to%20put%20up.csv"));
}

/// Names of groups: what does not fit is refused with its place, a blank one gives the number back.
#[test]
fn names_of_groups_are_checked() {
    let server = Server::start();
    let (_, plan) = sample(&server);
    let (id, group) = (plan["id"].as_str().expect("an id"), &plan["plan"]["groups"][2]["id"]);
    let path = format!("/v1/plans/{id}/names");
    let names = |name: &str| json!({"names": [{"group": group, "name": name}]});
    server.post(&path, &names(&"长".repeat(31))).problem(422, "bad_name");
    server.post(&path, &names("a\nb")).problem(422, "bad_name");
    server.post(&path, &json!({"names": [{"group": "9", "name": "x"}]})).problem(422, "unknown_group");
    server.post(&path, &json!({"names": []})).problem(422, "no_names");
    let made = server.post(&path, &names(" 启明组 ")).status(201);
    let place = made.header("location").expect("a place").to_owned();
    let named = server.get(&place).status(200).json();
    assert_eq!((&named["parent"], &named["plan"]["groups"][2]["name"]), (&json!(id), &json!("启明组")));
    assert_eq!(named["plan"]["groups"][2]["students"], plan["plan"]["groups"][2]["students"]);
    let again = server.post(&format!("{place}/names"), &names("  ")).status(201).json();
    let again = server.get(&format!("/v1/plans/{}", again["plan"].as_str().expect("an id"))).json();
    assert_eq!(again["plan"]["groups"][2]["name"], plan["plan"]["groups"][2]["name"]);
}
