//! A plan as a file, in every format of the command line.

use super::stored::{self, Whole};
use crate::report::{self, Audience, Report, ReportError};
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
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// How a plan is written.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Export {
    /// The format.
    #[param(inline)]
    format: Format,
    /// To hang up: names and groups only. JSON has no such view.
    #[serde(default)]
    public: bool,
}

/// A format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Format {
    /// `fenzu-plan/1`.
    Json,
    /// One row a student.
    Csv,
    /// A workbook.
    Xlsx,
    /// A page to print.
    Html,
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
    if asked.public && asked.format == Format::Json {
        let detail = words!("JSON 含成绩与层次，没有公示版", "JSON holds marks and tiers and has no public view");
        return Err(Problem::new(Kind::Unprocessable, detail).code("no_public_json"));
    }
    let whole = stored::whole(&app, &school, &id).await?;
    let title = title(&whole, asked.public, lang);
    let bytes = app.think(whole.seat.clone(), move || written(&whole, asked, lang)).await??;
    let (media, ending) = asked.format.media();
    let name = format!("attachment; filename=\"plan-{id}.{ending}\"; filename*=UTF-8''{}.{ending}", in_header(&title));
    let mut answer = ([(CONTENT_TYPE, media.to_owned()), (CONTENT_DISPOSITION, name)], bytes).into_response();
    if asked.format == Format::Html {
        let policy = axum::http::HeaderValue::from_static(PAGE_POLICY);
        answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    Ok(answer)
}

impl Format {
    /// Media type and file ending.
    fn media(self) -> (&'static str, &'static str) {
        match self {
            Self::Json => ("application/json", "json"),
            Self::Csv => ("text/csv; charset=utf-8", "csv"),
            Self::Xlsx => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
            Self::Html => ("text/html; charset=utf-8", "html"),
        }
    }
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
    if asked.format == Format::Json {
        return Ok(report::json(&whole.documents).into_bytes());
    }
    let ready = whole.ready()?;
    let audience = if asked.public { Audience::Public } else { Audience::Teacher };
    let reports: Vec<Report<'_>> = ready.reports(&whole.documents, audience, lang).collect();
    let failed = |error: ReportError| {
        tracing::error!(%error, "a report was not written");
        Problem::of(Kind::Internal)
    };
    match asked.format {
        Format::Json | Format::Csv => report::csv(&reports).map_err(failed),
        Format::Xlsx => report::xlsx(&reports).map_err(failed),
        Format::Html => report::html(&reports).map(String::into_bytes).map_err(failed),
    }
}
