//! `Idempotency-Key`: the same request again gets the same answer and does nothing.

use super::app::App;
use super::caller::School;
use super::problem::{Kind, Problem};
use crate::store::{Answer, Once};
use crate::words;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;

/// Longest key.
const LONGEST: usize = 200;

/// The request's key, if it has one.
#[derive(Clone, Debug)]
pub struct Key(Option<String>);

impl<S: Sync> FromRequestParts<S> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(key) = parts.headers.get("idempotency-key") else { return Ok(Self(None)) };
        let key = key.to_str().ok().filter(|key| !key.is_empty() && key.len() <= LONGEST);
        let detail = words!(
            "Idempotency-Key 应为 1 到 {LONGEST} 个 ASCII 字符",
            "Idempotency-Key must have 1 to {LONGEST} ASCII characters"
        );
        let key = key.ok_or_else(|| Problem::new(Kind::BadRequest, detail).code("bad_idempotency_key"))?;
        Ok(Self(Some(key.to_owned())))
    }
}

/// A request under its key.
#[derive(Clone, Debug)]
pub struct Keyed<'a> {
    key: &'a Key,
    route: &'static str,
    body_sha256: String,
}

impl Key {
    /// The request that the key stands for: its route and body.
    #[must_use]
    pub fn of(&self, route: &'static str, body_sha256: String) -> Keyed<'_> {
        Keyed { key: self, route, body_sha256 }
    }
}

impl Keyed<'_> {
    /// The answer that was given before.
    ///
    /// # Errors
    /// The key stands for another request; the database's.
    pub async fn before(&self, app: &App, school: &School) -> Result<Option<Answer>, Problem> {
        let Some(key) = &self.key.0 else { return Ok(None) };
        Ok(app.store().idempotency().find(&school.0, key, self.route, &self.body_sha256).await?)
    }

    /// What the store keeps beside the row that the request makes.
    #[must_use]
    pub fn once<'a>(&'a self, status: u16, answer: &'a str) -> Option<Once<'a>> {
        let key = self.key.0.as_deref()?;
        Some(Once { key, route: self.route, body_sha256: &self.body_sha256, status, answer })
    }
}
