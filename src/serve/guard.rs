//! Who is let in: our own pages in the browser of whoever has started the server, and nobody else.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HOST, HeaderName, ORIGIN,
    REFERRER_POLICY, SET_COOKIE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};

use super::api_refusal::ApiRefusal;

/// What a request must bring.
pub(super) struct Guard {
    /// `127.0.0.1:PORT`, and `localhost:PORT` where that is meant.
    pub(super) hosts: Vec<String>,
    /// Of this start of the server, or of its file.
    token: String,
    cookie: String,
}

/// What the page may load and do. Charts are part of it; a report is shown in a frame.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      img-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

impl Guard {
    pub(super) fn new(hosts: Vec<String>, port: u16, token: String) -> Self {
        Self { hosts, token, cookie: format!("shiftstorm_{port}") }
    }

    /// Refuses what does not come from our own page.
    fn refuse(&self, request: &Request) -> Result<(), ApiRefusal> {
        let headers = request.headers();
        let refused = |message: &str| Err(ApiRefusal::new(StatusCode::FORBIDDEN, message));
        let Some(host) = only(headers, &HOST).filter(|host| self.hosts.iter().any(|it| it == host))
        else {
            return refused("this server answers only to the address that it has printed");
        };
        if !self.is_known(headers) {
            return refused("open the address that `shiftstorm serve` has printed: it lets you in");
        }
        let is_reading = [Method::GET, Method::HEAD].contains(request.method());
        let origin = only(headers, &ORIGIN);
        let is_ours = origin.is_some_and(|it| it.strip_prefix("http://") == Some(host));
        if !is_reading && !is_ours {
            return refused("only the page of this server may change anything");
        }
        Ok(())
    }

    /// Whether the cookie has the token.
    fn is_known(&self, headers: &HeaderMap) -> bool {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut values = cookies.flat_map(|line| line.split(';')).filter_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            (name == self.cookie).then_some(value)
        });
        values.any(|value| self.is_token(value))
    }

    /// Takes as long for a near miss as for a far one.
    pub(super) fn is_token(&self, text: &str) -> bool {
        Sha256::digest(text) == Sha256::digest(&self.token)
    }

    /// The token of an address, if it is right: `/?token=…`.
    fn brought(&self, request: &Request) -> bool {
        let query = request.uri().query().unwrap_or_default();
        let token = query.split('&').find_map(|pair| pair.strip_prefix("token="));
        request.method() == Method::GET
            && request.uri().path() == "/"
            && token.is_some_and(|token| self.is_token(token))
    }

    /// Whether a request is for this server, and not for a name that somebody gave its address.
    fn is_host(&self, headers: &HeaderMap) -> bool {
        only(headers, &HOST).is_some_and(|host| self.hosts.iter().any(|it| it == host))
    }

    /// Gives the cookie. The page then goes on by itself, so that the cookie is sent as of our own site
    /// wherever the address was clicked.
    fn let_in(&self) -> Response {
        let cookie = format!("{}={}; Path=/; HttpOnly; SameSite=Strict", self.cookie, self.token);
        let page = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
                    <meta http-equiv=\"refresh\" content=\"0; url=/\"><title>Shiftstorm</title>\
                    <p><a href=\"/\">Go on to Shiftstorm</a></p></html>";
        ([(SET_COOKIE, cookie), (CONTENT_TYPE, "text/html; charset=utf-8".to_owned())], page)
            .into_response()
    }
}

/// A header that is there once, as text.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    if values.next().is_some() { None } else { first.to_str().ok() }
}

/// Lets a request through or refuses it; every answer says what the browser may make of it.
pub(super) async fn guarded(
    State(guard): State<Arc<Guard>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = if guard.is_host(request.headers()) && guard.brought(&request) {
        guard.let_in()
    } else {
        match guard.refuse(&request) {
            Ok(()) => next.run(request).await,
            Err(refusal) => refusal.into_response(),
        }
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        // A report has a policy of its own.
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
