use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// A digest that is, or leads to, a secret.
type Secret = Zeroizing<[u8; 32]>;

/// What a password becomes with salt and iterations (RFC 5802, section 3). Wiped when dropped.
pub(super) struct Keys {
    client: Secret,
    server: Secret,
}

impl Keys {
    pub(super) fn derive(password: &[u8], salt: &[u8], iterations: u32) -> Self {
        let salted = pbkdf2(password, salt, iterations);
        Self { client: hmac(&*salted, &[b"Client Key"]), server: hmac(&*salted, &[b"Server Key"]) }
    }

    /// ClientProof: ClientKey XOR HMAC(H(ClientKey), AuthMessage).
    pub(super) fn proof(&self, authenticated: &[u8]) -> Secret {
        let stored = Zeroizing::new(<[u8; 32]>::from(Sha256::digest(&self.client[..])));
        let mut proof = hmac(&*stored, &[authenticated]);
        xor(&mut proof, &self.client);
        proof
    }

    /// ServerSignature: HMAC(ServerKey, AuthMessage). Only one who has the verifier can make it.
    pub(super) fn server_signature(&self, authenticated: &[u8]) -> Secret {
        hmac(&*self.server, &[authenticated])
    }
}

/// Hi(), which is PBKDF2 with HMAC-SHA-256 and one block of output.
fn pbkdf2(password: &[u8], salt: &[u8], iterations: u32) -> Secret {
    // The key's two blocks are hashed once; every round starts from a copy of that state.
    let keyed = keyed(password);
    let mut last = finish(keyed.clone(), &[salt, &1_u32.to_be_bytes()]);
    let mut result = last.clone();
    for _ in 1..iterations {
        last = finish(keyed.clone(), &[&last[..]]);
        xor(&mut result, &last);
    }
    result
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> Secret {
    finish(keyed(key), parts)
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length; only its trait can fail")]
    Hmac::new_from_slice(key).expect("a key of any length")
}

fn finish(mut keyed: Hmac<Sha256>, parts: &[&[u8]]) -> Secret {
    for part in parts {
        keyed.update(part);
    }
    Zeroizing::new(keyed.finalize().into_bytes().into())
}

fn xor(into: &mut Secret, with: &Secret) {
    for (byte, other) in into.iter_mut().zip(with.iter()) {
        *byte ^= other;
    }
}
