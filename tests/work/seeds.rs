//! The two pages that the product was asked for with, acted out statement by statement in their
//! order: S0, automatic unassignment, and S2, removal of ownership. Each test names its statement
//! and runs a scenario file of `scenarios/seeds`.

use std::collections::BTreeMap;
use std::path::Path;

use shiftstorm::base::time::{Span, Time};
use shiftstorm::model::event::{Actor, Cause};

use crate::common::{Tale, replay, run_file, scene};

/// The variants of a scenario file by name.
fn act(file: &str) -> BTreeMap<String, Tale> {
    run_file(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/seeds").join(file))
}

/// S0, introduction: an unresponsive agent, an unanswered consumer message; back to the queue, for
/// an available agent to answer.
#[test]
fn s0_introduction_an_unanswered_message_goes_back_to_the_queue_for_an_available_agent() {
    let tales = act("sixty_seconds.toml");
    let trail = tales["on"].trail("web 1");
    assert_eq!(
        trail[4..],
        [
            "190 auto_unassigned(online,60) - New",
            "190 assigned bob New",
            "210 resolved_by_agent - Resolved",
        ]
    );
    // The consumer does not wait for long: 80 s instead of for ever.
    assert_eq!(tales["on"].facts("answered")[1], "210 answered web 1 bob waited 80 wrote 20");
    assert_eq!(tales["off"].facts("answered").len(), 1);
}

/// S0, why use it, first and second point: better service levels, fewer abandonments.
#[test]
fn s0_why_consumers_are_answered_who_would_abandon() {
    let tales = act("abandonment.toml");
    let (on, off) = (&tales["on"], &tales["off"]);
    assert_eq!(on.facts("leaves"), [""; 0]);
    assert_eq!(on.facts("answered"), ["80 answered web 1 bob waited 80 wrote 20"]);
    assert_eq!(off.facts("leaves"), ["150 leaves web 1 openly"]);
    let abandoned = |tale: &Tale| tale.finished.outcome.as_ref().unwrap().flow.abandoned();
    assert_eq!((abandoned(on), abandoned(off)), (0, 1));
}

/// S0, why use it, third point: what is unanswered at the end of a shift moves to a new agent.
#[test]
fn s0_why_what_is_unanswered_at_the_end_of_a_shift_moves_to_a_new_agent() {
    let tales = act("end_of_shift.toml");
    let answered = |tale: &Tale| tale.facts("answered");
    assert_eq!(
        answered(&tales["on"]),
        [
            "40 answered web 1 ann waited 40 wrote 40",
            "70 answered web 2 bob waited 70 wrote 10",
            "80 answered web 3 bob waited 80 wrote 10",
        ]
    );
    assert_eq!(answered(&tales["off"]).len(), 1);
}

/// S0, how it works: an assigned agent has been interrupted or has gone offline.
/// The three states: online and unresponsive, offline, Away; each can be set up by itself.
#[test]
fn s0_how_it_works_in_each_of_the_three_states() {
    let tales = act("three_states.toml");
    assert_eq!(
        tales["all states"].facts("auto_unassigned"),
        [
            "60 auto_unassigned(online,60) buyer 1 - New",
            "90 auto_unassigned(offline,90) returner 1 - New",
            "120 auto_unassigned(away,120) payer 1 - New",
        ]
    );
    let answers = tales["all states"].facts("answered");
    assert!(answers.len() == 3 && answers.iter().all(|line| line.contains(" dan ")), "{answers:?}");
    assert_eq!(
        tales["offline only"].facts("auto_unassigned"),
        ["90 auto_unassigned(offline,90) returner 1 - New"]
    );
}

/// S0, first note: "Back Soon" and any other configured reason count as Away.
#[test]
fn s0_note_back_soon_and_custom_reasons_are_away() {
    let tale = &act("away_reasons.toml")["base"];
    assert_eq!(
        tale.at(20).iter().filter(|line| line.contains("state")).collect::<Vec<_>>(),
        [
            "20 state ann away(Back Soon)",
            "20 state bea away(Fire drill)",
            "20 state cat away(Lunch)",
        ]
    );
    assert_eq!(
        tale.facts("auto_unassigned"),
        [
            "60 auto_unassigned(away,60) buyer 1 - New",
            "60 auto_unassigned(away,60) returner 1 - New",
            "60 auto_unassigned(away,60) payer 1 - New",
        ]
    );
}

/// S0, second note: under a manual SLA automatic unassignment does not process.
#[test]
fn s0_note_a_manual_sla_gives_the_time_asked_for() {
    let tales = act("manual_sla.toml");
    let asks = &tales["asks for time"];
    assert_eq!(
        asks.facts("manual_sla suppressed auto_unassigned answered"),
        [
            "0 manual_sla web 1 until 300",
            "60 suppressed web 1",
            "100 answered web 1 ann waited 100 wrote 100",
            "100 manual_sla web 1 over",
        ]
    );
    let does_not = &tales["does not ask"];
    assert_eq!(
        does_not.trail("web 1")[2..4],
        ["60 auto_unassigned(online,60) - New", "60 assigned bob New"]
    );
}

/// S0, example, steps 1 and 2: the consumer has sent the last message and waits; after 60 s the
/// platform unassigns the agent and returns the conversation to the queue.
#[test]
fn s0_example_sixty_seconds_after_the_consumers_message() {
    let tale = &act("sixty_seconds.toml")["on"];
    // Step 1.
    assert_eq!(
        tale.trail("web 1")[..4],
        [
            "0 opened - New",
            "0 assigned ann New",
            "20 reply ann Pending",
            "130 message_wakes ann New"
        ]
    );
    // Step 2.
    let unassigned =
        tale.changes().find(|(_, change)| matches!(change.cause, Cause::AutoUnassigned { .. }));
    let (at, change) = unassigned.expect("the agent is unassigned");
    assert_eq!(at, Time::from_secs(130) + Span::from_secs(60));
    assert_eq!((change.to, change.actor), (None, Actor::System));
    assert_eq!(tale.trail("web 1")[5], "190 assigned bob New");
}

/// S0, consumer experience: seamless when a new agent takes over.
#[test]
fn s0_consumer_experience_is_seamless() {
    let tale = &act("sixty_seconds.toml")["on"];
    // One conversation, two messages, two answers; nothing asks the consumer to begin again.
    assert_eq!(
        tale.facts("visit message answered"),
        [
            "0 visit web 1 priority 0",
            "0 message web 1",
            "20 answered web 1 ann waited 20 wrote 20",
            "130 message web 1",
            "210 answered web 1 bob waited 80 wrote 20",
        ]
    );
}

/// S0, setup: the feature requires enablement.
#[test]
fn s0_setup_the_feature_is_off_until_enabled() {
    let off = &act("sixty_seconds.toml")["off"];
    assert_eq!(off.trail("web 1").last().unwrap(), "130 message_wakes ann New");
    let untouched = scene("agents.ann = {}\nconsumers.web.arrivals = '1/h'").read();
    assert!(!untouched.variants[0].plan.centre.unassign.enabled);
    assert!(!untouched.variants[0].plan.centre.remove_ownership.enabled);
}

/// S2, introduction: an option removes the ownership of conversations in the New queue when an
/// agent logs out, so that none is overlooked.
#[test]
fn s2_introduction_nothing_is_overlooked_when_an_agent_logs_out() {
    let tales = act("logout.toml");
    assert_eq!(tales["enabled"].facts("resolved_by_agent").len(), 3);
    assert_eq!(tales["enabled"].finished.open, 0);
    assert_eq!(tales["disabled"].finished.open, 3);
}

/// S2, point 1: within two minutes of the logout all New conversations lose their owner, and any
/// agent who filters for "unowned" sees them.
#[test]
fn s2_point_1_new_conversations_become_unowned_within_two_minutes() {
    let tale = &act("logout.toml")["enabled"];
    let removed: Vec<_> =
        tale.changes().filter(|(_, change)| change.cause == Cause::OwnerLoggedOut).collect();
    assert_eq!(removed.len(), 3);
    let logout = Time::from_secs(60);
    for (at, change) in &removed {
        assert!(*at > logout && *at <= logout + Span::from_mins(2), "{at}");
        assert_eq!(change.to, None);
    }
    // Bob could not see them before: he claims all three, and only afterwards.
    let claims = tale.facts("claimed");
    assert!(claims[..3].iter().all(|line| line.contains("ann")), "{claims:?}");
    assert!(claims[3..].iter().all(|line| line.contains("bob")) && claims.len() == 6, "{claims:?}");
    let first =
        tale.changes().filter(|(_, change)| change.cause == Cause::Claimed).nth(3).unwrap().0;
    assert!(first > removed[0].0);
}

/// S2, point 2: Pending conversations keep their owner; an inbound message while the owner is logged
/// off moves them to New and clears the owner.
#[test]
fn s2_point_2_pending_conversations_keep_their_owner_until_an_inbound_message() {
    let tale = &act("pending_inbound.toml")["enabled"];
    let trail = tale.trail("web 1");
    assert_eq!(
        trail[..4],
        [
            "0 opened - New",
            "11 claimed ann New",
            "20 reply ann Pending",
            "130 inbound_while_offline - New",
        ]
    );
    assert!(trail[4].ends_with("claimed bob New"), "{trail:?}");
}

/// S2, point 3: a boomerang executed while the owner is logged off clears the owner.
#[test]
fn s2_point_3_a_boomerang_while_the_owner_is_logged_off_clears_the_owner() {
    let tale = &act("boomerang.toml")["enabled"];
    let trail = tale.trail("web 1");
    assert_eq!(
        trail[..4],
        [
            "0 opened - New",
            "11 claimed ann New",
            "20 parked ann Pending",
            "320 boomerang_while_offline - New",
        ]
    );
    assert!(trail[4].ends_with("claimed bob New"), "{trail:?}");
}

/// S2, point 4: audit trails tell the changes of owner.
#[test]
fn s2_point_4_the_audit_trail_tells_every_change_of_owner() {
    for file in ["logout.toml", "pending_inbound.toml", "boomerang.toml"] {
        for (variant, tale) in act(file) {
            assert_eq!(replay(tale.changes()).len(), tale.finished.open, "{file}, {variant}");
        }
    }
    let tale = &act("logout.toml")["enabled"];
    let (ann, bob) = (shiftstorm::base::ids::AgentId(0), shiftstorm::base::ids::AgentId(1));
    let first: Vec<_> = tale
        .changes()
        .filter(|(_, change)| change.id.number() == 1 && change.from != change.to)
        .map(|(_, change)| (change.from, change.to, change.actor))
        .collect();
    assert_eq!(
        first,
        [
            (None, Some(ann), Actor::Agent(ann)),
            (Some(ann), None, Actor::System),
            (None, Some(bob), Actor::Agent(bob)),
            (Some(bob), None, Actor::Agent(bob)),
        ]
    );
}

/// S2, disabled: conversations stay assigned to the agent who has logged off.
#[test]
fn s2_disabled_conversations_stay_with_the_agent_who_has_logged_off() {
    let last = |file: &str| act(file)["disabled"].trail("web 1").pop().unwrap();
    assert_eq!(last("logout.toml"), "11 claimed ann New");
    assert_eq!(last("pending_inbound.toml"), "130 message_wakes ann New");
    assert_eq!(last("boomerang.toml"), "320 boomerang ann New");
}

/// S2, first question: an online agent may assign to an offline specialist; recommended with status
/// Pending, so that the handle time stays low; the specialist is notified on coming back.
#[test]
fn s2_faq_1_conversations_can_be_assigned_to_an_offline_specialist() {
    let tales = act("specialist.toml");
    for variant in ["pending", "disabled"] {
        let tale = &tales[variant];
        assert_eq!(
            tale.trail("patient 1")[1..4],
            ["0 assigned ann New", "20 assigned_offline cat Pending", "600 taken_up cat New",]
        );
        assert!(tale.facts("notified").contains(&"600 notified cat patient 1".to_owned()));
    }
    let handle_time = |variant: &str| tales[variant].row("patient 1").handle_time;
    assert_eq!(handle_time("pending"), Span::from_secs(50));
    assert_eq!(handle_time("new"), Span::from_secs(630));
}

/// S2, second question: a message while the specialist is still offline moves the conversation to
/// New, clears the owner and makes it available to others.
#[test]
fn s2_faq_2_a_message_while_the_specialist_is_offline_makes_it_available_to_others() {
    let tales = act("specialist.toml");
    let tale = &tales["pending"];
    assert_eq!(
        tale.trail("anxious 1")[2..],
        [
            "40 assigned_offline cat Pending",
            "120 inbound_while_offline - New",
            "120 assigned carl New",
            "150 resolved_by_agent - Resolved",
        ]
    );
    let front_line = tales["front line has the skill"].trail("anxious 1");
    assert_eq!(front_line[3..5], ["120 inbound_while_offline - New", "120 assigned ann New"]);
    // What cat is told at login about it is out of date.
    assert!(tale.facts("notified").contains(&"600 notified cat anxious 1 stale".to_owned()));
    assert_eq!(tales["disabled"].trail("anxious 1")[3], "120 message_wakes cat New");
}
