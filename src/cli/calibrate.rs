//! `shiftstorm calibrate`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};

use crate::base::time::Span;
use crate::experiment::calibration::{MeasuredTotals, calibrate};
use crate::report::RunTitle;
use crate::report::calibration::{CalibrationReport, csv, page, saved, text};
use crate::scenario::Plan;
use crate::tables::{
    DecimalMark, Sheet, TableFinding, TableOptions, TotalsRow, TotalsTable, read_totals,
};

use super::output::{Output, complain};
use super::search::{VariantOptions, save, try_path};
use super::stop::{Exit, Stop};

/// Find patience and work that reproduce totals (offered, service level, abandoned), where nothing else is
/// known: all pairs that do, as totals cannot tell which is true.
///
/// Tries at most 40 pairs with 20 replications each, on one machine.
#[derive(Args)]
pub(super) struct CalibrateCommand {
    #[command(flatten)]
    common: VariantOptions,
    /// Totals by interval, as CSV or a workbook: interval, offered, service level, abandoned, and the
    /// threshold of the service level if it is not the scenario's.
    #[arg(long, value_name = "TABLE")]
    totals: PathBuf,
    /// What stands before the fractions of the table, where it does not tell.
    #[arg(long, value_name = "MARK")]
    decimal: Option<WrittenDecimal>,
    /// Write the pairs that were tried to this file too.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Write everything for machines to this file too.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write a page to this file too.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum WrittenDecimal {
    /// 1,250.5
    Point,
    /// 1.250,5
    Comma,
}

impl CalibrateCommand {
    pub(super) fn execute(self, output: &mut Output) -> Result<(), Stop> {
        for path in [&self.csv, &self.json, &self.html] {
            try_path(&output.storage, path.as_deref())?;
        }
        let name = file_name(&self.totals);
        let table = self.table(&name)?;
        let session = self.common.session();
        let (scenario, variant) = self.common.load(&session)?;
        let measured = measured(&name, &table.rows)?;
        let plan = with_threshold(&variant.plan, &name, &table.rows)?;
        if plan.centre.kinds.iter().all(|kind| kind.patience.first.is_none()) {
            let message = "the scenario has no patience to calibrate: give its consumers one";
            return Err(Stop::new(Exit::BadInput, message));
        }
        let found = session.run("", |runner| calibrate(&plan, measured, runner))?;
        let report = CalibrationReport {
            title: RunTitle::new(&scenario, &variant),
            seed: plan.run.seed,
            table: &name,
            found: &found,
        };
        output.text(&text(&report));
        let storage = &output.storage;
        if let Some(path) = &self.csv {
            save(storage, path, |file| csv(&found, file))?;
        }
        if let Some(path) = &self.json {
            save(storage, path, |file| writeln!(file, "{:#}", saved(&report)))?;
        }
        if let Some(path) = &self.html {
            save(storage, path, |file| file.write_all(page(&report).as_bytes()))?;
        }
        match found.valley.is_empty() {
            true => Err(Stop::new(Exit::Threshold, "nothing that was tried reproduces the totals")),
            false => Ok(()),
        }
    }

    fn table(&self, name: &str) -> Result<TotalsTable, Stop> {
        let bytes = std::fs::read(&self.totals).map_err(|error| {
            Stop::new(Exit::Io, format!("cannot read `{}`: {error}", self.totals.display()))
        })?;
        let decimal = self.decimal.map(|decimal| match decimal {
            WrittenDecimal::Point => DecimalMark::Point,
            WrittenDecimal::Comma => DecimalMark::Comma,
        });
        let options = TableOptions { decimal, ..TableOptions::default() };
        let sheet = Sheet::read(name, &bytes, &options);
        let sheet = sheet.map_err(|finding| refused(name, &[finding]))?;
        let table = read_totals(&sheet, &options);
        let table = table.map_err(|findings| refused(name, &findings))?;
        for finding in &table.findings {
            complain(&format!("warning: {}", told(name, finding)));
        }
        Ok(table)
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into())
}

fn refused(file: &str, findings: &[TableFinding]) -> Stop {
    let all = findings.iter().filter(|finding| finding.is_error);
    let all = Vec::from_iter(all.map(|finding| told(file, finding)));
    Stop::new(Exit::BadInput, all.join("\nerror: "))
}

/// With its place, what stands there, what may, and what to do.
fn told(file: &str, finding: &TableFinding) -> String {
    let mut text = match finding.message.contains(file) {
        true => finding.message.clone(),
        false => format!("`{file}`: {}", finding.message),
    };
    for (what, part) in [("found", &finding.found), ("allowed", &finding.allowed)] {
        if let Some(part) = part {
            text.push_str(&format!("; {what}: {part}"));
        }
    }
    match &finding.help {
        Some(help) if help.contains("`decimal = ") => {
            text.push_str(
                "; say what stands before the fraction: --decimal comma or --decimal point",
            );
        }
        Some(help) => text.push_str(&format!("; {help}")),
        None => {}
    }
    text
}

/// Over all intervals.
fn measured(file: &str, rows: &[TotalsRow]) -> Result<MeasuredTotals, Stop> {
    let sum = |of: &dyn Fn(&TotalsRow) -> f64| rows.iter().map(of).sum::<f64>();
    let offered = sum(&|row| row.offered);
    if offered <= 0.0 {
        return Err(Stop::new(Exit::BadInput, format!("`{file}`: nothing was offered")));
    }
    Ok(MeasuredTotals {
        offered,
        service_level: sum(&|row| row.service_level * row.offered) / offered,
        abandonment: sum(&|row| row.abandoned) / offered,
    })
}

/// The plan, its service level measured as in the table.
fn with_threshold(plan: &Plan, file: &str, rows: &[TotalsRow]) -> Result<Arc<Plan>, Stop> {
    let mut plan = plan.clone();
    let thresholds = Vec::from_iter(rows.iter().filter_map(|row| row.threshold));
    if let Some(&threshold) = thresholds.first() {
        if let Some(other) = thresholds.iter().find(|&&other| other != threshold) {
            let message = format!(
                "`{file}`: two thresholds of the service level, {threshold} s and {other} s; allowed: one"
            );
            return Err(Stop::new(Exit::BadInput, message));
        }
        plan.measure.service_level.within = Span::from_secs_f64(threshold);
        plan.measure.skill_thresholds.iter_mut().for_each(|own| *own = None);
    }
    Ok(Arc::new(plan))
}
