//! The pages in a real browser: the whole way of a class teacher, in both languages, and names that mean harm.

use crate::browser::{Browser, key};
use crate::command::dataset;
use crate::service_client::Server;
use serde_json::{Value, json};

fn home(server: &Server, lang: &str) -> String {
    format!("http://127.0.0.1:{}/?lang={lang}", server.address.port())
}

fn place(browser: &Browser) -> String {
    let address = browser.address();
    address.splitn(4, '/').nth(3).map(|path| format!("/{path}")).expect("a path")
}

/// From the messy list of the school office to the sheet on the wall.
#[test]
fn the_whole_way_in_both_languages() {
    for (lang, proved, math) in
        [("zh", "已证明：没有更均衡的分法", "数学"), ("en", "Proved: no better grouping exists", "数学")]
    {
        let server = Server::start();
        let Some(browser) = Browser::open(1440, 900) else { return };
        browser.go(&home(&server, lang));
        assert!(browser.told("return document.documentElement.lang").starts_with(lang));
        browser.write("#file", &dataset("class50_messy.xlsx"));
        browser.find("#list");
        let heads = browser.told("return document.querySelector('table.reading').innerText");
        assert!(heads.contains("数学"), "{heads}");
        browser.find("td.odd");
        // A column is corrected by hand: English does not count.
        let before = place(&browser);
        browser.click("#columns select[data-header$='英语'] option[value='other']");
        browser.click("#again button");
        browser.until(&format!("location.pathname !== '{before}'"));
        browser.find("#columns select[data-header$='英语'][data-named]");
        assert_eq!(
            browser.told("return document.querySelector(\"#columns select[data-header$='英语']\").value"),
            "other"
        );
        // Two who shall be together, found by their names.
        for at in [0, 7] {
            let name = browser.told(&format!("return document.querySelectorAll('#people option')[{at}].value"));
            browser.write("#who", &name);
            browser.press(&[key::ENTER]);
        }
        browser.until("document.querySelectorAll('.chip').length === 2");
        browser.click("#add");
        browser.until("document.querySelectorAll('#rules li').length === 1");
        let ids = browser.script("return [0, 7].map(at => document.querySelectorAll('#people option')[at].dataset.id)");
        browser.click("#solve");
        browser.find("#plan");
        let verdict = browser.told("return document.querySelector('.verdict').innerText");
        assert!(verdict.contains(proved), "{verdict}");
        let board = browser.told("return document.querySelector('main').innerText");
        assert!(board.contains(math), "{board}");
        assert_eq!(browser.script("return document.querySelectorAll('article.group').length"), 5);
        assert_eq!(browser.script("return document.querySelectorAll('.student').length"), 50);
        let groups = ids.as_array().expect("ids").iter().map(|id| {
            browser
                .told(&format!("return document.querySelector('[data-student={id}]').closest('article').dataset.group"))
        });
        let groups: Vec<String> = groups.collect();
        assert_eq!(groups[0], groups[1], "together");
        change(&browser, lang);
        for link in ["xlsx", "csv", "html", "json"] {
            let path = browser
                .told(&format!("return document.querySelector('a[href*=\"format={link}\"]').getAttribute('href')"));
            assert!(server.get(&path).status(200).body.len() > 1_000, "{link}");
        }
        let downloads = browser.downloads();
        // The bar at the top stays there and would hide it.
        browser.script("scrollTo(0, 0)");
        browser.click("a[href*='format=xlsx']");
        let saved = saved(&downloads);
        assert!(saved.0.starts_with("七（3）班") && saved.1.starts_with(b"PK"), "{}", saved.0);
        let sheet = place(&browser);
        browser.click("a[href$='/sheet']");
        browser.find("body.register .sum");
        assert_eq!(pages(&browser.paper()), 1);
        browser.go(&format!("http://127.0.0.1:{}{sheet}", server.address.port()));
        browser.click("a[href$='/print']");
        browser.find("body.sheet article");
        assert_eq!(browser.script("return document.querySelectorAll('article li').length"), 50);
        assert_eq!(pages(&browser.paper()), 1);
        assert_eq!(browser.faults(), Vec::<String>::new());
    }
}

/// On the board: a drag with its price, undo, a lock, the rest improved, and why somebody is where they are.
fn change(browser: &Browser, lang: &str) {
    let plan = || browser.told("return document.getElementById('plan').dataset.plan");
    let (first, words) = (plan(), if lang == "zh" { ["均衡", "为什么在"] } else { ["fair", "Why is"] });
    browser.hold("article:nth-child(1) li:nth-child(2) .student", "article:nth-child(2) li:nth-child(9) .student");
    // Before the drop the price is told, and nothing has changed.
    browser.until("document.querySelector('.ghost b')");
    let price = browser.told("return document.querySelector('.ghost').innerText");
    assert!(price.contains(words[0]) && price.contains('→'), "{price}");
    assert_eq!(plan(), first);
    browser.let_go();
    browser.until(&format!("document.getElementById('plan').dataset.plan !== '{first}'"));
    // The bar at the top stays there and may hide it, as far as the drag has scrolled.
    browser.script("scrollTo(0, 0)");
    browser.click("#undo");
    browser.until(&format!("document.getElementById('plan').dataset.plan === '{first}'"));
    browser.click("article:nth-child(1) li:nth-child(1) .lock");
    browser.find("article:nth-child(1) li:nth-child(1) .lock[aria-pressed=true]");
    browser.click("#improve");
    browser.until(&format!("document.getElementById('plan').dataset.plan !== '{first}'"));
    browser.click("article:nth-child(2) li:nth-child(3) .student");
    browser.find(".panel .choice .shifts");
    let why = browser.told("return document.querySelector('.panel').innerText");
    assert!(why.contains(words[1]), "{why}");
    browser.click(".panel .row button");
}

/// The file that comes into a folder; its name and bytes.
fn saved(folder: &std::path::Path) -> (String, Vec<u8>) {
    for _ in 0..600 {
        let mut files = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
        if let Some(file) = files.find(|file| file.extension().is_some_and(|ending| ending == "xlsx")) {
            let name = file.file_name().expect("a name").to_string_lossy().into_owned();
            return (name, std::fs::read(file).expect("a file"));
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("nothing is saved");
}

/// Sheets of paper.
fn pages(pdf: &[u8]) -> usize {
    String::from_utf8_lossy(pdf).split("/Type /Page").skip(1).filter(|rest| !rest.starts_with('s')).count()
}

/// Sixty students are on one sheet of A4.
#[test]
fn sixty_students_are_on_one_sheet() {
    let server = Server::start();
    let row = |n: usize| format!("{n},学生甲乙{n},{},{}\n", ["男", "女"][n % 2], 40 + n);
    let csv = format!("学号,姓名,性别,数学\n{}", (1..=60).map(row).collect::<String>());
    let list = server.list("七1班.csv", csv.as_bytes());
    let Some(browser) = Browser::open(1000, 800) else { return };
    for groups in [3, 6, 12] {
        let plan = server.plan(&json!({"list": list, "groups": groups}));
        let place = format!("plans/{}/print", plan["id"].as_str().expect("an id"));
        browser.go(&format!("http://127.0.0.1:{}/{place}", server.address.port()));
        assert_eq!(pages(&browser.paper()), 1, "{groups} groups");
    }
}

/// Cells copied from a spreadsheet; wishes that cannot hold are told in words, and a refused list with its faults.
#[test]
fn pasted_cells_conflicts_and_refusals() {
    let server = Server::start();
    let Some(browser) = Browser::open(1200, 900) else { return };
    browser.go(&home(&server, "zh"));
    browser.click("details summary");
    browser.script(
        "document.getElementById('cells').value = '学号\\t姓名\\t数学\\n1\\t甲\\t90\\n1\\t乙\\t80\\n2\\t丙\\t70'",
    );
    browser.click("#paste");
    browser.find("#trouble .faults li");
    browser.script("document.getElementById('cells').value = '学号\\t姓名\\t数学\\n1\\t甲\\t90\\n2\\t乙\\t80\\n3\\t丙\\t70\\n4\\t丁\\t60'");
    browser.click("#paste");
    browser.find("#wishes");
    browser.script("document.getElementById('groups').value = 2");
    browser.click("#kind option[value='apart']");
    for name in ["甲", "乙", "丙"] {
        browser.write("#who", name);
        browser.press(&[key::ENTER]);
    }
    browser.press(&[key::ENTER]);
    browser.until("document.querySelectorAll('#rules li').length === 1");
    browser.click("#solve");
    browser.find(".verdict.impossible");
    browser.click(".tools a.button");
    browser.find("#rules li");
    assert!(browser.faults().iter().all(|fault| fault.contains("422")), "{:?}", browser.faults());
}

/// Names are data wherever they are shown.
#[test]
fn hostile_names_are_only_names() {
    let long = "阿".repeat(60);
    let names = [
        "<script>window.hacked=1</script>",
        "\"><img src=x onerror=window.hacked=1>",
        "O'Brien & \"Söhne\"",
        "👩🎓🏫",
        "مُحَمَّد علي",
        long.as_str(),
        "</title></textarea>",
        "{{7*7}} ${7*7}",
    ];
    let mut csv = String::from("学号,姓名,性别,数学\n");
    for (at, name) in names.iter().enumerate() {
        csv += &format!("{},\"{}\",{},{}\n", at + 1, name.replace('"', "\"\""), ["男", "女"][at % 2], 60 + at);
    }
    let server = Server::start();
    let list = server.list("<b>.csv", csv.as_bytes());
    let plan = server.plan(&json!({"list": list, "groups": 2}));
    let named = json!({"names": [{"group": plan["plan"]["groups"][0]["id"], "name": "<b onclick='x'>\"组\"</b>"}]});
    let plan =
        server.post(&format!("/v1/plans/{}/names", plan["id"].as_str().expect("an id")), &named).status(201).json();
    let Some(browser) = Browser::open(1000, 800) else { return };
    let port = server.address.port();
    let plan = plan["plan"].as_str().expect("an id");
    for (path, css) in [
        (format!("lists/{list}"), ".reading td:nth-child(3) bdi"),
        (format!("plans/{plan}"), ".student bdi"),
        (format!("plans/{plan}/print"), "article li bdi"),
        (format!("plans/{plan}/sheet"), ".who bdi"),
    ] {
        browser.go(&format!("http://127.0.0.1:{port}/{path}"));
        let shown =
            browser.script(&format!("return [...document.querySelectorAll('{css}')].map(name => name.textContent)"));
        let shown: Vec<&str> = shown.as_array().expect("names").iter().filter_map(Value::as_str).collect();
        let shown_all = names.iter().filter(|name| shown.contains(name)).count();
        assert!(shown_all >= if path.starts_with("lists") { 5 } else { names.len() }, "{path}: {shown:?}");
        assert_eq!(browser.script("return window.hacked ?? null"), Value::Null);
        assert_eq!(browser.script("return document.images.length"), 0);
        for (scheme, width) in [("light", 1000), ("dark", 360)] {
            browser.pretend(scheme, width);
            browser.until("document.documentElement.scrollWidth <= innerWidth");
        }
        assert_eq!(browser.faults(), Vec::<String>::new());
    }
}

/// The school office: lists and staff up, every class and load told, all files down.
#[test]
fn the_office_divides_a_school() {
    let server = Server::start();
    let Some(browser) = Browser::open(1200, 900) else { return };
    browser.go(&home(&server, "zh"));
    browser.click("a[href='/office']");
    let files: Vec<String> = (1..=20).map(|n| dataset(&format!("school/classes/class{n:02}.csv"))).collect();
    browser.write("#lists", &files.join("\n"));
    browser.write("#staff", &dataset("school/staff.csv"));
    browser.click("#send button.main");
    browser.until("document.getElementById('result')?.hidden === false");
    let table = browser.told("return document.getElementById('classes').innerText");
    assert_eq!(table.matches("已完成").count(), 20, "{table}");
    assert!(browser.script("return document.querySelectorAll('#loads tbody tr').length").as_u64() > Some(3));
    let path = browser.told("return document.getElementById('result').getAttribute('href')");
    assert!(server.get(&path).status(200).body.starts_with(b"PK"));
    // My data, all of it, away.
    browser.go(&home(&server, "zh"));
    browser.click("a[href='/privacy']");
    browser.click("#sure");
    browser.click("#erase");
    browser.until("document.getElementById('status').textContent.includes('已删除')");
    server.get(&path).problem(404, "not_found");
    assert_eq!(browser.faults(), Vec::<String>::new());
}
