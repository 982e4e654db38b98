//! The initials under which a name is found: `lzx` finds 林紫萱.

/// The first letter of the usual reading of every character from U+4E00 to U+9FFF, 64 a line; `-` where none is known. Made from
/// the readings that pinyin-data collects out of Unihan and dictionaries.
const TABLE: &str = include_str!("initials.txt");
const FIRST: usize = 0x4E00;
const LINE: usize = 64;

/// Characters that can be read in another way in a name, above all as a surname, with the initial of that reading.
const OTHERS: [(char, char); 40] = [
    ('曾', 'z'),
    ('单', 's'),
    ('解', 'x'),
    ('仇', 'q'),
    ('查', 'z'),
    ('区', 'o'),
    ('乐', 'y'),
    ('覃', 'q'),
    ('翟', 'z'),
    ('尉', 'y'),
    ('长', 'c'),
    ('茜', 'x'),
    ('晟', 's'),
    ('召', 's'),
    ('种', 'c'),
    ('重', 'c'),
    ('万', 'm'),
    ('折', 's'),
    ('藏', 'z'),
    ('车', 'j'),
    ('石', 'd'),
    ('行', 'h'),
    ('祭', 'z'),
    ('莘', 'x'),
    ('隗', 'w'),
    ('厦', 'x'),
    ('炅', 'g'),
    ('系', 'j'),
    ('秘', 'b'),
    ('蔚', 'y'),
    ('粘', 'n'),
    ('沈', 'c'),
    ('参', 's'),
    ('阿', 'e'),
    ('澄', 'd'),
    ('颉', 'x'),
    ('郗', 'c'),
    ('盛', 'c'),
    ('朝', 'z'),
    ('繁', 'p'),
];

/// Readings of one name at most; more would only be found by chance.
const MOST: usize = 4;

/// Every way in which a name can be typed by its initials, in small letters with spaces between: of a Chinese character that of
/// its pinyin, of a word in Latin letters its first.
pub(super) fn of(name: &str) -> String {
    let mut ways = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let begins = c.is_ascii_alphabetic() && !before.is_ascii_alphabetic();
        before = c;
        let usual = if begins { Some(c.to_ascii_lowercase()) } else { usual(c) };
        let Some(usual) = usual else { continue };
        let other = OTHERS.iter().find(|(known, _)| *known == c).map(|(_, other)| *other);
        let other = other.filter(|_| ways.len() * 2 <= MOST);
        let further: Vec<String> =
            other.iter().flat_map(|other| ways.iter().map(move |way| format!("{way}{other}"))).collect();
        for way in &mut ways {
            way.push(usual);
        }
        ways.extend(further);
    }
    ways.join(" ")
}

/// The initial of a character's usual reading; none where it is no Chinese character or its reading is not known.
fn usual(c: char) -> Option<char> {
    let at = (c as usize).checked_sub(FIRST)?;
    // A line ends with its line feed.
    let letter = TABLE.as_bytes().get(at / LINE * (LINE + 1) + at % LINE)?;
    letter.is_ascii_alphabetic().then(|| char::from(*letter))
}
