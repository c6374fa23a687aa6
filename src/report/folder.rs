//! The report folder: everything appears whole or not at all, and nothing foreign is overwritten.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::base::storage::{Storage, StoredFile};
use crate::experiment::Experiment;

use super::checkpoint_folder::CheckpointFolder;
use super::columns::{CsvTable, TableSink};
use super::csv_files::FILES;
use super::day::Day;
use super::file_names::{CHARTS, LOCK, PAGE, SUMMARY, UNFINISHED};
use super::folder_lock::FolderLock;
use super::folder_refusal::FolderRefusal;
use super::folder_request::HeldReport;
use super::plot::{PlotLook, Raster};
use super::publication::publish;
use super::report_data::{Report, ReportData};
use super::saved_progress::SavedProgress;
use super::saved_run::SavedRunHead;
use super::summary::summary;
use super::summary_file::{self, SCHEMA, Summary};
use super::{
    charts, data_dictionary, histograms, json_file, page, replications_csv, sweep, workbook,
};

pub use super::folder_request::{FolderLayout, FolderRequest, RunRequest};

/// A folder that may be written, by nobody else as long as this is there.
pub struct ReportFolder {
    form: &'static FolderLayout,
    path: PathBuf,
    /// Of the scenario.
    name: String,
    storage: Storage,
    /// Where files are until they are whole.
    unfinished: PathBuf,
    checkpoints: CheckpointFolder,
    /// The report of an earlier run that it holds.
    held: Option<HeldReport>,
    _lock: FolderLock,
}

impl ReportFolder {
    /// Takes the folder for a report of a simulation: it must be new, empty, or hold an earlier report of
    /// that scenario, unless forced.
    ///
    /// # Errors
    ///
    /// It holds something else, or cannot be written.
    pub fn take(request: &FolderRequest<'_>) -> Result<Self, FolderRefusal> {
        Self::take_for(&SIMULATION, request)
    }

    /// The same for a report of any form.
    ///
    /// # Errors
    ///
    /// It holds something else, or cannot be written.
    pub fn take_for(
        form: &'static FolderLayout,
        request: &FolderRequest<'_>,
    ) -> Result<Self, FolderRefusal> {
        Self::begin(form, request, None)
    }

    /// Takes the folder for a run, as [`ReportFolder::take`] does; a report of more replications stays
    /// too, and what an earlier run has saved that is not to be gone on with, unless forced.
    ///
    /// # Errors
    ///
    /// It holds something else, or more, or cannot be written.
    pub fn take_for_run(
        request: &FolderRequest<'_>,
        run: RunRequest,
    ) -> Result<Self, FolderRefusal> {
        Self::begin(&SIMULATION, request, Some(run))
    }

    /// An empty place for what is unfinished.
    fn begin(
        form: &'static FolderLayout,
        request: &FolderRequest<'_>,
        run: Option<RunRequest>,
    ) -> Result<Self, FolderRefusal> {
        let FolderRequest { path, storage, .. } = request;
        // Before anything is made in a folder of others, which a lock is. Where there is one, what another
        // run has saved may be saved just now.
        if !path.join(LOCK).exists() {
            form.refuse(request, run)?;
        }
        let refused = |error| FolderRefusal::Io(path.to_path_buf(), error);
        storage.create_folder(path).map_err(refused)?;
        let lock = FolderLock::to_write(path, storage);
        let lock = lock.map_err(|refusal| FolderRefusal::of_lock(path, refusal))?;
        form.refuse(request, run)?;
        let unfinished = path.join(UNFINISHED);
        storage.remove_all(&unfinished).map_err(refused)?;
        storage.create_folder(&unfinished).map_err(refused)?;
        Ok(Self {
            form,
            path: path.to_path_buf(),
            name: request.name.to_owned(),
            storage: storage.clone(),
            unfinished,
            checkpoints: CheckpointFolder::of(path, storage),
            held: form.held(path, request.name),
            _lock: lock,
        })
    }

    /// Where files are until they are whole.
    pub fn unfinished(&self) -> &Path {
        &self.unfinished
    }

    /// Through what it is written.
    pub fn storage(&self) -> &Storage {
        &self.storage
    }

    /// Name of the scenario.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Where a run saves what it needs to go on.
    pub(super) fn checkpoints(&self) -> &CheckpointFolder {
        &self.checkpoints
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it holds the report of a simulation.
    pub(super) fn holds_report(&self) -> bool {
        self.form.main(&self.path).exists()
    }

    /// Begins a run of which nothing is saved yet; what was saved before is thrown away.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn start(&self, experiment: &Experiment) -> io::Result<SavedProgress> {
        let head = SavedRunHead::new(&self.name, experiment);
        SavedProgress::begin(&self.storage, &self.checkpoints, head, experiment)
    }

    /// Whether the report that it holds is worth more than one of so many replications of a run that was
    /// interrupted.
    pub fn keeps_its_report(&self, replications: u64) -> bool {
        self.held.is_some_and(|held| held.is_whole || held.replications > replications)
    }

    /// Writes the report of a run as [`ReportFolder::write`] does; when all of it has survived, what was
    /// saved to go on from is thrown away. That of an interrupted run stays, and so does a report that
    /// is worth more. Tells whether the report was written.
    ///
    /// # Errors
    ///
    /// As for [`ReportFolder::write`].
    pub fn finish(&self, report: &Report<'_>, progress: &mut SavedProgress) -> io::Result<bool> {
        let results = report.results;
        let ended = results.variants.iter().filter_map(|variant| variant.pooled.as_ref());
        let ended = ended.map(|outcome| outcome.replications).max().unwrap_or(0);
        if results.interrupted && self.keeps_its_report(ended) {
            return Ok(false);
        }
        self.write(report, progress)?;
        if !results.interrupted {
            self.checkpoints.clear()?;
        }
        Ok(true)
    }

    /// Writes the report of a run of which this is what it has saved; other files that are whole already,
    /// such as those of rows, come along. Files of an earlier report that this one does not have go
    /// away.
    ///
    /// # Errors
    ///
    /// Something cannot be written; the files of an earlier report may be replaced in part.
    pub fn write(&self, report: &Report<'_>, progress: &mut SavedProgress) -> io::Result<()> {
        self.file(replications_csv::NAME, |output| {
            io::copy(&mut progress.rows()?, output).map(|_| ())
        })?;
        self.table(data_dictionary::NAME, |table| data_dictionary::dictionary(report, table))?;
        for listed in FILES.iter().filter(|listed| (listed.is_wanted)(report)) {
            self.table(listed.file, |table| (listed.write)(report, table))?;
        }
        let rows = progress.rows()?;
        self.file(workbook::NAME, |output| workbook::workbook(report, rows, output))?;
        self.file("histograms.hlog", |output| histograms::histograms(report, output))?;
        self.file(SUMMARY, |output| output.write_all(summary(report).as_bytes()))?;
        let summary = Summary::new(report);
        self.file(summary_file::NAME, |output| summary.write(output))?;
        self.show(&summary.data())?;
        self.publish(self.form.files)
    }

    /// Throws away what was saved to go on from.
    ///
    /// # Errors
    ///
    /// Some of it stays.
    pub fn forget_progress(&self) -> io::Result<()> {
        self.checkpoints.clear()
    }

    /// Writes the table of a sweep, which appears with the report.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn write_sweep(&self, swept: &sweep::SweepReport<'_>) -> io::Result<()> {
        self.file(SWEEP, |output| sweep::csv(swept, output))
    }

    /// Writes what is to be looked at: the page, and every chart of it by itself.
    fn show(&self, data: &ReportData<'_>) -> io::Result<()> {
        let (page, pictures) = match data.background.varies.as_slice() {
            [] => (page::page(data), charts::all(data, &Day::new(data)).collect()),
            _ => sweep::page(data).map_err(io::Error::other)?,
        };
        self.file(PAGE, |output| output.write_all(page.as_bytes()))?;
        self.storage.create_folder(&self.unfinished.join(CHARTS))?;
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
    pub(super) fn publish(&self, names: &[&str]) -> io::Result<()> {
        publish(&self.storage, &self.unfinished, &self.path, names)
    }

    /// Page and charts are made again and take the places of those that are there; all else stays.
    ///
    /// # Errors
    ///
    /// They cannot be written.
    pub fn show_again(&self, summary: &Summary<'_>) -> io::Result<()> {
        self.show(&summary.data())?;
        self.publish(&[CHARTS, PAGE])
    }

    /// Writes a report that is a summary, a page and its main file, which then appear with all that
    /// was written before.
    pub(super) fn tell(&self, summary: &str, page: &str, main: &impl Serialize) -> io::Result<()> {
        self.file(SUMMARY, |output| output.write_all(summary.as_bytes()))?;
        self.file(PAGE, |output| output.write_all(page.as_bytes()))?;
        self.publish_main(main)
    }

    /// Writes the main file, which then appears with all that was written before.
    pub(super) fn publish_main(&self, main: &impl Serialize) -> io::Result<()> {
        let name = self.form.files.last().copied().unwrap_or_default();
        self.file(name, |output| json_file::write(main, output))?;
        self.publish(self.form.files)
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
        write: impl FnOnce(&mut BufWriter<StoredFile>) -> io::Result<()>,
    ) -> io::Result<()> {
        self.storage.write_synced(&self.unfinished.join(name), write)
    }
}

/// Leaves nothing unfinished behind; what was saved to go on from stays.
impl Drop for ReportFolder {
    fn drop(&mut self) {
        // What cannot be removed stays; there is nobody to tell.
        let _ = self.storage.remove_all(&self.unfinished);
    }
}

/// A name for the folder of a scenario, from the name of its file: letters, digits, `-`, `_` and
/// dots inside only.
pub fn name_for(scenario: &Path) -> String {
    let stem = scenario.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let keep = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let name: String = stem.unwrap_or_default().chars().map(keep).collect();
    let name = name.trim_matches('.');
    if name.is_empty() { "scenario".to_owned() } else { name.to_owned() }
}

static SIMULATION: FolderLayout = FolderLayout { schema: SCHEMA, files: &ORDER };

/// The table of a sweep.
const SWEEP: &str = "sweep.csv";

const ORDER: [&str; 22] = [
    SWEEP,
    "conversations.csv",
    "audit.csv",
    "columns.csv",
    "goals.csv",
    "figures.csv",
    "percentiles.csv",
    "intervals.csv",
    "skill_intervals.csv",
    "group_intervals.csv",
    "days.csv",
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
