//! What a search for the least cost tried, what won and why: text and a page for people, numbers as
//! CSV.

mod costs;
mod page;
mod search;
mod tested_table;
mod wording;

pub use self::search::OptimizeReport;
use std::fmt::Write as _;
use std::io;

use crate::experiment::optimize::{Curve, CurvePoint, TRADED_FIGURES, Tested};
use crate::ledger::definitions::{Definition, find, short_label};

use self::search::{point_cells, timeout};
use self::wording::{asked, column, cost, doubted, label, reached, verdict, why};
use super::columns::{ColumnHead, CsvTable, TableCell, TableColumn, WriteTable as _, columns};
use super::format::percent;
use super::table::{ReportColumn, ReportTable};
use super::terminal::{WIDTH, cut, wrapped};

pub use self::page::page;

/// The answer, the reasons, and what was tried.
pub fn text(search: &OptimizeReport<'_>) -> String {
    let mut text = heading(search);
    match search.found.winner.and_then(|winner| search.found.tested.get(winner)) {
        Some(winner) => won(&mut text, search, winner),
        None if search.found.interrupted => {
            let none = "Nothing that was tested so far is known to meet the goals.";
            let _ = writeln!(text, "\n{none}");
        }
        None => {
            let none = "Nothing that was tested is known to meet the goals. Allow more agents, \
                        more replications (`optimize.at_most`) or other goals.";
            let _ = writeln!(text, "\n{}", wrapped(none, 0));
        }
    }
    if search.found.interrupted {
        let _ = writeln!(text, "Interrupted: something cheaper or as cheap may be left.");
    }
    for doubt in &search.found.doubts {
        let _ = writeln!(
            text,
            "{}",
            wrapped(&format!("Not sure: {}", doubted(search, *doubt).plain()), 2)
        );
    }
    if !search.found.tested.is_empty() {
        let _ = write!(text, "\n{}", tested_table::table(search, "met").text());
    }
    tried(&mut text, search);
    search.curves.iter().for_each(|found| curve(&mut text, found));
    text
}

/// A row for each choice that was tested, in the order of the tests.
///
/// # Errors
///
/// The output cannot be written.
pub fn csv(search: &OptimizeReport<'_>, output: impl io::Write) -> io::Result<()> {
    let goals = search.space.goals().iter().map(|goal| (column(goal), goal.figure));
    let (mut table, columns) = (CsvTable::new(output), columns(goals));
    table.header(&columns)?;
    for (position, tested) in search.found.tested.iter().enumerate() {
        table.row(&columns, &TestedRow { search, position, tested })?;
    }
    table.finish()
}

/// A choice and what came of it.
pub(super) struct TestedRow<'a> {
    search: &'a OptimizeReport<'a>,
    position: usize,
    tested: &'a Tested,
}

/// The columns of the choices, for a search with goals of these names for these figures.
pub(super) fn columns<'a>(
    goals: impl Iterator<Item = (String, &'static Definition)>,
) -> Vec<TableColumn<TestedRow<'a>>> {
    let fixed: &[TableColumn<TestedRow<'_>>] = columns! {
        choice "" = |row| TableCell::text(row.search.space.name(&row.tested.candidate)), "What was tested: agents, timeouts and slots.";
        cost "" = |row| TableCell::Number(Some(row.tested.cost)), "Cost of a run.";
        replications "" = |row| TableCell::Whole(row.tested.replications as u64), "Replications that it took.";
        verdict "" = |row| TableCell::word(verdict(row.tested)), "Whether the goals are met: met, missed or unclear.";
        winner "" = |row| TableCell::yes(row.search.found.winner == Some(row.position)), "Whether it is the cheapest that is known to meet them.";
    };
    let goals = goals.enumerate().flat_map(|(at, (name, figure))| {
        TableColumn::estimate(
            at,
            ColumnHead { name: &name, ..figure.into() },
            [
                |row: &TestedRow<'_>, at| {
                    TableCell::Number(row.tested.figures.get(at).map(|&(value, _)| value))
                },
                |row: &TestedRow<'_>, at| {
                    TableCell::Number(row.tested.figures.get(at).map(|&(_, error)| error))
                },
            ],
        )
    });
    fixed.iter().cloned().chain(goals).collect()
}

/// A row for each state and timeout of the curves.
///
/// # Errors
///
/// The output cannot be written.
pub fn curves_csv(curves: &[Curve], output: impl io::Write) -> io::Result<()> {
    let (mut table, columns) = (CsvTable::new(output), curve_columns());
    table.header(&columns)?;
    for curve in curves {
        for point in &curve.points {
            table.row(&columns, &(curve.state, point))?;
        }
    }
    table.finish()
}

/// A state and one timeout of agents in it.
type CurveRow<'a> = (&'static str, &'a CurvePoint);

/// The columns of the curves.
pub(super) fn curve_columns<'a>() -> Vec<TableColumn<CurveRow<'a>>> {
    let fixed: &[TableColumn<CurveRow<'_>>] = columns! {
        state "" = |row| TableCell::word(row.0), "State of the agents whose timeout moves: online, away or offline.";
        timeout "" = |row| TableCell::word(timeout(row.1)), "Their timeout; `off` if they keep what they have.";
        replications "" = |row| TableCell::Whole(row.1.replications), "Replications.";
    };
    let figures = TRADED_FIGURES.iter().enumerate();
    let figures =
        figures.filter_map(|(at, name)| Some((at, find(name)?))).flat_map(|(at, figure)| {
            TableColumn::estimate(
                at,
                figure.into(),
                [
                    |row: &CurveRow<'_>, at| {
                        TableCell::Number(row.1.figures[at].map(|estimate| estimate.value))
                    },
                    |row: &CurveRow<'_>, at| {
                        let estimate = row.1.figures[at];
                        TableCell::Number(estimate.and_then(|estimate| estimate.standard_error))
                    },
                ],
            )
        });
    fixed.iter().cloned().chain(figures).collect()
}

fn heading(search: &OptimizeReport<'_>) -> String {
    let mut text = format!("{}\n", cut(search.title.name, WIDTH));
    let about = format!(
        "least cost that meets the goals, from variant {}, seed {}",
        search.title.variant, search.seed
    );
    let _ = writeln!(text, "{}", wrapped(&about, 0));
    let goals = search.space.goals().iter();
    let goals = goals.map(|goal| format!("{} {}", label(goal), asked(goal)));
    let settings = search.space.search;
    let care = format!(
        "{}; confidence {}, tolerance {}",
        Vec::from_iter(goals).join(", "),
        percent(settings.confidence),
        settings.tolerance
    );
    let _ = writeln!(text, "{}", wrapped(&care, 0));
    text
}

fn won(text: &mut String, search: &OptimizeReport<'_>, winner: &Tested) {
    let name = search.space.name(&winner.candidate);
    let best = if search.found.interrupted { "Best so far" } else { "Best" };
    let best = format!("{best}: {name}, cost {}", cost(search, winner));
    let _ = writeln!(text, "\n{}", wrapped(&best, 2));
    for (position, goal) in search.space.goals().iter().enumerate() {
        let _ = writeln!(text, "  {} {}", label(goal), reached(goal, winner, position));
    }
    let why = format!("Why: {}", why(search, winner));
    let _ = writeln!(text, "{}.", wrapped(&why, 2));
    let sentences = costs::edges(search).into_iter().map(|edge| ("At an edge", edge));
    let costs = costs::costs(search).into_iter().map(|cost| ("Price", cost));
    for (head, sentence) in sentences.chain(costs) {
        let _ = writeln!(text, "{}", wrapped(&format!("{head}: {}.", sentence.plain()), 2));
    }
}

fn tried(text: &mut String, search: &OptimizeReport<'_>) {
    let mut note = format!(
        "The first guess took {} choices on {} replications each.",
        search.found.guessed, search.space.search.first_replications
    );
    if !search.found.dropped.is_empty() {
        let _ = write!(
            note,
            " Not tested, as they seemed dearer: {} choices of timeouts and slots.",
            search.found.dropped.len()
        );
    }
    note.push_str(" ±: 95 % interval. It is taken for granted that more agents never serve worse.");
    let _ = writeln!(text, "{}", wrapped(&note, 0));
}

fn curve(text: &mut String, curve: &Curve) {
    let (first, rest) = curve.state.split_at(1);
    let state = first.to_uppercase() + rest;
    let _ = writeln!(text, "\nThe best choice over the timeout of {state} agents");
    let heads = TRADED_FIGURES.map(|figure| ReportColumn::new(short_label(figure)).right(17));
    let first = ReportColumn::default().left(12);
    let mut table = ReportTable::of("", std::iter::once(first).chain(heads));
    for point in &curve.points {
        table.push(None, point_cells(timeout(point), point));
    }
    text.push_str(&table.text());
}
