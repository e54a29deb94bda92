use std::cmp::Reverse;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::postgres::{Error, Identity, Result};

/// Where the programs of a server are, if a person says so.
const BIN: &str = "TRUNKLINE_POSTGRES_BIN";

/// The directory with `initdb` and `postgres` that servers are started from.
pub(super) fn directory(identity: Identity) -> Result<PathBuf> {
    if let Some(given) = env::var_os(BIN) {
        return usable(PathBuf::from(given), identity).map_err(|(bin, why)| {
            Error::new(format!("{BIN} is {}, where a server cannot be started from: {why}", bin.display()))
        });
    }
    first_usable(candidates(), identity)
}

fn first_usable(candidates: impl Iterator<Item = PathBuf>, identity: Identity) -> Result<PathBuf> {
    let mut refused = None;
    for bin in candidates {
        match usable(bin, identity) {
            Ok(bin) => return Ok(bin),
            Err((bin, why)) if why == UNREACHABLE => refused = Some(format!("; {} {why}", bin.display())),
            Err(_) => {}
        }
    }
    Err(Error::new(format!(
        "there is no PostgreSQL server on this machine, and none is downloaded: install one (the package \
         `postgresql` of Debian and Homebrew, `postgresql-server` of Fedora), or set {BIN} to the directory with \
         its initdb and postgres{}",
        refused.unwrap_or_default()
    )))
}

/// Where they can be, the person's own choice first and newer versions before older ones.
fn candidates() -> impl Iterator<Item = PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<PathBuf> = env::split_paths(&path).collect();
    let told = std::iter::once_with(pg_config).flatten();
    on_path.into_iter().chain(told).chain(FOLDERS.iter().flat_map(|(folder, prefix, bin)| {
        let mut versions = versions(Path::new(folder), prefix);
        versions.sort_by_key(|(version, _)| Reverse(*version));
        versions.into_iter().map(move |(_, path)| path.join(bin))
    }))
}

/// Folders with one for each version: what comes before the number in their names, and where its programs are.
const FOLDERS: [(&str, &str, &str); 5] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/opt/homebrew/opt", "postgresql@", "bin"),
    ("/usr/local/opt", "postgresql@", "bin"),
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
];

fn versions(folder: &Path, prefix: &str) -> Vec<(u32, PathBuf)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let version = |name: OsString| name.to_str()?.strip_prefix(prefix)?.parse().ok();
    entries.filter_map(|entry| Some((version(entry.file_name())?, entry.path()))).collect()
}

fn pg_config() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim()))
}

const UNREACHABLE: &str = "cannot be entered by the user `nobody`, whom servers run as when you are root";

/// The directory, or why it will not do.
fn usable(bin: PathBuf, identity: Identity) -> std::result::Result<PathBuf, (PathBuf, &'static str)> {
    let has = |name| bin.join(name).is_file();
    match (has("initdb") && has("postgres"), identity.reaches(&bin)) {
        (false, _) => Err((bin, "it has no initdb and postgres")),
        (true, false) => Err((bin, UNREACHABLE)),
        (true, true) => Ok(bin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing_files::Folder;

    #[test]
    fn versions_are_folders_with_a_number() {
        let folder = Folder::new();
        for name in ["pgsql-9", "pgsql-15", "pgsql-18", "pgsql-old", "18"] {
            fs::create_dir(folder.path(name)).unwrap();
        }
        let mut found: Vec<u32> =
            versions(&folder.path(""), "pgsql-").into_iter().map(|(version, _)| version).collect();
        found.sort_unstable();
        assert_eq!(found, [9, 15, 18]);
        assert!(versions(&folder.path("none"), "").is_empty());
    }

    #[test]
    fn a_directory_needs_both_programs() {
        let folder = Folder::new();
        fs::write(folder.path("postgres"), "").unwrap();
        let (_, why) = usable(folder.path(""), Identity::Same).unwrap_err();
        assert!(why.contains("no initdb"));
        fs::write(folder.path("initdb"), "").unwrap();
        assert_eq!(usable(folder.path(""), Identity::Same), Ok(folder.path("")));
        let candidates = [folder.path("none"), folder.path("")].into_iter();
        assert_eq!(first_usable(candidates, Identity::Same).unwrap(), folder.path(""));
    }

    #[test]
    fn where_there_is_none_it_is_said_what_to_do() {
        let error = first_usable([PathBuf::from("/nowhere")].into_iter(), Identity::Same).unwrap_err();
        let error = error.to_string();
        assert!(error.contains("none is downloaded: install one") && error.contains(BIN), "{error}");
    }
}
