//! Students in a body: read straight into place and counted while they come, so that a body of a few megabytes does not become
//! gigabytes before it is refused.

use crate::jobs::request::Seat;
use crate::service::ids::Ident;
use crate::service::shapes;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use std::fmt;
use utoipa::ToSchema;

/// Students of one body; how many a list may have is said by the reader.
const MOST: usize = 100_000;

/// The id of a list, or the students themselves.
pub(in crate::service) fn list<'de, D: Deserializer<'de>>(from: D) -> Result<ListChoice, D::Error> {
    from.deserialize_any(Choice)
}

struct Choice;

impl<'de> Visitor<'de> for Choice {
    type Value = ListChoice;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("the id of a list or {\"students\": […]}")
    }

    fn visit_str<E: Error>(self, id: &str) -> Result<ListChoice, E> {
        id.parse::<Ident>().map(ListChoice::Stored).map_err(|_| E::custom("no id of a list"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ListChoice, A::Error> {
        let mut students = None;
        while let Some(key) = map.next_key::<String>()? {
            if key != "students" {
                map.next_value::<IgnoredAny>()?;
                return Err(A::Error::unknown_field(&key, &["students"]));
            }
            students = Some(map.next_value_seed(Counted)?);
        }
        let students = students.ok_or_else(|| A::Error::missing_field("students"))?;
        Ok(ListChoice::Given(Students { students }))
    }
}

/// A list of objects that is not read further than it may be long.
struct Counted;

impl<'de> DeserializeSeed<'de> for Counted {
    type Value = Vec<Map<String, Value>>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Counted {
    type Value = Vec<Map<String, Value>>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("students")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Self::Value, A::Error> {
        let mut students = Vec::new();
        while let Some(student) = all.next_element()? {
            if students.len() == MOST {
                return Err(A::Error::custom(format_args!("more than {MOST} students")));
            }
            students.push(student);
        }
        Ok(students)
    }
}

/// The list of a plan.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(in crate::service) enum ListChoice {
    /// An uploaded list.
    Stored(Ident),
    /// The students themselves.
    Given(Students),
}

/// Last semester's groups.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(in crate::service) enum PreviousChoice {
    /// A plan.
    Stored(Ident),
    /// The groups themselves, as `/v1/groups` reads them.
    Given(Groups),
}

/// Groups that come with a request.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::service) struct Groups {
    /// Where everybody was.
    #[schema(value_type = Vec<shapes::Seat>, min_items = 1)]
    pub(super) groups: Vec<Seat>,
}

/// Students, each with the columns of a list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::service) struct Students {
    /// The keys are headers; values are text, numbers, logical values or null.
    #[schema(value_type = Vec<std::collections::HashMap<String, shapes::CellValue>>, min_items = 1)]
    pub(super) students: Vec<Map<String, Value>>,
}
