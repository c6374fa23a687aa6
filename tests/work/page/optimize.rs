//! Pages of searches, from made-up tests whose verdicts are known.

use std::path::Path;

use scraper::Html;
use shiftstorm::base::time::Span;
use shiftstorm::experiment::interval::Estimate;
use shiftstorm::experiment::optimize::{
    Candidate, Curve, CurvePoint, Doubt, OptimizeResults, OptimizeVerdict, Space, Tested,
};
use shiftstorm::report::RunTitle;
use shiftstorm::report::optimize::{OptimizeReport, page};
use shiftstorm::scenario::{self, Source};

use super::{Dice, asks_for_nothing, can_be_read, hostile, key, same_elements, texts};

#[test]
fn names_make_no_elements_and_the_page_is_whole() {
    let good = told(&found(), &Vec::from_iter((0..5).map(|at| format!("name {at}"))));
    let good_tree = Html::parse_document(&good);
    let mut dice = Dice(17);
    for _ in 0..20 {
        let bad = Vec::from_iter((0..5).map(|_| hostile(&mut dice)));
        same_elements(&Html::parse_document(&told(&found(), &bad)), &good_tree, &bad);
    }
    asks_for_nothing(&good);
    can_be_read(&good, 2);
}

#[test]
fn what_is_cheapest_is_told_only_as_far_as_it_is_known() {
    let names = ["a", "b", "c", "d", "chat"].map(str::to_owned);
    let told = |found: &OptimizeResults| {
        let tree = Html::parse_document(&told(found, &names));
        let of = |selector| Vec::from_iter(texts(&tree, selector));
        (of(".headline").remove(0), of(".statements p"), of("#tried > .scroll tbody td:last-child"))
    };
    let (headline, sentences, verdicts) = told(&found());
    assert_eq!(
        headline,
        "chat 4, online 1m meets the goal at the least cost: 4 agent hours a run."
    );
    assert_eq!(
        sentences,
        [
            "It meets every goal; the next cheaper choice misses one, and so do those below it.",
            "Online 1m, beside off as the next longer: reassignments a conversation 0.80 instead of \
             0.60, abandoned before an answer 20 % instead of 40 %.",
            "Online 1m is the shortest timeout allowed: a shorter one was not tried.",
        ]
    );
    assert_eq!(verdicts, ["missed", "met: the winner", "met"]);

    let mut unsure = found();
    unsure.tested[0].verdict = OptimizeVerdict::Undecided;
    unsure.doubts = vec![Doubt::CheaperUndecided(0), Doubt::Close(0)];
    let (headline, sentences, _) = told(&unsure);
    assert!(headline.contains("but that is not sure"), "{headline}");
    assert!(
        sentences[3].starts_with("chat 3, online 1m is cheaper, and after 10"),
        "{sentences:?}"
    );
    assert_eq!(sentences[4], "Abandoned is within the tolerance of its goal.");

    let mut cut = found();
    cut.doubts = vec![Doubt::TooManyTests];
    assert_eq!(told(&cut).1[0], "It meets every goal.", "what is cheaper was not tested");

    let mut vain = found();
    vain.winner = None;
    vain.tested.truncate(1);
    assert_eq!(told(&vain).0, "Nothing that was tested meets the goal.");
    vain.tested[0].verdict = OptimizeVerdict::Undecided;
    assert_eq!(told(&vain).0, "Nothing that was tested is known to meet the goal.");
    vain.tested.clear();
    assert_eq!(told(&vain).0, "Nothing was tested.");
}

/// Three choices, of which the second is the cheapest that meets the goal.
fn found() -> OptimizeResults {
    let tested = [
        (3, 0.4, OptimizeVerdict::Missed(0)),
        (4, 0.2, OptimizeVerdict::Met),
        (5, 0.1, OptimizeVerdict::Met),
    ];
    let tested = tested.map(|(agents, abandonment, verdict)| Tested {
        candidate: Candidate { policy: 0, agents: vec![agents] },
        cost: agents.into(),
        replications: 10,
        figures: vec![(abandonment, 0.01)],
        readings: Vec::new(),
        verdict,
    });
    OptimizeResults {
        tested: tested.into(),
        winner: Some(1),
        dropped: Vec::new(),
        guessed: 4,
        doubts: Vec::new(),
        interrupted: false,
    }
}

/// The page with these as name, question, variant, source and group.
fn told(found: &OptimizeResults, names: &[String]) -> String {
    let [name, question, variant, source, group] = names else { unreachable!() };
    let group = key(&toml::Value::from(group.as_str()).to_string());
    let text = format!(
        "run.until = '1h'\ngoals.abandonment = 0.3\nconsumers.web.arrivals = '20/h'\n\
         [agents.{group}]\ncount = 3\nreply_time = '60s'\n\
         [optimize]\nagents.{group} = {{ from = 1, to = 9 }}\ntimeout.online = ['1m', 'off']\n"
    );
    let file = Source { name: "day.toml".to_owned(), text };
    let scenario =
        scenario::parse(file, Path::new("")).unwrap_or_else(|findings| panic!("{findings}"));
    let plan = &scenario.variants[0].plan;
    let space = Space::new(plan, &scenario.search).expect("there is a goal and something to move");
    let around = |value: f64| {
        let standard_error = Some(0.01);
        Some(Estimate { value, standard_error, freedom: 1.0, replications: 2 })
    };
    let points = [(Some(Span::from_secs(60)), 0.2), (None, 0.4)];
    let points = points.map(|(timeout, value)| CurvePoint {
        timeout,
        replications: 2,
        figures: [value, 1.0 - value, 0.1, 0.8].map(around),
    });
    let curves = [Curve { state: "online", points: points.into() }];
    let search = OptimizeReport {
        title: RunTitle { name, question, variant, source },
        seed: 1,
        space: &space,
        found,
        curves: &curves,
    };
    page(&search)
}
