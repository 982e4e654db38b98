//! Tokens: 256 random bits, shown once and kept as their SHA-256.

use super::sql::{FromAny, sql};
use super::{Store, StoreError, new_id, now, row};
use crate::roster::sha256;
use sqlx::any::AnyRow;
use std::fmt::Write;
use subtle::ConstantTimeEq;

/// What every token begins with, so that programs that look for leaked secrets know it.
const PREFIX: &str = "fenzu_";

/// A token as it is listed; the secret itself is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its id.
    pub id: String,
    /// The school that it opens.
    pub school: String,
    /// What it is for, in its maker's words.
    pub name: String,
    /// When it was made.
    pub created: i64,
    /// When it was revoked.
    pub revoked: Option<i64>,
}

impl FromAny for Token {
    fn of(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row::text(row, "id")?,
            school: row::text(row, "school")?,
            name: row::text(row, "name")?,
            created: row::int(row, "created")?,
            revoked: row::int_or_null(row, "revoked")?,
        })
    }
}

/// Whom a secret lets in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// The school.
    pub school: String,
    /// The token's id, for logs and limits.
    pub token: String,
}

/// A token's row with its digest.
struct Known {
    bearer: Bearer,
    sha256: String,
}

impl FromAny for Known {
    fn of(row: &AnyRow) -> Result<Self, StoreError> {
        let bearer = Bearer { school: row::text(row, "school")?, token: row::text(row, "id")? };
        Ok(Self { bearer, sha256: row::text(row, "sha256")? })
    }
}

/// The tokens of a store.
#[derive(Clone, Copy, Debug)]
pub struct Tokens<'a>(pub(super) &'a Store);

impl Tokens<'_> {
    /// Makes a token for a school; the secret is known to nobody afterwards but the caller.
    ///
    /// # Errors
    /// [`StoreError::Reference`] where there is no such school.
    pub async fn create(&self, school: &str, name: &str) -> Result<(Token, String), StoreError> {
        let secret = secret();
        let token =
            Token { id: new_id(), school: school.to_owned(), name: name.to_owned(), created: now(), revoked: None };
        let insert = "INSERT INTO tokens (id, school, name, sha256, created) VALUES ($1, $2, $3, $4, $5)";
        let insert = sql(insert).text(&token.id).text(school).text(name).text(&sha256(secret.as_bytes()));
        insert.int(token.created).run(&self.0.pool).await?;
        Ok((token, secret))
    }

    /// Whom a secret lets in; none where it is unknown or revoked. The digest is compared in constant time, and what the
    /// database's index tells by its time is a prefix of a digest, from which no secret can be guessed.
    ///
    /// # Errors
    /// The database's.
    pub async fn bearer(&self, secret: &str) -> Result<Option<Bearer>, StoreError> {
        let digest = sha256(secret.as_bytes());
        let find = sql("SELECT id, school, sha256 FROM tokens WHERE sha256 = $1 AND revoked IS NULL").text(&digest);
        let known: Option<Known> = find.row(&self.0.pool).await?;
        Ok(known.filter(|known| known.sha256.as_bytes().ct_eq(digest.as_bytes()).into()).map(|known| known.bearer))
    }

    /// Whether a token was ever made, in force or revoked.
    ///
    /// # Errors
    /// The database's.
    pub async fn ever(&self) -> Result<bool, StoreError> {
        let any: Option<String> = sql("SELECT id FROM tokens LIMIT 1").row(&self.0.pool).await?;
        Ok(any.is_some())
    }

    /// A school's tokens, the oldest first, also revoked ones.
    ///
    /// # Errors
    /// The database's.
    pub async fn all(&self, school: &str) -> Result<Vec<Token>, StoreError> {
        let all = "SELECT id, school, name, created, revoked FROM tokens WHERE school = $1 ORDER BY created, id";
        sql(all).text(school).rows(&self.0.pool).await
    }

    /// Revokes a school's token; false where there is none that could be.
    ///
    /// # Errors
    /// The database's.
    pub async fn revoke(&self, school: &str, id: &str) -> Result<bool, StoreError> {
        let revoke = "UPDATE tokens SET revoked = $3 WHERE school = $1 AND id = $2 AND revoked IS NULL";
        Ok(sql(revoke).text(school).text(id).int(now()).run(&self.0.pool).await? == 1)
    }
}

/// 256 bits of the generator for secrets, as hexadecimal behind the prefix.
fn secret() -> String {
    let bytes: [u8; 32] = rand::random();
    bytes.iter().fold(PREFIX.to_owned(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // writing to a string cannot fail
        text
    })
}
