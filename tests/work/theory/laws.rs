//! What holds in every run (V22).

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use shiftstorm::base::distribution::Distribution;
use shiftstorm::base::time::{Span, Time};
use shiftstorm::ledger::Outcome;
use shiftstorm::ledger::gauge::Gauge;
use shiftstorm::ledger::rows::{ConversationRow, Rows};
use shiftstorm::model::event::Change;
use shiftstorm::model::settings::{Patience, PatienceUntil};
use shiftstorm::scenario::{self, Plan};
use shiftstorm::simulation::{Job, Recording};

/// V22: with endless patience Erlang A is Erlang C, consumer by consumer.
#[test]
fn v22_endless_patience_is_no_impatience() {
    let patient = plan("v2_erlang_c_c", 0);
    let mut hardly_impatient = patient.clone();
    hardly_impatient.centre.kinds[0].patience = Patience {
        first: Some(Distribution::exponential(1e12).unwrap()),
        until: PatienceUntil::Assignment,
        later: None,
    };
    let mut impatient = hardly_impatient.clone();
    impatient.centre.kinds[0].patience.first = Some(Distribution::exponential(60.0).unwrap());
    let patient = once(patient).flow;
    assert_eq!(patient, once(hardly_impatient).flow);
    assert!(once(impatient).flow.abandoned() > 0);
}

/// V22: L = λW for everything open and everything queued, from rest to rest.
#[test]
fn v22_littles_law() {
    let cases = [
        ("v3_erlang_a_a", 0),
        ("v4_patience", 1),
        ("v13_slots", 1),
        ("v15_plenty_of_agents", 0),
        ("v15_one_agent", 0),
        ("v16_logouts", 0),
        ("v16_logouts", 1),
        ("v18_priorities", 0),
    ];
    for (file, variant) in cases {
        let mut plan = plan(file, variant);
        plan.run.warm_up = Span::ZERO;
        plan.run.until = Time::ZERO + Span::from_hours(24);
        let sojourns = Sojourns::default();
        let job = Job { rows: Some(Box::new(sojourns.clone())), ..job(plan) };
        let finished = job.run().unwrap();
        assert_eq!(finished.open, 0, "{file}: not at rest");
        let outcome = finished.outcome.unwrap();
        let time = outcome.to_rest as f64;
        let mean = |gauge: Gauge| {
            let level = outcome.levels[gauge as usize];
            (level.horizon + level.drain) as f64 / time
        };
        let rate = outcome.flow.offered as f64 / time;
        let sojourn = sojourns.0.load(Ordering::Relaxed) as f64 / outcome.flow.offered as f64;
        assert_within_one_percent(file, "open", mean(Gauge::Open), rate * sojourn);
        let stays = outcome.times.queue.total();
        let rate = stays.count as f64 / time;
        let stay = stays.micros as f64 / stays.count as f64;
        assert_within_one_percent(file, "queue", mean(Gauge::Queue), rate * stay);
    }
}

fn assert_within_one_percent(file: &str, what: &str, left: f64, right: f64) {
    assert!((left - right).abs() <= 0.01 * left, "{file}, {what}: L = {left}, λW = {right}");
}

/// The plan of a variant of a reference scenario.
fn plan(file: &str, variant: usize) -> Plan {
    let path = Path::new("scenarios/reference").join(file).with_extension("toml");
    let scenario = scenario::load(&path).unwrap_or_else(|findings| panic!("{findings}"));
    Plan::clone(&scenario.variants[variant].plan)
}

fn job(plan: Plan) -> Job {
    Job { plan: Arc::new(plan), replication: 0, recording: Recording::Checked, rows: None }
}

/// One replication.
fn once(plan: Plan) -> Outcome {
    let outcome = *job(plan).run().unwrap().outcome.unwrap();
    assert!(outcome.flow.balances());
    outcome
}

/// Adds up how long conversations were open, microseconds.
#[derive(Clone, Default)]
struct Sojourns(Arc<AtomicI64>);

impl Rows for Sojourns {
    fn change(&mut self, _: Time, _: &Change) {}

    fn conversation(&mut self, row: &ConversationRow) {
        self.0.fetch_add((row.ended - row.opened).as_micros(), Ordering::Relaxed);
    }
}
