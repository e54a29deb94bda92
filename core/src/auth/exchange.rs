use alloc::vec::Vec;
use core::fmt;
use core::mem;

use zeroize::Zeroizing;

use super::oauth::{self, OAuthDiscovery};
use super::scram::{self, ClientFirst, ServerFinalExpected};
use super::{AuthError, Credentials, Mechanism, md5_response, select};
use crate::config::{AuthMethod, ChannelBinding, OAuth};

/// What the server asks for: an AuthenticationXxx message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Challenge<'a> {
    /// AuthenticationOk: it is satisfied.
    Ok,
    /// AuthenticationCleartextPassword.
    CleartextPassword,
    /// AuthenticationMD5Password.
    ///
    /// The salt is to be mixed with the password.
    Md5([u8; 4]),
    /// AuthenticationSASL: the mechanisms that it offers.
    Sasl(Vec<&'a str>),
    /// AuthenticationSASLContinue, and the mechanism's data.
    SaslContinue(&'a [u8]),
    /// AuthenticationSASLFinal, and the mechanism's data.
    SaslFinal(&'a [u8]),
    /// A method that this driver does not speak, by its name, such as `GSSAPI`.
    Unsupported(&'a str),
}

/// What to answer.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Response {
    /// PasswordMessage: its text, without the NUL that ends it.
    Password(Zeroizing<Vec<u8>>),
    /// SASLInitialResponse: the mechanism, and its first message.
    SaslInitial(&'static str, Vec<u8>),
    /// SASLResponse: the mechanism's next message.
    Sasl(Vec<u8>),
}

/// The conversation from StartupMessage to AuthenticationOk, as the connection drives it.
///
/// Every challenge goes in; what comes out is sent. Once AuthenticationOk was taken without an error, everything
/// that was required of the server is proved. After an error it takes nothing more.
pub struct Exchange {
    credentials: Credentials,
    nonce_seed: [u8; 24],
    state: State,
    discovery: Option<OAuthDiscovery>,
}

/// What has been said so far.
enum State {
    /// Nothing.
    Start,
    /// A password, in clear or hashed; the server says nothing more of it but Ok.
    PasswordSent,
    /// SCRAM's first message.
    ScramFirstSent(ClientFirst, Bound),
    /// SCRAM's proof.
    ScramFinalSent(ServerFinalExpected, Bound),
    /// All of SCRAM, and the server has proved itself.
    ScramVerified(Bound),
    /// An OAuth token.
    TokenSent,
    /// An empty one, to be told where to get one.
    EmptyTokenSent,
    /// What follows a token that was refused; the server's last word is an ErrorResponse.
    TokenRefused,
    /// It is over, well or not.
    Over,
}

/// Whether SCRAM is bound to TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    Yes,
    No,
}

impl Exchange {
    /// A conversation that goes by these credentials. The seed must be fresh and from a cryptographic source.
    pub fn new(credentials: Credentials, nonce_seed: [u8; 24]) -> Self {
        Self { credentials, nonce_seed, state: State::Start, discovery: None }
    }

    /// Takes what the server asks, and gives what to answer; nothing after AuthenticationOk, nor after a SASL
    /// exchange's end.
    ///
    /// # Errors
    ///
    /// What is asked is not allowed or supported, or the server does not prove what it has to. The connection
    /// must then be closed.
    pub fn handle(&mut self, challenge: &Challenge<'_>) -> Result<Option<Response>, AuthError> {
        let state = mem::replace(&mut self.state, State::Over);
        match (state, challenge) {
            (State::Over, _) => Err(AuthError::Server("it goes on after the authentication was over")),
            (state, Challenge::Ok) => self.finish(&state).map(|()| None),
            (State::Start, Challenge::CleartextPassword) => self.cleartext().map(Some),
            (State::Start, Challenge::Md5(salt)) => self.md5(*salt).map(Some),
            (State::Start, Challenge::Sasl(mechanisms)) => self.begin_sasl(mechanisms).map(Some),
            (_, Challenge::Unsupported(name)) => Err(AuthError::Unsupported((*name).into())),
            (State::ScramFirstSent(state, bound), Challenge::SaslContinue(message)) => {
                let password = match &self.credentials.scram_password {
                    Some(prepared) => prepared.as_bytes(),
                    None => password(&self.credentials)?,
                };
                let (next, reply) =
                    state.handle_server_first(message, password, self.credentials.max_iterations)?;
                self.state = State::ScramFinalSent(next, bound);
                Ok(Some(Response::Sasl(reply)))
            }
            (State::ScramFinalSent(state, bound), Challenge::SaslFinal(message)) => {
                let _verified: scram::Verified = state.handle_server_final(message)?;
                self.state = State::ScramVerified(bound);
                Ok(None)
            }
            (State::TokenSent | State::EmptyTokenSent, Challenge::SaslContinue(message)) => {
                self.discovery = Some(OAuthDiscovery::parse(message)?);
                self.state = State::TokenRefused;
                Ok(Some(Response::Sasl(oauth::AFTER_REFUSAL.to_vec())))
            }
            (State::Start, _) => Err(AuthError::Server("it continues a SASL exchange that was not begun")),
            (State::PasswordSent, _) => Err(AuthError::Server("it asks for more after the password")),
            (State::ScramFirstSent(..), _) => {
                Err(AuthError::Server("it leaves the SCRAM exchange after its first message"))
            }
            (State::ScramFinalSent(..), _) => {
                Err(AuthError::Server("it asks for more before it has proved that it knows the password"))
            }
            (State::TokenSent | State::EmptyTokenSent | State::TokenRefused, _) => {
                Err(AuthError::Server("it asks for something else after the OAuth token"))
            }
            (State::ScramVerified(_), _) => {
                Err(AuthError::Server("it asks for more after the SCRAM exchange"))
            }
        }
    }

    /// Whether AuthenticationOk was taken, or an error ended the conversation.
    pub fn is_over(&self) -> bool {
        matches!(self.state, State::Over)
    }

    /// Where the server wants an OAuth token from, when it refused the one that it got.
    pub fn into_oauth_discovery(self) -> Option<OAuthDiscovery> {
        self.discovery
    }

    fn cleartext(&mut self) -> Result<Response, AuthError> {
        self.check(AuthMethod::Password)?;
        if !self.credentials.cleartext_is_safe {
            return Err(AuthError::Cleartext);
        }
        let password = password(&self.credentials)?;
        if password.contains(&0) {
            return Err(AuthError::PasswordNul);
        }
        let response = Response::Password(Zeroizing::new(password.to_vec()));
        self.state = State::PasswordSent;
        Ok(response)
    }

    fn md5(&mut self, salt: [u8; 4]) -> Result<Response, AuthError> {
        self.check(AuthMethod::Md5)?;
        let response = md5_response(&self.credentials.user, password(&self.credentials)?, salt);
        self.state = State::PasswordSent;
        Ok(Response::Password(response))
    }

    fn begin_sasl(&mut self, mechanisms: &[&str]) -> Result<Response, AuthError> {
        let mechanism = select(mechanisms, &self.credentials)?;
        if !self.credentials.require_auth.allows(mechanism.method()) {
            return Err(AuthError::NotAllowed(mechanism.method()));
        }
        if mechanism == Mechanism::OAuthBearer {
            return self.begin_oauth();
        }
        password(&self.credentials)?;
        let (binding, bound) = match (mechanism, &self.credentials.server_end_point) {
            (Mechanism::ScramSha256Plus, Some(hash)) => {
                (scram::ChannelBinding::TlsServerEndPoint(hash.clone()), Bound::Yes)
            }
            (Mechanism::ScramSha256Plus, None) => {
                return Err(AuthError::ChannelBinding(
                    "there is no hash of the server's certificate to bind to",
                ));
            }
            (Mechanism::ScramSha256 { binding_supported: true }, _) => {
                (scram::ChannelBinding::SupportedNotOffered, Bound::No)
            }
            (_, _) => (scram::ChannelBinding::None, Bound::No),
        };
        let (state, data) = ClientFirst::new(&self.nonce_seed, binding);
        self.state = State::ScramFirstSent(state, bound);
        Ok(Response::SaslInitial(mechanism.name(), data))
    }

    fn begin_oauth(&mut self) -> Result<Response, AuthError> {
        if !self.credentials.cleartext_is_safe {
            return Err(AuthError::CleartextToken);
        }
        let (token, state) = match &self.credentials.oauth {
            OAuth::None => return Err(AuthError::TokenMissing),
            OAuth::Discover => (None, State::EmptyTokenSent),
            OAuth::Token(token) => (Some(token.as_str()), State::TokenSent),
        };
        let data = oauth::client_first(token)?;
        self.state = state;
        Ok(Response::SaslInitial(Mechanism::OAuthBearer.name(), data))
    }

    /// AuthenticationOk: whether all was proved that had to be.
    fn finish(&self, state: &State) -> Result<(), AuthError> {
        let bound = match state {
            State::Start if !self.credentials.require_auth.allows(AuthMethod::None) => {
                return Err(AuthError::NotAllowed(AuthMethod::None));
            }
            State::Start | State::PasswordSent | State::TokenSent => Bound::No,
            State::ScramVerified(bound) => *bound,
            State::EmptyTokenSent | State::TokenRefused => {
                return Err(AuthError::Server("it lets us in without the OAuth token that it asked for"));
            }
            State::ScramFirstSent(..) | State::ScramFinalSent(..) | State::Over => {
                return Err(AuthError::Server(
                    "it lets us in before it has proved that it knows the password",
                ));
            }
        };
        if self.credentials.channel_binding == ChannelBinding::Require && bound == Bound::No {
            return Err(AuthError::ChannelBinding("the server lets us in without it"));
        }
        Ok(())
    }

    /// Whether a method that is not SCRAM may be used.
    fn check(&self, method: AuthMethod) -> Result<(), AuthError> {
        if !self.credentials.require_auth.allows(method) {
            return Err(AuthError::NotAllowed(method));
        }
        if self.credentials.channel_binding == ChannelBinding::Require {
            return Err(AuthError::ChannelBinding(
                "the server asks for a method that cannot be bound to TLS",
            ));
        }
        Ok(())
    }
}

/// Neither credentials nor what they became.
impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Start => "Start",
            State::PasswordSent => "PasswordSent",
            State::ScramFirstSent(..) => "ScramFirstSent",
            State::ScramFinalSent(..) => "ScramFinalSent",
            State::ScramVerified(_) => "ScramVerified",
            State::TokenSent => "TokenSent",
            State::EmptyTokenSent => "EmptyTokenSent",
            State::TokenRefused => "TokenRefused",
            State::Over => "Over",
        };
        f.debug_struct("Exchange").field("state", &state).finish_non_exhaustive()
    }
}

/// A response is, or proves, the password.
impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Password(_) => "Password(…)",
            Self::SaslInitial(..) => "SaslInitial(…)",
            Self::Sasl(_) => "Sasl(…)",
        })
    }
}

/// An empty password is none, as for libpq: servers refuse it in any case.
fn password(credentials: &Credentials) -> Result<&[u8], AuthError> {
    match &credentials.password {
        Some(password) if !password.is_empty() => Ok(password.as_bytes()),
        _ => Err(AuthError::PasswordMissing { user: credentials.user.as_str().into() }),
    }
}

#[cfg(test)]
mod tests;
