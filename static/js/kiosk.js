// The kiosk: one tap, reasons, thanks, next person. Each answer gets a submission key of its own at its first tap and
// lies on the device before the thanks are shown; it is sent again until the server has it, which counts it once.
(function () {
  var d = document, w = window, root = d.getElementById("kiosk"), sheet = d.querySelector("form[method=post]");
  if (!root || !sheet || !w.fetch || !root.closest) return;
  var IDLE = 20000, THANKS = root.dataset.qr ? 15000 : 7000, GUARD = 400, HOLD = 3000, TICK = 30000, LEFT = 60000, FRESH = 900000;
  var TAP = "phieu tap ", SHIFT = "phieu kiosk", MAIN = root.dataset.question, FIRST = root.dataset.language;
  var token = sheet.elements._token.value, made = root.outerHTML, code = d.querySelector("body > script").textContent;
  var html = d.documentElement, screens = root.querySelectorAll("section"), store = null, memory = {};
  var at = "", now = null, language = FIRST, idle, guard, holding, timer, busy = false, closed = false, tries = 0, typed = "", wrong = 0, looked = Date.now();
  function each(list, act) { [].forEach.call(list, act); }
  function all(selector) { return root.querySelectorAll(selector); }

  // Private windows and full devices may keep nothing; then answers wait in the page alone, and the staff panel says so.
  try {
    store = w.localStorage;
    store.setItem("phieu", "");
    store.removeItem("phieu");
  } catch (blocked) { store = null; }
  function read(name) {
    if (name in memory) return memory[name];
    try { return JSON.parse(store.getItem(name)); } catch (none) { return null; }
  }
  function write(name, value) {
    try {
      store.setItem(name, JSON.stringify(value));
      delete memory[name];
    } catch (full) { memory[name] = value; }
  }
  function drop(name) {
    delete memory[name];
    if (store) store.removeItem(name);
  }
  function taps(state) {
    return (store ? Object.keys(store) : []).concat(Object.keys(memory)).filter(function (name, n, names) {
      var one = name.indexOf(TAP) === 0 && names.indexOf(name) === n && read(name);
      return one && one.s === state;
    });
  }
  // {begun: shift, out: staff left full screen, day: …, n: answers of that day, last: minute of the last one sent}
  function shift() { return read(SHIFT) || {}; }
  function note(changes) {
    var kept = shift();
    for (var name in changes) kept[name] = changes[name];
    write(SHIFT, kept);
  }
  function today() { return new Date().toDateString(); }

  // What waits: {u: address, b: body, at: when, s: "open" while the person is at it, "ready", "aside" when refused}.
  function key() {
    var hex = "", bytes = new Uint8Array(16);
    w.crypto.getRandomValues(bytes);
    each(bytes, function (byte) { hex += (byte + 256).toString(16).slice(1); });
    return hex;
  }
  function save(state) {
    var pairs = [["_token", now.token], ["_key", now.key], [MAIN, now.level]];
    now.reasons.forEach(function (reason) { pairs.push([now.asked, reason]); });
    write(TAP + now.key, {u: location.pathname + "?lang=" + language, at: Date.now(), s: state, b: pairs.map(function (pair) { return pair.map(encodeURIComponent).join("="); }).join("&")});
  }
  function counted() { note({day: today(), n: (shift().day === today() ? shift().n : 0) + 1}); }
  function finish() {
    if (!now) return;
    save("ready");
    now = null;
    counted();
    go("thanks");
    work();
  }
  // Somebody was at it when the page went away: what they tapped counts.
  function adopt() {
    taps("open").forEach(function (name) {
      var one = read(name);
      if (now && name === TAP + now.key || Math.abs(Date.now() - one.at) < LEFT) return;
      one.s = "ready";
      write(name, one);
      counted();
    });
  }
  function post(one, then) {
    var cut = w.AbortController && new AbortController(), open = true, clock = setTimeout(function () { end("later"); if (cut) cut.abort(); }, 45000);
    function end(what) {
      if (open) then(what);
      open = false;
      clearTimeout(clock);
    }
    fetch(one.u, {method: "POST", headers: {"Content-Type": "application/x-www-form-urlencoded"}, body: one.b, signal: cut ? cut.signal : undefined}).then(function (r) {
      // The login page of some Wi-Fi is no receipt.
      if (r.redirected && /^\/r\/[^\/]+$/i.test(r.url.replace(/^\w+:\/\/[^\/]+|[?#].*/g, ""))) return end("kept");
      if (r.status < 400 || r.status >= 500 || r.status === 408 || r.status === 429) {
        return r.text().then(function (text) { end(r.ok && text.indexOf("data-kept") > 0 ? "kept" : "later"); });
      }
      end("aside");
      if (r.status === 404 || r.status === 410) look();
    })["catch"](function () { end("later"); });
  }
  function work() {
    clearTimeout(timer);
    timer = 0;
    var name = taps("ready")[0], one = name && read(name);
    tell();
    if (busy || !one) return;
    busy = true;
    post(one, function (what) {
      busy = false;
      if (what === "later") {
        timer = setTimeout(work, Math.min(60000, 2000 * Math.pow(2, tries++)) * (0.7 + 0.6 * Math.random()));
        return tell();
      }
      tries = 0;
      if (what === "kept") {
        drop(name);
        note({last: Date.now()});
      } else {
        one.s = "aside";
        write(name, one);
      }
      work();
    });
  }
  function again() {
    taps("aside").forEach(function (name) {
      var one = read(name);
      one.s = "ready";
      write(name, one);
    });
    tries = 0;
    work();
  }
  // A page that is open for days asks now and then whether it is still the page to show.
  function look() {
    looked = Date.now();
    fetch(location.href, {cache: "no-store"}).then(function (r) {
      if (r.status === 404 || r.status === 410) {
        closed = true;
        return at === "rate" || at === "start" ? go("shut") : null;
      }
      return r.ok && r.text().then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html"), fresh = page.getElementById("kiosk"), sealed = page.querySelector("[name=_token]");
        if (!sealed || now) return;
        if (!fresh || fresh.outerHTML !== made || page.querySelector("body > script").textContent !== code) return location.reload();
        token = sealed.value;
        closed = false;
        if (at === "shut") home();
        if (taps("aside").length) again();
      });
    })["catch"](function () {});
  }
  setInterval(function () {
    adopt();
    if (!timer) work();
    if ((at === "rate" || at === "start" || at === "shut") && Date.now() - looked > (closed ? LEFT : FRESH)) look();
  }, TICK);

  function fill(name, number) {
    each(all("[data-n=" + name + "]"), function (e) { e.textContent = e.dataset.said.replace("{}", number); });
  }
  function fact(name, text) { root.querySelector("[data-fact=" + name + "]").textContent = text; }
  function show(selector, shown) { each(all(selector), function (e) { e.hidden = !shown; }); }
  function tell() {
    var waits = taps("ready").length, aside = taps("aside").length, kept = shift();
    fill("waiting", waits);
    show("[data-waits]", waits > 1 || waits && tries);
    fact("waiting", waits);
    fact("aside", aside);
    fact("today", kept.day === today() ? kept.n : 0);
    fact("last", kept.last ? new Date(kept.last).toLocaleString(language, {hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit"}) : "–");
    show("[data-aside]", aside);
    show("[data-unsafe]", !store || Object.keys(memory).length);
    show("[data-do=window]", full());
    show("[data-do=full]", !full() && (html.requestFullscreen || html.webkitRequestFullscreen));
  }
  function speak(chosen) {
    language = chosen;
    html.lang = chosen;
    each(all(".s"), function (e) { e.hidden = e.lang !== chosen; });
    each(all("[data-language]"), function (e) { e.hidden = e.dataset.language === chosen; });
    tell();
  }
  function rest(after, then) {
    clearTimeout(idle);
    idle = setTimeout(then, after);
  }
  // Nobody has touched the screen for a while.
  function waitFor() {
    clearTimeout(idle);
    if (at === "why") rest(IDLE, finish);
    else if (at === "thanks") rest(THANKS, home);
    else if (at === "rate" && language !== FIRST) rest(IDLE, home);
    else if (at === "pad" || at === "about") rest(IDLE, home);
    else if (at === "staff") rest(3 * IDLE, home);
  }
  function go(name, part) {
    var next = part || root.querySelector("[data-screen=" + name + "]");
    at = name;
    each(screens, function (e) { e.hidden = e !== next; });
    html.classList.add("fresh");
    clearTimeout(guard);
    guard = setTimeout(function () { html.classList.remove("fresh"); }, GUARD);
    next.querySelector("h1").focus({preventScroll: true});
    w.scrollTo(0, 0);
    tell();
    waitFor();
  }
  function home() {
    now = null;
    typed = "";
    if (language !== FIRST) speak(FIRST);
    go(closed ? "shut" : shift().begun ? "rate" : "start");
    if (Date.now() - looked > FRESH) look();
  }

  function tap(button) {
    var level = button.dataset.code, part = [].filter.call(all("[data-after]"), function (e) { return e.dataset.after.split(" ").indexOf(level) >= 0; })[0];
    now = {key: key(), token: token, level: level, asked: part && part.dataset.key, reasons: []};
    save("open");
    if (!shift().out) enlarge();
    if (!part) return finish();
    var chosen = part.querySelector("[data-chosen]"), box = part.querySelector(".k-chips");
    chosen.textContent = "";
    each(button.childNodes, function (e) { chosen.appendChild(e.cloneNode(true)); });
    each(box.querySelectorAll("input"), function (e) { e.checked = false; });
    shuffle(box, +part.dataset.drawn);
    go("why", part);
  }
  // What stands first gains nothing: the order is drawn for each person, from the order of the questionnaire.
  function shuffle(box, drawn) {
    box.made = box.made || [].slice.call(box.querySelectorAll("label"));
    var labels = box.made.slice(0, drawn);
    while (labels.length) box.appendChild(labels.splice(Math.floor(Math.random() * labels.length), 1)[0]);
    box.made.slice(drawn).forEach(function (label) { box.appendChild(label); });
  }
  root.addEventListener("change", function (event) {
    var one = event.target, part = one.closest("[data-after]"), most = part && +part.dataset.most;
    if (!part || !now) return;
    var boxes = part.querySelectorAll("input"), chosen = function () { return [].filter.call(boxes, function (e) { return e.checked; }); };
    each(one.checked ? boxes : [], function (e) { if (e !== one && ("alone" in one.dataset || "alone" in e.dataset)) e.checked = false; });
    if (most && chosen().length > most) one.checked = false;
    now.reasons = chosen().map(function (e) { return e.value; });
    save("open");
  });

  function full() { return d.fullscreenElement || d.webkitFullscreenElement; }
  function enlarge() {
    var ask = html.requestFullscreen || html.webkitRequestFullscreen, asked;
    if (full() || !ask) return;
    try {
      asked = ask.call(html, {navigationUI: "hide"});
      if (asked && asked["catch"]) asked["catch"](function () {});
    } catch (refused) { /* the page works in a window too */ }
  }
  function shrink() {
    var leave = d.exitFullscreen || d.webkitExitFullscreen;
    if (full() && leave) leave.call(d);
  }
  function wake() {
    if (!d.hidden && navigator.wakeLock) navigator.wakeLock.request("screen")["catch"](function () {});
  }

  var acts = {
    begin: function () {
      note({begun: true, out: false});
      enlarge();
      wake();
      try { history.pushState({kiosk: 1}, ""); } catch (none) { /* the back button leaves the page, then */ }
      home();
    },
    about: function () { go("about"); },
    back: function () {
      if (now) drop(TAP + now.key);
      now = null;
      go("rate");
    },
    skip: function () {
      if (now) now.reasons = [];
      finish();
    },
    send: finish,
    next: home,
    officer: function () {
      if (now) finish();
      pad("");
      go("pad");
    },
    erase: function () { pad(typed.slice(0, -1)); },
    enter: enter,
    now: again,
    window: function () {
      note({out: true});
      shrink();
    },
    full: function () {
      note({out: false});
      enlarge();
    },
    end: function () {
      note({begun: false, out: false});
      shrink();
      home();
    }
  };
  root.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.language) {
      speak(button.dataset.language);
      waitFor();
    } else if (button.dataset.digit) pad(typed + button.dataset.digit);
    else if (button.dataset.code) tap(button);
    // Without an exit code a finger must stay for three seconds; a keyboard is no finger.
    else if (button.dataset.do !== "officer" || root.dataset.exit) acts[button.dataset.do]();
    else if (!event.detail) inside();
  });
  root.addEventListener("pointerdown", function (event) {
    clearTimeout(holding);
    if (event.target.closest("[data-do=officer]")) holding = setTimeout(root.dataset.exit ? acts.officer : inside, HOLD);
  });
  ["pointerup", "pointercancel"].forEach(function (kind) { d.addEventListener(kind, function () { clearTimeout(holding); }); });

  function pad(digits) {
    typed = digits.slice(0, 12);
    root.querySelector(".k-dots > span").textContent = new Array(typed.length + 1).join("●");
    fill("digits", typed.length);
    show("[data-wrong]", false);
    show("[data-slow]", wrong >= 5);
  }
  function enter() {
    var parts = root.dataset.exit.split(":"), right = wrong < 5 && sha256(parts[0] + typed) === parts[1];
    pad("");
    if (right) {
      wrong = 0;
      return inside();
    }
    if (wrong >= 5) return;
    wrong += 1;
    show("[data-wrong]", true);
    if (wrong === 5) {
      show("[data-slow]", true);
      setTimeout(function () {
        wrong = 0;
        pad(typed);
      }, 30000);
    }
  }
  function inside() {
    if (now) finish();
    go("staff");
  }
  // Browsers have one of their own on https only, and offices run this on their own network too.
  function sha256(text) {
    var k = [], h = [], words = [], bytes = text.split("").map(function (c) { return c.charCodeAt(0); }), bits = bytes.length * 8, n = 2, i, j;
    function part(x) { return (x - Math.floor(x)) * 4294967296 | 0; }
    function turn(x, by) { return x >>> by | x << 32 - by; }
    for (; k.length < 64; n++) {
      for (i = 2; i * i <= n && n % i; i++);
      if (i * i <= n) continue;
      if (h.length < 8) h.push(part(Math.sqrt(n)));
      k.push(part(Math.cbrt(n)));
    }
    bytes.push(128);
    while (bytes.length % 64 !== 56) bytes.push(0);
    bytes.push(0, 0, 0, 0, bits >>> 24, bits >>> 16 & 255, bits >>> 8 & 255, bits & 255);
    for (i = 0; i < bytes.length; i += 64) {
      for (j = 0; j < 16; j++) words[j] = bytes[i + 4 * j] << 24 | bytes[i + 4 * j + 1] << 16 | bytes[i + 4 * j + 2] << 8 | bytes[i + 4 * j + 3];
      for (; j < 64; j++) {
        var x = words[j - 15], y = words[j - 2];
        words[j] = words[j - 16] + (turn(x, 7) ^ turn(x, 18) ^ x >>> 3) + words[j - 7] + (turn(y, 17) ^ turn(y, 19) ^ y >>> 10) | 0;
      }
      var s = h.slice();
      for (j = 0; j < 64; j++) {
        var a = s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) + (s[4] & s[5] ^ ~s[4] & s[6]) + k[j] + words[j] | 0;
        var b = (turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) + (s[0] & s[1] ^ s[0] & s[2] ^ s[1] & s[2]) | 0;
        s = [a + b | 0, s[0], s[1], s[2], s[3] + a | 0, s[4], s[5], s[6]];
      }
      h = h.map(function (one, place) { return one + s[place] | 0; });
    }
    return h.map(function (one) { return ("0000000" + (one >>> 0).toString(16)).slice(-8); }).join("");
  }

  ["pointerdown", "keydown"].forEach(function (kind) { d.addEventListener(kind, waitFor); });
  d.addEventListener("keydown", function (event) {
    if (at !== "pad") return;
    if (/^[0-9]$/.test(event.key)) pad(typed + event.key);
    else if (event.key === "Backspace") pad(typed.slice(0, -1));
    else if (event.key === "Enter" && !event.target.closest("button")) enter();
  });
  // A page at a counter is no page to read in: no menu, no selecting, no pinching.
  ["contextmenu", "selectstart", "dragstart", "gesturestart"].forEach(function (kind) { root.addEventListener(kind, function (event) { event.preventDefault(); }); });
  w.addEventListener("popstate", function () { if (shift().begun) history.pushState({kiosk: 1}, ""); });
  w.addEventListener("online", function () { tries = 0; work(); });
  ["fullscreenchange", "webkitfullscreenchange"].forEach(function (kind) { d.addEventListener(kind, tell); });
  d.addEventListener("visibilitychange", function () {
    if (d.hidden) return;
    if (shift().begun) wake();
    work();
  });
  w.addEventListener("storage", tell);

  sheet.closest("main").remove();
  html.classList.add("kiosk");
  root.hidden = false;
  if (shift().begun) wake();
  adopt();
  home();
  again();
  // Opens the page without a network, after a power cut for one.
  w.addEventListener("load", function () {
    var workers = w.isSecureContext && navigator.serviceWorker;
    if (workers && /^\/s\//i.test(location.pathname)) workers.register("/sw.js", {scope: location.pathname.slice(0, 3)})["catch"](function () {});
  });
})();
