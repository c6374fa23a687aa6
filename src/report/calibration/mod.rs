//! Pairs of patience and work that reproduce totals: for people, as CSV and as JSON.

mod page;

use std::fmt::Write as _;
use std::io;

use serde::Serialize;
use serde_json::{Value as Json, json};

pub use self::page::page;
use super::RunTitle;
use super::columns::{CsvTable, TableCell, TableColumn, WriteTable as _, columns};
use super::format::{grouped, percent};
use super::json_file::{FileHead, ScenarioName};
use super::table::{ReportCell, ReportColumn, ReportTable, Standing};
use super::terminal::{WIDTH, cut, wrapped};
use crate::experiment::calibration::{Calibration, REPLICATIONS, TriedPair, bound};

/// What is told of a calibration.
pub struct CalibrationReport<'a> {
    /// What was run.
    pub title: RunTitle<'a>,
    /// Seed.
    pub seed: u64,
    /// Name of the table.
    pub table: &'a str,
    /// What came of it.
    pub found: &'a Calibration,
}

/// That no pair is the truth.
const WARNING: &str = "All of these pairs, and all between them, reproduce the totals: totals cannot tell \
                       which is true. Do not take one of them; decide with all, or fit a log of messages \
                       (shiftstorm fit), which tells patience from work.";

fn factor(factor: f64) -> String {
    format!("× {factor:.2}")
}

/// What was found, in a sentence.
fn headline(report: &CalibrationReport<'_>) -> String {
    let valley = &report.found.valley;
    let least = valley.iter().map(|row| row.least_patience).reduce(f64::min);
    let most = valley.iter().map(|row| row.most_patience).reduce(f64::max);
    match (valley.first(), valley.last(), least.zip(most)) {
        (Some(first), Some(last), Some((least, most))) => format!(
            "The totals come of patience {} to {} with work {} to {} of the scenario's.",
            factor(least),
            factor(most),
            factor(first.work),
            factor(last.work)
        ),
        _ => "No patience and work that were tried reproduce the totals.".to_owned(),
    }
}

/// What else a planner has to know.
fn notes(report: &CalibrationReport<'_>) -> Vec<String> {
    let found = report.found;
    let mut notes = Vec::new();
    if !found.is_offered_alike() {
        let simulated = found.tried.first().map_or(0.0, |pair| pair.totals.offered);
        notes.push(format!(
            "The scenario is offered {} contacts, the table has {}: give the scenario the volumes of the table first.",
            grouped(&format!("{simulated:.0}")),
            grouped(&format!("{:.0}", found.measured.offered))
        ));
    }
    match found.nearest().filter(|_| found.valley.is_empty()) {
        Some(nearest) => notes.push(format!(
            "The nearest pair, patience {} and work {}, has a service level of {} and {} abandoned. Something \
             else differs: agents, slots, messages, interruptions or timeouts.",
            factor(nearest.patience),
            factor(nearest.work),
            percent(nearest.totals.service_level),
            percent(nearest.totals.abandonment)
        )),
        None => notes.push(WARNING.to_owned()),
    }
    notes
}

/// For a terminal.
pub fn text(report: &CalibrationReport<'_>) -> String {
    let (found, measured) = (report.found, &report.found.measured);
    let mut text = format!("{}\n", cut(report.title.name, WIDTH));
    let about = format!(
        "variant {}, {} pairs tried, {REPLICATIONS} replications each, seed {}; {}: {} contacts, service \
         level {}, abandoned {}",
        report.title.variant,
        found.tried.len(),
        report.seed,
        report.table,
        grouped(&format!("{:.0}", measured.offered)),
        percent(measured.service_level),
        percent(measured.abandonment)
    );
    let _ = writeln!(text, "{}\n\n{}\n", wrapped(&about, 0), wrapped(&headline(report), 0));
    if !found.valley.is_empty() {
        text.push_str(&valley_table(found).text());
        text.push('\n');
    }
    for note in notes(report) {
        let _ = writeln!(text, "{}", wrapped(&note, 0));
    }
    text
}

/// Work, and the patience that goes with it.
fn valley_table(found: &Calibration) -> ReportTable {
    let mut table = ReportTable::of(
        "Pairs that reproduce the totals",
        [
            ReportColumn::new("work").left(10),
            ReportColumn::new("patience from").right(15),
            ReportColumn::new("to").right(10),
        ],
    );
    for row in &found.valley {
        let cells = [row.work, row.least_patience, row.most_patience];
        table.push(None, cells.map(|it| ReportCell::text(factor(it))).into());
    }
    table
}

/// All that was tried.
fn tried_table(found: &Calibration) -> ReportTable {
    let heads = ["work", "patience", "service level", "abandonment", "distance", ""];
    let mut table = ReportTable::new("Pairs that were tried", heads);
    for pair in &found.tried {
        let standing = match pair.reproduces() {
            true => ReportCell::verdict(Standing::Good, "reproduces"),
            false => ReportCell::verdict(Standing::Bad, "does not"),
        };
        table.push(
            None,
            vec![
                ReportCell::text(factor(pair.work)),
                ReportCell::text(factor(pair.patience)),
                ReportCell::share(pair.totals.service_level),
                ReportCell::share(pair.totals.abandonment),
                ReportCell::fixed(1, pair.distance),
                standing,
            ],
        );
    }
    table
}

/// A row a pair that was tried.
///
/// # Errors
///
/// The output cannot be written.
pub fn csv(found: &Calibration, output: impl io::Write) -> io::Result<()> {
    let mut table = CsvTable::new(output);
    table.header(TRIED_COLUMNS)?;
    found.tried.iter().try_for_each(|pair| table.row(TRIED_COLUMNS, pair))?;
    table.finish()
}

static TRIED_COLUMNS: &[TableColumn<TriedPair>] = columns! {
    work "factor" = |pair| TableCell::Number(Some(pair.work)), "Factor of all work of the scenario.";
    patience "factor" = |pair| TableCell::Number(Some(pair.patience)), "Factor of all patience of the scenario.";
    service_level "share" = |pair| TableCell::Number(Some(pair.totals.service_level)), "Service level, mean over replications.";
    abandonment "share" = |pair| TableCell::Number(Some(pair.totals.abandonment)), "Share that left openly before the first answer, mean over replications.";
    distance "" = |pair| TableCell::Number(Some(pair.distance)), "Square of the distance from the totals in standard deviations of a single replication (Hotelling).";
    reproduces "" = |pair| TableCell::word(if pair.reproduces() { "yes" } else { "no" }), "Whether the totals may have come of it.";
};

/// Version of this form.
const SCHEMA: &str = "shiftstorm.calibration/1";

#[derive(Serialize)]
struct SavedCalibration {
    #[serde(flatten)]
    head: FileHead,
    #[serde(flatten)]
    found: Json,
}

/// For machines.
pub fn saved(report: &CalibrationReport<'_>) -> Json {
    let found = report.found;
    let valley = found.valley.iter().map(|row| {
        json!({
            "work": row.work,
            "patience": { "least": row.least_patience, "most": row.most_patience },
        })
    });
    let tried = found.tried.iter().map(|pair| {
        json!({
            "work": pair.work,
            "patience": pair.patience,
            "service_level": pair.totals.service_level,
            "abandonment": pair.totals.abandonment,
            "distance": pair.distance,
            "reproduces": pair.reproduces(),
        })
    });
    let measured = &found.measured;
    let name = ScenarioName { name: report.title.name.to_owned() };
    let saved = SavedCalibration {
        head: FileHead::new(SCHEMA, name),
        found: json!({
            "variant": report.title.variant,
            "seed": report.seed,
            "replications": REPLICATIONS,
            "measured": {
                "offered": measured.offered,
                "service_level": measured.service_level,
                "abandonment": measured.abandonment,
            },
            "offered_alike": found.is_offered_alike(),
            "bound": bound(),
            "valley": valley.collect::<Vec<_>>(),
            "tried": tried.collect::<Vec<_>>(),
            "warning": WARNING,
        }),
    };
    serde_json::to_value(&saved).unwrap_or_default()
}
