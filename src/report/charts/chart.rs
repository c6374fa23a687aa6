//! A chart with the numbers behind it, and what charts of a run have in common.

use crate::report::plot::{LegendKey, MOST_SERIES, Picture};
use crate::report::report_data::{ReportData, VariantData};
use crate::report::table::ReportTable;

/// A chart and the numbers behind it.
pub(in crate::report) struct Chart {
    /// The chart.
    pub(in crate::report) picture: Picture,
    /// The numbers.
    pub(in crate::report) table: ReportTable,
}

/// Charts about one thing.
pub(in crate::report) struct Section {
    /// Names the section in addresses; of ours.
    pub(in crate::report) id: &'static str,
    /// What it is about.
    pub(in crate::report) title: &'static str,
    /// What to know before looking; may be empty.
    pub(in crate::report) lead: String,
    /// The charts.
    pub(in crate::report) charts: Vec<Chart>,
    /// Tables besides those behind the charts.
    pub(in crate::report) tables: Vec<ReportTable>,
}

/// The variants that charts show, with their positions: as many as can be told apart.
pub(super) fn shown<'a>(
    data: &'a ReportData<'a>,
) -> impl Iterator<Item = (usize, &'a VariantData<'a>, &'a crate::ledger::outcome::Outcome)> {
    let cases = data.variants.iter().enumerate().take(MOST_SERIES);
    cases.filter_map(|(position, case)| Some((position, case, case.outcome?)))
}

/// A key for each variant shown.
pub(super) fn keys(data: &ReportData<'_>, is_line: bool) -> Vec<LegendKey> {
    let key = |(colour, case, _): (usize, &VariantData<'_>, _)| {
        let name = case.name.to_owned();
        LegendKey { name, colour, is_line, variant: Some(colour) }
    };
    shown(data).map(key).collect()
}
