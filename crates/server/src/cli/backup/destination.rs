//! Where an archive goes: a file that is there whole or not at all, or the standard output.

use std::{
    fmt,
    fs::File,
    io::{self, Stdout, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tempfile::NamedTempFile;

use crate::{failure::Failure, signals::Signals};

pub(super) enum Destination {
    Output,
    File { path: PathBuf, force: bool },
}

/// What an archive is written to, until it is complete.
pub(super) struct Sink {
    out: Out,
    bytes: u64,
    told_to_end: Arc<AtomicBool>,
}

enum Out {
    Output(Stdout),
    /// Beside its place and for its owner alone; removed where it does not get there.
    File(NamedTempFile),
}

impl Destination {
    pub(super) fn of(path: Option<&PathBuf>, force: bool) -> Result<Self, Failure> {
        match path {
            Some(path) if path.as_os_str() == "-" => Ok(Self::Output),
            // Found out before the work, and once more after it.
            Some(path) if !force && path.symlink_metadata().is_ok() => Err(is_there(path)),
            Some(path) => Ok(Self::File { path: path.clone(), force }),
            None => Err(Failure::new("Say which file the archive goes to.")),
        }
    }

    /// From here on a signal makes the next write fail, so that nothing unfinished stays.
    pub(super) fn open(&self) -> Result<Sink, Failure> {
        let out = match self {
            Self::Output => Out::Output(io::stdout()),
            Self::File { path, .. } => {
                let file = tempfile::Builder::new().prefix(".contacts-backup-").tempfile_in(folder_of(path));
                Out::File(file.map_err(|error| cannot_write(path, &error))?)
            }
        };
        let told_to_end = Arc::new(AtomicBool::new(false));
        let mut signals = Signals::catch()?;
        let flag = told_to_end.clone();
        tokio::spawn(async move {
            signals.next().await;
            flag.store(true, Ordering::Relaxed);
        });
        Ok(Sink { out, bytes: 0, told_to_end })
    }

    /// Has a complete archive on the disk, under its name. Returns how long it is.
    pub(super) fn keep(&self, sink: Sink) -> Result<u64, Failure> {
        let Sink { out, bytes, .. } = sink;
        if let (Self::File { path, force }, Out::File(file)) = (self, out) {
            file.as_file().sync_all().map_err(|error| cannot_write(path, &error))?;
            let kept = if *force { file.persist(path) } else { file.persist_noclobber(path) };
            kept.map_err(|error| match error.error.kind() {
                io::ErrorKind::AlreadyExists => is_there(path),
                _ => cannot_write(path, &error.error),
            })?;
            // The name is an entry of the folder.
            File::open(folder_of(path))
                .and_then(|folder| folder.sync_all())
                .map_err(|error| cannot_write(path, &error))?;
        }
        Ok(bytes)
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn is_there(path: &Path) -> Failure {
    Failure::new(format!("{} is there already. Choose another name, or replace it with `--force`.", path.display()))
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    Failure::because(&format!("Cannot write {}", path.display()), error)
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Output => f.write_str("The archive"),
            Self::File { path, .. } => path.display().fmt(f),
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.told_to_end.load(Ordering::Relaxed) {
            return Err(io::Error::other("told to end"));
        }
        let written = match &mut self.out {
            Out::Output(out) => out.write(bytes)?,
            Out::File(file) => file.write(bytes)?,
        };
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.out {
            Out::Output(out) => out.flush(),
            Out::File(file) => file.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[tokio::test]
    async fn a_file_is_there_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("archive");
        let destination = Destination::of(Some(&path), false).unwrap();
        let mut sink = destination.open().unwrap();
        sink.write_all(b"half").unwrap();
        assert!(!path.exists());
        drop(sink);
        assert_eq!(names(folder.path()), [""; 0]);

        let mut sink = destination.open().unwrap();
        sink.write_all(b"whole").unwrap();
        assert_eq!(destination.keep(sink).unwrap(), 5);
        assert_eq!(std::fs::read(&path).unwrap(), b"whole");
        assert_eq!(names(folder.path()), ["archive"]);
    }

    #[tokio::test]
    async fn what_came_meanwhile_is_not_replaced_unless_that_was_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("archive");
        let destination = Destination::of(Some(&path), false).unwrap();
        let sink = destination.open().unwrap();
        std::fs::write(&path, "of somebody else").unwrap();
        let message = destination.keep(sink).unwrap_err().message();
        assert!(
            message.ends_with(" is there already. Choose another name, or replace it with `--force`."),
            "{message}"
        );
        assert_eq!(std::fs::read(&path).unwrap(), b"of somebody else");
        assert!(Destination::of(Some(&path), false).is_err());

        let forced = Destination::of(Some(&path), true).unwrap();
        let sink = forced.open().unwrap();
        forced.keep(sink).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"");
        assert_eq!(names(folder.path()), ["archive"]);
    }

    #[tokio::test]
    async fn who_is_told_to_end_writes_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let destination = Destination::of(Some(&folder.path().join("archive")), false).unwrap();
        let mut sink = destination.open().unwrap();
        sink.told_to_end.store(true, Ordering::Relaxed);
        assert_eq!(sink.write_all(b"more").unwrap_err().to_string(), "told to end");
    }
}
