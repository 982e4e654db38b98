//! Questions about a list in a real browser: asked once, answered by one click, and nothing starts before; a changed meaning of a
//! column is never passed over; who is absent today is left out by a tick.

use crate::browser::Browser;
use crate::command::{Folder, dataset};
use crate::doubts::class_with_leavers;
use crate::service_client::Server;

/// The page of a list that was chosen in this language.
fn opened(list: &str, lang: &str) -> Option<(Server, Browser)> {
    let server = Server::start();
    let browser = Browser::open(1200, 900)?;
    browser.go(&format!("http://127.0.0.1:{}/?lang={lang}", server.address.port()));
    browser.write("#file", &Folder::new().write("class.csv", list));
    browser.find("#list");
    Some((server, browser))
}

/// Clicks, and waits for the page of the list that is read anew.
fn onward(browser: &Browser, css: &str) {
    let before = browser.told("return location.pathname");
    browser.click(css);
    browser.until(&format!("location.pathname !== '{before}' && document.querySelector('#list')"));
}

fn words(browser: &Browser) -> String {
    browser.told("return document.querySelector('main').innerText")
}

fn sure() -> String {
    class_with_leavers().replace("已转出", "在读")
}

#[test]
fn a_question_is_answered_by_one_click() {
    for (lang, first, start) in
        [("zh", "先回答上面的 1 个问题", "开始分组"), ("en", "First answer the question above", "Make groups")]
    {
        let Some((_server, browser)) = opened(&class_with_leavers(), lang) else { return };
        assert_eq!(browser.script("return document.querySelectorAll('.doubt').length"), 1);
        for word in ["people_gone", "--", "accept", "exclude", "gone\"]"] {
            assert!(!words(&browser).contains(word), "{word} in {}", words(&browser));
        }
        // The button that starts says what is missing, and leads there.
        assert_eq!(browser.told("return document.getElementById('solve').textContent"), first);
        browser.click("#solve");
        browser.until("document.activeElement.matches('.doubt') && location.pathname.startsWith('/lists/')");
        onward(&browser, ".doubt button[data-says*='exclude=gone']");
        assert_eq!(browser.script("return document.querySelectorAll('.doubt').length"), 0);
        assert_eq!(browser.told("return document.getElementById('solve').textContent"), start);
        let out = browser.told("return document.getElementById('left-out').innerText");
        assert!(out.contains("学生04") && out.contains("学生11"), "{out}");
        // One may think again, and the question is there again.
        onward(&browser, "#ask-again");
        browser.find(".doubt");
        onward(&browser, ".doubt button.main");
        browser.click("#solve");
        browser.find("#plan");
        let rests = browser.told("return document.querySelector('.rests').innerText");
        assert!(rests.starts_with("20 "), "{rests}");
        assert_eq!(browser.faults(), Vec::<String>::new());
    }
}

#[test]
fn a_changed_meaning_is_never_passed_over() {
    let Some((_server, browser)) = opened(&sure(), "zh") else { return };
    // What was wished stays when the list is read again.
    browser.script("document.getElementById('groups').value = 3; document.getElementById('groups').dispatchEvent(new Event('change', {bubbles: true}))");
    browser.click("#columns select[data-header='数学'] option[value='other']");
    assert_eq!(browser.told("return document.getElementById('solve').textContent"), "先按改动重新读取名册");
    onward(&browser, "#solve");
    assert_eq!(browser.told("return document.querySelector(\"select[data-header='数学']\").value"), "other");
    assert_eq!(browser.told("return document.getElementById('groups').value"), "3");
    browser.click("#solve");
    browser.find("#plan");
    let rests = browser.told("return document.querySelector('.rests').innerText");
    assert!(rests.contains("语文"), "{rests}");
    assert_eq!(browser.script("return document.querySelectorAll('article.group').length"), 3);
    let board = browser.told("return document.querySelector('.bars').innerText");
    assert!(board.contains("语文") && !board.contains("数学"), "{board}");
    assert_eq!(browser.faults(), Vec::<String>::new());
}

/// Nothing was changed, so one click divides; columns that are called as the program calls them are no exception.
#[test]
fn nothing_changed_is_divided_at_once() {
    let list = std::fs::read_to_string(dataset("class50.csv")).expect("the sample class");
    assert!(list.lines().next().is_some_and(|head| head.contains("left_behind")));
    let Some((_server, browser)) = opened(&list, "zh") else { return };
    assert_eq!(browser.told("return document.getElementById('solve').textContent"), "开始分组");
    let twice = "return [...document.querySelectorAll('#columns select')].filter(select => \
         new Set([...select.options].map(option => option.value)).size < select.options.length).length";
    assert_eq!(browser.script(twice), 0);
    browser.click("#solve");
    browser.find("#plan");
    assert_eq!(browser.faults(), Vec::<String>::new());
}

#[test]
fn who_is_absent_is_left_out_by_a_tick_and_comes_back() {
    let Some((_server, browser)) = opened(&sure(), "zh") else { return };
    browser.click("#absent summary");
    browser.click("#absent input[value='学生03']");
    browser.click("#absent input[value='学生07']");
    onward(&browser, "#again button");
    let bar = browser.told("return document.querySelector('header').innerText");
    assert!(bar.contains("18 人"), "{bar}");
    // One of them is there after all.
    assert_eq!(browser.script("return document.querySelectorAll('#absent input:checked').length"), 2);
    browser.click("#absent input[value='学生03']");
    onward(&browser, "#again button");
    browser.click("#solve");
    browser.find("#plan");
    let rests = browser.told("return document.querySelector('.rests').innerText");
    assert!(rests.starts_with("19 名学生") && rests.ends_with("未编入：学生07"), "{rests}");
    assert_eq!(browser.script("return document.querySelectorAll('.student').length"), 19);
    assert_eq!(browser.faults(), Vec::<String>::new());
}
