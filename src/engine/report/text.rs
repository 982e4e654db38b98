//! Plain text for terminals: cleaning, display widths (Chinese characters take two columns), boxed grids.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns that a terminal table may take.
pub(super) const SCREEN: usize = 100;

/// Text without control and direction-override characters: they could move a cursor, or turn the rest of a line around.
#[must_use]
pub fn clean(text: &str) -> String {
    let hidden = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}');
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .filter(|&c| !hidden(c))
        .collect::<String>()
        .trim()
        .to_owned()
}

/// Columns that the text takes.
#[must_use]
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text cut to at most `columns`, with an ellipsis where something is missing.
#[must_use]
pub fn clip(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut cut = String::new();
    for c in text.chars() {
        // The whole is measured each time: joined emoji are narrower than their parts.
        let longer = format!("{cut}{c}");
        if width(&longer) + 1 > columns {
            break;
        }
        cut = longer;
    }
    while cut.chars().next_back().is_some_and(|c| c.width() == Some(0)) {
        cut.pop();
    }
    cut + "…"
}

/// The text, cut or filled on the right to exactly `columns`.
pub(super) fn left(text: &str, columns: usize) -> String {
    let text = clip(text, columns);
    let rest = columns.saturating_sub(width(&text));
    text + &" ".repeat(rest)
}

/// The text, cut or filled on the left to exactly `columns`.
pub(super) fn right(text: &str, columns: usize) -> String {
    let text = clip(text, columns);
    " ".repeat(columns.saturating_sub(width(&text))) + &text
}

/// A table in a box. Columns are numbers (right-aligned) where `numbers` says so.
pub(super) struct Grid {
    /// Rows above the rule.
    pub head: Vec<Vec<String>>,
    /// Rows below it.
    pub rows: Vec<Vec<String>>,
    /// Which columns are right-aligned.
    pub numbers: Vec<bool>,
}

impl Grid {
    /// The grid as lines of one display width, at most [`SCREEN`]; the widest columns give way.
    pub(super) fn draw(&self) -> String {
        let widths = self.widths();
        let rule = |from: &str, cross: &str, to: &str| {
            let parts: Vec<String> = widths.iter().map(|w| "─".repeat(w + 2)).collect();
            format!("{from}{}{to}\n", parts.join(cross))
        };
        let line = |row: &Vec<String>| {
            let cell = |(c, &w): (usize, &usize)| {
                let text = row.get(c).map_or("", String::as_str);
                if self.numbers[c] { right(text, w) } else { left(text, w) }
            };
            let cells: Vec<String> = widths.iter().enumerate().map(cell).collect();
            format!("│ {} │\n", cells.join(" │ "))
        };
        let mut out = rule("┌", "┬", "┐");
        out.extend(self.head.iter().map(line));
        if !self.head.is_empty() && !self.rows.is_empty() {
            out += &rule("├", "┼", "┤");
        }
        out.extend(self.rows.iter().map(line));
        out + &rule("└", "┴", "┘")
    }

    fn widths(&self) -> Vec<usize> {
        let cell_width = |c: usize| move |row: &Vec<String>| row.get(c).map_or(0, |text| width(text));
        let mut widths: Vec<usize> = (0..self.numbers.len())
            .map(|c| self.head.iter().chain(&self.rows).map(cell_width(c)).max().unwrap_or(0).max(1))
            .collect();
        while widths.iter().map(|w| w + 3).sum::<usize>() + 1 > SCREEN {
            match widths.iter_mut().max() {
                Some(widest) if *widest > 4 => *widest -= 1,
                _ => break,
            }
        }
        widths
    }
}
