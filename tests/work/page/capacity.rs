//! Pages of capacity searches.

use std::convert::Infallible;
use std::fs;
use std::path::Path;
use std::time::Duration;

use scraper::Html;
use shiftstorm::report::RunTitle;
use shiftstorm::report::folder::{FolderRequest, ReportFolder};
use shiftstorm::report::stress::{CAPACITY, CapacityReport, SavedCapacity};
use shiftstorm::scenario::{self, Source};
use shiftstorm::stress::capacity::{CapacitySearch, FoundCapacity, TrialResult, Yardstick, search};
use shiftstorm::stress::{JudgedThreshold, MeasuredValue};

use super::{Dice, asks_for_nothing, can_be_read, fresh_directory, hostile, same_elements, texts};

const TEXT: &str = "agents.chat = {}\nconsumers.web.arrivals = '100/s'\n\
                    stress.thresholds = ['p99(deadline_lateness) < \"5ms\"']";

#[test]
fn names_make_no_elements_and_the_limit_is_told() {
    let mut dice = Dice(13);
    let harmless = ["one", "two", "three", "four"].map(str::to_owned);
    let good = page(&harmless, None);
    let good_tree = Html::parse_document(&good);
    for _ in 0..20 {
        let bad = std::array::from_fn(|_| hostile(&mut dice));
        same_elements(&Html::parse_document(&page(&bad, None)), &good_tree, &bad);
    }
    asks_for_nothing(&good);
    can_be_read(&good, 2);
    let headline = Vec::from_iter(texts(&good_tree, ".headline")).join(" ");
    // The machine of this test holds 7341 arrivals a second.
    let held = found().held.expect("something is held").rate;
    assert!((6_900.0..=7_341.0).contains(&held), "{held}");
    let digits = String::from_iter(headline.chars().filter(char::is_ascii_digit));
    assert!(digits.starts_with(&format!("{held:.0}")), "{headline}: {held}");
}

#[test]
fn an_earlier_search_stands_beside_it() {
    let names = ["one", "two", "three", "four"].map(str::to_owned);
    let directory = fresh_directory();
    write(&names, None, &directory);
    let earlier = SavedCapacity::read(&directory).expect("it was written just now");
    fs::remove_dir_all(&directory).expect("the folder is ours");
    let page = page(&names, Some(&earlier));
    can_be_read(&page, 2);
    let tree = Html::parse_document(&page);
    let text = Vec::from_iter(texts(&tree, "main")).join(" ");
    assert!(text.contains("earlier"), "{text}");
}

/// A machine whose deadlines are 1 ms late up to 7341 arrivals a second and 9 ms beyond.
fn found() -> FoundCapacity<TrialResult> {
    let scenario = scenario();
    let attempt = |_, pace: f64| -> Result<_, Infallible> {
        let rate = 100.0 * pace;
        let late = if rate <= 7_341.0 { 0.001 } else { 0.009 };
        let judge = |threshold: &_| JudgedThreshold {
            threshold: Clone::clone(threshold),
            value: Some(MeasuredValue::exact(late)),
            timed: Some(10_000),
        };
        Ok(Some(TrialResult {
            rate,
            valid: true,
            opened: rate,
            timers: 5.0 * rate,
            lateness: Some(Duration::from_secs_f64(late)),
            judged: scenario.stress.thresholds.iter().map(judge).collect(),
            length: Duration::from_secs(3),
            yardstick: Yardstick { before: 2e7, after: 2e7 },
        }))
    };
    search(CapacitySearch::default(), attempt).unwrap_or_else(|never| match never {})
}

fn scenario() -> scenario::Scenario {
    let source = Source { name: "day.toml".to_owned(), text: TEXT.to_owned() };
    scenario::parse(source, Path::new("")).unwrap_or_else(|findings| panic!("{findings}"))
}

fn page(names: &[String; 4], against: Option<&SavedCapacity>) -> String {
    let directory = fresh_directory();
    write(names, against, &directory);
    let page = fs::read_to_string(directory.join("report.html")).expect("there is a page");
    fs::remove_dir_all(&directory).expect("the folder is ours");
    page
}

/// A report with these as name, question, variant and source.
fn write(
    [name, question, variant, source]: &[String; 4],
    against: Option<&SavedCapacity>,
    to: &Path,
) {
    let scenario = scenario();
    let report = CapacityReport {
        title: RunTitle { name, question, variant, source },
        seed: 1,
        started: &"2026-03-29T14:05:09+02:00[Europe/Berlin]".parse().expect("a time"),
        shards: 2,
        settings: &scenario.stress,
        found: &found(),
        against,
    };
    let folder = ReportFolder::take_for(&CAPACITY, &FolderRequest::new(to, name))
        .expect("the folder is new");
    report.write(&folder).expect("the folder can be written");
}
