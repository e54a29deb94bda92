use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustls::SignatureScheme;
use rustls::client::ResolvesClientCert;
use rustls::crypto::CryptoProvider;
use rustls::sign::CertifiedKey;
use trunkline_core::config::{SslCertMode, Tls};
use trunkline_core::error::TlsError;

use super::files::{self, Source};
use super::private_key;

/// Our certificate and its key, if we have one, for a server that asks; and whether it did.
#[derive(Debug)]
pub(super) struct Identity {
    key: Option<Arc<CertifiedKey>>,
    asked: Arc<AtomicBool>,
}

impl Identity {
    /// The certificate of `sslcert`, or of the usual file if that is there.
    pub(super) fn new(
        tls: &Tls,
        provider: &CryptoProvider,
        asked: Arc<AtomicBool>,
    ) -> Result<Self, TlsError> {
        let certificate = match (tls.cert_mode, &tls.cert) {
            (SslCertMode::Disable, _) => None,
            (_, Some(path)) => Some(Source::given("sslcert", path)),
            (_, None) => Source::by_default("sslcert", "postgresql.crt"),
        };
        if certificate.is_none() && tls.cert_mode == SslCertMode::Require {
            let usual = files::directory().unwrap_or_default().join("postgresql.crt");
            let missing = Source { option: "sslcert", path: usual };
            return Err(missing.error("sslcertmode=require needs a certificate to send: give one in sslcert"));
        }
        let key = certificate.map(|certificate| certified(tls, &certificate, provider)).transpose()?;
        Ok(Self { key, asked })
    }
}

fn certified(
    tls: &Tls,
    certificate: &Source,
    provider: &CryptoProvider,
) -> Result<Arc<CertifiedKey>, TlsError> {
    let chain = certificate.certificates()?;
    let key = match &tls.key {
        Some(path) => Source::given("sslkey", path),
        None => Source::by_default("sslkey", "postgresql.key").ok_or_else(|| {
            certificate
                .error("its private key is missing: give that in sslkey, or in ~/.postgresql/postgresql.key")
        })?,
    };
    let private = private_key::read(&key, tls.key_password.as_ref())?;
    let certified = CertifiedKey::from_der(chain, private, provider).map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => key.error(format_args!(
            "it is not the private key of the certificate in {}: give the key that belongs to it (sslkey), or \
             another certificate (sslcert)",
            certificate.path.display()
        )),
        error => key.error(format_args!("the key (or its certificate) cannot be used: {error}")),
    })?;
    Ok(Arc::new(certified))
}

impl ResolvesClientCert for Identity {
    /// Whatever authorities the server says it trusts: it judges better than we do what it takes.
    fn resolve(&self, _hints: &[&[u8]], _schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.asked.store(true, Ordering::Relaxed);
        self.key.clone()
    }

    fn has_certs(&self) -> bool {
        self.key.is_some()
    }
}
