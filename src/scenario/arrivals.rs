//! `arrivals` of consumers.

use std::rc::Rc;

use serde_json::{Value as Json, json};

use super::by_day::{ByDay, ByDayForm};
use super::by_interval::{IntervalsOfDay, Resolved};
use super::csv::{self, CsvColumn};
use super::distribution::seconds;
use super::plan::RunSettings;
use super::reader::compound::{InTable, List};
use super::reader::forms::{ChoiceForm, ClockTime, DAY, Duration, Number, TextForm, Whole};
use super::reader::tree::Value;
use super::reader::{Form, Input, ReaderSection, SideTable};
use crate::base::arrivals::{ArrivalError, ArrivalProcess, PiecewiseRates, Trace};
use crate::base::calendar::Repeated;
use crate::base::time::{Span, Time};

/// A rate such as `"120/h"`, or a table.
#[derive(Clone, Copy)]
pub(super) struct ArrivalsForm<'a> {
    pub(super) run: &'a RunSettings,
}

impl Form for ArrivalsForm<'_> {
    type Value = ArrivalProcess;

    fn read(&self, input: Input<'_>) -> Option<ArrivalProcess> {
        match &input.node.value {
            Value::Table(_) => input.table(|section| process(section, self.run)),
            _ => Rate.read(input).map(|per_hour| ArrivalProcess::Constant { per_hour }),
        }
    }

    fn schema(&self) -> Json {
        let run = self.run;
        let table = InTable(|section: &mut ReaderSection<'_>| process(section, run));
        json!({ "anyOf": [Rate.schema(), table.schema()] })
    }
}

/// Consumers an hour, written with a unit.
struct Rate;

impl Form for Rate {
    type Value = f64;

    fn read(&self, input: Input<'_>) -> Option<f64> {
        let rate = match &input.node.value {
            Value::Text(text) => rate_of(text),
            _ => None,
        };
        let help = match &input.node.value {
            Value::Integer(number) => Some(format!("write the unit: \"{number}/h\"")),
            Value::Float(number) if number.is_finite() => {
                Some(format!("write the unit: \"{number}/h\""))
            }
            _ => None,
        };
        if rate.is_none() {
            let allowed =
                "a rate such as \"120/h\", per s, min, h or day, from 0 to ten million a second";
            input.refuse_with_help(allowed, help);
        }
        rate
    }

    fn schema(&self) -> Json {
        json!({ "type": "string", "pattern": RATE_PATTERN, "examples": ["120/h", "2/min"] })
    }
}

fn rate_of(text: &str) -> Option<f64> {
    let (number, unit) = text.split_once('/')?;
    let number: f64 = number.trim().parse().ok()?;
    let an_hour = match unit.trim() {
        "s" => 3600.0,
        "min" => 60.0,
        "h" => 1.0,
        "day" => 1.0 / 24.0,
        _ => return None,
    };
    let per_hour = number * an_hour;
    (0.0..=MOST_PER_HOUR).contains(&per_hour).then_some(per_hour)
}

fn process(section: &mut ReaderSection<'_>, run: &RunSettings) -> Option<ArrivalProcess> {
    let trace = section.optional(
        "trace",
        csv::SideFile,
        "CSV file with instants of arrival after the start of the run, in seconds \
         or with a unit, in order",
    );
    let closed = section.optional(
        "closed",
        InTable(closed),
        "a fixed population, each member opening its next conversation a pause after the last",
    );
    let column = section.optional(
        "column",
        TextForm,
        "column of the CSV file; `volume` or, of a trace, the first one if left out",
    );
    let intervals = Intervals::read(section, run);
    if !section.one_of(&["rates", "volumes", "csv", "trace", "closed"], true) {
        return None;
    }
    for key in ["from", "every", "repeat", "busyness"] {
        if (section.has("trace") || section.has("closed")) && section.has(key) {
            let message = format!("`{key}` goes with `rates`, `volumes` and `csv` only");
            section.context.report(section.error(key, message));
        }
    }
    if section.has("closed") {
        return closed;
    }
    if section.has("trace") {
        let column = column.map_or(CsvColumn::First, CsvColumn::Named);
        let place = || section.error("column", "");
        let after = trace?.read(section.context, column, place, csv::seconds)?;
        let instant = |after: f64| Time::ZERO + Span::from_secs_f64(after);
        let trace = Trace::new(after.into_iter().map(instant).collect());
        return check(section, "trace", trace).map(ArrivalProcess::Trace);
    }
    intervals.process(section, run, column)
}

/// Rates or volumes of consecutive intervals, as written.
struct Intervals {
    rates: Option<ByDay<Vec<f64>>>,
    volumes: Option<ByDay<Vec<f64>>>,
    csv: Option<Rc<SideTable>>,
    from: Option<Span>,
    every: Span,
    daily: Option<bool>,
    busyness: Option<f64>,
}

impl Intervals {
    fn read(section: &mut ReaderSection<'_>, run: &RunSettings) -> Self {
        let calendar = &run.calendar;
        Self {
            rates: section.optional(
                "rates",
                ByDayForm { form: List(OwnRate), calendar },
                "rates of consecutive intervals, consumers an hour or with a unit; or such lists by \
                 day",
            ),
            volumes: section.optional(
                "volumes",
                ByDayForm { form: List(Number::between(0.0, 1e12)), calendar },
                "expected numbers of consumers in consecutive intervals; or such lists by day",
            ),
            csv: section.optional(
                "csv",
                csv::SideFile,
                "CSV file with the volumes of consecutive intervals, relative to the scenario",
            ),
            from: section.optional(
                "from",
                ClockTime,
                "clock time at which the first interval begins, on the first day of the run; \
                 the start of the run if left out",
            ),
            every: section.value(
                "every",
                Duration::between(Span::from_secs(1), DAY),
                "30m",
                "length of an interval",
            ),
            daily: section.optional(
                "repeat",
                REPEAT,
                "whether the intervals come again every day; if left out they do if they fit \
                 into 24 hours",
            ),
            busyness: section.optional(
                "busyness",
                InTable(busyness),
                "all rates of a day are multiplied by one random factor",
            ),
        }
    }

    fn process(
        self,
        section: &ReaderSection<'_>,
        run: &RunSettings,
        column: Option<String>,
    ) -> Option<ArrivalProcess> {
        let (key, intervals) = if section.has("rates") {
            ("rates", self.rates.clone()?)
        } else if section.has("volumes") {
            ("volumes", self.volumes.as_ref()?.map(|volumes| self.rates_of(volumes)))
        } else {
            let column = CsvColumn::Named(column.unwrap_or_else(|| "volume".to_owned()));
            let place = || section.error("column", "");
            let volumes = self.csv.as_ref()?.read(section.context, column, place, csv::number)?;
            ("csv", ByDay::daily(self.rates_of(&volumes)))
        };
        let rates = match (intervals.of_every_day(), run.calendar.first_date()) {
            (Some(rates), None) => self.of_days_alike(section, key, run, rates)?,
            _ => self.of_dates(section, key, run, &intervals)?,
        };
        let rates = match self.busyness {
            Some(shape) => check(section, "busyness", rates.with_busyness(shape))?,
            None => rates,
        };
        Some(ArrivalProcess::Piecewise(rates))
    }

    /// Consumers an hour, from the numbers of intervals.
    fn rates_of(&self, volumes: &[f64]) -> Vec<f64> {
        let hours = self.every.as_secs_f64() / 3600.0;
        volumes.iter().map(|volume| volume / hours).collect()
    }

    fn of_days_alike(
        &self,
        section: &ReaderSection<'_>,
        key: &str,
        run: &RunSettings,
        rates: &[f64],
    ) -> Option<PiecewiseRates> {
        let starts_at = run.calendar.starts_at();
        let start = Time::ZERO + (self.from.unwrap_or(starts_at) - starts_at);
        let once = check(section, key, PiecewiseRates::new(start, self.every, rates.to_vec()))?;
        Some(match self.daily {
            Some(true) => check(section, "repeat", once.daily())?,
            Some(false) => once,
            None => once.clone().daily().unwrap_or(once),
        })
    }

    fn of_dates(
        &self,
        section: &ReaderSection<'_>,
        key: &str,
        run: &RunSettings,
        values: &ByDay<Vec<f64>>,
    ) -> Option<PiecewiseRates> {
        let length = |rates: &Vec<f64>| self.every * rates.len() as i64;
        let is_long = values.values().any(|rates| length(rates) > DAY);
        let by_day = values.of_every_day().is_none();
        if is_long && (by_day || self.daily == Some(true)) {
            let message = "the intervals of a day last longer than 24 hours together";
            section.context.report(section.error(key, message));
            return None;
        }
        if by_day && self.daily == Some(false) {
            let message = "intervals by day come again whenever their day does";
            section.context.report(section.error("repeat", message).help("leave `repeat` out"));
            return None;
        }
        section.note_days_outside(key, values, run);
        let intervals = IntervalsOfDay {
            from: self.from.unwrap_or_else(|| run.calendar.starts_at()),
            every: self.every,
            values,
            once: is_long || self.daily == Some(false),
        };
        let Some(Resolved { step, values }) = intervals.resolve(run, run.until) else {
            let message = "the intervals and the run begin so far apart from each other that there \
                           would be too many of them";
            section.context.report(section.error(key, message));
            return None;
        };
        let per_hour = values.into_iter().map(Option::unwrap_or_default).collect();
        let rates = check(section, key, PiecewiseRates::new(Time::ZERO, step, per_hour))?;
        let calendar = &run.calendar;
        let midnight = |day| calendar.instant(day, Span::ZERO, Repeated::First);
        Some(rates.with_days(calendar.days_until(run.until).map(midnight).collect()))
    }
}

fn closed(section: &mut ReaderSection<'_>) -> Option<ArrivalProcess> {
    let population = section.required(
        "population",
        Whole::<u64>::between(0, 100_000_000),
        "number of consumers",
    );
    let pause =
        section.required("pause", seconds(), "time from the end of a conversation to the next");
    let population = population?;
    Some(ArrivalProcess::Closed { population, whole: population, pause: pause? })
}

fn busyness(section: &mut ReaderSection<'_>) -> Option<f64> {
    section.required(
        "shape",
        Number::between(1e-6, 1e6),
        "shape of the gamma factor of mean 1; its variance is 1 / shape",
    )
}

/// A rate in a list of rates: the unit may be left out.
struct OwnRate;

impl Form for OwnRate {
    type Value = f64;

    fn read(&self, input: Input<'_>) -> Option<f64> {
        match &input.node.value {
            Value::Text(_) => Rate.read(input),
            _ => Number::between(0.0, MOST_PER_HOUR).read(input),
        }
    }

    fn schema(&self) -> Json {
        json!({ "anyOf": [Number::between(0.0, MOST_PER_HOUR).schema(), Rate.schema()] })
    }
}

fn check<T>(section: &ReaderSection<'_>, key: &str, made: Result<T, ArrivalError>) -> Option<T> {
    match made {
        Ok(made) => Some(made),
        Err(error) => {
            section.context.report(section.error(key, error.to_string()));
            None
        }
    }
}

const REPEAT: ChoiceForm<bool> = ChoiceForm(&[
    ("daily", true, "the intervals come again every 24 hours"),
    ("once", false, "nobody arrives before and after them"),
]);

const MOST_PER_HOUR: f64 = super::limits::RATE_PER_SECOND * 3600.0;
const RATE_PATTERN: &str = r"^\s*[0-9.eE+]+\s*/\s*(s|min|h|day)\s*$";
