//! Exact positive weights: integers or fractions. Without exact weights a search has no smallest step, and so no proof.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::ops::{Neg, Rem};

/// A non-negative rational in lowest terms. In TOML and JSON an integer (`2`) or a string (`"1/3"`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    /// Numerator.
    pub num: i64,
    /// Denominator, at least 1.
    pub den: i64,
}

/// Largest numerator or denominator that a model may use; keeps every scaled value inside 64 bits.
pub const MAX_PART: i64 = 1_000_000;

impl Ratio {
    /// `num / den` in lowest terms; none if negative, zero below, or a part is above [`MAX_PART`].
    #[must_use]
    pub fn new(num: i64, den: i64) -> Option<Self> {
        let good = (0..=MAX_PART).contains(&num) && (1..=MAX_PART).contains(&den);
        let divisor = gcd(num, den).max(1);
        good.then_some(Self { num: num / divisor, den: den / divisor })
    }

    fn parse(text: &str) -> Option<Self> {
        let (num, den) = text.split_once('/').unwrap_or((text, "1"));
        Self::new(num.trim().parse().ok()?, den.trim().parse().ok()?)
    }
}

impl Default for Ratio {
    fn default() -> Self {
        Self { num: 1, den: 1 }
    }
}

/// Greatest common divisor of absolute values; `gcd(0, x) = |x|`.
#[must_use]
pub fn gcd<T: Copy + Default + Ord + Neg<Output = T> + Rem<Output = T>>(a: T, b: T) -> T {
    if b == T::default() { a.max(-a) } else { gcd(b, a % b) }
}

impl Serialize for Ratio {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if self.den == 1 { to.serialize_i64(self.num) } else { to.serialize_str(&format!("{}/{}", self.num, self.den)) }
    }
}

impl<'de> Deserialize<'de> for Ratio {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Whole(i64),
            Fraction(String),
        }
        let read = match Written::deserialize(from)? {
            Written::Whole(num) => Self::new(num, 1),
            Written::Fraction(text) => Self::parse(&text),
        };
        let expected = "a weight must be an integer like 2 or a fraction like \"1/3\", 0 to 1000000";
        read.ok_or_else(|| serde::de::Error::custom(expected))
    }
}

impl JsonSchema for Ratio {
    fn schema_name() -> Cow<'static, str> {
        "Ratio".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "An exact weight: an integer like 2, or a fraction as text like \"1/3\" (never a decimal number, which has no exact value).",
            "anyOf": [{"type": "integer", "minimum": 0, "maximum": MAX_PART}, {"type": "string", "pattern": r"^\s*\d+\s*(/\s*\d+\s*)?$"}]
        })
    }
}
