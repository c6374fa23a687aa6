//! `[[goal]]`: what a figure is to come to, of the run as a whole or of a part of it.

use serde_json::{Value as Json, json};

use super::by_day::{DateForm, DayForm, DayRule};
use super::figure_form::FigureForm;
use super::plan::RunSettings;
use super::reader::compound::NameOf;
use super::reader::diagnostic::listing;
use super::reader::forms::{ClockTime, Duration, Number};
use super::reader::{Form, Input, ReaderSection};
use crate::base::time::{Span, Time};
use crate::ledger::definitions::{Definition, Unit};
use crate::ledger::part_goal::{PartGoal, PartOf, RunPart};

/// One goal of a run; `interval` is the length of an interval of the day.
pub(super) fn goal(
    section: &mut ReaderSection<'_>,
    run: &RunSettings,
    interval: Span,
) -> Option<PartGoal> {
    let figure = section.required("figure", FigureForm, "the figure, by its name in figures.csv");
    let bound = || BoundForm(figure);
    let at_least = section.optional("at_least", bound(), "what it is to reach");
    let at_most = section.optional("at_most", bound(), "what it is not to exceed");
    let skill = section.optional(
        "skill",
        NameOf::SKILL,
        "only stays with this skill: within a window, those that began in it",
    );
    let group = section.optional(
        "group",
        NameOf::GROUP,
        "only this group of agents: within a window, what they did in it",
    );
    let from = section.optional(
        "from",
        ClockTime,
        "only what is opened, and levels, from this clock time on, every day or on those named",
    );
    let until = section.optional("to", ClockTime, "only what is opened, and levels, before this");
    let weekday = section.optional(
        "weekday",
        DayForm { calendar: &run.calendar },
        "only on such days: \"fri\", \"mon-fri\" or \"holiday\", of a run with a date",
    );
    let date = section.optional("date", DateForm, "only on this day, of a run with a date");
    let is_one = section.one_of(&["at_least", "at_most"], true)
        && section.one_of(&["weekday", "date"], false)
        && section.one_of(&["skill", "group"], false);
    if !is_one || (section.has("weekday") && weekday.is_none()) {
        return None;
    }
    let day = weekday.or_else(|| date.map(DayRule::Date));
    let (of, whose) = if let Some(position) = skill {
        let name = section.context.skills.get(position).cloned();
        (PartOf::Skill(u16::try_from(position).ok()?), name)
    } else if let Some(position) = group {
        let name = section.context.groups.get(position).cloned();
        (PartOf::Group(u16::try_from(position).ok()?), name)
    } else {
        (PartOf::Centre, None)
    };
    let has_window = ["from", "to", "weekday", "date"].iter().any(|part| section.has(part));
    let window =
        if has_window { Some(window(section, run, interval, day, [from, until])?) } else { None };
    let (window, when) = window.unzip();
    let part = RunPart { of, window };
    let name = Vec::from_iter(whose.into_iter().chain(when)).join(", ");
    let figure = figure?;
    if !part.knows(figure) {
        let message = format!("`{}` is not known of {}", figure.name, kind(&part));
        let known = listing(part.known().map(|figure| figure.name));
        section.context.report(section.error("figure", message).allowed(known));
        return None;
    }
    let target = at_least.or(at_most)?;
    let (figure, at_least) = (figure.name.to_owned(), at_least.is_some());
    Some(PartGoal { figure, at_least, target, part, name })
}

/// Whole intervals of the day.
fn window(
    section: &ReaderSection<'_>,
    run: &RunSettings,
    interval: Span,
    day: Option<DayRule>,
    [from, until]: [Option<Span>; 2],
) -> Option<(Vec<u32>, String)> {
    let calendar = &run.calendar;
    let (from, until) = (from.unwrap_or(Span::ZERO), until.unwrap_or(Span::from_hours(24)));
    if from >= until {
        let message = "`to` must be after `from`: a window lies within a day";
        section.context.report(section.error("to", message));
        return None;
    }
    let is_whole = |clock: &Span| {
        (*clock - calendar.starts_at()).as_micros().rem_euclid(interval.as_micros()) == 0
    };
    let ends = [("from", from), ("to", until)];
    // The day may end in the middle of an interval that the run does not reach.
    let is_end = |clock: &Span| [Span::ZERO, Span::from_hours(24)].contains(clock);
    if let Some((key, _)) = ends.iter().find(|(_, end)| !is_whole(end) && !is_end(end)) {
        let message =
            format!("`{key}` is no beginning of an interval of the day, which are {interval} long");
        let help = "set `measure.interval` to a shorter one, or move the end of the window";
        section.context.report(section.error(key, message).help(help));
        return None;
    }
    let clock = |span: Span| {
        let minutes = span.as_micros() / 60_000_000;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    };
    let positions = (0..).map_while(|position: u32| {
        let start = Time::ZERO + interval * i64::from(position);
        (start < run.ends_at_most()).then_some((position, start))
    });
    let is_in = |&(_, start): &(u32, Time)| {
        let reading = calendar.reading(start);
        start >= Time::ZERO + run.warm_up
            && (from..until).contains(&reading.clock)
            && day.is_none_or(|day| day.holds(reading.day, calendar))
    };
    let positions = Vec::from_iter(positions.filter(is_in).map(|(position, _)| position));
    if positions.is_empty() {
        let message = "no interval of the run lies in this window";
        section
            .context
            .report(section.error(if day.is_some() { "weekday" } else { "from" }, message));
        return None;
    }
    let is_all_day = from == Span::ZERO && until == Span::from_hours(24);
    let clocks = (!is_all_day).then(|| format!("{}–{}", clock(from), clock(until)));
    let words = Vec::from_iter(day.map(DayRule::written).into_iter().chain(clocks));
    let name = if words.is_empty() { "all day".to_owned() } else { words.join(" ") };
    Some((positions, name))
}

fn kind(part: &RunPart) -> &'static str {
    match (part.of, part.window.is_some()) {
        (PartOf::Centre, false) => "a run",
        (PartOf::Centre, true) => "a window of the day",
        (PartOf::Skill(_), false) => "a skill",
        (PartOf::Skill(_), true) => "a skill in a window of the day",
        (PartOf::Group(_), false) => "a group of agents",
        (PartOf::Group(_), true) => "a group of agents in a window of the day",
    }
}

/// A value of a figure, as its unit has it.
struct BoundForm(Option<&'static Definition>);

impl Form for BoundForm {
    type Value = f64;

    fn read(&self, input: Input<'_>) -> Option<f64> {
        match self.0?.unit {
            Unit::Share => Number::share().read(input),
            Unit::Seconds => Duration::any().read(input).map(Span::as_secs_f64),
            _ => Number::between(0.0, 1e12).read(input),
        }
    }

    fn schema(&self) -> Json {
        let number = Number::between(0.0, 1e12).schema();
        json!({ "anyOf": [number, Number::share().schema(), Duration::any().schema()] })
    }
}
