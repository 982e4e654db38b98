//! Wishes in a real browser: which goal comes first, teachers, and last semester's groups.

use crate::browser::{Browser, key};
use crate::command::{Folder, dataset};
use crate::service_client::Server;
use serde_json::Value;

fn plan_of(server: &Server, browser: &Browser) -> Value {
    browser.find("#plan .student");
    let id = browser.told("return document.getElementById('plan').dataset.plan");
    server.get(&format!("/v1/plans/{id}")).status(200).json()["plan"].clone()
}

fn wishes() -> Option<(Server, Browser)> {
    let server = Server::start();
    let browser = Browser::open(1200, 900)?;
    browser.go(&format!("http://127.0.0.1:{}/?lang=zh", server.address.port()));
    browser.write("#file", &dataset("class50.csv"));
    browser.find("#wishes");
    Some((server, browser))
}

/// Goals by level, as the plan has them.
fn goals(plan: &Value) -> Vec<&str> {
    plan["goals"].as_array().expect("goals").iter().filter_map(|goal| goal["name"].as_str()).collect()
}

#[test]
fn the_most_important_comes_first() {
    let Some((server, browser)) = wishes() else { return };
    browser.click("#solve");
    assert_eq!(goals(&plan_of(&server, &browser))[..3], ["tiers", "counts", "means"]);
    browser.click(".tools a.button");
    browser.find("#wishes");
    // Means go up twice by their arrow, which keeps the focus.
    browser.click("li[data-goal='means'] .up");
    browser.press(&[key::ENTER]);
    let order = "[...document.getElementById('order').children].map(row => row.dataset.goal).join()";
    assert_eq!(browser.told(&format!("return {order}")), "means,tiers,counts,worst,spread");
    // Dragged by its grip: tiers go behind counts.
    browser.hold("li[data-goal='tiers'] .grip", "li[data-goal='counts'] label");
    browser.let_go();
    browser.until(&format!("{order} === 'means,counts,tiers,worst,spread'"));
    browser.click("#solve");
    let plan = plan_of(&server, &browser);
    assert_eq!(goals(&plan)[..3], ["means", "counts", "tiers"]);
    assert_eq!(plan["goals"][0]["level"], 1);
    // Back on the wishes the order is still there.
    browser.click(".tools a.button");
    browser.until(&format!("{order} === 'means,counts,tiers,worst,spread'"));
    assert_eq!(browser.faults(), Vec::<String>::new());
}

#[test]
fn teachers_and_last_semester() {
    let Some((server, browser)) = wishes() else { return };
    browser.click("#solve");
    let first = plan_of(&server, &browser);
    assert!(!goals(&first).contains(&"partners"));
    browser.click(".tools a.button");
    browser.find("#wishes");
    let folder = Folder::new();
    let bad = folder.write("bad.csv", "工号,姓名\n1,张老师\n1,李老师\n");
    browser.write("#staff", &bad);
    browser.find("#staff-trouble .faults li");
    let staff = folder.write("staff.csv", "工号,姓名,小组上限\n1,张老师,2\n2,李老师,2\n3,王老师,2\n");
    browser.write("#staff", &staff);
    browser.until("document.getElementById('staff-told').textContent.includes('3 名教师')");
    browser.click("#previous option:nth-child(2)");
    browser.until("!document.getElementById('manner').hidden");
    browser.click("#solve");
    let plan = plan_of(&server, &browser);
    assert!(goals(&plan).contains(&"partners"), "{:?}", goals(&plan));
    let teachers = plan["groups"].as_array().expect("groups").iter().filter(|group| group["teacher"].is_string());
    assert_eq!(teachers.count(), 5);
    assert!(browser.told("return document.querySelector('article header').innerText").contains("老师"));
    assert!(browser.faults().iter().all(|fault| fault.contains("422")), "{:?}", browser.faults());
}

#[test]
fn teachers_by_name_and_groups_from_a_file() {
    let Some((server, browser)) = wishes() else { return };
    browser.click("#solve");
    let first = plan_of(&server, &browser);
    let id = browser.told("return document.getElementById('plan').dataset.plan");
    let file = server.get(&format!("/v1/plans/{id}/export?format=xlsx")).status(200).body;
    let folder = Folder::new();
    let spring = folder.write("spring.xlsx", file);
    // Nothing in this browser's memory: what stands there is the file alone.
    browser.script("localStorage.clear(); sessionStorage.clear()");
    browser.click(".tools a.button");
    browser.find("#wishes");
    browser.until("document.getElementById('previous').disabled");
    browser.write("#previous-file", &folder.write("others.csv", "学号,小组\nX1,1\n"));
    browser.find("#previous-trouble .faults li");
    browser.write("#previous-file", &spring);
    browser.until("document.getElementById('previous-told').textContent.includes('50 名学生')");
    browser.until("document.getElementById('previous').value === 'file'");
    browser.click(".typed summary");
    browser.write("#staff-names", "王老师 2\n李老师 2\n张老师");
    browser.click("#staff-named");
    browser.until("document.getElementById('staff-told').textContent.includes('3 名教师')");
    browser.click("#solve");
    let plan = plan_of(&server, &browser);
    assert!(goals(&plan).contains(&"partners"), "{:?}", goals(&plan));
    assert_ne!(plan["groups"], first["groups"]);
    let teachers = plan["groups"].as_array().expect("groups").iter().filter(|group| group["teacher"].is_string());
    assert_eq!(teachers.count(), 5);
    assert!(browser.faults().iter().all(|fault| fault.contains("422")), "{:?}", browser.faults());
}

#[test]
fn changes_by_hand_go_on_with_other_wishes() {
    let Some((server, browser)) = wishes() else { return };
    browser.click("#solve");
    plan_of(&server, &browser);
    // Nothing was changed by hand, so all is divided anew unless one asks.
    browser.click(".tools a.button");
    browser.until("!document.getElementById('onward').hidden && !document.getElementById('stay').checked");
    browser.script("history.back()");
    plan_of(&server, &browser);
    // Two students of different groups change places.
    browser.drag(&["article:nth-child(1) .student", "article:nth-child(2) .student"]);
    browser.until("document.getElementById('plan').dataset.parent !== undefined");
    let changed = plan_of(&server, &browser);
    browser.click(".tools a.button");
    browser.until("document.getElementById('stay').checked");
    browser.click("#solve");
    let plan = plan_of(&server, &browser);
    let groups = |plan: &Value| {
        let students = |group: &Value| {
            let mut students: Vec<String> =
                group["students"].as_array().expect("students").iter().map(ToString::to_string).collect();
            students.sort();
            students
        };
        let mut groups: Vec<_> = plan["groups"].as_array().expect("groups").iter().map(students).collect();
        groups.sort();
        groups
    };
    assert_eq!(groups(&plan), groups(&changed), "nothing else is wished, so nobody moves");
    assert_eq!(browser.faults(), Vec::<String>::new());
}
