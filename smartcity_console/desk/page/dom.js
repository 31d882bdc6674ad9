// Small helpers to build the page. Text only ever becomes a text node, so nothing from outside can turn into markup.

/** Make an element: h("p", {class: "note", onclick: f}, "text", child, null). */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  apply(element, attributes);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** Make an SVG element. */
export function s(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  apply(element, attributes);
  element.append(...children);
  return element;
}

function apply(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
}

export function replace(element, ...children) {
  element.replaceChildren(...children.flat().filter(Boolean));
}

const CLOCK = new Intl.DateTimeFormat("ko-KR", {
  timeZone: "Asia/Seoul", hour12: false, hour: "2-digit", minute: "2-digit", second: "2-digit",
});
const DAY = new Intl.DateTimeFormat("ko-KR", { timeZone: "Asia/Seoul", month: "2-digit", day: "2-digit" });

/** Time of day in Korea, 14:03:27; an unreadable time stays visible as a dash. */
export function clock(when) {
  const date = new Date(when);
  return Number.isNaN(date.getTime()) ? "–" : CLOCK.format(date).replace(/^24/, "00");
}

export function day(when) {
  return DAY.format(new Date(when));
}

/** 83 s -> "01:23"; beyond an hour "2:05:00"; beyond a day "3일". */
export function span(seconds, dayWord = "d") {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole >= 86400) return `${Math.floor(whole / 86400)}${dayWord}`;
  const two = (n) => String(n).padStart(2, "0");
  const minutes = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return whole >= 3600 ? `${Math.floor(whole / 3600)}:${minutes}` : minutes;
}

export function mebibytes(bytes) {
  return bytes < 1048576 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1048576).toFixed(1)} MiB`;
}
