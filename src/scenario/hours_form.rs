//! `open` and `count_time`, of the centre and of a skill (D25).

use super::by_day::{ByDay, ByDayForm};
use super::clock_shifts::{ClockShift, windows_of};
use super::limits::BACKLOG_DAYS;
use super::plan::RunSettings;
use super::reader::ReaderSection;
use super::reader::compound::OneOrMore;
use super::reader::forms::ChoiceForm;
use super::roster_form::ShiftForm;
use crate::model::settings::{OpeningHours, SkillHours};

/// What a centre or a skill says of its hours.
#[derive(Clone, Debug, Default)]
pub(super) struct HoursWritten {
    open: Option<ByDay<Vec<ClockShift>>>,
    counts_open_time: Option<bool>,
    /// Days before the run whose hours count too, as something was opened then.
    days_before: i64,
}

impl HoursWritten {
    pub(super) fn read(section: &mut ReaderSection<'_>, run: &RunSettings) -> Self {
        let open = section.optional(
            "open",
            ByDayForm { form: OneOrMore(ShiftForm), calendar: &run.calendar },
            "opening hours, such as \"08:00-20:00\", or by day: outside of them consumers write, but \
             nobody is given a conversation; always open if left out",
        );
        if let Some(open) = &open {
            section.note_days_outside("open", open, run);
        }
        let counts_open_time = section.optional(
            "count_time",
            COUNT_TIME,
            "which time waits, thresholds and timeouts count; \"always\" if left out",
        );
        let days_before = if section.context.has_backlog { BACKLOG_DAYS } else { 1 };
        Self { open, counts_open_time, days_before }
    }

    /// Those of a skill that says this, in a centre that says that; `None` if it is always open.
    pub(super) fn within(&self, centre: &Self, run: &RunSettings) -> Option<SkillHours> {
        let open = self.open.as_ref().or(centre.open.as_ref())?;
        let counts_open_time = self.counts_open_time.or(centre.counts_open_time).unwrap_or(false);
        let open = OpeningHours::new(windows_of(open, run, centre.days_before));
        Some(SkillHours { open, counts_open_time })
    }
}

const COUNT_TIME: ChoiceForm<bool> = ChoiceForm(&[
    ("always", false, "all time, by the clock on the wall"),
    (
        "open_hours",
        true,
        "opening hours only: waits, service level, unassign timeouts, closing times; not patience, nor \
         what agents do",
    ),
]);
