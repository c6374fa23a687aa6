//! The work of answering belongs to the conversation, so that two policies face the same work.

use crate::base::distribution::Distribution;
use crate::base::stream::{Purpose, Stream, Streams};
use crate::base::time::Span;

use super::message::Task;

/// The work of the next answer: one draw for each turn and owner. An owner who takes over starts
/// afresh with a new draw (semantics, *People*).
pub(super) fn effort(streams: &Streams, task: &Task, reply_time: &Distribution) -> Span {
    let drawn = reply_time.sample(&mut turn_stream(streams, Purpose::Effort, task));
    Span::from_secs_f64(drawn * task.work_factor)
}

/// The time that work takes at a speed: 1.25 is a quarter faster.
pub(super) fn at_speed(work: Span, speed: f64) -> Span {
    if speed == 1.0 { work } else { Span::from_secs_f64(work.as_secs_f64() / speed) }
}

/// The stream for one purpose of one turn under one owner.
pub(super) fn turn_stream(streams: &Streams, purpose: Purpose, task: &Task) -> Stream {
    let index = (u64::from(task.turn) << 16) | u64::from(task.attempt);
    streams.stream(purpose, task.id.stream_key(), index)
}
