//! The whole file.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::absences::{Planned, What};
use super::agents::agents;
use super::answering::Answering;
use super::characters::{refuse_characters, trouble};
use super::closing::{Closing, closing};
use super::consumers::consumers;
use super::distribution::{numbers, seconds};
use super::figure_form::FigureForm;
use super::goal_form::goal;
use super::hours_form::HoursWritten;
use super::like::with_likes;
use super::named_parts::{group_skills_in, has_backlog, names_in, skills_in, skills_used_in};
use super::overrides::Overrides;
use super::plan::{Plan, PrecisionSettings, RunSettings, Scenario, Variant};
use super::reader::compound::{InTable, List, NamedForm};
use super::reader::diagnostic::{Diagnostic, Source};
use super::reader::forms::TextForm;
use super::reader::tree::{Table, Word};
use super::reader::{Context, ReaderSection, describe};
use super::search_settings::SearchSettings;
use super::side_files::SideFileSource;
use super::skill_form::skills;
use super::stress::Stress;
use super::variants::{self, VariantsForm};
use super::vary::{Vary, VaryForm};
use super::{
    difference_thresholds, limits, platform, review, run, run_days, search_settings, stress,
};
use crate::base::ids::ReasonId;
use crate::base::time::Span;
use crate::ledger::definitions::Definition;
use crate::ledger::objectives::DifferenceThresholds;
use crate::ledger::settings::MeasureSettings;
use crate::model::settings::{
    Absence, AgentGroup, AwayKind, AwayReason, Centre, ConsumerKind, END_OF_SHIFT_REASON, Episode,
    Routing, RoutingMode, Trigger, UNASSIGNED_REASON,
};
use crate::tables::PlannedDay;

/// The scenario, if its values could be read, and all findings.
pub(super) fn read(
    source: &Arc<Source>,
    files: &SideFileSource,
    table: &Table,
    overrides: &Overrides,
) -> (Option<Scenario>, Vec<Diagnostic>) {
    let mut context = Context::new(Arc::clone(source), files.clone());
    refuse_characters(&context, table);
    overrides.tables().for_each(|setting| refuse_characters(&context, setting));
    let table = &overrides.over(&context, table);
    let base = read_plan(&mut context, table);
    let mut all = Vec::new();
    if let Some(header) = &base {
        all.push(Some(Variant { name: header.base.clone(), plan: Arc::clone(&header.plan) }));
    }
    let written = table.get("variant").map(variants::written).unwrap_or_default();
    for (name, changes) in &written {
        let merged = variants::apply(&context, table, changes);
        let merged = overrides.over(&context, &merged);
        let plan = read_plan(&mut context, &merged).map(|header| header.plan);
        all.push(plan.map(|plan| Variant { name: name.clone(), plan }));
    }
    variants::refuse_duplicates(&context, table, base.as_ref().map(|header| header.base.as_str()));
    // What varies may switch on what is off here.
    if table.get("vary").is_none() {
        context.report_settings_without_effect();
    }
    let stem = Path::new(&source.name).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    if let Some(trouble) = stem.as_deref().and_then(trouble)
        && base.as_ref().is_some_and(|header| header.name.is_none())
    {
        let message =
            format!("the name of the file, which becomes that of the scenario, {trouble}");
        let finding = Diagnostic::error(source, message);
        context.report(finding.help("give the scenario a `name`, or the file another"));
    }
    let findings = context.take_findings();
    let (tables, derivations) = (context.tables.take(), context.derivations.take());
    let scenario = base.and_then(|header| {
        Some(Scenario {
            name: header.name.or(stem).unwrap_or_default(),
            question: header.question,
            description: header.description,
            verdict: header.verdict,
            source: String::new(),
            precision: header.precision,
            thresholds: header.thresholds,
            variants: all.into_iter().collect::<Option<Vec<_>>>()?,
            vary: header.vary,
            search: header.search,
            stress: header.stress,
            tables,
            derivations,
            warnings: super::Diagnostics::default(),
        })
    });
    (scenario, findings)
}

/// JSON Schema (draft 2020-12) of scenario files, with descriptions, defaults and choices.
pub fn schema() -> Json {
    let mut schema = describe(root);
    let properties = schema["properties"].clone();
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("Shiftstorm scenario");
    schema["description"] = json!("A messaging centre, its people and the runs to make of it");
    let definitions = [seconds().definition(), numbers().definition()];
    schema["$defs"] =
        definitions.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
    schema["properties"]["variant"]["items"] = variants::schema(properties);
    schema
}

struct Header {
    precision: PrecisionSettings,
    thresholds: DifferenceThresholds,
    name: Option<String>,
    question: String,
    description: String,
    verdict: Vec<&'static Definition>,
    base: String,
    vary: Vec<Vary>,
    search: SearchSettings,
    stress: Stress,
    plan: Arc<Plan>,
}

fn read_plan(context: &mut Context, written: &Table) -> Option<Header> {
    context.groups = names_in(written, "agents");
    let table = &with_likes(context, written);
    context.skills = skills_in(table);
    context.skills_used = skills_used_in(table);
    context.has_backlog = has_backlog(table);
    context.group_skills = group_skills_in(table, &context.skills);
    let before = context.reported();
    let mut header = read_root(context, table);
    if let Some(first) = context.take_first_date() {
        context.forget_findings_after(before);
        context.first_day = Some(first);
        header = read_root(context, table);
        context.first_day = None;
        context.take_first_date();
        let message =
            format!("the run begins on {}, on which its dated tables do", PlannedDay::Date(first));
        let finding = Diagnostic::error(&context.source, message).warning().key("run");
        context.report(finding.help(format!("say so: `run.from = \"{first}\"`")));
    }
    let header = header?;
    if !context.has_errors_after(before) {
        // What a group has from another is said of that one.
        review::review(context, written, &header.plan, &header.stress);
    }
    Some(header)
}

fn read_root(context: &Context, table: &Table) -> Option<Header> {
    let mut section = ReaderSection::new(context, table, String::new(), 0..0);
    let header = root(&mut section);
    section.refuse_unknown_keys();
    header
}

fn root(section: &mut ReaderSection<'_>) -> Option<Header> {
    let name =
        section.optional("name", TextForm, "name of the scenario; the file's name if left out");
    let question = section.optional("question", TextForm, "the question that it answers");
    let description = section.optional("description", TextForm, "the centre behind it");
    let verdict = section.optional(
        "verdict",
        List(FigureForm),
        "figures that the question is about: the headline of a report says how the variants differ in \
         them; without, it is about the goals, or what differs most",
    );
    let base = section.value("base", TextForm, "base", "name of the base among the variants");
    let holidays = section.table("calendar", run_days::holidays, "days that differ from others");
    let holidays = holidays.unwrap_or_default();
    let read_run = |section: &mut ReaderSection<'_>| run::run(section, holidays.clone());
    let read = section.table("run", read_run, "the run");
    let is_run = read.is_some();
    // What else is wrong is to be said as well.
    let run = &read.unwrap_or_default();
    let measure = measured(section, run);
    let precision = section.table(
        "precision",
        run::precision,
        "how well figures are to be known; with `within`, `run.replications` counts for nothing",
    );
    refuse_precise_batches(section, run, precision.as_ref());
    let thresholds = section.table(
        "compare",
        difference_thresholds::compare,
        "from which size on a difference between variants matters",
    );
    let threshold = measure.as_ref().map(|it| it.service_level.within).unwrap_or_default();
    let centre = centre(section, run, threshold);
    section.optional(
        "variant",
        VariantsForm,
        "variants of the base: a name, and any other keys in the same layout, \
         which override those of the base; a value in braces { … } replaces the \
         whole value",
    );
    let vary = section.optional(
        "vary",
        VaryForm,
        "keys that take several values, at most two: `run` then runs every choice of values \
         instead of the variants",
    );
    let search = section.table("optimize", search_settings::search, "what `optimize` may move");
    let stress = section.table("stress", stress::stress, "how `stress` makes its wall-clock run");
    let centre = centre?;
    let own = centre.skill_settings.iter().map(|skill| skill.service_level_within);
    let measure = MeasureSettings { skill_thresholds: own.collect(), ..measure? };
    Some(Header {
        name,
        question: question.unwrap_or_default(),
        description: description.unwrap_or_default(),
        verdict: verdict.unwrap_or_default(),
        base,
        vary: vary.unwrap_or_default(),
        precision: precision?,
        thresholds: thresholds?,
        search: search?,
        stress: stress?,
        plan: Arc::new(Plan { centre, run: is_run.then(|| run.clone())?, measure }),
    })
}

/// What is measured, against what; thresholds by skill are the centre's.
fn measured(section: &mut ReaderSection<'_>, run: &RunSettings) -> Option<MeasureSettings> {
    let measure = section.table("measure", run::measure, "what is measured");
    let service_level =
        section.table("service_level", run::service_level, "definition of the service level");
    let goals = section.table("goals", run::goals, "goals that the summary gives a verdict on");
    let interval = measure.as_ref().map(|measure| measure.interval).unwrap_or_default();
    let part_goals = section.optional(
        "goal",
        List(InTable(|section: &mut ReaderSection<'_>| goal(section, run, interval))),
        "goals for any figure, of the run as a whole or of a part of it; they hold for all variants",
    );
    Some(MeasureSettings {
        service_level: service_level?,
        goals: goals?,
        part_goals: part_goals.unwrap_or_default(),
        ..measure?
    })
}

/// Batch means are one run, which no further one can make more precise.
fn refuse_precise_batches(
    section: &mut ReaderSection<'_>,
    run: &RunSettings,
    precision: Option<&PrecisionSettings>,
) {
    if run.batch_means && precision.is_some_and(|precision| !precision.within.is_empty()) {
        let message = "`precision.within` needs replications, of which batch means have one only";
        let help = "give `run.replications` a number, or `run.until` a later hour";
        section.context.report(section.error("precision", message).help(help));
    }
}

fn centre(section: &mut ReaderSection<'_>, run: &RunSettings, threshold: Span) -> Option<Centre> {
    let routing = section.table("routing", platform::routing, "how conversations find agents");
    let order = section.table(
        "queue",
        |section| platform::queue(section, threshold),
        "in which order conversations are served",
    );
    let pull = section.table(
        "pull",
        platform::pull,
        "how agents pull; matters with `routing.mode = \"pull\"`",
    );
    let unassign = section.table(
        "unassign",
        platform::unassign,
        "automatic unassignment of unresponsive agents",
    );
    let remove_ownership = section.table(
        "remove_ownership",
        platform::remove_ownership,
        "removal of ownership when an agent logs out",
    );
    let capacity = section.table("capacity", platform::capacity, "weight of idle conversations");
    let Closing { resolve, auto_close, after_close } = closing(section);
    let hours = HoursWritten::read(section, run);
    let skill_settings = skills(section, &hours, run);
    let groups = NamedForm {
        form: InTable(|section: &mut ReaderSection<'_>| agents(section, run)),
        at_most: limits::GROUPS,
    };
    let groups = section.required("agents", groups, "groups of agents, by name: [agents.NAME]");
    let staff = Vec::from_iter(groups.iter().flatten().map(|(_, (group, _))| group));
    let answering = Answering { groups: &staff, skills: &skill_settings };
    let kinds = NamedForm {
        form: InTable(|section: &mut ReaderSection<'_>| consumers(section, run, answering)),
        at_most: limits::KINDS,
    };
    let kinds =
        section.required("consumers", kinds, "kinds of consumers, by name: [consumers.NAME]");
    if section.context.skills.len() > limits::SKILLS {
        let message = format!("there are more than {} skills", limits::SKILLS);
        section.context.report(section.error("skills", message));
    }
    let (groups, reasons) = with_reasons(section, groups?)?;
    let (pull_mode, choose) = routing?;
    let pull = pull?;
    Some(Centre {
        routing: Routing {
            mode: if pull_mode { RoutingMode::Pull(pull) } else { RoutingMode::Push },
            choose,
            order: order?,
        },
        unassign: unassign?,
        remove_ownership: remove_ownership?,
        capacity: capacity?,
        resolve,
        auto_close,
        after_close,
        skills: section.context.skills.clone(),
        skill_settings,
        reasons,
        groups,
        kinds: kinds?
            .into_iter()
            .map(|(name, kind)| ConsumerKind { name: name.text, ..kind })
            .collect(),
    })
}

/// Numbers the away reasons of all groups.
fn with_reasons(
    section: &ReaderSection<'_>,
    groups: Vec<(Word, (AgentGroup, Vec<Planned>))>,
) -> Option<(Vec<AgentGroup>, Vec<AwayReason>)> {
    let unassigned = UNASSIGNED_REASON.to_owned();
    let mut reasons = vec![AwayReason { name: unassigned, kind: AwayKind::ByPlatform }];
    let mut named = Vec::new();
    for (name, (mut group, planned)) in groups {
        let mut episodes = Vec::new();
        for Planned { what, trigger, length } in planned {
            let absence = match what {
                What::Away(name) => {
                    let kind = match trigger {
                        Trigger::At { .. } | Trigger::Listed { .. } => AwayKind::Planned,
                        Trigger::Every(_) => AwayKind::AtRandom,
                    };
                    Absence::Away(number(&mut reasons, AwayReason { name, kind })?)
                }
                What::Interruption => Absence::Interruption,
                What::Disconnect => Absence::Disconnect,
                What::Logout => Absence::Logout,
            };
            episodes.push(Episode { absence, trigger, length });
        }
        if let Some(away) = &mut group.finish.away_before {
            let name = END_OF_SHIFT_REASON.to_owned();
            away.reason = number(&mut reasons, AwayReason { name, kind: AwayKind::EndOfShift })?;
        }
        if reasons.len() > limits::REASONS {
            let message = format!("there are more than {} away reasons", limits::REASONS - 1);
            section.context.report(section.error("agents", message));
            return None;
        }
        named.push(AgentGroup { name: name.text, episodes, ..group });
    }
    Some((named, reasons))
}

fn number(reasons: &mut Vec<AwayReason>, reason: AwayReason) -> Option<ReasonId> {
    let position = reasons.iter().position(|known| *known == reason).unwrap_or_else(|| {
        reasons.push(reason);
        reasons.len() - 1
    });
    // One too many is reported by the caller.
    Some(ReasonId(u8::try_from(position).unwrap_or(u8::MAX)))
}
