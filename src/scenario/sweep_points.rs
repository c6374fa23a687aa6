//! The plans of a sweep: the file read once for each choice of values.

use std::path::Path;

use super::load::with_overrides;
use super::overrides::Setting;
use super::plan::Variant;
use super::reader::diagnostic::Diagnostics;

/// One choice of values.
#[derive(Clone, Debug)]
pub struct SweepPoint {
    /// A value for each key that varies.
    pub settings: Vec<Setting>,
    /// The plan, named after the values.
    pub variant: Variant,
}

/// Reads a file once for each choice of values; `settings` hold for all of them. The plan is that of
/// the variant at position `variant`.
///
/// # Errors
///
/// Everything that is wrong with the file or with the first choice that is not sound.
pub fn sweep_points(
    path: &Path,
    settings: &[Setting],
    grid: Vec<Vec<Setting>>,
    variant: usize,
) -> Result<Vec<SweepPoint>, Diagnostics> {
    let point = |chosen: Vec<Setting>| {
        let all = Vec::from_iter(settings.iter().chain(&chosen).cloned());
        let mut scenario = with_overrides(path, &all)?;
        let name = Vec::from_iter(chosen.iter().map(Setting::text)).join(", ");
        let plan = scenario.variants.swap_remove(variant).plan;
        Ok(SweepPoint { settings: chosen, variant: Variant { name, plan } })
    };
    grid.into_iter().map(point).collect()
}
