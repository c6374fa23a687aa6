//! Where the winner lies at an end of what was allowed, and what its timeouts cost.

use crate::experiment::interval::CONFIDENCE;
use crate::experiment::optimize::{Curve, CurvePoint, Edge, TRADED_FIGURES};
use crate::ledger::definitions::find;
use crate::report::figure_format::FigureFormat;
use crate::report::sentence::{Figure, Name, Sentence, sentence};

use super::search::{OptimizeReport, own_timeout, timeout, winner};

/// What was not tried beside the winner, as it was not allowed.
pub(super) fn edges(search: &OptimizeReport<'_>) -> Vec<Sentence> {
    let Some(winner) = winner(search.found) else { return Vec::new() };
    let edges = search.space.edges(&winner.candidate).into_iter();
    let told = edges.map(|edge| match edge {
        Edge::Agents { group, count, is_most } => {
            let (end, beyond) = if is_most { ("most", "more") } else { ("fewest", "fewer") };
            sentence!(
                "{} {count} are the {end} agents allowed: {beyond} were not tried",
                Name(group)
            )
        }
        Edge::Slots { group, count, is_most } => {
            let (end, beyond) = if is_most { ("most", "more") } else { ("fewest", "fewer") };
            sentence!(
                "{count} slots are the {end} allowed for {}: {beyond} were not tried",
                Name(group)
            )
        }
        Edge::Timeout { state, timeout, is_longest } => {
            let (end, beyond) =
                if is_longest { ("longest", "longer") } else { ("shortest", "shorter") };
            let timeout = timeout.to_string();
            sentence!(
                "{state} {timeout} is the {end} timeout allowed: a {beyond} one was not tried"
            )
        }
    });
    told.collect()
}

/// What each timeout of the winner costs against the next longer one that was run.
pub(super) fn costs(search: &OptimizeReport<'_>) -> Vec<Sentence> {
    search.curves.iter().filter_map(|curve| cost(search, curve)).collect()
}

fn cost(search: &OptimizeReport<'_>, curve: &Curve) -> Option<Sentence> {
    let own = own_timeout(search, curve)?;
    // Off is longer than any.
    let length = |point: &CurvePoint| point.timeout.map_or(f64::INFINITY, |it| it.as_secs_f64());
    let chosen = curve.points.iter().find(|point| point.timeout == own)?;
    let longer = curve.points.iter().filter(|point| length(point) > length(chosen));
    let longer = longer.min_by(|one, other| length(one).total_cmp(&length(other)))?;
    let told = COSTS.iter().chain(&GAINS).filter_map(|name| {
        let (at, figure) = (position(name)?, find(name)?);
        let estimates = [chosen.figures[at]?, longer.figures[at]?];
        let [with, instead] = estimates.map(|estimate| estimate.value);
        let halves = estimates.iter().filter_map(|estimate| estimate.half_width(CONFIDENCE));
        let format = FigureFormat::of(figure.unit, &[with, instead], &Vec::from_iter(halves));
        let [with, instead] = [with, instead].map(|value| format.value(value));
        // What does not change is no price.
        (with != instead).then(|| format!("{} {with} instead of {instead}", figure.label))
    });
    let told = Vec::from_iter(told);
    (!told.is_empty()).then(|| {
        sentence!(
            "{} {}, beside {} as the next longer: {}",
            curve.state,
            timeout(chosen),
            timeout(longer),
            Figure(told.join(", "))
        )
    })
}

fn position(name: &str) -> Option<usize> {
    TRADED_FIGURES.iter().position(|traded| *traded == name)
}

/// What a shorter timeout takes.
const COSTS: [&str; 2] = ["reassignments", "lost_answer_share"];
/// What it is to save.
const GAINS: [&str; 1] = ["abandonment"];
