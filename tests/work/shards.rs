//! Runs that many machines share: whatever the shards, whoever ran them and in which order, what is put
//! together has the bytes of one run.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use shiftstorm::base::storage::Storage;
use shiftstorm::base::time::Time;
use shiftstorm::experiment::{Experiment, RowsOf, Watch};
use shiftstorm::ledger::definitions::Parts;
use shiftstorm::ledger::rows::{ConversationRow, Rows};
use shiftstorm::model::event::Change;
use shiftstorm::report::folder::{FolderRequest, ReportFolder};
use shiftstorm::report::work::{
    MergeRefusal, PlannedInput, ShardMerge, ShardProgress, ShardState, WorkFolder, WorkPlan,
};
use shiftstorm::report::{RowFiles, WantedRows};
use shiftstorm::scenario::Scenario;

use crate::cli::{Place, bytes_of, code, error_of};
use crate::saved::{Numbers, count};

/// Two variants, goals for a part, and a file beside.
const EVENING: &str = r#"
name = "Evening"
[run]
until = "40m"
replications = 12
[agents.chat]
roster = { csv = "shifts.csv" }
reply_time = "40s"
[consumers.web]
arrivals = "60/h"
patience = { exponential = { mean = "4m" } }
[goals]
abandonment = 0.2
[[goal]]
figure = "answered"
at_least = 5
[[variant]]
name = "slow"
agents.chat.reply_time = "70s"
"#;

fn place() -> Place {
    let place = Place::with(EVENING);
    fs::write(place.0.join("shifts.csv"), "agent,start,end\nada,0:00,0:40\nbo,0:05,0:40\n")
        .unwrap();
    place
}

/// Plans a run; gives back how many shards there are.
fn planned(place: &Place, more: &[&str]) -> usize {
    let text = place.says(&[&["run", "day.toml", "--plan", "work"], more].concat());
    assert!(text.contains("nothing was run"), "{text}");
    shards(place).len()
}

fn plan(place: &Place) -> Json {
    serde_json::from_str(&place.read("work/plan.json")).unwrap()
}

fn shards(place: &Place) -> Vec<Json> {
    plan(place)["shards"].as_array().unwrap().clone()
}

/// Cuts the plan anew, at these replications.
fn cut(place: &Place, cuts: &[u64]) {
    let mut plan = plan(place);
    let pairs = cuts.windows(2).map(|pair| json!({ "start": pair[0], "end": pair[1] }));
    plan["shards"] = pairs.collect();
    fs::write(place.0.join("work/plan.json"), plan.to_string()).unwrap();
}

fn run_all(place: &Place, order: impl IntoIterator<Item = usize>) {
    for index in order {
        place.says(&["shard", "work", &index.to_string(), "--quiet"]);
    }
}

#[test]
fn any_shards_in_any_order_come_to_the_bytes_of_one_run() {
    let place = place();
    let flags: [&[&str]; 4] = [
        &[],
        &["--variant", "slow", "--no-checks", "--seed", "9"],
        // Reached in the middle of most shards.
        &["--precision", "abandonment=40%", "--set", "precision.at_least=3", "--audit=all"],
        &[
            "--conversations",
            "--vary",
            "agents.chat.reply_time=30s,40s,50s",
            "--control-variate",
            "-n",
            "7",
        ],
    ];
    let mut numbers = Numbers(5);
    for round in 0..count("SHARD_PARTITIONS", 4) {
        let flags = flags[round % flags.len()];
        let name = format!("whole-{}", round % 4);
        if round < 4 {
            place.says(&[&["run", "day.toml", "--out", &name, "--quiet"], flags].concat());
        }
        let _ = fs::remove_dir_all(place.0.join("work"));
        planned(&place, flags);
        let end = shards(&place).last().unwrap()["end"].as_u64().unwrap();
        let mut cuts = Vec::from_iter((0..numbers.below(6)).map(|_| numbers.below(end)));
        cuts.extend([0, end]);
        cuts.sort_unstable();
        cuts.dedup();
        cut(&place, &cuts);
        run_all(&place, (0..cuts.len() - 1).rev());
        place.says(&["merge", "work", "--out", "merged", "--force", "--quiet"]);
        let both = ["merged", &name].map(|folder| bytes_of(&place.0.join(folder)));
        let [merged, whole] = both;
        assert_eq!(merged.len(), whole.len());
        for ((name, merged), (other, whole)) in merged.iter().zip(&whole) {
            assert!(name == other && merged == whole, "{name} differs for {cuts:?} of {flags:?}");
        }
    }
}

#[test]
fn what_is_missing_or_damaged_is_listed_and_run_again() {
    let place = place();
    assert_eq!(planned(&place, &["--shard-replications", "3"]), 4);
    run_all(&place, [0, 2]);
    let status = place.run(&["merge", "work", "--status"]);
    assert_eq!(code(&status), 3);
    let text = String::from_utf8(status.stdout).unwrap();
    assert!(text.contains("2 of 4 shards are there") && text.contains("missing: 1,3"), "{text}");
    let refused = place.run(&["merge", "work", "--out", "merged"]);
    assert_eq!(code(&refused), 3);
    assert!(error_of(&refused).contains("missing: 1,3"), "{}", error_of(&refused));
    assert!(!place.0.join("merged/report.html").exists());
    // A part of it is a run that was interrupted.
    place.says(&["merge", "work", "--out", "part", "--partial", "--quiet"]);
    assert!(
        place.read("part/summary.txt").contains("6 of 12"),
        "{}",
        place.read("part/summary.txt")
    );
    run_all(&place, [1, 3]);
    let path = place.0.join("work/shards/00001.shard");
    let whole = fs::read(&path).unwrap();
    for at in 0..count("SHARD_BYTES", 10) {
        let mut altered = whole.clone();
        let at = at * (altered.len() - 1) / count("SHARD_BYTES", 10);
        altered[at] ^= 1 << (at % 8);
        fs::write(&path, altered).unwrap();
        let refused = place.run(&["merge", "work", "--out", "merged"]);
        let error = error_of(&refused);
        assert!(code(&refused) == 3 && error.contains("shard 1 cannot be used"), "{at}: {error}");
    }
    // That of another plan, and that of another place.
    fs::copy(place.0.join("work/shards/00002.shard"), &path).unwrap();
    let refused = place.run(&["merge", "work", "--out", "merged"]);
    assert!(error_of(&refused).contains("not this shard of this plan"), "{}", error_of(&refused));
    let again = place.says(&["shard", "work", "1"]);
    assert!(again.contains("replications 3 to 5"), "{again}");
    assert!(fs::read(&path).unwrap() == whole, "it comes to the same bytes");
    assert!(place.says(&["shard", "work", "1"]).contains("is there already"));
    place.says(&["merge", "work", "--out", "merged", "--quiet"]);
    // Nothing unfinished stays.
    let left = fs::read_dir(place.0.join("work/shards")).unwrap().count();
    assert_eq!(left, 4);
}

#[test]
fn a_shard_that_is_killed_or_run_twice_at_once_is_there_as_a_whole_or_not_at_all() {
    let place = place();
    planned(&place, &["-n", "40", "--shard-replications", "40", "--conversations"]);
    run_all(&place, [0]);
    let shards = place.0.join("work/shards");
    let [shard, rows] = ["00000.shard", "00000.conversations.csv"].map(|name| shards.join(name));
    let whole = [&shard, &rows].map(|path| fs::read(path).unwrap());
    let mut numbers = Numbers(11);
    for _ in 0..count("SHARD_KILLS", 3) {
        fs::remove_file(&shard).unwrap();
        fs::remove_file(&rows).unwrap();
        let started = || place.command(&["shard", "work", "0", "--quiet"]).spawn().unwrap();
        let [mut one, mut other] = [started(), started()];
        std::thread::sleep(Duration::from_millis(numbers.below(600)));
        one.kill().unwrap();
        one.wait().unwrap();
        assert!(other.wait().unwrap().success());
        assert!([&shard, &rows].map(|path| fs::read(path).unwrap()) == whole);
    }
    // Rows that were altered are told, and made again, as all of it is.
    let mut altered = whole[1].clone();
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    fs::write(&rows, altered).unwrap();
    let refused = place.run(&["merge", "work", "--out", "merged"]);
    assert_eq!(code(&refused), 3);
    let error = error_of(&refused);
    assert!(error.contains("its conversations.csv is missing or damaged"), "{error}");
    run_all(&place, [0]);
    assert!([&shard, &rows].map(|path| fs::read(path).unwrap()) == whole);
}

#[test]
fn a_job_of_an_array_is_told_its_index_by_whoever_runs_the_array() {
    let place = place();
    planned(&place, &["--shard-replications", "6"]);
    for (variable, index) in [
        ("SLURM_ARRAY_TASK_ID", 0),
        ("JOB_COMPLETION_INDEX", 1),
        ("PBS_ARRAY_INDEX", 1),
        ("AWS_BATCH_JOB_ARRAY_INDEX", 0),
    ] {
        let _ = fs::remove_file(place.0.join(format!("work/shards/0000{index}.shard")));
        let mut command = place.command(&["shard", "work"]);
        let output = command.env(variable, index.to_string()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.starts_with(&format!("shard {index}: replications")), "{variable}: {text}");
    }
    let none = place.run(&["shard", "work"]);
    assert!(code(&none) == 2 && error_of(&none).contains("SLURM_ARRAY_TASK_ID"));
    let beyond = place.run(&["shard", "work", "2"]);
    assert!(error_of(&beyond).contains("there are 2, from 0 to 1"), "{}", error_of(&beyond));
}

#[test]
fn a_plan_is_for_one_build_and_one_folder_and_keeps_its_files() {
    let place = place();
    planned(&place, &["-n", "2"]);
    // The worker needs nothing but the folder.
    fs::remove_file(place.0.join("shifts.csv")).unwrap();
    fs::remove_file(place.0.join("day.toml")).unwrap();
    run_all(&place, [0]);
    place.says(&["merge", "work", "--out", "merged", "--quiet"]);
    let side_file = fs::read_dir(place.0.join("work/files")).unwrap().next().unwrap().unwrap();
    fs::write(side_file.path(), "agent,start,end\nada,0:00,0:20\nbo,0:05,0:40\n").unwrap();
    fs::remove_file(place.0.join("work/shards/00000.shard")).unwrap();
    let damaged = place.run(&["shard", "work", "0"]);
    assert_eq!(code(&damaged), 3);
    assert!(
        error_of(&damaged).contains("its copy in the plan is damaged"),
        "{}",
        error_of(&damaged)
    );
    let mut other = plan(&place);
    other["build"]["source"] = json!(format!("{:064}", 7));
    fs::write(place.0.join("work/plan.json"), other.to_string()).unwrap();
    let refused = place.run(&["shard", "work", "0"]);
    let error = error_of(&refused);
    assert!(
        code(&refused) == 3 && error.contains("another build") && error.contains("000000000000")
    );
    let again = self::place();
    planned(&again, &["-n", "2"]);
    planned(&again, &["-n", "2"]);
    let held = again.run(&["run", "day.toml", "--plan", "work", "-n", "3"]);
    assert!(code(&held) == 6 && error_of(&held).contains("holds another plan"));
    let batches = ["run", "day.toml", "--plan", "x", "--set", "run.replications=\"batch-means\""];
    let one = again.run(&batches);
    assert!(code(&one) == 3, "{}", error_of(&one));
}

/// A worker whose starter is gone ends by itself.
#[test]
fn a_shard_ends_with_its_standard_input_if_that_is_asked_for() {
    let place = place();
    planned(&place, &["-n", "200000", "--shard-replications", "100000"]);
    let mut command = place.command(&["shard", "work", "0", "--with-stdin"]);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(200));
    assert!(child.try_wait().unwrap().is_none(), "it runs");
    drop(child.stdin.take());
    let closed = Instant::now();
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None => std::thread::sleep(Duration::from_millis(5)),
        }
        assert!(closed.elapsed() < Duration::from_secs(20), "it goes on");
    };
    assert_eq!(status.code(), Some(130));
    assert!(!place.0.join("work/shards/00000.shard").exists());
}

/// Panics at the first change of one replication.
struct Bomb(bool);

impl Rows for Bomb {
    fn change(&mut self, _: Time, _: &Change) {
        assert!(!self.0, "planted");
    }

    fn conversation(&mut self, _: &ConversationRow) {}
}

/// Saves what comes of a shard.
struct Saving(ShardProgress);

impl Watch for Saving {
    fn merged(&mut self, variant: usize, replication: u64, figures: Option<&[Option<Parts>]>) {
        self.0.row(variant, replication, figures).unwrap();
    }
}

#[test]
fn a_replication_that_met_a_bug_comes_along_and_one_that_comes_out_otherwise_is_told() {
    let place = Place::with("");
    let text = "run.until = '1h'\nagents.chat = {}\nconsumers.web.arrivals = '60/h'\n\
                [[variant]]\nname = 'two'\nagents.chat.count = 2";
    let scenario: Scenario = text.parse().unwrap();
    let bomb: RowsOf = Arc::new(|variant, replication| {
        Box::new(Bomb((variant, replication) == (0, 3))) as Box<dyn Rows + Send>
    });
    let experiment = |rows| Experiment { rows, ..Experiment::new(&scenario).replications(6) };
    let failing = experiment(Some(bomb));
    let input = PlannedInput {
        arguments: Json::Null,
        file: String::new(),
        scenario: text.to_owned(),
        warm_up: None,
    };
    let (path, storage) = (place.0.join("work"), Storage::default());
    let plan = WorkPlan::new(input, &failing, 4);
    let work = WorkFolder::create(&path, &storage, plan, &[].into()).unwrap();
    for (index, shard) in work.plan().shards.iter().enumerate() {
        let part = failing.part(shard.clone());
        let wanted = WantedRows::default();
        let progress = ShardProgress::begin(&work, index, "day", &part, wanted).unwrap();
        let mut saving = Saving(progress);
        let results = part.run(1, &Arc::default(), &mut saving);
        saving.0.save(&results).unwrap();
    }
    let merged = |experiment: &Experiment, out: &str| {
        let out = place.0.join(out);
        let folder = ReportFolder::take(&FolderRequest::new(Path::new(&out), "day")).unwrap();
        let mut progress = folder.start(experiment).unwrap();
        let stop = Arc::default();
        let merge = ShardMerge { work: &work, experiment, partial: false, threads: 1, stop: &stop };
        let mut rows =
            RowFiles::begin(&storage, folder.unfinished(), WantedRows::default()).unwrap();
        merge.run(&mut progress, &mut rows, &|_| ())
    };
    let [whole, put_together] =
        [failing.run(2, &Arc::default(), &mut ()), merged(&failing, "one").unwrap()];
    assert_eq!(put_together.failures().count(), 1);
    assert!(!put_together.interrupted);
    let told = |results: &shiftstorm::experiment::Results| {
        Vec::from_iter(
            results.variants.iter().map(|it| format!("{:?} {:?}", it.failures, it.series)),
        )
    };
    assert_eq!(told(&whole), told(&put_together));
    // Here nothing fails, so somebody has decided otherwise.
    match merged(&experiment(None), "two") {
        Err(MergeRefusal::Unlike(why)) => {
            assert!(why.contains("shard 0") && why.contains("replication 3"), "{why}");
        }
        other => panic!("{:?}", other.map(|_| ())),
    }
    assert!(matches!(work.state(0), ShardState::There(_)));
}
