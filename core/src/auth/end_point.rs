use alloc::vec::Vec;

use sha2::{Digest as _, Sha224, Sha256, Sha384, Sha512};

/// What stands for the server's end of a TLS connection in SCRAM-SHA-256-PLUS: `tls-server-end-point` of RFC 5929,
/// the hash of the server's certificate (in DER) by the hash of the certificate's own signature, or by SHA-256
/// where that is MD5 or SHA-1.
///
/// None for a signature that has no hash of its own, such as Ed25519's: the channel can then not be bound to.
///
/// ```
/// use trunkline_core::auth::server_end_point;
///
/// assert_eq!(server_end_point(b"not a certificate"), None);
/// ```
pub fn server_end_point(certificate: &[u8]) -> Option<Vec<u8>> {
    Some(match signature_hash(certificate)? {
        Hash::Sha224 => Sha224::digest(certificate).to_vec(),
        Hash::Sha256 => Sha256::digest(certificate).to_vec(),
        Hash::Sha384 => Sha384::digest(certificate).to_vec(),
        Hash::Sha512 => Sha512::digest(certificate).to_vec(),
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hash {
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// `Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm SEQUENCE { algorithm OID, parameters }, … }` (RFC
/// 5280).
fn signature_hash(certificate: &[u8]) -> Option<Hash> {
    let (certificate, _) = element(certificate, SEQUENCE)?;
    let (_, rest) = element(certificate, SEQUENCE)?;
    let (algorithm, _) = element(rest, SEQUENCE)?;
    let (oid, parameters) = element(algorithm, OBJECT_IDENTIFIER)?;
    if oid == RSASSA_PSS {
        return pss_hash(parameters);
    }
    SIGNATURES.iter().find(|(known, _)| *known == oid).map(|&(_, hash)| hash)
}

/// `RSASSA-PSS-params ::= SEQUENCE { [0] hashAlgorithm DEFAULT sha1, … }` (RFC 4055).
fn pss_hash(parameters: &[u8]) -> Option<Hash> {
    let (parameters, _) = element(parameters, SEQUENCE)?;
    let Some((tagged, _)) = element(parameters, CONTEXT_0) else { return Some(Hash::Sha256) };
    let (algorithm, _) = element(tagged, SEQUENCE)?;
    let (oid, _) = element(algorithm, OBJECT_IDENTIFIER)?;
    HASHES.iter().find(|(known, _)| *known == oid).map(|&(_, hash)| hash)
}

/// What the element of this tag at the beginning holds, and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (_, rest) = der.split_first().filter(|(first, _)| **first == tag)?;
    let (&short, rest) = rest.split_first()?;
    // Up to 127 the length is one byte; above, that byte counts the bytes of it that follow.
    let (length, rest) = match short {
        0..=0x7f => (usize::from(short), rest),
        0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(short - 0x80))?;
            let length = bytes
                .iter()
                .try_fold(0_usize, |length, &byte| length.checked_mul(256)?.checked_add(usize::from(byte)))?;
            (length, rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}

const SEQUENCE: u8 = 0x30;
const OBJECT_IDENTIFIER: u8 = 0x06;
const CONTEXT_0: u8 = 0xa0;

/// Object identifiers, as they are encoded. 1.2.840.113549.1.1 is PKCS #1, 1.2.840.10045.4 ANSI X9.62's
/// signatures, 1.2.840.10040.4 and 2.16.840.1.101.3.4.3 those with DSA.
const SIGNATURES: &[(&[u8], Hash)] = &[
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04", Hash::Sha256), // md5WithRSAEncryption
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05", Hash::Sha256), // sha1WithRSAEncryption
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b", Hash::Sha256), // sha256WithRSAEncryption
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c", Hash::Sha384), // sha384WithRSAEncryption
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d", Hash::Sha512), // sha512WithRSAEncryption
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0e", Hash::Sha224), // sha224WithRSAEncryption
    (b"\x2a\x86\x48\xce\x3d\x04\x01", Hash::Sha256),         // ecdsa-with-SHA1
    (b"\x2a\x86\x48\xce\x3d\x04\x03\x01", Hash::Sha224),     // ecdsa-with-SHA224
    (b"\x2a\x86\x48\xce\x3d\x04\x03\x02", Hash::Sha256),     // ecdsa-with-SHA256
    (b"\x2a\x86\x48\xce\x3d\x04\x03\x03", Hash::Sha384),     // ecdsa-with-SHA384
    (b"\x2a\x86\x48\xce\x3d\x04\x03\x04", Hash::Sha512),     // ecdsa-with-SHA512
    (b"\x2a\x86\x48\xce\x38\x04\x03", Hash::Sha256),         // dsa-with-SHA1
    (b"\x60\x86\x48\x01\x65\x03\x04\x03\x01", Hash::Sha224), // dsa-with-SHA224
    (b"\x60\x86\x48\x01\x65\x03\x04\x03\x02", Hash::Sha256), // dsa-with-SHA256
];

const RSASSA_PSS: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a";

const HASHES: &[(&[u8], Hash)] = &[
    (b"\x2b\x0e\x03\x02\x1a", Hash::Sha256), // SHA-1
    (b"\x60\x86\x48\x01\x65\x03\x04\x02\x01", Hash::Sha256),
    (b"\x60\x86\x48\x01\x65\x03\x04\x02\x02", Hash::Sha384),
    (b"\x60\x86\x48\x01\x65\x03\x04\x02\x03", Hash::Sha512),
    (b"\x60\x86\x48\x01\x65\x03\x04\x02\x04", Hash::Sha224),
];

#[cfg(test)]
mod tests {
    use alloc::vec;

    use proptest::prelude::*;

    use super::*;

    fn der(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        let head =
            if content.len() < 128 { vec![tag, length[1]] } else { vec![tag, 0x82, length[0], length[1]] };
        [&head, content].concat()
    }

    /// A certificate as far as it matters here.
    fn certificate(algorithm: &[u8], parameters: &[u8]) -> Vec<u8> {
        let signed = der(SEQUENCE, &[7; 300]);
        let algorithm = der(SEQUENCE, &[&der(OBJECT_IDENTIFIER, algorithm), parameters].concat());
        der(SEQUENCE, &[signed, algorithm, der(0x03, b"\0signature")].concat())
    }

    #[test]
    fn the_hash_is_that_of_the_certificates_signature() {
        for (signature, length) in [(0x0b, 32), (0x0c, 48), (0x0d, 64), (0x0e, 28), (0x04, 32), (0x05, 32)] {
            let certificate = certificate(&[&RSASSA_PSS[..8], &[signature]].concat(), b"\x05\0");
            assert_eq!(server_end_point(&certificate).unwrap().len(), length, "{signature}");
        }
        let certificate = certificate(b"\x2a\x86\x48\xce\x3d\x04\x03\x03", b"");
        assert_eq!(server_end_point(&certificate), Some(Sha384::digest(&certificate).to_vec()));
    }

    #[test]
    fn pss_names_its_hash_among_its_parameters() {
        for (oid, hash) in HASHES {
            let algorithm = der(SEQUENCE, &der(OBJECT_IDENTIFIER, oid));
            let parameters = der(SEQUENCE, &der(CONTEXT_0, &algorithm));
            assert_eq!(signature_hash(&certificate(RSASSA_PSS, &parameters)), Some(*hash));
        }
        let by_default = certificate(RSASSA_PSS, &der(SEQUENCE, b""));
        assert_eq!(signature_hash(&by_default), Some(Hash::Sha256));
    }

    #[test]
    fn signatures_without_a_hash_of_their_own_cannot_be_bound_to() {
        let ed25519 = certificate(b"\x2b\x65\x70", b"");
        assert_eq!(server_end_point(&ed25519), None);
        assert_eq!(server_end_point(b""), None);
        assert_eq!(server_end_point(&ed25519[..ed25519.len() / 2]), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_looked_at_without_a_panic(bytes: Vec<u8>) {
            server_end_point(&bytes);
        }

        #[test]
        fn a_damaged_certificate_is_too(at in 0_usize..330, byte: u8) {
            let mut certificate = certificate(RSASSA_PSS, &der(SEQUENCE, b""));
            if let Some(there) = certificate.get_mut(at) {
                *there = byte;
            }
            server_end_point(&certificate);
        }
    }
}
