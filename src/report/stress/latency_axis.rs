//! The axis of lateness and waiting.

use crate::report::plot::Axis;

/// An axis of seconds in powers of ten.
pub(crate) fn latency(label: &str, lowest: f64, highest: f64) -> Axis {
    Axis::decades(label, lowest, highest, |seconds| {
        let units = [(1.0, "s"), (1e-3, "ms"), (1e-6, "µs")];
        let unit = units.into_iter().find(|(size, _)| seconds >= size * 0.999);
        let (size, unit) = unit.unwrap_or((1e-9, "ns"));
        format!("{:.0} {unit}", seconds / size)
    })
}
