//! Writing a file that was read: all of it or nothing, and only where it still is what was read.

use std::io::Write;
use std::path::Path;

/// Why a file was not written. It is as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteError {
    /// It is not what was read any more.
    Changed,
    /// Where it should be there is something meanwhile.
    Exists,
    /// It may not be written.
    ReadOnly,
    /// The system refuses.
    Io(String),
}

impl std::fmt::Display for WriteError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            WriteError::Changed => f.write_str("it changed meanwhile"),
            WriteError::Exists => f.write_str("it was made meanwhile"),
            WriteError::ReadOnly => f.write_str("it is read-only"),
            WriteError::Io(reason) => f.write_str(reason),
        }
    }
}

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Replaces the text of a file by way of a temporary file beside it. A byte order mark and the permissions stay. `old` is
/// the text that was read, without the mark.
///
/// # Errors
/// It is not that text any more, or it cannot be written.
pub fn replace_file(path: &Path, old: &str, new: &str) -> Result<(), WriteError> {
    let failed = |error: std::io::Error| WriteError::Io(error.to_string());
    let metadata = std::fs::metadata(path).map_err(failed)?;
    if metadata.permissions().readonly() {
        return Err(WriteError::ReadOnly);
    }
    let bytes = std::fs::read(path).map_err(failed)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| WriteError::Changed)?;
    let marked = text.starts_with(BYTE_ORDER_MARK);
    if text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text) != old {
        return Err(WriteError::Changed);
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".rolecall-").tempfile_in(folder).map_err(failed)?;
    let mark = if marked { BYTE_ORDER_MARK } else { "" };
    file.write_all(mark.as_bytes()).and_then(|()| file.write_all(new.as_bytes())).map_err(failed)?;
    file.as_file().set_permissions(metadata.permissions()).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    // As late as can be: what somebody wrote in the meantime stays.
    if std::fs::read(path).map_err(failed)? != bytes {
        return Err(WriteError::Changed);
    }
    file.persist(path).map(|_| ()).map_err(|error| failed(error.error))
}

/// Writes a file that is not there yet, by way of a temporary file beside it.
///
/// # Errors
/// It is there, or it cannot be written.
pub fn create_file(path: &Path, text: &str) -> Result<(), WriteError> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => WriteError::Exists,
        _ => WriteError::Io(error.to_string()),
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As a file that somebody makes with an editor; the user's mask counts.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.prefix(".rolecall-").tempfile_in(folder).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist_noclobber(path).map(|_| ()).map_err(|error| failed(error.error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(bytes: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = dir.path().join("main.bicep");
        std::fs::write(&path, bytes).expect("written");
        (dir, path)
    }

    #[test]
    fn a_byte_order_mark_stays() {
        let (_dir, path) = file("\u{feff}old\r\n".as_bytes());
        assert_eq!(replace_file(&path, "old\r\n", "new\r\n"), Ok(()));
        assert_eq!(std::fs::read(&path).expect("read"), "\u{feff}new\r\n".as_bytes());
    }

    #[test]
    fn a_file_that_changed_meanwhile_is_left_alone() {
        let (dir, path) = file(b"somebody wrote this");
        assert_eq!(replace_file(&path, "old", "new"), Err(WriteError::Changed));
        assert_eq!(std::fs::read(&path).expect("read"), b"somebody wrote this");
        assert_eq!(std::fs::read_dir(dir.path()).expect("a folder").count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_read_only_file_is_left_alone() {
        let (_dir, path) = file(b"old");
        let mut permissions = std::fs::metadata(&path).expect("there").permissions();
        permissions.set_readonly(true);
        std::fs::set_permissions(&path, permissions).expect("set");
        assert_eq!(replace_file(&path, "old", "new"), Err(WriteError::ReadOnly));
        assert_eq!(std::fs::read(&path).expect("read"), b"old");
    }

    #[test]
    fn a_new_file_takes_the_place_of_nothing() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = dir.path().join("new.bicep");
        assert_eq!(create_file(&path, "new"), Ok(()));
        assert_eq!(create_file(&path, "other"), Err(WriteError::Exists));
        assert_eq!(std::fs::read(&path).expect("read"), b"new");
        assert_eq!(std::fs::read_dir(dir.path()).expect("a folder").count(), 1, "nothing is left beside it");
    }

    #[cfg(unix)]
    #[test]
    fn permissions_stay() {
        use std::os::unix::fs::PermissionsExt;
        let (_dir, path) = file(b"old");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("set");
        assert_eq!(replace_file(&path, "old", "new"), Ok(()));
        assert_eq!(std::fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o640);
    }
}
