use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateRevocationListDer, ServerName};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, SupportedProtocolVersion};
use trunkline_core::config::{Host, HostAddress, RootCert, SslMode, Tls, TlsVersion};
use trunkline_core::error::{TlsError, TlsErrorKind};

use super::PROTOCOL;
use super::files::{self, Source};
use super::identity::Identity;
use super::key_log::KeyLogFile;
use super::verifier::{self, Verifier};

/// The settings as rustls wants them, with every file read. Made for each connection anew, so that certificates can be
/// renewed while a program runs.
pub(super) struct Prepared {
    pub(super) config: Arc<ClientConfig>,
    pub(super) name: ServerName<'static>,
    /// Whether the server asked for our certificate, once it had the opportunity.
    pub(super) asked: Arc<AtomicBool>,
}

impl Prepared {
    pub(super) fn new(host: &Host, tls: &Tls) -> Result<Self, TlsError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let asked = Arc::new(AtomicBool::new(false));
        let identity = Identity::new(tls, &provider, Arc::clone(&asked))?;
        let verifier = verifier(tls, &provider)?;
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(versions(tls))
            .map_err(|error| {
                TlsError::new(TlsErrorKind::Handshake, format!("TLS cannot be spoken: {error}"))
            })?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_client_cert_resolver(Arc::new(identity));
        // Servers before PostgreSQL 17 pass over it.
        config.alpn_protocols = vec![PROTOCOL.to_vec()];
        config.enable_sni = tls.sni;
        if let Some(path) = &tls.key_log_file {
            config.key_log = Arc::new(KeyLogFile::open(path)?);
        }
        let name = match server_name(host) {
            Some(name) => name,
            None if tls.mode == SslMode::VerifyFull => {
                let problem = format!("{host} is a host that no certificate can name: use sslmode=verify-ca");
                return Err(TlsError::new(TlsErrorKind::WrongHost, problem));
            }
            None => {
                config.enable_sni = false;
                ServerName::from(Ipv4Addr::UNSPECIFIED)
            }
        };
        Ok(Self { config: Arc::new(config), name, asked })
    }
}

fn server_name(host: &Host) -> Option<ServerName<'static>> {
    match &host.address {
        HostAddress::Tcp(name) => ServerName::try_from(name.clone()).ok(),
        _ => None,
    }
}

fn versions(tls: &Tls) -> &'static [&'static SupportedProtocolVersion] {
    static BOTH: [&SupportedProtocolVersion; 2] = [&TLS13, &TLS12];
    static ONLY_1_3: [&SupportedProtocolVersion; 1] = [&TLS13];
    static ONLY_1_2: [&SupportedProtocolVersion; 1] = [&TLS12];
    match (tls.min_version, tls.max_version) {
        (TlsVersion::V1_3, _) => &ONLY_1_3,
        (_, Some(TlsVersion::V1_2)) => &ONLY_1_2,
        _ => &BOTH,
    }
}

/// Who judges the server's certificate.
///
/// libpq takes a root.crt in the usual place for `allow` and `prefer`, too, and goes on without encryption when the
/// certificate does not verify. Here it is for `require` and above; a file that was named is for every mode, and what
/// does not verify is an error.
fn verifier(tls: &Tls, provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, TlsError> {
    let verifies = matches!(tls.mode, SslMode::VerifyCa | SslMode::VerifyFull);
    let roots = match &tls.root_cert {
        Some(RootCert::System) => {
            if tls.crl.is_some() || tls.crl_dir.is_some() {
                let problem = "sslcrl and sslcrldir cannot be used with sslrootcert=system: the system has lists of \
                               its own";
                return Err(TlsError::new(TlsErrorKind::File, problem));
            }
            return verifier::of_the_system(provider);
        }
        Some(RootCert::File(path)) => Some(Source::given("sslrootcert", path)),
        _ if tls.mode.requires_tls() => Source::by_default("sslrootcert", "root.crt"),
        _ => None,
    };
    match roots {
        Some(roots) => {
            let host = tls.mode == SslMode::VerifyFull;
            Ok(Arc::new(Verifier::of_authorities(&roots, revocations(tls)?, host, provider)?))
        }
        None if verifies => {
            let usual = files::directory().unwrap_or_default().join("root.crt");
            let problem = format!(
                "sslmode={} needs the certificates of trusted authorities, and there is no {}: give a file of them in \
                 sslrootcert, or sslrootcert=system for those of the system",
                tls.mode,
                usual.display()
            );
            Err(TlsError::new(TlsErrorKind::File, problem))
        }
        None => Ok(Arc::new(Verifier::of_nothing(provider))),
    }
}

fn revocations(tls: &Tls) -> Result<Vec<CertificateRevocationListDer<'static>>, TlsError> {
    let file = match &tls.crl {
        Some(path) => Some(Source::given("sslcrl", path)),
        None if tls.crl_dir.is_none() => Source::by_default("sslcrl", "root.crl"),
        None => None,
    };
    let mut sources: Vec<Source> = file.into_iter().collect();
    if let Some(path) = &tls.crl_dir {
        sources.extend(Source::given("sslcrldir", path).entries()?);
    }
    let mut revocations = Vec::new();
    for source in sources {
        revocations.extend(source.revocations()?);
    }
    Ok(revocations)
}
