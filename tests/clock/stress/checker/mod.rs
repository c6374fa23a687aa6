//! The files of varied runs, read by code that shares nothing with what writes them: percentiles, rates,
//! rows and books agree.
//!
//! `STRESS_RUNS=30 cargo test --release --test clock stress::checker` makes so many runs.

mod interval_log;
mod varied;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;

use self::interval_log::{LogLine, ReadHistogram};
use self::varied::Dice;

/// All that a run left.
struct RunFiles {
    scenario: String,
    json: Json,
    rows: Vec<csv::StringRecord>,
    heads: csv::StringRecord,
    log_start: f64,
    log: Vec<LogLine>,
    junit: String,
    metrics: String,
    exit: i32,
}

#[test]
fn the_files_of_varied_runs_agree_with_each_other() {
    let runs = std::env::var("STRESS_RUNS").map_or(5, |runs| runs.parse().expect("a number"));
    let directory = std::env::temp_dir().join(format!("shiftstorm-checker-{}", std::process::id()));
    for seed in 0..runs {
        let scenario = varied::scenario(&mut Dice(seed + 1));
        let files = RunFiles::of(scenario, &directory);
        files.arrivals_and_messages_add_up();
        files.rows_add_up_to_the_run();
        files.percentiles_are_those_of_the_histograms();
        files.rates_are_over_the_load();
        files.thresholds_are_judged_by_what_was_measured();
        files.metrics_are_those_of_the_run();
        fs::remove_dir_all(&directory).expect("the directory is ours");
    }
}

impl RunFiles {
    fn of(scenario: String, directory: &Path) -> Self {
        fs::create_dir_all(directory).expect("it can be made");
        let path = |name: &str| directory.join(name);
        fs::write(path("day.toml"), &scenario).expect("it can be written");
        let output = Command::new(env!("CARGO_BIN_EXE_shiftstorm"))
            .current_dir(directory)
            .args(
                "stress day.toml --out run --json --junit cases.xml --metrics run.prom".split(' '),
            )
            .output()
            .expect("it is built");
        let exit = output.status.code().unwrap_or(-1);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!([0, 4, 5].contains(&exit), "{scenario}\n{said}");
        let text = |path: PathBuf| fs::read_to_string(path).expect("it is there");
        let main = text(path("run/stress.json"));
        assert_eq!(String::from_utf8_lossy(&output.stdout), main, "what is printed is saved");
        let mut series = csv::Reader::from_path(path("run/series.csv")).expect("it is there");
        let heads = series.headers().expect("heads").clone();
        let (log_start, log) = interval_log::read(&text(path("run/histograms.hlog")));
        Self {
            json: serde_json::from_str(&main).expect("JSON"),
            rows: series.records().map(|row| row.expect("a row")).collect(),
            heads,
            log_start,
            log,
            junit: text(path("cases.xml")),
            metrics: text(path("run.prom")),
            exit,
            scenario,
        }
    }

    /// Fails with the scenario, so that it can be run again.
    #[track_caller]
    fn check(&self, holds: bool, what: impl std::fmt::Display) {
        assert!(holds, "{what}\nof the run\n{}", self.scenario);
    }

    fn count(&self, name: &str) -> u64 {
        self.json["counts"][name].as_u64().unwrap_or_else(|| panic!("no count {name}"))
    }

    fn number(&self, name: &str) -> f64 {
        self.json[name].as_f64().unwrap_or_else(|| panic!("no number {name}"))
    }

    /// A column of the series; nothing is 0.
    fn column(&self, name: &str) -> Vec<f64> {
        let at = self.heads.iter().position(|head| head == name);
        let at = at.unwrap_or_else(|| panic!("no column {name}"));
        self.rows.iter().map(|row| row[at].parse().unwrap_or(0.0)).collect()
    }

    fn arrivals_and_messages_add_up(&self) {
        let of = |value: &Json, name: &str| value[name].as_u64().expect("a count");
        let arrivals = &self.json["arrivals"];
        let parts = ["opened", "started", "waiting", "refused", "lost"];
        let parts: u64 = parts.iter().map(|part| of(arrivals, part)).sum();
        self.check(of(arrivals, "scheduled") == parts, format!("arrivals: {arrivals}"));
        self.check(of(arrivals, "scheduled") == self.count("scheduled"), "scheduled");
        self.check(of(arrivals, "refused") == self.count("refused"), "refused");
        let messages = self.json["messages"].as_object().expect("classes");
        let mut handled = 0;
        let mut dead = 0;
        for (class, account) in messages {
            let parts = ["handled", "queued", "refused", "dead"];
            let parts: u64 = parts.iter().map(|part| of(account, part)).sum();
            self.check(of(account, "sent") == parts, format!("{class}: {account}"));
            handled += of(account, "handled");
            dead += of(account, "dead");
        }
        self.check(handled == self.count("messages_handled"), format!("{handled} handled"));
        self.check(dead == self.count("messages_lost"), format!("{dead} lost"));
        let timers = self.count("armed");
        self.check(timers >= self.count("cancelled") + self.count("fired"), "timers");
    }

    fn rows_add_up_to_the_run(&self) {
        let columns = [
            ("scheduled", "scheduled"),
            ("refused", "refused"),
            ("opened", "opened"),
            ("closed", "closed"),
            ("unassigned", "unassigned"),
            ("replaced", "actors_replaced"),
            ("messages", "messages_handled"),
            ("armed", "armed"),
            ("cancelled", "cancelled"),
            ("fired", "fired"),
        ];
        for (column, count) in columns {
            let sum: f64 = self.column(column).iter().sum();
            self.check(sum == self.count(count) as f64, format!("{column}: {sum} in rows"));
        }
        // What is lost when the run is over is in no row.
        let lost: f64 = self.column("lost").iter().sum();
        self.check(lost <= self.count("messages_lost") as f64, format!("{lost} lost in rows"));
        let (until, seconds, at) = (self.column("until"), self.column("seconds"), self.instants());
        let mut end = 0.0;
        for (row, (until, seconds)) in until.iter().zip(&seconds).enumerate() {
            self.check((end + seconds - until).abs() < 1e-6, format!("row {row} has a gap"));
            self.check(*seconds <= 1.0 + 1e-9, format!("row {row} has {seconds} s"));
            let clock = at[row] - self.log_start;
            self.check((clock - until).abs() < 0.002, format!("row {row} at {clock}, not {until}"));
            end = *until;
        }
        let whole = (self.number("load") + self.drain()).min(self.number("length"));
        self.check((end - whole).abs() < 0.11, format!("rows end at {end}, not {whole}"));
    }

    /// The ends of the rows by the clock on the wall, in seconds since 1970; all in UTC.
    fn instants(&self) -> Vec<f64> {
        let at = self.heads.iter().position(|head| head == "at").expect("a column");
        let instants = self.rows.iter().map(|row| {
            let instant: jiff::Timestamp = row[at].parse().expect("RFC 3339");
            instant.as_millisecond() as f64 / 1e3
        });
        instants.collect()
    }

    fn drain(&self) -> f64 {
        let drain = self.scenario.lines().find_map(|line| line.strip_prefix("drain = '"));
        drain.map_or(0.0, |rest| rest.trim_end_matches("s'").parse().expect("seconds"))
    }

    fn histogram(&self, tag: &str) -> Option<&ReadHistogram> {
        self.log.iter().find(|line| line.tag == tag).map(|line| &line.histogram)
    }

    fn percentiles_are_those_of_the_histograms(&self) {
        for (name, timing) in self.json["timings"].as_object().expect("timings") {
            let count = timing["count"].as_u64().expect("a count");
            let Some(histogram) = self.histogram(name) else {
                self.check(count == 0 && timing["p99"].is_null(), format!("{name} of nothing"));
                continue;
            };
            self.check(histogram.count() == count, format!("{name}: {count}"));
            for (key, share) in
                [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p999", 0.999), ("max", 1.0)]
            {
                let (read, told) = (histogram.quantile(share) as f64 / 1e9, timing[key].as_f64());
                let near = told.is_some_and(|told| (told - read).abs() <= 1e-12 + 1e-9 * read);
                self.check(near, format!("{name}, {key}: {read} read, {told:?} told"));
            }
            let weighted =
                histogram.counts.iter().map(|(value, count)| *value as f64 * *count as f64);
            let mean = weighted.sum::<f64>() / count as f64 / 1e9;
            let told = timing["mean"].as_f64().expect("a mean");
            self.check((told - mean).abs() <= 0.001 * mean + 1e-9, format!("{name}: mean {mean}"));
        }
        for (name, column) in [("admission", "admission"), ("deadline_lateness", "lateness")] {
            let tag = format!("{name}/second");
            let seconds = self.log.iter().filter(|line| line.tag == tag);
            let timed: u64 = seconds.clone().map(|line| line.histogram.count()).sum();
            let timing = &self.json["timings"][name];
            let finished = timing["count"].as_u64().expect("a count")
                - timing["unfinished"].as_u64().expect("a count");
            self.check(timed == finished, format!("{tag}: {timed} timed, {finished} finished"));
            let (until, told) = (self.column("until"), self.column(&format!("{column}_p99")));
            for line in seconds {
                let end = line.start + line.length;
                let row = until.iter().position(|until| (until - end).abs() < 0.002);
                let told = told[row.unwrap_or_else(|| panic!("no row ends at {end}"))];
                let read = line.histogram.quantile(0.99) as f64 / 1e9;
                let near = (told - read).abs() <= 0.02 * read + 1e-6;
                self.check(near, format!("{tag} until {end}: {read} read, {told} told"));
                self.check(line.max >= 0.98 * read - 0.001, format!("{tag}: {}", line.max));
            }
        }
    }

    fn rates_are_over_the_load(&self) {
        let loaded = self.number("loaded");
        let scheduled = self.json["rates"]["scheduled"].as_f64().expect("a rate") * loaded;
        let count = self.count("scheduled") as f64;
        self.check((scheduled - count).abs() < 0.5, format!("{scheduled} in the load"));
        let until = self.column("until");
        for (column, count) in
            [("opened", "opened"), ("closed", "closed"), ("messages", "messages_handled")]
        {
            let in_load = self.json["rates"][count].as_f64().expect("a rate") * loaded;
            let rows = self.column(column);
            let sum = |is: &dyn Fn(f64) -> bool| -> f64 {
                rows.iter().zip(&until).filter(|(_, until)| is(**until)).map(|(row, _)| row).sum()
            };
            // The second in which the load ends may hold some of what comes after it.
            let (least, most) = (sum(&|it| it <= loaded - 1.0), sum(&|it| it < loaded + 1.0));
            let is_within = (least - 20.0..=most + 20.0).contains(&in_load);
            self.check(is_within, format!("{count}: {in_load}, {least} to {most}"));
        }
        for stage in self.json["stages"].as_array().expect("stages") {
            let (scheduled, loaded) = (&stage["counts"]["scheduled"], stage["loaded"].as_f64());
            self.check(loaded <= stage["length"].as_f64(), format!("{scheduled} in {stage}"));
        }
        let stages = self.json["stages"].as_array().expect("stages");
        let in_stages: Option<u64> =
            stages.iter().map(|stage| stage["counts"]["scheduled"].as_u64()).sum();
        let all = self.count("scheduled");
        self.check(stages.is_empty() || in_stages == Some(all), format!("{in_stages:?} in stages"));
    }

    fn thresholds_are_judged_by_what_was_measured(&self) {
        let is_valid = self.json["valid"].as_bool().expect("whether it is valid");
        let late = self.count("late") + self.count("unsent");
        let due = self.count("scheduled") + self.count("unsent");
        self.check(is_valid == (late as f64 <= 0.01 * due as f64), format!("{late} of {due} late"));
        let thresholds = self.json["thresholds"].as_array().expect("thresholds");
        let mut unmet = 0;
        for threshold in thresholds {
            let text = threshold["threshold"].as_str().expect("a text");
            let verdict = threshold["verdict"].as_str().expect("a word");
            unmet += usize::from(verdict != "met");
            let (value, limit) = (threshold["value"].as_f64(), threshold["limit"].as_f64());
            let (measure, _) = text.split_once(' ').expect("a measure");
            let told = match measure {
                "refused" => Some(self.count("refused") as f64),
                "rate(opened)" => self.json["rates"]["opened"].as_f64(),
                "p99(admission)" => self.json["timings"]["admission"]["p99"].as_f64(),
                _ => value,
            };
            self.check(value == told || due == 0, format!("{text}: {value:?}, not {told:?}"));
            if let (Some(value), Some(limit), true) = (value, limit, is_valid) {
                let most = threshold["at_most"].as_f64().unwrap_or(f64::INFINITY);
                let is_met = |value: f64| match text {
                    _ if text.contains("==") => value == limit,
                    _ if text.contains(">=") => value >= limit,
                    _ => value < limit,
                };
                let expected = match (is_met(value), is_met(most)) {
                    (true, true) => "met",
                    (false, false) => "missed",
                    _ => "unknown",
                };
                self.check(verdict == expected, format!("{text}: {value} to {most} is {verdict}"));
            }
            let name = text.replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
            self.check(
                self.junit.contains(&format!("name=\"{name}\"")),
                format!("{name} in JUnit"),
            );
        }
        let exit = if !is_valid { 5 } else { 4 * i32::from(unmet > 0) };
        self.check(self.exit == exit, format!("exit code {}, not {exit}", self.exit));
        let tests = format!("tests=\"{}\"", thresholds.len() + 1);
        let failures = format!("failures=\"{}\"", if is_valid { unmet } else { 1 });
        let started = self.json["started"].as_str().expect("a start");
        for said in [tests, failures, format!("timestamp=\"{started}\"")] {
            self.check(self.junit.contains(&said), format!("{said} in {}", self.junit));
        }
    }

    fn metrics_are_those_of_the_run(&self) {
        let value = |name: &str| -> f64 {
            let name = format!("shiftstorm_stress_{name}{{");
            let line = self.metrics.lines().find(|line| line.starts_with(&name));
            let line = line.unwrap_or_else(|| panic!("no metric {name}"));
            line.rsplit(' ').next().and_then(|value| value.parse().ok()).expect("a value")
        };
        for (name, count) in self.json["counts"].as_object().expect("counts") {
            let told = value(&format!("{name}_total"));
            self.check(Some(told) == count.as_f64(), format!("metric {name}: {told}"));
        }
        for (name, timing) in self.json["timings"].as_object().expect("timings") {
            let count = value(&format!("{name}_seconds_count"));
            self.check(Some(count) == timing["count"].as_f64(), format!("metric {name}: {count}"));
            let bucket = format!("shiftstorm_stress_{name}_seconds_bucket{{");
            let buckets = self.metrics.lines().filter(|line| line.starts_with(&bucket));
            let buckets =
                buckets.map(|line| line.rsplit(' ').next().and_then(|it| it.parse().ok()));
            let buckets = Vec::from_iter(buckets.map(|it: Option<f64>| it.expect("a count")));
            self.check(
                buckets.is_sorted() && buckets.last() == Some(&count),
                format!("{buckets:?}"),
            );
        }
        self.check(self.metrics.ends_with("# EOF\n"), "the end of the metrics");
    }
}
