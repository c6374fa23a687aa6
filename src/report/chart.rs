//! Charts over the intervals of the run, as SVG.
//!
//! Plotters draws the text of an SVG as text, so no font is needed on the machine that draws.

use std::error::Error;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::base::time::Span;
use crate::ledger::outcome::Flow;

use super::Report;

/// Abandonment and service level over the day, as (file name, picture); none when nothing was run.
///
/// # Errors
///
/// What the drawing library cannot draw: a bug.
pub fn charts(report: &Report<'_>) -> Result<Vec<(&'static str, String)>, Box<dyn Error>> {
    let Some(base) = report.results.variants.first() else { return Ok(Vec::new()) };
    let measure = &base.plan.measure;
    let within = format!("Served within {} by interval", measure.service_level.within);
    let service_level = move |flow: &Flow| flow.service_level(measure.service_level.of);
    let chart = |title: &str, value: &dyn Fn(&Flow) -> Option<f64>| {
        let lines = report.results.variants.iter().filter_map(|variant| {
            let intervals = &variant.pooled.as_ref()?.intervals;
            let shares = intervals.iter().map(|interval| value(&interval.flow)).collect();
            Some((variant.name.as_str(), shares))
        });
        let (starts_at, interval) = (base.plan.run.starts_at, measure.interval);
        let axis = "of those who wrote in it";
        Chart { title, axis, starts_at, interval, lines: lines.take(PALETTE.len()).collect() }
            .to_svg()
    };
    Ok(vec![
        (ABANDONMENT, chart("Abandoned before an answer, by interval", &Flow::abandonment)?),
        (SERVICE_LEVEL, chart(&within, &service_level)?),
    ])
}

/// Name of the file with the first chart.
pub(super) const ABANDONMENT: &str = "abandonment.svg";
/// Name of the file with the second chart.
pub(super) const SERVICE_LEVEL: &str = "service_level.svg";

/// A chart of shares over the intervals of the run, one line a variant.
#[derive(Debug)]
pub struct Chart<'a> {
    /// What is shown.
    pub title: &'a str,
    /// What the vertical axis counts.
    pub axis: &'a str,
    /// Clock time at which the run starts, since midnight.
    pub starts_at: Span,
    /// Length of an interval.
    pub interval: Span,
    /// A name and one share (0 to 1) for each interval, `None` where nothing was offered.
    pub lines: Vec<(&'a str, Vec<Option<f64>>)>,
}

impl Chart<'_> {
    /// The picture, 960 by 420.
    ///
    /// # Errors
    ///
    /// What the drawing library cannot draw: a bug.
    pub fn to_svg(&self) -> Result<String, Box<dyn Error>> {
        let mut svg = String::new();
        {
            let canvas = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
            canvas.fill(&WHITE)?;
            self.draw(&canvas)?;
            canvas.present()?;
        }
        Ok(svg)
    }

    fn draw<'b>(
        &self,
        canvas: &DrawingArea<SVGBackend<'b>, plotters::coord::Shift>,
    ) -> Result<(), Box<dyn Error>>
    where
        SVGBackend<'b>: DrawingBackend<ErrorType: 'static>,
    {
        let hours = self.interval.as_secs_f64() / 3600.0;
        let first = self.starts_at.as_secs_f64() / 3600.0;
        let known = |shares: &Vec<Option<f64>>| shares.iter().rposition(Option::is_some);
        let latest = self.lines.iter().filter_map(|(_, shares)| known(shares)).max();
        let intervals = latest.unwrap_or_default() + 1;
        let last = first + hours * intervals as f64;
        let mut chart = ChartBuilder::on(canvas)
            .margin(14)
            .margin_right(150)
            .x_label_area_size(44)
            .y_label_area_size(56)
            .caption(self.title, (FONT, 20).into_font().color(&INK))
            .build_cartesian_2d(first..last, 0.0..self.ceiling())?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .bold_line_style(GRID)
            .light_line_style(TRANSPARENT)
            .axis_style(INK.mix(0.4))
            .label_style((FONT, 14).into_font().color(&INK))
            .x_labels(15)
            .y_labels(6)
            .x_label_formatter(&|hour| clock(*hour))
            .y_label_formatter(&|share| format!("{:.0} %", share * 100.0))
            .x_desc("time of day")
            .y_desc(self.axis)
            .draw()?;
        let mut labels = Vec::new();
        for (position, (name, shares)) in self.lines.iter().enumerate() {
            let colour = PALETTE[position % PALETTE.len()];
            let points = Vec::from_iter(shares.iter().enumerate().filter_map(|(at, share)| {
                share.map(|share| (first + hours * (at as f64 + 0.5), share))
            }));
            let width = if position == 0 { 3 } else { 2 };
            chart.draw_series(LineSeries::new(points.clone(), colour.stroke_width(width)))?;
            if let Some(&(_, share)) = points.last() {
                labels.push((chart.backend_coord(&(last, share)), *name, colour));
            }
        }
        write_labels(canvas, labels)
    }

    /// A round number above everything shown.
    fn ceiling(&self) -> f64 {
        let highest = self.lines.iter().flat_map(|(_, shares)| shares).flatten();
        let highest = highest.fold(0.0_f64, |highest, share| highest.max(*share));
        ((highest * 10.0).ceil() / 10.0).clamp(0.1, 1.0)
    }
}

/// Writes the names beside the ends of their lines, from the top down, none over another.
fn write_labels<'b>(
    canvas: &DrawingArea<SVGBackend<'b>, plotters::coord::Shift>,
    mut labels: Vec<((i32, i32), &str, RGBColor)>,
) -> Result<(), Box<dyn Error>>
where
    SVGBackend<'b>: DrawingBackend<ErrorType: 'static>,
{
    labels.sort_by_key(|&((_, y), ..)| y);
    let mut free = 0;
    for ((x, y), name, colour) in labels {
        let y = y.max(free);
        free = y + 20;
        canvas.draw(&PathElement::new([(x + 6, y), (x + 24, y)], colour.stroke_width(3)))?;
        let anchor = Pos::new(HPos::Left, VPos::Center);
        let style = (FONT, 15).into_font().color(&INK).pos(anchor);
        canvas.draw(&Text::new(name.to_owned(), (x + 30, y), style))?;
    }
    Ok(())
}

fn clock(hour: f64) -> String {
    let minutes = (hour * 60.0).round() as i64;
    format!("{:02}:{:02}", minutes.div_euclid(60) % 24, minutes.rem_euclid(60))
}

const SIZE: (u32, u32) = (960, 420);
const FONT: &str = "sans-serif";
const INK: RGBColor = RGBColor(40, 44, 52);
const GRID: RGBColor = RGBColor(225, 228, 232);

/// Okabe and Ito (2008), Color Universal Design: told apart by colour-blind readers too.
const PALETTE: [RGBColor; 7] = [
    RGBColor(90, 90, 90),
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_drawn_and_named_and_hostile_names_stay_text() {
        let chart = Chart {
            title: "Abandonment",
            axis: "share of offered",
            starts_at: Span::from_hours(8),
            interval: Span::from_mins(30),
            lines: vec![
                ("off", vec![Some(0.1), None, Some(0.3)]),
                ("</text><script>alert(1)</script>", vec![Some(0.2), Some(0.1), Some(0.1)]),
            ],
        };
        let svg = chart.to_svg().unwrap();
        assert!(svg.contains("Abandonment") && svg.contains("08:00") && svg.contains("off"));
        assert_eq!(svg.matches("stroke-width=\"3\"").count(), 3, "base line and two keys");
        assert!(!svg.contains("<script>"));
    }
}
