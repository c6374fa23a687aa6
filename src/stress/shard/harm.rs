//! What faults do to a shard, and how it gets over it.

use std::rc::Rc;

use actix::Actor;

use crate::base::ids::AgentId;
use crate::base::time::Span;
use crate::ledger::journal::{Addressee, TurnInput};
use crate::model::behaviour::Outbox;
use crate::model::consumer::Consumer;
use crate::model::message::{AgentMessage, Letter, Timer};
use crate::model::router::Router;
use crate::stress::fault::Affliction;
use crate::stress::host::{Heir, Host};
use crate::stress::measures::Count;
use crate::stress::report::Report;

use super::{Shard, Shared};

impl Shard {
    /// A fault tells agents something.
    pub(in crate::stress) fn afflict(&mut self, agents: &[AgentId], affliction: Affliction) {
        let moment = self.frame.clock.now();
        for &agent in agents {
            let (input, message) = match affliction {
                Affliction::LogOut => (TurnInput::LogOut(agent), AgentMessage::LogOut),
                Affliction::LogIn => (TurnInput::LogIn(agent), AgentMessage::LogIn),
                Affliction::Die(death) => {
                    self.people.kill(agent, death);
                    continue;
                }
            };
            self.recorder.note_input(self.frame.clock.time(moment), input);
            self.people.post(Letter::Agent(agent, message), moment);
        }
    }

    /// The router stands still with a full mailbox: what waits in it says nothing.
    pub(in crate::stress) fn fill_mailbox(&mut self, bound: u64, length: Span) {
        let sent = self.frame.clock.now();
        self.people.stall(length);
        for _ in self.frame.books.waiting_for_router()..=bound {
            self.people.fill(sent);
        }
    }

    /// The clock stands still: nothing comes due. What is measured is measured all the same.
    pub(in crate::stress) fn stop_clock(&mut self, length: Span) {
        self.frame.clock.stand_still(length);
    }

    /// The router goes with its thread.
    pub(in crate::stress) fn loses_router(&mut self, router: &Router) {
        self.router = (!self.over).then(|| Box::new(router.clone()));
    }

    /// An agent is told many times what changes nothing.
    pub(in crate::stress) fn refresh(&mut self, agent: AgentId, times: u64) {
        let moment = self.frame.clock.now();
        let now = self.frame.clock.time(moment);
        for _ in 0..times {
            self.recorder.note_input(now, TurnInput::Refresh(agent));
            self.people.post(Letter::Agent(agent, AgentMessage::Refresh), moment);
        }
    }

    /// Others take the places of actors that have died. The timers of agents are dead with them; those
    /// of conversations, the consumers' among them, are the shard's.
    pub(in crate::stress) fn replace_dead(&mut self) {
        let Some(shard) = self.me.upgrade().filter(|_| !self.heirs.is_empty() && !self.over) else {
            return;
        };
        let heirs = std::mem::take(&mut self.heirs);
        let agents = heirs.iter().filter_map(|heir| match heir {
            Heir::Agent(agent) => Some(agent.id()),
            Heir::Consumer(_) => None,
        });
        let cancelled = self.timers.forget_agents(&agents.collect());
        self.figures.tally(Count::Cancelled, cancelled);
        self.figures.tally(Count::Replaced, heirs.len() as u64);
        let moment = self.frame.clock.now();
        let now = self.frame.clock.time(moment);
        for heir in heirs {
            let shard = Rc::clone(&shard);
            match heir {
                Heir::Agent(heir) => {
                    let (agent, place) = (heir.id(), Addressee::Agent(heir.id()));
                    self.recorder.note_input(now, TurnInput::Replaced(place));
                    self.people.replace(agent, Host::new(heir, place, shard).start());
                    self.people.post(Letter::Agent(agent, AgentMessage::Restart), moment);
                }
                Heir::Consumer(heir) => self.hosts_again(heir),
            }
        }
    }

    /// Another actor takes the place of a consumer's.
    pub(super) fn hosts_again(&mut self, consumer: Consumer) {
        let Some(shard) = self.me.upgrade() else { return };
        let moment = self.frame.clock.now();
        let (conversation, place) = (consumer.key(), Addressee::Consumer(consumer.key()));
        self.recorder.note_input(self.frame.clock.time(moment), TurnInput::Replaced(place));
        let actor = Host::new(consumer, place, shard).start();
        self.people.replace_consumer(conversation, actor, moment);
    }
}

/// An actor has died between two turns.
pub(in crate::stress) fn note_death(shard: &Shared, heir: Heir) {
    if let Ok(mut shard) = shard.try_borrow_mut()
        && !shard.over
    {
        shard.heirs.push(heir);
    }
}

/// An actor has died in its turn: nothing of it has happened, and the letter that it handled is lost.
/// A timer of a consumer is the shard's, and its heir is told of it again.
pub(in crate::stress) fn note_death_in_turn(shard: &Shared, heir: Heir) {
    if let Ok(mut shard) = shard.try_borrow_mut() {
        shard.outbox = Outbox::default();
        shard.recorder.take_back_input();
        let handled = shard.handled.take();
        if let Some(TurnInput::Timer { due, timer: Timer::Consumer(conversation, timer) }) = handled
        {
            shard.people.note_told(conversation, due, timer);
        }
    }
    note_death(shard, heir);
}

/// An actor has died. What it was in the midst of may be half done, so nobody's figures hold.
pub(in crate::stress) fn mourn(shard: &Shared, place: Addressee) {
    if let Ok(shard) = shard.try_borrow() {
        // Nobody listens any more only when the run has been given up.
        let _ = shard.frame.reports.send(Report::Died(shard.frame.number, place));
    }
}
