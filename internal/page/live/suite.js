// All scenarios of the project: played at once, each opens as a call.
import { $, make, table } from "./dom.js";
import { post } from "./api.js";

/** runSuite plays all scenarios. open is called with the one that somebody wants to see. */
export async function runSuite(open) {
  $("run-suite").disabled = true;
  $("suite-heading").textContent = "Playing …";
  try {
    const suite = await post("/api/suite");
    $("suite-heading").textContent = suite.heading;
    const heads = ["Verdict", "Scenario", "File", "Length", "Longest silence", "Noticed after", "Problems"];
    $("results").replaceChildren(table("Scenarios", heads, suite.results.map((r) => row(r, open))));
  } catch (error) {
    $("suite-heading").textContent = error.message;
  }
  $("run-suite").disabled = false;
}

function row(result, open) {
  const button = make("button", { type: "button", class: "link", text: result.title || result.file });
  button.onclick = () => open(result);
  return make("tr", { class: result.passed ? "passed" : "failed" },
    make("td", { class: "verdict", text: result.passed ? "✓ passed" : "✗ failed" }), make("td", {}, button),
    make("td", { text: result.file }), make("td", { text: result.length }), make("td", { text: result.silence }),
    make("td", { text: result.noticed }), make("td", { text: (result.problems || []).join("\n") }));
}
