//! The charts of a report: what each shows, and the table behind it.

mod day;
mod goals;
mod people;
mod percentiles;
mod removals;
mod trade;
mod waits;

pub(super) use self::goals::{axis, title};
use super::day::Day;
use super::material::{Case, Material};
use super::picture::{Key, MOST_SERIES, Picture};
use super::table::Table;

pub(super) use self::percentiles::{Curve, Percentiles, Scale};
pub(super) use self::waits::WAITS;

/// A chart and the numbers behind it.
pub(super) struct Chart {
    /// The chart.
    pub(super) picture: Picture,
    /// The numbers.
    pub(super) table: Table,
}

/// Charts about one thing.
pub(super) struct Section {
    /// Names the section in addresses; of ours.
    pub(super) id: &'static str,
    /// What it is about.
    pub(super) title: &'static str,
    /// What to know before looking; may be empty.
    pub(super) lead: String,
    /// The charts.
    pub(super) charts: Vec<Chart>,
    /// Tables besides those behind the charts.
    pub(super) tables: Vec<Table>,
}

/// How the variants stand against goals and the base.
pub(super) fn standings(material: &Material<'_>) -> Vec<Chart> {
    goals::charts(material).into_iter().chain(trade::chart(material)).collect()
}

/// All other charts; a section without any is left out.
pub(super) fn sections(material: &Material<'_>, day: &Day) -> Vec<Section> {
    let sections = [
        day::section(material, day),
        waits::section(material),
        removals::section(material),
        people::section(material),
    ];
    sections.into_iter().filter(|section| !section.charts.is_empty()).collect()
}

/// All charts, for whoever wants them one by one.
pub(super) fn all(material: &Material<'_>, day: &Day) -> impl Iterator<Item = Picture> {
    let sections = sections(material, day).into_iter().flat_map(|section| section.charts);
    standings(material).into_iter().chain(sections).map(|chart| chart.picture)
}

/// The variants that charts show, with their positions: as many as can be told apart.
fn shown<'a>(
    material: &'a Material<'a>,
) -> impl Iterator<Item = (usize, &'a Case<'a>, &'a crate::ledger::outcome::Outcome)> {
    let cases = material.variants.iter().enumerate().take(MOST_SERIES);
    cases.filter_map(|(position, case)| Some((position, case, case.outcome?)))
}

/// A key for each variant shown.
fn keys(material: &Material<'_>, is_line: bool) -> Vec<Key> {
    let key = |(colour, case, _): (usize, &Case<'_>, _)| {
        let name = case.name.to_owned();
        Key { name, colour, is_line, variant: Some(colour) }
    };
    shown(material).map(key).collect()
}
