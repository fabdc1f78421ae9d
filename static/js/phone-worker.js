/* The phone page's service worker; the server puts BUILD, SHELL and ICON before it, so that each
 * build is another worker with a cache of its own.
 *
 * Offline, or on a network that doesn't answer in time, a ticket's page comes as it was last seen,
 * marked with data-fresh="0": the page greys itself and says since when.
 */
(function () {
  "use strict";
  var CACHE = "phone-" + BUILD, PATIENCE = 10000, PAGES = 3;
  var own = self.location.origin;

  self.addEventListener("install", function (event) {
    self.skipWaiting();
    event.waitUntil(caches.open(CACHE).then(function (cache) { return cache.addAll(SHELL); }));
  });

  self.addEventListener("activate", function (event) {
    event.waitUntil(caches.keys().then(function (names) {
      return Promise.all(names.filter(function (name) { return name !== CACHE; }).map(function (name) { return caches.delete(name); }));
    }).then(function () { return self.clients.claim(); }));
  });

  self.addEventListener("fetch", function (event) {
    var request = event.request, url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== own) { return; }
    if (request.mode === "navigate") { event.respondWith(page(request)); return; }
    if (SHELL.indexOf(url.pathname) >= 0) {
      event.respondWith(caches.match(request, {cacheName: CACHE}).then(function (found) { return found || fetch(request); }));
    }
  });

  /* A page asks to be kept when it was there before its worker. */
  self.addEventListener("message", function (event) {
    if (event.data && event.data.keep && event.data.keep.indexOf(own + "/t/") === 0) {
      event.waitUntil(fetch(event.data.keep, {credentials: "same-origin"}).then(function (answer) { return keep(event.data.keep, answer); }).catch(function () { /* next time */ }));
    }
  });

  function page(request) {
    var network = fetch(request).then(function (answer) {
      keep(request.url, answer.clone()).catch(function () { /* not kept this time */ });
      return answer;
    });
    return new Promise(function (resolve, reject) {
      var late = setTimeout(function () { last(request).then(resolve, function () { /* still waiting */ }); }, PATIENCE);
      network.then(function (answer) { clearTimeout(late); resolve(answer); }, function (error) {
        clearTimeout(late);
        last(request).then(resolve, function () { reject(error); });
      });
    });
  }

  function last(request) {
    return caches.match(request, {cacheName: CACHE}).then(function (found) {
      if (!found) { throw new Error("never seen"); }
      return found.text();
    }).then(function (html) {
      return new Response(html.replace('data-fresh="1"', 'data-fresh="0"'), {headers: {"content-type": "text/html; charset=utf-8"}});
    });
  }

  function keep(url, answer) {
    if (!answer.ok || answer.redirected) { return Promise.resolve(); }
    return caches.has(CACHE).then(function (ours) {
      if (!ours) { throw new Error("a newer worker has taken over"); }
      return caches.open(CACHE);
    }).then(function (cache) {
      return cache.put(url, answer).then(function () { return cache.keys(); }).then(function (all) {
        var pages = all.filter(function (one) { return new URL(one.url).pathname.indexOf("/t/") === 0; });
        return Promise.all(pages.slice(0, Math.max(0, pages.length - PAGES)).map(function (old) { return cache.delete(old); }));
      });
    });
  }

  /* Telling ------------------------------------------------------------------------------ */

  self.addEventListener("push", function (event) {
    var said = event.data.json(), called = said.kind === "ticket.called" || said.kind === "ticket.recalled";
    event.waitUntil(windows().then(function (all) {
      /* The page that is being looked at rings itself. */
      var seen = all.some(function (one) { return one.visibilityState === "visible" && new URL(one.url).pathname === said.path; });
      var how = {body: said.body, tag: said.path, renotify: !seen, silent: seen, icon: ICON, requireInteraction: called, data: said.path};
      if (!seen) { how.vibrate = called ? [400, 150, 400, 150, 800] : [200, 100, 200]; }
      return self.registration.showNotification(said.title, how);
    }));
  });

  self.addEventListener("notificationclick", function (event) {
    var path = event.notification.data;
    event.notification.close();
    event.waitUntil(windows().then(function (all) {
      var open = all.filter(function (one) { return new URL(one.url).pathname === path; })[0];
      return open ? open.focus() : self.clients.openWindow(path);
    }));
  });

  function windows() { return self.clients.matchAll({type: "window", includeUncontrolled: true}); }
})();
