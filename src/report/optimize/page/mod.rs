//! The page of a search: what is cheapest and how sure that is, all that was tried, the trade-off.

mod search_charts;

use crate::experiment::optimize::{Doubt, OptimizeVerdict, Tested};
use crate::report::charts::Section;
use crate::report::format::percent;
use crate::report::page::{Document, Explanation, PageFrame, PageStatement, html};
use crate::report::sentence::{Figure, Name, Sentence, sentence};
use crate::report::table::{ReportCell, ReportTable, Standing};
use crate::report::wording::the_goals;

use super::search::{OptimizeReport, winner};
use super::wording::{asked, cost, doubted, label, of_goal, reached, why};
use super::{costs, tested_table};

/// The page.
pub fn page(search: &OptimizeReport<'_>) -> String {
    let found = search.found;
    let mut alerts = Vec::new();
    if found.interrupted {
        alerts.push("Interrupted: something cheaper or as cheap may be left.".to_owned());
    }
    html(&Document {
        frame: PageFrame {
            kind: "search",
            name: search.title.name,
            question: search.title.question,
            facts: vec![
                format!("from variant {}", search.title.variant),
                counted(found.tested.len(), "choice tested", "choices tested"),
                format!("confidence {}", percent(search.space.search.confidence)),
                format!("seed {}", search.seed),
                format!("Shiftstorm {}", env!("CARGO_PKG_VERSION")),
            ],
            alerts,
        },
        headline: headline(search),
        gist: gist(search),
        statements: statements(search),
        sections: sections(search),
        method: method(search),
        source: search.title.source,
        ..Document::default()
    })
}

/// The answer, as far as it is known.
fn headline(search: &OptimizeReport<'_>) -> Sentence {
    let found = search.found;
    let goals = the_goals(search.space.goals().len());
    let Some(winner) = winner(found) else {
        let missed = |test: &Tested| matches!(test.verdict, OptimizeVerdict::Missed(_));
        return match found.tested.as_slice() {
            [] => sentence!("Nothing was tested."),
            _ if found.interrupted => {
                sentence!("Nothing that was tested so far is known to meet {goals}.")
            }
            tested if tested.iter().all(missed) => {
                sentence!("Nothing that was tested meets {goals}.")
            }
            _ => sentence!("Nothing that was tested is known to meet {goals}."),
        };
    };
    let (name, cost) = (Name(search.space.name(&winner.candidate)), Figure(cost(search, winner)));
    match found.doubts.is_empty() {
        _ if found.interrupted => {
            sentence!("{name} is the best that was found until the search was interrupted: {cost}.")
        }
        true => sentence!("{name} meets {goals} at the least cost: {cost}."),
        false => sentence!("{name} is the best that was found, but that is not sure: {cost}."),
    }
}

/// What the winner reaches, or what to do without one.
fn gist(search: &OptimizeReport<'_>) -> Sentence {
    match winner(search.found) {
        Some(winner) => {
            let goals = search.space.goals().iter().enumerate().map(|(position, goal)| {
                let reached = Figure(reached(goal, winner, position));
                format!("{} {reached} (goal: {})", label(goal), asked(goal))
            });
            sentence!("{}.", Vec::from_iter(goals).join("; ")).capital()
        }
        None if search.found.interrupted => Sentence::default(),
        None => sentence!(
            "Allow more agents, more replications (optimize.at_most) or other goals in the scenario."
        ),
    }
}

fn statements(search: &OptimizeReport<'_>) -> Vec<PageStatement> {
    let won = winner(search.found).map(|winner| {
        let why = sentence!("{}.", why(search, winner)).capital();
        PageStatement::new("Why it won", None, [why])
    });
    let doubts = search.found.doubts.iter();
    let doubts = doubts.map(|&doubt| sentence!("{}.", doubted(search, doubt)).capital());
    let doubts = (!search.found.doubts.is_empty()).then(|| {
        PageStatement::new("What is not sure", Some((Standing::Open, "not sure")), doubts)
    });
    let told = |title: &str, sentences: Vec<Sentence>| {
        let whole = sentences.into_iter().map(|it| sentence!("{it}.").capital());
        let whole = Vec::from_iter(whole);
        (!whole.is_empty()).then(|| PageStatement::new(title, None, whole))
    };
    let price = told("What its timeouts cost", costs::costs(search));
    let edges = told("At the edge of what was allowed", costs::edges(search));
    won.into_iter().chain(price).chain(edges).chain(doubts).collect()
}

fn sections(search: &OptimizeReport<'_>) -> Vec<Section> {
    let tried = Section::new(
        "tried",
        "What was tried",
        "Each choice that was tested with its cost and 95 % intervals. Each was run until it was \
         clear whether it meets every goal, or as often as is allowed, so numbers of replications \
         differ.",
    );
    let trade = Section::new(
        "trade",
        "What a timeout trades",
        "The winner's agents under each timeout, all else as in the winner: lost consumers against \
         conversations taken from their agents. What was tested above has the same figures here.",
    );
    Section::shown([
        goals(search),
        tried
            .charts(search_charts::against_cost(search))
            .tables([tested_table::table(search, "met: the winner")]),
        trade.charts(search.curves.iter().map(|curve| search_charts::trade(search, curve))),
    ])
}

/// The goals and how the winner stands.
fn goals(search: &OptimizeReport<'_>) -> Section {
    let found = search.found;
    let heads = ["figure", "goal", "the winner", "standing"];
    let mut table = ReportTable::new("Goals of the search", heads).spoken();
    for (position, goal) in search.space.goals().iter().enumerate() {
        let (standing, words) = match winner(found) {
            None => (Standing::Open, "no choice is known to meet all"),
            Some(_) if found.doubts.contains(&Doubt::Close(position)) => {
                (Standing::Open, "met, within the tolerance")
            }
            Some(_) => (Standing::Good, "met"),
        };
        let value = winner(found).map(|winner| of_goal(goal, winner, position));
        let value = value.unwrap_or(ReportCell::Nothing);
        let verdict = ReportCell::verdict(standing, words);
        table.push(None, vec![label(goal).into(), asked(goal).into(), value, verdict]);
    }
    Section::new("goals", "Goals", "").tables([table])
}

fn method(search: &OptimizeReport<'_>) -> Vec<Explanation> {
    let (found, settings) = (search.found, search.space.search);
    let dropped = match found.dropped.len() {
        0 => String::new(),
        count => format!(
            " {} seemed dearer and {} not tested.",
            counted(count, "choice of timeouts and slots", "choices of timeouts and slots"),
            if count == 1 { "was" } else { "were" }
        ),
    };
    let guess = format!(
        "For each choice of timeouts and slots the fewest agents that seem to do, by bisection: {} \
         on {} replications each.{dropped}",
        counted(found.guessed, "choice", "choices"),
        settings.first_replications
    );
    let tests = format!(
        "From the cheapest guess on, each on fresh replications, one after the other, until it is \
         clear whether every goal is met (Andradóttir and Kim 2010), at most {}. What meets the goals \
         brings in one agent fewer, anything else one agent more.",
        settings.at_most
    );
    let confidence = format!(
        "All tests together are to be right with probability {}, as far as figures differ from their \
         goals, or from each other, by at least the tolerance, {}. It is taken for granted that more \
         agents never serve worse and that what the first guess leaves out is not the answer.",
        percent(settings.confidence),
        settings.tolerance
    );
    let intervals = "95 %, Student, each by itself. They describe; the tests decide.";
    vec![
        Explanation::new("First guess", guess),
        Explanation::new("Tests", tests),
        Explanation::new("Equal cost", "The least abandonment wins (Kim and Nelson 2001)."),
        Explanation::new("Confidence", confidence),
        Explanation::new("Intervals", intervals),
        Explanation::version(env!("CARGO_PKG_VERSION")),
    ]
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
