//! `fit.json`: the estimates for machines.

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::estimation::{
    AbsenceEstimate, BusynessFinding, ChosenFit, Estimated, Fit, InterruptionEstimate, Maximum,
    PatienceEstimate, PatienceFinding, SilentEstimate, SilentFinding,
};
use crate::fitting::{ArrivalEstimates, TimesEstimate, TurnCount, TurnsEstimate, is_told_apart};
use crate::log::form::LogWord as _;
use crate::report::json_file::{FileHead, ScenarioName};

use super::fitted_findings::findings;
use super::fitted_log::{FittedCounts, FittedLog};

/// Version of this form.
pub const FIT_SCHEMA: &str = "shiftstorm.fit/1";

/// What stands in `fit.json`.
#[derive(Serialize)]
pub(super) struct SavedFit {
    #[serde(flatten)]
    head: FileHead,
    #[serde(flatten)]
    estimates: Json,
}

fn saved_with(name: &str, estimates: Json) -> SavedFit {
    let name = ScenarioName { name: name.to_owned() };
    SavedFit { head: FileHead::new(FIT_SCHEMA, name), estimates }
}

/// Of a log.
pub(super) fn saved(log: &FittedLog<'_>) -> SavedFit {
    let (samples, estimates) = (log.samples, log.estimates);
    let tally = &log.read.tally;
    let work = estimates.work.iter().map(|work| {
        json!({
            "skill": log.skill(work.skill),
            "answers": work.answers,
            "cut": work.cut,
            "mean_seconds": estimated(work.mean.as_ref()),
            "law": work.law.map(|law| format!("{law:?}")),
            "gaps": times(&work.gaps),
        })
    });
    let unassigns = estimates.unassigns.iter().map(|it| {
        json!({
            "state": it.state.map(|state| state.word()),
            "count": it.count,
            "timeout_seconds": it.timeout,
        })
    });
    let findings = findings(log).into_iter().map(|finding| {
        json!({ "topic": finding.topic, "known": finding.is_known, "text": finding.text })
    });
    saved_with(
        log.name,
        json!({
            "rows": { "all": tally.rows, "bad": tally.bad, "doubled": tally.doubled, "sorted": log.read.was_sorted },
            "clock_tick_seconds": log.tick.as_secs_f64(),
            "is_sample": log.is_sample,
            "conversations": samples.conversations(),
            "messages": { "consumers": samples.consumer_messages, "agents": samples.agent_messages },
            "oddities": {
                "answered_unassigned": samples.answered_unassigned,
                "messages_after_close": samples.reopened,
                "never_ended": samples.never_ended,
                "closed_unanswered": samples.closed_unanswered,
            },
            "findings": findings.collect::<Vec<_>>(),
            "arrivals": log.arrivals().map(|it| arrivals(it, &|skill| log.skill(skill).to_owned())),
            "turns": estimates.turns.as_ref().map(turns),
            "think": times(&estimates.think),
            "burst_gaps": times(&estimates.burst_gaps),
            "first_answers": times(&estimates.first_answers),
            "answers": times(&estimates.answers),
            "answers_from_last": times(&estimates.answers_from_last),
            "work": work.collect::<Vec<_>>(),
            "interruptions": estimates.interruptions.as_ref().map(interruptions),
            "patience": patience(&estimates.patience),
            "rough_patience_seconds": estimated(estimates.rough_patience.as_ref()),
            "patience_until_assignment": estimates.is_patience_until_assignment,
            "later_patience": patience(&estimates.later_patience),
            "silent": silent(&estimates.silent),
            "skills": skills(log),
            "unassigns": unassigns.collect::<Vec<_>>(),
            "removal_within_seconds": estimated(estimates.removal_within.as_ref()),
            "agents": agents(log),
            "absences": absences(log),
            "shifts": { "planned": samples.shifts, "missed": samples.missed_shifts },
        }),
    )
}

/// Of a table of counts.
pub(super) fn saved_counts(counts: &FittedCounts<'_>) -> SavedFit {
    let estimates = arrivals(counts.arrivals, &|_| "all".to_owned());
    saved_with(counts.name, json!({ "arrivals": estimates }))
}

fn arrivals(
    found: &ArrivalEstimates,
    name: &dyn Fn(Option<crate::log::LoggedSkill>) -> String,
) -> Json {
    let skills = found.skills.iter().map(|skill| {
        let intervals = skill.intervals.iter().map(|it| {
            json!({ "weekday": it.weekday, "interval": it.interval, "per_hour": estimated(Some(&it.per_hour)) })
        });
        json!({
            "skill": name(skill.skill),
            "count": skill.count,
            "busyness": busyness(&skill.busyness),
            "intervals": intervals.collect::<Vec<_>>(),
        })
    });
    let unusual = found.days.unusual.iter().map(|day| {
        let count = found.totals.get(day.position).map(|total| total.count);
        json!({ "day": day.position, "count": count, "expected": day.expected, "probability": day.probability })
    });
    let correlations = found.correlations.iter().map(|it| {
        let names = [it.one, it.other].map(|at| name(found.skills[at].skill));
        json!({ "skills": names, "correlation": estimated(Some(&it.value)) })
    });
    json!({
        "days": found.totals.len(),
        "by_weekday": found.is_by_weekday,
        "trend": estimated(found.days.trend.as_ref()),
        "busyness": busyness(&found.days.busyness),
        "unusual_days": unusual.collect::<Vec<_>>(),
        "skills": skills.collect::<Vec<_>>(),
        "correlations": correlations.collect::<Vec<_>>(),
    })
}

fn busyness(found: &BusynessFinding) -> Json {
    match found {
        BusynessFinding::Estimated { variance, is_none } => {
            json!({ "variance": estimated(Some(variance)), "none": is_none })
        }
        BusynessFinding::TooFewDays(days) => json!({ "too_few_days": days }),
    }
}

fn interruptions(found: &InterruptionEstimate) -> Json {
    json!({
        "every_seconds": estimated(Some(&found.fit.every)),
        "length_seconds": estimated(Some(&found.fit.length)),
        "lengths": format!("{:?}", found.fit.lengths),
        "lengths_sure": found.fit.is_form_sure,
        "mean_work_seconds": estimated(Some(&found.fit.mean_work)),
        "log_likelihood_gain": found.gain,
        "doubt": found.doubt.map(|doubt| format!("{doubt:?}")),
        "told_apart": is_told_apart(found),
        "work_family": format!("{:?}", found.fit.form.work.family),
        "maximum": maximum(&found.fit.maximum),
    })
}

/// What consumers do by skill; none where that of all stands for it.
fn skills(log: &FittedLog<'_>) -> Vec<Json> {
    let of_skill = log.estimates.skills.iter().map(|own| {
        json!({
            "skill": log.skill(own.skill),
            "turns": own.turns.as_ref().map(turns),
            "think": own.think.as_ref().map(times),
            "patience": own.patience.as_ref().map(patience),
            "silent": own.silent.as_ref().map(silent),
        })
    });
    of_skill.collect()
}

fn turns(found: &TurnsEstimate) -> Json {
    let form = match found.form {
        TurnCount::Fixed(turns) => json!({ "fixed": turns }),
        TurnCount::Geometric(ref share) => json!({ "geometric": estimated(Some(share)) }),
    };
    json!({ "conversations": found.conversations, "mean": found.mean, "form": form })
}

fn silent(found: &SilentEstimate) -> Json {
    let finding = match &found.finding {
        SilentFinding::Identified(fit) => json!({
            "share": estimated(Some(&fit.silent_share)),
            "one_message_share": estimated(Some(&fit.one_message_share)),
            "mean_patience_seconds": estimated(Some(&fit.mean_patience)),
            "may_be_none": fit.may_be_none,
            "family": format!("{:?}", fit.form.family),
            "share_at_once": fit.form.has_share_at_once,
            "maximum": maximum(&fit.maximum),
        }),
        SilentFinding::NotIdentifiable(why) => json!({ "not_identifiable": format!("{why:?}") }),
    };
    json!({
        "finding": finding,
        "at_most": found.at_most,
        "ignoring_mean_seconds": estimated(found.ignoring.as_ref()),
    })
}

fn patience(found: &PatienceEstimate) -> Json {
    let finding = match &found.finding {
        PatienceFinding::Fitted { chosen, misleading } => {
            json!({ "fitted": fitted(chosen), "mean_wait_of_those_who_left_is_off_by": misleading })
        }
        PatienceFinding::BeyondNotSeen { longest, share, restricted_mean } => json!({
            "beyond_not_seen_seconds": longest,
            "share": share,
            "restricted_mean_seconds": estimated(Some(restricted_mean)),
        }),
        PatienceFinding::TooLittle { missing_abandonments, .. } => {
            json!({ "too_little": { "missing_abandonments": missing_abandonments } })
        }
    };
    json!({ "abandonments": found.abandonments, "waited": found.waited, "finding": finding })
}

fn absences(log: &FittedLog<'_>) -> Json {
    let found = &log.estimates.agents;
    let names = log.agents.presence.causes.names();
    let of = |estimate: &AbsenceEstimate| {
        let length = estimate.length.as_ref().map(fitted);
        json!({ "every_seconds": estimated(Some(&estimate.every)), "length": length })
    };
    let away = found.absences.iter().map(|absence| {
        let reason = absence.reason.and_then(|reason| names.get(reason));
        json!({ "reason": reason, "absence": of(&absence.estimate) })
    });
    let late = found.lateness.as_ref().map(
        |late| json!({ "share": estimated(Some(&late.share)), "by": late.by.as_ref().map(fitted) }),
    );
    json!({
        "away": away.collect::<Vec<_>>(),
        "disconnects": found.disconnects.as_ref().map(of),
        "late_logouts": late,
        "speed_spread": found.speeds.as_ref().map(|group| group.spread),
        "speeds_alike_probability": found.speeds.as_ref().map(|group| group.alike_probability),
    })
}

fn agents(log: &FittedLog<'_>) -> Vec<Json> {
    let names = log.read.vocabulary.agents.names();
    let speeds = log.estimates.agents.speeds.as_ref();
    let speed = |name: Option<&String>| {
        let own = speeds.and_then(|group| group.speeds.iter().find(|it| Some(&it.name) == name));
        estimated(own.map(|own| &own.speed))
    };
    let rows = log.samples.agents.iter().map(|(agent, it)| {
        json!({
            "agent": names.get(agent.0 as usize),
            "online_hours": it.online.as_secs_f64() / 3600.0,
            "messages": it.messages,
            "slots_used": it.slots,
            "answers": it.answers(),
            "speed": speed(names.get(agent.0 as usize)),
            "logouts": it.logouts,
            "open_at_logout": it.open_at_logout,
        })
    });
    rows.collect()
}

fn times(found: &TimesEstimate) -> Json {
    json!({
        "ended": found.ended,
        "cut": found.cut,
        "median_seconds": found.median,
        "p90_seconds": found.p90,
        "fit": found.chosen.as_ref().map(fitted),
        "fits": found.has_fit(),
    })
}

fn fitted(chosen: &ChosenFit) -> Json {
    let all = chosen.fits.iter().map(fit);
    json!({
        "fits": all.collect::<Vec<_>>(),
        "distance": chosen.misfit.distance,
        "tolerable_distance": chosen.misfit.threshold,
    })
}

fn fit(fit: &Fit) -> Json {
    let parameters = fit.parameters.iter().map(|parameter| {
        json!({ "name": parameter.kind.name, "value": estimated(Some(&parameter.estimated)) })
    });
    json!({
        "family": format!("{:?}", fit.form.family),
        "share_at_once": fit.form.has_share_at_once,
        "mean_seconds": estimated(Some(&fit.mean)),
        "parameters": parameters.collect::<Vec<_>>(),
        "aic": fit.maximum.aic(),
        "maximum": maximum(&fit.maximum),
    })
}

/// Unbounded parameters with their covariance, from which replications may draw.
fn maximum(found: &Maximum) -> Json {
    let size = found.covariance.size();
    let rows = (0..size)
        .map(|row| Vec::from_iter((0..size).map(|column| found.covariance.entry(row, column))));
    json!({
        "parameters": found.parameters,
        "log_likelihood": found.log_likelihood,
        "covariance": rows.collect::<Vec<_>>(),
    })
}

fn estimated(found: Option<&Estimated>) -> Json {
    found.map_or(Json::Null, |it| {
        json!({
            "value": it.value,
            "low": it.interval.low,
            "high": it.interval.high,
            "n": it.observations,
        })
    })
}
