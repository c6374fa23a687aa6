//! `audit.csv`: changes alone tell status and owner, all facts tell the figures; and what else a run
//! says of what happened.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

type CsvRow = BTreeMap<String, String>;

/// A folder of its own, made anew, with a report of the scenario in it.
fn report(name: &str, scenario: &str, more: &[&str]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("audit_{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("day.toml"), scenario).unwrap();
    fs::write(folder.join("visit.csv"), "at\n0s\n").unwrap();
    let arguments = ["run", "day.toml", "--out", "out", "--quiet"];
    shiftstorm(&folder, &[&arguments, more].concat());
    folder
}

fn shiftstorm(folder: &Path, arguments: &[&str]) -> String {
    let command = || Command::new(env!("CARGO_BIN_EXE_shiftstorm"));
    let output = command().current_dir(folder).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn rows(folder: &Path, file: &str) -> Vec<CsvRow> {
    let mut reader = csv::Reader::from_path(folder.join("out").join(file)).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

const DAY: &str = "
run = { until = '2h', replications = 2, end = 'cut' }
unassign.enabled = true
remove_ownership.enabled = true
[agents.ann]
count = 4
logouts = { after = '40m', back_after = '5m' }
interruptions = { every = '30m', for = '3m' }
manual_sla = { share = 0.3, length = '5m' }
breaks = { at = '01:00', for = '10m', spread = '20m' }
[consumers.web]
arrivals = '120/h'
think = '1m'
patience = { first = { exponential = { mean = '3m' } }, later = '5m' }
silent_share = 0.5
";

#[test]
fn e15_changes_alone_tell_status_and_owner_and_all_facts_the_figures() {
    let all = report("all", DAY, &["--audit=all", "--conversations"]);
    let audit = rows(&all, "audit.csv");
    let records = |name: &'static str| audit.iter().filter(move |row| row["record"] == name);
    // What `--audit` alone writes are the changes of the same file.
    let alone = rows(&report("changes", DAY, &["--audit"]), "audit.csv");
    assert!(alone.len() > 500);
    assert!(records("change").eq(alone.iter()));
    // The owner before is the owner after the change before.
    let mut last: BTreeMap<(&str, &str), (&str, &str)> = BTreeMap::new();
    for row in &alone {
        let name = (row["replication"].as_str(), row["conversation"].as_str());
        let after = (row["status"].as_str(), row["to_owner"].as_str());
        let before = last.insert(name, after).map_or("", |(_, owner)| owner);
        assert_eq!(before, row["from_owner"], "{row:?}");
    }
    let open = last.values().filter(|(status, _)| *status != "resolved").count();
    let at_end = rows(&all, "conversations.csv").into_iter();
    assert_eq!(open, at_end.filter(|row| row["ending"] == "at_end").count());
    // Figures: of both replications, and on average.
    let figures = rows(&all, "figures.csv");
    let figure = |name: &str| {
        let row = figures.iter().find(|row| row["figure"] == name).unwrap();
        2.0 * row["estimate"].parse::<f64>().unwrap()
    };
    let count = |name, holds: fn(&&CsvRow) -> bool| records(name).filter(holds).count() as f64;
    assert_eq!(count("opened", |_| true), figure("offered"));
    assert_eq!(count("consumer_message", |_| true), figure("messages"));
    let answered = |row: &&CsvRow| row["wasted"] == "no" && !row["waiting_since"].is_empty();
    assert_eq!(count("answered", answered), figure("answers"));
    assert_eq!(count("answered", |row| row["wasted"] == "yes"), figure("wasted_answers"));
    let lost = |row: &&CsvRow| row["cause"] != "by_close";
    assert_eq!(count("answer_lost", lost), figure("lost_answers"));
    assert_eq!(count("manual_sla", |row| row["on"] == "yes"), figure("manual_slas"));
    assert_eq!(count("deadline_suppressed", |_| true), figure("suppressed_by_manual_sla"));
    // Every fact names whom it is about.
    let of_agent =
        ["agent_state", "busy", "slots_in_use", "unresponsive", "answer_begun", "answered"];
    for name in of_agent {
        assert!(count(name, |_| true) > 0.0, "{name}");
        assert_eq!(count(name, |row| row["agent"].is_empty()), 0.0, "{name}");
    }
    for name in [
        "opened",
        "change",
        "consumer_message",
        "answer_begun",
        "answered",
        "answer_lost",
        "abandoned",
    ] {
        assert_eq!(count(name, |row| row["conversation"].is_empty()), 0.0, "{name}");
    }
}

#[test]
fn an_instant_after_the_end_is_empty_unless_all_work_was_done() {
    let plan = "run = { until = '30m', replications = 2, END }\nmeasure.at = ['10m', '30m', '3h']
        agents.ann = { count = 2, reply_time = '10s' }
        consumers.web = { arrivals = '60/h', messages = 2, think = 'THINK' }\nauto_close = 'off'";
    let open = |end: &str, think: &str| {
        let plan = plan.replace("END", end).replace("THINK", think);
        let folder = report(&format!("instants_{}", think.len() + end.len()), &plan, &[]);
        Vec::from_iter(rows(&folder, "instants.csv").iter().map(|row| row["open"].clone()))
    };
    let cut = open("end = 'cut'", "5m");
    assert!(cut[..2].iter().all(|open| open.parse::<f64>().unwrap() > 0.0), "{cut:?}");
    assert_eq!(cut[2], "");
    assert_eq!(open("end = 'drain'", "5m")[2], "0");
    assert_eq!(open("drain_at_most = '1h'", "9h")[2], "");
}

#[test]
fn e12_the_story_names_a_session_that_timed_out_and_no_rule_that_is_off() {
    let story = |more: &str| {
        let plan = format!(
            "run = {{ until = '30m', replications = 1 }}
            agents.ann = {{ reply_time = '100s', disconnects = {{ at = '00:00:30', for = '10m' }} }}
            consumers.web = {{ arrivals = {{ trace = 'visit.csv' }}, messages = 1 }}\n{more}"
        );
        let folder = report(&format!("story_{}", more.len()), &plan, &[]);
        let text = shiftstorm(&folder, &["explain", "day.toml", "--conversation", "1"]);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let cut_off =
        "00:01:30 ann 1, the owner, was cut off, and the session has timed out (E12): logged out";
    let off = story("");
    assert!(off.contains(&format!("{cut_off}. 00:10:30 ann 1, the owner, is Online.")), "{off}");
    assert!(!off.contains("responds again"), "{off}");
    let removed = story("remove_ownership.enabled = true");
    assert!(removed.contains(&format!("{cut_off} (B1).")), "{removed}");
    let both =
        "remove_ownership.enabled = true\nunassign = { enabled = true, timeout.online = '5m' }";
    let both = story(both);
    assert!(both.contains(&format!("{cut_off} (A5, B1).")), "{both}");
}
