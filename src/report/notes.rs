//! What a reader must know besides the figures.

use crate::ledger::settings::ServiceLevelOf;
use crate::scenario::End;

use super::Report;

/// Notes under the figures, in every form of a report.
pub(super) fn notes(report: &Report<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    if !report.checked {
        notes.push(UNCHECKED.to_owned());
    }
    let results = report.results;
    if results.interrupted {
        notes.push(format!(
            "Interrupted: the figures are those of the replications that had ended, of {} planned.",
            results.planned
        ));
    }
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
        if let End::Drain { at_most } = variant.plan.run.end
            && open > 0
        {
            notes.push(format!(
                "`{}`: {open} conversations were still open {at_most} after arrivals stopped (`run.drain_at_most`), over all replications.",
                variant.name
            ));
        }
    }
    notes.extend(report.warnings.iter().map(|warning| format!("Warning: {warning}")));
    notes
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

/// Said by everything that comes from a run without checks.
pub(super) const UNCHECKED: &str =
    "Not checked: this run was made with --no-checks; broken invariants went unnoticed.";
