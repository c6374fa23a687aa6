//! What a run comes to while it goes on, for whoever watches it: `run --progress json`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::experiment::compare::{ComparisonVerdict, Rule};
use crate::experiment::interval::AllSeries;
use crate::experiment::{Results, VariantResults};
use crate::ledger::definitions::{Definition, find};
use crate::ledger::objectives::{DifferenceThresholds, OBJECTIVES};

use super::figure_format::FigureFormats;
use super::report_data::Report;
use super::summary_file::Summary;
use super::table::ReportCell;
use super::verdict::verdict;

/// How far a run is, and what it has come to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LiveFigures {
    /// The share of the work that is done, 0 to 1.
    pub done: f64,
    /// Replications that have ended of the variant of which fewest have.
    pub replications: u64,
    /// Names of the variants, the base first.
    pub variants: Vec<String>,
    /// The figures that a verdict is given on.
    pub figures: Vec<LiveFigure>,
    /// What can be told already, in sentences.
    pub clear: Vec<String>,
    /// The verdict; only when the report is made.
    pub headline: Option<String>,
}

/// A figure of all variants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LiveFigure {
    /// Its name in files.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// Its value with half the interval, of each variant; a dash where nothing is known.
    pub values: Vec<String>,
}

impl LiveFigures {
    /// Of a run that goes on.
    pub fn so_far(results: &Results, thresholds: DifferenceThresholds, done: f64) -> Self {
        let variants = &results.variants;
        let ended = variants.iter().map(|it| it.pooled.as_ref().map_or(0, |it| it.replications));
        Self {
            done,
            replications: ended.min().unwrap_or(0),
            variants: variants.iter().map(|variant| variant.name.clone()).collect(),
            figures: figures(variants),
            clear: clear(variants, Rule { confidence: SURE, thresholds }),
            headline: None,
        }
    }

    /// Of a run whose report is made.
    pub fn ended(report: &Report<'_>) -> Self {
        let summary = Summary::new(report);
        let headline = verdict(&summary.data()).headline.plain();
        let so_far = Self::so_far(report.results, report.thresholds, 1.0);
        Self { headline: Some(headline), ..so_far }
    }
}

fn figures(variants: &[VariantResults]) -> Vec<LiveFigure> {
    let series: Vec<&AllSeries> = variants.iter().map(|variant| &variant.series).collect();
    let formats = FigureFormats::new(&series, SHOWN);
    let shown = OBJECTIVES.iter().filter_map(|objective| find(objective.figure));
    let figure = |figure: &'static Definition| {
        let estimates = Vec::from_iter(variants.iter().map(|variant| variant.estimate(figure)));
        let format = formats.of(figure);
        let values = estimates
            .iter()
            .map(|estimate| ReportCell::estimate(format, estimate.as_ref(), SHOWN).spoken());
        let is_known = estimates.iter().any(Option::is_some);
        is_known.then(|| LiveFigure {
            name: figure.name.to_owned(),
            label: figure.label.to_owned(),
            values: values.collect(),
        })
    };
    shown.filter_map(figure).collect()
}

/// What lies outside of all that chance brings about.
fn clear(variants: &[VariantResults], rule: Rule) -> Vec<String> {
    let Some((base, others)) = variants.split_first() else { return Vec::new() };
    let told = others.iter().flat_map(|variant| {
        let judged = rule.judge(&base.series, &variant.series).into_iter();
        judged.filter_map(|compared| {
            let word = match compared.verdict {
                ComparisonVerdict::Better => "better",
                ComparisonVerdict::Worse => "worse",
                ComparisonVerdict::Same | ComparisonVerdict::Unclear { .. } => return None,
            };
            let label = compared.figure.label;
            Some(format!("{label}: `{}` is {word} than `{}`", variant.name, base.name))
        })
    });
    told.collect()
}

/// Of the intervals that are shown.
const SHOWN: f64 = 0.95;
/// Of what is told before the end: whoever looks again and again finds something by chance sooner or
/// later, so it must be surer than at the end.
const SURE: f64 = 0.999;

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::experiment::{Experiment, Watch};
    use crate::scenario::Scenario;

    /// Keeps what was told after each replication.
    struct Told(Vec<LiveFigures>);

    impl Watch for Told {
        fn so_far(&mut self, results: &Results) {
            self.0.push(LiveFigures::so_far(results, DifferenceThresholds::default(), 0.5));
        }
    }

    #[test]
    fn figures_come_with_intervals_and_what_is_clear_is_told() {
        let scenario: Scenario = "
            run.until = '2h'
            consumers.web = { arrivals = '60/h', patience = '10m' }
            agents.chat = { count = 2, reply_time = '3m' }
            [[variant]]
            name = 'more'
            agents.chat.count = 12
        "
        .parse()
        .unwrap();
        let mut told = Told(Vec::new());
        let experiment = Experiment::new(&scenario).replications(20);
        experiment.run(1, &Arc::default(), &mut told);
        let first = &told.0[0];
        assert_eq!(first.replications, 0, "the other variant has none yet");
        assert_eq!(first.figures[0].values[1], "–", "{first:?}");
        assert!(first.clear.is_empty(), "one replication tells nothing: {first:?}");
        let last = told.0.last().unwrap();
        assert_eq!((last.replications, &*last.variants), (20, &["base".into(), "more".into()][..]));
        let abandonment = last.figures.iter().find(|it| it.name == "abandonment").unwrap();
        assert!(abandonment.values[0].contains(" ± "), "{abandonment:?}");
        assert!(
            last.clear.contains(&format!("{}: `more` is better than `base`", abandonment.label)),
            "{last:?}"
        );
    }
}
