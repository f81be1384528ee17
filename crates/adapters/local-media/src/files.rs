//! Files that are there as a whole or not at all.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// Writes a file under a name of the time being, and gives it its own once all of it is on the disk.
pub(crate) fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let unfinished = unfinished(folder, name);
    let written = write_through(&unfinished, bytes).and_then(|()| fs::rename(&unfinished, folder.join(name)));
    if written.is_err() {
        // What is left of it would only take room. Should this fail too, the first fault says more.
        let _ = fs::remove_file(&unfinished);
    }
    // A new name is safe from a loss of power once its folder is.
    written.and_then(|()| File::open(folder)?.sync_all())
}

/// Removes a file, and what a write that was interrupted may have left of it.
pub(crate) fn remove(folder: &Path, name: &str) -> io::Result<()> {
    for path in [unfinished(folder, name), folder.join(name)] {
        absent_is_none(fs::remove_file(path))?;
    }
    Ok(())
}

/// `None` where there is no such file.
pub(crate) fn read(folder: &Path, name: &str) -> io::Result<Option<Vec<u8>>> {
    absent_is_none(fs::read(folder.join(name)))
}

fn unfinished(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!(".{name}.unfinished"))
}

fn write_through(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn absent_is_none<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        result => result.map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_finished_write_leaves_one_file() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "a.jpg", b"pixels").unwrap();
        assert_eq!(names(folder.path()), ["a.jpg"]);
        assert_eq!(read(folder.path(), "a.jpg").unwrap().as_deref(), Some(b"pixels".as_slice()));
    }

    #[test]
    fn a_write_that_fails_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        // A folder of that name cannot be replaced by a file.
        fs::create_dir_all(folder.path().join("a.jpg/b")).unwrap();
        assert!(write(folder.path(), "a.jpg", b"pixels").is_err());
        assert_eq!(names(folder.path()), ["a.jpg"]);
    }

    #[test]
    fn an_unfinished_write_is_not_read_and_is_removed_with_its_file() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(unfinished(folder.path(), "a.jpg"), b"half").unwrap();
        assert_eq!(read(folder.path(), "a.jpg").unwrap(), None);
        remove(folder.path(), "a.jpg").unwrap();
        assert!(names(folder.path()).is_empty());
    }
}
