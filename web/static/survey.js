"use strict";
// Everything works without this file. It saves answers as they are given, keeps a copy on
// the device until they are sent, shows questions as soon as their condition holds, and
// says "saved" only when the server has said so.
(() => {
  const words = (b, text) => { b.textContent = text; };

  // Copies a text; where the browser forbids that, it is selected for the person to copy.
  const copy = async (text, node) => {
    try { await navigator.clipboard.writeText(text); return true; } catch { /* selected below */ }
    if (node.select) node.select(); else getSelection().selectAllChildren(node);
    return document.execCommand("copy");
  };
  for (const b of document.querySelectorAll("[data-copy]")) {
    b.addEventListener("click", async () => {
      const node = document.getElementById(b.dataset.copy);
      if (await copy((node.value ?? node.textContent).trim(), node)) words(b, b.dataset.done);
    });
  }

  const store = {
    get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* the server keeps it */ } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } },
  };
  const finished = document.querySelector("[data-finished]");
  if (finished) store.drop(finished.dataset.finished);

  const form = document.getElementById("answers");
  if (!form) return;
  const conf = JSON.parse(form.dataset.survey);
  const field = Object.fromEntries([...form.querySelectorAll("input[type=hidden]")].map((e) => [e.name, e]));
  const asked = [...form.querySelectorAll("[data-q]")];
  const line = form.querySelector("[data-state]");
  let elsewhere = JSON.parse(field.state.value); // replies of other pages

  // Replies, as the server reads the same form.
  const named = (q, name) => [...q.querySelectorAll("input, textarea, select")].filter((e) => e.name === name);
  const valueOf = (q, name) => (named(q, name)[0]?.value ?? "").trim();
  const number = (typed, decimals) => {
    let s = typed.replace(/[\s'’]/g, "").replace("−", "-");
    if (/^[+-]?[1-9]\d{0,2}((\.\d{3})+,\d{1,12}|(,\d{3})+\.\d{1,12})$/.test(s)) {
      const mark = Math.max(s.lastIndexOf("."), s.lastIndexOf(","));
      s = s.slice(0, mark).replace(/[.,]/g, "") + "." + s.slice(mark + 1);
    } else if (/^[+-]?[1-9]\d{0,2}([.,]\d{3})+$/.test(s) && decimals < 3) s = s.replace(/[.,]/g, "");
    else if (!/^[+-]?(\d{1,15}([.,]\d{0,12})?|[.,]\d{1,12})$/.test(s)) return null;
    return Number(s.replace(",", "."));
  };
  const reply = (q) => {
    const code = q.dataset.q, r = {};
    let choices = named(q, "c." + code).filter((e) => e.checked).map((e) => e.value);
    let typed = valueOf(q, "n." + code);
    if (["grades", "stars", "list"].includes(q.dataset.kind)) typed = named(q, "n." + code).find((e) => e.checked)?.value ?? "";
    if (typed.startsWith("o:")) choices.push(typed.slice(2));
    else if (typed) {
      const n = number(typed, Number(q.dataset.decimals ?? 0));
      if (n === null) r.text = typed; else r.number = n;
    }
    const other = q.querySelector("[data-other]");
    if (q.dataset.kind === "short" || q.dataset.kind === "long" || other?.checked) r.text = valueOf(q, "t." + code);
    if (q.dataset.kind === "ranking") {
      const ranked = [...q.querySelectorAll("select")].filter((s) => s.value).sort((a, b) => a.value - b.value);
      choices = [...ranked.map((s) => s.name.split(".").pop()), ...choices];
    }
    if (choices.length) r.choices = choices;
    if (!r.text) delete r.text;
    return Object.keys(r).length ? r : null;
  };
  const replies = () => {
    const all = { ...elsewhere };
    for (const q of asked) {
      const r = reply(q);
      if (r) all[q.dataset.q] = r; else delete all[q.dataset.q];
    }
    return all;
  };
  const fill = (q, r) => {
    const code = q.dataset.q;
    for (const e of q.querySelectorAll("input, textarea, select")) {
      if (e.type === "checkbox") e.checked = (r.choices ?? []).includes(e.value);
      else if (e.type === "radio" && e.name.startsWith("n.")) e.checked = e.value === String(r.number) || (r.choices ?? []).includes(e.value.replace(/^o:/, "")) && e.value.startsWith("o:");
      else if (e.type === "radio") e.checked = (r.choices ?? []).includes(e.value);
      else if (e.tagName === "SELECT") { const at = (r.choices ?? []).indexOf(e.name.split(".").pop()); e.value = at < 0 ? "" : at + 1; }
      else if (e.name === "n." + code) e.value = r.number === undefined ? r.text ?? "" : String(r.number).replace(".", conf.language === "en" ? "." : ",");
      else if (e.name === "t." + code) e.value = r.text ?? "";
    }
  };

  // Questions whose condition is on this page.
  const holds = (rule, r) => {
    if (!r) return false;
    const has = (list) => list.some((c) => (r.choices ?? []).includes(c));
    if (rule.is?.length) return has(rule.is);
    if (rule.not?.length) return !has(rule.not);
    if (rule.min !== undefined || rule.max !== undefined) return r.number !== undefined && !(r.number < rule.min) && !(r.number > rule.max);
    return true;
  };
  const show = () => {
    const known = { ...elsewhere };
    for (const code of conf.unasked ?? []) delete known[code];
    for (const q of asked) {
      if (q.dataset.if) {
        const c = JSON.parse(q.dataset.if), each = (r) => holds(r, known[r.question]);
        q.hidden = !(c.any ? c.rules.some(each) : c.rules.every(each));
      }
      const r = q.hidden ? null : reply(q);
      if (r) known[q.dataset.q] = r; else delete known[q.dataset.q];
    }
    field.hidden.value = asked.filter((q) => q.hidden).map((q) => q.dataset.q).join(" ");
  };
  const count = (e) => {
    const left = e.dataset.most - [...e.value].length, said = e.closest("[data-q]").querySelector("[data-left]");
    said.textContent = conf.words.left.replace("{n}", left);
    said.classList.toggle("over", left < 0);
  };

  // Saving.
  let dirty = false, sending = false, stopped = false, mine = true, fails = 0, timer = 0, going = null, ready = false, passing = false, over = false;
  let base = replies(); // what the server has, as far as this page knows
  let said = null;
  const say = (key, bad) => {
    if (key === said) return; // what has the focus stays
    said = key;
    if (key === "saved") form.querySelector(".copy")?.remove();
    line.textContent = key ? conf.words[key] : "";
    line.classList.toggle("bad", Boolean(bad));
    if (!bad || key === "other-tab") return;
    const b = document.createElement("button");
    b.type = "button";
    b.className = "quiet";
    b.textContent = conf.words.copy;
    b.addEventListener("click", async () => {
      const box = form.querySelector(".copy") ?? document.createElement("textarea"); // also where the browser forbids copying
      box.className = "copy";
      box.readOnly = true;
      box.rows = 6;
      box.setAttribute("aria-label", conf.words.copy);
      box.value = asText();
      line.after(box);
      if (await copy(box.value, box)) words(b, conf.words.copied);
    });
    line.append(" ", b);
  };
  const asText = () => {
    const lines = [];
    for (const [code, r] of Object.entries(replies())) {
      const q = asked.find((e) => e.dataset.q === code);
      const label = (c) => [...q?.querySelectorAll("input, select") ?? []].find((e) => e.value === c || e.value === "o:" + c || e.name.endsWith("." + c))?.closest("label, .rank")?.querySelector("span:not(.place), label")?.textContent.trim() ?? c;
      lines.push((q?.querySelector(".asks, .opt span")?.textContent.trim() ?? code) + "\n" + [...(r.choices ?? []).map(label), r.number, r.text].filter((x) => x !== undefined).join(", "));
    }
    return lines.join("\n\n");
  };
  const keep = () => {
    store.set(conf.key, { rid: field.rid.value, secret: field.secret.value, page: field.page.value, version: field.version.value, rev: Number(field.rev.value), invitation: field.invitation.value, unsaved: dirty, answers: replies() });
  };
  const body = () => {
    const rev = Number(field.rev.value);
    field.rev.value = rev + 1; // what the form sends later is newer
    return { rev, version: Number(field.version.value), answers: replies(), done: false, render_token: field.page.value, website: form.querySelector("#website").value, language: conf.language, invitation: field.invitation.value };
  };
  const request = (b, keepalive) => fetch(conf.put + field.rid.value, { method: "PUT", keepalive, headers: { "Content-Type": "application/json", "Resume-Secret": field.secret.value }, body: JSON.stringify(b), signal: keepalive ? undefined : AbortSignal.timeout?.(20000) });
  // What another tab saved meanwhile stays, but for what was changed here.
  const join = (theirs) => {
    const before = base;
    elsewhere = { ...theirs };
    base = {};
    for (const q of asked) {
      const code = q.dataset.q, mine = JSON.stringify(reply(q)) !== JSON.stringify(before[code] ?? null);
      delete elsewhere[code];
      if (!mine) fill(q, theirs[code] ?? {});
      base[code] = mine ? theirs[code] : reply(q);
    }
    field.state.value = JSON.stringify(elsewhere);
    for (const box of form.querySelectorAll(".ranks")) box.dispatchEvent(new Event("drawn"));
    show();
  };
  const later = (ms) => { clearTimeout(timer); timer = setTimeout(save, ms); };
  async function save() {
    clearTimeout(timer);
    if (sending || stopped || !mine || !dirty) return;
    sending = true;
    dirty = false;
    if (!going && !fails) say("saving");
    const b = body();
    let wait = 0, ok = false;
    try {
      const a = await request(b, false);
      if (a.ok) {
        const kept = await a.json();
        ok = true;
        if (kept.rev > b.rev) field.rev.value = Math.max(kept.rev + 1, field.rev.value);
        if (kept.answers) { // another tab or device was first: this one goes on from there
          dirty = true;
          join(kept.answers);
        } else base = b.answers;
      } else if ([408, 425, 429].includes(a.status) || a.status >= 500) wait = Number(a.headers.get("Retry-After")) * 1000;
      else { stopped = true; over = a.status === 409; } // sent, deleted or another's: the form says which
    } catch { /* no connection: tried again */ }
    sending = false;
    if (!ok && !stopped) {
      dirty = true;
      fails++;
      keep();
      say(navigator.onLine ? "unsaved" : "offline", true);
      later(Math.max(wait, Math.min(30000, 1000 * 2 ** Math.min(fails, 6)) * (0.5 + Math.random())));
      return;
    }
    fails = 0;
    keep();
    if (dirty) { later(0); return; }
    if (going && ready) go(); else if (!going) say(over ? "sent" : stopped ? "" : "saved", over);
  }
  const changed = () => {
    dirty = true;
    show();
    keep();
    if (!fails) { say(""); later(600); }
  };

  // The form goes out when what stands in it is saved.
  const go = () => {
    const b = going;
    going = null;
    passing = true;
    form.requestSubmit(b);
    passing = false;
  };
  form.addEventListener("submit", (e) => {
    if (passing || stopped || !mine) return;
    e.preventDefault();
    if (going && !fails) return;
    going = e.submitter; // pressed again while nothing gets through: tried at once
    say("wait");
    if (!navigator.onLine) { dirty = true; keep(); }
    working.then(() => setTimeout(() => { ready = true; if (dirty || sending) { fails = 0; save(); } else go(); })); // a form that is being sent is not sent by a script
  });
  window.addEventListener("online", () => { if (dirty) later(0); });
  window.addEventListener("pagehide", () => {
    if (!dirty || stopped || !mine) return;
    keep();
    try { request(body(), true).catch(() => {}); } catch { /* the device has it */ }
  });
  window.addEventListener("pageshow", (e) => { if (e.persisted) { going = null; passing = false; show(); } });

  // Options that stand alone, and words of one's own.
  form.addEventListener("change", (e) => {
    const q = e.target.closest("[data-q]"), alone = q?.querySelectorAll("[data-alone]") ?? [];
    if (e.target.type === "checkbox" && e.target.checked && alone.length) {
      for (const o of q.querySelectorAll("input[type=checkbox]")) if (o !== e.target && ("alone" in e.target.dataset || "alone" in o.dataset)) o.checked = false;
      if ("alone" in e.target.dataset) {
        for (const o of q.querySelectorAll(".withunit input, .other")) o.value = "";
        for (const s of q.querySelectorAll("select")) s.value = "";
        q.querySelector(".ranks")?.dispatchEvent(new Event("drawn"));
      }
    }
    if (q) changed();
  });
  form.addEventListener("input", (e) => {
    const q = e.target.closest("[data-q]");
    if (!q) return;
    if (e.target.dataset.most) count(e.target);
    if (e.target.value && e.target.classList.contains("other")) {
      const o = q.querySelector("[data-other]");
      o.checked = true;
      for (const a of q.querySelectorAll("[data-alone]")) if (a !== o) a.checked = false;
    }
    if (e.target.value && e.target.inputMode === "decimal") for (const a of q.querySelectorAll("[data-alone]")) a.checked = false;
    changed();
  });

  // Rankings by buttons instead of lists of places.
  for (const box of form.querySelectorAll(".ranks")) {
    const rows = [...box.children], said = document.createElement("p");
    const most = rows[0].querySelector("select").options.length - 1;
    const ranked = () => rows.filter((r) => r.querySelector("select").value).sort((a, b) => a.querySelector("select").value - b.querySelector("select").value);
    said.className = "hide";
    said.setAttribute("role", "status");
    const draw = () => {
      const list = ranked();
      list.forEach((r, i) => { r.querySelector("select").value = i + 1; });
      box.append(...list, ...rows.filter((r) => !list.includes(r)), said);
      for (const r of rows) {
        const at = list.indexOf(r), [up, down, out, add] = r.querySelectorAll("button");
        r.querySelector(".place").textContent = at < 0 ? "" : at + 1;
        up.hidden = down.hidden = out.hidden = at < 0;
        add.hidden = at >= 0;
        up.disabled = at === 0;
        down.disabled = at === list.length - 1;
        add.disabled = list.length >= most;
      }
    };
    const move = (r, act, b) => {
      let list = ranked();
      const at = list.indexOf(r);
      if (act === "add") list.push(r);
      else if (act === "out") { list = list.filter((x) => x !== r); r.querySelector("select").value = ""; }
      else { const to = at + (act === "up" ? -1 : 1); [list[at], list[to]] = [list[to], list[at]]; }
      list.forEach((x, i) => { x.querySelector("select").value = i + 1; });
      for (const a of box.closest("[data-q]").querySelectorAll("[data-alone]")) a.checked = false;
      draw();
      const next = b.hidden || b.disabled ? [...r.querySelectorAll("button")].find((x) => !x.hidden && !x.disabled) : b;
      next?.focus();
      said.textContent = r.querySelector("label").textContent.trim() + ": " + r.querySelector("select").selectedOptions[0].textContent;
      changed();
    };
    for (const r of rows) {
      const place = document.createElement("span"), moves = document.createElement("span");
      place.className = "place";
      moves.className = "moves";
      for (const [act, sign] of [["up", "↑"], ["down", "↓"], ["out", "×"], ["add", ""]]) {
        const b = document.createElement("button");
        b.type = "button";
        b.className = "quiet";
        b.textContent = sign || box.dataset[act];
        b.setAttribute("aria-label", box.dataset[act] + ": " + r.querySelector("label").textContent.trim());
        b.addEventListener("click", () => move(r, act, b));
        moves.append(b);
      }
      r.prepend(place);
      r.append(moves);
    }
    box.classList.add("sorted");
    box.addEventListener("drawn", draw);
    draw();
  }

  // What the device has and the server may not.
  const notice = (key, action) => {
    const p = document.createElement("p"), b = document.createElement("button");
    p.className = "note";
    p.setAttribute("role", "status");
    p.textContent = conf.words[key] + " ";
    b.type = "button";
    b.className = "aslink";
    b.textContent = conf.words[action];
    b.addEventListener("click", () => { stopped = true; store.drop(conf.key); location.reload(); });
    p.append(b);
    form.before(p);
  };
  const restore = () => {
    const old = store.get(conf.key);
    if (!old?.answers || !Object.keys(old.answers).length) return;
    if (conf.fresh && old.rid !== field.rid.value) {
      form.action = form.action.replace(field.rid.value, old.rid);
      for (const name of ["rid", "secret", "invitation"]) field[name].value = old[name] || field[name].value;
      if (old.version === field.version.value) field.page.value = old.page;
      notice("restored", "anew");
    } else if (old.rid !== field.rid.value || !old.unsaved) return;
    field.rev.value = Math.max(old.rev, Number(field.rev.value));
    elsewhere = { ...elsewhere, ...old.answers };
    for (const q of asked) {
      const before = old.answers[q.dataset.q];
      if (!conf.fresh || before && !reply(q)) fill(q, before ?? {}); // a link may have filled it in
      delete elsewhere[q.dataset.q];
    }
    field.state.value = JSON.stringify(elsewhere);
    for (const box of form.querySelectorAll(".ranks")) box.dispatchEvent(new Event("drawn"));
    dirty = true;
    later(0);
  };

  // A small computation that costs a person nothing and a program that sends thousands some:
  // SHA-256 (FIPS 180-4) of the page's signature and a number begins with zero bits. It is
  // done in slices, so that the page stays quick.
  const roots = (n, power) => {
    const list = [];
    for (let c = 2; list.length < n; c++) {
      if (list.every((p) => c % p.prime)) list.push({ prime: c, bits: (c ** power % 1) * 2 ** 32 | 0 });
    }
    return list.map((p) => p.bits);
  };
  const work = (text, found) => {
    const K = roots(64, 1 / 3), H = roots(8, 1 / 2), w = new Int32Array(64);
    const turn = (x, n) => x >>> n | x << 32 - n;
    const block = (h, bytes, at) => {
      for (let i = 0; i < 16; i++) w[i] = bytes[at + 4 * i] << 24 | bytes[at + 4 * i + 1] << 16 | bytes[at + 4 * i + 2] << 8 | bytes[at + 4 * i + 3];
      for (let i = 16; i < 64; i++) {
        const a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ a >>> 3) + w[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ b >>> 10) | 0;
      }
      let [a, b, c, d, e, f, g, k] = h;
      for (let i = 0; i < 64; i++) {
        const t = k + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (e & f ^ ~e & g) + K[i] + w[i] | 0;
        const u = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + (a & b ^ a & c ^ b & c) | 0;
        k = g; g = f; f = e; e = d + t | 0; d = c; c = b; b = a; a = t + u | 0;
      }
      return [h[0] + a | 0, h[1] + b | 0, h[2] + c | 0, h[3] + d | 0, h[4] + e | 0, h[5] + f | 0, h[6] + g | 0, h[7] + k | 0];
    };
    const head = new TextEncoder().encode(text + ":"), whole = head.length - head.length % 64;
    let start = H, n = 0;
    for (let at = 0; at < whole; at += 64) start = block(start, head, at);
    const rest = head.subarray(whole);
    const bits = (value) => {
      const tail = new TextEncoder().encode(value), length = rest.length + tail.length, bytes = new Uint8Array(length > 55 ? 128 : 64);
      bytes.set(rest);
      bytes.set(tail, rest.length);
      bytes[length] = 128;
      new DataView(bytes.buffer).setUint32(bytes.length - 4, (whole + length) * 8);
      let h = start;
      for (let at = 0; at < bytes.length; at += 64) h = block(h, bytes, at);
      return Math.clz32(h[0]);
    };
    const slice = () => {
      const until = performance.now() + 10;
      while (performance.now() < until) {
        for (let i = 0; i < 50; i++, n++) if (bits(String(n)) >= 18) { found(String(n)); return; }
      }
      setTimeout(slice, 4);
    };
    slice();
  };
  const start = () => {
    restore();
    for (const e of form.querySelectorAll("[data-most]")) count(e);
    show();
  };

  // One tab at a time saves.
  if (navigator.locks) {
    mine = false;
    const warn = setTimeout(() => say("other-tab", true), 1500);
    navigator.locks.request(conf.key, () => {
      clearTimeout(warn);
      if (line.classList.contains("bad")) say("");
      mine = true;
      if (dirty) later(0);
      return new Promise(() => {});
    }).catch(() => { mine = true; });
  }
  start();
  const working = !conf.work ? Promise.resolve() : Promise.race([new Promise((found) => work(field.page.value, (n) => { field.work.value = n; found(); })), new Promise((enough) => setTimeout(enough, 20000))]);
  if (dirty) later(0);
})();
