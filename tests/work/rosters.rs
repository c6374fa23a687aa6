//! Random rosters around clock changes: the hours of their shifts, against the quarters of an hour in which
//! somebody is on shift as a clock on the wall would tell it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use shiftstorm::base::stream::{Purpose, Stream, Streams, uniform};
use shiftstorm::base::time::{Span, Time};
use shiftstorm::model::settings::Roster;
use shiftstorm::scenario::plan::Plan;
use shiftstorm::scenario::{Source, parse};

/// Days on which clocks change, or not, and the first hour that they skip or repeat.
struct Change {
    zone: &'static str,
    first: &'static str,
    day: &'static str,
    skips: Option<u32>,
    repeats: Option<u32>,
}

const CHANGES: [Change; 5] = [
    Change {
        zone: "Europe/Berlin",
        first: "2026-03-27",
        day: "2026-03-29",
        skips: Some(2),
        repeats: None,
    },
    Change {
        zone: "Europe/Berlin",
        first: "2026-10-24",
        day: "2026-10-25",
        skips: None,
        repeats: Some(2),
    },
    Change {
        zone: "America/New_York",
        first: "2026-03-07",
        day: "2026-03-08",
        skips: Some(2),
        repeats: None,
    },
    Change {
        zone: "America/New_York",
        first: "2026-10-31",
        day: "2026-11-01",
        skips: None,
        repeats: Some(1),
    },
    Change { zone: "UTC", first: "2026-06-01", day: "2026-06-02", skips: None, repeats: None },
];

/// From the least to the most particular.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Days {
    Every,
    Workdays,
    Weekend,
    /// Counted from Monday, 0.
    On(i8),
    Holiday,
    Dated(Date),
}

impl Days {
    fn holds(self, date: Date, holiday: Date) -> bool {
        let is_weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        match self {
            Self::Every => true,
            Self::Workdays => !is_weekend,
            Self::Weekend => is_weekend,
            Self::On(weekday) => date.weekday().to_monday_zero_offset() == weekday,
            Self::Holiday => date == holiday,
            Self::Dated(own) => date == own,
        }
    }

    /// As a scenario and a table write it.
    fn word(self) -> String {
        const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        match self {
            Self::Every => "daily".to_owned(),
            Self::Workdays => "mon-fri".to_owned(),
            Self::Weekend => "sat-sun".to_owned(),
            Self::On(weekday) => WEEKDAYS[weekday as usize].to_owned(),
            Self::Holiday => "holiday".to_owned(),
            Self::Dated(date) => date.to_string(),
        }
    }
}

/// From and to, in quarters of an hour since midnight; beyond 96 on the next day.
type Quarters = [u32; 2];

/// What an agent does on which days.
type Plans = BTreeMap<Days, Vec<Quarters>>;

struct Dice(Stream);

impl Dice {
    fn below(&mut self, number: u32) -> u32 {
        (uniform(&mut self.0) * f64::from(number)) as u32
    }

    /// Up to two shifts: of people who work at night none begins before six, where the last may end.
    fn shifts(&mut self, at_night: bool) -> Vec<Quarters> {
        let (mut from, last) = if at_night { (24, 120) } else { (0, 96) };
        let mut shifts = Vec::new();
        for _ in 0..self.below(3) {
            let start = from + self.below(40);
            let end = (start + 1 + self.below(60)).min(last);
            if start < end && start < 96 {
                shifts.push([start, end]);
                from = end + 1;
            }
        }
        shifts
    }

    fn plans(&mut self, first: Date, holiday: Date) -> Plans {
        let at_night = self.below(2) == 0;
        let mut plans = Plans::new();
        for _ in 0..1 + self.below(4) {
            let date = first + SignedDuration::from_hours(24 * i64::from(self.below(4)));
            let days = match self.below(6) {
                0 => Days::Every,
                1 => Days::Workdays,
                2 => Days::Weekend,
                3 => Days::On(date.weekday().to_monday_zero_offset()),
                4 => Days::Holiday,
                _ => Days::Dated(if self.below(2) == 0 { date } else { holiday }),
            };
            plans.insert(days, self.shifts(at_night));
        }
        plans
    }
}

fn clock(quarters: u32) -> String {
    let quarters = if quarters > 96 { quarters - 96 } else { quarters };
    format!("{:02}:{:02}", quarters / 4, quarters % 4 * 15)
}

fn on(plans: &Plans, date: Date, holiday: Date) -> &[Quarters] {
    let holding = plans.iter().filter(|(days, _)| days.holds(date, holiday));
    holding.max_by_key(|(days, _)| **days).map_or(&[], |(_, shifts)| shifts)
}

/// Quarters of an hour on shift, told by the clock on the wall.
fn by_the_clock(plans: &Plans, change: &Change, quarters: i64) -> i64 {
    let zone = TimeZone::get(change.zone).expect("a zone");
    let [first, day] = [change.first, change.day].map(|text| text.parse::<Date>().expect("a date"));
    let start = zone.to_timestamp(first.at(0, 0, 0, 0)).expect("in range");
    let mut count = 0;
    for quarter in 0..quarters {
        let instant = start + SignedDuration::from_mins(15 * quarter);
        let shown =
            zone.to_datetime(Timestamp::from_second(instant.as_second()).expect("in range"));
        let date = shown.date();
        let now = u32::from(shown.hour() as u8) * 4 + u32::from(shown.minute() as u8) / 15;
        let is_repeated = |hour: u32| date == day && now / 4 == hour;
        let is_second = change.repeats.is_some_and(is_repeated) && is_back(&zone, instant);
        // A time that is skipped means an hour later.
        let moved = |date: Date, at: u32| {
            let skips = change.skips.is_some_and(|hour| date == day && at / 4 == hour);
            if skips { at + 4 } else { at }
        };
        let has_begun = |at: u32| {
            let in_repeated =
                change.repeats.is_some_and(|hour| is_repeated(hour) && at / 4 == hour);
            moved(date, at) <= now || (is_second && in_repeated)
        };
        let has_ended = |at: u32| {
            let in_repeated =
                change.repeats.is_some_and(|hour| is_repeated(hour) && at / 4 == hour);
            moved(date, at) <= now && (is_second || !in_repeated)
        };
        let yesterday = date.yesterday().expect("in range");
        let today = on(plans, date, day).iter();
        let today =
            today.filter(|[start, end]| has_begun(*start) && (*end > 96 || !has_ended(*end)));
        let night = on(plans, yesterday, day).iter();
        let night = night.filter(|[_, end]| *end > 96 && !has_ended(*end - 96));
        count += (today.count() + night.count()) as i64;
    }
    count
}

/// Whether the clock showed the same an hour ago.
fn is_back(zone: &TimeZone, instant: Timestamp) -> bool {
    zone.to_datetime(instant - SignedDuration::from_hours(1)) == zone.to_datetime(instant)
}

/// Quarters of an hour of the shifts of a plan that lie in its run, by agent.
fn of_plan(plan: &Plan) -> Vec<i64> {
    let lists = plan.centre.groups.iter().flat_map(|group| {
        let Roster::Listed(agents) = &group.roster else { panic!("has dates") };
        let agents =
            (0..group.count as usize).map(|member| agents.get(member).or_else(|| agents.last()));
        agents.map(|own| own.cloned().unwrap_or_default())
    });
    let in_run = |at: Time| at.clamp(Time::ZERO, plan.run.until);
    let quarters = |from: Time, to: Time| {
        let length = in_run(to) - in_run(from);
        assert_eq!(length.as_micros() % Span::from_mins(15).as_micros(), 0);
        length.as_micros() / Span::from_mins(15).as_micros()
    };
    lists.map(|shifts| shifts.iter().map(|it| quarters(it.start, it.end)).sum()).collect()
}

/// Groups with shifts by day.
fn groups(agents: &[Plans]) -> String {
    let mut text = String::new();
    for (number, plans) in agents.iter().enumerate() {
        let days = plans.iter().map(|(days, shifts)| {
            let shifts =
                shifts.iter().map(|[from, to]| format!("'{}-{}'", clock(*from), clock(*to)));
            format!("'{}' = [{}]", days.word(), Vec::from_iter(shifts).join(", "))
        });
        let days = Vec::from_iter(days).join(", ");
        writeln!(text, "agents.g{number} = {{ count = 1, shifts = {{ {days} }} }}")
            .expect("a text");
    }
    text
}

/// A table with a row a shift; what is off has a row that says so.
fn table(agents: &[Plans]) -> String {
    let mut text = "agent,day,start,end,activity\n".to_owned();
    for (number, plans) in agents.iter().enumerate() {
        for (days, shifts) in plans {
            let day = days.word();
            if shifts.is_empty() {
                writeln!(text, "a{number},{day},,,off").expect("a text");
            }
            for [from, to] in shifts {
                writeln!(text, "a{number},{day},{},{},work", clock(*from), clock(*to))
                    .expect("a text");
            }
        }
    }
    text
}

#[test]
fn ten_thousand_random_rosters_have_the_hours_of_a_clock_on_the_wall() {
    let streams = Streams::new(20_260_329, 0);
    let mut rosters = 0;
    for number in 0..SCENARIOS {
        let mut dice = Dice(streams.stream(Purpose::Test, number, 0));
        let change = &CHANGES[number as usize % CHANGES.len()];
        let [first, day] = [change.first, change.day].map(|it| it.parse::<Date>().expect("a date"));
        let agents = Vec::from_iter((0..A_SCENARIO).map(|_| dice.plans(first, day)));
        let is_table = number % 2 == 0;
        let agents_text = match is_table {
            true => "agents.team = { roster = { table = 'roster.csv' } }\n".to_owned(),
            false => groups(&agents),
        };
        let text = format!(
            "run = {{ from = '{}', days = 4, time_zone = '{}', end = 'cut' }}\ncalendar.holidays = ['{day}']\n\
             {agents_text}consumers.web.arrivals = '1/h'\n",
            change.first, change.zone
        );
        let files = BTreeMap::from([("roster.csv".to_owned(), table(&agents).into_bytes())]);
        let source = Source { name: "roster.toml".to_owned(), text: text.clone() };
        let read = parse(source, files).unwrap_or_else(|findings| panic!("{number}: {findings}"));
        let plan = &read.variants[0].plan;
        let quarters = plan.run.until.since_start().as_micros() / Span::from_mins(15).as_micros();
        let found = of_plan(plan);
        assert_eq!(found.len(), agents.len());
        for (plans, found) in agents.iter().zip(found) {
            let expected = by_the_clock(plans, change, quarters);
            assert_eq!(found, expected, "{number}, {}: {plans:?}", change.day);
            rosters += 1;
        }
    }
    assert_eq!(rosters, 10_000);
}

const SCENARIOS: u64 = 200;
const A_SCENARIO: usize = 50;
