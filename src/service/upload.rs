//! Multipart bodies: one file and a few words beside it, or many files; and what is made of one, once.

use super::app::App;
use super::body::{in_time, too_large};
use super::caller::School;
use super::ids::Ident;
use super::once::Key;
use super::problem::{Kind, Problem, unknown_id};
use crate::fault::Fault;
use crate::store::{Answer, Inserted, Once};
use crate::words;
use crate::words::Lang;
use axum::Json;
use axum::body::Bytes;
use axum::extract::multipart::{Field, Multipart, MultipartError, MultipartRejection};
use axum::http::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

/// Most parts of one body.
const MOST_PARTS: usize = 10_000;
/// Longest file name that is kept.
const LONGEST_NAME: usize = 200;

/// One part.
#[derive(Clone, Debug)]
pub struct Part {
    /// The field's name.
    pub name: String,
    /// The file's name; empty where there is none.
    pub file: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// A whole multipart body.
#[derive(Clone, Debug)]
pub struct Upload {
    parts: Vec<Part>,
}

impl Upload {
    /// Reads the body; `names` are the fields that the route knows.
    ///
    /// # Errors
    /// No multipart, a damaged or too long one, too slow, unknown fields.
    pub async fn read(
        app: &App,
        multipart: Result<Multipart, MultipartRejection>,
        names: &[&str],
    ) -> Result<Self, Problem> {
        let detail = words!("请以 multipart/form-data 发送文件", "send the file as multipart/form-data");
        let multipart = multipart.map_err(|_| Problem::new(Kind::UnsupportedMediaType, detail))?;
        let upload = in_time(app, Self::collect(multipart, app.config().limits.body_bytes)).await??;
        match upload.parts.iter().find(|part| !names.contains(&part.name.as_str())) {
            Some(part) => Err(unknown_field(&part.name, names)),
            None => Ok(upload),
        }
    }

    async fn collect(mut multipart: Multipart, most: usize) -> Result<Self, Problem> {
        let damaged = |error: MultipartError| match error.status().as_u16() {
            413 => too_large(most),
            _ => damaged(),
        };
        let mut parts = Vec::new();
        while let Some(field) = multipart.next_field().await.map_err(damaged)? {
            if parts.len() == MOST_PARTS {
                return Err(Problem::new(
                    Kind::TooLarge,
                    words!("文件不能超过 {MOST_PARTS} 个", "at most {MOST_PARTS} files"),
                ));
            }
            let (name, file) = (field.name().unwrap_or_default().to_owned(), file_name(&field));
            let bytes = field.bytes().await.map_err(damaged)?;
            parts.push(Part { name, file, bytes });
        }
        Ok(Self { parts })
    }

    /// The one file of a field.
    ///
    /// # Errors
    /// None, or several.
    pub fn one<'a>(&'a self, name: &'a str) -> Result<&'a Part, Problem> {
        match self.all(name).collect::<Vec<_>>().as_slice() {
            [part] => Ok(part),
            parts => {
                let number = parts.len();
                Err(Problem::unfit(
                    Kind::Unprocessable,
                    Fault {
                        code: "one_field",
                        place: format!("body {name}"),
                        found: words!("{number} 个 {name}", "{number} fields {name}"),
                        expected: words!("一个", "one"),
                        action: words!("请以字段 {name} 发送文件", "send the file as the field {name}"),
                    },
                ))
            }
        }
    }

    /// Every part of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Part> {
        self.parts.iter().filter(move |part| part.name == name)
    }

    /// The id in a field, if there is one; `unknown` is the code where it can be nobody's.
    ///
    /// # Errors
    /// As [`Upload::text`]; no id.
    pub fn id(&self, name: &str, unknown: &'static str) -> Result<Option<Ident>, Problem> {
        let named = self.text(name)?.filter(|id| !id.is_empty());
        named.map(|id| id.parse().map_err(|_| unknown_id(unknown))).transpose()
    }

    /// The text of a field, if it is there.
    ///
    /// # Errors
    /// Several of them, or no UTF-8.
    pub fn text<'a>(&'a self, name: &'a str) -> Result<Option<&'a str>, Problem> {
        if self.all(name).next().is_none() {
            return Ok(None);
        }
        let part = self.one(name)?;
        std::str::from_utf8(&part.bytes).map(Some).map_err(|_| damaged())
    }

    /// The texts of a field that may come several times.
    ///
    /// # Errors
    /// No UTF-8.
    pub fn texts(&self, name: &str) -> Result<Vec<String>, Problem> {
        self.all(name).map(|part| String::from_utf8(part.bytes.to_vec()).map_err(|_| damaged())).collect()
    }

    /// SHA-256 in hex of all that was sent, whatever the boundary between the parts.
    #[must_use]
    pub fn sha256(&self) -> String {
        use std::fmt::Write as _;
        let mut digest = Sha256::new();
        for part in &self.parts {
            for bytes in [part.name.as_bytes(), part.file.as_bytes(), &part.bytes] {
                digest.update((bytes.len() as u64).to_le_bytes());
                digest.update(bytes);
            }
        }
        digest.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}"); // writing to a String cannot fail
            hex
        })
    }
}

/// The answer to an upload that is read and then kept under an id of its own.
pub(super) trait Uploaded: Serialize + DeserializeOwned {
    /// Method and route, for the key.
    const ROUTE: &'static str;

    /// Reads what was sent.
    async fn read(app: &App, school: &School, upload: &Upload, lang: Lang) -> Result<Self, Problem>;

    /// Keeps it, together with the answer under the caller's key.
    async fn keep(
        &self,
        app: &App,
        school: &School,
        upload: &Upload,
        once: Option<Once<'_>>,
    ) -> Result<Inserted, Problem>;
}

/// Reads and keeps an upload; the same under the same key again gets the answer that it got, and nothing is kept.
pub(super) async fn kept<A: Uploaded>(
    app: &App,
    school: &School,
    key: &Key,
    upload: &Upload,
    lang: Lang,
) -> Result<(StatusCode, Json<A>), Problem> {
    let keyed = key.of(A::ROUTE, upload.sha256());
    if let Some(before) = keyed.before(app, school).await? {
        return given(&before);
    }
    let answer = A::read(app, school, upload, lang).await?;
    // Plain data always serialises.
    let text = serde_json::to_string(&answer).unwrap_or_default();
    match answer.keep(app, school, upload, keyed.once(201, &text)).await? {
        Inserted::New => Ok((StatusCode::CREATED, Json(answer))),
        Inserted::Before(before) => given(&before),
    }
}

/// An answer that was given before.
pub(super) fn given<A: Uploaded>(before: &Answer) -> Result<(StatusCode, Json<A>), Problem> {
    Ok((StatusCode::CREATED, Json(super::body::parse(before.answer.as_bytes())?)))
}

/// The last part of the file's name, without control characters, not too long.
fn file_name(field: &Field<'_>) -> String {
    let name = field.file_name().unwrap_or_default();
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect()
}

fn damaged() -> Problem {
    Problem::new(Kind::BadRequest, words!("multipart 内容不完整", "the multipart body is damaged"))
}

fn unknown_field(name: &str, names: &[&str]) -> Problem {
    let (found, known): (String, _) = (name.chars().take(60).collect(), names.join(", "));
    Problem::unfit(
        Kind::Unprocessable,
        Fault {
            code: "unknown_field",
            place: "body".to_owned(),
            found: words!("字段“{found}”", "a field \"{found}\""),
            expected: words!("{known}", "{known}"),
            action: words!("请核对字段名", "check the field's name"),
        },
    )
}
