//! Serves what is told of a run to whoever asks for it: GET only, one after the other.

use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::report::stress::RunMetrics;

/// What is told, of the run that goes on.
pub(super) type SharedMetrics = Arc<Mutex<Option<RunMetrics>>>;

/// A server on a thread of its own; it ends when this is dropped.
pub(super) struct MetricsServer {
    address: SocketAddr,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl MetricsServer {
    /// Begins to listen.
    pub(super) fn start(address: SocketAddr, metrics: SharedMetrics) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let ended = Arc::new(AtomicBool::new(false));
        let is_over = Arc::clone(&ended);
        let serve = move || {
            while !is_over.load(Ordering::Relaxed) {
                match listener.accept() {
                    // Whoever breaks off has no answer.
                    Ok((stream, _)) => drop(answer(stream, &metrics)),
                    Err(_) => thread::sleep(BETWEEN),
                }
            }
        };
        let thread = thread::Builder::new().name("metrics".to_owned()).spawn(serve)?;
        Ok(Self { address, ended, thread: Some(thread) })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for MetricsServer {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // If it has panicked, there is nothing to wait for.
            let _ = thread.join();
        }
    }
}

fn answer(mut stream: TcpStream, metrics: &SharedMetrics) -> io::Result<()> {
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let until = Instant::now() + PATIENCE;
    let mut request = Vec::new();
    let mut part = [0; 1024];
    let is_whole = |request: &[u8]| request.windows(4).any(|end| end == b"\r\n\r\n");
    while request.len() < MOST && !is_whole(&request) && Instant::now() < until {
        match stream.read(&mut part)? {
            0 => break,
            read => request.extend_from_slice(&part[..read]),
        }
    }
    let request = String::from_utf8_lossy(&request);
    let mut words = request.split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let path = path.split('?').next().unwrap_or_default();
    let (status, kind, body) = match (method, path) {
        ("GET", "/" | "/metrics") => {
            let metrics = metrics.lock().unwrap_or_else(PoisonError::into_inner);
            let text = metrics.as_ref().map_or_else(|| "# EOF\n".to_owned(), RunMetrics::text);
            ("200 OK", OPEN_METRICS, text)
        }
        ("GET", _) => ("404 Not Found", PLAIN, "there is only /metrics\n".to_owned()),
        _ => ("405 Method Not Allowed\r\nAllow: GET", PLAIN, "GET only\n".to_owned()),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n\
         {body}",
        body.len()
    )?;
    stream.flush()
}

/// `ADDR:PORT`, or a port of this machine alone.
pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    let port = text.strip_prefix(':').unwrap_or(text).parse::<u16>().ok();
    let loopback = port.map(|port| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    let address = loopback.or_else(|| text.parse().ok());
    address.ok_or_else(|| {
        "allowed: an address and a port, such as 127.0.0.1:9464, or a port".to_owned()
    })
}

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const PLAIN: &str = "text/plain; charset=utf-8";
/// How long whoever asks may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// Between two looks whether somebody asks.
const BETWEEN: Duration = Duration::from_millis(20);
/// Bytes of a request.
const MOST: usize = 8192;

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(server: &MetricsServer, request: &str) -> String {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn whoever_gets_metrics_gets_them_and_nothing_else_is_served() {
        let metrics = Arc::new(Mutex::new(None));
        let server = MetricsServer::start(address("0").unwrap(), Arc::clone(&metrics)).unwrap();
        assert!(server.address().ip().is_loopback());
        let get = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
        assert!(ask(&server, get).ends_with("\r\n\r\n# EOF\n"), "nothing goes on yet");
        *metrics.lock().unwrap() = Some(RunMetrics::new("Storm", "base"));
        let answer = ask(&server, get);
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("version=1.0.0"));
        assert!(answer.contains("scenario=\"Storm\"") && answer.ends_with("# EOF\n"), "{answer}");
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(answer.contains(&format!("Content-Length: {}\r\n", body.len())));
        assert!(ask(&server, "GET /other HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 404"));
        assert!(ask(&server, "POST /metrics HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 405"));
        assert_eq!(address("0.0.0.0:9464").unwrap().to_string(), "0.0.0.0:9464");
        assert!(address("here").is_err());
    }
}
