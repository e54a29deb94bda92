use std::fmt::Write as _;

/// A JSON object being written: what crosses rarely crosses as JSON, which costs less code than an object built
/// through calls into JavaScript.
#[derive(Debug)]
pub(crate) struct Object(String);

impl Object {
    pub(crate) fn new() -> Self {
        Self("{".into())
    }

    pub(crate) fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        quote(value, &mut self.0);
    }

    /// Left out when there is none.
    pub(crate) fn optional(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    pub(crate) fn number(&mut self, name: &str, value: u64) {
        self.name(name);
        // Cannot fail: it grows.
        let _ = write!(self.0, "{value}");
    }

    pub(crate) fn boolean(&mut self, name: &str, value: bool) {
        self.json(name, if value { "true" } else { "false" });
    }

    /// A value that is JSON already.
    pub(crate) fn json(&mut self, name: &str, value: &str) {
        self.name(name);
        self.0.push_str(value);
    }

    pub(crate) fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }

    fn name(&mut self, name: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        quote(name, &mut self.0);
        self.0.push(':');
    }
}

/// An array of values that are JSON already.
pub(crate) fn array(values: impl IntoIterator<Item = String>) -> String {
    let mut out = String::from("[");
    for value in values {
        if out.len() > 1 {
            out.push(',');
        }
        out.push_str(&value);
    }
    out.push(']');
    out
}

/// A string as JSON.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::new();
    quote(text, &mut out);
    out
}

pub(crate) fn quote(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            '\n' => out.push_str("\\n"),
            '\0'..='\x1f' => {
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_json() {
        let mut object = Object::new();
        object.text("a", "x\"\n\u{1}é");
        object.number("b", 5);
        object.optional("c", None);
        object.json("d", &array([quoted("y"), "1".into()]));
        assert_eq!(object.finish(), "{\"a\":\"x\\\"\\n\\u0001é\",\"b\":5,\"d\":[\"y\",1]}");
        assert_eq!(Object::new().finish(), "{}");
    }
}
