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
  // What is typed into a long form survives a reload, a refusal, or a service that is away, until it was sent with
  // success; never beyond the browser's tab.
  const fieldsOf = (form) => [...form.elements].filter((field) => field.name && field.type !== "hidden");
  const isPicked = (field) => field.type === "checkbox" || field.type === "radio";
  const slotOf = (field) => field.id || field.name; // several fields of a list have one name
  const bringBack = () => {
    for (const form of document.querySelectorAll("form[data-keep]:not([data-kept])")) {
      form.dataset.kept = "yes";
      const kept = JSON.parse(sessionStorage.getItem(`keep:${form.dataset.keep}`) || "{}");
      for (const field of fieldsOf(form)) {
        if (isPicked(field)) field.checked ||= (kept[field.name] || []).includes(field.value);
        else if (slotOf(field) in kept && (!field.value || "over" in form.dataset)) field.value = kept[slotOf(field)];
      }
      const within = form.closest("details");
      if (within && Object.values(kept).some((value) => value.length)) within.open = true;
    }
  };
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form?.dataset.keep) return;
    const values = {};
    for (const field of fieldsOf(form)) {
      if (!isPicked(field)) values[slotOf(field)] = field.value;
      else if (field.checked) (values[field.name] ||= []).push(field.value);
    }
    sessionStorage.setItem(`keep:${form.dataset.keep}`, JSON.stringify(values));
  });
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.keep) sessionStorage.setItem("sent", event.target.dataset.keep);
  });
  const sent = sessionStorage.getItem("sent");
  if (sent && !document.querySelector("[data-failed], .wrong")) sessionStorage.removeItem(`keep:${sent}`);
  sessionStorage.removeItem("sent");
  bringBack();
  // A list that is fetched anew keeps what was chosen in it, and the place of who works by keyboard.
  const chosen = new Set();
  let place = null;
  const linksOf = (part) => [...part.querySelectorAll("a[href]")];
  // What had the focus; where that is gone, what folds it, or the nearest link: Enter there does nothing that stays done.
  const goBack = ({ id, href, fold, part, nth }) => {
    const around = document.getElementById(part);
    const links = around ? linksOf(around) : [];
    const next = document.getElementById(id) || links.find((link) => link.getAttribute("href") === href) || document.getElementById(fold) || links[Math.min(nth, links.length - 1)] || around;
    if (next === around) around?.setAttribute("tabindex", "-1");
    next?.focus({ preventScroll: next?.id === id });
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("[name='assignment'], [name='entry']")) chosen[event.target.checked ? "add" : "delete"](event.target.id);
  });
  document.addEventListener("focusin", ({ target }) => {
    const part = target.closest("[hx-trigger][id]");
    const isBefore = (link) => link.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_FOLLOWING;
    place = { id: target.id, href: target.getAttribute("href"), fold: target.closest("details")?.querySelector("summary")?.id, part: part?.id, nth: part ? linksOf(part).filter(isBefore).length : 0 };
  });
  new MutationObserver(() => {
    bringBack();
    for (const id of chosen) {
      const box = document.getElementById(id);
      if (box) box.checked = true;
      else chosen.delete(id);
    }
    if (document.activeElement === document.body && place) goBack(place);
  }).observe(document.getElementById("main"), { childList: true, subtree: true });
  // What somebody is about to write is not taken from under their hands: that part waits until it is closed.
  for (const name of ["htmx:before:request", "htmx:before:swap"]) {
    document.addEventListener(name, (event) => {
      const source = event.detail?.ctx?.sourceElement;
      if (source?.closest("[data-typing]") && source.querySelector("details[open] form, details[open][hx-get]")) event.preventDefault();
    });
  }
  document.addEventListener("toggle", (event) => {
    const part = event.target.open ? null : event.target.closest("[data-typing]");
    if (part) document.body.dispatchEvent(new Event(part.id));
  }, true);
  // What changes while a part is fetched is fetched next: with the old part goes what it had still to do.
  const receivedAt = {};
  const kindsOf = (part) => [...(part.getAttribute("hx-trigger") || "").matchAll(/([\w-]+) from:body/g)].map((each) => each[1]);
  for (const kind of new Set([...document.querySelectorAll("[hx-trigger]")].flatMap(kindsOf))) {
    document.body.addEventListener(kind, () => { receivedAt[kind] = performance.now(); });
  }
  document.addEventListener("htmx:before:request", (event) => {
    if (event.detail?.ctx) event.detail.ctx.askedAt = performance.now();
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const { sourceElement, askedAt } = event.detail?.ctx || {};
    setTimeout(() => {
      const part = sourceElement?.id && document.getElementById(sourceElement.id);
      if (part && kindsOf(part).some((kind) => receivedAt[kind] > askedAt)) part.dispatchEvent(new Event("again"));
    });
  });
  // On a phone the menu is longer than the screen: where one is, is seen.
  document.querySelector(".top nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  // An answer is copied; a question is said, and written down by the center's own recogniser.
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).innerText);
      button.textContent = button.dataset.done;
    });
  }
  const record = document.querySelector("[data-record]");
  if (record && navigator.mediaDevices && window.MediaRecorder) {
    const form = record.form, said = record.nextElementSibling, words = record.textContent;
    let recorder = null;
    const send = async (parts) => {
      const body = new FormData();
      body.append("file", new Blob(parts, { type: recorder.mimeType }), "question");
      for (const name of ["csrf_token", "center"]) if (form.elements[name]) body.append(name, form.elements[name].value);
      const reply = await fetch(record.dataset.record, { method: "POST", body });
      const text = reply.ok ? (await reply.json()).text : "";
      if (text) form.elements.words.value = text;
      said.textContent = text ? "" : record.dataset.failed;
      form.elements.words.focus();
    };
    record.hidden = false;
    record.addEventListener("click", async () => {
      if (recorder?.state === "recording") return recorder.stop();
      try {
        const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
        const parts = [];
        recorder = new MediaRecorder(stream);
        recorder.ondataavailable = (event) => parts.push(event.data);
        recorder.onstop = () => {
          stream.getTracks().forEach((track) => track.stop());
          record.textContent = words;
          send(parts).catch(() => { said.textContent = record.dataset.failed; });
        };
        recorder.start();
        said.textContent = record.dataset.listening;
        setTimeout(() => recorder.state === "recording" && recorder.stop(), 30000);
      } catch {
        said.textContent = record.dataset.failed;
      }
    });
  }
  const away = document.getElementById("away");
  document.addEventListener("htmx:sse:error", () => { if (away) away.hidden = false; });
  document.addEventListener("htmx:sse:after:message", () => { if (away) away.hidden = true; });
})();
