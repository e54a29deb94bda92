use alloc::format;
use alloc::vec::Vec;
use core::fmt;

use bytes::BytesMut;

use crate::config::nearest;
use crate::error::UsageError;
use crate::sql::NamedSql;
use crate::types::{Parameters, Type};
use crate::wire::{Format, IsNull};

/// A statement's parameters by name, brought into the order in which the server counts them.
pub struct Call<P> {
    parameters: P,
    /// Where the parameter `$1` is found in them, and so on.
    order: Vec<usize>,
}

impl<P: Parameters> Call<P> {
    /// The parameters of this SQL by their names in it.
    ///
    /// # Errors
    ///
    /// [`UsageError::Named`] for a name of the SQL that is not given, and for one given that the SQL does not have.
    pub fn new(sql: &NamedSql, parameters: P) -> Result<Self, UsageError> {
        if sql.names().len() == 0 && parameters.are_ordered() {
            let order = (0..parameters.count()).collect();
            return Ok(Self { parameters, order });
        }
        let order = order(sql, &parameters)?;
        Ok(Self { parameters, order })
    }
}

fn order(sql: &NamedSql, parameters: &dyn Parameters) -> Result<Vec<usize>, UsageError> {
    let given: Vec<&str> = (0..parameters.count()).filter_map(|index| parameters.name(index)).collect();
    let missing =
        |name: &str| unlike("the SQL takes", "which was not given; given were ", name, given.iter().copied());
    let find = |name| given.iter().position(|known| *known == name).ok_or_else(|| missing(name));
    let order = sql.names().map(find).collect::<Result<_, _>>()?;
    match given.iter().find(|name| !sql.names().any(|known| known == **name)) {
        Some(unknown) => {
            Err(unlike("the SQL does not take", "which was given; it takes ", unknown, sql.names()))
        }
        None => Ok(order),
    }
}

impl<P: Parameters> Parameters for Call<P> {
    fn count(&self) -> usize {
        self.order.len()
    }

    fn format(&self, index: usize, type_: &Type) -> Format {
        self.order.get(index).map_or(Format::Binary, |at| self.parameters.format(*at, type_))
    }

    fn encode(&self, index: usize, type_: &Type, out: &mut BytesMut) -> Result<IsNull, UsageError> {
        let at = self.order.get(index).copied().unwrap_or(usize::MAX);
        self.parameters.encode(at, type_, out).map_err(|error| match error {
            UsageError::Parameter { postgres_type, host_type, problem, .. } => UsageError::Parameter {
                number: index + 1,
                name: self.parameters.name(at).map(Into::into),
                postgres_type,
                host_type,
                problem,
            },
            error => error,
        })
    }
}

impl<P> fmt::Debug for Call<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("order", &self.order).finish_non_exhaustive()
    }
}

#[cold]
fn unlike<'n>(
    what: &str,
    others_are: &str,
    name: &str,
    others: impl Iterator<Item = &'n str> + Clone,
) -> UsageError {
    let mut problem = format!("{what} a parameter :{name}, {others_are}");
    let mut before = "";
    for other in others.clone() {
        problem.push_str(before);
        problem.push(':');
        problem.push_str(other);
        before = ", ";
    }
    if before.is_empty() {
        problem.push_str("none by name");
    }
    if let Some(meant) = nearest(name, others) {
        problem.push_str("; did you mean :");
        problem.push_str(meant);
        problem.push('?');
    }
    UsageError::named(problem)
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeMap;
    use alloc::string::{String, ToString};

    use super::*;
    use crate::named;

    fn bound(sql: &str, parameters: &(dyn Parameters + Sync)) -> Result<Vec<u8>, UsageError> {
        let named = NamedSql::parse(sql).unwrap();
        let call = Call::new(&named, parameters)?;
        let mut out = BytesMut::new();
        for index in 0..call.count() {
            _ = call.encode(index, &Type::TEXT, &mut out)?;
        }
        Ok(out.to_vec())
    }

    #[test]
    fn names_are_brought_into_the_order_of_the_sql() {
        let b = "B";
        assert_eq!(bound("select :b, :a, :b", &named! { a: "A", b }).unwrap(), b"BA");
        let map = BTreeMap::from([("x", "X"), ("y", "Y")]);
        assert_eq!(bound("select :y, :x", &map).unwrap(), b"YX");
    }

    #[test]
    fn a_struct_serves_both_kinds() {
        struct Pair {
            left: &'static str,
            right: &'static str,
        }
        crate::impl_parameters!(Pair { left, right });
        let pair = Pair { left: "L", right: "R" };
        assert_eq!(bound("select :right, :left", &pair).unwrap(), b"RL");
        assert_eq!(bound("select $1, $2", &pair).unwrap(), b"LR");
    }

    fn error(sql: &str, parameters: &(dyn Parameters + Sync)) -> String {
        bound(sql, parameters).unwrap_err().to_string()
    }

    #[test]
    fn what_does_not_agree_is_told_by_name() {
        assert_eq!(
            error("select :nmae", &named! { name: "x" }),
            "the SQL takes a parameter :nmae, which was not given; given were :name; did you mean :name?; nothing was sent"
        );
        assert_eq!(
            error("select :a", &named! { a: "x", colour: "y" }),
            "the SQL does not take a parameter :colour, which was given; it takes :a; nothing was sent"
        );
        assert_eq!(
            error("select 1", &named! { a: "x" }),
            "the SQL does not take a parameter :a, which was given; it takes none by name; nothing was sent"
        );
        assert_eq!(
            error("select :a", &named! { a: 5 }),
            "parameter :a: i32 cannot be sent as PostgreSQL's text; nothing was sent"
        );
    }
}
