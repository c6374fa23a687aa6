//! Conversations that are taken from their agents, and what becomes of them.

use crate::ledger::outcome::{Counts, Outcome};
use crate::report::format::number;
use crate::report::plot::{Bar, BarPart, Bars, LegendKey};
use crate::report::report_data::ReportData;
use crate::report::table::{ReportCell, ReportTable, labelled};

use super::chart::{Chart, Section, shown};
use super::chart_builder::ChartBuilder;
use super::waits::percentiles;

/// Its charts.
pub(super) fn section(data: &ReportData<'_>) -> Section {
    let charts = [
        stacked(data, &UNASSIGNS),
        stacked(data, &REMOVALS),
        percentiles(data, "rescue", None),
        percentiles(data, "stranded", None),
    ];
    Section::new(
        "removals",
        "Taken away and rescued",
        "How often the platform takes a conversation from its agent, and how long it then takes \
         until another agent answers.",
    )
    .charts(charts.into_iter().flatten())
}

/// Counts of one run, made of parts.
pub(super) struct StackedParts {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) label: &'static str,
    pub(super) parts: &'static [StackedPart],
    /// Whether amounts are shares of a whole.
    pub(super) shares: bool,
}

/// A part of such a count.
pub(super) struct StackedPart {
    pub(super) name: &'static str,
    /// Position of its colour.
    pub(super) colour: usize,
    /// The amount in a run.
    pub(super) amount: fn(&Outcome) -> f64,
}

/// A bar a variant; none if all are empty.
pub(super) fn stacked(data: &ReportData<'_>, of: &StackedParts) -> Option<Chart> {
    let amounts = shown(data).map(|(position, case, outcome)| {
        let amounts = of.parts.iter().map(|part| (part.amount)(outcome));
        (position, case.name, Vec::from_iter(amounts))
    });
    let amounts = Vec::from_iter(amounts);
    if amounts.iter().all(|(.., amounts)| amounts.iter().sum::<f64>() == 0.0) {
        return None;
    }
    let text = |amount: f64| match of.shares {
        true => format!("{:.0} %", amount * 100.0),
        false => number(libm::round(amount * 10.0) / 10.0),
    };
    let bars = amounts.iter().map(|(variant, name, amounts)| Bar {
        variant: *variant,
        name: (*name).to_owned(),
        parts: std::iter::zip(of.parts, amounts)
            .map(|(part, &amount)| BarPart { colour: part.colour, amount, text: text(amount) })
            .collect(),
        total: if of.shares { String::new() } else { text(amounts.iter().sum()) },
    });
    let keys = of.parts.iter().enumerate();
    let keys = keys.filter(|(at, _)| amounts.iter().any(|(.., amounts)| amounts[*at] > 0.0));
    let keys = keys.map(|(_, part)| LegendKey::area(part.name, part.colour));
    let unit = if of.shares { ", %" } else { "" };
    let heads = of.parts.iter().map(|part| (None, format!("{}{unit}", part.name)));
    let caption = format!("{}: {}", of.title, of.label);
    let mut table = ReportTable::new(caption, ["variant"]).with(heads);
    let mut sentences = Vec::new();
    for (_, name, amounts) in &amounts {
        let scale = if of.shares { 100.0 } else { 1.0 };
        let cells = amounts.iter().map(|amount| ReportCell::amount(amount * scale));
        table.push(None, labelled((*name).to_owned(), cells));
        let parts = of.parts.iter().zip(amounts).filter(|(_, amount)| **amount > 0.0);
        let parts = parts.map(|(part, amount)| format!("{} {}", part.name, text(*amount)));
        let parts = Vec::from_iter(parts);
        let parts = if parts.is_empty() { "none".to_owned() } else { parts.join(", ") };
        sentences.push(format!("{name}: {parts}."));
    }
    let bars = Bars { label: of.label.to_owned(), bars: bars.collect() };
    let chart = ChartBuilder::new(of.name, of.title).about(sentences.join(" ")).keys(keys);
    Some(chart.drawn(bars, table))
}

fn a_run(outcome: &Outcome, count: impl Fn(&Counts) -> u64) -> f64 {
    count(&outcome.counts) as f64 / outcome.replications.max(1) as f64
}

const UNASSIGNS: StackedParts = StackedParts {
    name: "unassigns",
    title: "Automatic unassigns",
    label: "a run, by the state of the owner",
    parts: &[
        StackedPart {
            name: "owner Online",
            colour: 0,
            amount: |outcome| a_run(outcome, |counts| counts.unassigned_online),
        },
        StackedPart {
            name: "owner Away",
            colour: 4,
            amount: |outcome| a_run(outcome, |counts| counts.unassigned_away),
        },
        StackedPart {
            name: "owner Offline",
            colour: 1,
            amount: |outcome| a_run(outcome, |counts| counts.unassigned_offline),
        },
    ],
    shares: false,
};

const REMOVALS: StackedParts = StackedParts {
    name: "ownership_removals",
    title: "Ownership removals",
    label: "a run, by what set them off",
    parts: &[
        StackedPart {
            name: "logout",
            colour: 0,
            amount: |outcome| a_run(outcome, |counts| counts.removed_on_logout),
        },
        StackedPart {
            name: "message",
            colour: 4,
            amount: |outcome| a_run(outcome, |counts| counts.removed_on_message),
        },
        StackedPart {
            name: "boomerang",
            colour: 1,
            amount: |outcome| a_run(outcome, |counts| counts.removed_on_boomerang),
        },
    ],
    shares: false,
};
