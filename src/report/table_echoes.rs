//! What was understood of the tables of a scenario, as tables of a page.

use crate::tables::Echo;

use super::load_cells::tenth;
use super::table::{ReportCell, ReportTable, labelled};

/// One about each table and column, one of their sums by day.
pub(super) fn echo_tables(echoes: &[Echo]) -> Vec<ReportTable> {
    let tables = echoes.iter().flat_map(|echo| [Some(understood(echo)), sums(echo)]);
    tables.flatten().collect()
}

/// `plan.xlsx, sheet Roster`.
fn name(echo: &Echo) -> String {
    let sheet = echo.sheet.as_ref().map_or_else(String::new, |sheet| format!(", sheet {sheet}"));
    format!("{}{sheet}", echo.file)
}

fn understood(echo: &Echo) -> ReportTable {
    let mut table = ReportTable::new(name(echo), ["", "understood"]);
    table.is_told = true;
    let mut row = |label: &str, text: String| {
        table.push(None, labelled(label.to_owned(), [ReportCell::from(text)]));
    };
    let written = [
        Some(echo.range.clone()),
        echo.encoding.clone(),
        echo.separator.map(|separator| match separator {
            '\t' => "separated by tabs".to_owned(),
            other => format!("separated by `{other}`"),
        }),
    ];
    row("cells", Vec::from_iter(written.into_iter().flatten()).join(", "));
    row("layout", format!("{}, {} rows", echo.layout, echo.rows));
    row("span", echo.span.clone());
    for (label, form) in [("decimals", &echo.decimal), ("dates", &echo.dates)] {
        if let Some(form) = form {
            row(label, form.clone());
        }
    }
    if let (Some(agents), Some(hours)) = (echo.agents, echo.hours) {
        row("agents", format!("{agents}, {} hours at work", (hours * 100.0).round() / 100.0));
    }
    for column in &echo.used {
        row(&format!("column {}", column.heading), column.meaning.clone());
    }
    for column in &echo.unused {
        row(&format!("column {column}"), "not used".to_owned());
    }
    table
}

/// A row a day, a column a skill.
fn sums(echo: &Echo) -> Option<ReportTable> {
    let mut keys = Vec::<Option<&String>>::new();
    let mut days = Vec::<&String>::new();
    for total in &echo.totals {
        if !keys.contains(&total.key.as_ref()) {
            keys.push(total.key.as_ref());
        }
        if !days.contains(&&total.day) {
            days.push(&total.day);
        }
    }
    let heads = keys.iter().map(|key| key.map_or_else(|| "sum".to_owned(), Clone::clone));
    let heads = std::iter::once("day".to_owned()).chain(heads);
    let mut table = ReportTable::new(format!("{}: sums by day", name(echo)), heads);
    for day in days {
        let cells = keys.iter().map(|key| {
            let is_meant =
                |total: &&crate::tables::KeyTotal| total.key.as_ref() == *key && total.day == *day;
            let found = echo.totals.iter().find(is_meant);
            found.map_or(ReportCell::Nothing, |total| tenth(total.total))
        });
        table.push(None, labelled(day.clone(), Vec::from_iter(cells)));
    }
    (!table.rows.is_empty()).then_some(table)
}
