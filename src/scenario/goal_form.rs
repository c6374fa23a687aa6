//! `[[goal]]`: what a figure is to come to, of the run as a whole or of a part of it.

use serde_json::{Value as Json, json};

use super::figure_form::FigureForm;
use super::reader::compound::NameOf;
use super::reader::diagnostic::listing;
use super::reader::forms::{ClockTime, Duration, Number};
use super::reader::{Form, Input, ReaderSection};
use crate::base::time::Span;
use crate::ledger::definitions::{Definition, Unit};
use crate::ledger::part_goal::{PartGoal, RunPart};

/// One goal; `starts_at` is the clock time of the start of the run and `interval` the length of an
/// interval of the day.
pub(super) fn goal(
    section: &mut ReaderSection<'_>,
    starts_at: Span,
    interval: Span,
) -> Option<PartGoal> {
    let figure = section.required("figure", FigureForm, "the figure, by its name in figures.csv");
    let bound = || BoundForm(figure);
    let at_least = section.optional("at_least", bound(), "what it is to reach");
    let at_most = section.optional("at_most", bound(), "what it is not to exceed");
    let skill = section.optional("skill", NameOf::SKILL, "only stays with this skill");
    let group = section.optional("group", NameOf::GROUP, "only this group of agents");
    let from = section.optional(
        "from",
        ClockTime,
        "only what is opened, and levels, from this clock time on, every day",
    );
    let until = section.optional("to", ClockTime, "only what is opened, and levels, before this");
    if !section.one_of(&["at_least", "at_most"], true)
        || !section.one_of(&["skill", "group", "from"], false)
        || !section.one_of(&["skill", "group", "to"], false)
    {
        return None;
    }
    let names = |known: &[String], position: Option<usize>| {
        position.and_then(|position| known.get(position).cloned())
    };
    let (part, name) = if let Some(position) = skill {
        let name = names(&section.context.skills, skill)?;
        (RunPart::Skill(u16::try_from(position).ok()?), name)
    } else if let Some(position) = group {
        let name = names(&section.context.groups, group)?;
        (RunPart::Group(u16::try_from(position).ok()?), name)
    } else if from.is_some() || until.is_some() {
        window(section, starts_at, interval, [from, until])?
    } else {
        (RunPart::Whole, String::new())
    };
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
    starts_at: Span,
    interval: Span,
    [from, until]: [Option<Span>; 2],
) -> Option<(RunPart, String)> {
    let (from, until) = (from.unwrap_or(Span::ZERO), until.unwrap_or(Span::from_hours(24)));
    if from >= until {
        let message = "`to` must be after `from`: a window lies within a day";
        section.context.report(section.error("to", message));
        return None;
    }
    let is_whole =
        |clock: &Span| (*clock - starts_at).as_micros().rem_euclid(interval.as_micros()) == 0;
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
    let name = format!("{}–{}", clock(from), clock(until));
    Some((RunPart::Window { starts_at, from, until }, name))
}

fn kind(part: &RunPart) -> &'static str {
    match part {
        RunPart::Whole => "a run",
        RunPart::Skill(_) => "a skill",
        RunPart::Group(_) => "a group of agents",
        RunPart::Window { .. } => "a window of the day",
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
