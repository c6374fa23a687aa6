//! How a request is refused.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

/// Why a request is not answered as it wants.
#[derive(Debug)]
pub(super) struct ApiRefusal {
    pub(super) status: StatusCode,
    pub(super) message: String,
}

/// What is answered then.
#[derive(Serialize, JsonSchema)]
pub(super) struct ErrorAnswer {
    /// What is wrong, in a sentence.
    pub(super) error: String,
}

impl ApiRefusal {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    /// There is no such thing.
    pub(super) fn missing(what: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("there is no {what}"))
    }

    /// What was sent makes no sense.
    pub(super) fn wrong(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, message)
    }

    /// The disk says no.
    pub(super) fn disk(what: &str, error: &std::io::Error) -> Self {
        let status = match error.kind() {
            std::io::ErrorKind::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self::new(status, format!("cannot {what}: {error}"))
    }
}

impl IntoResponse for ApiRefusal {
    fn into_response(self) -> Response {
        json_answer(self.status, &ErrorAnswer { error: self.message })
    }
}

/// An answer in JSON.
pub(super) fn json_answer(status: StatusCode, value: &impl Serialize) -> Response {
    let text = serde_json::to_string(value).unwrap_or_default();
    (status, [(CONTENT_TYPE, "application/json")], text).into_response()
}
