//! Rows that show how a template is to be filled in: they are nobody's.

use super::super::fold;
use super::super::table::Raw;
use super::super::vocabulary::{self, Is};

/// Longer texts are no remarks about an example.
const LONGEST: usize = 60;

/// Whether what stands in the place of a number says that the row is an example: 示例, 例1.
pub fn is_example(cell: &Raw) -> bool {
    let Raw::Text(text) = cell else { return false };
    if text.contains([':', '：']) {
        return false; // a note
    }
    let number = |c: char| c.is_ascii_digit();
    let bare = if text.contains(fold::is_han) { fold::trim(text).trim_end_matches(number) } else { text };
    vocabulary::is(bare, Is::Example)
}

/// Whether a remark says so: 示例, or that an example is to be deleted.
pub fn says_example(cell: &Raw) -> bool {
    let Raw::Text(text) = cell else { return false };
    if is_example(cell) {
        return true;
    }
    let key = vocabulary::word_key(text);
    let holds = |kind: Is| vocabulary::words(kind).iter().any(|word| key.contains(word));
    key.chars().count() <= LONGEST && holds(Is::ExamplePart) && holds(Is::ExampleAway)
}
