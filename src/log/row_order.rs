//! Rows in the order of time.
//!
//! Most logs are in that order, or nearly: those are read once, and no more is kept than an hour of them.
//! Others, such as those that are ordered by conversation, are read a second time and sorted on disk.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use crate::base::storage::Storage;
use crate::base::time::{Span, Time};

use super::log_finding::LogFinding;
use super::log_reader::LogReader;
use super::log_rows::{LogRow, LogVocabulary};
use super::row_bytes::{ROW_LENGTH, from_bytes, to_bytes};
use super::row_tally::RowTally;

/// Who takes the rows of a log.
pub trait RowTaker {
    /// All that was taken so far is void: the rows come again from the first.
    fn begin_again(&mut self);

    /// The next row in the order of time.
    fn take(&mut self, row: &LogRow);
}

/// Where rows may be put while they are sorted.
#[derive(Clone)]
pub struct SortSpace<'a> {
    /// Through what it is written.
    pub storage: &'a Storage,
    /// A folder of our own.
    pub folder: &'a Path,
    /// Rows that are sorted at once.
    pub rows: usize,
}

/// What was read.
#[derive(Clone, Debug, Default)]
pub struct LogRead {
    /// Names of skills and agents.
    pub vocabulary: LogVocabulary,
    /// Rows, good and bad.
    pub tally: RowTally,
    /// Whether they had to be sorted.
    pub was_sorted: bool,
}

/// Rows may be later than others by this and count as ordered.
const TOLERANCE: Span = Span::from_hours(1);

/// Why rows cannot be taken.
enum OrderTrouble {
    Finding(LogFinding),
    Io(io::Error),
    /// A row came too late.
    Late,
}

impl From<LogFinding> for OrderTrouble {
    fn from(finding: LogFinding) -> Self {
        Self::Finding(finding)
    }
}

impl From<io::Error> for OrderTrouble {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads several files as one log, and hands out its rows in the order of time, each once.
///
/// # Errors
///
/// A file cannot be read, or rows cannot be put on disk to be sorted.
pub fn read_in_order(
    readers: &[LogReader<'_>],
    vocabulary: &LogVocabulary,
    space: &SortSpace<'_>,
    taker: &mut dyn RowTaker,
) -> Result<LogRead, LogFinding> {
    let read = |sink: &mut dyn RowSink| -> Result<LogRead, OrderTrouble> {
        let vocabulary = vocabulary.clone();
        let mut read = LogRead { vocabulary, ..LogRead::default() };
        for reader in readers {
            let LogRead { vocabulary, tally, .. } = &mut read;
            reader.read(vocabulary, tally, &mut |row| sink.push(row))?;
        }
        read.tally.doubled = sink.finish()?;
        Ok(read)
    };
    let nearly = read(&mut NearlyOrdered::new(taker));
    let read = match nearly {
        Err(OrderTrouble::Late) => {
            taker.begin_again();
            let sorted = read(&mut SortedOnDisk::new(space, taker));
            sorted.map(|read| LogRead { was_sorted: true, ..read })
        }
        nearly => nearly,
    };
    read.map_err(|trouble| match trouble {
        OrderTrouble::Finding(finding) => finding,
        OrderTrouble::Io(error) => LogFinding::new(
            &space.folder.display().to_string(),
            format!("rows out of order cannot be sorted on disk: {error}"),
        )
        .help("sort the log by time before"),
        // Sorted rows are never late.
        OrderTrouble::Late => LogFinding::new("log", "rows out of order"),
    })
}

/// Where rows go on their way to whoever takes them.
trait RowSink {
    fn push(&mut self, row: LogRow) -> Result<(), OrderTrouble>;

    /// No more rows come; says how many stood there twice.
    fn finish(&mut self) -> Result<u64, OrderTrouble>;
}

/// Hands out rows that are in order, each once.
struct Once<'a> {
    taker: &'a mut dyn RowTaker,
    /// Rows of the present instant.
    present: Vec<LogRow>,
    doubled: u64,
}

impl<'a> Once<'a> {
    fn new(taker: &'a mut dyn RowTaker) -> Self {
        Self { taker, present: Vec::new(), doubled: 0 }
    }

    fn hand_out(&mut self, row: LogRow) {
        if self.present.first().is_some_and(|first| first.at != row.at) {
            self.present.clear();
        }
        let is_same = |other: &LogRow| (other.digest, other.part) == (row.digest, row.part);
        if self.present.iter().any(is_same) {
            self.doubled += 1;
            return;
        }
        self.present.push(row);
        self.taker.take(&row);
    }
}

struct NearlyOrdered<'a> {
    once: Once<'a>,
    waiting: BinaryHeap<Reverse<LogRow>>,
    newest: Time,
    handed_out: Time,
}

impl<'a> NearlyOrdered<'a> {
    fn new(taker: &'a mut dyn RowTaker) -> Self {
        let first = Time::from_micros(i64::MIN + 1);
        let (newest, handed_out) = (first, first);
        Self { once: Once::new(taker), waiting: BinaryHeap::new(), newest, handed_out }
    }

    fn hands_out_before(&mut self, end: Time) {
        while self.waiting.peek().is_some_and(|Reverse(row)| row.at < end) {
            let Some(Reverse(row)) = self.waiting.pop() else { break };
            self.handed_out = row.at;
            self.once.hand_out(row);
        }
    }
}

impl RowSink for NearlyOrdered<'_> {
    fn push(&mut self, row: LogRow) -> Result<(), OrderTrouble> {
        if row.at < self.handed_out {
            return Err(OrderTrouble::Late);
        }
        self.newest = self.newest.max(row.at);
        self.waiting.push(Reverse(row));
        self.hands_out_before(self.newest - TOLERANCE);
        Ok(())
    }

    fn finish(&mut self) -> Result<u64, OrderTrouble> {
        self.hands_out_before(Time::MAX);
        Ok(self.once.doubled)
    }
}

struct SortedOnDisk<'a> {
    once: Once<'a>,
    space: SortSpace<'a>,
    rows: Vec<LogRow>,
    runs: Vec<PathBuf>,
}

impl<'a> SortedOnDisk<'a> {
    fn new(space: &SortSpace<'a>, taker: &'a mut dyn RowTaker) -> Self {
        Self { once: Once::new(taker), space: space.clone(), rows: Vec::new(), runs: Vec::new() }
    }

    fn write_run(&mut self) -> io::Result<()> {
        self.rows.sort_unstable();
        let path = self.space.folder.join(format!("rows.{}", self.runs.len()));
        let mut output = BufWriter::new(self.space.storage.create(&path)?);
        self.runs.push(path);
        for row in self.rows.drain(..) {
            output.write_all(&to_bytes(&row))?;
        }
        output.flush()
    }

    fn merge(&mut self) -> io::Result<()> {
        let mut inputs = Vec::new();
        for path in &self.runs {
            inputs.push(BufReader::new(File::open(path)?));
        }
        let mut next = BinaryHeap::new();
        for (run, input) in inputs.iter_mut().enumerate() {
            next.extend(next_of(input)?.map(|row| Reverse((row, run))));
        }
        while let Some(Reverse((row, run))) = next.pop() {
            self.once.hand_out(row);
            next.extend(next_of(&mut inputs[run])?.map(|row| Reverse((row, run))));
        }
        Ok(())
    }
}

impl RowSink for SortedOnDisk<'_> {
    fn push(&mut self, row: LogRow) -> Result<(), OrderTrouble> {
        self.rows.push(row);
        if self.rows.len() >= self.space.rows {
            self.write_run()?;
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<u64, OrderTrouble> {
        if self.runs.is_empty() {
            self.rows.sort_unstable();
            for row in std::mem::take(&mut self.rows) {
                self.once.hand_out(row);
            }
            return Ok(self.once.doubled);
        }
        self.write_run()?;
        self.merge()?;
        Ok(self.once.doubled)
    }
}

/// What was put on disk goes away, whatever became of it.
impl Drop for SortedOnDisk<'_> {
    fn drop(&mut self) {
        for path in &self.runs {
            // What cannot be removed stays; there is nobody to tell.
            let _ = self.space.storage.remove(path);
        }
    }
}

fn next_of(input: &mut BufReader<File>) -> io::Result<Option<LogRow>> {
    let mut bytes = [0; ROW_LENGTH];
    match input.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(from_bytes(&bytes))),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::form::LoggedEvent;
    use crate::log::log_rows::LoggedConversation;

    #[derive(Default)]
    struct Taken(Vec<i64>);

    impl RowTaker for Taken {
        fn begin_again(&mut self) {
            self.0.clear();
        }

        fn take(&mut self, row: &LogRow) {
            self.0.push(row.at.as_micros());
        }
    }

    fn row(position: usize, second: i64) -> LogRow {
        LogRow {
            at: Time::from_secs(second),
            position: position as u64,
            part: 0,
            offset_minutes: 0,
            conversation: LoggedConversation(1),
            skill: None,
            event: LoggedEvent::Message,
            from: None,
            agent: None,
            cause: None,
            state: None,
            digest: second as u64,
        }
    }

    fn pushed(sink: &mut dyn RowSink, seconds: &[i64]) -> Option<u64> {
        for (position, &second) in seconds.iter().enumerate() {
            sink.push(row(position, second)).ok()?;
        }
        sink.finish().ok()
    }

    #[test]
    fn rows_within_an_hour_are_put_in_order_and_later_ones_are_told() {
        let mut taken = Taken::default();
        let doubled = pushed(&mut NearlyOrdered::new(&mut taken), &[100, 0, 0, 3600, 50, 9000]);
        assert_eq!(doubled, Some(1));
        assert_eq!(taken.0, [0, 50, 100, 3600, 9000].map(|second| second * 1_000_000));
        let late = pushed(&mut NearlyOrdered::new(&mut taken), &[0, 10, 7000, 5, 8000]);
        assert_eq!(late, None, "10 was handed out");
    }

    #[test]
    fn rows_are_sorted_on_disk_and_nothing_stays_there() {
        let folder = std::env::temp_dir().join(format!("shiftstorm-sort-{}", std::process::id()));
        let storage = Storage::default();
        storage.create_folder(&folder).unwrap();
        let seconds = Vec::from_iter((0..1000).map(|number| (number * 7919) % 1000 * 60));
        let mut taken = Taken::default();
        for rows in [64, 5000] {
            taken.begin_again();
            let space = SortSpace { storage: &storage, folder: &folder, rows };
            let doubled = pushed(&mut SortedOnDisk::new(&space, &mut taken), &seconds);
            assert_eq!(doubled, Some(0));
            assert!(taken.0.is_sorted() && taken.0.len() == 1000, "{rows}");
            assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
