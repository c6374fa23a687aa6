//! Two reports against each other on a terminal.

use std::fmt::Write as _;

use crate::ledger::definitions::{Definition, find};
use crate::ledger::objectives::OBJECTIVES;
use crate::report::summary::beside_each_other;
use crate::report::summary_rows::by_heading;
use crate::report::table::{ReportCell, ReportColumn, ReportTable, labelled};
use crate::report::terminal::{cut, wrapped};
use crate::report::wording::{label, level, matters, verdict};

use super::conditions::Unlike;
use super::{ReportComparison, VariantPair};

impl ReportComparison<'_> {
    /// For people.
    pub fn text(&self) -> String {
        let mut text = format!("±: {} interval\n", level(self.rule.confidence));
        match self.is_by_point && self.pairs.len() > 1 {
            true => self.points(&mut text),
            false => self.pairs.iter().for_each(|pair| self.pair(&mut text, pair)),
        }
        for (report, names) in [("first", &self.only_in_base), ("other", &self.only_in_other)] {
            if !names.is_empty() {
                let names = Vec::from_iter(names.iter().map(|name| format!("`{name}`")));
                let line = format!("Only in the {report} report: {}.", names.join(", "));
                let _ = write!(text, "\n{}\n", wrapped(&line, 2));
            }
        }
        text
    }

    fn pair(&self, text: &mut String, pair: &VariantPair<'_>) {
        head(text, pair, [&pair.base.title, &pair.other.title]);
        let mut table = beside_each_other(["base", "other", "difference"].into_iter());
        for objective in &OBJECTIVES {
            let Some((_, figure)) = pair.figure(objective.figure) else { continue };
            let cells = self.cells(pair, objective.figure).into_iter().flatten();
            table.push(None, labelled(label(objective), cells));
            if let Some((found, _)) = figure.verdict {
                let blank = ReportCell::Blank;
                let cells = [blank.clone(), blank, ReportCell::word(verdict(&found))];
                table.push(None, labelled(matters(objective, &self.rule.thresholds), cells));
            }
        }
        by_heading(&mut table, |figure| {
            Some(labelled(figure.row_label(), self.cells(pair, figure.name)?))
        });
        let _ = write!(text, "\n{}", table.text());
    }

    /// A table a figure, a row a choice of values.
    fn points(&self, text: &mut String) {
        let Some(first) = self.pairs.first() else { return };
        head(text, first, [&first.base.scenario, &first.other.scenario]);
        for objective in &OBJECTIVES {
            let Some(figure) = find(objective.figure) else { continue };
            let rows = self.pairs.iter().filter_map(|pair| self.point(pair, figure));
            let rows = Vec::from_iter(rows);
            if rows.is_empty() {
                continue;
            }
            let heads = ["base", "other", "difference"];
            let heads = heads.map(|head| ReportColumn::new(head).right(16).behind(1));
            let name = ReportColumn::new(label(objective)).left(29);
            let mut table = ReportTable::of("", std::iter::once(name).chain(heads));
            rows.into_iter().for_each(|row| table.push(None, row));
            let _ = write!(text, "\n{}", table.text());
        }
    }

    fn point(&self, pair: &VariantPair<'_>, figure: &Definition) -> Option<Vec<ReportCell>> {
        let name = ReportCell::text(pair.other.head.name.clone());
        Some(labelled(name, self.cells(pair, figure.name)?))
    }
}

/// What is compared, how, and what is not alike.
fn head(text: &mut String, pair: &VariantPair<'_>, titles: [&String; 2]) {
    let [base, other] = titles.map(|title| cut(title, 70));
    let _ = write!(text, "\nbase   {base}\nother  {other}\ncompared {}\n", pair.how());
    if pair.unlike.is_empty() {
        return;
    }
    let _ = write!(text, "\n{}", unlike_table(&pair.unlike).text());
}

fn unlike_table(unlike: &[Unlike]) -> ReportTable {
    let heads = ["base", "other"].map(|head| ReportColumn::new(head).right(22).behind(1));
    let first = ReportColumn::new("not alike").left(34);
    let mut table = ReportTable::of("", std::iter::once(first).chain(heads));
    for Unlike { what, base, other, .. } in unlike {
        let [base, other] = [base, other].map(|value| ReportCell::text(cut(value, 22)));
        table.push(None, labelled(what.clone(), [base, other]));
    }
    table
}
