//! Programs that only the system's packages bring.

pub(crate) mod release;

use std::{
    env,
    ffi::OsString,
    path::PathBuf,
    process::{Command, Output},
    sync::Mutex,
};

use crate::{Error, Result, npm, postgres::Context};

/// A program, and the arguments that come before its own.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) file: PathBuf,
    pub(crate) arguments: Vec<OsString>,
}

/// A program in PATH, or after its Debian package was installed, as root or by a sudo that asks nothing.
pub(crate) fn program(name: &str, package: &str) -> Result<Program> {
    installed(name, package).map(|file| Program { file, arguments: Vec::new() })
}

fn installed(name: &str, package: &str) -> Result<PathBuf> {
    static INSTALLING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = INSTALLING.lock();
    if let Some(found) = find(name) {
        return Ok(found);
    }
    npm::say(&format!("installing {package} (apt-get)"));
    // The lists may be missing or old; mostly they are not, and reading them takes longer than the rest.
    let mut output = apt_get(&["install", "-y", "--no-install-recommends", package])?;
    if !output.status.success() {
        apt_get(&["update"])?;
        output = apt_get(&["install", "-y", "--no-install-recommends", package])?;
    }
    find(name).ok_or_else(|| {
        Error::new(format!(
            "{name} is missing. Install it, as by `apt-get update && apt-get install {package}` as root:\n{}",
            String::from_utf8_lossy(&output.stderr)
        ))
    })
}

/// Not every user has the directories of servers in PATH.
fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let more = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"].map(PathBuf::from);
    env::split_paths(&path).chain(more).map(|folder| folder.join(name)).find(|file| file.is_file())
}

fn apt_get(arguments: &[&str]) -> Result<Output> {
    // Another process may be at it: apt-get waits for its lock.
    let words = ["apt-get", "-o", "DPkg::Lock::Timeout=300"];
    let privileged = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    let mut command = if privileged { Command::new("env") } else { Command::new("sudo") };
    if !privileged {
        command.args(["-n", "env"]);
    }
    command.arg("DEBIAN_FRONTEND=noninteractive").args(words).args(arguments);
    command.output().context("cannot run apt-get")
}
