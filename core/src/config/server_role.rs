use super::TargetSessionAttrs;

/// What a server is, as far as `target_session_attrs` cares. What it has not said is `None`.
///
/// ```
/// use trunkline_core::config::{ServerRole, TargetSessionAttrs, Verdict};
///
/// let mut role = ServerRole::default();
/// role.in_hot_standby = Some(true);
/// assert_eq!(TargetSessionAttrs::Standby.judge(&role), Verdict::Accept);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ServerRole {
    /// Whether it is a standby: `in_hot_standby`, which servers report since version 14.
    pub in_hot_standby: Option<bool>,
    /// Whether its sessions may not write unless they say otherwise: `default_transaction_read_only`, reported
    /// since version 14.
    pub default_transaction_read_only: Option<bool>,
    /// Whether this session's transactions may not write, asked for where the server does not report the others.
    pub transaction_read_only: Option<bool>,
}

/// What to ask a server that does not report its role: one that is older than version 14, or behind a pooler.
///
/// ```
/// use trunkline_core::config::{RoleQuestion, ServerRole, TargetSessionAttrs, Verdict};
///
/// let unknown = ServerRole::default();
/// assert_eq!(TargetSessionAttrs::Primary.judge(&unknown), Verdict::Ask(RoleQuestion::InRecovery));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RoleQuestion {
    /// Whether transactions may not write.
    TransactionReadOnly,
    /// Whether it is a standby.
    InRecovery,
}

/// What to do with a server that has been reached.
///
/// ```
/// use trunkline_core::config::{ServerRole, TargetSessionAttrs, Verdict};
///
/// let standby = ServerRole::reported(|_| Some("on"));
/// match TargetSessionAttrs::ReadWrite.judge(&standby) {
///     Verdict::Refuse(found) => assert_eq!(found, "its sessions may not write"),
///     verdict => panic!("{verdict:?}"),
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// It is one of those that were asked for.
    Accept,
    /// It has to be asked first.
    Ask(RoleQuestion),
    /// It is not: what it is, in words.
    Refuse(&'static str),
}

impl RoleQuestion {
    /// A query with one row of one boolean.
    ///
    /// ```
    /// use trunkline_core::config::RoleQuestion;
    ///
    /// assert_eq!(RoleQuestion::InRecovery.sql(), "select pg_catalog.pg_is_in_recovery()");
    /// ```
    pub const fn sql(self) -> &'static str {
        match self {
            Self::TransactionReadOnly => "select pg_catalog.current_setting('transaction_read_only') = 'on'",
            Self::InRecovery => "select pg_catalog.pg_is_in_recovery()",
        }
    }
}

impl ServerRole {
    /// What the server reported at the start of the session; `parameter` gives the value of one.
    ///
    /// ```
    /// use trunkline_core::config::ServerRole;
    ///
    /// let role = ServerRole::reported(|name| (name == "in_hot_standby").then_some("off"));
    /// assert_eq!(role.in_hot_standby, Some(false));
    /// assert_eq!(role.default_transaction_read_only, None);
    /// ```
    pub fn reported<'a>(parameter: impl Fn(&str) -> Option<&'a str>) -> Self {
        let read = |name| parameter(name).map(|value| value == "on");
        Self {
            in_hot_standby: read("in_hot_standby"),
            default_transaction_read_only: read("default_transaction_read_only"),
            transaction_read_only: None,
        }
    }

    /// Notes what the server answered.
    ///
    /// ```
    /// use trunkline_core::config::{RoleQuestion, ServerRole, TargetSessionAttrs, Verdict};
    ///
    /// let mut role = ServerRole::default();
    /// role.answered(RoleQuestion::TransactionReadOnly, false);
    /// assert_eq!(TargetSessionAttrs::ReadWrite.judge(&role), Verdict::Accept);
    /// ```
    pub fn answered(&mut self, question: RoleQuestion, answer: bool) {
        match question {
            RoleQuestion::TransactionReadOnly => self.transaction_read_only = Some(answer),
            RoleQuestion::InRecovery => self.in_hot_standby = Some(answer),
        }
    }

    /// Whether its sessions may not write, if that is known.
    fn is_read_only(self) -> Option<bool> {
        match (self.in_hot_standby, self.default_transaction_read_only) {
            (Some(standby), Some(read_only)) => Some(standby || read_only),
            _ => self.transaction_read_only,
        }
    }
}

impl TargetSessionAttrs {
    /// Whether a server is one of these.
    ///
    /// ```
    /// use trunkline_core::config::{ServerRole, TargetSessionAttrs, Verdict};
    ///
    /// let unknown = ServerRole::default();
    /// assert_eq!(TargetSessionAttrs::Any.judge(&unknown), Verdict::Accept);
    /// assert!(matches!(TargetSessionAttrs::Standby.judge(&unknown), Verdict::Ask(_)));
    /// ```
    pub fn judge(self, role: &ServerRole) -> Verdict {
        use RoleQuestion::{InRecovery, TransactionReadOnly};
        let (known, question, wanted, otherwise) = match self {
            Self::Any => return Verdict::Accept,
            Self::ReadWrite => {
                (role.is_read_only(), TransactionReadOnly, false, "its sessions may not write")
            }
            Self::ReadOnly => (role.is_read_only(), TransactionReadOnly, true, "its sessions may write"),
            Self::Primary => (role.in_hot_standby, InRecovery, false, "it is a standby"),
            Self::Standby | Self::PreferStandby => {
                (role.in_hot_standby, InRecovery, true, "it is not a standby")
            }
        };
        match known {
            None => Verdict::Ask(question),
            Some(known) if known == wanted => Verdict::Accept,
            Some(_) => Verdict::Refuse(otherwise),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reported(standby: &'static str, read_only: &'static str) -> ServerRole {
        ServerRole::reported(|name| match name {
            "in_hot_standby" => Some(standby),
            "default_transaction_read_only" => Some(read_only),
            _ => None,
        })
    }

    /// For each setting in turn, whether the server is accepted.
    fn accepted(role: &ServerRole) -> [bool; 6] {
        use TargetSessionAttrs::{Any, PreferStandby, Primary, ReadOnly, ReadWrite, Standby};
        [Any, ReadWrite, ReadOnly, Primary, Standby, PreferStandby]
            .map(|attrs| attrs.judge(role) == Verdict::Accept)
    }

    #[test]
    fn servers_that_report_are_judged_at_once() {
        assert_eq!(accepted(&reported("off", "off")), [true, true, false, true, false, false]);
        assert_eq!(accepted(&reported("on", "off")), [true, false, true, false, true, true]);
        assert_eq!(accepted(&reported("off", "on")), [true, false, true, true, false, false]);
    }

    #[test]
    fn others_are_asked() {
        for (attrs, question) in [
            (TargetSessionAttrs::ReadWrite, RoleQuestion::TransactionReadOnly),
            (TargetSessionAttrs::ReadOnly, RoleQuestion::TransactionReadOnly),
            (TargetSessionAttrs::Primary, RoleQuestion::InRecovery),
            (TargetSessionAttrs::Standby, RoleQuestion::InRecovery),
            (TargetSessionAttrs::PreferStandby, RoleQuestion::InRecovery),
        ] {
            let mut role = ServerRole::default();
            assert_eq!(attrs.judge(&role), Verdict::Ask(question), "{attrs}");
            role.answered(question, true);
            let refuses = matches!(attrs, TargetSessionAttrs::ReadWrite | TargetSessionAttrs::Primary);
            assert_eq!(matches!(attrs.judge(&role), Verdict::Refuse(_)), refuses, "{attrs}");
            role.answered(question, false);
            assert_eq!(attrs.judge(&role) == Verdict::Accept, refuses, "{attrs}");
        }
        assert_eq!(TargetSessionAttrs::Any.judge(&ServerRole::default()), Verdict::Accept);
    }
}
