//! How many rows there were, and which were not understood.

use super::log_finding::LogFinding;

/// Rows of a log, good and bad.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowTally {
    /// All of them.
    pub rows: u64,
    /// Those left out because they were not understood.
    pub bad: u64,
    /// Those left out because they stand there twice.
    pub doubled: u64,
    /// The first of the bad ones, a few.
    pub first_bad: Vec<LogFinding>,
}

/// So many bad rows are told one by one.
const SHOWN: usize = 10;

impl RowTally {
    /// Counts a row; comes to its position.
    pub(super) fn row(&mut self) -> u64 {
        self.rows += 1;
        self.rows
    }

    pub(super) fn bad(&mut self, finding: LogFinding) {
        self.bad += 1;
        if self.first_bad.len() < SHOWN {
            self.first_bad.push(finding);
        }
    }

    /// Adds those of another file.
    pub fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.bad += other.bad;
        self.doubled += other.doubled;
        self.first_bad.extend(other.first_bad);
        self.first_bad.truncate(SHOWN);
    }

    /// Whether more rows are bad than this share of all.
    pub fn has_more_bad_than(&self, share: f64) -> bool {
        self.bad as f64 > share * self.rows as f64
    }
}
