//! `[consumers.NAME]`.

use serde_json::{Value as Json, json};

use super::answering::Answering;
use super::arrivals::ArrivalsForm;
use super::backlog_form::{LeftKind, backlog};
use super::distribution::{SHARES_TOLERANCE, numbers, rounded, seconds};
use super::handle_time_form::{HandledKind, handle_time};
use super::limits;
use super::plan::RunSettings;
use super::reader::compound::{InTable, NameOf, NamedForm, Unless, unless_off};
use super::reader::forms::{ChoiceForm, Number, Whole};
use super::reader::tree::{Node, Value};
use super::reader::{Form, Input, ReaderSection};
use super::volume_table::ArrivalsOf;
use crate::base::arrivals::ArrivalProcess;
use crate::base::distribution::Distribution;
use crate::base::ids::{NEEDS_AT_MOST, SkillId};
use crate::model::settings::{
    Burst, ConsumerKind, Patience, PatienceUntil, Recontacts, Returns, Turns,
};

/// What a table may call them: their skill, or their kind.
fn names(section: &ReaderSection<'_>) -> Vec<String> {
    let names = section.text_of("skill").into_iter().chain([section.name()]);
    names.map(str::to_owned).collect()
}

/// One kind of consumers, its name still to be filled in.
pub(super) fn consumers(
    section: &mut ReaderSection<'_>,
    run: &RunSettings,
    answering: Answering<'_>,
) -> Option<ConsumerKind> {
    let arrivals = section.required(
        "arrivals",
        ArrivalsForm(ArrivalsOf { run, names: &names(section) }),
        "when they arrive: a rate such as \"120/h\", or a table of rates, \
         volumes, a CSV file, a trace or a closed population",
    );
    let skills = skills(section);
    section.refuse(
        "reply_time",
        "work is the agents': set `reply_time` in `[skills.NAME]`, or by skill in `[agents.NAME]`",
    );
    let priority = section.optional(
        "priority",
        Whole::<i16>::between(-1000, 1000),
        "higher numbers are served first; that of the skill, or 0, if left out",
    );
    let Writing { messages, burst, think } = writing(section);
    let work = handle_time(
        section,
        HandledKind {
            run,
            answering,
            skills: skills.as_deref().unwrap_or_default(),
            messages,
            think: &think,
        },
    );
    let Leaving { patience, silent_share, closes_share, returns, recontacts } = leaving(section);
    let left = LeftKind {
        run,
        answering,
        is_closed: matches!(arrivals, Some(ArrivalProcess::Closed { .. })),
        names: &names(section),
        messages,
        think: &think,
        patience: &patience,
    };
    let backlog = backlog(section, left);
    Some(ConsumerKind {
        name: String::new(),
        arrivals: arrivals?,
        backlog: backlog?,
        skills: skills?,
        priority,
        work: work?,
        messages,
        burst,
        think,
        patience,
        silent_share,
        closes_share,
        returns,
        recontacts,
    })
}

/// What a conversation consists of.
struct Writing {
    messages: Turns,
    burst: Option<Burst>,
    think: Distribution,
}

fn writing(section: &mut ReaderSection<'_>) -> Writing {
    let messages = section.value(
        "messages",
        TurnsForm,
        6,
        "how many times the consumer writes: a number, { geometric = p } if each \
         answer ends the conversation with probability p, or \"unlimited\"",
    );
    let burst = section.optional("burst", unless_off(InTable(burst)), "several messages in a row");
    let think = section.value(
        "think",
        seconds(),
        Node::from_snippet(r#"{ exponential = { mean = "90s" } }"#),
        "time from an answer to the consumer's next message",
    );
    Writing { messages, burst: burst.flatten(), think }
}

/// How consumers leave, and whether they come again.
struct Leaving {
    patience: Patience,
    silent_share: f64,
    closes_share: f64,
    returns: Option<Returns>,
    recontacts: Option<Recontacts>,
}

fn leaving(section: &mut ReaderSection<'_>) -> Leaving {
    let patience = section.value(
        "patience",
        PatienceForm,
        "forever",
        "how long they wait for the first answer before they abandon; or { first, until, later }",
    );
    let silent_share = section.value(
        "silent_share",
        Number::share(),
        0,
        "share of abandonments that the platform does not see",
    );
    let closes_share = section.value(
        "closes_share",
        Number::share(),
        0,
        "share of consumers who close the conversation themselves on reading the \
         last answer; matters with `resolve = { after = … }` only",
    );
    let (returns, recontacts) = coming_back(section);
    Leaving { patience, silent_share, closes_share, returns, recontacts }
}

/// `returns` and `recontacts`.
fn coming_back(section: &mut ReaderSection<'_>) -> (Option<Returns>, Option<Recontacts>) {
    let returns =
        section.optional("returns", unless_off(InTable(returns)), "coming back after abandoning");
    let recontacts = section.optional(
        "recontacts",
        unless_off(InTable(recontacts)),
        "coming again after a contact that was resolved, about the same skill",
    );
    (returns.flatten(), recontacts.flatten())
}

fn skills(section: &mut ReaderSection<'_>) -> Option<Vec<(SkillId, f64)>> {
    let skill = section.optional(
        "skill",
        NameOf::SKILL,
        "the skill they ask for; may be left out if there is only one",
    );
    let mix = section.optional(
        "skills",
        NamedForm { form: Number::share(), at_most: limits::SKILLS },
        "several skills with their shares, which add up to 1",
    );
    if !section.one_of(&["skill", "skills"], section.context.skills.len() > 1) {
        return None;
    }
    if section.has("skill") {
        return Some(vec![(SkillId(u16::try_from(skill?).ok()?), 1.0)]);
    }
    if !section.has("skills") {
        return Some(vec![(SkillId(0), 1.0)]);
    }
    let mix = mix?;
    let sum: f64 = mix.iter().map(|(_, share)| share).sum();
    if (sum - 1.0).abs() > SHARES_TOLERANCE {
        let message = format!("the shares add up to {}, not to 1", rounded(sum));
        section.context.report(section.error("skills", message));
    }
    let input = section.input("skills")?;
    let mut skills = Vec::new();
    for (name, share) in mix {
        let place =
            Input { node: &Node { value: Value::Other, span: name.span.clone() }, ..input.clone() };
        let position = NameOf::SKILL.position(&name.text, &place)?;
        skills.push((SkillId(u16::try_from(position).ok()?), share / sum));
    }
    skills.sort_by_key(|&(skill, _)| skill);
    Some(skills)
}

fn burst(section: &mut ReaderSection<'_>) -> Option<Burst> {
    let size = section.required(
        "size",
        numbers(),
        "messages in a turn, rounded to a whole number, at least 1",
    );
    let gap = section.value("gap", seconds(), "5s", "time between two of them");
    Some(Burst { size: size?, gap })
}

fn returns(section: &mut ReaderSection<'_>) -> Option<Returns> {
    let share = section.required(
        "share",
        Number::share(),
        "probability of coming back after an abandonment",
    );
    let after = section.required("after", seconds(), "time until then");
    let at_most = section.value(
        "at_most",
        Whole::<u32>::between(1, NEEDS_AT_MOST as i64),
        3,
        "visits of one consumer at most, the first included; repeat contacts are not among them",
    );
    Some(Returns { share: share?, after: after?, at_most })
}

fn recontacts(section: &mut ReaderSection<'_>) -> Option<Recontacts> {
    let share = section.required(
        "share",
        Number::share_between(0.0, MOST_RECONTACTS),
        "probability that a resolved contact is followed by another, each time anew: a need then \
         means 1 / (1 - share) contacts on average",
    );
    let after = section.required("after", seconds(), "time from the close until then");
    Some(Recontacts { share: share?, after: after? })
}

/// So that a need ends before the names for its contacts do, but once in 10¹¹.
const MOST_RECONTACTS: f64 = 0.9;

struct TurnsForm;

impl Form for TurnsForm {
    type Value = Turns;

    fn read(&self, input: Input<'_>) -> Option<Turns> {
        match &input.node.value {
            Value::Text(_) => UNLIMITED.read(input),
            Value::Table(_) => input.table(geometric),
            _ => TURNS.read(input).map(Turns::Fixed),
        }
    }

    fn schema(&self) -> Json {
        json!({ "anyOf": [TURNS.schema(), InTable(geometric).schema(), UNLIMITED.schema()] })
    }
}

fn geometric(section: &mut ReaderSection<'_>) -> Option<Turns> {
    let ends = section.required(
        "geometric",
        Number::share_between(1e-6, 1.0),
        "probability that an answer ends the conversation, above 0",
    );
    ends.map(Turns::Geometric)
}

/// `"forever"`, a distribution, or a table of `first`, `until` and `later`.
struct PatienceForm;

impl Form for PatienceForm {
    type Value = Patience;

    fn read(&self, input: Input<'_>) -> Option<Patience> {
        if let Value::Table(table) = &input.node.value
            && ["first", "until", "later"].iter().any(|key| table.get(key).is_some())
        {
            return input.table(patience);
        }
        let first = forever().read(input)?;
        Some(Patience { first, until: PatienceUntil::FirstAnswer, later: None })
    }

    fn schema(&self) -> Json {
        json!({ "anyOf": [forever().schema(), InTable(patience).schema()] })
    }
}

fn patience(section: &mut ReaderSection<'_>) -> Option<Patience> {
    Some(Patience {
        first: section.value("first", forever(), "forever", "for the first answer, or assignment"),
        until: section.value("until", PATIENCE_UNTIL, "first_answer", "what ends the first wait"),
        later: section.value("later", forever(), "forever", "for every later answer"),
    })
}

const fn forever() -> Unless<super::distribution::DistributionForm> {
    Unless { word: "forever", form: seconds() }
}

const PATIENCE_UNTIL: ChoiceForm<PatienceUntil> = ChoiceForm(&[
    ("first_answer", PatienceUntil::FirstAnswer, "the first answer"),
    ("assignment", PatienceUntil::Assignment, "the first assignment to an agent"),
]);

const UNLIMITED: ChoiceForm<Turns> =
    ChoiceForm(&[("unlimited", Turns::Unlimited, "the conversation never ends by itself")]);
const TURNS: Whole<u32> = Whole::between(1, 100_000);
