//! Who used the processors: this process, the server, somebody else.

use std::{collections::HashMap, fs, time::Duration};

use anyhow::{Context, Result};
use nix::sys::{
    resource::{UsageWho, getrusage},
    time::TimeVal,
};

/// Processor time of this process so far, user and system, all threads; what `process.cpuUsage()` is in Node.
pub(crate) fn own() -> Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_SELF).context("getrusage")?;
    duration(usage.user_time())
        .zip(duration(usage.system_time()))
        .map(|(user, system)| user + system)
        .context("getrusage")
}

fn duration(time: TimeVal) -> Option<Duration> {
    let seconds = Duration::from_secs(u64::try_from(time.tv_sec()).ok()?);
    Some(seconds + Duration::from_micros(u64::try_from(time.tv_usec()).ok()?))
}

/// What the machine and the server had used at one moment. Linux only: elsewhere there is no load to compare with.
pub(crate) struct Load {
    busy: Duration,
    server: HashMap<u32, Duration>,
}

impl Load {
    /// `postmaster` is the process whose children serve the connections.
    pub(crate) fn sample(postmaster: u32) -> Option<Self> {
        Some(Self { busy: busy()?, server: children(postmaster)? })
    }

    /// What all processors together, and the server's processes, did since `earlier`.
    pub(crate) fn since(&self, earlier: &Self) -> (Duration, Duration) {
        let before = |pid| earlier.server.get(pid).copied().unwrap_or_default();
        let server = self.server.iter().map(|(pid, time)| time.saturating_sub(before(pid))).sum();
        (self.busy.saturating_sub(earlier.busy), server)
    }
}

/// Time not idle and not waiting for a disk, of all processors (proc(5), /proc/stat).
fn busy() -> Option<Duration> {
    /// USER_HZ, the unit of /proc/stat, which is 100 on every Linux that Rust runs on.
    const TICK: Duration = Duration::from_millis(10);
    const IDLE: usize = 3;
    const IO_WAIT: usize = 4;
    /// guest and guest_nice are part of user and nice already.
    const FIELDS: usize = 8;
    let stat = fs::read_to_string("/proc/stat").ok()?;
    let fields = stat.lines().next()?.strip_prefix("cpu")?.split_ascii_whitespace().take(FIELDS).enumerate();
    let ticks =
        fields.filter(|(index, _)| ![IDLE, IO_WAIT].contains(index)).map(|(_, field)| field.parse::<u32>());
    Some(TICK * ticks.sum::<Result<u32, _>>().ok()?)
}

/// Processor time of each child of `parent`, to the nanosecond. All of /proc is searched, because the kernel's own
/// list of a process's children leaves some out while others exit (proc(5), /proc/pid/task/tid/children).
fn children(parent: u32) -> Option<HashMap<u32, Duration>> {
    let processes = fs::read_dir("/proc").ok()?.flatten();
    let pids = processes.filter_map(|process| process.file_name().to_str()?.parse().ok());
    let time = |pid: u32| {
        let schedstat = fs::read_to_string(format!("/proc/{pid}/schedstat")).ok()?;
        let nanoseconds = schedstat.split_ascii_whitespace().next()?.parse().ok()?;
        Some((pid, Duration::from_nanos(nanoseconds)))
    };
    Some(pids.filter(|&pid| parent_of(pid) == Some(parent)).filter_map(time).collect())
}

/// The second field after the name, which may itself hold spaces and parentheses (proc(5), /proc/pid/stat).
pub(crate) fn parent_of(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    fields.split_ascii_whitespace().nth(1)?.parse().ok()
}
