//! The messaging case by hand: one event loop for exactly this configuration.
//!
//! One binary heap of 16-byte entries, slabs, packed keys; no actors, no traits, no boxes, no outbox, no audit trail. It knows that consumers write one message a turn, that all
//! agents are of one group and always on shift, that nobody is Away, parks, transfers or sets a
//! manual SLA, and that work goes out by `least_loaded`. It draws from the same keyed streams as the
//! model and so lives through the same run, event for event.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, VecDeque};

use shiftstorm::base::arrivals::Arrivals;
use shiftstorm::base::distribution::Distribution;
use shiftstorm::base::ids::{ConversationId, KindId};
use shiftstorm::base::stream::{Purpose, Streams, uniform};
use shiftstorm::base::time::{Span, Time};
use shiftstorm::model::settings::{Trigger, Turns};
use shiftstorm::scenario::plan::Plan;

use crate::trail::{Counts, Step, Trail};

/// What the run came to.
#[derive(Debug)]
pub(crate) struct Result {
    pub counts: Counts,
    /// Fingerprint of all changes of owner and status, if asked for.
    pub trail: Trail,
    /// Entries taken from the heap.
    pub events: u64,
    /// Share of the agents' time until the horizon spent on answers.
    pub utilisation: f64,
    /// Highest number of conversations open at a time.
    pub most_open: usize,
}

/// Runs one replication to its end, conversations drained. With `TRAIL` it also fingerprints the
/// audit trail.
pub(crate) fn run<const TRAIL: bool>(plan: &Plan, replication: u64) -> Result {
    let mut run = Run::<TRAIL>::new(plan, replication);
    run.start();
    run.work();
    let horizon = run.until as f64 * run.agents.len() as f64;
    Result {
        counts: run.counts,
        trail: run.trail,
        events: run.events,
        utilisation: run.busy as f64 / horizon,
        most_open: run.conversations.len(),
    }
}

struct Run<const TRAIL: bool> {
    streams: Streams,
    reply: Distribution,
    think: Distribution,
    patience: Distribution,
    interruption_every: Distribution,
    interruption: Distribution,
    ends_with: f64,
    silent_share: f64,
    slots: u8,
    timeout: u64,
    same_agent_after: u64,
    auto_close: u64,
    until: u64,

    arrivals: Arrivals,
    heap: BinaryHeap<Reverse<u128>>,
    sequence: u32,
    now: u64,
    /// Whether the queue is to be served later in this instant.
    service: bool,
    conversations: Vec<Conversation>,
    free: Vec<u32>,
    open: usize,
    opened: u64,
    /// Waiting since, number, slot; ascending.
    queue: VecDeque<(u64, u32, u32)>,
    agents: Vec<Agent>,
    /// Agents with a free slot, from the top bit down: load, last assignment, number.
    with_free_slot: BTreeSet<u128>,

    counts: Counts,
    trail: Trail,
    events: u64,
    busy: u64,
}

#[derive(Clone, Copy)]
struct Conversation {
    /// The last message of the consumer, unanswered unless the conversation is Pending.
    message: u64,
    /// When it became Pending.
    pending_since: u64,
    /// Unassign deadline while it is New and owned.
    deadline: u64,
    /// When the heap asks about it.
    deadline_entry: u64,
    removed_at: u64,
    number: u32,
    owner: u32,
    /// Sequence numbers of the entries that are good; 0 = none.
    write_entry: u32,
    patience_entry: u32,
    close_entry: u32,
    turn: u32,
    removed_from: u32,
    removed_acts: u32,
    attempt: u16,
    status: Status,
    last: bool,
    left_silently: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Status {
    New,
    Pending,
    Resolved,
}

#[derive(Clone)]
struct Agent {
    works: [Work; MOST_SLOTS],
    load: u8,
    responsive: bool,
    /// Whether it has a free slot.
    listed: bool,
    /// The conversation in hand, also while interrupted.
    hand: u32,
    /// Sequence number of the end of the answer in hand; 0 while interrupted.
    done_entry: u32,
    done_at: u64,
    /// When the answer in hand was begun.
    begun_at: u64,
    /// What was left of the answer in hand when the interruption began.
    left: u64,
    /// Last assignment; 0 before any, else one microsecond later.
    assigned: u64,
    acts: u32,
    draws: u32,
}

#[derive(Clone, Copy, Default)]
struct Work {
    message: u64,
    number: u32,
    conversation: u32,
    waiting: bool,
}

impl<const TRAIL: bool> Run<TRAIL> {
    fn new(plan: &Plan, replication: u64) -> Self {
        let (group, kind) = (&plan.centre.groups[0], &plan.centre.kinds[0]);
        let unassign = &plan.centre.unassign;
        let streams = Streams::new(plan.run.seed, replication);
        let Trigger::Every(every) = &group.episodes[0].trigger else {
            panic!("the case has random interruptions");
        };
        let Turns::Geometric(ends_with) = kind.messages else {
            panic!("the case has a geometric number of messages");
        };
        assert!(
            group.concurrency as usize <= MOST_SLOTS,
            "the case has at most {MOST_SLOTS} slots"
        );
        let idle = Agent {
            works: [Work::default(); MOST_SLOTS],
            load: 0,
            responsive: true,
            listed: false,
            hand: NONE,
            done_entry: 0,
            done_at: 0,
            begun_at: 0,
            left: 0,
            assigned: 0,
            acts: 0,
            draws: 0,
        };
        Self {
            streams,
            reply: group.reply_time.clone(),
            think: kind.think.clone(),
            patience: kind.patience.first.clone().expect("the case has impatient consumers"),
            interruption_every: every.clone(),
            interruption: group.episodes[0].length.clone(),
            ends_with,
            silent_share: kind.silent_share,
            slots: group.concurrency as u8,
            timeout: micros(unassign.timeout.online.expect("the case has a timeout")),
            same_agent_after: micros(unassign.same_agent_after),
            auto_close: micros(plan.centre.auto_close.new.expect("the case has auto-close")),
            until: plan.run.until.as_micros() as u64,
            arrivals: Arrivals::new(&kind.arrivals, &streams, KindId(0), plan.run.until),
            heap: BinaryHeap::new(),
            sequence: 0,
            now: 0,
            service: false,
            conversations: Vec::new(),
            free: Vec::new(),
            open: 0,
            opened: 0,
            queue: VecDeque::new(),
            agents: (0..group.count).map(|_| idle.clone()).collect(),
            with_free_slot: BTreeSet::new(),
            counts: Counts::default(),
            trail: Trail::default(),
            events: 0,
            busy: 0,
        }
    }

    fn start(&mut self) {
        for agent in 0..self.agents.len() as u32 {
            self.plan_interruption(agent);
            self.list(agent);
        }
        self.plan_arrival();
    }

    fn work(&mut self) {
        while let Some(&Reverse(head)) = self.heap.peek() {
            if self.service && (head >> 64) as u64 >= instant(self.now, SERVICE) {
                self.service = false;
                self.serve();
                continue;
            }
            let order = (head >> 64) as u64;
            let time = order >> CLASS_BITS;
            if time >= self.until && self.open == 0 {
                break;
            }
            self.heap.pop();
            self.now = time;
            self.events += 1;
            let rank = (head >> 32) as u32;
            let index = head as u32 & INDEX;
            match order as u8 & ((1 << CLASS_BITS) - 1) {
                REPLY => self.is_done(index, rank),
                ACT => match head as u32 & !INDEX {
                    WRITE => self.writes(index, rank),
                    VISIT => self.opens(),
                    _ => self.interrupts_or_resumes(index),
                },
                SERVICE => {
                    self.service = false;
                    self.serve();
                }
                PATIENCE => self.loses_patience(index, rank),
                UNASSIGN => self.asks_for_unassign(index, rank),
                _ => self.asks_for_close(index, rank),
            }
        }
    }

    fn push(&mut self, time: u64, class: u8, payload: u32) -> u32 {
        self.sequence += 1;
        self.push_ranked(time, class, self.sequence, payload);
        self.sequence
    }

    fn push_ranked(&mut self, time: u64, class: u8, rank: u32, payload: u32) {
        let order = instant(time, class);
        let rest = u64::from(rank) << 32 | u64::from(payload);
        self.heap.push(Reverse(u128::from(order) << 64 | u128::from(rest)));
    }

    fn draw(&self, purpose: Purpose, distribution: &Distribution, entity: u64, index: u64) -> u64 {
        micros(distribution.span(&mut self.streams.stream(purpose, entity, index)))
    }

    // Consumers.

    fn plan_arrival(&mut self) {
        if let Some(at) = self.arrivals.next() {
            self.push(at.as_micros() as u64, ACT, VISIT);
        }
    }

    fn opens(&mut self) {
        self.opened += 1;
        let number = self.opened as u32;
        let slot = self.free.pop().unwrap_or(self.conversations.len() as u32);
        let conversation = Conversation {
            message: self.now,
            pending_since: 0,
            deadline: 0,
            deadline_entry: NEVER,
            removed_at: 0,
            number,
            owner: NONE,
            write_entry: 0,
            patience_entry: 0,
            close_entry: 0,
            turn: 0,
            removed_from: NONE,
            removed_acts: 0,
            attempt: 0,
            status: Status::New,
            last: self.is_last_turn(number, 0),
            left_silently: false,
        };
        match self.conversations.get_mut(slot as usize) {
            Some(free) => *free = conversation,
            None => self.conversations.push(conversation),
        }
        self.open += 1;
        self.counts.opened += 1;
        self.note(number, NONE, Step::Opened);
        let patience = self.draw(Purpose::Patience, &self.patience, id(number), 0);
        let entry = self.push(self.now + patience, PATIENCE, slot);
        self.conversations[slot as usize].patience_entry = entry;
        self.plan_arrival();
        self.queue.push_back((self.now, number, slot));
        self.service |= !self.with_free_slot.is_empty();
    }

    fn is_last_turn(&self, number: u32, turn: u32) -> bool {
        let mut stream = self.streams.stream(Purpose::Turns, id(number), u64::from(turn));
        uniform(&mut stream) < self.ends_with
    }

    fn writes(&mut self, slot: u32, entry: u32) {
        let conversation = &self.conversations[slot as usize];
        if conversation.write_entry != entry {
            return;
        }
        let (number, turn) = (conversation.number, conversation.turn);
        let last = self.is_last_turn(number, turn);
        let conversation = &mut self.conversations[slot as usize];
        conversation.write_entry = 0;
        conversation.last = last;
        conversation.message = self.now;
        conversation.status = Status::New;
        let owner = conversation.owner;
        self.counts.further_messages += 1;
        self.note(number, owner, Step::Wrote);
        self.arm(slot);
        let now = self.now;
        let work = self.agents[owner as usize].work(slot);
        work.message = now;
        work.waiting = true;
        self.begins_next(owner);
    }

    fn loses_patience(&mut self, slot: u32, entry: u32) {
        let conversation = &mut self.conversations[slot as usize];
        if conversation.patience_entry != entry {
            return;
        }
        conversation.patience_entry = 0;
        let number = conversation.number;
        let mut stream = self.streams.stream(Purpose::Silent, id(number), 0);
        if uniform(&mut stream) < self.silent_share {
            let conversation = &mut self.conversations[slot as usize];
            conversation.left_silently = true;
            let due = (conversation.message + self.auto_close).max(self.now);
            self.counts.left_silently += 1;
            self.asks_later_for_close(slot, due);
        } else {
            self.counts.left_openly += 1;
            self.ends(slot, Step::Abandoned);
        }
    }

    // The platform.

    fn serve(&mut self) {
        let mut place = 0;
        while place < self.queue.len() && !self.with_free_slot.is_empty() {
            let (_, _, slot) = self.queue[place];
            match self.choose(slot) {
                Some(agent) => {
                    self.queue.remove(place);
                    self.assign(slot, agent);
                }
                None => place += 1,
            }
        }
    }

    fn choose(&self, slot: u32) -> Option<u32> {
        let conversation = &self.conversations[slot as usize];
        let excluded = conversation.removed_from;
        let mut agents = self.with_free_slot.iter().map(|&key| key as u32);
        if let Some(agent) = agents.find(|&agent| agent != excluded) {
            return Some(agent);
        }
        let agent = self.agents.get(excluded as usize).filter(|agent| agent.listed)?;
        let may_have_it = agent.acts != conversation.removed_acts
            || self.now >= conversation.removed_at + self.same_agent_after;
        may_have_it.then_some(excluded)
    }

    fn assign(&mut self, slot: u32, owner: u32) {
        let conversation = &mut self.conversations[slot as usize];
        conversation.owner = owner;
        let (message, number) = (conversation.message, conversation.number);
        self.counts.assigned += 1;
        self.note(number, owner, Step::Assigned);
        let work = Work { message, number, conversation: slot, waiting: true };
        let agent = &mut self.agents[owner as usize];
        agent.works[usize::from(agent.load)] = work;
        self.unlist(owner);
        let agent = &mut self.agents[owner as usize];
        agent.load += 1;
        agent.assigned = self.now + 1;
        self.list(owner);
        self.arm(slot);
        self.begins_next(owner);
    }

    /// The message came or the owner got it: the deadline runs from now.
    fn arm(&mut self, slot: u32) {
        let deadline = self.now + self.timeout;
        let conversation = &mut self.conversations[slot as usize];
        conversation.deadline = deadline;
        if deadline < conversation.deadline_entry {
            conversation.deadline_entry = deadline;
            let number = conversation.number;
            self.push_ranked(deadline, UNASSIGN, number, slot);
        }
    }

    fn asks_for_unassign(&mut self, slot: u32, number: u32) {
        let conversation = &mut self.conversations[slot as usize];
        if (conversation.number, conversation.deadline_entry) != (number, self.now) {
            return;
        }
        conversation.deadline_entry = NEVER;
        if conversation.status != Status::New || conversation.owner == NONE {
            return;
        }
        let deadline = conversation.deadline;
        if deadline > self.now {
            conversation.deadline_entry = deadline;
            self.push_ranked(deadline, UNASSIGN, number, slot);
            return;
        }
        let owner = std::mem::replace(&mut conversation.owner, NONE);
        conversation.attempt += 1;
        conversation.removed_from = owner;
        conversation.removed_at = self.now;
        conversation.removed_acts = self.agents[owner as usize].acts;
        let entry = (conversation.message, number, slot);
        let place = self.queue.partition_point(|earlier| *earlier < entry);
        self.queue.insert(place, entry);
        self.counts.unassigned += 1;
        self.note(number, NONE, Step::Unassigned);
        self.loses(owner, slot, false);
        self.service = true;
        self.push(self.now + self.same_agent_after, SERVICE, 0);
    }

    fn asks_later_for_close(&mut self, slot: u32, due: u64) {
        if self.conversations[slot as usize].close_entry == 0 {
            let entry = self.push(due, AUTO_CLOSE, slot);
            self.conversations[slot as usize].close_entry = entry;
        }
    }

    fn asks_for_close(&mut self, slot: u32, entry: u32) {
        let conversation = &mut self.conversations[slot as usize];
        if conversation.close_entry != entry {
            return;
        }
        conversation.close_entry = 0;
        let since = match conversation.status {
            Status::Pending => conversation.pending_since,
            Status::New if conversation.left_silently => conversation.message,
            Status::New | Status::Resolved => return,
        };
        let due = since + self.auto_close;
        if due <= self.now {
            self.counts.auto_closed += 1;
            self.ends(slot, Step::AutoClosed);
        } else {
            self.asks_later_for_close(slot, due);
        }
    }

    /// Over, but not by a reply.
    fn ends(&mut self, slot: u32, step: Step) {
        let Conversation { number, message, owner, .. } = self.conversations[slot as usize];
        self.note(number, NONE, step);
        if owner == NONE {
            let place = self.queue.partition_point(|earlier| *earlier < (message, number, slot));
            self.queue.remove(place);
        } else {
            self.loses(owner, slot, true);
        }
        self.forget(slot);
    }

    fn forget(&mut self, slot: u32) {
        let conversation = &mut self.conversations[slot as usize];
        conversation.status = Status::Resolved;
        conversation.number = 0;
        conversation.write_entry = 0;
        conversation.patience_entry = 0;
        conversation.close_entry = 0;
        self.free.push(slot);
        self.open -= 1;
    }

    // Agents.

    fn begins_next(&mut self, index: u32) {
        let agent = &self.agents[index as usize];
        if !agent.responsive || agent.hand != NONE {
            return;
        }
        let works = agent.works[..usize::from(agent.load)].iter().filter(|work| work.waiting);
        let Some(work) = works.min_by_key(|work| (work.message, work.number)) else { return };
        let (slot, number) = (work.conversation, work.number);
        let conversation = &self.conversations[slot as usize];
        let turn = u64::from(conversation.turn) << 16 | u64::from(conversation.attempt);
        let takes = self.draw(Purpose::Effort, &self.reply, id(number), turn);
        self.agents[index as usize].hand = slot;
        self.agents[index as usize].begun_at = self.now;
        self.goes_on(index, takes);
    }

    fn goes_on(&mut self, index: u32, takes: u64) {
        let done_at = self.now + takes;
        let entry = self.push(done_at, REPLY, index);
        let agent = &mut self.agents[index as usize];
        agent.done_at = done_at;
        agent.done_entry = entry;
        self.busy += takes;
    }

    fn is_done(&mut self, index: u32, entry: u32) {
        let agent = &mut self.agents[index as usize];
        if agent.done_entry != entry {
            return;
        }
        let slot = std::mem::replace(&mut agent.hand, NONE);
        agent.done_entry = 0;
        agent.acts += 1;
        let conversation = &mut self.conversations[slot as usize];
        let Conversation { number, last, left_silently, .. } = *conversation;
        conversation.patience_entry = 0;
        conversation.turn += 1;
        conversation.attempt = 0;
        self.counts.answers += 1;
        self.counts.wasted_answers += u64::from(left_silently);
        if last {
            self.counts.resolved_by_agent += 1;
            self.note(number, NONE, Step::Resolved);
            self.forget(slot);
            self.gives_back_slot(index, slot);
        } else {
            self.agents[index as usize].work(slot).waiting = false;
            self.rests(slot, index);
        }
        self.begins_next(index);
        self.service |= self.agents[index as usize].listed && !self.queue.is_empty();
    }

    /// Answered: Pending, and the consumer thinks.
    fn rests(&mut self, slot: u32, owner: u32) {
        let conversation = &mut self.conversations[slot as usize];
        conversation.status = Status::Pending;
        conversation.pending_since = self.now;
        let Conversation { number, turn, left_silently, .. } = *conversation;
        self.note(number, owner, Step::Replied);
        self.asks_later_for_close(slot, self.now + self.auto_close);
        if !left_silently {
            let think = self.draw(Purpose::Think, &self.think, id(number), u64::from(turn) - 1);
            let entry = self.push(self.now + think, ACT, WRITE | slot);
            self.conversations[slot as usize].write_entry = entry;
        }
    }

    /// A conversation is taken away from its owner.
    fn loses(&mut self, index: u32, slot: u32, resolved: bool) {
        self.gives_back_slot(index, slot);
        let agent = &mut self.agents[index as usize];
        if agent.hand == slot {
            agent.hand = NONE;
            let entry = std::mem::take(&mut agent.done_entry);
            if entry != 0 {
                self.busy -= agent.done_at - self.now;
            }
            self.counts.lost_answers += u64::from(!resolved && agent.begun_at < self.now);
            self.begins_next(index);
        }
    }

    fn gives_back_slot(&mut self, index: u32, slot: u32) {
        self.unlist(index);
        let agent = &mut self.agents[index as usize];
        let last = agent.works[usize::from(agent.load) - 1];
        *agent.work(slot) = last;
        agent.load -= 1;
        self.list(index);
        self.service |= !self.queue.is_empty();
    }

    fn plan_interruption(&mut self, index: u32) {
        let wait = self.next_draw(index, false);
        self.push(self.now + wait, ACT, INTERRUPTION | index);
    }

    fn interrupts_or_resumes(&mut self, index: u32) {
        let agent = &mut self.agents[index as usize];
        if !std::mem::replace(&mut agent.responsive, true) {
            if agent.hand != NONE {
                let left = agent.left;
                self.goes_on(index, left);
            }
            self.begins_next(index);
            self.plan_interruption(index);
            return;
        }
        agent.responsive = false;
        if std::mem::take(&mut agent.done_entry) != 0 {
            agent.left = agent.done_at - self.now;
            self.busy -= agent.left;
        }
        let length = self.next_draw(index, true);
        self.push(self.now + length, ACT, INTERRUPTION | index);
    }

    fn next_draw(&mut self, index: u32, begins: bool) -> u64 {
        let agent = &mut self.agents[index as usize];
        agent.draws += 1;
        let draw = 1 << 31 | u64::from(agent.draws);
        let distribution = if begins { &self.interruption } else { &self.interruption_every };
        self.draw(Purpose::Episode, distribution, u64::from(index), draw)
    }

    fn list(&mut self, index: u32) {
        let agent = &mut self.agents[index as usize];
        agent.listed = agent.load < self.slots;
        if agent.listed {
            self.with_free_slot.insert(agent.key(index));
        }
    }

    fn unlist(&mut self, index: u32) {
        let agent = &mut self.agents[index as usize];
        if std::mem::take(&mut agent.listed) {
            self.with_free_slot.remove(&agent.key(index));
        }
    }

    #[inline]
    fn note(&mut self, number: u32, owner: u32, step: Step) {
        if TRAIL {
            let owner = (owner != NONE).then_some(owner);
            self.trail.add(Time::from_micros(self.now as i64), u64::from(number), owner, step);
        }
    }
}

impl Agent {
    fn key(&self, index: u32) -> u128 {
        u128::from(self.load) << 96 | u128::from(self.assigned) << 32 | u128::from(index)
    }

    fn work(&mut self, slot: u32) -> &mut Work {
        let mut works = self.works[..usize::from(self.load)].iter_mut();
        works.find(|work| work.conversation == slot).expect("the agent owns it")
    }
}

fn micros(span: Span) -> u64 {
    span.as_micros() as u64
}

/// The key of a conversation's streams.
fn id(number: u32) -> u64 {
    ConversationId::new(KindId(0), u64::from(number), 0).bits()
}

/// An entry of the heap is, from the top bit down: time (60 bits), class (4), rank (32), kind (2),
/// index (30).
fn instant(time: u64, class: u8) -> u64 {
    time << CLASS_BITS | u64::from(class)
}

const CLASS_BITS: u32 = 4;
const REPLY: u8 = 0;
const ACT: u8 = 1;
const SERVICE: u8 = 2;
const PATIENCE: u8 = 3;
const UNASSIGN: u8 = 7;
const AUTO_CLOSE: u8 = 8;

const INDEX: u32 = (1 << 30) - 1;
const WRITE: u32 = 0;
const VISIT: u32 = 1 << 30;
const INTERRUPTION: u32 = 2 << 30;

const MOST_SLOTS: usize = 3;
const NONE: u32 = u32::MAX;
const NEVER: u64 = u64::MAX;
