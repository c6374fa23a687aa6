//! A chart with the numbers behind it, and what charts of a run have in common.

use crate::ledger::outcome::Outcome;
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

/// Charts and tables about one thing.
pub(in crate::report) struct Section {
    /// Names the section in addresses; of ours.
    pub(in crate::report) id: &'static str,
    /// What it is about.
    pub(in crate::report) title: &'static str,
    /// What to know before looking; may be empty.
    pub(in crate::report) lead: String,
    pub(in crate::report) charts: Vec<Chart>,
    /// Tables besides those behind the charts.
    pub(in crate::report) tables: Vec<ReportTable>,
}

impl Section {
    /// With nothing to see so far.
    pub(in crate::report) fn new(
        id: &'static str,
        title: &'static str,
        lead: impl Into<String>,
    ) -> Self {
        Self { id, title, lead: lead.into(), charts: Vec::new(), tables: Vec::new() }
    }

    #[must_use]
    pub(in crate::report) fn charts(self, charts: impl IntoIterator<Item = Chart>) -> Self {
        Self { charts: charts.into_iter().collect(), ..self }
    }

    #[must_use]
    pub(in crate::report) fn tables(self, tables: impl IntoIterator<Item = ReportTable>) -> Self {
        Self { tables: tables.into_iter().collect(), ..self }
    }

    /// Those in which there is anything to see.
    pub(in crate::report) fn shown(sections: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let is_shown = |section: &Self| !section.charts.is_empty() || !section.tables.is_empty();
        sections.into_iter().filter(is_shown).collect()
    }
}

/// The variants that charts show, with their positions: as many as can be told apart.
pub(super) fn shown<'a>(
    data: &'a ReportData<'a>,
) -> impl Iterator<Item = (usize, &'a VariantData<'a>, &'a Outcome)> {
    let cases = data.variants.iter().enumerate().take(MOST_SERIES);
    cases.filter_map(|(position, case)| Some((position, case, case.outcome?)))
}

/// A key for each variant shown.
pub(super) fn keys(data: &ReportData<'_>) -> impl Iterator<Item = LegendKey> {
    shown(data).map(|(position, case, _)| LegendKey::line(case.name, position, Some(position)))
}
