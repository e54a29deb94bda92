use alloc::boxed::Box;
use core::fmt;

/// Encryption by TLS failed, or could not be had. Its text says whose fault it is and what to do.
///
/// ```
/// use trunkline_core::error::{Error, TlsErrorKind};
///
/// fn is_untrusted(error: &Error) -> bool {
///     matches!(error, Error::Tls(error) if error.kind() == TlsErrorKind::UnknownAuthority)
/// }
/// assert!(!is_untrusted(&Error::RolledBack));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsError {
    kind: TlsErrorKind,
    problem: Box<str>,
}

/// What failed.
///
/// ```
/// use trunkline_core::error::{TlsError, TlsErrorKind};
///
/// let error = TlsError::new(TlsErrorKind::Expired, "the certificate of db was valid until yesterday: renew it");
/// assert_eq!(error.kind(), TlsErrorKind::Expired);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TlsErrorKind {
    /// The server does not speak TLS, and `sslmode` wants it.
    NotOffered,
    /// The server answers the request for TLS by something that is no answer.
    BadAnswer,
    /// No trusted authority signed the server's certificate.
    UnknownAuthority,
    /// The server's certificate names other hosts.
    WrongHost,
    /// The server's certificate is no longer valid.
    Expired,
    /// The server's certificate is not valid yet.
    NotYetValid,
    /// The server's certificate was revoked, or it is not known whether it was.
    Revoked,
    /// The server's certificate is wrong in another way.
    BadCertificate,
    /// The server does not take our certificate, wants one that we do not have, or did not ask for the one that
    /// `sslcertmode=require` is about.
    ClientCertificate,
    /// The server did not agree to speak PostgreSQL's protocol (ALPN), as `sslnegotiation=direct` needs.
    Alpn,
    /// A file of certificates, keys or revocations is missing, unreadable, readable by others, or not what it should
    /// be.
    File,
    /// The two sides found no way to encrypt, or one broke TLS's rules.
    Handshake,
}

impl TlsError {
    /// An error of that kind; `problem` says what happened and what to do.
    ///
    /// ```
    /// use trunkline_core::error::{TlsError, TlsErrorKind};
    ///
    /// let error = TlsError::new(TlsErrorKind::File, "/etc/shop/ca.pem is missing");
    /// assert_eq!(error.to_string(), "/etc/shop/ca.pem is missing");
    /// ```
    pub fn new(kind: TlsErrorKind, problem: impl Into<Box<str>>) -> Self {
        Self { kind, problem: problem.into() }
    }

    /// What failed.
    ///
    /// ```
    /// use trunkline_core::error::{TlsError, TlsErrorKind};
    ///
    /// let error = TlsError::new(TlsErrorKind::NotOffered, "the server does not speak TLS");
    /// assert_eq!(error.kind(), TlsErrorKind::NotOffered);
    /// ```
    pub const fn kind(&self) -> TlsErrorKind {
        self.kind
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)
    }
}

impl core::error::Error for TlsError {}
