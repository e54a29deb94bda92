use alloc::vec::Vec;

use base64ct::{Base64, Encoding as _};

use super::MAX_MESSAGE;
use crate::auth::AuthError;

/// The server's first message, `r=nonce,s=salt,i=iterations`, with every field checked.
#[derive(Debug)]
pub(super) struct ServerFirst<'a> {
    /// All of it, which the proofs sign.
    pub(super) text: &'a str,
    pub(super) nonce: &'a str,
    pub(super) salt: Vec<u8>,
    pub(super) iterations: u32,
}

impl<'a> ServerFirst<'a> {
    pub(super) fn parse(
        message: &'a [u8],
        client_nonce: &str,
        max_iterations: u32,
    ) -> Result<Self, AuthError> {
        let malformed = AuthError::Server("its first SCRAM message is malformed");
        if message.len() > MAX_MESSAGE {
            return Err(AuthError::Server("its first SCRAM message is too long"));
        }
        let text = core::str::from_utf8(message).map_err(|_| malformed.clone())?;
        if text.starts_with("m=") {
            return Err(AuthError::Server("it demands a SCRAM extension that nobody has defined"));
        }
        let mut fields = text.split(',');
        let mut field = |name: &str| fields.next()?.strip_prefix(name)?.strip_prefix('=');
        let nonce = field("r").ok_or_else(|| malformed.clone())?;
        let salt = field("s").ok_or_else(|| malformed.clone())?;
        let iterations = field("i").ok_or_else(|| malformed.clone())?;
        if fields.next().is_some() {
            return Err(malformed);
        }

        // Without a part of the server's, whoever recorded one exchange could replay it.
        if nonce.len() <= client_nonce.len() || !nonce.starts_with(client_nonce) {
            return Err(AuthError::Server("its SCRAM nonce does not continue ours"));
        }
        if !nonce.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(malformed);
        }
        let salt = Base64::decode_vec(salt)
            .ok()
            .filter(|salt| !salt.is_empty())
            .ok_or(AuthError::Server("its SCRAM salt is empty or not base64"))?;
        Ok(Self { text, nonce, salt, iterations: parse_iterations(iterations, max_iterations)? })
    }
}

fn parse_iterations(text: &str, limit: u32) -> Result<u32, AuthError> {
    let malformed = AuthError::Server("its SCRAM iteration count is not a positive number");
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(malformed);
    }
    // More digits than u64 has are too many iterations all the same.
    let asked: u64 = text.parse().unwrap_or(u64::MAX);
    match u32::try_from(asked) {
        Ok(0) => Err(malformed),
        Ok(iterations) if iterations <= limit => Ok(iterations),
        _ => Err(AuthError::Iterations { asked, limit }),
    }
}
