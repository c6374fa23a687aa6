//! What came of a sweep: a table for people and every figure as CSV.

use std::fmt::Write as _;
use std::io;

use crate::experiment::{Results, VariantResults};
use crate::ledger::definitions::{Definition, FIGURES, Unit, find};
use crate::scenario::Setting;
use crate::scenario::vary::{Point, Vary};

use super::cells::{Cell, Table};
use super::layout::{WIDTH, cut, left, number, percent, right, seconds, wrapped};

/// What was varied and what came of it.
pub struct Sweep<'a> {
    /// Name of the scenario.
    pub name: &'a str,
    /// The keys that took several values: one or two.
    pub varies: &'a [Vary],
    /// Every choice of values, in the order of the results.
    pub points: &'a [Point],
    /// What came of each.
    pub results: &'a Results,
}

/// The table: a line a value of one key, or for each figure a table of the values of both keys.
pub fn table(sweep: &Sweep<'_>) -> String {
    let mut text = heading(sweep);
    match sweep.varies {
        [key] => one_key(&mut text, sweep, key),
        [key, other] => two_keys(&mut text, sweep, key, other),
        _ => {}
    }
    let note = "± is one standard error. All choices of values face the same consumers.";
    let _ = writeln!(text, "\n{}", wrapped(note, 0));
    text
}

/// `sweep.csv`: a row a choice of values; every figure as its mean over replications, each followed
/// by the standard error of that mean.
///
/// # Errors
///
/// The output cannot be written.
pub fn csv(sweep: &Sweep<'_>, output: impl io::Write) -> io::Result<()> {
    let mut table = Table::new(output);
    let keys = sweep.varies.iter().map(|vary| vary.key.clone());
    let figures = FIGURES
        .iter()
        .flat_map(|figure| [figure.name.to_owned(), format!("{}_standard_error", figure.name)]);
    let head = keys.chain(std::iter::once("replications".to_owned())).chain(figures);
    table.record(head.map(Cell::text))?;
    for (point, variant) in rows(sweep) {
        let values = point.settings.iter().map(|setting| Cell::text(setting.value.clone()));
        let replications = variant.pooled.as_ref().map_or(0, |outcome| outcome.replications);
        let figures = FIGURES.iter().flat_map(|figure| {
            let sample = variant.sample(figure);
            [Cell::Number(sample.mean()), Cell::Number(sample.standard_error())]
        });
        let count = std::iter::once(Cell::Whole(replications));
        table.record(values.chain(count).chain(figures))?;
    }
    table.finish()
}

fn heading(sweep: &Sweep<'_>) -> String {
    let mut text = format!("{}\n", cut(sweep.name, WIDTH));
    if let Some(first) = sweep.results.variants.first() {
        let replications = match sweep.results.planned {
            1 => "1 replication".to_owned(),
            count => format!("{count} replications"),
        };
        let (count, seed) = (sweep.points.len(), first.plan.run.seed);
        let _ = writeln!(text, "{count} choices of values, {replications} each, seed {seed}");
    }
    text
}

fn one_key(text: &mut String, sweep: &Sweep<'_>, key: &Vary) {
    let figures = shown(sweep);
    let _ = writeln!(text, "\n{}", cut(&key.key, WIDTH));
    let mut line = left("", FIRST);
    for &(label, _) in &figures {
        line.push_str(&right(label, COLUMN));
    }
    finish(text, &line);
    for (point, variant) in rows(sweep) {
        let mut line = left(value(&point.settings, 0), FIRST);
        for (_, figure) in &figures {
            line.push_str(&right(&cell(variant, figure), COLUMN));
        }
        finish(text, &line);
    }
}

/// One table a figure; its columns in blocks that fit.
fn two_keys(text: &mut String, sweep: &Sweep<'_>, key: &Vary, other: &Vary) {
    let results = Vec::from_iter(rows(sweep));
    for (label, figure) in shown(sweep) {
        let _ = writeln!(text, "\n{label}");
        let _ = writeln!(text, "{}", cut(&format!("down {}", key.key), WIDTH));
        let _ = writeln!(text, "{}", cut(&format!("across {}", other.key), WIDTH));
        let width = other.values.len();
        for block in Vec::from_iter(0..width).chunks((WIDTH - FIRST) / COLUMN) {
            let mut line = left("", FIRST);
            for &column in block {
                line.push_str(&right(&other.values[column], COLUMN));
            }
            finish(text, &line);
            for row in results.chunks(width) {
                let Some((point, _)) = row.first() else { continue };
                let mut line = left(value(&point.settings, 0), FIRST);
                for (_, variant) in block.iter().filter_map(|&column| row.get(column)) {
                    line.push_str(&right(&cell(variant, figure), COLUMN));
                }
                finish(text, &line);
            }
        }
    }
}

fn rows<'a>(sweep: &Sweep<'a>) -> impl Iterator<Item = (&'a Point, &'a VariantResults)> {
    sweep.points.iter().zip(&sweep.results.variants)
}

/// What planners look at first; a feature that never acted gets no column.
fn shown(sweep: &Sweep<'_>) -> Vec<(&'static str, &'static Definition)> {
    let found = SHOWN.iter().filter_map(|&(label, name)| Some((label, find(name)?)));
    let speaks = |figure: &Definition| {
        let mut means = rows(sweep).filter_map(|(_, variant)| variant.sample(figure).mean());
        means.any(|mean| mean != 0.0)
    };
    found.filter(|(_, figure)| speaks(figure)).collect()
}

fn cell(variant: &VariantResults, figure: &Definition) -> String {
    let sample = variant.sample(figure);
    let Some(mean) = sample.mean() else { return "–".to_owned() };
    let (mean, error) = match figure.unit {
        Unit::Share => {
            let error = sample.standard_error().map(|error| format!("{:.1}", error * 100.0));
            (percent(mean), error)
        }
        Unit::Seconds => {
            (seconds(mean), sample.standard_error().map(|error| format!("{error:.1}")))
        }
        _ => (number(mean), sample.standard_error().map(number)),
    };
    error.map_or_else(|| mean.clone(), |error| format!("{mean} ± {error}"))
}

fn value(settings: &[Setting], position: usize) -> &str {
    settings.get(position).map_or("", |setting| setting.value.as_str())
}

fn finish(text: &mut String, line: &str) {
    text.push_str(line.trim_end());
    text.push('\n');
}

/// Of the values at the beginning of a line.
const FIRST: usize = 14;
const COLUMN: usize = 16;
const SHOWN: [(&str, &str); 4] = [
    ("service level", "service_level"),
    ("abandoned", "abandonment"),
    ("removals/conv", "reassignments"),
    ("first response", "first_response_mean"),
];
