//! The calls of docs/api.md, asked of a service as curl would ask.

use super::{pages, root};
use crate::service_client::{Answer, Server};

/// What curl is told on one line.
#[derive(Debug, Default, PartialEq)]
struct Call {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: String,
    /// A file that is sent as the form's field `file`.
    file: Option<String>,
}

/// The words of a line: parted by blanks outside single quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for (n, part) in line.split('\'').enumerate() {
        if n % 2 == 1 {
            words.last_mut().expect("a word").push_str(part);
            continue;
        }
        for (n, word) in part.split(' ').enumerate() {
            if n > 0 {
                words.push(String::new());
            }
            words.last_mut().expect("a word").push_str(word);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

impl Call {
    fn read(line: &str) -> Self {
        let mut call = Self { method: "GET".to_owned(), ..Self::default() };
        let mut words = words(line).into_iter();
        assert_eq!(words.next().as_deref(), Some("curl"), "{line}");
        while let Some(word) = words.next() {
            if let Some(path) = word.strip_prefix("http://127.0.0.1:8080") {
                call.path = path.to_owned();
                continue;
            }
            let value = words.next().unwrap_or_else(|| panic!("{word} without a value: {line}"));
            match word.as_str() {
                "-X" => call.method = value,
                "-H" => {
                    call.headers.extend(value.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned())))
                }
                "-d" => (call.method, call.body) = ("POST".to_owned(), value),
                "-F" => {
                    call.method = "POST".to_owned();
                    call.file = Some(value.strip_prefix("file=@").expect("a file").to_owned());
                }
                "-o" => {}
                _ => panic!("{word} is not known here: {line}"),
            }
        }
        call
    }

    fn ask(&self, server: &Server) -> Answer {
        let headers: Vec<(&str, &str)> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let Some(file) = &self.file else {
            return server.ask(&self.method, &self.path, &headers, self.body.as_bytes());
        };
        let bytes = std::fs::read(root().join(file)).expect("a file of the project");
        server.upload_with(&self.path, &headers, &[("file", file, &bytes)])
    }
}

#[test]
fn calls_of_the_page_are_answered() {
    let pages = pages();
    let page = pages.iter().find(|page| page.place == "docs/api.md").expect("the page on the API");
    let server = Server::start();
    let (mut list, mut plan, mut calls) = (String::new(), String::new(), 0);
    let blocks = page.blocks().into_iter().filter(|block| block.notes.iter().any(|note| note == "asked of a service"));
    for line in blocks.flat_map(|block| super::commands::lines(&block.text)) {
        let call = Call::read(&line.replace("ID-OF-LIST", &list).replace("ID-OF-PLAN", &plan));
        let answer = call.ask(&server);
        assert!((200..300).contains(&answer.status), "{line}: {} {}", answer.status, answer.text());
        match call.path.as_str() {
            "/v1/lists" => list = answer.json()["id"].as_str().expect("an id").to_owned(),
            "/v1/plans" => plan = answer.json()["id"].as_str().expect("an id").to_owned(),
            path if path.contains("/export?format=xlsx") => assert!(answer.body.starts_with(b"PK"), "a workbook"),
            path if path.ends_with("/moves") => assert!(answer.json()["goals"].is_array(), "{}", answer.text()),
            _ => {}
        }
        calls += 1;
    }
    assert!(calls > 5 && !plan.is_empty(), "{calls} calls");
    server.get(&format!("/v1/plans/{plan}")).problem(404, "not_found");
}

#[test]
fn lines_are_read_as_curl_reads_them() {
    let call =
        Call::read("curl -H 'Prefer: wait=1' -d '{\"a\": [1]}' 'http://127.0.0.1:8080/v1/plans?x=1&y=2'  -o plan.json");
    let headers = vec![("Prefer".to_owned(), "wait=1".to_owned())];
    let (method, path) = ("POST".to_owned(), "/v1/plans?x=1&y=2".to_owned());
    assert_eq!(call, Call { method, path, headers, body: "{\"a\": [1]}".to_owned(), file: None });
    assert!(std::panic::catch_unwind(|| Call::read("curl --nosuch x http://127.0.0.1:8080/")).is_err());
}
