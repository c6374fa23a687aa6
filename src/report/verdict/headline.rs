//! The answer in a sentence, and what the best variant changes.

use crate::experiment::compare::{Comparison, ComparisonVerdict as Compared};
use crate::ledger::definitions::{Definition, find};
use crate::report::goals::GoalStanding;
use crate::report::report_data::ReportData;
use crate::report::sentence::{Figure, Name, Names, Sentence, sentence};
use crate::report::wording::{capital, goals_are, the_goals};

use super::{VariantJudge, listed};

/// The answer in a sentence or two: what the scenario says that its question is about; else the goals;
/// else what differs most.
pub(super) fn headline(data: &ReportData<'_>, judges: &[VariantJudge<'_>]) -> Sentence {
    let known = judges.iter().flat_map(|judge| {
        ["abandonment", "service_level"].into_iter().filter_map(|name| judge.estimate(name))
    });
    let mut intervals = known.map(|estimate| estimate.standard_error.is_some());
    let goals = judges.iter().map(|judge| judge.goals.len()).max().unwrap_or(0);
    if judges.is_empty() {
        return sentence!("Nothing can be said: no replication ended well.");
    } else if intervals.all(|has| !has) {
        return sentence!("One run shows what can happen, not how likely it is.");
    }
    let asked = asked_for(data);
    let answer = if !asked.is_empty() {
        let asked = asked.iter().take(HEADLINE);
        let told = asked.map(|figure| differences_of_all(data, judges, figure).to_string());
        Sentence::from(Vec::from_iter(told).join(" "))
    } else if goals > 0 {
        against_goals(judges, goals)
    } else if data.variants.len() == 1 {
        judges[0].abandonment()
    } else {
        match differs_most(judges) {
            Some(figure) if figure.name != "abandonment" => {
                differences_of_all(data, judges, figure)
            }
            _ => against_base(data, judges),
        }
    };
    let unheard = judges.iter().filter(|judge| judge.answers_nobody());
    let unheard = Vec::from_iter(unheard.map(|judge| judge.case.name));
    match unheard.len() {
        0 => answer,
        all if all == judges.len() => sentence!("No consumer is answered at all. {answer}"),
        _ => sentence!("With {} no consumer is answered at all. {answer}", Names(&unheard)),
    }
}

/// The figures that the question is about, if the scenario says so.
fn asked_for(data: &ReportData<'_>) -> Vec<&'static Definition> {
    data.background.verdict.iter().filter_map(|name| find(name)).collect()
}

/// What else there is to say: the other figures that the question is about and what the difference
/// costs, or what the variant changes that meets the goals.
pub(super) fn gist(data: &ReportData<'_>, judges: &[VariantJudge<'_>]) -> Sentence {
    let asked = asked_for(data);
    let most = differs_most(judges).filter(|figure| figure.name != "abandonment");
    let has_goals = judges.iter().any(|judge| !judge.goals.is_empty());
    let headline = match most {
        _ if !asked.is_empty() => Vec::from_iter(asked.iter().take(HEADLINE).copied()),
        Some(most) if !has_goals => vec![most],
        _ => return best(judges),
    };
    if judges.len() < 2 {
        return Sentence::default();
    }
    let is_worse = |figure: &Definition| {
        let mut found = judges.iter().filter_map(|judge| judge.comparison(figure.name));
        found.any(|comparison| comparison.verdict == Compared::Worse)
    };
    let prices = PRICES.iter().filter_map(|name| find(name));
    let prices = prices.filter(|figure| figure.name == "abandonment" || is_worse(figure));
    let is_untold = |figure: &&Definition| !asked.contains(figure) && !headline.contains(figure);
    let prices = prices.filter(is_untold).take(MOST_PRICES);
    let others = asked.iter().copied().filter(|figure| !headline.contains(figure));
    let told = told_of(data, judges, others.chain(prices));
    let goals = judges.iter().map(|judge| judge.goals.len()).max().filter(|&goals| goals > 0);
    match goals {
        Some(goals) => sentence!("{} {told}", against_goals(judges, goals)),
        None => told,
    }
}

/// How the variants differ from the base in each of these figures.
fn told_of(
    data: &ReportData<'_>,
    judges: &[VariantJudge<'_>],
    figures: impl Iterator<Item = &'static Definition>,
) -> Sentence {
    let told = figures.map(|figure| differences(data, judges, figure).to_string());
    Sentence::from(Vec::from_iter(told).join(" "))
}

/// How the variants differ from the base in a figure, and which do not.
fn differences_of_all(
    data: &ReportData<'_>,
    judges: &[VariantJudge<'_>],
    figure: &'static Definition,
) -> Sentence {
    let told = differences(data, judges, figure);
    let [base, others @ ..] = judges else { return told };
    let found = |wanted: &dyn Fn(Compared) -> bool| {
        let found = others.iter().filter(|judge| {
            let (base, own) = (base.case.series, judge.case.series);
            let compared = data.rule.compare_figure(figure, base, own);
            compared.is_some_and(|comparison| wanted(comparison.verdict))
        });
        Vec::from_iter(found.map(|judge| judge.case.name))
    };
    let sure = found(&|it| matches!(it, Compared::Better | Compared::Worse));
    if sure.is_empty() {
        // That is said already.
        return told;
    }
    let same = found(&|it| it == Compared::Same);
    let unclear = found(&|it| matches!(it, Compared::Unclear { .. }));
    let told = told.to_string();
    let told = told.trim_end_matches('.');
    let same = match same.as_slice() {
        [] => Sentence::default(),
        same => sentence!("; no difference that matters with {}", Names(same)),
    };
    let unclear = match unclear.as_slice() {
        [] => Sentence::default(),
        unclear => sentence!("; of {} it cannot be told yet", Names(unclear)),
    };
    Sentence::from(format!("{told}{same}{unclear}."))
}

/// How those variants differ from the base in a figure that are known to.
fn differences(
    data: &ReportData<'_>,
    judges: &[VariantJudge<'_>],
    figure: &'static Definition,
) -> Sentence {
    let label = capital(figure.label);
    let value = |judge: &VariantJudge<'_>| {
        judge.estimate(figure.name).map(|estimate| judge.written(figure.name, estimate.value))
    };
    let [base, others @ ..] = judges else { return Sentence::default() };
    let (name, of_base) = (Name(base.case.name), value(base));
    if others.is_empty() {
        let Some(estimate) = base.estimate(figure.name) else {
            return sentence!("{label}: there is nothing to tell.");
        };
        let interval = base.interval(figure.name, &estimate);
        return sentence!("{label}: {}{interval}.", Figure(of_base.unwrap_or_default()));
    }
    let rule = &data.rule;
    let compared = others.iter().filter_map(|judge| {
        let compared = rule.compare_figure(figure, base.case.series, judge.case.series)?;
        Some((judge, compared))
    });
    let compared = Vec::from_iter(compared);
    let Some(of_base) = of_base.filter(|_| !compared.is_empty()) else {
        let known = others.iter().filter(|judge| value(judge).is_some());
        let known = Vec::from_iter(known);
        return match known.is_empty() {
            true => sentence!("{label}: there is nothing to tell."),
            false => sentence!("{label}: {}; none with {name}.", with(&known, value)),
        };
    };
    let those = |wanted: &dyn Fn(&Comparison) -> bool| {
        let found = compared.iter().filter(|(_, comparison)| wanted(comparison));
        Vec::from_iter(found.map(|&(judge, _)| judge))
    };
    let is_sure = |it: &Comparison| matches!(it.verdict, Compared::Better | Compared::Worse);
    let less = those(&|it| is_sure(it) && it.difference.value < 0.0);
    let more = those(&|it| is_sure(it) && it.difference.value > 0.0);
    let unclear = those(&|it| matches!(it.verdict, Compared::Unclear { .. }));
    let base = sentence!("{name} ({})", Figure(&of_base));
    let known = match (less.is_empty(), more.is_empty()) {
        (true, true) if unclear.is_empty() => {
            return sentence!("{label}: no difference from {base} that matters.");
        }
        (true, true) => {
            return sentence!(
                "{label}: whether any variant differs from {base} cannot be told yet."
            );
        }
        (false, true) => sentence!("less {}", with(&less, value)),
        (true, false) => sentence!("more {}", with(&more, value)),
        (false, false) => sentence!("less {}, more {}", with(&less, value), with(&more, value)),
    };
    sentence!("{label}: {known} than with {base}.")
}

/// `with a (1), b (2) and c (3)`.
fn with(
    judges: &[&VariantJudge<'_>],
    value: impl Fn(&VariantJudge<'_>) -> Option<String>,
) -> Sentence {
    let told = judges.iter().map(|judge| {
        let value = value(judge).unwrap_or_default();
        sentence!("{} ({})", Name(judge.case.name), Figure(value)).to_string()
    });
    let told = Vec::from_iter(told);
    let told = Vec::from_iter(told.iter().map(String::as_str));
    Sentence::from(format!("with {}", listed(&told).unwrap_or_default()))
}

/// The figure in which a variant differs most surely from the base, in units of what matters.
fn differs_most(judges: &[VariantJudge<'_>]) -> Option<&'static Definition> {
    let compared = judges.iter().flat_map(|judge| &judge.compared);
    let sure = compared
        .filter(|it| matches!(it.verdict, Compared::Better | Compared::Worse))
        .filter(|it| !PRICES[1..].contains(&it.figure.name));
    let size = |it: &&Comparison| it.difference.value.abs() / it.threshold.max(f64::MIN_POSITIVE);
    let most = sure.max_by(|one, other| size(one).total_cmp(&size(other)));
    most.map(|comparison| comparison.figure)
}

/// What the variant changes that is sure to meet the goals, or else is known to lose fewer
/// consumers; of several the one that loses the fewest.
fn best(judges: &[VariantJudge<'_>]) -> Sentence {
    let is_better = |judge: &&VariantJudge<'_>| {
        let lost = judge.comparison("abandonment");
        lost.is_some_and(|comparison| comparison.verdict == Compared::Better)
    };
    let is_sure = |judge: &&VariantJudge<'_>| judge.standing() == Some(GoalStanding::Met);
    let lost =
        |judge: &&VariantJudge<'_>| judge.estimate("abandonment").map_or(1.0, |lost| lost.value);
    let others = || judges.iter().filter(|judge| judge.position > 0);
    let fewest =
        |one: &&VariantJudge<'_>, other: &&VariantJudge<'_>| lost(one).total_cmp(&lost(other));
    let best = others().filter(is_sure).min_by(fewest);
    let Some(best) = best.or_else(|| others().filter(is_better).min_by(fewest)) else {
        return Sentence::default();
    };
    let price = best.estimate("reassignments").filter(|torn| torn.value > 0.0).map(|torn| {
        let is_worse = best.comparison("reassignments");
        let is_worse = is_worse.is_some_and(|torn| torn.verdict == Compared::Worse);
        let price = if is_worse { ", at the price of" } else { ";" };
        sentence!(
            "{price} {} reassignments a conversation",
            Figure(best.written("reassignments", torn.value))
        )
    });
    let answers = best.estimate("lost_answer_share").filter(|lost| lost.value > 0.0);
    let answers = answers.map(|lost| {
        sentence!(" and {} of all answers", Figure(best.written("lost_answer_share", lost.value)))
    });
    let (name, lost) = (Name(best.case.name), best.lost());
    let answers = answers.unwrap_or_default();
    sentence!("With {name} {lost}{}{answers}.", price.unwrap_or_default())
}

fn against_goals(judges: &[VariantJudge<'_>], goals: usize) -> Sentence {
    let names = |wanted: &dyn Fn(Option<GoalStanding>) -> bool| {
        let found = judges.iter().filter(|judge| wanted(judge.standing()));
        Vec::from_iter(found.map(|judge| judge.case.name))
    };
    let sure = names(&|standing| standing == Some(GoalStanding::Met));
    let open = names(&|standing| {
        matches!(standing, Some(GoalStanding::PerhapsMet | GoalStanding::PerhapsMissed))
    });
    let (is_closed, count, all) = (open.is_empty(), sure.len(), judges.len());
    let (sure, open) = (Names(&sure), Names(&open));
    let (what, they_are) = (the_goals(goals), goals_are(goals));
    match (count, all) {
        (1, 1) => sentence!("{} met.", capital(&they_are)),
        _ if count == all => sentence!("All {all} variants meet {what}."),
        (0, 1) if is_closed && goals == 1 => sentence!("The goal is missed."),
        (0, 1) if is_closed => sentence!("Not {they_are} met."),
        (0, 1) => sentence!("Whether {they_are} met cannot be told yet."),
        (0, _) if is_closed => sentence!("No variant meets {what}."),
        (0, _) => sentence!("No variant is sure to meet {what}; {open} may."),
        (1, _) if is_closed => sentence!("Only {sure} is sure to meet {what}."),
        (1, _) => sentence!("Only {sure} is sure to meet {what}; {open} may."),
        _ if is_closed => sentence!("{sure} meet {what}; no other variant does."),
        _ => sentence!("{sure} meet {what}; {open} may."),
    }
}

/// Without goals: who loses fewer consumers than the base.
fn against_base(data: &ReportData<'_>, judges: &[VariantJudge<'_>]) -> Sentence {
    let base = Name(data.variants.first().map_or("", |base| base.name));
    let names = |wanted: &dyn Fn(Compared) -> bool| {
        let found = judges.iter().filter(|judge| {
            judge.comparison("abandonment").is_some_and(|comparison| wanted(comparison.verdict))
        });
        Vec::from_iter(found.map(|judge| judge.case.name))
    };
    let better = names(&|verdict| verdict == Compared::Better);
    let worse = names(&|verdict| verdict == Compared::Worse);
    let unclear = names(&|verdict| matches!(verdict, Compared::Unclear { .. }));
    let lose = |names: &[&str]| if names.len() == 1 { "loses" } else { "lose" };
    let (better_lose, worse_lose) = (lose(&better), lose(&worse));
    match (better.as_slice(), worse.as_slice()) {
        ([], []) if unclear.is_empty() => {
            sentence!("In lost consumers no variant differs from {base} to an extent that matters.")
        }
        ([], []) => {
            sentence!("Whether any variant loses fewer consumers than {base} cannot be told yet.")
        }
        ([], worse) => sentence!(
            "{} {worse_lose} more consumers than {base}; no variant is known to lose fewer.",
            Names(worse)
        ),
        (better, []) => {
            sentence!("{} {better_lose} fewer consumers than {base}.", Names(better))
        }
        (better, worse) => sentence!(
            "{} {better_lose} fewer consumers than {base}; {} {worse_lose} more.",
            Names(better),
            Names(worse)
        ),
    }
}

/// Figures of which the headline tells, if the question is about so many.
const HEADLINE: usize = 2;
/// Prices that are told: the others stand in the table.
const MOST_PRICES: usize = 2;
/// What a difference may cost, what weighs most first: consumers, torn conversations, work.
const PRICES: [&str; 4] = ["abandonment", "reassignments", "lost_answer_share", "lost_work_share"];
