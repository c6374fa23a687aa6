//! A log of messages from a simulated run, as the platform of a real centre keeps it: what it saw and
//! nothing else. The form stands in `docs/data.md`.

mod log_folder;
mod log_recorder;
mod planned_rows;

pub use self::log_folder::{LOG_LAYOUT, LogRecording, RecordingRefusal};
pub use self::log_recorder::{LogOutputs, LogRecorder, RecordedRows};
