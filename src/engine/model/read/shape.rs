//! Reads a type from a tree of values that is checked against its JSON schema, as schemars makes it from fenzu's types: keys, types,
//! words and ranges, all at once.
//!
//! Only what those schemas use is understood: `$ref` to `$defs`, `type`, `properties`, `required`, `additionalProperties`,
//! `items`, `minimum`, `maximum`, and `oneOf`/`anyOf` over words, null or objects with one key.

use super::source::{Source, Step, join, json_fault};
use crate::fault::Fault;
use crate::model::Ratio;
use crate::model::nearest::nearest;
use crate::words;
use crate::words::Words;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

impl Source {
    /// Reads the type whose schema is `schema`, with what is wrong in the file's shape. Unknown keys are told and passed over, so that
    /// the rest can be judged as well. Without a value there is at least one fault.
    pub(in crate::model) fn decode<T: DeserializeOwned>(&self, schema: &Value) -> (Option<T>, Vec<Fault>) {
        let mut faults = self.faults.clone();
        let mut value = self.value.clone();
        check(schema, &mut value, self, &mut faults);
        let read = match &self.json {
            Some(text) if faults.is_empty() => serde_json::from_str(text),
            _ => serde_json::from_value(value),
        };
        match read {
            Ok(value) => (Some(value), faults),
            Err(error) => {
                if faults.is_empty() {
                    faults.push(json_fault(&self.file, &error));
                }
                (None, faults)
            }
        }
    }
}

/// Adds a fault for every departure of `value` from `schema`. Unknown keys are taken out of `value`.
fn check(schema: &Value, value: &mut Value, source: &Source, faults: &mut Vec<Fault>) {
    Walk { root: schema, source, faults }.value(schema, value, "");
}

struct Walk<'a> {
    root: &'a Value,
    source: &'a Source,
    faults: &'a mut Vec<Fault>,
}

impl Walk<'_> {
    fn value(&mut self, schema: &Value, value: &mut Value, path: &str) {
        if let Some(target) = schema["$ref"].as_str() {
            let name = target.rsplit('/').next().unwrap_or_default();
            // A weight's grammar is more than a type; the type itself reads it.
            if name == "Ratio" {
                return self.ratio(value, path);
            }
            let root = self.root;
            return self.value(&root["$defs"][name], value, path);
        }
        if let Some(choices) = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array()) {
            return self.choice(choices, value, path);
        }
        if !has_type(schema, value) {
            return self.wrong_type(schema, value, path);
        }
        match value {
            Value::Object(map) => self.object(schema, map, path),
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.value(&schema["items"], item, &join(path, Step::Index(index)));
                }
            }
            Value::Number(_) => self.range(schema, value, path),
            _ => {}
        }
    }

    fn object(&mut self, schema: &Value, map: &mut Map<String, Value>, path: &str) {
        let Some(properties) = schema["properties"].as_object() else {
            // A table with keys of the user's own.
            for (key, inner) in map.iter_mut() {
                self.value(&schema["additionalProperties"], inner, &join(path, Step::Key(key)));
            }
            return;
        };
        for key in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !map.contains_key(key) {
                self.missing(key, path);
            }
        }
        map.retain(|key, _| {
            let known = properties.contains_key(key);
            if !known {
                self.unknown(key, properties, path);
            }
            known
        });
        for (key, inner) in map.iter_mut() {
            self.value(&properties[key], inner, &join(path, Step::Key(key)));
        }
    }

    /// One of several schemas: words, null beside another, or objects told apart by their only key.
    fn choice(&mut self, choices: &[Value], value: &mut Value, path: &str) {
        let words: Vec<&str> = choices.iter().flat_map(words_of).collect();
        if !words.is_empty() {
            if !value.as_str().is_some_and(|text| words.contains(&text)) {
                self.unknown_word(&words, value, path);
            }
            return;
        }
        if value.is_null() && choices.iter().any(|choice| choice["type"] == "null") {
            return;
        }
        let keyed = |choice: &&Value| {
            let keys = choice["properties"].as_object().map(Map::keys);
            keys.is_some_and(|mut keys| keys.any(|key| value.get(key).is_some()))
        };
        let fitting = choices.iter().find(keyed).or_else(|| choices.iter().find(|choice| choice.get("$ref").is_some()));
        if let Some(choice) = fitting {
            return self.value(choice, value, path);
        }
        let keys: Vec<&str> = choices
            .iter()
            .filter_map(|c| c["properties"].as_object())
            .flat_map(Map::keys)
            .map(String::as_str)
            .collect();
        let keys = keys.join(", ");
        self.push(
            "wrong_type",
            path,
            shown(value),
            words!("带有其中一个键的表：{keys}", "a table with one of the keys {keys}"),
        );
    }

    fn ratio(&mut self, value: &Value, path: &str) {
        if Ratio::deserialize(value).is_err() {
            let expected = words!(
                "整数（如 2）或分数文字（如 \"1/3\"），0 到 1000000",
                "an integer like 2 or a fraction as text like \"1/3\", 0 to 1000000"
            );
            self.push("weight", path, shown(value), expected);
        }
    }

    fn range(&mut self, schema: &Value, value: &Value, path: &str) {
        let Some(number) = value.as_f64() else { return };
        let (least, most) = (schema["minimum"].as_f64(), schema["maximum"].as_f64());
        if least.is_some_and(|least| number < least) || most.is_some_and(|most| number > most) {
            let expected = match (least, most) {
                (Some(least), Some(most)) => words!("{least} 到 {most}", "{least} to {most}"),
                (Some(least), None) => words!("不小于 {least}", "at least {least}"),
                (_, most) => {
                    let most = most.unwrap_or(f64::MAX);
                    words!("不大于 {most}", "at most {most}")
                }
            };
            self.push("out_of_range", path, shown(value), expected);
        }
    }

    fn unknown(&mut self, key: &str, properties: &Map<String, Value>, path: &str) {
        let known = properties.keys().map(String::as_str).collect::<Vec<_>>();
        let list = known.join(", ");
        self.faults.push(Fault {
            code: "unknown_key",
            place: self.source.place(&join(path, Step::Key(key))),
            found: words!("不认识的键“{key}”", "the unknown key \"{key}\""),
            expected: words!("已知的键：{list}", "one of the keys {list}"),
            action: match nearest(key, known) {
                Some(guess) => words!("是否想写“{guess}”？", "did you mean \"{guess}\"?"),
                None => words!("请删去或改正这个键", "remove or correct the key"),
            },
        });
    }

    fn unknown_word(&mut self, known: &[&str], value: &Value, path: &str) {
        let list = known.join(", ");
        let guess = value.as_str().and_then(|word| nearest(word, known.iter().copied()));
        self.faults.push(Fault {
            code: "unknown_word",
            place: self.source.place(path),
            found: shown(value),
            expected: words!("其中之一：{list}", "one of {list}"),
            action: match guess {
                Some(guess) => words!("是否想写“{guess}”？", "did you mean \"{guess}\"?"),
                None => words!("请改用其中一个词", "use one of these words"),
            },
        });
    }

    fn missing(&mut self, key: &str, path: &str) {
        self.faults.push(Fault {
            code: "missing_key",
            place: self.source.place(path),
            found: words!("缺少键“{key}”", "no key \"{key}\""),
            expected: words!("键“{key}”", "the key \"{key}\""),
            action: words!("请补上“{key}”", "add \"{key}\""),
        });
    }

    fn wrong_type(&mut self, schema: &Value, value: &Value, path: &str) {
        let expected = match types_of(schema).next().unwrap_or_default() {
            "object" => words!("一个表（键和值）", "a table of keys and values"),
            "array" => words!("一个列表", "a list"),
            "string" => words!("加引号的文字", "text in quotes"),
            "integer" => words!("整数", "a whole number"),
            "boolean" => words!("true 或 false", "true or false"),
            _ => words!("数", "a number"),
        };
        self.push("wrong_type", path, shown(value), expected);
    }

    fn push(&mut self, code: &'static str, path: &str, found: Words, expected: Words) {
        let action = words!("请改正这个值", "correct the value");
        self.faults.push(Fault { code, place: self.source.place(path), found, expected, action });
    }
}

/// The words that a choice allows, where it is one of words.
fn words_of(choice: &Value) -> impl Iterator<Item = &str> {
    choice["enum"].as_array().into_iter().flatten().chain(choice.get("const")).filter_map(Value::as_str)
}

/// `type` is one word or a list of words.
fn types_of(schema: &Value) -> impl Iterator<Item = &str> {
    let kind = &schema["type"];
    kind.as_array().into_iter().flatten().chain(std::iter::once(kind)).filter_map(Value::as_str)
}

fn has_type(schema: &Value, value: &Value) -> bool {
    types_of(schema).any(|kind| match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        kind => kind == "null" && value.is_null(),
    })
}

/// A value as it is told, shortened.
fn shown(value: &Value) -> Words {
    let text = value.to_string();
    let short: String = text.chars().take(60).collect();
    let more = if short.len() < text.len() { "…" } else { "" };
    match value {
        Value::Object(_) => words!("一个表 {short}{more}", "the table {short}{more}"),
        Value::Array(_) => words!("列表 {short}{more}", "the list {short}{more}"),
        _ => words!("{short}{more}", "{short}{more}"),
    }
}
