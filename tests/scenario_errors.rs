//! What is said about broken scenario files: each with its message, line and column.

use std::path::Path;

use shiftstorm::scenario::{self, Diagnostics, Scenario, Source};

fn parse(text: &str) -> Result<Scenario, Diagnostics> {
    let source = Source { name: "day.toml".to_owned(), text: text.to_owned() };
    scenario::parse(source, Path::new("tests/scenario_errors"))
}

/// `line:column message` of every finding.
fn findings(text: &str) -> Vec<String> {
    let findings = match parse(text) {
        Ok(scenario) => scenario.warnings,
        Err(findings) => findings,
    };
    let place = |finding: &scenario::Diagnostic| {
        let (line, column) = finding.line_column().unwrap_or_default();
        format!("{line}:{column} {}", finding.message)
    };
    findings.iter().map(place).collect()
}

const SOUND: &str = "agents.chat = {}\nconsumers.web.arrivals = '60/h'\n";

#[test]
fn the_shortest_scenario_is_sound() {
    assert_eq!(findings(SOUND), [""; 0]);
}

#[test]
fn all_errors_of_a_file_are_reported_at_once() {
    let text = r#"nam = "day"
[run]
until = "5d"
replications = -3
seed = nan
[unassign]
enabeld = true
timeout.online = "0.5s"
clock = "lastmessage"
[agents.chat]
count = 4000000
shifts = ["08:00-12:00", "11:00-13:00"]
[consumers.web]
arrivals = 120
[[variant]]
name = "a"
unassing.enabled = true
agents.caht.count = 3
[[variant]]
name = "a"
unassign.enabled = 1
"#;
    let expected = [
        "1:1 unknown key `nam` in a scenario",
        "3:9 `run.until` cannot be \"5d\"",
        "4:16 `run.replications` cannot be -3",
        "5:8 `run.seed` cannot be nan",
        "7:1 unknown key `enabeld` in `unassign`",
        "8:18 `unassign.timeout.online` cannot be \"0.5s\"",
        "9:9 `unassign.clock` cannot be \"lastmessage\"",
        "11:9 `agents.chat.count` cannot be 4000000",
        "12:10 contradictory shifts: 08:00-12:00 and 11:00-13:00 overlap",
        "14:12 `consumers.web.arrivals` cannot be 120",
        "17:1 unknown key `unassing` in a scenario",
        "18:8 the base has no `agents.caht`",
        "20:8 there are two variants called `a`",
        "21:20 `unassign.enabled` cannot be 1",
    ];
    assert_eq!(findings(text), expected);
}
