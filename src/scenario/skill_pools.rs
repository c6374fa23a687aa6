//! Skills that are served by the same people.

use crate::base::ids::SkillId;
use crate::model::settings::Centre;

/// All skills: those that an agent has together are in one pool, and so are those that are linked through
/// others.
pub(super) fn skill_pools(centre: &Centre) -> Vec<Vec<SkillId>> {
    let mut pools = Vec::from_iter((0..centre.skills.len() as u16).map(|id| vec![SkillId(id)]));
    for (_, part) in centre.uniform_parts().filter(|(_, part)| part.group.count > 0) {
        let has_any = |pool: &Vec<SkillId>| part.group.skills.iter().any(|id| pool.contains(id));
        let (linked, others) = pools.into_iter().partition::<Vec<_>, _>(has_any);
        pools = others;
        pools.push(linked.concat());
    }
    pools.retain(|pool| !pool.is_empty());
    pools
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Source, parse};

    #[test]
    fn skills_are_linked_through_agents_who_are_there() {
        let text = "skills = ['a', 'b', 'c', 'd', 'e']
            agents.one = { skills = ['a', 'b'] }
            agents.two = { skills = ['b', 'c'] }
            agents.none = { count = 0, skills = ['c', 'd'] }
            agents.three = { skills = ['d'] }
            consumers.web = { skills = { a = 0.2, b = 0.2, c = 0.2, d = 0.2, e = 0.2 }, arrivals = '1/h' }";
        let source = Source { name: "test.toml".to_owned(), text: text.to_owned() };
        let scenario = parse(source, "").unwrap_or_else(|findings| panic!("{findings}"));
        let pools = skill_pools(&scenario.variants[0].plan.centre);
        let pools = pools.into_iter().map(|mut pool| {
            pool.sort();
            pool.into_iter().map(|skill| skill.0).collect::<Vec<_>>()
        });
        let mut pools = Vec::from_iter(pools);
        pools.sort();
        assert_eq!(pools, [vec![0, 1, 2], vec![3], vec![4]]);
    }
}
