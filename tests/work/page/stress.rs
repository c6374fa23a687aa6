//! Pages of wall-clock runs.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use scraper::Html;
use shiftstorm::report::RunTitle;
use shiftstorm::report::folder::{FolderRequest, ReportFolder};
use shiftstorm::report::stress::{FORM, StressReport};
use shiftstorm::scenario::{self, Source};
use shiftstorm::stress::capacity::Yardstick;
use shiftstorm::stress::{StressJob, StressResults};

use super::{Dice, asks_for_nothing, can_be_read, fresh_directory, hostile, same_elements, texts};

#[test]
fn names_make_no_elements_and_the_page_is_whole() {
    let results = run("late_after = '1h'");
    let mut dice = Dice(11);
    let good = page(&results, &["one", "two", "three", "four", "five"].map(str::to_owned));
    let good_tree = Html::parse_document(&good);
    for _ in 0..20 {
        let bad = std::array::from_fn(|_| hostile(&mut dice));
        same_elements(&Html::parse_document(&page(&results, &bad)), &good_tree, &bad);
    }
    asks_for_nothing(&good);
    can_be_read(&good, 8);
    assert!(good.len() < 1 << 20, "{} KiB", good.len() >> 10);
    let text = |selector| Vec::from_iter(texts(&good_tree, selector));
    assert_eq!(text(".headline"), ["1 of 2 thresholds is missed."]);
    assert_eq!(text("#thresholds tbody td:last-child"), ["met", "missed"]);
    assert_eq!(text("#faults tbody th"), ["stall at 0.2s, 0.3s"]);
    let cards = text(".statements h3");
    assert!(cards.iter().any(|card| card.starts_with("stall at 0.2s, 0.3s ")), "{cards:?}");
    assert!(text("#over_rates svg text").contains(&"stall".to_owned()), "the fault is marked");
}

#[test]
fn of_an_invalid_run_nothing_is_concluded() {
    // The router stands still, but the generator is never as exact as this anyway.
    let results = run("late_after = '100us'\nmailbox = 10");
    let tree = Html::parse_document(&page(&results, &["a", "b", "c", "d", "e"].map(str::to_owned)));
    assert!(!results.is_valid());
    let text = |selector| Vec::from_iter(texts(&tree, selector));
    assert!(text(".alert")[0].contains("this run is invalid"));
    assert!(text(".headline")[0].starts_with("Nothing can be concluded"));
    assert_eq!(text(".statements h3"), ["Load generator invalid"]);
    assert_eq!(text("#thresholds tbody td:last-child"), ["unknown", "unknown"]);
}

/// Rates are over the whole load, so whoever reads them must know that nobody came for the most of it.
#[test]
fn that_nobody_came_at_the_end_is_said_at_the_top() {
    let text = "agents.chat = {}\nconsumers.web.arrivals = '200/s'\n\
                [stress]\nlate_after = '1h'\nshards = 1\n\
                [[stress.stage]]\nfor = '500ms'\npace = 1\n\
                [[stress.stage]]\nfor = '1500ms'\npace = 0\n";
    let results = run_text(text.to_owned());
    let names = ["a", "b", "c", "d", "e"].map(str::to_owned);
    let tree = Html::parse_document(&page(&results, &names));
    let alerts = Vec::from_iter(texts(&tree, ".alert"));
    let said = "Nobody was to arrive in the last 1.0 s of the load of 2.0 s";
    assert!(alerts.iter().any(|alert| alert.contains(said)), "{alerts:?}");
}

fn run(settings: &str) -> StressResults {
    let text = format!(
        "run.until = '1h'\nagents.chat = {{ count = 20, concurrency = 3, reply_time = '20s' }}\n\
         consumers.web = {{ arrivals = '10000/s', messages = 2, think = '20s' }}\n\
         unassign = {{ enabled = true, timeout.online = '10s' }}\n\
         [stress]\nfor = '1200ms'\nspeed = 60.0\nshards = 1\n{settings}\n\
         thresholds = ['scheduled > 1', 'opened < 1']\n\
         [[stress.fault]]\nat = '200ms'\nstall = '300ms'\n"
    );
    let text = match settings.contains("mailbox") {
        true => text,
        // So many that a few durations are not too few, and no more.
        false => text.replace("10000/s", "20/s"),
    };
    run_text(text)
}

fn run_text(text: String) -> StressResults {
    let source = Source { name: "day.toml".to_owned(), text };
    let scenario =
        scenario::parse(source, Path::new("")).unwrap_or_else(|findings| panic!("{findings}"));
    let plan = scenario.variants[0].plan.clone();
    let job = StressJob { plan, settings: scenario.stress.clone(), journal: false };
    job.run(&AtomicBool::new(false), |_| {}).unwrap_or_else(|failure| panic!("{failure}"))
}

/// The page with these as name, question, variant, source and a setting.
fn page(
    results: &StressResults,
    [name, question, variant, source, setting]: &[String; 5],
) -> String {
    let settings = [setting.clone()];
    let report = StressReport {
        title: RunTitle { name, question, variant, source },
        settings: &settings,
        yardstick: Yardstick { before: 3e7, after: 3e7 },
        results,
    };
    let directory = fresh_directory();
    let folder = ReportFolder::take_for(&FORM, &FolderRequest::new(&directory, name))
        .expect("the folder is new");
    report.write(&folder).expect("the folder can be written");
    let page = fs::read_to_string(directory.join("report.html")).expect("there is a page");
    fs::remove_dir_all(&directory).expect("the folder is ours");
    page
}
