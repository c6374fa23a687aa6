//! D26: answers take longer the more conversations are open at the agent.

use crate::common::{Tale, scene};

fn ann(more: &str, visits: &str) -> Tale {
    scene("consumers.web.messages = 1")
        .with(&format!("agents.ann = {{ {more} }}"))
        .visits("web", visits)
        .run()
}

fn answered(tale: &Tale) -> Vec<String> {
    let lines = tale.facts("answered").into_iter();
    lines
        .map(|line| line.split(" ann").next().unwrap_or_default().replace(" answered", ""))
        .collect()
}

const PARALLEL: &str = "attention = 'parallel', reply_time = '60s', concurrency = 5";

#[test]
fn d26_the_rest_of_every_answer_in_hand_goes_on_at_the_new_speed() {
    // Alone until 30; then both at 2/3: web 1 has 30 s of work left, which take 45 s. Web 2 has done
    // 30 s by 75 and ends alone.
    let tale = ann(&format!("{PARALLEL}, slowdown = [1, 1.5]"), "0 30");
    assert_eq!(answered(&tale), ["75 web 1", "105 web 2"]);
    // The last factor holds beyond the list.
    let three = ann(&format!("{PARALLEL}, slowdown = [1, 2]"), "0 0 0");
    assert_eq!(answered(&three), ["120 web 1", "120 web 2", "120 web 3"]);
    let off = ann(PARALLEL, "0 30");
    assert_eq!(answered(&off), ["60 web 1", "90 web 2"]);
}

#[test]
fn d26_with_serial_attention_those_that_wait_slow_the_one_in_hand() {
    // Two open until 120, then one.
    let tale = ann("reply_time = '60s', slowdown = [1, 2]", "0 0");
    assert_eq!(answered(&tale), ["120 web 1", "180 web 2"]);
}

#[test]
fn d26_a_pending_conversation_counts_by_its_weight_rounded_up() {
    // Web 1 rests from 60 on; web 2 comes at 100. An idle one of weight 0 does not count any more.
    let second = |more: &str| {
        let tale =
            scene("consumers.web.messages = 2\nconsumers.web.think = '2h'\nauto_close = 'off'")
                .with(more)
                .with(&format!("agents.ann = {{ {PARALLEL}, slowdown = [1, 2] }}"))
                .visits("web", "0 100")
                .run();
        answered(&tale)[1].clone()
    };
    assert_eq!(second(""), "220 web 2");
    assert_eq!(second("capacity = { inactive_after = '10s', inactive_weight = 0 }"), "160 web 2");
    assert_eq!(second("capacity = { inactive_after = '10s', inactive_weight = 0.3 }"), "220 web 2");
    // It becomes idle at 130: 15 s of work are done by then.
    assert_eq!(second("capacity = { inactive_after = '70s', inactive_weight = 0 }"), "175 web 2");
}

#[test]
fn d26_an_interruption_keeps_the_work_that_is_left_and_not_the_time() {
    // Two at half speed until 30, then an interruption in which web 2 leaves: 45 s of work are left.
    let tale = scene("consumers.web.messages = 1\nconsumers.app.messages = 1\nconsumers.app.patience = '40s'")
        .with(&format!("agents.ann = {{ {PARALLEL}, slowdown = [1, 2], interruptions = {{ at = '00:00:30', for = '30s' }} }}"))
        .visits("web", "0")
        .visits("app", "0")
        .run();
    assert_eq!(answered(&tale), ["105 web 1"]);
}

#[test]
fn d26_parking_hand_over_and_wrap_up_are_not_slowed() {
    let wrap_up = ann("reply_time = '10s', wrap_up = '30s', slowdown = [1, 2]", "0 0");
    assert_eq!(answered(&wrap_up), ["20 web 1", "60 web 2"]);
    let given = ann(
        "slowdown = [1, 2], hand_overs = { share = 1, to = 'queue', after = '30s' }, reply_time = '10s'",
        "0 0",
    );
    assert_eq!(given.facts("manual_return")[0], "30 manual_return web 1 - New");
}

#[test]
fn d26_a_manual_sla_is_asked_for_by_the_work_as_drawn() {
    let asks = |seconds: u32| {
        let ann = ann(
            &format!(
                "reply_time = '20s', slowdown = [1, 2], manual_sla = {{ share = 1, length = '1m', if_longer_than = '{seconds}s' }}"
            ),
            "0 0",
        );
        ann.facts("manual_sla").len()
    };
    assert_eq!((asks(20) > 0, asks(21)), (true, 0));
}
