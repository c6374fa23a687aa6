//! `check` as planners, editors and build servers meet it.

use std::fs;

use serde_json::{Value as Json, json};
use unicode_width::UnicodeWidthStr as _;

use super::cli::{Place, code, error_of};

/// Two agents of 09:00 to 17:00, six conversations an hour of two answers of a minute.
const SOUND: &str = "
run = { starts_at = '09:00', until = '8h' }
agents.chat = { count = 2, reply_time = '1m' }
consumers.web = { arrivals = '6/h', messages = 2 }
";

/// The exit code and what `--json` prints, which is all that is printed.
fn checked(scenario: &str, more: &[&str]) -> (i32, Json) {
    let place = Place::with(scenario);
    let output = place.run(&[&["check", "day.toml", "--json"], more].concat());
    assert_eq!(error_of(&output), "");
    (code(&output), serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn findings_are_json_for_editors_and_build_servers() {
    let (code, sound) = checked(SOUND, &[]);
    let version = env!("CARGO_PKG_VERSION");
    let expected = json!({
        "schema": "shiftstorm/check/1", "shiftstorm": version,
        "file": "day.toml", "valid": true, "findings": [],
    });
    assert_eq!((code, sound), (0, expected));

    let (code, doubtful) =
        checked(&format!("{SOUND}unassign = {{ enabled = false, timeout.away = '5m' }}"), &[]);
    let finding = &doubtful["findings"][0];
    assert_eq!(
        (code, &doubtful["valid"], &finding["severity"]),
        (0, &json!(true), &json!("warning"))
    );
    assert_eq!((&finding["line"], &finding["column"]), (&json!(5), &json!(31)));
    assert_eq!(
        (&finding["key"], &finding["value"]),
        (&json!("unassign.timeout"), &json!("timeout"))
    );

    let late = "unassign = { enabled = true, timeout = { online = '5m', away = 'off' } }";
    let away =
        SOUND.replace("count = 2", "count = 2, away.episodes = [{ every = '1h', for = '9m' }]");
    let (_, ruled) = checked(&(away + late), &[]);
    assert_eq!(ruled["findings"][0]["rule"], "D23", "{ruled}");

    let (code, broken) =
        checked(&SOUND.replace("count = 2", "cuont = 2"), &["--set", "goals.abandonment=5"]);
    let expected = json!([
        {
            "severity": "error", "message": "`goals.abandonment` cannot be 5",
            "file": "--set", "line": 1, "column": 19, "end_line": 1, "end_column": 20,
            "key": "goals.abandonment", "value": "5",
            "allowed": "a number from 0 to 1, or a percentage such as \"5%\"",
            "help": null, "rule": null,
        },
        {
            "severity": "error", "message": "unknown key `cuont` in `agents.chat`",
            "file": "day.toml", "line": 3, "column": 17, "end_line": 3, "end_column": 22,
            "key": "agents.chat.cuont", "value": "cuont", "allowed": broken["findings"][1]["allowed"],
            "help": "did you mean `count`?", "rule": null,
        },
    ]);
    assert_eq!((code, &broken["valid"], &broken["findings"]), (3, &json!(false), &expected));
    assert!(broken["findings"][1]["allowed"].as_str().unwrap().contains("`count`"));
}

#[test]
fn what_is_wrong_with_the_command_is_json_too() {
    let cases = [
        (&["--set", "goals"][..], 2, "`--set goals` is not of the form KEY=VALUE"),
        (&["--variant", "of"], 2, "there is no variant `of`; there are `base`"),
    ];
    for (more, expected, message) in cases {
        let (code, told) = checked(SOUND, more);
        assert_eq!((code, &told["findings"][0]["message"]), (expected, &json!(message)));
        assert_eq!((&told["valid"], &told["findings"][0]["file"]), (&json!(false), &Json::Null));
    }
    let place = Place::new();
    let output = place.run(&["check", "none.toml", "--json"]);
    let told: Json = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((code(&output), &told["findings"][0]["file"]), (3, &json!("none.toml")));
}

#[test]
fn what_is_printed_is_what_its_schema_says() {
    let place = Place::with("agents.chat.cuont = 3");
    let schema: Json = serde_json::from_str(&place.says(&["schema", "check"])).unwrap();
    let printed = place.run(&["check", "day.toml", "--json"]).stdout;
    let printed: Json = serde_json::from_slice(&printed).unwrap();
    let keys = |of: &Json| Vec::from_iter(of.as_object().unwrap().keys().cloned());
    assert_eq!(keys(&printed), keys(&schema["properties"]));
    assert_eq!(keys(&printed["findings"][0]), keys(&schema["$defs"]["Finding"]["properties"]));
}

#[test]
fn a_setting_is_checked_and_changes_the_load() {
    let place = Place::with(SOUND);
    let total = |more: &[&str]| {
        let text = place.says(&[&["check", "day.toml"], more].concat());
        text.lines().find(|line| line.contains("conversations, ")).unwrap().to_owned()
    };
    // 48 conversations of two minutes are 96 of the 960 minutes of two agents.
    assert_eq!(total(&[]), "48 conversations, 96 replies; work / staff 10.0 %");
    let set = ["--set", "agents.chat.count=1", "--set", "consumers.web.arrivals=12/h"];
    assert_eq!(total(&set), "96 conversations, 192 replies; work / staff 40.0 %");
}

#[test]
fn a_share_may_be_a_percentage_wherever_one_stands() {
    let place = Place::with(SOUND);
    let shares = [
        "goals.service_level=80%",
        "goals.lost_work_share=0.5 %",
        "precision.within.abandonment=5%",
        "optimize.confidence=90%",
        "consumers.web.silent_share='12.5%'",
        "consumers.web.messages.geometric=25%",
    ];
    for share in shares {
        place.says(&["check", "day.toml", "--set", share]);
    }
    for share in
        ["goals.service_level=180%", "goals.service_level=80 per cent", "goals.abandonment=-5%"]
    {
        let output = place.run(&["check", "day.toml", "--set", share]);
        let allowed = "allowed: a number from 0 to 1, or a percentage such as \"5%\"";
        assert!(code(&output) == 3 && error_of(&output).contains(allowed), "{}", error_of(&output));
    }
    // It is the very number.
    let run = |name: &str, goal: &str| {
        place.says(&["run", "day.toml", "-n", "2", "--quiet", "--out", name, "--set", goal]);
        let figures: Json =
            serde_json::from_str(&place.read(&format!("{name}/summary.json"))).unwrap();
        figures["variants"][0].clone()
    };
    assert_eq!(run("one", "goals.abandonment=0.3%"), run("other", "goals.abandonment=0.003"));
}

#[test]
fn a_week_is_shown_whole_and_what_is_rare_is_not_nothing() {
    let mut rates = vec![4; 168];
    rates[4 * 24 + 18] = 40;
    let week = format!(
        "run = {{ starts_at = '00:00', until = '168h' }}\nmeasure.interval = '15m'\n\
         agents.chat = {{ count = 2, reply_time = '1m', shifts = ['08:00-20:00'] }}\n\
         consumers.rare = {{ arrivals = '0.01/h', messages = 1 }}\n\
         consumers.web.arrivals = {{ rates = {rates:?}, every = '1h' }}\n\
         consumers.web.messages = 1\n"
    );
    let place = Place::with(&week);
    let text = place.says(&["check", "day.toml"]);
    assert!(text.lines().all(|line| line.width() <= 80), "{text}");
    let row = |name: &str| {
        let row = text.lines().find(|line| line.starts_with(name));
        let row = row.unwrap_or_else(|| panic!("no {name}:\n{text}"));
        Vec::from_iter(row[name.len()..].split_whitespace().map(str::to_owned)).join(" ")
    };
    // Friday has 23 × 4 + 40 conversations and 0.24 rare ones, a minute each; 24 staffed hours.
    assert_eq!(row("day 1 to day 4 "), "96.2 1.6 24 6.7 % 3.3 % 08:00");
    assert_eq!(row("day 5 "), "132 2.2 24 9.2 % 33.3 % 18:00");
    assert_eq!(row("day 6 to day 7 "), "96.2 1.6 24 6.7 % 3.3 % 08:00");
    assert_eq!(row("18:00"), "3.3 % 33.3 % 3.3 %");
    assert_eq!(row("22:00"), "no staff no staff no staff");
    let rare = week.replace("4, ", "0, ").replace("4]", "0]");
    fs::write(place.0.join("rare.toml"), rare).unwrap();
    let text = place.says(&["check", "rare.toml"]);
    let first = text.lines().find(|line| line.starts_with("day 1 to day 4")).unwrap();
    let cells = Vec::from_iter(first[14..].split("  ").map(str::trim).filter(|it| !it.is_empty()));
    assert_eq!(cells, ["0.2", "< 0.1", "24", "< 0.1 %", "< 0.1 %", "08:00"]);
    // More days that differ than fit beside each other are shown whole too, in longer rows.
    let rates = Vec::from_iter((0..20 * 24).map(|hour| hour / 24 + 1));
    let long = format!(
        "run.until = '480h'\nagents.chat.count = 2\n\
         consumers.web.arrivals = {{ rates = {rates:?}, every = '1h' }}"
    );
    fs::write(place.0.join("long.toml"), long).unwrap();
    let text = place.says(&["check", "long.toml"]);
    assert!(text.contains("Each row is 6h:") && text.lines().count() < 100, "{text}");
    let last = text.lines().find(|line| line.starts_with("day 20 18:00 ")).unwrap();
    assert!(last[14..].trim().starts_with("120 "), "{text}");
}

#[test]
fn warnings_are_errors_if_strict() {
    let place = Place::with(
        "run = { from = '2026-03-02', days = 1, end = 'cut' }\nagents.team = {}\n\
         consumers.web = { arrivals = { csv = 'table.csv' } }",
    );
    fs::write(place.0.join("table.csv"), "time,volume\n08:00,1\n08:30,-\n").unwrap();
    assert_eq!(place.run(&["check", "day.toml"]).status.code(), Some(0));
    let output = place.run(&["check", "day.toml", "--strict"]);
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("taken as none") && said.contains("day.toml: 1 warning"), "{said}");
    assert_eq!(place.run(&["check", "day.toml", "--strict", "--json"]).status.code(), Some(3));
}
