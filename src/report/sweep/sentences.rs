//! What can be said of a sweep in plain sentences, never more than the intervals allow: two points are
//! told apart only if their intervals have nothing in common, or if the interval of their difference
//! says so.

use crate::experiment::compare::ComparisonVerdict;
use crate::report::format::with_interval;
use crate::report::goals::GoalStanding;
use crate::report::page::PageStatement;
use crate::report::plot::MOST_SERIES;
use crate::report::sentence::{Piece, Sentence};
use crate::report::wording::the_goals;
use crate::scenario::vary::VaryScale;

use super::study::{SweepFigures, SweepMeasure};

/// The answer in a sentence.
pub(super) fn headline(study: &SweepFigures<'_>) -> Vec<Piece> {
    let mut text = Sentence::default();
    let Some(main) = study.main() else {
        text.words("Nothing can be said: no replication ended well, or no consumer wrote.");
        return text.0;
    };
    if !main.has_intervals() {
        text.words("One run shows what can happen, not how likely it is.");
    } else if study.goals > 0 {
        against_goals(&mut text, study);
    } else {
        best_of(&mut text, study, main, &Vec::from_iter(0..main.points.len()));
    }
    text.0
}

/// With goals: which of those that are sure to meet them does best.
pub(super) fn gist(study: &SweepFigures<'_>) -> Vec<Piece> {
    let mut text = Sentence::default();
    let sure = among(study, |standing| standing == GoalStanding::Met);
    if let Some(main) = study.main().filter(|main| main.has_intervals() && sure.len() > 1) {
        text.words("Of those: ");
        best_of(&mut text, study, main, &sure);
    }
    text.0
}

/// What there is to say about each figure.
pub(super) fn told(study: &SweepFigures<'_>) -> Vec<PageStatement> {
    let told = study.measures.iter().map(|measure| PageStatement {
        colour: MOST_SERIES,
        name: measure.title.clone(),
        badge: None,
        sentences: sentences(study, measure),
    });
    told.collect()
}

fn among(study: &SweepFigures<'_>, wanted: impl Fn(GoalStanding) -> bool) -> Vec<usize> {
    let standings = study.standings.iter().enumerate();
    let found = standings.filter(|(_, standing)| standing.is_some_and(&wanted));
    found.map(|(at, _)| at).collect()
}

fn against_goals(text: &mut Sentence, study: &SweepFigures<'_>) {
    let sure = among(study, |standing| standing == GoalStanding::Met);
    let open = among(study, |standing| {
        matches!(standing, GoalStanding::PerhapsMet | GoalStanding::PerhapsMissed)
    });
    let (what, all) = (the_goals(study.goals), study.points.len());
    match (sure.is_empty(), open.is_empty()) {
        (true, is_hopeless) => {
            text.words("No ");
            subject(text, study, 1);
            if is_hopeless {
                text.words(&format!(" meets {what}."));
                return;
            }
            text.words(&format!(" is sure to meet {what}; "));
        }
        (false, _) if sure.len() == all => {
            text.words(&format!("All {all} "));
            subject(text, study, all);
            text.words(&format!(" meet {what}."));
            return;
        }
        (false, is_closed) => {
            text.words(&format!("Sure to meet {what}: "));
            listed(text, study, &sure);
            if is_closed {
                text.words(".");
                return;
            }
            text.words("; ");
        }
    }
    listed(text, study, &open);
    text.words(" may.");
}

/// `value of KEY`, `choices of KEY and KEY`.
fn subject(text: &mut Sentence, study: &SweepFigures<'_>, count: usize) {
    let word = if study.varies.len() == 1 { "value" } else { "choice" };
    text.words(&format!("{word}{} of ", if count == 1 { "" } else { "s" }));
    let keys = study.varies.iter().map(|vary| vary.key.as_str());
    text.names(&Vec::from_iter(keys));
}

/// Names of points; how many, if they are many.
fn listed(text: &mut Sentence, study: &SweepFigures<'_>, points: &[usize]) {
    if points.len() > MOST_NAMED {
        text.words(&format!("{} of {}", points.len(), study.points.len()));
        return;
    }
    let names = Vec::from_iter(points.iter().map(|&at| study.name(at)));
    text.names(&Vec::from_iter(names.iter().map(String::as_str)));
}

/// Which does best, and which may do as well.
fn best_of(
    text: &mut Sentence,
    study: &SweepFigures<'_>,
    measure: &SweepMeasure,
    points: &[usize],
) {
    let ends = [true, false].map(|is_best| measure.extreme(points.iter().copied(), is_best));
    let [Some(best), Some(worst)] = ends else { return };
    let what = match measure.figure.name {
        "abandonment" => "the fewest consumers leave unanswered",
        _ => "the most consumers are served in time",
    };
    if measure.overlap(best, worst) {
        let what = what.trim_start_matches("the ");
        let what = what.replace("fewest", "fewer").replace("most", "more");
        text.words(&format!(
            "whether {what} with one than with another cannot be told by their intervals."
        ));
    } else {
        text.words(&format!("{what} with "));
        text.name(&study.name(best));
        text.words(", ");
        text.figure(&value(study, measure, best));
        rivals(text, study, measure, (best, points));
        text.words(".");
    }
    // A sentence of its own begins with a capital.
    if let Some(Piece::Words(first)) = text.0.first_mut()
        && let Some(letter) = first.get_mut(..1)
    {
        letter.make_ascii_uppercase();
    }
}

/// Points that cannot be told from the best.
fn rivals(
    text: &mut Sentence,
    study: &SweepFigures<'_>,
    measure: &SweepMeasure,
    (best, points): (usize, &[usize]),
) {
    let others = points.iter().copied().filter(|&at| at != best && measure.points[at].is_some());
    let rivals = Vec::from_iter(others.filter(|&at| measure.overlap(best, at)));
    if !rivals.is_empty() {
        text.words("; its interval overlaps that of ");
        listed(text, study, &rivals);
    }
}

fn sentences(study: &SweepFigures<'_>, measure: &SweepMeasure) -> Vec<Vec<Piece>> {
    let all = Vec::from_iter(0..measure.points.len());
    let ends = [true, false].map(|is_best| measure.extreme(all.iter().copied(), is_best));
    let [Some(best), Some(worst)] = ends else { return Vec::new() };
    let mut sentences = Vec::new();
    let mut text = Sentence::default();
    text.words("Best with ");
    text.name(&study.name(best));
    text.words(": ");
    text.figure(&value(study, measure, best));
    if measure.has_intervals() && !measure.overlap(best, worst) {
        rivals(&mut text, study, measure, (best, &all));
    }
    text.words(".");
    sentences.push(text.0);
    let mut text = Sentence::default();
    text.words("Worst with ");
    text.name(&study.name(worst));
    text.words(": ");
    text.figure(&value(study, measure, worst));
    if measure.has_intervals() && measure.overlap(best, worst) {
        text.words("; the intervals of the two overlap");
    }
    text.words(".");
    sentences.push(text.0);
    sentences.extend(course(study, measure));
    sentences.extend(against_first(study, measure));
    sentences
}

/// Said if every step of the only key goes the same way beyond what chance may do.
fn course(study: &SweepFigures<'_>, measure: &SweepMeasure) -> Option<Vec<Piece>> {
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
    let mut text = Sentence::default();
    text.words(if rises { "It rises" } else { "It falls" });
    text.words(" with every step up of ");
    text.name(&key.key);
    text.words(".");
    Some(text.0)
}

/// How the others differ from the first point, replication by replication.
fn against_first(study: &SweepFigures<'_>, measure: &SweepMeasure) -> Option<Vec<Piece>> {
    let verdicts = || {
        measure
            .points
            .iter()
            .enumerate()
            .filter_map(|(at, known)| Some((at, known.as_ref()?.verdict?)))
    };
    verdicts().next().filter(|_| measure.has_intervals())?;
    let mut text = Sentence::default();
    text.words("Against ");
    text.name(&study.name(0));
    text.words(": ");
    type Wanted = fn(&ComparisonVerdict) -> bool;
    let kinds: [(&str, Wanted); 4] = [
        ("better with ", |verdict| *verdict == ComparisonVerdict::Better),
        ("worse with ", |verdict| *verdict == ComparisonVerdict::Worse),
        ("no difference that matters with ", |verdict| *verdict == ComparisonVerdict::Same),
        ("not to be told yet with ", |verdict| {
            matches!(verdict, ComparisonVerdict::Unclear { .. })
        }),
    ];
    let mut is_first = true;
    for (words, wanted) in kinds {
        let found = verdicts().filter(|(_, verdict)| wanted(verdict)).map(|(at, _)| at);
        let found = Vec::from_iter(found);
        if !found.is_empty() {
            text.words(if is_first { "" } else { "; " });
            text.words(words);
            listed(&mut text, study, &found);
            is_first = false;
        }
    }
    text.words(".");
    Some(text.0)
}

fn value(study: &SweepFigures<'_>, measure: &SweepMeasure, at: usize) -> String {
    let known = measure.points[at].as_ref();
    known.map_or_else(String::new, |known| {
        with_interval(measure.figure, &known.estimate, study.data.confidence())
    })
}

/// More points are counted, not named.
const MOST_NAMED: usize = 5;
