//! Charts of the workbook, drawn by the spreadsheet from the sheet of intervals.

use std::io;

use rust_xlsxwriter::{
    Chart, ChartEmptyCells, ChartFont, ChartFormat, ChartLegendPosition, ChartLine,
    ChartLineDashType, ChartSolidFill, ChartType, Color, Worksheet,
};

use crate::base::time::Time;
use crate::experiment::VariantResults;
use crate::ledger::definitions::label;
use crate::ledger::gauge::Gauge;
use crate::ledger::outcome::IntervalFigures;
use crate::report::format::{clock_of_day, percent};
use crate::report::report_data::Report;
use crate::report::terminal::cut;
use crate::report::wording::capital;

use super::cell_writer::trouble;
use super::table_sheet::{TableSheet, print_on};

/// The sheet that the charts are drawn from.
pub(super) const SOURCE: &str = "Intervals";

/// The sheet with the charts; none if nothing was run.
pub(super) fn charts(
    report: &Report<'_>,
    intervals: &TableSheet<'_>,
) -> io::Result<Option<Worksheet>> {
    let ranges = ranges(report, intervals.len());
    let Some(base) = ranges.first() else { return Ok(None) };
    let drawn = ChartSource { intervals, ranges: &ranges };
    let within = base.variant.plan.measure.service_level.within;
    let of = base.variant.plan.measure.service_level.of;
    let served = format!("Served within {within}");
    let charts = [
        drawn.shares("abandonment", &capital(label("abandonment")), &|figures| {
            figures.flow.abandonment()
        }),
        drawn.shares("service_level", &served, &|figures| figures.flow.service_level(of)),
        drawn.queue(),
    ];
    let mut sheet = Worksheet::new();
    sheet.set_name("Charts").map_err(trouble)?;
    sheet.set_screen_gridlines(false);
    for (position, chart) in charts.into_iter().flatten().enumerate() {
        let row = 1 + position as u32 * ROWS_A_CHART;
        sheet.insert_chart(row, 1, &chart).map_err(trouble)?;
    }
    print_on(&mut sheet, 1);
    sheet.set_portrait();
    Ok(Some(sheet))
}

/// The rows of a variant in the sheet of intervals, as far as consumers wrote.
struct VariantRows<'a> {
    variant: &'a VariantResults,
    intervals: &'a [IntervalFigures],
    first: u32,
    last: u32,
}

/// Those of the variants that are drawn.
fn ranges<'a>(report: &'a Report<'_>, rows: u32) -> Vec<VariantRows<'a>> {
    let variants = report.results.variants.iter();
    let variants = variants.filter_map(|it| Some((it, it.pooled.as_deref()?)));
    let variants = Vec::from_iter(variants);
    let used = variants.iter().filter_map(|(_, outcome)| {
        outcome.intervals.iter().rposition(|interval| interval.flow.offered > 0)
    });
    let Some(used) = used.max() else { return Vec::new() };
    let mut first = 1;
    let ranges = variants.into_iter().map(|(variant, outcome)| {
        let (start, count) = (first, outcome.intervals.len());
        first += count as u32;
        let shown = (used + 1).min(count);
        let (intervals, last) = (&outcome.intervals[..shown], start + shown as u32 - 1);
        VariantRows { variant, intervals, first: start, last }
    });
    ranges.take(PALETTE.len()).filter(|range| range.last <= rows).collect()
}

/// What charts are drawn from.
struct ChartSource<'a> {
    intervals: &'a TableSheet<'a>,
    ranges: &'a [VariantRows<'a>],
}

impl ChartSource<'_> {
    /// A line a variant.
    fn shares(
        &self,
        column: &str,
        title: &str,
        value: &dyn Fn(&IntervalFigures) -> Option<f64>,
    ) -> Option<Chart> {
        let mut chart = Chart::new(ChartType::Line);
        self.lines(&mut chart, column, false)?;
        self.style(&mut chart, title, "time of day at which they wrote");
        chart
            .y_axis()
            .set_name("of those who wrote in the interval")
            .set_num_format("0%")
            .set_min(0.0);
        let (lines, highest) = (self.ranges.len(), self.highest("Highest", value, percent));
        let text =
            format!("{title}, by interval of the day: {lines} lines, one a variant.{highest}");
        chart.set_alt_text(cut(&text, LONGEST_ALT_TEXT));
        Some(chart)
    }

    /// Agents of the base as columns, the queue of each variant as a line over them.
    fn queue(&self) -> Option<Chart> {
        let base = self.ranges.first()?;
        let mut chart = Chart::new(ChartType::Column);
        let title = "Queue against agents online";
        chart
            .add_series()
            .set_categories(self.range("starts", base)?)
            .set_values(self.range("online", base)?)
            .set_name("agents online, base")
            .set_gap(0)
            .set_format(
                ChartFormat::new()
                    .set_solid_fill(ChartSolidFill::new().set_color(Color::RGB(0x00D5_DBE3))),
            );
        self.style(&mut chart, title, "time of day");
        chart.y_axis().set_name("agents").set_min(0.0);
        let mut lines = Chart::new(ChartType::Line);
        self.lines(&mut lines, "queue", true)?;
        chart.combine(&lines);
        chart.y2_axis().set_name("conversations in the queue").set_min(0.0);
        let queue = |figures: &IntervalFigures| figures.mean(Gauge::Queue);
        let longest = self.highest("Longest queue", &queue, |queue| format!("{queue:.1}"));
        let text = format!(
            "{title}, by interval: agents of the base as columns, the queue as a line a variant.{longest}"
        );
        chart.set_alt_text(cut(&text, LONGEST_ALT_TEXT));
        Some(chart)
    }

    /// The highest value of all variants, and when it was, in a sentence.
    fn highest(
        &self,
        what: &str,
        value: &dyn Fn(&IntervalFigures) -> Option<f64>,
        written: fn(f64) -> String,
    ) -> String {
        let values = self.ranges.iter().flat_map(|range| {
            let values = range.intervals.iter().enumerate();
            values.filter_map(move |(at, figures)| Some((value(figures)?, range, at)))
        });
        let highest = values.max_by(|one, other| one.0.total_cmp(&other.0));
        let told = highest.map(|(value, range, at)| {
            let (name, value) = (cut(&range.variant.name, LONGEST_NAME), written(value));
            format!(" {what}: {value} at {} with {name}.", clock(range, at))
        });
        told.unwrap_or_default()
    }

    fn lines(&self, chart: &mut Chart, column: &str, is_secondary: bool) -> Option<()> {
        for (position, range) in self.ranges.iter().enumerate() {
            let line = ChartLine::new()
                .set_color(Color::RGB(PALETTE[position]))
                .set_width(if position == 0 { 2.75 } else { 2.0 })
                .set_dash_type(DASHES[position % DASHES.len()])
                .clone();
            // By its cell, as a name that begins with `=` would be taken for a reference.
            chart
                .add_series()
                .set_categories(self.range("starts", range)?)
                .set_values(self.range(column, range)?)
                .set_name((SOURCE, range.first, self.intervals.column("variant")?))
                .set_secondary_axis(is_secondary)
                .set_format(ChartFormat::new().set_line(&line));
        }
        Some(())
    }

    /// The cells of a variant in a column.
    fn range(
        &self,
        column: &str,
        range: &VariantRows<'_>,
    ) -> Option<(&'static str, u32, u16, u32, u16)> {
        let column = self.intervals.column(column)?;
        Some((SOURCE, range.first, column, range.last, column))
    }

    fn style(&self, chart: &mut Chart, title: &str, axis: &str) {
        let labels = self.ranges.first().map_or(0, |base| base.intervals.len()) / LABELS + 1;
        chart.title().set_name(title).set_font(ChartFont::new().set_size(13));
        chart.x_axis().set_name(axis).set_num_format("[hh]:mm").set_label_interval(labels as u16);
        let grid = ChartLine::new().set_color(Color::RGB(0x00E1_E4E8)).clone();
        chart.y_axis().set_major_gridlines_line(&grid);
        chart.legend().set_position(ChartLegendPosition::Bottom);
        chart.show_empty_cells_as(ChartEmptyCells::Gaps);
        chart.set_width(960).set_height(420);
    }
}

/// Start of an interval of a variant.
fn clock(range: &VariantRows<'_>, position: usize) -> String {
    let plan = &range.variant.plan;
    let start = Time::ZERO + plan.measure.interval * position as i64;
    clock_of_day(&plan.run.calendar, start)
}

/// Rows of a sheet that a chart covers, with the space below.
const ROWS_A_CHART: u32 = 23;
/// Clock times that fit below a chart.
const LABELS: usize = 16;
const LONGEST_NAME: usize = 60;
const LONGEST_ALT_TEXT: usize = 250;

/// Okabe and Ito (2008), Color Universal Design: told apart by colour-blind readers too.
const PALETTE: [u32; 7] =
    [0x005A_5A5A, 0x0000_72B2, 0x00D5_5E00, 0x0000_9E73, 0x00CC_79A7, 0x00E6_9F00, 0x0056_B4E9];

/// Lines differ without colours too.
const DASHES: [ChartLineDashType; 4] = [
    ChartLineDashType::Solid,
    ChartLineDashType::Dash,
    ChartLineDashType::RoundDot,
    ChartLineDashType::LongDash,
];
