use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use super::{Cluster, Context, Error, Result};

/// A small shell between us and postgres. It holds the read end of a pipe of which we hold the other: when we drop
/// it, or die in whatever way, it sees the end of file, stops the server and removes its files.
///
/// (`PR_SET_PDEATHSIG` looks simpler, but acts on the death of the *thread* that started the child, and the test
/// harness has one for each test; nor is there anything like it on macOS.)
#[derive(Debug)]
pub(crate) struct Supervisor {
    shell: Child,
    /// The file that is there once postgres has ended.
    exited: PathBuf,
}

/// How a start went.
pub(crate) enum Outcome {
    Ready(Supervisor),
    /// postgres ended by itself; this is its log.
    Ended(String),
}

impl Supervisor {
    pub(crate) fn start(cluster: &Cluster, arguments: &[String]) -> Result<Outcome> {
        // Appended to, since a server may be started again.
        let log = OpenOptions::new().create(true).append(true).open(cluster.log_path());
        let log = log.context("the server's log")?;
        let shell = cluster.command(Path::new("/bin/sh"));
        let data = ["-D".into(), cluster.data().into_os_string()];
        let arguments: Vec<OsString> = data.into_iter().chain(arguments.iter().map(OsString::from)).collect();
        let supervisor =
            Self::watch(shell, cluster.directory(), "-QUIT", &cluster.postgres(), &arguments, log)?;
        supervisor.wait(cluster)
    }

    /// Runs a program by this shell, until this is dropped. Then it gets the signal, and the directory is removed.
    pub(crate) fn watch(
        mut shell: Command,
        directory: &Path,
        signal: &str,
        program: &Path,
        arguments: &[OsString],
        log: File,
    ) -> Result<Self> {
        // One for each start: a shell must not take the end of another's process for its own.
        static STARTS: AtomicU32 = AtomicU32::new(0);
        let start = STARTS.fetch_add(1, Ordering::Relaxed);
        let exited = directory.join(format!("exited-{start}"));
        let errors = log.try_clone().context("the server's log")?;
        let shell = shell
            .args(["-c", SCRIPT, "trunkline-server"])
            .arg(directory)
            .arg(&exited)
            .arg(signal)
            .arg(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(log)
            .stderr(errors)
            // Ctrl-C at the terminal is for us: the shell must live long enough to clean up.
            .process_group(0)
            .spawn()
            .context("cannot run /bin/sh")?;
        Ok(Self { shell, exited })
    }

    /// Whether the program has ended by itself.
    pub(crate) fn has_ended(&self) -> bool {
        self.exited.exists()
    }

    fn wait(mut self, cluster: &Cluster) -> Result<Outcome> {
        let deadline = Instant::now() + START_TIMEOUT;
        while Instant::now() < deadline {
            if is_ready(&cluster.data()) {
                return Ok(Outcome::Ready(self));
            }
            let gone = self.shell.try_wait().context("the server's shell")?.is_some();
            if gone || self.has_ended() {
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
directory=$1; exited=$2; signal=$3; shift 3
cd / || exit 1
exec 3<&0 </dev/null
"$@" 3<&- &
postgres=$!
{
  while read -r _ <&3; do :; done
  [ -e "$exited" ] || kill "$signal" "$postgres" 2>/dev/null
} &
watcher=$!
exec 3<&-
wait "$postgres"
: >"$exited"
wait "$watcher"
rm -rf -- "$directory"
"#;

pub(crate) const START_TIMEOUT: Duration = Duration::from_secs(60);
pub(crate) const POLL: Duration = Duration::from_millis(5);
