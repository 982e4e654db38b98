//! The caller's language: what was chosen on a page, else by `Accept-Language`; Chinese where neither names one that fenzu speaks.

use crate::words::Lang;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE as COOKIES};
use axum::http::request::Parts;
use std::convert::Infallible;

/// The cookie that keeps the language chosen on a page.
pub const COOKIE: &str = "lang";

/// The language of the answer, as an extractor.
#[derive(Clone, Copy, Debug)]
pub struct Speaks(pub Lang);

impl<S: Sync> FromRequestParts<S> for Speaks {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(of_headers(&parts.headers)))
    }
}

/// The language that the headers ask for: the page's choice, else the known one of the highest weight, the first among equals.
#[must_use]
pub fn of_headers(headers: &HeaderMap) -> Lang {
    if let Some(chosen) = cookie(headers, COOKIE).and_then(known) {
        return chosen;
    }
    let wanted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut best = (Lang::Zh, 0.0);
    for part in wanted.split(',') {
        let (tag, parameters) = part.split_once(';').unwrap_or((part, ""));
        let weight = parameters.trim().strip_prefix("q=").map_or(1.0, |q| q.trim().parse::<f32>().unwrap_or(0.0));
        let primary = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
        let Some(lang) = known(&primary) else { continue };
        if weight > best.1 {
            best = (lang, weight);
        }
    }
    best.0
}

/// The language with this word.
#[must_use]
pub fn known(word: &str) -> Option<Lang> {
    match word {
        "zh" => Some(Lang::Zh),
        "en" => Some(Lang::En),
        _ => None,
    }
}

/// The value of a cookie.
#[must_use]
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(COOKIES).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
}
