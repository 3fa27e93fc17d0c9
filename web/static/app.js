"use strict";
// Everything works without this file. It sends the theme at once, takes files
// that are dropped, follows an import, and reads charts by the arrow keys.
for (const form of document.querySelectorAll("form[data-send]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

for (const zone of document.querySelectorAll("[data-drop]")) {
  const input = zone.querySelector("input[type=file]");
  const stop = (e) => { e.preventDefault(); zone.classList.toggle("over", e.type === "dragover"); };
  zone.addEventListener("dragover", stop);
  zone.addEventListener("dragleave", stop);
  zone.addEventListener("drop", (e) => {
    stop(e);
    if (!e.dataTransfer.files.length) return;
    input.files = e.dataTransfer.files;
    input.form.requestSubmit();
  });
}

const live = document.querySelector("[data-follow]");
if (live) {
  const follow = async () => {
    let state;
    try {
      const answer = await fetch(live.dataset.follow, { headers: { Accept: "application/json" } });
      if (!answer.ok) { location.reload(); return; }
      state = await answer.json();
    } catch { setTimeout(follow, 3000); return; }
    for (const f of state.files) {
      const row = document.getElementById(f.id);
      if (!row) continue;
      row.querySelector("[data-text]").textContent = f.text;
      const bar = row.querySelector("progress");
      if (bar) bar.value = f.share;
    }
    if (state.busy) setTimeout(follow, 700); else location.reload();
  };
  setTimeout(follow, 400);
}

for (const select of document.querySelectorAll("[data-shows]")) {
  const other = document.getElementById(select.dataset.shows);
  const show = () => { other.hidden = select.value !== select.dataset.when; };
  select.addEventListener("change", show);
  show();
}

// Left and right read the days of a chart from its table, Home and End its ends.
for (const figure of document.querySelectorAll("[data-read]")) {
  const table = document.getElementById(figure.dataset.read);
  const said = figure.querySelector("[aria-live]");
  const heads = [...table.tHead.rows[0].cells].map((c) => c.textContent);
  const rows = table.tBodies[0].rows;
  let at = rows.length;
  figure.tabIndex = 0;
  figure.setAttribute("aria-label", figure.dataset.label);
  figure.addEventListener("keydown", (e) => {
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: rows.length - 1 }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    at = Math.max(0, Math.min(rows.length - 1, to));
    said.textContent = [...rows[at].cells].map((c, i) => (i ? heads[i] + " " : "") + c.textContent).join(", ");
  });
}

// Figures that change by themselves: asked for every few seconds while somebody looks,
// and left alone while somebody is inside them.
for (const part of document.querySelectorAll("[data-live]")) {
  let tag = "";
  const ask = async () => {
    if (!document.hidden && !part.contains(document.activeElement)) {
      try {
        const answer = await fetch(part.dataset.live, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
        if (answer.redirected) return;
        if (answer.status === 200) {
          const open = [...part.querySelectorAll("details")].map((d) => d.open);
          const text = await answer.text();
          if (!part.contains(document.activeElement)) {
            part.innerHTML = text;
            part.querySelectorAll("details").forEach((d, i) => { d.open = open[i] || false; });
          }
          tag = answer.headers.get("ETag") || "";
        }
      } catch { /* the next time */ }
    }
    setTimeout(ask, 5000);
  };
  setTimeout(ask, 1000);
}

// A button takes a text away; without scripts it can be selected.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const text = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch { // not over plain http
      document.execCommand("copy");
    }
    button.setAttribute("aria-live", "polite");
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = text; }, 2000);
  });
}

// The builder of surveys: a button changes the page where it stands, instead of loading it
// anew. The server answers with the whole page, as without scripts, and marks by autofocus
// what the next press goes to; that stays where the button was on the screen.
let sending = false;
document.addEventListener("submit", async (e) => {
  const form = e.target, button = e.submitter;
  if (!form.matches("[data-direct]") || !button) return;
  const row = document.activeElement.closest(".options > li");
  if (row && button.tabIndex < 0) { // the Enter key in an answer goes to the next one, and makes one after the last
    e.preventDefault();
    const lang = document.activeElement.lang, next = row.nextElementSibling;
    if (next) next.querySelector("[lang='" + lang + "']").focus();
    else setTimeout(() => form.querySelector("button[value=more]")?.click()); // a form is not sent while it is being sent
    return;
  }
  if (button.value === "save") return;
  e.preventDefault();
  if (sending) return;
  sending = true;
  const main = document.getElementById("main"), top = button.getBoundingClientRect().top;
  const fields = () => [...main.querySelectorAll("input[id], textarea[id], select[id]")];
  const sent = new Map(fields().map((f) => [f.id, f.value]));
  let answer, page;
  try {
    answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, button)) });
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch { /* no connection */ }
  sending = false;
  const fresh = page?.getElementById("main");
  if (!fresh?.querySelector("[data-direct]")) { // the browser says what is wrong, and keeps what was typed
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
    form.submit();
    return;
  }
  // What was typed while the answer was on its way is kept, where no field changed its place.
  const typed = /^(up|down|drop)/.test(button.value) ? [] : fields().filter((f) => sent.get(f.id) !== f.value);
  main.replaceChildren(...fresh.childNodes);
  for (const f of typed) {
    const now = document.getElementById(f.id);
    if (now) now.value = f.value;
  }
  const next = main.querySelector("#problems") || main.querySelector("[autofocus]") || main.querySelector("[role=status]") || main;
  if (next.matches("[role=status]")) next.tabIndex = -1;
  next.focus({ preventScroll: true });
  const now = next.getBoundingClientRect();
  const place = next.matches("button") ? top : Math.min(top, innerHeight / 2);
  window.scrollBy({ top: next.matches("#problems, [role=status]") ? now.top - 16 : now.top - place, behavior: "instant" });
});
