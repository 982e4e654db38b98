//! What the board offers besides: helper pairs.

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
