//! `[agents.NAME.finish]`: how a shift ends.

use super::distribution::seconds;
use super::reader::compound::InTable;
use super::reader::forms::{ChoiceForm, Duration, Number};
use super::reader::tree::Value;
use super::reader::{Form, Input, ReaderSection};
use crate::base::distribution::Distribution;
use crate::base::ids::ReasonId;
use crate::model::settings::{AwayBefore, Finish, FinishPending, FinishWhen};

/// `finish`. Going Away before the end makes no sense for who takes nothing new after it.
pub(super) fn finish(section: &mut ReaderSection<'_>) -> Option<Finish> {
    let away_before = section.optional(
        "away_before",
        Duration::any(),
        "goes Away this long before the planned end",
    );
    let finish = Finish {
        when: section.value(
            "when",
            FinishForm,
            "at_shift_end",
            "what an agent does when the shift is over",
        ),
        pending: section.value(
            "pending",
            FINISH_PENDING,
            "leave",
            "whether an agent who finishes first waits for its Pending conversations too",
        ),
        at_most: section.value(
            "at_most",
            Duration::any(),
            "1h",
            "an agent who finishes first logs out at the latest after this long",
        ),
        away_before: away_before.map(|before| AwayBefore { before, reason: ReasonId(0) }),
        hand_back: section.value(
            "hand_back",
            Number::share(),
            0,
            "probability that a New conversation is given back by hand, when going Away before the \
             end, else just before the logout",
        ),
        manual_sla: section.optional(
            "manual_sla",
            seconds(),
            "manual SLA on each New conversation that is not given back",
        ),
    };
    if away_before.is_some() && finish.when == FinishWhen::AfterFinishing {
        let message = "`away_before` contradicts `when = \"after_finishing\"`";
        let help = "who finishes first stays Online until nothing is left: leave one of them out";
        section.context.report(section.error("away_before", message).help(help));
        return None;
    }
    Some(finish)
}

/// A word, or `{ late = distribution }`.
struct FinishForm;

impl Form for FinishForm {
    type Value = FinishWhen;

    fn read(&self, input: Input<'_>) -> Option<FinishWhen> {
        match &input.node.value {
            Value::Table(_) => input.table(late).map(FinishWhen::Late),
            _ => FINISH.read(input).map(|waits| {
                if waits { FinishWhen::AfterFinishing } else { FinishWhen::AtShiftEnd }
            }),
        }
    }

    fn schema(&self) -> serde_json::Value {
        serde_json::json!({ "anyOf": [FINISH.schema(), InTable(late).schema()] })
    }
}

fn late(section: &mut ReaderSection<'_>) -> Option<Distribution> {
    section.required("late", seconds(), "works on for this time, then logs out")
}

const FINISH: ChoiceForm<bool> = ChoiceForm(&[
    ("at_shift_end", false, "logs out, with whatever it owns"),
    ("after_finishing", true, "takes nothing new and logs out when nothing is left"),
]);

const FINISH_PENDING: ChoiceForm<FinishPending> = ChoiceForm(&[
    ("leave", FinishPending::Leave, "logs out when it owns no New conversation"),
    ("wait", FinishPending::Wait, "logs out when it owns no conversation"),
]);
