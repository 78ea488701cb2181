// What the page knows of a call that it shows. Nothing here touches the document.
import { seconds } from "./dom.js";

const laneSilence = 2, shortest = 0.05; // of what is shown as silence
const levels = ["", "note", "failure", "critical"];
const close = 0.0005; // moments that are the same

/** Trail is where a contact is, and which blocks and branches of each flow it came through. */
export class Trail {
  constructor() {
    this.visits = new Map(); // by flow: the blocks that were entered, and how often branches were taken
    this.over = false;
  }

  follow(event) {
    if (event.type !== "enters" && event.type !== "takes") return;
    if (!this.visits.has(event.flow)) this.visits.set(event.flow, { entered: new Set(), taken: new Map() });
    const { entered, taken } = this.visits.get(event.flow);
    if (event.type === "enters") {
      this.flow = event.flow;
      this.action = event.action;
      entered.add(event.action);
    } else {
      const key = event.action + "\n" + event.text;
      taken.set(key, (taken.get(key) || 0) + 1);
    }
  }
}

/** Call is one call, as far as it was told. One of its callers is shown. */
export class Call {
  constructor(id) {
    this.id = id;
    this.stop = new AbortController();
    this.queue = []; // messages that were not looked at yet
    this.all = []; // events of all callers
    this.clock = { at: 0, speed: 1, paused: true, seen: performance.now() };
    this.show(0);
  }

  /** show begins to show a caller. */
  show(caller) {
    this.caller = caller;
    this.events = [];
    this.trail = new Trail();
    this.cursor = null; // a moment that somebody looks at; null: the latest
  }

  happened(event) {
    this.events.push(event);
    this.trail.follow(event);
  }

  get latest() { return this.events[this.events.length - 1]; }

  /** now is the time of the caller's call. */
  now() {
    const c = this.clock;
    if (this.end) return this.end.callers[this.caller] ? this.end.callers[this.caller].duration : 0;
    const going = !c.paused && !c.waits && !c.over && c.speed > 0;
    const at = c.at + (going ? (performance.now() - c.seen) / 1000 * c.speed : 0);
    return Math.max(at - ((this.info && this.info.arrivals[this.caller]) || 0), this.latest ? this.latest.at : 0, 0);
  }

  /** at is where the contact was at a moment. */
  at(moment) {
    const trail = new Trail();
    for (const event of this.events) if (event.at <= moment + close) trail.follow(event);
    return trail;
  }

  /** before is the last event until a moment that the table of events has. */
  before(moment) {
    return this.events.findLast((e) => e.row && e.at <= moment + close);
  }

  /** next is when the contact came to a block: the next time after the moment that is shown, or the first. */
  next(flow, action) {
    const moments = this.events.filter((e) => e.type === "enters" && e.flow === flow && e.action === action).map((e) => e.at);
    const from = this.cursor === null ? -1 : this.cursor, next = moments.find((at) => at > from + 2 * close);
    return next === undefined ? moments[0] : next;
  }

  /** silences are the stretches of silence so far. When the call is over, the server says which they were. */
  silences(now) {
    if (this.info.chat[this.caller]) return [];
    const gaps = [];
    let until = 0;
    const gap = (to) => {
      if (to - until < shortest) return;
      const level = levels[this.info.silence.filter((limit) => to - until > limit).length];
      gaps.push({ index: gaps.length, lane: laneSilence, at: until, took: to - until, class: "silence " + level,
        text: seconds(to - until), long: `${seconds(until)}: silence of ${seconds(to - until)}` });
    };
    for (const [from, to] of this.heard(now).sort((a, b) => a[0] - b[0])) {
      gap(from);
      until = Math.max(until, to);
    }
    gap(now);
    return gaps;
  }

  /** heard are the stretches in which the caller heard something, or was asked. */
  heard(now) {
    const heard = [];
    let asking = null;
    for (const event of this.events) {
      if (asking !== null && event.at > asking && event.type !== "says" && event.type !== "plays") {
        heard.push([asking, event.at]);
        asking = null;
      }
      if (event.type === "asks") asking = event.at;
      const last = heard[heard.length - 1];
      if (event.type === "cut" && last) last[1] = Math.min(last[1], event.at);
      let at = event.at;
      for (const part of event.heard || []) {
        if (part.text) heard.push([at, at + part.took]);
        at += part.took;
      }
    }
    if (asking !== null) heard.push([asking, now]);
    return heard;
  }
}
