// Talking to the desk's own server.

/** What this session's changes have to carry; "" on a desk without users. */
let csrf = "";
let onLoginNeeded = () => {};

/** Call `then` whenever the server asks for a login. */
export function loginNeeded(then) {
  onLoginNeeded = then;
}

/** {open, user}: whether one has to log in, and who is. */
export async function session() {
  return keep(await read("/page/session", "ko"));
}

export async function login(name, password, language) {
  return keep(await post("/page/login", { name, password }, language));
}

export async function logout(language) {
  return keep(await post("/page/logout", {}, language));
}

function keep(told) {
  csrf = told.csrf;
  return told;
}

/** Read JSON. Throws an Error whose message is the server's sentence in the page's language. */
export async function read(path, language) {
  return answer(await fetch(path, { headers: { Accept: "application/json" } }), language);
}

/** Carry out an act. The guard header cannot be set by a foreign page's form. */
export async function act(handoffId, name, body, language) {
  return post(`/page/handoffs/${encodeURIComponent(handoffId)}/${name}`, body, language);
}

async function post(path, body, language) {
  const headers = { "Content-Type": "application/json", "X-Desk-Request": "1", "X-CSRF-Token": csrf };
  return answer(await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }), language);
}

async function answer(response, language) {
  const value = await response.json().catch(() => ({}));
  if (response.status === 401 && value.code === "login_required") onLoginNeeded();
  if (!response.ok) throw new Error(value[language] ?? `HTTP ${response.status}`);
  return value;
}

/** Call `onChange` at every change and after every reconnect; `onState` with true while connected. Returns what ends it. */
export function follow(onChange, onState) {
  const source = new EventSource("/page/events");
  source.addEventListener("open", () => onState(true));
  source.addEventListener("message", onChange);
  source.addEventListener("error", () => {
    onState(false);
    if (source.readyState === EventSource.CLOSED) {
      source.close();
      if (!stopped) setTimeout(() => { stop = follow(onChange, onState); }, 1000 + Math.random() * 1000);
    }
  });
  let stopped = false;
  let stop = () => { stopped = true; source.close(); };
  return () => stop();
}
