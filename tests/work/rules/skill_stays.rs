//! Stays with a skill: what is transferred counts in each skill that it waited for (A10).

use shiftstorm::ledger::outcome::SkillFigures;
use shiftstorm::ledger::settings::ServiceLevelOf;

use crate::common::scene;

fn within(skill: &SkillFigures) -> Option<f64> {
    skill.flow.service_level(ServiceLevelOf::Offered)
}

#[test]
fn a10_a_transfer_waits_for_its_skill_from_then_on() {
    let tale = scene(
        "skills = ['front', 'back']
        service_level.within = '20s'
        agents.ann = { skills = ['front'], concurrency = 5, attention = 'parallel', reply_time = '5s', \
          hand_overs = { share = 1, after = '30s', to = { skill = 'back' } } }
        agents.bob = { skills = ['back'], concurrency = 1, reply_time = '15s' }
        consumers.web.skill = 'front'
        consumers.web.messages = 1",
    )
    .visits("web", "0 0 100")
    .run();
    let outcome = tale.outcome();
    let [front, back] = &outcome.skills[..] else { panic!("two skills") };
    assert!(outcome.balances());
    assert_eq!((front.flow.offered, front.handed_out, front.flow.answered), (3, 3, 0));
    assert_eq!((back.flow.offered, back.handed_in, back.flow.answered), (3, 3, 3));
    // In the back answered after 15, 30 and 15 s; for the centre 30 s later.
    let seconds = |micros: u128| micros / 1_000_000;
    assert_eq!(seconds(back.first_response.total().micros), 15 + 30 + 15);
    assert_eq!(seconds(outcome.flow.first_response.micros), 45 + 60 + 45);
    assert_eq!((within(back), outcome.service_level()), (Some(2.0 / 3.0), Some(0.0)));
}

#[test]
fn a10_a_second_tier_with_more_than_it_can_do_is_seen_as_such() {
    let tale = scene(
        "skills = ['bot', 'people']
        run.until = '8h'
        run.end = 'drain'
        service_level = { within = '60s', at = 'assignment' }
        agents.bot = { skills = ['bot'], concurrency = 1000, attention = 'parallel', reply_time = '5s', \
          hand_overs = { share = 1, after = '10s', to = { skill = 'people' } } }
        agents.people = { count = 4, skills = ['people'], concurrency = 1, reply_time = '5m' }
        consumers.web = { skill = 'bot', arrivals = '60/h', messages = 1 }",
    )
    .run();
    let outcome = tale.outcome();
    let [bot, people] = &outcome.skills[..] else { panic!("two skills") };
    assert!(outcome.balances());
    assert_eq!(people.flow.offered, outcome.flow.offered);
    // 60 an hour come and 48 are done: the last waits about two hours, all about one on average.
    let hours = people.flow.assignment.mean().map_or(0.0, |seconds| seconds / 3600.0);
    assert!((0.6..1.6).contains(&hours), "{hours} h");
    assert!(within(people) < Some(0.1), "{:?} of the second tier", within(people));
    assert_eq!((within(bot), outcome.service_level()), (Some(1.0), Some(1.0)));
}
