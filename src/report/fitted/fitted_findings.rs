//! What a log says and cannot say, in words a planner understands.

use crate::estimation::{
    BusynessFinding, PatienceEstimate, PatienceFinding, SilentFinding, WhyNotIdentifiable,
};
use crate::fitting::{SilentOutcome, SkillEstimates, TimesEstimate, TurnCount};

use super::agent_findings::{agents, interruptions, platform};
use super::fitted_log::{FittedCounts, FittedLog};
use super::fitted_words::{FittedFinding, known, mean_time, off_by, percent, time, unknown, whole};

/// What a table of counts says, for the terminal.
pub fn counts_summary(counts: &FittedCounts<'_>) -> String {
    let days = counts.arrivals.totals.len();
    let found = busyness_of(&counts.arrivals.days.busyness);
    format!("{days} days. {}: {}", found.topic, found.text)
}

/// All topics in order.
pub fn findings(log: &FittedLog<'_>) -> Vec<FittedFinding> {
    let mut all = vec![arrivals(log)];
    all.extend(busyness(log));
    all.extend([turns(log), waits(log), think(log), work(log)]);
    all.push(patience(log));
    all.push(silent(log));
    all.push(interruptions(log));
    all.extend(platform(log));
    all.push(agents(log));
    all
}

fn arrivals(log: &FittedLog<'_>) -> FittedFinding {
    const TOPIC: &str = "Arrivals";
    let count = log.samples.conversations();
    let Some(arrivals) = &log.estimates.arrivals else {
        return unknown(TOPIC, "The log has no conversation.");
    };
    let (days, with) = (arrivals.totals.len(), log_days(log));
    if log.is_sample {
        return unknown(
            TOPIC,
            format!(
                "No arrival rates: the log holds a sample. Its {count} conversations lie on {with} of {days} \
                 days, too few to be all that came."
            ),
        );
    }
    let kind = if arrivals.is_by_weekday { "by weekday" } else { "for all days alike" };
    let mut text = format!(
        "{} conversations on {days} days; rates {kind}, half-hour and skill.",
        whole(count)
    );
    if let Some(trend) = &arrivals.days.trend {
        let change = percent(trend.value);
        text.push_str(&format!(" Each day has {change} more than the one before."));
    }
    match arrivals.days.unusual.len() {
        0 => {}
        1 => text.push_str(" One day is out of the ordinary and not averaged in."),
        many => {
            text.push_str(&format!(" {many} days are out of the ordinary and not averaged in."))
        }
    }
    known(TOPIC, text)
}

fn log_days(log: &FittedLog<'_>) -> usize {
    let totals = log.estimates.arrivals.as_ref().map(|arrivals| &arrivals.totals);
    totals.map_or(0, |totals| totals.iter().filter(|day| day.count > 0).count())
}

fn busyness(log: &FittedLog<'_>) -> Option<FittedFinding> {
    log.arrivals().map(|arrivals| busyness_of(&arrivals.days.busyness))
}

/// In words, of a log or a table.
pub(super) fn busyness_of(found: &BusynessFinding) -> FittedFinding {
    const TOPIC: &str = "Busyness of days";
    match found {
        BusynessFinding::TooFewDays(days) => unknown(
            TOPIC,
            format!(
                "Whether some days are busier than others beyond chance needs 60 days; there are {days}."
            ),
        ),
        BusynessFinding::Estimated { variance, is_none } => {
            let high = libm::sqrt(variance.interval.high.max(0.0));
            match is_none {
                true => known(
                    TOPIC,
                    format!(
                        "None: the days differ no more than chance lets them; at most {} up or down.",
                        percent(high)
                    ),
                ),
                false => known(
                    TOPIC,
                    format!(
                        "Days differ by {} up or down beyond chance ({} to {}).",
                        percent(libm::sqrt(variance.value)),
                        percent(libm::sqrt(variance.interval.low.max(0.0))),
                        percent(high)
                    ),
                ),
            }
        }
    }
}

fn turns(log: &FittedLog<'_>) -> FittedFinding {
    const TOPIC: &str = "Messages";
    let Some(turns) = &log.estimates.turns else {
        return unknown(TOPIC, "No conversation was answered and is over.");
    };
    let form = match turns.form {
        TurnCount::Fixed(turns) => format!("nearly always {turns}"),
        TurnCount::Geometric(share) => format!(
            "each answer is the last with probability {:.3} ({:.3} to {:.3})",
            share.value, share.interval.low, share.interval.high
        ),
    };
    let bursts = if turns.has_bursts() { " Some turns have several messages." } else { "" };
    let count = whole(turns.conversations);
    let own = by_skill(log, &SkillEstimates::FEW.to_string(), |own| {
        own.turns.as_ref().map(|turns| format!("{:.2}", turns.mean))
    });
    let text =
        format!("{:.2} turns a conversation (n = {count}): {form}.{bursts}{own}", turns.mean);
    known(TOPIC, text)
}

/// What is known of each skill by itself; nothing where there is one only.
fn by_skill(
    log: &FittedLog<'_>,
    needed: &str,
    told: impl Fn(&SkillEstimates) -> Option<String>,
) -> String {
    let skills = &log.estimates.skills;
    let own =
        skills.iter().filter_map(|own| Some(format!("{} {}", log.skill(own.skill), told(own)?)));
    let own = Vec::from_iter(own);
    match skills.len() - own.len() {
        _ if skills.is_empty() => String::new(),
        0 => format!(" By skill: {}.", own.join("; ")),
        _ if own.is_empty() => format!(" For all skills together: one of its own needs {needed}."),
        left => {
            format!(
                " By skill: {}. {left} more share that of all: one of its own needs {needed}.",
                own.join("; ")
            )
        }
    }
}

fn waits(log: &FittedLog<'_>) -> FittedFinding {
    const TOPIC: &str = "Waits for answers";
    let (first, last) = (&log.estimates.answers, &log.estimates.answers_from_last);
    match (first.median, last.median) {
        (Some(first_median), Some(last_median)) => known(
            TOPIC,
            format!(
                "Half of the answers come within {} of the first unanswered message, and of the last one \
                 within {} (n = {}).",
                time(first_median),
                time(last_median),
                whole(first.ended)
            ),
        ),
        _ => unknown(TOPIC, "The log has no answers, or does not tell who wrote."),
    }
}

fn think(log: &FittedLog<'_>) -> FittedFinding {
    const TOPIC: &str = "Think time";
    let own = by_skill(log, &SkillEstimates::FEW.to_string(), |own| {
        own.think.as_ref().and_then(TimesEstimate::mean).map(|mean| mean_time(&mean))
    });
    match (log.estimates.think.mean(), log.estimates.think.has_fit()) {
        (None, _) => unknown(
            TOPIC,
            format!("Too few: {} messages after an answer.", log.estimates.think.ended),
        ),
        (Some(mean), true) => known(TOPIC, format!("Mean {}.{own}", mean_time(&mean))),
        (Some(mean), false) => known(
            TOPIC,
            format!(
                "Mean {}; no distribution fits, so that values of the log stand for it.{own}",
                mean_time(&mean)
            ),
        ),
    }
}

fn work(log: &FittedLog<'_>) -> FittedFinding {
    const TOPIC: &str = "Work of a reply";
    if !log.samples.has_assignments {
        return unknown(
            TOPIC,
            "The log does not tell which agent got a conversation, and when. What consumers wait is \
             not the work: agents have several conversations, and other things to do.",
        );
    }
    let skills = log.estimates.work.iter().filter_map(|work| {
        let mean = work.mean?;
        let name = log.skill(work.skill);
        Some(format!("{name}: mean {}, {} more were cut", mean_time(&mean), work.cut))
    });
    let skills = Vec::from_iter(skills);
    match skills.is_empty() {
        true => unknown(TOPIC, "Too few answers of agents who had the conversation."),
        false => known(TOPIC, format!("One reply at a time: {}.", skills.join("; "))),
    }
}

fn patience(log: &FittedLog<'_>) -> FittedFinding {
    const TOPIC: &str = "Patience";
    if !log.samples.has_endings {
        return unknown(
            TOPIC,
            "The log has no abandonments. It does not tell how conversations end.",
        );
    }
    let scope = match log.estimates.is_patience_until_assignment {
        true => "until an agent has the conversation",
        false => "until the first answer",
    };
    let needed =
        format!("{} who left, and waits that are long enough", PatienceEstimate::ABANDONMENTS);
    let own = by_skill(log, &needed, |own| own.mean_patience().map(|mean| mean_time(&mean)));
    let PatienceEstimate { abandonments, waited, finding, .. } = &log.estimates.patience;
    if let (SilentFinding::Identified(fit), SilentOutcome::Known(_)) =
        (&log.estimates.silent.finding, log.estimates.silent_outcome())
    {
        let mean = &fit.mean_patience;
        let misleading = log.samples.all_consumers().waits_to_answer.mean_of_ended();
        let misleading = misleading.map_or(0.0, |wait| wait / mean.value - 1.0);
        return known(
            TOPIC,
            format!(
                "Mean {} {scope}, those who left silently told apart. The mean wait of the {} who left openly is \
                 {}: it is not patience.{own}",
                mean_time(mean),
                whole(*abandonments),
                off_by(misleading)
            ),
        );
    }
    match finding {
        PatienceFinding::Fitted { chosen, misleading } => known(
            TOPIC,
            format!(
                "Mean {} {scope}, from {} who left of {}. The mean wait of those who left is {}: it is not \
                 patience.{own}",
                mean_time(&chosen.best().mean),
                whole(*abandonments),
                whole(*waited),
                off_by(*misleading)
            ),
        ),
        PatienceFinding::BeyondNotSeen { longest, share, restricted_mean } => unknown(
            TOPIC,
            format!(
                "No mean: {} would wait longer than {}, beyond which nothing is seen. Counted up to there it is {}.",
                percent(*share),
                time(*longest),
                mean_time(restricted_mean)
            ),
        ),
        PatienceFinding::TooLittle { .. } => {
            let rough = log.estimates.rough_patience.as_ref();
            let rough =
                rough.map_or(String::new(), |mean| format!(" Roughly {}.", mean_time(mean)));
            unknown(
                TOPIC,
                format!(
                    "{abandonments} of {waited} left openly, too few: to know the mean to a tenth needs {} and \
                     {}.{rough}",
                    PatienceEstimate::ABANDONMENTS,
                    percent(PatienceEstimate::SHARE)
                ),
            )
        }
    }
}

fn silent(log: &FittedLog<'_>) -> FittedFinding {
    const TOPIC: &str = "Silent abandonment";
    if !log.samples.has_endings {
        return unknown(TOPIC, "Nothing is known of it without abandonments.");
    }
    let estimate = &log.estimates.silent;
    let needed =
        format!("{} who left, and waits that are long enough", PatienceEstimate::ABANDONMENTS);
    let own = by_skill(log, &needed, |own| own.silent_share().map(percent));
    match (&estimate.finding, log.estimates.silent_outcome()) {
        (SilentFinding::Identified(fit), SilentOutcome::Known(share)) => {
            let ignoring = estimate.ignoring.as_ref().map_or(String::new(), |ignoring| {
                format!(
                    " Who takes them for served finds a mean patience of {}.",
                    time(ignoring.value)
                )
            });
            known(
                TOPIC,
                format!(
                    "{} of those who leave say nothing ({} to {}).{ignoring}{own}",
                    percent(share),
                    percent(fit.silent_share.interval.low),
                    percent(fit.silent_share.interval.high)
                ),
            )
        }
        (SilentFinding::Identified(fit), _) => known(
            TOPIC,
            format!("None is found; at most {}.", percent(fit.silent_share.interval.high)),
        ),
        (SilentFinding::NotIdentifiable(why), _) => {
            let why = match why {
                WhyNotIdentifiable::FewShortWaits(count) => {
                    format!("{count} were answered within 10 s, 200 are needed")
                }
                WhyNotIdentifiable::FewLongWaits(count) => {
                    format!("{count} were answered after 40 s or more, 200 are needed")
                }
                WhyNotIdentifiable::FewAbandonments(count) => {
                    format!("{count} left openly, 50 are needed")
                }
                WhyNotIdentifiable::WideInterval => "the log allows too much".to_owned(),
            };
            unknown(
                TOPIC,
                format!(
                    "Not told from short conversations ({why}): from 0 to {} of those who left.",
                    percent(estimate.at_most)
                ),
            )
        }
    }
}
