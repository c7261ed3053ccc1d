// Looks for news and puts it in place without a flash; what cannot be fetched stays as it was, with a small red dot.
(function () {
  "use strict";
  var every = Number(document.getElementById("wall").dataset.every) * 1000;

  function renew() {
    fetch(location.href, { cache: "no-store", credentials: "omit" })
      .then(function (answer) {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.text();
      })
      .then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html").getElementById("wall");
        var shown = document.getElementById("wall");
        if (!fresh) throw new Error("no wall");
        var old = shown.querySelector(".figures");
        var now = fresh.querySelector(".figures");
        var code = shown.querySelector(".qr");
        var next = fresh.querySelector(".qr");
        if ((code && code.getAttribute("src")) !== (next && next.getAttribute("src"))) {
          shown.replaceWith(document.importNode(fresh, true));
        } else if (old.innerHTML !== now.innerHTML) {
          old.replaceWith(document.importNode(now, true));
        }
        document.body.classList.remove("late");
      })
      .catch(function () {
        document.body.classList.add("late");
      })
      .then(function () {
        setTimeout(renew, every);
      });
  }

  setTimeout(renew, every);
})();
