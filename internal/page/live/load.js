// Many callers at once: what `connect-async load` says, with its plots.
import { $, draw } from "./dom.js";
import { post } from "./api.js";

let running = new AbortController();

/** cancelLoad stops the server from playing on. */
export function cancelLoad() {
  running.abort();
}

// playing shows what can be pressed, and keeps the focus on it.
function playing(now) {
  const [shown, other] = now ? ["cancel-load", "run-load"] : ["run-load", "cancel-load"];
  const focused = document.activeElement === $(other);
  $(shown).hidden = false;
  if (focused) $(shown).focus();
  $(other).hidden = true;
}

/** runLoad plays the callers of the form. */
export async function runLoad() {
  if ($("run-load").hidden) return; // Enter was pressed in the form
  running = new AbortController();
  playing(true);
  $("load-status").textContent = "Playing …";
  try {
    const answer = await post("/api/load", {
      arrivals: $("load-arrivals").value, takes: $("load-takes").value, patience: $("load-patience").value,
      results: $("load-results").value, capacity: $("load-shows").value === "callers",
    }, running.signal);
    $("load-status").textContent = "";
    $("load-text").textContent = answer.text;
    const plot = shape(answer.plot);
    plot.setAttribute("role", "img");
    plot.setAttribute("aria-label", answer.shows);
    $("load-plot").replaceChildren(plot);
  } catch (error) {
    $("load-status").textContent = running.signal.aborted ? "Cancelled." : error.message;
  }
  playing(false);
}

// shape is an element of the plot.
function shape(s) {
  const element = draw(s.name, s.attributes, s.text, ...s.children.map(shape));
  for (const [name, value] of Object.entries(s.style)) element.style.setProperty(name, value);
  return element;
}
