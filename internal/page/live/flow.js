// The flows of a call as the console's designer draws them, and the list of blocks that says the same.
import { $, calm, draw, make, rove } from "./dom.js";

const smallest = 0.2, largest = 2, padding = 10;

/** Flows draws one flow at a time. chosen is called with the block that somebody chose. */
export class Flows {
  constructor(chosen) {
    this.chosen = chosen;
    this.list = [];
    this.scale = 1;
    this.findings = [];
    this.trail = null;
    this.view = $("flow");
    $("larger").onclick = () => this.zoom(this.scale * 1.25);
    $("smaller").onclick = () => this.zoom(this.scale / 1.25);
    $("fit").onclick = () => this.fit();
    this.drag();
    this.view.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      this.zoom(this.scale * Math.exp(-event.deltaY / 300), event);
    }, { passive: false });
    rove(this.view, "[role=option]", (item, key) => this.walk(item, key));
    rove($("blocks"), "tbody tr", (row, key) => {
      if (key === "Enter" || key === " ") this.choose(row.dataset.block);
      return key === "ArrowDown" ? row.nextElementSibling : key === "ArrowUp" ? row.previousElementSibling : null;
    });
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
      this.view.replaceChildren();
      $("blocks").replaceChildren();
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
    this.view.setAttribute("aria-labelledby", flow.tab.id);
    this.drawing(flow);
    this.blockList(flow);
    this.zoom(this.scale);
    this.mark();
  }

  drawing(flow) {
    const s = flow.scene;
    this.svg = draw("svg", { viewBox: `${s.left} ${s.top} ${s.width} ${s.height}`, role: "listbox", tabindex: "-1",
      "aria-label": `Flow ${s.name}. The arrow keys walk along its branches.` });
    this.lines = new Map();
    for (const line of s.lines) {
      const path = draw("path", { class: "line" + (line.error ? " error" : ""), d: line.path });
      const tip = draw("path", { class: "tip", d: `M${line.x},${line.y} l-7,-4 v8 z` });
      if (!line.from) this.svg.append(draw("circle", { class: "tip", cx: line.x - 40, cy: line.y, r: 6 }));
      this.svg.append(path, tip);
      this.lines.set(line.from + "\n" + line.branch, path);
    }
    this.blocks = new Map();
    for (const b of s.blocks) {
      const block = this.block(b, this.findingsOf(flow, b.action));
      this.blocks.set(b.action, block);
      this.svg.append(block);
    }
    const first = this.blocks.values().next().value;
    if (first) first.setAttribute("tabindex", "0");
    this.view.replaceChildren(this.svg);
  }

  block(b, findings) {
    const g = draw("g", { role: "option", tabindex: "-1", "aria-selected": "false", class: "block", "aria-label": labelOf(b, findings) });
    g.dataset.block = b.action;
    g.append(draw("title", { text: [b.action, b.type, b.full].filter(Boolean).join("\n") }),
      draw("rect", { x: b.x, y: b.y, width: b.width, height: b.height, rx: 6 }),
      draw("text", { class: "title", x: b.x + padding, y: b.y + 20, text: b.title }),
      draw("text", { class: "faint", x: b.x + padding, y: b.y + 36, text: b.below }));
    (b.said || []).forEach((text, i) => g.append(draw("text", { x: b.x + padding, y: b.y + 56 + 15 * i, text })));
    for (const row of b.rows || []) {
      const label = draw("text", { class: "faint row", "text-anchor": "end", x: b.x + b.width - padding, y: row.y + 5, text: row.label });
      label.dataset.branch = row.branch;
      g.append(label);
      if (row.to) g.append(draw("circle", { class: "tip", cx: b.x + b.width, cy: row.y, r: 3 }));
    }
    if (findings.length > 0) {
      const worst = findings.some((f) => f.severity === "error") ? "error" : "warning";
      g.append(draw("circle", { class: "badge " + worst, cx: b.x + b.width - 4, cy: b.y + 4, r: 10 }),
        draw("text", { class: "badge", x: b.x + b.width - 4, y: b.y + 9, "text-anchor": "middle", text: "!" }));
    }
    g.append(draw("text", { class: "now", x: b.x, y: b.y - 6, text: "now" }));
    g.onclick = () => this.choose(b.action);
    return g;
  }

  findingsOf(flow, action) {
    return this.findings.filter((f) => f.file === flow.file && f.action === action);
  }

  blockList(flow) {
    const rows = flow.scene.blocks.map((b, i) => {
      const findings = this.findingsOf(flow, b.action);
      const row = make("tr", { tabindex: i === 0 ? "0" : "-1" },
        make("td", { text: b.title }), make("td", { text: b.below }), make("td", { text: b.full }),
        make("td", {}, ...(b.rows || []).map((r) => {
          const branch = make("span", { class: "branch", text: r.label });
          branch.dataset.branch = r.branch;
          return branch;
        })),
        make("td", { text: findings.map((f) => `${f.severity}: ${f.message}`).join(" ") }));
      row.dataset.block = b.action;
      row.onclick = () => this.choose(b.action);
      return row;
    });
    this.rows = new Map(rows.map((row) => [row.dataset.block, row]));
    $("blocks").replaceChildren(table("Blocks of " + flow.scene.name, ["Block", "Type", "Says", "Branches", "Findings"], rows));
  }

  choose(action) {
    this.select(action);
    this.chosen(this.shown.file, action);
  }

  /** select shows what is known of a block. */
  select(action) {
    this.selected = action;
    for (const [id, block] of this.blocks) {
      block.setAttribute("aria-selected", String(id === action));
      block.classList.toggle("selected", id === action);
    }
    const b = this.shown.blocks.get(action);
    if (!b) {
      $("block").replaceChildren();
      return;
    }
    $("block").replaceChildren(make("h4", { text: b.title }), make("p", { class: "faint", text: b.below }),
      ...(b.full ? [make("p", { class: "said", text: b.full })] : []),
      ...this.findingsOf(this.shown, action).map((f) => make("p", { class: f.severity, text: `${f.severity}: ${f.message} ${f.remedy} [${f.rule}]` })));
  }

  /** at shows where the contact is: trail has the flow, the block, and the branches taken so far; over, that no more come. */
  at(trail, follow) {
    this.trail = trail;
    const flow = this.list.find((f) => f.file === trail.flow);
    if (follow && flow && flow !== this.shown) this.open(flow);
    else this.mark();
    if (follow && flow === this.shown) this.reveal(trail.action);
  }

  mark() {
    const trail = this.trail || { taken: new Map(), entered: new Set() };
    const file = this.shown.file, key = (id) => file + "\n" + id;
    for (const [id, block] of this.blocks) {
      const now = trail.flow === file && trail.action === id && !trail.over;
      block.classList.toggle("current", now);
      block.classList.toggle("entered", trail.entered.has(key(id)));
      if (now) block.setAttribute("aria-current", "step");
      else block.removeAttribute("aria-current");
    }
    for (const [id, path] of this.lines) {
      const times = id.startsWith("undefined\n") ? (trail.entered.size > 0 ? 1 : 0) : trail.taken.get(key(id)) || 0;
      path.classList.toggle("taken", times > 0);
      path.classList.toggle("never", Boolean(trail.over) && times === 0);
    }
    for (const [id, row] of this.rows) {
      row.classList.toggle("current", trail.flow === file && trail.action === id && !trail.over);
      for (const branch of row.querySelectorAll(".branch")) this.branch(branch, trail, key(id));
      for (const label of this.blocks.get(id).querySelectorAll(".row")) {
        label.classList.toggle("taken", trail.taken.has(key(id) + "\n" + label.dataset.branch));
      }
    }
  }

  branch(element, trail, key) {
    const times = trail.taken.get(key + "\n" + element.dataset.branch) || 0;
    const state = times > 0 ? `taken ${times}×` : trail.over ? "never taken" : "";
    if (element.dataset.state === state) return;
    element.dataset.state = state;
    element.classList.toggle("taken", times > 0);
  }

  /** walk is the block that a key leads to. */
  walk(item, key) {
    const id = item.dataset.block, b = this.shown.blocks.get(id);
    const taken = (from, branch) => this.trail && this.trail.taken.has(`${this.shown.file}\n${from}\n${branch}`);
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

  zoom(scale, at) {
    const view = this.view, s = this.shown && this.shown.scene;
    if (!s) return;
    scale = Math.min(Math.max(scale, smallest), largest);
    const box = view.getBoundingClientRect();
    const x = at ? at.clientX - box.left : view.clientWidth / 2, y = at ? at.clientY - box.top : view.clientHeight / 2;
    const left = (view.scrollLeft + x) / this.scale * scale - x, top = (view.scrollTop + y) / this.scale * scale - y;
    this.scale = scale;
    this.svg.setAttribute("width", Math.round(s.width * scale));
    this.svg.setAttribute("height", Math.round(s.height * scale));
    view.scrollTo(left, top);
  }

  /** fit makes all of the flow visible, if it is readable then; else its beginning. */
  fit() {
    const s = this.shown && this.shown.scene;
    if (!s) return;
    this.zoom(Math.min(1, Math.max(0.55, Math.min(this.view.clientWidth / s.width, this.view.clientHeight / s.height))));
    const first = s.lines[s.lines.length - 1];
    if (first && !first.from) this.view.scrollTo(0, (first.y - s.top) * this.scale - this.view.clientHeight / 3);
  }

  /** reveal scrolls to a block that is not in sight. */
  reveal(action) {
    const b = this.shown.blocks.get(action), s = this.shown.scene, view = this.view;
    if (!b) return;
    const left = (b.x - s.left) * this.scale, top = (b.y - s.top) * this.scale;
    const width = b.width * this.scale, height = b.height * this.scale;
    if (left >= view.scrollLeft && left + width <= view.scrollLeft + view.clientWidth &&
      top >= view.scrollTop && top + Math.min(height, view.clientHeight) <= view.scrollTop + view.clientHeight) return;
    view.scrollTo({ left: left + width / 2 - view.clientWidth / 2, top: top + height / 2 - view.clientHeight / 2,
      behavior: calm() ? "auto" : "smooth" });
  }

  /** drag lets the drawing be moved with the mouse; touch scrolls by itself. */
  drag() {
    let from = null;
    this.view.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "mouse" && event.button === 0) {
        from = { x: event.clientX + this.view.scrollLeft, y: event.clientY + this.view.scrollTop };
      }
    });
    addEventListener("pointermove", (event) => {
      if (!from) return;
      this.view.classList.add("moving");
      this.view.scrollTo(from.x - event.clientX, from.y - event.clientY);
    });
    addEventListener("pointerup", () => {
      from = null;
      this.view.classList.remove("moving");
    });
  }
}

/** table is a table whose rows are walked with the arrow keys. */
export function table(name, heads, rows) {
  return make("table", { role: "grid", "aria-label": name },
    make("thead", {}, make("tr", {}, ...heads.map((text) => make("th", { scope: "col", text })))),
    make("tbody", {}, ...rows));
}

function labelOf(b, findings) {
  const ways = (b.rows || []).map((r) => r.to ? `${r.label} to ${r.to}` : r.label);
  return [b.title, b.below, b.full, ways.length ? "Branches: " + ways.join(", ") : "",
    ...findings.map((f) => `${f.severity}: ${f.message}`)].filter(Boolean).join(". ");
}
