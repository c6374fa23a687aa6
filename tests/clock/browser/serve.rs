//! The planner's page in a real browser: from an empty folder to a verdict, by mouse and keys.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::json;

use super::CHECKS;
use super::chromium::Chromium;
use crate::serve::server::Server;

/// Waits until the page with its script is there and an expression is true in it.
fn wait(browser: &mut Chromium, expression: &str) {
    let begun = Instant::now();
    let asked = format!("document.readyState === 'complete' && Boolean({expression})");
    while !browser.is(&asked) {
        if begun.elapsed() > Duration::from_secs(60) {
            let page = browser.ask("location.href + document.body?.innerText");
            panic!("{expression}: {page}");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Clicks the middle of an element.
fn click(browser: &mut Chromium, selector: &str) {
    let at = browser.ask(&format!(
        "(() => {{ const it = document.querySelector({}); \
         it.scrollIntoView({{ block: 'center', behavior: 'instant' }}); \
         const box = it.getBoundingClientRect(); \
         return {{ x: box.x + box.width / 2, y: box.y + box.height / 2 }}; }})()",
        json!(selector)
    ));
    let at = (at["x"].as_f64().expect("a number"), at["y"].as_f64().expect("a number"));
    browser.mouse("mousePressed", at);
    browser.mouse("mouseReleased", at);
}

/// Types a text where the caret is.
fn paste(browser: &mut Chromium, text: &str) {
    browser.call("Input.insertText", json!({ "text": text }));
}

/// Opens the page of the server, let in by its token.
fn enter(browser: &mut Chromium, server: &Server) {
    browser.visit(&format!("http://{}/?token={}", server.address(), server.token), 1400, "light");
    wait(browser, "document.body?.dataset.page === 'home'");
}

#[test]
fn from_an_empty_folder_to_a_verdict_a_change_and_a_what_if() {
    let Some(mut browser) = Chromium::start() else { return };
    let server = Server::start();
    enter(&mut browser, &server);
    click(&mut browser, "#quickstart");
    wait(&mut browser, "document.getElementById('run')?.dataset.state === 'ended'");
    let headline = browser.ask("document.getElementById('headline').textContent");
    assert!(headline.as_str().is_some_and(|it| it.len() > 10), "{headline}");
    wait(&mut browser, "document.querySelector('iframe').src.endsWith('report.html')");

    // A wrong value is found as it is typed, and a right one is saved with all comments.
    browser.ask("location.href = '/s/quickstart'");
    wait(&mut browser, "document.getElementById('validity')?.textContent.startsWith('Sound')");
    let before = fs::read_to_string(server.folder.join("quickstart.toml")).expect("a scenario");
    browser.ask(
        "(() => { const text = document.getElementById('text'); text.focus(); \
         const at = text.value.indexOf('count = 8') + 8; text.setSelectionRange(at, at + 1); })()",
    );
    paste(&mut browser, "\"many\"");
    wait(&mut browser, "document.querySelector('#findings .error')");
    let finding = browser.ask("document.querySelector('#findings .error').textContent");
    assert!(finding.as_str().is_some_and(|it| it.contains("many")), "{finding}");
    assert_eq!(browser.ask("document.getElementById('run').disabled"), json!(true));
    click(&mut browser, "#undo");
    wait(&mut browser, "document.getElementById('validity').textContent.startsWith('Sound')");
    click(&mut browser, "#views label:nth-of-type(2)");
    wait(&mut browser, "document.querySelector('#form-view').checkVisibility()");
    let field = "[...document.querySelectorAll('#form .field')].find((it) => \
                 it.textContent === 'agents › chat › count').querySelector('input')";
    browser.ask(&format!("{field}.select(), {field}.focus()"));
    paste(&mut browser, "10");
    browser.ask(&format!("{field}.blur()"));
    wait(&mut browser, "document.getElementById('text').value.includes('count = 10')");
    click(&mut browser, "#save");
    wait(&mut browser, "document.getElementById('saved').textContent === 'saved'");
    let after = fs::read_to_string(server.folder.join("quickstart.toml")).expect("a scenario");
    assert_eq!(after, before.replace("count = 8", "count = 10"));

    // What if there were more consumers?
    browser.ask("location.href = '/s/quickstart/what-if'");
    wait(&mut browser, "document.getElementById('volume')?.form");
    browser.ask("document.getElementById('volume').focus()");
    for _ in 0..4 {
        browser.code("ArrowRight");
    }
    let shown = browser.ask("document.querySelector('[for=volume] ~ output').textContent");
    assert_eq!(shown, json!("120 %"));
    click(&mut browser, "#what-if button");
    wait(&mut browser, "document.getElementById('run')?.dataset.state === 'ended'");
    browser.ask("location.href = '/s/quickstart/what-if'");
    wait(&mut browser, "document.querySelector('[data-keep]')");
    click(&mut browser, "[data-keep]");
    wait(&mut browser, "document.querySelector('[data-keep]').textContent === 'Kept'");
    let kept = fs::read_to_string(server.folder.join("quickstart.toml")).expect("a scenario");
    assert!(
        kept.ends_with("name = \"volume 120 %\"\nconsumers.web.arrivals = \"72/h\"\n"),
        "{kept}"
    );
}

#[test]
fn pages_of_the_planner_fit_their_window_and_can_be_read() {
    let Some(mut browser) = Chromium::start() else { return };
    let server = Server::start();
    enter(&mut browser, &server);
    let pages = ["/", "/s/day", "/s/day/what-if", "/r/day-0001", "/history", "/compare"];
    server.done("POST", "/api/scenarios", &json!({ "name": "day", "example": "retail_day" }));
    let body = json!({ "scenario": "day", "replications": 2 });
    for _ in 0..2 {
        let run = server.done("POST", "/api/runs", &body);
        server.wait(run["id"].as_str().expect("an id"), |run| run["state"] == "ended");
    }
    for path in pages {
        for (width, scheme) in [(360, "dark"), (800, "light"), (1400, "dark")] {
            let place = format!("{path} at {width}, {scheme}");
            browser.visit(&format!("http://{}{path}", server.address()), width, scheme);
            if path == "/s/day" {
                wait(&mut browser, "document.querySelector('#load svg')");
                browser.ask("document.getElementById('form-view').hidden = false");
            }
            browser.ask(CHECKS);
            assert_eq!(browser.ask("overflows()"), json!([]), "{place}");
            assert_eq!(browser.ask("faint()"), json!([]), "{place}");
            let unnamed = browser.ask(
                "[...document.querySelectorAll('main input, main select, main textarea')] \
                 .filter((it) => !it.labels.length && !it.getAttribute('aria-label')) \
                 .map((it) => it.outerHTML)",
            );
            assert_eq!(unnamed, json!([]), "{place}: fields without a name");
        }
    }
    let errors = browser.complaints();
    let errors = Vec::from_iter(errors.iter().filter(|it| !it.starts_with("\"http://127.0.0.1")));
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn a_page_that_is_loaded_again_and_another_tab_show_the_same_run() {
    let Some(mut browser) = Chromium::start() else { return };
    let server = Server::start();
    enter(&mut browser, &server);
    server.done("POST", "/api/scenarios", &json!({ "name": "day", "example": "quickstart" }));
    let body = json!({ "scenario": "day", "replications": 2000 });
    server.done("POST", "/api/runs", &body);
    let address = format!("http://{}/r/day-0001", server.address());
    for _ in 0..2 {
        browser.visit(&address, 800, "light");
        wait(&mut browser, "document.querySelectorAll('#figures tr').length > 3");
        wait(&mut browser, "Number(document.getElementById('replications').textContent) > 1");
        assert_eq!(browser.ask("document.getElementById('state').textContent"), json!("running"));
    }
    click(&mut browser, "#stop");
    wait(&mut browser, "document.getElementById('run')?.dataset.state === 'stopped'");
    assert_eq!(browser.ask("document.getElementById('resume').checkVisibility()"), json!(true));
}
