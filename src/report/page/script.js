"use strict";
// The page is complete without this: it adds values under the pointer, a closer look at a part of
// the day, and tables that can be sorted and copied.

const svgNames = "http://www.w3.org/2000/svg";

function make(name, attributes, parent) {
  const element = name.startsWith("svg:")
    ? document.createElementNS(svgNames, name.slice(4))
    : document.createElement(name);
  for (const key in attributes) {
    if (key === "text") element.textContent = attributes[key];
    else element.setAttribute(key, attributes[key]);
  }
  if (parent) parent.append(element);
  return element;
}

function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

// Charts over an axis: a line follows the pointer, and beside it stand the values of the table.

class Chart {
  constructor(svg) {
    this.svg = svg;
    this.picture = svg.parentElement;
    this.figure = svg.closest("figure");
    const { left, right, top, bottom } = svg.dataset;
    Object.assign(this, { left: +left, right: +right, top: +top, bottom: +bottom });
    this.rows = [...this.figure.querySelectorAll("tr[data-at]")];
    this.heads = [...this.figure.querySelectorAll("thead th")];
    this.zooms = svg.querySelector(".finer") !== null;
    this.range = [0, 1];
    this.at = -1;
    for (const text of svg.querySelectorAll(".finer text")) text.dataset.x = text.getAttribute("x");
    svg.setAttribute("tabindex", "0");
    svg.addEventListener("pointermove", (event) => this.follow(event));
    svg.addEventListener("pointerleave", () => this.leave());
    svg.addEventListener("blur", () => this.leave());
    svg.addEventListener("keydown", (event) => this.key(event));
    if (this.zooms) {
      svg.addEventListener("pointerdown", (event) => this.press(event));
      svg.addEventListener("pointerup", (event) => this.release(event));
      svg.addEventListener("pointercancel", () => this.drop());
      svg.addEventListener("dblclick", () => zoomAll(this, [0, 1]));
    }
  }

  // Place of the pointer on the whole axis, 0 to 1.
  place(event) {
    const box = this.svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * this.svg.viewBox.baseVal.width;
    const [from, to] = this.range;
    return from + clamp((x - this.left) / (this.right - this.left), 0, 1) * (to - from);
  }

  across(place) {
    const [from, to] = this.range;
    return this.left + ((place - from) / (to - from)) * (this.right - this.left);
  }

  follow(event) {
    const place = this.place(event);
    let best = 0;
    this.rows.forEach((row, position) => {
      const near = Math.abs(row.dataset.at - place) < Math.abs(this.rows[best].dataset.at - place);
      if (near) best = position;
    });
    this.show(best);
    if (this.pressed !== undefined) this.drawBrush(place);
  }

  show(position) {
    const row = this.rows[position];
    if (!row) return;
    this.at = position;
    const x = this.across(+row.dataset.at);
    this.cursor ??= make("svg:line", { class: "cursor", y1: this.top, y2: this.bottom }, this.svg);
    this.cursor.setAttribute("x1", x);
    this.cursor.setAttribute("x2", x);
    this.readout ??= make("div", { class: "readout", role: "status" }, this.picture);
    const lines = [make("b", { text: row.cells[0].textContent })];
    for (let cell = 1; cell < row.cells.length; cell += 1) {
      const variant = this.heads[cell].dataset.variant;
      const box = variant === undefined ? null : document.getElementById("show-" + variant);
      if (box && !box.checked) continue;
      const line = make("span", {});
      if (variant !== undefined) make("i", { class: "dot mark" + variant }, line);
      line.append(this.heads[cell].textContent + ": " + row.cells[cell].textContent);
      lines.push(line);
    }
    this.readout.replaceChildren(...lines);
    this.readout.hidden = false;
    this.cursor.removeAttribute("visibility");
    const width = this.picture.clientWidth;
    const middle = (x / this.svg.viewBox.baseVal.width) * width;
    const own = this.readout.offsetWidth;
    const left = middle + 14 + own <= width ? middle + 14 : middle - 14 - own;
    this.readout.style.left = clamp(left, 0, Math.max(width - own, 0)) + "px";
  }

  leave() {
    if (this.pressed !== undefined) return;
    this.at = -1;
    if (this.readout) this.readout.hidden = true;
    if (this.cursor) this.cursor.setAttribute("visibility", "hidden");
  }

  key(event) {
    const steps = { ArrowRight: 1, ArrowLeft: -1 };
    if (event.key in steps) {
      event.preventDefault();
      this.show(clamp(this.at + steps[event.key], 0, this.rows.length - 1));
    } else if (event.key === "Escape") {
      this.leave();
      if (this.zooms) zoomAll(this, [0, 1]);
    } else if (this.zooms && (event.key === "+" || event.key === "-")) {
      const row = this.rows[this.at];
      const [from, to] = this.range;
      const middle = row ? +row.dataset.at : (from + to) / 2;
      const width = (to - from) * (event.key === "+" ? 0.5 : 2);
      zoomAll(this, [middle - width / 2, middle + width / 2]);
    }
  }

  press(event) {
    if (event.button !== 0) return;
    this.pressed = this.place(event);
    this.svg.setPointerCapture(event.pointerId);
  }

  drawBrush(place) {
    const [one, other] = [this.across(this.pressed), this.across(place)];
    const height = this.bottom - this.top;
    this.brush ??= make("svg:rect", { class: "brush", y: this.top, height }, this.svg);
    this.brush.setAttribute("x", Math.min(one, other));
    this.brush.setAttribute("width", Math.abs(one - other));
  }

  release(event) {
    if (this.pressed === undefined) return;
    const ends = [this.pressed, this.place(event)].sort((one, other) => one - other);
    this.drop();
    const [from, to] = this.range;
    if (ends[1] - ends[0] > (to - from) * 0.03) zoomAll(this, ends);
  }

  drop() {
    this.pressed = undefined;
    this.brush?.remove();
    this.brush = undefined;
  }

  zoom(range) {
    this.range = range;
    this.leave();
    const [from, to] = range;
    const scale = 1 / (to - from);
    const shift = this.left - scale * (this.left + from * (this.right - this.left));
    const whole = from <= 0 && to >= 1;
    this.svg.classList.toggle("zoomed", !whole);
    for (const plot of this.svg.querySelectorAll(".plot")) {
      if (whole) plot.removeAttribute("transform");
      else plot.setAttribute("transform", "matrix(" + scale + " 0 0 1 " + shift + " 0)");
    }
    let end = -Infinity;
    for (const text of this.svg.querySelectorAll(".finer text")) {
      const x = scale * text.dataset.x + shift;
      const shown = x >= this.left - 1 && x <= this.right + 1 && x - end > 46;
      text.setAttribute("visibility", shown ? "visible" : "hidden");
      if (!shown) continue;
      text.setAttribute("x", x);
      end = x;
    }
    if (!whole && !this.back) {
      this.back = make("button", { class: "tool", type: "button", text: "Whole day" }, this.picture);
      this.back.addEventListener("click", () => zoomAll(this, [0, 1]));
    }
    if (this.back) this.back.hidden = whole;
  }
}

// All charts of a section have the same day; both widths of a chart share a button.
function zoomAll(chart, [from, to]) {
  const width = clamp(to - from, 0.02, 1);
  const start = clamp(from, 0, 1 - width);
  const section = chart.figure.closest("section");
  for (const other of charts) {
    const same = other.zooms && other.figure.closest("section") === section;
    if (same) other.zoom([start, start + width]);
  }
}

const charts = [...document.querySelectorAll("svg[data-left]")].map((svg) => new Chart(svg));

// Tables: a click on a head sorts, a button copies what a spreadsheet can paste.

const seconds = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86400 };

function value(row, column) {
  const text = row.cells[column].textContent.trim();
  if (/^(\d+(\.\d+)?(ms|[smhd]) ?)+$/.test(text)) {
    const parts = [...text.matchAll(/([\d.]+)(ms|[smhd])/g)];
    return parts.reduce((sum, [, number, unit]) => sum + number * seconds[unit], 0);
  }
  const number = parseFloat(text.replaceAll(",", ""));
  return Number.isNaN(number) || /^\d+:\d/.test(text) ? text : number;
}

function order(one, other) {
  if (typeof one === "number" && typeof other === "number") return one - other;
  if (typeof one === "number") return -1;
  if (typeof other === "number") return 1;
  return one.localeCompare(other);
}

function sort(table, head, column) {
  const down = head.getAttribute("aria-sort") === "ascending";
  for (const other of table.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const sign = down ? -1 : 1;
  rows.sort((one, other) => sign * order(value(one, column), value(other, column)));
  body.append(...rows);
}

async function copy(table, button) {
  const rows = [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()));
  const text = rows.map((cells) => cells.join("\t")).join("\n");
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const range = document.createRange();
    range.selectNode(table);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    done = document.execCommand("copy");
  }
  button.textContent = done ? "Copied" : "Select the table and copy it";
  setTimeout(() => (button.textContent = "Copy the table"), 2000);
}

for (const table of document.querySelectorAll("table:not(.goals)")) {
  if (!table.querySelector("tr.part")) {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = make("button", { type: "button", text: head.textContent });
      button.addEventListener("click", () => sort(table, head, column));
      head.replaceChildren(button);
    });
  }
  const tools = make("div", { class: "tools" });
  const button = make("button", { class: "tool", type: "button", text: "Copy the table" }, tools);
  button.addEventListener("click", () => copy(table, button));
  table.closest(".scroll").before(tools);
}
