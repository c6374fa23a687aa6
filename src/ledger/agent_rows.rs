//! Agents in a saved outcome: a row of numbers each, agents in a row who have the same numbers once. A
//! million agents would be half a gigabyte with a name at every number.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serializer};

use super::figures::AgentFigures;
use super::number_rows::NumberFields as _;

pub(super) fn serialize<S: Serializer>(
    agents: &[AgentFigures],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let rows = agents.chunk_by(|one, next| one == next).map(|alike| {
        let mut row = vec![alike.len() as u128];
        each_number(&mut alike[0].clone(), &mut |number| row.push(*number));
        row
    });
    serializer.collect_seq(rows)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<AgentFigures>, D::Error> {
    let mut agents = Vec::new();
    for row in Vec::<Vec<u128>>::deserialize(deserializer)? {
        let mut numbers = row.iter().copied();
        let mut others = 0;
        each_number(&mut AgentFigures::none(0, 0), &mut |_| others += 1);
        let alike = numbers.next().and_then(|alike| usize::try_from(alike).ok());
        let (Some(alike), Some(reasons)) = (alike, numbers.len().checked_sub(others)) else {
            return Err(D::Error::custom("a row of an agent is too short"));
        };
        let mut agent = AgentFigures::none(0, reasons);
        each_number(&mut agent, &mut |number| *number = numbers.next().unwrap_or_default());
        if agents.len().saturating_add(alike) > AGENTS {
            return Err(D::Error::custom("there are more agents than any centre has"));
        }
        agents.extend(std::iter::repeat_n(agent, alike));
    }
    Ok(agents)
}

/// More than a scenario may have.
const AGENTS: usize = 1 << 20;

/// Shows all numbers of an agent, in the order in which they are saved, to be read or replaced.
fn each_number(agent: &mut AgentFigures, show: &mut dyn FnMut(&mut u128)) {
    let AgentFigures { group, horizon, drain, away, work } = agent;
    let mut number = u128::from(*group);
    show(&mut number);
    *group = u16::try_from(number).unwrap_or(u16::MAX);
    horizon.each_number(show);
    drain.each_number(show);
    work.each_number(show);
    away.iter_mut().for_each(show);
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Saved(#[serde(with = "super")] Vec<AgentFigures>);

    #[test]
    fn every_number_is_kept_and_agents_who_are_alike_are_one_row() {
        let mut busy = AgentFigures::none(0, 2);
        let mut next = 1;
        each_number(&mut busy, &mut |number| {
            *number = next;
            next += 1;
        });
        let idle = AgentFigures::none(3, 2);
        let saved = Saved(vec![idle.clone(), idle.clone(), busy, idle]);
        let text = serde_json::to_string(&saved).unwrap();
        assert_eq!(serde_json::from_str::<Saved>(&text).unwrap(), saved);
        let row = (1..next).map(|number| number.to_string());
        let row = Vec::from_iter(row).join(",");
        assert!(text.contains(&format!("[1,{row}]")), "{text}");
        assert_eq!(text.matches('[').count(), 4, "{text}");
        // With a name at every number it would be five times as much.
        assert!(serde_json::to_string(&saved.0[2]).unwrap().len() > 5 * row.len());
        assert!(serde_json::from_str::<Saved>("[[1,2]]").is_err());
        assert!(serde_json::from_str::<Saved>("[[]]").is_err());
        let many = serde_json::to_string(&Saved(vec![AgentFigures::none(0, 0)])).unwrap();
        assert!(serde_json::from_str::<Saved>(&many.replace("[[1,", "[[2000000,")).is_err());
    }
}
