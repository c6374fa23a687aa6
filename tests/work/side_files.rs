//! The files that a scenario names: which are read, and what they cost.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use shiftstorm::base::time::{Span, Time};
use shiftstorm::scenario::{Source, parse};

use crate::cli::{Place, code, error_of};

/// A day whose arrivals stand in a file.
fn day(file: &str) -> String {
    format!("run.until = '1h'\nagents.chat = {{}}\nconsumers.web.arrivals.trace = '{file}'\n")
}

#[test]
fn nothing_outside_of_the_scenarios_folder_is_read_unless_allowed() {
    let place = Place::with(&day("../secret.csv"));
    fs::create_dir(place.0.join("sub")).unwrap();
    fs::rename(place.0.join("day.toml"), place.0.join("sub/day.toml")).unwrap();
    fs::write(place.0.join("secret.csv"), "after\nsecret-42\n").unwrap();
    for command in [
        &["check", "sub/day.toml"][..],
        &["run", "sub/day.toml", "--vary", "agents.chat.count=1,2"],
        &["explain", "sub/day.toml"],
        &["optimize", "sub/day.toml"],
        &["sensitivity", "sub/day.toml"],
        &["stress", "sub/day.toml"],
    ] {
        let output = place.run(command);
        let error = error_of(&output);
        assert_eq!(code(&output), 3, "{error}");
        assert!(!error.contains("secret-42"), "{error}");
        let said = "cannot read `../secret.csv`: it lies outside of the scenario's folder";
        assert!(error.contains(said) && error.contains("--allow-outside"), "{error}");
        let output = place.run(&[command, &["--allow-outside"]].concat());
        assert_eq!(code(&output), 3);
        assert!(error_of(&output).contains("found secret-42"), "{}", error_of(&output));
    }
    fs::write(place.0.join("secret.csv"), "after\n10m\n").unwrap();
    let vary = ["run", "sub/day.toml", "-n", "2", "--vary", "agents.chat.count=1,2"];
    place.says(&[&vary[..], &["--allow-outside"]].concat());
}

#[cfg(unix)]
#[test]
fn a_scenario_is_a_file_and_nothing_else() {
    let place = Place::with(&day("one.csv"));
    let pipe = place.0.join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for path in ["/dev/zero", "/dev/stdin", "pipe", "."] {
        let output = place.run(&["check", path]);
        let error = error_of(&output);
        assert_eq!(code(&output), 3, "{path}: {error}");
        assert!(error.contains("cannot read the scenario: it is not a file"), "{path}: {error}");
    }
    let piped = place.run(&["check", "day.toml", "--set", "consumers.web.arrivals.trace=pipe"]);
    assert!(error_of(&piped).contains("cannot read `pipe`: it is not a file"));
}

#[test]
fn side_files_may_be_in_memory() {
    let source = |file: &str| Source { name: "day.toml".to_owned(), text: day(file) };
    let files = BTreeMap::from([("one.csv".to_owned(), b"after\n10m\n20m\n".to_vec())]);
    assert!(parse(source("one.csv"), files.clone()).is_ok());
    let Err(findings) = parse(source("two.csv"), files) else { panic!("there is no such file") };
    assert!(findings.to_string().contains("cannot read `two.csv`: there is no such file"));
}

#[cfg(target_os = "linux")]
#[test]
fn samples_take_little_more_memory_than_their_text_and_tables_have_a_limit() {
    let place = Place::with(&day("one.csv").replace(
        "agents.chat = {}",
        "agents.chat.reply_time = { empirical = { csv = 'long.csv' } }",
    ));
    let mut text = String::from("seconds\n");
    for number in 0..1_000_000 {
        let _ = writeln!(text, "{}.{:03}", number / 1000, number % 1000);
    }
    fs::write(place.0.join("long.csv"), &text).unwrap();
    let program = place.command(&[]).get_program().to_owned();
    let mut command = std::process::Command::new("sh");
    // Before a list is read, the program has some 200 MB of addresses.
    command.current_dir(&place.0).args(["-c", "ulimit -v 300000; exec \"$0\" check day.toml"]);
    let output = command.arg(program).output().unwrap();
    assert_eq!(code(&output), 0, "{}", error_of(&output));
    fs::write(place.0.join("one.csv"), "600\n".repeat(9 << 20)).unwrap();
    let output = place.run(&["check", "day.toml"]);
    let said = "it is larger than 32 MiB, which is as much as a file like this may have";
    assert!(error_of(&output).contains(said), "{}", error_of(&output));
}

/// Twelve weeks of two skills, of which the run is one: 77 days too many have one cause.
#[test]
fn days_of_a_table_beside_those_of_the_run_are_one_finding_for_all_who_read_it() {
    let mut table = String::from("date,time,end,skill,volume\n");
    let first = jiff::civil::date(2026, 1, 5);
    for day in first.series(jiff::ToSpan::day(1)).take(84) {
        let _ = writeln!(table, "{day},08:00,09:00,Billing,12\n{day},08:00,09:00,Orders,6");
    }
    let text = "run = { from = '2026-01-12', days = 7 }
        agents.ann.skills = ['Billing', 'Orders']
        consumers.b = { skill = 'Billing', arrivals.table = 'volumes.csv' }
        consumers.o = { skill = 'Orders', arrivals.table = 'volumes.csv' }";
    let source = Source { name: "week.toml".to_owned(), text: text.to_owned() };
    let scenario = parse(source, BTreeMap::from([("volumes.csv".to_owned(), table.into_bytes())]));
    let scenario = scenario.unwrap_or_else(|findings| panic!("{findings}"));
    let said = Vec::from_iter(scenario.warnings.iter().map(|finding| finding.message.as_str()));
    assert_eq!(
        said[..1],
        ["`volumes.csv`: 77 of its 84 days are no days of the run, the first is 2026-01-05"]
    );
    assert!(!said[1..].iter().any(|message| message.contains("no day")), "{said:?}");
    let [billing, orders] = [0, 1].map(|kind| {
        let arrivals = &scenario.variants[0].plan.centre.kinds[kind].arrivals;
        arrivals.expected(Time::ZERO, Time::ZERO + Span::from_hours(7 * 24))
    });
    assert_eq!((billing, orders), (7.0 * 12.0, 7.0 * 6.0));
    let days = scenario.tables.iter().flat_map(|echo| &echo.totals).count();
    assert_eq!(days, 2 * 7, "only the days of the run are listed");
}
