//! How to write to the actors of a shard without knowing what they are: they know the shard, so the
//! shard cannot know them.

use actix::{Actor, Addr, Context, Handler, Message};

use crate::model::message::{
    AgentMessage, AgentTimer, ConsumerMessage, ConsumerTimer, RouterMessage,
};

use super::actor_messages::{
    DeliverLetter, DeliverTimer, EmptyMessage, KillActor, PrepareTransfer, StallRouter,
    TransferPrepared, WakeRouter,
};

/// The address of an actor that takes such messages.
pub(super) trait Accepts<M> {
    /// Sends a message however full the mailbox is: load is shed where it arrives, never inside. If
    /// the actor is gone, the message is dropped, and its receipt writes that down.
    fn tell(&self, message: M);
}

impl<A, M> Accepts<M> for Addr<A>
where
    A: Actor<Context = Context<A>> + Handler<M>,
    M: Message<Result = ()> + Send + 'static,
{
    fn tell(&self, message: M) {
        self.do_send(message);
    }
}

/// The address of a router.
pub(super) trait RouterAddress:
    Accepts<DeliverLetter<RouterMessage>>
    + Accepts<TransferPrepared>
    + Accepts<WakeRouter>
    + Accepts<EmptyMessage>
    + Accepts<StallRouter>
    + Send
{
}

impl<A> RouterAddress for A where
    A: Accepts<DeliverLetter<RouterMessage>>
        + Accepts<TransferPrepared>
        + Accepts<WakeRouter>
        + Accepts<EmptyMessage>
        + Accepts<StallRouter>
        + Send
{
}

/// The address of an agent.
pub(super) trait AgentAddress:
    Accepts<DeliverLetter<AgentMessage>> + Accepts<DeliverTimer<AgentTimer>> + Accepts<KillActor> + Send
{
}

impl<A> AgentAddress for A where
    A: Accepts<DeliverLetter<AgentMessage>>
        + Accepts<DeliverTimer<AgentTimer>>
        + Accepts<KillActor>
        + Send
{
}

/// The address of a consumer.
pub(super) trait ConsumerAddress:
    Accepts<DeliverLetter<ConsumerMessage>>
    + Accepts<DeliverTimer<ConsumerTimer>>
    + Accepts<PrepareTransfer>
    + Accepts<KillActor>
    + Send
{
}

impl<A> ConsumerAddress for A where
    A: Accepts<DeliverLetter<ConsumerMessage>>
        + Accepts<DeliverTimer<ConsumerTimer>>
        + Accepts<PrepareTransfer>
        + Accepts<KillActor>
        + Send
{
}
