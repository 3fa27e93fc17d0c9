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

// Copies what stands in a field, such as the link of a survey.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try { await navigator.clipboard.writeText(field.value); } catch { if (!document.execCommand("copy")) return; }
    button.textContent = button.dataset.done;
  });
}
