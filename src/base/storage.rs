//! The one way by which anything is written to disk, so that a test can let any step of it fail.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek as _, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;

/// What is done to a disk, a step at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageStep {
    /// A file or a folder is made.
    Create,
    /// Bytes go into a file.
    Write,
    /// A file is cut.
    Truncate,
    /// What was written so far is to survive a loss of power.
    Sync,
    /// A file or folder gets another name.
    Rename,
    /// A file or folder goes away.
    Remove,
}

/// Is asked before each step, which fails if it says so.
type AskedBefore = Arc<dyn Fn(StorageStep) -> io::Result<()> + Send + Sync>;

/// Where everything is written.
#[derive(Clone, Default)]
pub struct Storage {
    asked: Option<AskedBefore>,
}

/// A file that is being written.
pub struct StoredFile {
    file: File,
    storage: Storage,
}

impl Storage {
    /// One whose steps fail when `asked` says so.
    pub fn failing(asked: impl Fn(StorageStep) -> io::Result<()> + Send + Sync + 'static) -> Self {
        Self { asked: Some(Arc::new(asked)) }
    }

    fn ask(&self, step: StorageStep) -> io::Result<()> {
        self.asked.as_ref().map_or(Ok(()), |asked| asked(step))
    }

    /// An empty file, in the place of one that may be there.
    ///
    /// # Errors
    ///
    /// As for all here: those of the system.
    pub fn create(&self, path: &Path) -> io::Result<StoredFile> {
        self.ask(StorageStep::Create)?;
        Ok(StoredFile { file: File::create(path)?, storage: self.clone() })
    }

    /// A file that was not there.
    ///
    /// # Errors
    ///
    /// There is one.
    pub fn create_new(&self, path: &Path) -> io::Result<StoredFile> {
        self.ask(StorageStep::Create)?;
        Ok(StoredFile { file: File::create_new(path)?, storage: self.clone() })
    }

    /// A file that is there, or an empty one, as it is.
    ///
    /// # Errors
    ///
    /// It cannot be opened.
    pub fn open(&self, path: &Path) -> io::Result<StoredFile> {
        self.ask(StorageStep::Create)?;
        let mut options = File::options();
        let file = options.read(true).write(true).create(true).truncate(false).open(path)?;
        Ok(StoredFile { file, storage: self.clone() })
    }

    /// A file that is there, cut to so many bytes, to go on behind them.
    ///
    /// # Errors
    ///
    /// It is not there, or cannot be cut.
    pub fn go_on(&self, path: &Path, length: u64) -> io::Result<StoredFile> {
        self.ask(StorageStep::Truncate)?;
        let mut file = File::options().write(true).open(path)?;
        file.set_len(length)?;
        file.seek(SeekFrom::End(0))?;
        Ok(StoredFile { file, storage: self.clone() })
    }

    /// A folder and those around it, if they are not there.
    ///
    /// # Errors
    ///
    /// They cannot be made.
    pub fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.ask(StorageStep::Create)?;
        fs::create_dir_all(path)
    }

    /// Gives a file or folder another name; a file of that name goes away.
    ///
    /// # Errors
    ///
    /// It cannot be renamed.
    pub fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.ask(StorageStep::Rename)?;
        fs::rename(from, to)
    }

    /// Removes a file, if it is there.
    ///
    /// # Errors
    ///
    /// It stays.
    pub fn remove(&self, path: &Path) -> io::Result<()> {
        self.ask(StorageStep::Remove)?;
        unless_missing(fs::remove_file(path))
    }

    /// Removes a folder, if it is there and empty.
    ///
    /// # Errors
    ///
    /// It stays, as it is not empty.
    pub fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.ask(StorageStep::Remove)?;
        unless_missing(fs::remove_dir(path))
    }

    /// Removes a folder, if it is there, with all that is in it.
    ///
    /// # Errors
    ///
    /// Some of it stays.
    pub fn remove_all(&self, path: &Path) -> io::Result<()> {
        self.ask(StorageStep::Remove)?;
        unless_missing(fs::remove_dir_all(path))
    }

    /// What has which name in a folder is to survive a loss of power.
    ///
    /// # Errors
    ///
    /// It may not.
    pub fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.ask(StorageStep::Sync)?;
        // Elsewhere a folder cannot be opened, and keeps its names without.
        if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
    }

    /// Writes a file of which, whatever happens, the whole or nothing is there afterwards.
    /// `unfinished` is its name until then, in the same folder.
    ///
    /// # Errors
    ///
    /// It cannot be written; what was there before is as it was.
    pub fn replace(
        &self,
        path: &Path,
        unfinished: &Path,
        write: impl FnOnce(&mut BufWriter<StoredFile>) -> io::Result<()>,
    ) -> io::Result<()> {
        let written = self.write_synced(unfinished, write);
        written.and_then(|()| self.rename(unfinished, path)).inspect_err(|_| {
            // Nothing unfinished stays behind if that can be helped.
            let _ = self.remove(unfinished);
        })
    }

    /// Writes a file that survives a loss of power, if its name does.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn write_synced(
        &self,
        path: &Path,
        write: impl FnOnce(&mut BufWriter<StoredFile>) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut output = BufWriter::new(self.create(path)?);
        // What is still in it after an error is not to be written.
        let written = write(&mut output).and_then(|()| output.flush());
        let (file, _) = output.into_parts();
        written.and_then(|()| file.sync())
    }
}

impl StoredFile {
    /// Everything so far is to survive a loss of power.
    ///
    /// # Errors
    ///
    /// It may not.
    pub fn sync(&self) -> io::Result<()> {
        self.storage.ask(StorageStep::Sync)?;
        self.file.sync_all()
    }

    /// Cuts it to nothing, to begin anew.
    ///
    /// # Errors
    ///
    /// It cannot be cut.
    pub fn clear(&mut self) -> io::Result<()> {
        self.storage.ask(StorageStep::Truncate)?;
        self.file.set_len(0)?;
        self.file.rewind()
    }

    /// What it is for the system.
    pub fn file(&self) -> &File {
        &self.file
    }
}

impl Write for StoredFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Err(error) = self.storage.ask(StorageStep::Write) {
            // A disk that becomes full takes some of it.
            self.file.write_all(&bytes[..bytes.len() / 2])?;
            return Err(error);
        }
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn unless_missing(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn a_file_is_replaced_whole_or_not_at_all() {
        let folder =
            std::env::temp_dir().join(format!("shiftstorm-storage-{}", std::process::id()));
        Storage::default().create_folder(&folder).unwrap();
        let (path, unfinished) = (folder.join("file"), folder.join("file.new"));
        fs::write(&path, "before").unwrap();
        // Create, write, sync and rename are four steps.
        for works in 0..=4 {
            let steps = AtomicU64::new(0);
            let storage = Storage::failing(move |_| {
                let is_over = steps.fetch_add(1, Ordering::Relaxed) >= works;
                if is_over { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
            });
            let replaced = storage.replace(&path, &unfinished, |file| file.write_all(b"after it"));
            assert_eq!(replaced.is_ok(), works == 4);
            let expected = if works == 4 { "after it" } else { "before" };
            assert_eq!(fs::read_to_string(&path).unwrap(), expected, "{works} steps");
        }
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_file_goes_on_behind_what_is_kept_of_it() {
        let path = std::env::temp_dir().join(format!("shiftstorm-go-on-{}", std::process::id()));
        fs::write(&path, "one two three").unwrap();
        Storage::default().go_on(&path, 4).unwrap().write_all(b"more").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "one more");
        fs::remove_file(&path).unwrap();
    }
}
