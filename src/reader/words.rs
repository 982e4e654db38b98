//! Text in the two languages of fenzu's users. Both stand side by side where the text is born, so they cannot drift apart;
//! whoever shows the text picks one.

use std::fmt;

/// A language that fenzu speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Lang {
    /// Chinese (simplified).
    Zh,
    /// English.
    #[default]
    En,
}

/// One text in both languages. Make it with [`crate::words!`].
#[derive(Clone, Debug, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// One fixed text in both languages. Make it with [`label`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

impl Label {
    /// The text in one language.
    #[must_use]
    pub const fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }
}

/// A fixed text from its Chinese and its English form.
#[must_use]
pub const fn label(zh: &'static str, en: &'static str) -> Label {
    Label { zh, en }
}

impl Words {
    /// The text in one language.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// The text in one language without the command line's options, which stand in brackets and backticks: for pages and sheets.
    #[must_use]
    pub fn without_options(&self, lang: Lang) -> String {
        let (open, close) = match lang {
            Lang::Zh => ("（`", "`）"),
            Lang::En => (" (`", "`)"),
        };
        let mut parts = self.get(lang).split(open);
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |text, part| text + part.split_once(close).map_or(part, |(_, rest)| rest))
    }
}

/// One of two English forms by how many there are: `row` or `rows`, `is` or `are`.
#[must_use]
pub fn by_count(n: usize, one: &'static str, many: &'static str) -> &'static str {
    if n == 1 { one } else { many }
}

/// Items as a list in each language, at most `shown` of them: `甲、乙等` and `甲, 乙, …`.
#[must_use]
pub fn listed(items: &[String], shown: usize) -> Words {
    let shown_items = &items[..items.len().min(shown)];
    let (zh, en) = if items.len() > shown { ("等", ", …") } else { ("", "") };
    Words { zh: shown_items.join("、") + zh, en: shown_items.join(", ") + en }
}

/// Names in quotation marks as a list in each language, at most `shown` of them: `“语文”、“数学”等` and `“语文”, “数学”, …`.
#[must_use]
pub fn quoted(names: &[String], shown: usize) -> Words {
    listed(&names.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>(), shown)
}

impl fmt::Display for Words {
    /// The English text (developers' logs and `Debug`-like uses).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

/// Builds [`words::Words`](crate::words::Words) from a Chinese and an English format string with captured arguments.
///
/// ```
/// let n = 3;
/// let text = fenzu_reader::words!("{n} 名学生", "{n} students");
/// assert_eq!(text.get(fenzu_reader::words::Lang::Zh), "3 名学生");
/// ```
#[macro_export]
macro_rules! words {
    ($zh:literal, $en:literal $(,)?) => {
        $crate::words::Words { zh: format!($zh), en: format!($en) }
    };
}
