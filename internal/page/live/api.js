// What the page asks its server. The token of the address goes with each request, as a header; it leaves the address
// bar, but stays for the next load of this tab.

const token = (() => {
  const given = location.hash.slice(1);
  if (given) {
    sessionStorage.setItem("token", given);
    history.replaceState(null, "", location.pathname);
  }
  return given || sessionStorage.getItem("token") || "";
})();

const headers = { "X-Page-Token": token };

async function request(path, options) {
  const response = await fetch(path, { ...options, headers, referrerPolicy: "no-referrer" });
  if (!(response.headers.get("Content-Type") || "").includes("application/json")) {
    throw new Error((await response.text()).trim() || response.statusText);
  }
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

export const get = (path) => request(path, {});
/** post asks for something. It is taken back when stop is signalled. */
export const post = (path, body = {}, stop) => request(path, { method: "POST", body: JSON.stringify(body), signal: stop });

/** recording is the sound of a prompt, or null where the project has none. */
export async function recording(name) {
  const response = await fetch("/api/prompt?name=" + encodeURIComponent(name), { headers });
  return response.ok ? response.arrayBuffer() : null;
}

/** stream calls told with each message of a call, from the first, until the call is over or stop is signalled. */
export async function stream(id, told, stop) {
  const response = await fetch(`/api/calls/${id}/events`, { headers, signal: stop });
  if (!response.ok) throw new Error((await response.text()).trim());
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = ""; ;) {
    const { value, done } = await reader.read();
    if (done) return;
    const messages = (rest + value).split("\n\n");
    rest = messages.pop();
    for (const message of messages) told(JSON.parse(message.slice("data: ".length)));
  }
}
