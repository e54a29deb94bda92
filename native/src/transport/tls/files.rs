use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, pem};
use trunkline_core::error::{TlsError, TlsErrorKind};

/// A file of these settings: what it was set by, or would be, and where it is.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) option: &'static str,
    pub(super) path: PathBuf,
}

impl Source {
    /// The file that an option names.
    pub(super) fn given(option: &'static str, path: &str) -> Self {
        Self { option, path: path.into() }
    }

    /// The file that is looked for when the option is not set, if it is there.
    pub(super) fn by_default(option: &'static str, name: &str) -> Option<Self> {
        let path = directory()?.join(name);
        path.exists().then_some(Self { option, path })
    }

    pub(super) fn error(&self, problem: impl fmt::Display) -> TlsError {
        let problem = format!("{} ({}): {problem}", self.path.display(), self.option);
        TlsError::new(TlsErrorKind::File, problem)
    }

    pub(super) fn read(&self) -> Result<Vec<u8>, TlsError> {
        fs::read(&self.path).map_err(|error| self.unreadable(&error))
    }

    pub(super) fn unreadable(&self, error: &io::Error) -> TlsError {
        self.error(format_args!("it cannot be read: {error}"))
    }

    fn broken(&self, error: &pem::Error) -> TlsError {
        match error {
            pem::Error::MissingSectionEnd { .. } => {
                self.error("its PEM is broken: a -----BEGIN has no -----END")
            }
            error => self.error(format_args!("its PEM is broken: {error}")),
        }
    }

    /// All certificates of the file, at least one.
    pub(super) fn certificates(&self) -> Result<Vec<CertificateDer<'static>>, TlsError> {
        let text = self.read()?;
        let found: Result<Vec<_>, pem::Error> = CertificateDer::pem_slice_iter(&text).collect();
        match found {
            Ok(certificates) if !certificates.is_empty() => Ok(certificates),
            Ok(_) => Err(self.error("it has no certificate in PEM (-----BEGIN CERTIFICATE-----)")),
            Err(error) => Err(self.broken(&error)),
        }
    }

    /// All lists of revoked certificates of the file.
    pub(super) fn revocations(&self) -> Result<Vec<CertificateRevocationListDer<'static>>, TlsError> {
        let text = self.read()?;
        let found: Result<Vec<_>, pem::Error> = CertificateRevocationListDer::pem_slice_iter(&text).collect();
        found.map_err(|error| self.broken(&error))
    }

    /// The files of a directory.
    pub(super) fn entries(&self) -> Result<Vec<Self>, TlsError> {
        let entries = fs::read_dir(&self.path).map_err(|error| self.unreadable(&error))?;
        let paths = entries.map(|entry| entry.map(|entry| entry.path()));
        let paths: Result<Vec<PathBuf>, _> = paths.collect();
        let paths = paths.map_err(|error| self.unreadable(&error))?;
        Ok(paths
            .into_iter()
            .filter(|path| path.is_file())
            .map(|path| Self { option: self.option, path })
            .collect())
    }
}

/// Where libpq looks for what is not set: `~/.postgresql`, and in Windows a folder of the application data.
pub(super) fn directory() -> Option<PathBuf> {
    if cfg!(windows) {
        return std::env::var_os("APPDATA").map(|data| Path::new(&data).join("postgresql"));
    }
    std::env::home_dir().map(|home| home.join(".postgresql"))
}
