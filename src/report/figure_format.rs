//! How all values of a figure in one report are written: in one unit, to one decimal place, so that
//! they can be subtracted.
//!
//! Decimals follow the intervals: half the widest has two digits, or three where the narrowest, also
//! of a difference, would else have none. A difference is that of the two values as they are written.

use std::rc::Rc;

use crate::experiment::interval::{AllSeries, Estimate};
use crate::ledger::definitions::{Definition, FIGURES, Unit, position};

use super::format::{decimals_for, grouped};

/// How the values of a figure are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) struct FigureFormat {
    unit: Unit,
    /// Of a time: the largest unit in it, in seconds.
    largest: u32,
    /// Of a time: what it is a whole number of, in seconds.
    step: u32,
    decimals: usize,
}

/// How each figure is written.
#[derive(Clone, Debug)]
pub(in crate::report) struct FigureFormats(Rc<[FigureFormat]>);

impl FigureFormats {
    /// For a report on these variants.
    pub(in crate::report) fn new(variants: &[&AllSeries], confidence: f64) -> Self {
        let format = |figure| FigureFormat::of_variants(figure, variants, confidence);
        Self(FIGURES.iter().map(format).collect())
    }

    pub(in crate::report) fn of(&self, figure: &Definition) -> FigureFormat {
        let known = position(figure.name).and_then(|position| self.0.get(position).copied());
        known.unwrap_or_else(|| FigureFormat::of(figure.unit, &[], &[]))
    }
}

impl FigureFormat {
    /// For these values and halves of intervals, in the unit of the figure.
    pub(in crate::report) fn of(unit: Unit, values: &[f64], halves: &[f64]) -> Self {
        let times = if unit == Unit::Share { 100.0 } else { 1.0 };
        let sizes = || values.iter().map(|value| value.abs() * times);
        let most = sizes().fold(0.0, f64::max);
        let widths = || halves.iter().map(|half| half * times).filter(|half| *half > 0.0);
        let (widest, narrowest) = (widths().fold(0.0, f64::max), widths().fold(f64::MAX, f64::min));
        let decimals = if widest > 0.0 {
            let enough = decimals(widest, 2);
            decimals(narrowest, 1).clamp(enough, enough + 1)
        } else if unit == Unit::Share {
            1
        } else if unit == Unit::Seconds {
            usize::from(most < 10.0)
        } else if sizes().all(|size| size == libm::round(size)) {
            0
        } else {
            [1.0, 10.0, 100.0].iter().position(|&from| most < from).map_or(0, |at| 3 - at)
        };
        let plain = Self { unit, largest: 1, step: 1, decimals };
        if unit != Unit::Seconds {
            return plain;
        }
        let largest = TIMES.iter().rfind(|(_, from)| most >= *from).map_or(1, |&(unit, _)| unit);
        // A few seconds are no matter among hours, unless that is how sure they are.
        let finest = if widest > 0.0 { narrowest } else { f64::MAX };
        let step = if finest < 60.0 || largest < HOUR {
            1
        } else if finest < 3600.0 || largest < DAY {
            MINUTE
        } else {
            HOUR
        };
        Self {
            largest,
            step,
            decimals: if largest == 1 || widest < 1.0 { decimals } else { 0 },
            ..plain
        }
    }

    /// For one estimate by itself.
    pub(in crate::report) fn of_one(unit: Unit, estimate: &Estimate, confidence: f64) -> Self {
        let half = estimate.half_width(confidence);
        Self::of(unit, &[estimate.value], half.as_slice())
    }

    /// For a figure of these variants, and its differences to that of the first.
    pub(in crate::report) fn of_variants(
        figure: &Definition,
        variants: &[&AllSeries],
        confidence: f64,
    ) -> Self {
        let estimates = Vec::from_iter(variants.iter().filter_map(|all| all.estimate(figure)));
        let differences = variants.iter().filter_map(|all| all.against_base(figure));
        let all = estimates.iter().copied().chain(differences);
        let halves = Vec::from_iter(all.filter_map(|estimate| estimate.half_width(confidence)));
        let values = Vec::from_iter(estimates.iter().map(|estimate| estimate.value));
        Self::of(figure.unit, &values, &halves)
    }

    /// The unit of the figure.
    pub(in crate::report) fn unit(self) -> Unit {
        self.unit
    }

    /// A value as it is written, as a number.
    pub(in crate::report) fn rounded(self, value: f64) -> f64 {
        if self.step > 1 {
            let step = f64::from(self.step);
            return libm::round(value / step) * step;
        }
        let exponent = self.decimals + if self.unit == Unit::Share { 2 } else { 0 };
        let scale = libm::pow(10.0, exponent as f64);
        libm::round(value * scale) / scale
    }

    /// One value less another, both as they are written.
    pub(in crate::report) fn difference(self, value: f64, base: f64) -> f64 {
        self.rounded(self.rounded(value) - self.rounded(base))
    }

    /// A value with its unit.
    pub(in crate::report) fn value(self, value: f64) -> String {
        match self.unit {
            Unit::Share => format!("{} %", self.bare(value)),
            Unit::Seconds if self.largest > 1 => self.time(value, self.largest),
            Unit::Seconds => format!("{} s", self.bare(value)),
            _ => grouped(&self.bare(value)),
        }
    }

    /// Half an interval behind its value: with a unit if it may be another.
    pub(in crate::report) fn half(self, half: f64) -> String {
        let fitting = TIMES
            .iter()
            .map(|&(unit, _)| unit)
            .rfind(|&unit| unit <= self.largest && self.rounded(half) >= f64::from(unit));
        match self.unit {
            Unit::Share => self.bare(half),
            Unit::Seconds if self.largest > 1 => {
                self.time(half, fitting.unwrap_or(1).max(self.step))
            }
            Unit::Seconds => format!("{} s", self.bare(half)),
            _ => grouped(&self.bare(half)),
        }
    }

    /// A value without its unit, a share in hundredths and a time in seconds.
    pub(in crate::report) fn bare(self, value: f64) -> String {
        let times = if self.unit == Unit::Share { 100.0 } else { 1.0 };
        // What rounds to nothing has no sign.
        let rounded = self.rounded(value) * times + 0.0;
        let text = format!("{rounded:.0$}", self.decimals);
        match text.strip_prefix('-') {
            Some(digits) if digits.bytes().all(|digit| matches!(digit, b'0' | b'.')) => {
                digits.to_owned()
            }
            _ => text,
        }
    }

    /// `2m 12s`, `3h 20m`, `2d 04h`.
    fn time(self, value: f64, largest: u32) -> String {
        let mut left = self.rounded(value).abs();
        let sign = if self.rounded(value) < 0.0 { "-" } else { "" };
        let mut parts = Vec::new();
        for (unit, name) in [(DAY, "d"), (HOUR, "h"), (MINUTE, "m"), (1, "s")] {
            if unit > largest || unit < self.step {
                continue;
            }
            let whole = libm::floor(left / f64::from(unit));
            let last = unit == self.step;
            let shown = if last { left / f64::from(unit) } else { whole };
            left -= whole * f64::from(unit);
            let (width, decimals) =
                (if parts.is_empty() { 0 } else { 2 }, if unit == 1 { self.decimals } else { 0 });
            let width = if decimals > 0 && width > 0 { width + 1 + decimals } else { width };
            parts.push(format!("{shown:0width$.decimals$}{name}"));
        }
        format!("{sign}{}", parts.join(" "))
    }
}

/// Decimals that show so many digits of a number, not beyond a millionth.
fn decimals(value: f64, digits: i32) -> usize {
    decimals_for(value, digits).min(6)
}

const MINUTE: u32 = 60;
const HOUR: u32 = 3600;
const DAY: u32 = 86_400;

/// Units of time in seconds, and from how many seconds on a time is written with one.
const TIMES: [(u32, f64); 4] = [(1, 0.0), (MINUTE, 120.0), (HOUR, 7200.0), (DAY, 172_800.0)];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_follow_the_intervals_and_a_row_has_one_number_of_them() {
        let texts =
            |unit, values: &[f64], halves: &[f64]| {
                let format = FigureFormat::of(unit, values, halves);
                let cells = values.iter().zip(halves);
                Vec::from_iter(cells.map(|(value, half)| {
                    format!("{} ± {}", format.value(*value), format.half(*half))
                }))
            };
        assert_eq!(
            texts(Unit::Times, &[235.31, 0.8512], &[7.12, 1.08]),
            ["235.3 ± 7.1", "0.9 ± 1.1"]
        );
        assert_eq!(texts(Unit::Times, &[12_345.6], &[571.0]), ["12,346 ± 571"]);
        assert_eq!(texts(Unit::Times, &[25.0, 24.0], &[71.0, 0.3]), ["25.0 ± 71.0", "24.0 ± 0.3"]);
        assert_eq!(
            texts(Unit::Share, &[0.63572, 0.1], &[0.0102, 0.0]),
            ["63.6 % ± 1.0", "10.0 % ± 0.0"]
        );
        assert_eq!(texts(Unit::Share, &[0.63572], &[0.00102]), ["63.57 % ± 0.10"]);
        assert_eq!(
            texts(Unit::Seconds, &[47.33, -75.0], &[1.21, 5.9]),
            ["47.3 s ± 1.2 s", "-75.0 s ± 5.9 s"]
        );
        assert_eq!(
            texts(Unit::Seconds, &[132.2, 119.4], &[7.0, 6.0]),
            ["2m 12s ± 7s", "1m 59s ± 6s"]
        );
        assert_eq!(
            texts(Unit::Seconds, &[132.2, 47.4], &[70.0, 0.4]),
            ["2m 12s ± 1m 10s", "0m 47s ± 0s"]
        );
        assert_eq!(texts(Unit::Seconds, &[12_010.0], &[700.0]), ["3h 20m ± 12m"]);
        assert_eq!(texts(Unit::Seconds, &[12_010.0], &[20.0]), ["3h 20m 10s ± 20s"]);
        assert_eq!(texts(Unit::Seconds, &[190_000.0], &[7300.0]), ["2d 05h ± 2h"]);
    }

    #[test]
    fn without_intervals_a_row_has_the_digits_of_its_largest_number() {
        let texts = |unit, values: &[f64]| {
            let format = FigureFormat::of(unit, values, &[]);
            Vec::from_iter(values.iter().map(|value| format.value(*value)))
        };
        assert_eq!(texts(Unit::Times, &[7.0, 12.0]), ["7", "12"]);
        assert_eq!(texts(Unit::Times, &[7.24, 12.0]), ["7.2", "12.0"]);
        assert_eq!(texts(Unit::PerConversation, &[0.5571]), ["0.557"]);
        assert_eq!(texts(Unit::Seconds, &[4.24]), ["4.2 s"]);
        assert_eq!(texts(Unit::Seconds, &[4.24, 62.0]), ["4 s", "62 s"]);
        assert_eq!(texts(Unit::Seconds, &[720.0, 750.0]), ["12m 00s", "12m 30s"]);
        assert_eq!(texts(Unit::Seconds, &[12_000.0, 60.0]), ["3h 20m", "0h 01m"]);
        assert_eq!(texts(Unit::Share, &[0.8314]), ["83.1 %"]);
    }

    #[test]
    fn a_difference_is_that_of_what_is_written_and_nothing_has_no_sign() {
        let format = FigureFormat::of(Unit::Share, &[0.6357, 0.6421], &[0.0102, 0.0099]);
        let written = format.difference(0.64249, 0.63551);
        assert_eq!(
            (format.value(0.64249), format.value(0.63551)),
            ("64.2 %".into(), "63.6 %".into())
        );
        assert_eq!(format.value(written), "0.6 %");
        assert_eq!(format.value(-0.000_001), "0.0 %");
        let seconds = FigureFormat::of(Unit::Seconds, &[0.2], &[0.4]);
        assert_eq!((seconds.value(-0.001), seconds.half(0.0)), ("0.00 s".into(), "0.00 s".into()));
        let time = FigureFormat::of(Unit::Seconds, &[600.0], &[3.0]);
        assert_eq!((time.value(-75.4), time.value(-0.2)), ("-1m 15s".into(), "0m 00s".into()));
    }
}
