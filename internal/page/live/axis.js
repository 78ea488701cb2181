// The call on a time axis. Long stretches in which nothing begins or ends are folded.
import { $, draw, make, rove, seconds } from "./dom.js";

const second = 36, left = 76, top = 26, lane = 30, bar = 24, letter = 6.6, folded = 60, markLetters = 14;
const longest = 25, edge = 5; // of a stretch, before its middle is folded; at its ends, which stay

/** scaleOf maps times to places: all moments keep their width, what lies between may be folded. */
function scaleOf(moments) {
  const sorted = [...moments].sort((a, b) => a - b), folds = [];
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i] - sorted[i - 1] > longest) folds.push({ from: sorted[i - 1] + edge, to: sorted[i] - edge });
  }
  const x = (at) => {
    let x = left, from = 0;
    for (const f of folds) {
      if (at <= f.from) break;
      const inside = Math.min(at, f.to);
      x += (f.from - from) * second + folded * (inside - f.from) / (f.to - f.from);
      from = inside;
    }
    return x + (at - from) * second;
  };
  return { folds, x, key: folds.map((f) => f.from).join() };
}

/** Axis shows the bars of one caller. chosen is called with a moment that somebody chose. */
export class Axis {
  constructor(chosen) {
    this.chosen = chosen;
    this.view = $("axis");
    this.cursor = make("div", { class: "cursor", "aria-hidden": "true" });
    rove(this.view, "[role=option]", (item, key) => this.walk(item, key));
    this.view.addEventListener("focusin", (event) => {
      const item = event.target.closest("[role=option]");
      if (item && item.matches(":focus-visible")) this.chosen(Number(item.dataset.at));
    });
    this.clear([]);
  }

  clear(lanes) {
    this.bars = [];
    this.last = []; // bar of each lane
    this.gaps = [];
    this.now = 0;
    this.scale = scaleOf([]);
    this.width = 0;
    this.height = top + lanes.length * lane + 14;
    this.ticks = draw("g");
    this.body = draw("g");
    this.marks = draw("g");
    this.svg = draw("svg", { role: "img", height: this.height,
      "aria-label": "The call on a time axis. The table of events says the same." },
      draw("defs", {}, draw("pattern", { id: "stripes", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
        draw("rect", { width: 6, height: 6, class: "stripe-ground" }), draw("rect", { width: 2, height: 6, class: "stripe" }))),
      this.ticks, this.body, this.marks);
    const names = make("div", { class: "lanes", "aria-hidden": "true" }, ...lanes.map((text, i) => {
      const name = make("span", { text });
      name.style.top = `${top + i * lane}px`;
      return name;
    }));
    this.svg.onclick = (event) => {
      const item = event.target.closest("[role=option]");
      this.chosen(item ? Number(item.dataset.at) : this.timeAt(event.clientX - this.svg.getBoundingClientRect().left));
    };
    this.view.replaceChildren(names, this.svg, this.cursor);
    this.grow(0);
  }

  /** put adds or changes a bar. */
  put(b) {
    const known = this.bars[b.index], last = this.bars[this.last[b.lane]];
    this.bars[b.index] = this.item(b, known);
    if (known) b.free = known.free;
    else this.last[b.lane] = b.index;
    if (!known && last) {
      last.free = b.at; // until there, its text may go on
      this.place(last);
    }
    this.place(b);
  }

  /** silences shows the stretches of silence. What is as it was stays untouched. */
  silences(list) {
    for (const gap of this.gaps.slice(list.length)) gap.element.remove();
    this.gaps = list.map((gap, i) => {
      const before = this.gaps[i];
      gap.next = i + 1 < list.length ? list[i + 1].at : Infinity;
      if (before && before.at === gap.at && before.took === gap.took && before.class === gap.class && before.next === gap.next) return before;
      this.place(this.item(gap, before));
      return gap;
    });
  }

  /** item gives something a place in the drawing, that of what it replaces, if there is any. */
  item(b, before) {
    const [g, title] = before ? [before.element, before.element.firstChild] : [draw("g", { role: "option", tabindex: "-1",
      "aria-selected": "false" }), draw("title")];
    if (!before) {
      g.append(title, draw("rect", { height: bar, rx: 3 }), draw("text", {}));
      if (!this.body.firstChild) g.setAttribute("tabindex", "0");
      this.body.append(g);
      this.svg.setAttribute("role", "listbox"); // a list has items
    }
    g.setAttribute("class", "bar " + b.class);
    g.dataset.at = b.at;
    title.textContent = b.long;
    b.element = g;
    return b;
  }

  place(b) {
    const took = b.open ? Math.max(this.now - b.at, 0) : b.took, y = top + b.lane * lane;
    const x = this.scale.x(b.at), width = Math.max(this.scale.x(b.at + took) - x, 3);
    const [, rect, text] = b.element.children;
    rect.setAttribute("x", x);
    rect.setAttribute("y", y);
    rect.setAttribute("width", width);
    let room = width, indent = 5;
    if (took === 0 && !b.open) {
      room = Math.min(markLetters * letter, b.free === undefined ? Infinity : this.scale.x(b.free) - x);
      indent = 7;
    } else if (b.next && (b.text.length + 1) * letter > width) { // the length of a short silence stands beside it
      room = this.scale.x(b.next) - x - width;
      indent = width + 3;
    }
    text.setAttribute("x", x + indent);
    text.setAttribute("y", y + bar - 8);
    const shown = shortened(b.text, Math.floor(room / letter) - 1);
    if (text.textContent !== shown) text.textContent = shown;
  }

  /** until shows time as far as it has come. */
  until(now) {
    this.now = now;
    const moments = [0, now];
    for (const b of this.bars) {
      if (!b) continue;
      moments.push(b.at);
      if (!b.open) moments.push(b.at + b.took);
    }
    const scale = scaleOf(moments), moved = scale.key !== this.scale.key;
    this.scale = scale;
    for (const b of this.bars) if (b && (moved || b.open)) this.place(b);
    if (moved) {
      for (const gap of this.gaps) this.place(gap);
      this.ticks.replaceChildren();
      this.ticked = undefined;
    }
    this.grow(Math.max(...moments.slice(-2), now));
  }

  /** grow makes room for the time until now, with a mark every five seconds. */
  grow(end) {
    const width = Math.ceil((this.scale.x(end) + 120) / 240) * 240;
    if (width !== this.width) {
      this.width = width;
      this.svg.setAttribute("width", width);
    }
    if (this.ticked === undefined) {
      this.ticked = 0;
      this.free = 0;
    }
    for (; this.ticked <= end; this.ticked += 5) {
      const x = this.scale.x(this.ticked);
      if (x < this.free) continue;
      this.free = x + 5 * letter;
      this.ticks.append(draw("line", { class: "tick", x1: x, y1: top - 6, x2: x, y2: this.height - 14 }),
        draw("text", { class: "when", x, y: 13, text: this.ticked + " s" }));
    }
    for (const f of this.scale.folds) {
      const text = draw("text", { class: "fold", x: this.scale.x(f.from) + 2, y: this.height - 2, text: `⋯ ${seconds(f.to - f.from)} ⋯` });
      const before = this.ticks.querySelector(`[data-fold="${f.from}"]`);
      if (before) before.remove();
      text.dataset.fold = f.from;
      this.ticks.append(text);
    }
  }

  /** found marks when the result was there, and when the flow noticed. */
  found(ready, noticed) {
    const mark = (at, kind, text) => {
      const x = this.scale.x(at);
      const g = draw("g", { role: "option", tabindex: "-1", "aria-selected": "false", class: "mark " + kind });
      g.dataset.at = at;
      g.append(draw("title", { text: `${seconds(at)}: ${text}` }), draw("line", { x1: x, y1: top - 4, x2: x, y2: this.height - 14 }));
      return g;
    };
    this.marks.replaceChildren(mark(ready, "ready", "the result was there"), mark(noticed, "noticed", "the flow noticed"));
  }

  /** point moves the cursor, and marks what belongs to a block. */
  point(at, action) {
    const x = this.scale.x(at);
    if (x !== this.pointed) this.cursor.style.transform = `translateX(${x}px)`;
    this.pointed = x;
    if (this.action !== action) {
      this.action = action;
      for (const b of this.bars) if (b) b.element.classList.toggle("of-block", Boolean(action) && b.action === action);
    }
  }

  /** reveal scrolls to a moment that is not in sight. */
  reveal(at) {
    const x = this.scale.x(at), from = this.view.scrollLeft;
    if (x > from + this.view.clientWidth - 60 || x < from + left) this.view.scrollLeft = x - this.view.clientWidth / 2;
  }

  timeAt(x) {
    let low = 0, high = this.now;
    for (let i = 0; i < 30; i++) {
      const middle = (low + high) / 2;
      if (this.scale.x(middle) < x) low = middle; else high = middle;
    }
    return low;
  }

  walk(item, key) {
    const items = [...this.svg.querySelectorAll("[role=option]")].sort((a, b) => a.dataset.at - b.dataset.at);
    const i = items.indexOf(item);
    switch (key) {
      case "ArrowRight": case "ArrowDown": return items[i + 1];
      case "ArrowLeft": case "ArrowUp": return items[i - 1];
      case "Home": return items[0];
      case "End": return items[items.length - 1];
    }
    return null;
  }
}

function shortened(text, letters) {
  const all = [...text];
  if (all.length <= letters) return text;
  return letters < 4 ? "" : all.slice(0, letters - 1).join("") + "…";
}
