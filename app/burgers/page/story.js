"use strict";

const SVG = "http://www.w3.org/2000/svg";
const ROW = 16, GAP = 4, LEFT = 34, RIGHT = 12, LABEL = 80, AXIS = 22;
const KITCHENS = [
  { id: "concurrent", path: "concurrent", of: (r) => ({ orders: r.orders, cook_ms: r.cook_ms }) },
  { id: "parallel", path: "parallel", of: (r) => r },
  { id: "blocked", path: "blocked", of: (r) => ({ orders: r.orders, cook_ms: r.cook_ms }) },
];

function element(parent, name, attributes, text) {
  const node = parent.namespaceURI === SVG || name === "svg"
    ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  parent.append(node);
  return node;
}

/* 1, 2 or 5 times a power of ten, so that at most `lines` fit into `most`. */
function niceStep(most, lines) {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 1) / lines));
  return [1, 2, 5, 10].map((n) => n * power).find((step) => most / step <= lines);
}

/* All three share one scale of time, so that their lengths compare. */
function drawBars(chart, timeline, most) {
  const height = timeline.orders.length * (ROW + GAP) + AXIS;
  const width = Math.max(chart.clientWidth, 2 * LABEL);
  const x = (ms) => LEFT + (width - LEFT - RIGHT) * ms / Math.max(most, 1);
  const step = niceStep(most, Math.max(Math.floor(width / LABEL), 2));
  const svg = element(chart, "svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-labelledby": `${chart.id}-sum` });
  for (let ms = 0; ms <= most; ms += step) {
    element(svg, "line", { class: "grid", x1: x(ms), x2: x(ms), y1: 0, y2: height - AXIS + 4 });
    element(svg, "text", { x: x(ms), y: height - 6, "text-anchor": "middle" }, `${ms}`);
  }
  timeline.orders.forEach((order, i) => {
    const y = i * (ROW + GAP);
    element(svg, "text", { x: LEFT - 8, y: y + 12, "text-anchor": "end" }, `${order.id}`);
    const bar = element(svg, "rect", { class: "bar", x: x(order.taken_ms), y, height: ROW, rx: 3,
      width: Math.max(x(order.ready_ms) - x(order.taken_ms), 2) });
    element(bar, "title", {}, `Order ${order.id}: ${order.taken_ms} to ${order.ready_ms} ms, cook ${order.cook}`);
  });
}

function drawTable(chart, timeline) {
  const details = element(chart, "details");
  element(details, "summary", {}, "As a table");
  const table = element(element(details, "div", { class: "scroll" }), "table");
  const head = element(element(table, "thead"), "tr");
  for (const title of ["Order", "Cook", "Taken (ms)", "Ready (ms)"]) element(head, "th", { scope: "col" }, title);
  const body = element(table, "tbody");
  for (const order of timeline.orders) {
    const row = element(body, "tr");
    for (const cell of [order.id, order.cook, order.taken_ms, order.ready_ms]) element(row, "td", {}, `${cell}`);
  }
}

function draw(kitchen, timeline, most) {
  const chart = document.getElementById(kitchen.id);
  const cooks = new Set(timeline.orders.map((order) => order.cook)).size;
  chart.replaceChildren();
  element(chart, "p", { class: "elapsed", id: `${kitchen.id}-sum` },
    `${timeline.orders.length} orders by ${cooks} ${cooks === 1 ? "cook" : "cooks"} in ${timeline.elapsed_ms} ms`);
  drawBars(chart, timeline, most);
  drawTable(chart, timeline);
}

async function ask(kitchen, rush) {
  const answer = await fetch(`${kitchen.path}?${new URLSearchParams(kitchen.of(rush))}`);
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    const detail = Array.isArray(body.detail) ? body.detail.map((error) => `${error.loc.join(".")}: ${error.msg}`).join("; ") : body.detail;
    throw new Error(`${kitchen.id}: ${answer.status} ${detail || answer.statusText}`);
  }
  return body;
}

/* One after the other: /blocked would hold up the others. */
async function serve(rush) {
  const timelines = [];
  for (const kitchen of KITCHENS) timelines.push(await ask(kitchen, rush));
  const most = Math.max(...timelines.map((timeline) => timeline.elapsed_ms));
  KITCHENS.forEach((kitchen, i) => draw(kitchen, timelines[i], most));
  return KITCHENS.map((kitchen, i) => `${kitchen.id} ${timelines[i].elapsed_ms} ms`).join(", ");
}

document.getElementById("rush").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.currentTarget, button = form.querySelector("button"), status = document.getElementById("status");
  const rush = Object.fromEntries(new FormData(form));
  button.disabled = true;
  status.textContent = "Cooking…";
  try {
    status.textContent = `Served: ${await serve(rush)}.`;
  } catch (error) {
    status.textContent = `The kitchen refused. ${error.message}`;
  } finally {
    button.disabled = false;
    button.focus();
  }
});
