//! All figures of all variants side by side, as on the terminal.

use crate::ledger::definitions::{Definition, FigureKind, summary};
use crate::report::format::{formatted, nothing, with_interval};
use crate::report::report_data::{ReportData, VariantData};
use crate::report::table::PageTable;

/// The table; figures that are zero for all variants are left out.
pub(super) fn table(data: &ReportData<'_>) -> PageTable {
    let cases = Vec::from_iter(data.variants.iter().filter(|case| case.outcome.is_some()));
    let heads = cases.iter().map(|case| case.name.to_owned());
    let mut table = PageTable::new(
        "All figures, means of one run",
        std::iter::once("figure".to_owned()).chain(heads),
    );
    for mut part in summary() {
        part.figures.retain(|figure| cases.iter().any(|case| speaks(case, figure)));
        if part.figures.is_empty() {
            continue;
        }
        table.push(None, vec![part.heading.to_owned()]);
        for figure in part.figures {
            let cells = cases.iter().map(|case| value(case, figure, data.confidence()));
            table.push(None, std::iter::once(figure.row_label()).chain(cells).collect());
        }
    }
    table
}

fn speaks(case: &VariantData<'_>, figure: &Definition) -> bool {
    case.series.estimate(figure).is_some_and(|estimate| estimate.value != 0.0)
}

fn value(case: &VariantData<'_>, figure: &Definition, confidence: f64) -> String {
    if figure.kind == FigureKind::Maximum {
        let value = case.outcome.and_then(figure.value);
        return value.map_or_else(nothing, |value| formatted(figure, value));
    }
    let estimate = case.series.estimate(figure);
    estimate.map_or_else(nothing, |estimate| with_interval(figure, &estimate, confidence))
}
