//! All figures of all variants side by side, as on the terminal.

use crate::ledger::definitions::{Definition, FigureKind, find};
use crate::report::report_data::{ReportData, VariantData};
use crate::report::summary_rows::PARTS;
use crate::report::table::{ReportCell, ReportTable, labelled};

/// The table; figures that are zero for all variants are left out.
pub(super) fn table(data: &ReportData<'_>) -> ReportTable {
    let cases = Vec::from_iter(data.variants.iter().filter(|case| case.outcome.is_some()));
    let heads = std::iter::once("figure").chain(cases.iter().map(|case| case.name));
    let mut table = ReportTable::new("All figures, means of one run", heads).spoken();
    for part in PARTS {
        let lines = part.lines.iter().filter_map(|line| Some((line.label, find(line.figure)?)));
        let lines = lines.filter(|(_, figure)| cases.iter().any(|case| speaks(case, figure)));
        let rows = lines.map(|(label, figure)| {
            labelled(label, cases.iter().map(|case| value(case, figure, data.confidence())))
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
