//! `shiftstorm fit`.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{Args, ValueEnum};

use crate::base::calendar::Calendar;
use crate::fitting::{ArrivalEstimates, LogEstimates, LogObserver, ObservedAgents};
use crate::log::form::{AGENTS, MESSAGES, PRESENCE, ROSTER};
use crate::log::{
    AgentFile, AgentRow, LogColumn, LogFinding, LogInput, LogOptions, LogReader, LogVocabulary,
    RowTally, SortSpace, read_counts, read_in_order,
};
use crate::report::fitted::{
    FIT_LAYOUT, FittedCounts, FittedLog, LogFile, counts_summary, findings,
};
use crate::report::folder::{self, FolderRequest, ReportFolder};
use crate::report::terminal::wrapped;
use crate::scenario::nearest;
use crate::tables::{DateOrder, NamedColumn};

use super::output::{Output, complain};
use super::select;
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
    /// Heading of a column with another name, such as time=Sent; without a heading there is no such
    /// column. May be given several times.
    #[arg(long, value_name = "COLUMN=HEADING", value_parser = column)]
    column: Vec<NamedColumn>,
    /// What a word of the log means, such as Kunde=consumer; may be given several times.
    #[arg(long, value_name = "THEIRS=OURS", value_parser = word)]
    word: Vec<NamedColumn>,
    /// Which comes first in dates such as 02/03/2026: day or month.
    #[arg(long, value_name = "ORDER")]
    dates: Option<WrittenDates>,
    /// Time zone of the log's clock times, in which days are counted, such as Europe/Berlin.
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// States of agents: agent, time, state [default: presence.csv in the folder].
    #[arg(long, value_name = "FILE")]
    presence: Option<PathBuf>,
    /// Planned shifts: agent, start, end [default: roster.csv in the folder].
    #[arg(long, value_name = "FILE")]
    roster: Option<PathBuf>,
    /// Who works there: agent, team, skills, slots [default: agents.csv in the folder].
    #[arg(long, value_name = "FILE")]
    agents: Option<PathBuf>,
    /// Share of rows that may be left out because they are not understood.
    #[arg(long, value_name = "PERCENT", default_value = "0.1%", value_parser = select::share)]
    allow_bad_rows: f64,
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

#[derive(Clone, Copy, ValueEnum)]
enum WrittenDates {
    /// Day first.
    Dmy,
    /// Month first.
    Mdy,
}

/// `time=Sent`.
fn column(text: &str) -> Result<NamedColumn, String> {
    let (meaning, heading) = text.split_once('=').ok_or("expected COLUMN=HEADING")?;
    if LogColumn::of_word(meaning).is_none() {
        let words = Vec::from_iter(LogColumn::words());
        let near = nearest(meaning, words.iter().copied());
        let meant = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        return Err(format!("`{meaning}` is none of {}{meant}", words.join(", ")));
    }
    Ok(NamedColumn { meaning: meaning.to_owned(), heading: heading.to_owned() })
}

/// `Kunde=consumer`.
fn word(text: &str) -> Result<NamedColumn, String> {
    let (theirs, ours) = text.split_once('=').ok_or("expected THEIRS=OURS")?;
    Ok(NamedColumn { meaning: ours.to_owned(), heading: theirs.to_owned() })
}

/// How far reading has come, and whether to stop.
#[derive(Clone)]
struct ReadProgress {
    read: Rc<Cell<u64>>,
    all: u64,
    stop: Arc<AtomicBool>,
    session: Rc<Session>,
}

/// Counts what is read.
struct CountedRead<R> {
    input: R,
    progress: ReadProgress,
}

impl<R: Read> Read for CountedRead<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.progress.stop.load(Ordering::Relaxed) {
            return Err(io::Error::other(STOPPED));
        }
        let count = self.input.read(buffer)?;
        let read = self.progress.read.get() + count as u64;
        self.progress.read.set(read);
        self.progress.session.progress((read as f64 / self.progress.all.max(1) as f64).min(1.0));
        Ok(count)
    }
}

const STOPPED: &str = "stopped by the user";

/// A file as the log floor reads it.
fn input(path: &Path, progress: Option<&ReadProgress>) -> LogInput {
    let (from, progress) = (path.to_owned(), progress.cloned());
    let open = move || -> io::Result<Box<dyn Read>> {
        let file = File::open(&from)?;
        Ok(match &progress {
            None => Box::new(file),
            Some(progress) => Box::new(CountedRead { input: file, progress: progress.clone() }),
        })
    };
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into());
    LogInput { name, open: Box::new(open) }
}

fn refused(finding: &LogFinding) -> Stop {
    Stop::new(Exit::BadInput, finding.to_string())
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

    fn options(&self) -> Result<LogOptions, Stop> {
        let zone = match &self.time_zone {
            None => None,
            Some(name) => Some(Calendar::zone(name).ok_or_else(|| {
                let zones = Calendar::zones();
                let near = nearest(name, zones.iter().map(String::as_str));
                let meant = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                Stop::new(Exit::Usage, format!("there is no time zone `{name}`{meant}"))
            })?),
        };
        let dates = self.dates.map(|dates| match dates {
            WrittenDates::Dmy => DateOrder::DayFirst,
            WrittenDates::Mdy => DateOrder::MonthFirst,
        });
        let (columns, words) = (self.column.clone(), self.word.clone());
        Ok(LogOptions { columns, words, dates, zone })
    }

    fn fit_logs(&self, output: &mut Output) -> Result<(), Stop> {
        let options = self.options()?;
        let logs = Vec::from_iter(self.logs.iter().map(|path| match path.is_dir() {
            true => path.join(MESSAGES),
            false => path.clone(),
        }));
        let Some(first) = self.logs.first() else { return Ok(()) };
        let (folder, name) = self.folder(first, output)?;
        let session = Rc::new(Session::new(Some(1), self.quiet));
        let all = logs.iter().filter_map(|path| path.metadata().ok()).map(|it| it.len()).sum();
        let (read, stop) = (Rc::default(), Arc::clone(&session.stop));
        let progress = ReadProgress { read, all, stop, session: Rc::clone(&session) };
        let mut vocabulary = LogVocabulary::default();
        let mut beside = RowTally::default();
        let known = self.known_agents(&options, &mut vocabulary, &mut beside)?;
        let inputs = Vec::from_iter(logs.iter().map(|path| input(path, Some(&progress))));
        let readers = inputs.iter().map(|input| LogReader::open(input, &options));
        let readers = readers.collect::<Result<Vec<_>, _>>().map_err(|it| refused(&it))?;
        progress.read.set(0);
        session.begin("");
        let tick = readers.iter().map(LogReader::tick).max().unwrap_or_default();
        let mut observer = LogObserver::new(&known.observed, tick);
        let storage = folder.storage();
        let space = SortSpace { storage, folder: folder.unfinished(), rows: SORTED_ROWS };
        let read = read_in_order(&readers, &vocabulary, &space, &mut observer);
        session.end();
        let mut read = read.map_err(|finding| match session.stop.load(Ordering::Relaxed) {
            true => Stop::new(Exit::Interrupted, "interrupted; nothing was fitted"),
            false => refused(&finding),
        })?;
        read.tally.add(beside);
        self.refuse_bad_rows(&read.tally)?;
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
            zone: self.time_zone.as_deref(),
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

    fn refuse_bad_rows(&self, tally: &RowTally) -> Result<(), Stop> {
        for finding in &tally.first_bad {
            complain(&format!("warning: {finding}"));
        }
        if !tally.has_more_bad_than(self.allow_bad_rows) {
            return Ok(());
        }
        let share = tally.bad as f64 / tally.rows.max(1) as f64;
        let message = format!(
            "{} of {} rows are not understood, {:.2} %; nothing was fitted (--allow-bad-rows {:.2}% takes the rest)",
            tally.bad,
            tally.rows,
            share * 100.0,
            libm::ceil(share * 10_000.0) / 100.0
        );
        Err(Stop::new(Exit::BadInput, message))
    }

    /// What is known of agents beside the log.
    fn known_agents(
        &self,
        options: &LogOptions,
        vocabulary: &mut LogVocabulary,
        tally: &mut RowTally,
    ) -> Result<KnownAgents, Stop> {
        let beside = |given: &Option<PathBuf>, name: &str| {
            let in_folder = self.logs.iter().filter(|path| path.is_dir());
            let mut in_folder = in_folder.map(|path| path.join(name)).filter(|path| path.exists());
            given.clone().or_else(|| in_folder.next())
        };
        let mut known = KnownAgents::default();
        if let Some(path) = beside(&self.agents, AGENTS) {
            let input = input(&path, None);
            let rows = AgentFile { input: &input, options }.agents(vocabulary, tally);
            known.rows = rows.map_err(|finding| refused(&finding))?;
        }
        for row in &known.rows {
            let position = known.teams.iter().position(|team| *team == row.team);
            let team = position.unwrap_or_else(|| {
                known.teams.push(row.team.clone());
                known.teams.len() - 1
            });
            known.observed.teams.insert(row.agent, team);
        }
        if let Some(path) = beside(&self.presence, PRESENCE) {
            let input = input(&path, None);
            let log = AgentFile { input: &input, options }.presence(vocabulary, tally);
            known.observed.presence = log.map_err(|finding| refused(&finding))?;
        }
        if let Some(path) = beside(&self.roster, ROSTER) {
            let input = input(&path, None);
            let shifts = AgentFile { input: &input, options }.shifts(vocabulary, tally);
            known.observed.shifts = shifts.map_err(|finding| refused(&finding))?;
        }
        Ok(known)
    }
}

/// Rows that are sorted at once.
const SORTED_ROWS: usize = 1 << 20;

#[derive(Default)]
struct KnownAgents {
    observed: ObservedAgents,
    rows: Vec<AgentRow>,
    teams: Vec<String>,
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
