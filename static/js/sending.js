// Sends, and says truthfully what became of it. What cannot be sent waits on the device and is sent again by itself,
// also from another form of this site opened later. Sent twice under one token it counts once, so sending is always safe.
(function (page) {
  var keep = page && page.keep;
  if (!keep) return;
  var d = document, w = window, form = page.form, shelf = keep.shelf, token = keep.token, words = keep.wait.dataset;
  var held = d.getElementById("held"), said = held.querySelector("p"), buttons = held.querySelectorAll("button");
  var mine = null, edited = false, busy = false, done = false, tries = 0, timer, memory = {};

  // What waits: {u: address, b: body, t: token, at: when, p: place of its draft, o: filled in afresh on a page that had
  // been used, so by somebody else; e: what the server asked about it, n: on a page that can be answered}.
  function put(id, one) { memory[id] = one; return shelf.write(id, one); }
  function take(id) { delete memory[id]; shelf.drop(id); }
  function entry(id) { return shelf.read(id) || memory[id]; }
  function waiting() {
    return shelf.names("phieu wait ").concat(Object.keys(memory)).filter(function (id, n, all) { return all.indexOf(id) === n && entry(id); })
      .sort(function (a, b) { return entry(a).at - entry(b).at; });
  }
  function again() { return keep.used(keep.own) || waiting().some(function (id) { return entry(id).t === keep.own; }); }
  var second = !keep.restored && token.value === keep.own && again();

  function encode(pairs) {
    return pairs.map(function (p) { return encodeURIComponent(p[0]) + "=" + encodeURIComponent(p[1].replace(/\r?\n/g, "\r\n")); }).join("&");
  }
  function post(one, then) {
    var cut = w.AbortController && new AbortController(), clock = setTimeout(function () { end("later"); if (cut) cut.abort(); }, 45000);
    function end(what, detail, more) {
      if (clock) then(what, detail, more);
      clearTimeout(clock);
      clock = 0;
    }
    fetch(one.u, {method: "POST", headers: {"Content-Type": "application/x-www-form-urlencoded"}, body: one.b, signal: cut ? cut.signal : undefined}).then(function (r) {
      return r.text()["catch"](function () { return ""; }).then(function (text) {
        var receipt = r.redirected && /^\/r\/[^\/]+$/i.test(r.url.replace(/^\w+:\/\/[^\/]+|[?#].*/g, ""));
        // The login page of some Wi-Fi is no receipt.
        if (receipt || r.ok && text.indexOf("data-kept") > 0) end("kept", receipt ? r.url : "");
        else if (r.status < 400 || r.status >= 500 || r.status === 408 || r.status === 429) end("later");
        else end("asks", text, r.status);
      });
    })["catch"](function () { end("later"); });
  }
  function work() {
    clearTimeout(timer);
    var id = waiting().filter(function (one) { return !entry(one).e; })[0], one = id && entry(id);
    tell();
    if (busy || done || !one || !w.fetch) return;
    busy = true;
    if (mine) keep.say(words.sending);
    post(one, function (what, detail, status) {
      busy = false;
      if (what === "later") later();
      else {
        tries = 0;
        if (what === "kept") arrived(id, one, detail);
        else asked(id, one, detail, status);
      }
    });
  }
  function later() {
    if (mine && edited) unsend();
    if (mine) keep.say(shelf.read(mine) ? words.safe : words.open, true);
    timer = setTimeout(work, Math.min(60000, 1000 * Math.pow(2, tries++)) * (0.7 + 0.6 * Math.random()));
    tell();
  }
  // Whoever changes an answer after pressing send decides anew when to send.
  function unsend() {
    take(mine);
    mine = null;
    edited = false;
    w.onbeforeunload = null;
    keep.save();
    keep.say(words.changed);
  }
  function arrived(id, one, receipt) {
    keep.use(one.t);
    take(id);
    if ((shelf.read(one.p) || {}).t === one.t) shelf.drop(one.p);
    if (id !== mine) {
      note(worded(words.sent, one), receipt);
      return work();
    }
    done = true;
    keep.say(words.done);
    w.onbeforeunload = null;
    if (receipt) location.replace(receipt);
    else form.submit();
  }
  function asked(id, one, text, status) {
    var answer = new DOMParser().parseFromString(text, "text/html"), made = answer.querySelector("[name=_token]"), notice = answer.querySelector("#notice h2");
    if (status === 409 && one.o && made) {
      // Two people used one page that had been stored: the second one's answers go under the token just made for them.
      one.b = one.b.replace(encodeURIComponent(one.t), made.value);
      one.t = made.value;
      one.o = false;
      if (id === mine) token.value = made.value;
      put(id, one);
    } else if (id === mine) {
      // The page that the server answers with holds everything typed and asks what there is to ask.
      keep.save();
      take(id);
      w.onbeforeunload = null;
      return form.submit();
    } else {
      one.e = (notice || answer.querySelector("h1") || {textContent: status}).textContent;
      one.n = !!notice;
      put(id, one);
    }
    work();
  }
  function worded(words, one) {
    return words.replace("{}", new Date(one.at).toLocaleString(d.documentElement.lang, {hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit"})) + " ";
  }
  // Tells of what waits from an earlier page: what needs a look first, then what was filled in first.
  function tell() {
    var others = waiting().filter(function (id) { return id !== mine; });
    var id = others.filter(function (one) { return entry(one).e; })[0] || others[0], one = id && entry(id);
    var text = one ? worded(one.e ? words.asks : words.waits, one) + (one.e || "") : "";
    if (one) held.hidden = false;
    if (said.textContent !== text) said.textContent = text;
    act(0, one && !one.e, function () { tries = 0; work(); });
    act(1, one && one.n, function () { open(id, one); });
    act(2, one, function () {
      take(id);
      note(words.erased);
      tell();
    });
  }
  // Tells of what has been sent, with its receipt.
  function note(text, receipt) {
    var line = said.parentNode.insertBefore(d.createElement("p"), said), link = d.createElement("a");
    line.textContent = text;
    if (!receipt) return;
    link.href = receipt;
    link.textContent = receipt.replace(/^.*\/|\?.*/g, "");
    line.appendChild(link);
  }
  function act(number, shown, does) {
    buttons[number].hidden = !shown;
    buttons[number].onclick = does;
  }
  function open(id, one) {
    var sheet = d.createElement("form"), typed = one.b.split("&").map(function (pair) { return pair.split("=").map(decodeURIComponent); });
    sheet.method = "post";
    sheet.action = one.u;
    sheet.hidden = true;
    typed.forEach(function (pair) {
      var field = d.createElement("textarea");
      field.name = pair[0];
      field.value = pair[1];
      sheet.appendChild(field);
    });
    d.body.appendChild(sheet);
    shelf.write(one.p, {t: one.t, a: typed, s: true});
    take(id);
    sheet.submit();
  }
  keep.edited = function () {
    if (!mine) return keep.say("");
    edited = true;
    if (!busy) unsend();
  };
  keep.cleared = function () {
    if (mine) take(mine);
    mine = null;
    second = again();
  };
  form.addEventListener("submit", function (event) {
    if (page.next && page.next()) return event.preventDefault();
    if (!w.fetch) {
      if (done) event.preventDefault();
      done = true;
      return keep.say(words.sending);
    }
    event.preventDefault();
    if (done || busy && mine) return;
    mine = mine || "phieu wait " + Date.now() + " " + keep.key(token.value);
    keep.tried = true;
    edited = false;
    if (put(mine, {u: location.href.split("#")[0], b: encode(keep.pairs()), t: token.value, at: Date.now(), p: keep.place, o: second})) shelf.drop(keep.place);
    else w.onbeforeunload = function () { return ""; };
    keep.say(words.sending);
    tries = 0;
    work();
  });
  w.addEventListener("online", function () { tries = 0; work(); });
  d.addEventListener("visibilitychange", function () { if (!d.hidden) work(); });
  w.addEventListener("pageshow", function (event) {
    if (event.persisted && done && w.fetch) location.reload();
    if (!w.fetch) done = false;
  });
  work();
  // Keeps the empty form for when it is opened again without a network.
  w.addEventListener("load", function () {
    var workers = w.isSecureContext && navigator.serviceWorker;
    if (workers && /^\/s\//i.test(location.pathname)) workers.register("/sw.js", {scope: location.pathname.slice(0, 3)})["catch"](function () {});
  });
})(phieu);
