use alloc::vec::Vec;
use core::fmt;

use bytes::BytesMut;

use crate::message::redacted::Redacted;
use crate::wire::{Malformed, Reader, Unencodable, Writer};

/// Authentication…: what the server asks for before it lets the client in. All of them share a tag.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Authentication<'a> {
    /// AuthenticationOk (0): the client is in.
    Ok,
    /// AuthenticationKerberosV5 (2): gone from servers since PostgreSQL 9.4.
    KerberosV5,
    /// AuthenticationCleartextPassword (3).
    CleartextPassword,
    /// AuthenticationMD5Password (5).
    Md5Password {
        /// What the hash is to be salted with.
        salt: [u8; 4],
    },
    /// AuthenticationGSS (7).
    Gss,
    /// AuthenticationGSSContinue (8): a GSSAPI or SSPI token.
    GssContinue(&'a [u8]),
    /// AuthenticationSSPI (9).
    Sspi,
    /// AuthenticationSASL (10): the mechanisms to choose from, the server's favourite first.
    Sasl(Vec<&'a str>),
    /// AuthenticationSASLContinue (11): the mechanism's challenge.
    SaslContinue(&'a [u8]),
    /// AuthenticationSASLFinal (12): the mechanism's last data.
    SaslFinal(&'a [u8]),
    /// A code that is none of these; what comes after it is not kept.
    Other(u32),
}

impl<'a> Authentication<'a> {
    /// The message's type byte.
    pub const TAG: u8 = b'R';

    /// The code that tells the kinds apart.
    pub const fn code(&self) -> u32 {
        match self {
            Self::Ok => OK,
            Self::KerberosV5 => KERBEROS_V5,
            Self::CleartextPassword => CLEARTEXT_PASSWORD,
            Self::Md5Password { .. } => MD5_PASSWORD,
            Self::Gss => GSS,
            Self::GssContinue(_) => GSS_CONTINUE,
            Self::Sspi => SSPI,
            Self::Sasl(_) => SASL,
            Self::SaslContinue(_) => SASL_CONTINUE,
            Self::SaslFinal(_) => SASL_FINAL,
            Self::Other(code) => *code,
        }
    }

    /// Appends the whole message; fails on a mechanism that is empty or holds a NUL.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        Writer::message(Self::TAG, out, |w| {
            w.u32(self.code());
            match self {
                Self::Md5Password { salt } => w.bytes(salt),
                Self::GssContinue(data) | Self::SaslContinue(data) | Self::SaslFinal(data) => w.bytes(data),
                Self::Sasl(mechanisms) => write_mechanisms(w, mechanisms)?,
                Self::Ok | Self::KerberosV5 | Self::CleartextPassword => {}
                Self::Gss | Self::Sspi | Self::Other(_) => {}
            }
            Ok(())
        })
    }

    /// Reads a body. A code that is not known is no error here: whoever authenticates says what it can do.
    pub fn decode(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(body);
        let message = match reader.u32()? {
            OK => Self::Ok,
            KERBEROS_V5 => Self::KerberosV5,
            CLEARTEXT_PASSWORD => Self::CleartextPassword,
            MD5_PASSWORD => Self::Md5Password { salt: reader.array()? },
            GSS => Self::Gss,
            GSS_CONTINUE => Self::GssContinue(reader.rest()),
            SSPI => Self::Sspi,
            SASL => Self::Sasl(mechanisms(&mut reader)?),
            SASL_CONTINUE => Self::SaslContinue(reader.rest()),
            SASL_FINAL => Self::SaslFinal(reader.rest()),
            code => {
                reader.rest();
                Self::Other(code)
            }
        };
        reader.finish()?;
        Ok(message)
    }
}

/// Does not show what mechanisms say to each other: a challenge and its answer allow guessing at leisure.
impl fmt::Debug for Authentication<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ok => f.write_str("Ok"),
            Self::KerberosV5 => f.write_str("KerberosV5"),
            Self::CleartextPassword => f.write_str("CleartextPassword"),
            Self::Md5Password { .. } => f.debug_struct("Md5Password").finish_non_exhaustive(),
            Self::Gss => f.write_str("Gss"),
            Self::GssContinue(data) => f.debug_tuple("GssContinue").field(&Redacted(data)).finish(),
            Self::Sspi => f.write_str("Sspi"),
            Self::Sasl(mechanisms) => f.debug_tuple("Sasl").field(mechanisms).finish(),
            Self::SaslContinue(data) => f.debug_tuple("SaslContinue").field(&Redacted(data)).finish(),
            Self::SaslFinal(data) => f.debug_tuple("SaslFinal").field(&Redacted(data)).finish(),
            Self::Other(code) => f.debug_tuple("Other").field(code).finish(),
        }
    }
}

/// The names up to an empty one.
fn mechanisms<'a>(reader: &mut Reader<'a>) -> Result<Vec<&'a str>, Malformed> {
    let mut mechanisms = Vec::new();
    loop {
        match reader.cstr()? {
            "" => return Ok(mechanisms),
            mechanism => mechanisms.push(mechanism),
        }
    }
}

fn write_mechanisms(writer: &mut Writer<'_>, mechanisms: &[&str]) -> Result<(), Unencodable> {
    for mechanism in mechanisms {
        if mechanism.is_empty() {
            return Err(Unencodable::InvalidLength(MECHANISM));
        }
        writer.cstr(mechanism, MECHANISM)?;
    }
    writer.u8(0);
    Ok(())
}

const OK: u32 = 0;
const KERBEROS_V5: u32 = 2;
const CLEARTEXT_PASSWORD: u32 = 3;
const MD5_PASSWORD: u32 = 5;
const GSS: u32 = 7;
const GSS_CONTINUE: u32 = 8;
const SSPI: u32 = 9;
const SASL: u32 = 10;
const SASL_CONTINUE: u32 = 11;
const SASL_FINAL: u32 = 12;

const MECHANISM: &str = "a SASL mechanism";

#[cfg(test)]
mod tests {
    use alloc::{format, vec};

    use crate::message::backend::BackendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        for message in [
            Authentication::Ok,
            Authentication::KerberosV5,
            Authentication::CleartextPassword,
            Authentication::Md5Password { salt: *b"\0\xff\x01a" },
            Authentication::Gss,
            Authentication::Sspi,
            Authentication::Sasl(vec![]),
            Authentication::Sasl(vec!["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"]),
        ] {
            testing::backend(&BackendMessage::Authentication(message));
        }
        for message in [
            Authentication::GssContinue(b""),
            Authentication::SaslContinue(b"r=abc,s=QSXCR+Q6sek8bf92,i=4096"),
            Authentication::SaslFinal(b"v=proof"),
            Authentication::Other(1),
            Authentication::Other(6),
            Authentication::Other(u32::MAX),
        ] {
            testing::open_backend(&BackendMessage::Authentication(message));
        }
    }

    #[test]
    fn a_code_that_is_not_known_is_kept_whatever_follows() {
        assert_eq!(Authentication::decode(b"\0\0\0\x0dmore"), Ok(Authentication::Other(13)));
    }

    #[test]
    fn a_mechanism_is_neither_empty_nor_holds_a_nul() {
        let empty = Authentication::Sasl(vec!["A", "", "B"]);
        testing::unencodable(|out| empty.encode(out), Unencodable::InvalidLength(MECHANISM));
        let nul = Authentication::Sasl(vec!["A\0B"]);
        testing::unencodable(|out| nul.encode(out), Unencodable::ContainsNul(MECHANISM));
    }

    #[test]
    fn debug_does_not_tell() {
        assert_eq!(format!("{:?}", Authentication::SaslContinue(b"r=abc")), "SaslContinue(<5 bytes>)");
        assert_eq!(format!("{:?}", Authentication::Sasl(vec!["A"])), "Sasl([\"A\"])");
    }
}
