//! What the platform of a real centre writes down of a run: what it sees and nothing else.

mod message_facts;
mod run_recorder;

pub use self::message_facts::MessageFact;
pub use self::run_recorder::{RecordedMessage, RecordedRow, RecordedState, RunRecorder};
