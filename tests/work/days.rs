//! Figures by day and by weekday: ratios of sums over the days within a replication, and intervals over
//! replications.

use std::collections::BTreeMap;
use std::path::Path;

use calamine::Reader as _;
use shiftstorm::base::special::student_bound;
use shiftstorm::experiment::Experiment;
use shiftstorm::scenario::{self, Source};

use super::cli::Place;

/// Two weeks of two days each; on Tuesdays a third agent fails to come in one variant.
const WEEKS: &str = "
run = { from = '2026-03-02', days = 9, end = 'cut', replications = 4, seed = 7 }
measure.interval = '1h'
service_level.within = '10m'
base = 'three'
agents.team = { count = 2, shifts = { mon-tue = '08:00-12:00' }, reply_time = { exponential = { mean = '2m' } } }
agents.third = { like = 'team', count = 1, shifts = { mon-tue = '08:00-12:00' } }
[consumers.chat]
arrivals = { every = '1h', from = '08:00', volumes = { mon = [20, 20, 20, 20], tue = [30, 30, 30, 30] } }
messages = 1
patience = { exponential = { mean = '5m' } }
[[variant]]
name = 'two on Tuesdays'
agents.third.shifts = { mon = '08:00-12:00' }
";

type Row = BTreeMap<String, String>;

fn rows(place: &Place) -> Vec<Row> {
    let mut rows = csv::Reader::from_path(place.0.join("out/day/days.csv")).unwrap();
    rows.deserialize().map(|row| row.unwrap()).collect()
}

fn row<'a>(rows: &'a [Row], variant: &str, day: &str) -> &'a Row {
    let is_meant = |row: &&Row| row["variant"] == variant && row["day"] == day;
    rows.iter().find(is_meant).unwrap_or_else(|| panic!("no {variant}, {day}: {rows:?}"))
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {row:?}"))
}

/// Offered and abandoned of each replication of a variant in the intervals of some days.
fn counts(variant: usize, days: &[i64]) -> Vec<[f64; 2]> {
    let source = Source { name: "day.toml".to_owned(), text: WEEKS.to_owned() };
    let scenario = scenario::parse(source, Path::new("")).unwrap();
    let mut experiment = Experiment::new(&scenario);
    (0..4)
        .map(|replication| {
            experiment.replications = replication..replication + 1;
            let results = experiment.run(1, &std::sync::Arc::default(), &mut ());
            let outcome = results.variants[variant].pooled.as_deref().unwrap();
            let intervals = outcome.intervals.iter().enumerate();
            let within = intervals.filter(|(at, _)| days.contains(&(*at as i64 / 24)));
            within.fold([0.0, 0.0], |[offered, abandoned], (_, interval)| {
                let flow = &interval.flow;
                [offered + flow.offered as f64, abandoned + flow.abandoned() as f64]
            })
        })
        .collect()
}

/// A ratio of sums and half its interval by the delta method, as a textbook has it.
fn ratio(pairs: &[[f64; 2]]) -> [f64; 2] {
    let (whole, part) =
        (pairs.iter().map(|it| it[0]).sum::<f64>(), pairs.iter().map(|it| it[1]).sum::<f64>());
    let (count, value) = (pairs.len() as f64, part / whole);
    let squares = pairs.iter().map(|it| (it[1] - value * it[0]).powi(2)).sum::<f64>();
    let error = (squares / (count - 1.0) / count).sqrt() / (whole / count);
    [value, error * student_bound(0.95, count - 1.0)]
}

#[test]
fn days_and_weekdays_are_ratios_of_sums_with_intervals_over_replications() {
    let place = Place::with(WEEKS);
    place.says(&["run", "day.toml"]);
    let rows = rows(&place);
    // Nine days and seven weekdays, of two variants.
    assert_eq!(rows.len(), 32);
    for (variant, name) in ["three", "two on Tuesdays"].into_iter().enumerate() {
        for (day, days) in
            [("Tue 3 Mar", &[1][..]), ("Tue, 2 days", &[1, 8]), ("Mon, 2 days", &[0, 7])]
        {
            let row = row(&rows, name, day);
            let counts = counts(variant, days);
            let [value, half] = ratio(&counts);
            assert!((number(row, "abandonment") - value).abs() < 1e-6, "{day}: {row:?}");
            assert!((number(row, "abandonment_half_width") - half).abs() < 1e-6, "{day}: {row:?}");
            let offered = counts.iter().map(|it| it[0]).sum::<f64>() / 4.0 / days.len() as f64;
            assert!((number(row, "offered") - offered).abs() < 1e-6, "{day}: {row:?}");
        }
    }
    let tuesday = row(&rows, "two on Tuesdays", "Tue, 2 days");
    assert_eq!((&*tuesday["weekday"], &*tuesday["days"], &*tuesday["date"]), ("Tue", "2", ""));
    // Four hours of two agents instead of three.
    assert!((number(tuesday, "logged_in") - 8.0).abs() < 1e-6, "{tuesday:?}");
    assert!((number(row(&rows, "three", "Tue 3 Mar"), "logged_in") - 12.0).abs() < 1e-6);
    let net = number(tuesday, "logged_in") - number(tuesday, "required");
    assert!((number(tuesday, "net") - net).abs() < 1e-6, "{tuesday:?}");
}

/// Mondays are the same in both variants: their difference is exactly nothing.
#[test]
fn differences_to_the_base_are_replication_by_replication() {
    let place = Place::with(WEEKS);
    place.says(&["run", "day.toml"]);
    let rows = rows(&place);
    let monday = row(&rows, "two on Tuesdays", "Mon 2 Mar");
    for column in ["service_level_difference", "service_level_difference_half_width"] {
        assert_eq!(number(monday, column), 0.0, "{monday:?}");
    }
    let tuesday = row(&rows, "two on Tuesdays", "Tue, 2 days");
    let base = row(&rows, "three", "Tue, 2 days");
    let difference = number(tuesday, "abandonment") - number(base, "abandonment");
    assert!((number(tuesday, "abandonment_difference") - difference).abs() < 1e-6);
    assert!(difference > number(tuesday, "abandonment_difference_half_width"), "{tuesday:?}");
    assert_eq!(base["abandonment_difference"], "", "the base has none");
}

#[test]
fn days_are_the_same_after_a_stop_and_in_a_sheet_of_the_workbook() {
    let place = Place::with(WEEKS);
    place.says(&["run", "day.toml", "--threads", "1"]);
    let whole = place.read("out/day/days.csv");
    place.says(&["run", "day.toml", "--threads", "3", "--out", "other"]);
    assert_eq!(place.read("other/days.csv"), whole);
    let mut book: calamine::Xlsx<_> =
        calamine::open_workbook(place.0.join("out/day/results.xlsx")).unwrap();
    let sheet = book.worksheet_range("Days").unwrap();
    assert_eq!((sheet.height(), whole.lines().count()), (33, 33));
    let page = place.read("out/day/report.html");
    assert!(page.contains("By weekday, counts and hours a day") && page.contains("Tue, 2 days"));
    place.says(&["report", "out/day"]);
    assert_eq!(place.read("out/day/report.html"), page);
}

#[test]
fn a_run_of_one_day_has_no_such_file() {
    let place = Place::with("run.until = '2h'\nagents.a = {}\nconsumers.c.arrivals = '6/h'");
    place.says(&["run", "day.toml"]);
    assert!(!place.0.join("out/day/days.csv").exists());
}

/// Of four skills three have maps: those with the lowest service level. What is said of a skill's hours is
/// the sum of its intervals.
#[test]
fn the_skills_that_fare_worst_have_maps_of_their_own() {
    let skills = [("a", 4), ("b", 1), ("c", 2), ("d", 1)];
    let parts = skills.map(|(name, agents)| {
        format!(
            "agents.{name} = {{ count = {agents}, skills = ['{name}'], shifts = '08:00-12:00', \
             reply_time = {{ exponential = {{ mean = '3m' }} }} }}\n\
             consumers.{name} = {{ skill = '{name}', messages = 1, patience = {{ exponential = {{ mean = '5m' }} }}, \
             arrivals = {{ every = '4h', from = '08:00', volumes = [80] }} }}\n"
        )
    });
    let place = Place::with(&format!(
        "run = {{ from = '2026-03-02', days = 2, end = 'cut', replications = 3 }}\n\
         measure.interval = '1h'\nservice_level.within = '10m'\n{}",
        parts.concat()
    ));
    place.says(&["run", "day.toml"]);
    let lines = place.csv("out/day/skills.csv");
    let mut levels = Vec::from_iter(lines.iter().zip(1..).map(|(line, number)| {
        let level: f64 = line["service_level"].parse().unwrap();
        (level, number, line["skill"].clone())
    }));
    levels.sort_by(|one, other| one.0.total_cmp(&other.0));
    for (rank, (_, number, _)) in levels.iter().enumerate() {
        for map in ["service_level_1", "net_staffing"] {
            let file = format!("out/day/charts/days_skill_{number}_{map}.svg");
            assert_eq!(place.0.join(&file).exists(), rank < 3, "{file}: {levels:?}");
        }
    }
    let page = place.read("out/day/report.html");
    assert!(page.contains("the 3 of 4 skills whose service level is lowest in base"));
    let intervals = place.csv("out/day/skill_intervals.csv");
    for (_, _, skill) in &levels {
        let of_skill = || intervals.iter().filter(|line| line["skill"] == *skill);
        let sum = |column: &str| -> f64 {
            of_skill().filter_map(|line| line[column].parse::<f64>().ok()).sum()
        };
        let net = sum("staffed") - sum("required");
        assert!((sum("net") - net).abs() < 1e-3, "{skill}");
        // Four hours of each of two days.
        let agents = skills.iter().find(|(name, _)| name == skill).unwrap().1;
        assert!((sum("staffed") - 8.0 * f64::from(agents)).abs() < 1e-3, "{skill}");
        let cells = page.split("<tr").find(|row| {
            row.contains(&format!(">{skill}<")) && row.contains(&format!(">{net:.1}<"))
        });
        assert!(cells.is_some(), "{skill}: {net:.1} h");
    }
}
