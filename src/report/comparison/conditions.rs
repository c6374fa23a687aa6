//! Under what two runs were made, as far as they must be alike to be compared.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;

use crate::base::time::Time;
use crate::report::format::clock_of_day;
use crate::report::goals::goals_of;
use crate::report::report_data::{ReportData, VariantData};
use crate::report::summary_file::Summary;
use crate::scenario::Setting;
use crate::scenario::vary::{VariedValue, grid};
use crate::scenario::written::written_keys;

/// Under what a variant was run; nothing is known of what another version wrote.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct RunConditions {
    /// Clock times, and from when on it was measured.
    hours: Option<String>,
    /// What is asked for, by figure and part.
    goals: BTreeMap<String, String>,
    /// The keys as written.
    keys: BTreeMap<String, String>,
}

/// What a report tells of the conditions of its variants.
#[derive(Default)]
pub(super) struct ReportConditions {
    pub(super) variants: Vec<RunConditions>,
    /// Whether its variants are the points of a sweep.
    pub(super) is_sweep: bool,
}

/// What is not alike in two runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Unlike {
    /// Whether it is of hours, staffing or goals: such runs are hardly to be compared.
    #[serde(skip)]
    is_first: bool,
    pub(super) what: String,
    pub(super) base: String,
    pub(super) other: String,
}

impl ReportConditions {
    /// Those of a report folder.
    pub(super) fn read(folder: &Path) -> Self {
        let Ok(summary) = Summary::read(folder) else { return Self::default() };
        let data = summary.data();
        let points = grid(&data.background.varies).unwrap_or_default();
        let is_sweep = !data.background.varies.is_empty();
        let variants = data.variants.iter().enumerate().map(|(position, case)| {
            let point = points.get(position).filter(|_| is_sweep).into_iter().flatten();
            RunConditions::of(&data, case, point.flat_map(VariedValue::settings).collect())
        });
        Self { variants: variants.collect(), is_sweep }
    }
}

impl RunConditions {
    fn of(data: &ReportData<'_>, case: &VariantData<'_>, point: Vec<Setting>) -> Self {
        let settings = data.background.settings.iter();
        let settings = settings.filter_map(|text| Setting::parse("--set", text).ok());
        let settings = Vec::from_iter(settings.chain(point));
        let frame = case.outcome.map(|outcome| &outcome.frame);
        let hours = frame.map(|frame| {
            let calendar = &case.particulars.calendar();
            let clock = |time| clock_of_day(calendar, time);
            let measured = match frame.warm_up {
                Time::ZERO => String::new(),
                warm_up => format!(", from {}", clock(warm_up)),
            };
            format!("{} to {}{measured}", clock(Time::ZERO), clock(frame.until))
        });
        let goals = frame.into_iter().flat_map(|frame| {
            goals_of(frame).map(|goal| match goal.part {
                None => (goal.figure.label.to_owned(), goal.asked()),
                Some(_) => (goal.label(&frame.part_goals), goal.asked()),
            })
        });
        Self {
            hours,
            goals: goals.collect(),
            keys: written_keys(&data.background.source, case.name, &settings),
        }
    }

    /// What is not alike: hours first, then goals, then the settings by key.
    pub(super) fn unlike(&self, other: &Self, agent_hours: Option<Unlike>) -> Vec<Unlike> {
        let mut unlike = Vec::new();
        if let (Some(base), Some(other)) = (&self.hours, &other.hours)
            && base != other
        {
            unlike.push(Unlike::new("simulated", Some(base), Some(other)));
        }
        unlike.extend(agent_hours);
        unlike.extend(differing("goal: ", &self.goals, &other.goals));
        unlike.iter_mut().for_each(|unlike| unlike.is_first = true);
        let known = !self.keys.is_empty() && !other.keys.is_empty();
        unlike.extend(differing("", &self.keys, &other.keys).filter(|_| known));
        unlike
    }
}

impl Unlike {
    pub(super) fn new(what: &str, base: Option<&String>, other: Option<&String>) -> Self {
        let text = |value: Option<&String>| value.cloned().unwrap_or_else(|| NOTHING.to_owned());
        Self { is_first: false, what: what.to_owned(), base: text(base), other: text(other) }
    }

    pub(super) fn is_first(&self) -> bool {
        self.is_first
    }
}

/// What two maps do not have alike, by key.
fn differing<'a, K: Ord + AsRef<str>>(
    before: &'a str,
    base: &'a BTreeMap<K, String>,
    other: &'a BTreeMap<K, String>,
) -> impl Iterator<Item = Unlike> + 'a {
    let keys: BTreeSet<&K> = base.keys().chain(other.keys()).collect();
    let differ = keys.into_iter().filter(|key| base.get(*key) != other.get(*key));
    differ.map(move |key| {
        Unlike::new(&format!("{before}{}", key.as_ref()), base.get(key), other.get(key))
    })
}

/// A key that one of the two does not write.
const NOTHING: &str = "–";
