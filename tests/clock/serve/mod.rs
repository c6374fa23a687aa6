//! `shiftstorm serve` over a socket.

mod hostile;
pub(crate) mod server;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use assert_cmd::cargo::CommandCargoExt as _;
use serde_json::{Value, json};

use self::server::Server;

/// Replications that take some seconds, so that a run can be met under way.
const LONG: u32 = 300;

/// A server with the quickstart in its project.
fn with_quickstart() -> Server {
    let server = Server::start();
    server.done("POST", "/api/scenarios", &json!({ "name": "day", "example": "quickstart" }));
    server
}

/// Asks for a run; its id.
fn asked(server: &Server, replications: u32) -> String {
    let body = json!({ "scenario": "day", "replications": replications, "seed": 7 });
    server.done("POST", "/api/runs", &body)["id"].as_str().expect("an id").to_owned()
}

fn is(state: &str) -> impl Fn(&Value) -> bool + '_ {
    move |run| {
        assert_ne!((run["state"].as_str(), state), (Some("failed"), "ended"), "{run:#}");
        run["state"] == state
    }
}

/// Some replications have ended, and not all.
fn is_under_way(run: &Value) -> bool {
    assert_ne!(run["state"], "ended", "too fast to be caught: {run:#}");
    run["figures"]["replications"].as_u64() > Some(1)
}

/// All files of a report by their names; the lock is none of them.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(folder).expect("inside").display().to_string();
            if path.is_dir() {
                open.push(path);
            } else if name != ".shiftstorm.lock" {
                found.insert(name, fs::read(&path).expect("readable"));
            }
        }
    }
    assert!(found.len() > 20, "{:?}", found.keys());
    found
}

/// Makes the same run in a terminal, in a folder with the same scenario.
fn by_hand(server: &Server, run: &Value) -> BTreeMap<String, Vec<u8>> {
    let place = server.folder.with_file_name("by-hand");
    fs::create_dir_all(&place).expect("a place");
    fs::copy(server.folder.join("day.toml"), place.join("day.toml")).expect("a scenario");
    let shown = run["command"].as_str().expect("a command");
    let words = Vec::from_iter(shown.split(' ').filter(|word| *word != "--resume"));
    assert_eq!(words[0], "shiftstorm");
    let mut command = Command::cargo_bin("shiftstorm").expect("it is built");
    let output = command.current_dir(&place).args(&words[1..]).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let id = run["id"].as_str().expect("an id");
    let found = files(&place.join(format!("runs/day/{}/report", &id[id.len() - 4..])));
    fs::remove_dir_all(&place).expect("it is ours");
    found
}

#[test]
fn a_run_has_the_bytes_of_the_command_that_is_shown() {
    let server = with_quickstart();
    let id = asked(&server, 5);
    let run = server.wait(&id, is("ended"));
    assert_eq!(run["command"], "shiftstorm run day.toml -n 5 --seed 7 --out runs/day/0001/report");
    assert!(run["figures"]["headline"].as_str().is_some_and(|it| !it.is_empty()), "{run:#}");
    let report = files(&server.folder.join("runs/day/0001/report"));
    assert_eq!(report, by_hand(&server, &run));
    let page = server.get(&format!("/api/runs/{id}/files/report.html"));
    assert_eq!(page.body.as_bytes(), report["report.html"]);
    let is_apart =
        page.head.contains("sandbox allow-scripts") && !page.head.contains("same-origin;");
    assert!(is_apart, "a report runs apart from our page: {}", page.head);
}

#[test]
fn a_run_that_was_stopped_goes_on_to_the_same_report() {
    let server = with_quickstart();
    let id = asked(&server, LONG);
    server.wait(&id, is_under_way);
    server.done("POST", &format!("/api/runs/{id}/stop"), &json!({}));
    let run = server.wait(&id, is("stopped"));
    assert_eq!(run["can_resume"], true);
    server.done("POST", &format!("/api/runs/{id}/resume"), &json!({}));
    let run = server.wait(&id, is("ended"));
    assert_eq!(files(&server.folder.join("runs/day/0001/report")), by_hand(&server, &run));
    let again = server.send("POST", &format!("/api/runs/{id}/resume"), &json!({}), "");
    assert_eq!(again.status, 409, "{again:?}");
}

#[test]
fn a_server_that_was_killed_leaves_an_interrupted_run_that_goes_on() {
    let server = with_quickstart();
    let id = asked(&server, LONG);
    let waits = asked(&server, 2);
    server.wait(&id, is_under_way);
    let server = server.killed_and_started();
    for id in [&id, &waits] {
        let run = server.run(id);
        assert_eq!((&run["state"], &run["can_resume"]), (&json!("interrupted"), &json!(true)));
    }
    // The run has seen that its server is gone, and puts together what it has.
    for id in [&waits, &id] {
        let path = format!("/api/runs/{id}/resume");
        let begun = Instant::now();
        while server.send("POST", &path, &json!({}), "").status == 409 {
            assert!(begun.elapsed() < Duration::from_secs(60), "it does not end");
            thread::sleep(Duration::from_millis(100));
        }
    }
    let run = server.wait(&id, is("ended"));
    assert_eq!(server.run(&waits)["state"], "ended", "the other went first");
    assert_eq!(files(&server.folder.join("runs/day/0001/report")), by_hand(&server, &run));
}

#[test]
fn one_runs_and_ten_wait() {
    let server = with_quickstart();
    let first = asked(&server, 1_000);
    let waiting = Vec::from_iter((0..10).map(|_| asked(&server, 1_000)));
    let body = json!({ "scenario": "day" });
    let refused = server.send("POST", "/api/runs", &body, "");
    assert_eq!(refused.status, 429, "{refused:?}");
    let runs = server.get("/api/runs").json();
    let states = runs.as_array().expect("runs").iter().map(|run| run["state"].as_str());
    let count = |state| states.clone().filter(|it| *it == Some(state)).count();
    assert_eq!((count("running"), count("waiting")), (1, 10));
    for id in waiting.iter().chain([&first]) {
        let early = server.send("DELETE", &format!("/api/runs/{id}"), &json!({}), "");
        assert_eq!(early.status, 409, "{early:?}");
        server.done("POST", &format!("/api/runs/{id}/stop"), &json!({}));
        server.wait(id, is("stopped"));
    }
}

#[test]
fn a_run_comes_back_from_the_bin_and_its_number_is_not_given_again() {
    let server = with_quickstart();
    let id = asked(&server, 2);
    server.wait(&id, is("ended"));
    let path = format!("/api/runs/{id}");
    server.done("PATCH", &path, &json!({ "note": "the first" }));
    server.done("DELETE", &path, &json!({}));
    assert_eq!(server.get(&path).status, 404);
    assert!(server.folder.join("runs/.bin/day-0001/report/report.html").is_file());
    assert_eq!(asked(&server, 2), "day-0002");
    server.done("POST", &format!("{path}/take-back"), &json!({}));
    assert_eq!(server.run(&id)["note"], "the first");
    let again = server.send("POST", &format!("{path}/take-back"), &json!({}), "");
    assert_eq!(again.status, 404);
}

#[test]
fn a_text_that_was_changed_meanwhile_is_not_overwritten() {
    let server = with_quickstart();
    let path = "/api/scenarios/day";
    let read = server.get(path).json();
    let (text, mark) = (read["text"].as_str().unwrap(), read["mark"].as_str().unwrap());
    let match_mark = format!("If-Match: {mark}\r\n");
    let mine = json!({ "text": format!("{text}# mine\n") });
    fs::write(server.folder.join("day.toml"), "# theirs\n").unwrap();
    let refused = server.send("PUT", path, &mine, &match_mark);
    assert_eq!(refused.status, 412, "{refused:?}");
    let both = refused.json();
    assert_eq!((&both["there"], &both["yours"]), (&json!("# theirs\n"), &mine["text"]));
    let there = format!("If-Match: {}\r\n", both["mark"].as_str().unwrap());
    let saved = server.send("PUT", path, &mine, &there);
    assert_eq!(saved.status, 200, "{saved:?}");
    let on_disk = fs::read_to_string(server.folder.join("day.toml")).unwrap();
    assert_eq!(json!(on_disk), mine["text"]);
}

#[test]
fn what_is_tried_changes_the_scenario_only_when_it_is_kept() {
    let server = with_quickstart();
    let before = fs::read_to_string(server.folder.join("day.toml")).unwrap();
    let sliders = json!({ "agents": 150, "timeout_online": 90, "name": "half as many more" });
    let run = server.done("POST", "/api/scenarios/day/what-if", &sliders);
    let run = server.wait(run["id"].as_str().unwrap(), is("ended"));
    assert_eq!(run["figures"]["variants"], json!(["unassign off", "half as many more"]));
    assert_eq!(fs::read_to_string(server.folder.join("day.toml")).unwrap(), before);
    let kept = json!({ "variant": "half as many more" });
    server.done("POST", "/api/scenarios/day/keep", &kept);
    let after = fs::read_to_string(server.folder.join("day.toml")).unwrap();
    let variant = "\n[[variant]]\nname = \"half as many more\"\nagents.chat.count = 12\n\
                   unassign.enabled = true\nunassign.timeout.online = \"1m30s\"\n";
    assert_eq!(after, before + variant);
}

#[test]
fn a_folder_that_is_gone_is_told() {
    let server = with_quickstart();
    let id = asked(&server, 1_000);
    server.wait(&id, is_under_way);
    let away = server.folder.with_file_name("away");
    fs::rename(&server.folder, &away).unwrap();
    server.done("POST", &format!("/api/runs/{id}/stop"), &json!({}));
    let run =
        server.wait(&id, |run| !["running", "waiting"].contains(&run["state"].as_str().unwrap()));
    let message = run["message"].as_str().unwrap();
    assert!(message.contains("cannot") && message.contains("No such file"), "{run:#}");
    let refused = server.send("POST", "/api/runs", &json!({ "scenario": "day" }), "");
    assert_eq!(refused.status, 404, "{refused:?}");
    // Nothing is lost when the folder is there again.
    fs::rename(&away, &server.folder).unwrap();
    assert_eq!(server.run(&id)["can_resume"], true);
}

#[test]
fn answers_are_as_they_are_described() {
    let server = with_quickstart();
    let described = server.get("/api/openapi.json").json();
    let is_valid = |method: &str, path: &str, status: &str, answer: &Value| {
        let schema = &described["paths"][path][method]["responses"][status]["content"]["application/json"]
            ["schema"];
        assert!(schema.is_object() || schema.is_boolean(), "{method} {path} {status}");
        let whole = json!({ "allOf": [schema], "components": described["components"] });
        let validator = jsonschema::validator_for(&whole).expect("a schema");
        let errors = validator.iter_errors(answer).map(|error| error.to_string());
        let errors = Vec::from_iter(errors);
        assert!(errors.is_empty(), "{method} {path}: {errors:?}");
    };
    let id = asked(&server, 2);
    server.wait(&id, is("ended"));
    let text = server.get("/api/scenarios/day").json()["text"].clone();
    let (text_body, one) = (json!({ "text": text }), format!("/api/runs/{id}"));
    let edits = json!([{ "path": ["agents", "chat", "count"], "value": "9" }]);
    let edit_body = json!({ "text": text, "edits": edits });
    let (name, run) = ("/api/scenarios/{name}", "/api/runs/{id}");
    let note = json!({ "note": "n" });
    let asked = [
        ("get", "/api/scenarios", "/api/scenarios", "200", &Value::Null),
        ("get", name, "/api/scenarios/day", "200", &Value::Null),
        ("post", "/api/scenarios/{name}/check", "/api/scenarios/day/check", "200", &text_body),
        ("post", "/api/scenarios/{name}/edit", "/api/scenarios/day/edit", "200", &edit_body),
        ("put", name, "/api/scenarios/day", "4XX", &text_body),
        ("get", "/api/runs", "/api/runs", "200", &Value::Null),
        ("get", run, &one, "200", &Value::Null),
        ("patch", run, &one, "200", &note),
        ("get", run, "/api/runs/none-0001", "4XX", &Value::Null),
    ];
    for (method, path, address, status, body) in asked {
        let answer = match method {
            "get" => server.get(address),
            _ => server.send(&method.to_uppercase(), address, body, ""),
        };
        let found = answer.status.to_string();
        assert!(found == status || status == "4XX" && found.starts_with('4'), "{answer:?}");
        is_valid(method, path, status, &answer.json());
    }
    // Each operation is there: another method or a missing thing is told from a missing route.
    for (path, operations) in described["paths"].as_object().expect("paths") {
        let address = path.replace("{name}", "x").replace("{id}", "x-0001").replace("{file}", "y");
        for method in operations.as_object().expect("operations").keys() {
            let answer = match method.as_str() {
                "get" if path == "/api/events" => continue,
                "get" => server.get(&address),
                method => server.send(&method.to_uppercase(), &address, &json!({}), ""),
            };
            let is_missing = answer.body.contains("page of this address") || answer.status == 405;
            assert!(!is_missing, "{method} {path}: {answer:?}");
        }
    }
}

#[test]
fn pages_are_there_and_escape_what_they_show() {
    let server = with_quickstart();
    let id = asked(&server, 2);
    server.wait(&id, is("ended"));
    let note = "<script>alert(1)</script>";
    server.done("PATCH", &format!("/api/runs/{id}"), &json!({ "note": note }));
    let run = format!("/r/{id}");
    for path in
        ["/", "/s/day", "/s/day/what-if", &run, "/history", "/compare", "/page.css", "/page.js"]
    {
        let answer = server.get(path);
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        assert!(!answer.body.contains(note), "{path}");
    }
    for path in ["/s/none", "/s/none/what-if", "/r/none-0001", "/nothing"] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
}
