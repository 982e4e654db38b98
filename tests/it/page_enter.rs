//! Logging in with a real browser: the form itself, a wrong token, another school's, and a form that stands on another site.

use crate::browser::{Browser, key};
use crate::command::Folder;
use crate::service_access::{on, token};
use crate::service_client::Server;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

fn address(server: &Server, path: &str) -> String {
    format!("http://127.0.0.1:{}{path}", server.address.port())
}

fn typed(browser: &Browser, token: &str) {
    browser.write("#token", token);
    browser.press(&[key::ENTER]);
}

/// A page of another site, for every request.
fn elsewhere(page: String) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
            lines.by_ref().find(String::is_empty);
            let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n", page.len());
            let _ = (&stream).write_all(format!("{head}Connection: close\r\n\r\n{page}").as_bytes());
        }
    });
    port
}

#[test]
fn a_person_logs_in_with_a_browser() {
    let folder = Folder::new();
    let (ours, theirs) = (token(&folder, "一中"), token(&folder, "二中"));
    let server = on(folder).bearing(&ours);
    let list = server.list("class.csv", "学号,姓名,数学\n1,张三丰同学,90\n2,李四光同学,80\n".as_bytes());
    let Some(browser) = Browser::open(1000, 800) else { return };
    browser.go(&address(&server, &format!("/lists/{list}")));
    browser.until("location.pathname === '/enter'");
    // A wrong one, typed.
    typed(&browser, "fenzu_0000");
    browser.find("#refused");
    // Another school's: it opens that school, and nothing of ours.
    typed(&browser, &theirs);
    browser.until("location.pathname === '/'");
    browser.go(&address(&server, &format!("/lists/{list}")));
    browser.find("main");
    assert!(!browser.told("return document.body.innerText").contains("张三丰"), "another school's list is shown");
    browser.go(&address(&server, "/enter"));
    typed(&browser, &format!("  {ours} "));
    browser.until("location.pathname === '/'");
    browser.go(&address(&server, &format!("/lists/{list}")));
    browser.find("#list");
    assert!(browser.told("return document.body.innerText").contains("张三丰"));
    assert_eq!(browser.told("return document.cookie"), "", "no script can read the token");
    // What a page does after it is drawn goes through as well.
    let status = browser.later("fetch('/v1/schools/me/data', {method: 'DELETE'}).then(answer => done(answer.status))");
    assert_eq!(status, 200);
}

/// Somebody else's page cannot log a browser in to a school of its choice.
#[test]
fn a_form_of_another_site_logs_nobody_in() {
    let folder = Folder::new();
    let token = token(&folder, "一中");
    let server = on(folder);
    let Some(browser) = Browser::open(1000, 800) else { return };
    let action = address(&server, "/enter");
    let form = format!(
        "<form method=post action='{action}'><input name=token value='{token}'><button id=go>go</button></form>"
    );
    let hidden = format!("<meta name=referrer content=no-referrer>{form}");
    for page in [form, hidden] {
        let port = elsewhere(page);
        browser.go(&format!("http://localhost:{port}/"));
        browser.click("#go");
        browser.until(&format!("location.port === '{}'", server.address.port()));
        browser.find("main");
        browser.go(&address(&server, "/"));
        browser.until("location.pathname === '/enter'");
    }
}
