//! `shiftstorm serve` as a process, and what one says to it over a socket.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use assert_cmd::cargo::CommandCargoExt as _;
use serde_json::Value;

/// A server with a project of its own.
pub(crate) struct Server {
    process: Child,
    /// What it says first, and never again.
    _said: BufReader<std::process::ChildStdout>,
    pub(crate) folder: PathBuf,
    pub(crate) port: u16,
    pub(crate) token: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Server {
    /// One for an empty folder.
    pub(crate) fn start() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("shiftstorm-serve-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name).join("project");
        fs::create_dir_all(&folder).expect("a place for a project");
        Self::of(&folder)
    }

    /// One for a folder.
    pub(crate) fn of(folder: &Path) -> Self {
        let mut command = Command::cargo_bin("shiftstorm").expect("it is built");
        command.arg("serve").arg(folder).arg("--no-open").stdout(Stdio::piped());
        let mut process = command.stderr(Stdio::null()).spawn().expect("it starts");
        let mut said = BufReader::new(process.stdout.take().expect("it is piped"));
        let mut line = String::new();
        said.read_line(&mut line).expect("it says where it is");
        let (address, token) = line
            .trim()
            .strip_prefix("Open http://127.0.0.1:")
            .and_then(|rest| rest.split_once("/?token="))
            .unwrap_or_else(|| panic!("{line}"));
        let (port, token) = (address.parse().expect("a port"), token.to_owned());
        Self { process, _said: said, folder: folder.to_owned(), port, token }
    }

    /// The same project with another process, after this one was killed.
    pub(crate) fn killed_and_started(mut self) -> Self {
        let folder = std::mem::take(&mut self.folder);
        self.process.kill().expect("it runs");
        drop(self);
        Self::of(&folder)
    }

    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// A head with all that our own page sends.
    pub(crate) fn head(&self, method: &str, path: &str, more: &str) -> String {
        let (address, port, token) = (self.address(), self.port, &self.token);
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\n\
             Cookie: shiftstorm_{port}={token}\r\nConnection: close\r\n{more}\r\n"
        )
    }

    /// Sends bytes and reads what comes back, until the other side closes.
    pub(crate) fn raw(&self, request: &[u8]) -> Answer {
        let mut stream = self.connect();
        // One that refuses early does not read all of it.
        let _ = stream.write_all(request);
        read_answer(&mut stream)
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a socket");
        stream
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.raw(self.head("GET", path, "").as_bytes())
    }

    /// Sends JSON; more headers end with a line break each.
    pub(crate) fn send(&self, method: &str, path: &str, body: &Value, more: &str) -> Answer {
        let body = body.to_string();
        let more =
            format!("Content-Type: application/json\r\nContent-Length: {}\r\n{more}", body.len());
        self.raw((self.head(method, path, &more) + &body).as_bytes())
    }

    /// The same, which is to go well.
    pub(crate) fn done(&self, method: &str, path: &str, body: &Value) -> Value {
        let answer = self.send(method, path, body, "");
        assert!((200..300).contains(&answer.status), "{method} {path}: {answer:?}");
        answer.json()
    }

    pub(crate) fn run(&self, id: &str) -> Value {
        let answer = self.get(&format!("/api/runs/{id}"));
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }

    /// Waits until something is so of a run.
    pub(crate) fn wait(&self, id: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        loop {
            let run = self.run(id);
            if is_so(&run) {
                return run;
            }
            assert!(begun.elapsed() < Duration::from_secs(120), "{run:#}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Sockets that the process has open, if the system tells.
    pub(crate) fn sockets(&self) -> usize {
        let path = format!("/proc/{}/fd", self.process.id());
        let entries = fs::read_dir(path).expect("a process has descriptors");
        let links = entries.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
        links.filter(|link| link.to_string_lossy().starts_with("socket:")).count()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        if let Some(place) = self.folder.parent().filter(|place| !place.as_os_str().is_empty()) {
            // A run that was killed with it may still be ending.
            let _ = fs::remove_dir_all(place);
        }
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

pub(crate) fn read_answer(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    // A connection that is reset has said all that it had to say.
    let _ = stream.read_to_end(&mut bytes);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    let body = match head.to_lowercase().contains("transfer-encoding: chunked") {
        true => chunks(body),
        false => body.to_owned(),
    };
    Answer { status, head: head.to_owned(), body }
}

fn chunks(mut text: &str) -> String {
    let mut whole = String::new();
    while let Some((length, rest)) = text.split_once("\r\n") {
        let length = usize::from_str_radix(length, 16).unwrap_or(0);
        let Some(piece) = rest.get(..length).filter(|_| length > 0) else { break };
        whole.push_str(piece);
        text = rest[length..].trim_start_matches("\r\n");
    }
    whole
}
