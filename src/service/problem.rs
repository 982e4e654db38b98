//! Errors as RFC 9457 problem documents, in the caller's language.
//!
//! A handler returns a [`Problem`] in both languages; [`render`], the outermost layer, writes it in the language that the
//! request asks for, and turns every other error status (unknown route, wrong method) into a problem as well.

use super::doubts::AnswerRecord;
use super::language::of_headers;
use crate::fault::{Fault, Faults};
use crate::jobs::{Failure, QueueError};
use crate::plan::document::NoticeRecord;
use crate::store::StoreError;
use crate::words;
use crate::words::{Lang, Words};
use axum::extract::Request;
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// The media type of problem documents.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Seconds after which a database that is away may be back.
const RETRY_SECONDS: u32 = 5;
/// Seconds after which somebody may have mended a trouble.
const TROUBLE_SECONDS: u32 = 60;
/// Seconds after which some of a school's plans may be done.
const QUEUE_SECONDS: u32 = 10;

/// What went wrong, as far as HTTP is concerned; each has a status, a stable word and a title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 400: a header, query or multipart body that cannot be understood.
    BadRequest,
    /// 401: no token, or none that is known.
    Unauthorized,
    /// 403: a foreign page, or a host name that is not this machine's.
    Forbidden,
    /// 404: unknown, or another school's.
    NotFound,
    /// 405.
    MethodNotAllowed,
    /// 408: the body came too slowly.
    Timeout,
    /// 409: the plan is in a state that does not allow this.
    Conflict,
    /// 413: more bytes than are taken.
    TooLarge,
    /// 415: not the media type that the route takes.
    UnsupportedMediaType,
    /// 422: JSON of another shape, or an idempotency key used with another body.
    Unprocessable,
    /// 422: input that the reader refuses, with every fault.
    Refused,
    /// 429: too many requests, or too many open jobs of this school.
    TooMany,
    /// 500: a defect of ours.
    Internal,
    /// 507: this school stores as much as it may.
    Full,
    /// 503: the queue is full, or the database is not there.
    Unavailable,
}

impl Kind {
    /// The HTTP status.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Timeout => StatusCode::REQUEST_TIMEOUT,
            Self::Conflict => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unprocessable | Self::Refused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Full => StatusCode::INSUFFICIENT_STORAGE,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The kind of a bare status.
    pub(super) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::UNAUTHORIZED => Self::Unauthorized,
            StatusCode::FORBIDDEN => Self::Forbidden,
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::REQUEST_TIMEOUT => Self::Timeout,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::UnsupportedMediaType,
            StatusCode::UNPROCESSABLE_ENTITY => Self::Unprocessable,
            StatusCode::TOO_MANY_REQUESTS => Self::TooMany,
            StatusCode::SERVICE_UNAVAILABLE => Self::Unavailable,
            status if status.is_client_error() => Self::BadRequest,
            _ => Self::Internal,
        }
    }

    /// The word in `code` where the problem names no closer one.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::BadRequest => "bad_request",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::Timeout => "timeout",
            Self::Conflict => "conflict",
            Self::TooLarge => "too_large",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::Unprocessable => "unprocessable",
            Self::Refused => "refused",
            Self::TooMany => "too_many",
            Self::Internal => "internal",
            Self::Full => "full",
            Self::Unavailable => "unavailable",
        }
    }

    fn title(self) -> Words {
        match self {
            Self::BadRequest => words!("请求无法理解", "Malformed request"),
            Self::Unauthorized => words!("需要访问令牌", "Token required"),
            Self::Forbidden => words!("不允许访问", "Access is not allowed"),
            Self::NotFound => words!("找不到", "Not found"),
            Self::MethodNotAllowed => words!("此地址不支持该方法", "The method is not allowed here"),
            Self::Timeout => words!("请求传得太慢", "The request came too slowly"),
            Self::Conflict => words!("目前的状态不允许这样做", "Not possible in the current state"),
            Self::TooLarge => words!("内容太大", "The content is too large"),
            Self::UnsupportedMediaType => words!("不支持的内容类型", "The media type is not supported"),
            Self::Unprocessable => words!("内容不合格式", "Invalid request body"),
            Self::Refused => words!("输入有误", "The input is refused"),
            Self::TooMany => words!("请求太多", "Too many requests"),
            Self::Internal => words!("内部错误", "Internal error"),
            Self::Full => words!("存储空间已满", "The storage is full"),
            Self::Unavailable => words!("暂时无法处理", "Not available for the moment"),
        }
    }

    fn usual_detail(self) -> Words {
        match self {
            Self::NotFound => {
                words!("没有这个地址，或其中的编号不存在", "there is no such address, or nothing with such an id")
            }
            Self::MethodNotAllowed => words!("可用的方法见 Allow", "the header Allow names the methods"),
            Self::Internal => words!(
                "不是您的输入有误；日志中有这次请求的编号",
                "not caused by your input; the log has the details under the request's id"
            ),
            kind => kind.title(),
        }
    }
}

/// An error on its way to the caller, in both languages.
#[derive(Clone, Debug)]
pub struct Problem {
    kind: Kind,
    code: &'static str,
    detail: Words,
    faults: Vec<Fault>,
    retry_after: Option<u32>,
}

impl Problem {
    /// A problem with the kind's own code.
    #[must_use]
    pub fn new(kind: Kind, detail: Words) -> Self {
        Self { kind, code: kind.code(), detail, faults: Vec::new(), retry_after: None }
    }

    /// A problem with nothing closer to say than its kind.
    #[must_use]
    pub fn of(kind: Kind) -> Self {
        Self::new(kind, kind.usual_detail())
    }

    /// With a closer code.
    #[must_use]
    pub fn code(self, code: &'static str) -> Self {
        Self { code, ..self }
    }

    /// Its stable word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        self.code
    }

    /// With the seconds after which it may be tried again.
    #[must_use]
    pub fn retry_after(self, seconds: u32) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// A part of the request that does not fit, told as one fault.
    #[must_use]
    pub fn unfit(kind: Kind, fault: Fault) -> Self {
        let detail = fault.found.clone();
        Self { code: fault.code, faults: vec![fault], ..Self::new(kind, detail) }
    }

    /// The document that is sent or stored.
    #[must_use]
    pub fn document(&self, lang: Lang) -> ProblemDocument {
        ProblemDocument {
            kind: format!("urn:fenzu:{}", self.code),
            title: self.kind.title().get(lang).to_owned(),
            status: self.kind.status().as_u16(),
            detail: self.detail.get(lang).to_owned(),
            code: self.code.to_owned(),
            faults: self.faults.iter().map(|fault| FaultRecord::of(fault, lang)).collect(),
        }
    }
}

impl From<Faults> for Problem {
    fn from(faults: Faults) -> Self {
        let number = faults.0.len();
        let code = faults.0.first().map_or(Kind::Refused.code(), |fault| fault.code);
        let detail = match faults.0.as_slice() {
            [fault] => Words { zh: fault.sentence(Lang::Zh), en: fault.sentence(Lang::En) },
            _ => words!("共 {number} 处有误，见 faults", "{number} faults, see faults"),
        };
        Self { code, faults: faults.0, ..Self::new(Kind::Refused, detail) }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Reference => Self::of(Kind::NotFound),
            StoreError::KeyReused => {
                let detail =
                    words!("这个 Idempotency-Key 已用于另一个请求", "the Idempotency-Key was used for another request");
                Self::new(Kind::Unprocessable, detail).code("idempotency_key_reused")
            }
            StoreError::TooManyOpen { open, asked, most } => {
                let detail = words!(
                    "本校已有 {open} 项任务在等待或计算，再加 {asked} 项就超过上限 {most} 项；请等它们完成，或停止、删除其中一些",
                    "{open} plans, batches and classes of this school are waiting or at work; {asked} more would pass the limit \
                     of {most}: wait until some are done, or stop or delete some"
                );
                Self::new(Kind::TooMany, detail).code("too_many_plans").retry_after(QUEUE_SECONDS)
            }
            StoreError::Trouble(trouble, told) => {
                tracing::error!(code = trouble.code(), told, "the database is in trouble");
                Self::new(Kind::Unavailable, trouble.words()).code(trouble.code()).retry_after(TROUBLE_SECONDS)
            }
            error if error.is_transient() => {
                tracing::warn!(%error, "the store does not answer");
                Self::of(Kind::Unavailable).retry_after(RETRY_SECONDS)
            }
            error => {
                tracing::error!(%error, "the store failed");
                Self::of(Kind::Internal)
            }
        }
    }
}

impl From<QueueError> for Problem {
    fn from(error: QueueError) -> Self {
        tracing::error!(%error, "the queue failed");
        Self::of(Kind::Unavailable).retry_after(RETRY_SECONDS)
    }
}

/// A stored failure in the caller's language.
#[must_use]
pub fn failure_document(failure: &Failure, lang: Lang) -> ProblemDocument {
    let kind = if failure.faults.is_empty() { Kind::Internal } else { Kind::Refused };
    let record = |fault: &crate::jobs::failure::FaultRecord| FaultRecord {
        answers: AnswerRecord::remedies(&fault.action, lang),
        code: fault.code.clone(),
        place: fault.place.clone(),
        found: fault.found.get(lang).to_owned(),
        expected: fault.expected.get(lang).to_owned(),
        action: fault.action.without_options(lang),
    };
    ProblemDocument {
        kind: format!("urn:fenzu:{}", failure.code),
        title: kind.title().get(lang).to_owned(),
        status: kind.status().as_u16(),
        detail: failure.detail.get(lang).to_owned(),
        code: failure.code.clone(),
        faults: failure.faults.iter().map(record).collect(),
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Faults::from(fault).into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.kind.status().into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.kind == Kind::Unauthorized {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// An error as it is sent (RFC 9457).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// `urn:fenzu:<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What kind of error it is.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time.
    pub detail: String,
    /// A stable word for programs, the same as the command line's.
    pub code: String,
    /// Everything that is wrong with the input, at once.
    pub faults: Vec<FaultRecord>,
}

/// One reason why an input is refused.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Fault)]
pub struct FaultRecord {
    /// A stable word for programs.
    pub code: String,
    /// Where: file, then sheet and cell or line; or the path in a JSON body.
    pub place: String,
    /// What was found there.
    pub found: String,
    /// What was expected instead.
    pub expected: String,
    /// What can be done about it.
    pub action: String,
    /// What would mend the reading of a list exactly, each as a button shows it; empty where it takes more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub answers: Vec<AnswerRecord>,
}

impl FaultRecord {
    fn of(fault: &Fault, lang: Lang) -> Self {
        Self {
            answers: AnswerRecord::remedies(&fault.action, lang),
            code: fault.code.to_owned(),
            place: fault.place.clone(),
            found: fault.found.get(lang).to_owned(),
            expected: fault.expected.get(lang).to_owned(),
            action: fault.action.without_options(lang),
        }
    }
}

/// A notice in the caller's language.
#[must_use]
pub fn notice_record(notice: &crate::fault::Notice, lang: Lang) -> NoticeRecord {
    NoticeRecord {
        code: notice.code.to_owned(),
        place: notice.place.clone(),
        message: notice.message.get(lang).to_owned(),
    }
}

/// The document for what was no request: nobody said in which language.
pub(super) fn unasked(problem: &Problem, status: StatusCode) -> Vec<u8> {
    // A document of strings and numbers always serialises.
    serde_json::to_vec(&ProblemDocument { status: status.as_u16(), ..problem.document(Lang::Zh) }).unwrap_or_default()
}

/// Marks an error that is a page for people already.
#[derive(Clone, Copy, Debug)]
pub struct Told;

/// Writes every error as a problem document in the caller's language, unless it is [`Told`]. Headers of the answer (`Allow`, `Retry-After`) stay.
pub async fn render(request: Request, next: Next) -> Response {
    let lang = of_headers(request.headers());
    let answer = next.run(request).await;
    let status = answer.status();
    let told = answer.extensions().get::<Told>().is_some();
    if told || (!status.is_client_error() && !status.is_server_error()) {
        return answer;
    }
    let stored = answer.extensions().get::<Arc<Problem>>().cloned();
    let problem = stored.unwrap_or_else(|| Arc::new(Problem::of(Kind::of_status(status))));
    let document = ProblemDocument { status: status.as_u16(), ..problem.document(lang) };
    let (mut parts, _) = answer.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    let language = match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    };
    parts.headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language));
    // A document of strings and numbers always serialises.
    let body = serde_json::to_vec(&document).unwrap_or_default();
    Response::from_parts(parts, body.into())
}

/// Nothing of this school has the id that the body names.
pub(super) fn unknown_id(code: &'static str) -> Problem {
    let detail = words!("请求中提到的编号不存在", "nothing has an id that the body names");
    Problem::new(Kind::NotFound, detail).code(code)
}
