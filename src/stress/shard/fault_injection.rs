//! What faults do to a shard, and how it replaces those who die.

use std::rc::Rc;

use crate::base::ids::AgentId;
use crate::base::time::Span;
use crate::ledger::journal::{Addressee, TurnInput};
use crate::model::behaviour::Outbox;
use crate::model::consumer::Consumer;
use crate::model::message::{AgentMessage, Letter, Timer};
use crate::model::router::Router;
use crate::stress::fault_plan::AgentEffect;
use crate::stress::progress::RunProgress;
use crate::stress::replacement::Replacement;
use crate::stress::stress_figures::Count;

use super::state::{Shard, SharedShard};

impl Shard {
    /// A fault tells agents something.
    pub(crate) fn affect_agents(&mut self, agents: &[AgentId], effect: AgentEffect) {
        let moment = self.context.clock.now();
        for &agent in agents {
            let (input, message) = match effect {
                AgentEffect::LogOut => (TurnInput::LogOut(agent), AgentMessage::LogOut),
                AgentEffect::LogIn => (TurnInput::LogIn(agent), AgentMessage::LogIn),
                AgentEffect::Die(death) => {
                    self.actors.kill(agent, death);
                    continue;
                }
            };
            self.recorder.note_input(self.context.clock.time(moment), input);
            self.actors.post(Letter::Agent(agent, message), moment);
        }
    }

    /// The router stands still with a full mailbox: what waits in it says nothing.
    pub(crate) fn fill_mailbox(&mut self, bound: u64, length: Span) {
        let sent = self.context.clock.now();
        self.actors.stall(length);
        for _ in self.context.accounting.waiting_for_router()..=bound {
            self.actors.fill(sent);
        }
    }

    /// The clock stands still: nothing comes due. What is measured is measured all the same.
    pub(crate) fn stop_clock(&mut self, length: Span) {
        self.context.clock.stand_still(length);
    }

    /// The router goes with its thread.
    pub(crate) fn keep_router(&mut self, router: &Router) {
        self.router = (!self.over).then(|| Box::new(router.clone()));
    }

    /// An agent is told many times what changes nothing.
    pub(crate) fn refresh_agent(&mut self, agent: AgentId, times: u64) {
        let moment = self.context.clock.now();
        let now = self.context.clock.time(moment);
        for _ in 0..times {
            self.recorder.note_input(now, TurnInput::Refresh(agent));
            self.actors.post(Letter::Agent(agent, AgentMessage::Refresh), moment);
        }
    }

    /// Others take the places of actors that have died. The timers of agents are dead with them; those
    /// of conversations, the consumers' among them, are the shard's.
    pub(crate) fn replace_dead(&mut self) {
        let Some(shard) = self.me.upgrade().filter(|_| !self.replacements.is_empty() && !self.over)
        else {
            return;
        };
        let replacements = std::mem::take(&mut self.replacements);
        let agents = replacements.iter().filter_map(|replacement| match replacement {
            Replacement::Agent(agent) => Some(agent.id()),
            Replacement::Consumer(_) => None,
        });
        let cancelled = self.timers.forget_agents(&agents.collect());
        self.tally(Count::Cancelled, cancelled);
        self.tally(Count::Replaced, replacements.len() as u64);
        let moment = self.context.clock.now();
        let now = self.context.clock.time(moment);
        for replacement in replacements {
            let shard = Rc::clone(&shard);
            match replacement {
                Replacement::Agent(behaviour) => {
                    let agent = behaviour.id();
                    self.recorder.note_input(now, TurnInput::Replaced(Addressee::Agent(agent)));
                    self.actors.replace(agent, (self.starters.agent)(behaviour, shard));
                    self.actors.post(Letter::Agent(agent, AgentMessage::Restart), moment);
                }
                Replacement::Consumer(consumer) => self.host_again(consumer),
            }
        }
    }

    /// Another actor takes the place of a consumer's.
    pub(super) fn host_again(&mut self, consumer: Consumer) {
        let Some(shard) = self.me.upgrade() else { return };
        let moment = self.context.clock.now();
        let conversation = consumer.key();
        let replaced = TurnInput::Replaced(Addressee::Consumer(conversation));
        self.recorder.note_input(self.context.clock.time(moment), replaced);
        let actor = (self.starters.consumer)(consumer, shard);
        let clock = self.context.clock;
        self.actors.replace_consumer(conversation, actor, moment, |due| clock.moment(due));
    }
}

/// An actor has died between two turns.
pub(crate) fn note_death(shard: &SharedShard, replacement: Replacement) {
    if let Ok(mut shard) = shard.try_borrow_mut()
        && !shard.over
    {
        shard.replacements.push(replacement);
    }
}

/// An actor has died in its turn: nothing of it has happened, and the letter that it handled is lost.
/// A timer of a consumer is the shard's, and its replacement is told of it again.
pub(crate) fn note_death_in_turn(shard: &SharedShard, replacement: Replacement) {
    if let Ok(mut shard) = shard.try_borrow_mut() {
        shard.outbox = Outbox::default();
        shard.recorder.take_back_input();
        let handled = shard.handled.take();
        if let Some(TurnInput::Timer { due, timer: Timer::Consumer(conversation, timer) }) = handled
        {
            shard.actors.note_told(conversation, due, timer);
        }
    }
    note_death(shard, replacement);
}

/// An actor has died. What it was in the midst of may be half done, so nobody's figures hold.
pub(crate) fn report_death(shard: &SharedShard, place: Addressee) {
    if let Ok(shard) = shard.try_borrow() {
        // Nobody listens any more only when the run has been given up.
        let _ = shard.context.progress.send(RunProgress::ActorDied(shard.context.number, place));
    }
}
