//! The answer in a sentence, and what the best variant changes.

use crate::experiment::compare::ComparisonVerdict as Compared;
use crate::report::goals::GoalStanding;
use crate::report::report_data::ReportData;
use crate::report::sentence::{Figure, Name, Names, Sentence, sentence};
use crate::report::wording::{capital, goals_are, the_goals};

use super::VariantJudge;

/// The answer in a sentence.
pub(super) fn headline(data: &ReportData<'_>, judges: &[VariantJudge<'_>]) -> Sentence {
    let known = judges.iter().flat_map(|judge| {
        ["abandonment", "service_level"].into_iter().filter_map(|name| judge.estimate(name))
    });
    let mut intervals = known.map(|estimate| estimate.standard_error.is_some());
    let goals = judges.iter().map(|judge| judge.goals.len()).max().unwrap_or(0);
    if judges.is_empty() {
        sentence!("Nothing can be said: no replication ended well.")
    } else if intervals.all(|has| !has) {
        sentence!("One run shows what can happen, not how likely it is.")
    } else if goals > 0 {
        against_goals(judges, goals)
    } else if data.variants.len() > 1 {
        against_base(data, judges)
    } else {
        judges[0].abandonment()
    }
}

/// What the variant changes that is sure to meet the goals, or else is known to lose fewer
/// consumers; of several the one that loses the fewest.
pub(super) fn gist(judges: &[VariantJudge<'_>]) -> Sentence {
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
