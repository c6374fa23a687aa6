//! Connections: how many at a time, and for how long one may say nothing.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// Connections at the same time; more wait.
const MOST_CONNECTIONS: usize = 512;
/// How long the head of a request may take.
const HEAD: Duration = Duration::from_secs(10);

/// Answers whoever connects until `end`.
pub(super) async fn answer(listener: TcpListener, router: Router, end: impl Future<Output = ()>) {
    let free = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut end = std::pin::pin!(end);
    loop {
        let accepted = tokio::select! {
            () = &mut end => return,
            accepted = next(&listener, &free) => accepted,
        };
        let (stream, permit) = accepted;
        let router = router.clone();
        tokio::spawn(async move {
            serve(stream, router).await;
            drop(permit);
        });
    }
}

async fn next(
    listener: &TcpListener,
    free: &Arc<Semaphore>,
) -> (TcpStream, Option<tokio::sync::OwnedSemaphorePermit>) {
    let permit = Arc::clone(free).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, permit),
            // Too many files are open, or whoever came has gone: others may have more luck.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn serve(stream: TcpStream, router: Router) {
    // Small answers are not to wait for more.
    let _ = stream.set_nodelay(true);
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_headers(64);
    // Whoever breaks off is nobody to tell.
    let _ = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router)).await;
}
