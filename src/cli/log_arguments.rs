//! Logs of messages as commands read them: how they are written, what is known beside, bad rows.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{Args, ValueEnum};

use crate::base::calendar::Calendar;
use crate::fitting::ObservedAgents;
use crate::log::form::{AGENTS, MESSAGES, PRESENCE, ROSTER};
use crate::log::{
    AgentFile, AgentRow, LogColumn, LogFinding, LogInput, LogOptions, LogRead, LogReader,
    LogVocabulary, RowTaker, RowTally, SortSpace, read_in_order,
};
use crate::report::folder::ReportFolder;
use crate::scenario::nearest;
use crate::tables::{DateOrder, NamedColumn};

use super::output::complain;
use super::select;
use super::session::Session;
use super::stop::{Exit, Stop};

/// How a log is written, and what is known beside.
#[derive(Args)]
pub(super) struct LogArguments {
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
    pub(super) time_zone: Option<String>,
    /// States of agents: agent, time, state [default: presence.csv in the folder].
    #[arg(long, value_name = "FILE")]
    presence: Option<PathBuf>,
    /// Who works there: agent, team, skills, slots [default: agents.csv in the folder].
    #[arg(long, value_name = "FILE")]
    agents: Option<PathBuf>,
    /// Share of rows that may be left out because they are not understood.
    #[arg(long, value_name = "PERCENT", default_value = "0.1%", value_parser = select::share)]
    allow_bad_rows: f64,
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
pub(super) struct ReadProgress {
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
pub(super) fn input(path: &Path, progress: Option<&ReadProgress>) -> LogInput {
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

pub(super) fn refused(finding: &LogFinding) -> Stop {
    Stop::new(Exit::BadInput, finding.to_string())
}

/// Where what is known beside a log stands.
struct BesideLog<'a> {
    logs: &'a [PathBuf],
    roster: Option<&'a PathBuf>,
}

/// A log before its rows are read.
pub(super) struct LogFiles {
    options: LogOptions,
    inputs: Vec<LogInput>,
    /// Names in the files beside it.
    pub(super) vocabulary: LogVocabulary,
    /// Rows of the files beside it.
    beside: RowTally,
    progress: ReadProgress,
    allowed_bad_share: f64,
    /// What is known of agents.
    pub(super) known: KnownAgents,
}

impl LogArguments {
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

    /// The files of a log, or of several that are one.
    pub(super) fn files(
        &self,
        logs: &[PathBuf],
        roster: Option<&PathBuf>,
        session: &Rc<Session>,
    ) -> Result<LogFiles, Stop> {
        let options = self.options()?;
        let paths = Vec::from_iter(logs.iter().map(|path| match path.is_dir() {
            true => path.join(MESSAGES),
            false => path.clone(),
        }));
        let all = paths.iter().filter_map(|path| path.metadata().ok()).map(|it| it.len()).sum();
        let (read, stop) = (Rc::default(), Arc::clone(&session.stop));
        let progress = ReadProgress { read, all, stop, session: Rc::clone(session) };
        let (mut vocabulary, mut beside) = (LogVocabulary::default(), RowTally::default());
        let named = BesideLog { logs, roster };
        let known = self.known_agents(&named, &options, &mut vocabulary, &mut beside)?;
        let inputs = Vec::from_iter(paths.iter().map(|path| input(path, Some(&progress))));
        let allowed_bad_share = self.allow_bad_rows;
        Ok(LogFiles { options, inputs, vocabulary, beside, progress, allowed_bad_share, known })
    }

    /// What is known of agents beside the log.
    fn known_agents(
        &self,
        BesideLog { logs, roster }: &BesideLog<'_>,
        options: &LogOptions,
        vocabulary: &mut LogVocabulary,
        tally: &mut RowTally,
    ) -> Result<KnownAgents, Stop> {
        let beside = |given: &Option<PathBuf>, name: &str| {
            let in_folder = logs.iter().filter(|path| path.is_dir());
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
        if let Some(path) = beside(&roster.cloned(), ROSTER) {
            let input = input(&path, None);
            let shifts = AgentFile { input: &input, options }.shifts(vocabulary, tally);
            known.observed.shifts = shifts.map_err(|finding| refused(&finding))?;
        }
        Ok(known)
    }
}

impl LogFiles {
    /// Finds out how they are written.
    pub(super) fn readers(&self) -> Result<Vec<LogReader<'_>>, Stop> {
        let readers = self.inputs.iter().map(|input| LogReader::open(input, &self.options));
        readers.collect::<Result<_, _>>().map_err(|finding| refused(&finding))
    }

    /// Hands out their rows in order; too many that are not understood are refused.
    pub(super) fn read(
        &self,
        readers: &[LogReader<'_>],
        folder: &ReportFolder,
        taker: &mut dyn RowTaker,
    ) -> Result<LogRead, Stop> {
        let ReadProgress { read, session, .. } = &self.progress;
        read.set(0);
        session.begin("");
        let storage = folder.storage();
        let space = SortSpace { storage, folder: folder.unfinished(), rows: SORTED_ROWS };
        let taken = read_in_order(readers, &self.vocabulary, &space, taker);
        session.end();
        let mut taken = taken.map_err(|finding| match session.stop.load(Ordering::Relaxed) {
            true => Stop::new(Exit::Interrupted, "interrupted; the log was not read to its end"),
            false => refused(&finding),
        })?;
        taken.tally.add(self.beside.clone());
        self.refuse_bad_rows(&taken.tally)?;
        Ok(taken)
    }

    fn refuse_bad_rows(&self, tally: &RowTally) -> Result<(), Stop> {
        for finding in &tally.first_bad {
            complain(&format!("warning: {finding}"));
        }
        if !tally.has_more_bad_than(self.allowed_bad_share) {
            return Ok(());
        }
        let share = tally.bad as f64 / tally.rows.max(1) as f64;
        let message = format!(
            "{} of {} rows are not understood, {:.2} %; nothing was done (--allow-bad-rows {:.2}% takes the rest)",
            tally.bad,
            tally.rows,
            share * 100.0,
            libm::ceil(share * 10_000.0) / 100.0
        );
        Err(Stop::new(Exit::BadInput, message))
    }
}

/// Rows that are sorted at once.
const SORTED_ROWS: usize = 1 << 20;

/// What is known of agents beside a log.
#[derive(Default)]
pub(super) struct KnownAgents {
    pub(super) observed: ObservedAgents,
    pub(super) rows: Vec<AgentRow>,
    /// Names of teams.
    pub(super) teams: Vec<String>,
}
