//! Bytes of any kind never make a reader of models or rules panic. What it reads it reads again from what it would write.

use fenzu::model::rules::read_rules;
use fenzu::model::{builtin, read_model};

#[test]
fn fuzz_model_toml() {
    bolero::check!().for_each(|bytes: &[u8]| {
        let _ = read_model(bytes, "fuzz.toml");
        // Most bytes are no TOML at all; a tail on a good model gets further in.
        let mut text = builtin::text("diversity").unwrap_or_default().as_bytes().to_vec();
        text.extend(bytes);
        if let Ok(model) = read_model(&text, "fuzz.toml") {
            let written = serde_json::to_vec(&model).unwrap();
            assert_eq!(read_model(&written, "fuzz.json"), Ok(model));
        }
    });
}

#[test]
fn fuzz_model_json() {
    bolero::check!().for_each(|bytes: &[u8]| {
        let _ = read_model(bytes, "fuzz.json");
        let good = serde_json::to_vec(&builtin::builtin()[0]).unwrap();
        let _ = read_model(&spliced(&good, bytes), "fuzz.json");
    });
}

#[test]
fn fuzz_rules_json() {
    let good = br#"{"together": [["1", "2"]], "apart": [["3", "4"]], "pin": [{"student": "5", "group": 1}]}"#;
    bolero::check!().for_each(|bytes: &[u8]| {
        let _ = read_rules(bytes, "fuzz.json");
        if let Ok(rules) = read_rules(&spliced(good, bytes), "fuzz.json") {
            let written = serde_json::to_vec(&rules).unwrap();
            assert_eq!(read_rules(&written, "fuzz.json"), Ok(rules));
        }
    });
}

/// `good` with `bytes` (but the first two) put in the place of as many, at the place that the first two name.
pub fn spliced(good: &[u8], bytes: &[u8]) -> Vec<u8> {
    let [high, low, put @ ..] = bytes else { return good.to_vec() };
    let at = usize::from(u16::from_be_bytes([*high, *low])) % good.len();
    let end = (at + put.len()).min(good.len());
    [&good[..at], put, &good[end..]].concat()
}
