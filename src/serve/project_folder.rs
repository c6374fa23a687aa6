//! A project on disk: scenarios, tables, and the runs made of them. Whatever name comes from a browser,
//! nothing outside of the folder is read or written.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sha2::{Digest as _, Sha256};

use crate::base::storage::Storage;
use crate::report::format::hexadecimal;
use crate::scenario::limits;

use super::safe_name::{SafeName, TABLE_ENDINGS, TableFileName};

/// The folder of a project.
pub(super) struct ProjectFolder {
    path: PathBuf,
    storage: Storage,
    /// Whoever reads a text to replace it holds this.
    writing: Mutex<()>,
}

/// A text with the mark by which a browser knows it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MarkedText {
    pub(super) text: String,
    pub(super) mark: String,
}

/// What is expected to be there when a text is saved.
pub(super) enum Expected {
    /// Nothing.
    Nothing,
    /// A text with this mark.
    Mark(String),
}

/// Why a text was not saved.
#[derive(Debug)]
pub(super) enum SaveRefusal {
    /// Something else is there than was expected; none if nothing is.
    Changed(Option<MarkedText>),
    /// The system says no.
    Io(io::Error),
}

impl MarkedText {
    pub(super) fn new(text: String) -> Self {
        let mark = format!("\"{}\"", hexadecimal(&Sha256::digest(text.as_bytes())[..16]));
        Self { text, mark }
    }
}

impl ProjectFolder {
    /// A folder that is there.
    ///
    /// # Errors
    ///
    /// It is no folder.
    pub(super) fn open(path: &Path, storage: Storage) -> io::Result<Self> {
        let path = path.canonicalize()?;
        if !path.is_dir() {
            return Err(io::Error::other("it is not a folder"));
        }
        Ok(Self { path, storage, writing: Mutex::default() })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn storage(&self) -> &Storage {
        &self.storage
    }

    /// Names of the scenarios, in their order.
    pub(super) fn scenarios(&self) -> Vec<SafeName> {
        let of_file = |name: &str| SafeName::new(name.strip_suffix(".toml")?);
        self.files(|name| of_file(name))
    }

    /// Names of the tables, in their order.
    pub(super) fn tables(&self) -> Vec<TableFileName> {
        self.files(TableFileName::new)
    }

    fn files<T: Ord>(&self, of: impl Fn(&str) -> Option<T>) -> Vec<T> {
        let entries = fs::read_dir(&self.path).into_iter().flatten().flatten();
        let named = entries.filter_map(|entry| {
            let known = of(entry.file_name().to_str()?)?;
            self.file_inside(&entry.path()).ok().map(|_| known)
        });
        let mut named = Vec::from_iter(named);
        named.sort();
        named
    }

    /// The name of the file of a scenario.
    pub(super) fn file_of(name: &SafeName) -> String {
        format!("{name}.toml")
    }

    /// The text of a scenario; none if there is no such file.
    ///
    /// # Errors
    ///
    /// It leads outside of the project, is too large, or no text.
    pub(super) fn scenario(&self, name: &SafeName) -> io::Result<Option<MarkedText>> {
        let path = self.path.join(Self::file_of(name));
        if fs::symlink_metadata(&path).is_err() {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        let file = File::open(self.file_inside(&path)?)?;
        file.take(limits::FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        if bytes.len() > limits::FILE_BYTES {
            return Err(io::Error::other("it is larger than 1 MiB"));
        }
        let text =
            String::from_utf8(bytes).map_err(|_| io::Error::other("it is not UTF-8 text"))?;
        Ok(Some(MarkedText::new(text)))
    }

    /// Saves the text of a scenario, if what is there is what was expected.
    ///
    /// # Errors
    ///
    /// It is not, or it cannot be written.
    pub(super) fn save_scenario(
        &self,
        name: &SafeName,
        text: String,
        expected: &Expected,
    ) -> Result<MarkedText, SaveRefusal> {
        let _alone = self.alone();
        let there = self.scenario(name).map_err(SaveRefusal::Io)?;
        let is_expected = match (expected, &there) {
            (Expected::Nothing, None) => true,
            (Expected::Mark(mark), Some(there)) => *mark == there.mark,
            _ => false,
        };
        if !is_expected {
            return Err(SaveRefusal::Changed(there));
        }
        self.write(&Self::file_of(name), text.as_bytes()).map_err(SaveRefusal::Io)?;
        Ok(MarkedText::new(text))
    }

    /// Writes a file of the project, whole or not at all. A link is replaced, not followed.
    ///
    /// # Errors
    ///
    /// Its folder is not there or lies outside, or it cannot be written.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.path.join(name);
        self.refuse_outside(&path.parent().unwrap_or(&self.path).canonicalize()?)?;
        let unfinished = self.path.join(format!(".{}.unfinished", name.replace('/', ".")));
        self.storage.replace(&path, &unfinished, |file| file.write_all(bytes))
    }

    /// Where a file really lies, which is inside the project.
    ///
    /// # Errors
    ///
    /// It is not there, not inside, or no file.
    pub(super) fn file_inside(&self, path: &Path) -> io::Result<PathBuf> {
        let path = path.canonicalize()?;
        self.refuse_outside(&path)?;
        if !path.metadata()?.is_file() {
            return Err(io::Error::other("it is not a file"));
        }
        Ok(path)
    }

    /// The folder of something inside the project, made if it is not there.
    ///
    /// # Errors
    ///
    /// It leads outside, or cannot be made.
    pub(super) fn folder_inside(&self, name: &str) -> io::Result<PathBuf> {
        let path = self.path.join(name);
        // What is there of it must not lead out before anything is made in it.
        let there = path.ancestors().find(|part| part.exists()).unwrap_or(&self.path);
        self.refuse_outside(&there.canonicalize()?)?;
        self.storage.create_folder(&path)?;
        Ok(path)
    }

    /// Refuses a path, links followed, that leads outside.
    fn refuse_outside(&self, path: &Path) -> io::Result<()> {
        let outside =
            || io::Error::new(io::ErrorKind::PermissionDenied, "it lies outside of the project");
        if path.starts_with(&self.path) { Ok(()) } else { Err(outside()) }
    }

    /// Nobody else changes a text as long as this is there.
    fn alone(&self) -> MutexGuard<'_, ()> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The endings that a table may have, for people.
pub(super) fn table_endings() -> String {
    Vec::from_iter(TABLE_ENDINGS.iter().map(|ending| format!(".{ending}"))).join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("shiftstorm-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join("project")).unwrap();
        path
    }

    #[test]
    fn a_text_is_saved_only_over_the_text_that_is_known() {
        let root = folder("marked");
        let project = ProjectFolder::open(&root.join("project"), Storage::default()).unwrap();
        let name = SafeName::new("day").unwrap();
        let save = |text: &str, expected| project.save_scenario(&name, text.into(), &expected);
        let first = save("a = 1\n", Expected::Nothing).unwrap();
        assert!(matches!(save("x", Expected::Nothing), Err(SaveRefusal::Changed(Some(_)))));
        let second = save("a = 2\n", Expected::Mark(first.mark.clone())).unwrap();
        let refused = save("a = 3\n", Expected::Mark(first.mark));
        assert!(
            matches!(&refused, Err(SaveRefusal::Changed(Some(there))) if *there == second),
            "{refused:?}"
        );
        assert_eq!(project.scenario(&name).unwrap().unwrap(), second);
        fs::remove_dir_all(root).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn nothing_outside_is_read_or_made_whatever_leads_there() {
        let root = folder("outside");
        fs::write(root.join("secret.toml"), "secret").unwrap();
        fs::write(root.join("project/day.toml"), "day").unwrap();
        let link = |to: &str, name: &str| {
            std::os::unix::fs::symlink(root.join(to), root.join("project").join(name)).unwrap();
        };
        link("secret.toml", "leak.toml");
        link("project/day.toml", "twin.toml");
        link("", "runs");
        let project = ProjectFolder::open(&root.join("project"), Storage::default()).unwrap();
        let names = Vec::from_iter(project.scenarios().into_iter().map(String::from));
        assert_eq!(names, ["day", "twin"]);
        assert!(project.scenario(&SafeName::new("leak").unwrap()).is_err());
        assert!(project.folder_inside("runs/day/0001").is_err());
        assert!(!root.join("day").exists());
        fs::remove_dir_all(root).unwrap();
    }
}
