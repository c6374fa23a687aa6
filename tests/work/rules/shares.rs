//! What is drawn: over many consumers, the shares and sizes of the scenario are met.

use std::collections::{BTreeMap, BTreeSet};

use shiftstorm::base::ids::ConversationId;
use shiftstorm::base::time::{Span, Time};
use shiftstorm::model::event::{Cause, Event};

use crate::common::{Scene, Tale, scene};

const CONSUMERS: usize = 2_000;

/// Consumers every second before plenty of agents who answer at once.
fn many(toml: &str) -> Tale {
    let seconds = Vec::from_iter((0..CONSUMERS).map(|second| second.to_string()));
    plenty(toml).visits("web", &seconds.join(" ")).run()
}

fn plenty(toml: &str) -> Scene {
    scene(toml).with(
        "agents.ann.count = 50\nagents.ann.concurrency = 100\nagents.ann.attention = 'parallel'",
    )
}

/// `hits` of `tries` are what a probability gives: within 4.5 standard deviations of the mean.
fn assert_share(hits: usize, tries: usize, probability: f64) {
    let mean = tries as f64 * probability;
    let deviation = (mean * (1.0 - probability)).sqrt();
    let off = (hits as f64 - mean) / deviation;
    assert!(off.abs() < 4.5, "{hits} of {tries} at {probability}: {off:.1} deviations off");
}

fn events(tale: &Tale, is_wanted: impl Fn(&Event) -> bool) -> usize {
    tale.events().iter().filter(|(_, event)| is_wanted(event)).count()
}

fn count(tale: &Tale, wanted: Cause) -> usize {
    tale.changes().filter(|(_, change)| change.cause == wanted).count()
}

#[test]
fn skills_are_asked_for_by_their_shares() {
    let tale = many(
        "skills = ['sales', 'technical', 'billing']
        consumers.web.messages = 1
        consumers.web.skills = { sales = 0.2, technical = 0.5, billing = 0.3 }
        agents.ann.reply_time = '1s'",
    );
    for (skill, share) in [0.2, 0.5, 0.3].into_iter().enumerate() {
        let opened = tale.changes().filter(|(_, change)| change.cause == Cause::Opened);
        let asked = opened.filter(|(_, change)| usize::from(change.skill.0) == skill).count();
        assert_share(asked, CONSUMERS, share);
    }
}

#[test]
fn messages_that_are_geometric_end_each_turn_with_their_probability() {
    let tale = many(
        "consumers.web.messages = { geometric = 0.25 }
        consumers.web.think = '10s'
        agents.ann.reply_time = '1s'",
    );
    // Each answer is a trial; whoever is resolved by the agent had its hit.
    let answers = events(&tale, |event| matches!(event, Event::Answered { .. }));
    assert_share(count(&tale, Cause::ResolvedByAgent), answers, 0.25);
}

#[test]
fn consumers_close_leave_silently_and_return_by_their_shares() {
    let tale = many(
        "consumers.web.messages = 1
        consumers.web.closes_share = 0.3
        resolve.after = '1h'
        agents.ann.reply_time = '1s'",
    );
    assert_share(count(&tale, Cause::ResolvedByConsumer), CONSUMERS, 0.3);

    let tale = many(
        "consumers.web.messages = 1
        consumers.web.patience = '1s'
        consumers.web.silent_share = 0.3
        consumers.web.returns = { share = 0.4, after = '10s', at_most = 2 }
        agents.ann.reply_time = '10m'",
    );
    let silent = events(&tale, |event| matches!(event, Event::Abandoned { silent: true, .. }));
    let left = events(&tale, |event| matches!(event, Event::Abandoned { .. }));
    assert_share(silent, left, 0.3);
    assert_share(left - CONSUMERS, CONSUMERS, 0.4);
}

#[test]
fn a_burst_has_its_own_size_and_its_own_gaps_in_each_turn() {
    let tale = plenty(
        "consumers.web.messages = 'unlimited'
        consumers.web.think = '1m'
        consumers.web.burst = { size = { uniform = { min = 1, max = 6 } }, gap = { exponential = { mean = '1s' } } }
        agents.ann.reply_time = '50s'",
    )
    .visits("web", "0")
    .run();
    let mut written = Vec::new();
    for (at, event) in tale.events() {
        if matches!(event, Event::ConsumerMessage { .. }) {
            written.push(*at);
        }
    }
    // A think time is a minute at least, a gap of a minute does not happen.
    let turns = Vec::from_iter(written.chunk_by(|a, b| *b - *a < Span::from_secs(30)));
    let sizes = BTreeSet::from_iter(turns.iter().map(|turn| turn.len()));
    assert!(sizes.len() > 3, "sizes: {sizes:?}");
    let mut gaps = Vec::new();
    for turn in &turns {
        gaps.extend(turn.windows(2).map(|pair| pair[1] - pair[0]));
    }
    let different = BTreeSet::from_iter(gaps.iter().copied());
    assert!(gaps.len() > 30 && different.len() == gaps.len(), "{gaps:?}");
}

#[test]
fn who_comes_again_pauses_anew_each_time() {
    let tale = plenty(
        "consumers.web.messages = 1
        consumers.web.arrivals.closed = { population = 2, pause = { exponential = { mean = '1m' } } }
        agents.ann.reply_time = '1s'",
    )
    .run();
    let mut visits: BTreeMap<ConversationId, Time> = BTreeMap::new();
    for (at, event) in tale.events() {
        if let Event::Opened { id, .. } = event {
            visits.insert(*id, *at);
        }
    }
    assert!(visits.len() > 60, "{} visits in an hour, about 118 expected", visits.len());
    // Both open at the start; after that, no two pauses end together.
    let instants = BTreeSet::from_iter(visits.values());
    assert_eq!(instants.len(), visits.len() - 1);
}
