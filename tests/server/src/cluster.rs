use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use crate::{
    Auth, Error, Result, SUPERUSER,
    auth::{self, User},
    postgres::{Cluster, Context, Scratch, cluster::finish},
};

impl Cluster {
    /// One with these users, who get in by these lines of `pg_hba.conf` and their own.
    pub(crate) fn with_users(
        scratch: Scratch,
        bin: PathBuf,
        superuser: Auth,
        users: &[User],
        access: &[String],
    ) -> Result<Self> {
        // The password and pg_hba.conf come later, before anything listens.
        let cluster = Self::create(scratch, bin, SUPERUSER)?;
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

    pub(crate) fn socket_directory(&self) -> &Path {
        self.scratch.path()
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
