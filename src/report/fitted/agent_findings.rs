//! What a log says of agents and of the platform, in words.

use crate::estimation::InterruptionDoubt;
use crate::fitting::is_told_apart;

use super::fitted_log::FittedLog;
use super::fitted_words::{FittedFinding, known, mean_time, percent, time, unknown};

/// In words.
pub(super) fn interruptions(log: &FittedLog<'_>) -> FittedFinding {
    const TOPIC: &str = "Interruptions";
    let Some(found) = &log.estimates.interruptions else {
        return match log.estimates.work.is_empty() {
            true => unknown(TOPIC, "Nothing is known of them without the work of replies."),
            false => unknown(TOPIC, "The gaps between replies do not tell."),
        };
    };
    let fit = &found.fit;
    let told = format!("once in {} of work, for {}", mean_time(&fit.every), mean_time(&fit.length));
    match found.doubt {
        Some(InterruptionDoubt::MayBeNone) => {
            known(TOPIC, "None need be there to explain the gaps.".into())
        }
        Some(InterruptionDoubt::Few) => known(TOPIC, format!("Few, so not sure: {told}.")),
        Some(InterruptionDoubt::Short) => unknown(
            TOPIC,
            format!(
                "Not told from long replies: they would be shorter than five replies ({told})."
            ),
        ),
        None if is_told_apart(found) => {
            let unsure = match fit.is_form_sure {
                true => "",
                false => {
                    " How much their lengths differ is not seen; the intervals allow for several ways."
                }
            };
            known(TOPIC, format!("Online, but not there: {told}.{unsure}"))
        }
        None => unknown(TOPIC, "Not known."),
    }
}

/// In words.
pub(super) fn platform(log: &FittedLog<'_>) -> Option<FittedFinding> {
    let timeouts = log.estimates.unassigns.iter().map(|unassigns| {
        let state = unassigns.state.map_or("unknown", crate::log::form::LogWord::word);
        match unassigns.timeout {
            Some(timeout) => format!("{} after {} while {state}", unassigns.count, time(timeout)),
            None => format!("{} while {state}, at no one time", unassigns.count),
        }
    });
    let mut parts = Vec::from_iter(timeouts);
    if let Some(within) = &log.estimates.removal_within {
        let (count, within) = (within.observations, time(within.value));
        parts.push(format!("{count} after logouts, within {within}"));
    }
    (!parts.is_empty()).then(|| {
        known("Conversations taken away", format!("By the platform: {}.", parts.join("; ")))
    })
}

/// In words.
pub(super) fn agents(log: &FittedLog<'_>) -> FittedFinding {
    const TOPIC: &str = "Agents";
    let samples = log.samples;
    if samples.agents.is_empty() {
        return unknown(TOPIC, "The log has no agents, so nothing is known of their number.");
    }
    let mut text = format!("{} agents", samples.agents.len());
    if samples.staff.is_empty() {
        text.push_str("; when they were there is not known without their states");
    }
    if samples.shifts > 0 {
        text.push_str(&format!(
            "; {} of {} planned shifts were missed",
            samples.missed_shifts, samples.shifts
        ));
    }
    let absences: u64 = samples.away.values().map(crate::estimation::DurationBins::ended).sum();
    if absences > 0 {
        text.push_str(&format!("; {absences} times Away"));
    }
    if samples.disconnects.ended() > 0 {
        text.push_str(&format!("; {} lost connections", samples.disconnects.ended()));
    }
    if let Some(late) = log.estimates.agents.lateness.as_ref().filter(|it| it.share.value > 0.0) {
        text.push_str(&format!("; {} of the shifts end late", percent(late.share.value)));
    }
    if let Some(group) = &log.estimates.agents.speeds {
        let differ = match group.alike_probability < 0.05 {
            true => format!("differ in speed by {} up or down", percent(group.spread)),
            false => "are equally fast as far as the log tells".to_owned(),
        };
        text.push_str(&format!("; they {differ}"));
    }
    known(TOPIC, format!("{text}."))
}
