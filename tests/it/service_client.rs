//! `fenzu serve` as a process of its own, and a small HTTP client that can also misbehave.

use crate::command::{Folder, command};
use crate::logs::{self, Log};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};

/// An answer, whole.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error} in {}: {}", self.status, self.text()))
    }

    /// The status must be this one.
    pub fn status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// It must be a problem document with this status and code.
    pub fn problem(self, status: u16, code: &str) -> Value {
        let answer = self.status(status);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{}", answer.text());
        let problem = answer.json();
        assert_eq!(problem["code"], code, "{problem:#}");
        assert_eq!(problem["status"], status, "{problem:#}");
        assert_eq!(problem["type"], format!("urn:fenzu:{code}"), "{problem:#}");
        problem
    }
}

/// A running service.
pub struct Server {
    pub address: SocketAddr,
    pub folder: Folder,
    child: Child,
    log: Log,
    /// Writes what the process says into the log, to its end.
    writer: Option<JoinHandle<()>>,
    /// Sent with every request.
    token: Option<String>,
}

impl Server {
    /// On SQLite in a folder of its own.
    pub fn start() -> Self {
        Self::with(&[], &[])
    }

    /// With further arguments and settings.
    pub fn with(args: &[&str], settings: &[(&str, &str)]) -> Self {
        let folder = Folder::new();
        let database = format!("sqlite:{}", folder.path("fenzu.db"));
        Self::on(folder, &database, args, settings)
    }

    /// On a database.
    pub fn on(folder: Folder, database: &str, args: &[&str], settings: &[(&str, &str)]) -> Self {
        Self::under(&[], (folder, database), args, settings)
    }

    /// The same, started by another command.
    pub fn under(
        starter: &[&str],
        (folder, database): (Folder, &str),
        args: &[&str],
        settings: &[(&str, &str)],
    ) -> Self {
        let mut all = vec!["serve", "--database", database, "--log", "json"];
        if !args.contains(&"--listen") {
            all.extend(["--listen", "127.0.0.1:0"]);
        }
        all.extend(args);
        let config: String = settings.iter().map(|(name, value)| format!("{name} = {value}\n")).collect();
        let file = folder.write("limits.toml", format!("[limits]\n{config}"));
        all.extend(["--config", &file]);
        let mut started = command(&all);
        if let [program, rest @ ..] = starter {
            started = Command::new(program);
            started.args(rest).arg(env!("CARGO_BIN_EXE_fenzu")).args(&all).env("FENZU_LANG", "en").stdin(Stdio::null());
        }
        let mut child = started.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("fenzu serve");
        let (sender, address) = std::sync::mpsc::channel();
        let log = Log::new("serve");
        let (lines, mut kept) = (BufReader::new(child.stderr.take().expect("stderr")), log.file());
        let writer = std::thread::spawn(move || {
            for line in lines.lines().map_while(Result::ok) {
                if let Some((_, rest)) = line.split_once("listens on ") {
                    let address =
                        rest.split_whitespace().next().and_then(|text| text.split_once("://")?.1.parse().ok());
                    let _ = sender.send(address.expect("an address"));
                }
                writeln!(kept, "{line}").expect("the log is written");
            }
        });
        match address.recv_timeout(Duration::from_secs(60)) {
            Ok(address) => Self { address, folder, child, log, writer: Some(writer), token: None },
            Err(error) => panic!("{error}: the service does not start: {}", log.text()),
        }
    }

    /// Everything is asked with this token from now on.
    pub fn bearing(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        self.log.text()
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks to end; the exit code.
    pub fn end(&mut self) -> Option<i32> {
        let ended = Command::new("kill").arg(self.id().to_string()).status().expect("kill");
        assert!(ended.success());
        self.child.wait().expect("an end").code()
    }

    /// `kill -9`, then the same on the same database.
    pub fn killed_and_started_again(mut self) -> Self {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
        let folder = std::mem::replace(&mut self.folder, Folder::new());
        drop(self);
        let database = format!("sqlite:{}", folder.path("fenzu.db"));
        Self::on(folder, &database, &[], &[])
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], b"")
    }

    pub fn delete(&self, path: &str) -> Answer {
        self.ask("DELETE", path, &[], b"")
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_with(path, &[], body)
    }

    pub fn post_with(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let headers = [&[("Content-Type", "application/json")], headers].concat();
        logs::sent("list.json", body["list"].to_string().as_bytes());
        self.ask("POST", path, &headers, body.to_string().as_bytes())
    }

    /// Sends a multipart body: field, file name, bytes.
    pub fn upload(&self, path: &str, parts: &[(&str, &str, &[u8])]) -> Answer {
        self.upload_with(path, &[], parts)
    }

    pub fn upload_with(&self, path: &str, headers: &[(&str, &str)], parts: &[(&str, &str, &[u8])]) -> Answer {
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let headers = [&[("Content-Type", kind.as_str())], headers].concat();
        parts.iter().filter(|(_, file, _)| !file.is_empty()).for_each(|(_, file, bytes)| logs::sent(file, bytes));
        self.ask("POST", path, &headers, &multipart(parts))
    }

    /// Uploads a list; its id.
    pub fn list(&self, file: &str, bytes: &[u8]) -> String {
        let answer = self.upload("/v1/lists", &[("file", file, bytes)]).status(201).json();
        answer["id"].as_str().expect("an id").to_owned()
    }

    /// Asks for a plan and waits for it.
    pub fn plan(&self, body: &Value) -> Value {
        self.post_with("/v1/plans", &[("Prefer", "wait=60")], body).status(200).json()
    }

    /// Sends a request with the usual headers.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let host = format!("127.0.0.1:{}", self.address.port());
        let bearer = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let mut all = vec![("Host", host.as_str()), ("Accept-Language", "en")];
        all.extend(bearer.iter().map(|bearer| ("Authorization", bearer.as_str())));
        all.retain(|(name, _)| !headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(name)));
        all.extend(headers);
        self.raw(method, path, &all, body)
    }

    /// Sends a request with exactly these headers, and the body's length.
    pub fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut stream = self.connect();
        stream.write_all(&head(method, path, headers, body.len())).expect("the head is sent");
        // A service that refuses early closes before all is sent.
        let _ = stream.write_all(body);
        read(&mut stream).expect("an answer")
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(120))).expect("a timeout");
        stream
    }

    /// Asks until the answer will do.
    pub fn until(&self, path: &str, will_do: impl Fn(&Value) -> bool) -> Value {
        let start = Instant::now();
        loop {
            let answer = self.get(path).status(200).json();
            if will_do(&answer) {
                return answer;
            }
            assert!(start.elapsed() < Duration::from_secs(120), "{answer:#}");
            sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        // It ends with the process; where it failed, the log is not whole.
        let written = self.writer.take().is_none_or(|writer| writer.join().is_ok());
        assert!(written || std::thread::panicking(), "the log is not whole");
        self.log.search();
    }
}

const BOUNDARY: &str = "fenzu-test-boundary";

/// A multipart body.
pub fn multipart(parts: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, bytes) in parts {
        let file = if file.is_empty() { String::new() } else { format!("; filename=\"{file}\"") };
        body.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes());
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    body
}

/// The head of a request on a connection of its own.
pub fn head(method: &str, path: &str, headers: &[(&str, &str)], length: usize) -> Vec<u8> {
    let mut head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    if length > 0 {
        head += &format!("Content-Length: {length}\r\n");
    }
    (head + "\r\n").into_bytes()
}

/// Reads an answer to its end.
pub fn read(stream: &mut impl Read) -> std::io::Result<Answer> {
    let mut bytes = Vec::new();
    // A reset behind a whole answer is no matter.
    let ended = stream.read_to_end(&mut bytes);
    let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Err(ended.err().unwrap_or_else(|| std::io::Error::other("no answer")));
    };
    let head = String::from_utf8_lossy(&bytes[..at]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).expect("a status");
    let headers = lines.filter_map(|line| line.split_once(": ")).map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
    let mut answer = Answer { status, headers, body: bytes[at + 4..].to_vec() };
    if answer.header("transfer-encoding") == Some("chunked") {
        answer.body = unchunked(&answer.body);
    }
    Ok(answer)
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(at) = rest.windows(2).position(|window| window == b"\r\n") {
        let length = std::str::from_utf8(&rest[..at]).ok().and_then(|text| usize::from_str_radix(text, 16).ok());
        let (Some(length), data) = (length, &rest[at + 2..]) else { break };
        if length == 0 || data.len() < length + 2 {
            break;
        }
        body.extend(&data[..length]);
        rest = &data[length + 2..];
    }
    body
}
