//! What is simulated is what is stressed: a wall-clock run, replayed by the actors of the
//! simulation in its own order, takes the same decisions.
//!
//! `TWIN_SEEDS=1000 cargo test --release --test clock twin::` makes as many runs instead of 50.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use shiftstorm::base::stream::ShardStreams;
use shiftstorm::base::time::{Span, Time};
use shiftstorm::ledger::journal::{Journal, JournalEntry, TurnInput};
use shiftstorm::model::event::Event;
use shiftstorm::model::settings::Centre;
use shiftstorm::scenario::stress::{Death, Fault, FaultStep, Stress, Victims, Whom};
use shiftstorm::scenario::{self, Plan, RunSettings, Source, Variant};
use shiftstorm::simulation::replay::{Divergence, ReplayDifference, replay};
use shiftstorm::stress::{StressJob, part};

/// One variant of one shipped scenario.
struct Case {
    name: String,
    plan: Arc<Plan>,
    settings: Stress,
    /// How long the run takes by the clock.
    length: Span,
}

/// A run with the journals of its shards.
struct Made {
    plan: Arc<Plan>,
    shards: u32,
    journals: Vec<Journal>,
}

#[test]
fn replaying_a_wall_clock_run_takes_the_same_decisions() {
    let cases = cases();
    let runs = std::env::var("TWIN_SEEDS").map_or(50, |runs| runs.parse().expect("a number"));
    let (next, facts) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let worker = || {
        let mut causes = BTreeSet::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= runs {
                return causes;
            }
            let case = &cases[number % cases.len()];
            let made = make(case, number, 1 + number as u32 % 2);
            for (shard, journal) in made.journals.iter().enumerate() {
                if let Err(divergence) = made.replay(shard, journal) {
                    panic!("{}, run {number}, shard {shard}: {divergence}", case.name);
                }
                facts.fetch_add(journal.events.len(), Ordering::Relaxed);
                causes.extend(journal.events.iter().filter_map(|(_, event)| cause(event)));
            }
        }
    };
    let causes: BTreeSet<_> = thread::scope(|scope| {
        let workers = Vec::from_iter((0..4).map(|_| scope.spawn(worker)));
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker ends")).collect()
    });
    let facts = facts.into_inner();
    assert!(facts > 500 * runs, "only {facts} facts in {runs} runs");
    for cause in ["AutoUnassigned", "OwnerLoggedOut", "Claimed", "Boomerang", "Abandoned"] {
        assert!(causes.contains(cause), "no run had {cause}, but {causes:?}");
    }
}

#[test]
fn what_goes_over_to_another_shard_is_replayed_in_both() {
    let case = experts();
    let kinds = if std::env::var("TWIN_SEEDS").is_ok() { 60 } else { 6 };
    for number in 0..kinds {
        let made = make(&case, number, 4);
        assert_eq!(made.shards, 4);
        let count = |is: fn(&TurnInput) -> bool| {
            let entries = made.journals.iter().flat_map(|journal| &journal.entries);
            entries.filter(|entry| is(&entry.input)).count()
        };
        let departed = count(|input| matches!(input, TurnInput::Departs(_)));
        let arrived = count(|input| matches!(input, TurnInput::Arrives(_)));
        assert!(arrived > 50 && arrived <= departed, "{departed} departed, {arrived} arrived");
        for (shard, journal) in made.journals.iter().enumerate() {
            if let Err(divergence) = made.replay(shard, journal) {
                panic!("run {number}, shard {shard}: {divergence}");
            }
        }
    }
}

#[test]
fn a_replay_finds_what_does_not_fit() {
    let cases = cases();
    let case = cases.iter().find(|case| case.name.contains("retail_day 90s")).expect("the shop");
    let made = make(case, 0, 1);
    let journal = &made.journals[0];
    let tampered = |tamper: &dyn Fn(&mut Journal)| -> Divergence {
        let mut journal = journal.clone();
        tamper(&mut journal);
        made.replay(0, &journal).expect_err("a replay of something else")
    };
    // A fact that did not happen, one too many, one too few.
    let middle = journal.events.len() / 2;
    let found = tampered(&|journal| journal.events[middle].0 += Span::from_micros(1));
    assert!(matches!(found.what, ReplayDifference::Event { .. }), "{found}");
    let found = tampered(&|journal| journal.events.truncate(middle));
    assert!(matches!(found.what, ReplayDifference::Event { expected: None, .. }), "{found}");
    let opened = journal.events.iter().rfind(|(_, event)| matches!(event, Event::Opened { .. }));
    let (opened, _) = *opened.expect("somebody came");
    let found = tampered(&|journal| {
        // Of some of what the router is told nothing comes.
        let opens =
            |entry: &JournalEntry| entry.input == TurnInput::Letter(ROUTER) && entry.at <= opened;
        let last = journal.entries.iter().rposition(opens).expect("the router was told of it");
        journal.entries.remove(last);
    });
    assert!(!matches!(found.what, ReplayDifference::Lost { .. }), "{found}");
    // A timer that never came, or came twice.
    let due = |input: &TurnInput| matches!(input, TurnInput::Timer { .. });
    let first = journal.entries.iter().position(|entry| due(&entry.input)).expect("a timer");
    let found = tampered(&|journal| journal.entries.insert(first, journal.entries[first]));
    assert_eq!((found.position, found.what), (first + 1, ReplayDifference::NoTimer));
    let found = tampered(&|journal| {
        journal.entries.truncate(1);
        journal.events.clear();
        journal.entries[0].input = TurnInput::Letter(ROUTER);
    });
    assert_eq!(found.what, ReplayDifference::NoLetter);
}

const ROUTER: shiftstorm::ledger::journal::Addressee =
    shiftstorm::ledger::journal::Addressee::Router;

impl Made {
    fn replay(&self, shard: usize, journal: &Journal) -> Result<(), Divergence> {
        let centre: Centre = part(&self.plan.centre, shard as u32, self.shards);
        replay(centre, ShardStreams::new(self.plan.run.seed, shard as u32), journal)
    }
}

/// A short run at high speed under all kinds of faults in turn.
fn make(case: &Case, number: usize, shards: u32) -> Made {
    let run = RunSettings { seed: number as u64, ..case.plan.run.clone() };
    let plan = Arc::new(Plan { run, ..Plan::clone(&case.plan) });
    let length = case.length;
    let speed = (plan.run.until - Time::ZERO).as_secs_f64() / length.as_secs_f64();
    let millis = |millis: i64| Span::from_micros(millis * 1000);
    let step = |at, over, fault| FaultStep { at: millis(at), over: millis(over), fault };
    let some = |share| Whom { group: None, share };
    let faults = match number % 6 {
        0 => vec![
            step(60, 40, Fault::Stall),
            step(150, 20, Fault::Flood(20)),
            step(180, 20, Fault::MailboxFull),
        ],
        1 => vec![
            step(50, 0, Fault::LogOut(some(1.0))),
            step(120, 60, Fault::LogIn(some(0.8))),
            step(100, 50, Fault::Flap(some(0.5), 4)),
        ],
        2 => vec![
            step(40, 120, Fault::Die(Victims::Agents(some(0.7)), Death::Panic)),
            step(80, 0, Fault::Die(Victims::Agents(some(0.7)), Death::Stop)),
            step(60, 150, Fault::Die(Victims::Agents(some(0.7)), Death::PanicInTurn)),
        ],
        3 => vec![
            step(40, 120, Fault::Die(Victims::Consumers(0.7), Death::Stop)),
            step(80, 0, Fault::Die(Victims::Consumers(1.0), Death::Panic)),
            step(90, 20, Fault::Die(Victims::Agents(some(0.5)), Death::Panic)),
        ],
        4 => vec![
            step(80, 60, Fault::ClockStall),
            step(100, 30, Fault::HotAgent(None, 500)),
            step(160, 0, Fault::HotAgent(None, 500)),
        ],
        _ => vec![step(170, 60, Fault::StopShards(1))],
    };
    let settings = Stress {
        speed: speed.clamp(1.0, 1e6),
        shards: Some(shards),
        mailbox: 100_000,
        length,
        stages: Vec::new(),
        faults,
        ..case.settings.clone()
    };
    let job = StressJob { plan: Arc::clone(&plan), settings, journal: true };
    let results = job.run(&AtomicBool::new(false), |_| {});
    let results =
        results.unwrap_or_else(|failure| panic!("{}, run {number}: {failure}", case.name));
    assert_eq!(results.journals.len(), results.shards as usize);
    Made { plan, shards: results.shards, journals: results.journals }
}

/// The name of the cause of a change.
fn cause(event: &Event) -> Option<String> {
    let Event::Change(change) = event else { return None };
    let text = format!("{:?}", change.cause);
    text.split(|c: char| !c.is_alphanumeric()).next().map(str::to_owned)
}

/// Two experts, in two of four shards, for whom many ask in all.
fn experts() -> Case {
    let text = "
        skills = ['chat', 'law']
        run.until = '1h'
        auto_close.after = '10m'
        unassign = { enabled = true, timeout.online = '90s' }
        remove_ownership.enabled = true
        [agents.chat]
        count = 12
        skills = ['chat']
        concurrency = 4
        reply_time = { exponential = { mean = '20s' } }
        parking = { share = 0.1, boomerang = '2m' }
        hand_overs = [{ share = 0.3, after = '5s', to = { skill = 'law' } }]
        [agents.experts]
        count = 2
        skills = ['law']
        concurrency = 30
        attention = 'parallel'
        reply_time = { exponential = { mean = '30s' } }
        hand_overs = [{ share = 0.1, after = '5s', to = { skill = 'chat' } }]
        [consumers.web]
        arrivals = '2000/h'
        messages = { geometric = 0.4 }
        burst = { size = 2, gap = '15s' }
        think = { exponential = { mean = '30s' } }
        patience = { exponential = { mean = '5m' } }
        silent_share = 0.3
        skills = { chat = 0.8, law = 0.2 }
        ";
    let source = Source { name: "experts.toml".to_owned(), text: text.to_owned() };
    let scenario = scenario::parse(source, Path::new(""));
    let mut scenario = scenario.unwrap_or_else(|findings| panic!("{findings}"));
    let Variant { name, plan } = scenario.variants.remove(0);
    // Long enough that a machine with other work gets to the hand-overs too.
    let length = Span::from_micros(1_000_000);
    Case { name, plan, settings: scenario.stress, length }
}

fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let folders = [root.clone(), root.join("stress"), root.join("seeds"), root.join("reference")];
    let mut files = Vec::from_iter(folders.iter().flat_map(|folder| scenarios(folder)));
    files.sort();
    let cases = files.iter().flat_map(|file| {
        let scenario = scenario::load(file).unwrap_or_else(|findings| panic!("{findings}"));
        let settings = scenario.stress;
        scenario.variants.into_iter().map(move |Variant { name, plan }| Case {
            name: format!("{} {name}", file.file_stem().unwrap_or_default().display()),
            plan,
            settings: settings.clone(),
            length: Span::from_micros(250_000),
        })
    });
    cases.collect()
}

fn scenarios(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the scenarios are there");
    let paths = entries.map(|entry| entry.expect("a readable entry").path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "toml")).collect()
}
