// Many callers at once: what `connect-async load` says, with its plots.
import { $, draw } from "./dom.js";
import { post } from "./api.js";

/** runLoad plays the callers of the form. */
export async function runLoad() {
  $("run-load").disabled = true;
  $("load-status").textContent = "Playing …";
  try {
    const answer = await post("/api/load", {
      arrivals: $("load-arrivals").value, takes: $("load-takes").value, patience: $("load-patience").value,
      results: $("load-results").value, capacity: $("load-shows").value === "callers",
    });
    $("load-status").textContent = "";
    $("load-text").textContent = answer.text;
    const plot = shape(answer.plot);
    plot.setAttribute("role", "img");
    plot.setAttribute("aria-label", answer.shows);
    $("load-plot").replaceChildren(plot);
  } catch (error) {
    $("load-status").textContent = error.message;
  }
  $("run-load").disabled = false;
}

// shape is an element of the plot.
function shape(s) {
  const element = draw(s.name, s.attributes, s.text, ...s.children.map(shape));
  for (const [name, value] of Object.entries(s.style)) element.style.setProperty(name, value);
  return element;
}
