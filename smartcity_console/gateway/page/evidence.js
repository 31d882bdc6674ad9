"use strict";
// The key stands behind the # of the address: browsers do not send that part, so no server or proxy writes it down.
const key = location.hash.slice(1);
if (key) {
  document.querySelector("input[name=token]").value = key;
  document.querySelector("label").hidden = true;
  history.replaceState(null, "", location.pathname);
  document.querySelector("button").focus();
}
