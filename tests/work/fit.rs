//! Logs of centres whose parameters are known, fitted: the truth lies in the intervals.
//!
//! Each interval misses the truth with 5 %. The seeds are fixed, and the tests allow a twentieth beyond the
//! interval, or say what they hold against.

use std::fs;
use std::path::Path;

use serde_json::Value as Json;
use shiftstorm::scenario;

use crate::cli::{Place, code, error_of};

/// What `fit` makes of a number of days of a scenario.
struct Fitted {
    place: Place,
    json: Json,
}

impl Fitted {
    fn of(scenario: &str, days: u32) -> Self {
        let place = Place::with(scenario);
        let days = days.to_string();
        place.says(&["record", "day.toml", "--days", &days, "--out", "log", "--quiet"]);
        place.says(&["fit", "log", "--out", "fit", "--quiet"]);
        let json = serde_json::from_str(&place.read("fit/fit.json")).unwrap();
        Self { place, json }
    }

    fn at(&self, pointer: &str) -> &Json {
        self.json.pointer(pointer).unwrap_or_else(|| panic!("no {pointer} in {:#}", self.json))
    }

    /// Whether an estimate, with its interval made longer by a twentieth of the value, holds the truth.
    fn holds(&self, pointer: &str, truth: f64) {
        let found = self.at(pointer);
        let part =
            |name: &str| found[name].as_f64().unwrap_or_else(|| panic!("{pointer}: {found}"));
        let slack = 0.05 * truth;
        let is_held = (part("low") - slack..=part("high") + slack).contains(&truth);
        assert!(is_held, "{pointer}: {truth} is not in {found}");
    }

    /// The fitted scenario passes `check`, and runs.
    fn passes_check(&self) -> String {
        let folder = self.place.0.join("fit");
        let scenario = scenario::load(&folder.join("fit.toml"));
        scenario.unwrap_or_else(|findings| panic!("{findings}"));
        self.place.says(&["run", "fit/fit.toml", "-n", "1", "--quiet", "--out", "again"]);
        fs::read_to_string(folder.join("fit.toml")).unwrap()
    }
}

/// Overloaded at noon, so that waits are spread and a quarter leaves, two in five of them silently.
const SILENT: &str = r#"
run = { seed = 21, starts_at = "09:00", until = "17:00", replications = 1 }
[agents.chat]
count = 2
concurrency = 3
reply_time = { lognormal = { mean = "20s", cv = 1.0 } }
[consumers.web]
arrivals = { every = "1h", volumes = [30, 60, 140, 190, 160, 60, 40, 20] }
messages = { geometric = 0.4 }
think = { lognormal = { mean = "70s", cv = 1.0 } }
patience = { exponential = { mean = "4m" } }
silent_share = 0.4
"#;

#[test]
fn silent_leavers_are_told_from_those_with_one_thing_to_say() {
    let fitted = Fitted::of(SILENT, 14);
    fitted.holds("/silent/finding/share", 0.4);
    fitted.holds("/silent/finding/mean_patience_seconds", 240.0);
    let mean = fitted.at("/silent/finding/mean_patience_seconds/value").as_f64().unwrap();
    assert!((mean / 240.0 - 1.0).abs() < 0.1, "within a tenth: {mean}");
    let ignoring = fitted.at("/silent/ignoring_mean_seconds/value").as_f64().unwrap();
    assert!(ignoring > 1.25 * 240.0, "who ignores them is misled: {ignoring}");
    fitted.holds("/silent/finding/one_message_share", 0.4);
    fitted.holds("/turns/form/geometric", 0.4);
    fitted.holds("/think/fit/fits/0/mean_seconds", 70.0);
    fitted.holds("/work/0/mean_seconds", 20.0);
    let text = fitted.passes_check();
    assert!(text.contains("\nsilent_share = 0."), "{text}");
}

/// Interruptions, timeouts that cut long answers, removals, absences: everything at once.
const BUSY: &str = r#"
run = { seed = 12, starts_at = "09:00", until = "17:00", replications = 1 }
resolve.after = "10m"
[unassign]
enabled = true
timeout = { online = "150s", away = "60s", offline = "off" }
[remove_ownership]
enabled = true
[agents.day]
count = 6
concurrency = 3
shifts = ["09:00-14:00"]
reply_time = { gamma = { mean = "40s", cv = 0.7 } }
interruptions = { every = { exponential = { mean = "40m" } }, for = { exponential = { mean = "8m" } } }
away.episodes = { reason = "Coffee", every = { exponential = { mean = "1h" } }, for = { exponential = { mean = "4m" } } }
[agents.late]
count = 5
concurrency = 3
shifts = ["12:00-18:00"]
reply_time = { gamma = { mean = "40s", cv = 0.7 } }
interruptions = { every = { exponential = { mean = "40m" } }, for = { exponential = { mean = "8m" } } }
[consumers.web]
arrivals = "90/h"
messages = 3
think = { exponential = { mean = "60s" } }
patience = { weibull = { mean = "3m", cv = 0.8 } }
"#;

#[test]
fn work_patience_and_timeouts_are_found_where_agents_are_interrupted() {
    let fitted = Fitted::of(BUSY, 10);
    fitted.holds("/work/0/mean_seconds", 40.0);
    let patience = "/patience/finding/fitted/fits/0/mean_seconds";
    fitted.holds(patience, 180.0);
    let mean = fitted.at(patience).get("value").and_then(Json::as_f64).unwrap();
    assert!((mean / 180.0 - 1.0).abs() < 0.1, "within a tenth: {mean}");
    let misleads = fitted.at("/patience/finding/mean_wait_of_those_who_left_is_off_by");
    assert!(misleads.as_f64().unwrap() < -0.4, "{misleads}");
    fitted.holds("/interruptions/every_seconds", 2400.0);
    // Most are cut by timeouts of 150 s.
    fitted.holds("/interruptions/length_seconds", 480.0);
    assert_eq!(fitted.at("/turns/form/fixed"), 3);
    let timeouts = fitted.at("/unassigns").as_array().unwrap();
    let timeout = |state: &str| {
        let of_state = timeouts.iter().find(|it| it["state"] == state);
        of_state.and_then(|it| it["timeout_seconds"].as_f64())
    };
    assert!((timeout("online").unwrap() - 150.0).abs() < 0.01, "{timeouts:?}");
    assert!((timeout("away").unwrap() - 60.0).abs() < 0.01, "{timeouts:?}");
    let text = fitted.passes_check();
    for line in ["after = \"600s\"", "[agents.\"day\"]", "[agents.\"late\"]", "reason = \"Coffee\""]
    {
        assert!(text.contains(line), "{line}: {text}");
    }
    // The staffing is that of the shifts.
    let staff = fitted.place.csv("fit/staffing.csv");
    let at = |time: &str| staff.iter().find(|row| row["time"] == time).unwrap()["staff"].clone();
    assert_eq!([at("08:30"), at("10:00"), at("15:00")], ["0", "6", "0"]);
}

/// Two skills whose work differs, and days of which some are busier.
const SKILLS: &str = r#"
run = { seed = 13, starts_at = "08:00", until = "10:00", replications = 1 }
[agents.both]
count = 8
concurrency = 2
[skills.billing]
reply_time = { lognormal = { mean = "90s", cv = 0.6 } }
[skills.sales]
reply_time = { lognormal = { mean = "30s", cv = 0.9 } }
[consumers.billing]
skill = "billing"
arrivals = { every = "30m", rates = [60, 80, 100, 120], busyness = { shape = 10 } }
messages = 2
burst = { size = { mixture = [{ share = 0.7, of = 1 }, { share = 0.3, of = 3 }] }, gap = "6s" }
[consumers.sales]
skill = "sales"
arrivals = "40/h"
messages = 2
"#;

#[test]
fn arrivals_and_work_are_those_of_each_skill() {
    let fitted = Fitted::of(SKILLS, 65);
    let arrivals = fitted.at("/arrivals/skills").as_array().unwrap();
    let position = |name: &str| arrivals.iter().position(|it| it["skill"] == name).unwrap();
    let (billing, sales) = (position("billing"), position("sales"));
    fitted.holds(&format!("/arrivals/skills/{billing}/busyness/variance"), 0.1);
    assert_eq!(fitted.at(&format!("/arrivals/skills/{sales}/busyness/none")), true);
    // Of 28 half-hours of sales, at 40 an hour, about one may miss the truth.
    let intervals = arrivals[sales]["intervals"].as_array().unwrap();
    let missed = intervals.iter().filter(|it| {
        let part = |name: &str| it["per_hour"][name].as_f64().unwrap();
        !(part("low")..=part("high")).contains(&40.0)
    });
    let missed = missed.count();
    assert!(intervals.len() >= 28 && missed <= 4, "{missed} of {}", intervals.len());
    let work = fitted.at("/work").as_array().unwrap();
    for (skill, mean) in [("billing", 90.0), ("sales", 30.0)] {
        let position = work.iter().position(|it| it["skill"] == skill).unwrap();
        fitted.holds(&format!("/work/{position}/mean_seconds"), mean);
    }
    let text = fitted.passes_check();
    assert!(text.contains("busyness = { shape = "), "{text}");
    assert!(text.contains("gap = \"6s\""), "{text}");
}

/// Two skills whose consumers differ, and too few agents for them.
const PEOPLE: &str = r#"
run = { seed = 15, starts_at = "09:00", until = "13:00", replications = 1 }
[agents.both]
count = 2
concurrency = 3
reply_time = { exponential = { mean = "30s" } }
[consumers.billing]
skill = "billing"
arrivals = "90/h"
messages = { geometric = 0.5 }
think = { exponential = { mean = "40s" } }
patience = { exponential = { mean = "60s" } }
[consumers.sales]
skill = "sales"
arrivals = "90/h"
messages = 2
think = { exponential = { mean = "120s" } }
patience = { exponential = { mean = "150s" } }
[consumers.rare]
skill = "rare"
arrivals = "1/h"
messages = 2
"#;

#[test]
fn consumers_of_two_skills_are_told_apart_and_those_of_a_rare_one_share_what_all_do() {
    let fitted = Fitted::of(PEOPLE, 14);
    let skills = fitted.at("/skills").as_array().unwrap();
    let position = |name: &str| skills.iter().position(|it| it["skill"] == name).unwrap();
    for (name, think, patience) in [("billing", 40.0, 60.0), ("sales", 120.0, 150.0)] {
        let at = position(name);
        fitted.holds(&format!("/skills/{at}/think/fit/fits/0/mean_seconds"), think);
        let fits = format!("/skills/{at}/patience/finding/fitted/fits/0/mean_seconds");
        fitted.holds(&fits, patience);
    }
    fitted.holds(&format!("/skills/{}/turns/form/geometric", position("billing")), 0.5);
    assert_eq!(fitted.at(&format!("/skills/{}/turns/form/fixed", position("sales"))), 2);
    let rare = &skills[position("rare")];
    assert!(rare["think"].is_null() && rare["patience"].is_null() && rare["turns"].is_null());
    let text = fitted.passes_check();
    let of_rare = text.split("[consumers.\"rare\"]").nth(1).unwrap();
    let of_rare = of_rare.split("[consumers.").next().unwrap();
    assert_eq!(of_rare.matches(", all skills").count(), 3, "{of_rare}");
    assert_eq!(text.matches(", all skills").count(), 3, "{text}");
    let said = fitted.at("/findings").to_string();
    assert!(said.contains("1 more share that of all: one of its own needs 200"), "{said}");
}

/// Beyond what it gives, it says in words what it cannot.
#[test]
fn the_public_log_gives_what_it_can_and_says_what_it_cannot() {
    let place = Place::new();
    let log = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/logs/public_sample.csv");
    let said = place.says(&["fit", log.to_str().unwrap(), "--out", "fit"]);
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    for sentence in [
        "Half of the answers come within 70m 11s of the first unanswered message",
        "and of the last one within 65m 27s (n = 1,081)",
        "Arrivals: not known. No arrival rates: the log holds a sample. Its 986 conversations",
        "Patience: not known. The log has no abandonments.",
        "Work of a reply: not known. The log does not tell which agent got a conversation",
        "Agents: not known. The log has no agents",
    ] {
        assert!(said.contains(sentence), "{sentence}\n{said}");
    }
    // Nothing to simulate comes of it.
    assert_eq!(place.names("fit"), ["fit.json", "index.html"]);
    let json: Json = serde_json::from_str(&place.read("fit/fit.json")).unwrap();
    for (name, seconds) in [("answers", 4_210.0), ("answers_from_last", 3_925.0)] {
        let median = json[name]["median_seconds"].as_f64().unwrap();
        // Bins are a hundredth wide.
        assert!((median / seconds - 1.0).abs() < 0.01, "{name}: {median}");
    }
    assert_eq!((&json["conversations"], &json["rows"]["bad"]), (&986.into(), &0.into()));
    // It is ordered by conversation.
    assert_eq!(json["rows"]["sorted"], true);
    let page = place.read("fit/index.html");
    assert!(page.contains("The log tells 3 of 9 things that a scenario needs."), "{page}");
}

#[test]
fn a_table_of_counts_without_busyness_has_none() {
    let place = Place::new();
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/logs/hourly_counts_100_days.csv");
    let said = place.says(&["fit", "--counts", table.to_str().unwrap(), "--out", "fit"]);
    assert!(said.starts_with("100 days. Busyness of days: None:"), "{said}");
    let json: Json = serde_json::from_str(&place.read("fit/fit.json")).unwrap();
    assert_eq!(json["arrivals"]["busyness"]["none"], true);
    assert_eq!(json["arrivals"]["busyness"]["variance"]["low"], 0.0);
    assert_eq!(json["arrivals"]["days"], 100);
    let nine = &json["arrivals"]["skills"][0]["intervals"][1]["per_hour"];
    let counts = fs::read_to_string(table).unwrap();
    let column = counts.lines().skip(1).map(|row| row.split(',').nth(2).unwrap());
    let sum: f64 = column.map(|cell| cell.parse::<f64>().unwrap()).sum();
    assert!((nine["value"].as_f64().unwrap() - sum / 100.0).abs() < 1e-9, "{nine}");
}

#[test]
fn bad_rows_are_named_and_at_most_a_share_of_them_is_left_out() {
    let place = Place::new();
    let good: String = (0..200)
        .map(|n| format!("{n},2026-03-02T09:{:02}:{:02}Z,consumer\n", n / 60, n % 60))
        .collect();
    let text = format!("conversation,time,from\n{good}x,never,consumer\n");
    fs::write(place.0.join("log.csv"), text).unwrap();
    let refused = place.run(&["fit", "log.csv", "--out", "fit"]);
    assert_eq!(code(&refused), 3);
    let error = error_of(&refused);
    assert!(error.contains("warning: log.csv, row 202, column B: not a date"), "{error}");
    assert!(error.contains("1 of 201 rows are not understood, 0.50 %"), "{error}");
    assert_eq!(place.names("fit"), Vec::<String>::new());
    place.says(&["fit", "log.csv", "--out", "fit", "--allow-bad-rows", "0.5%"]);
    let json: Json = serde_json::from_str(&place.read("fit/fit.json")).unwrap();
    assert_eq!((&json["rows"]["bad"], &json["conversations"]), (&1.into(), &200.into()));
}

#[test]
fn a_wrong_option_is_told() {
    let place = Place::new();
    fs::write(place.0.join("log.csv"), "conversation,time\n1,2026-03-02 09:00:00\n").unwrap();
    for (arguments, why) in [
        (&["--column", "tim=Sent"][..], "did you mean `time`?"),
        (&["--column", "time=Sent"], "there is no column with the heading `Sent`"),
        (&["--time-zone", "Europe/Berln"], "did you mean `Europe/Berlin`?"),
    ] {
        let refused = place.run(&[&["fit", "log.csv"], arguments].concat());
        assert!(matches!(code(&refused), 2 | 3), "{arguments:?}");
        assert!(error_of(&refused).contains(why), "{arguments:?}: {}", error_of(&refused));
    }
}
