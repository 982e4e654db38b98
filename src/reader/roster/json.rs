//! JSON lists: `[{…}]` or `{"students": [{…}]}` (`teachers` for staff); the keys are headers, values are text, numbers, logical values or null.

use super::caps::{too_many_cells, too_many_columns, too_many_rows};
use super::options::Limits;
use super::table::{Kind, Raw, Row, Table};
use super::tell::Why;
use crate::fault::Faults;
use crate::words;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::HashMap;
use std::fmt;

/// Keys and rows as they come in.
#[derive(Default)]
struct List {
    keys: Vec<String>,
    index: HashMap<String, usize>,
    rows: Vec<Vec<Option<Raw>>>,
    cells: usize,
    refused: Option<Refusal>,
}

/// Why the list is refused, where serde has no words for it.
enum Refusal {
    Rows,
    Cells,
    Columns(usize),
    Shape(Why, String),
}

/// Reads a JSON list as a table whose first row holds the keys.
///
/// # Errors
/// Broken JSON, another shape, a key twice in one object, a nested value, or a list beyond the limits.
pub fn table(text: &str, file: &str, limits: &Limits) -> Result<Table, Faults> {
    let mut list = List::default();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let read = Document { list: &mut list, limits }.deserialize(&mut deserializer).and_then(|()| deserializer.end());
    match (list.refused, read) {
        (Some(Refusal::Rows), _) => Err(too_many_rows(file, limits.text_rows)),
        (Some(Refusal::Cells), _) => Err(too_many_cells(file, limits.text_cells)),
        (Some(Refusal::Columns(row)), _) => Err(too_many_columns(file, &row.to_string(), limits)),
        (Some(Refusal::Shape(why, place)), _) => Err(why.refuse("json_shape", format!("{file} {place}"))),
        (None, Err(error)) => Err(broken(file, &error)),
        (None, Ok(())) => {
            let head = Row {
                number: 0,
                line: None,
                cells: list.keys.iter().map(|key| Raw::text(key)).collect(),
                ..Row::default()
            };
            let rows = list.rows.into_iter().enumerate().map(|(i, cells)| Row {
                number: i + 1,
                line: None,
                cells: cells.into_iter().map(Option::unwrap_or_default).collect(),
                ..Row::default()
            });
            let rows = std::iter::once(head).chain(rows).collect();
            Ok(Table { sheet: String::new(), kind: Kind::Json, rows, merges: Vec::new(), hidden_columns: Vec::new() })
        }
    }
}

fn broken(file: &str, error: &serde_json::Error) -> Faults {
    let (line, column) = (error.line(), error.column());
    let why = Why {
        found: words!("无法读取的 JSON（{error}）", "JSON that cannot be read ({error})"),
        expected: words!("[{{…}}, …] 或 {{\"students\": [{{…}}, …]}}", "[{{…}}, …] or {{\"students\": [{{…}}, …]}}"),
        action: words!("请检查第 {line} 行第 {column} 列附近", "look near line {line}, column {column}"),
    };
    why.refuse("json_syntax", format!("{file} line {line}"))
}

/// `[…]`, `{"students": […]}` or `{"teachers": […]}`.
struct Document<'a> {
    list: &'a mut List,
    limits: &'a Limits,
}

/// The array of students.
struct Students<'a>(Document<'a>);

/// One student.
struct Student<'a, 'b>(&'a mut Document<'b>);

/// One value; `None` where it is nested.
struct Value;

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of students")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<(), A::Error> {
        Students(self).visit_seq(seq)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Document { list, limits } = self;
        let mut seen = false;
        while let Some(key) = map.next_key::<String>()? {
            if !["students", "teachers"].contains(&key.as_str()) || seen {
                list.refused = Some(Refusal::Shape(outer_key(&key), "1".to_owned()));
                return Err(A::Error::custom("key"));
            }
            seen = true;
            map.next_value_seed(Students(Document { list, limits }))?;
        }
        if seen { Ok(()) } else { Err(A::Error::missing_field("students")) }
    }
}

impl<'de> DeserializeSeed<'de> for Students<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Students<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of students")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        while let Some(cells) = seq.next_element_seed(Student(&mut self.0))? {
            if self.0.list.rows.len() == self.0.limits.text_rows {
                self.0.list.refused = Some(Refusal::Rows);
                return Err(A::Error::custom("rows"));
            }
            self.0.list.cells += cells.len();
            if self.0.list.cells > self.0.limits.text_cells {
                self.0.list.refused = Some(Refusal::Cells);
                return Err(A::Error::custom("cells"));
            }
            self.0.list.rows.push(cells);
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Student<'_, '_> {
    type Value = Vec<Option<Raw>>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Student<'_, '_> {
    type Value = Vec<Option<Raw>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object for each student")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let Document { list, limits } = self.0;
        let row = list.rows.len() + 1;
        let mut cells: Vec<Option<Raw>> = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            let column = list.index.get(&key).copied().unwrap_or(list.keys.len());
            if column == limits.columns {
                list.refused = Some(Refusal::Columns(row));
                return Err(A::Error::custom("columns"));
            }
            if column == list.keys.len() {
                list.keys.push(key.clone());
                list.index.insert(key.clone(), column);
            }
            if cells.len() <= column {
                cells.resize(column + 1, None);
            }
            let value = map.next_value_seed(Value)?;
            let why = match value {
                _ if cells[column].is_some() => Some(twice(&key)),
                None => Some(nested(&key)),
                _ => None,
            };
            if let Some(why) = why {
                let place = super::RowPlace { row, ..Default::default() }.cell(Some(column));
                list.refused = Some(Refusal::Shape(why, place));
                return Err(A::Error::custom("value"));
            }
            cells[column] = value;
        }
        Ok(cells)
    }
}

fn outer_key(key: &str) -> Why {
    Why {
        found: words!("键“{key}”", "the key “{key}”"),
        expected: words!("只有一个键 \"students\"", "the one key \"students\""),
        action: words!("请只保留学生列表", "keep only the list of students"),
    }
}

fn twice(key: &str) -> Why {
    Why {
        found: words!("同一学生的键“{key}”出现两次", "the key “{key}” twice in one student"),
        expected: words!("每个键只出现一次", "every key once"),
        action: words!("请删去其中一个", "delete one of them"),
    }
}

fn nested(key: &str) -> Why {
    Why {
        found: words!("“{key}”的值是数组或对象", "an array or object as value of “{key}”"),
        expected: words!("文本、数字、true、false 或 null", "text, a number, true, false or null"),
        action: words!("请改成单个值", "write a single value"),
    }
}

impl<'de> DeserializeSeed<'de> for Value {
    type Value = Option<Raw>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Whole numbers beyond this are not exact as `f64`; they are ids and stay text.
const EXACT: u64 = 1 << 53;

impl<'de> Visitor<'de> for Value {
    type Value = Option<Raw>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Self::Value, E> {
        Ok(Some(Raw::Bool(yes)))
    }

    fn visit_i64<E>(self, i: i64) -> Result<Self::Value, E> {
        #[expect(clippy::cast_precision_loss, reason = "only where the number is exact")]
        Ok(Some(if i.unsigned_abs() < EXACT { Raw::Number(i as f64) } else { Raw::Text(i.to_string().into()) }))
    }

    fn visit_u64<E>(self, i: u64) -> Result<Self::Value, E> {
        #[expect(clippy::cast_precision_loss, reason = "only where the number is exact")]
        Ok(Some(if i < EXACT { Raw::Number(i as f64) } else { Raw::Text(i.to_string().into()) }))
    }

    fn visit_f64<E>(self, x: f64) -> Result<Self::Value, E> {
        Ok(Some(Raw::Number(x)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Raw::text(text)))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Some(Raw::Empty))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}
