//! HdrHistogram interval logs, read by code that shares nothing with what writes them.

use std::collections::BTreeMap;
use std::io::Read as _;

use base64::Engine as _;

/// A histogram: how often each value occurs, by the highest value that counts as the same.
#[derive(Debug, Default)]
pub(super) struct ReadHistogram {
    pub(super) counts: BTreeMap<u64, u64>,
}

/// A line of the log.
#[derive(Debug)]
pub(super) struct LogLine {
    pub(super) tag: String,
    pub(super) start: f64,
    pub(super) length: f64,
    /// In seconds.
    pub(super) max: f64,
    pub(super) histogram: ReadHistogram,
}

impl ReadHistogram {
    pub(super) fn count(&self) -> u64 {
        self.counts.values().sum()
    }

    /// The value that a share of all do not exceed.
    pub(super) fn quantile(&self, share: f64) -> u64 {
        let rank = ((share * self.count() as f64).ceil() as u64).max(1);
        let mut counted = 0;
        let found = self.counts.iter().find(|(_, count)| {
            counted += **count;
            counted >= rank
        });
        found.map_or(0, |(value, _)| *value)
    }
}

/// Reads a log, and the start that it tells, in seconds since 1970.
pub(super) fn read(text: &str) -> (f64, Vec<LogLine>) {
    let start = text.lines().find_map(|line| line.strip_prefix("#[StartTime: "));
    let start = start.and_then(|rest| rest.split(' ').next()?.parse().ok()).expect("a start");
    let lines = text.lines().filter_map(|line| line.strip_prefix("Tag="));
    let lines = lines.map(|line| {
        let fields = Vec::from_iter(line.splitn(5, ','));
        let number = |at: usize| fields[at].parse::<f64>().expect("a number");
        LogLine {
            tag: fields[0].to_owned(),
            start: number(1),
            length: number(2),
            max: number(3),
            histogram: decoded(fields[4]),
        }
    });
    (start, lines.collect())
}

/// The V2 encoding: a cookie, a length and deflated bytes; in these a head of 40 bytes and counts as
/// zigzag numbers of seven bits a byte, of which a negative one is so many zeros.
fn decoded(text: &str) -> ReadHistogram {
    let bytes = base64::engine::general_purpose::STANDARD.decode(text).expect("base 64");
    let word = |bytes: &[u8], at: usize| {
        u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
    };
    assert_eq!(word(&bytes, 0) & !0xf0, 0x1c84_9304, "the cookie of deflated histograms");
    let mut inner = Vec::new();
    let deflated = &bytes[8..8 + word(&bytes, 4) as usize];
    flate2::read::ZlibDecoder::new(deflated).read_to_end(&mut inner).expect("deflated");
    assert_eq!(word(&inner, 0) & !0xf0, 0x1c84_9303, "the cookie of histograms");
    let (length, digits) = (word(&inner, 4) as usize, word(&inner, 12));
    let lowest = u64::from(word(&inner, 16)) << 32 | u64::from(word(&inner, 20));
    let half = (2 * 10_u64.pow(digits)).next_power_of_two() / 2;
    let unit = lowest.max(1).ilog2();
    let mut histogram = ReadHistogram::default();
    let (mut at, mut rest) = (0_u64, &inner[40..40 + length]);
    while !rest.is_empty() {
        let number = zigzag(&mut rest);
        match u64::try_from(number) {
            Ok(0) => at += 1,
            Ok(count) => {
                histogram.counts.insert(highest_at(at, half, unit), count);
                at += 1;
            }
            Err(_) => at += number.unsigned_abs(),
        }
    }
    histogram
}

fn zigzag(bytes: &mut &[u8]) -> i64 {
    let (mut value, mut shift) = (0_u64, 0);
    loop {
        let (&byte, rest) = bytes.split_first().expect("another byte");
        *bytes = rest;
        // The ninth byte has eight bits.
        if shift == 56 {
            value |= u64::from(byte) << shift;
            break;
        }
        value |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte < 0x80 {
            break;
        }
    }
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

/// The highest value that is counted at a place: the first bucket has `2 * half` values one unit wide,
/// each further one `half` values twice as wide as those before.
fn highest_at(at: u64, half: u64, unit: u32) -> u64 {
    let (bucket, within) = match at / half {
        0 | 1 => (0, at),
        further => (further - 1, at % half + half),
    };
    ((within + 1) << (bucket + u64::from(unit))) - 1
}
