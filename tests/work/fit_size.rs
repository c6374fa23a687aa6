//! The memory of a fit does not grow with the log: a recorded day, written again for as many days as a log of
//! so many messages has.
//!
//! `FIT_MESSAGES` sets the messages of the long log, which then must also be fitted in two minutes.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::cli::Place;

/// Two skills, interruptions, absences and timeouts: all that is estimated.
const DAY: &str = r#"
run = { seed = 31, starts_at = "09:00", until = "17:00", replications = 1 }
resolve.after = "10m"
unassign = { enabled = true, timeout = { online = "4m", away = "60s", offline = "off" } }
[agents.day]
count = 20
concurrency = 3
shifts = ["08:45-17:30"]
reply_time = { lognormal = { mean = "40s", cv = 0.8 } }
interruptions = { every = { exponential = { mean = "40m" } }, for = { exponential = { mean = "6m" } } }
away.episodes = { reason = "Coffee", every = { exponential = { mean = "1h" } }, for = { exponential = { mean = "4m" } } }
[consumers.billing]
skill = "billing"
arrivals = "200/h"
messages = { geometric = 0.4 }
patience = { exponential = { mean = "4m" } }
[consumers.sales]
skill = "sales"
arrivals = "150/h"
messages = 3
patience = { exponential = { mean = "6m" } }
"#;

/// What a fit took.
struct Effort {
    messages: u64,
    seconds: f64,
    /// Highest resident memory, bytes.
    memory: u64,
}

/// A file of the log with the same rows for each of so many days, its dates moved on, and the rows of its
/// conversations told apart.
fn repeat(from: &Path, to: &Path, days: u32, dates_at: &str) {
    let lines = Vec::from_iter(BufReader::new(File::open(from).unwrap()).lines());
    let lines = Vec::from_iter(lines.into_iter().map(Result::unwrap));
    let headings = Vec::from_iter(lines[0].split(','));
    let place = |name: &str| headings.iter().position(|heading| *heading == name);
    let (date, names) = (place(dates_at).unwrap(), [place("sequence"), place("conversation")]);
    let mut output = BufWriter::new(File::create(to).unwrap());
    writeln!(output, "{}", lines[0]).unwrap();
    for day in 0..days {
        for line in &lines[1..] {
            for (at, field) in line.split(',').enumerate() {
                let comma = if at == 0 { "" } else { "," };
                if at == date {
                    let moved =
                        field[..10].parse::<Date>().unwrap().saturating_add(i64::from(day).days());
                    write!(output, "{comma}{moved}{}", &field[10..]).unwrap();
                } else if names.contains(&Some(at)) {
                    write!(output, "{comma}{day}{field:0>7}").unwrap();
                } else {
                    write!(output, "{comma}{field}").unwrap();
                }
            }
            writeln!(output).unwrap();
        }
    }
    output.flush().unwrap();
}

/// Fits a log of about so many messages.
fn fitted(place: &Place, messages: u64) -> Effort {
    let recorded = place.read("day/messages.csv");
    let of_day = recorded.lines().filter(|row| row.contains(",message,")).count() as u64;
    let days = u32::try_from(messages.div_ceil(of_day)).unwrap();
    let (from, to) = (place.0.join("day"), place.0.join("log"));
    fs::create_dir_all(&to).unwrap();
    for (file, dates_at) in
        [("messages.csv", "time"), ("presence.csv", "time"), ("roster.csv", "date")]
    {
        repeat(&from.join(file), &to.join(file), days, dates_at);
    }
    fs::copy(from.join("agents.csv"), to.join("agents.csv")).unwrap();
    let begun = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_shiftstorm"));
    command.args(["fit", "log", "--out", "fit", "--force", "--quiet"]).current_dir(&place.0);
    let mut child = command.stdout(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut memory = 0;
    let ended = loop {
        let status = fs::read_to_string(&status).unwrap_or_default();
        let highest = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let highest = highest.and_then(|it| it.trim().trim_end_matches(" kB").parse::<u64>().ok());
        memory = memory.max(highest.unwrap_or(0) * 1024);
        match child.try_wait().unwrap() {
            Some(ended) => break ended,
            None => std::thread::sleep(Duration::from_millis(2)),
        }
    };
    assert!(ended.success());
    let seconds = begun.elapsed().as_secs_f64();
    let json: serde_json::Value = serde_json::from_str(&place.read("fit/fit.json")).unwrap();
    let count = |who: &str| json["messages"][who].as_u64().unwrap();
    let read = count("consumers") + count("agents");
    assert_eq!(read, of_day * u64::from(days), "every day was read");
    fs::remove_dir_all(&to).unwrap();
    Effort { messages: read, seconds, memory }
}

#[test]
#[cfg(target_os = "linux")]
fn the_memory_of_a_fit_does_not_grow_with_the_log() {
    let given = std::env::var("FIT_MESSAGES").ok().map(|text| text.parse::<u64>().unwrap());
    let most = given.unwrap_or(200_000);
    let least = if given.is_some() { most / 10 } else { most / 4 };
    let place = Place::with(DAY);
    place.says(&["record", "day.toml", "--days", "1", "--out", "day", "--quiet"]);
    let [short, long] = [least, most].map(|messages| fitted(&place, messages));
    for effort in [&short, &long] {
        println!(
            "{} messages: {:.1} s, {} MB",
            effort.messages,
            effort.seconds,
            effort.memory / 1_000_000
        );
    }
    let ratio = long.memory as f64 / short.memory as f64;
    assert!(ratio < 1.25, "{ratio:.2} times the memory");
    if given.is_some() {
        assert!(long.memory <= 2 << 30, "{} bytes", long.memory);
        assert!(long.seconds < 120.0, "{:.1} s", long.seconds);
    }
}
