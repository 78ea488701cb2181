// A drawing that is larger than its view: it can be zoomed, dragged, and scrolled to a place. Where the view stands is
// remembered, since asking the browser for it makes it lay out the page.
import { calm, make } from "./dom.js";

const smallest = 0.2, largest = 2, readable = 0.75;
const slight = 3; // pixels that a hand moves while it clicks

export class Canvas {
  constructor(view) {
    this.view = view;
    this.scale = 1;
    this.left = this.top = this.width = this.height = 0;
    view.addEventListener("scroll", () => {
      this.moved = true;
    }, { passive: true });
    new ResizeObserver(() => this.measure()).observe(view);
    view.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const box = view.getBoundingClientRect();
      this.zoom(this.scale * Math.exp(-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
    }, { passive: false });
    this.drag();
  }

  /** look sees how far somebody has scrolled. */
  look() {
    if (!this.moved) return;
    this.moved = false;
    this.left = this.view.scrollLeft;
    this.top = this.view.scrollTop;
  }

  measure() {
    this.width = this.view.clientWidth;
    this.height = this.view.clientHeight;
  }

  /** show shows a drawing of a size. */
  show(drawing, width, height) {
    this.drawing = drawing;
    this.size = { width, height };
    this.sheet = make("div", { class: "sheet" }, drawing);
    this.view.replaceChildren(this.sheet);
    this.zoom(this.scale);
  }

  clear() {
    this.size = null;
    this.view.replaceChildren();
  }

  /** zoom changes the scale. A place of the view stays where it is, its middle unless another is given. */
  zoom(scale, x = this.width / 2, y = this.height / 2) {
    if (!this.size) return;
    this.look();
    scale = Math.min(Math.max(scale, smallest), largest);
    const left = (this.left + x) / this.scale * scale - x, top = (this.top + y) / this.scale * scale - y;
    this.scale = scale;
    this.sheet.style.width = Math.round(this.size.width * scale) + "px";
    this.sheet.style.height = Math.round(this.size.height * scale) + "px";
    this.drawing.style.transform = `scale(${scale})`;
    this.scrollTo(left, top);
  }

  /** fit makes all of the drawing visible, if it is readable then; else what is at a height of it. */
  fit(y) {
    if (!this.size) return;
    this.measure();
    this.zoom(Math.min(1, Math.max(readable, Math.min(this.width / this.size.width, this.height / this.size.height))));
    this.scrollTo(0, y * this.scale - this.height / 3);
  }

  /** reveal scrolls to a box of the drawing that is not in sight, smoothly unless somebody wants to be there at once. */
  reveal(box, atOnce) {
    this.look();
    const left = box.x * this.scale, top = box.y * this.scale, width = box.width * this.scale, height = box.height * this.scale;
    if (left >= this.left && left + width <= this.left + this.width &&
      top >= this.top && top + Math.min(height, this.height) <= this.top + this.height) return;
    this.scrollTo(left + width / 2 - this.width / 2, top + height / 2 - this.height / 2, !atOnce && !calm());
  }

  scrollTo(left, top, smoothly) {
    this.view.scrollTo({ left, top, behavior: smoothly ? "smooth" : "auto" });
    if (smoothly) return; // the view tells where it is on its way
    this.left = Math.max(0, Math.min(left, this.size.width * this.scale - this.width));
    this.top = Math.max(0, Math.min(top, this.size.height * this.scale - this.height));
  }

  /** drag lets the drawing be moved with the mouse; touch scrolls by itself. dragged says that a click ends a move. */
  drag() {
    let from = null;
    this.view.addEventListener("pointerdown", (event) => {
      this.dragged = false;
      if (this.size && event.pointerType === "mouse" && event.button === 0) {
        this.look();
        from = { x: event.clientX + this.left, y: event.clientY + this.top };
      }
    });
    addEventListener("pointermove", (event) => {
      if (!from) return;
      const left = from.x - event.clientX, top = from.y - event.clientY;
      this.dragged = this.dragged || Math.abs(left - this.left) + Math.abs(top - this.top) > slight;
      if (this.dragged) this.scrollTo(left, top);
    });
    addEventListener("pointerup", () => {
      from = null;
    });
  }
}
