// Keeps what is typed on the device from the first answer until it is sent, and puts it back. The token decides what
// counts: what is sent twice under one token counts once, so a draft keeps the token it was begun with, in every tab.
// Nothing here makes a token; only the server does.
(function (page) {
  var form = page && page.form, token = form && form.elements._token;
  if (!token) return;
  var d = document, each = page.each, own = token.value, store = null, began = false, touched = false;
  var wait = form.querySelector(".wait"), kept = d.getElementById("kept");
  // Private windows, full devices and browsers inside other programs may keep nothing.
  try {
    store = window.localStorage;
    store.setItem("phieu", "");
    store.removeItem("phieu");
  } catch (blocked) { store = null; }
  var shelf = {
    read: function (name) { try { return JSON.parse(store.getItem(name)); } catch (none) { return null; } },
    write: function (name, value) { try { store.setItem(name, JSON.stringify(value)); return true; } catch (full) { return false; } },
    drop: function (name) { if (store) store.removeItem(name); },
    names: function (start) { return store ? Object.keys(store).filter(function (name) { return name.indexOf(start) === 0; }) : []; }
  };
  // A token begins with its format and version; its submission key stands further back.
  function key(sealed) { return sealed.slice(28, 49); }
  var path = "phieu draft " + location.pathname.toUpperCase().replace(/-/g, "") + " ", place = path + own.slice(4, 12);

  // Tokens under which this device saw an answer counted.
  function used(sealed) { return (shelf.read("phieu used") || []).indexOf(key(sealed)) >= 0; }
  function use(sealed) { if (!used(sealed)) shelf.write("phieu used", [key(sealed)].concat(shelf.read("phieu used") || []).slice(0, 99)); }

  function pairs(typed) {
    return [].filter.call(form.elements, function (e) {
      return e.name && (e.type === "radio" || e.type === "checkbox" ? e.checked : !typed || e.type !== "hidden" && e.value);
    }).map(function (e) { return [e.name, e.value]; });
  }
  function fill(values) {
    each(form.elements, function (e) {
      var mine = values.filter(function (p) { return p[0] === e.name; }).map(function (p) { return p[1]; });
      if (e.type === "radio" || e.type === "checkbox") e.checked = mine.indexOf(e.value) >= 0;
      else if (e.name && e.type !== "hidden") e.value = mine[0] || "";
    });
    page.show();
  }
  function say(text, boxed) {
    if (wait.textContent !== text) wait.textContent = text;
    wait.className = boxed ? "wait notice calm" : "wait";
  }
  function begin(tell) {
    if (began) return;
    began = true;
    var mark = d.createElement("input");
    mark.type = "hidden";
    mark.name = "_began";
    mark.value = "1";
    form.appendChild(mark);
    if (tell && navigator.sendBeacon && /^\/s\//i.test(location.pathname)) navigator.sendBeacon(location.pathname + "/started" + location.search);
  }
  // `tried`: it may have arrived under its token already.
  var keep = {place: place, own: own, token: token, wait: wait, tried: false, shelf: shelf, key: key, used: used, use: use, pairs: pairs, say: say};
  keep.save = function () {
    var typed = pairs(true);
    if (!typed.length) shelf.drop(place);
    kept.hidden = !typed.length || !shelf.write(place, {t: token.value, a: typed, s: keep.tried});
  };
  keep.restore = function () {
    // A later version of the questionnaire takes over what it still asks.
    var name = shelf.read(place) ? place : shelf.names(path)[0], draft = name && shelf.read(name);
    if (!draft) return false;
    if (name !== place || used(draft.t)) shelf.drop(name);
    if (used(draft.t)) return false;
    if (name === place || draft.s) token.value = draft.t;
    keep.tried = draft.s;
    fill(draft.a);
    begin(false);
    kept.hidden = false;
    if (name !== place) keep.save();
    kept.firstChild.textContent = kept.dataset.again;
    form.insertBefore(kept, form.firstChild);
    return true;
  };
  function changed() {
    touched = true;
    begin(true);
    keep.save();
    if (keep.edited) keep.edited();
    else say("");
  }
  form.addEventListener("change", changed);
  form.addEventListener("input", changed);
  kept.querySelector("button").onclick = function () {
    shelf.drop(place);
    token.value = own;
    keep.tried = false;
    if (keep.cleared) keep.cleared();
    fill([]);
    each(form.querySelectorAll(".undo"), function (button) { button.remove(); });
    kept.hidden = true;
    if (page.restart) page.restart();
    say(wait.dataset.erased);
    form.querySelector("input:not([type=hidden]),textarea").focus();
  };
  window.addEventListener("storage", function (event) {
    if (event.key === place && event.newValue && !touched) keep.restore();
    else if (used(token.value)) say(wait.dataset.done);
  });
  // With drafts of ours the browser need not put old answers back, least of all somebody else's.
  if (store) form.autocomplete = "off";
  if (page.notice && page.notice.className === "notice") {
    begin(false);
    keep.save();
  } else keep.restored = keep.restore();
  page.keep = keep;
})(phieu);
