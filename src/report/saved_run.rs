//! What a run saves to go on from, as bytes: header, body, rows, trailer.
//!
//! ```text
//! shiftstorm/saved-run/1                   of which form it is
//! {"shiftstorm":"0.1.0","scenario":…}      the header, on one line: of which run it is, and how far it came
//! {"outcomes":[…]}                         the body, on one line: the outcome of each variant
//! …                                        the rows, if they are inside: figures of each replication
//! sha256 9f86d081…                         the trailer: SHA-256 of everything before it
//! ```
//!
//! The header has length and SHA-256 of the rows. Those of a checkpoint lie in a file beside it, which
//! only ever grows: behind that length may stand what came later, and counts for nothing.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, BufWriter, Read, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::experiment::{Experiment, Results};
use crate::ledger::outcome::Outcome;

use super::build_identity::BuildIdentity;
use super::fingerprint::fingerprint;
use super::json_file::VERSION;

/// Of which run something was saved, and how far it had come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct SavedRunHead {
    /// Version that wrote it.
    pub(super) shiftstorm: String,
    /// Name of the scenario.
    pub(super) scenario: String,
    /// Who ran it: each build from the replication on with which it began.
    pub(super) builds: Vec<BuildStretch>,
    /// Whether the invariants are checked.
    pub(super) checked: bool,
    /// Number of the first replication.
    pub(super) first_replication: u64,
    /// Planned for each variant.
    pub(super) planned: u64,
    /// The base first.
    pub(super) variants: Vec<SavedRunVariant>,
    /// Replications that had ended, of all variants together.
    pub(super) ended: u64,
    /// Those of them that had met a bug.
    pub(super) failed: u64,
    pub(super) rows: SavedRows,
}

/// From which replication on, counted over all variants, a build ran them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct BuildStretch {
    pub(super) from: u64,
    #[serde(flatten)]
    pub(super) build: BuildIdentity,
}

/// By what a variant is known to be the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SavedRunVariant {
    pub(super) name: String,
    /// Of its settings, seed included.
    pub(super) plan: String,
}

/// The figures of all replications that had ended.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct SavedRows {
    pub(super) bytes: u64,
    /// Of these bytes, in hexadecimal.
    pub(super) sha256: String,
}

/// What came of each variant.
#[derive(Serialize, Deserialize)]
struct SavedRunBody<'a> {
    outcomes: Vec<Option<Cow<'a, Outcome>>>,
}

/// All that was saved, but for the rows.
pub(super) struct SavedRun {
    pub(super) head: SavedRunHead,
    /// Of each variant; of none that had no replication yet.
    pub(super) outcomes: Vec<Option<Box<Outcome>>>,
}

impl SavedRunHead {
    /// That of an experiment of which nothing has ended yet.
    pub(super) fn new(scenario: &str, experiment: &Experiment) -> Self {
        let replications = &experiment.replications;
        let variants = experiment.variants.iter().map(|variant| SavedRunVariant {
            name: variant.name.clone(),
            plan: fingerprint(&variant.plan),
        });
        Self {
            shiftstorm: VERSION.to_owned(),
            scenario: scenario.to_owned(),
            builds: vec![BuildStretch { from: 0, build: BuildIdentity::current() }],
            checked: experiment.checks,
            first_replication: replications.start,
            planned: replications.end - replications.start,
            variants: variants.collect(),
            ended: 0,
            failed: 0,
            rows: SavedRows::default(),
        }
    }

    /// `12 of 20 replications of "Evening"`, counted of each variant.
    pub(super) fn extent(&self) -> String {
        let rounds = self.ended / (self.variants.len() as u64).max(1);
        format!("{rounds} of {} replications of \"{}\"", self.planned, self.scenario)
    }
}

/// Writes header, body and trailer.
pub(super) fn write(
    head: &SavedRunHead,
    results: &Results,
    output: &mut dyn Write,
) -> io::Result<()> {
    let outcomes = results.variants.iter().map(|it| it.pooled.as_deref().map(Cow::Borrowed));
    let body = SavedRunBody { outcomes: outcomes.collect() };
    // Numbers come one by one, and are hashed many at a time.
    let mut output = BufWriter::new(HashedOutput::new(output));
    writeln!(output, "{FORM}")?;
    serde_json::to_writer(&mut output, head)?;
    output.write_all(b"\n")?;
    serde_json::to_writer(&mut output, &body)?;
    output.write_all(b"\n")?;
    output.flush()?;
    let sum = output.get_ref().sum();
    writeln!(output, "{TRAILER}{sum}")?;
    output.flush()
}

/// Reads what was written; says what is wrong with it.
pub(super) fn read(bytes: &[u8]) -> Result<SavedRun, String> {
    let form = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let form = String::from_utf8_lossy(form);
    let other = form.strip_prefix(FORM.trim_end_matches(char::is_numeric));
    if let Some(version) = other.filter(|_| form != FORM)
        && version.parse::<u32>().is_ok()
        && is_intact(bytes)
    {
        return Err(format!("its form is {form}, and this Shiftstorm knows {FORM}"));
    }
    if form != FORM || !is_intact(bytes) {
        return Err("it is damaged: its checksum is not that of what it holds".to_owned());
    }
    let mut lines = bytes.split(|&byte| byte == b'\n').skip(1);
    let mut line = || lines.next().unwrap_or_default();
    let unreadable = |error: serde_json::Error| format!("it cannot be understood: {error}");
    let head: SavedRunHead = serde_json::from_slice(line()).map_err(unreadable)?;
    if head.shiftstorm != VERSION {
        return Err(format!("Shiftstorm {} wrote it, this is {VERSION}", head.shiftstorm));
    }
    let body: SavedRunBody<'_> = serde_json::from_slice(line()).map_err(unreadable)?;
    let outcomes = body.outcomes.into_iter();
    let outcomes = outcomes.map(|outcome| outcome.map(Cow::into_owned).map(Box::new)).collect();
    Ok(SavedRun { head, outcomes })
}

/// Whether the trailer has the sum of everything before it.
fn is_intact(bytes: &[u8]) -> bool {
    let length = TRAILER.len() + 64 + 1;
    let Some(at) = bytes.len().checked_sub(length) else { return false };
    let (before, trailer) = bytes.split_at(at);
    let sum = hexadecimal(&Sha256::digest(before));
    trailer == format!("{TRAILER}{sum}\n").as_bytes()
}

/// Length and sum of all that can be read.
pub(super) fn rows_of(mut input: impl Read) -> io::Result<SavedRows> {
    let mut nothing = io::sink();
    let mut hashed = HashedOutput::new(&mut nothing);
    io::copy(&mut input, &mut hashed)?;
    Ok(hashed.rows())
}

/// Notes what goes through it.
pub(super) struct HashedOutput<W> {
    output: W,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> HashedOutput<W> {
    pub(super) fn new(output: W) -> Self {
        Self { output, hash: Sha256::new(), bytes: 0 }
    }

    /// The same behind something that went there before.
    pub(super) fn after(output: W, before: impl Read) -> io::Result<Self> {
        let mut nothing = io::sink();
        let mut hashed = HashedOutput::new(&mut nothing);
        io::copy(&mut { before }, &mut hashed)?;
        Ok(Self { output, hash: hashed.hash, bytes: hashed.bytes })
    }

    /// What has gone through it.
    pub(super) fn rows(&self) -> SavedRows {
        SavedRows { bytes: self.bytes, sha256: self.sum() }
    }

    fn sum(&self) -> String {
        hexadecimal(&self.hash.clone().finalize())
    }

    pub(super) fn output(&self) -> &W {
        &self.output
    }
}

impl<W: Write> Write for HashedOutput<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.output.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Of this form.
const FORM: &str = "shiftstorm/saved-run/1";
const TRAILER: &str = "sha256 ";

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::scenario::Scenario;

    fn saved() -> (SavedRunHead, Results, Vec<u8>) {
        let scenario: Scenario =
            "run.until = '1h'\nagents.chat = {}\nconsumers.web.arrivals = '60/h'".parse().unwrap();
        let experiment = Experiment::new(&scenario).replications(2);
        let results = experiment.run(1, &Arc::default(), &mut ());
        let head = SavedRunHead { ended: 2, ..SavedRunHead::new("Day", &experiment) };
        let mut bytes = Vec::new();
        write(&head, &results, &mut bytes).unwrap();
        (head, results, bytes)
    }

    #[test]
    fn what_is_saved_is_read_again() {
        let (head, results, bytes) = saved();
        let read = read(&bytes).unwrap();
        assert_eq!(read.head, head);
        assert_eq!(read.head.extent(), "2 of 2 replications of \"Day\"");
        let replications = read.outcomes[0].as_ref().unwrap().replications;
        assert_eq!(replications, results.variants[0].pooled.as_ref().unwrap().replications);
        let mut again = Vec::new();
        write(&head, &results, &mut again).unwrap();
        assert!(again == bytes);
    }

    #[test]
    fn one_byte_altered_anywhere_is_found() {
        let (_, _, bytes) = saved();
        for place in 0..200 {
            let mut altered = bytes.clone();
            let at = place * (bytes.len() - 1) / 199;
            altered[at] ^= 1 << (place % 8);
            let error = read(&altered).err().unwrap_or_else(|| panic!("byte {at} is not missed"));
            assert!(error.contains("damaged"), "byte {at}: {error}");
        }
        for length in [0, 10, bytes.len() / 2, bytes.len() - 1] {
            assert!(read(&bytes[..length]).is_err(), "cut to {length}");
        }
    }

    #[test]
    fn the_sum_of_rows_is_that_of_the_standard() {
        let rows = rows_of(b"abc".as_slice()).unwrap();
        let sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(rows, SavedRows { bytes: 3, sha256: sum.to_owned() });
        let mut later = Vec::new();
        let mut hashed = HashedOutput::after(&mut later, b"ab".as_slice()).unwrap();
        hashed.write_all(b"c").unwrap();
        assert_eq!(hashed.rows(), rows);
    }
}
