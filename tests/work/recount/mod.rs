//! A recount of the figures of a run from the files that it writes, in another way than the ledger's:
//! plain tables of what `conversations.csv` and `audit.csv` say, and a question to them for each figure.
//!
//! Nothing is followed event by event here. A figure is a row picked, a pair of records subtracted, a
//! column added up. What the files cannot tell is listed ([`NOT_IN_THE_FILES`]); a new figure is
//! recounted or put on that list.
//!
//! One scenario:  `RECOUNT_SEED=123 cargo test --test work recount::`
//! Many of them:  `RECOUNT_SEEDS=500 cargo test --test work recount:: -- --nocapture`

mod clocks;
mod figures;
mod files;
mod parts;
mod people;
mod tables;

use std::collections::BTreeSet;

use shiftstorm::base::arrivals::ArrivalProcess;
use shiftstorm::base::ids::AgentId;
use shiftstorm::base::time::{Span, Time};
use shiftstorm::model::settings::BacklogConversation;
use shiftstorm::scenario::Plan;

use crate::swarm::plan;

use figures::NOT_IN_THE_FILES;
use files::Files;
use tables::Tables;

#[test]
fn the_files_of_a_run_give_its_figures_once_more() {
    let number = |variable: &str| {
        let text = std::env::var(variable).ok()?;
        Some(text.parse::<u64>().unwrap_or_else(|_| panic!("{variable} must be a number")))
    };
    let seeds = match number("RECOUNT_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("RECOUNT_SEEDS").unwrap_or(SEEDS),
    };
    let (mut compared, mut open) = (0, 0);
    for seed in seeds.clone() {
        let plan = with_backlog(plan(seed), seed);
        let files = Files::of(&plan);
        let tables = Tables::of(&files, &plan);
        let mut report = Differences::default();
        figures::compare(&plan, &files, &tables, &mut report);
        parts::compare(&plan, &files, &tables, &mut report);
        let Differences { wrong, same, unclear } = report;
        assert!(wrong.is_empty(), "RECOUNT_SEED={seed}:\n{}", wrong.join("\n"));
        (compared, open) = (compared + same, open + unclear);
    }
    println!("{compared} figures of {} runs agree; {open} are left open", seeds.end - seeds.start);
    assert!(open * 4 < compared, "{open} figures left open, {compared} compared");
}

/// Every third has conversations that are open when it begins, some of them with an owner.
fn with_backlog(mut plan: Plan, seed: u64) -> Plan {
    let kind = &mut plan.centre.kinds[0];
    let has_none = matches!(kind.arrivals, ArrivalProcess::Closed { .. });
    if seed.is_multiple_of(3) && !has_none {
        let row = |minutes: i64| {
            let opened = Time::ZERO - Span::from_mins(minutes);
            let owner = (minutes % 2 == 0).then_some(AgentId(0));
            BacklogConversation { opened, last_message: opened, owner, is_pending: false }
        };
        kind.backlog = (5..5 + seed as i64 % 7).map(row).collect();
    }
    plan
}

/// What was compared, and how.
#[derive(Default)]
pub(crate) struct Differences {
    wrong: Vec<String>,
    same: usize,
    unclear: usize,
}

impl Differences {
    /// Notes whether what was counted is what the summary says. `None` of nothing, such as a mean.
    fn compare(&mut self, what: &str, counted: Option<f64>, said: Option<f64>, slack: f64) {
        let close = match (counted, said) {
            (Some(counted), Some(said)) => (counted - said).abs() <= slack + said.abs() * 1e-9,
            (counted, said) => counted.is_none() && said.is_none(),
        };
        if close {
            self.same += 1;
        } else {
            self.wrong.push(format!("{what}: counted {counted:?}, the summary says {said:?}"));
        }
    }

    fn exact(&mut self, what: &str, counted: u64, said: u64) {
        self.compare(what, Some(counted as f64), Some(said as f64), 0.0);
    }
}

/// Every figure of the catalogue is recounted, or the files are known not to tell it.
fn all_are_treated(recounted: &BTreeSet<&str>) {
    let all: BTreeSet<&str> = shiftstorm::FIGURES.iter().map(|figure| figure.name).collect();
    let not_in_the_files = BTreeSet::from(NOT_IN_THE_FILES);
    let treated: BTreeSet<&str> = recounted.union(&not_in_the_files).copied().collect();
    assert_eq!(treated, all, "recount it, or say that the files do not tell it");
    assert!(recounted.is_disjoint(&not_in_the_files), "it is recounted after all");
}

const SEEDS: u64 = 25;
