//! `shiftstorm fit`.

use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use clap::Args;

use crate::fitting::{ArrivalEstimates, LogEstimates, LogObserver};
use crate::log::{LogReader, read_counts};
use crate::report::fitted::{
    FIT_LAYOUT, FittedCounts, FittedLog, LogFile, counts_summary, findings,
};
use crate::report::folder::{self, FolderRequest, ReportFolder};
use crate::report::terminal::wrapped;

use super::log_arguments::{LogArguments, input, refused};
use super::output::Output;
use super::session::Session;
use super::stop::{Exit, Stop};

/// Estimate arrivals, messages, work, patience, interruptions and timeouts from a log of messages, and
/// write a scenario to go on with.
#[derive(Args)]
pub(super) struct FitCommand {
    /// Logs of messages or lists of contacts as CSV, or a folder that `record` has written.
    #[arg(value_name = "LOG", required_unless_present = "counts")]
    logs: Vec<PathBuf>,
    /// Instead: a table of counts, a row a day and a column an interval; only arrivals are estimated.
    #[arg(long, value_name = "TABLE", conflicts_with = "logs")]
    counts: Option<PathBuf>,
    /// Folder to write to [default: out/NAME-OF-THE-LOG-fit].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    reading: LogArguments,
    /// Planned shifts: agent, start, end [default: roster.csv in the folder].
    #[arg(long, value_name = "FILE")]
    roster: Option<PathBuf>,
    /// The log holds some of the conversations only: no arrival rates.
    #[arg(long)]
    sample: bool,
    /// Write into a folder that holds something else; only what a fit is made of is replaced.
    #[arg(long)]
    force: bool,
    /// Print nothing but errors.
    #[arg(short, long)]
    quiet: bool,
}

impl FitCommand {
    pub(super) fn execute(self, output: &mut Output) -> Result<(), Stop> {
        match &self.counts {
            Some(table) => self.fit_counts(table, output),
            None => self.fit_logs(output),
        }
    }

    fn folder(&self, log: &Path, output: &Output) -> Result<(ReportFolder, String), Stop> {
        let name = folder::name_for(log);
        let path =
            self.out.clone().unwrap_or_else(|| PathBuf::from("out").join(format!("{name}-fit")));
        let storage = output.storage.clone();
        let request = FolderRequest { path: &path, name: &name, force: self.force, storage };
        let taken = ReportFolder::take_for(&FIT_LAYOUT, &request);
        let taken = taken.map_err(|refusal| Stop::new(Exit::Io, refusal.to_string()))?;
        Ok((taken, name))
    }

    fn fit_counts(&self, table: &Path, output: &mut Output) -> Result<(), Stop> {
        let counts = read_counts(&input(table, None)).map_err(|finding| refused(&finding))?;
        let hours = counts.interval.as_secs_f64() / 3600.0;
        let arrivals = ArrivalEstimates::of_counts(&counts.days, hours);
        let (folder, name) = self.folder(table, output)?;
        let fitted = FittedCounts { name: &name, arrivals: &arrivals, interval: counts.interval };
        fitted.write(&folder).map_err(|error| unwritable(&folder, &error))?;
        if !self.quiet {
            output.text(&format!(
                "{}\nFit: {}\n",
                counts_summary(&fitted),
                folder.path().display()
            ));
        }
        Ok(())
    }

    fn fit_logs(&self, output: &mut Output) -> Result<(), Stop> {
        let Some(first) = self.logs.first() else { return Ok(()) };
        let (folder, name) = self.folder(first, output)?;
        let session = Rc::new(Session::new(Some(1), self.quiet));
        let files = self.reading.files(&self.logs, self.roster.as_ref(), &session)?;
        let (readers, known) = (files.readers()?, &files.known);
        let tick = readers.iter().map(LogReader::tick).max().unwrap_or_default();
        let mut observer = LogObserver::new(&known.observed, tick);
        let read = files.read(&readers, &folder, &mut observer)?;
        let samples = observer.finish();
        let estimates = LogEstimates::of(&samples, read.vocabulary.agents.names());
        let fitted = FittedLog {
            name: &name,
            files: readers.iter().map(file).collect(),
            read: &read,
            agents: &known.observed,
            agent_rows: &known.rows,
            teams: &known.teams,
            is_sample: self.sample || estimates.looks_like_a_sample(),
            samples: &samples,
            estimates: &estimates,
            zone: self.reading.time_zone.as_deref(),
            tick,
        };
        fitted.write(&folder).map_err(|error| unwritable(&folder, &error))?;
        if !self.quiet {
            self.tell(&fitted, output);
            output.text(&format!("\nFit: {}\n", folder.path().display()));
        }
        Ok(())
    }

    fn tell(&self, fitted: &FittedLog<'_>, output: &mut Output) {
        for finding in findings(fitted) {
            let mark = if finding.is_known { "" } else { "not known. " };
            output.text(&wrapped(&format!("{}: {mark}{}", finding.topic, finding.text), 2));
            output.text("\n");
        }
    }
}

fn file(reader: &LogReader<'_>) -> LogFile {
    let used = reader.columns().used();
    let used = used.map(|(heading, column)| match heading.eq_ignore_ascii_case(column.word()) {
        true => heading.to_owned(),
        false => format!("{heading} as {}", column.word()),
    });
    let name = reader.name().to_owned();
    LogFile {
        name,
        used: used.collect(),
        unused: reader.columns().unused().map(str::to_owned).collect(),
    }
}

fn unwritable(folder: &ReportFolder, error: &io::Error) -> Stop {
    Stop::new(Exit::Io, format!("cannot write to `{}`: {error}", folder.path().display()))
}
