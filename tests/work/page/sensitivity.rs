//! Pages of sensitivity analyses, from made-up changes whose intervals are known.

use scraper::Html;
use shiftstorm::base::statistics::RunningStatistics;
use shiftstorm::experiment::sensitivity::{Effect, Sensitivity};
use shiftstorm::report::RunTitle;
use shiftstorm::report::sensitivity::{SensitivityReport, page};

use super::{Dice, asks_for_nothing, can_be_read, hostile, same_elements, texts};

#[test]
fn names_make_no_elements_and_the_page_is_whole() {
    let changes = [[0.05, 0.02], [0.01, 0.0], [0.0, 0.0]];
    let good = told(&changes, &Vec::from_iter((0..7).map(|at| format!("name {at}"))));
    let good_tree = Html::parse_document(&good);
    let mut dice = Dice(13);
    for _ in 0..20 {
        let bad = Vec::from_iter((0..7).map(|_| hostile(&mut dice)));
        same_elements(&Html::parse_document(&told(&changes, &bad)), &good_tree, &bad);
    }
    asks_for_nothing(&good);
    can_be_read(&good, 2);
}

#[test]
fn what_moves_most_is_named_only_as_far_as_the_intervals_allow() {
    let names = ["", "", "", "", "a", "b", "c"].map(str::to_owned);
    let sentences = |changes: &[[f64; 2]; 3]| {
        let tree = Html::parse_document(&told(changes, &names));
        Vec::from_iter(texts(&tree, ".headline, .gist, .statements p"))
    };
    // Half an interval of three differences that are 0.001 apart is 0.25 points.
    let told = sentences(&[[0.05, 0.02], [0.01, -0.021], [0.0, 0.0]]);
    assert_eq!(
        told,
        [
            "a moves abandonment most: with 10 % less it is 5.0 ± 0.2 points higher.",
            "b moves the service level most, or a does: with 10 % less it is 2.1 ± 0.2 points lower.",
            "Known to move it, the strongest first: a and b.",
            "Without any effect here: c.",
            "Known to move it, the strongest first: b and a.",
            "Without any effect here: c.",
        ]
    );
    let told = sentences(&[[0.002, 0.0], [0.001, 0.0], [0.0, 0.0]]);
    assert_eq!(told[0], "Whether any input moves abandonment cannot be told yet.");
    assert_eq!(told[1], "No input moves the service level.");
    assert_eq!(told[2], "Not to be told yet: a and b.");
}

/// The page on three inputs, each of which changes both figures by so much if there is less of it.
fn told(changes: &[[f64; 2]; 3], names: &[String]) -> String {
    let around = |value: f64, apart: f64| -> RunningStatistics {
        [-apart, 0.0, apart].map(|by| value + by).into_iter().collect()
    };
    let change = |value: f64| around(value, if value == 0.0 { 0.0 } else { 0.001 });
    let effects = names[4..].iter().zip(changes).map(|(name, changes)| Effect {
        name: name.clone(),
        by: "10 %",
        less: Some(changes.map(change)),
        more: None,
    });
    let found = Sensitivity {
        replications: 3,
        base: [around(0.1, 0.01), around(0.8, 0.01)],
        effects: effects.collect(),
    };
    let [name, question, variant, source] = &names[..4] else { unreachable!() };
    let heading = SensitivityReport {
        title: RunTitle { name, question, variant, source },
        replications: 3,
        seed: 1,
    };
    page(&heading, &found)
}
