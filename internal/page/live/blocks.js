// The list of blocks: it says in words what the drawing shows.
import { $, Grid, gridRow, make, roveRows } from "./dom.js";

/** Blocks lists the blocks of one flow at a time. choose is called with the block that somebody chose. */
export class Blocks {
  constructor(choose) {
    this.choose = choose;
    this.rows = new Map();
    roveRows($("blocks"));
  }

  clear() {
    this.rows.clear();
    $("blocks").replaceChildren();
  }

  /** show lists blocks. itemOf tells what keeps the item of a branch; findingsOf, what is wrong with a block. */
  show(scene, itemOf, findingsOf) {
    const found = scene.blocks.some((b) => findingsOf(b.action).length > 0);
    const list = new Grid("Blocks of " + scene.name, ["Block", "Type", "Says", "Branches", ...(found ? ["Findings"] : [])]);
    list.element.classList.toggle("found", found);
    this.rows = new Map(scene.blocks.map((b) => [b.action, this.row(b, itemOf, findingsOf(b.action), found)]));
    for (const row of this.rows.values()) list.append(row);
    $("blocks").replaceChildren(list.element);
  }

  row(b, itemOf, findings, found) {
    const branches = (b.rows || []).map((r) => {
      const branch = itemOf(b.action, r.branch);
      branch.name = r.label;
      branch.item = make("span", { class: "branch", text: r.label, title: r.branch });
      return branch.item;
    });
    const row = gridRow({}, b.title, b.below, b.full, branches,
      ...(found ? [findings.map((f) => `${f.severity}: ${f.message}`).join(" ")] : []));
    row.dataset.block = b.action;
    row.onclick = () => this.choose(b.action);
    return row;
  }

  /** current marks the block that the contact is in. */
  current(action, on) {
    const row = this.rows.get(action);
    if (row) row.classList.toggle("current", on);
  }
}
