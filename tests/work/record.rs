//! Logs of simulated runs: what a platform sees, and nothing else.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};

use shiftstorm::base::calendar::Calendar;
use shiftstorm::base::time::{Span, Time};
use shiftstorm::ledger::rows::{ConversationRow, Rows};
use shiftstorm::model::event::{Change, Event};
use shiftstorm::report::recording::{LogOutputs, LogRecorder};
use shiftstorm::scenario::{self, Plan};
use shiftstorm::simulation::{Job, Recording};

use crate::cli::{EVENING, Place, code, error_of};

/// All facts of a run.
#[derive(Clone, Default)]
struct Facts(Arc<Mutex<Vec<(Time, Event)>>>);

impl Rows for Facts {
    fn event(&mut self, at: Time, event: &Event) {
        self.0.lock().unwrap().push((at, *event));
    }

    fn change(&mut self, _: Time, _: &Change) {}

    fn conversation(&mut self, _: &ConversationRow) {}
}

fn facts_of(plan: &Arc<Plan>) -> Vec<(Time, Event)> {
    let facts = Facts::default();
    let rows: Option<Box<dyn Rows + Send>> = Some(Box::new(facts.clone()));
    let recording = Recording::Checked;
    Job { plan: Arc::clone(plan), replication: 0, recording, rows }.run().unwrap();
    std::mem::take(&mut facts.0.lock().unwrap())
}

/// Both files.
fn log_of(plan: &Arc<Plan>, facts: &[(Time, Event)]) -> [String; 2] {
    let (mut messages, mut presence) = (Vec::new(), Vec::new());
    let outputs = LogOutputs { messages: &mut messages, presence: &mut presence };
    let mut recorder = LogRecorder::begin(Arc::clone(plan), outputs).unwrap();
    let zone = Calendar::zone("Europe/Berlin").unwrap();
    let first = jiff::civil::date(2026, 3, 2);
    recorder.begin_stretch(Calendar::from_date(first, Span::ZERO, zone).unwrap());
    facts.iter().for_each(|(at, event)| recorder.record(*at, event).unwrap());
    recorder.finish().unwrap();
    [messages, presence].map(|file| String::from_utf8(file).unwrap())
}

fn plan_of(file: &str, variant: &str) -> Arc<Plan> {
    let scenario = scenario::load(Path::new(file)).unwrap();
    let variant = scenario.variants.iter().find(|it| it.name == variant).unwrap();
    Arc::clone(&variant.plan)
}

/// The conversation that `explain` tells in `docs/see-why.md`.
#[test]
fn a_log_tells_who_wrote_owned_and_lost_a_conversation_and_when() {
    let plan = plan_of("scenarios/seeds/sixty_seconds.toml", "on");
    let [messages, _] = log_of(&plan, &facts_of(&plan));
    let expected = "\
sequence,conversation,client,skill,time,from,agent,event,cause,state
1,1,1,general,2026-03-02T00:00:00.000000+01:00,consumer,,message,,
2,1,1,general,2026-03-02T00:00:00.000000+01:00,system,ann 1,assigned,,
3,1,1,general,2026-03-02T00:00:20.000000+01:00,agent,ann 1,message,,
4,1,1,general,2026-03-02T00:02:10.000000+01:00,consumer,,message,,
5,1,1,general,2026-03-02T00:03:10.000000+01:00,system,ann 1,unassigned,timeout,online
6,1,1,general,2026-03-02T00:03:10.000000+01:00,system,bob 1,assigned,,
7,1,1,general,2026-03-02T00:03:30.000000+01:00,agent,bob 1,message,,
8,1,1,general,2026-03-02T00:03:30.000000+01:00,agent,bob 1,resolved,by_agent,
";
    assert_eq!(messages, expected);
}

const CROWD: &str = r#"
run = { seed = 5, until = "6h", end = "cut" }
after_close = "reopen"
resolve.after = "10m"
auto_close.after = "8m"
remove_ownership.enabled = true
[unassign]
enabled = true
timeout = { online = "90s", away = "60s", offline = "60s" }
[agents.chat]
count = 6
concurrency = 3
reply_time = { exponential = { mean = "40s" } }
interruptions = { every = "30m", for = "5m" }
disconnects = { every = "1h", for = "10m" }
away.episodes = { reason = "Break", every = "1h", for = "5m" }
parking = { share = 0.05, boomerang = "3m" }
[agents.late]
count = 2
shifts = ["01:00-04:00"]
hand_overs = [{ share = 0.1, to = { skill = "web" } }]
[consumers.web]
skill = "web"
arrivals = "80/h"
messages = 3
burst = { size = 2, gap = "5s" }
think = { exponential = { mean = "60s" } }
patience = { exponential = { mean = "4m" } }
silent_share = 0.5
returns = { share = 0.5, after = "20m" }
"#;

fn crowd() -> Arc<Plan> {
    let place = Place::with(CROWD);
    let scenario = scenario::load(&place.0.join("day.toml"));
    let scenario = scenario.unwrap_or_else(|findings| panic!("{findings}"));
    Arc::clone(&scenario.variants[0].plan)
}

/// What only the simulation knows is turned round or left out; the log is the same to the last byte.
#[test]
fn nothing_that_is_hidden_from_the_platform_changes_a_byte() {
    let plan = crowd();
    let facts = facts_of(&plan);
    let lost_connections = lost_connections(&plan, &facts);
    assert!(!lost_connections.is_empty());
    let disguised = facts.iter().enumerate().filter_map(|(position, &(at, event))| {
        let event = match event {
            Event::Answered { conversation, agent, wasted, .. } => Event::Answered {
                conversation,
                agent,
                wasted: !wasted,
                waiting_since: None,
                started: Time::ZERO,
                worked: Span::from_secs(7),
            },
            Event::ConsumerMessage { conversation, further, moved_deadline } => {
                let (further, moved_deadline) = (!further, !moved_deadline);
                Event::ConsumerMessage { conversation, further, moved_deadline }
            }
            // Nobody is told of those who go silently; of those who go openly their change tells.
            Event::Abandoned { .. } => return None,
            Event::Unresponsive { .. } if !lost_connections.contains(&position) => return None,
            Event::AnswerBegun { .. }
            | Event::AnswerLost { .. }
            | Event::LateReply { .. }
            | Event::ManualSla { .. }
            | Event::DeadlineSuppressed { .. }
            | Event::Stale(_)
            | Event::ClaimRefused { .. }
            | Event::Overshoot { .. }
            | Event::SlotsInUse { .. }
            | Event::Busy { .. }
            | Event::Closing { .. }
            | Event::PlanLate { .. }
            | Event::EndOfShiftMissed { .. }
            | Event::ClosedForGood { .. }
            | Event::Notified { .. } => return None,
            seen @ (Event::Opened { .. }
            | Event::Change(_)
            | Event::ComesAgain { .. }
            | Event::Unresponsive { .. }
            | Event::AgentState { .. }) => seen,
        };
        Some((at, event))
    });
    let disguised = Vec::from_iter(disguised);
    let [messages, presence] = log_of(&plan, &facts);
    assert_eq!(log_of(&plan, &disguised), [messages.clone(), presence.clone()]);
    for word in ["timeout,online", "logout", "auto_closed", "abandoned", "reopened", "parked"] {
        assert!(messages.contains(word), "{word}");
    }
    for word in ["session_timeout", "offline,logout", "away,Break"] {
        assert!(presence.contains(word), "{word}");
    }
}

/// Positions of the facts by which connections are lost of which the platform learns by the end of the
/// session.
fn lost_connections(plan: &Plan, facts: &[(Time, Event)]) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let session = plan.centre.groups[0].session_timeout;
    for (begun, &(since, event)) in facts.iter().enumerate() {
        let Event::Unresponsive { agent, unresponsive: true } = event else { continue };
        let later = &facts[begun..];
        let end = later.iter().position(|(_, event)| {
            matches!(event, Event::Unresponsive { agent: other, unresponsive: false }
                if *other == agent)
        });
        if let Some(end) = end.filter(|&end| later[end].0 - since == session) {
            found.extend([begun, begun + end]);
        }
    }
    found
}

#[test]
fn a_day_without_a_date_is_run_anew_for_each_day_of_a_log() {
    let place = Place::with(EVENING);
    let said =
        place.says(&["record", "day.toml", "--days", "3", "--out", "log", "--variant", "both on"]);
    assert!(said.ends_with("Log: log\n"), "{said}");
    let names = ["agents.csv", "log.json", "messages.csv", "presence.csv", "roster.csv"];
    assert_eq!(place.names("log"), names);
    let rows = place.csv("log/messages.csv");
    assert!(rows.iter().zip(1..).all(|(row, number)| row["sequence"] == number.to_string()));
    let times = Vec::from_iter(rows.iter().map(|row| row["time"].clone()));
    assert!(times.is_sorted(), "in order of time");
    let opened = rows.iter().filter(|row| row["client"] == row["conversation"]);
    let days = BTreeSet::from_iter(opened.map(|row| row["time"][..10].to_owned()));
    assert_eq!(Vec::from_iter(days), ["2026-01-05", "2026-01-06", "2026-01-07"]);
    // Whoever is there in the evening has gone before the next begins.
    let presence = place.csv("log/presence.csv");
    let of_one = presence.iter().filter(|row| row["agent"] == "night 1");
    let states = Vec::from_iter(of_one.map(|row| (row["state"].as_str(), &row["time"][..10])));
    for (day, date) in ["2026-01-05", "2026-01-06", "2026-01-07"].iter().enumerate() {
        let of_day = states.iter().filter(|(_, on)| on == date);
        let of_day = Vec::from_iter(of_day.map(|(state, _)| *state));
        let expected: &[&str] = if day < 2 { &["online", "offline"] } else { &["online"] };
        assert_eq!(of_day, expected, "{date}");
    }
    let roster = place.csv("log/roster.csv");
    let shifts = roster.iter().map(|row| (&*row["agent"], &row["start"][..16], &row["end"][..16]));
    let shifts = Vec::from_iter(shifts);
    assert_eq!(shifts.len(), 9, "three agents on three days");
    assert_eq!(shifts[4], ("day 2", "2026-01-06T12:00", "2026-01-06T19:40"));
    let agents = place.csv("log/agents.csv");
    assert_eq!(agents.len(), 6);
    assert_eq!((agents[0]["team"].as_str(), agents[0]["slots"].as_str()), ("day", "3"));
    // The first evening is that of the first replication alone.
    place.says(&["record", "day.toml", "--days", "1", "--out", "one", "--variant", "both on"]);
    let one = place.read("one/messages.csv");
    assert!(place.read("log/messages.csv").starts_with(&one));
}

#[test]
fn a_log_does_not_take_the_place_of_something_else() {
    let place = Place::with(EVENING);
    place.says(&["run", "day.toml", "-n", "1", "--quiet", "--out", "out"]);
    let refused = place.run(&["record", "day.toml", "--days", "1", "--out", "out"]);
    assert_eq!(code(&refused), 6);
    assert!(error_of(&refused).contains("holds something other"), "{}", error_of(&refused));
    place.says(&["record", "day.toml", "--days", "2", "--out", "log", "--quiet"]);
    place.says(&["record", "day.toml", "--days", "1", "--out", "log", "--quiet"]);
    assert!(place.read("log/log.json").contains("\"replications\": 1,"));
}
