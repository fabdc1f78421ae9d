/* A ticket's page as an app, where the address is secure: the worker that shows the last state
 * offline, and notifications that come though the page is closed.
 */
(function () {
  "use strict";
  const token = document.getElementById("main").dataset.token;
  const able = window.isSecureContext && "serviceWorker" in navigator;

  if (able) {
    navigator.serviceWorker.register("/t/worker.js", {scope: "/t/"}).catch(function () { /* without */ });
    const keepPage = function () {
      navigator.serviceWorker.ready.then(function (found) { found.active.postMessage({keep: location.href}); });
    };
    if (!navigator.serviceWorker.controller) { keepPage(); }
    navigator.serviceWorker.addEventListener("controllerchange", keepPage);
  }

  const push = document.getElementById("push");
  if (push) {
    const offers = able && "PushManager" in window && window.Notification;
    const home = !offers && /iP(hone|ad)/.test(navigator.userAgent) && !navigator.standalone;
    if (home) { push.dataset.push = "home"; }
    if (offers && Notification.permission === "denied") { push.dataset.push = "blocked"; }
    push.hidden = !offers && !home;
    document.getElementById("push-on").addEventListener("click", subscribe);
  }

  function subscribe() {
    const pad = push.dataset.key + "===".slice((push.dataset.key.length + 3) % 4);
    const raw = atob(pad.replace(/-/g, "+").replace(/_/g, "/")), key = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) { key[i] = raw.charCodeAt(i); }
    navigator.serviceWorker.ready.then(function (found) {
      return found.pushManager.subscribe({userVisibleOnly: true, applicationServerKey: key});
    }).then(function (subscription) {
      return fetch("/api/v1/tickets/" + token + "/contacts", {
        method: "POST", headers: {"Content-Type": "application/json"},
        body: JSON.stringify({consent: true, push: subscription})
      });
    }).then(function (answer) {
      if (!answer.ok) { throw new Error(answer.status); }
      push.dataset.push = "on";
    }).catch(function () { push.dataset.push = "blocked"; });
  }
})();
