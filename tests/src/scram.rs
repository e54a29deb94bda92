//! The server's half of SCRAM-SHA-256 (RFC 5802, RFC 7677).

use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// A server in the middle of an exchange.
#[derive(Debug, Clone)]
pub struct Server {
    password: Vec<u8>,
    iterations: u32,
    client_first_bare: String,
    server_first: String,
    /// What the client-final message has to repeat: the GS2 header, and what the channel is bound to.
    binding: Vec<u8>,
}

const SALT: &[u8] = b"salt and pepper!";

impl Server {
    /// Takes the client-first message; `None` when it is no such thing.
    pub fn new(password: &str, iterations: u32, client_first: &[u8]) -> Option<Self> {
        Self::bound(password, iterations, client_first, "n,,", b"")
    }

    /// The same for a client that has to begin with this GS2 header, and is bound to this.
    pub fn bound(
        password: &str,
        iterations: u32,
        client_first: &[u8],
        header: &str,
        end_point: &[u8],
    ) -> Option<Self> {
        let bare = std::str::from_utf8(client_first).ok()?.strip_prefix(header)?;
        let nonce = bare.strip_prefix("n=,r=")?;
        Some(Self {
            password: password.into(),
            iterations,
            client_first_bare: bare.into(),
            binding: [header.as_bytes(), end_point].concat(),
            server_first: format!("r={nonce}SERVER,s={},i={iterations}", Base64::encode_string(SALT)),
        })
    }

    /// The server-first message.
    pub fn first(&self) -> &str {
        &self.server_first
    }

    /// Checks the client-final message; gives the server-final one, or `None` when the password is wrong.
    pub fn finish(&self, client_final: &[u8]) -> Option<String> {
        let client_final = std::str::from_utf8(client_final).ok()?;
        let (without_proof, proof) = client_final.rsplit_once(",p=")?;
        let nonce = self.server_first.split(',').next()?;
        if without_proof != format!("c={},{nonce}", Base64::encode_string(&self.binding)) {
            return None;
        }
        let signed = format!("{},{},{without_proof}", self.client_first_bare, self.server_first);
        let salted = self.salted();
        let stored: [u8; 32] = Sha256::digest(hmac(&salted, b"Client Key")).into();
        let signature = hmac(&stored, signed.as_bytes());
        let proof = Base64::decode_vec(proof).ok()?;
        let key: Vec<u8> = proof.iter().zip(signature).map(|(proof, byte)| proof ^ byte).collect();
        if proof.len() != 32 || <[u8; 32]>::from(Sha256::digest(&key)) != stored {
            return None;
        }
        let verifier = hmac(&hmac(&salted, b"Server Key"), signed.as_bytes());
        Some(format!("v={}", Base64::encode_string(&verifier)))
    }

    fn salted(&self) -> [u8; 32] {
        let mut block = hmac(&self.password, &[SALT, &1_u32.to_be_bytes()].concat());
        let mut salted = block;
        for _ in 1..self.iterations {
            block = hmac(&self.password, &block);
            salted.iter_mut().zip(block).for_each(|(salted, byte)| *salted ^= byte);
        }
        salted
    }
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes any key");
    mac.update(message);
    mac.finalize().into_bytes().into()
}
