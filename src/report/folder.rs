//! The report folder: everything appears whole or not at all, and nothing foreign is overwritten.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::columns::{CsvTable, TableSink};
use super::csv_files::FILES;
use super::day::Day;
use super::file_names::{CHARTS, PAGE, SUMMARY, UNFINISHED};
use super::plot::{PlotLook, Raster};
use super::replications_csv::ReplicationsFile;
use super::report_data::{Report, ReportData};
use super::summary::summary;
use super::summary_file::{self, SCHEMA, Summary, SummaryHead};
use super::{charts, data_dictionary, histograms, json_file, page, sweep, workbook};

/// What a folder is a report of, and what may be in it.
#[derive(Debug)]
pub struct FolderLayout {
    /// Version of the form of its last file.
    pub schema: &'static str,
    /// Files and folders, in the order in which they appear; the last, a file, tells that the report
    /// is whole, and of what it is.
    pub files: &'static [&'static str],
}

impl FolderLayout {
    /// Whether a folder holds a report of this form of the scenario `name`.
    fn is_of(&self, path: &Path, name: &str) -> bool {
        let main = self.files.last().map(|main| path.join(main));
        main.is_some_and(|main| json_file::is_of(&main, self.schema, name))
    }
}

/// A folder that may be written.
pub struct ReportFolder {
    form: &'static FolderLayout,
    path: PathBuf,
    /// Where files are until they are whole.
    unfinished: PathBuf,
    /// The report of an earlier run that it holds.
    held: Option<HeldReport>,
    /// Whether what is unfinished stays, to be gone on with.
    leaves_unfinished: bool,
}

/// The report of a simulation that a folder holds.
#[derive(Clone, Copy)]
struct HeldReport {
    /// Of the variant that has most.
    replications: u64,
    /// Whether its run was not interrupted.
    is_whole: bool,
}

impl HeldReport {
    /// That of a folder, if there is one.
    fn of(path: &Path) -> Option<Self> {
        let head: SummaryHead = summary_file::read(path).ok()?;
        let replications = head.variants.iter().map(|variant| variant.replications).max()?;
        Some(Self { replications, is_whole: head.complete })
    }
}

/// Why a folder may not be written.
#[derive(Debug)]
pub enum FolderRefusal {
    /// It holds something that is not an earlier report of the same scenario.
    Taken(PathBuf),
    /// It holds a report of more replications than are asked for.
    Larger {
        /// The folder.
        path: PathBuf,
        /// Of the report.
        held: u64,
        /// Of the run that would take its place.
        asked: u64,
    },
    /// The system says no.
    Io(PathBuf, io::Error),
}

impl ReportFolder {
    /// Takes the folder for a report of a simulation of the scenario `name`: it must be new, empty,
    /// or hold an earlier report of that scenario, unless `force`.
    ///
    /// # Errors
    ///
    /// It holds something else, or cannot be written.
    pub fn take(path: &Path, name: &str, force: bool) -> Result<Self, FolderRefusal> {
        Self::take_for(&SIMULATION, path, name, force)
    }

    /// The same for a report of any form.
    ///
    /// # Errors
    ///
    /// It holds something else, or cannot be written.
    pub fn take_for(
        form: &'static FolderLayout,
        path: &Path,
        name: &str,
        force: bool,
    ) -> Result<Self, FolderRefusal> {
        let refused = |error| FolderRefusal::Io(path.to_owned(), error);
        if !force && holds_something(path).map_err(refused)? && !form.is_of(path, name) {
            return Err(FolderRefusal::Taken(path.to_owned()));
        }
        Self::begin(form, path)
    }

    /// Takes the folder for a run of at most so many replications of the scenario `name`, as
    /// [`ReportFolder::take`] does; a report of more replications stays too, unless `force`.
    ///
    /// # Errors
    ///
    /// It holds something else, or more, or cannot be written.
    pub fn take_for_run(
        path: &Path,
        name: &str,
        replications: u64,
        force: bool,
    ) -> Result<Self, FolderRefusal> {
        let held = HeldReport::of(path).filter(|_| SIMULATION.is_of(path, name));
        if let Some(held) = held.filter(|held| !force && held.replications > replications) {
            let (path, held) = (path.to_owned(), held.replications);
            return Err(FolderRefusal::Larger { path, held, asked: replications });
        }
        let mut folder = Self::take(path, name, force)?;
        folder.held = held;
        Ok(folder)
    }

    /// An empty place for what is unfinished.
    fn begin(form: &'static FolderLayout, path: &Path) -> Result<Self, FolderRefusal> {
        let refused = |error| FolderRefusal::Io(path.to_owned(), error);
        let unfinished = path.join(UNFINISHED);
        match fs::remove_dir_all(&unfinished) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(refused(error)),
            _ => {}
        }
        fs::create_dir_all(&unfinished).map_err(refused)?;
        Ok(Self { form, path: path.to_owned(), unfinished, held: None, leaves_unfinished: false })
    }

    /// Where files are until they are whole.
    pub fn unfinished(&self) -> &Path {
        &self.unfinished
    }

    /// Saves what a run needs to go on from here, should it be killed.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn checkpoint(&self, report: &Report<'_>) -> io::Result<()> {
        self.file("checkpoint", |output| Summary::new(report).write(output))?;
        fs::rename(self.unfinished.join("checkpoint"), self.unfinished.join(summary_file::NAME))
    }

    /// Writes the report as [`ReportFolder::write`] does. If its run was interrupted and the folder
    /// holds a whole report, or one of more replications, that stays, and what the run needs to go on
    /// is left beside it. Tells whether the report was written.
    ///
    /// # Errors
    ///
    /// As for [`ReportFolder::write`].
    pub fn finish(
        mut self,
        report: &Report<'_>,
        mut replications: ReplicationsFile,
    ) -> io::Result<bool> {
        let results = report.results;
        let ended = results.variants.iter().filter_map(|variant| variant.pooled.as_ref());
        let ended = ended.map(|outcome| outcome.replications).max().unwrap_or(0);
        let stays = self.held.is_some_and(|held| held.is_whole || held.replications > ended);
        if !(results.interrupted && stays) {
            return self.write(report, replications).map(|()| true);
        }
        replications.flush()?;
        self.checkpoint(report)?;
        self.leaves_unfinished = true;
        Ok(false)
    }

    /// Writes the report, of which this is the file of replications; other files that are whole
    /// already, such as those of rows, come along. Files of an earlier report that this one does not
    /// have go away.
    ///
    /// # Errors
    ///
    /// Something cannot be written; the files of an earlier report may be replaced in part.
    pub fn write(&self, report: &Report<'_>, replications: ReplicationsFile) -> io::Result<()> {
        let replications = replications.finish()?;
        self.table(data_dictionary::NAME, |table| data_dictionary::dictionary(report, table))?;
        for listed in FILES.iter().filter(|listed| (listed.is_wanted)(report)) {
            self.table(listed.file, |table| (listed.write)(report, table))?;
        }
        self.file(workbook::NAME, |output| workbook::workbook(report, replications, output))?;
        self.file("histograms.hlog", |output| histograms::histograms(report, output))?;
        self.file(SUMMARY, |output| output.write_all(summary(report).as_bytes()))?;
        let summary = Summary::new(report);
        self.file(summary_file::NAME, |output| summary.write(output))?;
        self.show(&summary.data())?;
        self.publish()
    }

    /// Writes what is to be looked at: the page, and every chart of it by itself.
    fn show(&self, data: &ReportData<'_>) -> io::Result<()> {
        let (page, pictures) = match data.background.varies.as_slice() {
            [] => (page::page(data), charts::all(data, &Day::new(data)).collect()),
            _ => sweep::page(data).map_err(io::Error::other)?,
        };
        self.file(PAGE, |output| output.write_all(page.as_bytes()))?;
        fs::create_dir(self.unfinished.join(CHARTS))?;
        let raster = Raster::new();
        for picture in pictures {
            let svg = picture.markup(PlotLook::Alone);
            let png = raster.png(&svg).map_err(io::Error::other)?;
            let name = |ending: &str| format!("{CHARTS}/{}.{ending}", picture.name);
            self.file(&name("svg"), |output| output.write_all(svg.as_bytes()))?;
            self.file(&name("png"), |output| output.write_all(&png))?;
        }
        Ok(())
    }

    /// Everything that was written appears, and what an earlier report had beyond that goes away.
    fn publish(&self) -> io::Result<()> {
        self.replace(self.form.files)
    }

    /// Page and charts are made again and take the places of those that are there; all else stays.
    ///
    /// # Errors
    ///
    /// They cannot be written.
    pub fn show_again(&self, summary: &Summary<'_>) -> io::Result<()> {
        self.show(&summary.data())?;
        self.replace(&[CHARTS, PAGE])
    }

    /// Files and folders take the places of those that are there, or leave them empty.
    fn replace(&self, names: &[&str]) -> io::Result<()> {
        for name in names {
            let (new, old) = (self.unfinished.join(name), self.path.join(name));
            if old.is_dir() {
                fs::remove_dir_all(&old)?;
            }
            if new.is_dir() {
                fs::rename(&new, &old)?;
            } else if new.exists() {
                File::options().write(true).open(&new)?.sync_all()?;
                fs::rename(&new, &old)?;
            } else if old.exists() {
                fs::remove_file(&old)?;
            }
        }
        fs::remove_dir_all(&self.unfinished)
    }

    /// Writes a report that is a summary, a page and its main file, which then appear with all that
    /// was written before.
    pub(super) fn tell(&self, summary: &str, page: &str, main: &impl Serialize) -> io::Result<()> {
        self.file(SUMMARY, |output| output.write_all(summary.as_bytes()))?;
        self.file(PAGE, |output| output.write_all(page.as_bytes()))?;
        let name = self.form.files.last().copied().unwrap_or_default();
        self.file(name, |output| json_file::write(main, output))?;
        self.publish()
    }

    /// Writes a table that is not to appear before all files are whole.
    pub(super) fn table(
        &self,
        name: &str,
        write: impl FnOnce(&mut dyn TableSink) -> io::Result<()>,
    ) -> io::Result<()> {
        self.file(name, |output| {
            let mut table = CsvTable::new(output);
            write(&mut table)?;
            table.finish()
        })
    }

    /// Writes a file that is not to appear before all are whole.
    pub(super) fn file(
        &self,
        name: &str,
        write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut output = BufWriter::new(File::create(self.unfinished.join(name))?);
        write(&mut output)?;
        output.flush()
    }
}

/// Leaves nothing unfinished behind, and no empty folder.
impl Drop for ReportFolder {
    fn drop(&mut self) {
        if self.leaves_unfinished {
            return;
        }
        // What cannot be removed stays; there is nobody to tell.
        let _ = fs::remove_dir_all(&self.unfinished);
        let _ = fs::remove_dir(&self.path);
    }
}

impl std::fmt::Display for FolderRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Taken(path) => write!(
                f,
                "`{}` holds something other than an earlier report of this scenario; choose another folder with --out, or use --force",
                path.display()
            ),
            Self::Larger { path, held, asked } => write!(
                f,
                "`{}` holds a report of {held} replications, more than the {asked} of this run; choose another folder with --out, or replace it with --force",
                path.display()
            ),
            Self::Io(path, error) => write!(f, "cannot write to `{}`: {error}", path.display()),
        }
    }
}

impl std::error::Error for FolderRefusal {}

/// A name for the folder of a scenario, from the name of its file: letters, digits, `-`, `_` and
/// dots inside only.
pub fn name_for(scenario: &Path) -> String {
    let stem = scenario.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let keep = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let name: String = stem.unwrap_or_default().chars().map(keep).collect();
    let name = name.trim_matches('.');
    if name.is_empty() { "scenario".to_owned() } else { name.to_owned() }
}

/// Whether a folder holds anything but what a stopped run has left.
fn holds_something(path: &Path) -> io::Result<bool> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    for entry in entries {
        if entry?.file_name() != UNFINISHED {
            return Ok(true);
        }
    }
    Ok(false)
}

static SIMULATION: FolderLayout = FolderLayout { schema: SCHEMA, files: &ORDER };

const ORDER: [&str; 19] = [
    "sweep.csv",
    "conversations.csv",
    "audit.csv",
    "columns.csv",
    "goals.csv",
    "figures.csv",
    "percentiles.csv",
    "intervals.csv",
    "agents.csv",
    "replications.csv",
    "skills.csv",
    "groups.csv",
    "instants.csv",
    workbook::NAME,
    "histograms.hlog",
    CHARTS,
    SUMMARY,
    PAGE,
    summary_file::NAME,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_never_chooses_a_path() {
        let names = [
            ("scenarios/retail_day.toml", "retail_day"),
            ("a b$c.toml", "a_b_c"),
            ("..", "scenario"),
            ("....toml", "scenario"),
            ("day.v2.toml", "day.v2"),
            ("客服.toml", "客服"),
        ];
        for (path, name) in names {
            assert_eq!(name_for(Path::new(path)), name);
        }
    }
}
