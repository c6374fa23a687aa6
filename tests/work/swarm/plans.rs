//! A whole random scenario from one number.
//!
//! Times are drawn from a coarse grid and durations are mostly fixed, so that much falls into the
//! same instant. What the replay has to foresee (boomerangs, the time to decide on a claim) is
//! always fixed.

use std::sync::Arc;

use rand::RngExt;
use shiftstorm::base::arrivals::{ArrivalProcess, PiecewiseRates, Trace};
use shiftstorm::base::calendar::Calendar;
use shiftstorm::base::ids::{GroupId, ReasonId, SkillId};
use shiftstorm::base::time::{Span, Time};
use shiftstorm::ledger::settings::{
    Goals, MeasureSettings, ServiceLevel, ServiceLevelAt, ServiceLevelOf,
};
use shiftstorm::model::settings::{
    Absence, AfterClose, AgentGroup, Attention, AutoClose, AwayBefore, AwayKind, AwayReason,
    BoomerangThen, Burst, Capacity, Centre, Choose, ConsumerKind, DailyInstants, Episode, Exclude,
    Finish, FinishPending, FinishWhen, GroupBoomerang, HandOver, HandOverMode, HandOverTo,
    LateAssignment, ManualSla, OfflineAssignment, OnUnassign, OpeningHours, Parking, Patience,
    PatienceUntil, Pick, Pull, QueueOrder, Recontacts, RemoveOwnership, ReplyBoomerang, Resolve,
    Returns, Roster, Routing, RoutingMode, Shift, Shrinkage, ShrinkageDay, SkillHours, SkillLimits,
    SkillSettings, SkillTime, SlotWeight, Timeouts, Trigger, Turns, UNASSIGNED_REASON, Unassign,
    UnassignClock, WhenLate, WorkFactors,
};
use shiftstorm::scenario::plan::{Plan, RunEnd, RunSettings};

use super::dice::Dice;

/// The scenario of a seed.
pub(crate) fn plan(seed: u64) -> Plan {
    let mut dice = Dice::new(seed);
    let run = dice.run(seed);
    let mut centre = dice.centre(&run);
    if dice.chance(0.1) {
        dice.lend_to_specialists(&mut centre);
    }
    need_what_specialists_have(&mut centre);
    Plan { centre, measure: dice.measure(&run), run }
}

/// B10: what a conversation needs from the hand-over on, its receivers have.
fn need_what_specialists_have(centre: &mut Centre) {
    let skills: Vec<_> = centre.groups.iter().map(|group| group.skills.clone()).collect();
    for hand_over in centre.groups.iter_mut().flat_map(|group| &mut group.hand_overs) {
        if let HandOverTo::Specialist { group, needs: Some(needs), .. } = &mut hand_over.to
            && let has = &skills[usize::from(group.0)]
            && !has.contains(needs)
        {
            *needs = has[0];
        }
    }
}

impl Dice {
    fn run(&mut self, seed: u64) -> RunSettings {
        let until = Time::ZERO + self.grid(300, 1200);
        let end = if self.chance(0.3) {
            RunEnd::Cut
        } else {
            RunEnd::Drain { at_most: self.grid(0, 900) }
        };
        let warm_up = if self.chance(0.3) { self.grid(0, 200) } else { Span::ZERO };
        let starts_at = self.grid(0, 86_395);
        RunSettings {
            seed,
            replications: 1,
            calendar: Calendar::without_date(starts_at),
            warm_up,
            seeks_warm_up: false,
            batch_means: false,
            until,
            end,
        }
    }

    fn measure(&mut self, run: &RunSettings) -> MeasureSettings {
        let mut at: Vec<Time> = (0..self.stream.random_range(0..3))
            .map(|_| Time::ZERO + self.grid(0, run.until.since_start().as_micros() / 1_000_000))
            .collect();
        at.sort_unstable();
        at.dedup();
        MeasureSettings {
            interval: Span::from_mins(self.one_of(&[15, 30, 60])),
            service_level: ServiceLevel {
                within: self.grid(0, 60),
                at: self.one_of(&[ServiceLevelAt::Answer, ServiceLevelAt::Assignment]),
                of: self.one_of(&[
                    ServiceLevelOf::Offered,
                    ServiceLevelOf::Answered,
                    ServiceLevelOf::OfferedWithoutShortAbandons,
                    ServiceLevelOf::ShortAbandonsCountAsServed,
                ]),
            },
            skill_thresholds: Vec::new(),
            response_within: self.grid(5, 60),
            at,
            goals: Goals::default(),
            part_goals: Vec::new(),
        }
    }

    fn centre(&mut self, run: &RunSettings) -> Centre {
        let reasons = [
            (UNASSIGNED_REASON, AwayKind::ByPlatform),
            ("Back Soon", AwayKind::AtRandom),
            ("Lunch", AwayKind::Planned),
        ];
        let resolve = if self.chance(0.6) {
            Resolve::WithLastReply
        } else {
            Resolve::After(self.grid(0, 60))
        };
        Centre {
            routing: self.routing(),
            unassign: self.unassign(),
            remove_ownership: RemoveOwnership {
                enabled: self.chance(0.65),
                within: Span::from_secs(self.one_of(&[0, 5, 20, 60, 120])),
                late_assignment: self.one_of(&[LateAssignment::Keep, LateAssignment::Remove]),
            },
            capacity: Capacity {
                inactive_after: self.chance(0.5).then(|| self.grid(0, 30)),
                inactive_weight: SlotWeight(self.one_of(&[0, 250, 500, 1000])),
            },
            resolve,
            auto_close: AutoClose {
                new: self.chance(0.7).then(|| self.grid(20, 300)),
                pending: self.chance(0.7).then(|| self.grid(20, 300)),
            },
            after_close: self.one_of(&[AfterClose::New, AfterClose::Reopen]),
            skills: (0..self.skills).map(|skill| format!("skill {skill}")).collect(),
            skill_settings: (0..self.skills)
                .map(|_| SkillSettings { hours: self.hours(run), ..self.skill_settings() })
                .collect(),
            reasons: reasons
                .map(|(name, kind)| AwayReason { name: name.to_owned(), kind })
                .to_vec(),
            groups: (0..self.groups).map(|group| self.group(group, run)).collect(),
            kinds: (0..self.stream.random_range(1..=2)).map(|kind| self.kind(kind, run)).collect(),
        }
    }

    fn routing(&mut self) -> Routing {
        let choose = self.one_of(&[
            Choose::LeastLoaded,
            Choose::LongestIdle,
            Choose::RoundRobin,
            Choose::FewestSkills,
        ]);
        let mode = if self.chance(0.65) {
            RoutingMode::Push
        } else {
            RoutingMode::Pull(Pull {
                look_every: self.time(5, 30),
                decide: self.fixed(0, 10),
                pick: self.one_of(&[Pick::Head, Pick::Random, Pick::Shortest]),
            })
        };
        let within = self.grid(0, 60);
        let order = self.one_of(&[QueueOrder::WaitingSince, QueueOrder::Due { within }]);
        Routing { mode, choose, order }
    }

    fn skill_settings(&mut self) -> SkillSettings {
        if self.chance(0.6) {
            return SkillSettings::default();
        }
        let mut time = |from, to| match self.chance(0.5) {
            true => SkillTime::OfCentre,
            false => SkillTime::Own(self.chance(0.8).then(|| self.grid(from, to))),
        };
        let [online, away, offline] = [(); 3].map(|()| time(5, 60));
        let [close_new, close_pending] = [(); 2].map(|()| time(20, 300));
        SkillSettings {
            online,
            away,
            offline,
            close_new,
            close_pending,
            priority: self.chance(0.4).then(|| self.stream.random_range(-1..=1)),
            weight: self.chance(0.4).then(|| SlotWeight(self.one_of(&[250, 500, 1000]))),
            reply_time: self.chance(0.3).then(|| self.time(5, 60)),
            // For certain, as the replay cannot tell what is left Pending with one from without.
            boomerang: self.chance(0.3).then(|| ReplyBoomerang { share: 1.0, ..self.boomerang() }),
            service_level_within: self.chance(0.4).then(|| self.grid(0, 60)),
            hours: None,
        }
    }

    /// D25: up to four times open, the last one longer than the run.
    fn hours(&mut self, run: &RunSettings) -> Option<SkillHours> {
        let mut start = Time::ZERO;
        let mut windows = Vec::new();
        for _ in 0..self.stream.random_range(1..=3) {
            start += self.grid(0, 60);
            let end = start + self.grid(5, 120);
            windows.push((start, end));
            start = end;
        }
        windows.push((start + self.grid(5, 60), run.ends_at_most()));
        let counts_open_time = self.chance(0.5);
        let hours = SkillHours { open: OpeningHours::new(windows), counts_open_time };
        self.chance(0.15).then_some(hours)
    }

    fn limits(&mut self) -> SkillLimits {
        let skill = SkillId(self.stream.random_range(0..self.skills));
        SkillLimits {
            at_most: if self.chance(0.2) { vec![(skill, self.one_of(&[0, 1, 2]))] } else { vec![] },
            alone: if self.chance(0.1) { vec![skill] } else { vec![] },
        }
    }

    fn unassign(&mut self) -> Unassign {
        let mut timeout = || self.chance(0.8).then(|| self.grid(5, 60));
        let timeout = Timeouts { online: timeout(), away: timeout(), offline: timeout() };
        Unassign {
            enabled: self.chance(0.8),
            timeout,
            clock: self.one_of(&[UnassignClock::LastMessage, UnassignClock::FirstUnanswered]),
            return_grace: if self.chance(0.3) { self.grid(5, 20) } else { Span::ZERO },
            exclude: self.one_of(&[Exclude::Last, Exclude::None, Exclude::AllPrevious]),
            same_agent_after: self.grid(0, 60),
            max_per_conversation: self.chance(0.4).then(|| self.stream.random_range(0..3)),
            on_unassign: if self.chance(0.7) {
                OnUnassign::Nothing
            } else {
                OnUnassign::SetAway { away_for: self.grid(5, 60) }
            },
        }
    }

    fn group(&mut self, group: u16, run: &RunSettings) -> AgentGroup {
        let mut skills: Vec<SkillId> =
            (0..self.skills).map(SkillId).filter(|_| self.chance(0.6)).collect();
        if skills.is_empty() {
            skills.push(SkillId(group % self.skills));
        }
        AgentGroup {
            name: format!("group {group}"),
            count: self.stream.random_range(1..=3),
            named: Vec::new(),
            skills,
            concurrency: self.stream.random_range(1..=3),
            attention: self.one_of(&[Attention::Serial, Attention::Parallel]),
            roster: self.roster(run),
            shrinkage: self.shrinkage(run),
            finish: self.finish(),
            episodes: self.episodes(run),
            session_timeout: self.grid(5, 60),
            away_answers: self.chance(0.3),
            reply_time: self.time(5, 60),
            reply_time_by_skill: if self.chance(0.2) {
                vec![(SkillId(0), self.time(5, 60))]
            } else {
                Vec::new()
            },
            limits: self.limits(),
            slowdown: if self.chance(0.3) { vec![1.0, 1.25, 1.5] } else { Vec::new() },
            wrap_up: if self.chance(0.5) { self.fixed(0, 0) } else { self.time(0, 20) },
            parking: self.chance(0.3).then(|| Parking {
                share: self.stream.random_range(0.1..0.4),
                after: self.time(0, 10),
                boomerang: self.fixed(0, 60),
            }),
            boomerang: match self.chance(0.3) {
                true => GroupBoomerang::Own(self.chance(0.7).then(|| self.boomerang())),
                false => GroupBoomerang::OfSkill,
            },
            manual_sla: self.chance(0.4).then(|| ManualSla {
                share: self.stream.random_range(0.3..1.0),
                if_longer_than: self.grid(0, 20),
                length: self.time(5, 60),
                cancel_after: self.chance(0.3).then(|| self.time(0, 30)),
            }),
            hand_overs: self.hand_overs(),
            cost_per_hour: 0.0,
        }
    }

    fn boomerang(&mut self) -> ReplyBoomerang {
        ReplyBoomerang {
            share: self.stream.random_range(0.2..0.8),
            after: self.fixed(0, 90),
            then: self.one_of(&[BoomerangThen::FollowUp, BoomerangThen::Resolve]),
        }
    }

    /// At most one kind of specialists, so that the replay knows what an offline one is given.
    fn hand_overs(&mut self) -> Vec<HandOver> {
        let mut hand_overs = Vec::new();
        if self.chance(0.25) {
            hand_overs.push(self.hand_over(HandOverTo::Queue));
        }
        if self.chance(0.25) {
            let skill = SkillId(self.stream.random_range(0..self.skills));
            hand_overs.push(self.hand_over(HandOverTo::Skill(skill)));
        }
        if self.chance(0.4) {
            let group = GroupId(self.stream.random_range(0..self.groups));
            let offline = if self.chance(0.3) {
                OfflineAssignment::New
            } else {
                OfflineAssignment::Pending {
                    boomerang: self.chance(0.7).then(|| self.fixed(0, 90)),
                }
            };
            let needs = self.chance(0.7).then(|| SkillId(self.stream.random_range(0..self.skills)));
            let mode = if self.chance(0.4) {
                HandOverMode::Reserve { fallback_after: self.grid(0, 120) }
            } else {
                HandOverMode::Assign { offline }
            };
            hand_overs.push(self.hand_over(HandOverTo::Specialist { group, needs, mode }));
        }
        hand_overs
    }

    fn hand_over(&mut self, to: HandOverTo) -> HandOver {
        HandOver { share: self.stream.random_range(0.05..0.2), after: self.time(0, 15), to }
    }

    /// Makes a rarity common: a conversation is left with an offline specialist under a boomerang,
    /// taken up, unassigned and answered by somebody else before the boomerang fires.
    fn lend_to_specialists(&mut self, centre: &mut Centre) {
        let specialists = GroupId(self.groups - 1);
        let offline = OfflineAssignment::Pending { boomerang: Some(self.fixed(60, 150)) };
        for group in &mut centre.groups {
            let mode = HandOverMode::Assign { offline: offline.clone() };
            let to = HandOverTo::Specialist { group: specialists, needs: None, mode };
            group.hand_overs = vec![HandOver { share: 0.4, after: self.fixed(0, 5), to }];
        }
        if let Some(group) = centre.groups.last_mut() {
            let trigger = Trigger::Every(self.fixed(10, 60));
            let length = self.time(10, 60);
            group.episodes = vec![Episode { absence: Absence::Logout, trigger, length }];
            group.reply_time = self.fixed(20, 60);
        }
        for kind in &mut centre.kinds {
            (kind.messages, kind.think) = (Turns::Unlimited, self.fixed(60, 150));
        }
        centre.unassign.enabled = true;
        centre.unassign.timeout.online = Some(self.grid(5, 15));
    }

    fn roster(&mut self, run: &RunSettings) -> Roster {
        if self.chance(0.5) {
            return Roster::Always;
        }
        let agents = self.stream.random_range(1..=3);
        Roster::Daily((0..agents).map(|_| self.shifts(run)).collect())
    }

    fn shrinkage(&mut self, run: &RunSettings) -> Option<Shrinkage> {
        let middle = Time::ZERO + Span::from_micros(run.until.since_start().as_micros() / 2);
        let day = |start, share| ShrinkageDay { start, share };
        let days = [
            day(Time::ZERO - Span::from_hours(24), self.stream.random_range(0.0..0.5)),
            day(middle, self.stream.random_range(0.0..0.5)),
        ];
        self.chance(0.2).then(|| Shrinkage {
            days: days.into(),
            is_random: self.chance(0.3),
            intervals: None,
        })
    }

    /// Up to three shifts one after the other, some without a pause between them.
    fn shifts(&mut self, run: &RunSettings) -> Vec<Shift> {
        let longest = run.until.since_start().as_micros() / 1_000_000;
        let mut start = Time::ZERO;
        (0..self.stream.random_range(0..=3))
            .map(|_| {
                start += if self.chance(0.3) { Span::ZERO } else { self.grid(0, 120) };
                let shift = Shift { start, end: start + self.grid(5, longest / 2) };
                start = shift.end;
                shift
            })
            .collect()
    }

    fn finish(&mut self) -> Finish {
        let when = match self.stream.random_range(0..3) {
            0 => FinishWhen::AtShiftEnd,
            1 => FinishWhen::AfterFinishing,
            _ => FinishWhen::Late(self.time(0, 120)),
        };
        let goes_away = when != FinishWhen::AfterFinishing && self.chance(0.3);
        Finish {
            when,
            pending: self.one_of(&[FinishPending::Leave, FinishPending::Wait]),
            at_most: self.grid(0, 120),
            away_before: goes_away
                .then(|| AwayBefore { before: self.grid(0, 60), reason: ReasonId(2) }),
            hand_back: self.one_of(&[0.0, 0.0, 0.5, 1.0]),
            manual_sla: self.chance(0.3).then(|| self.time(5, 120)),
        }
    }

    fn episodes(&mut self, run: &RunSettings) -> Vec<Episode> {
        (0..self.stream.random_range(0..=3))
            .map(|_| {
                let absence = self.one_of(&[
                    Absence::Away(ReasonId(1)),
                    Absence::Away(ReasonId(2)),
                    Absence::Interruption,
                    Absence::Disconnect,
                    Absence::Logout,
                ]);
                let trigger = self.trigger(run, absence);
                Episode { absence, trigger, length: self.time(0, 150) }
            })
            .collect()
    }

    fn trigger(&mut self, run: &RunSettings, absence: Absence) -> Trigger {
        if self.chance(0.7) {
            return Trigger::Every(self.time(10, 300));
        }
        let latest = run.until.since_start().as_micros() / 1_000_000;
        Trigger::At {
            at: DailyInstants::Daily(Time::ZERO + self.grid(0, latest)),
            spread: if self.chance(0.5) { Span::ZERO } else { self.grid(5, 60) },
            share: self.stream.random_range(0.3..1.0),
            when_late: match absence {
                Absence::Away(_) | Absence::Logout => {
                    Some(self.one_of(&[WhenLate::Full, WhenLate::Rest]))
                }
                Absence::Interruption | Absence::Disconnect => None,
            },
        }
    }

    fn kind(&mut self, kind: usize, run: &RunSettings) -> ConsumerKind {
        let skills: Vec<u32> = (0..self.skills).map(|_| self.stream.random_range(1..=3)).collect();
        let total: u32 = skills.iter().sum();
        let share = |&weight: &u32| f64::from(weight) / f64::from(total);
        ConsumerKind {
            name: format!("kind {kind}"),
            arrivals: self.arrivals(run),
            skills: (0..).map(SkillId).zip(skills.iter().map(share)).collect(),
            priority: self.chance(0.5).then(|| self.stream.random_range(-1..=1)),
            work: WorkFactors::default(),
            backlog: Vec::new(),
            messages: match self.stream.random_range(0..4) {
                0 => Turns::Unlimited,
                1 => Turns::Fixed(self.stream.random_range(1..=4)),
                _ => Turns::Geometric(self.stream.random_range(0.2..0.8)),
            },
            burst: self
                .chance(0.4)
                .then(|| Burst { size: self.count(1, 3), gap: self.time(0, 15) }),
            think: self.time(5, 60),
            patience: self.patience(),
            silent_share: self.one_of(&[0.0, 0.5, 1.0]),
            closes_share: self.one_of(&[0.0, 0.5]),
            returns: self.chance(0.4).then(|| Returns {
                share: self.stream.random_range(0.2..1.0),
                after: self.time(0, 60),
                at_most: self.stream.random_range(1..=3),
            }),
            recontacts: self.chance(0.3).then(|| Recontacts {
                share: self.stream.random_range(0.1..0.8),
                after: self.time(0, 90),
            }),
        }
    }

    fn arrivals(&mut self, run: &RunSettings) -> ArrivalProcess {
        let seconds = run.until.since_start().as_micros() / 1_000_000;
        match self.stream.random_range(0..10) {
            0 => ArrivalProcess::constant(self.stream.random_range(20.0..150.0)).expect("a rate"),
            1 => {
                let rates = vec![self.stream.random_range(0.0..100.0), 150.0, 0.0, 40.0];
                let every = self.grid(60, seconds);
                let rates = PiecewiseRates::new(Time::ZERO, every, rates).expect("rates");
                ArrivalProcess::Piecewise(if self.chance(0.5) {
                    rates.with_busyness(4.0).expect("a shape")
                } else {
                    rates
                })
            }
            2 => {
                let population = self.stream.random_range(1..=6);
                ArrivalProcess::Closed { population, whole: population, pause: self.time(5, 90) }
            }
            _ => {
                let most = self.one_of(&[6, 15, 30]);
                let visits = self.stream.random_range(1..=most);
                let mut instants: Vec<Time> =
                    (0..visits).map(|_| Time::ZERO + self.grid(0, seconds - 5)).collect();
                instants.sort_unstable();
                ArrivalProcess::Trace(Trace::new(instants).expect("in order"))
            }
        }
    }

    fn patience(&mut self) -> Patience {
        Patience {
            first: self.chance(0.7).then(|| self.time(0, 180)),
            until: self.one_of(&[PatienceUntil::FirstAnswer, PatienceUntil::Assignment]),
            later: self.chance(0.5).then(|| self.time(0, 180)),
        }
    }
}

/// Variants of a scenario that the properties compare.
pub(crate) fn varied(plan: &Plan, vary: impl FnOnce(&mut Plan)) -> Arc<Plan> {
    let mut plan = plan.clone();
    vary(&mut plan);
    Arc::new(plan)
}
