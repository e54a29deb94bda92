//! From a configuration to an open session.

mod addresses;
mod attempts;
mod deadline;
mod endpoint;
mod role;
mod search;
mod secure;
mod session;

use std::io;
use std::sync::Arc;

use trunkline_core::Error;
use trunkline_core::config::Host;
use trunkline_core::error::{CloseReason, Closed};

pub(crate) use deadline::Deadline;
pub(crate) use endpoint::{Address, Endpoint};
use secure::Securing;
#[cfg(feature = "blocking")]
pub(crate) use session::failure;

use crate::Config;
use crate::driver::Driver;
use crate::error::{Attempt, ConnectError, Phase};
use crate::transport::Transport;

/// Tries the hosts until there is a session with a server that will do.
pub(crate) async fn connect(config: &Config) -> Result<Driver, ConnectError> {
    let config = Arc::new(config.completed().map_err(ConnectError::config)?);
    search::Search::new(config).run().await
}

/// Opens a session over a stream that is there already.
pub(crate) async fn over(config: &Config, transport: Box<dyn Transport>) -> Result<Driver, ConnectError> {
    let config = Arc::new(config.completed().map_err(ConnectError::config)?);
    let host = config.hosts_or_default().into_iter().next().unwrap_or_else(|| Host::new("localhost", 5432));
    let deadline =
        Deadline::after(config.connect_timeout).or_earlier(Deadline::after(config.total_connect_timeout));
    let encryption = Address::Given.first_attempt(&config);
    let endpoint = Endpoint { host, address: Address::Given, encryption };
    let opened = async {
        let secured = endpoint.securing(&config, deadline).given(transport).await;
        let carrier = secured.map_err(|error| (Phase::Tls, error))?;
        session::open(&config, endpoint, carrier, deadline).await
    };
    opened.await.map_err(|(phase, error)| {
        let attempt = Attempt { host: "the given stream".to_owned(), phase, error };
        ConnectError { attempts: vec![attempt] }
    })
}

pub(crate) fn transport(error: &io::Error) -> Error {
    let advice = match error.kind() {
        io::ErrorKind::ConnectionRefused => "; does a server run there, and listen on this address and port?",
        io::ErrorKind::NotFound => "; does a server run there, and is this the directory of its socket?",
        _ => "",
    };
    let closed = Closed::new(CloseReason::Transport(format!("{error}{advice}").into()), false);
    Error::Closed(Arc::new(closed))
}
