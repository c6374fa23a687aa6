//! What must hold between runs: the same again, apart from others, and without a feature.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use shiftstorm::base::distribution::Distribution;
use shiftstorm::base::ids::AgentId;
use shiftstorm::base::time::{Span, Time};
use shiftstorm::ledger::Outcome;
use shiftstorm::ledger::outcome::Counts;
use shiftstorm::ledger::rows::ConversationEnding;
use shiftstorm::model::event::{AgentState, AnswerTaken, Cause, Event};
use shiftstorm::model::settings::{
    Absence, DailyInstants, Episode, OnUnassign, Roster, SkillTime, Timeouts, Trigger, Turns,
};
use shiftstorm::scenario::plan::Plan;
use shiftstorm::simulation::{Update, replicate};

use super::plans::{plan, varied};
use super::run::{self, Notebook, Told};

fn plans() -> impl Iterator<Item = Arc<Plan>> {
    (0..60).map(|seed| Arc::new(plan(seed)))
}

fn outcome(told: &Told) -> &Outcome {
    told.finished.outcome.as_ref().expect("recorded")
}

#[test]
fn the_same_seed_tells_the_same_story() {
    for plan in plans() {
        let (one, again) = (run::run(&plan, 0), run::run(&plan, 0));
        assert!(one.facts == again.facts && one.rows == again.rows, "seed {}", plan.run.seed);
        assert_eq!(outcome(&one), outcome(&again), "seed {}", plan.run.seed);
    }
}

#[test]
fn another_seed_or_replication_tells_another_story() {
    let mut differ = 0;
    for plan in plans() {
        let one = run::run(&plan, 0);
        let other_seed = run::run(&varied(&plan, |plan| plan.run.seed += 1_000), 0);
        let other_replication = run::run(&plan, 1);
        differ += usize::from(one.facts != other_seed.facts);
        differ += usize::from(one.facts != other_replication.facts);
    }
    assert!(differ > 60, "only {differ} of 120 differ");
}

/// Facts and outcome of each replication, on so many threads.
fn replicated(plan: &Arc<Plan>, replications: u64, threads: usize) -> Vec<Told> {
    let notebooks: Vec<_> = (0..replications).map(|_| Notebook::default()).collect();
    let jobs = (0..).zip(&notebooks).map(|(number, notebook)| run::job(plan, number, notebook));
    let mut told: Vec<Option<Told>> = notebooks.iter().map(|_| None).collect();
    replicate(jobs.collect::<Vec<_>>(), threads, &Arc::new(AtomicBool::new(false)), |update| {
        if let Update::Ended(position, result) = update {
            let finished = result.unwrap_or_else(|failure| panic!("{failure}"));
            told[position] = Some(notebooks[position].told(finished));
        }
    });
    told.into_iter().map(|told| told.expect("every job ends")).collect()
}

#[test]
fn a_replication_knows_nothing_of_the_others() {
    for plan in plans().take(12) {
        let five = replicated(&plan, 5, 2);
        for threads in [1, 8] {
            for (one, other) in five.iter().zip(replicated(&plan, 3, threads)) {
                assert!(one.facts == other.facts, "seed {}", plan.run.seed);
                assert_eq!(outcome(one), outcome(&other), "seed {}", plan.run.seed);
            }
        }
        assert!(run::run(&plan, 4).facts == five[4].facts, "seed {}", plan.run.seed);
    }
}

#[test]
fn outcomes_merge_in_any_grouping() {
    for plan in plans().take(30) {
        let all: Vec<Outcome> =
            (0..4).map(|number| outcome(&run::run(&plan, number)).clone()).collect();
        let merged = |parts: &[&Outcome]| {
            let mut sum = parts[0].clone();
            parts[1..].iter().for_each(|part| sum.merge(part));
            sum
        };
        let [a, b, c, d] = &all[..] else { panic!("four outcomes") };
        let one_by_one = merged(&[a, b, c, d]);
        assert_eq!(one_by_one, merged(&[&merged(&[a, b]), &merged(&[c, d])]));
        assert_eq!(one_by_one, merged(&[a, &merged(&[b, &merged(&[c, d])])]));
        assert_eq!(one_by_one, merged(&[d, b, a, c]), "nor does the order matter");
    }
}

fn count(told: &Told, is_such: impl Fn(Cause) -> bool) -> usize {
    told.changes.iter().filter(|(_, change)| is_such(change.cause)).count()
}

fn is_auto_unassign(cause: Cause) -> bool {
    matches!(cause, Cause::AutoUnassigned { .. })
}

fn is_ownership_removal(cause: Cause) -> bool {
    use Cause::{BoomerangWhileOffline, InboundWhileOffline, OwnerLoggedOut};
    matches!(cause, OwnerLoggedOut | InboundWhileOffline | BoomerangWhileOffline)
}

#[test]
fn a_feature_that_is_off_removes_nobody() {
    let (mut unassigned, mut removed) = (0, 0);
    for plan in plans() {
        let with = |unassign: bool, removal: bool| {
            run::run(
                &varied(&plan, |plan| {
                    plan.centre.unassign.enabled = unassign;
                    plan.centre.remove_ownership.enabled = removal;
                }),
                0,
            )
        };
        let (only_unassign, only_removal) = (with(true, false), with(false, true));
        unassigned += count(&only_unassign, is_auto_unassign);
        removed += count(&only_removal, is_ownership_removal);
        assert_eq!(count(&only_unassign, is_ownership_removal), 0, "seed {}", plan.run.seed);
        assert_eq!(count(&only_removal, is_auto_unassign), 0, "seed {}", plan.run.seed);
        let neither = with(false, false);
        let any = |cause| is_auto_unassign(cause) || is_ownership_removal(cause);
        assert_eq!(count(&neither, any), 0, "seed {}", plan.run.seed);
        let lost = |event: &Event| {
            use AnswerTaken::{ByRemoval, ByUnassign};
            matches!(event, Event::AnswerLost { taken: ByUnassign | ByRemoval, .. })
        };
        assert!(!neither.facts.iter().any(|(_, event)| lost(event)), "seed {}", plan.run.seed);
    }
    assert!(unassigned > 100 && removed > 20, "{unassigned} and {removed} when they are on");
}

/// A timeout that never comes is no timeout: the same story, but for the deadlines that move.
#[test]
fn a_timeout_without_end_is_no_unassign() {
    for plan in plans() {
        let endless = varied(&plan, |plan| {
            let unassign = &mut plan.centre.unassign;
            let timeout = Some(Span::from_hours(1_000));
            unassign.enabled = true;
            unassign.timeout = Timeouts { online: timeout, away: timeout, offline: timeout };
            for skill in &mut plan.centre.skill_settings {
                let of_centre = SkillTime::OfCentre;
                (skill.online, skill.away, skill.offline) = (of_centre, of_centre, of_centre);
            }
        });
        let off = varied(&plan, |plan| plan.centre.unassign.enabled = false);
        let (endless, off) = (run::run(&endless, 0), run::run(&off, 0));
        assert_eq!(count(&endless, is_auto_unassign), 0, "seed {}", plan.run.seed);
        assert!(without_moves(&endless) == without_moves(&off), "seed {}", plan.run.seed);
    }
}

/// A14: whoever has three things to say says three, whatever is closed before, or still has to when
/// the run ends.
#[test]
fn nothing_that_is_said_is_lost() {
    let mut after_close = 0;
    for seed in 0..200 {
        let plan = varied(&Arc::new(plan(seed)), |plan| {
            plan.run.warm_up = Span::ZERO;
            for kind in &mut plan.centre.kinds {
                (kind.messages, kind.burst) = (Turns::Fixed(3), None);
            }
        });
        let told = run::run(&plan, 0);
        let mut said = BTreeMap::<_, (u32, Option<ConversationEnding>)>::new();
        let mut rows: Vec<_> = told.rows.iter().collect();
        rows.sort_by_key(|row| row.id);
        for row in rows {
            let need = said.entry((row.id.kind(), row.id.number(), row.id.need())).or_default();
            let is_over = row.abandoned.is_none() && row.ending != ConversationEnding::AtEnd;
            *need = (need.0 + row.messages, is_over.then_some(row.ending));
        }
        assert!(said.values().all(|&(messages, _)| messages <= 3), "seed {seed}: said twice");
        let to_write = said.values().filter(|(messages, over)| *messages < 3 && over.is_some());
        let counts = &outcome(&told).counts;
        assert_eq!(to_write.count() as u64, counts.still_to_write, "seed {seed}: lost");
        after_close += counts.after_close;
    }
    assert!(after_close > 200, "only {after_close} after a close");
}

/// A count and the count that it is a part of.
type PartOf = (&'static str, fn(&Counts) -> u64, fn(&Counts) -> u64);

const PARTS: [PartOf; 16] = [
    ("claims", |it| it.claims, |it| it.assignments),
    ("back to the same agent", |it| it.back_to_same_agent, |it| it.assignments),
    ("unassigned again", |it| it.unassigned_again, Counts::auto_unassigned),
    ("unassigned on return", |it| it.unassigned_on_return, Counts::auto_unassigned),
    ("suppressed", |it| it.suppressed_by_manual_sla, |it| it.manual_slas),
    ("stale notifications", |it| it.stale_notifications, |it| it.notifications),
    ("notifications", |it| it.notifications, |it| it.assigned_offline),
    ("taken up", |it| it.taken_up, |it| it.assigned_offline),
    ("fell back", |it| it.fell_back, |it| it.reserved),
    ("reopened", |it| it.reopened, |it| it.after_close),
    ("removed on boomerang", |it| it.removed_on_boomerang, |it| it.boomerangs),
    (
        "boomerangs",
        |it| it.boomerangs,
        |it| it.replies_with_boomerang + it.parked + it.assigned_offline,
    ),
    ("replies with boomerang", |it| it.replies_with_boomerang, |it| it.answers + it.wasted_answers),
    ("late hand-overs", |it| it.assigned_offline, |it| it.assignments),
    ("hand-overs", |it| it.transferred_to_agent, |it| it.assignments),
    (
        "unassigns and removals",
        |it| it.auto_unassigned() + it.ownership_removed(),
        |it| it.assignments,
    ),
];

/// With a warm-up in the middle of things, no part is more than its whole.
#[test]
fn no_part_is_more_than_its_whole() {
    let mut seen = [0; PARTS.len()];
    for seed in 0..600 {
        let plan = varied(&Arc::new(plan(seed)), |plan| {
            let whole = plan.run.until.since_start();
            plan.run.warm_up = Span::from_micros(whole.as_micros() / 2);
        });
        let told = run::run(&plan, 0);
        let Outcome { counts, flow, clients, times, .. } = outcome(&told);
        for ((name, part, whole), seen) in PARTS.iter().zip(&mut seen) {
            assert!(part(counts) <= whole(counts), "seed {seed}: {name}: {counts:?}");
            *seen += part(counts);
        }
        let others = [
            ("arrivals", counts.arrivals, flow.first_contacts),
            ("first contacts", flow.first_contacts, flow.offered),
            ("answered", flow.answered, flow.offered),
            ("assigned", flow.assigned, flow.offered),
            ("within", flow.within, flow.reached),
            ("reached", flow.reached, flow.offered),
            ("left early", flow.abandoned_within, flow.abandoned()),
            ("unanswered at end", flow.unanswered_at_end, flow.open_at_end),
            ("responses in time", flow.response_within, counts.answers),
            ("answers", counts.answers, flow.messages),
            ("moved deadlines", counts.deadlines_moved, flow.messages),
            ("clients served", clients.served, clients.clients),
            ("clients", clients.clients, clients.contacts),
            ("rescues", times.rescue.count(), times.next_owner.count()),
            (
                "next owners",
                times.next_owner.count(),
                counts.auto_unassigned() + counts.ownership_removed(),
            ),
        ];
        for (name, part, whole) in others {
            assert!(part <= whole, "seed {seed}: {name}: {part} of {whole}");
        }
    }
    assert!(seen.iter().all(|&seen| seen > 0), "never seen: {seen:?}");
}

/// D24: whoever is there at the time of a planned absence begins it then; who is not there and comes
/// back begins it late, or loses it, and either is told.
#[test]
fn what_is_planned_is_taken_or_counted() {
    let mut tally = BTreeMap::<Fate, u32>::new();
    for seed in 0..600 {
        let plan = varied(&Arc::new(plan(seed)), plan_for_sure);
        let told = run::run(&plan, 0);
        for (agent, (_, group)) in (0..).map(AgentId).zip(plan.centre.agents()) {
            for (at, absence) in group.episodes.iter().filter_map(planned) {
                let fate = fate(&told, agent, at, absence);
                assert_ne!(fate, Fate::Skipped, "seed {seed}: of {agent:?}, due at {at}");
                *tally.entry(fate).or_default() += 1;
            }
        }
    }
    let enough = [(Fate::Taken, 100), (Fate::Told, 50)];
    assert!(enough.iter().all(|(fate, least)| tally.get(fate) >= Some(least)), "{tally:?}");
}

/// All agents are there all day, and what is planned is so for all, at an instant of its own.
fn plan_for_sure(plan: &mut Plan) {
    for group in &mut plan.centre.groups {
        group.roster = Roster::Always;
        for episode in &mut group.episodes {
            if let Trigger::At { at, spread, share, when_late: Some(_) } = &mut episode.trigger {
                let first = at.of_day(0).expect("comes every day");
                *at = DailyInstants::Daily(first + Span::from_micros(1_001));
                (*spread, *share) = (Span::ZERO, 1.0);
                episode.length = Distribution::fixed(45.0).expect("a length");
            }
        }
    }
}

fn planned(episode: &Episode) -> Option<(Time, Absence)> {
    match &episode.trigger {
        Trigger::At { at, when_late: Some(_), .. } => Some((at.of_day(0)?, episode.absence)),
        _ => None,
    }
}

/// What becomes of a planned absence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Taken,
    /// Late, or lost, and told so.
    Told,
    /// The agent had not come back when the run ended, or the run ended before.
    StillToCome,
    Skipped,
}

fn fate(told: &Told, agent: AgentId, due: Time, absence: Absence) -> Fate {
    let (mut state, mut unresponsive) = (AgentState::Offline, false);
    let mut waits = false;
    for instant in told.facts.chunk_by(|(one, _), (next, _)| one == next) {
        let now = instant[0].0;
        if now >= due && !waits {
            let is_there = state.is_logged_in() && !unresponsive;
            let begun = match absence {
                Absence::Away(reason) => AgentState::Away(reason),
                _ => AgentState::Offline,
            };
            let begins = Event::AgentState { agent, state: begun };
            let is_seen = now == due && instant.iter().any(|(_, event)| *event == begins);
            match is_there {
                _ if is_seen => return Fate::Taken,
                true if state != AgentState::Online => return Fate::Taken,
                true => return Fate::Skipped,
                false => waits = true,
            }
        }
        for (_, event) in instant {
            match *event {
                Event::AgentState { agent: other, state: new } if other == agent => state = new,
                Event::Unresponsive { agent: other, unresponsive: new } if other == agent => {
                    unresponsive = new;
                }
                Event::PlanLate { agent: other, delay, .. }
                    if waits && other == agent && delay.is_none_or(|delay| now - delay == due) =>
                {
                    return Fate::Told;
                }
                _ => {}
            }
        }
        if waits && state == AgentState::Online && !unresponsive {
            return Fate::Skipped;
        }
    }
    Fate::StillToCome
}

fn without_moves(told: &Told) -> Vec<(Time, Event)> {
    let without = |&(at, event): &(Time, Event)| match event {
        Event::ConsumerMessage { conversation, further, .. } => {
            (at, Event::ConsumerMessage { conversation, further, moved_deadline: false })
        }
        other => (at, other),
    };
    told.facts.iter().map(without).collect()
}

/// Without auto-unassign, what it would do to the agent is idle talk; whom it excludes is not, as a
/// manual return excludes too (D21).
#[test]
fn the_details_of_a_feature_that_is_off_do_not_matter() {
    for plan in plans() {
        let off = varied(&plan, |plan| plan.centre.unassign.enabled = false);
        let other = varied(&off, |plan| {
            let unassign = &mut plan.centre.unassign;
            unassign.on_unassign = OnUnassign::SetAway { away_for: Span::from_secs(5) };
            unassign.max_per_conversation = Some(0);
            unassign.return_grace = Span::from_secs(500);
        });
        assert!(run::run(&off, 0).facts == run::run(&other, 0).facts, "seed {}", plan.run.seed);
    }
}
