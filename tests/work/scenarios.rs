//! Every shipped scenario loads without a warning, runs with the checks on, and shows what it was
//! written to show.

use std::path::{Path, PathBuf};

use shiftstorm::base::time::Span;
use shiftstorm::ledger::Outcome;
use shiftstorm::ledger::definitions::find;
use shiftstorm::scenario::{self, Scenario, Variant};
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
            assert!(outcome.balances(), "{} loses conversations", file.display());
            assert_eq!(outcome.flow.open_at_end, 0, "{} is not worked off", file.display());
        }
    }
}

/// What each shipped scenario is about: figures that are above 0 in one of its variants.
const SUBJECTS: [(&str, &str, &[&str]); 20] = [
    ("quickstart", "after 3m", &["interrupted", "auto_unassigned_online", "rescues"]),
    ("retail_day", "90s", &["interrupted", "auto_unassigned_online", "abandoned", "rescues"]),
    ("bank_messaging", "5m", &["auto_unassigned", "ownership_removed", "rescues"]),
    ("black_hole", "2m, keeps receiving", &["interrupted", "auto_unassigned_online"]),
    ("black_hole", "2m, set away", &["auto_unassigned_online", "away"]),
    ("cherry_pickers", "pull, shortest", &["claims", "refused_claims"]),
    ("end_of_shift", "stays", &["stranded"]),
    ("end_of_shift", "offline timeout 60s", &["auto_unassigned_offline", "lost_answers"]),
    ("end_of_shift", "Away first, given back", &["away", "manual_returns"]),
    ("end_of_shift", "manual SLA, then the timeout", &["manual_slas"]),
    ("evening_hand_over", "stays with owner", &["stranded"]),
    (
        "evening_hand_over",
        "removed",
        &["ownership_removed_on_logout", "ownership_removed_on_message"],
    ),
    ("flaky_connections", "S0 + S2", &["interrupted", "auto_unassigned", "ownership_removed"]),
    ("incident_spike", "90s", &["auto_unassigned_online", "abandoned", "bounces"]),
    ("lunch", "away 3m", &["away", "auto_unassigned_away", "rescues"]),
    (
        "offline_specialist",
        "pending, ownership stays",
        &["assigned_offline", "taken_up", "boomerangs"],
    ),
    (
        "offline_specialist",
        "pending, removed",
        &["assigned_offline", "taken_up", "ownership_removed_on_message"],
    ),
    ("offline_specialist", "new, ownership stays", &["assigned_offline", "stranded"]),
    ("offline_specialist", "new, offline 15m", &["assigned_offline", "auto_unassigned_offline"]),
    ("offline_specialist", "reserved for 2h", &["reserved", "fell_back"]),
];

#[test]
fn each_shipped_scenario_exercises_its_subject() {
    let files = shipped();
    for file in &files {
        let stem = file.file_stem().unwrap().to_str().unwrap();
        assert!(SUBJECTS.iter().any(|(name, ..)| *name == stem), "{stem} has no subject");
        let scenario = load(file);
        let of_file = SUBJECTS.iter().filter(|(name, ..)| *name == stem);
        for (_, variant, figures) in of_file {
            let found = scenario.variants.iter().find(|found| found.name == *variant);
            let found = found.unwrap_or_else(|| panic!("{stem} has no variant {variant}"));
            let outcome = merged(found, 3);
            for name in *figures {
                let figure = find(name).unwrap_or_else(|| panic!("there is no figure {name}"));
                let value = (figure.value)(&outcome).unwrap_or_default();
                assert!(value > 0.0, "{stem}, {variant}: {name} is {value}");
            }
        }
    }
    let names = files.iter().filter_map(|file| file.file_stem()?.to_str());
    let names = std::collections::BTreeSet::from_iter(names);
    assert!(SUBJECTS.iter().all(|(name, ..)| names.contains(name)), "a scenario is gone");
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
    let first = by_timeout.map(|outcome| outcome.flow.first_contacts);
    assert_eq!(first, [first[0]; 4], "all variants meet the same consumers");
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
    scenario.variants.iter().map(|variant| merged(variant, replications)).collect()
}

fn merged(variant: &Variant, replications: u64) -> Outcome {
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
