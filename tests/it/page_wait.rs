//! The page of a plan at work: the best groups so far, and a stop that keeps them.

use crate::browser::Browser;
use crate::jobs_bench::class;
use crate::service_client::Server;
use serde_json::json;
use std::time::{Duration, Instant};

/// A plan that stays at work: nobody proves this class within the time that the service gives.
pub fn waiting(server: &Server) -> String {
    at_work(server, 600)
}

fn at_work(server: &Server, seconds: u32) -> String {
    let list = server.list("long.csv", &class(60, 9, 1));
    let asked = json!({"list": list, "groups": 6, "prove": "all", "time_limit": seconds});
    let plan = server.post("/v1/plans", &asked).status(202).json();
    plan["id"].as_str().expect("an id").to_owned()
}

#[test]
fn the_groups_so_far_are_shown() {
    let server = Server::start();
    let id = at_work(&server, 60);
    let place = format!("/plans/{id}/draft");
    let begun = Instant::now();
    let draft = loop {
        let answer = server.get(&place);
        if answer.status == 200 {
            break answer.text();
        }
        assert_eq!(answer.status, 204);
        assert!(begun.elapsed() < Duration::from_secs(20), "nothing is shown");
        std::thread::sleep(Duration::from_millis(100));
    };
    assert_eq!(draft.matches("<article").count(), 6);
    let Some(browser) = Browser::open(1200, 900) else { return };
    browser.go(&format!("http://127.0.0.1:{}/plans/{id}?lang=zh", server.address.port()));
    browser.until("document.querySelectorAll('#draft article').length === 6");
    assert!(browser.told("return document.querySelector('#draft .gaps').innerText").contains("最低可能"));
    browser.click("#stop");
    browser.find("#plan .student");
    assert_eq!(browser.told("return String(document.querySelectorAll('#plan article .student').length)"), "60");
    // What was shown on the way is gone.
    assert_eq!(server.get(&place).status, 204);
    assert_eq!(browser.faults(), Vec::<String>::new());
}

/// Solving steps back behind answering: its threads are nicer than the others of the process.
#[cfg(target_os = "linux")]
#[test]
fn threads_that_solve_are_nicer() {
    let server = Server::start();
    let id = at_work(&server, 60);
    let begun = Instant::now();
    while niceness(&server) != Some(10) {
        assert!(begun.elapsed() < Duration::from_secs(20), "no thread is nicer by ten than the others");
        std::thread::sleep(Duration::from_millis(50));
    }
    server.post(&format!("/v1/plans/{id}/stop"), &json!(null)).status(202);
}

/// By how much the nicest thread of the process is nicer than the least nice.
#[cfg(target_os = "linux")]
fn niceness(server: &Server) -> Option<i32> {
    let tasks = std::fs::read_dir(format!("/proc/{}/task", server.id())).expect("threads").flatten();
    let stats = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("stat")).ok());
    // Behind the name: nice is the 17th.
    let nice = |stat: String| stat.rsplit_once(") ")?.1.split(' ').nth(16)?.parse::<i32>().ok();
    let levels: Vec<i32> = stats.filter_map(nice).collect();
    Some(levels.iter().max()? - levels.iter().min()?)
}
