use std::fmt::Write as _;

use serde_json::Value;

/// One of `tests/vectors/*.json`, without what follows from the rest.
pub(super) struct File {
    pub(super) pglite: bool,
    pub(super) setup: Vec<String>,
    /// The OID for each type as its cases name it.
    pub(super) types: Vec<(String, u32)>,
    /// What is to know of types that are not built in, each a JSON object.
    pub(super) custom: Vec<String>,
    pub(super) cases: Vec<Case>,
}

pub(super) struct Case {
    pub(super) type_: String,
    pub(super) expression: bool,
    pub(super) input: String,
    pub(super) text: String,
    pub(super) binary: Option<Vec<u8>>,
    /// Where its binary form has OIDs that are stand-ins.
    pub(super) oids: Vec<usize>,
    pub(super) not_received: bool,
    pub(super) since: Option<u16>,
}

impl File {
    /// A line for each item, so that a difference of two versions is the difference of values.
    pub(super) fn render(&self) -> String {
        let server = if self.pglite { "pglite" } else { "postgresql" };
        let mut types: Vec<_> = self.types.clone();
        types.sort();
        types.dedup();
        let mut out = String::from("{\n");
        let _ = writeln!(out, "  \"server\": {},", Value::from(server));
        list(&mut out, "setup", self.setup.iter().map(|sql| Value::from(&**sql).to_string()), ['[', ']']);
        let types = types.iter().map(|(name, oid)| format!("{}: {oid}", Value::from(&**name)));
        list(&mut out, "types", types, ['{', '}']);
        list(&mut out, "custom", self.custom.iter().cloned(), ['[', ']']);
        list(&mut out, "cases", self.cases.iter().map(Case::render), ['[', ']']);
        // The comma after the last list.
        out.truncate(out.len() - 2);
        out.push_str("\n}\n");
        out
    }
}

impl Case {
    fn render(&self) -> String {
        let input = if self.expression { "expression" } else { "literal" };
        let mut fields = vec![
            ("type", Value::from(&*self.type_)),
            (input, Value::from(&*self.input)),
            ("text", Value::from(&*self.text)),
            ("binary", Value::from(self.binary.as_deref().map(hex))),
        ];
        if !self.oids.is_empty() {
            fields.push(("oids", Value::from(&*self.oids)));
        }
        if self.not_received {
            fields.push(("received", Value::from(false)));
        }
        fields.extend(self.since.map(|since| ("since", Value::from(since))));
        object(&fields)
    }
}

/// A JSON object on one line, its fields in this order.
pub(super) fn object(fields: &[(&str, Value)]) -> String {
    let fields: Vec<String> = fields.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
    format!("{{ {} }}", fields.join(", "))
}

/// The bytes of lower or upper case digits; `None` for anything else.
pub(super) fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = hex.chars().map(|c| c.to_digit(16)?.try_into().ok()).collect::<Option<_>>()?;
    let pairs = digits.chunks(2).map(|pair| <[u8; 2]>::try_from(pair).ok());
    pairs.map(|pair| pair.map(|[high, low]| high << 4 | low)).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn list(out: &mut String, name: &str, items: impl Iterator<Item = String>, [open, close]: [char; 2]) {
    let items: Vec<String> = items.map(|item| format!("\n    {item}")).collect();
    let end = if items.is_empty() { "" } else { "\n  " };
    let _ = writeln!(out, "  \"{name}\": {open}{}{end}{close},", items.join(","));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_hex_are_each_others_inverse() {
        assert_eq!(bytes("00fF7a"), Some(vec![0, 255, 0x7a]));
        assert_eq!(hex(&[0, 255, 0x7a]), "00ff7a");
        assert_eq!((bytes("0"), bytes("xx"), bytes("")), (None, None, Some(vec![])));
    }

    #[test]
    fn a_file_is_json_with_a_line_for_each_case() {
        let case = Case {
            type_: "mood".to_owned(),
            expression: false,
            input: "\"sad\"".to_owned(),
            text: "sad".to_owned(),
            binary: Some(b"sad".to_vec()),
            oids: vec![],
            not_received: false,
            since: Some(14),
        };
        let types = vec![("mood".to_owned(), 100_001)];
        let file = File { pglite: false, setup: vec![], types, custom: vec![], cases: vec![case] };
        let text = file.render();
        assert_eq!(text.lines().filter(|line| line.contains("\"literal\": \"\\\"sad\\\"\"")).count(), 1);
        let json: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["types"]["mood"], 100_001);
        assert_eq!((&json["cases"][0]["binary"], &json["cases"][0]["since"]), (&"736164".into(), &14.into()));
    }
}
