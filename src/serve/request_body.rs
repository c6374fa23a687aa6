//! What a request brings along: at most so much, and not too slowly.

use std::time::Duration;

use axum::body::{self, Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::api_refusal::ApiRefusal;

/// JSON of at most 1 MiB.
pub(super) struct JsonBody<T>(pub(super) T);

/// Bytes of JSON, at most.
const MOST: usize = 1 << 20;
/// How long a body may take, or a piece of a large one.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiRefusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiRefusal> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if kind.is_none_or(|kind| kind.split(';').next() != Some("application/json")) {
            let message = "the body must be application/json";
            return Err(ApiRefusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
        }
        refuse_longer(request.headers(), MOST as u64)?;
        let bytes = bytes(request.into_body()).await?;
        let parsed = serde_json::from_slice(&bytes);
        parsed.map(Self).map_err(|error| ApiRefusal::wrong(format!("not understood: {error}")))
    }
}

async fn bytes(body: Body) -> Result<Bytes, ApiRefusal> {
    match timeout(PATIENCE, body::to_bytes(body, MOST)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(too_large(MOST as u64)),
        Err(_) => Err(too_slow()),
    }
}

/// Refuses a body that says it is longer, before any of it is read.
pub(super) fn refuse_longer(headers: &HeaderMap, most: u64) -> Result<(), ApiRefusal> {
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let length = length.and_then(|length| length.parse::<u64>().ok());
    if length.is_some_and(|length| length > most) { Err(too_large(most)) } else { Ok(()) }
}

pub(super) fn too_large(most: u64) -> ApiRefusal {
    let message = format!("more than {} MiB are not taken", most >> 20);
    ApiRefusal::new(StatusCode::PAYLOAD_TOO_LARGE, message)
}

pub(super) fn too_slow() -> ApiRefusal {
    let message = format!("nothing came for {} s", PATIENCE.as_secs());
    ApiRefusal::new(StatusCode::REQUEST_TIMEOUT, message)
}
