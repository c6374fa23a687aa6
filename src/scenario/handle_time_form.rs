//! `consumers.NAME.handle_time`: how long a conversation takes, as planners know it.

use std::rc::Rc;

use super::answering::{Answering, Derivation, HandleTimeIs, HandledConversations};
use super::by_interval::{IntervalsOfDay, Resolved};
use super::distribution::rounded;
use super::plan::RunSettings;
use super::reader::ReaderSection;
use super::reader::compound::InTable;
use super::reader::forms::{ChoiceForm, Duration, Number};
use super::table_file::{TableFileForm, table_options};
use super::volume_table::{AskedTable, ClockedHandleTimes, table_handle_times};
use crate::base::distribution::Distribution;
use crate::base::ids::SkillId;
use crate::base::time::Span;
use crate::model::settings::{SkillFactors, Turns, WorkFactors};
use crate::tables::{Place, Sheet, TableFinding, TableOptions};

/// Whose handle time is read.
#[derive(Clone, Copy)]
pub(super) struct HandledKind<'a> {
    pub(super) run: &'a RunSettings,
    pub(super) answering: Answering<'a>,
    pub(super) skills: &'a [(SkillId, f64)],
    pub(super) messages: Turns,
    pub(super) think: &'a Distribution,
}

/// `handle_time` of consumers, as factors on the work of replies.
pub(super) fn handle_time(
    section: &mut ReaderSection<'_>,
    kind: HandledKind<'_>,
) -> Option<WorkFactors> {
    let name = section.name().to_owned();
    let form = InTable(|section: &mut ReaderSection<'_>| factors(section, kind, &name));
    let factors = section.optional(
        "handle_time",
        form,
        "mean handle time of a conversation, from which the work of a reply is worked out: reply times \
         of agents are multiplied by what makes it come about",
    );
    if section.has("handle_time") { factors } else { Some(WorkFactors::default()) }
}

/// Handle times of a skill in consecutive stretches from the start of the run, seconds.
struct HandleTimes {
    step: Span,
    seconds: Vec<f64>,
    /// The shortest of all that are written, and where it stands.
    shortest: f64,
    place: Option<Place>,
}

fn factors(
    section: &mut ReaderSection<'_>,
    kind: HandledKind<'_>,
    name: &str,
) -> Option<WorkFactors> {
    let is = section.required(
        "is",
        HANDLE_TIME_IS,
        "what it is the time of, for which there is no default",
    );
    let mean = section.optional("mean", Duration::at_least(Span::from_secs(1)), "the mean");
    let options = table_options(section);
    let sheet = section.optional(
        "table",
        TableFileForm { options: &options },
        "CSV file or workbook with means by clock time, day and skill, instead of `mean`; seconds \
         unless heading or cell say otherwise",
    );
    let at_concurrency = section.optional(
        "at_concurrency",
        Number::between(1.0, 1000.0),
        "conversations that an agent had at a time, in the mean, while it had any, when the handle time \
         was measured",
    );
    if !section.one_of(&["mean", "table"], true) {
        return None;
    }
    let is = is?;
    if is != HandleTimeIs::Active && !section.has("at_concurrency") {
        let documentation = "conversations that an agent had at a time when it was measured: without, \
                             nobody knows how much of the time it worked on others";
        section.miss("at_concurrency", documentation);
        return None;
    }
    let at_concurrency = at_concurrency.unwrap_or(1.0);
    let turns = turns(section, kind.messages)?;
    let mut all = Vec::new();
    for &(skill, share) in kind.skills {
        let known = &section.context.skills;
        let of_skill = known.get(usize::from(skill.0)).cloned().unwrap_or_default();
        let times = match (&mean, &sheet) {
            (Some(mean), _) => HandleTimes::of_run(*mean, kind.run),
            (None, sheet) => {
                let asked = AskedHandleTimes { options: &options, run: kind.run };
                asked.of_skill(section, sheet.as_ref()?, &[of_skill.clone(), name.to_owned()])?
            }
        };
        let of = HandledConversations { is, at_concurrency, turns, think: kind.think.mean() };
        let derivation = Derivation::of_skill(kind.answering, skill, of);
        // Nobody has the skill, or nobody asks for it: the review says so.
        let Some(derivation) = derivation.filter(|_| share > 0.0) else { continue };
        let whose = if kind.skills.len() > 1 {
            format!("`{name}`, {of_skill}")
        } else {
            format!("`{name}`")
        };
        let factors = times.factors(section, sheet.as_deref(), &derivation)?;
        section.context.note_derivation(times.in_words(&whose, &derivation, &factors));
        all.push(SkillFactors { skill, step: times.step, factors: factors.into() });
    }
    Some(WorkFactors(all))
}

/// Turns of a conversation, in the mean.
fn turns(section: &ReaderSection<'_>, messages: Turns) -> Option<f64> {
    match messages {
        Turns::Fixed(turns) => Some(f64::from(turns)),
        Turns::Geometric(ends) => Some(1.0 / ends),
        Turns::Unlimited => {
            let message = "conversations that never end have no handle time";
            let finding = section.error("is", message);
            section.context.report(finding.help("give `messages` a number, or { geometric = p }"));
            None
        }
    }
}

/// A table of handle times and what is to be known of it.
struct AskedHandleTimes<'a> {
    options: &'a TableOptions,
    run: &'a RunSettings,
}

impl AskedHandleTimes<'_> {
    fn of_skill(
        &self,
        section: &ReaderSection<'_>,
        sheet: &Rc<Sheet>,
        names: &[String],
    ) -> Option<HandleTimes> {
        let Self { options, run } = *self;
        let table = AskedTable { key: "table", sheet, options };
        let ClockedHandleTimes { times, shortest } =
            table_handle_times(section, table, run, names)?;
        let intervals = IntervalsOfDay {
            from: Span::ZERO,
            every: times.every,
            values: &times.values,
            again: &times.again,
            once: false,
        };
        let Resolved { step, values } = intervals.resolve(section, "table", run, run.until)?;
        let is_known = |value: &f64| *value > 0.0;
        let first = values.iter().flatten().copied().find(is_known);
        let Some(mut last) = first else {
            let message = format!("{} has no handle time for an instant of the run", sheet.file);
            section.report_table("table", sheet, TableFinding::error(message));
            return None;
        };
        // Who comes where there is none has that of before.
        let seconds = values.into_iter().map(|value| {
            last = value.filter(is_known).unwrap_or(last);
            last
        });
        let seconds = seconds.collect();
        Some(HandleTimes { step, seconds, shortest: shortest.value, place: Some(shortest.place) })
    }
}

impl HandleTimes {
    /// The same from start to end.
    fn of_run(mean: Span, run: &RunSettings) -> Self {
        let seconds = mean.as_secs_f64();
        let step = run.until.since_start();
        Self { step, seconds: vec![seconds], shortest: seconds, place: None }
    }

    /// The factor on reply times in each stretch. Says of the shortest what would be long enough.
    fn factors(
        &self,
        section: &ReaderSection<'_>,
        sheet: Option<&Sheet>,
        derivation: &Derivation,
    ) -> Option<Vec<f64>> {
        if derivation.reply() <= 0.0 {
            let message = "the reply time of the agents is 0, so that no factor makes it longer";
            let finding = section.error("", message);
            section
                .context
                .report(finding.help("set `reply_time` of the agents: its shape is kept"));
            return None;
        }
        if derivation.factor(self.shortest).is_some() {
            return self.seconds.iter().map(|&seconds| derivation.factor(seconds)).collect();
        }
        let message = "a handle time that leaves no time for work";
        let found = derivation.time(self.shortest);
        let allowed = format!("more than {}", derivation.needs());
        let help = derivation.remedy(self.shortest);
        match (&self.place, sheet) {
            (Some(place), Some(sheet)) => {
                let finding = TableFinding::error(message).at(place).found(found);
                section.report_table("table", sheet, finding.allowed(allowed).help(help));
            }
            _ => {
                let finding = section.error("mean", message).found(found);
                section.context.report(finding.allowed(allowed).help(help));
            }
        }
        None
    }

    /// What was done with them, in words.
    fn in_words(&self, whose: &str, derivation: &Derivation, factors: &[f64]) -> String {
        let ends = |values: &[f64]| {
            let (least, most) = (
                values.iter().copied().fold(f64::INFINITY, f64::min),
                values.iter().copied().fold(0.0, f64::max),
            );
            [least, most]
        };
        let range = |ends: [String; 2]| {
            let [least, most] = ends;
            if least == most { least } else { format!("{least} to {most}") }
        };
        let [least, most] = ends(factors);
        let times = range(ends(&self.seconds).map(|seconds| derivation.time(seconds)));
        let latency =
            range([least, most].map(|factor| derivation.time(derivation.latency(factor))));
        let work = range([least, most].map(|factor| derivation.time(factor * derivation.reply())));
        let factor =
            range([least, most].map(|factor| rounded(libm::round(factor * 1e3) / 1e3).to_string()));
        let what = match derivation.of.is {
            HandleTimeIs::Active => "of work on a conversation".to_owned(),
            HandleTimeIs::Owned => format!(
                "from assignment to close, {} conversations at a time",
                derivation.of.at_concurrency
            ),
            HandleTimeIs::Session => format!(
                "from assignment to the end of the wrap-up, {} conversations at a time",
                derivation.of.at_concurrency
            ),
        };
        let answered = match derivation.of.is {
            HandleTimeIs::Active => String::new(),
            HandleTimeIs::Owned | HandleTimeIs::Session => {
                format!(
                    ", {} of thinking: an answer takes {latency}",
                    derivation.time(derivation.thinking())
                )
            }
        };
        format!(
            "Handle time of {whose}: {times} {what}. {} answers{answered}, its work {work}; reply times of agents ({}) are multiplied by {factor}",
            rounded(derivation.of.turns),
            derivation.time(derivation.reply()),
        )
    }
}

impl Derivation {
    /// As it is read, to the tenth of a second.
    fn time(&self, seconds: f64) -> String {
        Span::from_secs_f64(libm::round(seconds * 10.0) / 10.0).to_string()
    }

    /// What a handle time has to be longer than, and why.
    fn needs(&self) -> String {
        let least = self.time(self.shortest());
        match self.of.is {
            HandleTimeIs::Active => format!("{least}, the wrap-up"),
            HandleTimeIs::Owned | HandleTimeIs::Session => {
                let (pauses, think) = (rounded(self.of.turns - 1.0), self.time(self.of.think));
                format!("{least}, of which {pauses} times {think} are the consumer's thinking")
            }
        }
    }

    /// The other bound: what the rest would have to be for it.
    fn remedy(&self, handle_time: f64) -> String {
        let left = handle_time - (self.shortest() - self.thinking());
        if self.thinking() > 0.0 && left > 0.0 {
            let think = self.time(left / (self.of.turns - 1.0));
            return format!(
                "with this handle time `think` would have to be below {think}, or `messages` fewer; or it `is` something else"
            );
        }
        "see what it `is` the time of, and `wrap_up` of the agents".to_owned()
    }
}

const HANDLE_TIME_IS: ChoiceForm<HandleTimeIs> = ChoiceForm(&[
    ("active", HandleTimeIs::Active, "an agent worked on the conversation, wrap-up included"),
    (
        "owned",
        HandleTimeIs::Owned,
        "from the assignment to the close, the consumer's thinking included",
    ),
    ("session", HandleTimeIs::Session, "the same with the wrap-up after the close"),
]);
