//! Hand-overs between skills, each of which counts the stays with it.

use crate::experiment::validate::case::{ValidationCase, ValidationFigure};
use crate::ledger::outcome::{Outcome, SkillFigures};

pub(super) const V26: &[ValidationCase] = &[ValidationCase::new(
    "V26",
    "Erlang C behind an infinite server",
    file!("v26_bot_first"),
    &[
        ValidationFigure::probability("kept by the bot", 0.4, |o| {
            let SkillFigures { flow, handed_out, .. } = bot(o);
            Some(1.0 - *handed_out as f64 / flow.offered as f64)
        }),
        ValidationFigure::probability("people within 20 s", 0.793_326, |o| {
            people(o).flow.service_level(o.frame.service_level.of)
        }),
        ValidationFigure::amount("Wq of people, s", 35.422_7, |o| people(o).flow.assignment.mean()),
        ValidationFigure::bounded("centre within 20 s", 1.0, 1.0, Outcome::service_level),
    ],
)];

fn bot(outcome: &Outcome) -> &SkillFigures {
    &outcome.skills[0]
}

fn people(outcome: &Outcome) -> &SkillFigures {
    &outcome.skills[1]
}
