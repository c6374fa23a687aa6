//! `conversations.csv`, and the files of rows: streamed to a file of each replication while it runs, and
//! put together in the order of the replications.

use std::fs::File;
use std::io::{self, BufRead, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::base::storage::{Storage, StoredFile};
use crate::base::time::Time;
use crate::experiment::RowsOf;
use crate::ledger::rows::{ConversationRow, Rows};
use crate::model::event::{Change, Event};
use crate::scenario::Variant;

use super::audit_csv::{AuditCsvRow, AuditExtent, audit_columns};
use super::columns::{CsvTable, TableCell, TableColumn, WriteTable as _, columns};
use super::row_origin::RowOrigin;

/// Which rows are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WantedRows {
    /// `conversations.csv`.
    pub conversations: bool,
    /// `audit.csv`, if at all.
    pub audit: Option<AuditExtent>,
}

/// The two files while they grow.
pub struct RowFiles {
    storage: Storage,
    /// Where the files of replications are put, and the whole ones.
    directory: PathBuf,
    wanted: WantedRows,
    whole: Vec<(&'static str, StoredFile)>,
    trouble: FirstError,
}

/// The first thing that went wrong on any thread.
type FirstError = Arc<Mutex<Option<io::Error>>>;

impl RowFiles {
    /// Begins the files in `directory`, with their headers.
    ///
    /// # Errors
    ///
    /// The files cannot be written.
    pub fn begin(storage: &Storage, directory: &Path, wanted: WantedRows) -> io::Result<Self> {
        let mut files = Self {
            storage: storage.clone(),
            directory: directory.to_owned(),
            wanted,
            whole: Vec::new(),
            trouble: FirstError::default(),
        };
        if wanted.conversations {
            files.begin_one("conversations.csv", conversation_columns())?;
        }
        if wanted.audit.is_some() {
            files.begin_one("audit.csv", audit_columns())?;
        }
        Ok(files)
    }

    fn begin_one<Row>(
        &mut self,
        name: &'static str,
        columns: &[TableColumn<Row>],
    ) -> io::Result<()> {
        let mut file = self.storage.create(&self.directory.join(name))?;
        let mut table = CsvTable::new(&mut file);
        table.header(columns)?;
        table.finish()?;
        self.whole.push((name, file));
        Ok(())
    }

    /// The receiver of each replication's rows.
    pub fn rows(&self, variants: &[Variant], is_checked: bool) -> Option<RowsOf> {
        if self.whole.is_empty() {
            return None;
        }
        let (storage, directory) = (self.storage.clone(), self.directory.clone());
        let wanted = self.wanted;
        let (trouble, variants) = (Arc::clone(&self.trouble), variants.to_vec());
        Some(Arc::new(move |variant, replication| {
            let open = |wanted: bool, name: &str| {
                let path = part(&directory, name, variant, replication);
                let file = wanted.then(|| storage.create(&path)).transpose();
                note(&trouble, file).flatten().map(|file| CsvTable::new(BufWriter::new(file)))
            };
            Box::new(RowWriter {
                origin: RowOrigin::new(&variants[variant], replication, is_checked),
                conversations: open(wanted.conversations, "conversations.csv"),
                audit: open(wanted.audit.is_some(), "audit.csv"),
                has_all: wanted.audit == Some(AuditExtent::All),
                trouble: Arc::clone(&trouble),
            })
        }))
    }

    /// Takes over the rows of a replication, or throws them away if it does not count.
    ///
    /// # Errors
    ///
    /// Something could not be written, now or before.
    pub fn merged(&mut self, variant: usize, replication: u64, counts: bool) -> io::Result<()> {
        self.trouble()?;
        for (name, whole) in &mut self.whole {
            let path = part(&self.directory, name, variant, replication);
            if counts {
                io::copy(&mut File::open(&path)?, whole)?;
            }
            // One that failed at its very start has none.
            self.storage.remove(&path)?;
        }
        Ok(())
    }

    /// The files by their names, with their headers.
    pub(super) fn files(&self) -> impl Iterator<Item = (&'static str, PathBuf)> {
        self.whole.iter().map(|(name, _)| (*name, self.directory.join(name)))
    }

    /// Takes over the rows of many replications from a file of another run, with its header.
    ///
    /// # Errors
    ///
    /// They cannot be read or written.
    pub(super) fn append(&mut self, name: &str, mut rows: impl BufRead) -> io::Result<()> {
        rows.skip_until(b'\n')?;
        let mut whole = self.whole.iter_mut();
        let whole = whole.find(|(known, _)| *known == name);
        whole.map_or(Ok(()), |(_, whole)| io::copy(&mut rows, whole).map(|_| ()))
    }

    /// No more rows come.
    ///
    /// # Errors
    ///
    /// They may not survive a loss of power.
    pub fn finish(&self) -> io::Result<()> {
        self.whole.iter().try_for_each(|(_, file)| file.sync())
    }

    /// The first thing that went wrong on any thread.
    fn trouble(&self) -> io::Result<()> {
        match self.trouble.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }
}

fn part(directory: &Path, name: &str, variant: usize, replication: u64) -> PathBuf {
    directory.join(format!("{name}.{variant}.{replication}"))
}

fn note<T>(trouble: &FirstError, result: io::Result<T>) -> Option<T> {
    result
        .map_err(|error| {
            trouble.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        })
        .ok()
}

/// Writes the rows of one replication.
struct RowWriter {
    origin: RowOrigin,
    /// Whether the audit has facts that are no changes too.
    has_all: bool,
    conversations: Option<CsvTable<BufWriter<StoredFile>>>,
    audit: Option<CsvTable<BufWriter<StoredFile>>>,
    trouble: FirstError,
}

impl Rows for RowWriter {
    fn event(&mut self, at: Time, event: &Event) {
        if self.has_all {
            self.origin.keep(event);
        } else if !matches!(event, Event::Change(_)) {
            return;
        }
        let Some(mut table) = self.audit.take() else { return };
        let row = AuditCsvRow { of: &self.origin, at, event };
        let written = table.row(audit_columns(), &row);
        // A table that cannot be written is given up; the first error tells why.
        self.audit = note(&self.trouble, written).map(|()| table);
    }

    fn change(&mut self, _at: Time, _change: &Change) {}

    fn conversation(&mut self, row: &ConversationRow) {
        let Some(mut table) = self.conversations.take() else { return };
        let row = ConversationCsvRow { of: &self.origin, row };
        let written = table.row(conversation_columns(), &row);
        self.conversations = note(&self.trouble, written).map(|()| table);
    }
}

impl Drop for RowWriter {
    fn drop(&mut self) {
        for table in [self.conversations.take(), self.audit.take()].into_iter().flatten() {
            note(&self.trouble, table.finish());
        }
    }
}

pub(super) struct ConversationCsvRow<'a> {
    of: &'a RowOrigin,
    row: &'a ConversationRow,
}

pub(super) fn conversation_columns<'a>() -> &'a [TableColumn<ConversationCsvRow<'a>>] {
    columns! {
    variant "" = |c| TableCell::text(&c.of.variant), "Variant.";
    replication "" = |c| TableCell::Whole(c.of.replication), "Replication, from 0.";
    checked "" = |c| TableCell::yes(c.of.is_checked), "Whether the invariants were checked.";
    conversation "" = |c| TableCell::text(c.of.names().conversation(c.row.id)), "Name, as `explain` takes it: number of the consumer, and after a dot how often this consumer came before.";
    kind "" = |c| TableCell::text(c.of.names().kind(c.row.id.kind())), "Kind of consumer.";
    skill "" = |c| TableCell::text(c.of.names().skill(c.row.skill)), "Skill asked for at the opening.";
    priority "" = |c| TableCell::Number(Some(f64::from(c.row.priority))), "Priority; higher numbers are served first.";
    counted "" = |c| TableCell::yes(c.row.counted), "Whether it counts in the figures: opened at or after the warm-up.";
    opened_clock "clock" = |c| c.of.clock(c.row.opened), "Opening.";
    opened "seconds" = |c| TableCell::time(Some(c.row.opened)), "Opening, from the start of the run, as all times here.";
    assigned "seconds" = |c| TableCell::time(c.row.assigned), "First assignment.";
    answered "seconds" = |c| TableCell::time(c.row.answered), "First answer, unless the consumer had left silently before.";
    abandoned "seconds" = |c| TableCell::time(c.row.abandoned.map(|(at, _)| at)), "End of the consumer's patience.";
    silent "" = |c| c.row.abandoned.map_or(TableCell::Number(None), |(_, is_silent)| TableCell::yes(is_silent)), "Whether the platform did not notice that.";
    ended "seconds" = |c| TableCell::time(Some(c.row.ended)), "Resolution, or the end of the run.";
    ending "" = |c| TableCell::word(c.row.ending.name()), "How it ended: by_agent, by_consumer, abandoned, auto_closed or at_end.";
    messages "messages" = |c| TableCell::Whole(c.row.messages.into()), "Messages of the consumer.";
    answers "messages" = |c| TableCell::Whole(c.row.answers.into()), "Replies delivered, follow-ups and wasted ones too.";
    owners "times" = |c| TableCell::Whole(c.row.owners.into()), "Ownerships.";
    auto_unassigns "times" = |c| TableCell::Whole(c.row.auto_unassigns.into()), "Auto-unassigns.";
    ownership_removals "times" = |c| TableCell::Whole(c.row.ownership_removals.into()), "Ownership removals.";
    handle_time "seconds" = |c| TableCell::span(c.row.handle_time), "Time in New, owned or not.";
    queue_time "seconds" = |c| TableCell::span(c.row.queue_time), "Time in the queue.";
    stranded "seconds" = |c| TableCell::span(c.row.stranded), "Time in New while the owner was Offline.";
    }
}
