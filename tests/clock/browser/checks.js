// Run in the page; each gives back what is wrong, as texts.

function describe(element) {
  const text = element.textContent.trim().slice(0, 40);
  return element.tagName + "." + (element.getAttribute("class") ?? "") + " " + JSON.stringify(text);
}

// Whether an element is drawn; checkVisibility knows nothing of groups inside a picture.
function isShown(element) {
  for (let at = element; at?.ownerSVGElement; at = at.parentElement) {
    if (getComputedStyle(at).display === "none") return false;
  }
  return (element.farthestViewportElement ?? element).checkVisibility();
}

// What reaches beyond the window. What scrolls by itself may be wider inside.
function overflows() {
  const wrong = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) {
    wrong.push("the page scrolls: " + document.documentElement.scrollWidth + " > " + width);
  }
  for (const element of document.querySelectorAll("body *:not(.skip):not(.samples, .samples *)")) {
    if (element.closest("svg") !== element && element.closest("svg")) continue;
    if (element.parentElement.closest(".scroll, nav ul, pre")) continue;
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    if (box.right > width + 1 || box.left < -1) wrong.push(describe(element) + " " + box.right);
  }
  // Text of a picture stays inside it.
  for (const text of document.querySelectorAll(".picture > svg text")) {
    const box = text.getBoundingClientRect();
    const frame = text.ownerSVGElement.getBoundingClientRect();
    if (box.width === 0) continue;
    if (box.right > frame.right + 1 || box.left < frame.left - 1 || box.bottom > frame.bottom + 1) {
      wrong.push("leaves its picture: " + describe(text));
    }
  }
  return wrong;
}

function channels(colour) {
  const numbers = colour.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
  return numbers.length < 4 ? [...numbers, 1] : numbers;
}

function luminance([red, green, blue]) {
  const linear = [red, green, blue].map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((left, right) => left - right);
  return (high + 0.05) / (low + 0.05);
}

// The colour behind an element of HTML.
function behind(element) {
  for (let at = element; at; at = at.parentElement) {
    const colour = channels(getComputedStyle(at).backgroundColor);
    if (colour[3] === 1) return colour;
  }
  return [255, 255, 255, 1];
}

// The colour behind a text of a picture: that of the last area below it, or of the page.
function behindText(text) {
  const box = text.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  let colour = behind(text.ownerSVGElement.parentElement);
  for (const area of text.ownerSVGElement.querySelectorAll("rect")) {
    const reach = area.getBoundingClientRect();
    const after = text.compareDocumentPosition(area) & Node.DOCUMENT_POSITION_FOLLOWING;
    const holds = reach.left <= x && x <= reach.right && reach.top <= y && y <= reach.bottom;
    if (after || !holds || area.closest("clipPath")) continue;
    const style = getComputedStyle(area);
    const own = channels(style.fill);
    const share = Number(style.fillOpacity);
    colour = colour.map((value, at) => (at === 3 ? 1 : own[at] * share + value * (1 - share)));
  }
  return colour;
}

// Text that WCAG 2.2 AA would call too faint: below 4.5, large text below 3.
function faint() {
  const wrong = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !isShown(element)) continue;
    if (element.closest("script, style, .skip")) continue;
    const style = getComputedStyle(element);
    const svg = element.closest("svg") !== null;
    const ink = channels(svg ? style.fill : style.color);
    const ratio = contrast(ink, svg ? behindText(element) : behind(element));
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) wrong.add(describe(element) + " " + ratio.toFixed(2));
  }
  return [...wrong];
}

// Where a point of the plot of a chart is in the window.
function inPlot(id, across, up) {
  const svg = [...document.querySelectorAll("#" + id + " .picture > svg")]
    .find((svg) => svg.checkVisibility());
  svg.scrollIntoView({ block: "center", behavior: "instant" });
  const box = svg.getBoundingClientRect();
  const unit = box.width / svg.viewBox.baseVal.width;
  const { left, right, top, bottom } = svg.dataset;
  return {
    x: box.left + (Number(left) + across * (right - left)) * unit,
    y: box.top + (Number(bottom) - up * (bottom - top)) * unit,
  };
}

function shown(selector) {
  return [...document.querySelectorAll(selector)].filter(isShown);
}
