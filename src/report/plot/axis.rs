//! Axes: ranges with round ticks and their texts.

use std::collections::BTreeSet;

use crate::base::calendar::{Calendar, ClockReading};
use crate::base::time::{Span, Time};
use crate::report::format::{day_name, number, seconds};

use super::board::{BELOW, DrawResult, PlotBoard, PlotRectangle, Upright, fine};
use super::paint;

/// An axis.
#[derive(Clone, Debug)]
pub(in crate::report) struct Axis {
    /// What it counts, with the unit.
    pub(in crate::report) label: String,
    /// The first value.
    pub(in crate::report) first: f64,
    pub(in crate::report) last: f64,
    /// What is written beside it.
    pub(in crate::report) ticks: Vec<Tick>,
    /// More ticks, for those who look closer.
    pub(in crate::report) finer: Vec<Tick>,
    /// Parts of it that have a name.
    pub(in crate::report) stretches: Vec<Stretch>,
}

/// A part of an axis that has a name, or a single value.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::report) struct Stretch {
    /// Its first value.
    pub(in crate::report) from: f64,
    /// Its last.
    pub(in crate::report) to: f64,
    /// What it is.
    pub(in crate::report) text: String,
}

/// A value that is written beside an axis.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::report) struct Tick {
    /// Where it stands.
    pub(in crate::report) at: f64,
    /// What is written.
    pub(in crate::report) text: String,
}

impl Axis {
    /// From the first value to the last, with these ticks.
    pub(in crate::report) fn new(
        label: &str,
        first: f64,
        last: f64,
        ticks: impl IntoIterator<Item = Tick>,
    ) -> Self {
        let label = label.to_owned();
        let mut ticks: Vec<Tick> = Vec::from_iter(ticks);
        // What is written alike cannot be told apart: the first of such ticks is enough.
        let mut written = BTreeSet::new();
        ticks.retain(|tick| written.insert(tick.text.clone()));
        Self { label, first, last, ticks, finer: Vec::new(), stretches: Vec::new() }
    }

    /// Shares from 0 up to beyond `highest`.
    pub(in crate::report) fn share(label: &str, highest: f64) -> Self {
        let highest = highest.clamp(0.01, 1.0);
        let step = step(highest, 5.0);
        let decimals = decimals(step * 100.0);
        Self::even(label, step, highest, |value| format!("{:.decimals$} %", value * 100.0))
    }

    /// Numbers from 0 up to beyond `highest`, with about so many ticks.
    pub(in crate::report) fn amount(label: &str, highest: f64, count: f64) -> Self {
        let highest = if highest > 0.0 { highest } else { 1.0 };
        let step = step(highest, count);
        Self::even(label, step, highest, |value| rounded(value, step))
    }

    /// Values around a range, not necessarily from 0.
    pub(in crate::report) fn around(
        label: &str,
        lowest: f64,
        highest: f64,
        text: impl Fn(f64) -> String,
    ) -> Self {
        let step = step((highest - lowest).max(1e-9), 4.0);
        Self::stepped(label, lowest, highest, step, text)
    }

    /// Shares around a range, in percent.
    pub(in crate::report) fn shares(label: &str, lowest: f64, highest: f64) -> Self {
        let decimals = decimals(step_of(highest - lowest) * 100.0);
        Self::around(label, lowest, highest, |value| format!("{:.decimals$}", value * 100.0))
    }

    /// Numbers around a range.
    pub(in crate::report) fn numbers(label: &str, lowest: f64, highest: f64) -> Self {
        let step = step_of(highest - lowest);
        Self::around(label, lowest, highest, |value| rounded(value, step))
    }

    /// Changes of a share around a range, in percentage points.
    pub(in crate::report) fn points(label: &str, lowest: f64, highest: f64) -> Self {
        let decimals = decimals(step_of(highest - lowest) * 100.0);
        Self::around(label, lowest, highest, |value| match value {
            0.0 => "0".to_owned(),
            value => format!("{:+.decimals$}", value * 100.0),
        })
    }

    /// Times around a range, in seconds.
    pub(in crate::report) fn times(label: &str, lowest: f64, highest: f64) -> Self {
        let rough = (highest - lowest).max(1e-9) / 4.0;
        let long = || TIMES.iter().copied().find(|step| *step >= rough * 0.999);
        let step = if rough < 1.0 { None } else { long() };
        let step = step.unwrap_or_else(|| step_of(highest - lowest));
        let decimals = decimals(step);
        Self::stepped(label, lowest, highest, step, |at| match at.abs() {
            _ if step < 1.0 => format!("{at:.decimals$} s"),
            // From two hours on `seconds` leaves them out.
            7200.0.. if step < 60.0 => Span::from_micros((at * 1e6) as i64).to_string(),
            _ => seconds(at),
        })
    }

    fn stepped(
        label: &str,
        lowest: f64,
        highest: f64,
        step: f64,
        text: impl Fn(f64) -> String,
    ) -> Self {
        let first = libm::floor(lowest / step + 1e-9) * step;
        let last = libm::ceil(highest / step - 1e-9) * step;
        let count = libm::round((last - first) / step) as u32;
        let ticks = (0..=count).map(|number| {
            let at = first + f64::from(number) * step;
            // What should be 0 is.
            let at = if at.abs() < step / 1e6 { 0.0 } else { at };
            Tick { at, text: text(at) }
        });
        Self::new(label, first, last, ticks)
    }

    /// Seconds on a logarithmic scale; values are logarithms to the base 10.
    pub(in crate::report) fn seconds(label: &str, lowest: f64, highest: f64) -> Self {
        let marks = Vec::from_iter(MARKS.iter().map(|&value| (libm::log10(value), value)));
        let (lowest, highest) = (libm::log10(lowest.max(1.0)), libm::log10(highest.max(3.0)));
        let first = marks.iter().rev().find(|(at, _)| *at <= lowest).map_or(0.0, |&(at, _)| at);
        let end = marks.iter().find(|(at, _)| *at >= highest).map_or(highest, |&(at, _)| at);
        let shown = marks.iter().filter(|(at, _)| (first..=end).contains(at));
        let ticks = shown.map(|&(at, value)| Tick { at, text: short_seconds(value) });
        Self::new(label, first, end, ticks)
    }

    /// Powers of ten; values are logarithms to the base 10 of what is above zero.
    pub(in crate::report) fn decades(
        label: &str,
        lowest: f64,
        highest: f64,
        text: impl Fn(f64) -> String,
    ) -> Self {
        let first = libm::floor(libm::log10(lowest) + 1e-9);
        let last = libm::ceil(libm::log10(highest) - 1e-9).max(first + 1.0);
        let ticks = (first as i32..=last as i32).map(|power| {
            let at = f64::from(power);
            Tick { at, text: text(libm::pow(10.0, at)) }
        });
        Self::new(label, first, last, ticks)
    }

    /// Seconds that machines take, in powers of ten; values are logarithms to the base 10.
    pub(in crate::report) fn latency(label: &str, lowest: f64, highest: f64) -> Self {
        Self::decades(label, lowest, highest, |seconds| {
            let units = [(1.0, "s"), (1e-3, "ms"), (1e-6, "µs")];
            let unit = units.into_iter().find(|(size, _)| seconds >= size * 0.999);
            let (size, unit) = unit.unwrap_or((1e-9, "ns"));
            format!("{:.0} {unit}", seconds / size)
        })
    }

    /// Seconds since a start, from 0 to the last.
    pub(in crate::report) fn elapsed(label: &str, last: f64) -> Self {
        let last = last.max(1.0);
        let step = TIMES.iter().copied().find(|step| last / step <= 8.0);
        let step = step.unwrap_or_else(|| step_of(last));
        let ticks = (0..=libm::floor(last / step + 1e-9) as u32).map(|number| {
            let at = f64::from(number) * step;
            let text = if at < 10.0 { format!("{at} s") } else { seconds(at) };
            Tick { at, text }
        });
        Self::new(label, 0.0, last, ticks)
    }

    /// Shares of a whole on a scale of nines, up to all but one in `10^decades`; values are as by
    /// [`nines`].
    pub(in crate::report) fn nines(label: &str, decades: f64) -> Self {
        let shares = [
            (0.0, "0 %"),
            (0.5, "50 %"),
            (0.9, "90 %"),
            (0.99, "99 %"),
            (0.999, "99.9 %"),
            (0.9999, "99.99 %"),
            (0.99999, "99.999 %"),
        ];
        let ticks =
            shares.iter().map(|&(share, text)| Tick { at: nines(share), text: text.to_owned() });
        Self::new(label, 0.0, decades, ticks.filter(|tick| tick.at <= decades + 1e-9))
    }

    /// Hours since midnight of the first day.
    pub(in crate::report) fn clock(calendar: &Calendar, first: Span, last: Span) -> Self {
        let (first, last) = (first.as_secs_f64() / 3600.0, last.as_secs_f64() / 3600.0);
        let fits = |most: f64| {
            let fitting = STEPS.iter().copied().find(|step| (last - first) / step <= most);
            fitting.unwrap_or(STEPS[STEPS.len() - 1])
        };
        let ticks = |step: f64| {
            let start = libm::ceil(first / step - 1e-9) as i64;
            let end = libm::floor(last / step + 1e-9) as i64;
            let ticks = (start..=end.min(start + MOST_TICKS)).map(|number| {
                let at = number as f64 * step;
                Tick { at, text: clock(calendar, at, step, last > 24.0) }
            });
            Vec::from_iter(ticks)
        };
        let finer = ticks(fits(96.0));
        // Over several days an hour needs its day, and room.
        let most = if last > 24.0 { fits(8.0).max(fits(5.0).min(24.0)) } else { fits(8.0) };
        let mut shown = ticks(most);
        for tick in shown.iter_mut().filter(|tick| last > 24.0 && tick.text.contains(':')) {
            tick.text = format!("{} {}", day_name(reading(calendar, tick.at).day), tick.text);
        }
        Self { finer, ..Self::new("time of day", first, last, shown) }
    }

    /// Ticks of which at most so many are left, evenly.
    pub(super) fn sparse(&self, most: usize) -> impl Iterator<Item = &Tick> {
        let every = self.ticks.len().div_ceil(most.max(1)).max(1);
        self.ticks.iter().step_by(every)
    }

    fn even(label: &str, step: f64, highest: f64, text: impl Fn(f64) -> String) -> Self {
        let count = libm::ceil(highest / step - 1e-9) as u32;
        let ticks = (0..=count).map(|number| {
            let at = f64::from(number) * step;
            Tick { at, text: text(at) }
        });
        Self::new(label, 0.0, f64::from(count) * step, ticks)
    }

    /// Where a value stands between two places.
    pub(super) fn between(&self, from: i32, to: i32) -> impl Fn(f64) -> i32 + Copy {
        let (first, scale) =
            (self.first, f64::from(to - from) / (self.last - self.first).max(1e-9));
        move |value| from + libm::round((value - first) * scale) as i32
    }

    /// A part of it, 0 to 1, up to a value.
    pub(in crate::report) fn part(&self, value: f64) -> f64 {
        (value - self.first) / (self.last - self.first).max(f64::MIN_POSITIVE)
    }

    /// At most so many ticks with their lines, and its name below.
    pub(super) fn draw(&self, board: &PlotBoard, place: PlotRectangle, most: usize) -> DrawResult {
        self.draw_beside(board, place, most, &[])
    }

    /// The same with lines that go through none of these labels.
    pub(super) fn draw_beside(
        &self,
        board: &PlotBoard,
        place: PlotRectangle,
        most: usize,
        labels: &[PlotRectangle],
    ) -> DrawResult {
        let PlotRectangle { left, top, right, bottom } = place;
        let across = self.between(left, right);
        for tick in self.sparse(most) {
            let x = across(tick.at);
            board.upright(Upright { x, top, bottom, colour: paint::GRID, width: 1.0 }, labels)?;
            board.label(&tick.text, (x, bottom + fine(8)), BELOW)?;
        }
        board.label(&self.label, ((left + right) / 2, bottom + fine(26)), BELOW)
    }
}

/// Where a share stands on the scale of nines: the logarithm of one over the rest.
pub(in crate::report) fn nines(share: f64) -> f64 {
    -libm::log10((1.0 - share).max(1e-12))
}

/// A round step that divides a range into about so many.
fn step(width: f64, count: f64) -> f64 {
    let rough = width / count;
    let power = libm::pow(10.0, libm::floor(libm::log10(rough)));
    let round = [1.0, 2.0, 5.0, 10.0];
    let fitting = round.iter().find(|&&step| step * power >= rough * 0.999);
    fitting.copied().unwrap_or(10.0) * power
}

fn step_of(width: f64) -> f64 {
    step(width.max(1e-9), 4.0)
}

/// A multiple of a step, with no more decimals than the step has.
fn rounded(value: f64, step: f64) -> String {
    match step {
        _ if step >= 1.0 && step == libm::round(step) => number(libm::round(value)),
        _ => format!("{value:.*}", decimals(step)),
    }
}

/// Decimals that multiples of a round step need.
fn decimals(step: f64) -> usize {
    usize::try_from(-libm::floor(libm::log10(step) + 1e-9) as i64).unwrap_or(0)
}

/// A clock time; midnight is the day that begins, where there are several.
fn clock(calendar: &Calendar, hours: f64, step: f64, several_days: bool) -> String {
    let reading = reading(calendar, hours);
    if step >= 24.0 || (several_days && reading.clock.is_zero()) {
        return day_name(reading.day);
    }
    let minutes = reading.clock.as_micros() / 60_000_000;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// What a clock shows so many hours after the midnight before the run.
fn reading(calendar: &Calendar, hours: f64) -> ClockReading {
    let since_midnight = Span::from_micros(libm::round(hours * 60.0) as i64 * 60_000_000);
    calendar.reading(Time::ZERO + (since_midnight - calendar.starts_at()))
}

fn short_seconds(value: f64) -> String {
    match value {
        _ if value < 60.0 => format!("{value} s"),
        _ if value < 3600.0 => format!("{} min", value / 60.0),
        _ if value < 86_400.0 => format!("{} h", value / 3600.0),
        _ => format!("{} d", value / 86_400.0),
    }
}

/// Seconds that people have words for.
const MARKS: [f64; 14] = [
    1.0,
    3.0,
    10.0,
    30.0,
    60.0,
    180.0,
    600.0,
    1800.0,
    3600.0,
    3.0 * 3600.0,
    12.0 * 3600.0,
    2.0 * 86_400.0,
    7.0 * 86_400.0,
    30.0 * 86_400.0,
];
/// Seconds between ticks.
const TIMES: [f64; 16] = [
    1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0, 7200.0,
    21600.0, 86400.0,
];
/// Hours between ticks.
const STEPS: [f64; 12] = [0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 12.0, 24.0, 48.0, 168.0, 672.0];
const MOST_TICKS: i64 = 200;

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|tick| tick.text.as_str()).collect()
    }

    #[test]
    fn ticks_are_round_and_reach_beyond_the_highest() {
        assert_eq!(texts(&Axis::share("", 0.43)), ["0 %", "10 %", "20 %", "30 %", "40 %", "50 %"]);
        assert_eq!(
            texts(&Axis::share("", 0.004)),
            ["0.0 %", "0.2 %", "0.4 %", "0.6 %", "0.8 %", "1.0 %"]
        );
        assert_eq!(texts(&Axis::amount("", 7.0, 5.0)), ["0", "2", "4", "6", "8"]);
        assert_eq!(texts(&Axis::amount("", 0.0, 5.0)), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        let around = Axis::around("", -0.013, 0.042, |value| format!("{value:.2}"));
        assert_eq!(texts(&around), ["-0.02", "0.00", "0.02", "0.04", "0.06"]);
    }

    fn calendar(starts_at: i64) -> Calendar {
        Calendar::without_date(Span::from_hours(starts_at))
    }

    #[test]
    fn a_day_has_hours_and_a_week_has_days() {
        let day = Axis::clock(&calendar(8), Span::from_hours(8), Span::from_hours(22));
        let hours = ["08:00", "10:00", "12:00", "14:00", "16:00", "18:00", "20:00", "22:00"];
        assert_eq!((texts(&day).as_slice(), day.finer.len()), (hours.as_slice(), 57));
        let week = Axis::clock(&calendar(0), Span::ZERO, Span::from_hours(168));
        assert_eq!(texts(&week)[..2], ["day 1", "day 2"]);
    }

    #[test]
    fn no_two_ticks_say_the_same() {
        let two_days = Axis::clock(&calendar(8), Span::from_hours(8), Span::from_hours(40));
        let expected = ["day 1 12:00", "day 2", "day 2 12:00"];
        assert_eq!(texts(&two_days), expected);
        assert_eq!(texts(&Axis::numbers("", 0.0, 0.012)), ["0.000", "0.005", "0.010", "0.015"]);
        assert_eq!(texts(&Axis::shares("", 0.7, 0.7009)), ["70.00", "70.05", "70.10"]);
        assert_eq!(
            texts(&Axis::points("", -0.0001, 0.0003)),
            ["-0.01", "0", "+0.01", "+0.02", "+0.03"]
        );
        assert_eq!(texts(&Axis::times("", 1.0, 1.1)), ["1.00 s", "1.05 s", "1.10 s"]);
        let spans = [(0.0, 1e-4), (0.99, 1.0), (7000.0, 7210.0), (3.0, 4e5), (86_000.0, 86_100.0)];
        for (low, high) in spans {
            for axis in [Axis::numbers, Axis::shares, Axis::points, Axis::times] {
                let axis = axis("", low, high);
                // None was left out either: they are evenly spaced.
                let gaps = axis.ticks.windows(2).map(|pair| pair[1].at - pair[0].at);
                let gaps = Vec::from_iter(gaps);
                assert!(
                    gaps.len() > 1 && gaps.iter().all(|gap| (gap / gaps[0] - 1.0).abs() < 1e-6),
                    "{:?}",
                    texts(&axis)
                );
            }
        }
    }

    #[test]
    fn waits_have_a_scale_of_their_own() {
        let axis = Axis::seconds("", 4.0, 800.0);
        assert_eq!(texts(&axis), ["3 s", "10 s", "30 s", "1 min", "3 min", "10 min", "30 min"]);
        assert_eq!(texts(&Axis::nines("", 2.5)), ["0 %", "50 %", "90 %", "99 %"]);
        let axis = Axis::decades("", 0.02, 3.0, |value| format!("{value}"));
        assert_eq!(
            (texts(&axis).as_slice(), axis.first, axis.last),
            (["0.01", "0.1", "1", "10"].as_slice(), -2.0, 1.0)
        );
        assert_eq!(Axis::decades("", 1.0, 1.0, |_| String::new()).last, 1.0);
    }

    #[test]
    fn a_run_of_seconds_or_hours_has_ticks_to_its_end() {
        let axis = Axis::elapsed("", 10.5);
        assert_eq!(texts(&axis), ["0 s", "2 s", "4 s", "6 s", "8 s", "10 s"]);
        assert_eq!((axis.first, axis.last), (0.0, 10.5));
        assert_eq!(texts(&Axis::elapsed("", 600.0)).len(), 6);
        assert_eq!(Axis::elapsed("", 0.0).last, 1.0);
    }
}
