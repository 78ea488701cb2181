// The page: what somebody does, and what the server tells, meet here.
import { $, make, roveRows, seconds } from "./dom.js";
import { get, post, stream } from "./api.js";
import { Axis } from "./axis.js";
import { Flows, table } from "./flow.js";
import { Sound } from "./sound.js";
import { runSuite } from "./suite.js";

const sliceMillis = 8; // of work at a time, so that the page answers meanwhile
const lookMillis = 2000; // between two looks whether a file has changed
const growMillis = 100; // between two looks at what grows while nothing happens
const heardMillis = 1500; // between two announcements
const noAnswer = "The program behind this page does not answer. Start it again, and open the new address.";

const sound = new Sound(notice);
const flows = new Flows((flow, action) => goTo(nextMoment(flow, action), action));
const axis = new Axis((at) => goTo(at));

let project = {}, call = null, caller = 0;

/** Call is what the page knows of the call that it shows. */
class Call {
  constructor(id) {
    this.id = id;
    this.stop = new AbortController();
    this.events = [];
    this.queue = [];
    this.cursor = null; // a moment that somebody looks at; null: the latest
    this.clock = { at: 0, speed: 1, paused: true, seen: performance.now() };
  }

  /** now is the time of the caller's call. */
  now() {
    const c = this.clock;
    if (this.end) return this.end.callers[caller] ? this.end.callers[caller].duration : 0;
    const going = !c.paused && !c.waits && !c.over && c.speed > 0;
    const at = c.at + (going ? (performance.now() - c.seen) / 1000 * c.speed : 0);
    const latest = this.events.length ? this.events[this.events.length - 1].at : 0;
    return Math.max(at - ((this.info && this.info.arrivals[caller]) || 0), latest, 0);
  }
}

// --- starting and watching

async function start(options) {
  notice("");
  try {
    const { id } = await post("/api/calls", options);
    watch(id);
  } catch (error) {
    notice(error.message);
  }
}

function watch(id) {
  if (call) call.stop.abort();
  const one = call = new Call(id);
  sessionStorage.setItem("call", id);
  stream(id, (message) => {
    one.queue.push(message);
    if (one.queue.length === 1) setTimeout(() => take(one));
  }, one.stop.signal).catch((error) => {
    if (one !== call || error.name === "AbortError") return;
    sessionStorage.removeItem("call");
    notice(one.info ? "The connection is lost: " + error.message : error.message);
  });
}

/** take works off what was told, a slice at a time. */
function take(one) {
  if (one !== call) return;
  const until = performance.now() + sliceMillis;
  while (one.queue.length > 0 && performance.now() < until) told(one.queue.shift());
  refresh();
  if (one.queue.length > 0) setTimeout(() => take(one), 8);
}

function told(message) {
  if (message.call) begin(message.call);
  if (message.event) happened(message.event);
  if (message.clock) {
    call.clock = { ...message.clock, seen: performance.now() };
    flows.hurries = call.clock.speed !== 1;
    controls();
  }
  if (message.end) ended(message.end);
}

function begin(info) {
  call.info = info;
  call.all = [];
  $("callers").hidden = info.arrivals.length < 2;
  $("caller").replaceChildren(...info.arrivals.map((_, i) => make("option", { value: i, text: String(i + 1) })));
  caller = 0;
  if ([...$("scenario").options].some((o) => o.value === info.scenario) && $("scenario").value !== info.scenario) {
    $("scenario").value = info.scenario;
    loadFlows();
  }
  const chat = info.chat[0];
  $("say-label").textContent = chat ? "Type" : "Say";
  $("say-button").textContent = chat ? "Send" : "Say";
  show();
  controls();
}

/** show begins to show a caller. */
function show() {
  call.events = [];
  call.trail = { taken: new Map(), entered: new Set() };
  call.cursor = null;
  axis.clear(call.info.lanes);
  $("events").replaceChildren(table("Events", ["Second", "What", "Detail", "Took"], []));
  call.rows = $("events").querySelector("tbody");
  $("summary").hidden = true;
}

function happened(event) {
  call.all.push(event);
  if (event.caller === caller) shown(event, true);
}

function shown(event, fresh) {
  call.events.push(event);
  if (event.bar) axis.put({ ...event.bar, action: event.action });
  follow(call.trail, event);
  if (event.verb) {
    event.row = rowOf(event);
    call.rows.append(event.row);
    if (call.rows.children.length === 1) event.row.setAttribute("tabindex", "0");
  }
  if (fresh && call.queue.length < 20) {
    sound.hear(event, call.clock.speed);
    announce(event);
  }
}

/** follow keeps where the contact is, and which branches it took. */
function follow(trail, event) {
  const key = event.flow + "\n" + event.action;
  if (event.type === "enters") {
    trail.flow = event.flow;
    trail.action = event.action;
    trail.entered.add(key);
  } else if (event.type === "takes") {
    trail.taken.set(key + "\n" + event.text, (trail.taken.get(key + "\n" + event.text) || 0) + 1);
  }
}

function rowOf(event) {
  const row = make("tr", { tabindex: "-1", class: event.failed ? "failed" : event.silent ? "silent" : false },
    make("td", { text: event.clock }), make("td", { text: event.verb }),
    make("td", { text: event.words + (event.silent ? " — silence" : "") }), make("td", { text: event.length || "" }));
  row.dataset.at = event.began;
  row.onclick = () => goTo(event.began, event.action);
  return row;
}

function ended(end) {
  call.end = end;
  sessionStorage.setItem("call", call.id);
  summary();
  controls();
}

function summary() {
  const one = call.end.callers[caller];
  if (!one) return;
  axis.until(one.duration);
  axis.silences(one.silences);
  if (one.detected) axis.found(one.ready, one.noticed);
  const list = (name, items) => items.length ? [make("ul", { class: name }, ...items)] : [];
  $("result").replaceChildren(
    ...list("failures", (call.end.failures || []).map((text) => make("li", { text: "Not as expected: " + text }))),
    make("dl", { class: "figures" }, ...one.figures.map((f) => make("div", {}, make("dt", { text: f.Name }), make("dd", { text: f.Value })))),
    ...list("bears", (one.bears || []).map((b) => make("li", { class: b.Level }, make("strong", { text: b.Level }), " " + b.Text))),
    ...one.lines.map((text) => make("p", { text })));
  $("summary").hidden = false;
}

// --- showing a moment

/** refresh shows the latest moment, or the one that somebody looks at. */
function refresh() {
  if (!call || !call.info) return;
  const now = call.now(), at = call.cursor === null ? now : call.cursor;
  if (call.grown !== call.events.length || performance.now() - call.grownAt > growMillis) {
    axis.until(now);
    if (!call.end) axis.silences(silencesUntil(now));
    call.grown = call.events.length;
    call.grownAt = performance.now();
  }
  const following = call.cursor === null;
  const trail = following ? call.trail : trailAt(at);
  trail.over = Boolean(call.end) && following;
  const mark = `${trail.flow}\n${trail.action}\n${trail.taken.size}\n${trail.over}\n${call.events.length}\n${following || at}`;
  if (mark !== call.mark) {
    call.mark = mark;
    flows.at(trail, $("follow").checked && (following || call.jumped));
    call.jumped = false;
  }
  axis.point(at, following && $("follow").checked, call.cursor === null ? null : call.action);
  row(at, following);
  $("time").textContent = seconds(at);
  $("moment").max = Math.ceil(now * 10) / 10;
  if (document.activeElement !== $("moment") || following) $("moment").value = at;
  $("moment").setAttribute("aria-valuetext", seconds(at));
  $("latest").hidden = following;
  $("latest").textContent = call.end ? "Back to the end" : "Back to now";
}

/** row marks the latest event of the table, and keeps it in sight. */
function row(at, following) {
  const latest = call.events.findLast((e) => e.row && e.at <= at + 0.0005);
  if (!latest || latest.row === call.row) return;
  if (call.row) call.row.classList.remove("current");
  call.row = latest.row;
  call.row.classList.add("current");
  const list = $("events"), top = call.row.offsetTop;
  if (!list.contains(document.activeElement) && (following || call.cursor !== null) &&
    (top < list.scrollTop || top + call.row.offsetHeight > list.scrollTop + list.clientHeight)) {
    list.scrollTop = top - list.clientHeight / 2;
  }
}

function trailAt(at) {
  const trail = { taken: new Map(), entered: new Set() };
  for (const event of call.events) if (event.at <= at + 0.0005) follow(trail, event);
  return trail;
}

/** silencesUntil are the stretches of silence so far. When the call is over, the server says which they were. */
function silencesUntil(now) {
  if (call.info.chat[caller]) return [];
  const heard = [];
  let asking = null;
  for (const event of call.events) {
    if (asking !== null && event.at > asking && event.type !== "says" && event.type !== "plays") {
      heard.push([asking, event.at]);
      asking = null;
    }
    if (event.type === "asks") asking = event.at;
    if (event.type === "cut" && heard.length) heard[heard.length - 1][1] = Math.min(heard[heard.length - 1][1], event.at);
    let at = event.at;
    for (const part of event.heard || []) {
      if (part.text) heard.push([at, at + part.took]);
      at += part.took;
    }
  }
  if (asking !== null) heard.push([asking, now]);
  const gaps = [];
  let until = 0;
  const gap = (to) => {
    if (to - until < 0.05) return;
    const level = ["", "note", "failure", "critical"][call.info.silence.filter((limit) => to - until > limit).length];
    gaps.push({ index: gaps.length, lane: 2, at: until, took: to - until, class: "silence " + level, text: seconds(to - until),
      long: `${seconds(until)}: silence of ${seconds(to - until)}` });
  };
  for (const [from, to] of heard.sort((a, b) => a[0] - b[0])) {
    gap(from);
    until = Math.max(until, to);
  }
  gap(now);
  return gaps;
}

/** goTo looks at a moment, in the flow and on the axis. */
function goTo(at, action) {
  if (!call || !call.info || at === undefined) return;
  call.cursor = Math.min(Math.max(at, 0), call.now());
  call.jumped = true;
  call.action = action;
  refresh();
  const trail = trailAt(call.cursor);
  flows.select(action || trail.action);
  if (!action) call.action = trail.action;
  if ($("follow").checked) flows.reveal(call.action); // what is known of the block takes some of the drawing's room
  axis.point(call.cursor, true, call.action);
}

/** nextMoment is when the contact came to a block: the next time after the moment that is shown, or the first. */
function nextMoment(flow, action) {
  if (!call) return undefined;
  const moments = call.events.filter((e) => e.type === "enters" && e.flow === flow && e.action === action).map((e) => e.at);
  const from = call.cursor === null ? -1 : call.cursor;
  const next = moments.find((at) => at > from + 0.001);
  return next === undefined ? moments[0] : next;
}

let latestHeard = 0;

/** announce tells readers of the page what happened, but not too often, and not while a voice speaks. */
function announce(event) {
  if (!event.verb || sound.speaks() || performance.now() - latestHeard < heardMillis) return;
  latestHeard = performance.now();
  $("live").textContent = `${event.verb} ${event.words}`;
}

function notice(text) {
  $("notice").textContent = text;
  $("notice").hidden = !text;
}

// --- what somebody does

function controls() {
  const going = Boolean(call) && Boolean(call.info) && !call.end && !call.clock.over;
  const mine = going && call.info.attend;
  $("pause").disabled = !going || call.info.real;
  $("pause").textContent = going && call.clock.paused ? "Go on" : "Pause";
  for (const button of $("keypad").children) button.disabled = !mine;
  $("words").disabled = $("say-button").disabled = !mine;
  $("hang-up").disabled = $("change-button").disabled = !going;
  $("save").disabled = going || !call || !call.end;
  $("start").textContent = going ? "Start again" : "Start the call";
  let text = "Choose a scenario and who the caller is, and start the call.";
  if (going) {
    text = call.info.real ? "In real time. " : "";
    if (call.clock.paused) text += "Paused.";
    else if (call.clock.waits) text += "The flow waits for you: press a key or say something.";
    else if (call.clock.listens) text += call.info.attend ? "The flow listens to you." : "The flow listens.";
    else text += "The call goes on.";
  } else if (call && call.end) {
    text = "The call is over. Move along the time axis, or choose a block to see its moments.";
  }
  $("status").textContent = text;
}

async function act(what, body) {
  if (!call) return;
  try {
    await post(`/api/calls/${call.id}/${what}`, body);
    notice("");
  } catch (error) {
    notice(error.message);
  }
}

function pressed(key) {
  act("do", { press: key });
}

$("keypad").append(...[..."123456789*0#"].map((key) => {
  const button = make("button", { type: "button", text: key, disabled: "" });
  button.onclick = () => pressed(key);
  return button;
}));
$("controls").onsubmit = (event) => {
  event.preventDefault();
  const pace = $("pace").value;
  start({ scenario: $("scenario").value, real: pace === "real", speed: pace === "real" ? 1 : Number(pace), attend: $("who").value === "you" });
};
$("pace").onchange = () => {
  if (!call || !call.info || call.end || call.info.real || $("pace").value === "real") return;
  act("pace", { speed: Number($("pace").value), paused: call.clock.paused });
};
$("pause").onclick = () => act("pace", { speed: call.clock.speed, paused: !call.clock.paused });
$("say").onsubmit = (event) => {
  event.preventDefault();
  const words = $("words").value;
  if (!words) return;
  $("words").value = "";
  act("do", { say: words });
};
$("hang-up").onclick = () => act("do", { hang_up: true });
$("world").onsubmit = (event) => {
  event.preventDefault();
  act("change", { change: $("change").value, seconds: Number($("length").value) });
};
$("change").onchange = () => {
  $("length-field").hidden = !$("change").selectedOptions[0]?.dataset.timed;
};
$("save").onclick = async () => {
  $("saved").textContent = "Saving …";
  try {
    const saved = await post(`/api/calls/${call.id}/save`);
    $("saved").textContent = saved.passed ? `Saved as ${saved.file}. It passes.` :
      `Saved as ${saved.file}. It fails: ${(saved.problems || []).join("; ")}`;
    $("saved").dataset.passed = saved.passed;
    loadProject();
  } catch (error) {
    $("saved").textContent = error.message;
  }
};
$("sound").onchange = () => sound.turn($("sound").checked);
$("scenario").onchange = loadFlows;
$("caller").onchange = () => {
  caller = Number($("caller").value);
  show();
  for (const event of call.all) if (event.caller === caller) shown(event, false);
  if (call.end) summary();
  refresh();
};
$("moment").oninput = () => goTo(Number($("moment").value));
$("latest").onclick = () => {
  call.cursor = null;
  refresh();
};
roveRows($("events"));
const view = (suite) => {
  $("call").hidden = suite;
  $("suite").hidden = !suite;
  $("show-call").setAttribute("aria-pressed", String(!suite));
  $("show-suite").setAttribute("aria-pressed", String(suite));
};
$("show-call").onclick = () => view(false);
$("show-suite").onclick = () => view(true);
$("run-suite").onclick = () => runSuite((result) => {
  view(false);
  $("scenario").value = result.file;
  $("pace").value = "0";
  $("who").value = "scenario";
  loadFlows();
  start({ scenario: result.file, real: false, speed: 0, attend: false, words: result.words });
});

// --- what there is to play

async function loadProject() {
  const latest = await get("/api/project?version=" + encodeURIComponent(project.version || ""));
  if (latest.version && latest.version === project.version) return;
  const first = !project.version && !project.name;
  project = latest;
  $("project").textContent = project.name;
  document.title = project.name ? `${project.name} — connect-async` : "connect-async";
  flows.findings = project.findings || [];
  const chosen = first ? project.scenario : $("scenario").value;
  $("scenario").replaceChildren(...(project.scenarios || []).map((s) => make("option", { value: s.file, text: s.name })));
  $("scenario").value = (project.scenarios || []).some((s) => s.file === chosen) ? chosen : project.scenario || "";
  if (project.problems && project.problems.length) notice(project.problems.join("\n"));
  await loadFlows();
}

async function loadFlows() {
  const known = await get("/api/flows?scenario=" + encodeURIComponent($("scenario").value));
  notice((known.problems || []).join("\n"));
  flows.show(known.flows || []);
  const before = $("change").value;
  $("change").replaceChildren(...(known.changes || []).map((c) => {
    const option = make("option", { value: c.name, text: c.label });
    if (c.timed) option.dataset.timed = "1";
    return option;
  }));
  if ([...$("change").options].some((o) => o.value === before)) $("change").value = before;
  $("change").onchange();
  if (call) call.mark = "";
  refresh();
}

function tick() {
  if (call && call.info && !call.end && call.queue.length === 0) refresh();
  requestAnimationFrame(tick);
}

$("legend").append(...[["says", "says"], ["plays", "plays"], ["silence", "silence"], ["calls", "Lambda"], ["work", "the work"],
  ["ready", "the result is there"], ["noticed", "the flow notices"]].map(([kind, text]) =>
  make("span", {}, make("span", { class: "key " + kind }), text)));
controls();
try {
  await loadProject();
  if (sessionStorage.getItem("call")) watch(sessionStorage.getItem("call"));
} catch (error) {
  notice(error.message);
}
requestAnimationFrame(tick);
setInterval(() => {
  if (!document.hidden) loadProject().catch((error) => notice(error instanceof TypeError ? noAnswer : error.message));
}, lookMillis);
