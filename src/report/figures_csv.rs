//! The run as a whole: every figure of every variant, and percentiles of all durations.

use std::io;

use crate::experiment::VariantResults;
use crate::experiment::compare::Comparison;
use crate::experiment::interval::Estimate;
use crate::ledger::definitions::{Definition, FIGURES};
use crate::ledger::times::NamedDurations;

use super::columns::{TableCell, TableColumn, TableSink, WriteTable as _, columns};
use super::report_data::Report;
use super::wording::words;

/// A row a figure of each variant, the variants below each other.
pub(super) fn figures(report: &Report<'_>, table: &mut dyn TableSink) -> io::Result<()> {
    table.header(figure_columns())?;
    let variants = &report.results.variants;
    let Some(base) = variants.first() else { return Ok(()) };
    let rule = report.rule();
    let judge = |other: &VariantResults| rule.judge(&base.series, &other.series);
    let judged = Vec::from_iter(variants.iter().map(judge));
    for figure in FIGURES {
        for (results, judged) in variants.iter().zip(&judged) {
            let row = FigureRow {
                confidence: report.confidence,
                figure,
                results,
                estimate: results.estimate(figure),
                difference: results.against_base(figure),
                judged: judged.iter().find(|judged| judged.figure.name == figure.name),
            };
            table.row(figure_columns(), &row)?;
        }
    }
    Ok(())
}

/// A row a duration of each variant.
pub(super) fn percentiles(report: &Report<'_>, table: &mut dyn TableSink) -> io::Result<()> {
    table.header(percentile_columns())?;
    for variant in &report.results.variants {
        let Some(outcome) = variant.pooled.as_deref() else { continue };
        for of in outcome.times.all() {
            table.row(percentile_columns(), &DurationRow { variant: &variant.name, of })?;
        }
    }
    Ok(())
}

struct FigureRow<'a> {
    confidence: f64,
    figure: &'static Definition,
    results: &'a VariantResults,
    estimate: Option<Estimate>,
    difference: Option<Estimate>,
    judged: Option<&'a Comparison>,
}

impl FigureRow<'_> {
    /// A number in the unit of the figure.
    fn number(&self, number: Option<f64>) -> TableCell {
        TableCell::In(self.figure.unit.name(), number)
    }

    fn half_width(&self, estimate: Option<Estimate>) -> TableCell {
        self.number(estimate.and_then(|estimate| estimate.half_width(self.confidence)))
    }
}

struct DurationRow<'a> {
    variant: &'a str,
    of: NamedDurations<'a>,
}

impl DurationRow<'_> {
    fn quantile(&self, quantile: f64) -> TableCell {
        TableCell::Number(self.of.durations.quantile(quantile))
    }
}

fn figure_columns<'a>() -> &'a [TableColumn<FigureRow<'a>>] {
    columns! {
    figure "" = |row| TableCell::word(row.figure.name), "Figure; its definition stands under summary.json.";
    unit "" = |row| TableCell::word(row.figure.unit.name()), "Unit of the numbers in the row.";
    variant "" = |row| TableCell::text(&row.results.name), "Variant.";
    replications "" = |row| TableCell::Whole(row.estimate.map_or(0, |estimate| estimate.replications)), "Replications that the figure comes from.";
    estimate "" = |row| row.number(row.estimate.map(|estimate| estimate.value)), "Of a ratio that of the sums, otherwise the mean over replications.";
    half_width "" = |row| row.half_width(row.estimate), "Half the interval of it.";
    difference "" = |row| row.number(row.difference.map(|difference| difference.value)), "The figure less that of the base, replication by replication.";
    difference_half_width "" = |row| row.half_width(row.difference), "Half the interval of the difference.";
    verdict "" = |row| TableCell::word(row.judged.map_or("", |judged| words(&judged.verdict))), "Of figures with a good and a bad direction: `better`, `worse`, `no difference that matters` or `cannot tell yet`.";
    matters_from "" = |row| row.number(row.judged.map(|judged| judged.threshold)), "A smaller difference does not matter.";
    }
}

fn percentile_columns<'a>() -> &'a [TableColumn<DurationRow<'a>>] {
    columns! {
    variant "" = |row| TableCell::text(row.variant), "Variant.";
    duration "" = |row| TableCell::word(row.of.name), "Which duration; all replications together.";
    count "times" = |row| TableCell::Whole(row.of.durations.count()), "How many there were, in all replications.";
    mean "seconds" = |row| TableCell::Number(row.of.durations.mean()), "Mean.";
    p10 "seconds" = |row| row.quantile(0.1), "What 10 % do not exceed.";
    p25 "seconds" = |row| row.quantile(0.25), "What 25 % do not exceed.";
    p50 "seconds" = |row| row.quantile(0.5), "Median.";
    p75 "seconds" = |row| row.quantile(0.75), "What 75 % do not exceed.";
    p90 "seconds" = |row| row.quantile(0.9), "What 90 % do not exceed.";
    p95 "seconds" = |row| row.quantile(0.95), "What 95 % do not exceed.";
    p99 "seconds" = |row| row.quantile(0.99), "What 99 % do not exceed.";
    p999 "seconds" = |row| row.quantile(0.999), "What 99.9 % do not exceed.";
    longest "seconds" = |row| TableCell::Number(row.of.durations.longest().map(|longest| longest.as_secs_f64())), "Longest.";
    meaning "" = |row| TableCell::word(row.of.text), "What the duration is.";
    }
}
