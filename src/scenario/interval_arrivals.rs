//! Arrivals at rates or volumes of consecutive intervals, from the scenario or from a table.

use std::rc::Rc;

use super::by_day::{ByDay, ByDayForm};
use super::by_interval::{IntervalsOfDay, RepeatedValue, Resolved};
use super::plan::RunSettings;
use super::rate_form::OwnRate;
use super::reader::ReaderSection;
use super::reader::compound::{InTable, List};
use super::reader::forms::{ChoiceForm, ClockTime, DAY, Duration, Number};
use super::table_file::TableFileForm;
use super::volume_table::{ArrivalsOf, AskedTable, ClockedRates, TableVolumes, table_volumes};
use crate::base::arrivals::{ArrivalError, ArrivalProcess, PiecewiseRates};
use crate::base::calendar::Repeated;
use crate::base::time::{Span, Time};
use crate::tables::{Sheet, TableOptions};

/// Rates or volumes of consecutive intervals, as written.
pub(super) struct Intervals {
    rates: Option<ByDay<Vec<f64>>>,
    volumes: Option<ByDay<Vec<f64>>>,
    sheet: Option<Rc<Sheet>>,
    again: Vec<RepeatedValue>,
    from: Option<Span>,
    every: Span,
    daily: Option<bool>,
    busyness: Option<f64>,
}

impl Intervals {
    pub(super) fn read(
        section: &mut ReaderSection<'_>,
        run: &RunSettings,
        options: &TableOptions,
    ) -> Self {
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
            sheet: sheet(section, options),
            again: Vec::new(),
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

    pub(super) fn process(
        self,
        section: &ReaderSection<'_>,
        of: ArrivalsOf<'_>,
        options: &TableOptions,
    ) -> Option<ArrivalProcess> {
        let busyness = self.busyness;
        let rates = self.piecewise(section, of, options)?;
        let rates = match busyness {
            Some(shape) => check(section, "busyness", rates.with_busyness(shape))?,
            None => rates,
        };
        Some(ArrivalProcess::Piecewise(rates))
    }

    /// The rates before any busyness.
    fn piecewise(
        self,
        section: &ReaderSection<'_>,
        of: ArrivalsOf<'_>,
        options: &TableOptions,
    ) -> Option<PiecewiseRates> {
        let run = of.run;
        let (key, intervals) = if section.has("rates") {
            ("rates", self.rates.clone()?)
        } else if section.has("volumes") {
            ("volumes", self.volumes.as_ref()?.map(|volumes| self.rates_of(volumes)))
        } else {
            let key = if section.has("table") { "table" } else { "csv" };
            let sheet = Rc::clone(self.sheet.as_ref()?);
            let table = AskedTable { key, sheet: &sheet, options };
            match table_volumes(section, table, of)? {
                TableVolumes::Consecutive(volumes) => (key, ByDay::daily(self.rates_of(&volumes))),
                TableVolumes::ByClock(rates) => {
                    return self.by_the_clock(section, key, &sheet.file, rates, run);
                }
            }
        };
        match (intervals.of_every_day(), run.calendar.first_date()) {
            (Some(rates), None) => self.of_days_alike(section, key, run, rates),
            _ => self.of_dates(section, key, run, &intervals),
        }
    }

    /// Rates of a table whose rows say when.
    fn by_the_clock(
        mut self,
        section: &ReaderSection<'_>,
        key: &str,
        file: &str,
        rates: ClockedRates,
        run: &RunSettings,
    ) -> Option<PiecewiseRates> {
        for own in ["from", "repeat"] {
            if section.has(own) {
                let message = format!("`{own}` is what `{file}` says itself by its clock");
                section.context.report(section.error(own, message).help("leave it out"));
            }
        }
        let ClockedRates { values, again, every, interval } = rates;
        if section.has("every") && self.every != interval {
            let message = format!("intervals of `{file}` last {interval} by its clock");
            section.context.report(section.error("every", message).help("leave it out"));
        }
        (self.every, self.from, self.daily) = (every, Some(Span::ZERO), None);
        self.again = again;
        self.of_dates(section, key, run, &values)
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
            again: &self.again,
            once: is_long || self.daily == Some(false),
        };
        let Resolved { step, values } = intervals.resolve(section, key, run, run.until)?;
        let per_hour = values.into_iter().map(Option::unwrap_or_default).collect();
        let rates = check(section, key, PiecewiseRates::new(Time::ZERO, step, per_hour))?;
        let calendar = &run.calendar;
        let midnight = |day| calendar.instant(day, Span::ZERO, Repeated::First);
        Some(rates.with_days(calendar.days_until(run.until).map(midnight).collect()))
    }
}

/// The file of volumes.
fn sheet(section: &mut ReaderSection<'_>, options: &TableOptions) -> Option<Rc<Sheet>> {
    let csv = section.optional("csv", TableFileForm { options }, "the same as `table`");
    let table = section.optional(
        "table",
        TableFileForm { options },
        "CSV file or workbook with volumes by clock time, day and skill, found by their headings, or of \
         consecutive intervals; relative to the scenario",
    );
    csv.or(table)
}

fn busyness(section: &mut ReaderSection<'_>) -> Option<f64> {
    section.required(
        "shape",
        Number::between(1e-6, 1e6),
        "shape of the gamma factor of mean 1; its variance is 1 / shape",
    )
}

pub(super) fn check<T>(
    section: &ReaderSection<'_>,
    key: &str,
    made: Result<T, ArrivalError>,
) -> Option<T> {
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
