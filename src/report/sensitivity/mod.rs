//! Which input moves what: bars and a page for people, numbers as CSV.

mod page;

use std::fmt::Write as _;
use std::io;

use crate::base::special::student_bound;
use crate::base::statistics::RunningStatistics;
use crate::experiment::sensitivity::{Effect, Sensitivity, WATCHED};

pub use self::page::page;
use super::RunTitle;
use super::columns::{ColumnHead, CsvTable, TableCell, TableColumn, WriteTable as _, columns};
use super::table::{NumberUnit, ReportCell, ReportColumn, ReportTable};
use super::terminal::{WIDTH, cut, wrapped};

/// What the heading tells.
pub struct SensitivityReport<'a> {
    /// What was run.
    pub title: RunTitle<'a>,
    /// Replications of each plan that were asked for.
    pub replications: u64,
    /// Seed.
    pub seed: u64,
}

/// A part for each figure; in each the input that moves it most comes first.
pub fn tornado(heading: &SensitivityReport<'_>, sensitivity: &Sensitivity) -> String {
    let mut text = format!("{}\n", cut(heading.title.name, WIDTH));
    let about = format!(
        "variant {}, one input moved at a time, {} replications each, seed {}",
        heading.title.variant, sensitivity.replications, heading.seed
    );
    let _ = writeln!(text, "{}", wrapped(&about, 0));
    if sensitivity.replications < heading.replications {
        let planned = heading.replications;
        let _ = writeln!(text, "interrupted: {planned} replications each were planned");
    }
    for (figure, name) in WATCHED.iter().enumerate() {
        part(&mut text, sensitivity, figure, name);
    }
    let note = "Changes are in percentage points with 95 % intervals, against the same \
                consumers. Less and more tell what happens with less and with more of the input: \
                < and > draw it. A change whose interval holds 0 may be chance.";
    let _ = writeln!(text, "\n{}", wrapped(note, 0));
    text
}

/// A row for each input and direction.
///
/// # Errors
///
/// The output cannot be written.
pub fn csv(sensitivity: &Sensitivity, output: impl io::Write) -> io::Result<()> {
    let (mut table, columns) = (CsvTable::new(output), columns());
    table.header(&columns)?;
    for effect in &sensitivity.effects {
        for (direction, side) in [("less", &effect.less), ("more", &effect.more)] {
            if let Some(side) = side {
                table.row(&columns, &SensitivityRow { effect, direction, side })?;
            }
        }
    }
    table.finish()
}

/// An input moved in one direction.
pub(super) struct SensitivityRow<'a> {
    effect: &'a Effect,
    direction: &'static str,
    side: &'a [RunningStatistics; WATCHED.len()],
}

/// The columns of the file.
pub(super) fn columns<'a>() -> Vec<TableColumn<SensitivityRow<'a>>> {
    let fixed: &[TableColumn<SensitivityRow<'_>>] = columns! {
        input "" = |row| TableCell::text(&row.effect.name), "What was moved.";
        by "" = |row| TableCell::text(row.effect.by), "By how much.";
        direction "" = |row| TableCell::word(row.direction), "Less or more of it.";
        replications "" = |row| TableCell::Whole(row.side.iter().map(RunningStatistics::count).max().unwrap_or(0)), "Replications that the change comes from.";
    };
    let figures = WATCHED.iter().enumerate().flat_map(|(at, figure)| {
        let (name, text) = (format!("{figure}_change"), format!("Change of {figure}."));
        let head = ColumnHead { name: &name, unit: "share", text: &text };
        TableColumn::estimate(
            at,
            head,
            [
                |row: &SensitivityRow<'_>, at| TableCell::Number(row.side[at].mean()),
                |row: &SensitivityRow<'_>, at| TableCell::Number(row.side[at].standard_error()),
            ],
        )
    });
    fixed.iter().cloned().chain(figures).collect()
}

fn part(text: &mut String, sensitivity: &Sensitivity, figure: usize, name: &str) {
    let mean = ReportCell::share(sensitivity.base[figure].mean()).spoken();
    let _ = writeln!(text, "\n{}: {mean} as it stands", name.replace('_', " "));
    let mut table = ReportTable::of(
        "",
        [
            ReportColumn::default().left(20),
            ReportColumn::new("by").left(7).behind(1),
            ReportColumn::new("less").right(14).behind(1),
            ReportColumn::default().left(2 * HALF + 1).behind(1),
            ReportColumn::new("more").right(14).behind(1),
        ],
    );
    let effects = by_effect(sensitivity, figure);
    let longest = effects.first().map_or(0.0, |effect| effect.largest(figure));
    for effect in effects {
        let [less, more] = changes(effect, figure);
        let bar = ReportCell::word(bar(effect, figure, longest));
        table.push(None, vec![effect.name.clone().into(), effect.by.into(), less, bar, more]);
    }
    text.push_str(&table.text());
}

/// The inputs, that which moves a figure most first.
fn by_effect(sensitivity: &Sensitivity, figure: usize) -> Vec<&Effect> {
    let mut effects = Vec::from_iter(&sensitivity.effects);
    // Stable: inputs of equal effect stay in the order of the file.
    effects.sort_by(|one, other| other.largest(figure).total_cmp(&one.largest(figure)));
    effects
}

fn bar(effect: &Effect, figure: usize, longest: f64) -> String {
    let sides = [&effect.less, &effect.more].map(|side| side.map(|side| side[figure]));
    let [less, more] = sides.map(|side| side.and_then(|sample| sample.mean()).unwrap_or(0.0));
    let columns = |change: f64| {
        let share = if longest > 0.0 { change / longest } else { 0.0 };
        libm::round(share * HALF as f64) as usize
    };
    let mark = |less: usize, more: usize, column: usize| match (column < less, column < more) {
        (false, false) => ' ',
        // Where both reach, the shorter one is drawn.
        (true, true) if less <= more => '<',
        (true, false) => '<',
        _ => '>',
    };
    let half = |sign: f64| {
        let (less, more) = (columns((less * sign).max(0.0)), columns((more * sign).max(0.0)));
        (0..HALF).map(move |column| mark(less, more, column))
    };
    let falls: String = half(-1.0).rev().collect();
    let rises: String = half(1.0).collect();
    format!("{falls}|{rises}")
}

/// What less and more of an input do to a figure.
fn changes(effect: &Effect, figure: usize) -> [ReportCell; 2] {
    [&effect.less, &effect.more].map(|side| match side {
        Some(side) => change(&side[figure]),
        None => ReportCell::Nothing,
    })
}

fn change(sample: &RunningStatistics) -> ReportCell {
    ReportCell::number(sample.mean(), NumberUnit::Points).within(half(sample))
}

/// Half the 95 % interval of a mean; none from a single replication.
pub(super) fn half(sample: &RunningStatistics) -> Option<f64> {
    sample.standard_error().map(|error| half_width(error, sample.count()))
}

/// Half the 95 % interval of a mean over so many replications.
pub(super) fn half_width(standard_error: f64, replications: u64) -> f64 {
    let freedom = replications.saturating_sub(1).max(1) as f64;
    match standard_error {
        0.0 => 0.0,
        error => error * student_bound(0.95, freedom),
    }
}

/// Columns of a bar on either side.
const HALF: usize = 10;
