use std::sync::Arc;

use trunkline_core::Error;
use trunkline_core::config::Encryption;

use super::{Address, Deadline, Endpoint, session};
use crate::Config;
use crate::driver::Driver;
use crate::error::Phase;

/// Opens a session at an address. It is dialled a second time where `sslmode` leaves two ways, and where the server has
/// to tell first where it wants an OAuth token from.
pub(super) async fn open(
    config: &Arc<Config>,
    mut endpoint: Endpoint,
    deadline: Deadline,
) -> Result<Driver, Vec<(Phase, Error)>> {
    let mut failures = Vec::new();
    let mut asks_for_token = true;
    loop {
        let known = config.hooks.discovery(&endpoint.host);
        let (encrypted, failure) = match once(config, endpoint.clone(), deadline).await {
            Ok(driver) => return Ok(driver),
            Err(failed) => failed,
        };
        if asks_for_token && config.hooks.discovery(&endpoint.host) != known {
            asks_for_token = false;
            continue;
        }
        let another = failures.is_empty() && matches!(endpoint.address, Address::Tcp(_));
        let next = if another { config.second_attempt(encrypted, &failure.1) } else { None };
        failures.push(failure);
        match next {
            Some(encryption) => endpoint.encryption = encryption,
            None => return Err(failures),
        }
    }
}

/// What failed comes with whether it was encrypted, or was to be.
async fn once(
    config: &Arc<Config>,
    endpoint: Endpoint,
    deadline: Deadline,
) -> Result<Driver, (bool, (Phase, Error))> {
    let wanted = endpoint.encryption != Encryption::Off;
    let carrier = endpoint.dial(config, deadline).await.map_err(|failure| (wanted, failure))?;
    let encrypted = carrier.1.encrypted;
    session::open(config, endpoint, carrier, deadline).await.map_err(|failure| (encrypted, failure))
}
