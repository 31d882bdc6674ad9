// The page: header, list, detail; told of changes by the server, it reads again what it shows.

import { act, follow, loginNeeded, read } from "./api.js";
import { Detail } from "./detail.js";
import { clock, h, replace } from "./dom.js";
import { Gate } from "./gate.js";
import { listenForChoice, renderList, tickAges } from "./list.js";
import { currentLanguage, setLanguage, w } from "./words.js";

const bar = document.getElementById("bar");
const list = document.getElementById("list");
const pane = document.getElementById("detail");
const toast = document.getElementById("toast");

const DIALLED = { police: "112", fire: "119" };
const gate = new Gate(document.getElementById("gate"), enter, leave);
const state = { overview: null, selected: null, detail: null, connected: false, skew: 0, known: null, sound: null, visit: 0 };
const now = () => Date.now() + state.skew;

function operator() {
  if (gate.told.user) return gate.told.user;
  return (localStorage.getItem("desk.operator") || "").trim() || `${DIALLED[state.overview?.agency ?? "police"] ?? w(`title_${state.overview.agency}`)} ${w("reception")}`;
}

function say(text) {
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { toast.hidden = true; }, 8000);
}

async function refresh() {
  if (!state.following) return;
  if (refresh.busy) { refresh.again = true; return; }
  refresh.busy = true;
  const { visit } = state; // an answer that comes after the log-out is nobody's
  try {
    const overview = await read("/page/handoffs", currentLanguage());
    if (visit !== state.visit) return;
    state.overview = overview;
    state.skew = Date.parse(state.overview.now) - Date.now();
    announceNew();
    if (state.selected) await load(state.selected);
    if (visit !== state.visit) return;
    drawBar();
    drawList();
    const wanted = location.hash.slice(1);
    if (!state.selected && state.overview.handoffs.some((handoff) => handoff.id === wanted)) choose(wanted);
  } catch (error) {
    if (visit === state.visit) say(`${w("offline")}: ${error.message}`);
  } finally {
    refresh.busy = false;
    if (refresh.again) { refresh.again = false; refresh(); }
  }
}

function announceNew() {
  // A recall and a message of the centre are news like a new hand-off.
  const ids = new Set(state.overview.handoffs.flatMap(({ id, is_recalled: recalled, messages }) => [id, ...(recalled ? [`${id} recalled`] : []), `${id} ${messages}`]));
  const fresh = state.known && [...ids].some((id) => !state.known.has(id));
  state.known = ids;
  if (fresh && state.sound) ring(state.sound);
}

/** Two short tones; only after the sound was switched on by hand, as browsers require. */
function ring(audio) {
  [880, 660].forEach((frequency, index) => {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = frequency;
    volume.gain.value = 0.08;
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + index * 0.22);
    tone.stop(audio.currentTime + index * 0.22 + 0.18);
  });
}

async function choose(id) {
  if (state.selected === id) return;
  state.selected = id;
  history.replaceState(null, "", `#${id}`); // a reload comes back to the same hand-off
  state.detail?.close();
  state.detail = null;
  drawList();
  try {
    await load(id);
  } catch (error) {
    say(error.message);
  }
}

async function load(id) {
  const { visit } = state;
  const detail = await read(`/page/handoffs/${encodeURIComponent(id)}`, currentLanguage());
  if (visit !== state.visit || state.selected !== id) return;
  if (state.detail) state.detail.update(detail);
  else {
    state.detail = new Detail(detail, state.overview.agency, now, answer, choose);
    replace(pane, state.detail.element);
  }
  if (detail.stage === "new") await answer("opened", {}); // also after a try that the server did not hear
}

async function answer(name, body) {
  try {
    await act(state.selected, name, { by: operator(), ...body }, currentLanguage());
    await refresh();
    return true;
  } catch (error) {
    say(`${w("failed")}: ${error.message}`);
    return false;
  }
}

function drawList() {
  renderList(list, state.overview, state.selected, now());
  if (!state.selected) replace(pane, h("div", { class: "empty" }, h("p", {}, w("choose"))));
}

function drawBar() {
  const agency = state.overview?.agency ?? "police";
  document.title = `${w(`title_${agency}`)} · ${w("subtitle")}`;
  if (bar.contains(document.activeElement) && document.activeElement.tagName === "INPUT") return;
  const unsent = state.overview?.unsent_receipts ?? 0;
  const broken = state.overview?.journal_broken;
  replace(bar,
    h("strong", { class: `agency ${agency}` }, w(`title_${agency}`)),
    h("span", { class: "quiet" }, w("subtitle")),
    state.following ? h("span", { class: state.connected ? "link up" : "link down" }, state.connected ? `● ${w("connected")}` : `▲ ${w("reconnecting")}`) : null,
    unsent ? h("span", { class: "warn" }, `▲ ${w("unsent")} ${unsent}${state.overview.last_failure ? ` (${state.overview.last_failure})` : ""}`) : null,
    broken ? h("span", { class: "warn", role: "alert" }, `✕ ${w("journal_broken")} (${broken})`) : null,
    h("span", { class: "grow" }),
    ...who(),
    h("button", { type: "button", "aria-pressed": String(Boolean(state.sound)), onclick: toggleSound }, `${w("sound")} ${w(state.sound ? "on" : "off")}`),
    h("button", { type: "button", class: "language", onclick: switchLanguage }, currentLanguage() === "ko" ? "English" : "한국어"),
    h("time", { id: "clock", "aria-label": w("clock_label") }, clock(now())));
}

/** Who acts: the user who is logged in; on an open desk, which says that it is one, a name that is typed. */
function who() {
  if (gate.told.user) {
    return [h("span", { class: "user" }, `${w("operator")} ${gate.told.user}`), h("button", { type: "button", class: "logout", onclick: () => gate.leave() }, w("logout"))];
  }
  if (!gate.told.open) return [];
  return [h("span", { class: "open-desk warn" }, w("open_desk")), h("label", {}, w("operator"), h("input", {
    class: "operator", maxlength: 60, value: operator(), onchange: (event) => localStorage.setItem("desk.operator", event.target.value),
  }))];
}

/** Somebody may see hand-offs now. */
function enter() {
  state.following?.();
  state.following = follow(refresh, connected);
  drawBar();
  refresh();
}

/** Nobody may: nothing of a hand-off stays on the screen. */
function leave() {
  state.following?.();
  state.detail?.close();
  Object.assign(state, { overview: null, selected: null, detail: null, connected: false, known: null, following: null, visit: state.visit + 1 });
  replace(pane);
  drawBar();
  drawList();
}

function connected(now) {
  const back = now && !state.connected;
  state.connected = now;
  drawBar();
  if (back) refresh();
}

function toggleSound() {
  if (state.sound) { state.sound.close(); state.sound = null; }
  else { state.sound = new AudioContext(); ring(state.sound); }
  drawBar();
}

function switchLanguage() {
  setLanguage(currentLanguage() === "ko" ? "en" : "ko");
  if (!gate.element.hidden) gate.draw();
  state.detail?.close();
  state.detail = null;
  drawBar();
  refresh();
}

function tick() {
  const face = document.getElementById("clock");
  if (face) face.textContent = clock(now());
  tickAges(list, now());
  state.detail?.tick();
}

function onKey(event) {
  if (event.target.tagName !== "INPUT" && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const rows = [...list.querySelectorAll(".row")];
    const at = rows.findIndex((row) => row.dataset.id === state.selected);
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + (event.key === "ArrowDown" ? 1 : -1)))];
    if (next) { event.preventDefault(); next.click(); next.focus(); }
  }
  if (event.key === "Escape") state.detail?.units.giveUp();
  state.detail?.actions.key(event);
}

setLanguage(currentLanguage());
drawBar();
drawList();
document.addEventListener("keydown", onKey);
listenForChoice(list, choose);
setInterval(tick, 500);
setInterval(() => { if (!state.connected) refresh(); }, 5000); // a proxy that swallows the event stream only slows it down
loginNeeded(() => gate.shut());
gate.begin();
