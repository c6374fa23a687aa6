//! Figures side by side: a label and some columns within the width of a terminal.

use unicode_width::UnicodeWidthStr as _;

use crate::experiment::interval::Estimate;
use crate::ledger::definitions::{Definition, Unit};

use super::layout::{WIDTH, left, number, percent, right, seconds};

/// A line: a label and its cells.
pub(super) fn columns(label: &str, cells: impl Iterator<Item = String>) -> String {
    let mut line = left(label, LABEL);
    for cell in cells {
        line.push(' ');
        line.push_str(&right(&cell, COLUMN - 1));
    }
    format!("{}\n", line.trim_end())
}

/// An estimate and half its interval; without it where there is no room for both.
pub(super) fn with_interval(figure: &Definition, estimate: &Estimate, confidence: f64) -> String {
    let value = formatted(figure, estimate.value);
    let half = estimate.half_width(confidence).map(|half| match figure.unit {
        Unit::Share => format!("{:.1}", half * 100.0),
        Unit::Seconds => seconds(half),
        _ => two_digits(half),
    });
    let both = half.map(|half| format!("{value} ± {half}"));
    both.filter(|both| both.width() < COLUMN).unwrap_or(value)
}

/// A value in the manner of its unit.
pub(super) fn formatted(figure: &Definition, value: f64) -> String {
    match figure.unit {
        Unit::Share => percent(value),
        Unit::Seconds if value < 0.0 => format!("-{}", seconds(-value)),
        Unit::Seconds => seconds(value),
        _ => number(value),
    }
}

/// A share or a mean of nothing.
pub(super) fn nothing() -> String {
    "–".to_owned()
}

/// How far off a number may be needs no more than two digits.
fn two_digits(value: f64) -> String {
    match value {
        0.0 => number(value),
        _ if value >= 10.0 => number(libm::round(value)),
        _ if value >= 1.0 => format!("{value:.1}"),
        _ if value >= 0.1 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// Width of a column, with the space before it.
pub(super) const COLUMN: usize = 17;
const LABEL: usize = WIDTH - 3 * COLUMN;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::definitions::find;

    #[test]
    fn half_an_interval_has_two_digits_and_gives_way_where_there_is_no_room() {
        let text = |name: &str, value: f64, error: f64| {
            let estimate =
                Estimate { value, standard_error: Some(error), freedom: 1e12, replications: 9 };
            with_interval(find(name).unwrap(), &estimate, 0.95)
        };
        assert_eq!(text("offered", 837.0, 12.3), "837 ± 24");
        assert_eq!(text("reassignments", 0.557, 0.03), "0.557 ± 0.059");
        assert_eq!(text("abandonment", -0.0274, 0.001), "-2.7 % ± 0.2");
        assert_eq!(text("first_response_mean", -75.0, 3.0), "-75 s ± 5.9 s");
        assert_eq!(text("offered", 12_345_678.0, 12_345.0), "12,345,678");
        assert_eq!(text("stranded", 0.0, 0.0), "0 ± 0");
    }
}
