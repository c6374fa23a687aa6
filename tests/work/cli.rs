//! The command as people and scripts meet it: exit codes, streams, files.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use assert_cmd::cargo::CommandCargoExt as _;
use shiftstorm::report::Summary;
use unicode_width::UnicodeWidthStr as _;

/// A folder of its own for a test, gone at its end.
pub(crate) struct Place(pub(crate) PathBuf);

impl Place {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("shiftstorm-cli-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn with(scenario: &str) -> Self {
        let place = Self::new();
        fs::write(place.0.join("day.toml"), scenario).unwrap();
        fs::write(place.0.join("one.csv"), "after\n10m\n").unwrap();
        place
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::cargo_bin("shiftstorm").unwrap();
        command.current_dir(&self.0).args(arguments).env("NO_COLOR", "1");
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).stdin(Stdio::null()).output().unwrap()
    }

    /// Standard output of a command that does what it should.
    pub(crate) fn says(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(code(&output), 0, "{}", error_of(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.join(path)).unwrap()
    }

    /// The rows of a table.
    pub(crate) fn csv(&self, path: &str) -> Vec<BTreeMap<String, String>> {
        let mut rows = csv::Reader::from_path(self.0.join(path)).unwrap();
        rows.deserialize().map(|row| row.unwrap()).collect()
    }

    /// What a folder holds, but for what is hidden.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.0.join(folder)).unwrap();
        let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
        let mut names = Vec::from_iter(entries.map(|e| name(e).into_string().unwrap()));
        names.retain(|name| !name.starts_with('.'));
        names.sort();
        names
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

pub(crate) fn text_of(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn error_of(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Every file of a folder with its bytes, but for what is hidden.
pub(crate) fn bytes_of(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        match entry.path().is_dir() {
            _ if name.starts_with('.') => {}
            true => files.extend(
                bytes_of(&entry.path())
                    .into_iter()
                    .map(|(of, bytes)| (format!("{name}/{of}"), bytes)),
            ),
            false => files.push((name, fs::read(entry.path()).unwrap())),
        }
    }
    files.sort();
    files
}

/// A short busy evening with everything in it.
pub(crate) const EVENING: &str = r#"
name = "Evening"
question = "What happens when people leave?"
base = "off"
[run]
seed = 7
starts_at = "19:00"
until = "20:00"
replications = 6
[goals]
service_level = 0.8
abandonment = 0.05
[agents.day]
count = 3
shifts = ["12:00-19:40"]
[agents.night]
count = 3
interruptions = { every = "10m", for = "3m" }
[consumers.web]
arrivals = "60/h"
messages = 3
think = { exponential = { mean = "60s" } }
patience = { exponential = { mean = "4m" } }
[[variant]]
name = "both on"
unassign.enabled = true
remove_ownership.enabled = true
[[variant]]
name = "unassign on, with a name that is long"
unassign.enabled = true
[[variant]]
name = "one more agent"
agents.night.count = 4
"#;

/// One agent, one consumer at a known minute, and an agent who stops responding.
const STORY: &str = r#"
[run]
starts_at = "09:00"
until = "1h"
end = "cut"
replications = 1
[unassign]
enabled = true
[agents.chat]
count = 2
reply_time = "20s"
interruptions = { at = "09:05", for = "10m", share = 1 }
[consumers.web]
arrivals = { trace = "one.csv" }
"#;

#[test]
fn each_ending_has_its_exit_code() {
    let place = Place::with(EVENING);
    fs::write(place.0.join("broken.toml"), "[run]\nreplication = 3\n").unwrap();
    fs::write(place.0.join("file"), "in the way").unwrap();
    let cases: [(&[&str], i32, &str); 10] = [
        (&["run", "day.toml", "-n", "1", "--quiet"], 0, ""),
        (&["--help"], 0, ""),
        (&["run"], 2, "<FILE>"),
        (&["run", "day.toml", "--replications", "0"], 2, "0 is not in 1..=1000000"),
        (&["run", "day.toml", "--variant", "of"], 2, "there are `off`, `both on`"),
        (&["explain", "day.toml", "--conversation", "x"], 2, "does not name a conversation"),
        (&["run", "broken.toml"], 3, "unknown key `replication` in `run`"),
        (&["run", "missing.toml"], 3, "cannot read the scenario"),
        (&["explain", "day.toml", "--conversation", "999999"], 3, "there is no conversation"),
        (&["run", "day.toml", "-n", "1", "--out", "file/out"], 6, "cannot write to `file/out`"),
    ];
    for (arguments, expected, message) in cases {
        let output = place.run(arguments);
        assert_eq!(code(&output), expected, "{arguments:?}: {}", error_of(&output));
        assert!(error_of(&output).contains(message), "{arguments:?}: {}", error_of(&output));
        assert!(expected == 0 || output.stdout.is_empty(), "{arguments:?}");
    }
}

/// Whoever reads a log finds every failure by the same word, whatever failed.
#[test]
fn every_error_begins_with_the_word() {
    let place = Place::with(EVENING);
    fs::write(place.0.join("file"), "in the way").unwrap();
    let goal = "goals.abandonment=0.0001";
    let cases: [(&[&str], i32); 13] = [
        (&["run"], 2),
        (&["run", "day.toml", "--threads", "0"], 2),
        (&["run", "day.toml", "--variant", "of"], 2),
        (&["run", "day.toml", "--set", "x"], 2),
        (&["check", "day.toml", "--set", "x"], 2),
        (&["check", "missing.toml"], 3),
        (&["compare", "here", "there"], 3),
        (&["report", "here"], 3),
        (&["explain", "--rules", "A66"], 2),
        (&["explain", "day.toml", "--conversation", "999999"], 3),
        (&["run", "day.toml", "-n", "1", "--out", "file/out"], 6),
        (&["sensitivity", "day.toml", "--input", "x"], 2),
        (&["run", "day.toml", "--quiet", "--set", goal, "--fail-on-missed-goals"], 4),
    ];
    for (arguments, expected) in cases {
        let output = place.run(arguments);
        assert_eq!(code(&output), expected, "{arguments:?}: {}", error_of(&output));
        assert!(error_of(&output).starts_with("error: "), "{arguments:?}: {}", error_of(&output));
    }
    // Each variant that misses a goal is an error of its own.
    let missed = error_of(&place.run(cases[12].0));
    assert!(missed.lines().count() > 3, "{missed}");
    assert!(missed.lines().all(|line| line.starts_with("error: ")), "{missed}");
}

#[test]
fn the_summary_fits_into_80_columns_with_the_base_first_and_the_verdict_on_top() {
    let place = Place::with(EVENING);
    let text = place.says(&["run", "day.toml"]);
    for line in text.lines() {
        assert!(line.width() <= 80, "{} columns: {line}", line.width());
    }
    let lines = Vec::from_iter(text.lines());
    let heads = Vec::from_iter(lines.iter().filter(|line| line.contains(" off ")));
    assert_eq!(heads.len(), 2, "four variants make two blocks, the base in both:\n{text}");
    let verdict = lines.iter().position(|line| line.starts_with("answered within 1m")).unwrap();
    let offered = lines.iter().position(|line| line.starts_with("offered")).unwrap();
    assert!(verdict < offered);
    assert!(lines[verdict].matches(" ± ").count() == 3, "{}", lines[verdict]);
    assert!(lines[verdict + 1].starts_with("  goal: at least 80.0 %"), "{text}");
    assert!(lines[verdict + 1].contains("met") || lines[verdict + 1].contains("missed"));
    assert!(text.contains("Report: out/day"), "{text}");
    assert!(!text.contains("boomerangs"), "what is zero for all is left out");
}

#[test]
fn figures_by_client_are_shown_where_somebody_comes_again() {
    let again = "run.until = '4h'\nagents.ann.reply_time = '1m'\n\
                 consumers.web = { arrivals = '9/h', AGAIN messages = 1 }\n";
    let summary = |again_or_not: &str| {
        let place = Place::with(&again.replace("AGAIN", again_or_not));
        place.says(&["run", "day.toml", "-n", "3"])
    };
    let (once, twice) = (summary(""), summary("recontacts = { share = 0.5, after = '5m' },"));
    for row in ["\nclients answered ", "\ncontacts a client "] {
        assert!(!once.contains(row), "as many as conversations:\n{once}");
        assert!(twice.contains(row), "{twice}");
    }
}

#[test]
fn the_same_bytes_come_from_any_number_of_threads() {
    let place = Place::with(EVENING);
    let mut reports = Vec::new();
    for threads in ["1", "2", "8"] {
        let arguments = ["run", "day.toml", "--out", threads, "--threads", threads];
        let mut arguments = arguments.to_vec();
        arguments.extend(["--conversations", "--audit", "--quiet"]);
        place.says(&arguments);
        reports.push(bytes_of(&place.0.join(threads)));
    }
    let names = reports[0].iter().map(|(name, _)| name.as_str());
    let (charts, names): (Vec<_>, Vec<_>) = names.partition(|name| name.starts_with("charts/"));
    for pair in charts.chunks(2) {
        let [png, svg] = pair else { panic!("{charts:?}") };
        assert!(png.strip_suffix(".png") == svg.strip_suffix(".svg"), "{charts:?}");
    }
    for name in ["charts/abandonment.svg", "charts/service_level.png", "charts/queue.png"] {
        assert!(charts.contains(&name), "{charts:?}");
    }
    let expected = [
        "agents.csv",
        "audit.csv",
        "columns.csv",
        "conversations.csv",
        "figures.csv",
        "goals.csv",
        "groups.csv",
        "histograms.hlog",
        "intervals.csv",
        "percentiles.csv",
        "replications.csv",
        "report.html",
        "results.xlsx",
        "skills.csv",
        "summary.json",
        "summary.txt",
    ];
    assert_eq!(names, expected);
    assert!(reports[0].iter().all(|(_, bytes)| bytes.len() > 300));
    assert!(reports[0] == reports[1] && reports[0] == reports[2]);
    for (name, bytes) in &reports[0] {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("shiftstorm-cli-"), "{name} names a path");
    }
}

#[test]
fn a_run_goes_on_until_its_figures_are_known_well_enough() {
    let place = Place::with(EVENING);
    let run = |bound: &str, limit: &str| {
        let text = place.says(&[
            "run",
            "day.toml",
            "--force",
            "--precision",
            bound,
            "-n",
            limit,
            "--json",
        ]);
        serde_json::from_str::<serde_json::Value>(&text).unwrap()
    };
    let summary = run("offered=4%", "300");
    let count = summary["replications"].as_u64().unwrap();
    assert!((10..300).contains(&count), "{count}");
    assert_eq!((&summary["precise"], &summary["complete"]), (&true.into(), &true.into()));
    for variant in summary["variants"].as_array().unwrap() {
        assert_eq!(variant["replications"].as_u64(), Some(count));
        let figure = &variant["figures"]["offered"];
        let (half, value) = (figure["half_width"].as_f64(), figure["estimate"].as_f64());
        assert!(half.unwrap() <= 0.04 * value.unwrap());
    }
    let rows = place.read("out/day/replications.csv").lines().count() as u64;
    assert_eq!(rows, 1 + 4 * count);
    assert_eq!(run("offered=0.1%", "12")["precise"], false);
    let text =
        place.says(&["run", "day.toml", "--force", "--precision", "offered=0.1%", "-n", "12"]);
    assert!(text.contains("Not as precise as asked for"), "{text}");
    assert_eq!(code(&place.run(&["run", "day.toml", "--precision", "ofered=4%"])), 2);
}

#[test]
fn figures_are_as_simulated_unless_they_are_to_be_corrected_to_the_expected_arrivals() {
    let place = Place::with(EVENING);
    let run = |more: &[&str]| {
        let mut all = vec!["run", "day.toml", "-n", "20", "--json", "--out"];
        all.extend(more);
        serde_json::from_str::<serde_json::Value>(&place.says(&all)).unwrap()
    };
    let (simulated, corrected) = (run(&["simulated"]), run(&["corrected", "--control-variate"]));
    let set = run(&["set", "--set", "precision.control_variate=true"]);
    assert!(set["variants"] == corrected["variants"], "the setting and the flag differ");
    let mut count = 0;
    for variant in 0..4 {
        let [corrected, simulated] = [&corrected, &simulated].map(|it| &it["variants"][variant]);
        assert_eq!(
            (&corrected["expected_arrivals"], &simulated["expected_arrivals"]),
            (&60.0.into(), &().into())
        );
        let base = |of: &serde_json::Value, name: &str| {
            of["variants"][0]["figures"][name]["estimate"].as_f64()
        };
        for (name, figure) in corrected["figures"].as_object().unwrap() {
            let (simulated, estimate) = (&simulated["figures"][name], figure["estimate"].as_f64());
            assert!(simulated.get("unadjusted").is_none());
            let against = &corrected["against_base"][name];
            if let Some(difference) = against["difference"].as_f64()
                && against["replications"] == 20
            {
                let base = base(&set, name).unwrap();
                assert!((estimate.unwrap() - base - difference).abs() < 1e-9 * base.abs().max(1.0));
            }
            let Some(unadjusted) = figure.get("unadjusted") else {
                // Counts of arrivals, maxima, and what never varies.
                let same = figure == simulated || figure["half_width"].as_f64() == Some(0.0);
                assert!(same || estimate.is_none(), "{name}: {figure} {simulated}");
                continue;
            };
            count += 1;
            let [half, before] = [figure, unadjusted].map(|it| it["half_width"].as_f64().unwrap());
            assert_eq!(unadjusted["half_width"], simulated["half_width"]);
            assert_eq!(unadjusted["estimate"], simulated["estimate"]);
            let narrowed_by = unadjusted["narrowed_by"].as_f64().unwrap();
            assert!((narrowed_by - (1.0 - half / before)).abs() < 1e-12);
        }
        for count in ["offered", "arrivals", "first_contacts", "queue_length_max"] {
            assert!(corrected["figures"][count] == simulated["figures"][count], "{count}");
        }
    }
    assert!(count > 100, "{count} figures corrected");
    let note = "Corrected to the 60 arrivals a run that are expected";
    let text = place.read("corrected/summary.txt");
    assert_eq!(text.matches(note).count(), 1, "{text}");
    assert!(!place.read("simulated/summary.txt").contains("orrected"));
    // Saved reports are compared as they are, and as simulated unless both are corrected.
    let compared = |base: &str, other: &str| {
        place.says(&["compare", base, other, "--variant", "off", "--json"])
    };
    assert_ne!(compared("corrected", "corrected"), compared("simulated", "simulated"));
    let pair = |text: String| {
        serde_json::from_str::<serde_json::Value>(&text).unwrap()["pairs"][0]["differences"].clone()
    };
    assert!(pair(compared("corrected", "simulated")) == pair(compared("simulated", "simulated")));
}

/// Goals for a skill, a group and a window in one run; all are recomputed from `replications.csv`.
#[test]
fn goals_are_for_parts_of_a_run_too() {
    let goals = "\n[[goal]]\nfigure = 'answered'\nat_least = 1\nskill = 'general'\n\
        [[goal]]\nfigure = 'occupancy'\nat_most = 0.01\ngroup = 'night'\n\
        [[goal]]\nfigure = 'abandonment'\nat_most = 0.5\nfrom = '19:30'\nto = '20:00'\n\
        [[goal]]\nfigure = 'first_response_mean'\nat_most = '1h'\nskill = 'general'\nfrom = '19:30'\n\
        [[goal]]\nfigure = 'occupancy'\nat_most = 0.01\ngroup = 'day'\nfrom = '19:30'\n";
    let place = Place::with(&format!("{EVENING}{goals}"));
    let text = place.says(&["run", "day.toml", "--out", "out", "--junit", "goals.xml"]);
    // Below the figure of the part.
    let verdicts = |figure: &str| {
        let mut lines = text.lines().skip_while(|line| !line.starts_with(figure));
        let goal = lines.find(|line| line.starts_with("  goal")).unwrap_or_default();
        goal.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(verdicts("answered, general "), "goal: at least 1 met met met");
    assert_eq!(verdicts("occupancy, night "), "goal: at most 1.0 % missed missed missed");
    assert_eq!(verdicts("first response, general,"), "goal: at most 60m met met met", "{text}");
    assert_eq!(
        verdicts("occupancy, day, 19:30–24:00 "),
        "goal: at most 1.0 % missed missed missed"
    );
    assert_eq!(verdicts("abandoned, 19:30–20:00 "), "goal: at most 50.0 % met met met", "{text}");
    let rows = place.csv("out/goals.csv");
    let replications = place.csv("out/replications.csv");
    let mut judged = 0;
    for (row, goal) in rows.iter().filter(|row| !row["part"].is_empty()).zip((1..=5).cycle()) {
        let mine = replications.iter().filter(|line| line["variant"] == row["variant"]);
        let sum = |side: &str| {
            let column = format!("goal_{goal}_{side}");
            mine.clone().map(|line| line[&column].parse::<f64>().unwrap()).sum::<f64>()
        };
        let expected = sum("part") / sum("whole");
        let found: f64 = row["estimate"].parse().unwrap();
        assert!((found - expected).abs() < 1e-5, "{row:?}: {expected}");
        judged += 1;
    }
    assert_eq!(judged, 20);
    goals_within_a_window_are_sums_of_intervals(&place);
    // One skill has all conversations, and the two half hours make the whole.
    let of = |line: &BTreeMap<String, String>, name: &str| line[name].parse::<f64>().unwrap();
    for line in &replications {
        assert_eq!(of(line, "goal_1_part"), of(line, "answered"));
        assert!(of(line, "goal_3_whole") > 0.0 && of(line, "goal_3_whole") < of(line, "offered"));
    }
    assert!(place.read("goals.xml").contains("abandoned, 19:30–20:00: at most 50.0 %"));
    // What was begun goes on with them.
    place.run(&["run", "day.toml", "-n", "3", "--out", "again", "--force"]);
    place.says(&["run", "day.toml", "--out", "again", "--resume"]);
    assert_eq!(place.read("again/replications.csv"), place.read("out/replications.csv"));
    assert_eq!(place.read("again/goals.csv"), place.read("out/goals.csv"));
}

/// The fourth goal is a mean of stays with a skill, the fifth a share of the time of a group, both of the
/// half hour from 19:30 on: the tables of their intervals give them once more.
fn goals_within_a_window_are_sums_of_intervals(place: &Place) {
    let number = |line: &BTreeMap<String, String>, name: &str| -> f64 {
        line[name].parse().unwrap_or_default()
    };
    let goals = place.csv("out/goals.csv");
    let cases = [
        ("skill_intervals.csv", "general", "first_response_mean", "answered"),
        ("group_intervals.csv", "day", "occupancy", "logged_in"),
    ];
    for (file, part, figure, weight) in cases {
        let lines = place.csv(&format!("out/{file}"));
        let named =
            |line: &&BTreeMap<String, String>| line["part"] == format!("{part}, 19:30–24:00");
        for goal in goals.iter().filter(named) {
            let own = lines.iter().filter(|line| {
                line["variant"] == goal["variant"]
                    && ("19:30".."24:00").contains(&line["starts"].as_str())
            });
            let own = own.filter(|line| line.values().any(|cell| cell == part));
            let sum =
                own.clone().map(|line| number(line, figure) * number(line, weight)).sum::<f64>();
            let expected = sum / own.map(|line| number(line, weight)).sum::<f64>();
            let found = number(goal, "estimate");
            assert!((found - expected).abs() < 1e-4 * expected, "{goal:?}: {expected}");
        }
        assert_eq!(goals.iter().filter(named).count(), 4);
    }
}

/// Where an interval is all of the run, its shares and differences are those of the run.
#[test]
fn intervals_have_their_uncertainty_and_their_difference_to_the_base() {
    let place = Place::with(&format!("{EVENING}\n[measure]\ninterval = '60m'\n"));
    place.says(&["run", "day.toml", "--out", "out"]);
    let figures = place.csv("out/figures.csv");
    let intervals = place.csv("out/intervals.csv");
    let mut compared = 0;
    for row in intervals.iter().filter(|row| row["starts"] == "19:00") {
        for name in ["service_level", "abandonment"] {
            let is_same = |figure: &&BTreeMap<String, String>| {
                figure["figure"] == name && figure["variant"] == row["variant"]
            };
            let whole = figures.iter().find(is_same).unwrap();
            let columns = [
                ("half_width", format!("{name}_half_width")),
                ("difference", format!("{name}_difference")),
                ("difference_half_width", format!("{name}_difference_half_width")),
            ];
            for (of_run, of_interval) in columns {
                let [run, interval] = [&whole[of_run], &row[&of_interval]];
                assert_eq!(run.is_empty(), interval.is_empty(), "{name} {of_run}: {row:?}");
                if !run.is_empty() {
                    let [run, interval] = [run, interval].map(|it| it.parse::<f64>().unwrap());
                    assert!((run - interval).abs() < 2e-6, "{name} {of_run}: {run} {interval}");
                    compared += 1;
                }
            }
        }
    }
    assert_eq!(compared, 2 * 4 + 2 * 2 * 3);
    // Wherever a run is stopped, it goes on to the same.
    place.run(&["run", "day.toml", "-n", "3", "--out", "again"]);
    place.says(&["run", "day.toml", "--out", "again", "--resume"]);
    assert_eq!(place.read("again/intervals.csv"), place.read("out/intervals.csv"));
}

#[test]
fn what_cannot_be_corrected_is_not_said_to_be() {
    let place = Place::with(EVENING);
    let refused = |more: &[&str]| {
        let arguments = [&["run", "day.toml", "--control-variate"], more].concat();
        let output = place.run(&arguments);
        assert_eq!(code(&output), 3);
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(refused(&["-n", "2"]).contains("needs three replications"));
    let closed = "consumers.web.arrivals={ closed = { population = 3, pause = '5m' } }";
    let text = refused(&["-n", "5", "--set", closed]);
    assert!(text.contains("nobody arrives at rates"), "{text}");
}

#[test]
fn a_warm_up_is_found_and_shared_by_all_variants() {
    let place = Place::with(&EVENING.replace("shifts = [\"12:00-19:40\"]", ""));
    let arguments = ["--set", "run.warm_up=mser-5", "--out", "out"];
    let run = |more: &[&str]| place.says(&[&["run", "day.toml"], more, &arguments].concat());
    let text = run(&[]);
    let line = text.lines().find(|line| line.starts_with("measured after a warm-up of ")).unwrap();
    assert!(line.ends_with("m (found by MSER-5)"), "{line}");
    let summary = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let whole = place.read("out/summary.json");
    let found = summary(&whole)["warm_up"]["seconds"].as_f64().unwrap();
    assert!(found > 0.0 && found < 1900.0, "{found}");
    for variant in summary(&whole)["variants"].as_array().unwrap() {
        let frame = &variant["outcome"]["frame"];
        assert_eq!(frame["warm_up"].as_f64(), Some(found * 1e6), "{frame}");
    }
    // What was begun goes on with the warm-up it had.
    run(&["-n", "3", "--force"]);
    run(&["--resume"]);
    assert!(place.read("out/summary.json") == whole);
    // There is none in a day with shifts.
    let place = Place::with(EVENING);
    let text = place.says(&[&["run", "day.toml"], &arguments[..]].concat());
    let said = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("there is no steady state that a warm-up leads to"), "{text}");
}

#[test]
fn a_saved_report_is_shown_again_with_the_same_bytes() {
    let place = Place::with(EVENING);
    let batches = ["--set", "run.replications=batch-means", "--set", "run.until=80h"];
    for (name, more) in [("twenty", &["-n", "20"][..]), ("batches", &batches[..])] {
        place.says(&[&["run", "day.toml", "--quiet", "--out", name], more].concat());
        let folder = place.0.join(name);
        let whole = bytes_of(&folder);
        fs::write(folder.join("report.html"), "older").unwrap();
        fs::remove_file(folder.join("charts/queue.png")).unwrap();
        fs::write(folder.join("charts/older.svg"), "older").unwrap();
        fs::write(folder.join("charts/older.png"), "older").unwrap();
        assert_eq!(place.says(&["report", name]), format!("Report: {name}\n"));
        let again = bytes_of(&folder);
        let differing = whole.iter().zip(&again).find(|(one, other)| one != other);
        assert!(whole == again, "{name}: {:?}", differing.map(|(one, other)| (&one.0, &other.0)));
        let mut summary = Vec::new();
        Summary::read(&folder).unwrap().write(&mut summary).unwrap();
        assert!(summary == fs::read(folder.join("summary.json")).unwrap(), "{name} is not kept");
    }
    let refused = |folder: &str, reason: &str| {
        let output = place.run(&["report", folder]);
        assert_eq!(code(&output), 3);
        assert!(error_of(&output).contains(reason), "{}", error_of(&output));
    };
    refused("nowhere", "cannot read `nowhere/summary.json`");
    let summary = place.read("twenty/summary.json");
    let write = |text: &str| fs::write(place.0.join("twenty/summary.json"), text).unwrap();
    write("{}");
    refused("twenty", "`twenty/summary.json` is no report: missing field");
    write(&summary.replacen("summary/1", "summary/9", 1));
    refused("twenty", "`twenty/summary.json` is no report: its form is shiftstorm/summary/9");
    let version = format!("\"shiftstorm\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let older = summary.replacen(&version, "\"shiftstorm\": \"0.0.1\"", 1);
    write(&older.replace("\"series\": ", "\"was_called\": "));
    refused("twenty", "was written by Shiftstorm 0.0.1, this is ");
}

#[test]
fn one_long_run_is_cut_into_batches() {
    let place = Place::with(&EVENING.replace("shifts = [\"12:00-19:40\"]", ""));
    let run = |more: &[&str]| {
        let one = ["run", "day.toml", "--set", "run.replications=batch-means", "--set"];
        place.says(&[&one, more].concat())
    };
    let text = run(&["run.until=100h"]);
    assert!(text.lines().all(|line| line.width() <= 80), "{text}");
    assert!(text.contains("one run of 19:00 to day 5 23:00, seed 7\n±: 95 % interval"), "{text}");
    let level = text.lines().find(|line| line.starts_with("answered within 1m")).unwrap();
    assert_eq!(level.matches(" ± ").count(), 3, "{level}");
    assert!(text.contains("intervals come from how batches of "), "{text}");
    let summary: serde_json::Value =
        serde_json::from_str(&place.read("out/day/summary.json")).unwrap();
    assert!(summary["batches"]["shortest"].as_f64().unwrap() >= 3.0 * 3600.0);
    assert!(
        summary["variants"][1]["against_base"]["abandonment"]["half_width"].as_f64().unwrap() > 0.0
    );
    assert!(run(&["run.until=3h"]).contains("The run is too short for intervals"));
    // Replications that are asked for outside are replications.
    let text = run(&["run.until=3h", "-n", "3"]);
    assert!(text.contains("\n3 replications of 19:00 to 22:00"), "{text}");
    let place = Place::with(
        "run.replications = 'batch-means'\nprecision.within.offered = 0.1\n\
         agents.chat.count = 2\nconsumers.web.arrivals = '9/h'",
    );
    let output = place.run(&["run", "day.toml"]);
    assert!(
        error_of(&output).contains("needs replications, of which batch means have one"),
        "{}",
        error_of(&output)
    );
}

#[test]
fn two_reports_are_compared_replication_by_replication() {
    let place = Place::with(EVENING);
    place.says(&["run", "day.toml", "--quiet", "--out", "all"]);
    place.says(&["run", "day.toml", "--quiet", "--out", "off", "--variant", "off"]);
    place.says(&["run", "day.toml", "--quiet", "--out", "seed", "--seed", "8"]);
    let text = place.says(&["compare", "off", "all", "--variant", "both on"]);
    assert!(text.contains("compared replication by replication"), "{text}");
    assert!(text.lines().all(|line| line.width() <= 80), "{text}");
    let json = |arguments: &[&str]| -> serde_json::Value {
        let mut all = vec!["compare"];
        all.extend(arguments);
        all.push("--json");
        serde_json::from_str(&place.says(&all)).unwrap()
    };
    // The same as the report itself says of its variants.
    let saved: serde_json::Value = serde_json::from_str(&place.read("all/summary.json")).unwrap();
    let pairs = json(&["off", "all"]);
    for (position, variant) in saved["variants"].as_array().unwrap().iter().enumerate().skip(1) {
        let pair = &pairs["pairs"][position];
        assert_eq!(pair["paired"], true);
        assert_eq!(pair["differences"], variant["against_base"]);
        assert!(pair["differences"]["abandonment"]["verdict"].is_string());
    }
    let twin = &json(&["off", "all", "--variant", "off"])["pairs"][0]["differences"];
    let differences = twin.as_object().unwrap().values();
    assert!(differences.clone().count() > 50);
    assert!(differences.clone().all(|found| found["difference"] == 0.0));
    let strangers = &json(&["off", "seed", "--variant", "off"])["pairs"][0];
    assert_eq!(strangers["paired"], false);
    assert!(strangers["differences"]["offered"]["half_width"].as_f64().unwrap() > 0.0);
    // What matters is what matters in the first report.
    let setting = "compare.abandonment=0.75";
    place.says(&[
        "run",
        "day.toml",
        "--quiet",
        "--out",
        "coarse",
        "--variant",
        "off",
        "--set",
        setting,
    ]);
    let text = place.says(&["compare", "coarse", "all", "--variant", "both on"]);
    assert!(text.contains("  matters from 75 points"), "{text}");
    let difference = &json(&["coarse", "all"])["pairs"][3]["differences"]["abandonment"];
    assert_eq!(difference["verdict"], "no difference that matters");
    assert_eq!(difference["matters_from"], 0.75);
    assert_eq!(code(&place.run(&["compare", "off", "none"])), 3);
    assert_eq!(code(&place.run(&["compare", "off", "all", "--variant", "of"])), 2);
}

#[test]
fn two_reports_say_first_what_they_do_not_have_alike() {
    let place = Place::with(EVENING);
    let run = |out: &str, more: &[&str]| {
        let all = ["run", "day.toml", "--quiet", "--variant", "off", "--out", out];
        place.says(&[&all[..], more].concat());
    };
    run("one", &["-n", "1"]);
    let settings = ["run.until=21:00", "goals.abandonment=4%", "agents.night.concurrency=2"];
    let set = Vec::from_iter(settings.iter().flat_map(|setting| ["--set", setting]));
    run("other", &[&["-n", "1"][..], &set].concat());
    let text = place.says(&["compare", "one", "other", "--html", "page.html"]);
    assert!(text.lines().all(|line| line.width() <= 80), "{text}");
    let rows = text.lines().skip_while(|line| !line.starts_with("not alike"));
    let rows = rows.map(|row| Vec::from_iter(row.split_whitespace()).join(" "));
    let mut rows = rows.filter(|row| !row.starts_with("logged in, hours"));
    let expected = [
        "not alike base other",
        "simulated 19:00 to 20:00 19:00 to 21:00",
        "goal: abandoned before an answer at most 5.0 % at most 4.0 %",
        "agents.night.concurrency – 2",
        "goals.abandonment 0.05 4%",
        "run.until 20:00 21:00",
    ];
    assert!(expected.iter().all(|row| rows.next().as_deref() == Some(row)), "{text}");
    assert!(place.read("page.html").contains("simulated: 19:00 to 21:00 against 19:00 to 20:00"));
    // One run of each, of one seed: the difference is that of the two.
    assert!(text.contains("compared as one run of the same seed"), "{text}");
    let json: serde_json::Value =
        serde_json::from_str(&place.says(&["compare", "one", "other", "--json"])).unwrap();
    assert_eq!(json["pairs"][0]["paired"], true);
    let unlike = json["pairs"][0]["unlike"].as_array().unwrap();
    assert_eq!(unlike[0]["base"], "19:00 to 20:00");
    let offered = |folder: &str| {
        let saved: serde_json::Value =
            serde_json::from_str(&place.read(&format!("{folder}/summary.json"))).unwrap();
        saved["variants"][0]["figures"]["offered"]["mean"].as_f64().unwrap()
    };
    let difference = &json["pairs"][0]["differences"]["offered"];
    assert_eq!(difference["difference"], offered("other") - offered("one"));
    // What is alike is not said.
    run("again", &["-n", "2"]);
    run("twice", &["-n", "2"]);
    assert!(!place.says(&["compare", "again", "twice"]).contains("not alike"));
}

#[test]
fn two_sweeps_are_compared_point_by_point() {
    let place = Place::with(EVENING);
    let sweep = |out: &str, counts: &str, seed: &str| {
        let vary = format!("agents.night.count={counts}");
        let all = ["run", "day.toml", "-n", "3", "--quiet", "--out", out, "--seed", seed];
        place.says(&[&all[..], &["--vary", &vary]].concat());
    };
    sweep("few", "2,3,4", "7");
    sweep("many", "3,4,5", "8");
    let text = place.says(&["compare", "few", "many"]);
    assert!(text.lines().all(|line| line.width() <= 80), "{text}");
    let points = text.lines().filter(|line| line.starts_with("agents.night.count="));
    let points = Vec::from_iter(points.map(|line| &line[..20]));
    assert!(points.len() > 3 && points.len() % 2 == 0, "{text}");
    assert_eq!(points[..2], ["agents.night.count=3", "agents.night.count=4"]);
    assert!(text.contains("Only in the first report: `agents.night.count=2`."), "{text}");
    assert!(text.contains("Only in the other report: `agents.night.count=5`."), "{text}");
    let json: serde_json::Value =
        serde_json::from_str(&place.says(&["compare", "few", "many", "--json"])).unwrap();
    assert_eq!(json["pairs"].as_array().unwrap().len(), 2);
    assert_eq!(json["pairs"][0]["base"], "Evening, agents.night.count=3");
    assert_eq!(json["only_in_other"][0], "agents.night.count=5");
}

#[test]
fn a_replication_does_not_depend_on_the_others() {
    let place = Place::with(EVENING);
    let rows = |arguments: &[&str]| {
        let mut all =
            vec!["run", "day.toml", "--quiet", "--force", "--conversations", "--out", "out"];
        all.extend(arguments);
        place.says(&all);
        let text = place.read("out/conversations.csv");
        let of_third = |line: &&str| line.split(',').nth(1) == Some("3");
        Vec::from_iter(text.lines().filter(of_third).map(str::to_owned))
    };
    let only = rows(&["--variant", "both on", "--replication", "3"]);
    let of_all = rows(&[]);
    let among_all = Vec::from_iter(of_all.iter().filter(|row| row.starts_with("both on,")));
    assert!(only.len() > 20);
    assert_eq!(Vec::from_iter(&only), among_all);
    assert_ne!(rows(&["--variant", "both on", "--replication", "3", "--seed", "8"]), only);
}

#[test]
fn a_folder_that_holds_something_else_is_not_overwritten() {
    let place = Place::with(EVENING);
    let run = |more: &[&str]| {
        let mut arguments = vec!["run", "day.toml", "-n", "1", "--quiet", "--out", "here"];
        arguments.extend(more);
        place.run(&arguments)
    };
    fs::create_dir(place.0.join("here")).unwrap();
    fs::write(place.0.join("here/summary.json"), "{\"precious\": true}").unwrap();
    let refused = run(&[]);
    assert_eq!(code(&refused), 6);
    assert!(error_of(&refused).contains("holds something other"), "{}", error_of(&refused));
    assert_eq!(place.read("here/summary.json"), "{\"precious\": true}");
    assert_eq!(place.names("here"), ["summary.json"]);
    assert_eq!(code(&run(&["--force", "--audit"])), 0);
    assert!(place.names("here").contains(&"audit.csv".to_owned()));
    // An earlier report of the same scenario may go, with files that the new one does not have.
    fs::write(place.0.join("here/notes.txt"), "mine").unwrap();
    assert_eq!(code(&run(&[])), 0);
    let names = place.names("here");
    assert!(!names.contains(&"audit.csv".to_owned()) && !names.contains(&".unfinished".to_owned()));
    assert_eq!(place.read("here/notes.txt"), "mine");
    // That of another scenario may not.
    fs::write(place.0.join("day.toml"), EVENING.replace("\"Evening\"", "\"Morning\"")).unwrap();
    assert_eq!(code(&run(&[])), 6);
}

#[test]
fn a_closed_pipe_is_no_accident() {
    let place = Place::with(EVENING);
    for arguments in [&["run", "day.toml", "-n", "1", "--json"][..], &["schema"], &["man"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = place.command(arguments).stdout(writer).output().unwrap();
        assert_eq!(error_of(&output), "", "{arguments:?}");
        assert_eq!(code(&output), 0, "{arguments:?}");
    }
}

#[test]
fn names_from_a_scenario_are_never_formulas() {
    let hostile = EVENING
        .replace("base = \"off\"", "base = \"=HYPERLINK(1)\"")
        .replace("both on", "@SUM(A1)")
        .replace("one more agent", "-2+3 x")
        .replace("[agents.day]", "[agents.\"+day\"]")
        .replace("[consumers.web]", "[consumers.\"=web\"]");
    let place = Place::with(&hostile);
    place.says(&["run", "day.toml", "-n", "1", "--quiet", "--conversations", "--audit"]);
    let mut guarded = 0;
    for name in ["intervals.csv", "agents.csv", "conversations.csv", "audit.csv", "columns.csv"] {
        let path = place.0.join("out/day").join(name);
        for record in csv::Reader::from_path(path).unwrap().records() {
            for cell in &record.unwrap() {
                let is_number = cell.parse::<f64>().is_ok();
                assert!(is_number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
                guarded += usize::from(cell.starts_with('\''));
            }
        }
    }
    assert!(guarded > 100);
}

#[test]
fn the_name_of_a_scenario_is_no_path() {
    let place = Place::with(&EVENING.replace("\"Evening\"", "\"../../elsewhere\""));
    fs::rename(place.0.join("day.toml"), place.0.join("a day; rm.toml")).unwrap();
    let text = place.says(&["run", "a day; rm.toml", "-n", "1"]);
    assert!(text.contains("Report: out/a_day__rm"), "{text}");
    assert_eq!(place.names("out"), ["a_day__rm"]);
}

#[test]
fn explain_tells_a_story_with_times_and_rules() {
    let place = Place::with(STORY);
    let text = place.says(&["explain", "day.toml", "--conversation", "1"]);
    let expected = "\
Conversation 1 of web: variant base, replication 0, seed 1

09:05:00  chat 1 stops responding, and the platform does not notice (D12).
";
    assert!(text.starts_with(expected), "{text}");
    for sentence in [
        "09:10:00  A consumer writes: the conversation is New and in the queue.",
        "09:10:00  The router gives it to chat 1 (A1).",
        "09:11:00  chat 1, Online, has left the consumer waiting for 60 s: automatically",
        "09:11:00  The router gives it to chat 2 (A1).",
        "09:12:00  chat 2, Online, has left the consumer waiting for 2m: automatically",
    ] {
        assert!(text.contains(sentence), "`{sentence}` is missing:\n{text}");
    }
    assert!(text.lines().all(|line| line.width() <= 80));
    let prefixed = place.says(&["explain", "day.toml", "--conversation", "web-1"]);
    assert_eq!(prefixed, text);
    let slow = STORY.replace("reply_time = \"20s\"", "reply_time = \"90s\"");
    let slow = Place::with(&slow.replace("share = 1", "share = 0"));
    let text = slow.says(&["explain", "day.toml", "--conversation", "1"]);
    let lost = "09:11:00  The answer that chat 1 had begun and worked on for 60 s is lost";
    assert!(text.contains(lost), "{text}");
    let off = Place::with(&STORY.replace("enabled = true", "enabled = false"));
    let text = off.says(&["explain", "day.toml", "--conversation", "1"]);
    assert!(!text.contains("unassigned") && text.contains("chat 1 responds again"), "{text}");
}

#[test]
fn explain_picks_a_few_conversations_that_stand_for_the_others() {
    let place = Place::with(EVENING);
    let rows = ["run", "day.toml", "-n", "1", "--conversations", "--quiet", "--variant", "both on"];
    place.says(&rows);
    let rows = place.read("out/day/conversations.csv");
    let mut rows = rows.lines().map(|line| Vec::from_iter(line.split(',')));
    let heads = rows.next().unwrap();
    let rows = Vec::from_iter(rows);
    let column = |name: &str| heads.iter().position(|head| *head == name).unwrap();
    let number = |row: &[&str], name: &str| row[column(name)].parse::<f64>();
    // Who stands out, from the table of all conversations.
    let most = |of: &dyn Fn(&[&str]) -> f64| {
        let best = rows.iter().map(|row| of(row)).fold(0.0, f64::max);
        let row = rows.iter().find(|row| of(row) == best).unwrap();
        (row[column("conversation")].to_owned(), best)
    };
    let (longest, _) = most(&|row| {
        let end = ["answered", "abandoned", "ended"].map(|name| number(row, name));
        end.into_iter().find_map(Result::ok).unwrap() - number(row, "opened").unwrap()
    });
    let (bounced, bounces) = most(&|row| {
        number(row, "auto_unassigns").unwrap() + number(row, "ownership_removals").unwrap()
    });
    let (stranded, for_long) = most(&|row| number(row, "stranded").unwrap());
    assert!(bounces >= 2.0 && for_long > 0.0, "the evening has everything in it");
    let arguments = ["explain", "day.toml", "--variant", "both on", "--html", "few.html"];
    let text = place.says(&arguments);
    assert!(text.lines().all(|line| line.width() <= 80), "{text}");
    for beginning in [
        "Typical: conversation ".to_owned(),
        format!("Worst wait: conversation {longest}, "),
        format!("Most bounced: conversation {bounced}, taken from its owners "),
        format!("Stranded: conversation {stranded}, New for "),
    ] {
        assert!(text.lines().any(|line| line.starts_with(&beginning)), "{beginning}\n{text}");
    }
    // Each is told as it is by itself.
    let alone = ["explain", "day.toml", "--variant", "both on", "--conversation", &bounced];
    assert!(text.contains(&place.says(&alone)), "{text}");
    let page = place.read("few.html");
    for id in ["typical", "worst_wait", "most_bounced", "stranded"] {
        assert!(page.contains(&format!("<section id=\"{id}\"")), "{id}");
    }
    assert!(page.contains("automatically unassigned, back to the queue (A6)."));
    assert_eq!(place.says(&arguments), text);
    assert_eq!(place.read("few.html"), page);
}

#[test]
fn every_output_of_an_unchecked_run_says_so() {
    let place = Place::with(EVENING);
    let run = |more: &[&str]| {
        let mut arguments = vec!["run", "day.toml", "-n", "1", "--conversations", "--audit"];
        arguments.extend(more);
        place.says(&arguments)
    };
    for (flag, says_so) in [(None, false), (Some("--no-checks"), true)] {
        let text = run(flag.as_slice());
        assert_eq!(text.contains("Not checked"), says_so, "{text}");
        let json = run(&Vec::from_iter(flag.into_iter().chain(["--json"])));
        assert_eq!(json.contains("\"checked\": false"), says_so);
        assert_eq!(json, place.read("out/day/summary.json"));
        assert_eq!(place.read("out/day/histograms.hlog").contains("Not checked"), says_so);
        for name in ["intervals.csv", "agents.csv", "conversations.csv", "audit.csv"] {
            let mut table = csv::Reader::from_path(place.0.join("out/day").join(name)).unwrap();
            let headers = table.headers().unwrap().clone();
            let column = headers.iter().position(|header| header == "checked").unwrap();
            let expected = if says_so { "no" } else { "yes" };
            let mut records = table.records().peekable();
            assert!(records.peek().is_some(), "{name}");
            assert!(records.all(|record| &record.unwrap()[column] == expected), "{name}");
        }
    }
}

#[test]
fn the_histogram_log_can_be_read_back() {
    use hdrhistogram::serialization::interval_log::{IntervalLogIterator, LogEntry};
    let place = Place::with(EVENING);
    place.says(&["run", "day.toml", "-n", "2", "--quiet"]);
    let log = fs::read(place.0.join("out/day/histograms.hlog")).unwrap();
    let tags = IntervalLogIterator::new(&log).filter_map(|entry| match entry.unwrap() {
        LogEntry::Interval(histogram) => Some(histogram.tag().unwrap().as_str().to_owned()),
        _ => None,
    });
    let tags = Vec::from_iter(tags);
    assert!(tags.contains(&"0:off/first_response".to_owned()), "{tags:?}");
    assert!(tags.contains(&"1:both_on/removal_delay".to_owned()), "{tags:?}");
}

#[test]
fn check_shows_load_staffing_and_size() {
    let place = Place::with(EVENING);
    let text = place.says(&["check", "day.toml"]);
    assert!(text.lines().all(|line| line.width() <= 80), "{text}");
    for part in ["Evening: valid", "work/staff", "both on: as off", "Estimate for 6 replications"] {
        assert!(text.contains(part), "`{part}` is missing:\n{text}");
    }
    assert!(!place.0.join("out").exists());
}

#[test]
fn schema_completions_and_manual_are_printed() {
    let place = Place::new();
    let schema: serde_json::Value = serde_json::from_str(&place.says(&["schema"])).unwrap();
    assert!(schema["properties"]["remove_ownership"].is_object());
    for shell in ["bash", "zsh", "fish"] {
        assert!(place.says(&["completions", shell]).contains("no-checks"));
    }
    let manual = place.says(&["man"]);
    assert!(manual.contains(".TH shiftstorm 1") && manual.contains("conversations"), "{manual}");
}

#[test]
fn nothing_but_the_summary_reaches_a_pipe() {
    let place = Place::with(EVENING);
    let output = place.run(&["run", "day.toml"]);
    assert_eq!(error_of(&output), "");
    assert!(!output.stdout.contains(&0x1b) && !output.stdout.contains(&b'\r'));
    assert!(place.says(&["run", "day.toml", "--quiet"]).is_empty());
}

#[test]
fn what_will_not_fit_is_refused_unless_forced() {
    let huge = EVENING.replace("count = 3\nshifts", "count = 999_000\nshifts");
    let place = Place::with(&huge);
    let output = place.run(&["run", "day.toml", "-n", "1000", "--threads", "1024"]);
    assert_eq!(code(&output), 3);
    assert!(error_of(&output).contains("more than 80 % of"), "{}", error_of(&output));
    assert!(error_of(&output).lines().all(|line| line.width() <= 80), "{}", error_of(&output));
    assert!(!place.0.join("out").exists());
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_a_report_that_says_so() {
    let place = Place::with(EVENING);
    let arguments = ["run", "day.toml", "-n", "1000000", "--conversations"];
    let mut command = place.command(&arguments);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let rows = place.0.join("out/day/.unfinished/conversations.csv");
    while fs::metadata(&rows).map_or(0, |rows| rows.len()) < 100_000 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 130, "{}", error_of(&output));
    assert!(error_of(&output).contains("\nstopping; "), "{}", error_of(&output));
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(printed.contains("\nInterrupted: the figures are those of the replications that had"));
    let summary: serde_json::Value =
        serde_json::from_str(&place.read("out/day/summary.json")).unwrap();
    assert_eq!(summary["complete"], false);
    let merged = summary["variants"][0]["replications"].as_u64().unwrap();
    // How many replications ended is said wherever figures are.
    let counts = summary["variants"].as_array().unwrap().iter();
    let counts = Vec::from_iter(counts.map(|variant| variant["replications"].as_u64().unwrap()));
    let last = counts[counts.len() - 1];
    let count = if merged == last { merged.to_string() } else { format!("{last} to {merged}") };
    let count = format!("{count} of 1000000 replications");
    assert!(printed.contains(&format!("\n{count} of 19:00 to 20:00, seed 7\n")), "{printed}");
    let page = place.read("out/day/report.html");
    assert!(page.contains(&count), "{count}");
    let note = summary["notes"][0].as_str().unwrap();
    assert!(note.starts_with("Interrupted: ") && note.contains(&merged.to_string()), "{note}");
    assert!(page.contains(note.split('`').next().unwrap()), "{note}");
    let rows = place.read("out/day/conversations.csv");
    let last = rows.lines().rfind(|row| row.starts_with("off,")).unwrap();
    assert_eq!(last.split(',').nth(1), Some((merged - 1).to_string().as_str()));
    assert_eq!(place.names("out/day").len(), 16);
}

#[cfg(unix)]
#[test]
fn a_run_that_was_interrupted_or_killed_goes_on_to_the_same_bytes() {
    let place = Place::with(EVENING);
    let all = ["run", "day.toml", "-n", "40", "--quiet", "--out"];
    place.says(&[&all[..], &["whole"]].concat());
    let whole = bytes_of(&place.0.join("whole"));
    for (signal, out) in [("-INT", "interrupted"), ("-KILL", "killed")] {
        let arguments = [&all[..], &[out, "--checkpoint", "0", "--threads", "1"]].concat();
        let mut child = place.command(&arguments).stderr(Stdio::piped()).spawn().unwrap();
        let checkpoint = place.0.join(out).join(".checkpoint/checkpoint");
        while !checkpoint.exists() {
            assert!(child.try_wait().unwrap().is_none(), "it was over before it was stopped");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        let pid = child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        assert!(!child.wait().unwrap().success(), "it was over before it was stopped");
        let resumed = [&all[..], &[out, "--resume"]].concat();
        place.says(&resumed);
        assert!(bytes_of(&place.0.join(out)) == whole, "{out}");
    }
    // More replications of a whole report, and what cannot be resumed.
    place.says(&["run", "day.toml", "-n", "25", "--quiet", "--out", "fewer"]);
    place.says(&["run", "day.toml", "-n", "40", "--quiet", "--out", "fewer", "--resume"]);
    assert!(bytes_of(&place.0.join("fewer")) == whole);
    let refused = |arguments: &[&str]| {
        let output = place.run(&[&["run", "day.toml", "--resume", "--out"], arguments].concat());
        assert_eq!(code(&output), 3, "{}", error_of(&output));
        error_of(&output)
    };
    let begun = place.run(&["run", "day.toml", "-n", "40", "--resume", "--out", "nowhere"]);
    let said = "nothing is saved in `nowhere` to go on from: the run begins at 0\n";
    assert_eq!((code(&begun), error_of(&begun).as_str()), (0, said));
    assert!(bytes_of(&place.0.join("nowhere")) == whole);
    assert!(refused(&["whole", "--seed", "8"]).contains("other variants, settings or seeds"));
    assert!(refused(&["whole", "-n", "20"]).contains("more replications than are asked for"));
    assert!(bytes_of(&place.0.join("whole")) == whole, "a refusal leaves the report alone");
}

#[test]
fn a_page_says_where_too_few_came_for_a_share_and_leads_to_all_its_sections() {
    let place = Place::with(EVENING);
    let few = ["--set", "consumers.web.arrivals=6/h"];
    place.says(&[&["run", "day.toml", "-n", "1", "--quiet"][..], &few].concat());
    let page = place.read("out/day/report.html");
    let said = "A share is not shown where fewer than 10 conversations came in all replications";
    assert!(page.contains(said) && !page.contains("Served within"), "no interval has ten");
    place.says(&["run", "day.toml", "-n", "4", "--quiet"]);
    let page = place.read("out/day/report.html");
    assert!(!page.contains(said) && page.contains("Served within"));
    let sections = page.split("<section id=\"").skip(1);
    let sections = sections.filter_map(|rest| rest.split('"').next());
    for section in sections {
        assert!(page.contains(&format!("<li><a href=\"#{section}\">")), "{section}");
    }
    assert!(page.contains("<a href=\"#standings\">Side by side</a>"));
}

#[test]
fn a_report_of_more_replications_is_not_replaced() {
    let place = Place::with(EVENING);
    place.says(&["run", "day.toml", "-n", "5", "--quiet"]);
    let whole = bytes_of(&place.0.join("out/day"));
    for fewer in [&["-n", "4"][..], &["--replication", "3"]] {
        let output = place.run(&[&["run", "day.toml"], fewer].concat());
        assert_eq!((code(&output), output.stdout.len()), (6, 0), "{}", error_of(&output));
        let refusal = "error: `out/day` holds a report of 5 replications, more than the ";
        assert!(error_of(&output).starts_with(refusal), "{}", error_of(&output));
        assert!(bytes_of(&place.0.join("out/day")) == whole);
    }
    // As many, elsewhere, and on purpose.
    place.says(&["run", "day.toml", "-n", "5", "--quiet"]);
    place.says(&["run", "day.toml", "-n", "4", "--quiet", "--out", "fewer"]);
    place.says(&["run", "day.toml", "-n", "4", "--quiet", "--force"]);
    assert!(bytes_of(&place.0.join("out/day")) == bytes_of(&place.0.join("fewer")));
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_does_not_replace_a_whole_report() {
    let place = Place::with(EVENING);
    place.says(&["run", "day.toml", "-n", "2", "--quiet"]);
    let whole = bytes_of(&place.0.join("out/day"));
    let all = ["run", "day.toml", "-n", "40", "--checkpoint", "0", "--threads", "1"];
    let child = place.command(&all).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while !place.0.join("out/day/.checkpoint/checkpoint").exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 130, "{}", error_of(&output));
    let error = error_of(&output);
    assert!(error.contains("`out/day` keeps its earlier report") && error.contains("--resume"));
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(printed.contains("Interrupted: ") && !printed.contains("Report: "), "{printed}");
    let kept = bytes_of(&place.0.join("out/day"));
    assert!(kept == whole);
    place.says(&["run", "day.toml", "-n", "40", "--quiet", "--resume"]);
    place.says(&["run", "day.toml", "-n", "40", "--quiet", "--out", "at_once"]);
    assert!(bytes_of(&place.0.join("out/day")) == bytes_of(&place.0.join("at_once")));
}

#[test]
fn a_stress_run_says_that_it_begins_without_the_backlog() {
    let place = Place::with(
        "run.until = '1h'\nagents.ann = {}\nconsumers.web.arrivals = '20/h'\n\
         consumers.web.backlog = [{ opened = '1h', count = 3 }]\nstress.for = '100ms'\n",
    );
    let text = place.says(&["stress", "day.toml"]);
    assert!(text.contains("The backlog of 3 is left out"), "{text}");
}

#[test]
fn stress_runs_on_the_wall_clock_and_accounts_for_every_message() {
    let scenario = "agents.chat = { count = 4, reply_time = '1m' }\n\
                    consumers.web.arrivals = '300/h'\nunassign.enabled = true\n\
                    stress = { speed = 3600, shards = 2, for = '1s', late_after = '1h' }";
    let place = Place::with(scenario);
    let text = place.says(&["stress", "day.toml"]);
    assert!(text.lines().all(|line| line.width() <= 80), "{text}");
    assert!(text.contains("Open model") && text.contains("2 shards"), "{text}");
    assert!(
        text.contains("Grain: timers of the machine are good to 1 ms, which is 3.60 s"),
        "{text}"
    );
    let files = [
        "columns.csv",
        "histograms.hlog",
        "report.html",
        "series.csv",
        "stress.json",
        "summary.txt",
    ];
    assert_eq!(place.names("out/day-stress"), files);
    let json: serde_json::Value =
        serde_json::from_str(&place.read("out/day-stress/stress.json")).unwrap();
    assert!(json["counts"]["opened"].as_u64().unwrap() > 100, "{json}");
    for (mailbox, account) in json["messages"].as_object().unwrap() {
        let count = |column: &str| account[column].as_u64().unwrap();
        let gone = ["handled", "queued", "refused", "dead"].map(count).iter().sum::<u64>();
        assert_eq!((count("sent"), count("dead")), (gone, 0), "{mailbox}");
    }
    // A second run replaces the report, but a foreign folder stays as it is.
    place.says(&["stress", "day.toml", "--for", "100ms", "--quiet"]);
    let refused = place.run(&["stress", "day.toml", "--for", "100ms", "--out", "."]);
    assert_eq!(code(&refused), 6);
    // A second is too short to tell two runs apart, and that is what is said.
    let out = ["stress", "day.toml", "--quiet", "--out", "second"];
    place.says(&out);
    let text = place.says(&["compare", "out/day-stress", "second"]);
    assert!(text.contains("Unclear: base has 0 blocks, and fewer than 10 tell"), "{text}");
    assert!(
        text.contains("bare wheel before") && text.lines().all(|it| it.width() <= 80),
        "{text}"
    );
    // Page and summary are made again of what is saved.
    let files = ["report.html", "summary.txt", "stress.json"].map(|file| format!("second/{file}"));
    let before = files.each_ref().map(|file| place.read(file));
    fs::write(place.0.join(&files[0]), "gone").unwrap();
    fs::write(place.0.join(&files[1]), "gone").unwrap();
    assert_eq!(place.says(&["report", "second"]), "Report: second\n");
    for (file, before) in files.iter().zip(&before) {
        assert!(place.read(file) == *before, "{file} is another");
    }
}

#[test]
fn a_late_load_generator_makes_the_measurement_invalid() {
    // Ten million arrivals a second are more than any generator sends in time.
    let scenario = "agents.chat.reply_time = '1m'\nrun.until = '10s'\nconsumers.web.arrivals = '10000000/s'\n\
                    stress = { for = '200ms', late_after = '100us', mailbox = 10 }";
    let place = Place::with(scenario);
    let output = place.run(&["stress", "day.toml"]);
    assert_eq!(code(&output), 5, "{}", error_of(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("INVALID: the load generator could not keep up"), "{text}");
}

#[test]
fn a_missed_threshold_is_told_saved_and_an_exit_code_but_nothing_is_known_of_an_invalid_run() {
    let day = |thresholds: &str, late_after: &str| {
        format!(
            "agents.chat.reply_time = '1m'\nconsumers.web.arrivals = '9000/h'\n\
             run.until = '1m'\nunassign.enabled = true\nstress = {{ speed = 60, shards = 1, for = '500ms', \
             late_after = '{late_after}', thresholds = [{thresholds}] }}"
        )
    };
    let both = "'scheduled >= 10', 'opened < 5', 'max(deadline_lateness) < 1s'";
    let place = Place::with(&day(both, "1h"));
    let output = place.run(&["stress", "day.toml", "--junit", "cases.xml"]);
    assert_eq!(code(&output), 4, "{}", error_of(&output));
    let (error, xml) = (error_of(&output), place.read("cases.xml"));
    assert!(xml.contains("tests=\"4\" failures=\"2\""), "{xml}");
    assert!(xml.contains("<testcase name=\"opened &lt; 5\" classname=\"base\">"), "{xml}");
    assert!(error.contains("threshold missed: opened < 5: it was "), "{error}");
    assert!(!error.contains("scheduled >= 10"), "{error}");
    let nothing = "max(deadline_lateness) < 1s: there was nothing to measure";
    assert!(error.contains(nothing), "a minute has not passed: {error}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.lines().all(|line| line.width() <= 80), "{text}");
    let line = |start: &str| text.lines().find(|line| line.starts_with(start)).unwrap();
    assert!(line("scheduled >= 10").ends_with("  met"), "{text}");
    assert!(line("opened < 5").ends_with("  MISSED"), "{text}");
    let json: serde_json::Value =
        serde_json::from_str(&place.read("out/day-stress/stress.json")).unwrap();
    let saved = &json["thresholds"];
    assert_eq!((&saved[0]["verdict"], &saved[1]["verdict"]), (&"met".into(), &"missed".into()));
    assert!(saved[1]["value"].as_f64().unwrap() >= 5.0 && saved[1]["limit"] == 5.0, "{saved}");
    // The generator is never as exact as 100 microseconds, so the run is invalid.
    let place = Place::with(&day("'opened < 5'", "100us").replace("9000/h", "9000/s"));
    let output = place.run(&["stress", "day.toml", "--junit", "cases.xml"]);
    assert_eq!(code(&output), 5, "{}", error_of(&output));
    assert!(!error_of(&output).contains("missed"));
    assert!(place.read("cases.xml").contains("failures=\"1\" skipped=\"1\""));
    assert!(place.read("out/day-stress/stress.json").contains("\"verdict\": \"unknown\""));
    let place = Place::with(&day("'p99(deadline_latenes) < 10ms'", "1h"));
    let output = place.run(&["stress", "day.toml"]);
    assert_eq!(code(&output), 3);
    assert!(error_of(&output).contains("did you mean `p99(deadline_lateness)`?"));
}

#[test]
fn a_capacity_search_lists_its_trials_and_is_compared_with_an_earlier_one() {
    // The threshold looks at what is sent, so that the answer is not one of the machine.
    let scenario = "agents.chat = { count = 5, reply_time = '1m' }\nrun.until = '1s'\n\
                    consumers.web.arrivals = '20/s'\n\
                    stress = { for = '50ms', late_after = '1h', thresholds = ['scheduled < 20'] }";
    let place = Place::with(scenario);
    // Nothing of the machine but how even it is: where it swings, no interval is told.
    let is_noisy = |output: &Output| {
        let code = code(output);
        assert!(code == 0 || code == 5, "{}", error_of(output));
        assert_eq!(code == 5, error_of(output).contains("too noisy"));
        code == 5
    };
    let output = place.run(&["stress", "day.toml", "--capacity", "--out", "first"]);
    let (noisy, text) = (is_noisy(&output), text_of(&output));
    assert!(text.lines().all(|line| line.width() <= 80), "{text}");
    let json: serde_json::Value = serde_json::from_str(&place.read("first/capacity.json")).unwrap();
    let trials = json["trials"].as_array().unwrap();
    assert!(trials.len() >= 8 && trials.len() <= 64, "{text}");
    let (held, not_held) = (json["held"]["pace"].as_f64(), json["not_held"]["pace"].as_f64());
    assert_eq!((held.is_none(), not_held.is_none()), (noisy, noisy), "{text}");
    assert!(
        (noisy || held < not_held) && json["bare_wheel"]["median"].as_f64() > Some(0.0),
        "{text}"
    );
    assert!(text.contains("Bare wheel meanwhile") && text.contains("confirmation"), "{text}");
    let mut again = Vec::from_iter("stress day.toml --capacity --against first".split(' '));
    again.extend("--out second --quiet --junit second.xml".split(' '));
    let output = place.run(&again);
    let noisy = noisy | is_noisy(&output);
    assert_eq!(text_of(&output), "");
    let cases = place.read("second.xml");
    assert!(cases.contains("the capacity is found") && cases.contains(" timestamp=\""), "{cases}");
    assert!(cases.contains("no less is held than before"), "{cases}");
    let second = place.read("second/summary.txt");
    assert!(second.contains("Against the earlier"), "{second}");
    // What held in one held in the other within 5 %, or nobody knows.
    let expected = if noisy { "one of the two found no interval" } else { "unclear: " };
    assert!(second.contains(expected), "{second}");
    let refused = place.run(&["stress", "day.toml", "--capacity", "--against", "out"]);
    assert_eq!(code(&refused), 3);
    assert!(error_of(&refused).contains("holds no capacity search"), "{}", error_of(&refused));
}

#[test]
fn the_suite_runs_its_cases_by_name() {
    let place = Place::with("");
    let text = place.says(&["stress", "--suite", "--case", "races", "--out", "suite"]);
    assert!(text.lines().all(|line| line.width() <= 80), "{text}");
    assert!(text.contains("120 orders") && !text.contains("soak"), "{text}");
    let again = place.run(&["report", "suite"]);
    assert_eq!(code(&again), 3);
    assert!(error_of(&again).starts_with("error: `suite` holds a search"), "{}", error_of(&again));
    let json: serde_json::Value = serde_json::from_str(&place.read("suite/suite.json")).unwrap();
    assert_eq!(
        (&json["cases"][0]["name"], &json["cases"][0]["verdict"]),
        (&"races".into(), &"met".into())
    );
    let again = ["stress", "--suite", "--case", "races", "--against", "suite", "--json"];
    let printed: serde_json::Value = serde_json::from_str(&place.says(&again)).unwrap();
    assert!(printed["yardstick"]["before"].as_f64() > Some(0.0), "{printed}");
    let compared = place.read("out/stress-suite/summary.txt");
    let same = |line: &str| line.starts_with("races") && line.ends_with("same");
    assert!(compared.lines().any(same) && compared.contains("Against the earlier"), "{compared}");
    let refused = place.run(&["stress", "--suite", "--case", "races", "--against", "out"]);
    assert_eq!(code(&refused), 3, "{}", error_of(&refused));
    let short = ["stress", "--suite", "--case", "stall", "--for", "100ms", "--out", "short"];
    let output = place.run(&short);
    // So short a run has no deadlines, so nothing is known of them, if it is valid at all.
    assert!([4, 5].contains(&code(&output)), "{}", error_of(&output));
    let unknown = place.run(&["stress", "--suite", "--case", "nothing"]);
    assert_eq!(code(&unknown), 2);
    assert_eq!(code(&place.run(&["stress", "--suite", "day.toml"])), 2);
}

#[cfg(unix)]
#[test]
fn an_interrupted_stress_run_ends_with_a_partial_report() {
    let scenario = "agents.chat.reply_time = '1m'\nconsumers.web.arrivals = '600/h'\n\
                    stress = { speed = 60, for = '10m' }";
    let place = Place::with(scenario);
    let mut command = place.command(&["stress", "day.toml"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while !place.0.join("out/day-stress/.unfinished").exists() {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    // It reports the seconds that were run, so let it have one.
    std::thread::sleep(std::time::Duration::from_millis(1200));
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 130, "{}", error_of(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("Interrupted: the figures are those of the part that was run"), "{text}");
    assert!(place.read("out/day-stress/stress.json").contains("\"complete\": false"));
}

#[cfg(unix)]
#[test]
fn an_interrupted_suite_reports_the_cases_that_were_over() {
    let place = Place::with("");
    let case = ["stress", "--suite", "--out", "suite", "--case", "soak", "--case"];
    // Interrupts it as soon as the soak has begun.
    let interrupted = |other: &str| {
        let mut command = place.command(&[&case[..], &[other, "--junit", "cases.xml"]].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let pid = child.id().to_string();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let begins = lines.find(|line| line.as_ref().unwrap().starts_with("soak: "));
        assert!(begins.is_some());
        // Ctrl-C is waited for by a thread of its own, which begins at the same time.
        std::thread::sleep(std::time::Duration::from_secs(1));
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        // First a word at once, then what came of it.
        let error = lines.map(Result::unwrap).collect::<Vec<_>>().join("\n");
        (child.wait_with_output().unwrap(), error)
    };
    let (output, error) = interrupted("races");
    assert_eq!((code(&output), error.contains("the cases that were over")), (130, true), "{error}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("PARTIAL: it was interrupted. Not run to their end: soak."), "{text}");
    assert!(text.contains("120 orders"), "{text}");
    let saved = place.read("suite/suite.json");
    let json: serde_json::Value = serde_json::from_str(&saved).unwrap();
    assert_eq!((&json["complete"], &json["left"][0]), (&false.into(), &"soak".into()));
    assert_eq!(json["cases"].as_array().unwrap().len(), 1);
    assert!(place.read("cases.xml").contains("skipped=\"1\""));
    // The report of earlier cases is worth more than one of none.
    let (output, error) = interrupted("soak");
    assert_eq!((code(&output), error.contains("nothing to report")), (130, true), "{error}");
    assert_eq!(place.read("suite/suite.json"), saved);
}

#[test]
fn validate_holds_figures_against_exact_values_for_people_and_for_scripts() {
    let place = Place::new();
    let text = place.says(&["validate", "v16 d", "V16 c", "--markdown", "page.md"]);
    for line in text.lines() {
        assert!(line.width() <= 80, "{} columns: {line}", line.width());
    }
    let row = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name));
        let line = line.unwrap_or_else(|| panic!("no {name} in\n{text}"));
        Vec::from_iter(line[name.len()..].split_whitespace())
    };
    assert_eq!(row("unassigned after, s"), ["510", "510", "agrees"]);
    assert_eq!(row("longest, s")[..3], ["0", "to", "120"]);
    let [exact, estimate, "±", half, off, "agrees"] = row("mean delay, s")[..] else {
        panic!("{text}")
    };
    let number = |text: &str| text.parse::<f64>().unwrap();
    assert_eq!(exact, "60");
    // Half a 95 % interval is about two standard errors.
    let expected = (number(estimate) - 60.0) / (number(half) / 2.04);
    assert!((number(off) - expected).abs() < 0.1, "{text}");
    assert!(text.contains("scenarios/reference/v16_manual_sla.toml"), "{text}");
    assert!(text.ends_with("5 of 5 figures agree, in 2 cases with one seed each.\n"), "{text}");
    let page = place.read("page.md");
    assert!(page.contains("](../scenarios/reference/v16_removal_delay.toml)"), "{page}");
    assert!(page.contains("| unassigned after, s | 510 | 510 |  | agrees |"), "{page}");
    let unknown = place.run(&["validate", "V16", "V8"]);
    assert_eq!(code(&unknown), 2);
    let message = "there is no case `V8`; there are V1, V2, V3";
    assert!(error_of(&unknown).contains(message), "{}", error_of(&unknown));
    let help = place.says(&["validate", "--help"]);
    assert!(help.contains("1 a figure disagrees or is vague"), "{help}");
}

#[test]
fn the_json_of_a_validation_has_every_number_of_each_figure_and_seed() {
    let place = Place::new();
    let one = place.says(&["validate", "V16 c", "--json", "--threads", "1"]);
    assert_eq!(one, place.says(&["validate", "V16 c", "--json", "--threads", "3"]));
    let one: serde_json::Value = serde_json::from_str(&one).unwrap();
    assert_eq!(one["schema"], "shiftstorm/validation/1");
    assert_eq!((&one["figures"], &one["agreeing"]), (&3.into(), &3.into()));
    let case = &one["cases"][0];
    assert_eq!(case["case"], "V16 c");
    assert_eq!(case["file"], "scenarios/reference/v16_removal_delay.toml");
    assert_eq!(case["failures"], serde_json::json!([]));
    let mean = &case["figures"][0];
    assert_eq!((&mean["figure"], &mean["exact"]), (&"mean delay, s".into(), &60.0.into()));
    assert_eq!((&mean["verdict"], &mean["replications"]), (&"agrees".into(), &32.into()));
    let number = |key: &str| mean[key].as_f64().unwrap_or_else(|| panic!("no {key} in {mean}"));
    let (low, high, error) = (number("low"), number("high"), number("standard_error"));
    assert!(low < number("estimate") && number("estimate") < high);
    assert!((number("standard_errors_off") - (number("estimate") - 60.0) / error).abs() < 1e-9);
    assert!((number("largest_standard_error") - 0.6).abs() < 1e-12 && error < 0.6);
    assert_eq!(mean["seeds"].as_array().unwrap().len(), 1);
    assert_eq!(mean["seeds"][0]["estimate"], mean["estimate"]);
    let longest = &case["figures"][2];
    assert_eq!((&longest["exact"], &longest["at_most"]), (&().into(), &120.0.into()));
    assert!(longest["standard_error"].is_null());
    let full = place.says(&["validate", "V16 d", "--full", "--json"]);
    let full: serde_json::Value = serde_json::from_str(&full).unwrap();
    let seeds = full["cases"][0]["figures"][0]["seeds"].as_array().unwrap().clone();
    let mut numbers = Vec::from_iter(seeds.iter().map(|seed| seed["seed"].as_u64().unwrap()));
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 10);
}
