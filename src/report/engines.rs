//! Timer engines beside each other, as a table.

use std::fmt::Write as _;

use crate::stress::engines::Engine;
use crate::stress::storm::{Measured, Storm};

use super::layout::{grouped, left, number, percent, right, wrapped};

/// What is said before the first row.
pub fn head(storm: &Storm) -> String {
    let live = number(storm.live.into());
    let mut text = format!("{live} live timers; arm : cancel : fire = 5 : 4 : 1; one thread\n\n");
    text.push_str(&left("", ENGINE));
    text.push_str(&right("operations", RATE));
    text.push_str(&right("times", RATIO));
    text.push_str(&right("late at half that rate", 3 * LATE));
    text.push_str(&right("bytes", BYTES));
    text.push('\n');
    text.push_str(&left("engine", ENGINE));
    text.push_str(&right("a second", RATE));
    text.push_str(&right("slower", RATIO));
    for title in ["half", "99 %", "all"] {
        text.push_str(&right(title, LATE));
    }
    text.push_str(&right("a timer", BYTES));
    text.push('\n');
    text
}

/// The row of an engine; `bare` is what the bare wheel did.
pub fn row(measured: &Measured, bare: Option<&Measured>) -> String {
    let Measured { engine, flat_out, paced, .. } = measured;
    let rate = flat_out.rate_of_processor();
    let mut row = left(engine.title(), ENGINE);
    row.push_str(&right(&number(two_digits(rate)), RATE));
    let slower = bare.map(|bare| number(two_digits(bare.flat_out.rate_of_processor() / rate)));
    row.push_str(&right(&slower.unwrap_or_else(nothing), RATIO));
    let lateness = &paced.lateness;
    for seconds in [lateness.p50, lateness.p99, lateness.max] {
        let late = if lateness.count == 0 { nothing() } else { duration(seconds) };
        row.push_str(&right(&late, LATE));
    }
    let bytes = measured.bytes_resident.or(measured.bytes_held);
    row.push_str(&right(&bytes.map_or_else(nothing, |bytes| number(bytes.round())), BYTES));
    row.push('\n');
    for remark in remarks(measured) {
        let _ = writeln!(row, "  {}", wrapped(&remark, 2));
    }
    row
}

/// The row of an engine that said nothing within its time.
pub fn cut_off(engine: Engine, seconds: f64) -> String {
    let title = left(engine.title(), ENGINE);
    format!("{title}cut off after {seconds:.0} s, before it could say anything\n")
}

/// What is said below the table.
pub fn foot(rows: &[Measured]) -> String {
    let mut text = String::from("\n");
    let is_there = |engine| rows.iter().any(|row| row.engine == engine);
    for (engine, why) in WHY {
        if is_there(engine) {
            let _ = writeln!(text, "{}", wrapped(&format!("{}: {why}", engine.title()), 2));
        }
    }
    let served = |in_order: bool| {
        let rows = rows.iter().filter(|row| row.mass.fired == row.mass.timers);
        let rows = rows.filter(|row| row.mass.in_order == in_order);
        let each = rows.map(|row| format!("{} {}", row.engine.title(), duration(row.mass.blocked)));
        Vec::from_iter(each).join(", ")
    };
    if let Some(row) = rows.first() {
        let _ = writeln!(text, "{} deadlines in one tick took", number(row.mass.timers as f64));
    }
    for (in_order, how) in [(true, "in order"), (false, "out of order")] {
        let each = served(in_order);
        if !each.is_empty() {
            let _ = writeln!(text, "  {}", wrapped(&format!("{how}: {each}"), 4));
        }
    }
    text
}

/// What a reader of the row has to know.
fn remarks(measured: &Measured) -> Vec<String> {
    let mut remarks = Vec::new();
    let asked = measured.storm.live;
    if measured.live < asked.into() {
        let live = number(measured.live as f64);
        let seconds = measured.filled_in;
        remarks.push(format!("cut off: {live} timers were armed in {seconds:.1} s, not all"));
    }
    if measured.flat_out.seconds > 2.0 * measured.storm.measure.as_secs_f64() {
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

fn nothing() -> String {
    "–".to_owned()
}

/// `340 µs`, `1.2 ms`, `4.5 s`.
fn duration(seconds: f64) -> String {
    match seconds {
        ..1e-3 => format!("{:.0} µs", seconds * 1e6),
        ..9.95e-3 => format!("{:.1} ms", seconds * 1e3),
        ..1.0 => format!("{:.0} ms", seconds * 1e3),
        ..99.5 => format!("{seconds:.1} s"),
        _ => format!("{} s", grouped(&format!("{seconds:.0}"))),
    }
}

/// A measurement is not more precise than that.
fn two_digits(value: f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return 0.0;
    }
    let unit = libm::pow(10.0, libm::floor(libm::log10(value)) - 1.0);
    let rounded = libm::round(value / unit) * unit;
    if value >= 10.0 { libm::round(rounded) } else { rounded }
}

const WHY: [(Engine, &str); 3] = [
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

const ENGINE: usize = 21;
const RATE: usize = 12;
const RATIO: usize = 9;
const LATE: usize = 9;
const BYTES: usize = 9;
