//! Whoever is not our own page gets nothing, and nobody takes the server's time or memory.

use std::fs;
use std::io::Write as _;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use super::server::{Answer, Server, read_answer};

const JSON: &str = "Content-Type: application/json\r\n";

/// A request that is refused: what it is, its bytes, and the status of the answer.
struct Hostile {
    what: String,
    request: Vec<u8>,
    status: u16,
}

fn hostile(what: impl Into<String>, request: impl Into<Vec<u8>>, status: u16) -> Hostile {
    Hostile { what: what.into(), request: request.into(), status }
}

/// Another site, another name of our address, another start of the server.
fn foreign(server: &Server) -> Vec<Hostile> {
    let sound = server.head("GET", "/", "");
    let (host, origin) = (
        format!("Host: {}\r\n", server.address()),
        format!("Origin: http://{}\r\n", server.address()),
    );
    let cookie = format!("Cookie: shiftstorm_{}={}\r\n", server.port, server.token);
    let mut all = Vec::new();
    for other in [
        "evil.example".to_owned(),
        format!("evil.example:{}", server.port),
        "127.0.0.1".to_owned(),
        format!("127.0.0.1:{}", server.port ^ 1),
        format!("127.0.0.1.evil.example:{}", server.port),
        format!("0.0.0.0:{}", server.port),
        format!("[::1]:{}", server.port),
        format!("LOCALHOST.:{}", server.port),
        format!("127.1:{}", server.port),
        String::new(),
    ] {
        let request = sound.replace(&host, &format!("Host: {other}\r\n"));
        all.push(hostile(format!("host {other}"), request, 403));
        let named = sound.replace(&host, &format!("Host: {other}\r\n"));
        let named = named.replace("GET / ", &format!("GET /?token={} ", server.token));
        all.push(hostile(format!("host {other}, with the token"), named.replace(&cookie, ""), 403));
    }
    all.push(hostile("no host", sound.replace(&host, ""), 403));
    all.push(hostile("two hosts", sound.replace(&host, &format!("{host}{host}")), 403));
    for other in ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1", ""] {
        let body = json!({ "name": "x", "example": "quickstart" }).to_string();
        let more = format!("{JSON}Content-Length: {}\r\n", body.len());
        let sound = server.head("POST", "/api/scenarios", &more) + &body;
        let request = sound.replace(&origin, &format!("Origin: {other}\r\n"));
        all.push(hostile(format!("origin {other}"), request, 403));
    }
    let delete = server.head("DELETE", "/api/runs/a-0001", "");
    all.push(hostile("delete without an origin", delete.replace(&origin, ""), 403));
    for (what, other) in [
        ("none", String::new()),
        ("empty", format!("Cookie: shiftstorm_{}=\r\n", server.port)),
        ("wrong", format!("Cookie: shiftstorm_{}={}\r\n", server.port, "0".repeat(64))),
        ("cut", cookie.replace(&server.token, &server.token[..63])),
        ("of another port", cookie.replace(&server.port.to_string(), "1")),
    ] {
        for path in ["/", "/page.js", "/api/runs", "/api/events"] {
            let request = server.head("GET", path, "").replace(&cookie, &other);
            all.push(hostile(format!("cookie {what} on {path}"), request, 403));
        }
    }
    let wrong = sound.replace(&cookie, "").replace("GET / ", "GET /?token=0 ");
    all.push(hostile("a wrong token in the address", wrong, 403));
    all
}

/// Names that are paths, and what leads out of the project.
fn paths(server: &Server) -> Vec<Hostile> {
    let mut all = Vec::new();
    for name in [
        "..",
        "%2e%2e",
        "..%2f..%2fsecret",
        "%2fetc%2fpasswd",
        "a%00b",
        "a.toml",
        "%C3%A4",
        "leak",
        "a%5cb",
        "-%20",
        ".bin",
    ] {
        for path in [format!("/s/{name}"), format!("/api/scenarios/{name}")] {
            let status = if name == "leak" { 422 } else { 404 };
            all.push(hostile(path.clone(), server.head("GET", &path, ""), status));
        }
    }
    for path in [
        "/api/runs/..-0001",
        "/api/runs/quickstart-1",
        "/api/runs/quickstart-0001%2f..",
        "/api/runs/quickstart-0001/files/run.json",
        "/api/runs/quickstart-0001/files/..%2frun.json",
        "/api/runs/quickstart-0001/files/.shiftstorm.lock",
        "/../../etc/passwd",
        "//etc/passwd",
    ] {
        all.push(hostile(path, server.head("GET", path, ""), 404));
    }
    let put = |path: &str| server.head("PUT", path, "Content-Length: 1\r\n") + "x";
    for name in ["..%2fx.csv", "x.exe", "run.toml", ".hidden.csv"] {
        let path = format!("/api/tables/{name}");
        all.push(hostile(path.clone(), put(&path), 422));
    }
    all.push(hostile("method", server.head("TRACE", "/", ""), 405));
    all
}

/// Bodies that are too long, of another kind, or no sense.
fn bodies(server: &Server) -> Vec<Hostile> {
    let post = |path: &str, head: &str, body: &[u8]| {
        let more = format!("{head}Content-Length: {}\r\n", body.len());
        [server.head("POST", path, &more).as_bytes(), body].concat()
    };
    let two_mebibytes = vec![b' '; 2 << 20];
    let chunked = "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n";
    let mut endless = server.head("POST", "/api/runs", chunked).into_bytes();
    endless.extend(format!("{:x}\r\n", two_mebibytes.len()).bytes());
    endless.extend(&two_mebibytes);
    endless.extend(b"\r\n0\r\n\r\n");
    let long_table = "Content-Length: 67108865\r\n";
    let wrong = |body: serde_json::Value| post("/api/runs", JSON, body.to_string().as_bytes());
    let note = json!({ "scenario": "quickstart", "note": "x".repeat(2001) });
    vec![
        hostile("2 MiB", post("/api/runs", JSON, &two_mebibytes), 413),
        hostile("2 MiB in pieces", endless, 413),
        hostile(
            "a table of 64 MiB and a byte",
            server.head("PUT", "/api/tables/t.csv", long_table),
            413,
        ),
        hostile("a form", post("/api/runs", "Content-Type: text/plain\r\n", b"{}"), 415),
        hostile("no kind", post("/api/runs", "", b"{}"), 415),
        hostile("no JSON", post("/api/runs", JSON, b"{"), 422),
        hostile("an unknown key", wrong(json!({ "scenario": "quickstart", "threads": 9 })), 422),
        hostile("a path as scenario", wrong(json!({ "scenario": "../quickstart" })), 422),
        hostile("no such scenario", wrong(json!({ "scenario": "other" })), 404),
        hostile("a long note", wrong(note), 422),
        hostile("no promise about the file", server.put_text("quickstart", ""), 428),
        hostile("any file at all", server.put_text("quickstart", "If-Match: *\r\n"), 412),
    ]
}

impl Server {
    fn put_text(&self, name: &str, more: &str) -> String {
        let body = json!({ "text": "" }).to_string();
        let more = format!("{JSON}Content-Length: {}\r\n{more}", body.len());
        self.head("PUT", &format!("/api/scenarios/{name}"), &more) + &body
    }
}

#[test]
fn hostile_requests_get_the_right_answer_and_change_nothing() {
    let server = Server::start();
    server.done(
        "POST",
        "/api/scenarios",
        &json!({ "name": "quickstart", "example": "quickstart" }),
    );
    let secret = server.folder.parent().unwrap().join("secret.toml");
    fs::write(&secret, "name = 'secret'").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&secret, server.folder.join("leak.toml")).unwrap();
    let before = Vec::from_iter(fs::read_dir(&server.folder).unwrap().map(|it| it.unwrap().path()));
    let all =
        Vec::from_iter(foreign(&server).into_iter().chain(paths(&server)).chain(bodies(&server)));
    assert!(all.len() >= 60, "{}", all.len());
    for Hostile { what, request, status } in all {
        let answer = server.raw(&request);
        assert_eq!(answer.status, status, "{what}: {answer:?}");
        assert!(
            !answer.body.contains("name = 'secret'") && !answer.body.contains("root:"),
            "{what}"
        );
        let is_policed =
            answer.head.contains("nosniff") && answer.head.contains("frame-ancestors 'none'");
        assert!(is_policed, "{what}: {}", answer.head);
    }
    let after = Vec::from_iter(fs::read_dir(&server.folder).unwrap().map(|it| it.unwrap().path()));
    assert_eq!(before.len(), after.len(), "{after:?}");
}

#[test]
fn a_scenario_reads_no_foreign_file() {
    let server = Server::start();
    let place = server.folder.parent().unwrap();
    fs::write(place.join("secret.csv"), "at\n00:00:01\nsecret\n").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(place.join("secret.csv"), server.folder.join("link.csv")).unwrap();
    let absolute = place.join("secret.csv").display().to_string();
    for file in ["../secret.csv", "link.csv", &absolute, "/etc/passwd", "/proc/self/environ"] {
        let text = format!(
            "run.until = '1h'\nagents.a.count = 1\nconsumers.w.arrivals.trace = '{file}'\n"
        );
        let found = server.done("POST", "/api/scenarios/x/check", &json!({ "text": text }));
        let findings = found["checked"]["findings"].to_string();
        let is_refused = findings.contains("outside of the scenario's folder");
        assert!(is_refused && !findings.contains("root:"), "{file}: {findings}");
    }
}

#[test]
fn whoever_is_slow_is_let_go() {
    let server = Server::start();
    let more = "Content-Type: application/json\r\nContent-Length: 100\r\n";
    let slow = |sent: String| {
        let mut stream = server.connect();
        let begun = Instant::now();
        thread::spawn(move || {
            stream.write_all(sent.as_bytes()).unwrap();
            (read_answer(&mut stream), begun.elapsed())
        })
    };
    let waiting: [thread::JoinHandle<(Answer, Duration)>; 3] = [
        slow(server.head("POST", "/api/runs", more) + "{"),
        slow(server.head("PUT", "/api/tables/t.csv", "Content-Length: 100\r\n") + "x"),
        slow("GET / HTTP/1.1\r\nHost".to_owned()),
    ];
    let [body, table, head] = waiting.map(|thread| thread.join().unwrap());
    assert_eq!(body.0.status, 408, "{body:?}");
    assert_eq!(table.0.status, 408, "{table:?}");
    // Without a whole head there may be no answer at all.
    assert!([0, 408].contains(&head.0.status), "{head:?}");
    for (answer, length) in [body, table, head] {
        assert!((9.0..20.0).contains(&length.as_secs_f64()), "{answer:?} after {length:?}");
    }
    let left = Vec::from_iter(fs::read_dir(&server.folder).unwrap());
    assert!(left.is_empty(), "nothing unfinished stays: {left:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn streams_that_were_left_are_closed() {
    let server = Server::start();
    // By now it has opened what it needs itself.
    assert_eq!(server.get("/").status, 200);
    thread::sleep(Duration::from_millis(200));
    let before = server.sockets();
    let request = server.head("GET", "/api/events", "");
    for _ in 0..20 {
        let mut streams = Vec::from_iter((0..50).map(|_| server.connect()));
        for stream in &mut streams {
            stream.write_all(request.as_bytes()).unwrap();
            let mut first = [0; 12];
            std::io::Read::read_exact(stream, &mut first).unwrap();
            assert_eq!(&first, b"HTTP/1.1 200");
        }
        assert!(server.sockets() >= before + 50);
    }
    let begun = Instant::now();
    while server.sockets() > before {
        assert!(begun.elapsed() < Duration::from_secs(10), "{} sockets stay", server.sockets());
        thread::sleep(Duration::from_millis(50));
    }
}
