// The flows of a call as the console's designer draws them. The list of blocks says the same.
import { $, draw, make, rove } from "./dom.js";
import { Blocks } from "./blocks.js";
import { Canvas } from "./canvas.js";

const rowHeight = 20, border = 1; // of a block
const tile = 1200, overhang = 24; // of the parts of a drawing that are laid out when they come into sight, and their rims

/** Flows draws one flow at a time. chosen is called with the block that somebody chose. */
export class Flows {
  constructor(chosen) {
    this.chosen = chosen;
    this.list = [];
    this.findings = [];
    this.hurries = false; // the call goes faster than a real one
    this.trail = null;
    this.canvas = new Canvas($("flow"));
    this.blockList = new Blocks((action) => this.choose(action));
    $("larger").onclick = () => this.canvas.zoom(this.canvas.scale * 1.25);
    $("smaller").onclick = () => this.canvas.zoom(this.canvas.scale / 1.25);
    $("fit").onclick = () => this.fit();
    $("flow").addEventListener("click", (event) => {
      const block = event.target.closest("[data-block]");
      if (block && !this.canvas.dragged) this.choose(block.dataset.block);
    });
    rove($("flow"), "[role=option]", (item, key) => this.walk(item, key));
    rove($("tabs"), "[role=tab]", (tab, key) => {
      const next = key === "ArrowRight" ? tab.nextElementSibling : key === "ArrowLeft" ? tab.previousElementSibling : null;
      if (next) next.click();
      return next;
    });
  }

  /** show takes the flows of a call. The one that is shown stays, if it is still there. */
  show(list) {
    const before = this.shown && this.shown.file;
    this.list = list.map((flow) => ({ ...flow, blocks: new Map(flow.scene.blocks.map((b) => [b.action, b])) }));
    this.trail = null;
    $("tabs").replaceChildren(...this.list.map((flow, i) => {
      const tab = make("button", { type: "button", role: "tab", id: "tab-" + i, text: flow.scene.name, "aria-controls": "flow" });
      tab.onclick = () => this.open(flow);
      flow.tab = tab;
      return tab;
    }));
    this.shown = null;
    if (this.list.length === 0) {
      this.canvas.clear();
      this.blockList.clear();
      return;
    }
    this.open(this.list.find((f) => f.file === before) || this.list[0]);
    this.fit();
  }

  /** open shows a flow. */
  open(flow) {
    if (this.shown === flow) return;
    this.shown = flow;
    for (const other of this.list) {
      other.tab.setAttribute("aria-selected", String(other === flow));
      other.tab.setAttribute("tabindex", other === flow ? "0" : "-1");
    }
    $("flow").setAttribute("aria-labelledby", flow.tab.id);
    this.marked = { entered: new Set() };
    this.branches = new Map(); // by action and name; the entry of the flow has neither
    this.blocks = new Map(flow.scene.blocks.map((b) => [b.action, this.block(b, this.findingsOf(flow, b.action))]));
    this.canvas.show(this.drawing(flow.scene), flow.scene.width, flow.scene.height);
    this.blockList.show(flow.scene, (action, name) => this.branchOf(action, name), (action) => this.findingsOf(flow, action));
    this.mark();
  }

  fit() {
    const s = this.shown && this.shown.scene, entry = s && entryOf(s);
    this.canvas.fit(entry ? entry.y - s.top : 0);
  }

  drawing(s) {
    const first = this.blocks.values().next().value;
    if (first) first.setAttribute("tabindex", "0");
    return make("div", { class: "drawing", role: "listbox", tabindex: "-1",
      "aria-label": `Flow ${s.name}. The arrow keys walk along its branches.` }, this.lines(s), ...this.tiles(s));
  }

  /** tiles puts blocks that are close to each other together. */
  tiles(s) {
    const tiles = new Map();
    for (const b of s.blocks) {
      const column = Math.floor((b.x - s.left) / tile), line = Math.floor((b.y - s.top) / tile), key = column + "," + line;
      const own = tiles.get(key) || { left: column * tile - overhang, top: line * tile - overhang, width: 0, height: 0,
        element: make("div", { class: "tile" }) };
      const block = this.blocks.get(b.action), x = b.x - s.left - own.left, y = b.y - s.top - own.top;
      block.style.cssText = `left: ${x}px; top: ${y}px; width: ${b.width}px; height: ${b.height}px`;
      own.element.append(block);
      own.width = Math.max(own.width, x + b.width + overhang);
      own.height = Math.max(own.height, y + b.height + overhang);
      tiles.set(key, own);
    }
    for (const t of tiles.values()) {
      t.element.style.cssText = `left: ${t.left}px; top: ${t.top}px; width: ${t.width}px; height: ${t.height}px`;
    }
    return [...tiles.values()].map((t) => t.element);
  }

  /** lines draws the branches. All their tips are one path. */
  lines(s) {
    const paths = s.lines.map((line) => {
      const path = draw("path", { class: "line", d: line.path });
      this.branchOf(line.from || "", line.branch || "").line = path;
      return path;
    });
    const tips = s.lines.map((l) => `M${l.x},${l.y} l-7,-4 v8 z`), entry = entryOf(s);
    if (entry) paths.push(draw("circle", { class: "tip", cx: entry.x - 40, cy: entry.y, r: 6 }));
    return draw("svg", { width: s.width, height: s.height, viewBox: `${s.left} ${s.top} ${s.width} ${s.height}`, "aria-hidden": "true" },
      ...paths, draw("path", { class: "tip", d: tips.join(" ") }));
  }

  branchOf(action, name) {
    const key = action + "\n" + name;
    if (!this.branches.has(key)) this.branches.set(key, { times: 0 });
    return this.branches.get(key);
  }

  /** block draws a block. What is in it follows one another, since places of their own would cost time at each frame. */
  block(b, findings) {
    const texts = make("div", { class: "texts" }, make("span", { class: "title", text: b.title }), " ",
      make("span", { class: "faint", text: b.below }), " ");
    if (b.said) texts.append(make("span", { class: "said", text: b.said.join("\n") }), " ");
    const block = make("div", { role: "option", tabindex: "-1", "aria-selected": "false", class: "block",
      "aria-label": labelOf(b, findings) }, texts);
    let before = texts, y = b.y + border;
    for (const row of b.rows || []) {
      const label = make("span", { class: row.to ? "row way" : "row", text: row.label }), top = row.y - rowHeight / 2;
      before.style.height = top - y + "px";
      before = label;
      y = top;
      this.branchOf(b.action, row.branch).label = label;
      block.append(label, " ");
    }
    if (findings.length > 0) {
      const worst = findings.some((f) => f.severity === "error") ? "error" : "warning";
      block.append(make("span", { class: "badge " + worst, text: "!" }));
    }
    block.dataset.block = b.action;
    return block;
  }

  findingsOf(flow, action) {
    return this.findings.filter((f) => f.file === flow.file && f.action === action);
  }

  choose(action) {
    this.select(action);
    this.chosen(this.shown.file, action);
  }

  /** select shows what is known of a block. */
  select(action) {
    const before = this.blocks.get(this.selected), block = this.blocks.get(action), b = this.shown.blocks.get(action);
    this.selected = action;
    if (before) {
      before.setAttribute("aria-selected", "false");
      before.classList.remove("selected");
    }
    if (!block) {
      $("block").replaceChildren();
      return;
    }
    block.setAttribute("aria-selected", "true");
    block.classList.add("selected");
    $("block").replaceChildren(make("h4", { text: b.title }), make("p", { class: "faint", text: b.below }),
      ...(b.full ? [make("p", { class: "said", text: b.full })] : []),
      ...this.findingsOf(this.shown, action).map((f) => make("p", { class: f.severity, text: `${f.severity}: ${f.message}. ${f.remedy} [${f.rule}]` })));
    this.canvas.measure(); // what is told of the block takes some of the drawing's room
  }

  /** at shows where the contact is. */
  at(trail, follow) {
    this.trail = trail;
    const flow = this.list.find((f) => f.file === trail.flow);
    if (follow && flow && flow !== this.shown) this.open(flow);
    else this.mark();
  }

  /** mark shows the trail in the flow that is shown: what has changed since, so that large flows keep up. */
  mark() {
    const file = this.shown.file, m = this.marked, over = Boolean(this.trail && this.trail.over);
    const { entered, taken } = (this.trail && this.trail.visits.get(file)) || { entered: new Set(), taken: new Map() };
    const enter = (id, on) => {
      if (m.entered.has(id) === on) return;
      this.toggle(this.blocks.get(id), "entered", on);
      if (on) m.entered.add(id); else m.entered.delete(id);
    };
    for (const id of entered) enter(id, true);
    if (m.entered.size > entered.size) for (const id of m.entered) enter(id, entered.has(id));
    for (const [key, branch] of this.branches) {
      const times = key === "\n" ? Math.min(entered.size, 1) : taken.get(key) || 0; // the entry of the flow, or a branch
      if (times !== branch.times) this.branch(branch, times);
    }
    for (const view of [$("flow"), $("blocks")]) view.classList.toggle("over", over); // then what was never taken is marked
    const now = this.trail && this.trail.flow === file && !over ? this.trail.action : undefined;
    if (now !== m.now) {
      this.current(m.now, false);
      this.current(now, true);
    }
    m.now = now;
  }

  toggle(element, name, on) {
    if (element) element.classList.toggle(name, on);
  }

  current(id, on) {
    const block = this.blocks.get(id);
    if (!block) return;
    block.classList.toggle("current", on);
    this.blockList.current(id, on);
    if (on) block.setAttribute("aria-current", "step");
    else block.removeAttribute("aria-current");
    block.setAttribute("aria-label", labelOf(this.shown.blocks.get(id), this.findingsOf(this.shown, id), on));
  }

  /** branch shows how often a branch was taken: on its line, in its block and in the list. */
  branch(branch, times) {
    branch.times = times;
    this.toggle(branch.line, "taken", times > 0);
    this.toggle(branch.label, "taken", times > 0);
    if (!branch.item) return;
    branch.item.textContent = branch.name + (times > 0 ? ` — taken ${times}×` : "");
    branch.item.classList.toggle("taken", times > 0);
  }

  /** walk is the block that a key leads to. */
  walk(item, key) {
    const id = item.dataset.block, b = this.shown.blocks.get(id);
    const visited = this.trail && this.trail.visits.get(this.shown.file);
    const taken = (from, branch) => visited && visited.taken.has(`${from}\n${branch}`);
    const ways = (b.rows || []).filter((r) => r.to);
    const to = (action) => this.blocks.get(action);
    const beside = (step) => {
      const column = this.shown.scene.blocks.filter((o) => Math.abs(o.x - b.x) < b.width).sort((p, q) => p.y - q.y);
      const next = column[column.indexOf(b) + step];
      return next && to(next.action);
    };
    switch (key) {
      case "ArrowRight": {
        const way = ways.find((r) => taken(id, r.branch)) || ways[0];
        return way && to(way.to);
      }
      case "ArrowLeft": {
        const lines = this.shown.scene.lines.filter((l) => l.to === id && l.from && l.from !== id);
        const line = lines.find((l) => taken(l.from, l.branch)) || lines[0];
        return line && to(line.from);
      }
      case "ArrowDown": return beside(1);
      case "ArrowUp": return beside(-1);
      case "Home": return this.blocks.values().next().value;
      case "Enter":
      case " ":
        this.choose(id);
        return item;
    }
    return null;
  }

  /** reveal brings a block into sight. */
  reveal(action) {
    const b = this.shown && this.shown.blocks.get(action);
    if (!b) return;
    const { left, top } = this.shown.scene;
    this.canvas.reveal({ x: b.x - left, y: b.y - top, width: b.width, height: b.height }, this.hurries);
  }
}

/** entryOf is the line to the first block, which comes from none and is the last; undefined when there is none. */
function entryOf(scene) {
  const last = scene.lines[scene.lines.length - 1];
  return last && !last.from ? last : undefined;
}

/** labelOf is what a block says, as it is seen, and then all of it. */
function labelOf(b, findings, now) {
  const rows = b.rows || [], seen = [b.title, b.below, ...(b.said || []), ...rows.map((r) => r.label)];
  if (findings.length > 0) seen.push("!");
  if (now) seen.push("now");
  const ways = rows.filter((r) => r.to).map((r) => `${r.label} leads to ${r.to}`);
  return [seen.join(" "), ...ways, ...findings.map((f) => `${f.severity}: ${f.message}`)].join(". ");
}
