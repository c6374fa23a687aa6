//! What `check` shows: the load that a scenario brings and the staffing that meets it.

use std::fmt::Write as _;

use crate::scenario::estimate::Interval;
use crate::scenario::{Scenario, Variant, estimate};

use super::format::{clock_of_day, number, percent};
use super::terminal::{WIDTH, cut, left, right, wrapped};

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
    line(text, "from", HEADINGS.map(str::to_owned));
    for (position, interval) in estimate.intervals.iter().enumerate() {
        if position == ROWS {
            let _ = writeln!(text, "… and {} more", estimate.intervals.len() - ROWS);
            break;
        }
        let hours = plan.measure.interval.as_secs_f64() / 3600.0;
        line(text, &clock_of_day(plan.run.starts_at, interval.start), cells(interval, hours));
    }
    let total = format!(
        "{} conversations, {} replies; work / staff {}",
        number(libm::round(estimate.conversations)),
        number(libm::round(estimate.replies)),
        estimate.utilisation().map_or_else(|| "–".to_owned(), percent)
    );
    let _ = writeln!(text, "{}", wrapped(&total, 2));
}

fn cells(interval: &Interval, hours: f64) -> [String; 6] {
    let share = |share: Option<f64>| share.map_or_else(|| "–".to_owned(), percent);
    [
        number(tenth(interval.arrivals)),
        number(tenth(interval.work * hours)),
        number(tenth(interval.staff * hours)),
        share(interval.utilisation()),
        number(tenth(interval.open)),
        share(interval.slot_use()),
    ]
}

fn line(text: &mut String, label: &str, cells: [String; 6]) {
    let mut line = left(label, 14);
    for cell in cells {
        line.push_str(&right(&cell, 11));
    }
    let _ = writeln!(text, "{}", line.trim_end());
}

fn tenth(value: f64) -> f64 {
    libm::round(value * 10.0) / 10.0
}

const HEADINGS: [&str; 6] = ["offered", "work h", "staffed h", "work/staff", "open", "slot use"];
const ROWS: usize = 96;
const REMARK: &str = "Work is counted where it arrives; absences, abandonment and unassignments are left out. Above 100 % a backlog grows.";
