//! From the StartupMessage to the first ReadyForQuery.

use bytes::BytesMut;
use md5::{Digest, Md5};
use trunkline_core::message::backend::{Authentication, BackendMessage, NegotiateProtocolVersion};
use trunkline_core::message::frontend::{
    AuthenticationResponse, FrontendMessage, StartupMessage, StartupPacket,
};

use super::{Backend, Phase};
use crate::messages as m;
use crate::scram;

/// How a server lets clients in.
#[derive(Debug, Clone)]
pub struct Opening {
    /// How it authenticates them.
    pub auth: Auth,
    /// The password it wants.
    pub password: String,
    /// What it answers by NegotiateProtocolVersion; in which of its two forms is up to the test.
    pub negotiates: Option<u32>,
    /// The cancel key it gives.
    pub key: Vec<u8>,
    /// The iterations of its SCRAM.
    pub iterations: u32,
    /// What its end of the TLS connection is, for SCRAM-SHA-256-PLUS; none when it knows of no TLS.
    pub end_point: Option<Vec<u8>>,
}

/// How a server authenticates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "their names in pg_hba.conf")]
pub enum Auth {
    Trust,
    Password,
    Md5,
    ScramSha256,
    /// SCRAM-SHA-256-PLUS, and SCRAM-SHA-256 beside it, as a server over TLS offers them.
    ScramSha256Plus,
    OAuth,
}

#[derive(Debug)]
pub(super) enum State {
    Startup,
    Password,
    Md5(String),
    ScramFirst,
    ScramFinal(scram::Server),
    Token,
    TokenRefused,
}

impl Default for Opening {
    fn default() -> Self {
        Self {
            auth: Auth::Trust,
            password: "s3cret".into(),
            negotiates: None,
            key: vec![1, 2, 3, 4],
            iterations: 16,
            end_point: None,
        }
    }
}

/// What the server of [`Auth::OAuth`] says to a token that is not its password.
pub const REFUSAL: &str = r#"{"status":"invalid_token","scope":"db","openid-configuration":"https://id.test/.well-known/openid-configuration"}"#;

impl Opening {
    fn scram(&self, mechanism: &str, first: &[u8]) -> Option<scram::Server> {
        let plus = mechanism == "SCRAM-SHA-256-PLUS";
        // A client that says that it could have been bound was lied to, if it was offered that (RFC 5802).
        let header = match (&self.end_point, first.first()) {
            (Some(_), _) if plus => "p=tls-server-end-point,,",
            (_, Some(b'y')) if self.auth == Auth::ScramSha256 && self.end_point.is_none() => "y,,",
            _ => "n,,",
        };
        let end_point = self.end_point.as_deref().filter(|_| plus).unwrap_or_default();
        scram::Server::bound(&self.password, self.iterations, first, header, end_point)
    }
}

const SALT: [u8; 4] = [1, 2, 3, 4];

impl Backend {
    pub(super) fn handle_startup(&mut self, input: &mut BytesMut) -> bool {
        let Some(length) = input.first_chunk::<4>() else { return false };
        let length = usize::try_from(u32::from_be_bytes(*length)).expect("a length");
        if input.len() < length {
            return false;
        }
        let packet = input.split_to(length);
        match StartupPacket::decode(&packet[4..]).expect("the client's first packet") {
            StartupPacket::Startup(startup) => self.start(&startup),
            other => panic!("{other:?} is not for this server"),
        }
        true
    }

    fn start(&mut self, startup: &StartupMessage<'_>) {
        self.heard.push(format!("Startup({:#x} {:?})", startup.version, startup.parameters));
        if let Some(version) = self.opening.negotiates {
            let message = NegotiateProtocolVersion { version, options: Vec::new() };
            self.say(&m::encode(&BackendMessage::NegotiateProtocolVersion(message)));
        }
        let (challenge, state) = match self.opening.auth {
            Auth::Trust => return self.welcome(),
            Auth::Password => (Authentication::CleartextPassword, State::Password),
            Auth::Md5 => {
                let user = startup.parameters.iter().find(|(name, _)| *name == "user");
                let user = user.map(|(_, user)| user.to_string()).unwrap_or_default();
                (Authentication::Md5Password { salt: SALT }, State::Md5(user))
            }
            Auth::ScramSha256 => (Authentication::Sasl(vec!["SCRAM-SHA-256"]), State::ScramFirst),
            Auth::ScramSha256Plus => {
                (Authentication::Sasl(vec!["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"]), State::ScramFirst)
            }
            Auth::OAuth => (Authentication::Sasl(vec!["OAUTHBEARER"]), State::Token),
        };
        self.say(&m::authentication(challenge));
        self.phase = Phase::Opening(state);
    }

    pub(super) fn handle_answer(&mut self, message: &FrontendMessage<'_>) {
        let FrontendMessage::Password(answer) = message else { return self.refuse() };
        let Phase::Opening(state) = &self.phase else { return };
        match state {
            State::Startup => {}
            State::Password => self.decide(*answer, &self.opening.password.clone()),
            State::Md5(user) => {
                let inner = hex(&[self.opening.password.as_bytes(), user.as_bytes()]);
                let expected = format!("md5{}", hex(&[inner.as_bytes(), &SALT]));
                self.decide(*answer, &expected);
            }
            State::ScramFirst => {
                let Ok(initial) = answer.as_sasl_initial() else { return self.refuse() };
                let first = initial.response.unwrap_or_default();
                let Some(server) = self.opening.scram(initial.mechanism, first) else { return self.refuse() };
                self.say(&m::authentication(Authentication::SaslContinue(server.first().as_bytes())));
                self.phase = Phase::Opening(State::ScramFinal(server));
            }
            State::ScramFinal(server) => {
                let last = answer.as_sasl().ok().and_then(|answer| server.finish(answer.data));
                let Some(last) = last else { return self.refuse() };
                self.say(&m::authentication(Authentication::SaslFinal(last.as_bytes())));
                self.welcome();
            }
            State::Token => {
                let Ok(initial) = answer.as_sasl_initial() else { return self.refuse() };
                let expected = format!("n,,\x01auth=Bearer {}\x01\x01", self.opening.password);
                if initial.response == Some(expected.as_bytes()) {
                    return self.welcome();
                }
                self.say(&m::authentication(Authentication::SaslContinue(REFUSAL.as_bytes())));
                self.phase = Phase::Opening(State::TokenRefused);
            }
            State::TokenRefused => {
                assert!(answer.as_sasl().is_ok_and(|answer| answer.data == b"\x01"), "{answer:?}");
                self.refuse();
            }
        }
    }

    fn decide(&mut self, answer: AuthenticationResponse<'_>, expected: &str) {
        let given = answer.as_password().map(|message| message.password).unwrap_or_default();
        if given == expected.as_bytes() { self.welcome() } else { self.refuse() }
    }

    fn welcome(&mut self) {
        let key = m::key(42, &self.opening.key);
        self.say(&m::authentication(Authentication::Ok));
        self.say(&m::parameter("server_version", "18.4"));
        self.say(&key);
        self.say(&m::ready());
        self.phase = Phase::Open;
    }

    fn refuse(&mut self) {
        self.say(&m::fatal("28P01", "password authentication failed"));
        self.phase = Phase::Over;
    }
}

fn hex(parts: &[&[u8]]) -> String {
    let hash = parts.iter().fold(Md5::new(), |hash, part| hash.chain_update(part)).finalize();
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
