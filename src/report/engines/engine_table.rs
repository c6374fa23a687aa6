//! Timer engines beside each other, as a table.

use std::fmt::Write as _;

use crate::stress::engines::Engine;
use crate::stress::timer_benchmark::{EngineMeasurement, TimerBenchmark};

use crate::report::format::{number, rough};
use crate::report::table::{NumberUnit, ReportCell, ReportColumn, ReportTable, TextTable};
use crate::report::terminal::wrapped;

use super::engine_words::{WHY, remarks, times, two_digits};

/// What is said before the first row.
pub fn head(benchmark: &TimerBenchmark) -> String {
    let live = number(benchmark.live.into());
    let mut text = format!("{live} live timers; arm : cancel : fire = 5 : 4 : 1; one thread\n");
    text.push_str("Operations a second of processor time; lateness by the clock on the wall.\n\n");
    text + &TextTable::new(&table()).head()
}

fn table() -> ReportTable {
    ReportTable::of(
        "",
        [
            ReportColumn::new("engine").left(ENGINE),
            ReportColumn::new("a second").right(12).under("operations"),
            ReportColumn::new("slower").right(9).under("times"),
            ReportColumn::new("half").right(9).under(LATE),
            ReportColumn::new("99 %").right(9).under(LATE),
            ReportColumn::new("all").right(9).under(LATE),
            ReportColumn::new("a timer").right(9).under("bytes"),
        ],
    )
}

/// The row of an engine; `bare` is what the bare wheel did.
pub fn row(measured: &EngineMeasurement, bare: Option<&EngineMeasurement>) -> String {
    let EngineMeasurement { engine, flat_out, paced, .. } = measured;
    let rate = flat_out.rate_of_processor();
    let slower = bare.map(|bare| times(bare.flat_out.rate_of_processor() / rate));
    let lateness = &paced.lateness;
    let late = |seconds| {
        let seconds = Some(seconds).filter(|_| lateness.count > 0);
        ReportCell::number(seconds, NumberUnit::Rough)
    };
    let bytes = measured.bytes_resident.or(measured.bytes_held);
    let mut table = table();
    table.push(
        None,
        vec![
            engine.title().into(),
            ReportCell::amount(two_digits(rate)),
            slower.map_or(ReportCell::Nothing, ReportCell::word),
            late(lateness.p50),
            late(lateness.p99),
            late(lateness.max),
            ReportCell::amount(bytes.map(f64::round)),
        ],
    );
    let text = TextTable::new(&table);
    let mut row = String::from_iter(table.rows.iter().map(|row| text.row(row)));
    for remark in remarks(measured) {
        let _ = writeln!(row, "  {}", wrapped(&remark, 2));
    }
    row
}

/// The row of an engine that said nothing within its time.
pub fn cut_off(engine: Engine, seconds: f64) -> String {
    let title = engine.title();
    format!("{title:ENGINE$}cut off after {seconds:.0} s, before it could say anything\n")
}

/// What is said below the table.
pub fn foot(rows: &[EngineMeasurement]) -> String {
    let mut text = String::from("\n");
    let is_there = |engine| rows.iter().any(|row| row.engine == engine);
    for (engine, why) in WHY {
        if is_there(engine) {
            let _ = writeln!(text, "{}", wrapped(&format!("{}: {why}", engine.title()), 2));
        }
    }
    let served = |in_order: bool| {
        let rows = rows.iter().filter(|row| row.mass.fired == row.mass.timers);
        let rows = rows.filter(|row| row.mass.in_order == in_order);
        let each = rows.map(|row| format!("{} {}", row.engine.title(), rough(row.mass.blocked)));
        Vec::from_iter(each).join(", ")
    };
    if let Some(row) = rows.first() {
        let _ = writeln!(text, "{} deadlines in one tick took", number(row.mass.timers as f64));
    }
    for (in_order, how) in [(true, "in order"), (false, "out of order")] {
        let each = served(in_order);
        if !each.is_empty() {
            let _ = writeln!(text, "  {}", wrapped(&format!("{how}: {each}"), 4));
        }
    }
    text
}

const ENGINE: usize = 21;
const LATE: &str = "late at half that rate";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::Span;
    use crate::stress::timer_benchmark::{BenchmarkPart, Lateness, MassDeadlines};
    use unicode_width::UnicodeWidthStr as _;

    fn measured(engine: Engine, operations: u64) -> EngineMeasurement {
        let part = BenchmarkPart {
            seconds: 2.0,
            processor_seconds: Some(1.95),
            armed: operations / 2,
            cancelled: operations / 5 * 2,
            fired: operations / 10,
            lateness: Lateness { count: 40, p50: 14e-6, p99: 1.04e-3, max: 2.5 },
            unserved: 0,
            longest_turn: 0.0,
        };
        EngineMeasurement {
            engine,
            benchmark: TimerBenchmark { live: 1_000_000, measure: Span::from_secs(2), seed: 1 },
            live: 1_000_000,
            filled_in: 0.5,
            bytes_held: None,
            bytes_resident: Some(32.02),
            paced: part.clone(),
            flat_out: part,
            mass: MassDeadlines { timers: 50_000, fired: 50_000, in_order: true, blocked: 1.7e-3 },
            books_balance: Some(true),
        }
    }

    #[test]
    fn a_row_has_rate_ratio_lateness_and_bytes_under_their_titles() {
        let bare = measured(Engine::BareWheel, 10_000_000);
        let other = measured(Engine::Wheel, 7_500_000);
        let head = head(&bare.benchmark);
        let titles = head.lines().last().unwrap();
        let row = row(&other, Some(&bare));
        let figures = Vec::from_iter(row.split_whitespace().skip(4));
        let expected = ["3,800,000", "1.3", "14", "µs", "1.0", "ms", "2.5", "s", "32"];
        assert_eq!(figures, expected, "{row}");
        assert_eq!(titles.width(), row.trim_end().width());
        assert!(titles.width() <= 80);
    }

    #[test]
    fn what_falls_short_is_said_with_the_row() {
        let mut slow = measured(Engine::RunLater, 4000);
        slow.live = 400_000;
        slow.paced.unserved = 17;
        slow.mass.fired = 9216;
        slow.books_balance = None;
        slow.flat_out.processor_seconds = Some(0.5);
        let text = row(&slow, None);
        for said in ["400,000 timers", "25.0 % of a processor", "17 deadlines", "9,216 of 50,000"] {
            assert!(text.contains(said), "{said}: {text}");
        }
        slow.books_balance = Some(false);
        assert!(row(&slow, None).contains("lost or fired twice"));
        let foot = foot(&[slow]);
        assert!(foot.contains("polls all of them") && !foot.contains("in order"), "{foot}");
    }
}
