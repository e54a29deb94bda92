use std::{
    env::consts::{ARCH, OS},
    ffi::OsStr,
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Error, Result, npm,
    postgres::{Context, Identity, Scratch},
};

/// The oldest version that can be started.
pub const OLDEST: u16 = 13;

/// The newest version that can be started.
pub const NEWEST: u16 = 18;

/// Installs every version that npm has for this platform, so that no later start has to.
///
/// # Errors
///
/// npm is missing or failed.
pub fn install() -> Result<()> {
    npm::ensure(&folder()).map(drop)
}

/// The directory with the programs of this version, where the user that servers run as can run them.
///
/// # Errors
///
/// The version is unknown, or cannot be installed.
pub fn programs(version: u16) -> Result<PathBuf> {
    directory(version, Scratch::new()?.identity())
}

/// The directory with `initdb` and `postgres` of this version: of this system where it has them, else from npm.
pub(crate) fn directory(version: u16, identity: Identity) -> Result<PathBuf> {
    if !(OLDEST..=NEWEST).contains(&version) {
        return Err(Error::new(format!(
            "there is no PostgreSQL {version} to start: versions {OLDEST} to {NEWEST} are known"
        )));
    }
    if let Some(bin) = of_this_system(version, identity) {
        return Ok(bin);
    }
    let package = from_npm(version)?;
    let bin = package.join("native/bin");
    if identity.reaches(&bin) { Ok(bin) } else { within_reach(version, &package) }
}

fn of_this_system(version: u16, identity: Identity) -> Option<PathBuf> {
    let places = [
        format!("/usr/lib/postgresql/{version}/bin"),
        format!("/usr/pgsql-{version}/bin"),
        format!("/opt/homebrew/opt/postgresql@{version}/bin"),
        format!("/usr/local/opt/postgresql@{version}/bin"),
    ];
    let whole = |bin: &PathBuf| ["initdb", "postgres"].iter().all(|name| bin.join(name).is_file());
    places.into_iter().map(PathBuf::from).find(|bin| whole(bin) && identity.reaches(bin))
}

fn folder() -> PathBuf {
    npm::root().join("tests/npm/servers")
}

fn from_npm(version: u16) -> Result<PathBuf> {
    let os = if OS == "macos" { "darwin" } else { OS };
    let arch = match ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    };
    let package = npm::ensure(&folder())?.join(format!("pg{version}-{os}-{arch}"));
    if !package.join("native/bin/postgres").is_file() {
        return Err(Error::new(format!(
            "npm has no PostgreSQL {version} for {os}-{arch}: install it with the system's package manager, \
             or use another version"
        )));
    }
    link(&package)?;
    Ok(package)
}

/// npm packages cannot hold symbolic links; a script of the package makes those of its shared libraries.
fn link(package: &Path) -> Result<()> {
    let done = package.join("native/.linked");
    if done.exists() {
        return Ok(());
    }
    let _lock = npm::lock(&folder())?;
    let output = Command::new("node")
        .arg("scripts/hydrate-symlinks.js")
        .current_dir(package)
        .output()
        .context("cannot run node")?;
    if !output.status.success() {
        return Err(Error::new(format!(
            "linking the libraries in {} failed: {}",
            package.display(),
            String::from_utf8_lossy(&output.stderr)
        )));
    }
    fs::write(&done, "").context(done.display())
}

/// A copy where the unprivileged user that servers run as can read it. Needed when root keeps the repository in
/// its own home.
fn within_reach(version: u16, package: &Path) -> Result<PathBuf> {
    let _lock = npm::lock(&folder())?;
    let stamp = fs::metadata(package).context(package.display())?.ino();
    let copy = PathBuf::from(format!("/var/tmp/trunkline-postgres-{version}-{stamp}"));
    if !ours(&copy) {
        npm::say(&format!(
            "copying PostgreSQL {version} to {}, where others than root can run it",
            copy.display()
        ));
        let partial = copy.with_extension("partial");
        let _ = fs::remove_dir_all(&partial);
        let arguments = [OsStr::new("-R"), OsStr::new("-P"), package.as_os_str(), partial.as_os_str()];
        let status = Command::new("cp").args(arguments).status().context("cannot run cp")?;
        if !status.success() {
            return Err(Error::new(format!("copying {} to {} failed", package.display(), partial.display())));
        }
        fs::rename(&partial, &copy).context(copy.display())?;
    }
    Ok(copy.join("native/bin"))
}

/// Only root can have made what belongs to root: /var/tmp is everyone's.
fn ours(copy: &Path) -> bool {
    fs::symlink_metadata(copy).is_ok_and(|metadata| metadata.is_dir() && metadata.uid() == 0)
}
