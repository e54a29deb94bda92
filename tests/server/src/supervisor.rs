use std::{
    fs::{self, File},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{Error, Result, cluster::Cluster, error::Context};

/// A small shell between us and postgres. It holds the read end of a pipe of which we hold the other: when we drop
/// it, or die in whatever way, it sees the end of file, stops the server and removes its files.
///
/// (`PR_SET_PDEATHSIG` looks simpler, but acts on the death of the *thread* that started the child, and the test
/// harness has one for each test; nor is there anything like it on macOS.)
#[derive(Debug)]
pub(crate) struct Supervisor {
    shell: Child,
}

/// How a start went.
pub(crate) enum Outcome {
    Ready(Supervisor),
    /// postgres ended by itself; this is its log.
    Ended(String),
}

impl Supervisor {
    pub(crate) fn start(cluster: &Cluster, arguments: &[String]) -> Result<Outcome> {
        let log = File::create(cluster.log_path()).context("the server's log")?;
        let errors = log.try_clone().context("the server's log")?;
        let _ = fs::remove_file(cluster.directory().join(EXITED));
        let shell = cluster
            .command(Path::new("/bin/sh"))
            .args(["-c", SCRIPT, "trunkline-server"])
            .arg(cluster.directory())
            .arg(cluster.postgres())
            .arg("-D")
            .arg(cluster.data())
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(log)
            .stderr(errors)
            // Ctrl-C at the terminal is for us: the shell must live long enough to clean up.
            .process_group(0)
            .spawn()
            .context("cannot run /bin/sh")?;
        let supervisor = Self { shell };
        supervisor.wait(cluster)
    }

    fn wait(mut self, cluster: &Cluster) -> Result<Outcome> {
        let deadline = Instant::now() + START_TIMEOUT;
        while Instant::now() < deadline {
            if is_ready(&cluster.data()) {
                return Ok(Outcome::Ready(self));
            }
            let gone = self.shell.try_wait().context("the server's shell")?.is_some();
            if gone || cluster.directory().join(EXITED).exists() {
                return Ok(Outcome::Ended(cluster.log()));
            }
            thread::sleep(POLL);
        }
        let seconds = START_TIMEOUT.as_secs();
        Err(Error::new(format!("PostgreSQL was not ready within {seconds} s. Its log:\n{}", cluster.log())))
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

/// The last line of postmaster.pid is the server's state, from version 10 on. Read from the data directory that is
/// ours alone, it cannot be the state of a stranger on the same port.
fn is_ready(data: &Path) -> bool {
    let pid = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
    pid.lines().nth(7).is_some_and(|state| state.trim() == "ready")
}

/// SIGQUIT is PostgreSQL's immediate shutdown: nothing here is worth a checkpoint. A background command's standard
/// input would be /dev/null, hence the third descriptor.
const SCRIPT: &str = r#"
directory=$1; shift
cd / || exit 1
exec 3<&0 </dev/null
"$@" 3<&- &
postgres=$!
{
  while read -r _ <&3; do :; done
  [ -e "$directory/exited" ] || kill -QUIT "$postgres" 2>/dev/null
} &
watcher=$!
exec 3<&-
wait "$postgres"
: >"$directory/exited"
wait "$watcher"
rm -rf -- "$directory"
"#;

const EXITED: &str = "exited";
const START_TIMEOUT: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(5);
