//! Doubtful readings on the command line and over HTTP: asked about once, answered by a word, and nothing is divided before.

use crate::command::{Folder, fenzu};
use crate::service_client::Server;
use fenzu::roster::doubt::remedies;
use fenzu::words::Words;
use serde_json::{Value, json};

/// Twenty students of whom two have left the school.
pub fn class_with_leavers() -> String {
    let row = |s: usize| {
        let state = if s == 4 || s == 11 { "已转出" } else { "在读" };
        format!("S{s:02},学生{s:02},{},{},{},{state}\n", ["男", "女"][s % 2], 60 + 17 * s % 40, 55 + 23 * s % 43)
    };
    (1..=20).map(row).fold("学号,姓名,性别,语文,数学,状态\n".to_owned(), |list, row| list + &row)
}

#[test]
fn the_command_line_stops_until_it_is_told() {
    let folder = Folder::new();
    let list = folder.write("class.csv", class_with_leavers());
    let output = folder.path("plan.html");
    let other = folder.write("other.csv", class_with_leavers());
    let ended = fenzu(&["solve", &list, &other, "--groups", "4", "--output", &output]).code(2);
    // Every list's doubts at once, each with the options that answer it, and nothing written.
    assert_eq!(ended.err.matches("[people_gone]").count(), 2, "{}", ended.err);
    assert!(
        ended.err.contains("--accept-reading=people_gone") && ended.err.contains("--exclude gone"),
        "{}",
        ended.err
    );
    assert!(ended.out.is_empty() && !folder.names().contains("plan.html"));
    for accepted in ["--accept-reading", "--accept-reading=people_gone"] {
        let ended = fenzu(&["solve", "--groups", "4", accepted, &list]).code(0);
        assert!(ended.text().starts_with("20 students; "), "{}", ended.text());
    }
    fenzu(&["solve", &list, "--accept-reading=another_code"]).code(2);
    let ended = fenzu(&["solve", &list, "--groups", "4", "--exclude", "gone", "--output", &output]).code(0);
    let first = ended.text().lines().next().unwrap_or_default();
    assert!(first.starts_with("18 students; ") && first.ends_with("left out: 学生04, 学生11"), "{first}");
    assert!(std::fs::read_to_string(&output).expect("a page").contains(first));
    // Who is absent today, by name and by id.
    let ended = fenzu(&["solve", &list, "--groups", "4", "--exclude", "gone,学生01、S02"]).code(0);
    assert!(ended.text().starts_with("16 students; "), "{}", ended.text());
    // The judge reads the list as the plan did.
    let plan = folder.path("plan.json");
    fenzu(&["solve", &list, "--groups", "4", "--exclude", "gone", "--output", &plan]).code(0);
    fenzu(&["check", &plan, "--list", &list]).code(2);
    let ended = fenzu(&["check", &plan, "--list", &list, "--exclude", "gone"]).code(0);
    assert!(ended.text().starts_with("18 students; "), "{}", ended.text());
}

fn records(answer: &Value, key: &str) -> Vec<Value> {
    answer[key].as_array().expect(key).clone()
}

#[test]
fn the_service_asks_and_takes_an_answer() {
    let server = Server::start();
    let class = class_with_leavers();
    let list = server.upload("/v1/lists", &[("file", "class.csv", class.as_bytes())]).status(201).json();
    let doubts = records(&list, "doubts");
    assert_eq!((doubts.len(), doubts[0]["code"].as_str()), (1, Some("people_gone")), "{list:#}");
    assert!(doubts[0]["message"].as_str().is_some_and(|message| !message.is_empty()));
    let answers = records(&doubts[0], "answers");
    let says: Vec<&Value> = answers.iter().map(|answer| &answer["says"]).collect();
    assert_eq!(says, [&json!(["accept=people_gone"]), &json!(["exclude=gone"])]);
    // Not divided before it is answered.
    let refused = server.post("/v1/plans", &json!({"list": list["id"], "groups": 4})).problem(422, "people_gone");
    assert_eq!(refused["faults"][0]["code"], "people_gone");
    // Each answer as it stands makes a list that can be divided.
    let place = format!("/v1/lists/{}/columns", list["id"].as_str().expect("an id"));
    for (answer, students) in answers.iter().zip([20, 18]) {
        let read = server.post(&place, &json!({"columns": answer["says"]})).status(201).json();
        assert_eq!((&read["students"], records(&read, "doubts").len()), (&json!(students), 0), "{read:#}");
        assert_eq!(records(&read, "left_out").len(), 20 - students);
        let plan = server.plan(&json!({"list": read["id"], "groups": 4}));
        let rests = &plan["plan"]["input"]["rests_on"];
        assert_eq!(rests["students"], students);
        assert_eq!(rests["left_out"].as_array().map(Vec::len), Some(20 - students));
    }
    // The same with the upload itself.
    let parts: [(&str, &str, &[u8]); 3] = [
        ("file", "class.csv", class.as_bytes()),
        ("column", "", b"exclude=gone"),
        ("column", "", "exclude=学生01".as_bytes()),
    ];
    let read = server.upload("/v1/lists", &parts).status(201).json();
    assert_eq!(read["students"], 17);
    let who: Vec<Value> = records(&read, "left_out").iter().map(|left| left["who"].clone()).collect();
    assert!(["学生01", "学生04", "学生11"].iter().all(|name| who.contains(&json!(name))), "{who:?}");
    assert!(records(&read, "left_out").iter().all(|left| left["why"].as_str().is_some_and(|why| !why.is_empty())));
}

/// A doubtful list refuses its own class and no other.
#[test]
fn a_batch_refuses_the_doubtful_class() {
    let server = Server::start();
    let doubtful = class_with_leavers();
    let sure = doubtful.replace("已转出", "在读");
    let parts: [(&str, &str, &[u8]); 2] =
        [("lists", "7-1.csv", sure.as_bytes()), ("lists", "7-2.csv", doubtful.as_bytes())];
    let answer = server.upload("/v1/batches", &parts).status(202);
    let place = answer.header("location").expect("a place").to_owned();
    let batch = server.until(&place, |batch| batch["state"] == "done" || batch["state"] == "failed");
    let classes = records(&batch["summary"], "classes");
    let of = |name: &str| classes.iter().find(|class| class["class"] == name).expect("the class");
    assert_eq!(of("7-1")["state"], "done", "{batch:#}");
    assert_eq!(of("7-1")["rests_on"]["students"], 20);
    assert_eq!(
        (&of("7-2")["state"], &of("7-2")["error"]["code"]),
        (&json!("refused"), &json!("people_gone")),
        "{batch:#}"
    );
}

/// The exact remedies of a fault stand between backticks, so that a page can offer them as buttons; examples do not.
#[test]
fn remedies_are_the_words_behind_options() {
    let action = |en: &str| remedies(&Words { zh: String::new(), en: en.to_owned() });
    let told = "say `--column category:gender=性别`, or `--column \"score:math=期中 数学\"`, or `--accept-reading=rows_hidden`, \
                or `--exclude 王伟`; e.g. --column name=甲, never `--keep`";
    assert_eq!(action(told), ["category:gender=性别", "score:math=期中 数学", "accept=rows_hidden", "exclude=王伟"]);
    assert!(action("write e.g. --column score:math=数学").is_empty());
}
