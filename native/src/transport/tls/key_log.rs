use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use rustls::KeyLog;
use trunkline_core::error::TlsError;

use super::files::Source;

/// Writes the session's keys to a file, in the format of NSS that network analysers read (`sslkeylogfile`). Whoever has
/// the file can read what was encrypted.
pub(super) struct KeyLogFile(Mutex<File>);

impl KeyLogFile {
    /// Opens the file to write at its end; a new one is for its owner alone.
    pub(super) fn open(path: &str) -> Result<Self, TlsError> {
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let source = Source::given("sslkeylogfile", path);
        let file = options
            .open(path)
            .map_err(|error| source.error(format_args!("it cannot be written: {error}")))?;
        Ok(Self(Mutex::new(file)))
    }
}

impl KeyLog for KeyLogFile {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        let line = format!("{label} {} {}\n", Hex(client_random), Hex(secret));
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The session does not fail for want of its log.
        let _ = file.write_all(line.as_bytes());
    }
}

impl fmt::Debug for KeyLogFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyLogFile")
    }
}

struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
