//! What is said about broken scenario files: each with its message, line and column.

use std::path::Path;

use proptest::prelude::*;
use shiftstorm::scenario::{self, Diagnostic, Diagnostics, Scenario, Severity, Source};

fn parse(text: &str) -> Result<Scenario, Diagnostics> {
    let source = Source { name: "day.toml".to_owned(), text: text.to_owned() };
    scenario::parse(source, Path::new("tests/scenario_files"))
}

fn diagnostics(text: &str) -> Diagnostics {
    match parse(text) {
        Ok(scenario) => scenario.warnings,
        Err(findings) => findings,
    }
}

/// `line:column message` of every finding.
fn findings(text: &str) -> Vec<String> {
    let place = |finding: &Diagnostic| {
        let (line, column) = finding.line_column().unwrap_or_default();
        format!("{line}:{column} {}", finding.message)
    };
    diagnostics(text).iter().map(place).collect()
}

/// A sound scenario whose first line is `line`.
fn with_line(line: &str) -> String {
    format!("{line}\n[agents.chat]\ncount = 2\n[consumers.web]\narrivals = '60/h'\n")
}

/// A sound scenario of six lines but for the fourth, which is about the agents.
fn with_agents(line: &str) -> String {
    format!("\n\n[agents.chat]\n{line}\n[consumers.web]\narrivals = '60/h'\n")
}

/// A sound scenario of five lines but for the fourth, which is about the consumers.
fn with_consumers(line: &str) -> String {
    format!("[agents.chat]\n[consumers.web]\nthink = '1m'\n{line}\n")
}

#[test]
fn sound_scenarios_give_no_findings() {
    assert_eq!(findings("agents.chat = {}\nconsumers.web.arrivals = '60/h'\n"), [""; 0]);
    assert_eq!(findings(&with_line("")), [""; 0]);
    assert_eq!(findings(&with_agents("")), [""; 0]);
    assert_eq!(findings(&with_consumers("arrivals = '1/s'")), [""; 0]);
}

#[test]
fn a_goal_says_of_what_and_how_much_and_is_only_for_what_is_known() {
    let found = |goal: &str| findings(&with_line(&format!("goal = [{{ {goal} }}]"))).join("\n");
    assert_eq!(found("figure = 'abandonment', at_most = 0.05"), "");
    assert_eq!(found("figure = 'response_p90', at_most = '20m', group = 'chat'"), "");
    assert_eq!(found("figure = 'offered', at_least = 10, from = '09:00', to = '10:30'"), "");
    let wrong = [
        ("figure = 'abandonment'", "at_least"),
        ("figure = 'abandonment', at_most = 5", "goal[0].at_most` cannot be 5"),
        ("figure = 'response_p90', at_most = 20", "at_most` cannot be 20"),
        ("at_most = 0.05", "figure"),
        ("figure = 'abandonmet', at_most = 0.05", "figure` cannot be"),
        ("figure = 'abandonment', at_most = 0.1, at_least = 0.2", "exclude each other"),
        ("figure = 'abandonment', at_most = 0.1, skill = 'law'", "there is no skill `law`"),
        (
            "figure = 'abandonment', at_most = 0.1, group = 'chat', from = '09:00'",
            "is not known of a group of agents in a window of the day",
        ),
        (
            "figure = 'abandonment', at_most = 0.1, group = 'chat'",
            "is not known of a group of agents",
        ),
        ("figure = 'open_max', at_most = 9, from = '09:00'", "is not known of a window of the day"),
        (
            "figure = 'offered', at_most = 9, from = '10:00', to = '09:00'",
            "`to` must be after `from`",
        ),
        ("figure = 'offered', at_most = 9, from = '09:07'", "no beginning of an interval"),
        ("figure = 'offered', at_most = 9, weekday = 'Friday'", "weekday"),
    ];
    for (goal, message) in wrong {
        let found = found(goal);
        assert!(found.contains(message), "{goal}: {found}");
    }
    let variant = "[[variant]]\nname = 'b'\ngoal = [{ figure = 'offered', at_least = 1 }]\n";
    let text = format!("{}{variant}", with_line(""));
    assert!(findings(&text).join("\n").contains("a variant cannot change `goal`"));
}

#[test]
fn all_errors_of_a_file_are_reported_at_once() {
    let text = r#"nam = "day"
[run]
until = "5d"
replications = -3
seed = nan
[unassign]
enabeld = true
timeout.online = "0.5s"
clock = "lastmessage"
[agents.chat]
count = 4000000
shifts = ["08:00-12:00", "11:00-13:00"]
[consumers.web]
arrivals = 120
[[variant]]
name = "a"
unassing.enabled = true
agents.caht.count = 3
[[variant]]
name = "a"
unassign.enabled = 1
"#;
    let expected = [
        "1:1 unknown key `nam` in a scenario",
        "3:9 `run.until` cannot be \"5d\"",
        "4:16 `run.replications` cannot be -3",
        "5:8 `run.seed` cannot be nan",
        "7:1 unknown key `enabeld` in `unassign`",
        "8:18 `unassign.timeout.online` cannot be \"0.5s\"",
        "9:9 `unassign.clock` cannot be \"lastmessage\"",
        "11:9 `agents.chat.count` cannot be 4000000",
        "12:10 contradictory shifts: 08:00-12:00 and 11:00-13:00 overlap",
        "14:12 `consumers.web.arrivals` cannot be 120",
        "17:1 unknown key `unassing` in a scenario",
        "18:8 the base has no `agents.caht`",
        "20:8 there are two variants called `a`",
        "21:20 `unassign.enabled` cannot be 1",
    ];
    assert_eq!(findings(text), expected);
}

#[test]
fn broken_settings() {
    let cases = [
        ("run = { warm_up = '2h', until = '1h' }", "1:19 the warm-up leaves nothing to measure"),
        ("run.until = '0s'", "1:13 `run.until` cannot be '0s'"),
        ("run.until = '90000h'", "1:13 `run.until` cannot be '90000h'"),
        ("run.until = '25:00'", "1:13 `run.until` cannot be '25:00'"),
        ("run.starts_at = 08:00:00", "1:17 `run.starts_at` cannot be 08:00:00"),
        ("run.starts_at = '8 am'", "1:17 `run.starts_at` cannot be '8 am'"),
        ("run.seed = -1", "1:12 `run.seed` cannot be -1"),
        ("run.seed = 99999999999999999999", "1:12 `run.seed` cannot be 99999999999999999999"),
        ("run.warm_up = -5", "1:15 `run.warm_up` cannot be -5"),
        ("run.warm_up = '-5s'", "1:15 `run.warm_up` cannot be '-5s'"),
        ("run = 3", "1:7 `run` cannot be 3"),
        ("measure.interval = '20m'", "1:20 `measure.interval` cannot be '20m'"),
        ("measure.at = '5m'", "1:14 `measure.at` cannot be '5m'"),
        ("goals.abandonment = 5", "1:21 `goals.abandonment` cannot be 5"),
        ("goals.mail = { service_level = 0.9 }", "1:7 unknown key `mail` in `goals`"),
        ("goals.reassignments = inf", "1:23 `goals.reassignments` cannot be inf"),
        ("remove_ownership.within = '3m'", "1:27 `remove_ownership.within` cannot be '3m'"),
        ("unassign.timeout = '60s'", "1:20 `unassign.timeout` cannot be '60s'"),
        ("unassign.timeout.away = 60", "1:25 `unassign.timeout.away` cannot be 60"),
        ("capacity.inactive_weight = 1.5", "1:28 `capacity.inactive_weight` cannot be 1.5"),
        ("resolve = {}", "1:11 `resolve.after` is missing"),
        ("resolve = 'at_once'", "1:11 `resolve` cannot be 'at_once'"),
        ("auto_close = 'never'", "1:14 `auto_close` cannot be 'never'"),
        ("name = ''", "1:8 `name` cannot be ''"),
        ("skills = ['a', 'a']", "1:10 skill `a` is listed twice"),
        ("skills = []", "1:10 a centre needs at least one skill"),
        ("variant = 3", "1:11 `variant` cannot be 3"),
        ("variant = [{}]", "1:12 `variant[0].name` is missing"),
        ("variant = [{ name = 'base' }]", "1:21 there are two variants called `base`"),
        ("variant = [{ name = 'x', base = 'y' }]", "1:26 a variant cannot change `base`"),
        ("variant = [{ name = 'x', goals.at = 1 }]", "1:32 unknown key `at` in `goals`"),
        ("\"run \" = 1", "1:1 unknown key `run ` in a scenario"),
        (
            "stress.fault = [{ at = '1s', stall = '1s', flood = 5 }]",
            "1:17 a fault has exactly one of `stall`, `mailbox_full`, `clock_stall`, `flood`, \
             `log_out`, `log_in`, `flap`, `hot_agent`, `panic`, `stop`, `stop_shards`",
        ),
        (
            "stress.fault = [{ at = '1s', panic = 1, of = 'consumers', group = 'chat' }]",
            "1:46 consumers only panic or stop, and are in no group",
        ),
        (
            "stress.fault = [{ at = '1s', stop = 1, of = 'routers' }]",
            "1:45 `stress.fault[0].of` cannot be 'routers'",
        ),
        (
            "stress.fault = [{ at = '1s', stop = 1, in_turn = true }]",
            "1:50 only what panics can do so in a turn",
        ),
        (
            "stress = { mailbox = 2000000, fault = [{ at = '1s', mailbox_full = '1s' }] }",
            "1:22 the fault `mailbox_full` fills the mailboxes with messages, so `mailbox` may be \
             1000000 at most",
        ),
        (
            "stress.fault = [{ at = '1s', clock_stall = '0s' }]",
            "1:44 `stress.fault[0].clock_stall` cannot be '0s'",
        ),
        (
            "pull = { look_every = '0s' }\nrouting.mode = 'pull'",
            "5:2 one run would take inf events",
        ),
    ];
    for (line, expected) in cases {
        assert_eq!(findings(&with_line(line)), [expected], "{line}");
    }
}

#[test]
fn broken_agents() {
    let cases = [
        ("count = 4.5", "4:9 `agents.chat.count` cannot be 4.5"),
        ("concurrency = 0", "4:15 `agents.chat.concurrency` cannot be 0"),
        ("concurrency = { general = 4 }", "4:15 slots are those of an agent, not of a skill"),
        ("skills = []", "4:10 an agent needs at least one skill"),
        ("shifts = ['09:00']", "4:11 `agents.chat.shifts[0]` cannot be '09:00'"),
        ("shifts = '09:00-09:00'", "4:10 `agents.chat.shifts` cannot be '09:00-09:00'"),
        (
            "shifts = ['22:00-06:00', '05:00-09:00']",
            "4:10 contradictory shifts: 22:00-06:00 and 05:00-09:00 overlap",
        ),
        (
            "shifts = '08:00-09:00'\nstaffing = {from = '08:00', agents = [1]}",
            "5:12 `agents.chat.shifts` and `staffing` exclude each other",
        ),
        (
            "staffing = { from = '08:00', agents = [1, 2], every = '13h' }",
            "4:39 2 intervals of 13h do not make a day",
        ),
        (
            "count = 1\nstaffing = { from = '08:00', agents = [3] }",
            "4:9 there are shifts for 3 agents, but `count` is 1",
        ),
        ("finish.when = 'now'", "4:15 `agents.chat.finish.when` cannot be 'now'"),
        ("breaks = [{ at = '10:00' }]", "4:11 `agents.chat.breaks[0].for` is missing"),
        ("logouts = { back_after = '1m' }", "4:11 `agents.chat.logouts.after` is missing"),
        (
            "interruptions = { every = '1h', at = '09:00', for = '1m' }",
            "4:38 `agents.chat.interruptions.every` and `at` exclude each other",
        ),
        (
            "interruptions = { every = '1h', share = 0.5, for = '1m' }",
            "4:41 `share` goes with `at` only",
        ),
        (
            "logouts = { after = '1h', when_late = 'rest', back_after = '1m' }",
            "4:39 `when_late` goes with `at` only",
        ),
        (
            "interruptions = { at = '09:00', when_late = 'rest', for = '1m' }",
            "4:33 unknown key `when_late` in `agents.chat.interruptions`",
        ),
        (
            "finish = { when = 'after_finishing', away_before = '5m' }",
            "4:52 `away_before` contradicts `when = \"after_finishing\"`",
        ),
        ("slowdown = []", "4:12 `slowdown` is empty"),
        ("slowdown = [1.1, 1.4]", "4:12 the first factor must be 1: one conversation open"),
        ("slowdown = [1, 1.4, 1.2]", "4:12 a factor is smaller than the one before it"),
        ("slowdown = [1, 0.5]", "4:16 `agents.chat.slowdown[1]` cannot be 0.5"),
        (
            "interruptions = { every = '0s', for = '1m' }",
            "4:27 `every` must be longer than nothing",
        ),
        ("parking.share = 0.5", "4:1 `agents.chat.parking.boomerang` is missing"),
        (
            "hand_overs = [{ share = 0.6, to = 'queue' }, { share = 0.6, to = 'queue' }]",
            "4:14 the shares of `parking` and `hand_overs` add up to 1.2",
        ),
        (
            "hand_overs = { share = 0.1, to = { specialist = 'chta' } }",
            "4:49 there is no group of agents `chta`",
        ),
        ("hand_overs = { share = 0.1, to = { skill = 'x' } }", "4:44 there is no skill `x`"),
        (
            "hand_overs = { share = 0.1, to = { specialist = 'chat', mode = 'reserve', offline = 'new' } }",
            "4:85 `offline` goes with `mode = \"assign\"` only",
        ),
        (
            "hand_overs = { share = 0.1, to = { specialist = 'chat', fallback_after = '1h' } }",
            "4:74 `fallback_after` goes with `mode = \"reserve\"` only",
        ),
        (
            "hand_overs = { share = 0.1, to = { skill = 'general', mode = 'reserve' } }",
            "4:62 `mode` goes with `specialist` only",
        ),
        (
            "boomerang = { share = 0.1, after = '1h', then = 'close' }",
            "4:49 `agents.chat.boomerang.then` cannot be 'close'",
        ),
        ("reply_time = 60", "4:14 `agents.chat.reply_time` cannot be 60"),
        ("reply_time = {}", "4:14 the name of a distribution is missing"),
        ("reply_time.normal.mean = '1m'", "4:12 unknown key `normal` in `agents.chat.reply_time`"),
        (
            "reply_time = { lognormal = { mean = '60s' } }",
            "4:28 the parameters must be `mean` and `cv`, or two quantiles where they are possible",
        ),
        (
            "reply_time = { exponential = { mean = '1m' }, gamma = { mean = '1m', cv = 1 } }",
            "4:55 `exponential` and `gamma` exclude each other",
        ),
        (
            "reply_time = { exponential = { mean = '0s' } }",
            "4:39 mean must be a finite number above 0, but is 0",
        ),
        (
            "reply_time = { uniform = { min = '2m', max = '1m' } }",
            "4:46 max must be at least min, 120, but is 60",
        ),
        (
            "reply_time = { mixture = [{ share = 0.5, of = '1s' }, { share = 0.4, of = '2s' }] }",
            "4:26 the shares add up to 0.9, not to 1",
        ),
        (
            "reply_time = { empirical = { values = ['1s', 'x'] } }",
            "4:46 `agents.chat.reply_time.empirical.values[1]` cannot be 'x'",
        ),
    ];
    for (line, expected) in cases {
        assert_eq!(findings(&with_agents(line)), [expected], "{line}");
    }
}

#[test]
fn broken_consumers() {
    let cases = [
        ("", "2:1 `consumers.web.arrivals` is missing"),
        ("arrivals = '120'", "4:12 `consumers.web.arrivals` cannot be '120'"),
        ("arrivals = '-1/h'", "4:12 `consumers.web.arrivals` cannot be '-1/h'"),
        ("arrivals = 'nan/h'", "4:12 `consumers.web.arrivals` cannot be 'nan/h'"),
        ("arrivals = '1/week'", "4:12 `consumers.web.arrivals` cannot be '1/week'"),
        ("arrivals = '10000001/s'", "4:12 `consumers.web.arrivals` cannot be '10000001/s'"),
        ("arrivals = '9000000/s'", "2:2 one run would take 3.3e13 events"),
        ("arrivals = {}", "4:12 `consumers.web.arrivals.rates` is missing"),
        ("arrivals = { rates = [] }", "4:22 there must be at least one interval"),
        (
            "arrivals = { rates = [1], volumes = [1] }",
            "4:37 `consumers.web.arrivals.rates` and `volumes` exclude each other",
        ),
        (
            "arrivals = { rates = [1, 2, 3], every = '12h', repeat = 'daily' }",
            "4:57 intervals that repeat daily must fit into 24h, but last 36h",
        ),
        (
            "arrivals = { csv = 'missing.csv' }",
            "4:20 cannot read `missing.csv`: No such file or directory (os error 2)",
        ),
        ("arrivals = { csv = '.' }", "4:20 cannot read `.`: it is not a file"),
        (
            "arrivals = { csv = 'volumes.csv', column = 'consumer' }",
            "4:20 volumes.csv has no column `consumer`",
        ),
        (
            "arrivals = '1/h'\nskill = 'a'\nskills = { a = 1 }",
            "6:10 `consumers.web.skill` and `skills` exclude each other",
        ),
        (
            "arrivals = '1/h'\nskills = { a = 0.7, b = 0.2 }",
            "5:10 the shares add up to 0.9, not to 1",
        ),
        ("arrivals = '1/h'\nmessages = 0", "5:12 `consumers.web.messages` cannot be 0"),
        (
            "arrivals = '1/h'\nmessages = 'endless'",
            "5:12 `consumers.web.messages` cannot be 'endless'",
        ),
        ("arrivals = '1/h'\npatience = '4'", "5:12 `consumers.web.patience` cannot be '4'"),
        (
            "arrivals = '1/h'\npatience.until = 'answer'",
            "5:18 `consumers.web.patience.until` cannot be 'answer'",
        ),
        ("arrivals = '1/h'\nsilent_share = 1.1", "5:16 `consumers.web.silent_share` cannot be 1.1"),
        ("arrivals = '1/h'\npriority = 40000", "5:12 `consumers.web.priority` cannot be 40000"),
        (
            "arrivals = '1/h'\nburst = { size = '2s' }",
            "5:18 `consumers.web.burst.size` cannot be '2s'",
        ),
    ];
    for (line, expected) in cases {
        assert_eq!(findings(&with_consumers(line)), [expected], "{line}");
    }
}

#[test]
fn skills_and_names() {
    let text = "skills = ['sales']\nagents.a.skills = ['sale']\nconsumers.c = { arrivals \
         = '1/h', skill = 'sales' }";
    assert_eq!(findings(text), ["2:20 there is no skill `sale`"]);
    let text = "agents.a = {}\nconsumers.c = { arrivals = '1/h', skill = 'x' \
         }\nconsumers.d = { arrivals = '1/h', skill = 'y' }\nconsumers.e.arrivals \
         = '1/h'";
    assert_eq!(findings(text), ["4:11 `consumers.e.skill` is missing"]);
    assert_eq!(
        findings("[consumers]\n[agents]"),
        ["1:1 there are no consumers", "2:1 there are no agents"]
    );
    let text = "agents.a.count = 700000\nagents.b.count = 700000\nconsumers.c.arrivals = '1/h'";
    assert_eq!(findings(text), ["1:1 there are 1400000 agents"]);
}

#[test]
fn the_nearest_key_is_suggested() {
    let cases = [
        ("run.replicatons = 3", "did you mean `replications`?"),
        (
            "goals.chat = { service_level = 0.8 }",
            "a goal for a skill, a group or a part of the day is a [[goal]] with figure = \"service_level\", \
             at_least = 0.8 and skill, group or from and to; a threshold by skill is [skills.NAME] \
             service_level.within",
        ),
        ("remove_ownerschip.enabled = true", "did you mean `remove_ownership`?"),
        ("verdict = ['abandonment', 'strandet']", "did you mean \"stranded\"?"),
        ("unassign.exclude = 'all_previos'", "did you mean \"all_previous\"?"),
        ("unassign.timeout.online = 90", "write the unit: \"90s\""),
        ("variant = [{ name = 'x', agents.chta.count = 1 }]", "did you mean `chat`?"),
    ];
    for (line, help) in cases {
        let findings = diagnostics(&with_line(line));
        let helps: Vec<_> = findings.iter().map(|finding| finding.help.as_deref()).collect();
        assert_eq!(helps, [Some(help)], "{line}");
    }
}

#[test]
fn syntax_errors_do_not_hide_the_others() {
    let text =
        "run.until = \nrun.seed = -1\nrun.seed = 2\n[agents.chat]\n[consumers.web]\narrivals = 3\n";
    let found = findings(text);
    assert!(
        found.iter().any(|finding| finding.starts_with("1:") && finding.contains("not TOML")),
        "{found:?}"
    );
    assert!(
        found.iter().any(|finding| finding.starts_with("3:") && finding.contains("duplicate key")),
        "{found:?}"
    );
    assert!(found.contains(&"6:12 `consumers.web.arrivals` cannot be 3".to_owned()), "{found:?}");
}

#[test]
fn side_files_are_reported_by_row_and_column() {
    let volumes = |file: &str| with_consumers(&format!("arrivals = {{ csv = '{file}' }}"));
    let expected = [
        "3:1 `bad_volumes.csv`: empty, `-` or `#N/A`, taken as none: row 3, column A",
        "4:1 `bad_volumes.csv`: not a number: 2 cells, the first in row 4, column A",
    ];
    assert_eq!(findings(&volumes("bad_volumes.csv")), expected);
    assert_eq!(
        findings(&volumes("ragged.csv")),
        ["3:1 `ragged.csv`: row 3 has 1 cell, the headings have 2"]
    );
    let many = findings(&volumes("many_errors.csv"));
    assert_eq!(
        many,
        ["2:1 `many_errors.csv`: not a number: 30 cells, the first in row 2, column A"]
    );
    let roster = with_agents("roster = { csv = 'bad_roster.csv' }");
    assert_eq!(
        findings(&roster),
        [
            "3:1 `bad_roster.csv`: contradictory shifts of `Ada`: 08:00-12:00 and 11:00-13:00 overlap: row 3, \
             column A",
            "4:5 `bad_roster.csv`: not a clock time: row 4, column B",
        ]
    );
}

#[test]
fn side_files_have_limits() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let text = with_consumers("arrivals = { csv = 'limits.csv' }");
    let message = |csv: &str| {
        std::fs::write(directory.join("limits.csv"), csv).unwrap();
        let source = Source { name: "day.toml".to_owned(), text: text.clone() };
        let findings = scenario::parse(source, directory).unwrap_err();
        findings.iter().map(|finding| finding.message.clone()).collect::<Vec<_>>()
    };
    let wide: String = (0..1025).map(|column| format!("c{column},")).collect();
    assert_eq!(message(&format!("{wide}\n")), ["`limits.csv`: too many columns in row 1"]);
    let long = format!("volume\n{}\n", "1".repeat((64 << 10) + 1));
    assert_eq!(message(&long), ["`limits.csv`: a cell is too long"]);
    assert_eq!(message("volume\n"), ["limits.csv has no rows below its headings"]);
    assert_eq!(
        message("volume,volume\n1,2\n"),
        ["`limits.csv`: two columns for volume: `volume` and `volume`"]
    );
}

#[test]
fn whole_files() {
    let load = |path: &str| scenario::load(path.as_ref()).unwrap_err().to_string();
    assert!(
        load("tests/scenario_files/absent.toml").starts_with("error: cannot read the scenario")
    );
    let large = format!("# {}\n{}", "x".repeat(1 << 20), with_line(""));
    assert_eq!(findings(&large), ["0:0 the scenario is larger than 1 MiB"]);
    let marked = format!("\u{feff}{}", with_line("run.seed = -1"));
    assert_eq!(findings(&marked), ["1:12 `run.seed` cannot be -1"]);
}

#[test]
fn findings_are_rendered_with_the_text_marked() {
    let expected = "\
error: unknown key `replicatons` in `run`
 --> day.toml:1:5
  |
1 | run.replicatons = 3
  |     ^^^^^^^^^^^ found an unknown key
  |
  = note: allowed: `seed`, `replications`, `starts_at`, `from`, `time_zone`, `warm_up`, `days`, `until`, `end`, `drain_at_most`
  = help: did you mean `replications`?";
    assert_eq!(diagnostics(&with_line("run.replicatons = 3")).to_string(), expected);
}

#[test]
fn doubtful_scenarios_are_warned_about() {
    let warnings = |text: &str| {
        let scenario = parse(text).unwrap_or_else(|findings| panic!("{findings}"));
        assert!(scenario.warnings.iter().all(|finding| finding.severity == Severity::Warning));
        findings(text)
    };
    let late = "work assigned to an agent after its logout stays with it: it is not \
         removed and there is no offline timeout";
    let to_specialists = |line: &str| {
        let hand_overs = "hand_overs = { share = 0.001, to = { specialist = 'chat', needs = 'general', offline = 'new' } }";
        let shifts = "shifts = '08:00-17:00'";
        with_line(line).replace("count = 2", &format!("count = 2\n{hand_overs}\n{shifts}"))
    };
    let keeps = "remove_ownership.enabled = true";
    assert_eq!(warnings(&to_specialists(keeps)), [format!("4:14 {late}")]);
    let shifts = with_line(keeps).replace("count = 2", "count = 2\nshifts = '08:00-17:00'");
    assert_eq!(warnings(&shifts), [""; 0], "nobody is given work after its logout");
    let times_out = format!("{keeps}\nunassign.enabled = true");
    assert_eq!(warnings(&to_specialists(&times_out)), [""; 0]);
    let removes = "remove_ownership = { enabled = true, late_assignment = 'remove' }";
    assert_eq!(warnings(&to_specialists(removes)), [""; 0]);
    // What is Pending there is cleared by the next message.
    let pending = to_specialists(keeps).replace("'new'", "'pending'");
    assert_eq!(warnings(&pending), [""; 0]);
    let alike = "4:14 the agents of `chat` have no skill that those of `chat` lack: what is handed over \
         to them needs what it needed before, and taken from them it is for everybody who has that";
    let unsaid = to_specialists(removes).replace(", needs = 'general'", "");
    assert_eq!(warnings(&unsaid), [alike]);
    let many = "4:14 about 37 % of what is handed over to `chat` will find its specialist without a free \
         slot, and is assigned all the same";
    assert_eq!(warnings(&to_specialists(removes).replace("0.001", "0.1")), [many]);
    let reserved = to_specialists(keeps).replace("0.001", "0.1");
    assert_eq!(warnings(&reserved.replace("offline = 'new'", "mode = 'reserve'")), [""; 0]);
    // A14: e^(−1/3) of the think times are longer than the default auto-close.
    let thinks =
        with_line("").replace("'60/h'", "'60/h'\nthink = { exponential = { mean = '90m' } }");
    let after_close = "of the turns of `web` after the first come after the close";
    let found = warnings(&thinks);
    assert!(found.len() == 1 && found[0].contains(after_close), "{found:?}");
    assert!(
        found[0].contains("71.7 %") && found[0].contains("`auto_close.pending`, 30m"),
        "{found:?}"
    );
    assert_eq!(warnings(&format!("after_close = 'new'\n{thinks}")), [""; 0]);
    assert_eq!(warnings(&format!("auto_close = 'off'\n{thinks}")), [""; 0]);
    let skills = "[agents.a]\nskills = ['x']\n[agents.b]\nskills = \
         ['z']\n[consumers.c]\narrivals = '1/h'\nskills = { x = 0.5, y = 0.5 }";
    let expected = [
        "0:0 no agent has the skill `y`, which consumers ask for",
        "3:1 no conversation can reach the agents of `b`: nobody asks for their skills",
    ];
    assert_eq!(warnings(skills), expected);
}

fn full() -> &'static str {
    include_str!("../scenario_files/full.toml")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        diagnostics(&String::from_utf8_lossy(&bytes)).render(true);
    }

    #[test]
    fn arbitrary_lines_never_panic(lines in proptest::collection::vec("[a-z\\[\\]{}=.,\"' 0-9\u{80}-\u{2ff}-]{0,30}", 0..12)) {
        diagnostics(&lines.join("\n")).render(false);
    }

    /// A sound file with parts removed, doubled or overwritten.
    #[test]
    fn mutated_files_never_panic(
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), 0_usize..40, "[\\PC\n]{0,6}"), 1..6),
    ) {
        let mut text = full().to_owned();
        for (place, length, with) in cuts {
            let start = text.floor_char_boundary(place.index(text.len() + 1));
            let end = text.ceil_char_boundary((start + length).min(text.len()));
            text.replace_range(start..end, &with);
        }
        diagnostics(&text).render(false);
    }

    /// A sound file with one value exchanged for another of its values, or for something odd.
    #[test]
    fn exchanged_values_never_panic(place in any::<prop::sample::Index>(), odd in any::<prop::sample::Index>()) {
        let odd = ODD[odd.index(ODD.len())];
        let values: Vec<_> = full().match_indices(" = ").map(|(position, _)| position + 3).collect();
        let start = values[place.index(values.len())];
        let length = full()[start..].find([',', '\n', '}']).unwrap_or(0);
        let text = format!("{}{odd}{}", &full()[..start], &full()[start + length..]);
        diagnostics(&text).render(false);
    }
}

const ODD: [&str; 16] = [
    "0",
    "-1",
    "nan",
    "inf",
    "-inf",
    "1e300",
    "1e-300",
    "9223372036854775807",
    "\"\"",
    "\"0s\"",
    "\"87660h\"",
    "\"1us\"",
    "[]",
    "{}",
    "true",
    "1979-05-27",
];
