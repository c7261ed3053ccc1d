(function () {
  var d = document, form = d.forms[0];
  if (!form || !form.elements._token && !d.querySelector("[data-if]")) return;
  d.documentElement.className = "js";
  function given(key) {
    return [].filter.call(form.elements, function (e) { return e.name === key && e.checked && !e.closest("[hidden]"); }).map(function (e) { return e.value; });
  }
  function holds(r) {
    if (r.question) return given(r.question).some(function (c) { return r.is.indexOf(c) >= 0; });
    if (r.not) return !holds(r.not);
    return r.all ? r.all.every(holds) : r.any.some(holds);
  }
  var parts = [].map.call(d.querySelectorAll("[data-if]"), function (e) { return [e, JSON.parse(e.dataset.if)]; });
  function show() { parts.forEach(function (p) { p[0].hidden = !holds(p[1]); }); }
  form.addEventListener("change", function (event) {
    var one = event.target;
    if (one.type === "radio") clearable(one);
    if (one.type === "checkbox" && one.checked) {
      [].forEach.call(form.elements, function (e) {
        if (e.name === one.name && e !== one && ("alone" in one.dataset || "alone" in e.dataset)) e.checked = false;
      });
    }
    show();
  });
  function clearable(radio) {
    var box = radio.closest("fieldset"), button = box.querySelector(".clear");
    if (!button) {
      button = d.createElement("button");
      button.type = "button";
      button.className = "clear";
      button.textContent = form.dataset.clear;
      button.onclick = function () {
        [].forEach.call(box.querySelectorAll("input"), function (e) { e.checked = false; });
        box.querySelector("input").focus();
        button.remove();
        show();
      };
      box.appendChild(button);
    }
  }
  var sent = false, wait = d.querySelector("[data-sending]");
  form.addEventListener("submit", function (event) {
    if (sent) return event.preventDefault();
    sent = true;
    if (wait) wait.textContent = wait.dataset.sending;
  });
  window.addEventListener("pageshow", function () {
    sent = false;
    if (wait) wait.textContent = "";
    [].forEach.call(form.querySelectorAll("[type=radio]:checked"), clearable);
    show();
  });
  var notice = d.getElementById("notice");
  if (notice) notice.focus();
  show();
})();
