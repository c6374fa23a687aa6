//! How the files of a report, once all of them are whole, take their places.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::Path;

use crate::base::storage::Storage;

use super::file_names::CHARTS;

/// Files and folders take the places of those in `to`, or leave them empty; nothing else goes away. They
/// must have been synced.
pub(super) fn publish(storage: &Storage, from: &Path, to: &Path, names: &[&str]) -> io::Result<()> {
    for name in names {
        let (new, old) = (from.join(name), to.join(name));
        if *name == CHARTS {
            publish_pictures(storage, &new, &old)?;
        } else if new.exists() {
            storage.rename(&new, &old)?;
        } else if !old.is_dir() {
            storage.remove(&old)?;
        }
    }
    storage.sync_folder(to)
}

/// The pictures of a folder take the places of those of an earlier report; what else is there stays.
fn publish_pictures(storage: &Storage, new: &Path, old: &Path) -> io::Result<()> {
    let made = names_in(new)?;
    if !made.is_empty() {
        storage.create_folder(old)?;
    }
    for name in &made {
        storage.rename(&new.join(name), &old.join(name))?;
    }
    for name in pictures(&names_in(old)?).difference(&made) {
        storage.remove(&old.join(name))?;
    }
    if made.is_empty() {
        // It stays if it is somebody else's.
        let _ = storage.remove_folder(old);
        return Ok(());
    }
    storage.sync_folder(old)
}

/// None if there is no such folder.
fn names_in(folder: &Path) -> io::Result<BTreeSet<OsString>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| entry.map(|entry| entry.file_name())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(error) => Err(error),
    }
}

/// Those that a report has made: each stands there in both forms.
fn pictures(names: &BTreeSet<OsString>) -> BTreeSet<OsString> {
    let has = |name: &OsString, ending: &str| {
        names.contains(Path::new(name).with_extension(ending).as_os_str())
    };
    let is_form = |name: &OsString| {
        let ending = Path::new(name).extension();
        ending.is_some_and(|ending| ending == "svg" || ending == "png")
    };
    let both = |name: &&OsString| is_form(name) && has(name, "svg") && has(name, "png");
    names.iter().filter(both).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_earlier_report_had_beyond_goes_away_and_nothing_else() {
        let folder =
            std::env::temp_dir().join(format!("shiftstorm-publish-{}", std::process::id()));
        let (from, to) = (folder.join("from"), folder.join("to"));
        let put = |path: &str| {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        };
        let put_all = |paths: &[&str]| paths.iter().for_each(|path| put(path));
        put_all(&["from/page", "from/charts/new.svg", "from/charts/new.png"]);
        put_all(&["to/page", "to/gone.csv", "to/mine.csv", "to/folder/mine"]);
        put_all(&["to/charts/old.svg", "to/charts/old.png"]);
        put_all(&["to/charts/mine.png", "to/charts/notes.txt"]);
        let names = ["gone.csv", "folder", "charts", "page"];
        publish(&Storage::default(), &from, &to, &names).unwrap();
        let names = |path: &str| Vec::from_iter(names_in(&folder.join(path)).unwrap());
        assert_eq!(names("to"), ["charts", "folder", "mine.csv", "page"]);
        assert_eq!(names("to/charts"), ["mine.png", "new.png", "new.svg", "notes.txt"]);
        assert_eq!(names("to/folder"), ["mine"]);
        // A folder in the place of a file is somebody else's.
        put("from/folder");
        assert!(publish(&Storage::default(), &from, &to, &["folder"]).is_err());
        assert_eq!(names("to/folder"), ["mine"]);
        fs::remove_dir_all(&folder).unwrap();
    }
}
