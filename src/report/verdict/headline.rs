//! The answer in a sentence, and what the best variant changes.

use crate::experiment::compare::ComparisonVerdict as Compared;
use crate::report::goals::GoalStanding;
use crate::report::report_data::ReportData;
use crate::report::sentence::{Piece, Sentence};
use crate::report::wording::{capital, goals_are, the_goals};

use super::{VariantJudge, times};

/// The answer in a sentence.
pub(super) fn headline(data: &ReportData<'_>, judges: &[VariantJudge<'_>]) -> Vec<Piece> {
    let mut text = Sentence::default();
    let known = judges.iter().flat_map(|judge| {
        ["abandonment", "service_level"].into_iter().filter_map(|name| judge.estimate(name))
    });
    let mut intervals = known.map(|estimate| estimate.standard_error.is_some());
    let goals = judges.iter().map(|judge| judge.goals.len()).max().unwrap_or(0);
    if judges.is_empty() {
        text.words("Nothing can be said: no replication ended well.");
    } else if intervals.all(|has| !has) {
        text.words("One run shows what can happen, not how likely it is.");
    } else if goals > 0 {
        against_goals(&mut text, judges, goals);
    } else if data.variants.len() > 1 {
        against_base(&mut text, data, judges);
    } else {
        text = judges[0].abandonment();
    }
    text.0
}

/// What the variant changes that is sure to meet the goals, or else is known to lose fewer
/// consumers; of several the one that loses the fewest.
pub(super) fn gist(judges: &[VariantJudge<'_>]) -> Vec<Piece> {
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
        return Vec::new();
    };
    let mut text = Sentence::default();
    text.words("With ");
    text.name(best.case.name);
    text.words(" ");
    let mut lost = best.abandonment().0;
    // The sentence goes on.
    if let Some(Piece::Words(last)) = lost.last_mut()
        && last.ends_with('.')
    {
        last.pop();
    }
    text.0.extend(lost);
    if let Some(torn) = best.estimate("reassignments").filter(|torn| torn.value > 0.0) {
        let is_worse = best.comparison("reassignments");
        let is_worse = is_worse.is_some_and(|torn| torn.verdict == Compared::Worse);
        text.words(if is_worse { ", at the price of " } else { "; " });
        text.figure(&times(torn.value));
        text.words(" reassignments a conversation");
    }
    text.words(".");
    text.0
}

fn against_goals(text: &mut Sentence, judges: &[VariantJudge<'_>], goals: usize) {
    let names = |wanted: &dyn Fn(Option<GoalStanding>) -> bool| {
        let found = judges.iter().filter(|judge| wanted(judge.standing()));
        Vec::from_iter(found.map(|judge| judge.case.name))
    };
    let sure = names(&|standing| standing == Some(GoalStanding::Met));
    let open = names(&|standing| {
        matches!(standing, Some(GoalStanding::PerhapsMet | GoalStanding::PerhapsMissed))
    });
    let what = the_goals(goals);
    match (sure.len(), judges.len()) {
        (1, 1) => text.words(&format!("{} met.", capital(&goals_are(goals)))),
        (count, all) if count == all => {
            text.words(&format!("All {all} variants meet {what}."));
        }
        (0, 1) if open.is_empty() => text.words(&match goals {
            1 => "The goal is missed.".to_owned(),
            _ => format!("Not {} met.", goals_are(goals)),
        }),
        (0, 1) => text.words(&format!("Whether {} met cannot be told yet.", goals_are(goals))),
        (0, _) if open.is_empty() => text.words(&format!("No variant meets {what}.")),
        (0, _) => {
            text.words(&format!("No variant is sure to meet {what}; "));
            text.names(&open);
            text.words(" may.");
        }
        (1, _) => {
            text.words("Only ");
            text.names(&sure);
            text.words(&format!(" is sure to meet {what}"));
            if !open.is_empty() {
                text.words("; ");
                text.names(&open);
                text.words(" may");
            }
            text.words(".");
        }
        _ => {
            text.names(&sure);
            text.words(&format!(" meet {what}"));
            if open.is_empty() {
                text.words("; no other variant does.");
            } else {
                text.words("; ");
                text.names(&open);
                text.words(" may.");
            }
        }
    }
}

/// Without goals: who loses fewer consumers than the base.
fn against_base(text: &mut Sentence, data: &ReportData<'_>, judges: &[VariantJudge<'_>]) {
    let base = data.variants.first().map_or("", |base| base.name);
    let names = |wanted: &dyn Fn(Compared) -> bool| {
        let found = judges.iter().filter(|judge| {
            judge.comparison("abandonment").is_some_and(|comparison| wanted(comparison.verdict))
        });
        Vec::from_iter(found.map(|judge| judge.case.name))
    };
    let better = names(&|verdict| verdict == Compared::Better);
    let worse = names(&|verdict| verdict == Compared::Worse);
    let unclear = names(&|verdict| matches!(verdict, Compared::Unclear { .. }));
    let lose = |count: usize| if count == 1 { " loses" } else { " lose" };
    match (better.is_empty(), worse.is_empty(), unclear.is_empty()) {
        (true, true, true) => {
            text.words("In lost consumers no variant differs from ");
            text.name(base);
            text.words(" to an extent that matters.");
        }
        (true, true, false) => {
            text.words("Whether any variant loses fewer consumers than ");
            text.name(base);
            text.words(" cannot be told yet.");
        }
        (false, nobody_worse, _) => {
            text.names(&better);
            text.words(&format!("{} fewer consumers than ", lose(better.len())));
            text.name(base);
            if !nobody_worse {
                text.words("; ");
                text.names(&worse);
                text.words(&format!("{} more", lose(worse.len())));
            }
            text.words(".");
        }
        (true, false, _) => {
            text.names(&worse);
            text.words(&format!("{} more consumers than ", lose(worse.len())));
            text.name(base);
            text.words("; no variant is known to lose fewer.");
        }
    }
}
