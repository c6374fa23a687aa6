//! Carries out what faults do to a shard, each at its instant.

use actix::{Actor, Arbiter, Context, Handler, Message};

use crate::base::stream::Streams;

use super::fault_plan::FaultEffect;
use super::shard::SharedShard;

/// Carries out what faults do to one shard. It has a mailbox of its own, so that a router that is
/// flooded or stands still keeps no fault waiting.
pub(super) struct FaultInjector {
    pub(super) shard: SharedShard,
    pub(super) streams: Streams,
    /// Messages that may wait for the router.
    pub(super) mailbox: u64,
}

impl Actor for FaultInjector {
    type Context = Context<Self>;
}

/// A part of a fault strikes the shard now.
pub(super) struct InjectFault(pub(super) FaultEffect);

impl Message for InjectFault {
    type Result = ();
}

impl Handler<InjectFault> for FaultInjector {
    type Result = ();

    fn handle(&mut self, InjectFault(effect): InjectFault, _: &mut Context<Self>) {
        let mut shard = self.shard.borrow_mut();
        match effect {
            FaultEffect::Stall(length) => shard.actors.stall(length),
            FaultEffect::Fill(length) => shard.fill_mailbox(self.mailbox, length),
            FaultEffect::StopClock(length) => shard.stop_clock(length),
            FaultEffect::Refresh(agent, times) => shard.refresh_agent(agent, times),
            FaultEffect::AffectAgents(agents, effect) => shard.affect_agents(&agents, effect),
            FaultEffect::StopThread => {
                Arbiter::current().stop();
            }
            FaultEffect::Kill(draw, death) => {
                shard.actors.kill_consumers(death, |id| draw.strikes(&self.streams, id));
            }
        }
    }
}
