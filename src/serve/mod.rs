//! The planner's page: a server on one's own machine, for one project.
//!
//! A project is a folder with scenarios, tables and `runs/NAME/0007/`. The text of a scenario is the
//! truth: forms and sliders change it. A run is a process of its own, this program with the command
//! that is shown. Nothing lives in the browser: pages are made here, and a stream of events tells them
//! what changes.

mod api_new;
mod api_operations;
mod api_refusal;
mod api_runs;
mod api_scenarios;
mod child_run;
mod form_fields;
mod guard;
mod listener;
mod pages;
mod planner_run;
mod planner_state;
mod project_folder;
mod project_runs;
mod report_files;
mod request_body;
mod run_events;
mod run_queue;
mod safe_name;
mod scenario_edit;
mod what_if;

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener as StdListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::base::storage::Storage;
use crate::report::format::hexadecimal;

use self::api_refusal::ApiRefusal;
use self::guard::Guard;
use self::planner_state::PlannerState;
use self::project_folder::ProjectFolder;

/// What is served, and where.
pub struct ServeRequest<'a> {
    /// The folder of the project.
    pub folder: &'a Path,
    /// The address to listen on.
    pub address: IpAddr,
    /// The port; any free one if it is 0.
    pub port: u16,
    /// The token that lets a browser in; made if there is none.
    pub token: Option<String>,
    /// The program that makes runs: this one.
    pub program: PathBuf,
    /// Through what files are written.
    pub storage: Storage,
}

/// A server that listens, and answers when it is told to.
pub struct PlannerServer {
    listener: StdListener,
    address: SocketAddr,
    token: String,
    state: PlannerState,
    end: EndHandle,
}

/// By which another thread ends a server.
#[derive(Clone, Default)]
pub struct EndHandle(Arc<Notify>);

impl EndHandle {
    /// Ends it, also if it has not begun yet.
    pub fn end(&self) {
        self.0.notify_one();
    }
}

impl PlannerServer {
    /// Takes the port.
    ///
    /// # Errors
    ///
    /// The folder is not there, or the port cannot be had.
    pub fn new(request: ServeRequest<'_>) -> io::Result<Self> {
        let project = ProjectFolder::open(request.folder, request.storage)?;
        let listener = StdListener::bind((request.address, request.port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let token = request.token.map_or_else(made_token, Ok)?;
        let state = PlannerState::new(project, request.program);
        Ok(Self { listener, address, token, state, end: EndHandle::default() })
    }

    /// What ends it.
    pub fn end_handle(&self) -> EndHandle {
        self.end.clone()
    }

    /// What to open in a browser; it lets in whoever knows it.
    pub fn url(&self) -> String {
        format!("http://{}/?token={}", self.address, self.token)
    }

    /// Answers until it is ended; a run that goes on is interrupted then.
    ///
    /// # Errors
    ///
    /// The system gives no way to wait for connections.
    pub fn answer(self) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let host = self.address.to_string();
        let mut hosts = vec![host];
        if self.address.ip().is_loopback() {
            hosts.push(format!("localhost:{}", self.address.port()));
        }
        let guard = Arc::new(Guard::new(hosts, self.address.port(), self.token));
        let queue = Arc::clone(&self.state.queue);
        let router = Router::new()
            .merge(api_operations::routes())
            .merge(pages::routes())
            .fallback(|| async { ApiRefusal::missing("page of this address") })
            .method_not_allowed_fallback(|| async {
                ApiRefusal::new(StatusCode::METHOD_NOT_ALLOWED, "this cannot be done here")
            })
            .with_state(self.state)
            .layer(middleware::from_fn_with_state(guard, guard::guarded));
        let answered: io::Result<()> = runtime.block_on(async {
            let listener = TcpListener::from_std(self.listener)?;
            listener::answer(listener, router, self.end.0.notified()).await;
            Ok(())
        });
        queue.end();
        // What is being read or computed is of no use any more.
        runtime.shutdown_background();
        answered
    }
}

/// 32 random bytes as text.
fn made_token() -> io::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(hexadecimal(&bytes))
}
