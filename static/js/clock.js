/* The server's time on a set whose own clock may be wrong. ES5, for old TVs. */
(function (root) {
  "use strict";
  /* What is taken off the offset for each millisecond: quartz is good to about 50 in a million,
     so an estimate that runs fast is caught up with, and the next frame puts a slow one right. */
  var LEAK = 0.0001;

  /* Milliseconds that no setting of the set's clock can move. */
  function steady() {
    return root.performance && performance.now ? performance.now() : Date.now();
  }

  function clock() {
    var offset = null, since = 0, zone = 0;
    /* A stamp is never early, only late by its way here: so the largest offset is the best. One
       known to be fresh is believed in both directions, for a server whose clock was set. */
    function set(stamp, fresh) {
      var found = Date.parse(stamp) - steady(), kept = offset - (steady() - since) * LEAK;
      if (isNaN(found)) { return; }
      zone = minutes(stamp);
      if (offset === null || found > kept || (fresh && kept - found > 2000)) { offset = found; }
      else { offset = kept; }
      since = steady();
    }
    function now() { return steady() + offset - (steady() - since) * LEAK; }
    function local(ms) { return new Date(ms + zone * 60000); }
    return {
      set: set,
      now: now,
      time: function (ms, language) {
        var at = local(ms);
        return two(at.getUTCHours()) + (language === "id" ? "." : ":") + two(at.getUTCMinutes());
      },
      date: function (ms, days, months) {
        var at = local(ms);
        return days.split(" ")[at.getUTCDay()] + ", " + at.getUTCDate() + " " +
          months.split(" ")[at.getUTCMonth()] + " " + at.getUTCFullYear();
      },
      /* day: 1 for Monday; minute: after midnight; date: ISO */
      calendar: function (ms) {
        var at = local(ms);
        return {day: at.getUTCDay() || 7, minute: at.getUTCHours() * 60 + at.getUTCMinutes(), date: at.toISOString().slice(0, 10)};
      }
    };
  }

  function two(number) { return (number < 10 ? "0" : "") + number; }

  /* "...+07:00" is 420 minutes. */
  function minutes(stamp) {
    var found = /([+-])(\d\d):(\d\d)$/.exec(stamp);
    return found ? (found[1] === "-" ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3])) : 0;
  }

  root.Antrean = root.Antrean || {};
  root.Antrean.clock = clock;
})(window);
