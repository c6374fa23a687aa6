//! `shiftstorm new`: the first scenario of somebody who has tables, or a few numbers.

use std::fs;
use std::io::{self, BufRead, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::base::time::Span;
use crate::scenario::draft::known_values::{self, KnownValues, QUESTIONS, WorkingHours};
use crate::scenario::draft::{Draft, DraftRefusal, DraftRequest, DraftTable, draft};
use crate::scenario::{self, ScenarioFolder, Source, limits};
use crate::tables::{DateOrder, DecimalMark, TableOptions};

use super::output::Output;
use super::search::{save, try_path};
use super::stop::{Exit, Stop};

/// Write a first scenario, from tables or from a few numbers, with a mark at each guess.
#[derive(Args)]
pub(super) struct NewCommand {
    /// Scenario file to write; if left out, the name of the first table with `.toml`, or `centre.toml`.
    file: Option<PathBuf>,
    /// CSV file or workbook with volumes, staffing, a roster or single contacts; may be given several times.
    #[arg(long, value_name = "TABLE")]
    from: Vec<PathBuf>,
    /// Order of day and month in the tables, where digits do not tell.
    #[arg(long, value_enum)]
    dates: Option<DatesWritten>,
    /// What stands before decimals in the tables, where they do not tell.
    #[arg(long, value_enum)]
    decimal: Option<DecimalWritten>,
    /// Contacts an hour.
    #[arg(long, value_name = "NUMBER", value_parser = known_values::contacts)]
    contacts: Option<f64>,
    /// Agents at work at the same time.
    #[arg(long, value_name = "NUMBER", value_parser = known_values::agents)]
    agents: Option<u32>,
    /// From when to when contacts come and are answered: 09:00-17:00.
    #[arg(long, value_name = "FROM-TO", value_parser = known_values::hours)]
    hours: Option<WorkingHours>,
    /// Conversations that an agent may have at a time.
    #[arg(long, value_name = "NUMBER", value_parser = known_values::concurrency)]
    concurrency: Option<u32>,
    /// Mean work on one reply: 60s.
    #[arg(long, value_name = "TIME", value_parser = known_values::length)]
    reply_time: Option<Span>,
    /// Mean number of messages that a consumer writes in a conversation.
    #[arg(long, value_name = "NUMBER", value_parser = known_values::messages)]
    messages: Option<f64>,
    /// Mean time after which a consumer without an answer leaves: 10m.
    #[arg(long, value_name = "TIME", value_parser = known_values::length)]
    patience: Option<Span>,
    /// Time within which an answer is in time: 2m.
    #[arg(long, value_name = "TIME", value_parser = known_values::length)]
    within: Option<Span>,
    /// Replace a file that is there.
    #[arg(long)]
    force: bool,
}

/// How dates with slashes are written.
#[derive(Clone, Copy, ValueEnum)]
enum DatesWritten {
    /// 02/03/2026 is the second of March.
    Dmy,
    /// 02/03/2026 is the third of February.
    Mdy,
}

/// What stands before decimals.
#[derive(Clone, Copy, ValueEnum)]
enum DecimalWritten {
    /// 1.250,5
    Comma,
    /// 1,250.5
    Point,
}

impl NewCommand {
    pub(super) fn execute(self, output: &mut Output) -> Result<(), Stop> {
        let path = self.path();
        if path.exists() && !self.force {
            let message =
                format!("`{}` is there already; name another file, or use --force", path.display());
            return Err(Stop::new(Exit::Io, message));
        }
        try_path(&output.storage, Some(&path))?;
        let known = self.known();
        let stdin = io::stdin();
        let may_ask = self.from.is_empty() && stdin.is_terminal() && io::stderr().is_terminal();
        let known = match may_ask && known == KnownValues::default() {
            true => ask(&mut stdin.lock(), &mut io::stderr().lock())
                .map_err(|error| Stop::new(Exit::Io, format!("cannot ask: {error}")))?,
            false => known,
        };
        let request = DraftRequest {
            name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            file: path.display().to_string(),
            tables: self.tables(&path)?,
            options: self.options(),
            known,
        };
        let made = draft(&request).map_err(refused)?;
        let warnings = checked(&path, &made)?;
        save(&output.storage, &path, |file| file.write_all(made.text.as_bytes()))?;
        output.text(&told(&path, &made, warnings));
        Ok(())
    }

    fn path(&self) -> PathBuf {
        let beside = || self.from.first().map(|table| table.with_extension("toml"));
        self.file.clone().or_else(beside).unwrap_or_else(|| PathBuf::from("centre.toml"))
    }

    fn known(&self) -> KnownValues {
        let &Self { contacts, agents, hours, concurrency, .. } = self;
        let &Self { reply_time, messages, patience, within, .. } = self;
        KnownValues { contacts, agents, hours, concurrency, reply_time, messages, patience, within }
    }

    fn options(&self) -> TableOptions {
        let dates = self.dates.map(|dates| match dates {
            DatesWritten::Dmy => DateOrder::DayFirst,
            DatesWritten::Mdy => DateOrder::MonthFirst,
        });
        let decimal = self.decimal.map(|decimal| match decimal {
            DecimalWritten::Comma => DecimalMark::Comma,
            DecimalWritten::Point => DecimalMark::Point,
        });
        TableOptions { dates, decimal, ..TableOptions::default() }
    }

    /// The tables by their names from the folder of the scenario.
    fn tables(&self, path: &Path) -> Result<Vec<DraftTable>, Stop> {
        let folder = folder_of(path);
        let unreadable = |path: &Path, error: io::Error| {
            Stop::new(Exit::BadInput, format!("cannot read `{}`: {error}", path.display()))
        };
        let canonical = folder.canonicalize().map_err(|error| unreadable(&folder, error))?;
        let table = |from: &PathBuf| {
            let whole = from.canonicalize().map_err(|error| unreadable(from, error))?;
            let Ok(name) = whole.strip_prefix(&canonical) else {
                let message = format!(
                    "`{}` does not lie below the folder of `{}`, and a scenario reads no other; write the scenario beside it",
                    from.display(),
                    path.display()
                );
                return Err(Stop::new(Exit::BadInput, message));
            };
            let bytes = bytes_of(&whole).map_err(|error| unreadable(from, error))?;
            Ok(DraftTable { name: name.to_string_lossy().replace('\\', "/"), bytes })
        };
        self.from.iter().map(table).collect()
    }
}

fn folder_of(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or_else(|| Path::new(".")).to_owned()
}

fn bytes_of(path: &Path) -> io::Result<Vec<u8>> {
    let facts = path.metadata()?;
    // Before opening: a pipe would wait for its writer.
    if !facts.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    if facts.len() > limits::SHEET_BYTES as u64 {
        let most = limits::SHEET_BYTES >> 20;
        return Err(io::Error::other(format!("it is larger than {most} MiB")));
    }
    fs::read(path)
}

/// Asks for each value; an empty answer, or the end of all answers, leaves it to a guess.
fn ask(answers: &mut impl BufRead, to: &mut impl Write) -> io::Result<KnownValues> {
    let mut known = KnownValues::default();
    writeln!(to, "An empty answer is a guess, which the scenario says.")?;
    for question in &QUESTIONS {
        loop {
            write!(to, "{} (such as {}) ", question.text, question.example)?;
            to.flush()?;
            let mut answer = String::new();
            if answers.read_line(&mut answer)? == 0 {
                writeln!(to)?;
                return Ok(known);
            }
            let answer = answer.trim();
            if answer.is_empty() {
                break;
            }
            match (question.take)(&mut known, answer) {
                Ok(()) => break,
                Err(wrong) => writeln!(to, "  {wrong}")?,
            }
        }
    }
    Ok(known)
}

fn refused(refusal: DraftRefusal) -> Stop {
    match refusal {
        DraftRefusal::Unsound(findings) => {
            let message = "a table is not understood; nothing was written\n  what its digits leave open, --dates and --decimal say";
            Stop { findings, ..Stop::new(Exit::BadInput, message) }
        }
        DraftRefusal::NothingKnown(tables) => {
            let message = format!(
                "no table has volumes, staffing, a roster or contacts; nothing was written\n  {}",
                tables.join("\n  ")
            );
            Stop::new(Exit::BadInput, message)
        }
    }
}

/// Reads the scenario as `check` would; how many warnings it has.
fn checked(path: &Path, made: &Draft) -> Result<usize, Stop> {
    let source = Source { name: path.display().to_string(), text: made.text.clone() };
    let files = ScenarioFolder { path: folder_of(path), allow_outside: false };
    match scenario::parse(source, files) {
        Ok(scenario) => Ok(scenario.warnings.len()),
        Err(findings) => {
            let message = "the tables do not go together; nothing was written";
            Err(Stop { findings, ..Stop::new(Exit::BadInput, message) })
        }
    }
}

/// What was made of what.
fn told(path: &Path, made: &Draft, warnings: usize) -> String {
    let Draft { text, understood, left_out } = made;
    let mut lines = understood.clone();
    if !left_out.is_empty() {
        lines.push("Left out:".to_owned());
        lines.extend(left_out.iter().map(|line| format!("  {line}")));
    }
    let path = path.display();
    let guesses = text.lines().filter(|line| line.starts_with("# GUESS")).count();
    let noun = if guesses == 1 { "guess" } else { "guesses" };
    lines.push(format!("{path}: written, with {guesses} {noun}; each says what to measure."));
    let warned = match warnings {
        0 => String::new(),
        1 => ", which has 1 warning".to_owned(),
        count => format!(", which has {count} warnings"),
    };
    lines.push(format!("Next: shiftstorm check {path}{warned}"));
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_answer_is_asked_again_and_an_empty_one_is_a_guess() {
        let mut said = Vec::new();
        let known = ask(&mut "x\n90\n\n8:00-12:00\n".as_bytes(), &mut said).unwrap();
        let hours = WorkingHours { start: Span::from_hours(8), end: Span::from_hours(12) };
        let expected =
            KnownValues { contacts: Some(90.0), hours: Some(hours), ..KnownValues::default() };
        assert_eq!(known, expected);
        let said = String::from_utf8(said).unwrap();
        assert!(said.contains("`x` is no number of contacts an hour"), "{said}");
        assert_eq!(said.matches("Contacts an hour?").count(), 2, "{said}");
    }
}
