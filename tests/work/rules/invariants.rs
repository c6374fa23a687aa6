//! What must hold in every run, M1–M10 by its numbers, looked for in the facts of crowded centres
//! in which everything happens. The checks here are their own; the ones that stay on in every run
//! are tested beside the ledger.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use shiftstorm::base::ids::{AgentId, ConversationKey, Epoch};
use shiftstorm::base::time::{Span, Time};
use shiftstorm::model::event::{AgentState, Cause, Change, Event, Status};
use shiftstorm::scenario::Plan;
use shiftstorm::simulation::{Job, Recording, Update, replicate};

use crate::common::{Notebook, Tale, replay, scene};

/// A crowded centre with both features on. Timeouts are equal, so that a deadline is origin + 60 s
/// in every state.
const CROWDED: &str = "
    run.until = '2h'
    unassign.enabled = true
    remove_ownership.enabled = true
    skills = ['chat', 'law']
    consumers.web.arrivals = '90/h'
    consumers.web.skill = 'chat'
    consumers.web.messages = { geometric = 0.3 }
    consumers.web.burst = { size = { uniform = { min = 1, max = 3 } }, gap = '20s' }
    consumers.web.patience = { first = { exponential = { mean = '6m' } }, later = { exponential = { mean = '8m' } } }
    consumers.web.silent_share = 0.3
    agents.ann.count = 4
    agents.ann.skills = ['chat']
    agents.ann.reply_time = { exponential = { mean = '30s' } }
    agents.ann.away.episodes = { every = { exponential = { mean = '10m' } }, for = { exponential = { mean = '80s' } } }
    agents.ann.interruptions = { every = { exponential = { mean = '10m' } }, for = { exponential = { mean = '80s' } } }
    agents.ann.disconnects = { every = { exponential = { mean = '20m' } }, for = { exponential = { mean = '2m' } } }
    agents.ann.logouts = { after = { exponential = { mean = '8m' } }, back_after = { exponential = { mean = '2m' } } }
    agents.ann.hand_overs = { share = 0.1, to = { specialist = 'cat', offline = 'new' } }
    agents.cat.skills = ['law']
    agents.cat.reply_time = { exponential = { mean = '30s' } }
    agents.cat.logouts = { after = { exponential = { mean = '5m' } }, back_after = { exponential = { mean = '5m' } } }
";
const PARKING: &str =
    "agents.ann.parking = { share = 0.1, boomerang = { exponential = { mean = '2m' } } }";
const MANUAL_SLA: &str = "agents.ann.manual_sla = { share = 0.3, length = { exponential = { mean = '2m' } }, cancel_after = { exponential = { mean = '2m' } } }";
const FEATURES_OFF: &str =
    "variant = [{ name = 'off', unassign.enabled = false, remove_ownership.enabled = false }]";

const SEEDS: std::ops::Range<u64> = 0..4;

/// Several replications of the crowded centre.
fn crowds(more: &str) -> Vec<Tale> {
    let plan = plan(more);
    SEEDS.map(|replication| Tale::of_replication(&plan, replication)).collect()
}

fn plan(more: &str) -> Arc<Plan> {
    let scenario = scene(CROWDED).with(more).read();
    let last = scenario.variants.last().expect("a scenario has at least its base");
    Arc::clone(&last.plan)
}

/// Status, owner and epoch of the conversations that are not resolved.
#[derive(Default)]
struct Board(BTreeMap<ConversationKey, (Status, Option<AgentId>, Epoch)>);

impl Board {
    fn note(&mut self, change: &Change) {
        if change.status == Status::Resolved {
            self.0.remove(&change.conversation);
        } else {
            self.0.insert(change.conversation, (change.status, change.to, change.epoch));
        }
    }

    fn owned_by(
        &self,
        agent: AgentId,
    ) -> impl Iterator<Item = (ConversationKey, Status, Epoch)> + '_ {
        let owned = self.0.iter().filter(move |(_, (_, owner, _))| *owner == Some(agent));
        owned.map(|(&key, &(status, _, epoch))| (key, status, epoch))
    }
}

/// Hands each fact to a check together with what the facts before it add up to.
fn follow(tale: &Tale, mut check: impl FnMut(Time, &Event, &Board)) {
    let mut board = Board::default();
    for (at, event) in tale.events() {
        check(*at, event, &board);
        if let Event::Change(change) = event {
            board.note(change);
        }
    }
}

#[test]
fn m1_slots_in_use_are_the_conversations_owned() {
    for tale in crowds(&[PARKING, MANUAL_SLA].join("\n")) {
        let mut checked = 0;
        let mut used: BTreeMap<AgentId, u32> = BTreeMap::new();
        let mut instant = Time::ZERO;
        follow(&tale, |at, event, board| {
            if at > instant {
                // Within an instant the two facts come one after the other.
                for (&agent, &slots) in &used {
                    assert_eq!(slots as usize, board.owned_by(agent).count() * 1000);
                    checked += 1;
                }
                instant = at;
            }
            if let Event::SlotsInUse { agent, used: slots } = event {
                used.insert(*agent, slots.0);
            }
        });
        assert!(checked > 1000);
    }
}

#[test]
fn m2_none_is_lost_or_doubled() {
    for tale in crowds(PARKING) {
        let offered = tale.facts("visit").len();
        let rows = tale.rows();
        assert_eq!(rows.len(), offered);
        let mut names: Vec<_> = rows.iter().map(|row| row.id).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), offered);
        // Answered first, abandoned first, closed unanswered or unanswered at the end: one of them.
        let outcome = tale.finished.outcome.as_ref().expect("it was recorded");
        let flow = &outcome.flow;
        assert_eq!(flow.offered, offered as u64);
        assert_eq!(
            flow.offered,
            flow.answered + flow.abandoned() + flow.closed_unanswered + flow.unanswered_at_end
        );
        assert!(flow.answered > 0 && flow.abandoned() > 0);
    }
}

#[test]
fn m3_without_a_manual_sla_no_message_stays_with_one_owner_past_its_deadline() {
    let limit = Span::from_secs(60);
    for tale in crowds("") {
        let mut clocks: BTreeMap<ConversationKey, (Time, bool)> = BTreeMap::new();
        let mut fired = 0;
        follow(&tale, |at, event, board| {
            for (key, (status, owner, _)) in &board.0 {
                let (origin, unanswered) = clocks[key];
                let is_running = *status == Status::New && owner.is_some() && unanswered;
                assert!(!is_running || at <= origin + limit, "{key:?} at {at}");
            }
            match *event {
                Event::ConsumerMessage { conversation, .. } => {
                    clocks.insert(conversation, (at, true));
                }
                Event::Answered { conversation, .. } => {
                    clocks.insert(conversation, (at, false));
                }
                Event::Change(change) if change.from != change.to => {
                    if let Some(clock) = clocks.get_mut(&change.conversation) {
                        clock.0 = at;
                    }
                    fired += u32::from(matches!(change.cause, Cause::AutoUnassigned { .. }));
                }
                _ => {}
            }
        });
        assert!(fired > 10);
    }
}

#[test]
fn m4_nothing_is_unassigned_while_a_manual_sla_runs() {
    for tale in crowds(MANUAL_SLA) {
        let mut running: BTreeMap<ConversationKey, Time> = BTreeMap::new();
        let (mut asked, mut suppressed) = (0, 0);
        follow(&tale, |at, event, _| match *event {
            Event::ManualSla { conversation, until: Some(until) } => {
                asked += 1;
                running.insert(conversation, until);
            }
            Event::ManualSla { conversation, until: None } => {
                let until = running.remove(&conversation).expect("it was running");
                assert!(at <= until);
            }
            Event::DeadlineSuppressed { conversation } => {
                suppressed += 1;
                assert!(running.contains_key(&conversation));
            }
            Event::Change(Change { conversation, cause: Cause::AutoUnassigned { .. }, .. }) => {
                assert!(!running.contains_key(&conversation));
            }
            _ => {}
        });
        assert!(asked > 10 && suppressed > 0);
    }
}

#[test]
fn m5_a_logout_never_changes_the_owner_of_a_pending_conversation() {
    for tale in crowds(PARKING) {
        let mut pending = 0;
        follow(&tale, |_, event, board| match event {
            Event::AgentState { agent, state: AgentState::Offline } => {
                let owned = board.owned_by(*agent);
                pending += owned.filter(|(_, status, _)| *status == Status::Pending).count();
            }
            Event::Change(change) if change.cause == Cause::OwnerLoggedOut => {
                assert_eq!(board.0[&change.conversation].0, Status::New);
            }
            _ => {}
        });
        assert!(pending > 5, "{pending} Pending at logouts");
    }
}

#[test]
fn m6_two_minutes_after_a_logout_nothing_new_is_still_owned_unless_the_agent_came_back() {
    // Without the offline timeout, which would come first.
    for tale in crowds("unassign.timeout.offline = 'off'") {
        let mut due: Vec<(Time, AgentId, ConversationKey, Epoch)> = Vec::new();
        let mut met = 0;
        follow(&tale, |at, event, board| {
            due.retain(|&(limit, agent, key, epoch)| {
                let held = board
                    .0
                    .get(&key)
                    .is_some_and(|&(_, owner, now)| owner == Some(agent) && now == epoch);
                assert!(!held || at <= limit, "{key:?} is still owned at {at}");
                met += u32::from(!held);
                held
            });
            match *event {
                Event::AgentState { agent, state: AgentState::Offline } => {
                    let new = board.owned_by(agent).filter(|(_, status, _)| *status == Status::New);
                    due.extend(
                        new.map(|(key, _, epoch)| (at + Span::from_mins(2), agent, key, epoch)),
                    );
                }
                Event::AgentState { agent, .. } => due.retain(|&(_, waiting, ..)| waiting != agent),
                _ => {}
            }
        });
        assert!(met > 5, "{met} removals");
    }
}

#[test]
fn m7_a_feature_that_is_off_removes_nobody() {
    let removals = |tale: &Tale, word: &str| tale.facts(word).len();
    for tale in crowds(FEATURES_OFF) {
        assert_eq!(removals(&tale, "auto_unassigned suppressed"), 0);
        assert_eq!(
            removals(&tale, "ownership_removed inbound_while_offline boomerang_while_offline"),
            0
        );
        // There was reason enough.
        assert!(removals(&tale, "state") > 20);
    }
}

#[test]
fn m8_replaying_the_audit_gives_the_final_status_and_owner() {
    for tale in crowds(PARKING) {
        // The run itself compares owner and status of each with what the router knows.
        assert_eq!(replay(tale.changes()).len(), tale.finished.open);
        assert!(tale.finished.open > 0, "a run that ends with nothing open shows little");
    }
}

#[test]
fn m9_time_never_runs_backwards_and_each_change_of_owner_is_one_epoch() {
    for tale in crowds(&[PARKING, MANUAL_SLA].join("\n")) {
        let mut now = Time::ZERO;
        follow(&tale, |at, event, board| {
            assert!(at >= now);
            now = at;
            let Event::Change(change) = event else { return };
            let Some(&(_, owner, epoch)) = board.0.get(&change.conversation) else { return };
            assert_eq!(owner, change.from);
            let bumps = u32::from(change.from != change.to);
            assert_eq!(change.epoch.0, epoch.0 + bumps);
        });
    }
}

#[test]
fn m10_the_trace_is_the_same_on_any_number_of_threads() {
    let plan = plan(&[PARKING, MANUAL_SLA].join("\n"));
    let alone: Vec<_> = SEEDS.map(|replication| Tale::of_replication(&plan, replication)).collect();
    for threads in [1, 2, 8] {
        let notebooks: Vec<_> = SEEDS.map(|_| Notebook::default()).collect();
        let jobs: Vec<_> = SEEDS
            .zip(&notebooks)
            .map(|(replication, notebook)| Job {
                plan: Arc::clone(&plan),
                replication,
                recording: Recording::Checked,
                rows: Some(Box::new(notebook.clone())),
            })
            .collect();
        let mut ended = 0;
        replicate(jobs, threads, &Arc::new(AtomicBool::new(false)), |update| {
            if let Update::Ended(_, result) = update {
                ended += usize::from(result.is_ok());
            }
        });
        assert_eq!(ended, notebooks.len());
        for (notebook, tale) in notebooks.iter().zip(&alone) {
            assert!(notebook.facts() == tale.events(), "{threads} threads");
        }
    }
    assert!(alone[0].events() != alone[1].events());
}
