//! One folder, one run: who writes into a report folder holds its lock. Nothing of it gets into a report.

use std::any::Any;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::base::storage::Storage;

use super::file_names::LOCK;

/// Held until it is dropped, or the process is gone. The file itself stays: if it were removed, two runs
/// might hold locks of two files of one name.
pub struct FolderLock {
    _held: Box<dyn Any + Send + Sync>,
}

/// A file that is there as long as the lock is held, where the system has no locks. A process that was
/// killed leaves it.
struct NamedLock {
    storage: Storage,
    path: PathBuf,
}

/// Why a lock cannot be had.
#[derive(Debug)]
pub enum LockRefusal {
    /// Somebody has it; who, as far as is known.
    Busy(String),
    /// The system says no.
    Io(io::Error),
}

/// Who has a lock: for messages, and to know one that was left.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct LockOwner {
    process: u32,
    host: String,
    /// Of the machine since it was started.
    boot: String,
    since: String,
}

impl FolderLock {
    /// To write into a folder, which is there.
    ///
    /// # Errors
    ///
    /// Somebody else writes or reads it, or the system says no.
    pub fn to_write(folder: &Path, storage: &Storage) -> Result<Self, LockRefusal> {
        let path = folder.join(LOCK);
        let mut file = storage.open(&path).map_err(LockRefusal::Io)?;
        match file.file().try_lock() {
            Ok(()) => {
                let text = LockOwner::this().text();
                // It is locked whether or not its owner can be named.
                let _ = file.clear().and_then(|()| file.write_all(text.as_bytes()));
                Ok(Self { _held: Box::new(file) })
            }
            Err(TryLockError::WouldBlock) => Err(LockRefusal::Busy(owner(&path))),
            Err(TryLockError::Error(_)) => {
                let path = folder.join(format!("{LOCK}.held"));
                NamedLock::take(path, storage).map(|held| Self { _held: Box::new(held) })
            }
        }
    }

    /// To read a folder while nobody writes it; none is needed if nobody ever did with a lock.
    ///
    /// # Errors
    ///
    /// Somebody writes it.
    pub fn to_read(folder: &Path) -> Result<Option<Self>, LockRefusal> {
        let path = folder.join(LOCK);
        let Ok(file) = File::open(&path) else { return Ok(None) };
        match file.try_lock_shared() {
            Ok(()) => Ok(Some(Self { _held: Box::new(file) })),
            Err(TryLockError::WouldBlock) => Err(LockRefusal::Busy(owner(&path))),
            Err(TryLockError::Error(_)) => Ok(None),
        }
    }
}

impl NamedLock {
    fn take(path: PathBuf, storage: &Storage) -> Result<Self, LockRefusal> {
        let create = || storage.create_new(&path);
        let created = match create() {
            Err(error) if error.kind() == ErrorKind::AlreadyExists && is_left(&path) => {
                storage.remove(&path).and_then(|()| create())
            }
            created => created,
        };
        let mut file = created.map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => LockRefusal::Busy(format!(
                "{}; remove `{}` if it is gone",
                owner(&path),
                path.display()
            )),
            _ => LockRefusal::Io(error),
        })?;
        let lock = Self { storage: storage.clone(), path };
        file.write_all(LockOwner::this().text().as_bytes()).map_err(LockRefusal::Io)?;
        Ok(lock)
    }
}

impl Drop for NamedLock {
    fn drop(&mut self) {
        // One that stays is known to be left.
        let _ = self.storage.remove(&self.path);
    }
}

impl LockOwner {
    fn this() -> Self {
        let read = |path| fs::read_to_string(path).unwrap_or_default().trim().to_owned();
        Self {
            process: std::process::id(),
            host: read("/proc/sys/kernel/hostname"),
            boot: boot(),
            since: Timestamp::now().strftime("%F %T UTC").to_string(),
        }
    }

    fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    fn read(path: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(path).ok()?).ok()
    }
}

/// Who has the lock of a path, as far as is known.
fn owner(path: &Path) -> String {
    match LockOwner::read(path) {
        Some(LockOwner { process, host, since, .. }) if !host.is_empty() => {
            format!("process {process} on {host}, since {since}")
        }
        Some(LockOwner { process, since, .. }) => format!("process {process}, since {since}"),
        None => "another process".to_owned(),
    }
}

/// Whether who made a file was a process of this machine that is gone. Of another machine nothing is known.
fn is_left(path: &Path) -> bool {
    let Some(owner) = LockOwner::read(path) else { return false };
    let is_here = !owner.boot.is_empty() && owner.boot == boot();
    is_here && !Path::new("/proc").join(owner.process.to_string()).exists()
}

fn boot() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("shiftstorm-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        path
    }

    #[test]
    fn who_writes_is_alone_and_who_reads_is_not() {
        let (folder, storage) = (folder("lock"), Storage::default());
        assert!(FolderLock::to_read(&folder).unwrap().is_none(), "nobody has written there");
        let lock = FolderLock::to_write(&folder, &storage).unwrap();
        let expected = format!("process {}", std::process::id());
        for refused in
            [FolderLock::to_write(&folder, &storage).err(), FolderLock::to_read(&folder).err()]
        {
            let Some(LockRefusal::Busy(by)) = refused else { panic!("{refused:?}") };
            assert!(by.starts_with(&expected) && by.ends_with(" UTC"), "{by}");
        }
        drop(lock);
        let readers = [(); 2].map(|()| FolderLock::to_read(&folder).unwrap());
        assert!(readers.iter().all(Option::is_some));
        assert!(FolderLock::to_write(&folder, &storage).is_err());
        drop(readers);
        drop(FolderLock::to_write(&folder, &storage).unwrap());
        assert!(folder.join(LOCK).exists());
        fs::remove_dir_all(&folder).unwrap();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_lock_by_name_is_broken_if_its_process_is_gone_and_was_of_this_machine() {
        let (folder, storage) = (folder("named"), Storage::default());
        let path = folder.join("held");
        let take = || NamedLock::take(path.clone(), &storage);
        let held = take().unwrap();
        assert!(matches!(take(), Err(LockRefusal::Busy(_))));
        drop(held);
        assert!(!path.exists());
        let owner = |process: u32, boot: String| {
            let owner = LockOwner { process, boot, ..LockOwner::this() };
            fs::write(&path, owner.text()).unwrap();
        };
        // No process has so high a number.
        owner(u32::MAX, "another".to_owned());
        assert!(take().is_err(), "of another machine, or before it was started again");
        owner(std::process::id(), boot());
        assert!(take().is_err(), "it is not gone");
        fs::write(&path, "not to be understood").unwrap();
        assert!(take().is_err());
        owner(u32::MAX, boot());
        assert!(take().is_ok());
        fs::remove_dir_all(&folder).unwrap();
    }
}
