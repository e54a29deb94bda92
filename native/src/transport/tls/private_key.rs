use std::fs;

use pkcs8::{EncryptedPrivateKeyInfoRef, SecretDocument};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use trunkline_core::config::Password;
use trunkline_core::error::TlsError;
use zeroize::Zeroizing;

use super::files::Source;

/// The private key of a file, in PEM or DER, as PKCS #8, PKCS #1 or SEC 1; PKCS #8 also encrypted with a passphrase.
pub(super) fn read(
    source: &Source,
    passphrase: Option<&Password>,
) -> Result<PrivateKeyDer<'static>, TlsError> {
    check_permissions(source)?;
    let bytes = Zeroizing::new(source.read()?);
    parse(source, &bytes, passphrase)
}

fn parse(
    source: &Source,
    bytes: &[u8],
    passphrase: Option<&Password>,
) -> Result<PrivateKeyDer<'static>, TlsError> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        let key = PrivateKeyDer::try_from(bytes.to_vec());
        return key.map_err(|_| source.error("it is neither a private key in PEM nor one in DER"));
    };
    if text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") {
        return decrypt(source, text, passphrase);
    }
    if text.contains("Proc-Type: 4,ENCRYPTED") {
        let problem = "it is encrypted in OpenSSL's old way, which is easily broken and not supported: convert it with \
                       openssl pkcs8 -topk8 -in OLD.key -out NEW.key";
        return Err(source.error(problem));
    }
    PrivateKeyDer::from_pem_slice(text.as_bytes())
        .map_err(|_| source.error("it has no private key in PEM (-----BEGIN PRIVATE KEY-----)"))
}

fn decrypt(
    source: &Source,
    text: &str,
    passphrase: Option<&Password>,
) -> Result<PrivateKeyDer<'static>, TlsError> {
    let Some(passphrase) = passphrase else {
        return Err(source.error("it is encrypted with a passphrase: give that in sslpassword"));
    };
    let broken = |_| source.error("its PEM is broken");
    let (_, document) = SecretDocument::from_pem(text).map_err(broken)?;
    let key = EncryptedPrivateKeyInfoRef::try_from(document.as_bytes())
        .map_err(|_| source.error("it is not an encrypted key of PKCS #8"))?;
    let key = key.decrypt(passphrase.as_bytes()).map_err(|error| {
        source.error(format_args!("sslpassword does not open it ({error}): is the passphrase right?"))
    })?;
    Ok(PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.as_bytes().to_vec())))
}

/// A key that others can read is no secret: libpq's rule, which lets a key of root's be read by a group.
#[cfg(unix)]
fn check_permissions(source: &Source) -> Result<(), TlsError> {
    use std::os::unix::fs::MetadataExt;

    let metadata = fs::metadata(&source.path).map_err(|error| source.unreadable(&error))?;
    if !metadata.is_file() {
        return Err(source.error("it is not a file"));
    }
    let forbidden = if metadata.uid() == 0 { 0o037 } else { 0o077 };
    if metadata.mode() & forbidden != 0 {
        return Err(source.error(
            "others than its owner can read the private key: chmod 600 the file (or 640, if it belongs to root)",
        ));
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_permissions(source: &Source) -> Result<(), TlsError> {
    fs::metadata(&source.path).map(|_| ()).map_err(|error| source.unreadable(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &[u8], passphrase: Option<&str>) -> Result<PrivateKeyDer<'static>, String> {
        let passphrase = passphrase.map(Password::from);
        parse(&Source::given("sslkey", "a.key"), text, passphrase.as_ref()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_key_comes_in_many_forms() {
        let key = parsed(PKCS_8.as_bytes(), None).unwrap();
        assert_eq!(parsed(ENCRYPTED.as_bytes(), Some("opensesame")).unwrap(), key);
        assert_eq!(parsed(BY_SCRYPT.as_bytes(), Some("opensesame")).unwrap(), key);
        assert_eq!(parsed(key.secret_der(), None).unwrap(), key);
        let windows = PKCS_8.replace('\n', "\r\n");
        assert_eq!(parsed(windows.as_bytes(), None).unwrap(), key);
        assert!(matches!(parsed(SEC_1.as_bytes(), None), Ok(PrivateKeyDer::Sec1(_))));
    }

    #[test]
    fn what_cannot_be_opened_says_why() {
        for (text, passphrase, word) in [
            (ENCRYPTED, None, "give that in sslpassword"),
            (ENCRYPTED, Some("wrong"), "is the passphrase right?"),
            (&ENCRYPTED[..200], Some("opensesame"), "broken"),
            (OLD, Some("opensesame"), "openssl pkcs8 -topk8"),
            ("", None, "no private key in PEM"),
            ("-----BEGIN PRIVATE KEY-----", None, "no private key in PEM"),
        ] {
            let error = parsed(text.as_bytes(), passphrase).unwrap_err();
            assert!(error.contains(word) && error.starts_with("a.key (sslkey): "), "{error}");
            assert!(!error.contains("opensesame"), "{error}");
        }
        assert!(parsed(b"\xff\xfe", None).unwrap_err().contains("neither"));
    }

    // One key, made for these tests by openssl.

    const SEC_1: &str = "\
-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIGCe+Y8AdHIC1n/QIorupJXnkkk7lK/y3jbv9X84KlPYoAoGCCqGSM49
AwEHoUQDQgAEnX2ksrMDwR7Qafqw7/K3eBSCmxOrjAYPzQgbzcoNiVjRTsKycoKd
xNarQ00tevLemA5Bxt2VCmuTPize95n4LQ==
-----END EC PRIVATE KEY-----
";

    const PKCS_8: &str = "\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgYJ75jwB0cgLWf9Ai
iu6kleeSSTuUr/LeNu/1fzgqU9ihRANCAASdfaSyswPBHtBp+rDv8rd4FIKbE6uM
Bg/NCBvNyg2JWNFOwrJygp3E1qtDTS168t6YDkHG3ZUKa5M+LN73mfgt
-----END PRIVATE KEY-----
";

    const ENCRYPTED: &str = "\
-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhXFgraIZmpqAICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEJsGruo1qpDznu8L+B8IsF4EgZDv
/tnbeXfqWLiQOG+IhANzXu4zLNWtyeOugc8DnATKzoYUnsbmMlEXKLhuLerQYF4D
6N8ESq/Ad7NkjlOW+Jdg5LxfnDPoR1xrXUlgCQ5RDPNArN42OFBpcR0K7lP3r+G4
Ei/O4ro0hj0p2FotnHSp2FO2BjSNEAkH7U25jgQtGh25QuDG6gXfGbu2+BUUBSg=
-----END ENCRYPTED PRIVATE KEY-----
";

    const BY_SCRYPT: &str = "\
-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHkME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAjvQ3crtYlDUAICQAAC
AQgCAQEwHQYJYIZIAWUDBAEqBBDgp98LdD5Tl7g1ibQYLKddBIGQyYhnYNGF8PtO
Jhy2dePbmdOyk2LATBi1V5OgllLQNlC5uceX0EtUPyIX5lqwTHHWOtQIGro0t1Kb
tEoY0LVu4kydKyNvLsxTxGzQ202182nm0mNdHMW8sYSatHqV4JjtpFYTKNuwi1K7
la80wbMxqh9Dupa6o1iqUhvCBcW9Svq420dryqnN0EMXAI7P3Ntv
-----END ENCRYPTED PRIVATE KEY-----
";

    const OLD: &str = "\
-----BEGIN EC PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-128-CBC,33C61896D6EDACBEDA7713BA796DBE3A

BIphGFByunq8Uxe60y/7iTsu66eorjLuf4c1g+vc8TtAxYaZ3m4hg7JmGycQKs3t
gK7286p7zLTMvvVU+ED+wIKBsO7EyfHNo3V24oXJysPYcZZm/0e0CIFKxX+B9hQ5
+4jq7Fm5HXH+k1HQuRFBQYJdaUKUUNsiFXOLpHnxxFM=
-----END EC PRIVATE KEY-----
";
}
