// Adds to the staff pages what they can do without: keys, copying, a hint while typing. Every page works without it.
(function () {
  "use strict";

  var focus = document.querySelector("[data-focus]");
  if (focus) focus.focus();

  // On a phone a menu is one line that moves sideways: it begins where one is.
  document.querySelectorAll(".top [aria-current],.steps [aria-current],.further [aria-current]").forEach(function (here) {
    var menu = here.closest("ul,ol");
    menu.scrollLeft = here.offsetLeft - menu.offsetLeft - (menu.clientWidth - here.offsetWidth) / 2;
  });

  // A button that was pressed waits; coming back with "back" frees it again. A form that brings a file (data-file) leaves
  // its page as it is, so its button waits only as long as a second press would be a slip.
  function free(form) {
    delete form.dataset.sent;
    form.querySelectorAll("button").forEach(function (button) { button.disabled = false; });
  }
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.method !== "post") return;
    form.dataset.sent = "1";
    setTimeout(function () {
      form.querySelectorAll("button").forEach(function (button) { button.disabled = true; });
    });
    if ("file" in form.dataset) setTimeout(free, 5000, form);
  });
  addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(free);
  });

  document.querySelectorAll("[data-copy]").forEach(function (button) {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      var field = document.getElementById(button.dataset.copy);
      navigator.clipboard.writeText(field ? field.value : button.dataset.copy).then(function () {
        button.textContent = button.dataset.done;
      });
    });
  });

  // A page that shows work in progress is loaded anew, unless somebody is doing something on it.
  if (document.querySelector("[data-reload]")) {
    setTimeout(function () {
      var busy = document.activeElement && document.activeElement !== document.body;
      var typed = Array.prototype.some.call(document.querySelectorAll("textarea,input[type=file]"), function (f) { return f.value !== f.defaultValue && f.value; });
      if (!busy && !typed) location.reload();
    }, 10000);
  }

  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { print(); });
  });

  document.querySelectorAll("[data-show]").forEach(function (button) {
    var field = document.getElementById(button.dataset.show);
    button.hidden = false;
    button.addEventListener("click", function () {
      var shown = field.type === "text";
      field.type = shown ? "password" : "text";
      button.setAttribute("aria-pressed", String(!shown));
    });
  });

  // Sample size for the population that is being typed: N / (1 + N e²) with e = 5 %, rounded up.
  var population = document.querySelector("[data-sample]");
  var said = population && document.getElementById(population.dataset.sample);
  if (said) {
    var tell = function () {
      var n = Number(population.value.replace(/[\s.]/g, ""));
      said.textContent = n > 0 && Number.isInteger(n) && n <= 1e8
        ? said.dataset.words.replace("{n}", Math.ceil(400 * n / (400 + n)).toLocaleString(document.documentElement.lang))
        : "";
    };
    population.addEventListener("input", tell);
    tell();
  }

  // Keys can be turned off on the help page, for people who dictate or press keys by accident (WCAG 2.1.4).
  var store = null;
  try { store = localStorage; } catch (error) { /* storage is blocked: keys stay on */ }
  var keys = function () { return !store || store.getItem("keys") !== "off"; };
  var choice = document.querySelector("[data-keys]");
  if (choice && store) {
    choice.hidden = false;
    var box = choice.querySelector("input");
    box.checked = keys();
    box.addEventListener("change", function () { store.setItem("keys", box.checked ? "on" : "off"); });
  }

  document.addEventListener("keydown", function (event) {
    if (!keys() || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input,select,textarea,[contenteditable]")) return;
    if (event.key === "?" && document.body.dataset.help) {
      location.assign(document.body.dataset.help);
    } else if (event.key === "/") {
      var search = document.querySelector("input[type=search]");
      if (search) { search.focus(); search.select(); event.preventDefault(); }
    } else if (/^[1-4]$/.test(event.key)) {
      var step = document.querySelectorAll(".steps li")[Number(event.key) - 1];
      var link = step && step.querySelector("a");
      if (link) link.click();
    } else if (event.key === "n") {
      var make = document.querySelector("a[data-new]");
      if (make) make.click();
    }
  });
})();
