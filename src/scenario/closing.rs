//! How conversations end: `resolve`, `auto_close` and `after_close`.

use serde_json::{Value as Json, json};

use super::reader::compound::{InTable, unless_off};
use super::reader::forms::{ChoiceForm, Duration};
use super::reader::tree::Value;
use super::reader::{Form, Input, ReaderSection};
use crate::base::time::Span;
use crate::model::settings::{AfterClose, AutoClose, Resolve};

/// How conversations end.
pub(super) struct Closing {
    pub(super) resolve: Resolve,
    pub(super) auto_close: AutoClose,
    pub(super) after_close: AfterClose,
}

/// The three keys.
pub(super) fn closing(section: &mut ReaderSection<'_>) -> Closing {
    let resolve = section.value(
        "resolve",
        ResolveForm,
        "with_last_reply",
        "when agents resolve conversations: \"with_last_reply\", the reply to the consumer's last \
         message, or { after = \"10m\" }, so long after the last message of either side",
    );
    let auto_close = section.value(
        "auto_close",
        AutoCloseForm,
        "30m",
        "time without a message after which the platform closes a conversation; or \"off\"",
    );
    let half_an_hour = Some(Span::from_mins(30));
    let AutoCloseTimes { new, pending } = auto_close;
    let (new, pending) = (new.unwrap_or(half_an_hour), pending.unwrap_or(half_an_hour));
    let auto_close = AutoClose { new, pending };
    let after_close = section.value(
        "after_close",
        AFTER_CLOSE,
        "new",
        "what becomes of a message that a consumer writes after its conversation was closed",
    );
    Closing { resolve, auto_close, after_close }
}

/// `resolve`.
struct ResolveForm;

impl Form for ResolveForm {
    type Value = Resolve;

    fn read(&self, input: Input<'_>) -> Option<Resolve> {
        match &input.node.value {
            Value::Table(_) => input.table(resolve_after).map(Resolve::After),
            _ => WITH_LAST_REPLY.read(input),
        }
    }

    fn schema(&self) -> Json {
        json!({ "anyOf": [WITH_LAST_REPLY.schema(), InTable(resolve_after).schema()] })
    }
}

fn resolve_after(section: &mut ReaderSection<'_>) -> Option<Span> {
    section.required(
        "after",
        Duration::any(),
        "time without a message of either side, after which the agent resolves the conversation, \
         whether or not the consumer means to write again",
    )
}

/// What is written of `auto_close`.
#[derive(Clone, Copy, Default)]
pub(super) struct AutoCloseTimes {
    pub(super) new: Option<Option<Span>>,
    pub(super) pending: Option<Option<Span>>,
}

/// `auto_close`: a time or "off" for both, also under `after`; or `new` and `pending` apart.
pub(super) struct AutoCloseForm;

impl Form for AutoCloseForm {
    type Value = AutoCloseTimes;

    fn read(&self, input: Input<'_>) -> Option<AutoCloseTimes> {
        match &input.node.value {
            Value::Table(_) => input.table(auto_close),
            _ => {
                let after = Some(unless_off(Duration::any()).read(input)?);
                Some(AutoCloseTimes { new: after, pending: after })
            }
        }
    }

    fn schema(&self) -> Json {
        json!({ "anyOf": [unless_off(Duration::any()).schema(), InTable(auto_close).schema()] })
    }
}

fn auto_close(section: &mut ReaderSection<'_>) -> Option<AutoCloseTimes> {
    let form = || unless_off(Duration::any());
    let after = section.optional("after", form(), "time without a message, for both");
    let new = section.optional(
        "new",
        form(),
        "for a New conversation whose consumer has left silently: since the consumer's last \
         message; as `after` if left out",
    );
    let pending = section.optional(
        "pending",
        form(),
        "for a Pending conversation: since the last message or act of the agent; as `after` if \
         left out",
    );
    Some(AutoCloseTimes { new: new.or(after), pending: pending.or(after) })
}

/// `after_close`.
const AFTER_CLOSE: ChoiceForm<AfterClose> = ChoiceForm(&[
    ("new", AfterClose::New, "it opens a new conversation of the same client"),
    (
        "reopen",
        AfterClose::Reopen,
        "the closed conversation is New again, with its owner if logged in",
    ),
]);

const WITH_LAST_REPLY: ChoiceForm<Resolve> = ChoiceForm(&[(
    "with_last_reply",
    Resolve::WithLastReply,
    "the reply to the consumer's last message resolves the conversation at once",
)]);
