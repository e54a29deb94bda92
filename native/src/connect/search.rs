use std::sync::Arc;

use trunkline_core::Error;
use trunkline_core::config::{Host, HostPlan};

use super::{Address, Deadline, Endpoint, addresses, attempts, role, session};
use crate::Config;
use crate::clock;
use crate::driver::Driver;
use crate::error::{Attempt, ConnectError, Phase};

/// The search for a server that will do, over all hosts and their addresses.
pub(super) struct Search {
    config: Arc<Config>,
    plan: HostPlan,
    attempts: Vec<Attempt>,
    /// For all of it.
    total: Deadline,
    /// A failure is one that every other host would give.
    is_over: bool,
}

impl Search {
    pub(super) fn new(config: Arc<Config>) -> Self {
        let plan = HostPlan::new(&config, clock::random().into());
        let total = Deadline::after(config.total_connect_timeout);
        Self { config, plan, attempts: Vec::new(), total, is_over: false }
    }

    pub(super) async fn run(mut self) -> Result<Driver, ConnectError> {
        while !self.is_over
            && let Some(host) = self.plan.next_host()
        {
            if let Some(driver) = self.try_host(&host).await {
                return Ok(driver);
            }
        }
        Err(ConnectError { attempts: self.attempts })
    }

    async fn try_host(&mut self, host: &Host) -> Option<Driver> {
        let mut addresses = match addresses::addresses(&self.config, host, self.deadline()).await {
            Ok(addresses) => addresses,
            Err(error) => {
                self.failed(host.to_string(), Phase::Dns, error);
                return None;
            }
        };
        self.plan.arrange(&mut addresses);
        let several = addresses.len() > 1;
        for address in addresses {
            let named = match &address {
                Address::Tcp(address) if several => format!("{host} ({address})"),
                // A default directory that does not exist is no attempt that anyone wants to hear of.
                #[cfg(unix)]
                Address::Unix(path) if self.config.hosts.is_empty() && !path.exists() => continue,
                _ => host.to_string(),
            };
            let encryption = address.first_attempt(&self.config);
            match self.try_address(Endpoint { host: host.clone(), address, encryption }).await {
                Ok(driver) => return Some(driver),
                Err(failures) => {
                    failures.into_iter().for_each(|(phase, error)| self.failed(named.clone(), phase, error));
                }
            }
            if self.is_over {
                break;
            }
        }
        None
    }

    async fn try_address(&mut self, endpoint: Endpoint) -> Result<Driver, Vec<(Phase, Error)>> {
        let deadline = self.deadline();
        let driver = attempts::open(&self.config, endpoint, deadline).await?;
        let judged = deadline.within("the server to tell its role", role::judge(&driver, &mut self.plan));
        match judged.await {
            Ok(()) => Ok(driver),
            Err(error) => {
                session::part(driver).await;
                Err(vec![(Phase::Role, error)])
            }
        }
    }

    /// For one address, or for the question where the addresses are.
    fn deadline(&self) -> Deadline {
        Deadline::after(self.config.connect_timeout).or_earlier(self.total)
    }

    fn failed(&mut self, host: String, phase: Phase, error: Error) {
        self.is_over |= HostPlan::is_final(&error) || self.total.has_passed();
        self.attempts.push(Attempt { host, phase, error });
    }
}
