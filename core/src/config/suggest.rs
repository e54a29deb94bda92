use alloc::vec::Vec;

/// The word nearest to what was written, if it is near enough to be meant: for "did you mean".
pub(crate) fn nearest<'a>(written: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Longer than any option: not a slip of the fingers, and the distance is quadratic.
    if written.is_empty() || written.len() > 40 {
        return None;
    }
    let lower = written.to_ascii_lowercase().replace('-', "_");
    let near = (written.len() / 3).clamp(1, 3);
    words
        .into_iter()
        .map(|word| (distance(lower.as_bytes(), word.replace('-', "_").as_bytes()), word))
        .filter(|&(distance, _)| distance <= near)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, word)| word)
}

/// How many letters must be put in, left out, changed, or swapped with their neighbour (the "optimal string
/// alignment" distance).
fn distance(from: &[u8], to: &[u8]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for (row, &letter) in from.iter().enumerate() {
        let mut this = Vec::with_capacity(to.len() + 1);
        this.push(row + 1);
        for (column, &other) in to.iter().enumerate() {
            let at = |line: &Vec<usize>, index: usize| line.get(index).copied().unwrap_or(usize::MAX / 2);
            let changed = at(&last, column) + usize::from(letter != other);
            let mut best = changed.min(at(&last, column + 1) + 1).min(at(&this, column) + 1);
            let swapped = row > 0
                && column > 0
                && from.get(row - 1) == Some(&other)
                && to.get(column - 1) == Some(&letter);
            if swapped {
                best = best.min(at(&before_last, column - 1) + 1);
            }
            this.push(best);
        }
        before_last = core::mem::replace(&mut last, this);
    }
    last.last().copied().unwrap_or(from.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (from, to, expected) in
            [("", "", 0), ("a", "", 1), ("", "ab", 2), ("kitten", "sitting", 3), ("prot", "port", 1)]
        {
            assert_eq!(distance(from.as_bytes(), to.as_bytes()), expected, "{from} {to}");
        }
    }

    #[test]
    fn slips_are_understood_and_strangers_are_not() {
        let words = ["sslmode", "sslcert", "host", "hostaddr", "application_name"];
        assert_eq!(nearest("sslmdoe", words), Some("sslmode"));
        assert_eq!(nearest("SSLMODE", words), Some("sslmode"));
        assert_eq!(nearest("hosts", words), Some("host"));
        assert_eq!(nearest("application-name", words), Some("application_name"));
        assert_eq!(nearest("search_path", words), None);
        assert_eq!(nearest("", words), None);
    }
}
