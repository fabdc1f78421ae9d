/* The hall board: swaps in what the live feed sends, keeps the clock, and lets eye and ear agree.
 * ES5 for webOS 4 and Tizen 4 (Chrome 53): checked by a parser in tests/displays. */
(function (root) {
  "use strict";
  var SLIDE = 12, PAGE = 8; /* seconds that a line of running text and a page of agencies stay */

  var body = document.body, html = document.documentElement, main = byId("board"), data = body.dataset;
  var key = "antrean:" + data.topic + ":" + data.sound;
  var board = {
    sections: [], spoken: null, epoch: "", cursor: null, online: null, paused: false,
    reload: false, shut: null, ticks: 0, slide: 0, page: 0, voice: null, media: null, report: null
  };
  var clock = Antrean.clock();

  function byId(id) { return document.getElementById(id); }
  function screen() { return main.querySelector(".screen"); }
  function all(selector) { return Array.prototype.slice.call(main.querySelectorAll(selector)); }

  function begin() {
    var stored = remembered();
    board.sections = outlines(screen());
    clock.set(screen().getAttribute("data-time"), true);
    board.voice = Antrean.announcer({
      sound: data.sound === "on", chime: data.chime, onShow: show, onStart: began,
      onBlocked: blocked, tooOld: tooOld
    });
    if (data.media) { board.media = Antrean.media({place: byId("media"), url: data.media, onShown: beside, onBroken: broken}); }
    if (data.screen) { board.report = Antrean.reporter({url: "/displays/screen/reports", build: data.build, onGone: function () { renew(); reloadIfDue(); }}); }
    report("sound", data.sound);
    Antrean.live({
      topics: data.screen ? [data.topic, data.screen] : [data.topic], as: "html", build: data.build, cursor: stored, onState: receive,
      onCall: called, onStatus: status, onCursor: moved, onReload: renew
    });
    click("allow", function () { board.voice.allow(); if (board.media) { board.media.allow(); } });
    click("pause", pause);
    root.addEventListener("resize", turnUpright);
    setInterval(tick, 1000);
    turnUpright();
    stayAwake();
    tick();
  }

  function click(id, act) { if (byId(id)) { byId(id).addEventListener("click", act); } }

  /* A set that hangs upright shows any board upright; that of the layout `portrait` always is. */
  function turnUpright() {
    var is = html.getAttribute("data-layout") === "portrait" || root.innerHeight > root.innerWidth;
    html.classList.toggle("is-upright", is);
    html.classList.toggle("is-wide", !is);
  }

  /* The picture -------------------------------------------------------------------------- */

  function receive(frame) {
    if (frame.topic === data.screen) { settings(frame.state); return; }
    /* The first frame of a connection may have been made a while ago; those after it are fresh. */
    clock.set(frame.state.server_time, board.online === true);
    board.epoch = frame.epoch;
    body.setAttribute("data-live", "");
    swap(frame.html);
    spotlight();
    tell();
  }

  /* Only the parts that changed are replaced, so that nothing blinks and no fade starts anew. */
  function swap(html) {
    var fresh = document.createElement("div"), now = screen(), next, sections, i;
    fresh.innerHTML = html;
    next = fresh.querySelector(".screen");
    sections = outlines(next);
    ["data-opens", "data-closes", "data-open", "data-busy"].forEach(function (name) {
      now.setAttribute(name, next.getAttribute(name));
    });
    for (i = 0; i < sections.length; i++) {
      if (sections[i] !== board.sections[i]) { now.replaceChild(next.children[0], now.children[i]); }
      else { next.removeChild(next.children[0]); }
    }
    board.sections = sections;
    if (next.getAttribute("data-look") !== now.getAttribute("data-look")) {
      now.setAttribute("data-look", next.getAttribute("data-look"));
      renew();
      reloadIfDue();
    }
  }

  function outlines(element) {
    return Array.prototype.map.call(element.children, function (child) { return child.outerHTML; });
  }

  /* While a call is spoken it is the one shown large; else the newest is. */
  function spotlight() {
    var made = main.querySelector(".is-made"), lines, chosen;
    if (made) { made.parentNode.removeChild(made); }
    lines = all(".call").filter(hasRoom);
    chosen = lines[0];
    if (board.spoken) {
      chosen = lines.filter(function (line) {
        return Number(line.getAttribute("data-call")) === board.spoken.id;
      })[0] || makeLine(board.spoken);
    }
    lines.forEach(function (line) { line.classList.toggle("is-now", line === chosen); });
    body.classList.toggle("is-calling", !!board.spoken);
  }

  /* Only the second of two screens shows the older calls. */
  function hasRoom(line) { return html.classList.contains("part-2") || !line.classList.contains("is-older"); }

  /* A call that the history no longer holds, or that was taken back, still has its picture. */
  function makeLine(call) {
    var line = document.createElement("li"), list = main.querySelector(".list");
    line.className = "call is-now is-made";
    line.setAttribute("data-call", call.id);
    append(line, "number n" + Math.min(10, title(call).length), title(call));
    append(line, "arrow", "");
    append(append(append(line, "counter is-named" + lengthy(call.counter_name), ""), "desk", ""), "first", call.counter_name);
    if (!list) {
      list = document.createElement("ol");
      list.className = "list is-made";
      main.querySelector(".calls").appendChild(list);
    }
    list.insertBefore(line, list.firstChild);
    return line;
  }

  /* The number; or whom the counter asks for: such a call has no ticket, and stands in no history. */
  function title(call) {
    var helper = call.helper || {};
    return call.number || helper[document.documentElement.lang] || helper.id || "";
  }

  /* As displays/screen.py has it. */
  function lengthy(name) { return name.length > 24 ? " is-lengthy" : ""; }

  function append(parent, name, text) {
    var element = document.createElement("span");
    element.className = name;
    element.textContent = text;
    parent.appendChild(element);
    return element;
  }

  /* The calls ---------------------------------------------------------------------------- */

  function called(call) {
    call.epoch = board.epoch;
    board.voice.add(call);
  }

  function show(call) {
    board.spoken = call;
    spotlight();
    if (board.media) { board.media.duck(!!call); }
    if (!call) { reloadIfDue(); }
  }

  function began(call) {
    byId("said").textContent = (call.text || {})[document.documentElement.lang] || title(call);
    remember();
  }

  function tooOld(call) {
    return clock.now() - Date.parse(call.at) > Number(data.age);
  }

  function blocked(is) {
    report("sound", is ? "blocked" : data.sound);
    if (!byId("blocked")) { return; }
    byId("blocked").hidden = !is;
    body.classList.toggle("is-blocked", is);
    if (is) { byId("allow").focus(); }
  }

  /* Memory: a TV that loses its power goes on with the first call that it had not begun. */

  function moved(cursor) {
    board.cursor = cursor;
    remember();
    reloadIfDue();
  }

  function remember() {
    var waiting, after;
    if (!board.cursor) { return; }
    waiting = board.voice.pending().filter(function (call) { return call.epoch === board.cursor.epoch; });
    after = waiting.length ? Math.min(waiting[0].id - 1, board.cursor.after) : board.cursor.after;
    try { localStorage.setItem(key, JSON.stringify({epoch: board.cursor.epoch, after: after})); } catch (e) { /* private mode or full: then it only forgets */ }
  }

  function remembered() {
    var found = null;
    try { found = JSON.parse(localStorage.getItem(key)); } catch (e) { return undefined; }
    return found && typeof found.epoch === "string" && typeof found.after === "number" ? found : undefined;
  }

  /* Time --------------------------------------------------------------------------------- */

  function tick() {
    board.ticks += 1;
    if (!board.paused && board.ticks % SLIDE === 0) { board.slide += 1; }
    if (!board.paused && board.ticks % PAGE === 0) { board.page += 1; }
    tell();
  }

  function tell() {
    var now = clock.now();
    all("[data-clock]").forEach(function (place) {
      write(place, clock.time(now, place.getAttribute("data-clock")));
    });
    all("[data-date]").forEach(function (place) {
      var language = place.getAttribute("data-date");
      write(place, clock.date(now, data["days" + tail(language)], data["months" + tail(language)]));
    });
    hours(now);
    turn(all(".slide"), board.slide, runs);
    turn(all(".page"), board.page);
  }

  function tail(language) { return language.charAt(0).toUpperCase() + language.slice(1); }
  function write(place, text) { if (place.textContent !== text) { place.textContent = text; } }

  /* Opening and closing make no event in the journal: the board knows both times beforehand. */
  function hours(now) {
    var place = screen(), opens = value(place, "opens"), closes = value(place, "closes");
    var open = (value(place, "open") && (!closes || now < closes)) || (opens && now >= opens);
    var busy = value(place, "busy");
    shut(!open && !busy && !board.spoken);
    place.classList.toggle("is-closed", board.shut);
    place.classList.toggle("is-late", !open && !!busy);
  }

  /* A closed hall shows when it opens again, and plays no films to nobody. */
  function shut(is) {
    if (is === board.shut) { return; }
    board.shut = is;
    html.classList.toggle("is-shut", is);
    if (board.media) { board.media.pause(is || board.paused); }
  }

  function value(place, name) { return Number(place.getAttribute("data-" + name)); }

  /* Of those that are due one is shown, each in its turn. */
  function turn(places, index, due) {
    var chosen = due ? places.filter(due) : places;
    chosen = chosen[index % chosen.length];
    places.forEach(function (place) { place.classList.toggle("is-shown", place === chosen); });
  }

  /* Whether a line of text is in force now; displays/schedule.py says the same of the first. */
  function runs(place) {
    var now = clock.calendar(clock.now()), days = text(place, "days"), hours = text(place, "hours");
    return (!days || days.indexOf(now.day) >= 0) && text(place, "begins") <= now.date &&
      (!text(place, "ends") || now.date <= text(place, "ends")) &&
      (!hours || hours.split(" ").some(function (span) {
        var ends = span.split("-");
        return Number(ends[0]) <= now.minute && now.minute < Number(ends[1]);
      }));
  }

  function text(place, name) { return place.getAttribute("data-" + name) || ""; }

  function pause() {
    board.paused = !board.paused;
    byId("pause").setAttribute("aria-pressed", String(board.paused));
    if (board.media) { board.media.pause(board.paused || board.shut); }
  }

  /* Pictures and films: without any, the calls have the room. */
  function beside(is) { html.classList.toggle("with-media", is); }
  function broken(names) { report("broken", names); }

  /* A registered screen: its settings changed, or it was revoked. */
  function settings(state) { if (state.revision !== Number(data.revision)) { renew(); reloadIfDue(); } }
  function report(name, value) { if (board.report) { board.report.set(name, value); } }
  function renew() { board.reload = true; }
  function reloadIfDue() { if (board.reload && board.voice.idle()) { board.reload = false; location.reload(); } }

  /* The connection and the set ----------------------------------------------------------- */

  function status(now) {
    var places = byId("offline").querySelectorAll("[data-since]"), i;
    board.online = now.online;
    body.classList.toggle("is-offline", !now.online);
    for (i = 0; i < places.length; i++) {
      write(places[i], clock.time(clock.now(), places[i].getAttribute("data-since")));
    }
    byId("offline").hidden = now.online;
  }

  function stayAwake() {
    function ask() {
      if (document.hidden || !navigator.wakeLock) { return; }
      navigator.wakeLock.request("screen").then(null, function () { /* refused: the set's own setting rules */ });
    }
    document.addEventListener("visibilitychange", ask);
    ask();
  }

  begin();
})(window);
