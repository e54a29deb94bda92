use std::net::IpAddr;
use std::time::Duration;

use rustls::pki_types::{CertificateDer, ServerName};
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

/// What a certificate calls whom it was made for, and when it is valid: as far as rustls does not tell.
pub(super) struct Subject {
    names: Vec<String>,
    addresses: Vec<IpAddr>,
    common_name: Option<String>,
    /// Whether it is its own issuer.
    pub(super) signed_itself: bool,
    pub(super) not_before: Duration,
    pub(super) not_after: Duration,
}

impl Subject {
    /// Reads a certificate; none when it is not one by the letter of RFC 5280.
    pub(super) fn of(certificate: &CertificateDer<'_>) -> Option<Self> {
        let certificate = Certificate::from_der(certificate).ok()?;
        let certificate = certificate.tbs_certificate();
        let (mut names, mut addresses) = (Vec::new(), Vec::new());
        if let Some((_, SubjectAltName(alternatives))) = certificate.get_extension().ok()? {
            for name in alternatives {
                match name {
                    GeneralName::DnsName(name) => names.push(name.as_str().to_owned()),
                    GeneralName::IpAddress(address) => addresses.extend(ip_address(address.as_bytes())),
                    _ => {}
                }
            }
        }
        let common_name = certificate.subject().common_name().ok()?.map(|name| name.value().into_owned());
        let validity = certificate.validity();
        Some(Self {
            names,
            addresses,
            common_name,
            signed_itself: certificate.subject() == certificate.issuer(),
            not_before: validity.not_before.to_unix_duration(),
            not_after: validity.not_after.to_unix_duration(),
        })
    }

    /// Whether the common name is the host's, in a certificate that has no alternative name of the host's kind. That
    /// is what such names were before 1999, and what `openssl req -subj /CN=host` still makes.
    pub(super) fn has_common_name(&self, host: &ServerName<'_>) -> bool {
        let Some(common_name) = self.common_name.as_deref() else { return false };
        match host {
            ServerName::DnsName(host) => self.names.is_empty() && matches(common_name, host.as_ref()),
            ServerName::IpAddress(host) => {
                self.addresses.is_empty()
                    && common_name.parse().is_ok_and(|name: IpAddr| name == IpAddr::from(*host))
            }
            _ => false,
        }
    }

    /// Everyone it is for, in words.
    pub(super) fn everyone(&self) -> String {
        let addresses = self.addresses.iter().map(ToString::to_string);
        let all: Vec<String> = self.names.iter().cloned().chain(addresses).collect();
        match (&all[..], &self.common_name) {
            ([], Some(common_name)) => common_name.clone(),
            ([], None) => "nobody".to_owned(),
            (all, _) => all.join(", "),
        }
    }
}

fn ip_address(bytes: &[u8]) -> Option<IpAddr> {
    let v4 = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}

/// By libpq's rule: a `*` stands for the whole first label and for one label.
fn matches(pattern: &str, host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    if pattern.eq_ignore_ascii_case(host) {
        return true;
    }
    match (pattern.strip_prefix("*."), host.split_once('.')) {
        (Some(pattern), Some((label, rest))) => !label.is_empty() && pattern.eq_ignore_ascii_case(rest),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_one_label() {
        for (pattern, host, expected) in [
            ("db.example.com", "DB.example.com", true),
            ("db.example.com", "db.example.com.", true),
            ("*.example.com", "db.example.com", true),
            ("*.example.com", "a.db.example.com", false),
            ("*.example.com", "example.com", false),
            ("*.example.com", ".example.com", false),
            ("d*.example.com", "db.example.com", false),
            ("*", "db", false),
        ] {
            assert_eq!(matches(pattern, host), expected, "{pattern} {host}");
        }
    }
}
