// The form itself: asks what applies, lets a choice be cleared, draws the order of choices. All of it only adds to a
// page that works without. `phieu` is what the scripts after it stand on. ES5, for phones of 2017.
var phieu = (function () {
  var d = document, form = d.querySelector("form[data-clear]");
  if (!form) return null;
  d.documentElement.className += " js";
  function each(list, act) { [].forEach.call(list, act); }
  function given(key) {
    return [].filter.call(form.elements, function (e) { return e.name === key && (e.checked || e.type === "hidden") && !e.closest("[hidden]"); }).map(function (e) { return e.value; });
  }
  function holds(r) {
    if (r.question) return given(r.question).some(function (c) { return r.is.indexOf(c) >= 0; });
    if (r.not) return !holds(r.not);
    return r.all ? r.all.every(holds) : r.any.some(holds);
  }
  var parts = [].map.call(d.querySelectorAll("[data-if]"), function (e) { return [e, JSON.parse(e.dataset.if)]; });
  function show() {
    parts.forEach(function (p) { p[0].hidden = !holds(p[1]); });
    each(form.querySelectorAll("[type=radio]:checked"), clearable);
  }
  function clearable(radio) {
    var box = radio.closest("fieldset"), button = box.querySelector(".undo");
    if (button) return;
    button = d.createElement("button");
    button.type = "button";
    button.className = "clear undo";
    button.textContent = form.dataset.clear;
    button.onclick = function () {
      each(box.querySelectorAll("input"), function (e) { e.checked = false; });
      var first = box.querySelector("input");
      first.focus();
      button.remove();
      first.dispatchEvent(new Event("change", {bubbles: true}));
    };
    box.appendChild(button);
  }
  form.addEventListener("change", function (event) {
    var one = event.target;
    if (one.type === "checkbox" && one.checked) {
      each(form.elements, function (e) {
        if (e.name === one.name && e !== one && ("alone" in one.dataset || "alone" in e.dataset)) e.checked = false;
      });
    }
    show();
  });
  // The first so many choices of a list come in an order drawn for this view.
  each(d.querySelectorAll("[data-shuffle]"), function (box) {
    var labels = [].slice.call(box.querySelectorAll("label"), 0, +box.dataset.shuffle), stay = d.createComment("");
    if (!labels.length) return;
    box.insertBefore(stay, labels[0]);
    while (labels.length) box.insertBefore(labels.splice(Math.floor(Math.random() * labels.length), 1)[0], stay);
    stay.remove();
  });
  window.addEventListener("pageshow", show);
  var notice = d.getElementById("notice");
  if (notice) notice.focus();
  show();
  return {form: form, notice: notice, each: each, show: show};
})();
