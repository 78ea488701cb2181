// Small helpers for the document. Texts of a project and of callers go through textContent only.

export const $ = (id) => document.getElementById(id);

/** make makes an element. Attributes whose value is undefined or false are left out; text is its text. */
export function make(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** draw makes an element of a drawing. */
export function draw(name, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (key === "text") element.textContent = value;
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** rove makes one of the items of a view its only tab stop. move(item, key) says which item a key leads to. */
export function rove(view, isItem, move) {
  view.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const item = event.target.closest && event.target.closest(isItem);
    if (!item || !view.contains(item)) return;
    const next = move(item, event.key);
    if (!next) return;
    event.preventDefault();
    next.focus({ preventScroll: false });
  });
  view.addEventListener("focusin", (event) => {
    const item = event.target.closest(isItem);
    if (!item) return;
    for (const other of view.querySelectorAll(isItem + '[tabindex="0"]')) other.setAttribute("tabindex", "-1");
    item.setAttribute("tabindex", "0");
  });
}

/** table is a table, filled by its rows. */
export function table(name, heads, rows) {
  return make("table", { "aria-label": name },
    make("thead", {}, make("tr", {}, ...heads.map((text) => make("th", { scope: "col", text })))), make("tbody", {}, ...rows));
}

const groupSize = 40, rowHeight = 1.9; // of rows that are laid out together, and in rem, until their height is known

/** Grid is a table that may become long: its rows are in groups, of which only those in sight are laid out. That rules
 *  out the layout of a table, so the roles are said. */
export class Grid {
  constructor(name, heads) {
    const head = make("tr", { role: "row" }, ...heads.map((text) => make("th", { role: "columnheader", scope: "col", text })));
    this.element = make("table", { class: "grid", role: "grid", "aria-label": name }, make("thead", { role: "rowgroup" }, head));
    this.group = null;
  }

  append(row) {
    if (!this.group) row.setAttribute("tabindex", "0");
    if (!this.group || this.group.children.length === groupSize) {
      this.group = make("tbody", { role: "rowgroup" });
      this.element.append(this.group);
    }
    this.group.append(row);
    this.group.style.containIntrinsicBlockSize = `auto ${this.group.children.length * rowHeight}rem`;
  }
}

/** gridRow is a row of a grid. A cell is a text, or a list of elements. */
export function gridRow(attributes, ...cells) {
  return make("tr", { role: "row", tabindex: "-1", ...attributes },
    ...cells.map((cell) => make("td", { role: "gridcell" }, ...(Array.isArray(cell) ? cell : [cell || ""]))));
}

/** roveRows lets the rows of the tables in a view be walked with the arrow keys, and clicked with Enter. */
export function roveRows(view) {
  rove(view, "tbody tr", (row, key) => {
    if (key === "Enter" || key === " ") row.click();
    const rows = key.startsWith("Arrow") ? [...view.querySelectorAll("tbody tr")] : [], i = rows.indexOf(row);
    return key === "ArrowDown" ? rows[i + 1] : key === "ArrowUp" ? rows[i - 1] : null;
  });
}

/** seconds is a time span as the command line writes it. */
export const seconds = (s) => (Math.round(s * 10) / 10).toFixed(1) + " s";

/** calm reports whether the reader wants nothing to move. */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
