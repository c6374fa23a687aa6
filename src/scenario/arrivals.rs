//! `arrivals` of consumers.

use serde_json::{Value as Json, json};

use super::distribution::seconds;
use super::interval_arrivals::{Intervals, check};
use super::rate_form::Rate;
use super::reader::compound::InTable;
use super::reader::forms::{TextForm, Whole};
use super::reader::tree::Value;
use super::reader::{Form, Input, ReaderSection};
use super::table_file::{TableFileForm, table_options};
use super::trace_arrivals::instants;
use super::volume_table::{ArrivalsOf, AskedTable};
use crate::base::arrivals::{ArrivalProcess, Trace};
use crate::tables::{NamedColumn, TableOptions};

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
    let options = table_options(section);
    let trace = section.optional(
        "trace",
        TableFileForm { options: &options },
        "CSV file or workbook with a row a contact: a time after the start of the run in seconds or with \
         a unit, a clock time, or a date and clock time; with or without a skill",
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
    let intervals = Intervals::read(section, run, &options);
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
        let sheet = trace?;
        let options = &with_column(options, "time", column);
        let table = AskedTable { key: "trace", sheet: &sheet, options };
        let instants = instants(section, table, of)?;
        return check(section, "trace", Trace::new(instants)).map(ArrivalProcess::Trace);
    }
    intervals.process(section, of, &with_column(options, "volume", column))
}

/// With the column that the scenario names.
fn with_column(mut options: TableOptions, meaning: &str, heading: Option<String>) -> TableOptions {
    let named = heading.map(|heading| NamedColumn { meaning: meaning.to_owned(), heading });
    options.columns.extend(named);
    options
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
