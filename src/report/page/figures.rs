//! All figures of all variants side by side, as on the terminal.

use crate::ledger::definitions::{Definition, FigureKind, find};
use crate::report::grid::{formatted, nothing, with_interval};
use crate::report::lines::PARTS;
use crate::report::material::{Case, Material};
use crate::report::table::Table;

/// The table; figures that are zero for all variants are left out.
pub(super) fn table(material: &Material<'_>) -> Table {
    let cases = Vec::from_iter(material.variants.iter().filter(|case| case.outcome.is_some()));
    let heads = cases.iter().map(|case| case.name.to_owned());
    let mut table = Table::new(
        "All figures, means of one run",
        std::iter::once("figure".to_owned()).chain(heads),
    );
    for part in PARTS {
        let lines = part.lines.iter().filter_map(|line| Some((line.label, find(line.figure)?)));
        let lines = lines.filter(|(_, figure)| cases.iter().any(|case| speaks(case, figure)));
        let lines = Vec::from_iter(lines);
        if lines.is_empty() {
            continue;
        }
        table.push(None, vec![part.heading.to_owned()]);
        for (label, figure) in lines {
            let cells = cases.iter().map(|case| value(case, figure, material.confidence()));
            table.push(None, std::iter::once(label.to_owned()).chain(cells).collect());
        }
    }
    table
}

fn speaks(case: &Case<'_>, figure: &Definition) -> bool {
    case.series.estimate(figure).is_some_and(|estimate| estimate.value != 0.0)
}

fn value(case: &Case<'_>, figure: &Definition, confidence: f64) -> String {
    if figure.kind == FigureKind::Maximum {
        let value = case.outcome.and_then(figure.value);
        return value.map_or_else(nothing, |value| formatted(figure, value));
    }
    let estimate = case.series.estimate(figure);
    estimate.map_or_else(nothing, |estimate| with_interval(figure, &estimate, confidence))
}
