//! Keyed random streams: every draw is a pure function of what it is for.
//!
//! A stream is named by (seed, replication, purpose, entity, index). Two policies therefore face
//! the same people (common random numbers), and neither more replications nor more threads change
//! what replication *k* draws.
//!
//! The generator is PCG XSL 128/64 (MCG), [`rand_pcg::Pcg64Mcg`], whose output is fixed across
//! versions and platforms. Its 128-bit state is the key, mixed word by word with the 64-bit
//! finalizer of SplitMix64 (Steele, Lea and Flood 2014) in two lanes with different constants.

use rand_pcg::Pcg64Mcg;

/// A stream of random numbers for one purpose of one entity.
pub type Stream = Pcg64Mcg;

/// What a stream is drawn for. The numbers are part of the key: never renumber, only append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// Arrival instants of a kind of consumers.
    Arrivals = 1,
    /// Gamma busyness factor of a day.
    Busyness = 2,
    /// Skill that a conversation asks for.
    Skill = 3,
    /// Number of turns of a conversation.
    Turns = 4,
    /// Size and gaps of a burst of messages.
    Burst = 5,
    /// Think time before a turn.
    Think = 6,
    /// Patience, by turn.
    Patience = 7,
    /// Whether an abandonment is silent.
    Silent = 8,
    /// Whether and when an abandoner returns.
    Return = 9,
    /// Work of answering a turn, by turn and attempt.
    Effort = 10,
    /// What the agent does with a turn: answer, park, hand over.
    Step = 11,
    /// Manual SLA on a turn.
    ManualSla = 12,
    /// Which specialist of a group a conversation is for.
    Specialist = 13,
    /// Boomerang of a parked turn.
    Boomerang = 14,
    /// Work after a conversation.
    WrapUp = 15,
    /// Random absences of an agent, by episode kind.
    Episode = 16,
    /// How late an agent ends its shift.
    Late = 17,
    /// When an agent looks at the queue, and how long it decides.
    Look = 18,
    /// Which conversation an agent picks at random.
    Pick = 19,
    /// Delay between a logout and the removal of ownership.
    OwnershipRemoval = 20,
    /// Pause of a consumer of a closed population between conversations.
    Pause = 21,
    /// Whether an agent takes part in a scheduled episode.
    Share = 22,
    /// Whether a consumer closes the conversation itself after its last answer.
    Closes = 23,
    /// Who is struck by a fault, and when.
    Fault = 24,
    /// Whether and when a client comes again after a resolved contact.
    Recontact = 25,
    /// Whether a reply sets a boomerang, and when that comes.
    ReplyBoomerang = 26,
    /// Length of a planned absence, by its day.
    PlannedLength = 27,
    /// What an agent does with a conversation at the end of its shift.
    EndOfShift = 28,
    /// Who is absent on a day.
    Shrinkage = 29,
    /// Parameters of a simulated past, and what is left to chance when it is held against a log.
    Backcast = 30,
    /// Draws of tests.
    Test = 99,
}

/// All streams of one replication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Streams {
    low: u64,
    high: u64,
}

impl Streams {
    /// The streams of `replication` under `seed`.
    pub fn new(seed: u64, replication: u64) -> Self {
        let start = Self { low: 0x243f_6a88_85a3_08d3, high: 0x1319_8a2e_0370_7344 };
        start.absorb(seed).absorb(replication)
    }

    /// The stream for `purpose` of `entity`, number `index`.
    pub fn stream(&self, purpose: Purpose, entity: u64, index: u64) -> Stream {
        let key = self.absorb(purpose as u64).absorb(entity).absorb(index);
        Pcg64Mcg::new((u128::from(key.high) << 64) | u128::from(key.low))
    }

    fn absorb(self, word: u64) -> Self {
        Self {
            low: mix((self.low ^ word).wrapping_add(0x9e37_79b9_7f4a_7c15)),
            high: mix((self.high ^ word.rotate_left(32)).wrapping_add(0xd1b5_4a32_d192_ed03)),
        }
    }
}

/// The streams of one shard of a wall-clock run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShardStreams {
    /// Of its agents and its router, as if it were a replication of its own: agents are numbered anew
    /// in each shard.
    pub own: Streams,
    /// Of all who come, whatever the number of shards.
    pub consumers: Streams,
}

impl ShardStreams {
    /// The streams of shard number `shard` under `seed`.
    pub fn new(seed: u64, shard: u32) -> Self {
        Self { own: Streams::new(seed, shard.into()), consumers: Streams::new(seed, 0) }
    }
}

/// A uniform number in [0, 1) with 53 random bits.
#[inline]
pub fn uniform(stream: &mut Stream) -> f64 {
    use rand::Rng as _;
    (stream.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

/// A uniform number in (0, 1), symmetric about one half, with 52 random bits: for inverses that are
/// infinite at 0 or 1.
#[inline]
pub fn open_uniform(stream: &mut Stream) -> f64 {
    use rand::Rng as _;
    ((stream.next_u64() >> 12) as f64 + 0.5) * (1.0 / (1u64 << 52) as f64)
}

/// The finalizer of SplitMix64: a bijection of 64-bit words that flips every output bit with
/// probability close to one half when one input bit flips.
pub fn mix(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rand::Rng as _;

    use super::*;
    use crate::base::testing::{
        KOLMOGOROV_BOUND, NORMAL_BOUND, kolmogorov_smirnov, standard_errors, stream,
    };

    /// Seed, replication, entity, index.
    type Key = [u64; 4];

    fn keyed([seed, replication, entity, index]: Key) -> Stream {
        Streams::new(seed, replication).stream(Purpose::Test, entity, index)
    }

    /// The product of two independent uniform numbers, centred, has mean 0.
    fn product(mut one: Stream, mut other: Stream) -> f64 {
        (uniform(&mut one) - 0.5) * (uniform(&mut other) - 0.5)
    }

    #[test]
    fn neighbouring_keys_give_uncorrelated_uniform_numbers() {
        for word in 0..4 {
            let key = |value| {
                let mut key = [7, 3, 40, 2];
                key[word] = value;
                key
            };
            let first = (0..100_000).map(|value| uniform(&mut keyed(key(value)))).collect();
            let statistic = kolmogorov_smirnov(first, |x| x.clamp(0.0, 1.0));
            assert!(statistic < KOLMOGOROV_BOUND, "word {word}: {statistic}");
            for step in [1, 2, 1 << 32] {
                let products = (0..100_000).map(|value: u64| {
                    product(keyed(key(value)), keyed(key(value.wrapping_add(step))))
                });
                let errors = standard_errors(products, 0.0);
                assert!(errors < NORMAL_BOUND, "word {word}, step {step}: {errors}");
            }
        }
    }

    #[test]
    fn purposes_and_successive_numbers_are_uncorrelated() {
        let streams = Streams::new(1, 1);
        let purposes = (0..100_000).map(|entity| {
            let turns = streams.stream(Purpose::Turns, entity, 0);
            product(turns, streams.stream(Purpose::Burst, entity, 0))
        });
        assert!(standard_errors(purposes, 0.0) < NORMAL_BOUND);
        let successors = (0..100_000).map(|entity| {
            let one = streams.stream(Purpose::Turns, entity, 0);
            let mut next = one.clone();
            next.next_u64();
            product(one, next)
        });
        assert!(standard_errors(successors, 0.0) < NORMAL_BOUND);
    }

    #[test]
    fn every_bit_of_the_key_flips_every_bit_of_the_first_number_half_of_the_time() {
        const KEYS: u64 = 600;
        let mut source = stream(11);
        let keys: Vec<Key> =
            (0..KEYS).map(|_| std::array::from_fn(|_| source.next_u64())).collect();
        for bit in 0..256 {
            let mut flips = [0u64; 64];
            for key in &keys {
                let mut flipped = *key;
                flipped[bit / 64] ^= 1 << (bit % 64);
                let difference = keyed(*key).next_u64() ^ keyed(flipped).next_u64();
                for (output, count) in flips.iter_mut().enumerate() {
                    *count += difference >> output & 1;
                }
            }
            // Among 16,384 pairs of bits one beyond 5.7 standard errors is a matter of 1 in 5,000.
            let bound = 5.7 * (KEYS as f64).sqrt() / 2.0;
            for (output, &count) in flips.iter().enumerate() {
                let excess = (count as f64 - KEYS as f64 / 2.0).abs();
                assert!(excess < bound, "key bit {bit}, output bit {output}: {count} of {KEYS}");
            }
        }
    }

    #[test]
    fn no_two_of_many_keys_share_a_stream() {
        let mut first = BTreeSet::new();
        for seed in 0..8 {
            for replication in 0..8 {
                for entity in 0..64 {
                    for index in 0..32 {
                        first.insert(keyed([seed, replication, entity, index]).next_u64());
                    }
                }
            }
        }
        assert_eq!(first.len(), 8 * 8 * 64 * 32);
    }

    #[test]
    fn open_uniform_numbers_are_uniform_and_symmetric() {
        let mut stream = stream(12);
        let values: Vec<f64> = (0..100_000).map(|_| open_uniform(&mut stream)).collect();
        assert!(values.iter().all(|&value| value > 0.0 && value < 1.0));
        // Exact: every number is an odd multiple of 2⁻⁵³, and so is its complement.
        assert!(values.iter().all(|&value| (1.0 - (1.0 - value)) == value));
        let statistic = kolmogorov_smirnov(values, |x| x.clamp(0.0, 1.0));
        assert!(statistic < KOLMOGOROV_BOUND, "{statistic}");
    }

    /// Pins, not proofs: they show that a platform, a version of a dependency or a change of the
    /// key changes every result.
    #[test]
    fn pinned_numbers() {
        let numbers = [
            keyed([0, 0, 0, 0]).next_u64(),
            keyed([1, 0, 0, 0]).next_u64(),
            keyed([1, 2, 3, 4]).next_u64(),
            keyed([u64::MAX; 4]).next_u64(),
            Streams::new(1, 2).stream(Purpose::Arrivals, 3, 4).next_u64(),
            uniform(&mut keyed([1, 2, 3, 4])).to_bits(),
            open_uniform(&mut keyed([0, 0, 0, 0])).to_bits(),
        ];
        assert_eq!(numbers, PINS);
    }

    const PINS: [u64; 7] = [
        0x9ac9_529b_8c7f_da88,
        0x1256_137b_9638_4fa2,
        0x9c61_1cf1_482d_f99d,
        0x0678_9769_44a0_3072,
        0x112a_cf76_e90a_d4a5,
        0x3fe3_8c23_9e29_05bf,
        0x3fe3_592a_5371_8ffb,
    ];
}
