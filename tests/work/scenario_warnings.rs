//! What `check` says of settings that change nothing, and of timeouts that do too much.

use std::path::Path;

use shiftstorm::scenario::{self, Source};

/// Messages of the warnings about a base of one agent and two messages.
fn warnings(text: &str) -> Vec<String> {
    said(format!("{text}\n{BASE}"))
}

fn said(text: String) -> Vec<String> {
    let source = Source { name: "day.toml".to_owned(), text: text.clone() };
    let scenario = scenario::parse(source, Path::new("tests/scenario_files"))
        .unwrap_or_else(|findings| panic!("{text}\n{findings}"));
    scenario.warnings.iter().map(|finding| finding.message.clone()).collect()
}

const BASE: &str =
    "agents.ann.count = 1\nconsumers.web = { arrivals = '9/h', messages = 2, think = '1m' }";

const OFF: &str = "has no effect without `unassign.enabled = true`";

/// A setting that changes nothing, what is said, and what makes it count.
const OF_PLATFORM: [(&str, &str, &str); 25] = [
    ("unassign.timeout.online = '2m'", OFF, "unassign.enabled = true"),
    (
        "unassign.clock = 'last_message'",
        OFF,
        "unassign.enabled = true\nconsumers.chat = { arrivals = '1/h', burst = { size = 2 } }",
    ),
    (
        "unassign.return_grace = '9s'",
        OFF,
        "unassign.enabled = true\nagents.bob = { shifts = '08:00-09:00' }",
    ),
    (
        "unassign = { enabled = true, timeout = { online = 'off' } }",
        "with no timeout of a state in which anybody is",
        "",
    ),
    (
        "resolve.after = '9m'\nauto_close.pending = '1h'",
        "`auto_close.pending` has no effect after `resolve.after`",
        "",
    ),
    (
        "queue.order = 'due'\nskills.general = {}\nagents.cat.skills = ['general']",
        "where all skills have one threshold",
        "",
    ),
    ("unassign.max_per_conversation = 3", OFF, "unassign.enabled = true"),
    ("unassign.on_unassign = 'set_away'", OFF, "unassign.enabled = true"),
    ("unassign.away_for = '1m'", OFF, "unassign.enabled = true\nunassign.on_unassign = 'set_away'"),
    (
        "unassign.exclude = 'none'",
        "has no effect where nobody is unassigned",
        "agents.bob.finish.hand_back = 0.5\nagents.bob.shifts = '08:00-09:00'",
    ),
    (
        "unassign.same_agent_after = '9s'",
        "has no effect where nobody is unassigned",
        "agents.bob.hand_overs = { share = 0.1, to = 'queue' }",
    ),
    (
        "unassign = { enabled = true, timeout = { online = 'off', away = 'off', offline = 'off' } }",
        "`unassign.enabled` has no effect with all timeouts off",
        "",
    ),
    (
        "unassign = { enabled = true, exclude = 'none', same_agent_after = '9s' }",
        "has no effect with `exclude = \"none\"`",
        "",
    ),
    (
        "unassign = { enabled = true, away_for = '9s' }",
        "has no effect without `on_unassign = \"set_away\"`",
        "",
    ),
    (
        "unassign = { enabled = true, clock = 'first_unanswered' }",
        "where nobody writes twice in a row",
        "",
    ),
    ("unassign = { enabled = true, return_grace = '1m' }", "where nobody ever comes back", ""),
    ("pull.pick = 'random'", "`pull` has no effect in push mode", "routing.mode = 'pull'"),
    (
        "routing = { mode = 'pull', choose = 'round_robin' }",
        "`routing.choose` has no effect in pull mode",
        "",
    ),
    (
        "remove_ownership.enabled = true",
        "has no effect where nobody ever logs out",
        "agents.bob.logouts = { after = '1h', back_after = '1m' }",
    ),
    (
        "remove_ownership.within = '1m'",
        "without `remove_ownership.enabled = true`",
        "remove_ownership.enabled = true\nagents.bob.shifts = '08:00-09:00'",
    ),
    (
        "remove_ownership = { enabled = true, late_assignment = 'remove' }\nagents.bob.shifts = '08:00-09:00'",
        "where nothing is assigned to an agent as New",
        "agents.cat = { skills = ['general'], hand_overs = { share = 0.001, to = { specialist = 'bob', needs = 'general', offline = 'new' } } }",
    ),
    (
        "capacity.inactive_weight = 0.1",
        "without `inactive_after`",
        "capacity.inactive_after = '1m'",
    ),
    ("run = { end = 'cut', drain_at_most = '1h' }", "with `end = \"cut\"`", ""),
    ("run = { end = 'cut', until = '1h' }\nmeasure.at = ['61m']", "after the end of the run", ""),
    (
        "auto_close = { new = '1h' }",
        "where nobody leaves silently",
        "consumers.chat = { arrivals = '1/h', patience = '1m', silent_share = 0.5 }",
    ),
];

#[test]
fn settings_of_the_platform_without_effect_are_warned_about() {
    assert_eq!(warnings(""), [""; 0]);
    for (setting, said, counts_with) in OF_PLATFORM {
        let found = warnings(setting);
        assert!(found.len() == 1 && found[0].contains(said), "{setting}: {found:?}");
        if !counts_with.is_empty() {
            assert_eq!(warnings(&format!("{setting}\n{counts_with}")), [""; 0], "{setting}");
        }
    }
}

/// The same for keys of the agents and of the consumers, and for settings of the platform.
const OF_PEOPLE: [(&str, &str, &str, [&str; 3]); 18] = [
    (
        "",
        "finish.hand_back = 1",
        "`finish` has no effect without shifts",
        ["", "shifts = '08:00-09:00'", ""],
    ),
    (
        "",
        "finish.at_most = '1m', shifts = '08:00-09:00'",
        "without `when = \"after_finishing\"`",
        ["", "finish.when = 'after_finishing'", ""],
    ),
    (
        "",
        "finish.pending = 'wait', shifts = '08:00-09:00'",
        "without `when = \"after_finishing\"`",
        ["", "finish.when = 'after_finishing'", ""],
    ),
    (
        "",
        "finish.manual_sla = '5m', shifts = '08:00-09:00'",
        OFF,
        ["unassign.enabled = true", "", ""],
    ),
    ("", "manual_sla = { share = 1, length = '5m' }", OFF, ["unassign.enabled = true", "", ""]),
    ("", "slowdown = [1, 1]", "`slowdown` has no effect where no factor is above 1", [""; 3]),
    (
        "",
        "session_timeout = '5m'",
        "without `disconnects`",
        ["", "disconnects = { every = '1h', for = '9m' }", ""],
    ),
    (
        "",
        "away.answers = true",
        "where nobody is ever Away",
        ["", "breaks = { at = '01:00', for = '5m' }", ""],
    ),
    (
        "",
        "boomerang = { share = 1, after = '1m' }",
        "where every reply resolves",
        ["resolve.after = '9m'", "", ""],
    ),
    (
        "",
        "shifts = '08:00-09:00', breaks = { at = '09:00', for = '5m' }",
        "`breaks` has no effect outside every shift",
        ["", "", ""],
    ),
    (
        "",
        "shifts = '08:00-09:00', logouts = { at = '07:00', back_after = '5m', spread = '59m' }",
        "`logouts` has no effect outside every shift",
        ["", "", ""],
    ),
    (
        "",
        "breaks = [{ at = '09:00', for = '5m', when_late = 'rest' }]",
        "`breaks.when_late` has no effect where nothing keeps",
        ["", "interruptions = { every = '1h', for = '1m' }", ""],
    ),
    (
        "closes_share = 0.5",
        "",
        "without `resolve = { after = … }`",
        ["resolve.after = '9m'", "", ""],
    ),
    ("silent_share = 0.5", "", "where everybody waits forever", ["", "", "patience = '1m'"]),
    (
        "returns = { share = 1, after = '1m' }",
        "",
        "where everybody waits forever",
        ["", "", "patience = '1m'"],
    ),
    (
        "patience = '1m', returns = { share = 1, after = '1m', at_most = 1 }",
        "",
        "with `at_most = 1`",
        ["", "", ""],
    ),
    ("patience = { later = '1m' }", "", "with one message", ["", "", "burst = { size = 2 }"]),
    (
        "patience = { until = 'assignment' }",
        "",
        "without patience for the first answer",
        ["", "", ""],
    ),
];

#[test]
fn settings_of_people_without_effect_are_warned_about() {
    for (web, ann, expected, counts_with) in OF_PEOPLE {
        let found = of_people(["", ann, web]);
        assert!(found.len() == 1 && found[0].contains(expected), "{ann}{web}: {found:?}");
        if counts_with != [""; 3] {
            let [platform, more_ann, more_web] = counts_with;
            let found = of_people([
                platform,
                &format!("{ann}{}{more_ann}", comma(ann, more_ann)),
                &format!("{web}{}{more_web}", comma(web, more_web)),
            ]);
            assert_eq!(found, [""; 0], "{ann}{web}");
        }
    }
    // A break that the spread moves into the shift, or that begins on the day before.
    let early = "shifts = '08:00-09:00', breaks = { at = '07:00', for = '5m', spread = '1h' }";
    assert_eq!(of_people(["", early, ""]), [""; 0]);
    let night = "shifts = '22:00-06:00', breaks = { at = '02:00', for = '5m' }";
    assert_eq!(of_people(["", night, ""]), [""; 0]);
}

fn of_people(keys: [&str; 3]) -> Vec<String> {
    let [platform, ann, web] = keys;
    let web = format!("arrivals = '9/h', messages = 1{}{web}", comma("it", web));
    said(format!("{platform}\nagents.ann = {{ {ann} }}\nconsumers.web = {{ {web} }}"))
}

fn comma(before: &str, after: &str) -> &'static str {
    if before.is_empty() || after.is_empty() { "" } else { ", " }
}

/// What the skill `chat` has of its own in vain, and what makes it count: platform, agents and consumers.
const OF_SKILLS: [(&str, &str, [&str; 3], [&str; 3]); 7] = [
    ("unassign.timeout.online = '9s'", OFF, [""; 3], ["unassign.enabled = true", "", ""]),
    (
        "auto_close = { new = '9m' }",
        "`auto_close.new` has no effect where nobody leaves silently",
        [""; 3],
        ["", "", "patience = '1m', silent_share = 0.5"],
    ),
    ("priority = 3", "where all consumers have one", ["", "", "priority = 1"], [""; 3]),
    (
        "reply_time = '9s'",
        "where all agents with the skill have one of their own",
        ["", "reply_time = { chat = '20s' }", ""],
        ["agents.bob = {}", "", ""],
    ),
    (
        "boomerang = { share = 1, after = '9s' }",
        "`boomerang` has no effect where every reply resolves",
        [""; 3],
        ["resolve.after = '9m'", "", ""],
    ),
    (
        "boomerang = { share = 1, after = '9s' }",
        "where all agents with the skill have one of their own",
        ["resolve.after = '9m'", "boomerang = 'off'", ""],
        ["agents.bob = {}", "", ""],
    ),
    (
        "boomerang = { share = 1, after = '9s' }",
        "where every reply resolves",
        [""; 3],
        [
            "agents.cat = { skills = ['chat'], shifts = '08:00-09:00' }",
            "hand_overs = { share = 0.001, to = { specialist = 'cat', needs = 'chat' } }",
            "",
        ],
    ),
];

#[test]
fn a16_settings_of_a_skill_without_effect_are_warned_about() {
    for (own, expected, [platform, ann, web], [more_platform, more_ann, more_web]) in OF_SKILLS {
        let skill = |more: &str| format!("skills.chat = {{ {own} }}\n{platform}\n{more}");
        let asks = |more: &str| {
            format!("skill = 'chat'{}{web}{}{more}", comma("it", web), comma("it", more))
        };
        let found = of_people([&skill(""), ann, &asks("")]);
        assert!(found.len() == 1 && found[0].contains(expected), "{own}: {found:?}");
        let counts = [more_platform, more_ann, more_web] != [""; 3];
        let ann = format!("{ann}{}{more_ann}", comma(ann, more_ann));
        let found = of_people([&skill(more_platform), &ann, &asks(more_web)]);
        assert!(!counts || found.is_empty(), "{own}: {found:?}");
    }
}

#[test]
fn a16_what_a_group_says_of_skills_that_it_lacks_is_warned_about() {
    let said_of = |ann: &str, mail: &str| {
        said(format!(
            "skills.chat.reply_time = '9s'\nskills.mail = {{ {mail} }}
            agents.ann = {{ skills = ['chat'], {ann} }}
            agents.bob = {{ skills = ['chat', 'mail'] }}
            consumers.web = {{ arrivals = '9/h', messages = 1, skills = {{ chat = 0.5, mail = 0.5 }} }}"
        ))
    };
    for key in ["limits = { mail = 1 }", "alone = ['mail']"] {
        let found = said_of(key, "");
        assert!(
            found.len() == 1 && found[0].contains("where the agents lack those skills"),
            "{key}"
        );
    }
    assert_eq!(said_of("limits = { chat = 1 }, alone = ['chat']", ""), [""; 0]);
    let own = said_of("reply_time = '20s'", "");
    assert!(own.len() == 1 && own[0].contains("all their skills have one of their own"), "{own:?}");
    assert_eq!(said_of("reply_time = { chat = '20s' }", ""), [""; 0]);
}

#[test]
fn a_setting_counts_if_the_base_or_a_variant_feels_it() {
    let times = "unassign.timeout.online = '2m'";
    let off = warnings(times);
    assert_eq!(off.len(), 1);
    let variant = |keys: &str| said(format!("{times}\n{BASE}\n[[variant]]\nname = 'v'\n{keys}"));
    assert_eq!(variant("unassign.enabled = true"), [""; 0]);
    assert_eq!(variant("agents.ann.count = 2"), off, "once, whatever the number of variants");
    // Written by the variant in which it has no effect.
    let only = |keys: &str| {
        said(format!("unassign.enabled = true\n{BASE}\n[[variant]]\nname = 'v'\n{keys}"))
    };
    assert_eq!(only("unassign.enabled = false"), [""; 0]);
    assert_eq!(only("unassign = { enabled = false, max_per_conversation = 3 }").len(), 1);
    // What varies may switch it on.
    let vary = "\n[[vary]]\nkey = 'unassign.enabled'\nvalues = ['true', 'false']";
    assert_eq!(said(format!("{times}\n{BASE}{vary}")), [""; 0]);
}

#[test]
fn a_timeout_shorter_than_every_reply_is_warned_about() {
    let timeout = |ann: &str| {
        said(format!(
            "unassign = {{ enabled = true, timeout.online = '20s' }}
            agents.ann = {{ {ann} }}\nconsumers.web.arrivals = '9/h'"
        ))
    };
    let taken = "100 % of the replies of `ann` take longer than the Online timeout of 20s: the \
                 conversation is taken away before they are sent";
    assert_eq!(timeout("reply_time = '30s'"), [taken]);
    assert_eq!(timeout("reply_time = '20s'"), [""; 0], "D14: a reply at its deadline wins");
    assert_eq!(timeout("reply_time = { exponential = { mean = '60s' } }"), [""; 0], "72 %");
    assert_eq!(timeout("reply_time = { exponential = { mean = '200s' } }").len(), 1, "90.5 %");
    let asks = "reply_time = '30s', manual_sla = { share = 1, length = '5m' }";
    assert_eq!(timeout(asks), [""; 0]);
}

#[test]
fn d10_two_sleepers_may_keep_a_conversation_from_an_idle_generalist() {
    let centre = |unassign: &str, bob: &str| {
        let sleeps = "interruptions = { at = '00:00', for = '1h' }";
        said(format!(
            "routing.choose = 'fewest_skills'\nunassign = {{ enabled = true, {unassign} }}
            agents.ann = {{ skills = ['chat'], {sleeps} }}
            agents.bob = {{ skills = ['chat', 'b'], {bob} }}
            agents.cat = {{ skills = ['chat', 'b', 'c'] }}
            consumers.web = {{ arrivals = '9/h', skills = {{ chat = 0.8, b = 0.1, c = 0.1 }} }}"
        ))
    };
    let sleeps = "interruptions = { at = '00:00', for = '1h' }";
    let found = centre("exclude = 'last'", sleeps);
    assert!(found.len() == 1 && found[0].contains("the agents of `cat`, who have more skills"));
    assert_eq!(centre("exclude = 'all_previous'", sleeps), [""; 0]);
    assert_eq!(centre("on_unassign = 'set_away'", sleeps), [""; 0]);
    assert_eq!(centre("exclude = 'last'", ""), [""; 0], "bob answers");
}

#[test]
fn a_share_of_nobody_and_a_limit_that_slots_keep_anyway_are_warned_about() {
    let none = |agents: &str, consumers: &str| {
        said(format!(
            "agents.ann = {{ {agents} }}\n\
             consumers.web = {{ arrivals = '9/h', messages = 2, think = '1m', {consumers} }}"
        ))
    };
    let says = |key: &str| [format!("`{key}` has no effect with `share = 0`")];
    assert_eq!(none("", "recontacts = { share = 0, after = '1h' }"), says("recontacts"));
    assert_eq!(none("", "recontacts = { share = 0.1, after = '1h' }"), [""; 0]);
    assert_eq!(none("breaks = { share = 0.0, at = '12:00', for = '9m' }", ""), says("breaks"));
    let two = |second: &str| {
        format!(
            "hand_overs = [{{ share = 0, to = 'queue' }}, {{ share = {second}, to = 'queue' }}]"
        )
    };
    assert_eq!(none(&two("0.1"), ""), says("hand_overs"), "only the first");
    assert_eq!(none(&two("0"), "").len(), 2);
    // Raised by a variant.
    let base = "agents.ann.count = 1\n\
                consumers.web = { arrivals = '9/h', recontacts = { share = 0, after = '1h' } }\n\
                [[variant]]\nname = 'again'\nconsumers.web.recontacts.share = 0.2";
    assert_eq!(said(base.to_owned()), [""; 0]);

    let limit = |slots: u32, limit: u32, more: &str| {
        said(format!(
            "agents.ann = {{ concurrency = {slots}, skills = ['chat'], limits = {{ chat = {limit} }} }}\n\
             consumers.web = {{ arrivals = '9/h', skill = 'chat' }}\n{more}"
        ))
    };
    let idle = ["`limits.chat` has no effect where the slots of an agent allow no more"];
    assert_eq!(limit(3, 5, ""), idle);
    assert_eq!(limit(3, 3, ""), idle);
    assert_eq!(limit(3, 2, ""), [""; 0]);
    assert_eq!(
        limit(3, 2, "skills.chat.weight = 2"),
        idle,
        "one of weight 2 leaves no slots for another"
    );
    assert_eq!(limit(3, 5, "capacity = { inactive_after = '1m', inactive_weight = 0.5 }"), [""; 0]);
}

#[test]
fn d25_hours_in_which_nobody_is_there_or_nothing_is_open_are_warned_about() {
    let centre = |open: &str, shifts: &str| {
        said(format!(
            "{open}\nagents.ann = {{ {shifts} }}\nrun = {{ until = '48h' }}\n\
             consumers.web.arrivals = '9/h'"
        ))
    };
    assert_eq!(centre("open = '08:00-20:00'", "shifts = '08:00-20:00'"), [""; 0]);
    assert_eq!(
        centre("open = '08:00-20:00'", "shifts = '09:00-18:00'"),
        ["`general` is open for 6h in which nobody who has it is on shift"],
        "three hours on each of two days"
    );
    assert_eq!(
        centre("open = '08:00-20:00'", "count = 2"),
        ["agents of `ann` are on shift for 24h in which nothing that they answer is open"]
    );
    let idle = ["`count_time` has no effect without `open`"];
    assert_eq!(centre("count_time = 'open_hours'", ""), idle);
}
