//! What a column is read as, with the words of `read_as` and `--column FIELD=HEADER`.

use std::fmt;
use std::str::FromStr;

/// The meaning of a column. `Display` and `FromStr` use the contract's words (`score:math`, `left_behind`, `category:address`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// 学号: unique within a class.
    Id,
    /// 姓名.
    Name,
    /// 班级.
    Class,
    /// 性别; balanced by default.
    Gender,
    /// 层次: the tier's label.
    Tier,
    /// A subject's marks, by name (`math`); balanced by default.
    Score(String),
    /// 总分: may decide tiers, never balanced.
    Total,
    /// 名次: may decide tiers, never balanced.
    Rank,
    /// Yes or no, by name (`left_behind`, `single_parent`, `hardship`, `boarding`, `key_student`, or the user's own); balanced by default.
    Flag(String),
    /// A category named by the user; balanced by default.
    Category(String),
    /// 民族; carried, balanced only if the model asks.
    EthnicGroup,
    /// 备注; carried.
    Notes,
    /// Not recognised; carried.
    Other,
}

/// Flags that schools know by name; written without the `flag:` before them.
pub const KNOWN_FLAGS: [&str; 5] = ["left_behind", "single_parent", "hardship", "boarding", "key_student"];

impl Field {
    /// Whether groups can be balanced by such a column, or tiers be read from it.
    #[must_use]
    pub fn is_balanceable(&self) -> bool {
        matches!(self, Field::Score(_) | Field::Tier | Field::Category(_) | Field::Flag(_) | Field::Gender)
    }

    /// The name by which goals and rules speak of the column: `math`, `gender`, `left_behind`, `address`.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Field::Id => "id",
            Field::Name => "name",
            Field::Class => "class",
            Field::Gender => "gender",
            Field::Tier => "tier",
            Field::Total => "total",
            Field::Rank => "rank",
            Field::EthnicGroup => "ethnic_group",
            Field::Notes => "notes",
            Field::Other => "other",
            Field::Score(name) | Field::Flag(name) | Field::Category(name) => name,
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Field::Score(name) => write!(f, "score:{name}"),
            Field::Category(name) => write!(f, "category:{name}"),
            Field::Flag(name) if !KNOWN_FLAGS.contains(&name.as_str()) => write!(f, "flag:{name}"),
            _ => f.write_str(self.name()),
        }
    }
}

impl FromStr for Field {
    type Err = String;

    /// Reads a `read_as` word; the error is the word itself.
    fn from_str(word: &str) -> Result<Self, Self::Err> {
        if let Some((kind, name)) = word.split_once(':') {
            let name = name.trim().to_owned();
            return match kind.trim() {
                _ if name.is_empty() => Err(word.to_owned()),
                "score" => Ok(Field::Score(name)),
                "category" => Ok(Field::Category(name)),
                "flag" => Ok(Field::Flag(name)),
                _ => Err(word.to_owned()),
            };
        }
        let plain = [
            Field::Id,
            Field::Name,
            Field::Class,
            Field::Gender,
            Field::Tier,
            Field::Total,
            Field::Rank,
            Field::EthnicGroup,
            Field::Notes,
            Field::Other,
        ];
        let word = word.trim();
        if KNOWN_FLAGS.contains(&word) {
            return Ok(Field::Flag(word.to_owned()));
        }
        plain.into_iter().find(|field| field.name() == word).ok_or_else(|| word.to_owned())
    }
}

/// What a column helps to read though it is no field of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// 姓, last name.
    Family,
    /// 名, first name.
    Given,
    /// 年级: makes the class together with 班级.
    Grade,
    /// Whether somebody is still there.
    Status,
    /// Student, teacher …
    Role,
    /// 科目: the subject that the mark of this row is in.
    Subject,
    /// With whom somebody wishes to be.
    Wish,
}

impl Part {
    /// The part with the vocabulary's name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "family" => Self::Family,
            "given" => Self::Given,
            "grade" => Self::Grade,
            "status" => Self::Status,
            "role" => Self::Role,
            "subject" => Self::Subject,
            "wish" => Self::Wish,
            _ => return None,
        })
    }
}

/// Kinds of marks that one subject may have side by side, the one to take first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Form {
    /// 赋分.
    Scaled,
    /// As usual.
    #[default]
    Plain,
    /// Real: a platform's points.
    Real,
    /// 原始分.
    Raw,
    /// Per cent.
    Percentage,
    /// A letter or word.
    Letter,
}

impl Form {
    /// The form with the vocabulary's name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "scaled" => Self::Scaled,
            "raw" => Self::Raw,
            "real" => Self::Real,
            "percentage" => Self::Percentage,
            "letter" => Self::Letter,
            _ => return None,
        })
    }
}
