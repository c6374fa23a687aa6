//! `arrivals` of consumers.

use serde_json::{Value as Json, json};

use super::csv::SideFile;
use super::distribution::seconds;
use super::interval_arrivals::{Intervals, check};
use super::rate_form::Rate;
use super::reader::compound::InTable;
use super::reader::forms::{TextForm, Whole};
use super::reader::tree::Value;
use super::reader::{Form, Input, ReaderSection};
use super::trace_arrivals::instants;
use super::volume_table::ArrivalsOf;
use crate::base::arrivals::{ArrivalProcess, Trace};

/// A rate such as `"120/h"`, or a table.
#[derive(Clone, Copy)]
pub(super) struct ArrivalsForm<'a>(pub(super) ArrivalsOf<'a>);

impl Form for ArrivalsForm<'_> {
    type Value = ArrivalProcess;

    fn read(&self, input: Input<'_>) -> Option<ArrivalProcess> {
        match &input.node.value {
            Value::Table(_) => input.table(|section| process(section, self.0)),
            _ => Rate.read(input).map(|per_hour| ArrivalProcess::Constant { per_hour }),
        }
    }

    fn schema(&self) -> Json {
        let table = InTable(|section: &mut ReaderSection<'_>| process(section, self.0));
        json!({ "anyOf": [Rate.schema(), table.schema()] })
    }
}

fn process(section: &mut ReaderSection<'_>, of: ArrivalsOf<'_>) -> Option<ArrivalProcess> {
    let run = of.run;
    let trace = section.optional(
        "trace",
        SideFile,
        "CSV file with instants of arrival, in order: after the start of the run in seconds or with a \
         unit, or as clock times, or of a run with a date as dates and clock times",
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
    if !section.one_of(&["rates", "volumes", "csv", "table", "trace", "closed"], true) {
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
        let instants = instants(section, &*trace?, column, run)?;
        return check(section, "trace", Trace::new(instants)).map(ArrivalProcess::Trace);
    }
    intervals.process(section, of, column)
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
