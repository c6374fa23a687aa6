//! The plans of a sweep: the file read once for each choice of values.

use super::overrides::Setting;
use super::plan::{Scenario, Variant};
use super::reader::diagnostic::Diagnostics;
use super::vary::VariedValue;

/// One choice of values.
#[derive(Clone, Debug)]
pub struct SweepPoint {
    /// A value for each axis.
    pub values: Vec<VariedValue>,
    /// The plan, named after the values.
    pub variant: Variant,
}

/// Reads a scenario once for each choice of values, as `read` does; `settings` hold for all of them. The plan is that of
/// the variant at position `variant`.
///
/// # Errors
///
/// Everything that is wrong with the file or with the first choice that is not sound.
pub fn sweep_points(
    read: impl Fn(&[Setting]) -> Result<Scenario, Diagnostics>,
    settings: &[Setting],
    grid: Vec<Vec<VariedValue>>,
    variant: usize,
) -> Result<Vec<SweepPoint>, Diagnostics> {
    let point = |values: Vec<VariedValue>| {
        let chosen = values.iter().flat_map(VariedValue::settings);
        let all = Vec::from_iter(settings.iter().cloned().chain(chosen));
        let mut scenario = read(&all)?;
        let name = Vec::from_iter(values.iter().map(VariedValue::text)).join(", ");
        let plan = scenario.variants.swap_remove(variant).plan;
        Ok(SweepPoint { values, variant: Variant { name, plan } })
    };
    grid.into_iter().map(point).collect()
}
