//! A real browser: headless Chromium, driven over chromedriver's WebDriver JSON with the tests' own small HTTP client.
//! Where the two are not installed the tests that need them say so and end.

use crate::command::Folder;
use crate::service_client::{Answer, head};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long a page may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(180);

/// The key under which WebDriver names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Keys as WebDriver writes them.
pub mod key {
    pub const ENTER: &str = "\u{e007}";
    pub const ESCAPE: &str = "\u{e00c}";
    pub const TAB: &str = "\u{e004}";
    pub const CONTROL: &str = "\u{e009}";
    pub const RIGHT: &str = "\u{e014}";
    pub const DOWN: &str = "\u{e015}";
}

/// A window of a browser of its own.
pub struct Browser {
    port: u16,
    session: String,
    driver: Child,
    /// Held open: what it says later must go somewhere.
    _told: BufReader<ChildStdout>,
    /// Its profile and downloads, gone with it.
    folder: Folder,
}

impl Browser {
    /// A window of this size; none, with a word why, where no browser is installed.
    pub fn open(width: u32, height: u32) -> Option<Self> {
        Self::opened((width, height), false)
    }

    /// The same; it takes any certificate.
    pub fn open_trusting(width: u32, height: u32) -> Option<Self> {
        Self::opened((width, height), true)
    }

    fn opened((width, height): (u32, u32), trusting: bool) -> Option<Self> {
        let started = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let Ok(mut driver) = started else {
            println!("no chromedriver: the pages are not tried in a browser");
            return None;
        };
        let mut told = BufReader::new(driver.stdout.take().expect("stdout"));
        let port = port(&mut told);
        let folder = Folder::new();
        let size = format!("--window-size={width},{height}");
        let profile = format!("--user-data-dir={}", folder.path("profile"));
        let arguments = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", &size, &profile]
            .map(str::to_owned);
        let wanted = json!({"capabilities": {"alwaysMatch": {"browserName": "chrome", "unhandledPromptBehavior": "ignore",
            "acceptInsecureCerts": trusting,
            "goog:loggingPrefs": {"browser": "ALL"},
            "goog:chromeOptions": {"args": arguments}}}});
        let mut browser = Self { port, session: String::new(), driver, _told: told, folder };
        let made = browser.raw("POST", "/session", &wanted).status(200).json();
        made["value"]["sessionId"].as_str().expect("a session").clone_into(&mut browser.session);
        Some(browser)
    }

    /// Files that are saved go into a folder of its own; its path.
    pub fn downloads(&self) -> PathBuf {
        let folder = PathBuf::from(self.folder.path("downloads"));
        std::fs::create_dir_all(&folder).expect("a folder");
        self.driven("Browser.setDownloadBehavior", &json!({"behavior": "allow", "downloadPath": folder}));
        folder
    }

    /// A picture of the whole page, as PNG.
    pub fn picture(&self) -> Vec<u8> {
        let size = &self.driven("Page.getLayoutMetrics", &json!({}))["cssContentSize"];
        let height = size["height"].as_f64().expect("a height").min(4_000.0);
        // Bars to scroll with are left out of the picture, and the page takes their room.
        let width = self.script("return innerWidth");
        let clip = json!({"x": 0, "y": 0, "width": width, "height": height, "scale": 1});
        let told = self.driven("Page.captureScreenshot", &json!({"captureBeyondViewport": true, "clip": clip}));
        unbase64(told["data"].as_str().expect("a picture"))
    }

    /// The page on paper, as PDF.
    pub fn paper(&self) -> Vec<u8> {
        let told = self.driven("Page.printToPDF", &json!({"preferCSSPageSize": true, "printBackground": true}));
        unbase64(told["data"].as_str().expect("a document"))
    }

    /// All cookies of the page, as the browser tells them.
    pub fn cookies(&self) -> String {
        self.done("GET", "/cookie", &Value::Null).to_string()
    }

    /// A command of the browser's own protocol.
    fn driven(&self, command: &str, parameters: &Value) -> Value {
        self.done("POST", "/goog/cdp/execute", &json!({"cmd": command, "params": parameters}))
    }

    fn raw(&self, method: &str, path: &str, body: &Value) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("chromedriver");
        stream.set_read_timeout(Some(PATIENCE * 2)).expect("a timeout");
        let host = format!("127.0.0.1:{}", self.port);
        let body = if method == "POST" { body.to_string() } else { String::new() };
        let headers = [("Host", host.as_str()), ("Content-Type", "application/json")];
        stream.write_all(&head(method, path, &headers, body.len())).expect("sent");
        stream.write_all(body.as_bytes()).expect("sent");
        answer(stream)
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Result<Value, Value> {
        let answer = self.raw(method, &format!("/session/{}{path}", self.session), body);
        let value = answer.json()["value"].clone();
        if answer.status == 200 { Ok(value) } else { Err(value) }
    }

    fn done(&self, method: &str, path: &str, body: &Value) -> Value {
        self.ask(method, path, body).unwrap_or_else(|error| panic!("{method} {path}: {}", error["message"]))
    }

    /// Asks until it goes well.
    fn patiently<T>(&self, what: &str, mut attempt: impl FnMut() -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            if let Some(done) = attempt() {
                return done;
            }
            if start.elapsed() > PATIENCE {
                let body = self.script("return document.body.innerText");
                panic!("{what} does not come; {}:\n{}", self.address(), body.as_str().unwrap_or_default());
            }
            sleep(Duration::from_millis(50));
        }
    }

    pub fn go(&self, address: &str) {
        self.done("POST", "/url", &json!({ "url": address }));
    }

    pub fn address(&self) -> String {
        self.done("GET", "/url", &Value::Null).as_str().expect("an address").to_owned()
    }

    /// Runs a script in the page; what it returns.
    pub fn script(&self, script: &str) -> Value {
        self.done("POST", "/execute/sync", &json!({"script": script, "args": []}))
    }

    /// Runs a script that hands its result to the function `done`.
    pub fn later(&self, script: &str) -> Value {
        let script = format!("const done = arguments[arguments.length - 1]; {script}");
        self.done("POST", "/timeouts", &json!({"script": 60_000}));
        self.done("POST", "/execute/async", &json!({"script": script, "args": []}))
    }

    /// The text that a script returns.
    pub fn told(&self, script: &str) -> String {
        let told = self.script(script);
        told.as_str().unwrap_or_else(|| panic!("{script}: {told}")).to_owned()
    }

    /// Waits until a script returns true.
    pub fn until(&self, script: &str) {
        let body = json!({"script": format!("return Boolean({script})"), "args": []});
        // While a page is left its scripts fail; that is not yet.
        self.patiently(script, || self.ask("POST", "/execute/sync", &body).ok().filter(|told| *told == true));
    }

    /// Waits for an element.
    pub fn find(&self, css: &str) -> String {
        let wanted = json!({"using": "css selector", "value": css});
        let found = self.patiently(css, || self.ask("POST", "/element", &wanted).ok());
        found[ELEMENT].as_str().expect("an element").to_owned()
    }

    pub fn click(&self, css: &str) {
        let nothing = json!({});
        self.patiently(css, || {
            let element = self.find(css);
            self.ask("POST", &format!("/element/{element}/click"), &nothing).ok()
        });
    }

    /// Types into an element, or gives a file to a file box.
    pub fn write(&self, css: &str, text: &str) {
        let element = self.find(css);
        self.done("POST", &format!("/element/{element}/value"), &json!({ "text": text }));
    }

    /// Presses keys wherever the focus is.
    pub fn press(&self, keys: &[&str]) {
        let steps = keys.iter().flat_map(|key| ["keyDown", "keyUp"].map(|step| json!({"type": step, "value": key})));
        let keys = json!({"actions": [{"type": "key", "id": "keys", "actions": steps.collect::<Vec<_>>()}]});
        self.done("POST", "/actions", &keys);
    }

    /// Moves the mouse over the middle of an element, with its button down from the first on, and lets go over the last.
    pub fn drag(&self, through: &[&str]) {
        let mut steps = Vec::new();
        for (at, css) in through.iter().enumerate() {
            let element = json!({ELEMENT: self.find(css)});
            steps.push(json!({"type": "pointerMove", "duration": 150, "x": 0, "y": 0, "origin": element}));
            if at == 0 {
                steps.push(json!({"type": "pointerDown", "button": 0}));
            }
            // A hand rests before it lets go.
            steps.push(json!({"type": "pause", "duration": 300}));
        }
        steps.push(json!({"type": "pointerUp", "button": 0}));
        self.mouse(&steps);
    }

    /// Presses a key while another is held.
    pub fn chord(&self, held: &str, key: &str) {
        let step = |step: &str, key: &str| json!({"type": step, "value": key});
        let steps = [step("keyDown", held), step("keyDown", key), step("keyUp", key), step("keyUp", held)];
        self.done("POST", "/actions", &json!({"actions": [{"type": "key", "id": "keys", "actions": steps}]}));
    }

    /// Takes up what is in the middle of an element and moves it over the middle of another one.
    pub fn hold(&self, from: &str, over: &str) {
        let to = |css: &str| json!({"type": "pointerMove", "duration": 150, "x": 0, "y": 0, "origin": json!({ELEMENT: self.find(css)})});
        self.mouse(&[to(from), json!({"type": "pointerDown", "button": 0}), to(over)]);
    }

    /// Lets go of what is held.
    pub fn let_go(&self) {
        self.mouse(&[json!({"type": "pointerUp", "button": 0})]);
    }

    fn mouse(&self, steps: &[Value]) {
        self.done("POST", "/actions", &json!({"actions": [{"type": "pointer", "id": "mouse", "actions": steps}]}));
    }

    /// Faults that the browser has logged: scripts that failed, what the page's policy forbade.
    pub fn faults(&self) -> Vec<String> {
        let log = self.done("POST", "/se/log", &json!({"type": "browser"}));
        let lines = log.as_array().into_iter().flatten().filter(|line| line["level"] == "SEVERE");
        lines.map(|line| line["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Dark or light, and the width of a screen.
    pub fn pretend(&self, scheme: &str, width: u32) {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.driven("Emulation.setEmulatedMedia", &json!({ "features": features }));
        let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600});
        self.driven("Emulation.setDeviceMetricsOverride", &size);
    }
}

/// Reads one answer. chromedriver keeps the connection whatever it is asked for, so the length says where the answer ends.
fn answer(stream: TcpStream) -> Answer {
    let mut stream = BufReader::new(stream);
    let mut line = || {
        let mut line = String::new();
        stream.read_line(&mut line).expect("an answer of chromedriver");
        line.trim_end().to_owned()
    };
    let status = line().split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    let mut headers = Vec::new();
    while let Some((name, value)) = line().split_once(':') {
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let mut answer = Answer { status, headers, body: Vec::new() };
    let length = answer.header("content-length").and_then(|length| length.parse().ok()).expect("a length");
    answer.body.resize(length, 0);
    stream.read_exact(&mut answer.body).expect("the whole answer");
    answer
}

/// Bytes written in base 64.
fn unbase64(text: &str) -> Vec<u8> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = text.bytes().filter_map(|byte| DIGITS.iter().position(|digit| *digit == byte));
    let digits: Vec<u32> = digits.map(|digit| u32::try_from(digit).expect("below 64")).collect();
    let four = |four: &[u32]| {
        let whole = four.iter().fold(0, |whole, digit| whole << 6 | digit) << (6 * (4 - four.len()));
        whole.to_be_bytes()[1..four.len()].to_vec()
    };
    digits.chunks(4).flat_map(four).collect()
}

/// The port that chromedriver chose.
fn port(told: &mut BufReader<ChildStdout>) -> u16 {
    loop {
        let mut line = String::new();
        assert!(told.read_line(&mut line).expect("a line") > 0, "chromedriver ends before it tells its port");
        if let Some((_, port)) = line.split_once("successfully on port ") {
            return port.trim().trim_end_matches('.').parse().expect("a port");
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !self.session.is_empty() {
            let _ = self.ask("DELETE", "", &Value::Null);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
