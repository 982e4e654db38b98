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

/// Solving steps back behind answering: its threads, in a process of their own, are nicer than those that answer.
#[cfg(target_os = "linux")]
#[test]
fn threads_that_solve_are_nicer() {
    let server = Server::start();
    let id = at_work(&server, 60);
    let begun = Instant::now();
    while niceness(&server) != Some(10) {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "no thread that solves is nicer by ten than those that answer"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    server.post(&format!("/v1/plans/{id}/stop"), &json!(null)).status(202);
}

/// By how much the nicest thread of the processes that solve is nicer than the least nice of the one that answers.
#[cfg(target_os = "linux")]
fn niceness(server: &Server) -> Option<i32> {
    let folders = std::fs::read_dir("/proc").expect("processes").flatten();
    let processes = folders.filter_map(|folder| folder.file_name().to_str()?.parse::<u32>().ok());
    let parent = |id: &u32| field(&format!("/proc/{id}/stat"), 1);
    let solving: Vec<u32> = processes.filter(|id| parent(id) == i32::try_from(server.id()).ok()).collect();
    let nicest = solving.into_iter().flat_map(levels).max()?;
    Some(nicest - levels(server.id()).into_iter().min()?)
}

/// The nice levels of a process's threads.
#[cfg(target_os = "linux")]
fn levels(id: u32) -> Vec<i32> {
    let tasks = std::fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten();
    tasks.filter_map(|task| field(task.path().join("stat").to_str()?, 16)).collect()
}

/// A number of a line of proc_pid_stat(5), counted behind the name: the parent is 1, nice 16.
#[cfg(target_os = "linux")]
fn field(path: &str, at: usize) -> Option<i32> {
    std::fs::read_to_string(path).ok()?.rsplit_once(") ")?.1.split(' ').nth(at)?.parse().ok()
}
