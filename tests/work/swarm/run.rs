//! Runs a plan, keeps its facts and rows, and examines them.

use std::cell::Cell;
use std::sync::{Arc, Mutex, MutexGuard};

use shiftstorm::base::time::Time;
use shiftstorm::ledger::Outcome;
use shiftstorm::ledger::outcome::Abandoned;
use shiftstorm::ledger::rows::{ConversationEnding, ConversationRow, Rows};
use shiftstorm::model::event::{Cause, Change, Event, Status};
use shiftstorm::scenario::plan::Plan;
use shiftstorm::simulation::{Finished, Job, Recording};

use super::case::Case;
use super::plans;
use super::situations::{Lookout, Tally};
use super::world::World;

/// A run and all that was told of it.
pub(crate) struct Told {
    pub(crate) finished: Finished,
    pub(crate) facts: Vec<(Time, Event)>,
    pub(crate) changes: Vec<(Time, Change)>,
    pub(crate) rows: Vec<ConversationRow>,
}

/// Runs a replication of a plan with checks on.
pub(crate) fn run(plan: &Arc<Plan>, replication: u64) -> Told {
    let notebook = Notebook::default();
    let finished = job(plan, replication, &notebook).run().unwrap_or_else(|failure| {
        panic!("{failure}\nlast facts: {:#?}", failure.last_events);
    });
    notebook.told(finished)
}

/// A replication that is written down.
pub(crate) fn job(plan: &Arc<Plan>, replication: u64, notebook: &Notebook) -> Job {
    let rows = Some(Box::new(notebook.clone()) as _);
    Job { plan: Arc::clone(plan), replication, recording: Recording::Checked, rows }
}

/// Where all that is told of a run is written down.
#[derive(Clone, Default)]
pub(crate) struct Notebook(Arc<Mutex<Notes>>);

#[derive(Default)]
struct Notes {
    facts: Vec<(Time, Event)>,
    changes: Vec<(Time, Change)>,
    rows: Vec<ConversationRow>,
}

impl Notebook {
    /// What was told of a run that has finished.
    pub(crate) fn told(&self, finished: Finished) -> Told {
        let Notes { facts, changes, rows } = std::mem::take(&mut *self.notes());
        Told { finished, facts, changes, rows }
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.0.lock().expect("whoever panics with it is not read any more")
    }
}

impl Rows for Notebook {
    fn event(&mut self, at: Time, event: &Event) {
        self.notes().facts.push((at, *event));
    }

    fn change(&mut self, at: Time, change: &Change) {
        self.notes().changes.push((at, *change));
    }

    fn conversation(&mut self, row: &ConversationRow) {
        self.notes().rows.push(row.clone());
    }
}

thread_local! {
    /// The fact that this thread holds against the rules.
    pub(crate) static FACT: Cell<Option<(Time, Event)>> = const { Cell::new(None) };
}

/// Runs the scenario of a seed and holds everything told of it against the rules. `tell` hears of
/// every fact before it is examined.
pub(crate) fn examine(seed: u64, tell: impl Fn(Time, &Event)) -> Tally {
    let plan = Arc::new(plans::plan(seed));
    let told = run(&plan, 0);
    let changes = told.facts.iter().filter_map(|&(at, event)| match event {
        Event::Change(change) => Some((at, change)),
        _ => None,
    });
    assert!(changes.eq(told.changes.iter().copied()), "the audit trail is all changes (E15)");
    let mut examiner = Examiner::new(&plan);
    for (position, &(at, event)) in told.facts.iter().enumerate() {
        let next = told.facts.get(position + 1).filter(|(next, _)| *next == at);
        tell(at, &event);
        examiner.examine(at, &event, next.map(|(_, event)| event));
    }
    examiner.finish(&plan, &told)
}

struct Examiner<'a> {
    world: World<'a>,
    lookout: Lookout,
    /// The last change and the status before it.
    last: Option<(Change, Status)>,
    /// The fact before.
    before: Option<Event>,
    /// Every conversation that is over.
    over: Vec<(Case, Change, Time)>,
}

impl<'a> Examiner<'a> {
    fn new(plan: &'a Plan) -> Self {
        let (lookout, over) = (Lookout::default(), Vec::new());
        Self { world: World::new(&plan.centre), lookout, last: None, before: None, over }
    }

    fn examine(&mut self, at: Time, event: &Event, next: Option<&Event>) {
        let world = &mut self.world;
        assert!(at >= world.now, "time runs backwards");
        if at > world.now {
            FACT.set(None);
            world.check_rest();
            self.lookout.see_rest(world);
            world.move_on(at);
        }
        FACT.set(Some((at, *event)));
        world.check(event, next);
        self.lookout.see(world, event, next);
        if let Some((change, was)) = self.last {
            match event {
                Event::Overshoot { .. } => self.lookout.see_overshoot(world, &change, was),
                Event::SlotsInUse { agent, used } if *used > world.seat(*agent).used => {
                    let (conversation, agent) = (change.conversation, *agent);
                    let is_told = self.before == Some(Event::Overshoot { conversation, agent });
                    let is_above = world.goes_above(agent, change.skill, *used);
                    assert_eq!(is_told, is_above, "what goes above a limit is told (E16, A16)");
                }
                _ => {}
            }
        }
        self.before = Some(*event);
        if let Event::Change(change) = event {
            let case = world.open.get(&change.conversation);
            let was = case.map_or(Status::Resolved, |case| case.status);
            self.last = Some((*change, was));
            match case.filter(|_| change.status == Status::Resolved) {
                Some(case) => self.over.push((case.clone(), *change, at)),
                // A14: it was not over yet.
                None if change.cause == Cause::Reopened => {
                    self.over.retain(|(case, ..)| case.id != change.id);
                }
                None => {}
            }
        }
        world.apply(event, next);
    }

    /// The end of the run: the rows, and the sums over all conversations.
    fn finish(mut self, plan: &Plan, told: &Told) -> Tally {
        FACT.set(None);
        self.world.check_rest();
        self.lookout.see_rest(&self.world);
        let ended = told.finished.ended;
        assert!(ended >= self.world.now, "the run ends before its last fact");
        assert_eq!(told.finished.open, self.world.open.len(), "open at the end");
        let over = self.over.iter().map(|(case, change, at)| (case, ending(change.cause), *at));
        let open = self.world.open.values().map(|case| (case, ConversationEnding::AtEnd, ended));
        let mut counted = Counted::default();
        let mut rows: Vec<&ConversationRow> = told.rows.iter().collect();
        rows.sort_by_key(|row| row.id);
        let mut cases: Vec<_> = over.chain(open).collect();
        cases.sort_by_key(|(case, ..)| case.id);
        assert_eq!(rows.len(), cases.len(), "one row a conversation");
        for (row, (case, ending, at)) in rows.into_iter().zip(cases) {
            check_row(row, case, ending, at);
            let counts = case.figures.opened >= Time::ZERO + plan.run.warm_up;
            assert_eq!(row.counted, counts, "{}: counted after the warm-up", row.id);
            if counts {
                counted.add(case, ending);
            }
        }
        let outcome = told.finished.outcome.as_ref().expect("recorded");
        assert_eq!(Counted::of(outcome), counted, "the flow of conversations");
        self.lookout.tally
    }
}

fn ending(cause: Cause) -> ConversationEnding {
    match cause {
        Cause::ResolvedByAgent => ConversationEnding::ByAgent,
        Cause::ResolvedByConsumer => ConversationEnding::ByConsumer,
        Cause::Abandoned => ConversationEnding::Abandoned,
        Cause::AutoClosed => ConversationEnding::AutoClosed,
        other => panic!("{other:?} resolves nothing"),
    }
}

fn check_row(row: &ConversationRow, case: &Case, ending: ConversationEnding, at: Time) {
    let figures = super::case::Figures {
        opened: row.opened,
        assigned: row.assigned,
        answered: row.answered,
        messages: row.messages,
        answers: row.answers,
        owners: row.owners,
        auto_unassigns: row.auto_unassigns,
        ownership_removals: row.ownership_removals,
        handle_time: row.handle_time,
        queue_time: row.queue_time,
    };
    assert_eq!((row.id, figures), (case.id, case.figures_at(at)), "the row of {}", case.id);
    assert_eq!((row.priority, row.abandoned), (case.priority, case.left), "{}", case.id);
    assert_eq!((row.ending, row.ended), (ending, at), "the end of {}", case.id);
}

/// Rule 2: none is lost or doubled.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counted {
    offered: u64,
    answered: u64,
    abandoned_unanswered: u64,
    closed_unanswered: u64,
    unanswered_at_end: u64,
    abandoned_later: u64,
    open_at_end: u64,
    messages: u64,
    auto_unassigns: u64,
    ownership_removals: u64,
}

impl Counted {
    fn add(&mut self, case: &Case, ending: ConversationEnding) {
        let (answered, left) = (case.figures.answered.is_some(), case.left.is_some());
        let at_end = ending == ConversationEnding::AtEnd;
        self.offered += 1;
        self.answered += u64::from(answered);
        self.abandoned_unanswered += u64::from(!answered && left);
        self.closed_unanswered += u64::from(!answered && !left && !at_end);
        self.unanswered_at_end += u64::from(!answered && !left && at_end);
        self.abandoned_later += u64::from(answered && left);
        self.open_at_end += u64::from(at_end);
        self.messages += u64::from(case.figures.messages);
        self.auto_unassigns += u64::from(case.figures.auto_unassigns);
        self.ownership_removals += u64::from(case.figures.ownership_removals);
    }

    fn of(outcome: &Outcome) -> Self {
        let flow = &outcome.flow;
        let sum = |both: Abandoned| both.open + both.silent;
        Self {
            offered: flow.offered,
            answered: flow.answered,
            abandoned_unanswered: sum(flow.abandoned_in_queue) + sum(flow.abandoned_while_owned),
            closed_unanswered: flow.closed_unanswered,
            unanswered_at_end: flow.unanswered_at_end,
            abandoned_later: sum(flow.abandoned_mid_conversation),
            open_at_end: flow.open_at_end,
            messages: flow.messages,
            auto_unassigns: outcome.counts.auto_unassigned(),
            ownership_removals: outcome.counts.ownership_removed(),
        }
    }
}
