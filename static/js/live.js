/* The live feed for every page, hall TVs included: ES5, no dependency.
 *
 *   Antrean.live({topics: ["zone:a"], as: "html", onState: f, onCall: f, onStatus: f})
 *
 * onState(frame)   the newest whole state of a topic; never an older one after a newer.
 * onCall(call, topic)  each call once, in order, also across reconnects.
 * onStatus(status) {online: bool, since: ms} whenever the connection comes or goes.
 * cursor {epoch, after} and onCursor(cursor): where a page that remembers goes on after a reload.
 * onReload()       another build is served: reload when it suits; by default, at once.
 *
 * A client that hears nothing for SILENCE reconnects, with backoff and jitter so that a hall
 * full of phones does not return in one instant, and at once when the page becomes visible or
 * the network returns. A frame of another build reloads the page.
 */
(function (root) {
  "use strict";
  /* LONGEST and its jitter stay within one heartbeat; CONNECTING gives up a lost handshake. */
  var SILENCE = 35000, FIRST = 500, LONGEST = 8000, CONNECTING = 10000, DISMISSED = 1008;

  function live(options) {
    var cursor = options.cursor || {epoch: "", after: -1};
    var state = {
      options: options, socket: null, epoch: cursor.epoch, versions: {}, after: cursor.after, build: options.build || "",
      told: {}, heard: 0, tries: 0, retry: null, watch: null, online: null, closed: false
    };
    function wake() { if (!document.hidden) { nudge(state); } }
    document.addEventListener("visibilitychange", wake);
    root.addEventListener("online", wake);
    root.addEventListener("pageshow", wake);
    state.watch = setInterval(function () { check(state); }, 1000);
    connect(state);
    return {
      close: function () {
        state.closed = true;
        clearInterval(state.watch);
        clearTimeout(state.retry);
        document.removeEventListener("visibilitychange", wake);
        root.removeEventListener("online", wake);
        root.removeEventListener("pageshow", wake);
        drop(state);
      }
    };
  }

  function address(state) {
    var parts = [], topics = state.options.topics, i;
    for (i = 0; i < topics.length; i++) { parts.push("topic=" + encodeURIComponent(topics[i])); }
    parts.push("as=" + (state.options.as || "json"));
    if (state.options.language) { parts.push("lang=" + state.options.language); }
    if (state.epoch && state.after >= 0) {
      parts.push("epoch=" + encodeURIComponent(state.epoch), "after=" + state.after);
    }
    return (location.protocol === "https:" ? "wss://" : "ws://") + location.host + "/live?" + parts.join("&");
  }

  function connect(state) {
    var socket;
    clearTimeout(state.retry);
    state.retry = null;
    drop(state);
    state.heard = Date.now();
    try { socket = new WebSocket(address(state)); } catch (e) { later(state); return; }
    state.socket = socket;
    socket.onmessage = function (message) {
      if (state.socket !== socket) { return; }
      state.heard = Date.now();
      receive(state, JSON.parse(message.data));
    };
    socket.onclose = function (event) {
      if (state.socket !== socket) { return; }
      state.socket = null;
      tell(state, false);
      /* It may listen no longer: the page says why, or asks to sign in. */
      if (event.code === DISMISSED) { location.reload(); return; }
      later(state);
    };
  }

  function receive(state, frame) {
    var known, i;
    state.tries = 0;
    if (frame.type === "heartbeat") { tell(state, true); return; }
    if (frame.type !== "state") { return; }
    if (state.build && frame.build !== state.build && isNews(frame.build)) {
      if (!state.options.onReload) { location.reload(); return; }
      state.options.onReload();
    }
    state.build = frame.build;
    if (state.epoch !== frame.epoch) {
      state.epoch = frame.epoch;
      state.versions = {};
      state.after = -1;
      state.told = {};
    }
    known = state.versions[frame.topic];
    if (known !== undefined && frame.version < known) { return; }
    state.versions[frame.topic] = frame.version;
    if (state.options.onState) { state.options.onState(frame); }
    for (i = 0; i < frame.calls.length; i++) { announce(state, frame.calls[i], frame.topic); }
    settle(state);
    tell(state, true);
  }

  /* Once for each build: a page that a cache gives back old must not reload for ever. */
  function isNews(build) {
    var known = null;
    try {
      known = sessionStorage.getItem("antrean.build");
      sessionStorage.setItem("antrean.build", build);
    } catch (e) { /* no storage: then each page of an old build reloads */ }
    return known !== build;
  }

  /* With several topics the cursor is the oldest of their versions; a call that came on two
     topics, or comes again because of the older cursor, is told once by its id. */
  function announce(state, call, topic) {
    if (call.id <= state.after || state.told[call.id]) { return; }
    state.told[call.id] = true;
    if (state.options.onCall) { state.options.onCall(call, topic); }
  }

  function settle(state) {
    var topics = state.options.topics, oldest = Infinity, i, version;
    for (i = 0; i < topics.length; i++) {
      version = state.versions[topics[i]];
      if (version === undefined) { return; }
      if (version < oldest) { oldest = version; }
    }
    state.after = oldest;
    for (i in state.told) { if (Number(i) <= oldest) { delete state.told[i]; } }
    if (state.options.onCursor) { state.options.onCursor({epoch: state.epoch, after: oldest}); }
  }

  function check(state) {
    var patience = state.socket && state.socket.readyState === 0 ? CONNECTING : SILENCE;
    if (state.socket && Date.now() - state.heard > patience) {
      drop(state);
      tell(state, false);
      later(state);
    }
  }

  function nudge(state) {
    if (state.closed) { return; }
    if (!state.socket) { connect(state); } else if (Date.now() - state.heard > SILENCE / 2) { connect(state); }
  }

  function later(state) {
    var wait;
    if (state.closed || state.retry) { return; }
    wait = Math.min(LONGEST, FIRST * Math.pow(2, state.tries));
    state.tries += 1;
    state.retry = setTimeout(function () { connect(state); }, wait / 2 + Math.random() * wait);
  }

  function drop(state) {
    var socket = state.socket;
    state.socket = null;
    if (socket) { socket.onmessage = socket.onclose = null; socket.close(); }
  }

  function tell(state, online) {
    if (state.online === online) { return; }
    state.online = online;
    if (state.options.onStatus) { state.options.onStatus({online: online, since: Date.now()}); }
  }

  root.Antrean = root.Antrean || {};
  root.Antrean.live = live;
})(window);
