/// Rows below headings, in columns; numbers to the right.
pub(crate) fn print(headings: &[&str], rows: &[Vec<String>]) {
    print!("{}", format(headings, rows));
}

fn format(headings: &[&str], rows: &[Vec<String>]) -> String {
    let headings: Vec<String> = headings.iter().map(|heading| (*heading).to_owned()).collect();
    let widths: Vec<usize> = (0..headings.len()).map(|column| width(column, &headings, rows)).collect();
    let rule: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
    [&headings, &rule].into_iter().chain(rows).map(|row| line(row, &widths)).collect()
}

fn line(row: &[String], widths: &[usize]) -> String {
    let cells = row.iter().zip(widths).map(|(cell, width)| {
        let padding = " ".repeat(width.saturating_sub(cell.chars().count()));
        if is_number(cell) { format!("{padding}{cell}") } else { format!("{cell}{padding}") }
    });
    let text = cells.collect::<Vec<_>>().join("  ");
    format!("  {}\n", text.trim_end())
}

fn width(column: usize, headings: &[String], rows: &[Vec<String>]) -> usize {
    let cells = rows.iter().filter_map(|row| row.get(column)).chain(headings.get(column));
    cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
}

fn is_number(cell: &str) -> bool {
    cell.starts_with(|first: char| first.is_ascii_digit()) && !cell.contains(',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = [vec!["cargo test".to_owned(), "7".to_owned()], vec!["x".to_owned(), "112".to_owned()]];
        let text = format(&["suite", "passed"], &rows);
        assert_eq!(
            text,
            "  suite       passed\n  ──────────  ──────\n  cargo test       7\n  x              112\n"
        );
    }
}
