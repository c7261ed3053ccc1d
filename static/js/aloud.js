// Reads questions aloud with the browser's own voice, where it has one for the language of the page.
(function (page) {
  var d = document, voices = window.speechSynthesis, button = d.getElementById("aloud");
  if (!page || !voices || !button) return;
  var language = d.documentElement.lang, voice, reading = null;
  function find() {
    voice = voices.getVoices().filter(function (one) { return one.lang.slice(0, 2).toLowerCase() === language; })[0];
    button.hidden = !voice;
  }
  function stop() {
    if (reading) reading.setAttribute("aria-pressed", "false");
    reading = null;
    voices.cancel();
  }
  function read(by, words) {
    var before = reading;
    stop();
    if (before === by) return;
    reading = by;
    by.setAttribute("aria-pressed", "true");
    words.forEach(function (text, n) {
      var part = new SpeechSynthesisUtterance(text);
      part.voice = voice;
      part.lang = voice.lang;
      if (n === words.length - 1) part.onend = function () { if (reading === by) stop(); };
      voices.speak(part);
    });
  }
  function texts(box, which) {
    return [].map.call(box.querySelectorAll(which), function (e) { return e.textContent.trim(); }).filter(Boolean);
  }
  // Each question has its own button once somebody wants to listen.
  button.onclick = function () {
    if (!d.querySelector(".listen")) page.each(page.form.querySelectorAll("legend,.words"), function (words) {
      var one = d.createElement("button"), box = words.closest("fieldset") || words.parentNode;
      one.type = "button";
      one.className = "clear listen";
      one.textContent = button.dataset.one;
      one.setAttribute("aria-pressed", "false");
      one.onclick = function () { read(one, texts(box, "legend,.words,.hint,.error,fieldset label")); };
      words.parentNode.insertBefore(one, words.nextSibling);
    });
    read(button, texts(d, "h1,.notice.calm:not([hidden]) h2,.intro p"));
  };
  window.addEventListener("pagehide", stop);
  if (voices.addEventListener) voices.addEventListener("voiceschanged", find);
  find();
})(phieu);
