//! What may be meant otherwise about hand-overs to specialists.

use super::Review;
use crate::base::time::Time;
use crate::model::settings::{AgentGroup, HandOver, HandOverMode, HandOverTo, Turns};

impl Review<'_> {
    pub(super) fn hand_overs(&self) {
        for giver in &self.plan.centre.groups {
            for hand_over in &giver.hand_overs {
                if let HandOverTo::Specialist { group, needs, mode } = &hand_over.to {
                    let receiver = &self.plan.centre.groups[usize::from(group.0)];
                    if needs.is_none() {
                        self.keeps_its_skill(giver, receiver);
                    }
                    if matches!(mode, HandOverMode::Assign { .. }) {
                        self.overshoots(giver, hand_over, receiver);
                    }
                }
            }
        }
    }

    /// B10: nothing tells the receiver from the giver.
    fn keeps_its_skill(&self, giver: &AgentGroup, receiver: &AgentGroup) {
        let message = format!(
            "the agents of `{}` have no skill that those of `{}` lack: what is handed over to them \
             needs what it needed before, and taken from them it is for everybody who has that",
            receiver.name, giver.name
        );
        let finding = self.at(&["agents", &giver.name, "hand_overs"], message);
        let help = "give the specialists a skill of their own, or name one in `needs`";
        self.warn(finding.help(help).rule("B10"));
    }

    /// E16: more is handed over than there are slots.
    fn overshoots(&self, giver: &AgentGroup, hand_over: &HandOver, receiver: &AgentGroup) {
        let chance = self.chance_of_no_slot(giver, hand_over, receiver);
        if chance >= LIKELY {
            let message = format!(
                "about {:.0} % of what is handed over to `{}` will find its specialist without a free \
                 slot, and is assigned all the same",
                100.0 * chance,
                receiver.name
            );
            let finding = self.at(&["agents", &giver.name, "hand_overs"], message);
            let help = "`mode = \"reserve\"` in `to` makes it wait for a slot; or give the specialists \
                        more `concurrency`";
            self.warn(finding.help(help).rule("E16"));
        }
    }

    /// Probability that a specialist owns as many as it has slots, if what is handed over came at a
    /// steady rate and nothing else did.
    fn chance_of_no_slot(
        &self,
        giver: &AgentGroup,
        hand_over: &HandOver,
        receiver: &AgentGroup,
    ) -> f64 {
        let (turns, holds) = self.turns_of(giver, receiver);
        let rate = turns * hand_over.share / f64::from(receiver.count.max(1));
        if rate * receiver.reply_time.mean() >= 1.0 {
            return 1.0;
        }
        let owned = rate * holds;
        let below = (0..receiver.concurrency).scan(libm::exp(-owned), |chance, number| {
            let now = *chance;
            *chance *= owned / f64::from(number + 1);
            Some(now)
        });
        1.0 - below.sum::<f64>()
    }

    /// Turns a second that come to the agents of a group, and how long, in seconds, a conversation of
    /// theirs stays with a receiver on average.
    fn turns_of(&self, giver: &AgentGroup, receiver: &AgentGroup) -> (f64, f64) {
        let centre = &self.plan.centre;
        let length = self.plan.run.until.since_start().as_secs_f64();
        let reply = receiver.reply_time.mean();
        let (mut all, mut held) = (0.0, 0.0);
        for kind in &centre.kinds {
            let asked = kind.skills.iter().filter(|(skill, _)| giver.skills.contains(skill));
            let to_giver = asked.map(|(skill, share)| {
                let others = centre.groups.iter().filter(|group| group.skills.contains(skill));
                let agents: u32 = others.map(|group| group.count).sum();
                share * f64::from(giver.count) / f64::from(agents.max(1))
            });
            let conversations = kind.arrivals.expected(Time::ZERO, self.plan.run.until);
            let (turns, later) = match kind.messages {
                Turns::Fixed(turns) => (f64::from(turns), f64::from(turns - 1) / 2.0),
                Turns::Geometric(ends) => (1.0 / ends, 1.0 / ends - 1.0),
                Turns::Unlimited => continue,
            };
            let turns = conversations * to_giver.sum::<f64>() * turns / length;
            all += turns;
            held += turns * (reply + later * (reply + kind.think.mean()));
        }
        (all, if all > 0.0 { held / all } else { 0.0 })
    }
}

/// From this probability on an overshoot is worth a word.
const LIKELY: f64 = 0.1;
