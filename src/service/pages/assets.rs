//! Styles, scripts and the sample class, all in the program.

use super::super::problem::{Kind, Problem};
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use std::sync::LazyLock;

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// One file: name, media type, bytes.
type Asset = (&'static str, &'static str, &'static [u8]);

/// The report's own style comes first: board and report look alike because they are alike.
const STYLE: &str = concat!(
    include_str!("../../engine/report/base.css"),
    include_str!("../../engine/report/teacher.css"),
    include_str!("../../web/style.css")
);

static ASSETS: [Asset; 15] = [
    ("style.css", "text/css; charset=utf-8", STYLE.as_bytes()),
    ("core.js", SCRIPT, include_bytes!("../../web/core.js")),
    ("home.js", SCRIPT, include_bytes!("../../web/home.js")),
    ("list.js", SCRIPT, include_bytes!("../../web/list.js")),
    ("wait.js", SCRIPT, include_bytes!("../../web/wait.js")),
    ("board.js", SCRIPT, include_bytes!("../../web/board.js")),
    ("office.js", SCRIPT, include_bytes!("../../web/office.js")),
    ("extras.js", SCRIPT, include_bytes!("../../web/extras.js")),
    ("history.js", SCRIPT, include_bytes!("../../web/history.js")),
    ("names.js", SCRIPT, include_bytes!("../../web/names.js")),
    ("order.js", SCRIPT, include_bytes!("../../web/order.js")),
    ("reading.js", SCRIPT, include_bytes!("../../web/reading.js")),
    ("price.js", SCRIPT, include_bytes!("../../web/price.js")),
    ("icon.svg", "image/svg+xml", include_bytes!("../../web/icon.svg")),
    (
        "sample.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        include_bytes!("../../../datasets/class50_messy.xlsx"),
    ),
];

/// Changes with the bytes, so that a browser keeps a file as long as it is the same.
static TAGS: LazyLock<Vec<String>> =
    LazyLock::new(|| ASSETS.iter().map(|(_, _, bytes)| format!("\"{}\"", crate::roster::sha256(bytes))).collect());

/// One file by its name.
pub(super) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(at) = ASSETS.iter().position(|(known, _, _)| *known == name) else {
        return Problem::of(Kind::NotFound).into_response();
    };
    let ((_, media, bytes), tag) = (ASSETS[at], TAGS[at].as_str());
    let kept = headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let head = [(CONTENT_TYPE, media), (CACHE_CONTROL, "no-cache"), (ETAG, tag)];
    if kept { (StatusCode::NOT_MODIFIED, head).into_response() } else { (head, bytes).into_response() }
}
