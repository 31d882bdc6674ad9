// Talking to the desk's own server.

/** Read JSON. Throws an Error whose message is the server's sentence in the page's language. */
export async function read(path, language) {
  return answer(await fetch(path, { headers: { Accept: "application/json" } }), language);
}

/** Carry out an act. The guard header cannot be set by a foreign page's form. */
export async function act(handoffId, name, body, language) {
  const path = `/page/handoffs/${encodeURIComponent(handoffId)}/${name}`;
  const headers = { "Content-Type": "application/json", "X-Desk-Request": "1" };
  return answer(await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }), language);
}

async function answer(response, language) {
  const value = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(value[language] ?? `HTTP ${response.status}`);
  return value;
}

/** Call `onChange` at every change and after every reconnect; `onState` with true while connected. */
export function follow(onChange, onState) {
  const source = new EventSource("/page/events");
  source.addEventListener("open", () => onState(true));
  source.addEventListener("message", onChange);
  source.addEventListener("error", () => {
    onState(false);
    if (source.readyState === EventSource.CLOSED) {
      source.close();
      setTimeout(() => follow(onChange, onState), 1000 + Math.random() * 1000);
    }
  });
}
