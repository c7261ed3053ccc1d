// Lets a form that was open once be opened again without a network. Keeps empty forms only: no receipt, no answer.
"use strict";
var SHELF = "phieu forms", KEPT = 8, PATIENCE = 8000;
function isForm(address) { return /^\/s\/[^\/]+(\/\d+)?$/i.test(new URL(address).pathname); }
function keep(address, reply) {
  return caches.open(SHELF).then(function (shelf) {
    if (!reply.ok) return reply.status === 410 || reply.status === 404 ? shelf.delete(address) : null;
    return shelf.put(address, reply).then(function () { return shelf.keys(); }).then(function (all) {
      return Promise.all(all.slice(0, -KEPT).map(function (old) { return shelf.delete(old); }));
    });
  });
}
self.addEventListener("install", function () { self.skipWaiting(); });
self.addEventListener("activate", function (event) {
  // The page that brought this worker is already in the browser's own memory.
  event.waitUntil(self.clients.claim().then(function () { return self.clients.matchAll({type: "window", includeUncontrolled: true}); }).then(function (pages) {
    return Promise.all(pages.filter(function (page) { return isForm(page.url); }).map(function (page) {
      var address = page.url.split("#")[0];
      return fetch(address, {cache: "force-cache"}).then(function (reply) { return keep(address, reply); }).catch(function () {});
    }));
  }));
});
self.addEventListener("fetch", function (event) {
  var asked = event.request, address = asked.url.split("#")[0];
  if (asked.method !== "GET" || asked.mode !== "navigate" || !isForm(address)) return;
  var stored = caches.open(SHELF).then(function (shelf) {
    return shelf.match(address).then(function (found) { return found || shelf.match(address, {ignoreSearch: true}); });
  });
  var network = fetch(asked).then(function (reply) {
    event.waitUntil(keep(address, reply.clone()));
    return reply;
  });
  var slow = new Promise(function (resolve) { setTimeout(resolve, PATIENCE); }).then(function () { return stored; }).then(function (found) { return found || network; });
  event.respondWith(Promise.race([network.catch(function (error) {
    return stored.then(function (found) { if (found) return found; throw error; });
  }), slow]));
});
