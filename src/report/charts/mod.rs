//! The charts of a report: what each shows, and the table behind it.

mod chart;
mod chart_builder;
mod day_charts;
mod day_maps;
mod days_charts;
mod goal_charts;
mod people;
mod percentile_chart;
mod reassignments;
mod trade;
mod waits;

pub(super) use self::chart::{Chart, Section};
pub(super) use self::chart_builder::{
    ChartBuilder, CommonLines, LinePlace, LineSeries, LineValue, PointPair, PointPairs,
};
pub(super) use self::goal_charts::{axis, title};
pub(super) use self::trade::{reassignments as axis_of_reassignments, share_of, trade_title};
use super::day::Day;
use super::plot::Picture;
use super::report_data::ReportData;

pub(super) use self::percentile_chart::{
    DurationScale, PercentileChart, PercentileCurve, PercentileTitle,
};
pub(super) use self::waits::WAITS;

/// How the variants stand against goals and the base.
pub(super) fn standings(data: &ReportData<'_>) -> Vec<Chart> {
    goal_charts::charts(data).into_iter().chain(trade::chart(data)).collect()
}

/// All other charts; a section without any is left out.
pub(super) fn sections(data: &ReportData<'_>, day: &Day) -> Vec<Section> {
    Section::shown([
        day_charts::section(data, day),
        days_charts::section(data, day),
        waits::section(data),
        reassignments::section(data),
        people::section(data),
    ])
}

/// All charts, for whoever wants them one by one.
pub(super) fn all(data: &ReportData<'_>, day: &Day) -> impl Iterator<Item = Picture> {
    let sections = sections(data, day).into_iter().flat_map(|section| section.charts);
    standings(data).into_iter().chain(sections).map(|chart| chart.picture)
}
