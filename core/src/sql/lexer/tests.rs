use alloc::string::String;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;

fn tokens(sql: &str) -> Vec<(TokenKind, &str)> {
    Lexer::new(sql)
        .filter(|token| token.kind != TokenKind::Whitespace)
        .map(|token| (token.kind, token.text))
        .collect()
}

/// Asserts that the text is one token, of that kind.
fn whole(sql: &str, kind: TokenKind) {
    assert_eq!(tokens(sql), [(kind, sql)], "{sql:?}");
}

/// Asserts that the text falls apart into these.
fn apart(sql: &str, expected: &[&str]) {
    let texts: Vec<&str> = tokens(sql).into_iter().map(|(_, text)| text).collect();
    assert_eq!(texts, expected, "{sql:?}");
}

const STRING: TokenKind = TokenKind::String { closed: true };

#[test]
fn words_may_have_digits_dollars_and_any_letters() {
    for word in ["select", "_a1", "a$b$c", "é", "日本", "e", "u", "x1"] {
        whole(word, TokenKind::Word);
    }
}

#[test]
fn identifiers_in_quotes_keep_doubled_ones() {
    for identifier in [r#""a""#, r#""a""b""#, r#""""#, r#""a'b""#, r#"U&"d\0061t""#, r#""a\""#] {
        whole(identifier, TokenKind::QuotedIdentifier { closed: true });
    }
    whole(r#""a"#, TokenKind::QuotedIdentifier { closed: false });
}

#[test]
fn strings_of_every_kind() {
    for string in
        ["''", "'a'", "'it''s'", r"'a\'", r"E'a\'b'", r"e'\\'", "B'01'", "x'ff'", "N'a'", "U&'a'", "'é'"]
    {
        whole(string, STRING);
    }
    for string in ["'a", "'a''", r"E'a\'", "E'", r"E'\"] {
        whole(string, TokenKind::String { closed: false });
    }
    apart(r"'a\' 'b'", &[r"'a\'", "'b'"]);
    apart("select'a'", &["select", "'a'"]);
}

#[test]
fn a_string_goes_on_after_a_line_end() {
    whole("'a'\n'b'", STRING);
    whole("'a' -- note\n  'b'", STRING);
    whole("E'a'\r\n'b\\'c'", STRING);
    apart("'a' 'b'", &["'a'", "'b'"]);
    apart("'a' /* \n */ 'b'", &["'a'", "/* \n */", "'b'"]);
    apart("'a' -- 'b'", &["'a'", "-- 'b'"]);
    whole("'a'\n'b", TokenKind::String { closed: false });
}

#[test]
fn dollar_quotes_end_at_their_own_tag() {
    for string in ["$$$$", "$$a$$", "$a$ $b$ $$ $a$", "$é$x$é$", "$_1$ ' $_1$", "$a$ $a $a$"] {
        whole(string, TokenKind::DollarString { closed: true });
    }
    whole("$a$ $b$", TokenKind::DollarString { closed: false });
    apart("a$$b", &["a$$b"]);
    apart("1$$b$$", &["1", "$$b$$"]);
    apart("$a b", &["$", "a", "b"]);
    apart("$A$x$a$ $A$", &["$A$x$a$ $A$"]);
}

#[test]
fn comments_nest_and_end_lines() {
    whole("-- a", TokenKind::LineComment);
    whole("/* a /* b */ c */", TokenKind::BlockComment { closed: true });
    whole("/* a /* b */ c", TokenKind::BlockComment { closed: false });
    whole("/*/", TokenKind::BlockComment { closed: false });
    apart("1-- a\n2", &["1", "-- a", "2"]);
    apart("1--a\r2", &["1", "--a", "2"]);
    apart("/* ' */'a'", &["/* ' */", "'a'"]);
}

#[test]
fn parameters_have_numbers() {
    whole("$1", TokenKind::Parameter(Some(1)));
    whole("$65535", TokenKind::Parameter(Some(65535)));
    whole("$65536", TokenKind::Parameter(None));
    apart("$1::int", &["$1", "::", "int"]);
    apart("$1$2", &["$1", "$2"]);
    apart("a$1", &["a$1"]);
}

#[test]
fn numbers_of_every_form() {
    for number in
        ["0", "42", "3.5", "4.", ".001", "5e2", "1.925e-3", "0x1F", "0o17", "0b01", "1_000", "0x_ff", "1.5_0"]
    {
        whole(number, TokenKind::Number);
    }
    apart("1..10", &["1", "..", "10"]);
    apart("1e", &["1", "e"]);
    apart("1e+", &["1", "e", "+"]);
    apart("0x", &["0", "x"]);
    apart("1_", &["1", "_"]);
    apart("1.2.3", &["1.2", ".3"]);
}

#[test]
fn operators_are_as_long_as_they_can_be() {
    for operator in ["+", "->>", "@>", "?|", "||", "<=", "<>", "::", ":=", "=>", "@-", "#>>", "~*"] {
        whole(operator, TokenKind::Operator);
    }
    apart("a=-1", &["a", "=", "-", "1"]);
    apart("a@-1", &["a", "@-", "1"]);
    apart("*-+-", &["*", "-", "+", "-"]);
    apart("+--x", &["+", "--x"]);
    apart("@--x", &["@", "--x"]);
    apart("*/*x*/", &["*", "/*x*/"]);
    apart("a?b", &["a", "?", "b"]);
    apart("=>=", &["=>="]);
}

#[test]
fn punctuation_stands_alone() {
    apart("f(a,b)[1].c;", &["f", "(", "a", ",", "b", ")", "[", "1", "]", ".", "c", ";"]);
    apart(":name", &[":", "name"]);
    apart("a[1:2]", &["a", "[", "1", ":", "2", "]"]);
    whole("\u{1}", TokenKind::Punctuation('\u{1}'));
    whole("\\", TokenKind::Punctuation('\\'));
}

proptest! {
    #[test]
    fn tokens_make_the_text_again(sql in any::<String>()) {
        let joined: String = Lexer::new(&sql).map(|token| token.text).collect();
        prop_assert_eq!(joined, sql);
    }

    #[test]
    fn near_sql_makes_the_text_again(sql in r#"([$'"eEuU&é\\a1_.:;+*/@<= \n-]|--|/\*|\*/|\$\$|\$a\$){0,24}"#) {
        let mut at = 0;
        for token in Lexer::new(&sql) {
            prop_assert_eq!(token.start, at);
            prop_assert!(!token.text.is_empty());
            at = token.end();
        }
        prop_assert_eq!(at, sql.len());
    }
}
