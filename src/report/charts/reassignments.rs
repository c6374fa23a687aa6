//! Conversations that are taken from their agents, and what becomes of them.

use crate::ledger::outcome::{Counts, Outcome};
use crate::report::format::number;
use crate::report::plot::{Bar, Bars, LegendKey, PlotBody};
use crate::report::report_data::ReportData;
use crate::report::table::{ReportTable, plain};

use super::chart::{Chart, Section, shown};
use super::chart_builder::ChartBuilder;
use super::waits::percentiles;

/// Its charts.
pub(super) fn section(data: &ReportData<'_>) -> Section {
    let charts = [
        stacked(data, &UNASSIGNS),
        stacked(data, &REMOVALS),
        percentiles(
            data,
            "rescue",
            "Rescue",
            "reassignment to the reply of another agent",
            |outcome| &outcome.times.rescue,
        ),
        percentiles(
            data,
            "stranded",
            "Stranded",
            "time New with an owner who is Offline",
            |outcome| &outcome.times.stranded,
        ),
    ];
    Section {
        id: "removals",
        title: "Taken away and rescued",
        lead: "How often the platform takes a conversation from its agent, and how long it then \
               takes until another agent answers."
            .to_owned(),
        charts: charts.into_iter().flatten().collect(),
        tables: Vec::new(),
    }
}

/// Counts of one run, made of parts.
pub(super) struct StackedParts {
    name: &'static str,
    title: &'static str,
    label: &'static str,
    parts: &'static [StackedPart],
    /// Whether amounts are shares of a whole.
    shares: bool,
}

/// Name, position among the colours, and the amount in a run.
pub(super) type StackedPart = (&'static str, usize, fn(&Outcome) -> f64);

/// A bar a variant; none if all are empty.
pub(super) fn stacked(data: &ReportData<'_>, of: &StackedParts) -> Option<Chart> {
    let amounts = shown(data).map(|(position, case, outcome)| {
        let amounts = of.parts.iter().map(|(.., amount)| amount(outcome));
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
        parts: of
            .parts
            .iter()
            .zip(amounts)
            .map(|(&(_, colour, _), &amount)| (colour, amount, text(amount)))
            .collect(),
        total: if of.shares { String::new() } else { text(amounts.iter().sum()) },
    });
    let keys = of
        .parts
        .iter()
        .enumerate()
        .filter(|(position, _)| amounts.iter().any(|(.., amounts)| amounts[*position] > 0.0));
    let keys = keys.map(|(_, &(name, colour, _))| LegendKey::area(name, colour));
    let heads = of.parts.iter().map(|(name, ..)| match of.shares {
        true => format!("{name}, %"),
        false => (*name).to_owned(),
    });
    let heads = std::iter::once("variant".to_owned()).chain(heads);
    let mut table = ReportTable::new(format!("{}: {}", of.title, of.label), heads);
    let mut sentences = Vec::new();
    for (_, name, amounts) in &amounts {
        let cell = |amount: &f64| plain(if of.shares { amount * 100.0 } else { *amount });
        let cells = std::iter::once((*name).to_owned()).chain(amounts.iter().map(cell));
        table.push(None, cells.collect());
        let parts = of.parts.iter().zip(amounts).filter(|(_, amount)| **amount > 0.0);
        let parts = parts.map(|((part, ..), amount)| format!("{part} {}", text(*amount)));
        let parts = Vec::from_iter(parts);
        let parts = if parts.is_empty() { "none".to_owned() } else { parts.join(", ") };
        sentences.push(format!("{name}: {parts}."));
    }
    let bars = Bars { label: of.label.to_owned(), bars: bars.collect() };
    let chart = ChartBuilder::new(of.name, of.title).about(sentences.join(" ")).keys(keys);
    Some(chart.drawn(PlotBody::Bars(bars), table))
}

impl StackedParts {
    /// Parts of the time of agents.
    pub(super) const fn of_time(parts: &'static [StackedPart]) -> Self {
        let (title, label) = ("How agents spend their time", "% of the time logged in");
        Self { name: "agents_time", title, label, parts, shares: true }
    }
}

fn a_run(outcome: &Outcome, count: impl Fn(&Counts) -> u64) -> f64 {
    count(&outcome.counts) as f64 / outcome.replications.max(1) as f64
}

const UNASSIGNS: StackedParts = StackedParts {
    name: "unassigns",
    title: "Automatic unassigns",
    label: "a run, by the state of the owner",
    parts: &[
        ("owner Online", 0, |outcome| a_run(outcome, |counts| counts.unassigned_online)),
        ("owner Away", 4, |outcome| a_run(outcome, |counts| counts.unassigned_away)),
        ("owner Offline", 1, |outcome| a_run(outcome, |counts| counts.unassigned_offline)),
    ],
    shares: false,
};

const REMOVALS: StackedParts = StackedParts {
    name: "ownership_removals",
    title: "Ownership removals",
    label: "a run, by what set them off",
    parts: &[
        ("logout", 0, |outcome| a_run(outcome, |counts| counts.removed_on_logout)),
        ("message", 4, |outcome| a_run(outcome, |counts| counts.removed_on_message)),
        ("boomerang", 1, |outcome| a_run(outcome, |counts| counts.removed_on_boomerang)),
    ],
    shares: false,
};
