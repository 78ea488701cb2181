// The flows of a call as the console's designer draws them, and the list of blocks that says the same.
import { $, calm, draw, make, rove, roveRows } from "./dom.js";

const smallest = 0.2, largest = 2, readable = 0.75, padding = 10;

/** Flows draws one flow at a time. chosen is called with the block that somebody chose. */
export class Flows {
  constructor(chosen) {
    this.chosen = chosen;
    this.list = [];
    this.scale = 1;
    this.findings = [];
    this.hurries = false; // the call goes faster than a real one
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
    roveRows($("blocks"));
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
    this.svg = draw("svg", { width: s.width, height: s.height,
      viewBox: `${s.left} ${s.top} ${s.width} ${s.height}`, role: "listbox", tabindex: "-1",
      "aria-label": `Flow ${s.name}. The arrow keys walk along its branches.` });
    this.marked = { entered: new Set(), over: false };
    this.branches = new Map(); // by action and name; the entry of the flow has neither
    for (const line of s.lines) {
      const path = draw("path", { class: "line" + (line.error ? " error" : ""), d: line.path });
      const tip = draw("path", { class: "tip", d: `M${line.x},${line.y} l-7,-4 v8 z` });
      if (!line.from) this.svg.append(draw("circle", { class: "tip", cx: line.x - 40, cy: line.y, r: 6 }));
      this.svg.append(path, tip);
      this.branchOf(line.from || "", line.branch || "").line = path;
    }
    this.blocks = new Map();
    for (const b of s.blocks) {
      const block = this.block(b, this.findingsOf(flow, b.action));
      this.blocks.set(b.action, block);
      this.svg.append(block);
    }
    const first = this.blocks.values().next().value;
    if (first) first.setAttribute("tabindex", "0");
    this.sheet = make("div", { class: "sheet" }, this.svg);
    this.view.replaceChildren(this.sheet);
  }

  branchOf(action, name) {
    const key = action + "\n" + name;
    if (!this.branches.has(key)) this.branches.set(key, { times: 0 });
    return this.branches.get(key);
  }

  block(b, findings) {
    const g = draw("g", { role: "option", tabindex: "-1", "aria-selected": "false", class: "block", "aria-label": labelOf(b, findings) });
    g.dataset.block = b.action;
    g.append(draw("rect", { x: b.x, y: b.y, width: b.width, height: b.height, rx: 6 }),
      draw("text", { class: "title", x: b.x + padding, y: b.y + 20, text: b.title }),
      draw("text", { class: "faint", x: b.x + padding, y: b.y + 36, text: b.below }));
    (b.said || []).forEach((text, i) => g.append(draw("text", { x: b.x + padding, y: b.y + 56 + 15 * i, text })));
    for (const row of b.rows || []) {
      const label = draw("text", { class: "faint row", "text-anchor": "end", x: b.x + b.width - padding, y: row.y + 5, text: row.label });
      this.branchOf(b.action, row.branch).label = label;
      g.append(label);
      if (row.to) g.append(draw("circle", { class: "tip", cx: b.x + b.width, cy: row.y, r: 3 }));
    }
    if (findings.length > 0) {
      const worst = findings.some((f) => f.severity === "error") ? "error" : "warning";
      g.append(draw("circle", { class: "badge " + worst, cx: b.x + b.width - 4, cy: b.y + 4, r: 10 }),
        draw("text", { class: "badge", x: b.x + b.width - 4, y: b.y + 9, "text-anchor": "middle", text: "!" }));
    }
    g.append(draw("text", { class: "now", x: b.x, y: b.y - 6, text: "now" }));
    for (const text of [...g.querySelectorAll("text")]) text.after(" "); // they are words of their own
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
          const branch = this.branchOf(b.action, r.branch);
          branch.name = r.label;
          branch.item = make("span", { class: "branch", text: r.label });
          return branch.item;
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
      ...this.findingsOf(this.shown, action).map((f) => make("p", { class: f.severity, text: `${f.severity}: ${f.message}. ${f.remedy} [${f.rule}]` })));
  }

  /** at shows where the contact is: trail has the flow, the block, and the branches taken so far; over, that no more come. */
  at(trail, follow) {
    this.trail = trail;
    const flow = this.list.find((f) => f.file === trail.flow);
    if (follow && flow && flow !== this.shown) this.open(flow);
    else this.mark();
    if (follow && flow === this.shown) this.reveal(trail.action);
  }

  /** mark shows the trail in the flow that is shown: what has changed since, so that large flows keep up. */
  mark() {
    const trail = this.trail || { taken: new Map(), entered: new Set() }, m = this.marked, prefix = this.shown.file + "\n";
    const own = (key) => key.startsWith(prefix) ? key.slice(prefix.length) : null;
    const entered = new Set([...trail.entered].map(own));
    for (const id of new Set([...entered, ...m.entered])) {
      if (entered.has(id) !== m.entered.has(id)) this.toggle(this.blocks.get(id), "entered", entered.has(id));
    }
    const over = Boolean(trail.over), taken = new Map();
    for (const [key, times] of trail.taken) if (own(key)) taken.set(own(key), times);
    if (entered.size > 0) taken.set("\n", 1); // the entry of the flow
    for (const [key, branch] of this.branches) {
      const times = taken.get(key) || 0;
      if (times !== branch.times || over !== m.over) this.branch(branch, times, over);
    }
    const now = trail.flow === this.shown.file && !over ? trail.action : undefined;
    if (now !== m.now) {
      this.current(m.now, false);
      this.current(now, true);
    }
    this.marked = { entered, over, now };
  }

  toggle(element, name, on) {
    if (element) element.classList.toggle(name, on);
  }

  current(id, on) {
    const block = this.blocks.get(id);
    if (!block) return;
    block.classList.toggle("current", on);
    this.rows.get(id).classList.toggle("current", on);
    if (on) block.setAttribute("aria-current", "step");
    else block.removeAttribute("aria-current");
    block.setAttribute("aria-label", labelOf(this.shown.blocks.get(id), this.findingsOf(this.shown, id), on));
  }

  /** branch shows how often a branch was taken: on its line, in its block and in the list. */
  branch(branch, times, over) {
    branch.times = times;
    this.toggle(branch.line, "taken", times > 0);
    this.toggle(branch.line, "never", over && times === 0);
    this.toggle(branch.label, "taken", times > 0);
    if (!branch.item) return;
    const state = times > 0 ? ` — taken ${times}×` : over ? " — never taken" : "";
    branch.item.textContent = branch.name + state;
    branch.item.classList.toggle("taken", times > 0);
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
    this.sheet.style.width = Math.round(s.width * scale) + "px";
    this.sheet.style.height = Math.round(s.height * scale) + "px";
    this.svg.style.transform = `scale(${scale})`;
    view.scrollTo(left, top);
  }

  /** fit makes all of the flow visible, if it is readable then; else its beginning. */
  fit() {
    const s = this.shown && this.shown.scene;
    if (!s) return;
    this.zoom(Math.min(1, Math.max(readable, Math.min(this.view.clientWidth / s.width, this.view.clientHeight / s.height))));
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
      behavior: calm() || this.hurries ? "auto" : "smooth" });
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
      this.view.scrollTo(from.x - event.clientX, from.y - event.clientY);
    });
    addEventListener("pointerup", () => {
      from = null;
    });
  }
}

/** table is a table whose rows are walked with the arrow keys. */
export function table(name, heads, rows) {
  return make("table", { role: "grid", "aria-label": name },
    make("thead", {}, make("tr", {}, ...heads.map((text) => make("th", { scope: "col", text })))),
    make("tbody", {}, ...rows));
}

/** labelOf is what a block says, as it is seen, and then all of it. */
function labelOf(b, findings, now) {
  const rows = b.rows || [], seen = [b.title, b.below, ...(b.said || []), ...rows.map((r) => r.label)];
  if (findings.length > 0) seen.push("!");
  if (now) seen.push("now");
  const ways = rows.filter((r) => r.to).map((r) => `${r.label} leads to ${r.to}`);
  return [seen.join(" "), ...ways, ...findings.map((f) => `${f.severity}: ${f.message}`)].join(". ");
}
