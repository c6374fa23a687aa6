//! `agents.NAME.shrinkage`.

use serde_json::{Value as Json, json};

use super::by_day::{ByDay, ByDayForm};
use super::plan::RunSettings;
use super::reader::compound::InTable;
use super::reader::forms::{Flag, Number};
use super::reader::tree::Value;
use super::reader::{Form, Input, ReaderSection};
use crate::base::calendar::{Calendar, Repeated};
use crate::base::time::Span;
use crate::model::settings::{Shrinkage, ShrinkageDay};

/// The shrinkage of a group; none if nobody is ever absent.
pub(super) fn shrinkage(
    section: &mut ReaderSection<'_>,
    run: &RunSettings,
) -> Option<Option<Shrinkage>> {
    let form = ShrinkageForm { calendar: &run.calendar };
    let asked = section.optional(
        "shrinkage",
        form,
        "share of them who are absent for the day: exactly, in whole agents; or by day; or { share, \
         random }",
    );
    if !section.has("shrinkage") {
        return Some(None);
    }
    let (shares, is_random) = asked?;
    section.note_days_outside("shrinkage", &shares, run);
    let days = run.calendar.days_until(run.ends_at_most()).map(|day| ShrinkageDay {
        start: run.calendar.instant(day, Span::ZERO, Repeated::First),
        share: shares.on(day, &run.calendar).copied().unwrap_or(0.0),
    });
    let days = Vec::from_iter(days);
    let is_any = days.iter().any(|day| day.share > 0.0);
    Some(is_any.then(|| Shrinkage { days: days.into(), is_random }))
}

/// A share, shares by day, or a table with either and whether each agent is drawn by itself.
struct ShrinkageForm<'a> {
    calendar: &'a Calendar,
}

impl ShrinkageForm<'_> {
    fn shares(&self) -> ByDayForm<'_, Number> {
        ByDayForm { form: Number::share(), calendar: self.calendar }
    }

    fn table(&self) -> InTable<impl Fn(&mut ReaderSection<'_>) -> Option<(ByDay<f64>, bool)> + '_> {
        InTable(|section: &mut ReaderSection<'_>| {
            let documentation = "share who are absent for the day, or such shares by day";
            let shares = section.required("share", self.shares(), documentation);
            let is_random = section.value(
                "random",
                Flag,
                false,
                "whether each agent is absent by itself with this probability",
            );
            Some((shares?, is_random))
        })
    }
}

impl Form for ShrinkageForm<'_> {
    type Value = (ByDay<f64>, bool);

    fn read(&self, input: Input<'_>) -> Option<Self::Value> {
        match &input.node.value {
            Value::Table(table) if table.get("share").or_else(|| table.get("random")).is_some() => {
                self.table().read(input)
            }
            _ => self.shares().read(input).map(|shares| (shares, false)),
        }
    }

    fn schema(&self) -> Json {
        json!({ "anyOf": [self.shares().schema(), self.table().schema()] })
    }
}
