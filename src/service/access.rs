//! Who may come in. On loopback without tokens the service belongs to the one person at the machine: then only this machine's
//! names are taken as Host, and nothing comes from another page or through a proxy. Everywhere else a token says which school
//! it is: in the header, or in the cookie of a browser that has given it (`super::pages`), and then too nothing comes from
//! another page.

use super::app::App;
use super::atonce;
use super::caller::{Client, Doors, Peer, School};
use super::language::cookie;
use super::problem::{Kind, Problem};
use crate::store::LOCAL;
use crate::words;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HOST, ORIGIN};
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware::Next;
use axum::response::Response;

/// The cookie that holds a browser's token.
pub const COOKIE: &str = "token";
/// The same behind TLS: no page of a neighbouring host name, and none without TLS, can put one there.
pub const HOST_COOKIE: &str = "__Host-token";

/// What a proxy says of the request that it passes on.
const PASSED_ON: [&str; 6] =
    ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];

/// Tells who asks; on an open service refuses foreign hosts and pages.
pub(super) async fn doorstep(State(app): State<App>, mut request: Request, next: Next) -> Result<Response, Problem> {
    if let Some(client) = client(&app, &request) {
        request.extensions_mut().insert(client);
    }
    if app.doors() == Doors::Open {
        no_proxy(request.headers())?;
        own_host(request.headers(), request.uri())?;
        own_page(request.headers(), request.method())?;
    }
    Ok(next.run(request).await)
}

fn client(app: &App, request: &Request) -> Option<Client> {
    let told = || {
        let forwarded = request.headers().get_all("x-forwarded-for").iter().next_back()?;
        forwarded.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
    };
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0);
    let told = if app.config().trust_proxy { told() } else { None };
    told.or(peer).map(Client)
}

/// Finds the school of the request; without one nobody gets further.
pub(super) async fn guard(State(app): State<App>, mut request: Request, next: Next) -> Result<Response, Problem> {
    let school = match app.doors() {
        Doors::Open => LOCAL.to_owned(),
        Doors::Tokens => {
            let token = match (bearer(request.headers()), kept(&app, request.headers())) {
                (Some(token), _) => token,
                (None, Some(token)) => {
                    own_page(request.headers(), request.method())?;
                    token
                }
                (None, None) => return Err(no_token()),
            };
            let client = request.extensions().get::<Client>().copied();
            school_of(&app, client, token).await?.ok_or_else(no_token)?
        }
    };
    let school = School(school);
    request.extensions_mut().insert(school.clone());
    let mut answer = atonce::answer(&app, &school, request, next).await?;
    // For the log.
    answer.extensions_mut().insert(school);
    Ok(answer)
}

/// The school that a token opens; none where nobody has it. Who gave too many of those is not listened to for a while.
pub(super) async fn school_of(app: &App, client: Option<Client>, token: &str) -> Result<Option<String>, Problem> {
    let refused = app.refused();
    if let Some(seconds) = refused.wait(client, token) {
        let detail = words!("错误的令牌太多，请稍后再试", "too many wrong tokens; try again later");
        return Err(Problem::new(Kind::TooMany, detail).code("too_many_failures").retry_after(seconds));
    }
    let bearer = app.store().tokens().bearer(token).await?;
    match &bearer {
        Some(_) => refused.let_in(token),
        None => refused.refuse(client, token),
    }
    Ok(bearer.map(|bearer| bearer.school))
}

/// The token that a browser has kept. Behind TLS it is the one that only we can have put there.
fn kept<'a>(app: &App, headers: &'a HeaderMap) -> Option<&'a str> {
    let plain = || cookie(headers, COOKIE).filter(|_| !over_tls(app, headers));
    cookie(headers, HOST_COOKIE).or_else(plain)
}

/// Whether the caller's page came over TLS: ours, or a proxy says so, or the browser in the page's origin.
pub(super) fn over_tls(app: &App, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    app.config().tls.is_some()
        || text("x-forwarded-proto").eq_ignore_ascii_case("https")
        || text(ORIGIN.as_str()).starts_with("https://")
}

fn no_token() -> Problem {
    Problem::new(
        Kind::Unauthorized,
        words!(
            "请在 Authorization 中写 Bearer 和令牌；令牌由 fenzu token create 生成",
            "send `Authorization: Bearer TOKEN`; `fenzu token create` makes tokens"
        ),
    )
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// Nothing stands between: whoever comes through a proxy is not the person at this machine.
fn no_proxy(headers: &HeaderMap) -> Result<(), Problem> {
    if !PASSED_ON.iter().any(|name| headers.contains_key(*name)) {
        return Ok(());
    }
    let detail = words!(
        "请求经过代理：没有令牌的服务只给本机的人用，请先用 fenzu token create 生成令牌",
        "the request came through a proxy, and a service without tokens is for the person at its machine: make a token \
         with fenzu token create"
    );
    Err(Problem::new(Kind::Forbidden, detail).code("through_proxy"))
}

/// The host without its port is one of this machine's names. A rebound DNS name is not.
fn own_host(headers: &HeaderMap, uri: &Uri) -> Result<(), Problem> {
    let named = headers.get(HOST).and_then(|host| host.to_str().ok()).or(uri.host());
    let asked = uri.authority().map(axum::http::uri::Authority::as_str);
    let known =
        |host: &str| ["localhost", "127.0.0.1", "[::1]"].contains(&without_port(host).to_ascii_lowercase().as_str());
    if named.is_some_and(known) && asked.is_none_or(known) {
        return Ok(());
    }
    let detail = words!(
        "没有令牌的服务只接受 localhost、127.0.0.1 和 [::1]",
        "without tokens the service is only for localhost, 127.0.0.1 and [::1]"
    );
    Err(Problem::new(Kind::Forbidden, detail).code("foreign_host"))
}

/// `[::1]:8080` → `[::1]`, `localhost:8080` → `localhost`.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// No other page's script sent it: its origin is ours, or it is a plain read of an address.
pub(super) fn own_page(headers: &HeaderMap, method: &Method) -> Result<(), Problem> {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let ours = |origin: &str| {
        // Behind a proxy the page itself came over TLS.
        let from = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        from.is_some_and(|from| from.eq_ignore_ascii_case(host))
    };
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let origin = text(ORIGIN.as_str()).is_none_or(ours);
    let reads = [Method::GET, Method::HEAD].contains(method);
    let site = text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    if origin && (reads || site) {
        return Ok(());
    }
    let detail = words!("请求来自另一个网页", "the request comes from another page");
    Err(Problem::new(Kind::Forbidden, detail).code("foreign_origin"))
}
