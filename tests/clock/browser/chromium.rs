//! Drives a headless Chromium over its debugging pipe: JSON messages that end with a zero byte.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

/// A browser with one tab. There is only one at a time.
pub(crate) struct Chromium {
    _alone: MutexGuard<'static, ()>,
    process: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    profile: PathBuf,
    session: Option<String>,
    number: u64,
    /// What the browser told unasked.
    events: Vec<Value>,
}

impl Chromium {
    /// Starts the browser, if there is one.
    ///
    /// # Panics
    ///
    /// There is none although `BROWSER_TESTS=required` is set, as in CI.
    pub(crate) fn start() -> Option<Self> {
        let Some(program) = find() else {
            let required = std::env::var("BROWSER_TESTS").is_ok_and(|value| value == "required");
            assert!(!required, "there is no chromium in PATH");
            eprintln!("skipped: there is no chromium in PATH");
            return None;
        };
        static ALONE: Mutex<()> = Mutex::new(());
        // A test that failed leaves nothing that could harm the next one.
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let profile =
            std::env::temp_dir().join(format!("shiftstorm-browser-{}", std::process::id()));
        // The pipe is on descriptors 3 and 4, which only a shell can set up without unsafe code.
        let script = "exec \"$0\" \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null 2>/dev/null";
        let mut process = Command::new("sh")
            .args(["-c", script])
            .arg(program)
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"])
            .args(["--disable-dev-shm-usage", "--no-first-run", "--remote-debugging-pipe"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell can be started");
        let to = process.stdin.take().expect("it is piped");
        let from = BufReader::new(process.stdout.take().expect("it is piped"));
        let mut browser = Self {
            _alone: alone,
            process,
            to,
            from,
            profile,
            session: None,
            number: 0,
            events: Vec::new(),
        };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = browser.call("Target.attachToTarget", attach);
        browser.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log", "Network", "DOM"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        Some(browser)
    }

    /// Calls a method of the protocol and waits for its result.
    pub(crate) fn call(&mut self, method: &str, parameters: Value) -> Value {
        let answer = self.answer(method, parameters);
        assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
        answer["result"].clone()
    }

    /// The whole answer to a call, which may be an error.
    fn answer(&mut self, method: &str, parameters: Value) -> Value {
        self.number += 1;
        let number = self.number;
        let mut message = json!({ "id": number, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        self.to.write_all(format!("{message}\0").as_bytes()).expect("the browser listens");
        self.to.flush().expect("the browser listens");
        loop {
            let answer = self.read();
            if answer["id"] == json!(number) {
                return answer;
            }
            self.events.push(answer);
        }
    }

    /// Opens a page and waits until it has loaded; a width and a colour scheme as a user has them.
    pub(crate) fn open(&mut self, page: &Path, width: u32, scheme: &str) {
        self.visit(&format!("file://{}", page.display()), width, scheme);
    }

    /// The same by its address.
    pub(crate) fn visit(&mut self, address: &str, width: u32, scheme: &str) {
        let metrics =
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", metrics);
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.call("Emulation.setEmulatedMedia", features);
        self.events.clear();
        self.call("Page.navigate", json!({ "url": address }));
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            let event = self.read();
            self.events.push(event);
        }
    }

    /// The value of an expression in the page.
    pub(crate) fn ask(&mut self, expression: &str) -> Value {
        let parameters =
            json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let answer = self.call("Runtime.evaluate", parameters);
        let failed = &answer["exceptionDetails"];
        assert!(failed.is_null(), "{expression}: {failed}");
        answer["result"]["value"].clone()
    }

    /// Whether an expression is true in the page; not while it gives way to another.
    pub(crate) fn is(&mut self, expression: &str) -> bool {
        let parameters = json!({ "expression": expression, "returnByValue": true });
        self.answer("Runtime.evaluate", parameters)["result"]["result"]["value"] == json!(true)
    }

    /// Moves, presses or releases the mouse.
    pub(crate) fn mouse(&mut self, kind: &str, (x, y): (f64, f64)) {
        let pressed = if kind == "mouseMoved" { "none" } else { "left" };
        let buttons = u8::from(kind != "mouseReleased");
        let parameters = json!({
            "type": kind, "x": x, "y": y, "button": pressed, "buttons": buttons, "clickCount": 1,
        });
        self.call("Input.dispatchMouseEvent", parameters);
    }

    /// Presses and releases a key.
    pub(crate) fn key(&mut self, key: &str) {
        for kind in ["keyDown", "keyUp"] {
            self.call("Input.dispatchKeyEvent", json!({ "type": kind, "key": key }));
        }
    }

    /// Presses and releases a key of the keyboard, which does what it does by itself.
    pub(crate) fn code(&mut self, code: &str) {
        let number = if code == "ArrowRight" { 39 } else { 0 };
        for kind in ["keyDown", "keyUp"] {
            let parameters = json!({
                "type": kind, "key": code, "code": code, "windowsVirtualKeyCode": number,
            });
            self.call("Input.dispatchKeyEvent", parameters);
        }
    }

    /// What went wrong in the page, and what it asked the network for besides itself.
    pub(crate) fn complaints(&mut self) -> Vec<String> {
        // Everything said before this answer has arrived with it.
        self.ask("1");
        let complaints = self.events.iter().filter_map(|event| {
            let parameters = &event["params"];
            match event["method"].as_str()? {
                "Runtime.exceptionThrown" => Some(parameters["exceptionDetails"].to_string()),
                "Runtime.consoleAPICalled" => Some(parameters["args"].to_string()),
                "Log.entryAdded" => Some(parameters["entry"].to_string()),
                "Network.requestWillBeSent" if parameters["type"] != "Document" => {
                    Some(parameters["request"]["url"].to_string())
                }
                _ => None,
            }
        });
        complaints.collect()
    }

    fn read(&mut self) -> Value {
        let mut message = Vec::new();
        self.from.read_until(0, &mut message).expect("the browser speaks");
        assert_eq!(message.pop(), Some(0), "the browser has gone");
        serde_json::from_slice(&message).expect("the browser speaks JSON")
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // It may have gone already; what it leaves behind does no harm.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

fn find() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let directories = std::env::var_os("PATH")?;
    let directories = Vec::from_iter(std::env::split_paths(&directories));
    let programs = names.iter().flat_map(|name| directories.iter().map(move |dir| dir.join(name)));
    programs.into_iter().find(|program| program.is_file())
}
