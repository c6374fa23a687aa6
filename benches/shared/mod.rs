//! The messaging case.

use shiftstorm::base::arrivals::ArrivalProcess;
use shiftstorm::base::distribution::Distribution;
use shiftstorm::base::ids::SkillId;
use shiftstorm::base::time::{Span, Time};
use shiftstorm::ledger::settings::{
    Goals, MeasureSettings, ServiceLevel, ServiceLevelAt, ServiceLevelOf,
};
use shiftstorm::model::settings::{
    Absence, AfterClose, AgentGroup, Attention, AutoClose, AwayKind, AwayReason, Capacity, Centre,
    Choose, ConsumerKind, Episode, Exclude, Finish, FinishPending, FinishWhen, GroupBoomerang,
    LateAssignment, OnUnassign, Patience, PatienceUntil, QueueOrder, RemoveOwnership, Resolve,
    Roster, Routing, RoutingMode, SkillLimits, SlotWeight, Timeouts, Trigger, Turns,
    UNASSIGNED_REASON, Unassign, UnassignClock, WorkFactors,
};
use shiftstorm::scenario::plan::{Plan, RunEnd, RunSettings};

/// The messaging case at `scale` times 200 agents of 3 slots and 3,000 consumers an hour, for
/// `hours`. Conversations have 6 messages on average, a reply takes 40 s (cv 1), a consumer thinks
/// for 60 s (cv 1.2) and waits 4 min for the first answer; agents are interrupted every hour for
/// 5 min and lose what waits for 60 s. Agents write for three quarters of their time.
pub(crate) fn messaging_case(scale: u32, hours: i64) -> Plan {
    let minute = Some(Span::from_secs(60));
    let half_an_hour = Some(Span::from_mins(30));
    let centre = Centre {
        routing: Routing {
            mode: RoutingMode::Push,
            choose: Choose::LeastLoaded,
            order: QueueOrder::WaitingSince,
        },
        unassign: Unassign {
            enabled: true,
            timeout: Timeouts { online: minute, away: minute, offline: minute },
            clock: UnassignClock::LastMessage,
            return_grace: Span::ZERO,
            exclude: Exclude::Last,
            same_agent_after: Span::from_secs(60),
            max_per_conversation: None,
            on_unassign: OnUnassign::Nothing,
        },
        remove_ownership: RemoveOwnership {
            enabled: false,
            within: Span::from_secs(120),
            late_assignment: LateAssignment::Keep,
        },
        capacity: Capacity { inactive_after: None, inactive_weight: SlotWeight::FULL },
        resolve: Resolve::WithLastReply,
        auto_close: AutoClose { new: half_an_hour, pending: half_an_hour },
        after_close: AfterClose::New,
        skills: vec!["messages".into()],
        skill_settings: Vec::new(),
        reasons: vec![AwayReason { name: UNASSIGNED_REASON.into(), kind: AwayKind::ByPlatform }],
        groups: vec![agents(200 * scale)],
        kinds: vec![consumers(3000.0 * f64::from(scale))],
    };
    let run = RunSettings {
        seed: 1,
        replications: 1,
        calendar: shiftstorm::base::calendar::Calendar::without_date(Span::ZERO),
        warm_up: Span::ZERO,
        seeks_warm_up: false,
        batch_means: false,
        until: Time::ZERO + Span::from_hours(hours),
        end: RunEnd::Drain { at_most: Span::from_hours(24) },
    };
    let measure = MeasureSettings {
        interval: Span::from_mins(30),
        service_level: ServiceLevel {
            within: Span::from_secs(60),
            at: ServiceLevelAt::Answer,
            of: ServiceLevelOf::Offered,
        },
        skill_thresholds: Vec::new(),
        part_goals: Vec::new(),
        response_within: Span::from_secs(60),
        at: Vec::new(),
        goals: Goals::default(),
    };
    Plan { centre, run, measure }
}

fn agents(count: u32) -> AgentGroup {
    AgentGroup {
        name: "agents".into(),
        count,
        named: Vec::new(),
        skills: vec![SkillId(0)],
        concurrency: 3,
        attention: Attention::Serial,
        shrinkage: None,
        roster: Roster::Always,
        finish: Finish {
            when: FinishWhen::AtShiftEnd,
            pending: FinishPending::Leave,
            at_most: Span::from_hours(1),
            away_before: None,
            hand_back: 0.0,
            manual_sla: None,
        },
        episodes: vec![Episode {
            absence: Absence::Interruption,
            trigger: Trigger::Every(valid(Distribution::exponential(3600.0))),
            length: valid(Distribution::exponential(300.0)),
        }],
        session_timeout: Span::from_secs(60),
        away_answers: false,
        reply_time_by_skill: Vec::new(),
        limits: SkillLimits::default(),
        reply_time: valid(Distribution::lognormal(40.0, 1.0)),
        slowdown: Vec::new(),
        wrap_up: Distribution::Fixed(0.0),
        parking: None,
        manual_sla: None,
        boomerang: GroupBoomerang::OfSkill,
        hand_overs: Vec::new(),
        cost_per_hour: 0.0,
    }
}

fn consumers(per_hour: f64) -> ConsumerKind {
    ConsumerKind {
        name: "consumers".into(),
        arrivals: valid(ArrivalProcess::constant(per_hour)),
        skills: vec![(SkillId(0), 1.0)],
        priority: None,
        work: WorkFactors::default(),
        backlog: Vec::new(),
        messages: Turns::Geometric(1.0 / 6.0),
        burst: None,
        think: valid(Distribution::lognormal(60.0, 1.2)),
        patience: Patience {
            first: Some(valid(Distribution::exponential(240.0))),
            until: PatienceUntil::FirstAnswer,
            later: None,
        },
        silent_share: 0.1,
        closes_share: 0.0,
        returns: None,
        recontacts: None,
    }
}

/// What a constructor makes of parameters that are right.
pub(crate) fn valid<T, E: std::fmt::Debug>(made: Result<T, E>) -> T {
    made.expect("the parameters are right")
}
