//! Packages from npm, pinned by a lock file, installed when they are first needed.

use std::{
    env,
    fs::{self, File, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use crate::{Error, Result, postgres::Context};

/// The repository's root: above the package that cargo runs, else above the working directory.
///
/// The path at compile time comes last: it is stale once somebody has moved the repository with its target directory.
pub fn root() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let starts =
        package.into_iter().chain(env::current_dir()).chain([PathBuf::from(env!("CARGO_MANIFEST_DIR"))]);
    let mut roots =
        starts.filter_map(|start| start.ancestors().find(|folder| is_root(folder)).map(Path::to_path_buf));
    roots.next().unwrap_or_default()
}

/// Sees to it that `folder/node_modules` is what `folder/package-lock.json` says; gives its path.
///
/// Says on standard error what it does. Processes that come at the same time wait for the first one.
///
/// # Errors
///
/// npm is missing, or it failed: the error then holds npm's own words.
pub fn ensure(folder: &Path) -> Result<PathBuf> {
    let modules = folder.join("node_modules");
    if is_current(folder) {
        return Ok(modules);
    }
    let _lock = lock(folder)?;
    if !is_current(folder) {
        say(&format!("installing {} (npm ci)", name(folder)));
        let start = Instant::now();
        install(folder)?;
        say(&format!("installed {} in {:.0} s", name(folder), start.elapsed().as_secs_f64()));
    }
    Ok(modules)
}

/// Whether the last complete installation was of the present lock file.
pub fn is_current(folder: &Path) -> bool {
    let (lock, stamp) = (fs::read(folder.join(LOCK)), fs::read(folder.join(STAMP)));
    matches!((lock, stamp), (Ok(lock), Ok(stamp)) if lock == stamp)
}

/// `node`, or what to do when it is missing.
///
/// # Errors
///
/// It is missing, or does not run.
pub fn node_version() -> Result<String> {
    let output = Command::new("node").arg("--version").output().map_err(|error| missing("node", &error))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().trim_start_matches('v').to_owned())
}

/// Takes the lock until the file is dropped. It is the lock file itself that is locked: it is there already, and
/// `npm ci` never writes to it.
pub(crate) fn lock(folder: &Path) -> Result<File> {
    let path = folder.join(LOCK);
    let file = File::open(&path).context(path.display())?;
    match file.try_lock() {
        Ok(()) => return Ok(file),
        Err(TryLockError::WouldBlock) => {
            say(&format!("waiting for another process that installs {}", name(folder)));
        }
        Err(TryLockError::Error(error)) => return Err(error).context(path.display()),
    }
    file.lock().context(path.display())?;
    Ok(file)
}

pub(crate) fn say(line: &str) {
    // Not eprintln: the test harness would hold it back until the end.
    let _ = writeln!(io::stderr(), "trunkline: {line}");
}

/// No package's install script runs: nothing here needs one, and `npm ci` then does no more than unpack.
fn install(folder: &Path) -> Result<()> {
    let output = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(folder)
        .output()
        .map_err(|error| missing("npm", &error))?;
    if !output.status.success() {
        return Err(Error::new(format!(
            "`npm ci` in {} failed ({}):\n{}{}",
            folder.display(),
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        )));
    }
    fs::copy(folder.join(LOCK), folder.join(STAMP)).context("remembering what was installed")?;
    Ok(())
}

fn missing(program: &str, error: &io::Error) -> Error {
    Error::new(format!(
        "cannot run {program} ({error}): install Node.js 20 or later with npm \
         (https://nodejs.org, or `apt-get install nodejs npm`) and run this again"
    ))
}

fn name(folder: &Path) -> String {
    folder.strip_prefix(root()).unwrap_or(folder).display().to_string()
}

fn is_root(folder: &Path) -> bool {
    folder.join("tests/npm/servers").join(LOCK).is_file()
}

const LOCK: &str = "package-lock.json";
/// Inside node_modules, which `npm ci` removes first: a broken installation leaves no stamp.
const STAMP: &str = "node_modules/.installed-lock.json";
