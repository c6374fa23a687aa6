//! What a reader must know besides the figures.

use crate::experiment::VariantResults;
use crate::experiment::batches::{Batches, LEAST};
use crate::ledger::definitions::{ARRIVALS, find};
use crate::ledger::settings::ServiceLevelOf;
use crate::scenario::RunEnd;

use super::format::{number, percent};
use super::report_data::Report;
use super::wording::UNCHECKED;

/// Notes under the figures, in every form of a report.
pub(super) fn notes(report: &Report<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    if !report.checked {
        notes.push(UNCHECKED.to_owned());
    }
    let results = report.results;
    notes.extend(report.interruption().map(|interruption| interruption.sentence()));
    match results.precise {
        Some(true) => notes.push(format!(
            "All figures that were to be known well enough were so after {} replications.",
            results.planned
        )),
        Some(false) if !results.interrupted => notes.push(format!(
            "Not as precise as asked for: {} replications were not enough.",
            results.planned
        )),
        _ => {}
    }
    if report.warm_up.is_some_and(|found| !found.is_settled) {
        notes.push(UNSETTLED.to_owned());
    }
    notes.extend(results.batches.as_ref().map(batches));
    notes.extend(corrected(report));
    if let Some(way) =
        results.variants.first().and_then(|base| unusual(base.plan.measure.service_level.of))
    {
        notes.push(format!("Service level = {way}."));
    }
    for variant in &results.variants {
        let failed = variant.failures.len();
        if failed > 0 {
            notes.push(format!(
                "Failed: {failed} of {} replications of `{}` met a bug in Shiftstorm and are left out.",
                results.planned, variant.name
            ));
        }
        let open = variant.pooled.as_ref().map_or(0, |outcome| outcome.flow.open_at_end);
        if let RunEnd::Drain { at_most } = variant.plan.run.end
            && open > 0
        {
            notes.push(format!(
                "`{}`: {open} conversations were still open {at_most} after arrivals stopped (`run.drain_at_most`), over all replications.",
                variant.name
            ));
        }
    }
    notes.extend(results.variants.iter().filter_map(above_slots));
    notes.extend(report.warnings.iter().map(|warning| format!("Warning: {warning}")));
    notes
}

/// Why more slots were in use than there are, if so in any group.
fn above_slots(variant: &VariantResults) -> Option<String> {
    let outcome = variant.pooled.as_ref()?;
    let groups = outcome.groups.iter().zip(&variant.plan.centre.groups);
    let used = groups.filter_map(|(figures, group)| Some((figures.horizon.slot_use()?, group)));
    let (used, group) = used.max_by(|(one, _), (other, _)| one.total_cmp(other))?;
    (used > 1.0).then(|| {
        format!(
            "`{}`: slot use of `{}` is {}, as its agents own more than they have slots for: what is \
             handed over to an agent, and what wakes up, does not ask for a free slot (\"above the \
             slot limit\" counts it). With `mode = \"reserve\"` in `hand_overs` it waits for one.",
            variant.name,
            group.name,
            percent(used)
        )
    })
}

/// Where the intervals of one run come from.
fn batches(batches: &Batches) -> String {
    let Some((shortest, longest)) = batches.lengths else {
        return format!(
            "The run is too short for intervals: it must be measured over at least {LEAST} intervals \
             of the day (`measure.interval`)."
        );
    };
    let lengths = match shortest == longest {
        true => format!("batches of {shortest}"),
        false => format!("batches of {shortest} to {longest}"),
    };
    let mut text = format!(
        "One run takes the place of replications: intervals come from how {lengths} differ. A \
         figure without ± has none; \"unclear, ~N\" means N batches, of a longer run."
    );
    if batches.doubtful.is_empty() {
        text.push_str(" Neighbouring batches do not resemble each other, as it should be.");
    } else {
        let names = batches.doubtful.iter().map(|name| name.replace('_', " "));
        let names = Vec::from_iter(names).join(", ");
        text += " Neighbouring batches still resemble each other, so that intervals are too short, of: ";
        text += &format!("{names}. Run longer (`run.until`).");
    }
    text
}

/// That figures are not as simulated, if so.
fn corrected(report: &Report<'_>) -> Option<String> {
    let series = report.results.variants.iter().map(|it| &it.series);
    let mut series = series.filter_map(|it| Some((it, it.expected_arrivals()?)));
    let (series, expected) = series.next()?;
    let came = series.as_simulated(find(ARRIVALS)?)?;
    (came.replications > 2).then(|| {
        format!(
            "Corrected to the {} arrivals a run that are expected, as {} came by chance \
             (--control-variate): all figures and differences but counts of arrivals and maxima. \
             Tables by interval, skill, group and agent are as simulated.",
            number(expected),
            number(came.value),
        )
    })
}

/// How the service level is computed, if not over all offered conversations.
fn unusual(of: ServiceLevelOf) -> Option<&'static str> {
    match of {
        ServiceLevelOf::Offered => None,
        ServiceLevelOf::Answered => Some("within the threshold / answered"),
        ServiceLevelOf::OfferedWithoutShortAbandons => {
            Some("within the threshold / (offered − abandoned within the threshold)")
        }
        ServiceLevelOf::ShortAbandonsCountAsServed => {
            Some("(within + abandoned within the threshold) / offered")
        }
    }
}

/// Said where the warm-up has no end in the first half.
const UNSETTLED: &str = "Perhaps not settled: the number of open conversations goes on changing in \
    the second half of the run. Run longer (`run.until`), and see with `check` whether the centre is \
    overloaded.";
