use alloc::vec::Vec;

use super::random::Random;
use super::{Config, Host, LoadBalanceHosts, ServerRole, TargetSessionAttrs, Verdict};
use crate::error::{CloseReason, Error, TlsErrorKind};

/// Which host to try next, and whether the server that was found there will do.
///
/// The shell asks for a host, tries its addresses in the order that [`arrange`](Self::arrange) makes, and has each
/// server that lets it in judged. `prefer-standby` passes twice: over all hosts for a standby, then over those
/// that were none.
///
/// ```
/// use trunkline_core::config::{Config, HostPlan, ServerRole, Verdict};
///
/// let config = Config::parse("host=a,b target_session_attrs=primary")?;
/// let mut plan = HostPlan::new(&config, 0);
/// assert_eq!(plan.next_host().unwrap().to_string(), "a:5432");
/// let standby = ServerRole::reported(|name| (name == "in_hot_standby").then_some("on"));
/// assert!(matches!(plan.judge(&standby), Verdict::Refuse(_)));
/// assert_eq!(plan.next_host().unwrap().to_string(), "b:5432");
/// # Ok::<(), trunkline_core::config::ConfigError>(())
/// ```
#[derive(Debug)]
pub struct HostPlan {
    hosts: Vec<Host>,
    next: usize,
    /// Hosts for the second pass: theirs was not the server that was preferred.
    second_best: Vec<Host>,
    wanted: TargetSessionAttrs,
    random: Option<Random>,
}

impl HostPlan {
    /// A plan for one connection. With `load_balance_hosts=random` the seed decides about the order.
    ///
    /// ```
    /// use trunkline_core::config::{Config, HostPlan};
    ///
    /// let config = Config::parse("host=a,b,c load_balance_hosts=random")?;
    /// // Where a seed would come from: the clock, or the system's randomness.
    /// let mut plan = HostPlan::new(&config, 42);
    /// assert_eq!(std::iter::from_fn(|| plan.next_host()).count(), 3);
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    pub fn new(config: &Config, seed: u64) -> Self {
        let mut hosts = config.hosts_or_default();
        let mut random = (config.load_balance_hosts == LoadBalanceHosts::Random).then(|| Random::new(seed));
        // The default ones are one host, looked for in several places.
        if let Some(random) = random.as_mut().filter(|_| !config.hosts.is_empty()) {
            random.shuffle(&mut hosts);
        }
        let wanted = config.target_session_attrs;
        Self { hosts, next: 0, second_best: Vec::new(), wanted, random }
    }

    /// The host to try next; none when all were tried.
    ///
    /// ```
    /// use trunkline_core::config::{Config, HostPlan};
    ///
    /// let mut plan = HostPlan::new(&Config::parse("host=a,b")?, 0);
    /// let hosts: Vec<String> = std::iter::from_fn(|| plan.next_host()).map(|host| host.to_string()).collect();
    /// assert_eq!(hosts, ["a:5432", "b:5432"]);
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    pub fn next_host(&mut self) -> Option<Host> {
        if self.next == self.hosts.len() && !self.second_best.is_empty() {
            self.hosts = core::mem::take(&mut self.second_best);
            self.next = 0;
            self.wanted = TargetSessionAttrs::Any;
        }
        let host = self.hosts.get(self.next)?.clone();
        self.next += 1;
        Some(host)
    }

    /// Puts the addresses of one host in the order to try them.
    ///
    /// ```
    /// use trunkline_core::config::{Config, HostPlan};
    ///
    /// let mut plan = HostPlan::new(&Config::parse("host=a load_balance_hosts=disable")?, 0);
    /// let mut addresses = ["10.0.0.1", "10.0.0.2"];
    /// plan.arrange(&mut addresses);
    /// assert_eq!(addresses, ["10.0.0.1", "10.0.0.2"]);
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    pub fn arrange<T>(&mut self, addresses: &mut [T]) {
        if let Some(random) = &mut self.random {
            random.shuffle(addresses);
        }
    }

    /// Whether the server that was found at the last host is good enough.
    ///
    /// ```
    /// use trunkline_core::config::{Config, HostPlan, ServerRole, Verdict};
    ///
    /// let mut plan = HostPlan::new(&Config::parse("host=a,b target_session_attrs=read-write")?, 0);
    /// plan.next_host();
    /// let primary = ServerRole::reported(|_| Some("off"));
    /// assert_eq!(plan.judge(&primary), Verdict::Accept);
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    pub fn judge(&mut self, role: &ServerRole) -> Verdict {
        let verdict = self.wanted.judge(role);
        if let (Verdict::Refuse(_), TargetSessionAttrs::PreferStandby) = (verdict, self.wanted)
            && let Some(host) = self.next.checked_sub(1).and_then(|last| self.hosts.get(last))
            && self.second_best.last() != Some(host)
        {
            self.second_best.push(host.clone());
        }
        verdict
    }

    /// What a server is refused with.
    ///
    /// ```
    /// use trunkline_core::config::{Config, HostPlan};
    ///
    /// let plan = HostPlan::new(&Config::parse("host=a target_session_attrs=primary")?, 0);
    /// let error = plan.refusal("it is a standby");
    /// assert!(error.to_string().contains("primary"));
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    pub fn refusal(&self, found: &'static str) -> Error {
        Error::ServerRole { wanted: self.wanted.as_str(), found }
    }

    /// Whether a failure ends the search: another host has the same roles and the same passwords, and would say
    /// the same. libpq ends it there too.
    ///
    /// ```
    /// use trunkline_core::config::HostPlan;
    /// use trunkline_core::error::{Error, ServerError, Severity, SqlState};
    ///
    /// let refused = |code| Error::Server(ServerError::new(Severity::Fatal, code, "no").into());
    /// assert!(HostPlan::is_final(&refused(SqlState::INVALID_PASSWORD)));
    /// assert!(!HostPlan::is_final(&refused(SqlState::CANNOT_CONNECT_NOW)));
    /// ```
    pub fn is_final(error: &Error) -> bool {
        match error {
            Error::Usage(_) | Error::Auth(_) => true,
            Error::Closed(closed) if matches!(closed.reason, CloseReason::Auth(_)) => true,
            // Of ours: every host would be told of the same certificate and key.
            Error::Tls(error) => error.kind() == TlsErrorKind::File,
            error => error.as_server().is_some_and(|error| error.code.class() == "28"),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};

    use super::*;
    use crate::error::UsageError;

    fn plan(text: &str, seed: u64) -> HostPlan {
        HostPlan::new(&Config::parse(text).unwrap(), seed)
    }

    fn standby(on: bool) -> ServerRole {
        ServerRole { in_hot_standby: Some(on), ..ServerRole::default() }
    }

    fn next(plan: &mut HostPlan) -> Option<String> {
        plan.next_host().map(|host| host.to_string())
    }

    fn all(mut plan: HostPlan) -> Vec<String> {
        core::iter::from_fn(|| next(&mut plan)).collect()
    }

    #[test]
    fn hosts_come_in_the_order_given() {
        assert_eq!(all(plan("host=a,b,c", 9)), ["a:5432", "b:5432", "c:5432"]);
    }

    #[test]
    fn random_order_depends_on_the_seed_alone() {
        let orders: Vec<_> =
            (0..64).map(|seed| all(plan("host=a,b,c load_balance_hosts=random", seed))).collect();
        assert_eq!(orders[5], all(plan("host=a,b,c load_balance_hosts=random", 5)));
        let mut distinct = orders.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), 6, "every order of three comes up");
    }

    #[test]
    fn addresses_are_spread_like_hosts() {
        let mut addresses = [1, 2, 3, 4, 5, 6, 7, 8];
        plan("host=a", 3).arrange(&mut addresses);
        assert_eq!(addresses, [1, 2, 3, 4, 5, 6, 7, 8]);
        plan("host=a load_balance_hosts=random", 3).arrange(&mut addresses);
        assert_ne!(addresses, [1, 2, 3, 4, 5, 6, 7, 8]);
    }

    #[test]
    fn the_default_places_are_looked_at_in_their_order() {
        let in_order = all(plan("", 1));
        assert_eq!(all(plan("load_balance_hosts=random", 7)), in_order);
    }

    #[test]
    fn prefer_standby_comes_back_to_those_that_were_none() {
        let mut plan = plan("host=down,primary,other target_session_attrs=prefer-standby", 0);
        next(&mut plan);
        next(&mut plan);
        // Two addresses of one host.
        assert_eq!(plan.judge(&standby(false)), Verdict::Refuse("it is not a standby"));
        assert_eq!(plan.judge(&standby(false)), Verdict::Refuse("it is not a standby"));
        assert_eq!(next(&mut plan).unwrap(), "other:5432");
        assert_eq!(next(&mut plan).unwrap(), "primary:5432");
        assert_eq!(plan.judge(&standby(false)), Verdict::Accept);
        assert_eq!(next(&mut plan), None);
    }

    #[test]
    fn a_standby_is_taken_at_once() {
        let mut plan = plan("host=primary,standby target_session_attrs=prefer-standby", 0);
        next(&mut plan);
        assert!(matches!(plan.judge(&standby(false)), Verdict::Refuse(_)));
        next(&mut plan);
        assert_eq!(plan.judge(&standby(true)), Verdict::Accept);
    }

    #[test]
    fn without_any_server_there_is_no_second_pass() {
        assert_eq!(all(plan("host=a,b target_session_attrs=prefer-standby", 0)).len(), 2);
    }

    #[test]
    fn a_refusal_says_what_to_do() {
        let plan = plan("host=a target_session_attrs=primary", 0);
        assert_eq!(
            plan.refusal("it is a standby").to_string(),
            "the server is not what target_session_attrs=primary asks for: it is a standby; add the host of one that \
             is, or ask for less"
        );
    }

    #[test]
    fn what_every_host_would_say_ends_the_search() {
        assert!(HostPlan::is_final(&UsageError::Config("x".into()).into()));
        assert!(HostPlan::is_final(&Error::Auth("x".into())));
        assert!(!HostPlan::is_final(&plan("", 0).refusal("x")));
        assert!(!HostPlan::is_final(&Error::Timeout("x", core::time::Duration::ZERO)));
    }
}
