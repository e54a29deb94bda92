use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use crate::{
    Auth, Error, Result, SUPERUSER,
    auth::{self, User},
    error::Context,
    scratch::Scratch,
};

/// A data directory with its users, and the programs that belong to it.
#[derive(Debug)]
pub(crate) struct Cluster {
    scratch: Scratch,
    bin: PathBuf,
}

impl Cluster {
    pub(crate) fn create(
        scratch: Scratch,
        bin: PathBuf,
        superuser: Auth,
        users: &[User],
        access: &[String],
    ) -> Result<Self> {
        let cluster = Self { scratch, bin };
        cluster.initdb()?;
        cluster.create_roles(&auth::create_roles(superuser, users))?;
        let hba = cluster.data().join("pg_hba.conf");
        let lines: String = access.iter().map(|line| format!("{line}\n")).collect();
        fs::write(&hba, lines + &auth::host_based_access(superuser, users)).context(hba.display())?;
        Ok(cluster)
    }

    /// A file beside the data that the server alone can read.
    pub(crate) fn write_secret(&self, name: &str, content: &str) -> Result<()> {
        let path = self.scratch.path().join(name);
        let mut options = OpenOptions::new();
        let mut file =
            options.create_new(true).write(true).mode(0o600).open(&path).context(path.display())?;
        file.write_all(content.as_bytes()).context(path.display())?;
        self.scratch.identity().give(&path).context(path.display())
    }

    /// A copy that will follow the server of this one, in a directory of its own. Nothing may run yet.
    pub(crate) fn copy_for_standby(&self) -> Result<Self> {
        let copy = Self { scratch: Scratch::new()?, bin: self.bin.clone() };
        let program = Path::new("/bin/cp");
        finish(copy.command(program).arg("-R").arg(self.data()).arg(copy.data()), program, b"")?;
        let signal = copy.data().join("standby.signal");
        finish(copy.command(Path::new("/usr/bin/touch")).arg(&signal), &signal, b"")?;
        Ok(copy)
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

    pub(crate) fn socket_directory(&self) -> &Path {
        self.scratch.path()
    }

    /// All that the server has logged.
    pub(crate) fn log(&self) -> String {
        fs::read(self.log_path()).map(|log| String::from_utf8_lossy(&log).into_owned()).unwrap_or_default()
    }

    pub(crate) fn log_path(&self) -> PathBuf {
        self.scratch.path().join("log")
    }

    /// The password and pg_hba.conf come later, before anything listens.
    fn initdb(&self) -> Result<()> {
        let program = self.bin.join("initdb");
        let mut command = self.command(&program);
        command.arg("-D").arg(self.data());
        command.args(["-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]);
        finish(&mut command, &program, b"").map(drop)
    }

    /// Single-user mode, because the packages bring no psql and nothing listens yet.
    fn create_roles(&self, sql: &str) -> Result<()> {
        let program = self.postgres();
        let mut command = self.command(&program);
        command.arg("--single").arg("-D").arg(self.data()).args(["-c", "fsync=off", "postgres"]);
        let output = finish(&mut command, &program, sql.as_bytes())?;
        let log = String::from_utf8_lossy(&output.stderr);
        // It goes on after an error, and then ends well.
        match log.lines().find(|line| line.contains("ERROR:") || line.contains("FATAL:")) {
            Some(line) => Err(Error::new(format!("creating the test users failed: {line}"))),
            None => Ok(()),
        }
    }
}

fn finish(command: &mut Command, program: &Path, input: &[u8]) -> Result<Output> {
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
