//! The verdict on a wall-clock run in plain sentences, written from the figures by rules.
//!
//! Of an invalid run nothing is concluded: it is told that the load generator was late, by how much,
//! and what may help.

use hdrhistogram::Histogram;

use crate::report::format::{fine, number, percent, plural, seconds, size, whole};
use crate::report::page::PageStatement;
use crate::report::sentence::{Figure, Sentence, sentence};
use crate::report::stress::run_tables::outcome;
use crate::report::stress::run_words::label;
use crate::report::stress::thresholds::described;
use crate::report::table::Standing;
use crate::stress::{
    Account, Count, JudgedThreshold, Mailbox, Recovery, StressResults, ThresholdVerdict, Timing,
};

/// What there is to say.
pub(super) struct RunVerdict {
    pub(super) headline: Sentence,
    pub(super) gist: Sentence,
    pub(super) cards: Vec<PageStatement>,
}

/// The verdict.
pub(super) fn verdict(results: &StressResults) -> RunVerdict {
    if !results.is_valid() {
        return invalid(results);
    }
    let judged = results.judged();
    let cards = [thresholds(&judged), Some(load(results)), Some(deadlines(results))];
    let cards = cards.into_iter().flatten().chain([messages(results), memory(results)]);
    let faults = results.recoveries.iter().take(MOST_FAULTS).map(fault);
    RunVerdict {
        headline: headline(results, &judged),
        gist: gist(results, &judged),
        cards: cards.chain(faults).collect(),
    }
}

/// Nothing but why.
fn invalid(results: &StressResults) -> RunVerdict {
    let figures = &results.figures;
    let (late, all) = (results.late(), results.due());
    let lag = figures.timing(Timing::GeneratorLag);
    let sent = sentence!("It sent {} of {} arrivals late or not at all.", whole(late), whole(all));
    let within = (!lag.is_empty()).then(|| {
        sentence!(
            "Of those sent 99 % were within {}, the latest after {}.",
            Figure(fine(lag.value_at_quantile(0.99))),
            Figure(fine(lag.max()))
        )
    });
    let advice = sentence!(
        "A lower rate or speed, fewer shards, a machine with more processors or one that does \
         nothing else may help."
    );
    let badge = Some((Standing::Bad, "invalid"));
    RunVerdict {
        headline: sentence!("Nothing can be concluded: the load generator could not keep up."),
        gist: sentence!(
            "{} of the arrivals were sent more than {} after their scheduled instants; at most 1 % \
             may be.",
            Figure(percent(late as f64 / all.max(1) as f64)),
            results.settings.late_after
        ),
        cards: vec![PageStatement::new(
            "Load generator",
            badge,
            [sent, within.unwrap_or_default(), advice],
        )],
    }
}

fn headline(results: &StressResults, judged: &[JudgedThreshold]) -> Sentence {
    let (missed, unknown) =
        (count(judged, ThresholdVerdict::Missed), count(judged, ThresholdVerdict::Unknown));
    let answer = match (judged.len(), missed, unknown) {
        (0, ..) => found(results),
        (1, 0, 0) => sentence!("The threshold is met."),
        (1, 1, _) => sentence!("The threshold is missed."),
        (1, ..) => sentence!("Whether the threshold is met is unknown."),
        (2, 0, 0) => sentence!("Both thresholds are met."),
        (all, 0, 0) => sentence!("All {all} thresholds are met."),
        (all, 0, unknown) => {
            sentence!("{unknown} of {all} thresholds cannot be judged; the others are met.")
        }
        (all, 1, _) => sentence!("1 of {all} thresholds is missed."),
        (all, missed, _) => sentence!("{missed} of {all} thresholds are missed."),
    };
    match results.interrupted {
        true => sentence!("{answer} It was interrupted, so this holds of a part of the run only."),
        false => answer,
    }
}

/// What came of it where no thresholds say what is wanted.
fn found(results: &StressResults) -> Sentence {
    let count = |count| results.figures.count(count);
    let kept = match (count(Count::Refused), count(Count::Lost)) {
        (0, 0) => "nothing was refused or lost".to_owned(),
        (refused, 0) => format!("{} arrivals were refused", number(refused as f64)),
        (0, lost) => format!("{} messages were lost", number(lost as f64)),
        (refused, lost) => format!(
            "{} arrivals were refused and {} messages lost",
            number(refused as f64),
            number(lost as f64)
        ),
    };
    let deadlines = deadlines_met(results);
    let rate = Figure(rate(results.rate(Count::Scheduled)));
    sentence!("At {rate} arrivals a second {kept}, and {deadlines}")
}

/// How late unassign deadlines were.
fn deadlines_met(results: &StressResults) -> Sentence {
    let timed = results.timing(Timing::DeadlineLateness);
    let lateness = timed.all();
    match lateness.is_empty() {
        true => sentence!("no unassign deadline fell due."),
        false => sentence!(
            "99 % of the unassign deadlines were handled within {} of their instant.",
            Figure(fine(lateness.value_at_quantile(0.99)))
        ),
    }
}

/// What came in, and how late deadlines were if that is not said already.
fn gist(results: &StressResults, judged: &[JudgedThreshold]) -> Sentence {
    let busiest = Figure(rate(busiest(results)));
    if judged.is_empty() {
        return sentence!(
            "{busiest} arrivals came in the busiest second. `[stress] thresholds` would say what is \
             good enough."
        );
    }
    let deadlines = deadlines_met(results);
    sentence!(
        "With {} arrivals a second, {busiest} in the busiest second, {deadlines}",
        Figure(rate(results.rate(Count::Scheduled)))
    )
}

fn thresholds(judged: &[JudgedThreshold]) -> Option<PageStatement> {
    let (missed, unknown) =
        (count(judged, ThresholdVerdict::Missed), count(judged, ThresholdVerdict::Unknown));
    let badge = match (missed, unknown) {
        (0, 0) => (Standing::Good, "met"),
        (0, _) => (Standing::Open, "unknown"),
        _ => (Standing::Bad, "missed"),
    };
    let wrong = judged.iter().filter(|judged| judged.verdict() != ThresholdVerdict::Met);
    let mut sentences = Vec::from_iter(wrong.map(|judged| sentence!("{}.", described(judged))));
    if sentences.is_empty() {
        sentences.push(sentence!("Met: {}.", plural(judged.len() as u64, "threshold")));
    }
    (!judged.is_empty()).then(|| PageStatement::new("Thresholds", Some(badge), sentences))
}

fn load(results: &StressResults) -> PageStatement {
    let figures = &results.figures;
    let (scheduled, refused) = (figures.count(Count::Scheduled), figures.count(Count::Refused));
    let refusals = match refused {
        0 => sentence!("none was refused."),
        _ => sentence!(
            "{} ({}) were refused, because {} messages were waiting for the router.",
            Figure(whole(refused)),
            percent(refused as f64 / scheduled.max(1) as f64),
            whole(results.settings.mailbox)
        ),
    };
    let timed = results.timing(Timing::Admission);
    let admission = timed.all();
    let admitted = (!admission.is_empty()).then(|| {
        sentence!(
            "From the scheduled instant until the router had opened the conversation: {}",
            within(admission)
        )
    });
    let closed = results.closed.then(|| {
        sentence!("The population waits for the system, so a slow system gets less load.")
    });
    let sentences = [
        sentence!("{} arrivals were scheduled; {refusals}", Figure(whole(scheduled))),
        admitted.unwrap_or_default(),
        match figures.timing(Timing::GeneratorLag) {
            nothing if nothing.is_empty() => sentence!("The load generator had nothing to send."),
            lag => sentence!(
                "The load generator kept up; it was late by at most {}.",
                Figure(fine(lag.max()))
            ),
        },
        closed.unwrap_or_default(),
    ];
    let badge = match refused {
        0 => (Standing::Good, "none refused"),
        _ => (Standing::Bad, "some refused"),
    };
    PageStatement::new("Load", Some(badge), sentences)
}

fn deadlines(results: &StressResults) -> PageStatement {
    let timed = results.timing(Timing::DeadlineLateness);
    let lateness = timed.all();
    let due = match lateness.is_empty() {
        true => sentence!("No unassign deadline fell due."),
        false => sentence!(
            "{} unassign deadlines fell due. How late they were handled: {}",
            Figure(whole(lateness.len())),
            within(lateness)
        ),
    };
    let owners = sentence!(
        "{} and {}.",
        plural(results.figures.count(Count::Unassigned), "automatic unassignment"),
        plural(results.figures.count(Count::Removed), "ownership removal")
    );
    PageStatement::new("Deadlines", None, [due, owners])
}

fn messages(results: &StressResults) -> PageStatement {
    let mut total = Account::default();
    Mailbox::ALL.iter().for_each(|&mailbox| total.add(results.account(mailbox)));
    let sent = sentence!(
        "{} messages were sent and all are accounted for: {} handled, {} refused, {} lost with \
         actors, {} waiting at the end.",
        Figure(whole(total.sent)),
        Figure(whole(total.handled)),
        whole(total.refused),
        whole(total.dead),
        whole(total.queued)
    );
    let badge = match total.dead {
        0 => (Standing::Good, "none lost"),
        _ => (Standing::Bad, "some lost"),
    };
    PageStatement::new("Messages", Some(badge), [sent])
}

fn memory(results: &StressResults) -> PageStatement {
    let memory = &results.memory;
    let live = sentence!(
        "At most {} conversations were live at once, and {} timers.",
        Figure(whole(memory.live)),
        Figure(whole(memory.timers))
    );
    let bytes = memory.before.zip(memory.most).map(|(before, most)| {
        sentence!(
            "The process had {} before the load and at most {}.",
            size(before as f64),
            Figure(size(most as f64))
        )
    });
    let parts = [
        ("a live conversation took", memory.per_conversation()),
        ("a timer took", memory.per_timer()),
    ];
    let parts = parts.into_iter().filter_map(|(what, bytes)| Some((what, bytes?)));
    let parts = Vec::from_iter(parts.map(|(what, bytes)| format!("{what} {}", size(bytes))));
    let each = (!parts.is_empty()).then(|| sentence!("{}.", parts.join(", ")).capital());
    let sentences = [live, bytes.unwrap_or_default(), each.unwrap_or_default()];
    PageStatement::new("Memory", None, sentences)
}

fn fault(recovery: &Recovery) -> PageStatement {
    let recovered = match recovery.recovered {
        Some(after) => sentence!(
            "The system had recovered {} after its beginning.",
            Figure(seconds(after.as_secs_f64()))
        ),
        None => sentence!("The system did not recover within the run."),
    };
    let counts = [
        ("arrivals refused", Count::Refused),
        ("messages lost", Count::Lost),
        ("actors replaced", Count::Replaced),
        ("logouts", Count::LoggedOut),
        ("automatic unassignments", Count::Unassigned),
        ("ownership removals", Count::Removed),
    ];
    let counts = counts.map(|(what, count)| (what, recovery.count(count)));
    let counts = counts.into_iter().filter(|(_, count)| *count > 0);
    let mut parts = Vec::from_iter(counts.map(|(what, count)| format!("{what}: {}", whole(count))));
    if let Some(latest) = recovery.longest(Timing::DeadlineLateness).filter(|it| !it.is_zero()) {
        parts.push(format!("latest unassign deadline: {}", fine(latest.as_nanos() as u64)));
    }
    let meanwhile = (!parts.is_empty()).then(|| sentence!("Meanwhile {}.", parts.join(", ")));
    let sentences = [recovered, meanwhile.unwrap_or_default()];
    PageStatement::new(label(&recovery.step), Some(outcome(recovery)), sentences)
}

/// `half within 85 µs, 99 % within 1.2 ms, all within 7.4 ms.`
fn within(histogram: &Histogram<u64>) -> Sentence {
    sentence!(
        "half within {}, 99 % within {}, all within {}.",
        fine(histogram.value_at_quantile(0.5)),
        Figure(fine(histogram.value_at_quantile(0.99))),
        fine(histogram.max())
    )
}

fn count(judged: &[JudgedThreshold], verdict: ThresholdVerdict) -> usize {
    judged.iter().filter(|judged| judged.verdict() == verdict).count()
}

/// The highest rate of arrivals of any stretch.
fn busiest(results: &StressResults) -> f64 {
    let rates = results.series.rows().iter().map(|row| row.rate(Count::Scheduled));
    rates.fold(results.rate(Count::Scheduled), f64::max)
}

fn rate(value: f64) -> String {
    if value < 10.0 { number(value) } else { number(libm::round(value)) }
}

/// Faults that have a card; all have a row in the table.
const MOST_FAULTS: usize = 12;
