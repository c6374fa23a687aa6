//! How fast each agent works, against the group.

use super::confidence::{CONFIDENCE, ConfidenceInterval, Estimated};
use super::duration_bins::{DurationBins, Sample};
use super::fit::{ChosenFit, choose_fit};
use super::law::{Family, Law, floored_log};
use super::likelihood::maximize;
use crate::base::special::gamma_survival;

/// The work of an agent on its replies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentReplies {
    /// The agent.
    pub name: String,
    /// What it did, by kind of work, all agents in the same order; answers that were cut are cut.
    pub replies: Vec<DurationBins>,
}

impl AgentReplies {
    fn ended(&self) -> u64 {
        self.replies.iter().map(DurationBins::ended).sum()
    }
}

/// The work of a group and how fast each agent is in it.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupWork {
    /// The work of a reply at the speed of the group; of several kinds, each made as long as all on average.
    pub work: ChosenFit,
    /// The agents that answered at all, in the order given.
    pub speeds: Vec<AgentSpeed>,
    /// Standard deviation of the logarithm of speed among the agents.
    pub spread: f64,
    /// The probability that agents of the same speed differ as much.
    pub alike_probability: f64,
}

/// The speed of an agent: its work takes that of the group divided by it.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentSpeed {
    /// The agent.
    pub name: String,
    /// Shrunk towards the group: the fewer replies, the nearer to 1.
    pub speed: Estimated,
    /// From its own replies alone.
    pub own: f64,
}

/// A speed from the agent's own replies, as a logarithm.
struct OwnSpeed {
    agent: usize,
    logarithm: f64,
    variance: f64,
}

/// Where speeds come from: logarithms are normal around `mean` with `variance`.
struct SpeedPrior {
    mean: f64,
    variance: f64,
    mean_variance: f64,
    alike_probability: f64,
}

impl GroupWork {
    /// Work and speeds, by turns: the distribution of work is fitted to the replies of all, each at the
    /// speed of its agent, and the speeds to that distribution. None if nothing could be fitted.
    ///
    /// Kinds of work are first made equally long, by their means of logarithms, so that nobody is slow who
    /// has long work.
    ///
    /// The logarithm of an agent's own speed is estimated by maximum likelihood and then drawn towards the
    /// mean of all by its error against the spread among agents (empirical Bayes: Efron and Morris 1975,
    /// Journal of the American Statistical Association 70, 311–319; the interval with the error of the mean
    /// as in Morris 1983, same journal 78, 47–55).
    pub fn of(agents: &[AgentReplies], families: &[Family]) -> Option<Self> {
        let factors = equal_kinds(agents);
        let sample = |agent: &AgentReplies| {
            let kinds = agent.replies.iter().zip(&factors);
            Sample::pooled(kinds.map(|(kind, factor)| kind.sample().times(*factor)))
        };
        let samples = Vec::from_iter(agents.iter().map(sample));
        let mut speeds = vec![1.0; agents.len()];
        for _ in 1..ROUNDS {
            let work = choose_fit(&at_speeds(&samples, &speeds), families)?;
            let own = own_speeds(&samples, &work.best().law);
            let prior = SpeedPrior::of(&own)?;
            for own in &own {
                speeds[own.agent] = libm::exp(prior.shrunk(own).value);
            }
        }
        let work = choose_fit(&at_speeds(&samples, &speeds), families)?;
        let own = own_speeds(&samples, &work.best().law);
        let prior = SpeedPrior::of(&own)?;
        let told = |own: &OwnSpeed| {
            let Estimated { value, interval, .. } = prior.shrunk(own);
            let observations = agents[own.agent].ended();
            let interval = interval.map(libm::exp);
            AgentSpeed {
                name: agents[own.agent].name.clone(),
                speed: Estimated { value: libm::exp(value), interval, observations },
                own: libm::exp(own.logarithm - prior.mean),
            }
        };
        Some(Self {
            work,
            speeds: own.iter().map(told).collect(),
            spread: libm::sqrt(prior.variance),
            alike_probability: prior.alike_probability,
        })
    }
}

impl SpeedPrior {
    /// The variance between agents by the moments of DerSimonian and Laird 1986 (Controlled Clinical
    /// Trials 7, 177–188), from the statistic Q of Cochran 1954 (Biometrics 10, 101–129), which is
    /// chi-squared if all are alike. None without agents.
    fn of(own: &[OwnSpeed]) -> Option<Self> {
        if own.is_empty() {
            return None;
        }
        let mean = |weight: &dyn Fn(&OwnSpeed) -> f64| {
            let weights: f64 = own.iter().map(weight).sum();
            let sum: f64 = own.iter().map(|own| weight(own) * own.logarithm).sum();
            (sum / weights, weights)
        };
        let sure = |own: &OwnSpeed| 1.0 / own.variance;
        let (centre, weights) = mean(&sure);
        let statistic = own.iter().map(|own| {
            let away = own.logarithm - centre;
            away * away / own.variance
        });
        let statistic: f64 = statistic.sum();
        let squares: f64 = own.iter().map(|own| 1.0 / (own.variance * own.variance)).sum();
        let freedom = own.len() as f64 - 1.0;
        let variance = if own.len() > 1 {
            ((statistic - freedom) / (weights - squares / weights)).max(0.0)
        } else {
            0.0
        };
        let (mean, weights) = mean(&|own| 1.0 / (own.variance + variance));
        let alike_probability =
            if own.len() > 1 { gamma_survival(freedom / 2.0, statistic / 2.0) } else { 1.0 };
        Some(Self { mean, variance, mean_variance: 1.0 / weights, alike_probability })
    }

    /// The logarithm of a speed relative to the mean of all.
    fn shrunk(&self, own: &OwnSpeed) -> Estimated {
        let share = self.variance / (self.variance + own.variance);
        let value = share * (own.logarithm - self.mean);
        let variance = share * own.variance + (1.0 - share) * (1.0 - share) * self.mean_variance;
        let interval = ConfidenceInterval::wald(value, libm::sqrt(variance), CONFIDENCE);
        Estimated { value, interval, observations: 0 }
    }
}

/// By what to multiply the work of each kind to make all equally long.
fn equal_kinds(agents: &[AgentReplies]) -> Vec<f64> {
    let count = agents.iter().map(|agent| agent.replies.len()).max().unwrap_or(0);
    let of_kinds = |kinds: std::ops::Range<usize>| {
        let bins = agents.iter().flat_map(|agent| agent.replies.get(kinds.clone()));
        let all = bins.flatten().cloned().reduce(|mut all, bins| {
            all.merge(&bins);
            all
        });
        all.and_then(|all| all.mean_logarithm())
    };
    let all = of_kinds(0..count);
    let factor = |kind: usize| {
        let own = of_kinds(kind..kind + 1).zip(all);
        own.map_or(1.0, |(own, all)| libm::exp(all - own))
    };
    (0..count).map(factor).collect()
}

/// Of the agents that answered at all.
fn own_speeds(samples: &[Sample], work: &Law) -> Vec<OwnSpeed> {
    let own = samples.iter().enumerate().filter(|(_, sample)| sample.ends() > 0.0);
    let own = own.filter_map(|(agent, sample)| {
        let maximum = maximize(&[0.0], |place| at_speed(sample, work, place[0]))?;
        let logarithm = maximum.parameters[0];
        Some(OwnSpeed { agent, logarithm, variance: maximum.covariance.entry(0, 0) })
    });
    own.collect()
}

/// The log-likelihood of a speed.
fn at_speed(sample: &Sample, work: &Law, logarithm: f64) -> f64 {
    let speed = libm::exp(logarithm);
    let ended = sample.ended.iter().map(|time| {
        let seconds = time.seconds.max(SHORTEST) * speed;
        time.weight * (work.body.log_density(seconds) + logarithm)
    });
    let censored = sample.censored.iter();
    let censored =
        censored.map(|time| time.weight * floored_log(work.body.survival(time.seconds * speed)));
    ended.sum::<f64>() + censored.sum::<f64>()
}

/// All replies as if each agent had the speed of the group.
fn at_speeds(samples: &[Sample], speeds: &[f64]) -> Sample {
    Sample::pooled(samples.iter().zip(speeds).map(|(sample, speed)| sample.times(*speed)))
}

/// What a clock shows as no time has taken some.
const SHORTEST: f64 = 1e-3;
/// Work and speeds hardly change after the second.
const ROUNDS: u32 = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::distribution::Distribution;
    use crate::base::special::normal_quantile;
    use crate::base::stream::open_uniform;
    use crate::base::testing::stream;
    use crate::base::time::Span;
    use crate::estimation::drawn::is_near;

    /// Agents whose speeds have a logarithm of this standard deviation; of every other one few replies.
    fn agents(spread: f64, entity: u64) -> (Vec<f64>, Vec<AgentReplies>) {
        let work = Distribution::lognormal(60.0, 0.7).unwrap();
        let mut stream = stream(entity);
        let mut speeds = Vec::new();
        let mut agents = Vec::new();
        for number in 0..30 {
            let speed = libm::exp(spread * normal_quantile(open_uniform(&mut stream)));
            let mut replies = DurationBins::exact();
            for _ in 0..if number % 2 == 0 { 20 } else { 200 } {
                let time = work.sample(&mut stream) / speed;
                // A timeout takes what is not answered in time.
                match time < 120.0 {
                    true => replies.add(Span::from_secs_f64(time)),
                    false => replies.add_censored(Span::from_secs(120)),
                }
            }
            speeds.push(speed);
            agents.push(AgentReplies { name: format!("agent {number}"), replies: vec![replies] });
        }
        (speeds, agents)
    }

    #[test]
    fn speeds_are_shrunk_to_the_group_and_are_nearer_to_the_truth() {
        let (mut inside, mut own_error, mut shrunk_error) = (0, 0.0, 0.0);
        for entity in 0..8 {
            let (speeds, agents) = agents(0.2, 7_000 + entity);
            let group = GroupWork::of(&agents, &[Family::Lognormal]).unwrap();
            // The centre of these thirty is the speed that the group has.
            let centre = speeds.iter().map(|speed| libm::log(*speed)).sum::<f64>() / 30.0;
            for (found, truth) in group.speeds.iter().zip(&speeds) {
                let truth = truth / libm::exp(centre);
                inside += u64::from(found.speed.interval.contains(truth));
                own_error += libm::pow(libm::log(found.own / truth), 2.0);
                shrunk_error += libm::pow(libm::log(found.speed.value / truth), 2.0);
            }
            assert!((group.spread - 0.2).abs() < 0.1, "{}", group.spread);
            assert!(group.alike_probability < 1e-3);
            assert_eq!(group.speeds[3].name, "agent 3");
        }
        // Binomial with n = 240 and p = .95: outside 217–239 with a probability below one in a thousand.
        assert!((217..=239).contains(&inside), "{inside}");
        assert!(shrunk_error < 0.8 * own_error, "{shrunk_error} {own_error}");
    }

    #[test]
    fn work_at_the_speed_of_the_group_is_narrower_than_all_replies_together() {
        let (_, agents) = agents(0.5, 230);
        let group = GroupWork::of(&agents, &[Family::Lognormal]).unwrap();
        let sigma = group.work.best().parameters[1].estimated;
        // The logarithm of a lognormal of coefficient of variation .7 has the variance ln 1.49; all together
        // have .25 more.
        assert!(is_near(sigma, libm::sqrt(libm::log(1.49))), "{sigma:?}");
        assert!(sigma.interval.high < libm::sqrt(libm::log(1.49) + 0.25) - 0.1, "{sigma:?}");
    }

    #[test]
    fn three_speeds_by_hand() {
        let own = |agent, logarithm: f64| OwnSpeed { agent, logarithm, variance: 1.0 };
        let prior = SpeedPrior::of(&[own(0, -3.0), own(1, 0.0), own(2, 3.0)]).unwrap();
        // Q = 18 with two degrees of freedom: (18 − 2) / (3 − 3 / 3) = 8.
        assert!((prior.variance - 8.0).abs() < 1e-12 && prior.mean.abs() < 1e-12);
        assert!((prior.alike_probability - libm::exp(-9.0)).abs() < 1e-12);
        let shrunk = prior.shrunk(&own(2, 3.0));
        assert!((shrunk.value - 3.0 * 8.0 / 9.0).abs() < 1e-12);
        // 8/9 · 1 + 1/81 · 9/3.
        let error = (shrunk.interval.high - shrunk.value) / 1.959_964;
        assert!((error - libm::sqrt(8.0 / 9.0 + 3.0 / 81.0)).abs() < 1e-6);
    }

    #[test]
    fn alike_agents_have_one_speed_and_idle_ones_none() {
        let (_, mut agents) = agents(0.0, 231);
        let idle = AgentReplies { name: "idle".to_owned(), replies: vec![DurationBins::exact()] };
        agents.push(idle);
        let group = GroupWork::of(&agents, &[Family::Lognormal]).unwrap();
        assert_eq!(group.speeds.len(), 30);
        assert!(group.alike_probability > 1e-3 && group.spread < 0.1, "{group:?}");
        assert!(GroupWork::of(&agents[30..], &[Family::Lognormal]).is_none());
    }

    /// One kind of work is three times as long, and some agents have much of it, others little.
    #[test]
    fn nobody_is_slow_who_has_long_work() {
        let kinds = [20.0, 60.0].map(|mean| Distribution::lognormal(mean, 0.7).unwrap());
        let mut stream = stream(232);
        let mut agent = |number: usize, speed: f64| {
            let mut replies = vec![DurationBins::exact(), DurationBins::exact()];
            for reply in 0..400 {
                let kind = usize::from(reply % 8 < number);
                replies[kind].add(Span::from_secs_f64(kinds[kind].sample(&mut stream) / speed));
            }
            AgentReplies { name: format!("agent {number}"), replies }
        };
        let alike = Vec::from_iter((1..8).map(|number| agent(number, 1.0)));
        let group = GroupWork::of(&alike, &[Family::Lognormal]).unwrap();
        assert!(group.alike_probability > 1e-3, "{group:?}");
        let mut differ = alike;
        differ[0] = agent(1, 0.7);
        let group = GroupWork::of(&differ, &[Family::Lognormal]).unwrap();
        assert!(group.alike_probability < 1e-3, "{group:?}");
        assert!(group.speeds[1..].iter().all(|it| it.speed.value > group.speeds[0].speed.value));
    }
}
