//! The summary of the suite on the terminal.

use crate::report::table::TextTable;
use crate::report::terminal::{WIDTH, cut, wrapped};
use crate::stress::suite::SuiteResults;

use super::suite_against::SuiteComparison;
use super::suite_page::table;
use super::suite_words::{ABOUT, NAME, findings};

/// The table of all cases, for a terminal of 80 columns, and the comparison with an earlier run.
pub fn summary(results: &SuiteResults, compared: Option<&SuiteComparison>) -> String {
    let mut text = format!("{NAME}\n");
    if !results.left.is_empty() {
        let left = Vec::from_iter(results.left.iter().map(|case| case.name)).join(", ");
        let note = format!("PARTIAL: it was interrupted. Not run to their end: {left}.");
        text += &format!("{}\n", wrapped(&note, 2));
    }
    text += &format!("{}\n\n", wrapped(ABOUT, 2));
    let table = table(results);
    let rows = TextTable::new(&table);
    text += &rows.head();
    for (done, row) in results.done.iter().zip(&table.rows) {
        text += &rows.row(row);
        for finding in findings(done) {
            text += &format!("{}\n", cut(&format!("  {finding}"), WIDTH));
        }
    }
    let compared = compared.map(|compared| format!("\n{}", compared.text()));
    text + &compared.unwrap_or_default()
}
