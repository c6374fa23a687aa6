"use strict";
// Asks the server, shows what it answers, and keeps nothing: what is not in the project is not there.
(() => {
  const id = (name) => document.getElementById(name);
  const all = (what) => [...document.querySelectorAll(what)];
  const make = (tag, text, more = {}) => Object.assign(document.createElement(tag), text === undefined ? {} : { textContent: text }, more);
  const say = (text) => { id("said").textContent = text; };
  const trouble = (text) => { id("trouble").textContent = text; id("trouble").hidden = !text; };

  async function ask(method, path, body, headers = {}) {
    let answer;
    try {
      const raw = body instanceof Blob;
      answer = await fetch(path, {
        method,
        headers: body === undefined || raw ? headers : { "Content-Type": "application/json", ...headers },
        body: body === undefined || raw ? body : JSON.stringify(body),
      });
    } catch {
      throw new Error("the server does not answer: is `shiftstorm serve` still running?");
    }
    const told = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(told.error), { status: answer.status, told });
    return told;
  }

  /** Does something that may fail, and says so. */
  const attempt = (work) => async (event) => {
    event?.preventDefault?.();
    trouble("");
    try { await work(event); } catch (error) { trouble(error.message); say(""); }
  };
  const go = (address) => { location.href = address; };
  const startRun = async (body) => { say("The run is being asked for …"); go(`/r/${(await ask("POST", "/api/runs", body)).id}`); };

  /** Watches all runs: `show` gets each as it is, and again when it changes. */
  function watch(show, gone = () => {}) {
    const events = new EventSource("/api/events");
    events.addEventListener("snapshot", (event) => { trouble(""); JSON.parse(event.data).forEach(show); });
    events.addEventListener("change", (event) => show(JSON.parse(event.data)));
    events.addEventListener("gone", (event) => gone(JSON.parse(event.data).id));
    events.onerror = () => trouble("The server does not answer; this page goes on by itself when it does.");
    addEventListener("pagehide", () => events.close());
  }
  const told = (run) => run.message || run.figures.headline || run.figures.clear[0] || "";
  function showRow(run) {
    const row = document.querySelector(`tr[data-id="${run.id}"]`);
    if (!row) return;
    const share = run.state === "running" ? ` ${Math.floor(run.figures.done * 100)} %` : "";
    row.querySelector(".state").textContent = run.state + share;
    row.querySelector(".verdict").textContent = told(run);
  }

  const pages = {
    home() {
      all("[data-run]").forEach((button) => { button.onclick = attempt(() => startRun({ scenario: button.dataset.run })); });
      const quickstart = id("quickstart");
      if (quickstart) quickstart.onclick = attempt(async () => {
        await ask("POST", "/api/scenarios", { name: "quickstart", example: "quickstart" });
        await startRun({ scenario: "quickstart" });
      });
      id("from-example").onsubmit = attempt(async () => {
        const name = id("example-name").value;
        await ask("POST", "/api/scenarios", { name, example: id("example").value });
        go(`/s/${name}`);
      });
      const named = (file) => file.name.replace(/\.[^.]*$/, "").replace(/[^A-Za-z0-9_-]+/g, "_").slice(0, 64) || "table";
      const ending = (file) => file.name.replace(/^.*\./, "").toLowerCase();
      id("tables").onchange = () => {
        const [first] = id("tables").files;
        if (first && !id("tables-name").value) id("tables-name").value = named(first);
      };
      id("from-tables").onsubmit = attempt(async () => {
        const tables = [];
        for (const file of id("tables").files) {
          const table = `${named(file)}.${ending(file)}`;
          say(`${table} is being stored …`);
          await ask("PUT", `/api/tables/${encodeURIComponent(table)}`, file);
          tables.push(table);
        }
        say("The tables are being read …");
        const name = id("tables-name").value;
        await ask("POST", "/api/scenarios", { name, tables });
        go(`/s/${name}`);
      });
      watch(showRow);
    },

    history() {
      id("filter").oninput = () => {
        const words = id("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
        all("#history tbody tr").forEach((row) => {
          const text = `${row.textContent} ${row.querySelector(".note").value}`.toLowerCase();
          row.hidden = !words.every((word) => text.includes(word));
        });
      };
      all("#history tbody tr").forEach((row) => {
        const note = row.querySelector(".note");
        note.onchange = attempt(async () => { await ask("PATCH", `/api/runs/${row.dataset.id}`, { note: note.value }); say("The note is saved."); });
        row.querySelector("[data-again]").onclick = attempt(() => again(row.dataset.id));
        row.querySelector("[data-bin]").onclick = attempt(async () => {
          await ask("DELETE", `/api/runs/${row.dataset.id}`);
          row.remove();
          const binned = id("binned");
          binned.hidden = false;
          binned.querySelector("span").textContent = `${row.dataset.id} is in the bin.`;
          const back = binned.querySelector("button");
          back.onclick = attempt(async () => { await ask("POST", `/api/runs/${row.dataset.id}/take-back`); location.reload(); });
          back.focus();
        });
      });
      watch(showRow, (gone) => document.querySelector(`tr[data-id="${gone}"]`)?.remove());
    },

    compare() {},

    run() {
      const page = id("run");
      const of = page.dataset.id;
      let before = page.dataset.state;
      const show = (run) => {
        if (run.id !== of) return;
        const isOver = run.state !== "running" && run.state !== "waiting";
        // The report is there now, or is not any more.
        if (run.state !== before && (isOver || before === "ended")) return location.reload();
        before = run.state;
        id("state").textContent = run.state;
        id("done").value = run.figures.done;
        id("stop").hidden = isOver;
        id("resume").hidden = !run.can_resume;
        id("again").hidden = !isOver;
        id("waits").textContent = run.state === "waiting" ? "Another run goes first; this one begins by itself." : "";
        id("message").textContent = run.message;
        id("message").hidden = !run.message;
        id("headline").textContent = run.figures.headline ?? "";
        id("command").textContent = run.command;
        id("replications").textContent = run.figures.replications;
        id("clear").replaceChildren(...(isOver ? [] : run.figures.clear).map((text) => make("li", `already clear: ${text}`)));
        id("heads").replaceChildren(...["figure", ...run.figures.variants].map((text) => make("th", text, { scope: "col" })));
        id("figures").replaceChildren(...run.figures.figures.map((figure) => {
          const row = make("tr");
          row.append(make("th", figure.label, { scope: "row" }), ...figure.values.map((value) => make("td", value)));
          return row;
        }));
      };
      id("stop").onclick = attempt(async () => { say("Stopping: what has ended is being put together …"); await ask("POST", `/api/runs/${of}/stop`); });
      id("resume").onclick = attempt(() => ask("POST", `/api/runs/${of}/resume`));
      id("again").onclick = attempt(() => again(of));
      id("copy").onclick = attempt(async () => { await navigator.clipboard.writeText(id("command").textContent); say("The command is copied."); });
      id("note").onchange = attempt(async () => { await ask("PATCH", `/api/runs/${of}`, { note: id("note").value }); say("The note is saved."); });
      watch(show);
    },

    "what-if"() {
      const form = id("what-if");
      const name = form.dataset.name;
      const sliders = all("#what-if input[type=range]");
      const shown = (slider) => {
        const value = Number(slider.value);
        const text = slider.value === slider.dataset.start ? "as written"
          : slider.dataset.unit === "s" ? (value === 0 ? "off" : `${value} s`) : `${value} %`;
        slider.parentElement.querySelector("output").textContent = text;
        slider.setAttribute("aria-valuetext", text);
      };
      sliders.forEach((slider) => { slider.oninput = () => shown(slider); shown(slider); });
      form.onreset = () => setTimeout(() => sliders.forEach(shown));
      form.onsubmit = attempt(async () => {
        const body = { name: id("variant-name").value };
        sliders.filter((slider) => slider.value !== slider.dataset.start).forEach((slider) => { body[slider.id] = Number(slider.value); });
        say("What the sliders say is being written and run …");
        go(`/r/${(await ask("POST", `/api/scenarios/${name}/what-if`, body)).id}`);
      });
      all("[data-keep]").forEach((button) => {
        button.onclick = attempt(async () => {
          await ask("POST", `/api/scenarios/${name}/keep`, { variant: button.dataset.keep });
          button.disabled = true;
          button.textContent = "Kept";
          say(`${button.dataset.keep} stands in ${name}.toml now.`);
        });
      });
    },

    editor,
  };

  async function again(run) {
    const { id: of, note, arguments: words } = await ask("GET", `/api/runs/${run}`);
    const value = (name) => { const at = words.indexOf(name); return at < 0 ? undefined : Number(words[at + 1]); };
    const variants = words.filter((word) => word.startsWith("--variant=")).map((word) => word.slice(10));
    await startRun({ scenario: of.replace(/-\d+$/, ""), variants, replications: value("-n"), seed: value("--seed"), note });
  }

  function editor() {
    const box = id("editor");
    const { name } = box.dataset;
    const text = id("text");
    let mark = box.dataset.mark;
    let kept = text.value;
    const earlier = [];
    let last = text.value;
    let timer;
    let asked = 0;

    const isSaved = () => text.value === kept;
    const changed = () => {
      id("saved").textContent = isSaved() ? "saved" : "not saved yet";
      id("undo").disabled = earlier.length === 0;
      clearTimeout(timer);
      timer = setTimeout(attempt(check), 300);
    };
    const put = (value) => { text.value = value; last = value; changed(); };
    text.oninput = () => { earlier.push(last); if (earlier.length > 500) earlier.shift(); last = text.value; changed(); };
    id("undo").onclick = () => { if (earlier.length > 0) put(earlier.pop()); };

    function mayGo(line, column, endLine, endColumn) {
      const lines = text.value.split("\n");
      const at = (line, column) => lines.slice(0, line - 1).reduce((sum, it) => sum + it.length + 1, 0) + [...lines[line - 1]].slice(0, column - 1).join("").length;
      view("text");
      text.focus();
      text.setSelectionRange(at(line, column), at(endLine ?? line, endColumn ?? column));
      text.scrollTop = Math.max(0, (line - 8) * 20);
    }

    async function check() {
      const number = ++asked;
      const found = await ask("POST", `/api/scenarios/${name}/check`, { text: text.value });
      if (number !== asked) return;
      const { findings, valid } = found.checked;
      const errors = findings.filter((it) => it.severity === "error").length;
      id("validity").textContent = valid
        ? (findings.length === 0 ? "Sound: nothing to say." : `Sound, with ${findings.length} to think about.`)
        : `${errors} to put right before it can run.`;
      id("run").disabled = !valid;
      id("findings").replaceChildren(...findings.map((it) => {
        const item = make("li", undefined, { className: it.severity });
        item.append(make("b", it.severity), " ");
        if (it.line && it.file === `${name}.toml`) {
          item.append(make("button", `line ${it.line}`, { type: "button", onclick: () => mayGo(it.line, it.column, it.end_line, it.end_column) }), ": ");
        } else if (it.line) item.append(`${it.file}:${it.line}: `);
        item.append(it.message);
        if (it.allowed) item.append(`; allowed is ${it.allowed}`);
        if (it.help) item.append(` (${it.help})`);
        return item;
      }));
      // Made by our server, which escapes every name in it.
      if (found.load) id("load").innerHTML = found.load;
      id("load-note").hidden = Boolean(found.load) || !id("load").querySelector("svg");
      if (!id("form").contains(document.activeElement)) fill(found.fields);
    }

    function fill(fields) {
      const parts = ["demand", "people", "rules", "goals", "variants"];
      const titles = { demand: "Demand", people: "People", rules: "Rules", goals: "Goals", variants: "Variants" };
      id("form").replaceChildren(...parts.filter((part) => fields.some((field) => field.part === part)).map((part) => {
        const set = make("fieldset");
        set.append(make("legend", titles[part]));
        fields.filter((field) => field.part === part).forEach((field, at) => set.append(shown(field, `${part}-${at}`)));
        return set;
      }));
    }

    function shown(field, key) {
      const row = make("div", undefined, { className: "field" });
      const apply = attempt(async (event) => {
        const value = field.kind === "switch" ? String(event.target.checked)
          : field.kind === "grid" ? [...row.querySelectorAll("input")].map((it) => it.value).join("\t") : event.target.value;
        try {
          const { text: now } = await ask("POST", `/api/scenarios/${name}/edit`, { text: text.value, edits: [{ path: field.path, value }] });
          earlier.push(text.value);
          event.target.removeAttribute("aria-invalid");
          put(now);
        } catch (error) { event.target.setAttribute("aria-invalid", "true"); throw error; }
      });
      if (field.kind === "grid") {
        row.classList.add("wide");
        row.append(make("span", field.label));
        const grid = make("div", undefined, { className: "grid" });
        field.value.split("\t").forEach((value, at) => {
          const cell = make("input", undefined, { value, inputMode: "decimal", onchange: apply });
          cell.setAttribute("aria-label", `${field.label}, interval ${at + 1}`);
          cell.onpaste = (event) => {
            const values = (event.clipboardData.getData("text").match(/[^\s;]+/g) ?? []).map((it) => it.replace(/^(-?\d+),(\d+)$/, "$1.$2"));
            if (values.length < 2) return;
            event.preventDefault();
            [...grid.querySelectorAll("input")].slice(at).forEach((it, n) => { if (values[n] !== undefined) it.value = values[n]; });
            apply({ target: cell });
          };
          grid.append(cell);
        });
        row.append(grid);
        return row;
      }
      const input = make("input", undefined, { id: `field-${key}`, onchange: apply });
      if (field.kind === "switch") { input.type = "checkbox"; input.checked = field.value === "true"; }
      else { input.value = field.value; if (!field.is_written) input.placeholder = "not in the text"; }
      row.append(make("label", field.label, { htmlFor: input.id }), input);
      return row;
    }

    function view(which) {
      id("text-view").hidden = which !== "text";
      id("form-view").hidden = which !== "form";
      all("#views input").forEach((radio) => { radio.checked = radio.value === which; });
    }
    all("#views input").forEach((radio) => { radio.onchange = () => view(radio.value); });

    async function save() {
      const mine = text.value;
      try {
        ({ mark } = await ask("PUT", `/api/scenarios/${name}`, { text: mine }, { "If-Match": mark }));
      } catch (error) {
        if (error.status !== 412) throw error;
        id("both").hidden = false;
        id("theirs").textContent = error.told.there ?? "";
        id("yours").textContent = mine;
        id("take-theirs").onclick = () => { earlier.push(mine); mark = error.told.mark; kept = error.told.there ?? ""; put(kept); id("both").hidden = true; trouble(""); };
        id("take-yours").onclick = attempt(async () => { mark = error.told.mark ?? mark; id("both").hidden = true; await save(); });
        id("take-theirs").focus();
        throw error;
      }
      kept = mine;
      changed();
      say("Saved.");
    }
    id("save").onclick = attempt(save);
    id("run").onclick = attempt(async () => { if (!isSaved()) await save(); await startRun({ scenario: name }); });
    addEventListener("keydown", (event) => { if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); id("save").click(); } });
    addEventListener("beforeunload", (event) => { if (!isSaved()) event.preventDefault(); });
    changed();
    attempt(check)();
  }

  pages[document.body.dataset.page]?.();
})();
