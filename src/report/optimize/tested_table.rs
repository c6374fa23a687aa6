//! What a search tested, as a table for a terminal and for a page.

use crate::experiment::optimize::{OptimizeResults, OptimizeVerdict, Tested};
use crate::report::table::{ReportCell, ReportColumn, ReportTable, Standing, Units};
use crate::report::terminal::WIDTH;

use super::search::OptimizeReport;
use super::wording::{label, of_goal, verdict};

/// All choices that were tested, the cheapest first; `winner` says that one is the winner.
pub(super) fn table(search: &OptimizeReport<'_>, winner: &'static str) -> ReportTable {
    let goals = search.space.goals();
    // With many goals the table goes on below, and names have room.
    let room = WIDTH.saturating_sub(23 + 15 * goals.len());
    let width = if room < NARROWEST { WIDTH / 2 } else { room };
    let unit = if search.space.counts_hours() { "cost, agent hours" } else { "cost" };
    let first = [
        ReportColumn::new("choice").left(width).whole().briefly(CAPTION),
        ReportColumn::new(unit).right(9).briefly("cost"),
        ReportColumn::new("replications").right(6).briefly("runs").units(Units::InHead),
    ];
    let figures =
        goals.iter().map(|goal| ReportColumn::new(label(goal)).right(15).units(Units::InCell));
    let last = ReportColumn::new("verdict").right(8).briefly("");
    let mut table = ReportTable::of(CAPTION, first.into_iter().chain(figures).chain([last]));
    for (at, test) in by_cost(search.found) {
        let first = [
            ReportCell::text(search.space.name(&test.candidate)),
            ReportCell::amount(test.cost),
            ReportCell::Count(test.replications as u64),
        ];
        let figures = goals.iter().enumerate().map(|(at, goal)| of_goal(goal, test, at));
        let verdict = match test.verdict {
            _ if search.found.winner == Some(at) => ReportCell::verdict(Standing::Good, winner),
            OptimizeVerdict::Met => ReportCell::verdict(Standing::Good, verdict(test)),
            OptimizeVerdict::Missed(_) => ReportCell::verdict(Standing::Bad, verdict(test)),
            OptimizeVerdict::Undecided => ReportCell::verdict(Standing::Open, verdict(test)),
        };
        table.push(None, first.into_iter().chain(figures).chain([verdict]).collect());
    }
    table
}

/// What was tested with its position, the cheapest first.
pub(super) fn by_cost(found: &OptimizeResults) -> Vec<(usize, &Tested)> {
    let mut tested = Vec::from_iter(found.tested.iter().enumerate());
    // Stable: what costs the same stays in the order of the tests.
    tested.sort_by(|(_, one), (_, other)| one.cost.total_cmp(&other.cost));
    tested
}

/// Columns of a choice at least.
const NARROWEST: usize = 24;
const CAPTION: &str = "Tested, cheapest first";
