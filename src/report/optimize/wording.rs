//! What there is to say about a search, whoever it is said to.

use crate::experiment::optimize::{Doubt, Goal, OptimizeVerdict, Tested};
use crate::ledger::definitions::Unit;
use crate::report::format::number;
use crate::report::plot::PlotValue;
use crate::report::sensitivity::half_width;
use crate::report::sentence::{Name, Sentence, sentence};
use crate::report::table::{NumberUnit, ReportCell};

use super::search::OptimizeReport;

/// Why the winner won.
pub(super) fn why(search: &OptimizeReport<'_>, winner: &Tested) -> String {
    let mut why = "it meets every goal".to_owned();
    let unfinished = search.found.doubts.contains(&Doubt::TooManyTests);
    if search.found.interrupted || unfinished {
        return why;
    }
    let tested = &search.found.tested;
    let cheaper = tested.iter().filter(|test| test.cost < winner.cost);
    let missed = cheaper.clone().filter(|test| matches!(test.verdict, OptimizeVerdict::Missed(_)));
    let cheaper = match (cheaper.count(), missed.count()) {
        (0, _) => "nothing cheaper is left within the bounds of [optimize]".to_owned(),
        (1, 1) => "the next cheaper choice misses one, and so do those below it".to_owned(),
        (count, missed) if count == missed => format!(
            "all {count} cheaper choices that were tested miss one, and so do those below them"
        ),
        (count, missed) => format!("{missed} of {count} cheaper choices that were tested miss one"),
    };
    why.push_str("; ");
    why.push_str(&cheaper);
    let equal = tested.iter().filter(|test| {
        test.cost == winner.cost
            && test.verdict == OptimizeVerdict::Met
            && test.candidate != winner.candidate
    });
    match equal.count() {
        // Then it is not known that it loses fewer.
        _ if search.found.doubts.contains(&Doubt::Tie) => {}
        0 => {}
        1 => why.push_str("; of two equally cheap ones it loses fewer consumers"),
        more => {
            why += &format!("; of {} equally cheap ones it loses the fewest consumers", more + 1);
        }
    }
    why
}

/// Why the answer is less sure than was asked for.
pub(super) fn doubted(search: &OptimizeReport<'_>, doubt: Doubt) -> Sentence {
    let name = |test: &Tested| Name(search.space.name(&test.candidate));
    match doubt {
        Doubt::CheaperUndecided(position) => {
            let tested = &search.found.tested[position];
            sentence!(
                "{} is cheaper, and after {} replications it is not clear whether it would do",
                name(tested),
                tested.replications
            )
        }
        Doubt::CheaperClose(position) => sentence!(
            "{} is cheaper and misses a goal by less than the tolerance",
            name(&search.found.tested[position])
        ),
        Doubt::Close(goal) => {
            sentence!("{} is within the tolerance of its goal", label(&search.space.goals()[goal]))
        }
        Doubt::Tie => sentence!("equally cheap choices could not be told apart"),
        Doubt::TooManyTests => sentence!(
            "there was more to test; narrow the bounds in [optimize] or start from fewer choices"
        ),
    }
}

/// A cost with its unit.
pub(super) fn cost(search: &OptimizeReport<'_>, tested: &Tested) -> String {
    let unit = if search.space.counts_hours() { " agent hours a run" } else { " a run" };
    format!("{}{unit}", number(tested.cost))
}

/// What came of a test, in a word.
pub(super) fn verdict(tested: &Tested) -> &'static str {
    match tested.verdict {
        OptimizeVerdict::Met => "met",
        OptimizeVerdict::Missed(_) => "missed",
        OptimizeVerdict::Undecided => "unclear",
    }
}

/// The figure of a goal: `service level`, `service level, law`.
pub(super) fn label(goal: &Goal) -> String {
    let figure = goal.figure.short_label;
    match &goal.part {
        Some((_, name)) if !name.is_empty() => format!("{figure}, {name}"),
        _ => figure.to_owned(),
    }
}

/// Its name in files and charts: `service_level`, `goal_1_service_level`.
pub(super) fn column(goal: &Goal) -> String {
    let figure = goal.figure.name;
    match goal.part {
        Some((position, _)) => format!("goal_{}_{figure}", position + 1),
        None => figure.to_owned(),
    }
}

/// What a goal asks for: `at least 80 %`.
pub(super) fn asked(goal: &Goal) -> String {
    let side = if goal.at_least { "at least" } else { "at most" };
    format!("{side} {}", ReportCell::number(goal.target, unit(goal)).spoken())
}

/// The figure of a goal with its interval.
pub(super) fn of_goal(goal: &Goal, tested: &Tested, position: usize) -> ReportCell {
    let PlotValue { value, half } = value(tested, position);
    ReportCell::number(value, unit(goal)).within(half)
}

/// The same as a number.
pub(super) fn value(tested: &Tested, position: usize) -> PlotValue {
    let (value, error) = tested.figures[position];
    PlotValue { value, half: Some(half_width(error, tested.replications as u64)) }
}

/// The same in a sentence.
pub(super) fn reached(goal: &Goal, tested: &Tested, position: usize) -> String {
    of_goal(goal, tested, position).spoken()
}

fn unit(goal: &Goal) -> NumberUnit {
    match goal.figure.unit {
        unit @ (Unit::Share | Unit::Seconds) => NumberUnit::Of(unit),
        _ => NumberUnit::Alike,
    }
}
