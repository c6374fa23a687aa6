//! Pictures of what was estimated, each beside what was measured.

use crate::estimation::{
    CONFIDENCE, ChosenFit, Law, PatienceFinding, QuantilePoint, SurvivalCurve,
};
use crate::fitting::{ArrivalEstimates, SilentOutcome, TimesEstimate};
use crate::ledger::definitions::Unit;
use crate::report::charts::{Chart, ChartBuilder, CommonLines, LinePlace, LineSeries, LineValue};
use crate::report::plot::{Axis, MOST_SERIES, Tick};
use crate::report::table::{NumberUnit, ReportCell};

use super::fitted_log::FittedLog;
use super::fitted_words::time;

/// Contacts an hour over the day, a line a skill, mean over the days on which somebody comes.
pub(super) fn arrivals(found: &ArrivalEstimates, names: &[String], hours: f64) -> Chart {
    let count = found.skills.iter().flat_map(|skill| &skill.intervals);
    let count = count.map(|it| usize::from(it.interval) + 1).max().unwrap_or(1);
    let first = found.skills.iter().flat_map(|skill| &skill.intervals);
    let first = first.map(|it| usize::from(it.interval)).min().unwrap_or(0);
    let mut highest: f64 = 0.0;
    let series = found.skills.iter().take(MOST_SERIES).enumerate().map(|(colour, skill)| {
        let values = (first..count).map(|interval| {
            let at = skill.intervals.iter().filter(|it| usize::from(it.interval) == interval);
            let at = Vec::from_iter(at);
            let mean = |part: &dyn Fn(&&crate::fitting::IntervalArrivals) -> f64| {
                at.iter().map(part).sum::<f64>() / at.len().max(1) as f64
            };
            let up = mean(&|it| it.per_hour.value);
            let band =
                [mean(&|it| it.per_hour.interval.low), mean(&|it| it.per_hour.interval.high)];
            highest = highest.max(band[1]);
            Some(LineValue { up, band: Some(band), cell: ReportCell::fixed(1, up) })
        });
        let name = names.get(colour).cloned().unwrap_or_default();
        LineSeries {
            head: format!("{name}, contacts an hour"),
            name,
            colour,
            variant: None,
            values: values.collect(),
        }
    });
    let series = Vec::from_iter(series);
    let clock = |interval: usize| {
        let minutes = libm::round(interval as f64 * hours * 60.0) as u32;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    };
    let step = ((count - first) / 6).max(1);
    let ticks = (first..=count).step_by(step).map(|at| Tick { at: at as f64, text: clock(at) });
    let places = (first..count).map(|interval| LinePlace {
        name: ReportCell::text(clock(interval)),
        across: interval as f64 + 0.5,
    });
    let of = CommonLines {
        caption: "Contacts an hour by clock time".into(),
        head: "from".into(),
        x: Axis::new("", first as f64, count as f64, ticks),
        y: Axis::amount("contacts an hour", highest, 5.0),
        marks: Vec::new(),
        places: places.collect(),
        series,
    };
    let chart = ChartBuilder::new("arrivals", "Contacts an hour over the day");
    chart.about("Means over all days with their intervals.").lines(of)
}

/// A power of ten of seconds on an axis.
fn brief(seconds: f64) -> String {
    if seconds < 1.0 { format!("{seconds} s") } else { format!("{seconds:.0} s") }
}

/// Quantiles of a fitted distribution against those measured; none of too few.
pub(super) fn quantiles(name: &str, title: &str, found: &TimesEstimate) -> Option<Chart> {
    let chosen: &ChosenFit = found.chosen.as_ref()?;
    let points = Vec::from_iter(chosen.misfit.quantiles.iter().step_by(2).copied());
    let (first, last) = (points.first()?, points.last()?);
    let lowest = first.measured.min(first.fitted).max(0.01);
    let highest = last.measured.max(last.fitted).max(lowest * 2.0);
    let value = |seconds: f64| {
        Some(LineValue {
            up: libm::log10(seconds.max(lowest)),
            band: None,
            cell: ReportCell::number(seconds, NumberUnit::Of(Unit::Seconds)),
        })
    };
    let line = |name: &str, colour: usize, of: &dyn Fn(&QuantilePoint) -> f64| LineSeries {
        name: name.to_owned(),
        head: format!("{name}, seconds"),
        colour,
        variant: None,
        values: points.iter().map(|point| value(of(point))).collect(),
    };
    let places = points.iter().map(|point| LinePlace {
        name: ReportCell::share(point.probability),
        across: point.probability,
    });
    let series = vec![
        line("measured", 0, &|point| point.measured),
        line("fitted", 1, &|point| point.fitted),
    ];
    let fits = if found.has_fit() { "The distribution fits" } else { "No distribution fits" };
    let family = chosen.best().form.family;
    let about = format!("{fits}; the best is {family:?}, n = {}.", found.ended);
    let ticks =
        [0.0, 0.25, 0.5, 0.75, 1.0].map(|at| Tick { at, text: format!("{:.0} %", at * 100.0) });
    let of = CommonLines {
        caption: format!("{title}: quantiles"),
        head: "share that is not longer".into(),
        x: Axis::new("share that is not longer", 0.0, 1.0, ticks),
        y: Axis::decades("", lowest, highest, brief),
        marks: Vec::new(),
        places: places.collect(),
        series,
    };
    let full = format!(
        "{title}: {}",
        if found.has_fit() { "measured and fitted" } else { "no distribution fits" }
    );
    Some(ChartBuilder::new(format!("quantiles_{name}"), full).about(about).lines(of))
}

/// The curve of Kaplan and Meier with its band, and the patience that was fitted.
pub(super) fn patience(log: &FittedLog<'_>) -> Option<Chart> {
    let curve: &SurvivalCurve = &log.estimates.patience.curve;
    let longest = curve.steps().last()?.seconds;
    let law: Option<Law> = match (&log.estimates.silent.finding, log.estimates.silent_outcome()) {
        (crate::estimation::SilentFinding::Identified(fit), SilentOutcome::Known(_)) => {
            Some(fit.patience)
        }
        _ => match &log.estimates.patience.finding {
            PatienceFinding::Fitted { chosen, .. } => Some(chosen.best().law),
            _ => None,
        },
    };
    let at = Vec::from_iter((0..=40).map(|step| longest * f64::from(step) / 40.0));
    let measured = at.iter().map(|&seconds| {
        let band = curve.band(seconds, CONFIDENCE);
        let up = curve.at(seconds);
        Some(LineValue { up, band: Some([band.low, band.high]), cell: ReportCell::share(up) })
    });
    let line = |name: &str, colour, values: Vec<Option<LineValue>>| LineSeries {
        name: name.to_owned(),
        head: format!("{name}, share"),
        colour,
        variant: None,
        values,
    };
    let mut series = vec![line("openly left, measured", 0, measured.collect())];
    if let Some(law) = law {
        let fitted = at.iter().map(|&seconds| {
            let up = law.survival(seconds);
            Some(LineValue { up, band: None, cell: ReportCell::share(up) })
        });
        series.push(line("patience, fitted", 1, fitted.collect()));
    }
    let places = at
        .iter()
        .map(|&seconds| LinePlace { name: ReportCell::text(time(seconds)), across: seconds });
    let of = CommonLines {
        caption: "Share still waiting if nobody were answered".into(),
        head: "after".into(),
        x: Axis::elapsed("time waited", longest),
        y: Axis::share("share still waiting", 1.0),
        marks: Vec::new(),
        places: places.collect(),
        series,
    };
    let about = "Those who were answered count as long as they waited (Kaplan and Meier).";
    let chart = ChartBuilder::new("patience", "Share still waiting if nobody were answered");
    Some(chart.about(about).lines(of))
}
