//! Every shipped scenario loads without a warning, runs with the checks on, and shows what it was
//! written to show.

use std::path::{Path, PathBuf};

use shiftstorm::base::time::Span;
use shiftstorm::ledger::Outcome;
use shiftstorm::scenario::{self, Scenario};
use shiftstorm::simulation::{Job, Recording};

#[test]
fn every_shipped_scenario_runs_and_loses_nobody() {
    let files = shipped();
    assert!(files.len() >= 9, "scenarios are missing: {files:?}");
    for file in files {
        let scenario = load(&file);
        assert!(scenario.warnings.is_empty(), "{}: {}", file.display(), scenario.warnings);
        assert!(!scenario.question.is_empty(), "{} asks nothing", file.display());
        assert!(scenario.variants.len() > 1 || file.ends_with("quickstart.toml"));
        for outcome in outcomes(&scenario, 1) {
            assert!(outcome.flow.offered > 50, "{} is deserted", file.display());
            assert!(outcome.flow.balances(), "{} loses conversations", file.display());
            assert_eq!(outcome.flow.open_at_end, 0, "{} is not worked off", file.display());
        }
    }
}

#[test]
fn retail_day_shorter_timeouts_lose_fewer_consumers_and_tear_more_chats_apart() {
    let scenario = load(&root().join("scenarios/retail_day.toml"));
    let names = Vec::from_iter(scenario.variants.iter().map(|variant| variant.name.as_str()));
    assert_eq!(names, ["off", "180s", "90s", "300s"]);
    let outcomes = outcomes(&scenario, 10);
    let [off, after_180, after_90, after_300] = outcomes.as_slice() else { unreachable!() };
    let by_timeout = [off, after_300, after_180, after_90];
    let abandonment = by_timeout.map(|outcome| outcome.flow.abandonment().unwrap());
    assert!(abandonment.is_sorted_by(|longer, shorter| longer > shorter), "{abandonment:?}");
    let reassignments = by_timeout.map(|outcome| outcome.reassignments().unwrap());
    assert!(reassignments.is_sorted_by(|longer, shorter| longer < shorter), "{reassignments:?}");
    assert_eq!(off.counts.auto_unassigned(), 0);
    let offered = by_timeout.map(|outcome| outcome.flow.offered);
    assert_eq!(offered, [offered[0]; 4], "all variants meet the same consumers");
}

#[test]
fn evening_hand_over_removal_ends_stranding_within_the_bound() {
    let outcomes = outcomes(&load(&root().join("scenarios/evening_hand_over.toml")), 5);
    let [stays, removed, _] = outcomes.as_slice() else { unreachable!() };
    assert_eq!(stays.counts.ownership_removed(), 0);
    assert!(removed.counts.ownership_removed() > 0);
    let stranded = |outcome: &Outcome| outcome.times.stranded.total().micros;
    assert!(stranded(stays) > 20 * stranded(removed));
    let longest = removed.times.removal_delay.longest().unwrap();
    assert!(longest <= Span::from_mins(2), "{longest}");
}

#[test]
fn black_hole_setting_the_sleeper_away_saves_what_it_swallows() {
    let outcomes = outcomes(&load(&root().join("scenarios/black_hole.toml")), 20);
    let [_, swallows, set_away, _] = outcomes.as_slice() else { unreachable!() };
    let level = |outcome: &Outcome| outcome.service_level().unwrap();
    assert!(level(set_away) > level(swallows));
    assert!(set_away.counts.auto_unassigned() < swallows.counts.auto_unassigned());
}

#[test]
fn end_of_shift_what_moves_unanswered_work_loses_what_was_begun() {
    let outcomes = outcomes(&load(&root().join("scenarios/end_of_shift.toml")), 10);
    let [stays, timeout, removed, given, away_first, asked] = outcomes.as_slice() else {
        unreachable!()
    };
    let stranded = |outcome: &Outcome| outcome.times.stranded.total().micros;
    for moved in [timeout, removed] {
        assert!(stranded(stays) > 10 * stranded(moved));
    }
    // By hand goes what is unanswered then, not what is written to the empty chair later.
    for returned in [given, away_first] {
        assert!(stranded(stays) > stranded(returned));
        assert!(stranded(returned) > 5 * stranded(removed));
    }
    // Who asks for extra time keeps it from moving.
    assert!(stranded(asked) > 2 * stranded(timeout) && asked.counts.manual_slas > 0);
    let lost = [stays, timeout, removed, given, away_first].map(|outcome| outcome.flow.lost);
    assert_eq!(lost[0].all().count, 0);
    assert!(lost[1].by_unassign.count > 0 && lost[2].by_removal.count > 0);
    assert!(lost[3].by_hand_back.count > 0 && lost[4].by_hand_back.count > 0);
    let away = |outcome: &Outcome| outcome.agent_times().away;
    assert!(away(given) == 0 && away(away_first) > 0);
}

fn outcomes(scenario: &Scenario, replications: u64) -> Vec<Outcome> {
    let variants = scenario.variants.iter().map(|variant| {
        let runs = (0..replications).map(|replication| {
            let (plan, recording, rows) = (variant.plan.clone(), Recording::Checked, None);
            let finished = Job { plan, replication, recording, rows }.run();
            let finished = finished.unwrap_or_else(|failure| panic!("{failure}"));
            *finished.outcome.expect("a checked run has an outcome")
        });
        let merged = runs.reduce(|mut all, next| {
            all.merge(&next);
            all
        });
        merged.expect("at least one replication")
    });
    variants.collect()
}

fn load(file: &Path) -> Scenario {
    scenario::load(file).unwrap_or_else(|findings| panic!("{findings}"))
}

fn shipped() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("scenarios")).expect("the scenarios are there");
    let paths = entries.map(|entry| entry.expect("a readable entry").path());
    let mut files =
        Vec::from_iter(paths.filter(|path| path.extension().is_some_and(|e| e == "toml")));
    files.sort();
    files
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
