//! `[run]`, `[measure]`, `[service_level]`, `[goals]` and `[precision]`.

use super::plan::{PrecisionSettings, RunEnd, RunSettings};
use super::reader::ReaderSection;
use super::reader::compound::{List, NamedForm, Unless};
use super::reader::forms::{ChoiceForm, Duration, Flag, Number, Whole};
use super::run_days::{horizon, refuse_what_needs_days_alike, run_calendar};
use crate::base::time::{Span, Time};
use crate::ledger::definitions::{FIGURES, find};
use crate::ledger::settings::{
    Goals, MeasureSettings, ServiceLevel, ServiceLevelAt, ServiceLevelOf,
};
use jiff::civil::Date;

/// `[run]`.
pub(super) fn run(section: &mut ReaderSection<'_>, holidays: Vec<Date>) -> Option<RunSettings> {
    let seed = section.value(
        "seed",
        Whole::<u64>::between(0, i64::MAX),
        1,
        "seed of all random streams; the same seed gives the same run",
    );
    let replications = section.value(
        "replications",
        Unless { word: "batch-means", form: Whole::<u32>::between(1, 1_000_000) },
        20,
        "how often the same plan is run with fresh chance; \"batch-means\" for one long run that is \
         cut into batches, of a centre that never closes",
    );
    let (batch_means, replications) = (replications.is_none(), replications.unwrap_or(1));
    let calendar = run_calendar(section)?.with_holidays(holidays);
    let warm_up = section.value(
        "warm_up",
        Unless { word: "mser-5", form: Duration::any() },
        "0s",
        "measures begin this long after the start; \"mser-5\" finds out, by pilot runs, after which \
         time the number of open conversations has settled (White 1997)",
    );
    let until = horizon(section, &calendar);
    let drain = section.value("end", ENDS, "drain", "what happens then");
    let at_most = section.value(
        "drain_at_most",
        Duration::any(),
        "24h",
        "the run ends this long after `until` even if conversations are still open",
    );
    let (seeks_warm_up, warm_up) = (warm_up.is_none(), warm_up.unwrap_or_default());
    if warm_up >= until {
        let finding = section.error("warm_up", "the warm-up leaves nothing to measure");
        section.context.report(finding.allowed(format!("less than `run.until`, {until}")));
    }
    refuse_what_needs_days_alike(section, &calendar, batch_means, seeks_warm_up);
    let end = if drain { RunEnd::Drain { at_most } } else { RunEnd::Cut };
    let until = Time::ZERO + until;
    Some(RunSettings {
        seed,
        replications,
        batch_means,
        calendar,
        warm_up,
        seeks_warm_up,
        until,
        end,
    })
}

/// `[measure]`; the service level and the goals have sections of their own.
pub(super) fn measure(section: &mut ReaderSection<'_>) -> Option<MeasureSettings> {
    let interval =
        section.value("interval", INTERVALS, "30m", "length of an interval of the day in tables");
    let response_within = section.value(
        "response_within",
        Duration::any(),
        "60s",
        "an answer to a message within this time counts as in time",
    );
    let at = section.optional(
        "at",
        List(Duration::any()),
        "instants after the start at which open, queued and busy are noted",
    );
    let at = at.unwrap_or_default().into_iter().map(|after| Time::ZERO + after).collect();
    let service_level = ServiceLevel {
        within: Span::ZERO,
        at: ServiceLevelAt::Answer,
        of: ServiceLevelOf::Offered,
    };
    let (skill_thresholds, goals, part_goals) = (Vec::new(), Goals::default(), Vec::new());
    Some(MeasureSettings {
        interval,
        service_level,
        skill_thresholds,
        response_within,
        at,
        goals,
        part_goals,
    })
}

/// `[service_level]`.
pub(super) fn service_level(section: &mut ReaderSection<'_>) -> Option<ServiceLevel> {
    Some(ServiceLevel {
        within: section.value(
            "within",
            Duration::any(),
            "60s",
            "threshold: who waits no longer is served in time",
        ),
        at: section.value("at", SERVICE_LEVEL_AT, "answer", "what ends the wait"),
        of: section.value(
            "of",
            SERVICE_LEVEL_OF,
            "offered",
            "which of the four ways to compute it is shown first and held against the goal",
        ),
    })
}

/// `[goals]`.
pub(super) fn goals(section: &mut ReaderSection<'_>) -> Option<Goals> {
    section.advise_on_tables(
        "a goal for a skill, a group or a part of the day is a [[goal]] with figure = \"service_level\", \
         at_least = 0.8 and skill, group or from and to; a threshold by skill is \
         [skills.NAME] service_level.within",
    );
    Some(Goals {
        service_level: section.optional(
            "service_level",
            Number::share(),
            "service level to reach, such as 0.8 or \"80%\"",
        ),
        abandonment: section.optional(
            "abandonment",
            Number::share(),
            "share of abandoned conversations not to exceed",
        ),
        reassignments: section.optional(
            "reassignments",
            Number::between(0.0, 1e6),
            "auto-unassigns and ownership removals a conversation not to exceed",
        ),
        lost_answer_share: section.optional(
            "lost_answer_share",
            Number::share(),
            "share of the answers begun that are lost with their conversations not to exceed",
        ),
        lost_work_share: section.optional(
            "lost_work_share",
            Number::share(),
            "share of the work on answers that is lost with them not to exceed",
        ),
    })
}

/// `[precision]`.
pub(super) fn precision(section: &mut ReaderSection<'_>) -> Option<PrecisionSettings> {
    let figures = NamedForm { form: Number::share_between(1e-4, 1.0), at_most: FIGURES.len() };
    let within = section.optional(
        "within",
        figures,
        "figures, by their names in summary.json, with half the length of their intervals relative \
         to them; replications go on until all are as short in all variants",
    );
    let at_least = section.value(
        "at_least",
        Whole::<u32>::between(2, 1_000_000),
        10,
        "replications in any case, if `within` is set",
    );
    let at_most = section.value(
        "at_most",
        Whole::<u32>::between(2, 1_000_000),
        1000,
        "replications after which it ends all the same, if `within` is set",
    );
    let control_variate = section.value(
        "control_variate",
        Flag,
        false,
        "whether figures are corrected to the number of arrivals expected, as more or fewer arrive \
         by chance: all but counts of arrivals and maxima, in all variants; not tables by interval, \
         skill, group or agent",
    );
    let within = within.unwrap_or_default();
    for (name, _) in within.iter().filter(|(name, _)| find(&name.text).is_none()) {
        let message = format!("there is no figure `{}`", name.text);
        section.context.report(section.error("within", message).at(name.span.clone()));
    }
    let within = within.into_iter().map(|(name, bound)| (name.text, bound)).collect();
    Some(PrecisionSettings { within, at_least, at_most, control_variate })
}

const ENDS: ChoiceForm<bool> = ChoiceForm(&[
    ("cut", false, "everything stops at the horizon; open conversations count as at end"),
    ("drain", true, "arrivals stop; the run ends when nothing is open"),
]);

const INTERVALS: ChoiceForm<Span> = ChoiceForm(&[
    ("15m", Span::from_mins(15), "a quarter of an hour"),
    ("30m", Span::from_mins(30), "half an hour"),
    ("60m", Span::from_mins(60), "an hour"),
    ("1h", Span::from_mins(60), "an hour"),
]);

const SERVICE_LEVEL_AT: ChoiceForm<ServiceLevelAt> = ChoiceForm(&[
    ("answer", ServiceLevelAt::Answer, "the first answer"),
    ("assignment", ServiceLevelAt::Assignment, "the first assignment to an agent"),
]);

const SERVICE_LEVEL_OF: ChoiceForm<ServiceLevelOf> = ChoiceForm(&[
    ("offered", ServiceLevelOf::Offered, "within / offered"),
    ("answered", ServiceLevelOf::Answered, "within / answered"),
    (
        "offered_without_short_abandons",
        ServiceLevelOf::OfferedWithoutShortAbandons,
        "within / (offered − abandoned within the threshold)",
    ),
    (
        "short_abandons_count_as_served",
        ServiceLevelOf::ShortAbandonsCountAsServed,
        "(within + abandoned within the threshold) / offered",
    ),
]);
