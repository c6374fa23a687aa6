//! What `check` prints of the load of a run of several days and of each skill.

use std::path::Path;

use shiftstorm::report::load;
use shiftstorm::scenario::{self, Source};

fn printed(text: &str) -> String {
    let source = Source { name: "week.toml".to_owned(), text: text.to_owned() };
    let scenario = scenario::parse(source, Path::new(""))
        .unwrap_or_else(|findings| panic!("{text}\n{findings}"));
    let printed = load::load(&scenario, &scenario.variants);
    assert!(printed.lines().all(|line| line.chars().count() <= 80), "{printed}");
    printed
}

/// The words of the lines that begin with a text.
fn words(printed: &str, begin: &str) -> Vec<Vec<String>> {
    let lines = printed.lines().filter(|line| line.starts_with(begin));
    lines.map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
}

#[test]
fn days_that_are_alike_are_one_column_and_friday_is_seen() {
    let week = printed(
        "run = { from = '2026-03-23', days = 7 }
        agents.team = { count = 2, shifts = { mon-fri = '08:00-12:00' }, reply_time = '6m' }
        [consumers.chat]
        messages = 1
        [consumers.chat.arrivals]
        every = '1h'
        from = '08:00'
        volumes = { mon-thu = [10, 10, 5, 5], fri = [40, 10, 5, 5], sat = [1] }",
    );
    // 30 contacts of six minutes are 3 h of work; eight hours are staffed.
    let day = |begin: &str| words(&week, begin)[0].join(" ");
    assert_eq!(day("Mon 23 Mar to"), "Mon 23 Mar to Thu 26 Mar 30 3 8 37.5 % 50.0 % 08:00");
    assert_eq!(day("Fri 27 Mar  "), "Fri 27 Mar 60 6 8 75.0 % 200.0 % 08:00");
    assert_eq!(day("Sat 28 Mar  "), "Sat 28 Mar 1 0.1 0 – – –");
    assert_eq!(day("Sun 29 Mar  "), "Sun 29 Mar 0 0 0 – – –");
    assert_eq!(day("08:00"), "08:00 50.0 % 200.0 % no staff –");
    assert_eq!(day("10:00"), "10:00 25.0 % 25.0 % – –");
    let heads = words(&week, "            Thu 26");
    assert_eq!(heads[0].join(" "), "Thu 26 Fri 27 Sat 28 Sun 29", "{week}");
    assert_eq!(words(&week, "12:00"), [[""; 0]; 0], "nothing to do and nobody there");
}

#[test]
fn a_day_by_itself_keeps_its_intervals() {
    let day = printed(
        "run = { starts_at = '08:00', until = '12:00' }\nmeasure.interval = '30m'
        agents.team = { count = 2, concurrency = 1, reply_time = '6m' }
        consumers.chat = { arrivals = '10/h', messages = 1 }",
    );
    assert_eq!(words(&day, "11:30")[0][1..].join(" "), "5 0.5 1 50.0 % 1 50.0 %");
}

#[test]
fn each_skill_is_required_by_itself() {
    let text = "run = { until = '10h' }
        service_level = { within = '20s', at = 'assignment' }
        agents.chat = { count = 4, skills = ['chat'], reply_time = '3m' }
        agents.mail = { count = 1, skills = ['mail'], reply_time = '3m' }
        consumers.chat = { skill = 'chat', arrivals = '40/h', messages = 1 }
        consumers.mail = { skill = 'mail', arrivals = '40/h', messages = 1 }";
    // Two erlangs: by Erlang C with 3 agents 0.444 wait, and 0.444 · exp(-1/9) = 0.398 for over 20 s;
    // with 4 agents 0.174 · exp(-2/9) = 0.139.
    let row = |begin: &str| words(&printed(text), begin)[0][1..].join(" ");
    assert_eq!(row("chat"), "2 4 50.0 % 40 40");
    assert_eq!(row("mail"), "2 1 200.0 % 10 40");
}
