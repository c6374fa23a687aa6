//! Sentences from made-up figures whose intervals are known.

use std::path::Path;
use std::sync::Arc;

use crate::experiment::compare::Rule;
use crate::experiment::interval::AllSeries;
use crate::ledger::definitions::{FIGURES, Parts};
use crate::ledger::outcome::Outcome;
use crate::ledger::settings::Goals;
use crate::report::figure_format::FigureFormats;
use crate::report::report_data::{Background, ReportData, VariantData};
use crate::scenario::{Source, parse};
use crate::simulation::{Job, Recording};

use super::*;

/// What a variant comes to: its name, and for each figure its mean and by how much replications
/// alternate around it.
type Made<'a> = (&'a str, &'a [(&'a str, f64, f64)]);

/// The verdict on variants of so many replications, as texts: headline, gist, and sentences.
fn told(goals: Goals, replications: u64, made: &[Made<'_>]) -> (String, String, Vec<String>) {
    told_about("", goals, replications, made)
}

/// The same of a scenario that has more to say.
fn told_about(
    more: &str,
    goals: Goals,
    replications: u64,
    made: &[Made<'_>],
) -> (String, String, Vec<String>) {
    let text = format!(
        "{more}\nrun.until = '10m'\nagents.chat = {{}}\nconsumers.web.arrivals = '60/h'\n\
         [[variant]]\nname = 'b'\n[[variant]]\nname = 'c'"
    );
    let source = Source { name: "day.toml".to_owned(), text };
    let scenario = parse(source, Path::new("")).unwrap_or_else(|findings| panic!("{findings}"));
    let background = Background::new(&scenario, &[], &scenario.variants);
    let job = Job {
        plan: Arc::clone(&scenario.variants[0].plan),
        replication: 0,
        recording: Recording::Checked,
        rows: None,
    };
    let finished = job.run().unwrap_or_else(|failure| panic!("{failure}"));
    let mut outcome: Outcome = *finished.outcome.unwrap();
    outcome.frame.goals = goals;
    outcome.replications = replications;
    let series =
        Vec::from_iter(made.iter().map(|(_, values)| series(replications, values, made[0].1)));
    let formats = FigureFormats::new(&Vec::from_iter(&series), 0.95);
    let cases = made.iter().zip(&series).zip(&background.variants);
    let cases = cases.map(|(((name, _), series), particulars)| VariantData {
        name,
        seed: 1,
        outcome: Some(&outcome),
        series,
        formats: formats.clone(),
        particulars,
        failures: Vec::new(),
    });
    let data = ReportData {
        name: "day",
        question: "",
        version: "0",
        background: &background,
        seed: 1,
        replications: 0..replications,
        batches: false,
        checked: true,
        complete: true,
        rule: Rule::at(0.95),
        notes: Vec::new(),
        variants: cases.collect(),
    };
    let verdict = verdict(&data);
    let statements = verdict
        .points
        .iter()
        .map(|point| Vec::from_iter(point.sentences.iter().map(Sentence::plain)).join(" "));
    (verdict.headline.plain(), verdict.gist.plain(), statements.collect())
}

fn series(replications: u64, values: &[(&str, f64, f64)], base: &[(&str, f64, f64)]) -> AllSeries {
    let mut series = AllSeries::default();
    let figures = |values: &[(&str, f64, f64)], replication: u64| {
        let of = |figure: &&crate::ledger::definitions::Definition| {
            let (_, mean, by) = values.iter().find(|(name, ..)| *name == figure.name)?;
            let sign = if replication.is_multiple_of(2) { 1.0 } else { -1.0 };
            Some(Parts { part: mean + sign * by, whole: 1.0 })
        };
        Vec::from_iter(FIGURES.iter().map(|figure| of(&figure)))
    };
    for replication in 0..replications {
        let (own, base) = (figures(values, replication), figures(base, replication));
        series.push(&own, &base);
    }
    series
}

const NONE: Goals = Goals {
    service_level: None,
    abandonment: None,
    reassignments: None,
    lost_answer_share: None,
    lost_work_share: None,
};
const BOTH: Goals = Goals { service_level: Some(0.7), abandonment: Some(0.1), ..NONE };

#[test]
fn a_sure_difference_is_told_with_its_interval_and_its_price() {
    let level = ("service_level", 0.8, 0.01);
    let off = [("abandonment", 0.123, 0.01), level, ("reassignments", 0.0, 0.0)];
    let minute = [("abandonment", 0.081, 0.012), level, ("reassignments", 0.31, 0.01)];
    let (headline, gist, statements) = told(BOTH, 20, &[("off", &off), ("60s", &minute)]);
    assert_eq!(headline, "Only 60s is sure to meet both goals.");
    // 2.093 × 0.012 × √(20/19) / √20 = 0.0058; of the difference 0.002 … = 0.00096.
    let lost = "8.10 % of consumers leave unanswered (7.52 to 8.68), 4.20 points fewer than with off (4.10 to 4.30)";
    assert_eq!(
        gist,
        format!("With 60s {lost}, at the price of 0.3100 reassignments a conversation.")
    );
    assert_eq!(
        statements[1],
        format!(
            "{lost}. 80.00 % of consumers are answered within 60 s (79.52 to 80.48), no difference from \
             off that matters. 0.3100 reassignments a conversation. Both goals are met."
        )
    );
    assert_eq!(
        statements[0],
        "12.30 % of consumers leave unanswered (11.82 to 12.78). 80.00 % of consumers are answered within \
         60 s (79.52 to 80.48). No conversation is taken from its agent. The goal for the service level \
         is met. The goal for abandonment is missed."
    );
}

#[test]
fn what_the_interval_leaves_open_is_not_decided() {
    let level = ("service_level", 0.75, 0.0);
    let (off, a) = ([("abandonment", 0.11, 0.0), level], [("abandonment", 0.098, 0.04), level]);
    let (headline, gist, statements) = told(BOTH, 10, &[("off", &off), ("a", &a)]);
    assert_eq!(headline, "No variant is sure to meet both goals; a may.");
    assert_eq!(gist, "", "nothing is known to be better");
    assert!(
        statements[1].contains("whether that differs from off cannot be told yet"),
        "{statements:?}"
    );
    assert!(statements[1].ends_with(
        "The goal for the service level is met. The goal for abandonment is met, but so closely that \
         chance may have decided."
    ));
    assert!(!statements.iter().any(|text| text.contains("fewer")), "{statements:?}");
}

#[test]
fn without_goals_variants_are_held_against_the_base() {
    let lost = |mean, by| [("abandonment", mean, by)];
    let headline = |one: &[(&str, f64, f64)], other: &[(&str, f64, f64)]| {
        told(NONE, 10, &[("base", &lost(0.2, 0.01)), ("b", one), ("c", other)]).0
    };
    assert_eq!(
        headline(&lost(0.1, 0.01), &lost(0.3, 0.01)),
        "b loses fewer consumers than base; c loses more."
    );
    assert_eq!(
        headline(&lost(0.1, 0.01), &lost(0.12, 0.01)),
        "b and c lose fewer consumers than base."
    );
    assert_eq!(
        headline(&lost(0.2, 0.01), &lost(0.3, 0.01)),
        "c loses more consumers than base; no variant is known to lose fewer."
    );
    assert_eq!(
        headline(&lost(0.2, 0.01), &lost(0.201, 0.01)),
        "In lost consumers no variant differs from base to an extent that matters."
    );
    assert_eq!(
        headline(&lost(0.2, 0.01), &lost(0.19, 0.1)),
        "Whether any variant loses fewer consumers than base cannot be told yet."
    );
}

#[test]
fn one_replication_decides_nothing() {
    let lost = |mean| [("abandonment", mean, 0.0)];
    let made: [Made<'_>; 2] = [("off", &lost(0.2)), ("a", &lost(0.0))];
    let (headline, gist, statements) = told(BOTH, 1, &made);
    assert_eq!(headline, "One run shows what can happen, not how likely it is.");
    assert_eq!(gist, "");
    assert!(
        statements[0].starts_with("20.0 % of consumers leave unanswered. The goal"),
        "{statements:?}"
    );
    assert!(statements[0].contains("chance may have decided"));
}

#[test]
fn one_variant_is_held_against_its_goals_alone() {
    let headline = |level: f64, by: f64| {
        let goals = Goals { abandonment: None, ..BOTH };
        told(goals, 10, &[("base", &[("service_level", level, by)])]).0
    };
    assert_eq!(headline(0.8, 0.01), "The goal is met.");
    assert_eq!(headline(0.6, 0.01), "The goal is missed.");
    assert_eq!(headline(0.69, 0.1), "Whether the goal is met cannot be told yet.");
}

#[test]
fn the_headline_is_about_what_the_question_is_about_and_the_price_stands_beside_it() {
    let verdict = "verdict = ['stranded', 'stranded_mean']";
    let stays = [
        ("abandonment", 0.18, 0.01),
        ("stranded", 9.0, 1.0),
        ("stranded_mean", 1200.0, 60.0),
        ("reassignments", 0.0, 0.0),
    ];
    let removed = [
        ("abandonment", 0.18, 0.01),
        ("stranded", 1.4, 1.0),
        ("stranded_mean", 70.0, 10.0),
        ("reassignments", 0.02, 0.001),
    ];
    let made: [Made<'_>; 2] = [("stays", &stays), ("removed", &removed)];
    let (headline, gist, _) = told_about(verdict, NONE, 20, &made);
    // Half the intervals: 2.093 × 1 × √(20/19) / √20 = 0.48; 28.8 s; of the difference 24 s.
    assert_eq!(
        headline,
        "Stranded conversations a run: less with removed (1.40) than with stays (9.00). Stranded, mean \
         time: less with removed (1m 10s) than with stays (20m 00s)."
    );
    assert_eq!(
        gist,
        "Abandoned before \
         an answer: no difference from stays (18.00 %) that matters. Reassignments a conversation: \
         more with removed (0.02000) than with stays (0.00000)."
    );
    // With goals, these are told too.
    let (headline, gist, _) = told_about(verdict, BOTH, 20, &made);
    assert!(headline.starts_with("Stranded conversations a run: less with removed"), "{headline}");
    assert!(gist.contains("goal"), "{gist}");
}

#[test]
fn two_prices_are_told_and_the_others_stand_in_the_table() {
    let of = |lost: f64, torn: f64, answers: f64| {
        [
            ("first_response_mean", 60.0 / (1.0 + torn), 0.1),
            ("abandonment", lost, 0.001),
            ("reassignments", torn, 0.001),
            ("lost_answer_share", answers, 0.001),
            ("lost_work_share", answers, 0.001),
        ]
    };
    let told = |verdict: &str, worse: &[(&str, f64, f64)]| {
        let made: [Made<'_>; 2] = [("off", &of(0.1, 0.0, 0.0)), ("60s", worse)];
        told_about(&format!("verdict = [{verdict}]"), NONE, 20, &made).1
    };
    let lost = "Abandoned before an answer: more with 60s (30.000 %) than with off (10.000 %).";
    let torn = "Reassignments a conversation: more with 60s (1.000000) than with off (0.000000).";
    let worse = of(0.3, 1.0, 0.2);
    assert_eq!(told("'first_response_mean'", &worse), format!("{lost} {torn}"));
    // What the question is about stands in the headline, and the next price is told.
    let answers = "Answers lost: more with 60s (20.000 %) than with off (0.000 %).";
    let asked = "'first_response_mean', 'reassignments'";
    assert_eq!(told(asked, &worse), format!("{lost} {answers}"));
    // What is no worse is no price; of consumers it is said all the same.
    let same = "Abandoned before an answer: no difference from off (10.000 %) that matters.";
    assert_eq!(told("'first_response_mean'", &of(0.1, 0.0, 0.2)), format!("{same} {answers}"));
}

#[test]
fn a_question_that_says_nothing_is_about_what_differs_most() {
    let base = [("abandonment", 0.1, 0.01), ("first_response_mean", 60.0, 2.0)];
    let other = [("abandonment", 0.1, 0.01), ("first_response_mean", 30.0, 1.0)];
    let made: [Made<'_>; 3] = [("a", &base), ("b", &other), ("c", &base)];
    let (headline, ..) = told(NONE, 20, &made);
    assert_eq!(
        headline,
        "First response, mean: less with b (30.00 s) than with a (60.00 s); no difference that matters with c."
    );
    let doubtful = [("abandonment", 0.1, 0.01), ("first_response_mean", 62.0, 30.0)];
    let made: [Made<'_>; 3] = [("a", &base), ("b", &other), ("c", &doubtful)];
    let (headline, ..) = told(NONE, 20, &made);
    assert!(headline.ends_with("; of c it cannot be told yet."), "{headline}");
    let made: [Made<'_>; 3] = [("a", &base), ("b", &other), ("c", &base)];
    let (_, gist, _) = told(NONE, 20, &made);
    assert_eq!(gist, "Abandoned before an answer: no difference from a (10.00 %) that matters.");
    let mixed = [("abandonment", 0.1, 0.01), ("first_response_mean", 90.0, 2.0)];
    let made: [Made<'_>; 3] = [("a", &base), ("b", &other), ("c", &mixed)];
    let (headline, ..) = told(NONE, 20, &made);
    assert_eq!(
        headline,
        "First response, mean: less with b (30.00 s), more with c (90.00 s) than with a (60.00 s)."
    );
}
