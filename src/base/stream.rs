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
fn mix(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}
