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
/// let text = fenzu::words!("{n} 名学生", "{n} students");
/// assert_eq!(text.get(fenzu::words::Lang::Zh), "3 名学生");
/// ```
#[macro_export]
macro_rules! words {
    ($zh:literal, $en:literal $(,)?) => {
        $crate::words::Words { zh: format!($zh), en: format!($en) }
    };
}
