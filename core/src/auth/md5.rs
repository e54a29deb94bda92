use alloc::vec::Vec;

use md5::{Digest as _, Md5};
use zeroize::Zeroizing;

/// The answer to AuthenticationMD5Password: `md5`, and the hexadecimal MD5 of the hexadecimal MD5 of password and
/// user, and the salt.
///
/// See AuthenticationMD5Password in "Start-up" of PostgreSQL's protocol chapter. MD5 is deprecated from
/// PostgreSQL 18 on.
pub fn md5_response(user: &str, password: &[u8], salt: [u8; 4]) -> Zeroizing<Vec<u8>> {
    let inner = hex(Md5::new().chain_update(password).chain_update(user).finalize().into());
    let outer = hex(Md5::new().chain_update(inner.as_slice()).chain_update(salt).finalize().into());
    let mut response = Zeroizing::new(Vec::with_capacity(35));
    response.extend_from_slice(b"md5");
    response.extend_from_slice(&outer);
    response
}

fn hex(digest: [u8; 16]) -> Zeroizing<Vec<u8>> {
    let digit = |nibble: u8| if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 };
    let mut text = Zeroizing::new(Vec::with_capacity(32));
    for byte in digest {
        text.push(digit(byte >> 4));
        text.push(digit(byte & 0xf));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_hexadecimal() {
        let empty = hex(Md5::digest(b"").into());
        assert_eq!(empty.as_slice(), b"d41d8cd98f00b204e9800998ecf8427e");
    }

    #[test]
    fn the_answer_is_postgresqls() {
        // The verifier that pg_authid keeps is the first half: 'md5' || md5('passwordpostgres').
        let response = md5_response("md5_user", b"password", [0x2a, 0x3d, 0x8f, 0xe0]);
        assert_eq!(response.as_slice(), b"md562af4dd09bbb41884907a838a3233294");
    }

    #[test]
    fn salt_and_user_matter() {
        let one = md5_response("a", b"x", [0; 4]);
        assert_eq!(one.len(), 35);
        assert_ne!(one, md5_response("b", b"x", [0; 4]));
        assert_ne!(one, md5_response("a", b"x", [1, 0, 0, 0]));
    }
}
