//! A run that another program starts and watches: `run --with-stdin --progress json`.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use assert_cmd::cargo::CommandCargoExt as _;
use shiftstorm::report::LiveFigures;

fn command(replications: &str, name: &str) -> Command {
    let out = std::env::temp_dir().join(format!("shiftstorm-{name}-{}", std::process::id()));
    let mut command = Command::cargo_bin("shiftstorm").expect("it is built");
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/quickstart.toml");
    command.arg("run").arg(scenario).args(["-n", replications, "--progress", "json", "--out"]);
    command.arg(out);
    command
}

/// Removes the report.
fn clear(name: &str) {
    let out = std::env::temp_dir().join(format!("shiftstorm-{name}-{}", std::process::id()));
    std::fs::remove_dir_all(out).expect("there is a report");
}

#[test]
fn progress_is_told_in_lines_and_the_last_has_the_verdict() {
    let output = command("4", "told").output().expect("it runs");
    clear("told");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("text");
    let told = text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON"));
    let told: Vec<LiveFigures> = told.collect();
    assert!(told.is_sorted_by(|one, next| one.done <= next.done), "{told:?}");
    let last = told.last().expect("a line");
    assert_eq!((last.replications, last.done), (4, 1.0));
    assert!(last.headline.as_ref().is_some_and(|headline| headline.contains("goal")), "{last:?}");
}

#[test]
fn a_run_ends_with_its_standard_input() {
    let mut command = command("100000", "stdin");
    command.arg("--with-stdin").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().expect("it starts");
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let is_under_way = |line: &String| {
        let told: LiveFigures = serde_json::from_str(line).expect("a line of JSON");
        told.replications > 0
    };
    assert!(lines.by_ref().map_while(Result::ok).any(|line| is_under_way(&line)));
    drop(child.stdin.take());
    let last = lines.map_while(Result::ok).last().expect("what it came to");
    let output = child.wait_with_output().expect("it ends");
    clear("stdin");
    assert_eq!(output.status.code(), Some(130));
    assert!(last.contains("\"headline\":\""), "{last}");
}
