/// A rule that makes the database's name of Rust's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    Lower,
    Upper,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
    Camel,
    Pascal,
}

/// The rules by their names, which are written as they rename.
const RULES: [(&str, Rule); 8] = [
    ("lowercase", Rule::Lower),
    ("UPPERCASE", Rule::Upper),
    ("snake_case", Rule::Snake),
    ("SCREAMING_SNAKE_CASE", Rule::ScreamingSnake),
    ("kebab-case", Rule::Kebab),
    ("SCREAMING-KEBAB-CASE", Rule::ScreamingKebab),
    ("camelCase", Rule::Camel),
    ("PascalCase", Rule::Pascal),
];

impl Rule {
    pub(crate) fn named(name: &str) -> Option<Self> {
        RULES.iter().find(|(known, _)| *known == name).map(|(_, rule)| *rule)
    }

    /// The names of all rules, for an error.
    pub(crate) fn names() -> String {
        RULES.map(|(name, _)| name).join(", ")
    }

    pub(crate) fn apply(self, name: &str) -> String {
        let words = words(name);
        let lower = |separator: &str| words.join(separator);
        match self {
            Self::Lower => lower(""),
            Self::Upper => lower("").to_uppercase(),
            Self::Snake => lower("_"),
            Self::ScreamingSnake => lower("_").to_uppercase(),
            Self::Kebab => lower("-"),
            Self::ScreamingKebab => lower("-").to_uppercase(),
            Self::Pascal => words.iter().map(|word| capitalized(word)).collect(),
            Self::Camel => {
                let (first, rest) = words.split_first().map_or(("", &[][..]), |(first, rest)| (first, rest));
                first.to_owned() + &rest.iter().map(|word| capitalized(word)).collect::<String>()
            }
        }
    }
}

/// The words of `snake_case` or `PascalCase`, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut starts = true;
    for c in name.chars() {
        if c == '_' {
            starts = true;
            continue;
        }
        match words.last_mut() {
            Some(word) if !starts && !c.is_uppercase() => word.push(c),
            _ => words.push(c.to_lowercase().collect()),
        }
        starts = false;
    }
    words
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_renames_as_it_is_written() {
        for (name, rule) in RULES {
            let expected = match rule {
                Rule::Lower => "orderline",
                Rule::Upper => "ORDERLINE",
                Rule::Snake => "order_line",
                Rule::ScreamingSnake => "ORDER_LINE",
                Rule::Kebab => "order-line",
                Rule::ScreamingKebab => "ORDER-LINE",
                Rule::Camel => "orderLine",
                Rule::Pascal => "OrderLine",
            };
            assert_eq!(rule.apply("OrderLine"), expected, "{name}");
            assert_eq!(rule.apply("order_line"), expected, "{name}");
            assert_eq!(Rule::named(name), Some(rule));
        }
        assert_eq!(Rule::named("Train-Case"), None);
    }
}
