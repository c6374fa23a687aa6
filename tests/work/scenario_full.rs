//! A scenario file that sets every key, held against the schema and against the plan it must give.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value as Json, json};
use shiftstorm::base::arrivals::{ArrivalProcess, PiecewiseRates, Trace};
use shiftstorm::base::calendar::Calendar;
use shiftstorm::base::distribution::{Distribution, Quantile};
use shiftstorm::base::ids::{GroupId, ReasonId, SkillId};
use shiftstorm::base::time::{Span, Time};
use shiftstorm::ledger::measures::{Count, Timing};
use shiftstorm::ledger::settings::*;
use shiftstorm::model::settings::*;
use shiftstorm::scenario::stress::{Death, Fault, FaultStep, Stage, Stress, Victims, Whom};
use shiftstorm::scenario::threshold::{self, Operator, Statistic, Threshold};
use shiftstorm::scenario::{self, Plan, RunEnd, RunSettings, Scenario, Source};

const WEEK: &str = "tests/scenario_files/week.toml";
const FULL: &str = "tests/scenario_files/full.toml";

fn full() -> Scenario {
    scenario::load(FULL.as_ref()).unwrap_or_else(|findings| panic!("{findings}"))
}

fn plan(scenario: &Scenario, variant: usize) -> &Plan {
    &scenario.variants[variant].plan
}

fn shortest() -> Scenario {
    let text = "agents.chat = {}\nconsumers.web.arrivals = '60/h'";
    let source = Source { name: "dir/day.toml".to_owned(), text: text.to_owned() };
    scenario::parse(source, Path::new("")).unwrap_or_else(|findings| panic!("{findings}"))
}

fn seconds(seconds: i64) -> Span {
    Span::from_secs(seconds)
}

fn at(minutes: i64) -> Time {
    Time::ZERO + Span::from_mins(minutes)
}

fn fixed(seconds: f64) -> Distribution {
    Distribution::fixed(seconds).unwrap()
}

fn exponential(mean: f64) -> Distribution {
    Distribution::exponential(mean).unwrap()
}

#[test]
fn defaults_are_those_of_the_rules() {
    let scenario = shortest();
    assert_eq!((scenario.name.as_str(), scenario.variants.len()), ("day", 1));
    assert_eq!(scenario.variants[0].name, "base");
    let Plan { centre, run, measure } = plan(&scenario, 0);
    let expected = RunSettings {
        seed: 1,
        replications: 20,
        calendar: Calendar::without_date(Span::ZERO),
        warm_up: Span::ZERO,
        seeks_warm_up: false,
        batch_means: false,
        until: at(24 * 60),
        end: RunEnd::Drain { at_most: Span::from_hours(24) },
    };
    assert_eq!(*run, expected);
    assert_eq!(measure.interval, Span::from_mins(30));
    assert_eq!(
        (measure.service_level.at, measure.service_level.of),
        (ServiceLevelAt::Answer, ServiceLevelOf::Offered)
    );
    assert_eq!((measure.goals, measure.at.len()), (Goals::default(), 0));
    let order = QueueOrder::WaitingSince;
    let routing = Routing { mode: RoutingMode::Push, choose: Choose::LeastLoaded, order };
    assert_eq!(centre.routing, routing);
    let minute = Some(seconds(60));
    let expected = Unassign {
        enabled: false,
        timeout: Timeouts { online: minute, away: minute, offline: minute },
        clock: UnassignClock::LastMessage,
        return_grace: Span::ZERO,
        exclude: Exclude::Last,
        same_agent_after: seconds(60),
        max_per_conversation: None,
        on_unassign: OnUnassign::Nothing,
    };
    assert_eq!(centre.unassign, expected);
    let expected = RemoveOwnership {
        enabled: false,
        within: seconds(120),
        late_assignment: LateAssignment::Keep,
    };
    assert_eq!(centre.remove_ownership, expected);
    assert_eq!(centre.capacity.inactive_after, None);
    let half_an_hour = Some(seconds(1800));
    let auto_close = AutoClose { new: half_an_hour, pending: half_an_hour };
    assert_eq!((centre.resolve, centre.auto_close), (Resolve::WithLastReply, auto_close));
    assert_eq!(centre.after_close, AfterClose::New);
    let group = &centre.groups[0];
    assert_eq!((group.attention, &group.roster), (Attention::Serial, &Roster::Always));
    assert_eq!(
        (&group.finish.when, group.finish.pending),
        (&FinishWhen::AtShiftEnd, FinishPending::Leave)
    );
    assert_eq!((group.session_timeout, group.away_answers), (seconds(60), false));
    assert_eq!((&group.wrap_up, group.episodes.len()), (&fixed(0.0), 0));
    let kind = &centre.kinds[0];
    assert_eq!(
        kind.patience,
        Patience { first: None, until: PatienceUntil::FirstAnswer, later: None }
    );
}

#[test]
fn goals_of_the_full_file_are_for_parts_too() {
    use shiftstorm::ledger::part_goal::{PartGoal, PartOf, RunPart};

    let scenario = full();
    let goal = |figure: &str, at_least, target, part, name: &str| PartGoal {
        figure: figure.to_owned(),
        at_least,
        target,
        part,
        name: name.to_owned(),
    };
    // From 09:00 to 10:00 of a run that starts at 08:00.
    let window = RunPart { of: PartOf::Centre, window: Some((4..8).collect()) };
    let expected = [
        goal("response_p90", false, 1200.0, PartOf::Skill(0).into(), "sales"),
        goal("occupancy", false, 0.85, PartOf::Group(1).into(), "experts"),
        goal("service_level", true, 0.7, window, "09:00–10:00"),
    ];
    for variant in &scenario.variants {
        assert_eq!(variant.plan.measure.part_goals, expected);
    }
}

#[test]
fn precision_is_off_unless_figures_are_named() {
    let fixed = shortest().precision;
    assert_eq!((fixed.within.len(), fixed.at_least, fixed.at_most), (0, 10, 1000));
    assert!(!fixed.control_variate);
    let within = [("abandonment".to_owned(), 0.05), ("first_response_mean".to_owned(), 0.1)];
    let expected = scenario::PrecisionSettings {
        within: within.into(),
        at_least: 12,
        at_most: 500,
        control_variate: true,
    };
    assert_eq!(full().precision, expected);
}

#[test]
fn a_wall_clock_run_is_short_and_at_the_scenarios_own_pace_unless_the_file_says_otherwise() {
    let shortest = shortest().stress;
    let expected = Stress {
        speed: 1.0,
        shards: None,
        mailbox: 10_000,
        length: seconds(10),
        drain: Span::ZERO,
        late_after: Span::from_micros(20_000),
        calm: Span::from_micros(50_000),
        stages: Vec::new(),
        faults: Vec::new(),
        thresholds: Vec::new(),
    };
    assert_eq!(shortest, expected);
    let stage = |name: &str, length, from, to| Stage {
        name: name.to_owned(),
        length: seconds(length),
        from,
        to,
    };
    let late = threshold::Measure::Timing(Statistic::Percentile(99.0), Timing::DeadlineLateness);
    let late = Threshold::new(late, Operator::Below, "10ms").unwrap();
    let refused = threshold::Measure::Count(Count::Refused);
    let refused = Threshold::new(refused, Operator::Equal, "0").unwrap();
    let step = |at, over, fault| FaultStep { at: seconds(at), over, fault };
    let all = |share| Whom { group: None, share };
    let chat = Whom { group: Some(GroupId(0)), share: 0.5 };
    let faults = vec![
        step(3, Span::from_micros(250_000), Fault::Stall),
        step(4, seconds(1), Fault::LogOut(chat)),
        step(6, Span::ZERO, Fault::LogIn(all(1.0))),
        step(7, seconds(2), Fault::Flap(all(0.25), 3)),
        step(10, Span::ZERO, Fault::Flood(500)),
        step(11, Span::ZERO, Fault::Die(Victims::Agents(all(0.125)), Death::PanicInTurn)),
        step(12, Span::ZERO, Fault::Die(Victims::Consumers(0.125), Death::Stop)),
        step(13, Span::from_micros(200_000), Fault::MailboxFull),
        step(14, Span::from_micros(300_000), Fault::ClockStall),
        step(15, Span::ZERO, Fault::HotAgent(Some(GroupId(0)), 1000)),
        step(16, seconds(1), Fault::StopShards(1)),
    ];
    let expected = Stress {
        speed: 60.0,
        shards: Some(2),
        mailbox: 500,
        length: seconds(62),
        drain: seconds(5),
        late_after: Span::from_micros(50_000),
        calm: Span::from_micros(80_000),
        stages: vec![stage("ramp", 2, 0.5, 3.0), stage("stage 2", 60, 1.5, 1.5)],
        faults,
        thresholds: vec![late, refused],
    };
    assert_eq!(full().stress, expected);
    assert_eq!(expected.load(), seconds(62), "stages say how long the load lasts");
}

#[test]
fn pull_defaults_are_those_of_the_rules() {
    let text = "routing.mode = 'pull'\nunassign.on_unassign = 'set_away'\nagents.chat = \
         {}\nconsumers.web.arrivals = '60/h'";
    let source = Source { name: String::new(), text: text.to_owned() };
    let scenario = scenario::parse(source, Path::new("")).unwrap();
    let centre = &plan(&scenario, 0).centre;
    let expected = Pull { look_every: exponential(30.0), decide: fixed(3.0), pick: Pick::Head };
    assert_eq!(centre.routing.mode, RoutingMode::Pull(expected));
    assert_eq!(centre.unassign.on_unassign, OnUnassign::SetAway { away_for: seconds(300) });
}

#[test]
fn the_rules_of_the_full_file_arrive() {
    let scenario = full();
    assert_eq!(scenario.name, "Everything");
    assert_eq!(scenario.question, "Is every key read?");
    assert_eq!(scenario.description, "A centre that uses all there is.");
    let verdict = Vec::from_iter(scenario.verdict.iter().map(|figure| figure.name));
    assert_eq!(verdict, ["stranded", "rescue_mean"]);
    let names: Vec<_> = scenario.variants.iter().map(|variant| variant.name.as_str()).collect();
    assert_eq!(names, ["as it is", "unassign off", "more experts, always there"]);
    let Plan { centre, run, measure } = plan(&scenario, 0);
    let expected = RunSettings {
        seed: 7,
        replications: 3,
        calendar: Calendar::without_date(Span::from_hours(8)),
        warm_up: Span::from_mins(30),
        seeks_warm_up: false,
        batch_means: false,
        until: at(12 * 60),
        end: RunEnd::Drain { at_most: Span::from_hours(6) },
    };
    assert_eq!(*run, expected);
    let expected = MeasureSettings {
        interval: Span::from_mins(15),
        service_level: ServiceLevel {
            within: seconds(20),
            at: ServiceLevelAt::Assignment,
            of: ServiceLevelOf::OfferedWithoutShortAbandons,
        },
        skill_thresholds: vec![Some(seconds(15)), None, None],
        response_within: seconds(90),
        at: vec![at(5), at(90)],
        goals: Goals {
            service_level: Some(0.8),
            abandonment: Some(0.05),
            reassignments: Some(0.5),
            lost_answer_share: Some(0.1),
            lost_work_share: Some(0.05),
        },
        part_goals: full().variants[0].plan.measure.part_goals.clone(),
    };
    assert_eq!(*measure, expected);
    let pull = Pull { look_every: exponential(20.0), decide: fixed(2.0), pick: Pick::Shortest };
    assert_eq!(
        centre.routing,
        Routing {
            mode: RoutingMode::Pull(pull),
            choose: Choose::FewestSkills,
            order: QueueOrder::Due { within: seconds(20) },
        }
    );
    let expected = Unassign {
        enabled: true,
        timeout: Timeouts { online: Some(seconds(60)), away: Some(seconds(90)), offline: None },
        clock: UnassignClock::FirstUnanswered,
        return_grace: seconds(5),
        exclude: Exclude::AllPrevious,
        same_agent_after: seconds(120),
        max_per_conversation: Some(4),
        on_unassign: OnUnassign::SetAway { away_for: seconds(180) },
    };
    assert_eq!(centre.unassign, expected);
    let expected = RemoveOwnership {
        enabled: true,
        within: seconds(90),
        late_assignment: LateAssignment::Remove,
    };
    assert_eq!(centre.remove_ownership, expected);
    let expected =
        Capacity { inactive_after: Some(seconds(900)), inactive_weight: SlotWeight(250) };
    assert_eq!(centre.capacity, expected);
    assert_eq!(centre.resolve, Resolve::After(seconds(600)));
    let auto_close = AutoClose { new: Some(seconds(3600)), pending: Some(seconds(7200)) };
    assert_eq!((centre.auto_close, centre.after_close), (auto_close, AfterClose::Reopen));
    assert_eq!(centre.skills, ["sales", "support", "expert"]);
    // The run begins at 08:00; from the day before it to the end of its drain.
    let hours = |morning: i64, counts_open_time| {
        let hour = |hours| Time::ZERO + Span::from_hours(hours);
        let days = [-24, 0, 24].map(|day| {
            let afternoon = (morning == 4).then(|| (hour(day + 5), hour(day + 12)));
            std::iter::once((hour(day), hour(day + morning))).chain(afternoon)
        });
        let open = OpeningHours::new(days.into_iter().flatten().collect());
        Some(SkillHours { open, counts_open_time })
    };
    let sales = SkillSettings {
        hours: hours(4, true),
        online: SkillTime::Own(Some(seconds(30))),
        away: SkillTime::Own(None),
        offline: SkillTime::Own(Some(seconds(40))),
        close_new: SkillTime::Own(Some(seconds(600))),
        close_pending: SkillTime::Own(None),
        priority: Some(3),
        weight: Some(SlotWeight(500)),
        reply_time: Some(fixed(90.0)),
        boomerang: Some(ReplyBoomerang {
            share: 0.6,
            after: fixed(2700.0),
            then: BoomerangThen::FollowUp,
        }),
        service_level_within: Some(seconds(15)),
    };
    let [support, expert] = [hours(10, false), hours(4, true)]
        .map(|hours| SkillSettings { hours, ..Default::default() });
    assert_eq!(centre.skill_settings, [sales, support, expert]);
    let reasons = [
        (UNASSIGNED_REASON, AwayKind::ByPlatform),
        ("Coffee", AwayKind::Planned),
        ("Back Soon", AwayKind::AtRandom),
        ("Lunch", AwayKind::Planned),
        (END_OF_SHIFT_REASON, AwayKind::EndOfShift),
    ];
    let reasons = reasons.map(|(name, kind)| AwayReason { name: name.to_owned(), kind });
    assert_eq!(centre.reasons, reasons);
}

#[test]
fn the_agents_of_the_full_file_arrive() {
    let scenario = full();
    let groups = &plan(&scenario, 0).centre.groups;
    let to = |share, after, to| HandOver { share, after: fixed(after), to };
    let expert = |mode| HandOverTo::Specialist { group: GroupId(1), needs: Some(SkillId(2)), mode };
    let specialist = |offline| expert(HandOverMode::Assign { offline });
    let reserved = HandOverMode::Reserve { fallback_after: Span::from_mins(90) };
    let pending = OfflineAssignment::Pending { boomerang: Some(fixed(1800.0)) };
    let expected = AgentGroup {
        name: "chat".to_owned(),
        count: 5,
        named: Vec::new(),
        skills: vec![SkillId(0), SkillId(1)],
        concurrency: 4,
        attention: Attention::Parallel,
        shrinkage: None,
        roster: Roster::Daily(vec![vec![
            Shift { start: at(0), end: at(240) },
            Shift { start: at(300), end: at(540) },
            Shift { start: at(840), end: at(1080) },
        ]]),
        finish: Finish {
            when: FinishWhen::AfterFinishing,
            pending: FinishPending::Wait,
            at_most: Span::from_mins(45),
            away_before: None,
            hand_back: 0.0,
            manual_sla: None,
        },
        episodes: episodes_of_chat(),
        session_timeout: seconds(45),
        away_answers: true,
        reply_time: Distribution::lognormal(60.0, 1.5).unwrap(),
        reply_time_by_skill: Vec::new(),
        limits: SkillLimits { at_most: vec![(SkillId(0), 2)], alone: vec![SkillId(1)] },
        slowdown: vec![1.0, 1.18, 1.4],
        wrap_up: Distribution::uniform(5.0, 15.0).unwrap(),
        parking: Some(Parking {
            share: 0.1,
            after: fixed(8.0),
            boomerang: Distribution::erlang(1200.0, 4).unwrap(),
        }),
        boomerang: GroupBoomerang::Own(Some(ReplyBoomerang {
            share: 0.3,
            after: fixed(7200.0),
            then: BoomerangThen::Resolve,
        })),
        manual_sla: Some(ManualSla {
            share: 0.2,
            if_longer_than: seconds(120),
            length: fixed(300.0),
            cancel_after: Some(Distribution::weibull(180.0, 0.8).unwrap()),
        }),
        hand_overs: vec![
            to(0.05, 6.0, HandOverTo::Queue),
            to(0.04, 10.0, HandOverTo::Skill(SkillId(2))),
            to(0.03, 10.0, specialist(OfflineAssignment::New)),
            to(0.01, 10.0, expert(reserved)),
            to(0.02, 10.0, specialist(pending)),
        ],
        cost_per_hour: 31.5,
    };
    assert_eq!(groups[0], expected);
    let shift = |start, end| Shift { start: at(start), end: at(end) };
    let staffed = vec![vec![shift(0, 360)], vec![shift(120, 360)], vec![shift(120, 240)]];
    assert_eq!((groups[1].count, &groups[1].roster), (3, &Roster::Daily(staffed)));
    let quantile = |probability, value| Quantile { probability, value };
    let late = Distribution::lognormal_by_quantiles(quantile(0.5, 300.0), quantile(0.9, 900.0));
    assert_eq!(groups[1].finish.when, FinishWhen::Late(late.unwrap()));
    let listed = vec![vec![shift(0, 240), shift(300, 480)], vec![shift(60, 540)]];
    assert_eq!((groups[2].count, &groups[2].roster), (2, &Roster::Daily(listed)));
    assert_eq!(groups[2].skills, [SkillId(0), SkillId(1), SkillId(2)]);
    let finish = Finish {
        when: FinishWhen::AtShiftEnd,
        pending: FinishPending::Leave,
        at_most: Span::from_hours(1),
        away_before: Some(AwayBefore { before: Span::from_mins(10), reason: ReasonId(4) }),
        hand_back: 0.6,
        manual_sla: Some(exponential(3600.0)),
    };
    assert_eq!(groups[2].finish, finish);
}

fn episodes_of_chat() -> Vec<Episode> {
    let every =
        |absence, every, length| Episode { absence, trigger: Trigger::Every(every), length };
    let scheduled = |absence, minute, spread, share, length, when_late| Episode {
        absence,
        trigger: Trigger::At {
            at: DailyInstants::Daily(at(minute)),
            spread: Span::from_mins(spread),
            share,
            when_late,
        },
        length: fixed(length),
    };
    let planned = |absence, minute, spread, share, length| {
        scheduled(absence, minute, spread, share, length, Some(WhenLate::Full))
    };
    let accident = |absence, minute, spread, share, length| {
        scheduled(absence, minute, spread, share, length, None)
    };
    let away = |reason| Absence::Away(ReasonId(reason));
    let gamma = Distribution::gamma;
    vec![
        planned(away(1), 120, 30, 0.5, 900.0),
        every(away(2), exponential(3600.0), fixed(300.0)),
        scheduled(away(3), 270, 10, 0.9, 1800.0, Some(WhenLate::Rest)),
        every(Absence::Interruption, exponential(7200.0), gamma(180.0, 0.5).unwrap()),
        accident(Absence::Interruption, 360, 20, 1.0, 30.0),
        every(
            Absence::Disconnect,
            Distribution::gamma_by_shape(18000.0, 2.0).unwrap(),
            fixed(240.0),
        ),
        accident(Absence::Disconnect, 420, 1, 0.3, 600.0),
        every(Absence::Logout, fixed(10800.0), fixed(600.0)),
        planned(Absence::Logout, 180, 5, 0.2, 1200.0),
    ]
}

#[test]
fn the_consumers_of_the_full_file_arrive() {
    let scenario = full();
    let kinds = &plan(&scenario, 0).centre.kinds;
    let rates = PiecewiseRates::new(at(60), Span::from_hours(1), vec![60.0, 120.0]).unwrap();
    let mixture = [(0.1, fixed(0.0)), (0.9, exponential(1000.0))];
    let expected = ConsumerKind {
        name: "web".to_owned(),
        arrivals: ArrivalProcess::Piecewise(rates.with_busyness(10.0).unwrap()),
        skills: vec![(SkillId(0), 0.7), (SkillId(1), 0.3)],
        priority: Some(2),
        work: WorkFactors::default(),
        backlog: Vec::new(),
        messages: Turns::Geometric(0.2),
        burst: Some(Burst { size: Distribution::uniform(1.0, 3.0).unwrap(), gap: fixed(4.0) }),
        think: Distribution::hyperexponential(&[(0.4, 30.0), (0.6, 120.0)]).unwrap(),
        patience: Patience {
            first: Some(Distribution::mixture(mixture).unwrap()),
            until: PatienceUntil::Assignment,
            later: Some(Distribution::truncated(exponential(300.0), 10.0, 3600.0).unwrap()),
        },
        silent_share: 0.25,
        closes_share: 0.5,
        returns: Some(Returns {
            share: 0.3,
            after: Distribution::empirical(vec![300.0, 600.0]).unwrap(),
            at_most: 4,
        }),
        recontacts: Some(Recontacts { share: 0.2, after: exponential(7200.0) }),
    };
    assert_eq!(kinds[0], expected);
    let volumes = |every, volumes: &[f64]| {
        let rates = PiecewiseRates::from_volumes(Time::ZERO, every, volumes).unwrap();
        ArrivalProcess::Piecewise(rates.daily().unwrap())
    };
    assert_eq!(kinds[1].arrivals, volumes(Span::from_mins(30), &[10.0, 20.0, 5.0]));
    assert_eq!(
        (&kinds[1].skills[..], kinds[1].messages),
        (&[(SkillId(1), 1.0)][..], Turns::Fixed(3))
    );
    assert_eq!(kinds[1].think, Distribution::empirical(vec![90.0, 150.0, 45.5]).unwrap());
    assert_eq!(kinds[2].arrivals, volumes(Span::from_hours(1), &[30.0, 42.5]));
    let trace = [0, 90, 90, 3900].map(|after| Time::ZERO + seconds(after));
    assert_eq!(kinds[3].arrivals, ArrivalProcess::Trace(Trace::new(trace.to_vec()).unwrap()));
    let pause = exponential(1800.0);
    let closed = ArrivalProcess::Closed { population: 12, whole: 12, pause };
    assert_eq!((&kinds[4].arrivals, kinds[4].messages), (&closed, Turns::Unlimited));
    assert_eq!(kinds[5].arrivals, ArrivalProcess::Constant { per_hour: 2.0 / 24.0 });
}

#[test]
fn variants_change_what_they_name_and_nothing_else() {
    let scenario = full();
    let mut off = plan(&scenario, 1).clone();
    assert!(!off.centre.unassign.enabled);
    off.centre.unassign.enabled = true;
    assert_eq!(off, *plan(&scenario, 0));
    let more = &plan(&scenario, 2).centre;
    let all_day = Roster::Daily(vec![vec![Shift { start: at(960), end: at(2400) }]]);
    assert_eq!((more.groups[1].count, &more.groups[1].roster), (6, &all_day));
    assert_eq!(more.groups[1].reply_time, plan(&scenario, 0).centre.groups[1].reply_time);
    assert_eq!(more.kinds[0].arrivals, ArrivalProcess::Constant { per_hour: 3600.0 });
    assert_eq!(more.kinds[0].priority, None, "a value in braces replaces the whole value");
    assert_eq!((more.remove_ownership.within, more.remove_ownership.enabled), (Span::ZERO, true));
}

#[test]
fn every_key_of_the_schema_is_documented() {
    fn walk(schema: &Json, path: &str) {
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            let path = format!("{path}.{key}");
            let documented = property["description"].as_str().is_some_and(|text| text.len() > 3);
            assert!(documented, "{path} has no description");
        }
        let children = schema.as_object().into_iter().flat_map(|object| object.iter());
        for (key, child) in children {
            walk(child, &format!("{path}/{key}"));
        }
        for child in schema.as_array().into_iter().flatten() {
            walk(child, path);
        }
    }
    let schema = scenario::schema();
    assert_eq!(schema["$schema"], json!("https://json-schema.org/draft/2020-12/schema"));
    assert_eq!(schema["properties"]["run"]["properties"]["replications"]["default"], json!(20));
    walk(&schema, "");
}

/// Holds the full file, and one of a week with dates, against the schema; what they do not use of the
/// schema they lack.
#[test]
fn the_full_files_obey_the_schema_and_use_all_of_it() {
    let schema = scenario::schema();
    let mut used = BTreeSet::new();
    for name in [FULL, WEEK] {
        let text = std::fs::read_to_string(name).unwrap();
        let file: toml::Table = text.parse().unwrap();
        let file = serde_json::to_value(file).unwrap();
        assert!(obeys(&schema, &schema, &file, "", &mut used), "{name} breaks the schema");
        let read = scenario::load(Path::new(name));
        assert!(read.is_ok(), "{}", read.unwrap_err());
    }
    let mut known = BTreeSet::new();
    properties(&schema, "", &mut known);
    let unused: Vec<_> = known.difference(&used).collect();
    assert!(unused.is_empty(), "the full files do not use {unused:#?}");
}

#[test]
fn the_scenarios_of_the_project_are_sound_and_not_overloaded() {
    let mut count = 0;
    for entry in std::fs::read_dir("scenarios").unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let scenario = scenario::load(&path).unwrap_or_else(|findings| panic!("{findings}"));
        for variant in &scenario.variants {
            let utilisation = scenario::estimate(&variant.plan).utilisation().unwrap();
            assert!(utilisation < 0.95, "{}: {}: {utilisation}", path.display(), variant.name);
        }
        count += 1;
    }
    assert!(count >= 8, "the scenarios were not found");
}

/// Whether a value obeys a schema, as far as objects, lists and alternatives go; collects the
/// properties used.
fn obeys(
    root: &Json,
    schema: &Json,
    value: &Json,
    path: &str,
    used: &mut BTreeSet<String>,
) -> bool {
    if let Some(reference) = schema["$ref"].as_str() {
        let path = reference.trim_start_matches('#');
        return obeys(root, root.pointer(path).unwrap(), value, path, used);
    }
    if let Some(constant) = schema.get("const") {
        return constant == value;
    }
    for word in ["anyOf", "oneOf"] {
        let Some(alternatives) = schema[word].as_array() else { continue };
        return alternatives.iter().any(|alternative| {
            let mut within = BTreeSet::new();
            let obeyed = obeys(root, alternative, value, path, &mut within);
            if obeyed {
                used.append(&mut within);
            }
            obeyed
        });
    }
    match (schema["type"].as_str().unwrap_or("any"), value) {
        ("object", Json::Object(object)) => object.iter().all(|(key, value)| {
            // Days: which words are days is for the reader to say.
            if let Some(patterns) = schema["patternProperties"].as_object() {
                return patterns.values().any(|child| obeys(root, child, value, path, used));
            }
            let (path, child) = match schema["properties"].get(key) {
                Some(child) => (format!("{path}/properties/{key}"), child),
                None => (format!("{path}/additionalProperties"), &schema["additionalProperties"]),
            };
            used.insert(path.clone());
            child.is_object() && obeys(root, child, value, &path, used)
        }),
        ("array", Json::Array(items)) => {
            items.iter().all(|item| obeys(root, &schema["items"], item, path, used))
        }
        ("string", Json::String(_)) | ("boolean", Json::Bool(_)) | ("number", Json::Number(_)) => {
            true
        }
        ("integer", Json::Number(number)) => number.is_i64(),
        _ => false,
    }
}

/// All properties of a schema but those of variants, which are those of the base again.
fn properties(schema: &Json, path: &str, known: &mut BTreeSet<String>) {
    if path == "/properties/variant" {
        return;
    }
    for (key, child) in schema.as_object().into_iter().flatten() {
        let path = if key == "items" { path.to_owned() } else { format!("{path}/{key}") };
        if key == "properties" {
            known.extend(
                child.as_object().into_iter().flatten().map(|(key, _)| format!("{path}/{key}")),
            );
        }
        // Alternatives are one place: a list of tables has the keys of one table.
        let path = path.trim_end_matches("/anyOf").trim_end_matches("/oneOf");
        properties(child, path, known);
    }
    for child in schema.as_array().into_iter().flatten() {
        properties(child, path, known);
    }
}
