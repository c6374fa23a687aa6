//! Ways of not being there: `breaks`, `away`, `interruptions`, `disconnects` and `logouts`.

use super::by_day::{ByDay, ByDayForm};
use super::clock_shifts::offset;
use super::distribution::seconds;
use super::plan::RunSettings;
use super::reader::ReaderSection;
use super::reader::compound::{InTable, OneOrMore};
use super::reader::forms::{ChoiceForm, ClockTime, DAY, Duration, Flag, Number, TextForm};
use super::roster_table::ListedBreaks;
use crate::base::calendar::{CalendarDay, Repeated};
use crate::base::distribution::Distribution;
use crate::base::time::{Span, Time};
use crate::model::settings::{DailyInstants, Trigger, WhenLate};
use crate::tables::BreakKind;

/// An absence whose away reason has no number yet.
pub(super) struct Planned {
    pub(super) what: What,
    pub(super) trigger: Trigger,
    pub(super) length: Distribution,
}

/// What it is.
pub(super) enum What {
    Away(String),
    Interruption,
    Disconnect,
    Logout,
}

/// The absences of a group, and whether an Away agent goes on with what it owns.
pub(super) fn absences(
    section: &mut ReaderSection<'_>,
    run: &RunSettings,
) -> Option<(Vec<Planned>, bool)> {
    let form = |read: fn(&mut ReaderSection<'_>, &RunSettings) -> Option<Planned>| {
        OneOrMore(InTable(move |section: &mut ReaderSection<'_>| read(section, run)))
    };
    let breaks =
        section.optional("breaks", form(a_break), "breaks at fixed times of the day: Away");
    let away =
        section.table("away", |section| away(section, run), "being Away at random or by plan");
    let interruptions = section.optional(
        "interruptions",
        form(interruption),
        "times when an agent is Online but does nothing",
    );
    let disconnects = section.optional(
        "disconnects",
        form(disconnect),
        "times when an agent is cut off: Online and unresponsive, logged out by `session_timeout`",
    );
    let logouts = section.optional("logouts", form(logout), "logouts within a shift");
    let (answers, episodes) = away?;
    let lists = [breaks, Some(episodes), interruptions, disconnects, logouts];
    Some((lists.into_iter().flatten().flatten().collect(), answers))
}

/// The breaks of one kind that a roster lists: Away, each from its start to its end.
pub(super) fn listed(ListedBreaks { kind, agents, are_daily }: ListedBreaks) -> Planned {
    let reason = match kind {
        BreakKind::Break => "Break",
        BreakKind::Lunch => "Lunch",
        BreakKind::Training => "Training",
        BreakKind::Meeting => "Meeting",
    };
    Planned {
        what: What::Away(reason.to_owned()),
        trigger: Trigger::Listed { agents: agents.into(), are_daily, when_late: WhenLate::Full },
        length: Distribution::Fixed(0.0),
    }
}

fn away(section: &mut ReaderSection<'_>, run: &RunSettings) -> Option<(bool, Vec<Planned>)> {
    let answers =
        section.value("answers", Flag, false, "whether an Away agent goes on with what it owns");
    let form = OneOrMore(InTable(|section: &mut ReaderSection<'_>| episode(section, run)));
    let episodes = section.optional("episodes", form, "times Away, by reason");
    Some((answers, episodes.unwrap_or_default()))
}

fn a_break(section: &mut ReaderSection<'_>, run: &RunSettings) -> Option<Planned> {
    let reason = section.value("reason", TextForm, "Break", "away reason");
    let when_late = when_late(section);
    let trigger = at(section, run, true, Some(when_late));
    let length = length(section, "for");
    Some(Planned { what: What::Away(reason), trigger: trigger?, length: length? })
}

fn episode(section: &mut ReaderSection<'_>, run: &RunSettings) -> Option<Planned> {
    let reason = section.value("reason", TextForm, "Back Soon", "away reason");
    let when_late = when_late(section);
    every_or_at(section, What::Away(reason), run, Some(when_late))
}

fn interruption(section: &mut ReaderSection<'_>, run: &RunSettings) -> Option<Planned> {
    every_or_at(section, What::Interruption, run, None)
}

fn disconnect(section: &mut ReaderSection<'_>, run: &RunSettings) -> Option<Planned> {
    every_or_at(section, What::Disconnect, run, None)
}

fn logout(section: &mut ReaderSection<'_>, run: &RunSettings) -> Option<Planned> {
    let after =
        section.optional("after", seconds(), "time logged in until a logout, again and again");
    let when_late = when_late(section);
    let planned = at(section, run, false, Some(when_late));
    let trigger = at_random_or_planned(section, "after", after, planned);
    let length = length(section, "back_after");
    Some(Planned { what: What::Logout, trigger: trigger?, length: length? })
}

fn every_or_at(
    section: &mut ReaderSection<'_>,
    what: What,
    run: &RunSettings,
    when_late: Option<WhenLate>,
) -> Option<Planned> {
    let every = section.optional(
        "every",
        seconds(),
        "time logged in until such an absence, again and again",
    );
    let planned = at(section, run, false, when_late);
    let trigger = at_random_or_planned(section, "every", every, planned);
    let length = length(section, "for");
    Some(Planned { what, trigger: trigger?, length: length? })
}

fn at_random_or_planned(
    section: &mut ReaderSection<'_>,
    key: &'static str,
    every: Option<Distribution>,
    planned: Option<Trigger>,
) -> Option<Trigger> {
    if !section.one_of(&[key, "at"], true) {
        return None;
    }
    if !section.has("at") {
        for plan_only in ["spread", "share", "when_late"] {
            if section.has(plan_only) {
                section
                    .context
                    .report(section.error(plan_only, format!("`{plan_only}` goes with `at` only")));
            }
        }
        let every = every?;
        if every.mean() > 0.0 {
            return Some(Trigger::Every(every));
        }
        section.context.report(section.error(key, format!("`{key}` must be longer than nothing")));
        return None;
    }
    planned
}

fn when_late(section: &mut ReaderSection<'_>) -> WhenLate {
    section.value(
        "when_late",
        WHEN_LATE,
        "full",
        "how long it lasts if the agent is interrupted, cut off or logged out at its time, so that \
         it begins when the agent is back",
    )
}

fn at(
    section: &mut ReaderSection<'_>,
    run: &RunSettings,
    must: bool,
    when_late: Option<WhenLate>,
) -> Option<Trigger> {
    let documentation = "clock time at which it begins, every day; or such times by day";
    let form = ByDayForm { form: ClockTime, calendar: &run.calendar };
    let at = if must {
        section.required("at", form, documentation)
    } else {
        section.optional("at", form, documentation)
    };
    let spread = section.value(
        "spread",
        Duration::between(Span::ZERO, DAY),
        "0s",
        "each agent begins at a random instant of this time after `at`",
    );
    let share = section.value("share", Number::share(), 1, "share of the agents who take part");
    let at = at?;
    section.note_days_outside("at", &at, run);
    Some(Trigger::At { at: instants(&at, run)?, spread, share, when_late })
}

/// The instants of clock times.
fn instants(at: &ByDay<Span>, run: &RunSettings) -> Option<DailyInstants> {
    let calendar = &run.calendar;
    if calendar.first_date().is_none() {
        return Some(DailyInstants::Daily(offset(*at.of_every_day()?, calendar)));
    }
    let of_day =
        |day: CalendarDay| Some(calendar.instant(day, *at.on(day, calendar)?, Repeated::First));
    let days = calendar.days_until(run.ends_at_most());
    let instants = days.filter_map(of_day).filter(|instant| *instant >= Time::ZERO);
    Some(DailyInstants::Listed(instants.collect()))
}

fn length(section: &mut ReaderSection<'_>, key: &'static str) -> Option<Distribution> {
    section.required(key, seconds(), "how long it lasts")
}

const WHEN_LATE: ChoiceForm<WhenLate> = ChoiceForm(&[
    ("full", WhenLate::Full, "for its full length, within the shift"),
    ("rest", WhenLate::Rest, "until its planned end"),
]);
