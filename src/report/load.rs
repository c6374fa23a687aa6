//! What `check` shows: the load that a scenario brings and the staffing that meets it.

use std::fmt::Write as _;

use crate::base::time::Span;
use crate::scenario::skill_load::skill_loads;
use crate::scenario::{Scenario, Variant, estimate};

use super::format::{nothing, number, percent};
use super::table::{ReportCell, ReportColumn, ReportTable};
use super::terminal::{WIDTH, cut, wrapped};

/// Load against staffing of each variant, interval by interval.
pub fn load(scenario: &Scenario, variants: &[Variant]) -> String {
    let mut text = format!("{}: valid\n", cut(&scenario.name, WIDTH - 8));
    if !scenario.question.is_empty() {
        let _ = writeln!(text, "{}", wrapped(&scenario.question, 0));
    }
    let mut shown: Vec<&Variant> = Vec::new();
    for variant in variants {
        let twin = shown
            .iter()
            .find(|other| estimate(&other.plan).intervals == estimate(&variant.plan).intervals);
        if let Some(twin) = twin {
            let line = format!("{}: as {}", variant.name, twin.name);
            let _ = write!(text, "\n{}\n", cut(&line, WIDTH));
            continue;
        }
        table(&mut text, variant);
        shown.push(variant);
    }
    let _ = write!(text, "\n{}\n", wrapped(REMARK, 0));
    text
}

fn table(text: &mut String, variant: &Variant) {
    let plan = &variant.plan;
    let estimate = estimate(plan);
    let _ = write!(text, "\n{}\n", cut(&variant.name, WIDTH));
    let first = ReportColumn::new("from").left(14);
    let columns = HEADINGS.map(|head| ReportColumn::new(head).right(11));
    let mut table = ReportTable::of("", std::iter::once(first).chain(columns));
    let hours = plan.measure.interval.as_secs_f64() / 3600.0;
    for interval in estimate.intervals.iter().take(ROWS) {
        let from = plan.run.starts_at + Span::from(interval.start);
        table.push(
            None,
            vec![
                ReportCell::Clock(from),
                ReportCell::amount(tenth(interval.arrivals)),
                ReportCell::amount(tenth(interval.work * hours)),
                ReportCell::amount(tenth(interval.staff * hours)),
                ReportCell::share(interval.utilisation()),
                ReportCell::amount(tenth(interval.open)),
                ReportCell::share(interval.slot_use()),
            ],
        );
    }
    text.push_str(&table.text());
    if let Some(more) = estimate.intervals.len().checked_sub(ROWS).filter(|more| *more > 0) {
        let _ = writeln!(text, "… and {more} more");
    }
    let total = format!(
        "{} conversations, {} replies; work / staff {}",
        number(libm::round(estimate.conversations)),
        number(libm::round(estimate.replies)),
        estimate.utilisation().map_or_else(nothing, percent)
    );
    let _ = writeln!(text, "{}", wrapped(&total, 2));
    skills(text, variant);
}

/// Work against the agents who have each skill, hand-overs and repeat contacts included.
fn skills(text: &mut String, variant: &Variant) {
    let names = &variant.plan.centre.skills;
    if names.len() < 2 {
        return;
    }
    let columns = [
        ReportColumn::new("skill").left(30),
        ReportColumn::new("agents busy").right(14),
        ReportColumn::new("agents").right(11),
        ReportColumn::new("work/staff").right(11),
    ];
    let mut table = ReportTable::of("", columns);
    for (name, load) in names.iter().zip(skill_loads(&variant.plan)) {
        let load_of_skill = ReportCell::share(load.utilisation());
        let (work, staff) =
            (ReportCell::amount(tenth(load.work)), ReportCell::amount(tenth(load.staff)));
        table.push(None, vec![name.clone().into(), work, staff, load_of_skill]);
    }
    let _ = write!(text, "\n{}", table.text());
}

fn tenth(value: f64) -> f64 {
    libm::round(value * 10.0) / 10.0
}

const HEADINGS: [&str; 6] = ["offered", "work h", "staffed h", "work/staff", "open", "slot use"];
const ROWS: usize = 96;
const REMARK: &str = "Work is counted where it arrives; absences, abandonment and unassignments are left out. Above 100 % a backlog grows.";
