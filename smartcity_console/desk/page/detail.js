// One hand-off in full. The pictures and a half-filled form stay as they are while facts around them change.

import { Actions } from "./actions.js";
import { clock, h, replace } from "./dom.js";
import { stageMark } from "./list.js";
import { PlaceMap } from "./map.js";
import { Media } from "./media.js";
import { Talk } from "./talk.js";
import { Units } from "./units.js";
import { w, worded } from "./words.js";

export class Detail {
  /** answer(name, body): carries an act out; choose(id): shows another hand-off. */
  constructor(detail, agency, now, answer, choose) {
    this.choose = choose;
    this.media = new Media(detail, now);
    this.actions = new Actions(detail, agency, answer);
    this.map = detail.notice.incident.position ? new PlaceMap(detail.notice.incident.position) : null;
    this.units = new Units(this.map, answer);
    this.talk = new Talk(answer);
    this.recall = h("div", { class: "recall-banner", role: "alert", hidden: true });
    this.group = h("div", { class: "group", hidden: true });
    this.title = h("div", { class: "title" });
    this.progress = h("ol", { class: "progress" });
    this.facts = h("div", { class: "facts" });
    this.timeline = h("div", { class: "timeline" });
    const place = this.map?.element ?? h("div", { class: "map none" }, h("p", {}, w("map_none")));
    this.element = h("article", { class: "handoff", "data-id": detail.id },
      detail.is_test ? h("div", { class: "drill-banner" }, w("drill_banner")) : null,
      this.recall,
      h("div", { class: "head" }, this.title, this.actions.element),
      this.progress,
      this.group,
      h("div", { class: "columns" },
        this.media.element,
        h("div", { class: "side" }, place, this.units.element, this.talk.element, this.facts, this.timeline)));
    this.update(detail);
  }

  update(detail) {
    replace(this.title, ...title(detail));
    replace(this.progress, ...progress(detail));
    this.recall.hidden = !detail.recall;
    replace(this.recall, ...(detail.recall ? recalled(detail.recall) : []));
    this.group.hidden = detail.group.length === 0;
    replace(this.group, ...group(detail, this.choose));
    this.talk.update(detail);
    this.units.update(detail);
    replace(this.facts, facts(detail));
    replace(this.timeline, ...timeline(detail));
    this.actions.update(detail);
    this.media.update(detail);
  }

  tick() {
    this.media.tick();
  }

  close() {
    this.media.close();
    this.map?.close();
  }
}

function title(detail) {
  const { incident } = detail.notice;
  return [
    h("div", { class: `grade grade-${detail.grade}` }, h("strong", {}, String(detail.grade)), h("span", {}, w(`grade_${detail.grade}`))),
    h("div", { class: "what" },
      h("h1", {}, `${w(`kind_${incident.kind}`)} · ${incident.site_name || "–"}`),
      h("p", { class: "where" }, incident.address || "–")),
  ];
}

function recalled({ text, sent_by: by, sent_at: at }) {
  return [h("strong", {}, `✕ ${w("recalled_banner")}`), h("span", {}, [worded("recall_", text), by, clock(at)].filter(Boolean).join(" · "))];
}

/** The other hand-offs of the same incident: the first, its follow-ups and corrections. */
function group(detail, choose) {
  const one = (other) => h("button", { type: "button", class: "chip", onclick: () => choose(other.id) },
    `${clock(other.received_at)} · ${w(other.follows ? "follow_up" : "first_handoff")}${other.is_recalled ? ` · ${w("recalled")}` : ""}`);
  return [h("span", { class: "quiet" }, w(detail.follows ? "this_follows" : "followed_by")), ...detail.group.map(one)];
}

/** Received, opened, accepted or refused, units: each with its time, who, and whether the centre has it. */
function progress(detail) {
  const first = h("li", { class: "done" }, h("span", { class: "step" }, `● ${w("step_received")}`), h("span", {}, clock(detail.received_at)));
  const refused = detail.receipts.some((receipt) => receipt.stage === "refused");
  const stages = ["opened", ...(refused ? ["refused"] : ["accepted", "units_sent", "on_scene", "closed"])];
  return [first, ...stages.map((stage) => step(stage, detail.receipts.filter((receipt) => receipt.stage === stage)))];
}

function step(stage, receipts) {
  if (!receipts.length) return h("li", { class: "todo" }, h("span", { class: "step" }, `○ ${w(`stage_${stage}`)}`), h("span", {}, w("waiting")));
  const last = receipts[receipts.length - 1];
  const units = receipts.flatMap((receipt) => receipt.units).join(", ");
  const eta = last.eta_min === null ? "" : `${w("eta")} ${last.eta_min}${w("minutes")}`;
  const outcome = last.outcome ? worded("outcome_", last.outcome) : "";
  const words = [clock(last.at), last.by, units, eta, last.reason, outcome, last.note].filter(Boolean).join(" · ");
  const sent = receipts.every((receipt) => receipt.sent);
  return h("li", { class: `done is-${stage}` },
    h("span", { class: "step" }, stageMark(stage)),
    h("span", { class: "who" }, words),
    h("span", { class: sent ? "sent" : "unsent" }, sent ? `✓ ${w("to_centre")}` : `… ${w("not_yet_sent")}`));
}

function facts(detail) {
  const { notice } = detail;
  const { incident } = notice;
  const at = incident.position;
  const coordinates = at ? `${at.lat_deg.toFixed(5)}, ${at.lon_deg.toFixed(5)}${at.uncertainty_m ? ` · ${w("uncertainty")} ${Math.round(at.uncertainty_m)} m` : ""}` : "–";
  const alerts = incident.alerts.map((alert) => [clock(alert.occurred_at), alert.firm_name, w(`kind_${alert.kind}`), alert.zone_name, alert.text].filter(Boolean).join(" · "));
  const rows = [
    ["note", notice.note || w("no_note"), notice.note ? "strong" : "quiet"],
    ["alerts", alerts],
    ["coordinates", coordinates],
    ["sent_by", `${notice.sent_by} · ${clock(notice.sent_at)}`],
    ["basis", w(notice.basis)],
    ["seal", detail.package ? `✓ ${w("seal_ok")} · ${w("signer")} ${detail.package.signer.slice(0, 16)}` : `… ${w("seal_wait")}`],
    ...(detail.gaps.length ? [["gaps", detail.gaps, "warn"]] : []),
  ];
  return h("dl", {}, rows.flatMap(([key, value, style]) => [
    h("dt", {}, w(key)),
    h("dd", { class: style }, Array.isArray(value) ? value.map((line) => h("div", {}, line)) : value),
  ]));
}

function timeline(detail) {
  const lines = detail.notice.timeline.map((line) => h("li", {},
    h("time", {}, clock(line.at)), h("span", {}, [w(`t_${line.type}`), spoken(line)].filter(Boolean).join(" · "))));
  return [h("h2", {}, w("timeline")), h("ol", {}, lines)];
}

/** The one fact that a line of the history is about. */
function spoken({ type, facts: given, actor }) {
  if (type === "VerdictGiven") return `${given.grade} ${w(`grade_${given.grade}`)} (${given.seat ?? actor})`;
  if (type === "HandoffRequested") return String(given.agency_name ?? "");
  if (type === "ProcedureStepTicked") return worded("p_", given.step ?? "");
  if (given.text !== undefined) return String(given.text);
  if (given.reason !== undefined) return worded("why_", given.reason);
  return given.seat === undefined ? "" : `${w("seat")} ${given.seat}`;
}
