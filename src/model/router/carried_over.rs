//! What is open when the run begins, as it was left (*The calendar*).

use crate::base::ids::ConversationKey;
use crate::base::time::Time;
use crate::model::behaviour::Outbox;
use crate::model::event::{Actor, Cause, Status};
use crate::model::message::AgentMessage;
use crate::model::settings::BacklogConversation;

use super::Router;
use super::destination::Destination;

impl Router {
    /// A conversation of the backlog has been opened: it goes to the owner whom it has when the run begins.
    /// Nobody logs out then, so that nothing is removed from one who is not there.
    pub(super) fn carries_over(
        &mut self,
        now: Time,
        key: ConversationKey,
        row: BacklogConversation,
        outbox: &mut Outbox,
    ) {
        let Some(owner) = row.owner else { return };
        let (actor, cause) = (Actor::System, Cause::CarriedOver);
        let status = if row.is_pending { Status::Pending } else { Status::New };
        if row.is_pending {
            let conversation = self.conversations.live(key);
            conversation.first_unanswered = None;
            conversation.turn = 1;
        }
        self.transition(now, key, Destination { owner: Some(owner), status, actor, cause }, outbox);
        if row.is_pending {
            self.conversations.live(key).status_since = row.last_message;
            outbox.agent(owner, AgentMessage::Rests(key));
        }
    }
}
