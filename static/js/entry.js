// The key-in page as a machine for the keyboard: one listener, one question at a time, every finished sheet kept on this
// computer and sent in the background until the server says what became of it. Without script the page is a plain form.
(function () {
  "use strict";

  var form = document.getElementById("sheet");
  if (!form) return;
  var said = JSON.parse(form.dataset.said), fixed = JSON.parse(form.dataset.fixed);
  var drawn = form.dataset.serials ? JSON.parse(form.dataset.serials) : null;
  var place = "phieu-entry:" + form.dataset.batch + ":" + form.dataset.mode + ":" + form.dataset.who;
  var shown = function (name) { return document.querySelector("[data-" + name + "]"); };
  var alarm = shown("alarm"), news = shown("news"), help = document.getElementById("keys");
  var fill = function (words, values) {
    return words.replace(/\{(\w+)\}/g, function (whole, name) { return name in values ? values[name] : whole; });
  };

  // ---- the questions

  var items = [].map.call(form.querySelectorAll(".item"), function (el) {
    var inputs = [].slice.call(el.querySelectorAll("input[data-mark]")), marks = {};
    inputs.forEach(function (input) { marks[input.dataset.mark.toLowerCase()] = input; });
    var field = el.querySelector("input:not([data-mark]),textarea");
    return {
      el: el, key: el.dataset.key, kind: el.dataset.kind, rules: JSON.parse(el.dataset.if || "[]"),
      most: Number(el.dataset.most || 0), inputs: inputs, marks: marks, field: field,
      error: el.querySelector(".error"), given: el.querySelector(".given"), pending: el.querySelector(".pending"),
      blank: false
    };
  });
  var at = 0, pending = "", stopped = null, refused = null, serial = items[0].kind === "serial" ? items[0].field : null;

  function values(item) {
    if (item.field) return item.field.value ? [item.field.value] : [];
    return item.inputs.filter(function (one) { return one.checked; }).map(function (one) { return one.value; });
  }
  function holds(rule, known) {
    if (rule.question) return (known[rule.question] || []).some(function (code) { return rule.is.indexOf(code) >= 0; });
    if (rule.not) return !holds(rule.not, known);
    return rule.all ? rule.all.every(function (one) { return holds(one, known); })
      : rule.any.some(function (one) { return holds(one, known); });
  }
  // A rule sees only what was asked before it, as on the server.
  function route() {
    var known = {};
    Object.keys(fixed).forEach(function (key) { known[key] = [fixed[key]]; });
    items.forEach(function (item) {
      var asked = item.rules.every(function (rule) { return holds(rule, known); });
      if (item.el.hidden === asked) item.el.hidden = !asked;
      if (asked) known[item.key] = values(item);
    });
  }
  var looked = JSON.stringify(items.map(function (item) { return item.rules; }));
  function routes(item) { return looked.indexOf('"question":' + JSON.stringify(item.key)) >= 0; }

  function tell(item) {
    if (!item.given) return;
    var words = item.field ? item.field.value : item.inputs.filter(function (one) { return one.checked; })
      .map(function (one) { return one.dataset.mark + " " + one.parentNode.querySelector("span").textContent; }).join("; ");
    var none = !words && item.blank;
    item.given.textContent = none ? said.blank : words;
    item.given.classList.toggle("none", none);
  }
  function changed(item) {
    item.el.classList.remove("wrong");
    if (item.error) item.error.textContent = "";
    if (routes(item)) route();
    tell(item);
    keepDraft();
  }

  function go(to, quietly) {
    var old = items[at];
    old.el.classList.remove("now");
    tell(old);
    setPending("");
    at = to;
    var item = items[at];
    item.el.classList.add("now");
    var target = item.field || item.inputs.filter(function (one) { return one.checked; })[0] || item.inputs[0] || item.el.querySelector("button");
    if (!quietly && target) target.focus({ preventScroll: true });
    if (target && target === item.field && target.select && item.kind === "serial") target.select();
    item.el.scrollIntoView({ block: "nearest", behavior: "instant" });
    if (!quietly) keepDraft();
  }
  function next() {
    var to = at + 1;
    while (items[to].el.hidden) to += 1;
    go(to);
  }
  function back() {
    var to = at - 1;
    while (to > 0 && items[to].el.hidden) to -= 1;
    if (to >= 0) go(to);
  }
  function setPending(typed) {
    pending = typed;
    if (items[at].pending) items[at].pending.textContent = typed ? typed + "…" : "";
  }

  // ---- a key that cannot be stops the sheet, so that no answer slips to the next question

  function stop(words) {
    stopped = { words: words, ignored: 0 };
    setPending("");
    items[at].el.classList.add("stopped");
    alarm.textContent = words + " " + said.release;
    beep();
  }
  function ignore() {
    stopped.ignored += 1;
    alarm.textContent = stopped.words + " " + fill(said.ignored, { count: stopped.ignored }) + " " + said.release;
  }
  function release() {
    stopped = null;
    items[at].el.classList.remove("stopped");
    alarm.textContent = "";
  }
  function beep() {
    try {
      var sound = new AudioContext(), tone = sound.createOscillator();
      tone.connect(sound.destination);
      tone.start();
      tone.stop(sound.currentTime + 0.15);
      tone.onended = function () { sound.close(); };
    } catch (error) { /* no sound here: the message is there all the same */ }
  }

  // ---- what a key does

  function choose(item, input) {
    item.inputs.forEach(function (one) { one.checked = one === input; });
    item.blank = false;
    changed(item);
    next();
  }
  function toggle(item, input) {
    if (!input.checked) {
      var alone = "alone" in input.dataset;
      var others = item.inputs.filter(function (one) { return one.checked && !alone && !("alone" in one.dataset); });
      if (item.most && others.length >= item.most) return stop(fill(said.most, { most: item.most }));
      item.inputs.forEach(function (one) { one.checked = others.indexOf(one) >= 0; });
    }
    input.checked = !input.checked;
    item.blank = false;
    changed(item);
  }
  function blank(item) {
    item.inputs.forEach(function (one) { one.checked = false; });
    item.blank = true;
    changed(item);
    next();
  }
  function take(item, typed) {
    var input = item.marks[typed];
    setPending("");
    if (item.kind === "multiple") toggle(item, input); else choose(item, input);
  }
  function feed(item, letter) {
    var typed = pending + letter.toLowerCase();
    var longer = Object.keys(item.marks).some(function (mark) { return mark.length > typed.length && mark.indexOf(typed) === 0; });
    if (longer) return setPending(typed);
    if (item.marks[typed]) return take(item, typed);
    if (letter === "0" && !pending) return blank(item);
    // Where several are ticked "1" and "3" are two marks even if there is a "10".
    if (item.kind === "multiple" && item.marks[pending]) {
      take(item, pending);
      return stopped ? ignore() : feed(item, letter);
    }
    stop(fill(said.unknown, { typed: typed }));
  }
  function enter(item, event) {
    if (item.kind === "serial") return enterSerial();
    if (item.kind === "long" && !event.ctrlKey && item.field.value) return false;
    if (item.kind === "end") return finish();
    if (pending) {
      if (!item.marks[pending]) return stop(fill(said.unknown, { typed: pending }));
      var several = item.kind === "multiple";
      take(item, pending);
      if (several && !stopped) next();
      return;
    }
    if (item.kind === "single" && !values(item).length && !item.blank) return stop(said.unanswered);
    if (!values(item).length) item.blank = true;
    changed(item);
    next();
  }
  function enterSerial() {
    var typed = serial.value.normalize("NFKC").replace(/[\s\u2010-\u2015-]/g, "").toUpperCase();
    if (!typed) return stop(said.serial);
    if (!drawn && mistyped(typed)) return stop(said.mistyped);
    if (drawn && drawn.indexOf(typed) < 0) return stop(said.not_drawn);
    changed(items[at]);
    next();
  }

  // The check letter of a printed serial, as in survey/collection/codes.py.
  function mistyped(typed) {
    if (!form.dataset.check) return false;
    var check = form.dataset.check.split(" "), state = Number(check[0]), letters = check[1];
    typed = typed.replace(/O/g, "0").replace(/[IL]/g, "1");
    if (!/^\d{4,6}.$/.test(typed)) return true;
    typed.slice(0, -1).split("").forEach(function (letter) {
      state = (state ^ letters.indexOf(letter)) << 1;
      if (state > 31) state ^= 37;
    });
    return letters[state] !== typed.slice(-1);
  }

  document.addEventListener("keydown", function (event) {
    var inside = form.contains(event.target) || event.target === document.body;
    if (event.isComposing || event.metaKey || event.altKey || (event.ctrlKey && event.key !== "Enter")) return;
    if (help.open) {
      event.stopPropagation();
      if (event.key === "?") { help.close(); event.preventDefault(); }
      return;
    }
    if (event.key === "F2") { event.preventDefault(); showRefused(); return; }
    // With NumLock off the digits of the number pad are arrows, which would choose a neighbour; some input methods hide
    // which digit was pressed.
    var item = items[at], writing = item.field && item.field === event.target, letter = event.key;
    var pad = /^(Digit|Numpad)(\d)$/.exec(event.code), unlocked = pad && pad[1] === "Numpad" && letter.length > 1;
    if (!writing && pad && (letter === "Process" || letter === "Unidentified")) letter = pad[2];
    else if (unlocked && inside) {
      event.preventDefault();
      if (stopped) ignore(); else stop(said.numlock);
      return;
    }
    if (!inside || letter === "Tab" || (letter.length > 1 && ["Enter", "Backspace", "Escape"].indexOf(letter) < 0)) return;
    event.stopPropagation();
    var done = function () { event.preventDefault(); };
    if (stopped) {
      done();
      if (event.key === "Backspace" || event.key === "Escape") release(); else if (!event.repeat) ignore();
      return;
    }
    // A button that was reached with Tab does what it says.
    if (event.target.closest && event.target.closest("button") && item.kind !== "end" && item.kind !== "start" && (event.key === "Enter" || event.key === " ")) return;
    if (event.target.hasAttribute && event.target.hasAttribute("data-discard") && (event.key === "Enter" || event.key === " ")) return;
    if (event.key === "Enter") {
      if (event.repeat) return done();
      if (enter(item, event) !== false) done();
    } else if (writing) {
      if (event.key === "Backspace" && !item.field.value) { done(); back(); }
    } else if (event.key === "?") {
      done();
      help.showModal();
    } else if (event.key === "Backspace") {
      done();
      if (pending) setPending(""); else back();
    } else if (letter.length === 1) {
      done();
      if (event.repeat) return;
      if (item.field) {
        // The field lost its focus to a click elsewhere: what is typed belongs there all the same.
        item.field.focus();
        item.field.value += letter;
        changed(item);
      } else if (item.kind === "end" || item.kind === "start") stop(item.kind === "end" ? said.end : fill(said.unknown, { typed: letter }));
      else if (letter === " ") blank(item);
      else feed(item, letter);
    }
  }, true);

  form.addEventListener("input", function (event) {
    var item = items.filter(function (one) { return one.el.contains(event.target); })[0];
    if (item) { item.blank = false; changed(item); }
  });
  form.addEventListener("click", function (event) {
    var to = items.findIndex(function (one) { return one.el.contains(event.target); });
    if (to >= 0 && to !== at && !stopped) go(to);
  });
  var begin = form.querySelector("[data-next]");
  if (begin) begin.addEventListener("click", function (event) {
    event.stopPropagation();
    if (at === 0) next();
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!stopped) finish();
  }, true);
  shown("keys-help").addEventListener("click", function () { help.showModal(); });
  shown("refused").querySelector("button").addEventListener("click", showRefused);
  form.querySelector("[data-discard]").addEventListener("click", function () {
    if (confirm(said.discard)) { forget(form.elements._key.value); nextRefused(); fresh(); pump(); }
  });

  // ---- sheets on this computer

  var store = null, memory = {};
  try { store = localStorage; store.setItem(place + ":try", "1"); store.removeItem(place + ":try"); } catch (error) { store = null; }
  function put(name, value) {
    memory[name] = value;
    try { if (store) store.setItem(name, value); } catch (error) { store = null; }
  }
  function drop(name) { delete memory[name]; if (store) store.removeItem(name); }
  function queued() {
    return Object.keys(memory).filter(function (name) { return name.indexOf(place + ":q:") === 0; })
      .map(function (name) { return JSON.parse(memory[name]); }).sort(function (a, b) { return a.n - b.n; });
  }
  function enqueue(sheet) { put(place + ":q:" + sheet.key, JSON.stringify(sheet)); }
  function forget(key) { drop(place + ":q:" + key); }

  function newKey() {
    return [].map.call(crypto.getRandomValues(new Uint8Array(16)), function (one) { return ("0" + one.toString(16)).slice(-2); }).join("");
  }
  function written() {
    var fields = [];
    items.forEach(function (item) {
      if (!item.el.hidden) values(item).forEach(function (value) { if (item.kind !== "end") fields.push([item.key, value]); });
    });
    return {
      key: form.elements._key.value, version: form.elements._version.value, language: form.elements._language.value,
      n: Date.now(), fields: fields, at: at, blanks: items.filter(function (one) { return one.blank; }).map(function (one) { return one.key; })
    };
  }
  function keepDraft() {
    var sheet = written();
    if (sheet.fields.length || at > 0) put(place + ":draft", JSON.stringify(sheet)); else drop(place + ":draft");
  }
  function lay(sheet) {
    form.elements._key.value = sheet.key;
    items.forEach(function (item) {
      var mine = sheet.fields.filter(function (pair) { return pair[0] === item.key; }).map(function (pair) { return pair[1]; });
      if (item.field) item.field.value = mine[0] || "";
      item.inputs.forEach(function (one) { one.checked = mine.indexOf(one.value) >= 0; });
      item.blank = (sheet.blanks || []).indexOf(item.key) >= 0;
      item.el.classList.remove("wrong");
      if (item.error) item.error.textContent = "";
    });
    route();
    items.forEach(tell);
  }
  function fresh() {
    lay({ key: newKey(), fields: [] });
    drop(place + ":draft");
    if (refused) { showRefused(); return; }
    go(0);
  }
  function finish() {
    var sheet = written(), again = refused && refused.key === sheet.key;
    if (again) {
      forget(sheet.key);
      if (refused.code === "other_content") sheet.key = newKey();
      refused = null;
    }
    enqueue(sheet);
    news.textContent = "";
    nextRefused();
    fresh();
    pump();
  }
  function serialOf(sheet) {
    var found = sheet.fields.filter(function (pair) { return pair[0] === "_serial"; })[0];
    return found ? found[1].toUpperCase() : said.interview;
  }
  function nextRefused() {
    refused = queued().filter(function (sheet) { return sheet.refused; })[0] || null;
    shown("refused").hidden = !refused;
  }
  // A sheet that was not stored comes back with its message: when asked for, or once the present one is finished.
  function showRefused() {
    if (!refused) return;
    var present = written();
    if (present.key !== refused.key && present.fields.length) return stop(said.first);
    lay(refused);
    alarm.textContent = fill(said.refused, { serial: serialOf(refused), message: refused.message });
    var first = 0;
    items.forEach(function (item, number) {
      var words = refused.beside[item.key];
      if (!words) return;
      item.el.classList.add("wrong");
      if (item.error) item.error.textContent = words;
      first = first || number;
    });
    go(first);
  }

  // ---- sending, one sheet after the other

  var busy = false, wait = 1000, timer = 0, token = form.elements.csrf_token.value, state = "idle";
  function show() {
    var waiting = queued().filter(function (sheet) { return !sheet.refused; });
    shown("waiting").textContent = queued().length;
    shown("state").textContent = !store && queued().length ? said.unkept : waiting.length ? said[state === "idle" ? "sending" : state]
      : queued().length ? "" : said.idle;
  }
  function pump() {
    show();
    if (busy) return;
    clearTimeout(timer);
    var sheet = queued().filter(function (one) { return !one.refused; })[0];
    if (!sheet) return;
    busy = true;
    post(sheet, true).then(function (outcome) {
      busy = false;
      if (outcome === "later") {
        timer = setTimeout(pump, wait);
        wait = Math.min(wait * 2, 30000);
        show();
        return;
      }
      wait = 1000;
      state = "idle";
      pump();
    });
  }
  function body(sheet) {
    var fields = new URLSearchParams(sheet.fields);
    fields.append("_key", sheet.key);
    fields.append("_version", sheet.version);
    fields.append("_language", sheet.language);
    fields.append("csrf_token", token);
    return fields;
  }
  function post(sheet, anew) {
    return fetch(location.pathname, {
      method: "POST", body: body(sheet), headers: { Accept: "application/json" }, redirect: "manual", credentials: "same-origin"
    }).then(function (reply) {
      if (reply.type === "opaqueredirect") { state = "logged_out"; return "later"; }
      if (reply.status >= 500 || reply.status === 429) { state = "offline"; return "later"; }
      var json = (reply.headers.get("Content-Type") || "").indexOf("application/json") === 0;
      if (!json && reply.status === 400 && anew) return renew().then(function (can) { return can ? post(sheet, false) : "later"; });
      if (!json) return refuse(sheet, { refused: "http", message: String(reply.status), beside: {} });
      return reply.json().then(function (told) { return told.stored ? stored(sheet, told) : refuse(sheet, told); });
    }).catch(function () { state = "offline"; return "later"; });
  }
  // Somebody logged in again in another tab: the page's token is an old one.
  function renew() {
    return fetch(location.href, { redirect: "manual", credentials: "same-origin" }).then(function (reply) {
      if (!reply.ok) { state = "logged_out"; return false; }
      return reply.text().then(function (page) {
        var found = new DOMParser().parseFromString(page, "text/html").querySelector("#sheet");
        if (!found || found.dataset.who !== form.dataset.who) { state = "logged_out"; return false; }
        token = form.elements.csrf_token.value = found.querySelector("[name=csrf_token]").value;
        return true;
      });
    });
  }
  function stored(sheet, told) {
    forget(sheet.key);
    shown("stored").textContent = told.sheets.toLocaleString(document.documentElement.lang);
    shown("last").textContent = fill(said.last, { serial: serialOf(sheet) });
    if (told.twice) news.textContent = fill(said.twice, { serial: serialOf(sheet) });
  }
  function refuse(sheet, told) {
    sheet.refused = true;
    sheet.code = told.refused;
    sheet.message = told.message;
    sheet.beside = told.beside || {};
    enqueue(sheet);
    news.textContent = fill(said.refused, { serial: serialOf(sheet), message: told.message });
    beep();
    nextRefused();
  }
  addEventListener("online", function () { wait = 1000; pump(); });
  addEventListener("visibilitychange", function () { if (!document.hidden) pump(); });
  addEventListener("beforeunload", function (event) { if (!store && queued().length) event.preventDefault(); });

  // ---- beginning, perhaps where a reload or a power cut ended

  var others = 0;
  if (store) {
    Object.keys(store).forEach(function (name) {
      if (name.indexOf(place + ":") === 0) memory[name] = store.getItem(name);
      else if (/^phieu-entry:.*:q:/.test(name) && name.split(":")[3] !== form.dataset.who) others += 1;
    });
  }
  form.classList.add("keyed");
  document.querySelectorAll("[data-scripted]").forEach(function (one) { one.hidden = false; });
  if (others) news.textContent = fill(said.others, { count: others });
  nextRefused();
  var draft = memory[place + ":draft"];
  if (draft) {
    draft = JSON.parse(draft);
    lay(draft);
    go(Math.min(draft.at, items.length - 1));
  } else {
    lay(written().fields.length ? written() : { key: newKey(), fields: [] });
    if (refused) showRefused(); else go(0);
  }
  pump();
})();
