//! Why a conversation waits in the queue, as `explain` tells it from the facts of a run.

use shiftstorm::base::ids::{ConversationId, KindId};
use shiftstorm::experiment::follow;
use shiftstorm::report::explain::{ConversationOf, story};

use crate::common::{Scene, scene};

/// When, and what, `explain` says of a conversation that waits.
fn waits(scene: &Scene, number: &str) -> Vec<String> {
    let scenario = scene.read();
    let variant = &scenario.variants[0];
    let id = ConversationId::read(KindId(0), number).unwrap();
    let traces = follow(&variant.plan, 0, &[id]).unwrap();
    let of = ConversationOf { variant: "base", plan: &variant.plan, replication: 0, id };
    let text = story(&of, &traces[0]).replace("\n          ", " ");
    let waiting = text.lines().filter(|line| line.contains("It waits"));
    waiting.map(str::to_owned).collect()
}

/// Agents by themselves, and two consumers who write at 0:10 and 0:20.
fn centre(rest: &str) -> Scene {
    scene("consumers.web.messages = 1").with(rest).visits("web", "600 1200")
}

#[test]
fn nobody_is_logged_in_or_all_are_away_or_set_away() {
    let night = "agents.ann = { count = 2, shifts = '00:30-01:00' }";
    assert_eq!(waits(&centre(night), "1"), ["00:10:00  It waits: all 2 agents are logged out."]);
    let lunch = "agents.ann = { breaks = { at = '00:05', for = '10m' } }";
    assert_eq!(waits(&centre(lunch), "1"), ["00:10:00  It waits: the only agent is Away."]);
    assert_eq!(waits(&centre(lunch), "2"), [""; 0], "ann is back at 0:15");
    // Ann sleeps and loses the first at 0:11, when she is set Away for half an hour.
    let sleeps = "unassign = { enabled = true, on_unassign = 'set_away', away_for = '30m' }
        agents.ann = { concurrency = 1, interruptions = { at = '00:05', for = '40m' } }";
    let set_away = "It waits: the only agent is set Away (D12).";
    assert_eq!(waits(&centre(sleeps), "1"), [format!("00:11:00  {set_away}")]);
    assert_eq!(waits(&centre(sleeps), "2"), [format!("00:20:00  {set_away}")]);
}

#[test]
fn d25_the_centre_or_the_skill_is_closed() {
    let night = "open = '00:30-02:00'\nagents.ann = {}";
    assert_eq!(waits(&centre(night), "1"), ["00:10:00  It waits: the centre is closed (D25)."]);
    let mail = "skills.mail = { open = '00:30-02:00' }\nskills.chat = {}
        consumers.web.skill = 'mail'\nagents.ann = { skills = ['mail', 'chat'] }";
    assert_eq!(waits(&centre(mail), "2"), ["00:20:00  It waits: mail is closed (D25)."]);
}

#[test]
fn all_are_full_at_a_limit_or_leaving() {
    let full = "agents.ann = { concurrency = 1, reply_time = '20m' }";
    assert_eq!(waits(&centre(full), "1"), [""; 0]);
    let no_slot = "00:20:00  It waits: the only agent has no free slot.";
    assert_eq!(waits(&centre(full), "2"), [no_slot]);
    let limited = "consumers.web.skill = 'chat'
        agents.ann = { concurrency = 9, reply_time = '20m', limits = { chat = 1 } }";
    let limit = "00:20:00  It waits: the only agent is at the limit of the skill (A16).";
    assert_eq!(waits(&centre(limited), "2"), [limit]);
    let alone = "consumers.web.skill = 'chat'
        agents.ann = { concurrency = 9, reply_time = '20m', alone = ['chat'] }";
    assert_eq!(waits(&centre(alone), "2"), [limit]);
    let leaving = "agents.ann = { shifts = '00:00-00:15', concurrency = 9, reply_time = '20m', finish.when = 'after_finishing' }";
    let finishes =
        "00:20:00  It waits: the only agent is at the end of the shift, finishing first.";
    assert_eq!(waits(&centre(leaving), "2"), [finishes]);
}

#[test]
fn several_agents_are_told_apart_and_others_do_not_matter() {
    let centre = centre(
        "consumers.web.skill = 'chat'
        agents.ann = { skills = ['chat'], concurrency = 1, reply_time = '20m' }
        agents.bob = { skills = ['chat'], count = 3, shifts = '00:30-01:00' }
        agents.cat = { skills = ['chat'], breaks = { at = '00:12', for = '20m' }, shifts = '00:11-01:00' }
        agents.dan = { skills = ['mail'] }",
    );
    let found = "00:20:00  It waits: of the 5 agents with the skill chat, 3 are logged out, 1 is Away and 1 has no free slot.";
    assert_eq!(waits(&centre, "2"), [found]);
    let nobody = centre.replacing("['chat']", "['mail']");
    let none = "00:10:00  It waits: there are no agents with the skill chat.";
    assert_eq!(waits(&nobody, "1"), [none]);
}

#[test]
fn who_lost_it_is_passed_over_until_somebody_else_or_the_time_comes() {
    // Ann sleeps and loses it at 0:11; she may have it again at 0:12, loses it at 0:13, …
    let sleeps = "unassign = { enabled = true }
        agents.ann = { interruptions = { at = '00:05', for = '8m' } }";
    let told = waits(&centre(sleeps), "1");
    assert_eq!(told[0], "00:11:00  It waits: the only agent is passed over (D10).");
    let gives_back =
        "agents.ann = { concurrency = 9, hand_overs = { share = 1, after = '5s', to = 'queue' } }";
    let told = waits(&centre(gives_back), "1");
    assert_eq!(told, ["00:10:05  It waits: the only agent is passed over (D10)."]);
}

#[test]
fn one_agent_is_waited_for_until_it_is_for_everybody() {
    let reserved = "skills = ['g', 'law']
        consumers.web.skill = 'g'
        agents.ann = { skills = ['g'], hand_overs = { share = 1, after = '5s', to = { specialist = 'cat', mode = 'reserve', fallback_after = '10m' } } }
        agents.cat = { skills = ['law'], shifts = '00:30-01:00' }";
    let told = waits(&centre(reserved), "1");
    assert_eq!(
        told,
        [
            "00:10:05  It waits for cat 1, who is logged out.",
            "00:20:05  It waits: the only agent with the skill law is logged out.",
        ]
    );
}

#[test]
fn with_pull_somebody_has_to_look_first() {
    let pull = "routing.mode = 'pull'\nagents.ann = {}";
    let told = waits(&centre(pull), "1");
    assert_eq!(told, ["00:10:00  It waits: the only agent has yet to look at the queue (E13)."]);
}
