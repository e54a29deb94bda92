//! Certificates made on the spot: authorities, and what they sign.

use base64ct::{Base64, Encoding};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams, SerialNumber,
    SignatureAlgorithm, date_time_ymd,
};

/// Whoever signs certificates.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its private key, in PEM.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// The certificate alone.
    pub certificate: String,
    /// The private key, as PKCS #8.
    pub key: String,
    /// Its number among those of its authority.
    serial: u64,
}

/// What a certificate is to be like.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// The hosts that it names: DNS names or addresses.
    pub hosts: &'a [&'a str],
    /// The common name of its subject.
    pub common_name: &'a str,
    /// The years at whose beginnings it becomes and ceases to be valid.
    pub years: (i32, i32),
    /// Its number.
    pub serial: u64,
    /// The algorithm of its key.
    pub algorithm: &'static SignatureAlgorithm,
}

impl Default for Wanted<'_> {
    fn default() -> Self {
        Self {
            hosts: &[],
            common_name: "",
            years: (2020, 4000),
            serial: 1,
            algorithm: &rcgen::PKCS_ECDSA_P256_SHA256,
        }
    }
}

impl Wanted<'_> {
    fn params(&self) -> CertificateParams {
        let hosts: Vec<String> = self.hosts.iter().map(ToString::to_string).collect();
        let mut params = CertificateParams::new(hosts).expect("names of hosts");
        params.distinguished_name = rcgen::DistinguishedName::new();
        if !self.common_name.is_empty() {
            params.distinguished_name.push(DnType::CommonName, self.common_name);
        }
        params.not_before = date_time_ymd(self.years.0, 1, 1);
        params.not_after = date_time_ymd(self.years.1, 1, 1);
        params.serial_number = Some(SerialNumber::from(self.serial));
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        params
    }

    /// A certificate that signed itself, and calls itself an authority, as `openssl req -x509` makes it.
    pub fn self_signed(&self) -> Certificate {
        let mut params = self.params();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate_for(self.algorithm).expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate");
        Certificate { certificate: certificate.pem(), key: private(&key), serial: self.serial }
    }
}

impl Authority {
    /// A new one of that name.
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().expect("a key");
        Self(CertifiedIssuer::self_signed(params, key).expect("an authority"))
    }

    /// Its own certificate, in PEM.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// Signs a certificate.
    pub fn sign(&self, wanted: &Wanted<'_>) -> Certificate {
        let key = KeyPair::generate_for(wanted.algorithm).expect("a key");
        let certificate = wanted.params().signed_by(&key, &self.0).expect("a certificate");
        Certificate { certificate: certificate.pem(), key: private(&key), serial: wanted.serial }
    }

    /// The list of those of its certificates that are to be trusted no more, in PEM.
    pub fn revoke(&self, certificates: &[&Certificate]) -> String {
        let revoked = certificates.iter().map(|certificate| RevokedCertParams {
            serial_number: SerialNumber::from(certificate.serial),
            revocation_time: date_time_ymd(2021, 1, 1),
            reason_code: None,
            invalidity_date: None,
        });
        let list = CertificateRevocationListParams {
            this_update: date_time_ymd(2022, 1, 1),
            next_update: date_time_ymd(4000, 1, 1),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: revoked.collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        list.signed_by(&self.0).and_then(|list| list.pem()).expect("a list")
    }
}

/// The key in PEM. OpenSSL 1.1.1 cannot read Ed25519's in the form of RFC 5958, which has the public key besides: it gets
/// that of RFC 8410.
fn private(key: &KeyPair) -> String {
    if key.algorithm() != &rcgen::PKCS_ED25519 {
        return key.serialize_pem();
    }
    let head = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    let seed = &key.serialized_der()[16..48];
    let text = Base64::encode_string(&[&head, seed].concat());
    format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n")
}
