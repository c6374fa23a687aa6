//! All figures of all variants side by side, as on the terminal.

use crate::ledger::definitions::{Definition, FigureKind, summary};
use crate::report::report_data::{ReportData, VariantData};
use crate::report::table::{ReportCell, ReportTable, labelled};

/// The table; figures that are zero for all variants are left out.
pub(super) fn table(data: &ReportData<'_>) -> ReportTable {
    let cases = Vec::from_iter(data.variants.iter().filter(|case| case.outcome.is_some()));
    let heads = std::iter::once("figure").chain(cases.iter().map(|case| case.name));
    let mut table = ReportTable::new("All figures, means of one run", heads).spoken();
    for part in summary() {
        let figures = part.figures.into_iter();
        let figures = figures.filter(|figure| cases.iter().any(|case| speaks(case, figure)));
        let rows = figures.map(|figure| {
            let cells = cases.iter().map(|case| value(case, figure, data.confidence()));
            labelled(figure.row_label(), cells)
        });
        table.part(part.heading, rows.collect());
    }
    table
}

fn speaks(case: &VariantData<'_>, figure: &Definition) -> bool {
    case.series.estimate(figure).is_some_and(|estimate| estimate.value != 0.0)
}

fn value(case: &VariantData<'_>, figure: &Definition, confidence: f64) -> ReportCell {
    match figure.kind {
        FigureKind::Maximum => ReportCell::figure(figure, case.outcome.and_then(figure.value)),
        _ => ReportCell::estimate(figure, case.series.estimate(figure).as_ref(), confidence),
    }
}
