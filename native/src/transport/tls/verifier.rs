use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme};
use trunkline_core::error::{TlsError, TlsErrorKind};

use super::files::Source;
use super::names::Subject;
use super::problem;

/// How a server's certificate is judged.
#[derive(Debug)]
pub(super) struct Verifier {
    trust: Option<Trust>,
    algorithms: WebPkiSupportedAlgorithms,
}

/// What a certificate is judged by; without it, any will do.
#[derive(Debug)]
struct Trust {
    webpki: Arc<WebPkiServerVerifier>,
    /// Certificates that are trusted as they are. With lists of revocations there are none: being on the one list
    /// must count for more than being on the other.
    pinned: Vec<CertificateDer<'static>>,
    /// Whether the certificate has to name the host.
    host: bool,
}

impl Verifier {
    /// Any certificate will do. The server still has to prove that the certificate is its own: SCRAM can be bound to
    /// it.
    pub(super) fn of_nothing(provider: &CryptoProvider) -> Self {
        Self { trust: None, algorithms: provider.signature_verification_algorithms }
    }

    /// A certificate that one of the authorities in a file signed, and none of the lists revokes.
    pub(super) fn of_authorities(
        roots: &Source,
        revocations: Vec<CertificateRevocationListDer<'static>>,
        host: bool,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Self, TlsError> {
        let certificates = roots.certificates()?;
        let mut store = RootCertStore::empty();
        for certificate in &certificates {
            store
                .add(certificate.clone())
                .map_err(|error| roots.error(format_args!("a certificate in it is broken: {error}")))?;
        }
        let pinned = if revocations.is_empty() { certificates } else { Vec::new() };
        let webpki = WebPkiServerVerifier::builder_with_provider(Arc::new(store), Arc::clone(provider))
            .with_crls(revocations)
            .enforce_revocation_expiration()
            .build()
            .map_err(|error| {
                roots.error(format_args!("these, with sslcrl and sslcrldir, cannot be used: {error}"))
            })?;
        let trust = Trust { webpki, pinned, host };
        Ok(Self { trust: Some(trust), algorithms: provider.signature_verification_algorithms })
    }
}

/// The operating system's judge, which reads its certificates once.
pub(super) fn of_the_system(provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, TlsError> {
    static SYSTEM: OnceLock<Arc<rustls_platform_verifier::Verifier>> = OnceLock::new();
    if let Some(verifier) = SYSTEM.get() {
        return Ok(Arc::clone(verifier) as _);
    }
    let verifier = rustls_platform_verifier::Verifier::new(Arc::clone(provider)).map_err(|error| {
        let problem =
            format!("the system's trusted certificates (sslrootcert=system) cannot be used: {error}");
        TlsError::new(TlsErrorKind::File, problem)
    })?;
    Ok(Arc::clone(SYSTEM.get_or_init(|| Arc::new(verifier))) as _)
}

impl Trust {
    fn verify(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let judged = if self.pinned.contains(certificate) {
            // A certificate that signed itself, as many a server has, is no authority's by webpki's rules.
            check_validity(certificate, now)?;
            let parsed = ParsedCertificate::try_from(certificate)?;
            rustls::client::verify_server_name(&parsed, name).map(|()| ServerCertVerified::assertion())
        } else {
            self.webpki.verify_server_cert(certificate, intermediates, name, &[], now)
        };
        match judged {
            // The name is looked at last: all else was good.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => self.by_common_name(certificate, name),
            // webpki's complaint is that an authority is no server, or that another of its name did not sign it.
            Err(Error::InvalidCertificate(CertificateError::Other(_) | CertificateError::BadSignature))
                if Subject::of(certificate).is_some_and(|subject| subject.signed_itself) =>
            {
                Err(Error::InvalidCertificate(CertificateError::UnknownIssuer))
            }
            judged => judged,
        }
    }

    fn by_common_name(
        &self,
        certificate: &CertificateDer<'_>,
        name: &ServerName<'_>,
    ) -> Result<ServerCertVerified, Error> {
        let subject = Subject::of(certificate);
        if !self.host || subject.as_ref().is_some_and(|subject| subject.has_common_name(name)) {
            return Ok(ServerCertVerified::assertion());
        }
        let everyone = subject.map_or_else(|| "others".to_owned(), |subject| subject.everyone());
        Err(other(problem::wrong_host(&everyone, &name.to_str())))
    }
}

fn check_validity(certificate: &CertificateDer<'_>, time: UnixTime) -> Result<(), Error> {
    let subject = Subject::of(certificate).ok_or(Error::InvalidCertificate(CertificateError::BadEncoding))?;
    let not_after = UnixTime::since_unix_epoch(subject.not_after);
    let not_before = UnixTime::since_unix_epoch(subject.not_before);
    Err(Error::InvalidCertificate(if time > not_after {
        CertificateError::ExpiredContext { time, not_after }
    } else if time < not_before {
        CertificateError::NotValidYetContext { time, not_before }
    } else {
        return Ok(());
    }))
}

/// An error that says all by itself.
fn other(error: TlsError) -> Error {
    Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(error))))
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match &self.trust {
            None => Ok(ServerCertVerified::assertion()),
            Some(trust) => trust.verify(certificate, intermediates, name, now),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
