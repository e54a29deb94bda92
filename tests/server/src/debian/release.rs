//! A program of another Debian release than the machine's: unpacked into the repository's `target`, never installed.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

use super::Program;
use crate::{Error, Result, npm, postgres::Context};

/// A program of `packages`, the first of which brings it; the others are what it needs, the C library among them.
///
/// # Errors
///
/// This is no Debian, or its packages cannot be had.
pub(crate) fn program(release: &str, name: &str, packages: &[&str]) -> Result<Program> {
    let home = npm::root().join("target/debian");
    fs::create_dir_all(&home).context(home.display())?;
    let unpacked = home.join(format!("{name}-{release}"));
    let lock = home.join("lock");
    let lock = File::create(&lock).context(lock.display())?;
    lock.lock().context("waiting for another process that unpacks Debian packages")?;
    if !unpacked.exists() {
        npm::say(&format!("unpacking {name} of Debian {release} (apt-get download)"));
        let partial = home.join("partial");
        // What a process that was stopped may have left.
        let _ = fs::remove_dir_all(&partial);
        download(release, packages, &partial)?;
        fs::rename(partial.join("root"), &unpacked).context(unpacked.display())?;
        fs::remove_dir_all(&partial).context(partial.display())?;
    }
    let libraries = the_only(&unpacked.join("usr/lib"), |name| name.contains("-linux-gnu"))?;
    let linker = the_only(&libraries, |name| name.starts_with("ld-linux"))?;
    let program = ["usr/sbin", "usr/bin"].map(|folder| unpacked.join(folder).join(name));
    let program = program.into_iter().find(|program| program.is_file());
    let program = program.ok_or_else(|| Error::new(format!("no {name} in {}", unpacked.display())))?;
    // By its own linker, since the machine's C library may be older.
    let arguments = vec!["--library-path".into(), libraries.into(), program.into()];
    Ok(Program { file: linker, arguments })
}

/// Fetches and unpacks, with lists and settings of its own, so that the machine's apt knows nothing of it.
fn download(release: &str, packages: &[&str], folder: &Path) -> Result<()> {
    for needed in ["lists/partial", "archives/partial", "root"] {
        let needed = folder.join(needed);
        fs::create_dir_all(&needed).context(needed.display())?;
    }
    let here = folder.display();
    let sources = format!(
        "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian {release} main\n"
    );
    let settings = format!(
        "Dir::State \"{here}\";\nDir::State::lists \"lists\";\nDir::State::status \"{here}/status\";\n\
         Dir::Cache \"{here}\";\nDir::Etc::SourceList \"{here}/sources.list\";\nDir::Etc::SourceParts \"-\";\n\
         Acquire::Languages \"none\";\nAPT::Sandbox::User \"\";\n"
    );
    for (name, text) in [("sources.list", sources.as_str()), ("apt.conf", &settings), ("status", "")] {
        let file = folder.join(name);
        fs::write(&file, text).context(file.display())?;
    }
    for words in [&["update"][..], &[&["download"], packages].concat()] {
        let mut apt_get = Command::new("apt-get");
        run(apt_get.current_dir(folder).env("APT_CONFIG", folder.join("apt.conf")).args(words))?;
    }
    for entry in fs::read_dir(folder).context(here)? {
        let package = entry.context("a package")?.path();
        if package.extension().is_some_and(|extension| extension == "deb") {
            run(Command::new("dpkg-deb").arg("-x").arg(&package).arg(folder.join("root")))?;
        }
    }
    Ok(())
}

fn run(command: &mut Command) -> Result<()> {
    let output = command.output().context("apt-get and dpkg-deb are needed, as on any Debian")?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(Error::new(format!("{command:?} failed ({}):\n{said}", output.status)))
}

fn the_only(folder: &Path, fits: fn(&str) -> bool) -> Result<PathBuf> {
    let entries = fs::read_dir(folder).context(folder.display())?;
    let mut names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let name = names.find(|name| fits(name));
    Ok(folder.join(name.ok_or_else(|| Error::new(format!("no program can run by {}", folder.display())))?))
}
