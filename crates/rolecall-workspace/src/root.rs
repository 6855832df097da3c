//! The folder that confines reading.

use std::path::{Path, PathBuf};

use crate::named::Root;

/// The root that belongs to a path, both with links resolved: the nearest folder at or above it with `.git`, else with
/// `rolecall.toml`, else the path's own folder.
pub(crate) fn of(path: &Path) -> PathBuf {
    marked(path).path
}

/// The same, and whether anything marks it.
pub(crate) fn marked(path: &Path) -> Root {
    let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
    let with = |name: &str| folder.ancestors().find(|folder| folder.join(name).exists());
    let found = with(".git").or_else(|| with("rolecall.toml"));
    Root { path: found.unwrap_or(folder).to_path_buf(), marked: found.is_some() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = dir.path().canonicalize().expect("resolved");
        std::fs::create_dir_all(path.join("repo/infra/aks")).expect("created");
        (dir, path)
    }

    #[test]
    fn the_nearest_repository_wins_over_a_nearer_configuration() {
        let (_dir, path) = tree();
        std::fs::create_dir(path.join("repo/.git")).expect("created");
        std::fs::write(path.join("repo/infra/rolecall.toml"), "").expect("written");
        assert_eq!(of(&path.join("repo/infra/aks")), path.join("repo"));
    }

    #[test]
    fn a_configuration_stands_in_for_a_repository() {
        let (_dir, path) = tree();
        std::fs::write(path.join("repo/rolecall.toml"), "").expect("written");
        assert_eq!(of(&path.join("repo/infra/aks")), path.join("repo"));
    }

    #[test]
    fn without_either_it_is_the_folder_of_the_path() {
        let (_dir, path) = tree();
        let file = path.join("repo/infra/main.json");
        std::fs::write(&file, "").expect("written");
        assert_eq!(of(&file), path.join("repo/infra"));
    }
}
