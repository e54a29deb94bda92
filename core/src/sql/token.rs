/// A piece of SQL text. Tokens follow each other without gaps: together they are the text.
///
/// ```
/// use trunkline_core::sql::{Lexer, TokenKind};
///
/// let token = Lexer::new("'it''s'").next().unwrap();
/// assert_eq!(token.kind, TokenKind::String { closed: true });
/// assert_eq!((token.start, token.text), (0, "'it''s'"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Token<'a> {
    /// What it is.
    pub kind: TokenKind,
    /// Its text, as it is written.
    pub text: &'a str,
    /// Where it begins, in bytes.
    pub start: usize,
}

impl Token<'_> {
    /// Where it ends, in bytes.
    ///
    /// ```
    /// use trunkline_core::sql::Lexer;
    ///
    /// let sql = "select 1";
    /// let first = Lexer::new(sql).next().unwrap();
    /// assert_eq!(&sql[first.end()..], " 1");
    /// ```
    pub const fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it stands for nothing: white space or a comment.
    ///
    /// ```
    /// use trunkline_core::sql::Lexer;
    ///
    /// assert!(Lexer::new(" -- nothing\n /* at all */ ").all(|token| token.is_blank()));
    /// ```
    pub const fn is_blank(&self) -> bool {
        matches!(self.kind, TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment { .. })
    }
}

/// What a piece of SQL text is.
///
/// What has a beginning and an end may lack the end, at the end of the text: `closed` is then false.
///
/// ```
/// use trunkline_core::sql::{Lexer, TokenKind};
///
/// let kinds: Vec<TokenKind> = Lexer::new("$1::int").map(|token| token.kind).collect();
/// assert_eq!(kinds, [TokenKind::Parameter(Some(1)), TokenKind::Operator, TokenKind::Word]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenKind {
    /// Blanks and line ends.
    Whitespace,
    /// `-- …`, without the line's end.
    LineComment,
    /// `/* … */`, which nest.
    BlockComment {
        /// Whether all of them end.
        closed: bool,
    },
    /// A keyword, or an identifier without quotes.
    Word,
    /// `"…"` and `U&"…"`.
    QuotedIdentifier {
        /// Whether it ends.
        closed: bool,
    },
    /// A string constant of any kind: `'…'`, `E'…'`, `B'…'`, `X'…'`, `N'…'`, `U&'…'`, together with the parts
    /// that continue it on later lines.
    String {
        /// Whether it ends.
        closed: bool,
    },
    /// `$$…$$` and `$tag$…$tag$`.
    DollarString {
        /// Whether it ends.
        closed: bool,
    },
    /// `1`, `1.5e-3`, `0xff`, `1_000`.
    Number,
    /// `$1`, with its number; `None` when that is greater than any parameter's can be.
    Parameter(Option<u16>),
    /// `+`, `->>`, `::`, `:=` …
    Operator,
    /// One of `( ) [ ] , ; .`, a `:` alone, and every character that has no meaning in SQL.
    Punctuation(char),
}
