// One question a screen: each question, or each item of a list of items, by itself, with the phone's back button going
// back one question. Without script the page is the plain one.
(function (page) {
  var d = document, bar = d.getElementById("steps");
  if (!page || !bar) return;
  var form = page.form, each = page.each, progress = d.getElementById("progress"), send = d.getElementById("send");
  var back = bar.firstElementChild, next = bar.lastElementChild, steps = [], at = 0;
  each(form.querySelectorAll(".q"), function (question) {
    var items = question.querySelectorAll("fieldset");
    if (items.length > 1) each(items, function (item) { steps.push(item); });
    else steps.push(question);
  });
  function asked(step) { return !step.closest("[hidden]"); }
  function beside(by) {
    for (var n = at + by; steps[n]; n += by) if (asked(steps[n])) return n;
    return -1;
  }
  function draw() {
    var all = steps.filter(asked), step = steps[at];
    each(form.querySelectorAll("section,.q,.q fieldset"), function (e) {
      e.classList.toggle("off", !(e.contains(step) || step.contains(e)));
    });
    var later = step !== all[0];
    d.body.classList.toggle("later", later);
    each(d.querySelectorAll(".facts,.intro,.told"), function (e) { e.classList.toggle("off", later); });
    progress.textContent = progress.dataset.said.replace("{}", all.indexOf(step) + 1).replace("[]", all.length);
    back.hidden = beside(-1) < 0;
    next.hidden = beside(1) < 0;
    if (send) send.hidden = !next.hidden;
  }
  function go(n, remember) {
    if (n < 0) return;
    at = n;
    draw();
    if (remember) history.pushState({step: n}, "");
    window.scrollTo(0, 0);
    progress.focus();
  }
  function holding(element) {
    for (var n = 0; element && n < steps.length; n++) if (steps[n].contains(element) || element.contains(steps[n])) return n;
    return -1;
  }
  next.onclick = function () { go(beside(1), true); };
  back.onclick = function () { go(beside(-1), true); };
  page.next = function () {
    if (next.hidden) return false;
    next.click();
    return true;
  };
  page.restart = function () { go(steps.indexOf(steps.filter(asked)[0]), true); };
  form.addEventListener("change", draw);
  window.addEventListener("popstate", function (event) { if (event.state && steps[event.state.step]) go(event.state.step); });
  if (page.notice) page.notice.addEventListener("click", function (event) {
    var link = event.target.closest("a"), goal = link && d.getElementById(link.hash.slice(1));
    if (holding(goal) < 0) return;
    event.preventDefault();
    go(holding(goal), true);
    (goal.matches("input,textarea") ? goal : goal.querySelector("input") || progress).focus();
  });
  bar.hidden = progress.hidden = false;
  form.className = "stepping";
  // Where one was, if something was kept of it; else where something is wrong; else at the beginning.
  var wrong = holding(form.querySelector(".error")), before = history.state && history.state.step;
  at = Math.max(wrong, 0);
  if (wrong < 0 && page.keep && page.keep.restored && steps[before]) at = before;
  if (!asked(steps[at])) at = steps.indexOf(steps.filter(asked)[0]);
  history.replaceState({step: at}, "");
  draw();
})(phieu);
