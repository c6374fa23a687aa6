//! Scenarios that differ in everything that a run can come upon.

/// A small generator of numbers, by its state.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    /// A number below `sides`.
    fn below(&mut self, sides: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len() as u64) as usize]
    }
}

/// A scenario; a run of it takes some seconds.
pub(super) fn scenario(dice: &mut Dice) -> String {
    let rate = dice.one_of(&["20/s", "200/s", "1000/s", "3000/s"]);
    let reply_time = dice.one_of(&["'50ms'", "{ exponential = { mean = '400ms' } }", "'2s'"]);
    let messages = 1 + dice.below(3);
    let timeout = dice.one_of(&["1s", "1500ms"]);
    let exclude = dice.one_of(&["none", "last", "all_previous"]);
    let warm_up = dice.one_of(&["0s", "0s", "500ms"]);
    let shards = 1 + dice.below(3);
    let mailbox = dice.one_of(&["200", "100000"]);
    let late_after = dice.one_of(&["20ms", "1h", "1h"]);
    let drain = dice.one_of(&["", "drain = '2s'\n", "drain = '6s'\n"]);
    let load = match dice.below(3) {
        0 => {
            "[[stress.stage]]\nname = 'up'\nfor = '1s'\nfrom = 0.2\nto = 1\n\
              [[stress.stage]]\nfor = '1500ms'\npace = 1.5\n"
        }
        _ => "",
    };
    let length = match load {
        "" => dice.one_of(&["for = '2s'\n", "for = '1700ms'\n", "for = '3250ms'\n"]),
        _ => "",
    };
    let fault = dice.one_of(&[
        "",
        "",
        "stall = '700ms'\n",
        "stall = '9s'\n",
        "mailbox_full = '400ms'\n",
        "clock_stall = '600ms'\n",
        "panic = 0.5\nover = '500ms'\n",
        "stop = 0.5\nof = 'consumers'\n",
        "log_out = 0.5\n",
        "flood = 800\nover = '300ms'\n",
        "stop_shards = 1\n",
    ]);
    let fault = match fault {
        "" => String::new(),
        fault => format!("[[stress.fault]]\nat = '{}ms'\n{fault}", 300 + dice.below(1_200)),
    };
    format!(
        "run = {{ until = '1h', seed = {}, warm_up = '{warm_up}' }}\n\
         agents.chat = {{ count = 60, concurrency = 20, reply_time = {reply_time} }}\n\
         consumers.web = {{ arrivals = '{rate}', messages = {messages}, think = '200ms' }}\n\
         unassign = {{ enabled = true, exclude = '{exclude}', timeout.online = '{timeout}', \
         same_agent_after = '30s' }}\n\
         [stress]\nshards = {shards}\nmailbox = {mailbox}\nlate_after = '{late_after}'\n{drain}{length}\
         thresholds = ['refused == 0', 'p99(admission) < 100ms', 'rate(opened) >= 10/s', \
         'max(deadline_lateness) < 1s', 'dead == 0']\n{load}{fault}",
        dice.below(1_000)
    )
}
