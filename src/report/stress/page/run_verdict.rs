//! The verdict on a wall-clock run in plain sentences, written from the figures by rules.
//!
//! Of an invalid run nothing is concluded: it is told that the load generator was late, by how much,
//! and what may help.

use hdrhistogram::Histogram;

use crate::report::format::{fine, number, percent, seconds, size};
use crate::report::page::PageStatement;
use crate::report::plot::MOST_SERIES;
use crate::report::sentence::{Piece, Sentence};
use crate::report::stress::run_words::{label, plural};
use crate::report::stress::thresholds::described;
use crate::stress::{
    Account, Count, JudgedThreshold, Mailbox, Recovery, StressResults, ThresholdVerdict, Timing,
};

use super::run_tables::outcome;

/// What there is to say.
pub(super) struct RunVerdict {
    pub(super) headline: Vec<Piece>,
    pub(super) gist: Vec<Piece>,
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
    let (late, all) = (figures.count(Count::Late), figures.count(Count::Scheduled));
    let mut headline = Sentence::default();
    headline.words("Nothing can be concluded: the load generator could not keep up.");
    let mut gist = Sentence::default();
    gist.figure(&percent(late as f64 / all.max(1) as f64));
    gist.words(&format!(
        " of the arrivals were sent more than {} after their scheduled instants; at most 1 % may be.",
        results.settings.late_after
    ));
    let mut lag = Sentence::default();
    let histogram = figures.timing(Timing::GeneratorLag);
    lag.words(&format!("It sent {} of {} arrivals late; 99 % within ", whole(late), whole(all)));
    lag.figure(&fine(histogram.value_at_quantile(0.99)));
    lag.words(", the latest after ");
    lag.figure(&fine(histogram.max()));
    lag.words(".");
    let mut advice = Sentence::default();
    advice.words(
        "A lower rate or speed, fewer shards, a machine with more processors or one that does \
         nothing else may help.",
    );
    let badge = Some(("bad", "invalid"));
    let cards = vec![told("Load generator", badge, [lag, advice])];
    RunVerdict { headline: headline.0, gist: gist.0, cards }
}

fn headline(results: &StressResults, judged: &[JudgedThreshold]) -> Vec<Piece> {
    let mut text = Sentence::default();
    let (missed, unknown) =
        (count(judged, ThresholdVerdict::Missed), count(judged, ThresholdVerdict::Unknown));
    match (judged.len(), missed, unknown) {
        (0, ..) => text.words("The system was put under load, and nothing was asked of it."),
        (1, 0, 0) => text.words("The threshold is met."),
        (1, 1, _) => text.words("The threshold is missed."),
        (1, ..) => text.words("Whether the threshold is met is unknown."),
        (2, 0, 0) => text.words("Both thresholds are met."),
        (all, 0, 0) => text.words(&format!("All {all} thresholds are met.")),
        (all, 0, unknown) => {
            text.words(&format!(
                "{unknown} of {all} thresholds cannot be judged; the others are met."
            ));
        }
        (all, missed, _) => {
            let are = if missed == 1 { "is" } else { "are" };
            text.words(&format!("{missed} of {all} thresholds {are} missed."));
        }
    }
    if results.interrupted {
        text.words(" It was interrupted, so this holds of a part of the run only.");
    }
    text.0
}

/// What came in and how late deadlines were.
fn gist(results: &StressResults, judged: &[JudgedThreshold]) -> Vec<Piece> {
    let mut text = Sentence::default();
    text.words("With ");
    text.figure(&rate(results.rate(Count::Scheduled)));
    text.words(" arrivals a second, ");
    text.figure(&rate(busiest(results)));
    text.words(" in the busiest second, ");
    let lateness = results.figures.timing(Timing::DeadlineLateness);
    if lateness.is_empty() {
        text.words("no unassign deadline fell due.");
    } else {
        text.words("99 % of the unassign deadlines were handled within ");
        text.figure(&fine(lateness.value_at_quantile(0.99)));
        text.words(" of their instant.");
    }
    if judged.is_empty() {
        text.words(" `[stress] thresholds` would say what is good enough.");
    }
    text.0
}

fn thresholds(judged: &[JudgedThreshold]) -> Option<PageStatement> {
    let (missed, unknown) =
        (count(judged, ThresholdVerdict::Missed), count(judged, ThresholdVerdict::Unknown));
    let badge = match (missed, unknown) {
        (0, 0) => ("good", "met"),
        (0, _) => ("open", "unknown"),
        _ => ("bad", "missed"),
    };
    let wrong = judged.iter().filter(|judged| judged.verdict() != ThresholdVerdict::Met);
    let sentences = wrong.map(|judged| {
        let mut text = Sentence::default();
        text.words(&format!("{}.", described(judged)));
        text
    });
    let mut sentences = Vec::from_iter(sentences);
    if sentences.is_empty() {
        let mut text = Sentence::default();
        text.words(&format!("Met: {}.", plural(judged.len() as u64, "threshold")));
        sentences.push(text);
    }
    (!judged.is_empty()).then(|| told("Thresholds", Some(badge), sentences))
}

fn load(results: &StressResults) -> PageStatement {
    let figures = &results.figures;
    let (scheduled, refused) = (figures.count(Count::Scheduled), figures.count(Count::Refused));
    let mut sent = Sentence::default();
    sent.figure(&whole(scheduled));
    sent.words(" arrivals were scheduled; ");
    match refused {
        0 => sent.words("none was refused."),
        _ => {
            sent.figure(&whole(refused));
            let share = percent(refused as f64 / scheduled.max(1) as f64);
            sent.words(&format!(
                " ({share}) were refused, because {} messages were waiting for the router.",
                whole(results.settings.mailbox)
            ));
        }
    }
    let mut admitted = Sentence::default();
    let admission = figures.timing(Timing::Admission);
    if !admission.is_empty() {
        admitted.words("From the scheduled instant until the router had opened the conversation: ");
        within(&mut admitted, admission);
    }
    let mut kept_up = Sentence::default();
    kept_up.words("The load generator kept up; it was late by at most ");
    kept_up.figure(&fine(figures.timing(Timing::GeneratorLag).max()));
    kept_up.words(".");
    let mut closed = Sentence::default();
    if results.closed {
        closed.words("The population waits for the system, so a slow system gets less load.");
    }
    let badge = if refused == 0 { ("good", "none refused") } else { ("bad", "some refused") };
    told("Load", Some(badge), [sent, admitted, kept_up, closed])
}

fn deadlines(results: &StressResults) -> PageStatement {
    let lateness = results.figures.timing(Timing::DeadlineLateness);
    let mut text = Sentence::default();
    if lateness.is_empty() {
        text.words("No unassign deadline fell due.");
    } else {
        text.figure(&whole(lateness.len()));
        text.words(" unassign deadlines fell due. How late they were handled: ");
        within(&mut text, lateness);
    }
    let mut owners = Sentence::default();
    let (unassigned, removed) =
        (results.figures.count(Count::Unassigned), results.figures.count(Count::Removed));
    owners.words(&format!(
        "{} and {}.",
        plural(unassigned, "automatic unassignment"),
        plural(removed, "ownership removal")
    ));
    told("Deadlines", None, [text, owners])
}

fn messages(results: &StressResults) -> PageStatement {
    let mut total = Account::default();
    Mailbox::ALL.iter().for_each(|&mailbox| total.add(results.account(mailbox)));
    let mut text = Sentence::default();
    text.figure(&whole(total.sent));
    text.words(" messages were sent and all are accounted for: ");
    text.figure(&whole(total.handled));
    text.words(&format!(" handled, {} refused, ", whole(total.refused)));
    text.words(&format!("{} lost with actors, ", whole(total.dead)));
    text.words(&format!("{} waiting at the end.", whole(total.queued)));
    let badge = if total.dead == 0 { ("good", "none lost") } else { ("bad", "some lost") };
    told("Messages", Some(badge), [text])
}

fn memory(results: &StressResults) -> PageStatement {
    let memory = &results.memory;
    let mut text = Sentence::default();
    text.words("At most ");
    text.figure(&whole(memory.live));
    text.words(" conversations were live at once, and ");
    text.figure(&whole(memory.timers));
    text.words(" timers.");
    let mut bytes = Sentence::default();
    if let Some((before, most)) = memory.before.zip(memory.most) {
        let (before, most) = (size(before as f64), size(most as f64));
        bytes.words(&format!("The process had {before} before the load and at most "));
        bytes.figure(&most);
        bytes.words(".");
    }
    let mut each = Sentence::default();
    let parts = [
        ("a live conversation took", memory.per_conversation()),
        ("a timer took", memory.per_timer()),
    ];
    let parts = parts.into_iter().filter_map(|(what, bytes)| Some((what, bytes?)));
    let parts = Vec::from_iter(parts.map(|(what, bytes)| format!("{what} {}", size(bytes))));
    if !parts.is_empty() {
        let parts = parts.join(", ");
        each.words(&format!("{}{}.", parts[..1].to_uppercase(), &parts[1..]));
    }
    told("Memory", None, [text, bytes, each])
}

fn fault(recovery: &Recovery) -> PageStatement {
    let mut recovered = Sentence::default();
    match recovery.recovered {
        Some(after) => {
            recovered.words("The system had recovered ");
            recovered.figure(&seconds(after.as_secs_f64()));
            recovered.words(" after its beginning.");
        }
        None => recovered.words("The system did not recover within the run."),
    }
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
    let mut text = Sentence::default();
    if !parts.is_empty() {
        text.words(&format!("Meanwhile {}.", parts.join(", ")));
    }
    let (standing, word) = outcome(recovery);
    told(&label(&recovery.step), Some((standing.class(), word)), [recovered, text])
}

fn told(
    name: &str,
    badge: Option<(&'static str, &'static str)>,
    sentences: impl IntoIterator<Item = Sentence>,
) -> PageStatement {
    let sentences = sentences.into_iter().map(|text| text.0).filter(|text| !text.is_empty());
    PageStatement {
        colour: MOST_SERIES,
        name: name.to_owned(),
        badge,
        sentences: sentences.collect(),
    }
}

/// `half within 85 µs, 99 % within 1.2 ms, all within 7.4 ms.`
fn within(text: &mut Sentence, histogram: &Histogram<u64>) {
    text.words(&format!("half within {}, 99 % within ", fine(histogram.value_at_quantile(0.5))));
    text.figure(&fine(histogram.value_at_quantile(0.99)));
    text.words(&format!(", all within {}.", fine(histogram.max())));
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

fn whole(count: u64) -> String {
    number(count as f64)
}

/// Faults that have a card; all have a row in the table.
const MOST_FAULTS: usize = 12;
