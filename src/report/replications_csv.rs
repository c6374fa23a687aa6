//! `replications.csv`: every figure of every replication by itself, so that two reports can be
//! compared replication by replication.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use crate::base::storage::{Storage, StoredFile};
use crate::ledger::definitions::{Definition, FIGURES, Parts};
use crate::ledger::part_goal::PartGoal;

use super::columns::{CsvTable, TableCell, TableColumn, WriteTable as _, columns, harmless};
use super::saved_run::{HashedOutput, SavedRows};

/// The file while it grows.
pub(super) struct ReplicationsFile {
    path: PathBuf,
    table: CsvTable<HashedOutput<StoredFile>>,
    columns: Vec<TableColumn<ReplicationRow>>,
}

impl ReplicationsFile {
    /// Begins the file, with its header; behind the figures those of goals for parts.
    pub(super) fn begin(storage: &Storage, path: PathBuf, goals: &[PartGoal]) -> io::Result<Self> {
        let output = HashedOutput::new(storage.create(&path)?);
        let (mut table, columns) = (CsvTable::new(output), columns(goals));
        table.header(&columns)?;
        Ok(Self { path, table, columns })
    }

    /// Goes on behind the first `bytes` of a file that was begun for the same goals.
    pub(super) fn go_on(
        storage: &Storage,
        path: PathBuf,
        goals: &[PartGoal],
        bytes: u64,
    ) -> io::Result<Self> {
        let output = storage.go_on(&path, bytes)?;
        let output = HashedOutput::after(output, BufReader::new(File::open(&path)?))?;
        Ok(Self { path, table: CsvTable::new(output), columns: columns(goals) })
    }

    /// Adds a replication of a variant: its figures by their position.
    pub(super) fn row(
        &mut self,
        variant: &str,
        number: u64,
        figures: &[Option<Parts>],
    ) -> io::Result<()> {
        self.table.row(&self.columns, &(variant.to_owned(), number, figures.to_vec()))
    }

    /// Everything so far is to survive a loss of power; comes to what that is.
    pub(super) fn sync(&mut self) -> io::Result<SavedRows> {
        self.table.flush()?;
        let output = self.table.output();
        output.output().sync()?;
        Ok(output.rows())
    }

    /// The file so far, to be read from its beginning.
    pub(super) fn read(&mut self) -> io::Result<BufReader<File>> {
        self.table.flush()?;
        File::open(&self.path).map(BufReader::new)
    }
}

/// The figures of each replication of one variant, by their position; `None` where it has none.
pub(super) type ReplicationFigures = BTreeMap<u64, Vec<Option<Parts>>>;

/// One line of the file: variant, replication and figures by their position.
pub(super) type ReplicationRow = (String, u64, Vec<Option<Parts>>);

/// Opens the file of a report folder.
pub(super) fn open(folder: &Path) -> Result<BufReader<File>, String> {
    let path = folder.join(NAME);
    let file = File::open(&path).map(BufReader::new);
    file.map_err(|error| format!("cannot read `{}`: {error}", path.display()))
}

/// The replications of the variant called `variant`. A figure without a column has no values.
pub(super) fn read(input: impl Read, variant: &str) -> Result<ReplicationFigures, String> {
    let variant = harmless(variant);
    let mut numbered = ReplicationFigures::new();
    for line in lines(input)? {
        let (name, number, figures) = line?;
        if name == variant {
            numbered.insert(number, figures);
        }
    }
    Ok(numbered)
}

/// The lines of the file one after the other, names as they are written.
pub(super) fn lines<R: Read>(
    input: R,
) -> Result<impl Iterator<Item = Result<ReplicationRow, String>>, String> {
    let mut reader = csv::Reader::from_reader(input);
    let header = reader.headers().map_err(|error| error.to_string())?.clone();
    let place = |name: &str| header.iter().position(|column| column == name);
    let places = Vec::from_iter(FIGURES.iter().map(|figure| {
        let part = place(&part_name(figure));
        (part, figure.ratio.map(|_| place(&whole_name(figure))))
    }));
    let goals = (1..).map_while(|goal| {
        Some((Some(place(&goal_name(goal, "part"))?), Some(place(&goal_name(goal, "whole")))))
    });
    let places = Vec::from_iter(places.into_iter().chain(goals));
    Ok(reader.into_records().map(move |record| {
        let record = record.map_err(|error| error.to_string())?;
        let number = |place: Option<usize>| place.and_then(|place| record.get(place)?.parse().ok());
        let figures = places.iter().map(|&(part, whole)| {
            Some(Parts { part: number(part)?, whole: whole.map_or(Some(1.0), number)? })
        });
        let replication = record.get(1).and_then(|text| text.parse().ok());
        let replication = replication.ok_or_else(|| "a row without a replication".to_owned())?;
        Ok((record.get(0).unwrap_or_default().to_owned(), replication, figures.collect()))
    }))
}

/// The columns of the file: of a share or mean, what is divided and what by.
pub(super) fn columns(goals: &[PartGoal]) -> Vec<TableColumn<ReplicationRow>> {
    let mut columns = FIRST.to_vec();
    for (at, figure) in FIGURES.iter().enumerate() {
        let unit = if figure.ratio.is_some() { "" } else { figure.unit.name() };
        let side = if figure.ratio.is_some() { "What is divided in: " } else { "" };
        let (name, text) = (part_name(figure), format!("{side}{}", figure.text));
        columns.push(TableColumn::nth(at, name, unit, text, |(.., figures), at| {
            TableCell::Exact(figures[at].map(|parts| parts.part))
        }));
        if figure.ratio.is_some() {
            let (name, text) =
                (whole_name(figure), format!("What it is divided by in: {}", figure.text));
            columns.push(TableColumn::nth(at, name, "", text, |(.., figures), at| {
                TableCell::Exact(figures[at].map(|parts| parts.whole))
            }));
        }
    }
    for (at, goal) in goals.iter().enumerate() {
        let position = FIGURES.len() + at;
        let of = [goal.figure.as_str(), &goal.name].join(" ");
        let name = goal_name(at + 1, "part");
        let text = format!("What is divided for goal {} of the scenario: {}.", at + 1, of.trim());
        columns.push(TableColumn::nth(position, name, "", text, |(.., figures), at| {
            TableCell::Exact(figures[at].map(|parts| parts.part))
        }));
        let name = goal_name(at + 1, "whole");
        let text = format!("What it is divided by for goal {}.", at + 1);
        columns.push(TableColumn::nth(position, name, "", text, |(.., figures), at| {
            TableCell::Exact(figures[at].map(|parts| parts.whole))
        }));
    }
    columns
}

/// The same with a column a figure: its value in each replication.
pub(super) fn values() -> Vec<TableColumn<ReplicationRow>> {
    let figures = FIGURES.iter().enumerate().map(|(at, figure)| {
        TableColumn::nth(
            at,
            figure.name,
            figure.unit.name(),
            figure.text,
            |(.., figures): &ReplicationRow, at| {
                TableCell::Number(figures[at].and_then(Parts::quotient))
            },
        )
    });
    FIRST.iter().cloned().chain(figures).collect()
}

static FIRST: &[TableColumn<ReplicationRow>] = columns! {
    variant "" = |line| TableCell::text(&line.0), "Variant.";
    replication "" = |line| TableCell::Whole(line.1), "Replication, from 0.";
};

fn part_name(figure: &Definition) -> String {
    match figure.ratio {
        Some(_) => format!("{}_part", figure.name),
        None => figure.name.to_owned(),
    }
}

fn goal_name(number: usize, side: &str) -> String {
    format!("goal_{number}_{side}")
}

fn whole_name(figure: &Definition) -> String {
    format!("{}_whole", figure.name)
}

pub(super) const NAME: &str = "replications.csv";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::saved_run::rows_of;

    #[test]
    fn what_is_written_is_read_to_the_last_bit() {
        let directory =
            std::env::temp_dir().join(format!("shiftstorm-rows-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let value = |position: usize| 1.0 / (position as f64 + 3.0);
        let figures = Vec::from_iter(FIGURES.iter().enumerate().map(|(position, figure)| {
            let whole = if figure.ratio.is_some() { value(position) * 1e9 } else { 1.0 };
            (position != 7).then(|| Parts { part: value(position), whole })
        }));
        let path = directory.join(NAME);
        let storage = Storage::default();
        let mut file = ReplicationsFile::begin(&storage, path.clone(), &[]).unwrap();
        file.row("off, or \"on\"", 4, &figures).unwrap();
        let kept = file.sync().unwrap();
        file.row("thrown away", 5, &figures).unwrap();
        file.sync().unwrap();
        let mut file = ReplicationsFile::go_on(&storage, path, &[], kept.bytes).unwrap();
        file.row("other", 5, &figures).unwrap();
        let whole = file.sync().unwrap();
        let text = std::fs::read(directory.join(NAME)).unwrap();
        std::fs::remove_dir_all(&directory).unwrap();
        assert_eq!(rows_of(text.as_slice()).unwrap(), whole);
        assert!(read(text.as_slice(), "thrown away").unwrap().is_empty());
        let read = read(text.as_slice(), "off, or \"on\"").unwrap();
        assert_eq!(Vec::from_iter(read), [(4, figures)]);
    }
}
