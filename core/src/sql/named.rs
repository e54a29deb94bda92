use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use super::lexer::{is_word, is_word_start};
use super::{Lexer, TokenKind};
use crate::error::UsageError;

/// SQL whose parameters have names, `:name`, as the server knows it: with `$1`, `$2` … in their places.
///
/// A colon begins a parameter where a name follows it at once and nothing that could be the left side of a slice
/// comes right before it: `x = :low` takes one, `list[1:high]`, `'{"a":b}'` and `value::text` take none. For a slice
/// with a parameter leave a blank: `list[1 : :high]`.
///
/// ```
/// use trunkline_core::sql::NamedSql;
///
/// let named = NamedSql::parse("select :id::int4, ':no' where id = :id or name ~ :name")?;
/// assert_eq!(named.sql(), "select $1::int4, ':no' where id = $1 or name ~ $2");
/// assert_eq!(named.names().collect::<Vec<_>>(), ["id", "name"]);
/// # Ok::<(), trunkline_core::error::UsageError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedSql {
    sql: String,
    names: Vec<Box<str>>,
}

impl NamedSql {
    /// Finds the names, by PostgreSQL's own lexical rules.
    ///
    /// ```
    /// use trunkline_core::sql::NamedSql;
    ///
    /// let named = NamedSql::parse("update users set name = :name where id = :id")?;
    /// assert_eq!(named.sql(), "update users set name = $1 where id = $2");
    /// assert!(NamedSql::parse("select :id, $1").is_err());
    /// # Ok::<(), trunkline_core::error::UsageError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Parameters by name and by number (`$1`) in one statement.
    pub fn parse(sql: &str) -> Result<Self, UsageError> {
        let mut named = Self { sql: String::with_capacity(sql.len()), names: Vec::new() };
        let mut tokens = Lexer::new(sql).peekable();
        let mut numbered = None;
        let mut before: Option<u8> = None;
        while let Some(token) = tokens.next() {
            let name = match token.kind {
                TokenKind::Punctuation(':') if !before.is_some_and(ends_a_value) => tokens.next_if(|next| {
                    next.text.bytes().next().is_some_and(is_word_start) && is_name(next.text)
                }),
                _ => None,
            };
            if let (TokenKind::Parameter(_), None) = (token.kind, numbered) {
                numbered = Some(token.text);
            }
            match name {
                Some(name) => named.push(name.text),
                None => named.sql.push_str(token.text),
            }
            before = name.unwrap_or(token).text.bytes().last();
        }
        match (numbered, named.names.first()) {
            (Some(number), Some(name)) => Err(UsageError::named(alloc::format!(
                "the SQL has parameters by name (:{name}) and by number ({number}): use one kind"
            ))),
            _ => Ok(named),
        }
    }

    /// The SQL with numbers in place of the names.
    ///
    /// ```
    /// use trunkline_core::sql::NamedSql;
    ///
    /// assert_eq!(NamedSql::parse("select :id")?.sql(), "select $1");
    /// # Ok::<(), trunkline_core::error::UsageError>(())
    /// ```
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// The same, without the names.
    ///
    /// ```
    /// use trunkline_core::sql::NamedSql;
    ///
    /// let sql: String = NamedSql::parse("delete from users where id = :id")?.into_sql();
    /// assert_eq!(sql, "delete from users where id = $1");
    /// # Ok::<(), trunkline_core::error::UsageError>(())
    /// ```
    pub fn into_sql(self) -> String {
        self.sql
    }

    /// The name of each parameter, `$1` first.
    ///
    /// ```
    /// use trunkline_core::sql::NamedSql;
    ///
    /// let named = NamedSql::parse("select :low, :high, :low")?;
    /// assert!(named.names().eq(["low", "high"]));
    /// # Ok::<(), trunkline_core::error::UsageError>(())
    /// ```
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.names.iter().map(|name| &**name)
    }

    fn push(&mut self, name: &str) {
        let known = self.names.iter().position(|known| **known == *name);
        let at = known.unwrap_or_else(|| {
            self.names.push(name.into());
            self.names.len() - 1
        });
        // Writing into a string cannot fail.
        let _ = write!(self.sql, "${}", at + 1);
    }
}

/// Whether a colon right after it can be a slice's: `list[1:2]`, `list[low:2]`, `list[f(x):2]`.
fn ends_a_value(byte: u8) -> bool {
    is_word(byte) || matches!(byte, b')' | b']' | b'"')
}

fn is_name(text: &str) -> bool {
    text.bytes().all(is_word)
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use proptest::prelude::*;

    use super::*;

    fn parse(sql: &str) -> (String, Vec<String>) {
        let named = NamedSql::parse(sql).unwrap();
        (named.sql.clone(), named.names().map(ToString::to_string).collect())
    }

    #[test]
    fn names_become_numbers_in_their_order() {
        let (sql, names) = parse("select :b, :a, :b + (:c)");
        assert_eq!(sql, "select $1, $2, $1 + ($3)");
        assert_eq!(names, ["b", "a", "c"]);
    }

    #[test]
    fn what_only_looks_like_a_name_stays() {
        for sql in [
            "select ':a', E'\\':a', $$ :a $$, $x$ :a $x$, \":a\" -- :a\n /* :a /* :b */ */",
            "select x::text, x :: text, y::int[]",
            "select list[1:n], list[low:high], list[f(1):n], list[a[1]:n]",
            "call f(a := 1, b => 2)",
            "select '{\"a\": 1}' @> '{}', a ? 'b', a ?| b, a @? '$.x'",
            "select 1 :2, : a, :'a', :\"a\"",
        ] {
            assert_eq!(parse(sql), (sql.to_string(), Vec::new()));
        }
    }

    #[test]
    fn casts_operators_and_slices_may_stand_beside_a_name() {
        assert_eq!(parse("select :a::text").0, "select $1::text");
        assert_eq!(parse("x=:a").0, "x=$1");
        assert_eq!(parse("x <@:a").0, "x <@$1");
        assert_eq!(parse("list[1 : :b]").0, "list[1 : $1]");
        assert_eq!(parse("limit :größe_2").1, ["größe_2"]);
    }

    #[test]
    fn names_and_numbers_do_not_mix() {
        let error = NamedSql::parse("select $1, :a").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the SQL has parameters by name (:a) and by number ($1): use one kind; nothing was sent"
        );
    }

    proptest! {
        #[test]
        fn nothing_else_is_changed(sql in ".*") {
            if let Ok(named) = NamedSql::parse(&sql) && named.names().len() == 0 {
                prop_assert_eq!(named.sql(), sql);
            }
        }
    }
}
