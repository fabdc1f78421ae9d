/* A registered screen says how it is: whether it may sound, which build it shows. ES5.
 *
 *   var report = Antrean.reporter({url: address, build: "…", onGone: f});
 *   report.set("sound", "blocked")    said at once when it is news; all of it every minute.
 *
 * onGone()   the server knows this screen no more.
 */
(function (root) {
  "use strict";
  var EVERY = 60000;

  function reporter(options) {
    var facts = {
      build: options.build, sound: "off", width: root.innerWidth, height: root.innerHeight, broken: []
    };
    function send() {
      var request = new XMLHttpRequest();
      facts.width = root.innerWidth;
      facts.height = root.innerHeight;
      request.open("POST", options.url);
      request.setRequestHeader("Content-Type", "application/json");
      request.onload = function () { if (request.status === 401 || request.status === 403 || request.status === 404) { options.onGone(); } };
      request.send(JSON.stringify(facts));
    }
    setInterval(send, EVERY);
    setTimeout(send, 0);
    return {
      set: function (name, value) {
        if (String(facts[name]) === String(value)) { return; }
        facts[name] = value;
        send();
      }
    };
  }

  root.Antrean = root.Antrean || {};
  root.Antrean.reporter = reporter;
})(window);
