/* Fetches the presence code when the shown one ends. ES5: hall televisions are old. */
(function () {
  "use strict";
  var here = document.getElementById("presence");
  var offline = document.getElementById("offline");

  function later(seconds) {
    setTimeout(fetchNext, seconds * 1000);
  }

  function next() {
    return Number(here.firstElementChild.getAttribute("data-next")) || 1;
  }

  function lost() {
    // A code that has ended helps nobody: it is dimmed, and the screen says so.
    here.className = "is-old";
    offline.hidden = false;
    later(5);
  }

  function fetchNext() {
    var request = new XMLHttpRequest();
    request.open("GET", "/displays/presence/now");
    request.timeout = 10000;
    request.onload = function () {
      if (request.status === 401 || request.status === 403) { location.reload(); return; }
      if (request.status !== 200) { lost(); return; }
      here.innerHTML = request.responseText;
      here.className = "";
      offline.hidden = true;
      later(next());
    };
    request.onerror = lost;
    request.ontimeout = lost;
    request.send();
  }

  later(next());
}());
