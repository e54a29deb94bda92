use core::time::Duration;

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use bytes::BytesMut;

use super::Connection;
use super::event::Event;
use crate::auth::{AuthError, Challenge, Credentials, Exchange, OAuthDiscovery, Response};
use crate::config::{Config, ProtocolVersion};
use crate::error::{CloseReason, Error, Escaped, ProtocolError, UsageError};
use crate::message::backend::{
    Authentication, BackendKeyData, ErrorResponse, NegotiateProtocolVersion, ReadyForQuery,
};
use crate::message::frontend::{PasswordMessage, SaslInitialResponse, SaslResponse, StartupMessage};
use crate::time::Instant;
use crate::wire::{Frame, Malformed};

/// What carries the bytes, as far as authentication cares.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Channel {
    /// Whether TLS (or something as good) protects them.
    pub encrypted: bool,
    /// Whether they never leave this machine: a Unix socket, or loopback.
    pub local: bool,
    /// What SCRAM-SHA-256-PLUS can be bound to: [`server_end_point`](crate::auth::server_end_point) of the server's
    /// certificate, where the shell can see that.
    pub server_end_point: Option<Vec<u8>>,
}

/// How far a start-up came, for the error messages of the shell: a failure does not change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum StartupStage {
    /// The server has asked for nothing yet.
    #[default]
    Greeting,
    /// It has asked who we are, and was not satisfied yet.
    Authenticating,
    /// It has asked for a password, and there was none.
    PasswordMissing,
    /// It knows who we are.
    Authenticated,
}

/// A session being opened, from the StartupMessage to the first ReadyForQuery.
#[derive(Debug)]
pub(super) struct Startup {
    exchange: Exchange,
    /// A message has come: whoever answers speaks the protocol.
    pub(super) heard: bool,
    authenticated: bool,
    min_version: ProtocolVersion,
    version: ProtocolVersion,
    negotiated: bool,
    pub(super) deadline: Option<(Instant, Duration)>,
}

impl Startup {
    /// Writes the StartupMessage.
    pub(super) fn begin(
        config: &Config,
        channel: Channel,
        now: Instant,
        nonce: [u8; 24],
        out: &mut BytesMut,
    ) -> Result<Self, Error> {
        config.validate()?;
        let user =
            config.user.as_deref().filter(|user| !user.is_empty()).ok_or_else(|| {
                UsageError::Config("no user is set: give one in the URL, or in PGUSER".into())
            })?;
        let version = config.max_protocol_version;
        let parameters = config.startup_parameters(user);
        StartupMessage { version: code(version), parameters }.encode(out)?;
        let credentials = Credentials {
            user: String::from(user),
            password: config.password.clone(),
            scram_password: config.scram_password.clone(),
            require_auth: config.require_auth,
            channel_binding: config.channel_binding,
            max_iterations: config.limits.scram_iterations,
            oauth: config.oauth.clone(),
            encrypted: channel.encrypted,
            cleartext_is_safe: channel.encrypted || channel.local || config.allow_cleartext,
            server_end_point: channel.server_end_point,
        };
        Ok(Self {
            exchange: Exchange::new(credentials, nonce),
            heard: false,
            authenticated: false,
            min_version: config.min_protocol_version,
            version,
            negotiated: false,
            deadline: config.connect_timeout.map(|limit| (now + limit, limit)),
        })
    }

    /// What is waited for, for error messages.
    pub(super) fn awaited(&self) -> &'static str {
        if self.authenticated { "the session to open" } else { "the server to answer the start-up" }
    }

    /// Where the server wants an OAuth token from, after it refused one.
    pub(super) fn into_discovery(self) -> Option<Box<OAuthDiscovery>> {
        self.exchange.into_oauth_discovery().map(Box::new)
    }

    /// NegotiateProtocolVersion: the server knows less than we asked for.
    fn negotiate(&mut self, message: &NegotiateProtocolVersion<'_>) -> Result<(), ProtocolError> {
        if core::mem::replace(&mut self.negotiated, true) {
            return Err(ProtocolError::violation("NegotiateProtocolVersion came twice"));
        }
        if let Some(option) = message.options.first() {
            // We ask for none.
            let option = Escaped(option);
            let rule = format!("the server refuses a protocol option that was not asked for: {option}");
            return Err(ProtocolError::violation(rule));
        }
        let version = match (message.major(), message.minor()) {
            (3, 0) => ProtocolVersion::V3_0,
            (3, 2) => ProtocolVersion::V3_2,
            (major, minor) => {
                let rule = format!("the server wants protocol {major}.{minor}, which does not exist");
                return Err(ProtocolError::violation(rule));
            }
        };
        if version >= self.version {
            return Err(ProtocolError::violation("the server negotiates the protocol up, or to what it was"));
        }
        if version < self.min_version {
            let rule = "the server speaks only an older protocol than min_protocol_version allows";
            return Err(ProtocolError::violation(rule));
        }
        self.version = version;
        Ok(())
    }
}

impl Connection {
    /// A message before the session is open.
    pub(super) fn receive_startup(&mut self, frame: Frame<'_>) -> Result<(), CloseReason> {
        let Some(startup) = &mut self.startup else { return Ok(()) };
        let malformed = |problem: Malformed| ProtocolError::malformed(frame.tag, problem);
        match frame.tag {
            Authentication::TAG if !startup.authenticated => {
                let message = Authentication::decode(frame.body).map_err(malformed)?;
                startup.authenticated = message == Authentication::Ok;
                self.startup_stage = if startup.authenticated {
                    StartupStage::Authenticated
                } else {
                    StartupStage::Authenticating
                };
                match startup.exchange.handle(&challenge(message)) {
                    Ok(Some(response)) => answer(&response, self.wire.outbox.tail())?,
                    Ok(None) => {}
                    Err(error) => {
                        self.startup_stage = match error {
                            AuthError::PasswordMissing { .. } => StartupStage::PasswordMissing,
                            _ => StartupStage::Authenticating,
                        };
                        return Err(error.into());
                    }
                }
            }
            NegotiateProtocolVersion::TAG if !startup.authenticated => {
                startup.negotiate(&NegotiateProtocolVersion::decode(frame.body).map_err(malformed)?)?;
            }
            BackendKeyData::TAG if startup.authenticated => {
                let data = BackendKeyData::decode(frame.body).map_err(malformed)?;
                if startup.version == ProtocolVersion::V3_0 && data.key.len() != 4 {
                    return Err(ProtocolError::violation("protocol 3.0 has cancel keys of 4 bytes").into());
                }
                self.session.set_key(data.process_id, data.key);
            }
            ReadyForQuery::TAG if startup.authenticated => {
                self.session.status = ReadyForQuery::decode(frame.body).map_err(malformed)?.status;
                self.startup = None;
                self.events.push_back(Event::Ready);
            }
            ErrorResponse::TAG => {
                let ErrorResponse(error) = ErrorResponse::decode(frame.body).map_err(malformed)?;
                return Err(CloseReason::Server(alloc::sync::Arc::new(error)));
            }
            tag => return Err(ProtocolError::Unexpected { tag, step: startup.awaited() }.into()),
        }
        Ok(())
    }
}

fn code(version: ProtocolVersion) -> u32 {
    match version {
        ProtocolVersion::V3_0 => StartupMessage::V3_0,
        ProtocolVersion::V3_2 => StartupMessage::V3_2,
    }
}

fn challenge(message: Authentication<'_>) -> Challenge<'_> {
    match message {
        Authentication::Ok => Challenge::Ok,
        Authentication::CleartextPassword => Challenge::CleartextPassword,
        Authentication::Md5Password { salt } => Challenge::Md5(salt),
        Authentication::Sasl(mechanisms) => Challenge::Sasl(mechanisms),
        Authentication::SaslContinue(data) => Challenge::SaslContinue(data),
        Authentication::SaslFinal(data) => Challenge::SaslFinal(data),
        Authentication::Gss | Authentication::GssContinue(_) => Challenge::Unsupported("GSSAPI"),
        Authentication::Sspi => Challenge::Unsupported("SSPI"),
        Authentication::KerberosV5 => Challenge::Unsupported("Kerberos V5"),
        _ => Challenge::Unsupported("an unknown kind of"),
    }
}

fn answer(response: &Response, out: &mut BytesMut) -> Result<(), CloseReason> {
    let written = match response {
        Response::Password(password) => PasswordMessage { password }.encode(out),
        Response::SaslInitial(mechanism, data) => {
            SaslInitialResponse { mechanism, response: Some(data) }.encode(out)
        }
        Response::Sasl(data) => SaslResponse { data }.encode(out),
    };
    written.map_err(|error| CloseReason::Auth(format!("the password cannot be sent: {error}").into()))
}

impl From<AuthError> for CloseReason {
    fn from(error: AuthError) -> Self {
        Self::Auth(format!("{error}").into())
    }
}
