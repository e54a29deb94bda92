//! What TLS's errors mean to whoever connects, and what there is to do.

use std::io;
use std::time::Duration;

use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, Error};
use trunkline_core::config::{Host, RootCert, SslNegotiation, Tls};
use trunkline_core::error::{TlsError, TlsErrorKind};
use x509_cert::der::DateTime;

/// The handshake failed.
pub(super) fn of_handshake(error: &io::Error, host: &Host, tls: &Tls) -> TlsError {
    match tls_error(error) {
        Some(Error::InvalidCertificate(problem)) => of_certificate(problem, host, tls),
        Some(Error::AlertReceived(AlertDescription::NoApplicationProtocol)) => {
            TlsError::new(TlsErrorKind::Alpn, super::NO_ALPN)
        }
        Some(Error::AlertReceived(alert)) => of_alert(*alert),
        Some(error) => {
            let problem = format!("the two sides found no way to encrypt: {error}{}", direct(tls));
            TlsError::new(TlsErrorKind::Handshake, problem)
        }
        None if error.kind() == io::ErrorKind::UnexpectedEof => {
            let problem = format!(
                "the server (or something between) closed the connection while encryption was agreed upon{}",
                direct(tls)
            );
            TlsError::new(TlsErrorKind::Handshake, problem)
        }
        None => {
            let problem =
                format!("the connection broke while encryption was agreed upon: {error}{}", direct(tls));
            TlsError::new(TlsErrorKind::Handshake, problem)
        }
    }
}

/// The session failed. In TLS 1.3 the server judges our certificate after the handshake.
pub(super) fn of_session(error: &io::Error) -> Option<TlsError> {
    Some(match tls_error(error)? {
        Error::AlertReceived(alert) => of_alert(*alert),
        error => TlsError::new(TlsErrorKind::Handshake, format!("encryption broke down: {error}")),
    })
}

/// The certificate is for others.
pub(super) fn wrong_host(everyone: &str, host: &str) -> TlsError {
    let problem = format!(
        "the server's certificate is for {everyone}, and not for {host}: connect by a name that it has, or give the \
         server a certificate for this one (sslmode=verify-ca would not look at names)"
    );
    TlsError::new(TlsErrorKind::WrongHost, problem)
}

fn tls_error(error: &io::Error) -> Option<&Error> {
    error.get_ref()?.downcast_ref()
}

fn direct(tls: &Tls) -> &'static str {
    match tls.negotiation {
        SslNegotiation::Direct => "; sslnegotiation=direct needs PostgreSQL 17 or later",
        _ => "",
    }
}

fn of_certificate(error: &CertificateError, host: &Host, tls: &Tls) -> TlsError {
    let (kind, problem) = match error {
        // What our own verifier has said.
        CertificateError::Other(other) => match other.0.downcast_ref::<TlsError>() {
            Some(error) => return error.clone(),
            None => (TlsErrorKind::BadCertificate, bad(error)),
        },
        CertificateError::NotValidForName => return wrong_host("others", &host.to_string()),
        CertificateError::NotValidForNameContext { expected, presented } => {
            return wrong_host(&presented.join(", "), &expected.to_str());
        }
        CertificateError::UnknownIssuer | CertificateError::BadSignature => (TlsErrorKind::UnknownAuthority, unknown_authority(tls)),
        CertificateError::ExpiredContext { time, not_after } => (
            TlsErrorKind::Expired,
            format!(
                "the server's certificate, or one that signed it, expired on {} (it is {} here): renew it, or set this \
                 machine's clock right",
                date(*not_after),
                date(*time)
            ),
        ),
        CertificateError::Expired => (TlsErrorKind::Expired, "the server's certificate expired: renew it".into()),
        CertificateError::NotValidYetContext { time, not_before } => (
            TlsErrorKind::NotYetValid,
            format!(
                "the server's certificate, or one that signed it, is not valid before {} (it is {} here): is this \
                 machine's clock right?",
                date(*not_before),
                date(*time)
            ),
        ),
        CertificateError::NotValidYet => {
            (TlsErrorKind::NotYetValid, "the server's certificate is not valid yet".into())
        }
        CertificateError::Revoked => (
            TlsErrorKind::Revoked,
            "the server's certificate was revoked by its authority: somebody may have its key; give the server a new \
             one"
                .into(),
        ),
        CertificateError::UnknownRevocationStatus
        | CertificateError::ExpiredRevocationList
        | CertificateError::ExpiredRevocationListContext { .. } => (
            TlsErrorKind::Revoked,
            format!(
                "whether the server's certificate was revoked is not known: sslcrl or sslcrldir needs a list of every \
                 authority on the way to it, none of them out of date ({error})"
            ),
        ),
        error => (TlsErrorKind::BadCertificate, bad(error)),
    };
    TlsError::new(kind, problem)
}

fn bad(error: &CertificateError) -> String {
    format!("the server's certificate cannot be used: {error}")
}

fn unknown_authority(tls: &Tls) -> String {
    let trusted = match &tls.root_cert {
        Some(RootCert::System) => "the system trusts",
        Some(RootCert::File(_)) => "sslrootcert has",
        _ => "~/.postgresql/root.crt has",
    };
    format!(
        "the server's certificate was signed by no authority that {trusted}: add its authority's certificate there \
         (sslrootcert), unless this is not the server that it seems to be"
    )
}

fn of_alert(alert: AlertDescription) -> TlsError {
    use AlertDescription as Alert;
    let advice = match alert {
        Alert::CertificateRequired => {
            "the server wants a certificate of ours: give one in sslcert, and its key in sslkey"
        }
        Alert::UnknownCA => {
            "the server does not know the authority that signed our certificate: give one that it trusts (sslcert), or \
             add the authority to the server's ssl_ca_file"
        }
        Alert::CertificateExpired => "the server finds our certificate (sslcert) out of date: renew it",
        Alert::CertificateRevoked => "the server finds our certificate (sslcert) revoked: get a new one",
        Alert::BadCertificate
        | Alert::NoCertificate
        | Alert::UnsupportedCertificate
        | Alert::CertificateUnknown
        | Alert::AccessDenied
        | Alert::DecryptError => "the server does not take our certificate (sslcert)",
        alert => {
            let problem = format!(
                "the server ended the encryption ({alert:?}): its log says why; ssl_min_protocol_version and \
                 ssl_max_protocol_version may have to be changed on one of the two sides"
            );
            return TlsError::new(TlsErrorKind::Handshake, problem);
        }
    };
    TlsError::new(TlsErrorKind::ClientCertificate, format!("{advice} ({alert:?}); its log says more"))
}

/// As `2026-01-31T12:00:00Z`.
fn date(time: UnixTime) -> String {
    DateTime::from_unix_duration(Duration::from_secs(time.as_secs()))
        .map_or_else(|_| "a time that has no date".to_owned(), |date| date.to_string())
}
