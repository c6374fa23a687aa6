//! The suite beside an earlier run of it.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value as Json;

use crate::report::format::{fine, nothing, percent};
use crate::report::json_file;
use crate::report::table::{ReportCell, ReportColumn, ReportTable, labelled};
use crate::report::terminal::wrapped;
use crate::stress::capacity::{SWING_ALLOWED, Yardstick, swing};
use crate::stress::suite::{CaseEnding, FinishedCase, SuiteResults};
use crate::stress::{StressResults, Timing};

use super::suite_json::{MAIN, SCHEMA};
use super::suite_words::{INVALID, MISSED, verdict};

/// An earlier run of the suite, as far as it is compared.
#[derive(Debug, Deserialize)]
pub struct EarlierSuite {
    yardstick: Option<Yardstick>,
    cases: Vec<EarlierCase>,
}

#[derive(Debug, Deserialize)]
struct EarlierCase {
    name: String,
    verdict: String,
    #[serde(default)]
    timings: Json,
}

/// An earlier run of the suite and this one.
pub struct SuiteComparison {
    /// By what part of the largest the bare wheels of both differ; `None` if one was not measured.
    swing: Option<f64>,
    cases: Vec<CaseComparison>,
}

struct CaseComparison {
    name: &'static str,
    verdicts: [String; 2],
    /// Seconds; of deadlines 99 % were not later.
    lateness: [Option<f64>; 2],
    change: CaseChange,
}

/// What to make of two verdicts on a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CaseChange {
    /// Both are the same.
    Same,
    /// It was missed and is met.
    Better,
    /// It was met and is missed.
    Worse,
    /// They differ, but so did the machines, or one of them says nothing.
    Unclear,
}

impl EarlierSuite {
    /// Reads what an earlier run left in its folder.
    ///
    /// # Errors
    ///
    /// There is none, or it cannot be read.
    pub fn read(folder: &Path) -> Result<Self, String> {
        json_file::read(&folder.join(MAIN), SCHEMA)
    }
}

impl SuiteComparison {
    /// Compares the cases that both have.
    pub fn of(then: &EarlierSuite, now: &SuiteResults) -> Self {
        let yardsticks = then.yardstick.map(|yardstick| [yardstick, now.yardstick]);
        let swing = yardsticks.map(|both| swing(&both));
        let cases = now.done.iter().filter_map(|done| {
            let earlier = then.cases.iter().find(|case| case.name == done.case.name)?;
            let verdicts = [earlier.verdict.clone(), verdict(done).to_owned()];
            let late = &earlier.timings[Timing::DeadlineLateness.name()]["p99"];
            let change = CaseChange::of(&verdicts, swing);
            let lateness = [late.as_f64(), lateness_of(done)];
            Some(CaseComparison { name: done.case.name, verdicts, lateness, change })
        });
        Self { swing, cases: cases.collect() }
    }

    /// The cases that are worse, surely.
    pub fn worse(&self) -> Vec<&'static str> {
        let worse = self.cases.iter().filter(|case| case.change == CaseChange::Worse);
        worse.map(|case| case.name).collect()
    }

    /// For a terminal of 80 columns.
    pub fn text(&self) -> String {
        let columns = [
            ReportColumn::new("Against the earlier").left(20),
            ReportColumn::new("then").right(10),
            ReportColumn::new("now").right(10),
            ReportColumn::new("99 % late then").right(15),
            ReportColumn::new("99 % late now").right(15),
            ReportColumn::new("").left(8).behind(2),
        ];
        let mut table = ReportTable::of("", columns);
        for CaseComparison { name, verdicts, lateness, change } in &self.cases {
            let verdicts = verdicts.iter().map(|verdict| ReportCell::text(verdict.clone()));
            let late = |seconds: f64| fine((seconds * 1e9) as u64);
            let lateness = lateness.map(|it| ReportCell::text(it.map_or_else(nothing, late)));
            let cells = verdicts.chain(lateness).chain([change.name().into()]);
            table.push(None, labelled(*name, cells));
        }
        let machine = match self.swing {
            Some(swing) => format!(
                "The bare wheels of both swing by {}. A case is better or worse only if they swing by \
                 15 % at most.",
                percent(swing)
            ),
            None => {
                "The earlier suite has no yardstick of its machine, so nothing is sure.".to_owned()
            }
        };
        format!("{}{}\n", table.text(), wrapped(&machine, 2))
    }
}

impl CaseChange {
    fn of([then, now]: &[String; 2], swing: Option<f64>) -> Self {
        let is_sure = swing.is_some_and(|swing| swing <= SWING_ALLOWED);
        match (then.as_str(), now.as_str()) {
            (then, now) if then == now => Self::Same,
            (INVALID, _) | (_, INVALID) => Self::Unclear,
            _ if !is_sure => Self::Unclear,
            (_, MISSED) => Self::Worse,
            _ => Self::Better,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Better => "better",
            Self::Worse => "WORSE",
            Self::Unclear => "unclear",
        }
    }
}

fn lateness_of(done: &FinishedCase) -> Option<f64> {
    let late = |results: &StressResults| {
        let timed = results.timing(Timing::DeadlineLateness);
        (!timed.all().is_empty()).then(|| timed.at_least(0.99) as f64 / 1e9)
    };
    match &done.ending {
        CaseEnding::Run(results) => late(results),
        CaseEnding::Races(_) | CaseEnding::NoCapacity => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_worse_only_if_the_machine_was_the_same() {
        let change = |then: &str, now: &str, swing| {
            CaseChange::of(&[then.to_owned(), now.to_owned()], swing)
        };
        assert_eq!(change("met", MISSED, Some(0.1)), CaseChange::Worse);
        assert_eq!(change(MISSED, "met", Some(0.1)), CaseChange::Better);
        assert_eq!(change("met", MISSED, Some(0.2)), CaseChange::Unclear);
        assert_eq!(change("met", MISSED, None), CaseChange::Unclear);
        assert_eq!(change("met", INVALID, Some(0.0)), CaseChange::Unclear);
        assert_eq!(change(MISSED, MISSED, None), CaseChange::Same);
    }
}
