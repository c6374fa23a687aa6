//! `shiftstorm stress --suite`.

use std::path::PathBuf;

use crate::report::folder::ReportFolder;
use crate::report::stress::suite::{
    EarlierSuite, NAME, SUITE, SuiteComparison, json, summary, write,
};
use crate::report::stress::suites;
use crate::stress::suite::{
    CASES, FinishedCase, SuiteCase, SuiteHalt, SuiteProgress, SuiteResults, SuiteRun,
};

use super::super::output::{Output, complain};
use super::failures::{failed, interrupted};
use super::options::{PrintedResult, StressCommand};
use crate::cli::signals;
use crate::cli::stop::{Exit, Stop};

impl StressCommand {
    pub(super) fn run_suite(&self, output: &mut Output) -> Result<(), Stop> {
        let path = self.out.clone().unwrap_or_else(|| PathBuf::from("out/stress-suite"));
        let folder = self.take(&SUITE, &path, NAME, &output.storage)?;
        let earlier = self.against.as_deref().map(|path| {
            EarlierSuite::read(path).map_err(|message| Stop::new(Exit::BadInput, message))
        });
        let earlier = earlier.transpose()?;
        let chosen = |case: &&SuiteCase| {
            let wanted = &self.choice.case;
            wanted.is_empty() || wanted.iter().any(|wanted| wanted.name == case.name)
        };
        let cases = Vec::from_iter(CASES.iter().filter(chosen));
        let suite = SuiteRun { shards: self.shards, length: self.length };
        let stop = signals::stop_on_signal(complain);
        let live = self.live(NAME)?;
        let mut place = String::new();
        let mut number = 0;
        let results = suite.run(&cases, &stop, |news| match news {
            SuiteProgress::Case(case) => {
                number += 1;
                place = format!("case {number} of {}, {}", cases.len(), case.name);
                live.say(&format!("{}: {}", case.name, case.about));
            }
            SuiteProgress::Run("", settings) => live.begin(place.clone(), settings),
            SuiteProgress::Run(what, settings) => live.begin(format!("{place}: {what}"), settings),
            SuiteProgress::Snapshot(snapshot) => live.snapshot(snapshot),
        });
        drop(live);
        let results = results.map_err(halted)?;
        if results.done.is_empty() {
            let message = "interrupted before a case was over; there is nothing to report";
            return Err(Stop::new(Exit::Interrupted, message));
        }
        let compared = earlier.map(|earlier| SuiteComparison::of(&earlier, &results));
        let printed = PrintedResult {
            summary: &summary(&results, compared.as_ref()),
            json: &|text: &mut Vec<u8>| json(&results, text),
        };
        let is_interrupted = !results.left.is_empty();
        let write = |folder: &ReportFolder| write(&results, compared.as_ref(), folder);
        let is_written = self.finish(&folder, is_interrupted, &printed, write, output)?;
        self.save_cases(&output.storage, NAME, &suites(&results))?;
        if is_interrupted {
            return Err(interrupted(&path, is_written, "the cases that were over"));
        }
        verdict(&results)?;
        let worse = compared.map(|compared| compared.worse().join(", ")).unwrap_or_default();
        match worse.as_str() {
            "" => Ok(()),
            worse => Err(Stop::new(Exit::Threshold, format!("worse than before: {worse}"))),
        }
    }
}

fn halted(halt: SuiteHalt) -> Stop {
    match halt {
        SuiteHalt::Failed(failure) => failed(&failure),
        SuiteHalt::Broken(broken) => Stop::new(
            Exit::Bug,
            format!("a bug in Shiftstorm: in the order {:?}: {}", broken.order, broken.found),
        ),
        SuiteHalt::Unreadable(findings) => Stop::new(
            Exit::Bug,
            format!("a bug in Shiftstorm: a scenario of the suite: {findings}"),
        ),
    }
}

/// Of invalid cases nothing is known, so they come first.
fn verdict(results: &SuiteResults) -> Result<(), Stop> {
    let names = |is: fn(&FinishedCase) -> bool| {
        let names = results.done.iter().filter(|done| is(done)).map(|done| done.case.name);
        Vec::from_iter(names).join(", ")
    };
    let invalid = names(|done| !done.is_valid());
    if !invalid.is_empty() {
        let message = format!("invalid, the load generator was late itself: {invalid}");
        return Err(Stop::new(Exit::Invalid, message));
    }
    let missed = names(|done| !done.missed().is_empty());
    if missed.is_empty() {
        return Ok(());
    }
    Err(Stop::new(Exit::Threshold, format!("thresholds missed: {missed}")))
}
