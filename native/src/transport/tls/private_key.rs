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
    let Ok(text) = std::str::from_utf8(&bytes) else {
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
