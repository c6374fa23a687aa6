//! Totals of a run whose patience and work are known, and what `calibrate` makes of them.

use std::fs;

use serde_json::Value as Json;

use crate::cli::{Place, code, error_of};

/// A morning with too few agents.
fn morning(reply_time: &str, patience: &str) -> String {
    format!(
        r#"
run = {{ seed = 5, starts_at = "09:00", until = "13:00", replications = 1 }}
service_level.within = "60s"
[agents.chat]
count = 6
concurrency = 2
reply_time = {{ exponential = {{ mean = "{reply_time}" }} }}
[consumers.web]
arrivals = "150/h"
messages = 3
think = {{ exponential = {{ mean = "40s" }} }}
patience = {{ exponential = {{ mean = "{patience}" }} }}
"#
    )
}

/// The valley at some work, between its rows.
fn patience_at(valley: &[Json], work: f64) -> Option<[f64; 2]> {
    let number = |row: &Json, pointer: &str| row.pointer(pointer).unwrap().as_f64().unwrap();
    let within = valley
        .windows(2)
        .find(|rows| (number(&rows[0], "/work")..=number(&rows[1], "/work")).contains(&work))?;
    let share = (work - number(&within[0], "/work"))
        / (number(&within[1], "/work") - number(&within[0], "/work"));
    let at = |pointer: &str| {
        let ends = [0, 1].map(|row| number(&within[row], pointer));
        ends[0] + share * (ends[1] - ends[0])
    };
    Some([at("/patience/least"), at("/patience/most")])
}

#[test]
fn the_valley_holds_the_pair_that_made_the_totals_and_others() {
    let place = Place::with(&morning("50s", "3m"));
    place.says(&["run", "day.toml", "--seed", "77", "--quiet", "--out", "true"]);
    let rows = place.csv("true/intervals.csv");
    let mut table = "Intervall;angebotene;Servicelevel;Abbrüche;Schwelle\n".to_owned();
    let mut measured = [0.0, 0.0];
    for row in rows.iter().filter(|row| row["offered"] != "0") {
        let number = |name: &str| row[name].parse::<f64>().unwrap();
        let (offered, left) = (number("offered"), number("abandoned"));
        let level = number("service_level") * 100.0;
        table.push_str(&format!("{};{offered};{level:.2} %;{left};60\n", row["starts"]));
        measured[0] += offered;
        measured[1] += left;
    }
    fs::write(place.0.join("totals.csv"), table.replace('.', ",")).unwrap();
    // What is known of the centre: half the patience, a quarter more work, and nobody knows it.
    fs::write(place.0.join("guess.toml"), morning("40s", "6m")).unwrap();
    let calibrate = [
        "calibrate",
        "guess.toml",
        "--totals",
        "totals.csv",
        "--csv",
        "tried.csv",
        "--json",
        "found.json",
        "--html",
        "page.html",
    ];
    let said = place.says(&calibrate);
    let said = Vec::from_iter(said.split_whitespace()).join(" ");
    assert!(said.contains("totals cannot tell which is true"), "{said}");
    let found: Json = serde_json::from_str(&place.read("found.json")).unwrap();
    let near = |pointer: &str, value: f64| {
        let found = found.pointer(pointer).unwrap().as_f64().unwrap();
        assert!((found - value).abs() < 1e-3 * value.max(1.0), "{pointer}: {found}, not {value}");
    };
    near("/measured/offered", measured[0]);
    near("/measured/abandonment", measured[1] / measured[0]);
    let valley = found["valley"].as_array().unwrap();
    assert!(valley.len() >= 2, "never one point alone: {valley:?}");
    let [least, most] = patience_at(valley, 1.25).unwrap_or_else(|| panic!("{valley:?}"));
    assert!((least..=most).contains(&0.5), "{least} to {most}: {valley:?}");
    let tried = found["tried"].as_array().unwrap();
    assert!(tried.len() <= 40, "{}", tried.len());
    assert_eq!(place.csv("tried.csv").len(), tried.len());
    assert!(place.read("page.html").contains("Pairs that reproduce the totals"));
    // The same scenario and seed: the same bytes.
    let before = place.read("found.json");
    place.says(&calibrate);
    assert_eq!(place.read("found.json"), before);
}

#[test]
fn totals_that_nothing_reproduces_are_told_so() {
    let place = Place::with(&morning("40s", "6m"));
    let table = "interval,offered,service level,abandoned\n09:00,300,99%,200\n11:00,300,99%,200\n";
    fs::write(place.0.join("totals.csv"), table).unwrap();
    let output = place.run(&["calibrate", "day.toml", "--totals", "totals.csv"]);
    assert_eq!(code(&output), 4, "{}", error_of(&output));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = Vec::from_iter(said.split_whitespace()).join(" ");
    assert!(said.contains("No patience and work that were tried reproduce the totals."), "{said}");
    assert!(said.contains("The nearest pair"), "{said}");
}

#[test]
fn a_table_of_totals_is_refused_with_its_place() {
    let place = Place::with(&morning("40s", "6m"));
    for (table, why) in [
        ("interval,offered,abandoned\n09:00,10,1\n", "has no column for service level"),
        ("interval,offered,service level\n09:00,10,90%\n", "has no column for abandoned"),
        (
            "interval,offered,service level,abandoned\n09:00,10,90%,11\n",
            "more contacts left than were offered: row 2, column D",
        ),
        ("interval,offered,service level,abandoned\n09:00,10,190%,1\n", "row 2, column C"),
        ("interval,offered,service level,abandoned\n09:00,x,90%,1\n", "row 2, column B"),
        ("interval,offered,service level,abandoned\n09:00,0,90%,0\n", "nothing was offered"),
        (
            "interval;offered;service level;abandoned\n09:00;1,250;90%;1\n",
            "found: 1,250; say what stands before the fraction: --decimal comma or --decimal point",
        ),
        (
            "interval,offered,service level,abandoned,threshold\n09:00,10,90%,1,20\n09:30,10,90%,1,30\n",
            "two thresholds of the service level, 20 s and 30 s",
        ),
    ] {
        fs::write(place.0.join("totals.csv"), table).unwrap();
        let output = place.run(&["calibrate", "day.toml", "--totals", "totals.csv"]);
        assert_eq!(code(&output), 3, "{table}");
        assert!(error_of(&output).contains(why), "{table}: {}", error_of(&output));
    }
}
