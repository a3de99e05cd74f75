// What pages cannot do by themselves: print, keep what is typed, fill in a receipt's code, say that the line is down.
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
  // A double click sends a form once; the key in it would make the second one harmless anyway.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.hasAttribute("hx-post") || form.hasAttribute("hx-get")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 4000);
  });
  const status = document.getElementById("status-form");
  const fillIn = () => {
    const code = /^#([A-Za-z0-9_-]+)\/([A-Za-z0-9-]+)$/.exec(location.hash);
    if (!code || !status) return;
    status.elements.number.value = code[1];
    status.elements.code.value = code[2];
    history.replaceState(null, "", location.pathname);
  };
  fillIn();
  window.addEventListener("hashchange", fillIn);
  // What is typed into a long form survives a reload or a service that is away; never beyond the browser's tab.
  for (const form of document.querySelectorAll("form[data-keep]")) {
    const name = `keep:${form.dataset.keep}`;
    const kept = JSON.parse(sessionStorage.getItem(name) || "{}");
    for (const field of form.elements) {
      if (field.name in kept && !field.value && field.type !== "hidden") field.value = kept[field.name];
    }
    form.addEventListener("input", () => {
      const values = {};
      for (const field of form.elements) if (field.name && field.type !== "hidden") values[field.name] = field.value;
      sessionStorage.setItem(name, JSON.stringify(values));
    });
  }
  if (document.getElementById("query-code")) sessionStorage.removeItem("keep:new-ticket");
  // A list that is fetched anew keeps what was chosen in it, and the place of who works by keyboard.
  const chosen = new Set();
  let place = "";
  document.addEventListener("change", (event) => {
    if (event.target.matches("[name='assignment']")) chosen[event.target.checked ? "add" : "delete"](event.target.id);
  });
  document.addEventListener("focusin", (event) => { place = event.target.id; });
  new MutationObserver(() => {
    for (const id of chosen) {
      const box = document.getElementById(id);
      if (box) box.checked = true;
      else chosen.delete(id);
    }
    if (document.activeElement === document.body && place) document.getElementById(place)?.focus({ preventScroll: true });
  }).observe(document.getElementById("main"), { childList: true, subtree: true });
  // What somebody is about to write is not taken from under their hands.
  for (const name of ["htmx:before:request", "htmx:before:swap"]) {
    document.addEventListener(name, (event) => {
      const source = event.detail?.ctx?.sourceElement;
      if (source?.id === "docket" && source.querySelector("details[open]")) event.preventDefault();
    });
  }
  const away = document.getElementById("away");
  document.addEventListener("htmx:sse:error", () => { if (away) away.hidden = false; });
  document.addEventListener("htmx:sse:after:message", () => { if (away) away.hidden = true; });
})();
