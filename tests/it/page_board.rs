//! The board in a real browser: what a change costs is told before it is made, and every change can be undone.

use crate::browser::{Browser, key};
use crate::command::dataset;
use crate::service_client::Server;
use serde_json::{Value, json};

/// A board of the sample class, in Chinese.
fn board() -> Option<(Server, Browser)> {
    let server = Server::start();
    let bytes = std::fs::read(dataset("class50_messy.xlsx")).expect("the sample class");
    let list = server.list("class50_messy.xlsx", &bytes);
    let plan = server.plan(&json!({"list": list, "groups": 5}));
    let browser = Browser::open(1440, 900)?;
    let (port, id) = (server.address.port(), plan["id"].as_str().expect("an id"));
    browser.go(&format!("http://127.0.0.1:{port}/plans/{id}?lang=zh"));
    browser.find(".student");
    Some((server, browser))
}

/// Who is in which group.
fn groups(browser: &Browser) -> Value {
    browser.script(
        "return [...document.querySelectorAll('article')].map(group => \
         [...group.querySelectorAll('.student')].map(card => card.dataset.student).sort())",
    )
}

fn plan(browser: &Browser) -> String {
    browser.told("return document.getElementById('plan').dataset.plan")
}

#[test]
fn a_drop_is_priced_made_undone_and_redone() {
    let Some((_server, browser)) = board() else { return };
    let (first, before) = (plan(&browser), groups(&browser));
    let (from, to) = ("article:nth-child(1) li:nth-child(4) .student", "article:nth-child(3) li:nth-child(5) .student");
    let ids =
        browser.script(&format!("return ['{from}', '{to}'].map(css => document.querySelector(css).dataset.student)"));
    browser.drag(&[from, "article:nth-child(2) li:nth-child(5) .student", to]);
    browser.until(&format!("document.getElementById('plan').dataset.plan !== '{first}'"));
    let after = groups(&browser);
    assert!(
        after[2].as_array().expect("a group").contains(&ids[0])
            && after[0].as_array().expect("a group").contains(&ids[1])
    );
    browser.click("#undo");
    browser.until(&format!("document.getElementById('plan').dataset.plan === '{first}'"));
    assert_eq!(groups(&browser), before);
    browser.click("#redo");
    browser.until(&format!("document.getElementById('plan').dataset.plan !== '{first}'"));
    assert_eq!(groups(&browser), after);
    assert_eq!(browser.faults(), Vec::<String>::new());
}

#[test]
fn keys_alone_do_everything() {
    let Some((_server, browser)) = board() else { return };
    let (first, before) = (plan(&browser), groups(&browser));
    browser.script("document.querySelector('.student').focus()");
    browser.press(&[key::ENTER]);
    // Why is this student here?
    browser.find(".panel .choice");
    assert!(browser.told("return document.querySelector('.panel').innerText").contains("为什么在"));
    browser.press(&[key::DOWN]);
    browser.press(&[key::RIGHT]);
    browser.press(&[key::ENTER]);
    browser.until("document.querySelector('.panel h3')?.textContent.includes('互换') && document.querySelector('.panel button.main')");
    let price = browser.told("return document.querySelector('.panel').innerText");
    assert!(price.contains("目标") || price.contains("均衡"), "{price}");
    browser.until("document.activeElement.matches('.panel button.main')");
    browser.press(&[key::ENTER]);
    browser.until(&format!("document.getElementById('plan').dataset.plan !== '{first}'"));
    assert_ne!(groups(&browser), before);
    // The focus goes with the student.
    browser.until("document.activeElement.matches('.student')");
    browser.chord(key::CONTROL, "z");
    browser.until(&format!("document.getElementById('plan').dataset.plan === '{first}'"));
    assert_eq!(groups(&browser), before);
    browser.script("document.querySelector('.student').focus()");
    browser.press(&[key::ENTER]);
    browser.find(".panel .choice");
    browser.press(&[key::ESCAPE]);
    browser.until("document.querySelector('.panel').hidden");
    // The lock is the next stop after its student.
    browser.press(&[key::TAB, key::ENTER]);
    browser.until("document.querySelector('.lock').getAttribute('aria-pressed') === 'true'");
    assert_eq!(browser.faults(), Vec::<String>::new());
}

/// A name is typed where it stands; it can be undone, and what is improved keeps it.
#[test]
fn a_group_is_renamed() {
    let Some((_server, browser)) = board() else { return };
    let (first, title) = (plan(&browser), "document.querySelector('article:nth-child(2) h2 bdi').textContent");
    browser.script("document.querySelector('article:nth-child(2) .rename').focus()");
    browser.press(&[key::ENTER]);
    browser.write(".naming", "启明组");
    browser.press(&[key::ENTER]);
    browser.until(&format!("{title} === '启明组'"));
    browser.until("document.activeElement.matches('article:nth-child(2) .rename')");
    let named = plan(&browser);
    browser.click("#improve");
    browser.until(&format!("document.getElementById('plan').dataset.plan !== '{named}'"));
    assert_eq!(browser.told(&format!("return {title}")), "启明组");
    browser.click("#undo");
    browser.until(&format!("document.getElementById('plan').dataset.plan === '{named}'"));
    browser.click("#undo");
    browser.until(&format!("document.getElementById('plan').dataset.plan === '{first}'"));
    assert_eq!(browser.told(&format!("return {title}")), "第2组");
    // Escape leaves it as it was.
    browser.click("article:nth-child(2) .rename");
    browser.write(".naming", "x");
    browser.press(&[key::ESCAPE]);
    browser.find("article:nth-child(2) .rename");
    assert_eq!((plan(&browser), browser.told(&format!("return {title}"))), (first, "第2组".to_owned()));
    assert_eq!(browser.faults(), Vec::<String>::new());
}

#[test]
fn the_locked_stay_while_the_rest_is_improved() {
    let Some((_server, browser)) = board() else { return };
    let first = plan(&browser);
    // A bad swap first, so that there is something to improve.
    browser.drag(&["article:nth-child(1) li:nth-child(1) .student", "article:nth-child(2) li:nth-child(3) .student"]);
    browser.until(&format!("document.getElementById('plan').dataset.plan !== '{first}'"));
    let second = plan(&browser);
    let card = "article:nth-child(2) li:nth-child(2)";
    let id = browser.told(&format!("return document.querySelector('{card} .student').dataset.student"));
    browser.click(&format!("{card} .lock"));
    browser.click("#improve");
    browser.until(&format!("document.getElementById('plan').dataset.plan !== '{second}'"));
    let group = browser
        .told(&format!("return document.querySelector('[data-student=\"{id}\"]').closest('article').dataset.group"));
    assert!(group.ends_with("/2"), "{group}");
    assert!(browser.told("return document.querySelector('.verdict').innerText").contains("已证明"));
    assert_eq!(browser.faults(), Vec::<String>::new());
}

/// Whatever is clicked, in whatever order, also while the board is drawn anew: no script fails.
#[test]
fn no_click_is_a_fault() {
    let Some((_server, browser)) = board() else { return };
    let clicks = r#"
        let state = 7;
        const random = (count) => (state = (state * 48271) % 2147483647) % count;
        const some = (list) => list[random(list.length)];
        const places = ".student, .into, .lock, article, article h2, .panel, .panel button, #undo, #redo, section.class, #plan, body";
        const pause = () => new Promise((go) => setTimeout(go, random(4) === 0 ? 200 : 5));
        (async () => {
            for (let round = 0; round < 250; round += 1) {
                const [from, to] = [some([...document.querySelectorAll(places)]), some([...document.querySelectorAll(places)])];
                const at = (kind, node, x) => node.dispatchEvent(new PointerEvent(kind, { bubbles: true, button: 0, pointerType: "mouse", clientX: x, clientY: x }));
                if (random(3) === 0) {
                    at("pointerdown", from, 0);
                    if (random(2) === 0) at("pointermove", to, 50 + random(700));
                    if (random(2) === 0) from.click();
                    at("pointerup", to, 50);
                } else from.click();
                if (random(20) === 0) document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
                await pause();
            }
            done(document.querySelectorAll(".student").length);
        })();
    "#;
    let faults = "window.faults = []; for (const kind of ['error', 'unhandledrejection']) \
                  window.addEventListener(kind, (event) => window.faults.push(String(event.message ?? event.reason?.stack)))";
    browser.script(faults);
    assert_eq!(browser.later(clicks), 50, "the board stands");
    assert_eq!(browser.script("return window.faults"), json!([]));
}
