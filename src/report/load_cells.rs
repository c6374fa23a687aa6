//! Amounts of work and staff, and these against each other.

use crate::scenario::Plan;

use super::table::ReportCell;

/// Hours of an interval.
pub(super) fn interval_hours(plan: &Plan) -> f64 {
    plan.measure.interval.as_secs_f64() / 3600.0
}

/// An amount to a tenth; what is above 0 does not look like 0.
pub(super) fn tenth(value: f64) -> ReportCell {
    match libm::round(value * 10.0) / 10.0 {
        0.0 if value > 0.0 => "< 0.1".into(),
        tenths if tenths.fract() != 0.0 && tenths < 100.0 => format!("{tenths:.1}").into(),
        tenths => ReportCell::amount(tenths),
    }
}

/// A share to a tenth of a percent, likewise.
pub(super) fn share(value: Option<f64>) -> ReportCell {
    match value {
        Some(value) if value > 0.0 && value < 0.0005 => "< 0.1 %".into(),
        value => ReportCell::share(value),
    }
}
