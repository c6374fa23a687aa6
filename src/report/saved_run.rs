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
//! only ever grows: behind that length may stand what came later, and counts for nothing. Those of a
//! shard are inside, and its body and rows are deflated.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::experiment::{Experiment, Results};
use crate::ledger::outcome::Outcome;

use super::build_identity::BuildIdentity;
use super::fingerprint::fingerprint;
use super::format::hexadecimal;
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
    /// Which shard it is; `None` of a checkpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) shard: Option<ShardPlace>,
}

/// Which shard of which work something is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ShardPlace {
    /// SHA-256 of the plan of the work, in hexadecimal.
    pub(super) plan: String,
    /// Its number, from 0.
    pub(super) index: usize,
    /// Positions of the replications that met a bug, counted over all variants of the shard.
    pub(super) failed: Vec<u64>,
    /// Files of rows that lie beside it, by their names in a report.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) files: BTreeMap<String, SavedRows>,
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

impl ShardPlace {
    /// That of a shard of which nothing has ended yet.
    pub(super) fn new(plan: &str, index: usize) -> Self {
        let plan = plan.to_owned();
        Self { plan, index, failed: Vec::new(), files: BTreeMap::new() }
    }
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
            shard: None,
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
    // Numbers come one by one, and are hashed many at a time.
    let mut output = BufWriter::new(HashedOutput::new(output));
    write_head(head, &mut output)?;
    write_body(results, &mut output)?;
    write_trailer(output)
}

/// Writes header, body, rows and trailer.
pub(super) fn write_shard(
    head: &SavedRunHead,
    results: &Results,
    rows: &mut dyn Read,
    output: &mut dyn Write,
) -> io::Result<()> {
    let mut output = BufWriter::new(HashedOutput::new(output));
    write_head(head, &mut output)?;
    let mut deflated = BufWriter::new(DeflateEncoder::new(&mut output, Compression::fast()));
    write_body(results, &mut deflated)?;
    io::copy(rows, &mut deflated)?;
    deflated.into_inner().map_err(io::IntoInnerError::into_error)?.finish()?;
    write_trailer(output)
}

fn write_head(head: &SavedRunHead, output: &mut dyn Write) -> io::Result<()> {
    writeln!(output, "{FORM}")?;
    serde_json::to_writer(&mut *output, head)?;
    output.write_all(b"\n")
}

fn write_body(results: &Results, output: &mut dyn Write) -> io::Result<()> {
    let outcomes = results.variants.iter().map(|it| it.pooled.as_deref().map(Cow::Borrowed));
    serde_json::to_writer(&mut *output, &SavedRunBody { outcomes: outcomes.collect() })?;
    output.write_all(b"\n")
}

fn write_trailer<W: Write>(mut output: BufWriter<HashedOutput<W>>) -> io::Result<()> {
    output.flush()?;
    let sum = output.get_ref().sum();
    writeln!(output, "{TRAILER}{sum}")?;
    output.flush()
}

/// Reads the header of a shard, and what comes behind it.
pub(super) struct ShardReader {
    pub(super) head: SavedRunHead,
    rest: BufReader<DeflateDecoder<io::Take<BufReader<File>>>>,
}

impl ShardReader {
    /// Opens a shard whose trailer has the sum of everything before it; says what is wrong with it.
    pub(super) fn open(path: &Path) -> Result<Self, String> {
        let unreadable = |error: io::Error| error.to_string();
        let mut file = BufReader::new(File::open(path).map_err(unreadable)?);
        let length = file.get_ref().metadata().map_err(unreadable)?.len();
        let body = length.checked_sub(TRAILER_BYTES as u64).ok_or(DAMAGED)?;
        let found = rows_of(file.by_ref().take(body)).map_err(unreadable)?;
        let mut trailer = String::new();
        file.read_to_string(&mut trailer).map_err(|_| DAMAGED.to_owned())?;
        if trailer != format!("{TRAILER}{}\n", found.sha256) {
            return Err(DAMAGED.to_owned());
        }
        let mut file = BufReader::new(File::open(path).map_err(unreadable)?).take(body);
        let mut line = || {
            let mut line = String::new();
            file.read_line(&mut line).map_err(|error| error.to_string())?;
            Ok::<_, String>(line)
        };
        let form = line()?;
        if form.trim_end() != FORM {
            return Err(format!(
                "its form is {}, and this Shiftstorm knows {FORM}",
                form.trim_end()
            ));
        }
        let head = serde_json::from_str(&line()?).map_err(|error| unclear(&error))?;
        Ok(Self { head, rest: BufReader::new(DeflateDecoder::new(file)) })
    }

    /// What came of each variant; behind that, only rows are left.
    pub(super) fn outcomes(&mut self) -> Result<Vec<Option<Box<Outcome>>>, String> {
        let mut line = Vec::new();
        self.rest.read_until(b'\n', &mut line).map_err(|error| error.to_string())?;
        outcomes(&line)
    }

    /// The rows, once the outcomes were read.
    pub(super) fn rows(self) -> impl Read {
        self.rest
    }
}

fn outcomes(line: &[u8]) -> Result<Vec<Option<Box<Outcome>>>, String> {
    let body: SavedRunBody<'_> = serde_json::from_slice(line).map_err(|error| unclear(&error))?;
    let outcomes = body.outcomes.into_iter();
    Ok(outcomes.map(|outcome| outcome.map(Cow::into_owned).map(Box::new)).collect())
}

fn unclear(error: &serde_json::Error) -> String {
    format!("it cannot be understood: {error}")
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
        return Err(DAMAGED.to_owned());
    }
    let mut lines = bytes.split(|&byte| byte == b'\n').skip(1);
    let mut line = || lines.next().unwrap_or_default();
    let head: SavedRunHead = serde_json::from_slice(line()).map_err(|error| unclear(&error))?;
    if head.shiftstorm != VERSION {
        return Err(format!("Shiftstorm {} wrote it, this is {VERSION}", head.shiftstorm));
    }
    Ok(SavedRun { head, outcomes: outcomes(line())? })
}

/// Whether the trailer has the sum of everything before it.
fn is_intact(bytes: &[u8]) -> bool {
    let Some(at) = bytes.len().checked_sub(TRAILER_BYTES) else { return false };
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

/// Of this form.
const FORM: &str = "shiftstorm/saved-run/1";
const TRAILER: &str = "sha256 ";
/// The trailer, the sum and the end of the line.
const TRAILER_BYTES: usize = TRAILER.len() + 64 + 1;
const DAMAGED: &str = "it is damaged: its checksum is not that of what it holds";

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
