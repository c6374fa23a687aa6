//! Agents whom the roster has on shift, before absence and breaks: what a planner has planned.

use super::plan::Plan;
use super::staff_on_shift::on_shift;
use crate::model::settings::AgentGroup;

/// Agents rostered in each interval, in the mean over it.
pub fn rostered(plan: &Plan) -> Vec<f64> {
    let intervals = super::estimate(plan).intervals.len();
    let mut agents = vec![0.0; intervals];
    for group in &plan.centre.groups {
        let planned = AgentGroup { shrinkage: None, ..group.clone() };
        let shifts = on_shift(&planned, plan, intervals);
        agents.iter_mut().zip(shifts).for_each(|(sum, on_shift)| *sum += on_shift);
    }
    agents
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Source, parse};

    #[test]
    fn absence_takes_nobody_from_the_roster() {
        let text = "run = { starts_at = '08:00', until = '11:00' }\nmeasure.interval = '1h'
            agents.a = { count = 10, shifts = '08:00-10:00', shrinkage = 0.3 }
            agents.b = { count = 2, shifts = '09:30-11:00', attention = 'parallel', concurrency = 5 }
            consumers.c.arrivals = '6/h'";
        let source = Source { name: "test.toml".to_owned(), text: text.to_owned() };
        let scenario = parse(source, "").unwrap_or_else(|findings| panic!("{findings}"));
        // Half an hour of two is one; an agent is one, however many it answers at a time.
        assert_eq!(rostered(&scenario.variants[0].plan), [10.0, 11.0, 2.0]);
    }
}
