//! A plan as a file, in every format of the command line.

use super::stored::{self, Whole};
use crate::report::{self, Audience, FORMATS, Format, Report, Writer};
use crate::service::app::App;
use crate::service::body::{Asked, Id};
use crate::service::caller::School;
use crate::service::ids::Ident;
use crate::service::language::Speaks;
use crate::service::problem::{Kind, Problem};
use crate::service::shapes;
use crate::words;
use crate::words::Lang;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{IntoParams, PartialSchema, ToSchema};

/// How a plan is written.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Export {
    /// The format.
    #[param(inline)]
    format: Chosen,
    /// To hang up: names and groups only. JSON has no such view.
    #[serde(default)]
    public: bool,
}

/// A format, by its word.
#[derive(Clone, Copy, Debug)]
struct Chosen(&'static Format);

impl<'de> Deserialize<'de> for Chosen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        let known = || FORMATS.map(|format| format.word).join(", ");
        report::format(&word).map(Self).ok_or_else(|| D::Error::custom(format!("`{word}` is none of {}", known())))
    }
}

impl PartialSchema for Chosen {
    fn schema() -> RefOr<Schema> {
        let words = FORMATS.map(|format| format.word);
        ObjectBuilder::new().schema_type(Type::String).description(Some("A format.")).enum_values(Some(words)).into()
    }
}

impl ToSchema for Chosen {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Format")
    }
}

/// What the page of a report needs: its own style and small pictures; no script, nothing from elsewhere.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; \
                           base-uri 'none'; form-action 'none'; sandbox";

/// A plan as a file
#[utoipa::path(get, path = "/v1/plans/{id}/export", tag = "plans",
    params(("id" = Ident, Path, description = "The plan"), Export),
    responses(
        (status = 200, description = "The file", content(
            (shapes::Plans = "application/json"), (String = "text/csv"), (String = "text/html"),
            (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
        (status = 409, response = shapes::Refusal), (status = 422, response = shapes::Refusal)))]
pub(super) async fn export(
    State(app): State<App>,
    school: School,
    Speaks(lang): Speaks,
    Id(id): Id,
    Asked(asked): Asked<Export>,
) -> Result<Response, Problem> {
    let Chosen(format) = asked.format;
    if asked.public && !format.has_public_view() {
        let name = format.name();
        let detail = words!("{name} 含成绩与层次，没有公示版", "{name} holds marks and tiers and has no public view");
        return Err(Problem::new(Kind::Unprocessable, detail).code("no_public_json"));
    }
    let whole = stored::whole(&app, &school, &id).await?;
    let title = title(&whole, asked.public, lang);
    let bytes = app.think(whole.seat.clone(), move || written(&whole, asked, lang)).await??;
    let (media, ending) = (format.media, format.word);
    let name = format!("attachment; filename=\"plan-{id}.{ending}\"; filename*=UTF-8''{}.{ending}", in_header(&title));
    let mut answer = ([(CONTENT_TYPE, media.to_owned()), (CONTENT_DISPOSITION, name)], bytes).into_response();
    if media.starts_with("text/html") {
        let policy = axum::http::HeaderValue::from_static(PAGE_POLICY);
        answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    Ok(answer)
}

/// What the file is called where it is saved: by its class, or by the list where there are several.
fn title(whole: &Whole, public: bool, lang: Lang) -> String {
    let list = whole.input().list.name.rsplit_once('.').map_or(whole.input().list.name.as_str(), |(stem, _)| stem);
    let class = match whole.documents.as_slice() {
        [one] => one.groups.first().map_or("", |group| group.class.as_str()),
        _ => "",
    };
    let of = if class.is_empty() { list } else { class };
    let what = if public { words!("公示名单", "groups to put up") } else { words!("分组", "groups") };
    format!("{of} {}", what.get(lang))
}

/// A text as RFC 8187 has it: all but letters and digits of ASCII as percent signs with two digits a byte.
fn in_header(text: &str) -> String {
    let byte = |byte: u8| match byte {
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

fn written(whole: &Whole, asked: Export, lang: Lang) -> Result<Vec<u8>, Problem> {
    let write = match asked.format.0.write {
        Writer::Documents(write) => return Ok(write(&whole.documents).into_bytes()),
        Writer::Reports(write) => write,
    };
    let ready = whole.ready()?;
    let audience = if asked.public { Audience::Public } else { Audience::Teacher };
    let reports: Vec<Report<'_>> = ready.reports(&whole.documents, audience, lang).collect();
    write(&reports).map_err(|error| {
        tracing::error!(%error, "a report was not written");
        Problem::of(Kind::Internal)
    })
}
