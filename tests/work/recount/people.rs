//! What agents were at, and what they wrote in vain, by the lines of `audit.csv` that are no changes.

use std::collections::{BTreeMap, BTreeSet};

use shiftstorm::base::time::Time;
use shiftstorm::model::settings::AwayKind;
use shiftstorm::scenario::plan::Plan;

use super::figures::{Recounted, exact, mean, share};
use super::files::{Files, Line};
use super::tables::{Record, Tables, Wait};

pub(super) fn recount(plan: &Plan, files: &Files, tables: &Tables) -> Recounted {
    let counted = files.conversations.iter().filter(|line| line.text("counted") == "yes");
    let people = People {
        plan,
        tables,
        counted: counted.map(|line| line.text("conversation")).collect(),
        lines: &files.audit,
        start: (Time::ZERO + plan.run.warm_up).as_micros(),
        until: plan.run.until.as_micros(),
    };
    let mut recounted = people.lost_answers();
    recounted.extend(people.occurrences());
    recounted.extend(people.offline_owners());
    recounted.extend(people.levels());
    recounted
}

struct People<'a> {
    plan: &'a Plan,
    tables: &'a Tables,
    /// Names of the conversations that count.
    counted: BTreeSet<&'a str>,
    lines: &'a [Line],
    start: i64,
    until: i64,
}

fn at(line: &Line) -> i64 {
    line.time("time").expect("a record has a time")
}

fn sum(lines: &[&Line], head: &str) -> i64 {
    lines.iter().filter_map(|line| line.time(head)).sum()
}

fn hours(micros: i64) -> (Option<f64>, f64) {
    (Some(micros as f64 / 3.6e9), 0.0)
}

impl<'a> People<'a> {
    fn of(&self, record: &'a str) -> impl Iterator<Item = &'a Line> {
        self.lines.iter().filter(move |line| line.text("record") == record)
    }

    /// Of conversations that count.
    fn about(&self, record: &'a str) -> Vec<&'a Line> {
        let counts = |line: &&Line| self.counted.contains(line.text("conversation"));
        self.of(record).filter(counts).collect()
    }

    /// After the warm-up.
    fn timely(&self, record: &'a str) -> Vec<&'a Line> {
        self.of(record).filter(|line| at(line) >= self.start).collect()
    }

    fn lost_answers(&self) -> Recounted {
        let (lost, sent) = (self.about("answer_lost"), self.about("answered"));
        let by = |cause: &str| lost.iter().filter(|line| line.text("cause") == cause).count();
        let gone: Vec<&Line> =
            lost.iter().filter(|line| line.text("cause") != "by_close").copied().collect();
        let (count, work) = (gone.len() as f64, sum(&gone, "worked"));
        let delivered = sum(&sent, "worked");
        // To those who wait, from their message; nothing if the answer was begun before that.
        let answers = sent.iter().filter(|line| line.text("wasted") != "yes");
        let starts: Vec<i64> = answers
            .filter_map(|line| {
                let from = line.time("waiting_since")?;
                let to = self.begun_before(line).max(from);
                let wait = Wait { from, to, replied: at(line) };
                Some(self.tables.counted_of_reply(line.text("conversation"), wait))
            })
            .collect();
        Recounted::from([
            ("start_of_writing_mean", mean(&starts)),
            ("lost_answers", exact(gone.len())),
            ("lost_answers_by_unassign", exact(by("by_unassign"))),
            ("lost_answers_by_removal", exact(by("by_removal"))),
            ("lost_answers_by_hand_back", exact(by("by_hand_back"))),
            ("answers_cut_short", exact(by("by_close"))),
            ("lost_answer_share", share(count, count + sent.len() as f64)),
            ("lost_work", hours(work)),
            ("lost_work_share", share(work as f64, (work + delivered) as f64)),
        ])
    }

    /// When the answer of this line was begun: the last that its agent began there before.
    fn begun_before(&self, sent: &Line) -> i64 {
        let earlier = self.lines.iter().take_while(|line| !std::ptr::eq(*line, sent));
        let same = |line: &&Line| {
            line.text("record") == "answer_begun"
                && ["conversation", "agent"].iter().all(|head| line.text(head) == sent.text(head))
        };
        let begun = earlier.filter(same).last().map(at);
        assert_eq!(begun, sent.time("started"), "an answer is begun before it is sent");
        begun.expect("it was begun")
    }

    fn occurrences(&self) -> Recounted {
        let about = |record: &'a str, head: &str, value: &str| {
            let lines = self.about(record);
            exact(lines.iter().filter(|line| line.text(head) == value).count())
        };
        let stale = |what: &str| {
            let lines = self.timely("stale");
            exact(lines.iter().filter(|line| line.text("cause") == what).count())
        };
        let late = self.timely("plan_late");
        let delays: Vec<i64> = late.iter().filter_map(|line| line.time("delay")).collect();
        let lost = late.iter().filter(|line| line.time("lost").is_some_and(|lost| lost > 0));
        let on_return = self
            .tables
            .records()
            .filter(|record| record.is(&["auto_unassigned"]) && self.has_just_returned(record));
        Recounted::from([
            ("refused_claims", exact(self.timely("claim_refused").len())),
            ("unassigns_on_return", exact(on_return.count())),
            ("suppressed_by_manual_sla", exact(self.about("deadline_suppressed").len())),
            ("manual_slas", about("manual_sla", "on", "yes")),
            ("deadlines_moved", about("consumer_message", "moved_deadline", "yes")),
            ("notifications", exact(self.about("notified").len())),
            ("stale_notifications", about("notified", "stale", "yes")),
            ("overshoots", exact(self.about("overshoot").len())),
            ("late_absences", exact(delays.len())),
            ("late_absence_delay_mean", mean(&delays)),
            ("lost_absences", exact(lost.count())),
            ("lost_absence_time", hours(sum(&late, "lost"))),
            ("ends_of_shift_missed", exact(self.timely("end_of_shift_missed").len())),
            ("stale_deadlines", stale("deadline")),
            ("stale_manual_slas", stale("manual_sla")),
            ("stale_removals", stale("ownership_removal")),
            ("stale_acts", stale("agent_act")),
            ("stale_boomerangs", stale("boomerang")),
        ])
    }

    /// States of an agent, each with its beginning; Offline before the first.
    fn states(&self, agent: &str) -> Vec<(i64, &'a str)> {
        let lines = self.of("agent_state").filter(|line| line.text("agent") == agent);
        let states = lines.map(|line| (at(line), line.text("state")));
        std::iter::once((i64::MIN, "Offline")).chain(states).collect()
    }

    /// D23.
    fn has_just_returned(&self, record: &Record) -> bool {
        let states = self.states(record.from.as_ref().expect("it had an owner"));
        let mut steps = states.windows(2).filter(|step| step[1].0 == record.at);
        steps.any(|step| step[1].1 == "Online" || step[0].1 == "Offline")
    }

    /// Times in which an agent was Offline.
    fn offline(&self, agent: &str) -> Vec<(i64, i64)> {
        let states = self.states(agent);
        let ends = states.iter().skip(1).map(|(at, _)| *at).chain([i64::MAX]);
        let spells = states.iter().zip(ends).filter(|((_, state), _)| *state == "Offline");
        spells.map(|(&(from, _), to)| (from, to)).collect()
    }

    fn offline_owners(&self) -> Recounted {
        let ended = self.tables.conversations.iter().map(|one| one.ended).max().unwrap_or(0);
        let (mut stranded, mut area) = (Vec::new(), 0);
        for stay in self.tables.stays.iter().filter(|stay| stay.status == "new") {
            let Some(owner) = &stay.owner else { continue };
            let within = |from: i64, to: i64| -> i64 {
                let spells = self.offline(owner);
                spells.iter().map(|&(begins, ends)| (ends.min(to) - begins.max(from)).max(0)).sum()
            };
            let ends = stay.ends.unwrap_or(ended);
            let time = within(stay.begins, ends);
            stranded.extend((stay.counts && time > 0).then_some(time));
            area += within(stay.begins.max(self.start), ends.min(self.until));
        }
        let delays: Vec<i64> =
            self.tables.counted().flat_map(|one| self.removal_delays(&one.trail)).collect();
        let longest = |times: &[i64]| {
            let longest = times.iter().max().map(|&time| time as f64 / 1e6);
            (longest, longest.map_or(0.0, |longest| longest * 1e-3 + 1e-3))
        };
        Recounted::from([
            ("stranded", exact(stranded.len())),
            ("stranded_mean", mean(&stranded)),
            ("stranded_max", longest(&stranded)),
            ("stranded_level", share(area as f64, (self.until - self.start) as f64)),
            ("removal_delay_mean", mean(&delays)),
            ("removal_delay_max", longest(&delays)),
        ])
    }

    /// From the logout, or the assignment if that came later, to each removal on logout.
    fn removal_delays(&self, trail: &[Record]) -> Vec<i64> {
        let removed =
            trail.iter().enumerate().filter(|(_, it)| it.is(&["ownership_removed_logout"]));
        let delay = |(place, record): (usize, &Record)| {
            let owner = record.from.as_ref().expect("it had an owner");
            let before = |it: &&Record| it.to.as_ref() != Some(owner) || it.status != "new";
            let since = trail[..place].iter().rposition(|it| before(&it)).map_or(0, |at| at + 1);
            let gone = self.offline(owner).into_iter().map(|(from, _)| from);
            let logout = gone.filter(|from| *from <= record.at).max().expect("it logged out");
            record.at - logout.max(trail[since].at)
        };
        removed.map(delay).collect()
    }

    /// Time of all agents in each way, to the horizon.
    fn levels(&self) -> Recounted {
        let mut times = BTreeMap::<&'static str, f64>::new();
        let groups = self.plan.centre.groups.iter();
        let agents = groups.flat_map(|group| {
            (1..=group.count).map(|number| (format!("{} {number}", group.name), group.concurrency))
        });
        for (agent, slots) in agents {
            self.spend(&agent, f64::from(slots), &mut times);
        }
        let time = |what: &str| times.get(what).copied().unwrap_or(0.0);
        let level = |what: &str| share(time(what), (self.until - self.start) as f64);
        let part = |what: &str| share(time(what), time("logged in"));
        Recounted::from([
            ("agents_online", level("online")),
            ("agents_away", level("away")),
            ("agents_offline", level("offline")),
            ("agents_busy", level("busy")),
            ("agents_unresponsive", level("unresponsive")),
            ("agents_closing", level("closing")),
            ("slots_used", level("slots used")),
            ("slots", level("slots")),
            ("logged_in_hours", (Some(time("logged in") / 3.6e9), 0.0)),
            ("occupancy", part("busy")),
            ("slot_use", share(time("slots used"), time("slots"))),
            ("idle", part("idle")),
            ("interrupted", part("unresponsive")),
            ("away", part("away")),
            ("away_planned", part("planned")),
            ("away_at_random", part("at random")),
            ("away_set", part("set")),
            ("away_at_end_of_shift", part("end of shift")),
        ])
    }

    /// Cuts the time of one agent wherever a line is about it, and adds each piece to what it was at.
    fn spend(&self, agent: &str, slots: f64, times: &mut BTreeMap<&'static str, f64>) {
        let lines: Vec<&Line> = self.lines.iter().filter(|it| it.text("agent") == agent).collect();
        let cuts = lines.iter().map(|line| at(line)).filter(|cut| *cut > self.start);
        let cuts: BTreeSet<i64> =
            cuts.filter(|cut| *cut < self.until).chain([self.start, self.until]).collect();
        let cuts = Vec::from_iter(cuts);
        for piece in cuts.windows(2) {
            let last = |record: &str, head: &str| {
                let is_known = |it: &&&Line| at(it) <= piece[0] && it.text("record") == record;
                lines.iter().rfind(is_known).map(|it| it.text(head))
            };
            let is_on = |record: &str| last(record, "on") == Some("yes");
            let state = last("agent_state", "state").unwrap_or("Offline");
            let mut add = |what: &'static str, weight: f64| {
                *times.entry(what).or_default() += weight * (piece[1] - piece[0]) as f64;
            };
            if state == "Offline" {
                add("offline", 1.0);
                continue;
            }
            add("logged in", 1.0);
            add("slots", slots);
            let used = last("slots_in_use", "slots").map_or(0.0, |used| used.parse().unwrap());
            add("slots used", used);
            let (is_silent, is_busy) = (is_on("unresponsive"), is_on("busy"));
            let is_online = state == "Online";
            add(if is_online { "online" } else { "away" }, 1.0);
            if !is_online {
                add(self.kind_of(state), 1.0);
            }
            add("closing", f64::from(u8::from(is_on("closing"))));
            add("unresponsive", f64::from(u8::from(is_silent)));
            add("busy", f64::from(u8::from(is_busy && !is_silent)));
            add("idle", f64::from(u8::from(is_online && !is_busy && !is_silent)));
        }
    }

    fn kind_of(&self, state: &str) -> &'static str {
        let mut reasons = self.plan.centre.reasons.iter();
        let reason = reasons.find(|reason| state == format!("Away ({})", reason.name));
        match reason.expect("a reason of the plan").kind {
            AwayKind::Planned => "planned",
            AwayKind::AtRandom => "at random",
            AwayKind::ByPlatform => "set",
            AwayKind::EndOfShift => "end of shift",
        }
    }
}
