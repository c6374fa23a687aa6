//! What can be said of a sweep in plain sentences, never more than the intervals allow: two points are
//! told apart only if their intervals have nothing in common, or if the interval of their difference
//! says so.

use crate::experiment::compare::ComparisonVerdict;
use crate::report::goals::GoalStanding;
use crate::report::page::PageStatement;
use crate::report::sentence::{Figure, Name, Names, Sentence, sentence};
use crate::report::wording::the_goals;
use crate::scenario::vary::{Vary, VaryScale};

use super::study::{SweepFigures, SweepMeasure};

/// The answer in a sentence.
pub(super) fn headline(study: &SweepFigures<'_>) -> Sentence {
    match study.main() {
        None => sentence!("Nothing can be said: no replication ended well, or no consumer wrote."),
        Some(main) if !main.has_intervals() => {
            sentence!("One run shows what can happen, not how likely it is.")
        }
        Some(_) if study.goals > 0 => against_goals(study),
        Some(main) => best_of(study, main, &Vec::from_iter(0..main.points.len())).capital(),
    }
}

/// With goals: which of those that are sure to meet them does best.
pub(super) fn gist(study: &SweepFigures<'_>) -> Sentence {
    let sure = among(study, |standing| standing == GoalStanding::Met);
    match study.main().filter(|main| main.has_intervals() && sure.len() > 1) {
        Some(main) => sentence!("Of those: {}", best_of(study, main, &sure)),
        None => Sentence::default(),
    }
}

/// What there is to say about each figure.
pub(super) fn told(study: &SweepFigures<'_>) -> Vec<PageStatement> {
    let measures = study.measures.iter();
    let told =
        measures.map(|measure| PageStatement::new(&measure.title, None, sentences(study, measure)));
    told.collect()
}

fn among(study: &SweepFigures<'_>, wanted: impl Fn(GoalStanding) -> bool) -> Vec<usize> {
    let standings = study.standings.iter().enumerate();
    let found = standings.filter(|(_, standing)| standing.is_some_and(&wanted));
    found.map(|(at, _)| at).collect()
}

fn against_goals(study: &SweepFigures<'_>) -> Sentence {
    let sure = among(study, |standing| standing == GoalStanding::Met);
    let open = among(study, |standing| {
        matches!(standing, GoalStanding::PerhapsMet | GoalStanding::PerhapsMissed)
    });
    let (what, all) = (the_goals(study.goals), study.points.len());
    let [one, every] = [1, all].map(|count| subject(study, count));
    let (is_closed, count) = (open.is_empty(), sure.len());
    let (sure, open) = (listed(study, &sure), listed(study, &open));
    match count {
        0 if is_closed => sentence!("No {one} meets {what}."),
        0 => sentence!("No {one} is sure to meet {what}; {open} may."),
        _ if count == all => sentence!("All {all} {every} meet {what}."),
        _ if is_closed => sentence!("Sure to meet {what}: {sure}."),
        _ => sentence!("Sure to meet {what}: {sure}; {open} may."),
    }
}

/// `value of KEY`, `choices of KEY and KEY`.
fn subject(study: &SweepFigures<'_>, count: usize) -> Sentence {
    let word = if study.varies.len() == 1 { "value" } else { "choice" };
    let end = if count == 1 { "" } else { "s" };
    let keys = Vec::from_iter(study.varies.iter().map(Vary::name));
    sentence!("{word}{end} of {}", Names(&keys))
}

/// Names of points; how many, if they are many.
fn listed(study: &SweepFigures<'_>, points: &[usize]) -> Sentence {
    if points.len() > MOST_NAMED {
        return sentence!("{} of {}", points.len(), study.points.len());
    }
    let names = Vec::from_iter(points.iter().map(|&at| study.name(at)));
    sentence!("{}", Names(&names))
}

/// Which does best, and which may do as well.
fn best_of(study: &SweepFigures<'_>, measure: &SweepMeasure, points: &[usize]) -> Sentence {
    let ends = [true, false].map(|is_best| measure.extreme(points.iter().copied(), is_best));
    let [Some(best), Some(worst)] = ends else { return Sentence::default() };
    let (most, more) = match measure.figure.name {
        "abandonment" => {
            ("the fewest consumers leave unanswered", "fewer consumers leave unanswered")
        }
        _ => ("the most consumers are served in time", "more consumers are served in time"),
    };
    if measure.overlap(best, worst) {
        sentence!("whether {more} with one than with another cannot be told by their intervals.")
    } else {
        sentence!(
            "{most} with {}, {}{}.",
            Name(study.name(best)),
            Figure(value(measure, best)),
            rivals(study, measure, best, points)
        )
    }
}

/// Points that cannot be told from the best.
fn rivals(
    study: &SweepFigures<'_>,
    measure: &SweepMeasure,
    best: usize,
    points: &[usize],
) -> Sentence {
    let others = points.iter().copied().filter(|&at| at != best && measure.points[at].is_some());
    let rivals = Vec::from_iter(others.filter(|&at| measure.overlap(best, at)));
    match rivals.as_slice() {
        [] => Sentence::default(),
        rivals => sentence!("; its interval overlaps that of {}", listed(study, rivals)),
    }
}

fn sentences(study: &SweepFigures<'_>, measure: &SweepMeasure) -> Vec<Sentence> {
    let all = Vec::from_iter(0..measure.points.len());
    let ends = [true, false].map(|is_best| measure.extreme(all.iter().copied(), is_best));
    let [Some(best), Some(worst)] = ends else { return Vec::new() };
    let (of_best, of_worst) = match measure.overlap(best, worst) {
        _ if !measure.has_intervals() => Default::default(),
        true => (Sentence::default(), sentence!("; the intervals of the two overlap")),
        false => (rivals(study, measure, best, &all), Sentence::default()),
    };
    let told = |which: &str, at: usize, more: Sentence| {
        let (name, figure) = (Name(study.name(at)), Figure(value(measure, at)));
        sentence!("{which} with {name}: {figure}{more}.")
    };
    let ends = [told("Best", best, of_best), told("Worst", worst, of_worst)];
    ends.into_iter().chain(course(study, measure)).chain(against_first(study, measure)).collect()
}

/// Said if every step of the only key goes the same way beyond what chance may do.
fn course(study: &SweepFigures<'_>, measure: &SweepMeasure) -> Option<Sentence> {
    let [key] = study.varies else { return None };
    let (VaryScale::Seconds(values) | VaryScale::Numbers(values, _)) = key.scale()?;
    let mut order = Vec::from_iter(0..values.len());
    order.sort_by(|&one, &other| values[one].total_cmp(&values[other]));
    let figure = |at: usize| Some(measure.points.get(at)?.as_ref()?.estimate.value);
    let steps = order.windows(2).map(|pair| {
        let step = figure(pair[1])? - figure(pair[0])?;
        (!measure.overlap(pair[0], pair[1])).then_some(step > 0.0)
    });
    let steps = steps.collect::<Option<Vec<bool>>>()?;
    let (&rises, others) = steps.split_first()?;
    if others.is_empty() || others.iter().any(|&step| step != rises) {
        return None;
    }
    let rises = if rises { "rises" } else { "falls" };
    Some(sentence!("It {rises} with every step up of {}.", Name(key.name())))
}

/// How the others differ from the first point, replication by replication.
fn against_first(study: &SweepFigures<'_>, measure: &SweepMeasure) -> Option<Sentence> {
    let verdicts = || {
        measure
            .points
            .iter()
            .enumerate()
            .filter_map(|(at, known)| Some((at, known.as_ref()?.verdict?)))
    };
    verdicts().next().filter(|_| measure.has_intervals())?;
    type Wanted = fn(&ComparisonVerdict) -> bool;
    let kinds: [(&str, Wanted); 4] = [
        ("better", |verdict| *verdict == ComparisonVerdict::Better),
        ("worse", |verdict| *verdict == ComparisonVerdict::Worse),
        ("no difference that matters", |verdict| *verdict == ComparisonVerdict::Same),
        ("not to be told yet", |verdict| matches!(verdict, ComparisonVerdict::Unclear { .. })),
    ];
    let told = kinds.into_iter().filter_map(|(words, wanted)| {
        let found = verdicts().filter(|(_, verdict)| wanted(verdict)).map(|(at, _)| at);
        let found = Vec::from_iter(found);
        (!found.is_empty()).then(|| sentence!("{words} with {}", listed(study, &found)))
    });
    let told = Vec::from_iter(told.map(|told| told.to_string())).join("; ");
    Some(sentence!("Against {}: {told}.", Name(study.name(0))))
}

fn value(measure: &SweepMeasure, at: usize) -> String {
    measure.points[at].map_or_else(String::new, |_| measure.cell(at).brief())
}

/// More points are counted, not named.
const MOST_NAMED: usize = 5;
