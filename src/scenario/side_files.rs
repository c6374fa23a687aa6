//! The files that a scenario names: where they are read from, and which may be read.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Where the files that a scenario names are read from.
pub trait SideFiles {
    /// Opens a file by the name that the scenario gives it.
    ///
    /// # Errors
    ///
    /// It is not there, or is not to be read.
    fn open(&self, name: &str) -> Result<Box<dyn Read>, SideFileRefusal>;
}

/// Why a side file is not read.
#[derive(Debug)]
pub enum SideFileRefusal {
    /// The system says no, or there is nothing to read.
    Unreadable(String),
    /// It does not lie below the scenario's folder.
    Outside,
}

impl SideFileRefusal {
    /// What to do about it.
    pub(super) fn help(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "side files are looked for beside the scenario file",
            Self::Outside => {
                "move the file below the folder of the scenario file, or allow it with --allow-outside"
            }
        }
    }
}

impl fmt::Display for SideFileRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreadable(why) => why,
            Self::Outside => "it lies outside of the scenario's folder",
        })
    }
}

impl From<io::Error> for SideFileRefusal {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

/// The folder of a scenario file.
#[derive(Clone, Debug)]
pub struct ScenarioFolder {
    /// The folder; empty for the present one.
    pub path: PathBuf,
    /// Whether files that do not lie below it may be read too.
    pub allow_outside: bool,
}

impl ScenarioFolder {
    /// That in which a scenario file lies.
    pub fn of(scenario: &Path, allow_outside: bool) -> Self {
        let path = scenario.parent().unwrap_or_else(|| Path::new("")).to_owned();
        Self { path, allow_outside }
    }
}

impl SideFiles for ScenarioFolder {
    fn open(&self, name: &str) -> Result<Box<dyn Read>, SideFileRefusal> {
        // Links are followed first, so that where the file lies is what counts.
        let folder = if self.path.as_os_str().is_empty() { Path::new(".") } else { &self.path };
        let (folder, path) = (folder.canonicalize()?, folder.join(name));
        let path = match path.canonicalize() {
            // Not even whether something is there is told of what is outside.
            Err(_) if !self.allow_outside && leads_outside(name) => {
                return Err(SideFileRefusal::Outside);
            }
            path => path?,
        };
        if !self.allow_outside && !path.starts_with(&folder) {
            return Err(SideFileRefusal::Outside);
        }
        // Before opening: a pipe would wait for its writer.
        if !path.metadata()?.is_file() {
            return Err(SideFileRefusal::Unreadable("it is not a file".to_owned()));
        }
        Ok(Box::new(File::open(path)?))
    }
}

/// Whether a name by itself leads out of a folder.
fn leads_outside(name: &str) -> bool {
    use std::path::Component;
    let mut depth = 0_i32;
    Path::new(name).components().any(|part| {
        match part {
            Component::Normal(_) => depth += 1,
            Component::ParentDir => depth -= 1,
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir => return true,
        }
        depth < 0
    })
}

/// Files in memory, by their names.
impl SideFiles for BTreeMap<String, Vec<u8>> {
    fn open(&self, name: &str) -> Result<Box<dyn Read>, SideFileRefusal> {
        match self.get(name) {
            Some(bytes) => Ok(Box::new(io::Cursor::new(bytes.clone()))),
            None => Err(SideFileRefusal::Unreadable("there is no such file".to_owned())),
        }
    }
}

/// Whatever side files are read from.
#[derive(Clone)]
pub struct SideFileSource(pub(super) Rc<dyn SideFiles>);

impl<F: SideFiles + 'static> From<F> for SideFileSource {
    fn from(files: F) -> Self {
        Self(Rc::new(files))
    }
}

/// The files below a folder.
impl From<&Path> for SideFileSource {
    fn from(folder: &Path) -> Self {
        ScenarioFolder { path: folder.to_owned(), allow_outside: false }.into()
    }
}

/// The files below a folder.
impl From<&str> for SideFileSource {
    fn from(folder: &str) -> Self {
        Path::new(folder).into()
    }
}

/// None.
impl Default for SideFileSource {
    fn default() -> Self {
        BTreeMap::new().into()
    }
}

/// The files below a folder.
impl From<&PathBuf> for SideFileSource {
    fn from(folder: &PathBuf) -> Self {
        folder.as_path().into()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn read(folder: &ScenarioFolder, name: &str) -> String {
        let mut text = String::new();
        match folder.open(name) {
            Ok(mut file) => {
                file.read_to_string(&mut text).unwrap();
                text
            }
            Err(refusal) => refusal.to_string(),
        }
    }

    #[cfg(unix)]
    #[test]
    fn only_what_lies_below_the_folder_is_read_whatever_leads_there() {
        let root = std::env::temp_dir().join(format!("shiftstorm-side-{}", std::process::id()));
        fs::create_dir_all(root.join("day/sub")).unwrap();
        fs::write(root.join("secret"), "secret").unwrap();
        fs::write(root.join("day/in.csv"), "in").unwrap();
        fs::write(root.join("day/sub/in.csv"), "sub").unwrap();
        let link = |to: &str, name: &str| {
            std::os::unix::fs::symlink(root.join(to), root.join("day").join(name)).unwrap();
        };
        link("secret", "link.csv");
        link("day/in.csv", "inside.csv");
        link("", "up");
        let folder = ScenarioFolder { path: root.join("day"), allow_outside: false };
        let outside = "it lies outside of the scenario's folder";
        let absolute = root.join("secret").display().to_string();
        let names = [
            ("in.csv", "in"),
            ("sub/in.csv", "sub"),
            ("sub/../in.csv", "in"),
            ("../day/in.csv", "in"),
            ("inside.csv", "in"),
            ("../secret", outside),
            ("../nothing", outside),
            ("/nothing", outside),
            (&absolute, outside),
            ("link.csv", outside),
            ("up/secret", outside),
            ("sub", "it is not a file"),
        ];
        for (name, expected) in names {
            assert_eq!(read(&folder, name), expected, "{name}");
        }
        let free = ScenarioFolder { allow_outside: true, ..folder };
        for name in ["../secret", "link.csv", "up/secret", &absolute] {
            assert_eq!(read(&free, name), "secret", "{name}");
        }
        assert_eq!(read(&free, "/dev/zero"), "it is not a file");
        fs::remove_dir_all(&root).unwrap();
    }
}
