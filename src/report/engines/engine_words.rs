//! What is said of engines, and figures in words.

use crate::report::format::{number, percent};
use crate::stress::engines::Engine;
use crate::stress::timer_benchmark::EngineMeasurement;

/// What a reader of the row has to know.
pub(super) fn remarks(measured: &EngineMeasurement) -> Vec<String> {
    let mut remarks = Vec::new();
    let asked = measured.benchmark.live;
    if measured.live < asked.into() {
        let live = number(measured.live as f64);
        let seconds = measured.filled_in;
        remarks.push(format!("cut off: {live} timers were armed in {seconds:.1} s, not all"));
    }
    if measured.flat_out.seconds > 2.0 * measured.benchmark.measure.as_secs_f64() {
        let seconds = measured.flat_out.seconds;
        remarks.push(format!("did not look at the clock for so long that {seconds:.0} s passed"));
    }
    let share = measured.flat_out.share_of_processor();
    if let Some(share) = share.filter(|&share| share < 0.9) {
        let share = percent(share);
        remarks.push(format!("had {share} of a processor: what was late is the machine's doing"));
    }
    if measured.paced.unserved > 0 {
        let count = number(measured.paced.unserved as f64);
        remarks.push(format!("cut off: {count} deadlines had not been served at the end"));
    }
    if measured.mass.fired < measured.mass.timers {
        let (fired, timers) = (measured.mass.fired as f64, measured.mass.timers as f64);
        let (fired, timers) = (number(fired), number(timers));
        remarks.push(format!("cut off: {fired} of {timers} deadlines in one tick were served"));
    }
    if measured.books_balance == Some(false) {
        remarks.push("timers were lost or fired twice".to_owned());
    }
    remarks
}

/// `1.3`, `2,600`.
pub(super) fn times(ratio: f64) -> String {
    if ratio < 9.95 { format!("{ratio:.1}") } else { number(two_digits(ratio)) }
}

/// A measurement is not more precise than that.
pub(super) fn two_digits(value: f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return 0.0;
    }
    let unit = libm::pow(10.0, libm::floor(libm::log10(value)) - 1.0);
    let rounded = libm::round(value / unit) * unit;
    if value >= 10.0 { libm::round(rounded) } else { rounded }
}

/// Why some engines are as they are.
pub(super) const WHY: [(Engine, &str); 3] = [
    (
        Engine::RunLater,
        "a context keeps its futures in one list, polls all of them whenever the actor wakes up, \
         and searches all of them for each one that is cancelled",
    ),
    (
        Engine::DelayQueue,
        "a wheel too; it looks for the next deadline twice for each that is removed, and equal \
         deadlines fire in no fixed order",
    ),
    (Engine::Heap, "what was cancelled stays in the heap until it is due or the heap is rebuilt"),
];
