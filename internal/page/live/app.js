// The page: what somebody does, and what the server tells, meet here.
import { $, Grid, gridRow, make, roveRows, seconds } from "./dom.js";
import { get, post, stream } from "./api.js";
import { Axis } from "./axis.js";
import { Call } from "./call.js";
import { Flows } from "./flow.js";
import { Sound } from "./sound.js";
import { cancelLoad, runLoad } from "./load.js";
import { runSuite } from "./suite.js";

const sliceMillis = 8; // of work at a time, so that the page answers meanwhile
const lookMillis = 2000; // between two looks whether a file has changed
const growMillis = 100; // between two looks at what grows with time
const heardMillis = 1500; // between two announcements
const noAnswer = "The program behind this page does not answer. Start it again, and open the new address.";

const sound = new Sound(notice);
const flows = new Flows((flow, action) => goTo(call && call.next(flow, action), action));
const axis = new Axis((at) => goTo(at));

let project = {}, call = null;

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

/** take works off what was told, a slice at a time. What of it is seen, the next frame shows. */
function take(one) {
  if (one !== call) return;
  const until = performance.now() + sliceMillis;
  while (one.queue.length > 0 && performance.now() < until) told(one.queue.shift());
  if (one.queue.length > 0) setTimeout(() => take(one), sliceMillis);
}

function told(message) {
  call.news = true;
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
  $("callers").hidden = info.arrivals.length < 2;
  $("caller").replaceChildren(...info.arrivals.map((_, i) => make("option", { value: i, text: String(i + 1) })));
  if ([...$("scenario").options].some((o) => o.value === info.scenario) && $("scenario").value !== info.scenario) {
    $("scenario").value = info.scenario;
    loadFlows();
  }
  $("who").value = info.attend ? "you" : "scenario"; // also after a reload
  if (info.real) $("pace").value = "real";
  const chat = info.chat[0];
  $("say-label").textContent = chat ? "Type" : "Say";
  $("say-button").textContent = chat ? "Send" : "Say";
  show(0);
  controls();
}

/** show begins to show a caller. */
function show(caller) {
  call.show(caller);
  call.grownAt = 0;
  axis.clear(call.info.lanes);
  call.list = new Grid("Events", ["Second", "What", "Detail", "Took"]);
  $("events").replaceChildren(call.list.element);
  $("summary").hidden = true;
}

function happened(event) {
  call.all.push(event);
  if (event.caller === call.caller) shown(event, true);
}

function shown(event, fresh) {
  call.happened(event);
  if (event.bar) axis.put({ ...event.bar, action: event.action });
  if (event.verb) {
    event.row = rowOf(event);
    call.list.append(event.row);
  }
  if (fresh && call.queue.length < 20) {
    sound.hear(event, call.clock.speed);
    announce(event);
  }
}

function rowOf(event) {
  const row = gridRow({ class: event.failed ? "failed" : event.silent ? "silent" : false }, event.clock, event.verb,
    event.words + (event.silent ? " — silence" : ""), event.length);
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
  const one = call.end.callers[call.caller];
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

/** refresh shows the latest moment, or the one that somebody looks at. All that is drawn comes first, and then all that
 *  scrolls, which has the page laid out. */
function refresh() {
  if (!call || !call.info) return;
  const now = call.now(), following = call.cursor === null, at = following ? now : call.cursor;
  call.news = false;
  if (!call.end && performance.now() - call.grownAt > growMillis) {
    axis.until(now);
    axis.silences(call.silences(now));
    call.grownAt = performance.now();
  }
  const trail = following ? call.trail : call.at(at);
  trail.over = Boolean(call.end) && following;
  const shown = [call.events.length, following || at, trail.over].join();
  if (shown !== call.shown) flows.at(trail, $("follow").checked && (following || call.jumped));
  call.shown = shown;
  if (call.jumped) flows.select(call.action);
  axis.point(at, following ? null : call.action);
  const row = point(at);
  moment(at, now);
  if ($("follow").checked && (following || call.jumped)) {
    if (trail.action !== call.shownAction || call.jumped) flows.reveal(trail.action);
    call.shownAction = trail.action;
    axis.reveal(at);
  }
  if (row) reveal(row);
  call.jumped = false;
}

/** moment shows which moment is shown. */
function moment(at, now) {
  const text = seconds(at), following = call.cursor === null;
  if ($("time").textContent !== text) {
    $("time").textContent = text;
    $("moment").setAttribute("aria-valuetext", text);
  }
  $("moment").max = Math.ceil(now * 10) / 10;
  if (document.activeElement !== $("moment") || following) $("moment").value = at;
  $("latest").hidden = following;
  const back = call.end ? "Back to the end" : "Back to now";
  if ($("latest").textContent !== back) $("latest").textContent = back;
}

/** point marks the latest event of the table, and returns its row when it is another one. */
function point(at) {
  const latest = call.before(at);
  if (!latest || latest.row === call.row) return null;
  if (call.row) call.row.classList.remove("current");
  call.row = latest.row;
  call.row.classList.add("current");
  return call.row;
}

/** reveal keeps a row of the events in sight, unless somebody walks among them. */
function reveal(row) {
  const list = $("events"), top = row.offsetTop;
  if (list.contains(document.activeElement)) return;
  if (top < list.scrollTop || top + row.offsetHeight > list.scrollTop + list.clientHeight) {
    list.scrollTop = top - list.clientHeight / 2;
  }
}

/** goTo looks at a moment, in the flow and on the axis. */
function goTo(at, action) {
  if (!call || !call.info || at === undefined) return;
  call.cursor = Math.min(Math.max(at, 0), call.now());
  call.action = action || call.at(call.cursor).action;
  call.jumped = true;
  refresh();
}

let announced = -Infinity, announcing = null;

/** announce tells readers of the page what happened: the latest, not too often, and not while a voice speaks. */
function announce(event) {
  if (!event.verb || sound.speaks(call.clock.speed)) return;
  clearTimeout(announcing);
  announcing = setTimeout(() => {
    announced = performance.now();
    $("live").textContent = `${event.verb} ${event.words}`;
  }, announced + heardMillis - performance.now());
}

function notice(text) {
  $("notice").textContent = text;
  $("notice").hidden = !text;
}

// --- what somebody does

/** asked says what somebody can do when the flow wants something of a kind from them. */
function asked(kind, chat) {
  switch (kind) {
    case "key": return "press a key";
    case "digits": return "press one key or more";
    case "bot": return chat ? "type something" : "say something, or press keys";
    case "view": return "type the name of an action of the view";
  }
  return "";
}

function controls() {
  const going = Boolean(call) && Boolean(call.info) && !call.end && !call.clock.over;
  const mine = going && call.info.attend, chat = mine && call.info.chat[0], kind = mine ? call.clock.listens : "";
  $("pause").disabled = !going || call.info.real;
  $("pause").textContent = going && call.clock.paused ? "Go on" : "Pause";
  for (const button of $("keypad").children) button.disabled = !mine || chat;
  const takesWords = chat || kind === "bot" || kind === "view";
  $("words").disabled = !mine;
  $("words").readOnly = !takesWords; // what is disabled would lose the focus
  $("words").placeholder = mine && !takesWords ? "nobody listens now" : "";
  $("say-button").disabled = !takesWords;
  $("hang-up").disabled = $("change-button").disabled = !going;
  $("save").disabled = going || !call || !call.end;
  $("start").textContent = going ? "Start again" : "Start the call";
  $("status").textContent = status(going, asked(kind, chat));
}

/** status says how the call stands. hint is what somebody can do, if the flow listens to them. */
function status(going, hint) {
  if (!going && call && call.end) return "The call is over. Move along the time axis, or choose a block to see its moments.";
  if (!going) return "Choose a scenario and who the caller is, and start the call.";
  const { paused, waits, listens } = call.clock, before = call.info.real ? "In real time. " : "";
  if (paused) return before + "Paused.";
  if (waits) return `${before}The flow waits for you: ${hint}.`;
  if (listens) return before + (hint ? `The flow listens to you: ${hint}.` : "The flow listens.");
  return before + "The call goes on.";
}

let acting = Promise.resolve(); // until the server has answered the latest that somebody did

/** act has something done in the call. One request waits for the one before, so that keys arrive in their order. */
function act(what, body) {
  if (!call) return;
  const path = `/api/calls/${call.id}/${what}`;
  acting = acting.then(() => post(path, body)).then(() => notice(""), (error) => notice(error.message));
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
  act("pace", { speed: Number($("pace").value) });
};
$("pause").onclick = () => act("pace", { paused: !call.clock.paused });
$("say").onsubmit = (event) => {
  event.preventDefault();
  const words = $("words").value;
  if (!words || $("words").readOnly) return;
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
  show(Number($("caller").value));
  for (const event of call.all) if (event.caller === call.caller) shown(event, false);
  if (call.end) summary();
  refresh();
};
$("moment").oninput = () => goTo(Number($("moment").value));
$("latest").onclick = () => {
  call.cursor = null;
  refresh();
};
roveRows($("events"));
const view = (shown) => {
  for (const name of ["call", "suite", "load"]) {
    $(name).hidden = name !== shown;
    $("show-" + name).setAttribute("aria-pressed", String(name === shown));
  }
};
for (const name of ["call", "suite", "load"]) $("show-" + name).onclick = () => view(name);
$("load-form").onsubmit = (event) => {
  event.preventDefault();
  runLoad();
};
$("cancel-load").onclick = cancelLoad;
$("run-suite").onclick = () => runSuite((result) => {
  view("call");
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
  if (call) call.shown = "";
  refresh();
}

function tick() {
  if (call && call.info && (call.news || !call.end)) refresh();
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
