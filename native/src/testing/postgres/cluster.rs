use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use super::{Context, Error, Result, Scratch};

/// A data directory, and the programs that belong to it.
#[derive(Debug)]
pub(crate) struct Cluster {
    pub(crate) scratch: Scratch,
    pub(crate) bin: PathBuf,
}

impl Cluster {
    /// Whoever gets to its socket is let in.
    pub(crate) fn create(scratch: Scratch, bin: PathBuf, superuser: &str) -> Result<Self> {
        let cluster = Self { scratch, bin };
        let program = cluster.bin.join("initdb");
        let mut command = cluster.command(&program);
        command.arg("-D").arg(cluster.data()).args(["-U", superuser]);
        command.args(["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]);
        finish(&mut command, &program, b"")?;
        Ok(cluster)
    }

    /// A command that runs one of this cluster's programs as its user.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = self.scratch.identity().command(program);
        // A path that others may not enter would be inherited; settings of the person's own servers, too.
        command.current_dir(self.scratch.path()).env("LC_ALL", "C").env("TZ", "UTC");
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PG")) {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn postgres(&self) -> PathBuf {
        self.bin.join("postgres")
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.scratch.path().join("data")
    }

    pub(crate) fn directory(&self) -> &Path {
        self.scratch.path()
    }

    /// All that the server has logged.
    pub(crate) fn log(&self) -> String {
        fs::read(self.log_path()).map(|log| String::from_utf8_lossy(&log).into_owned()).unwrap_or_default()
    }

    pub(crate) fn log_path(&self) -> PathBuf {
        self.scratch.path().join("log")
    }
}

/// Runs a program to its end with that input; one that fails is an error with all that it says.
pub(crate) fn finish(command: &mut Command, program: &Path, input: &[u8]) -> Result<Output> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().context(format_args!("cannot run {}", program.display()))?;
    if let Some(mut stdin) = child.stdin.take() {
        // If it ends before it has read all, its own words say why.
        let _ = stdin.write_all(input);
    }
    let output = child.wait_with_output().context(program.display())?;
    if output.status.success() {
        return Ok(output);
    }
    Err(Error::new(format!(
        "{} failed ({}):\n{}{}",
        program.display(),
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )))
}
