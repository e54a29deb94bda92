use std::{fs, process::Command, thread, time::Instant};

use crate::{
    Error, Result,
    postgres::{
        Cluster, Context, Supervisor,
        supervisor::{POLL, START_TIMEOUT},
    },
};

impl Supervisor {
    /// Stops postgres by a signal (see "Shutting Down the Server"), and leaves its files where they are.
    pub(crate) fn stop(&self, cluster: &Cluster, signal: &str) -> Result<()> {
        let pid_file = fs::read_to_string(cluster.data().join("postmaster.pid")).context("postmaster.pid")?;
        let pid = pid_file.lines().next().unwrap_or_default();
        let status = Command::new("kill").arg(signal).arg(pid).status().context("cannot run kill")?;
        if !status.success() {
            return Err(Error::new(format!("PostgreSQL, process {pid}, cannot be stopped")));
        }
        let deadline = Instant::now() + START_TIMEOUT;
        while !self.has_ended() {
            if Instant::now() > deadline {
                return Err(Error::new(format!("PostgreSQL does not stop. Its log:\n{}", cluster.log())));
            }
            thread::sleep(POLL);
        }
        Ok(())
    }
}
